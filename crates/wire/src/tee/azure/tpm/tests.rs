//! Quotes and signatures byte by byte.

use super::*;

fn quote() -> Vec<u8> {
    let mut bytes = vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 2, 0, 0xb, 0, 4];
    bytes.extend(*b"what");
    bytes.extend([0; 25]);
    bytes.extend([0, 0, 0, 1, 0, 0xb, 3, 0x81, 0, 1]);
    bytes.extend([0, 2, 7, 7]);
    bytes
}

#[test]
fn reads_nonce_registers_and_digest() {
    let bytes = quote();
    let parsed = TpmQuote::parse(&bytes).expect("a quote");
    assert_eq!(parsed.extra_data, b"what");
    assert_eq!(parsed.pcr_digest, [7, 7]);
    let [selection] = parsed.selections.as_slice() else {
        panic!("one bank");
    };
    assert_eq!(selection.registers().collect::<Vec<_>>(), [0, 7, 16]);
}

#[test]
fn refuses_truncated_longer_and_other_structures() {
    let mut bytes = quote();
    for length in 0..bytes.len() {
        assert!(TpmQuote::parse(&bytes[..length]).is_err(), "{length}");
    }
    bytes.push(0);
    assert!(TpmQuote::parse(&bytes).is_err());
    bytes.pop();
    bytes[5] = 0x17;
    let error = TpmQuote::parse(&bytes).map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("type at byte 4 is 32791 (0x8017), expected 0x8018 (TPM_ST_ATTEST_QUOTE)".to_owned())
    );
}

#[test]
fn reads_signatures_of_one_kind() {
    let bytes = [0, 0x14, 0, 0xb, 0, 2, 1, 2];
    let parsed = TpmSignature::parse(&bytes).expect("a signature");
    assert_eq!(parsed.signature, [1, 2]);
    assert!(TpmSignature::parse(&[0, 0x16, 0, 0xb, 0, 0]).is_err());
    assert!(TpmSignature::parse(&[0, 0x14, 0, 0xb, 0, 0, 0]).is_err());
}

#[test]
fn no_changed_byte_makes_it_panic_or_loop() {
    let mut bytes = quote();
    for at in 0..bytes.len() {
        for value in 0..=u8::MAX {
            let kept = std::mem::replace(&mut bytes[at], value);
            let parsed = TpmQuote::parse(&bytes);
            assert_eq!(parsed, TpmQuote::parse(&bytes));
            bytes[at] = kept;
        }
    }
}
