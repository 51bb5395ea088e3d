//! Bytes that are no UTF-8, and marks before the text.

use super::{Report, beside_a_good_file, is_reported};
use crate::support::{Lab, WEAK};

#[test]
fn bytes_that_are_no_utf8_are_reported_with_their_line() {
    let mut bytes = WEAK.as_bytes().to_vec();
    let at = WEAK.find("kerberos").unwrap();
    bytes[at] = 0xff;
    // A byte that is no character leaves no text, so there is no place in one: the reason names the line.
    is_reported("not-utf8", "bad/core-site.xml", &bytes, "(line 4)", None);
}

#[test]
fn a_binary_file_is_listed_without_alarm() {
    let lab = beside_a_good_file("binary").bytes("bad/core-site.xml", b"\x7fELF\0\0\0\x01");
    let report = Report::of(&lab);
    let binary = report.the_unexamined();
    assert_eq!((binary.reason, binary.is_error), ("a binary file", false));
    assert_eq!((report.status, report.files()), (1, 2));
}

/// The same finding at the same place, whatever the encoding.
fn is_read_like_utf8(name: &str, bytes: &[u8]) {
    let lab = Lab::new(name).bytes("core-site.xml", bytes);
    let report = Report::of(&lab);
    assert_eq!(report.found_in(), ["core-site.xml"]);
    let witness = &report.json["findings"][0]["witnesses"][0];
    assert_eq!(
        (&witness["line"], &witness["column"]),
        (&7.into(), &12.into())
    );
    assert!(report.unexamined().is_empty());
}

#[test]
fn a_byte_order_mark_moves_no_position() {
    is_read_like_utf8("bom", format!("\u{feff}{WEAK}").as_bytes());
    let one_line = "\u{feff}".to_owned() + &WEAK.replace('\n', "");
    let lab = Lab::new("bom-one-line").file("core-site.xml", &one_line);
    let column = one_line.find("authentication,privacy").unwrap() - '\u{feff}'.len_utf8() + 1;
    assert_eq!(
        Report::of(&lab).json["findings"][0]["witnesses"][0]["column"],
        column
    );
}

#[test]
fn utf16_is_read() {
    let marked = format!("\u{feff}{WEAK}");
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    is_read_like_utf8("utf16-le", &little);
    is_read_like_utf8("utf16-be", &big);
}

#[test]
fn half_a_utf16_character_is_reported() {
    let bytes = [&[0xff, 0xfe][..], &[b'<', 0, b'c']].concat();
    is_reported("utf16-odd", "bad/core-site.xml", &bytes, "UTF-16", None);
}
