//! The primitives, from the one provider of the whole binary.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use der::asn1::{AnyRef, UintRef};
use der::{Encode, Tag};

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// ECDSA on P-256 with SHA-256, signature as a DER sequence (certificates).
    P256Der,
    /// The same, signature as r and s of 32 bytes each, big-endian (quotes, collateral).
    P256Fixed,
    /// ECDSA on P-384 with SHA-384, signature as a DER sequence (certificates).
    P384Der,
    /// ECDSA on P-384 with SHA-256, signature as a DER sequence (RA-TLS certificates of Gramine).
    P384Sha256Der,
    /// ECDSA on P-384 with SHA-384, signature as r and s of 48 bytes each, big-endian (SNP reports once turned, SPDM).
    P384Fixed,
    /// RSA-PSS with SHA-384 (AMD).
    RsaPssSha384,
    /// RSA PKCS#1 v1.5 with SHA-256 (TPM quotes, tokens).
    RsaPkcs1Sha256,
}

impl Scheme {
    fn algorithm(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Scheme::P256Der => &signature::ECDSA_P256_SHA256_ASN1,
            Scheme::P256Fixed => &signature::ECDSA_P256_SHA256_FIXED,
            Scheme::P384Der => &signature::ECDSA_P384_SHA384_ASN1,
            Scheme::P384Sha256Der => &signature::ECDSA_P384_SHA256_ASN1,
            Scheme::P384Fixed => &signature::ECDSA_P384_SHA384_FIXED,
            Scheme::RsaPssSha384 => &signature::RSA_PSS_2048_8192_SHA384,
            Scheme::RsaPkcs1Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        }
    }

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scheme::P256Der | Scheme::P256Fixed => "ECDSA P-256 with SHA-256",
            Scheme::P384Sha256Der => "ECDSA P-384 with SHA-256",
            Scheme::P384Der | Scheme::P384Fixed => "ECDSA P-384 with SHA-384",
            Scheme::RsaPssSha384 => "RSA-PSS with SHA-384",
            Scheme::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
        }
    }
}

/// A public key that was decoded and checked once, to verify many signatures with.
#[derive(Clone, Debug)]
pub struct PublicKey(ParsedPublicKey);

impl PublicKey {
    /// A key for a scheme: an uncompressed point (`0x04 || x || y`) for ECDSA, a PKCS#1 `RSAPublicKey` for RSA. `None` where
    /// the bytes are no such key (a point off the curve among them).
    #[must_use]
    pub fn new(scheme: Scheme, key: &[u8]) -> Option<Self> {
        ParsedPublicKey::new(scheme.algorithm(), key)
            .ok()
            .map(PublicKey)
    }

    /// Whether the key signed the message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

/// `RSAPublicKey` of PKCS#1, DER, of a modulus and an exponent in big-endian bytes. `None` where they are no numbers.
#[must_use]
pub fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let integer = |bytes| UintRef::new(bytes).ok()?.to_der().ok();
    let numbers = [integer(modulus)?, integer(exponent)?].concat();
    AnyRef::new(Tag::Sequence, &numbers).ok()?.to_der().ok()
}

/// SHA-1, by which OCSP responses name certificates and keys. It finds what is meant and protects nothing: collisions of it can be made.
#[must_use]
pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    fixed(&digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes))
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(&digest::digest(&digest::SHA256, bytes))
}

/// SHA-384.
#[must_use]
pub fn sha384(bytes: &[u8]) -> [u8; 48] {
    fixed(&digest::digest(&digest::SHA384, bytes))
}

/// SHA-512.
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    fixed(&digest::digest(&digest::SHA512, bytes))
}

fn fixed<const N: usize>(digest: &digest::Digest) -> [u8; N] {
    let mut bytes = [0; N];
    // The lengths are those of the algorithms above.
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    bytes
}

/// Lower-case hexadecimal. Made of bytes, not of characters one by one: an appraisal shows some hundred so.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Vec::with_capacity(2 * bytes.len());
    for byte in bytes {
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'?');
        text.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    // Digits are ASCII.
    String::from_utf8(text).unwrap_or_default()
}

/// Bytes of hexadecimal text, in either case, with no separators. `None` where it is not that.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .map(|digit| digit.to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(high * 16 + low).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_both_ways() {
        assert_eq!(hex(&[0x00, 0xab, 0x10]), "00ab10");
        assert_eq!(unhex("00AB10"), Some(vec![0x00, 0xab, 0x10]));
        assert_eq!(unhex("0"), None);
        assert_eq!(unhex("zz"), None);
    }

    #[test]
    fn digests_of_nothing() {
        assert!(hex(&sha1(b"")).starts_with("da39a3ee5e6b4b0d"));
        assert!(hex(&sha256(b"")).starts_with("e3b0c44298fc1c14"));
        assert!(hex(&sha384(b"")).starts_with("38b060a751ac9638"));
        assert!(hex(&sha512(b"")).starts_with("cf83e1357eefb8bd"));
    }
}
