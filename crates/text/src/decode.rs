//! Bytes into text.

use std::fmt;

/// A decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text without its byte order mark; spans count from here.
    pub text: String,
    /// Whether a byte order mark was removed.
    pub bom: bool,
}

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// It holds NUL bytes, so it is not meant to be text.
    Binary,
    /// Not UTF-8; the byte offset and the line of the first bad byte.
    NotUtf8 {
        /// Offset of the first byte that is not part of a character, counted after a byte order mark.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// UTF-16 with a lone surrogate or an odd length.
    NotUtf16,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Binary => f.write_str("a binary file"),
            DecodeError::NotUtf8 { offset, line } => {
                write!(
                    f,
                    "not UTF-8: byte {offset} (line {line}) is no part of a character; convert the file to UTF-8"
                )
            }
            DecodeError::NotUtf16 => {
                f.write_str("starts like UTF-16, but is not; convert the file to UTF-8")
            }
        }
    }
}

impl std::error::Error for DecodeError {}

/// How many bytes are looked at to tell text from binary data.
const SNIFFED: usize = 8192;

/// Decodes UTF-8 (with or without a byte order mark) and UTF-16 with one.
///
/// # Errors
/// The bytes are binary, or text in another encoding.
pub fn decode(bytes: Vec<u8>) -> Result<Text, DecodeError> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if looks_binary(&bytes) => Err(DecodeError::Binary),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest.to_vec()).map(|text| Text { text, bom: true }),
        _ => utf8(bytes).map(|text| Text { text, bom: false }),
    }
}

/// Whether the bytes are not meant to be text: a NUL among the first ones.
#[must_use]
pub fn looks_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes.get(..SNIFFED).unwrap_or(bytes)).is_some()
}

fn utf8(bytes: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..offset).unwrap_or_default();
        DecodeError::NotUtf8 {
            offset,
            line: memchr::memchr_iter(b'\n', before).count() + 1,
        }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Text, DecodeError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(DecodeError::NotUtf16);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(|text| Text { text, bom: true })
        .map_err(|_| DecodeError::NotUtf16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_not_part_of_the_text() {
        assert_eq!(
            decode(b"\xef\xbb\xbfa: 1".to_vec()),
            Ok(Text {
                text: "a: 1".into(),
                bom: true
            })
        );
        assert_eq!(
            decode(vec![0xff, 0xfe, b'a', 0, 0xe9, 0]),
            Ok(Text {
                text: "aé".into(),
                bom: true
            })
        );
        assert_eq!(
            decode(vec![0xfe, 0xff, 0, b'a']),
            Ok(Text {
                text: "a".into(),
                bom: true
            })
        );
    }

    #[test]
    fn says_where_a_text_stops_being_one() {
        assert_eq!(
            decode(b"ab\n\xffc".to_vec()),
            Err(DecodeError::NotUtf8 { offset: 3, line: 2 })
        );
        assert_eq!(decode(b"\x7fELF\0".to_vec()), Err(DecodeError::Binary));
        let marked = b"\xef\xbb\xbfa\0".to_vec();
        assert_eq!(decode(marked), Err(DecodeError::Binary));
        assert_eq!(decode(vec![0xff, 0xfe, 0]), Err(DecodeError::NotUtf16));
    }
}
