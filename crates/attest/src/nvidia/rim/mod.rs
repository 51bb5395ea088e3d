//! NVIDIA's reference manifests (RIM): what the measurements of a released driver or firmware are. They are collateral: whoever fetched
//! them hands them in, and nothing in them counts before signature, chain and windows hold.
//!
//! A manifest proves that NVIDIA released a driver or firmware, and what its measurements are. It does not say which release is good
//! enough: floors stay the policy's.

mod applicable;
mod held;

pub(super) use applicable::{Manifests, Part, active, differing};
pub(super) use held::Held;

use crate::base64;
use crate::crypto::{PublicKey, Scheme, sha384};
use crate::x509::Certificate;
use wire::tee::nvidia::rim::Manifest;

/// A reference manifest, not yet verified.
#[derive(Debug)]
pub struct Rim {
    /// What it says.
    pub manifest: Manifest,
    /// SHA-384 of the document, as its signature says.
    digest: Vec<u8>,
    /// r and s over what is signed.
    signature: Vec<u8>,
    /// Those of the signer and above it.
    certificates: Vec<Certificate>,
}

impl Rim {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// When it is none, or of another form than NVIDIA's: says what is wrong, and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let manifest = Manifest::read(text).map_err(|error| error.to_string())?;
        let signature = &manifest.signature;
        let certificates = signature
            .certificates
            .iter()
            .map(|one| {
                let der = bytes(one, "X509Certificate")?;
                Certificate::from_der(&der).map_err(|error| error.to_string())
            })
            .collect::<Result<_, String>>()?;
        Ok(Rim {
            digest: bytes(&signature.digest, "DigestValue")?,
            signature: bytes(&signature.value, "SignatureValue")?,
            certificates,
            manifest,
        })
    }

    /// The release that it is about: `GH100 550.90.07`.
    #[must_use]
    pub fn release(&self) -> String {
        format!("{} {}", self.manifest.product, self.manifest.version)
    }

    /// The certificate whose key is to have signed: the first that is no authority, as with the device's own.
    fn signer(&self) -> Option<&Certificate> {
        let mut certificates = self.certificates.iter();
        certificates.find(|one| !one.is_authority())
    }

    /// Whether the digest is that of the document.
    fn is_unchanged(&self) -> bool {
        self.digest == sha384(&self.manifest.signature.document)
    }

    /// Whether a key signed the digest.
    fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.manifest.signature.signed_info, &self.signature)
    }

    fn key(&self) -> Option<PublicKey> {
        self.signer()?.public_key(Scheme::P384Fixed)
    }
}

/// The bytes of base64 as XML Signature writes it: of one alphabet only, because nobody signs the text of a signature.
fn bytes(text: &str, of: &str) -> Result<Vec<u8>, String> {
    let decoded = base64::decode(text).filter(|_| !text.contains(['-', '_']));
    decoded.ok_or_else(|| format!("`{of}` is no base64"))
}
