//! Bytes into text.
//!
//! Products differ in what they make of bytes that are not plain UTF-8, so a text says how it was encoded and nothing here
//! decides whether its product reads it.

use crate::Span;
use std::fmt;

/// A decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text without its byte order mark; spans count from here.
    pub text: String,
    /// How it was encoded.
    pub encoding: Encoding,
}

/// How a text was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark.
    MarkedUtf8,
    /// UTF-16 after a byte order mark.
    Utf16,
    /// Not UTF-8. Every byte that is no part of a character was taken for one of Windows-1252, the likeliest; the first of
    /// them is here.
    SingleByte(Span),
}

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// It holds NUL bytes, so it is not meant to be text.
    Binary,
    /// UTF-16 with a lone surrogate or an odd length.
    NotUtf16,
    /// UTF-32, which no product reads.
    Utf32,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecodeError::Binary => "a binary file",
            DecodeError::NotUtf16 => "starts like UTF-16, but is not; convert the file to UTF-8",
            DecodeError::Utf32 => "UTF-32, which no product reads; convert the file to UTF-8",
        })
    }
}

impl std::error::Error for DecodeError {}

/// How many bytes are looked at to tell text from binary data.
const SNIFFED: usize = 8192;

/// Decodes UTF-8 (with or without a byte order mark), UTF-16 with one, and what is most likely a single-byte encoding.
///
/// # Errors
/// The bytes are binary, or start like a wider encoding and are not in it.
pub fn decode(bytes: Vec<u8>) -> Result<Text, DecodeError> {
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(DecodeError::Utf32),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if looks_binary(&bytes) => Err(DecodeError::Binary),
        [0xef, 0xbb, 0xbf, rest @ ..] => Ok(narrow(rest.to_vec(), Encoding::MarkedUtf8)),
        _ => Ok(narrow(bytes, Encoding::Utf8)),
    }
}

/// Whether the bytes are not meant to be text: a NUL among the first ones.
#[must_use]
pub fn looks_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes.get(..SNIFFED).unwrap_or(bytes)).is_some()
}

/// The text that binary-looking bytes start with: what stands before their first NUL, or between the NULs where every other
/// byte is one. Damaged files (filled up with NULs after a crash) and UTF-16 without a mark are told from real binaries by it.
#[must_use]
pub fn text_before_nul(bytes: &[u8]) -> String {
    let sniffed = bytes.get(..SNIFFED).unwrap_or(bytes);
    let before = sniffed.split(|byte| *byte == 0).next().unwrap_or_default();
    let nuls = memchr::memchr_iter(0, sniffed).count();
    if before.len() <= 1 && nuls > sniffed.len() / 3 {
        let letters = sniffed.iter().copied().filter(|byte| *byte != 0).collect();
        return narrow(letters, Encoding::Utf8).text;
    }
    narrow(before.to_vec(), Encoding::Utf8).text
}

fn narrow(bytes: Vec<u8>, encoding: Encoding) -> Text {
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, encoding },
        Err(error) => single_byte(error.as_bytes()),
    }
}

fn single_byte(bytes: &[u8]) -> Text {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let start = text.len();
            text.push(windows_1252(*byte));
            first.get_or_insert(Span::new(start, text.len()));
        }
    }
    Text {
        text,
        encoding: Encoding::SingleByte(first.unwrap_or(Span::at(0))),
    }
}

/// The character of a byte from 0x80 on (WHATWG Encoding Standard, index windows-1252).
fn windows_1252(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let in_c1 = byte.checked_sub(0x80).map(usize::from);
    in_c1
        .and_then(|at| C1.get(at))
        .copied()
        .unwrap_or(char::from(byte))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Text, DecodeError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(DecodeError::NotUtf16);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(|text| Text {
            text,
            encoding: Encoding::Utf16,
        })
        .map_err(|_| DecodeError::NotUtf16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Encoding) {
        let text = decode(bytes.to_vec()).unwrap();
        (text.text, text.encoding)
    }

    #[test]
    fn byte_order_marks_are_not_part_of_the_text() {
        assert_eq!(
            text(b"\xef\xbb\xbfa: 1"),
            ("a: 1".into(), Encoding::MarkedUtf8)
        );
        assert_eq!(
            text(&[0xff, 0xfe, b'a', 0, 0xe9, 0]),
            ("aé".into(), Encoding::Utf16)
        );
        assert_eq!(text(&[0xfe, 0xff, 0, b'a']), ("a".into(), Encoding::Utf16));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_taken_for_windows_1252() {
        assert_eq!(
            text(b"ab\n\x96\xe9c"),
            ("ab\n–éc".into(), Encoding::SingleByte(Span::new(3, 6)))
        );
        // A mark does not make the rest UTF-8.
        let (decoded, encoding) = text(b"\xef\xbb\xbfa\xff");
        assert_eq!(decoded, "aÿ");
        assert_eq!(encoding, Encoding::SingleByte(Span::new(1, 3)));
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert_eq!(decode(b"\x7fELF\0".to_vec()), Err(DecodeError::Binary));
        let marked = b"\xef\xbb\xbfa\0".to_vec();
        assert_eq!(decode(marked), Err(DecodeError::Binary));
        assert_eq!(decode(vec![0xff, 0xfe, 0]), Err(DecodeError::NotUtf16));
        assert_eq!(
            decode(vec![0xff, 0xfe, 0, 0, b'a', 0, 0, 0]),
            Err(DecodeError::Utf32)
        );
    }

    #[test]
    fn the_text_of_damaged_files_is_found() {
        assert_eq!(text_before_nul(b"<configuration>\0\0\0"), "<configuration>");
        assert_eq!(text_before_nul(b"a\0:\0 \x001\0"), "a: 1");
        assert_eq!(text_before_nul(b"\0a\0:\0 \x001"), "a: 1");
        assert_eq!(
            text_before_nul(b"\x7fELF\x02\x01\x01\0\0\0\0"),
            "\x7fELF\x02\x01\x01"
        );
    }
}
