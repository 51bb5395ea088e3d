//! RA-TLS certificates of a test.

use crate::authority::{Names, Window, key, self_signed};
use aws_lc_rs::digest::{SHA256, digest};
use rcgen::{KeyPair, PublicKeyData};

/// Gramine's own extension, under the number that all its releases write (`ra_tls_common.h`).
const QUOTE: &[u64] = &[0, 6, 9, 42, 840, 113_741, 1337, 6];

/// One end of a TLS connection, before it has a certificate: a quote for its key has to be made first.
pub struct Endpoint {
    key: KeyPair,
}

impl Endpoint {
    /// A new one, with a key of its own.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "two of them are never alike")]
    pub fn new() -> Self {
        Endpoint {
            key: key(&rcgen::PKCS_ECDSA_P384_SHA384),
        }
    }

    /// The report data of a quote for its key: the SHA-256 of the public key, zeros behind it.
    #[must_use]
    pub fn report_data(&self) -> [u8; 64] {
        let info = self.key.subject_public_key_info();
        let mut data = [0; 64];
        data.iter_mut()
            .zip(digest(&SHA256, &info).as_ref())
            .for_each(|(to, from)| *to = *from);
        data
    }

    /// Its certificate, with a quote inside. DER.
    #[must_use]
    pub fn certificate(&self, quote: &[u8], window: Window) -> Vec<u8> {
        let names = Names {
            common: "RATLS",
            serial: 1,
        };
        self_signed(&self.key, names, window, &[(QUOTE, quote.to_vec())])
    }
}
