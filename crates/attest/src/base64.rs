//! Base64 of both alphabets, with or without padding, blanks and line ends skipped: evidence passes through many tools.

/// The bytes of a text. `None` where it holds other characters, or ends within a byte.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0usize);
    for character in text.bytes() {
        let digit = match character {
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            b'=' => {
                padding += 1;
                continue;
            }
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    // Six left-over bits are half a byte: the text was cut. Others must be zero: two texts for the same bytes would let a text
    // be changed unseen.
    let is_whole = count < 6 && bits & ((1 << count) - 1) == 0;
    (padding <= 2 && is_whole).then_some(bytes)
}

/// Standard base64 with padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4usize {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or_default();
            let is_padding = at > chunk.len();
            let digit = DIGITS.get(digit).copied().unwrap_or(b'=');
            text.push(if is_padding { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_with_and_without_padding() {
        assert_eq!(decode("aGk="), Some(b"hi".to_vec()));
        assert_eq!(decode("aGk"), Some(b"hi".to_vec()));
        assert_eq!(decode("-_\n8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("a"), None);
        assert_eq!(decode("a=b"), None);
        assert_eq!(decode("a*bc"), None);
        assert_eq!(decode("aGl"), None, "left-over bits");
        assert_eq!(decode(""), Some(Vec::new()));
    }

    #[test]
    fn what_is_encoded_decodes() {
        for length in 0..40u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(encode(b"hi"), "aGk=");
    }
}
