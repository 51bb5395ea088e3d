//! Bytes that are no UTF-8, and marks before the text: read as the product reads them, or reported.

use super::{Report, beside_a_fixed_file, beside_a_good_file, is_reported};
use crate::support::{Lab, WEAK, strong};

#[test]
fn bytes_that_the_product_refuses_are_reported_with_their_line() {
    let mut bytes = WEAK.as_bytes().to_vec();
    let at = WEAK.find("kerberos").unwrap();
    bytes[at] = 0xff;
    is_reported(
        "not-utf8",
        "bad/core-site.xml",
        &bytes,
        "not UTF-8",
        Some(4),
    );
    let yaml = b"apiVersion: v1\nkind: Pod # caf\xe9\nmetadata: {name: a}\n";
    is_reported("yaml-latin1", "bad/a.yaml", yaml, "not UTF-8", Some(2));
}

#[test]
fn an_encoding_that_xml_declares_is_read() {
    let text = WEAK
        .replace(
            "<?xml version=\"1.0\"?>",
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        )
        .replace("<configuration>", "<configuration><!-- caf\u{e9} -->");
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let lab = Lab::new("xml-latin1").bytes("core-site.xml", &bytes);
    let report = Report::of(&lab);
    assert_eq!(report.found_in(), ["core-site.xml"]);
    assert_eq!(report.json["findings"][0]["witnesses"][0]["line"], 7);
    assert!(report.unexamined().is_empty());
}

/// Spark's properties, Kerberos profiles and shells take bytes as they come: a comment in Windows-1252 is no reason to pass
/// a file over.
#[test]
fn a_comment_in_another_encoding_hides_no_finding() {
    let spark = b"# caf\xe9 \x96 crypto\nspark.authenticate false\nspark.network.crypto.enabled false\nspark.master yarn\n";
    let lab = Lab::new("spark-1252").bytes("spark-defaults.conf", spark);
    let answer = lab.run(&["-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(answer.status, 1, "{}", answer.out);
    assert_eq!(json["summary"]["unreadable"], 0);
    let profile = b"# caf\xe9\n[libdefaults]\n allow_weak_crypto = true\n";
    let lab = Lab::new("krb5-1252").bytes("krb5.conf", profile);
    assert!(lab.run(&[]).out.contains("weak-crypto-allowed"));
}

#[test]
fn prose_in_another_encoding_is_no_alarm() {
    let lab = beside_a_fixed_file("prose-1252").bytes("LIESMICH.txt", b"Grundschutz f\xfcr alle\n");
    let report = Report::of(&lab);
    assert_eq!(report.status, 0);
    assert!(!report.the_unexamined().is_error);
}

/// The mark belongs to the first key for these products, so that key does not count; all others do.
#[test]
fn a_byte_order_mark_costs_products_that_do_not_know_it_their_first_line() {
    let text =
        "\u{feff}spark.authenticate true\nspark.network.crypto.enabled true\nspark.master yarn\n";
    let lab = Lab::new("spark-mark").file("spark-defaults.conf", text);
    let answer = lab.run(&["-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let input = &json["not_examined"][0];
    assert!(
        input["reason"]
            .as_str()
            .unwrap()
            .contains("byte order mark"),
        "{input}"
    );
    assert_eq!(
        (&input["line"], &input["unreadable"]),
        (&1.into(), &true.into())
    );
    let authenticated = json["controls"].as_array().unwrap().iter();
    let verdicts: Vec<_> = authenticated
        .filter(|control| control["control"] == "spark/authentication")
        .map(|control| control["verdict"].as_str().unwrap())
        .collect();
    assert!(!verdicts.contains(&"protected"), "{verdicts:?}");
    // Before a comment nothing is lost.
    let lab = Lab::new("spark-mark-comment").file(
        "spark-defaults.conf",
        &text.replace('\u{feff}', "\u{feff}# defaults\n"),
    );
    let answer = lab.run(&["-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert!(json["not_examined"].as_array().unwrap().is_empty());
}

#[test]
fn utf16_is_noise_to_products_that_take_bytes_as_they_come() {
    let text = "\u{feff}spark.authenticate true\nspark.master yarn\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_reported(
        "spark-utf16",
        "bad/spark-defaults.conf",
        &bytes,
        "UTF-16",
        Some(1),
    );
}

#[test]
fn a_binary_file_is_listed_without_alarm() {
    let lab = beside_a_good_file("binary").bytes("bad/core-site.xml", b"\x7fELF\0\0\0\x01");
    let report = Report::of(&lab);
    let binary = report.the_unexamined();
    assert_eq!((binary.reason, binary.is_error), ("a binary file", false));
    assert_eq!((report.status, report.files()), (1, 2));
}

#[test]
fn a_damaged_configuration_is_no_binary_file() {
    let filled_up = [WEAK.as_bytes(), &[0; 600][..]].concat();
    is_reported("nul-tail", "bad/core-site.xml", &filled_up, "NUL", None);
    let unmarked: Vec<u8> = WEAK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_reported(
        "utf16-unmarked",
        "bad/core-site.xml",
        &unmarked,
        "UTF-16",
        None,
    );
    let wide: Vec<u8> = format!("\u{feff}{WEAK}")
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    is_reported("utf32", "bad/core-site.xml", &wide, "UTF-32", None);
}

#[test]
fn line_ends_of_old_are_reported() {
    let app = "apiVersion: v1\rkind: ConfigMap\rmetadata: {name: a}\r";
    is_reported(
        "cr-only",
        "bad/a.yaml",
        app.as_bytes(),
        "carriage return",
        None,
    );
    let lab = Lab::new("cr-only-xml").file("core-site.xml", &strong().replace('\n', "\r"));
    assert_eq!(Report::of(&lab).status, 0, "to XML they are line ends");
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
