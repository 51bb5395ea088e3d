//! What needs no library. What does is tested on the whole program, with a stand-in for the library.

use super::*;

#[test]
fn a_static_program_says_that_it_cannot_load_libraries() {
    let Found::Failed(why) = without_a_loader(true) else {
        panic!("a GPU that cannot be asked has failed");
    };
    assert!(why.contains("linked statically"), "{why}");
    let Found::Missing(why) = without_a_loader(false) else {
        panic!("nothing is there that could fail");
    };
    assert!(why.contains("needs an NVIDIA GPU"), "{why}");
}

#[test]
fn nonces_are_padded_and_never_cut() {
    assert_eq!(padded(&[7; 32]), Some([7; 32]));
    let mut short = [0; 32];
    short[..8].copy_from_slice(&[7; 8]);
    assert_eq!(padded(&[7; 8]), Some(short));
    assert_eq!(padded(&[7; 33]), None);
}

#[test]
fn a_chain_is_kept_as_it_came() {
    let root = include_bytes!("../../../../../attest/roots/nvidia-device-identity-ca.der");
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64::encode(root)
    );
    let filled = [pem.as_bytes(), &[0; 9]].concat();
    assert_eq!(certificates(&filled), Ok(vec![pem]));
    assert_eq!(certificates(root), Ok(vec![base64::encode(root)]));
    assert_eq!(certificates(&[]), Ok(Vec::new()));
    assert_eq!(certificates(&[0; 9]), Ok(Vec::new()));
    assert!(certificates(b"no chain").is_err());
    assert!(certificates(&[0xff; 9]).is_err());
}
