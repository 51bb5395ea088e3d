//! The few DER values of vendors' extensions, and of OCSP responses.

use crate::authority::made;
use time::OffsetDateTime;

/// An element: tag, length, content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        short @ 0..128 => bytes.push(u8::try_from(short).unwrap_or_default()),
        long => {
            let length = long.to_be_bytes();
            let digits: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            bytes.extend(digits);
        }
    }
    bytes.extend(content);
    bytes
}

/// A SEQUENCE.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// An INTEGER that is not negative.
pub(crate) fn integer(value: u64) -> Vec<u8> {
    let mut content: Vec<u8> = value
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    element(2, &content)
}

/// An OCTET STRING.
pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(4, content)
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    element(3, &[&[0], content].concat())
}

/// A GeneralizedTime, of Unix seconds.
pub(crate) fn time(seconds: i64) -> Vec<u8> {
    let at = made(OffsetDateTime::from_unix_timestamp(seconds));
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    element(0x18, text.as_bytes())
}

/// A BOOLEAN.
pub(crate) fn boolean(value: bool) -> Vec<u8> {
    element(1, &[if value { 0xff } else { 0 }])
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(arcs: &[u32]) -> Vec<u8> {
    let mut content = Vec::new();
    if let [first, second, rest @ ..] = arcs {
        for arc in std::iter::once(&(first * 40 + second)).chain(rest) {
            let mut groups = vec![u8::try_from(arc & 0x7f).unwrap_or_default()];
            let mut left = arc >> 7;
            while left > 0 {
                groups.push(0x80 | u8::try_from(left & 0x7f).unwrap_or_default());
                left >>= 7;
            }
            content.extend(groups.iter().rev());
        }
    }
    element(6, &content)
}
