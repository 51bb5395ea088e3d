//! Base64 as Go's `base64.StdEncoding` reads it.

/// The bytes of a text in the standard alphabet with padding. Line ends are skipped, other blanks are not; the unused bits of
/// the last digit are not looked at (encoding/base64, `Encoding.Decode` without `Strict`). `None` if it is anything else.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let last = (digits.len() / 4).saturating_sub(1);
    for (index, quad) in digits.chunks_exact(4).enumerate() {
        let padding = quad.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && index != last) {
            return None;
        }
        let mut bits: u32 = 0;
        for byte in quad.iter().take(4 - padding) {
            bits = bits << 6 | value(*byte)?;
        }
        bits <<= 6 * padding;
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(3 - padding));
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn reads_what_go_reads() {
        assert_eq!(decode("").as_deref(), Some(&b""[..]));
        assert_eq!(
            decode("bm90LWEt\ncmVhbA==\n").as_deref(),
            Some(&b"not-a-real"[..])
        );
        assert_eq!(decode("Zh==").as_deref(), Some(&b"f"[..]));
        for refused in [
            "Zg", "Zg=", "Z===", "====", "Z g=", "Zg==Zg==", "Z-8=", "Z_8=", "=Zg=",
        ] {
            assert_eq!(decode(refused), None, "{refused}");
        }
    }
}
