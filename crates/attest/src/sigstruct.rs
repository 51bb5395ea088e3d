//! What an enclave's signature file says about who signed: MRSIGNER, and whether the signature holds.

use crate::crypto::{PublicKey, Scheme, rsa_public_key, sha256};
use wire::tee::intel_sigstruct::SigStruct;

/// MRSIGNER: SHA-256 of the modulus, little-endian as it stands (Intel SDM volume 3D, `EINIT`).
#[must_use]
pub fn signer(structure: &SigStruct<'_>) -> [u8; 32] {
    sha256(structure.modulus)
}

/// Whether the signer's key made the signature: RSA PKCS#1 v1.5 with SHA-256 over both signed parts. `EINIT` refuses an enclave
/// without it, so a file for which this is false identifies nothing.
#[must_use]
pub fn is_signed(structure: &SigStruct<'_>) -> bool {
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    let modulus = reversed(structure.modulus);
    let key = rsa_public_key(&modulus, &structure.exponent.to_be_bytes());
    let signed = [structure.signed_header.as_slice(), structure.signed_body].concat();
    key.and_then(|key| PublicKey::new(Scheme::RsaPkcs1Sha256, &key))
        .is_some_and(|key| key.verifies(&signed, &reversed(structure.signature)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::crypto::hex;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
    use wire::tee::intel_sigstruct::LENGTH;

    /// A structure signed with a fresh key, whose exponent is 65537: libraries make no keys with 3 any more.
    pub(crate) fn signed() -> Vec<u8> {
        let key = KeyPair::generate(KeySize::Rsa3072).unwrap();
        // `RSAPublicKey`: two heads of four bytes, and the zero byte of a positive number.
        let modulus = &key.public_key().as_ref()[9..9 + 384];
        let mut bytes = vec![0; LENGTH];
        bytes[..16].copy_from_slice(&[6, 0, 0, 0, 0xe1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
        bytes[24..40].copy_from_slice(&[1, 1, 0, 0, 0x60, 0, 0, 0, 0x60, 0, 0, 0, 1, 0, 0, 0]);
        bytes[960..992].fill(0xc3);
        let little: Vec<u8> = modulus.iter().rev().copied().collect();
        bytes[128..512].copy_from_slice(&little);
        bytes[512..516].copy_from_slice(&65_537u32.to_le_bytes());
        let message = [&bytes[..128], &bytes[900..1028]].concat();
        let mut signature = vec![0; 384];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            &message,
            &mut signature,
        )
        .unwrap();
        signature.reverse();
        bytes[516..900].copy_from_slice(&signature);
        bytes
    }

    #[test]
    fn the_signature_covers_both_parts() {
        let bytes = signed();
        let structure = SigStruct::parse(&bytes).unwrap();
        assert!(is_signed(&structure));
        assert_eq!(hex(&signer(&structure)), hex(&sha256(&bytes[128..512])));
        for at in [20, 960, 1024, 1026, 516, 130] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let structure = SigStruct::parse(&changed).unwrap();
            assert!(!is_signed(&structure), "byte {at}");
        }
    }

    /// The exponent of every enclave's signer is 3. Made with `openssl genrsa -3 3072` and `openssl dgst -sha256 -sign`.
    #[test]
    fn the_exponent_of_real_signers_is_read() {
        let structure = SigStruct::parse(include_bytes!("sigstruct/exponent-3.sig")).unwrap();
        assert_eq!(structure.exponent, 3);
        assert!(is_signed(&structure));
    }
}
