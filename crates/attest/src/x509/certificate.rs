//! One certificate.

use super::{DerError, MAX_CERTIFICATE};
use crate::crypto::{PublicKey, Scheme};
use crate::instant::Instant;
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode, Reader, SliceReader};
use std::fmt;
use std::sync::Arc;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::spki::der::referenced::OwnedToRef;

/// A certificate, taken apart once. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    der: Box<[u8]>,
    /// Where the signed part stands in `der`.
    tbs: std::ops::Range<usize>,
    subject: String,
    issuer: String,
    subject_der: Vec<u8>,
    issuer_der: Vec<u8>,
    serial: Vec<u8>,
    not_before: Instant,
    not_after: Instant,
    key: Key,
    spki_der: Vec<u8>,
    signed_with: Option<Signed>,
    signature: Vec<u8>,
    extensions: Vec<Extension>,
    is_authority: bool,
    path_length: Option<u8>,
}

/// An extension as it stands in the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its object identifier.
    pub oid: ObjectIdentifier,
    /// Whether whoever does not know it must refuse the certificate.
    pub critical: bool,
    /// Its value: the content of the OCTET STRING.
    pub value: Vec<u8>,
}

/// A public key by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// On P-256: an uncompressed point.
    P256(Vec<u8>),
    /// On P-384: an uncompressed point.
    P384(Vec<u8>),
    /// RSA: a PKCS#1 `RSAPublicKey`.
    Rsa(Vec<u8>),
    /// None that a vendor uses.
    Other(ObjectIdentifier),
}

/// The signature algorithms of vendors' certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    EcdsaSha256,
    EcdsaSha384,
    RsaPss,
    RsaPkcs1Sha256,
}

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Extensions that are read, here or where a vendor's evidence is judged, or that only narrow what a TLS client may do with a key.
const READ: [ObjectIdentifier; 5] = [
    // Key usage, basic constraints, extended key usage (RFC 5280 4.2.1).
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
    // That nobody needs to ask whether a responder was revoked (RFC 6960 4.2.2.2.1).
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5"),
    // The firmware that holds an NVIDIA device's key.
    ObjectIdentifier::new_unwrap("2.23.133.5.4.1"),
];

impl Signed {
    pub(super) fn of(algorithm: &AlgorithmIdentifierOwned) -> Option<Self> {
        match algorithm.oid.to_string().as_str() {
            "1.2.840.10045.4.3.2" => Some(Signed::EcdsaSha256),
            "1.2.840.10045.4.3.3" => Some(Signed::EcdsaSha384),
            "1.2.840.113549.1.1.10" => Some(Signed::RsaPss),
            "1.2.840.113549.1.1.11" => Some(Signed::RsaPkcs1Sha256),
            _ => None,
        }
    }
}

impl Certificate {
    /// Reads a certificate from DER. Bytes behind it are refused: they would not be signed.
    ///
    /// # Errors
    ///
    /// When it is no certificate.
    pub fn from_der(bytes: &[u8]) -> Result<Self, DerError> {
        let failed = |error: der::Error| DerError::new("certificate", &error);
        let bytes = bytes
            .get(..bytes.len().min(MAX_CERTIFICATE))
            .unwrap_or(bytes);
        let parsed = x509_cert::Certificate::from_der(bytes).map_err(failed)?;
        // RFC 5280 4.1.1.2: both name the same algorithm. The outer one is not signed: nothing may hide there.
        if parsed.signature_algorithm() != parsed.tbs_certificate().signature()
            || parsed.signature().unused_bits() != 0
        {
            return Err(failed(der::Tag::Sequence.value_error().into()));
        }
        let tbs_part = signed_part(bytes).map_err(failed)?;
        let tbs = parsed.tbs_certificate();
        let info = tbs.subject_public_key_info();
        let spki_der = info.to_der().map_err(failed)?;
        let validity = tbs.validity();
        let extensions: Vec<Extension> = tbs
            .extensions()
            .map(|extensions| {
                extensions
                    .iter()
                    .map(|extension| Extension {
                        oid: extension.extn_id,
                        critical: extension.critical,
                        value: extension.extn_value.as_bytes().to_vec(),
                    })
                    .collect()
            })
            .unwrap_or_default();
        let constraints = tbs.get_extension::<BasicConstraints>();
        let is_authority = may_sign_certificates(tbs);
        Ok(Certificate(Arc::new(Parts {
            tbs: tbs_part,
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            subject_der: tbs.subject().to_der().map_err(failed)?,
            issuer_der: tbs.issuer().to_der().map_err(failed)?,
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_before: instant(validity.not_before),
            not_after: instant(validity.not_after),
            key: Key::of(info.owned_to_ref()),
            spki_der,
            signed_with: Signed::of(parsed.signature_algorithm()),
            signature: parsed.signature().raw_bytes().to_vec(),
            extensions,
            is_authority,
            path_length: constraints
                .ok()
                .flatten()
                .and_then(|(_, constraints)| constraints.path_len_constraint),
            der: bytes.into(),
        })))
    }

    /// The bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The subject's name, as RFC 4514 writes it.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The issuer's name, as RFC 4514 writes it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The common name of the subject, or the whole name.
    #[must_use]
    pub fn common_name(&self) -> &str {
        let name = self.subject();
        name.split(',')
            .find_map(|part| part.trim().strip_prefix("CN="))
            .unwrap_or(name)
    }

    /// The serial number, big-endian.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The first instant of its window.
    #[must_use]
    pub fn not_before(&self) -> Instant {
        self.0.not_before
    }

    /// The last instant of its window.
    #[must_use]
    pub fn not_after(&self) -> Instant {
        self.0.not_after
    }

    /// Whether an instant lies in its window.
    #[must_use]
    pub fn is_current(&self, at: Instant) -> bool {
        self.0.not_before <= at && at <= self.0.not_after
    }

    /// The value of an extension.
    #[must_use]
    pub fn extension(&self, oid: &ObjectIdentifier) -> Option<&[u8]> {
        let mut extensions = self.0.extensions.iter();
        extensions
            .find(|extension| extension.oid == *oid)
            .map(|extension| extension.value.as_slice())
    }

    /// All extensions, in order.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The `SubjectPublicKeyInfo`, DER.
    #[must_use]
    pub fn subject_public_key_info(&self) -> &[u8] {
        &self.0.spki_der
    }

    /// The key itself: an uncompressed point (`0x04 || x || y`), or a PKCS#1 `RSAPublicKey`. Empty for other kinds.
    #[must_use]
    pub fn key_bytes(&self) -> &[u8] {
        match &self.0.key {
            Key::P256(bytes) | Key::P384(bytes) | Key::Rsa(bytes) => bytes,
            Key::Other(_) => &[],
        }
    }

    /// The key, ready for a scheme. `None` where it is of another kind, or no valid key.
    #[must_use]
    pub fn public_key(&self, scheme: Scheme) -> Option<PublicKey> {
        let fits = matches!(
            (&self.0.key, scheme),
            (Key::P256(_), Scheme::P256Der | Scheme::P256Fixed)
                | (
                    Key::P384(_),
                    Scheme::P384Der | Scheme::P384Sha256Der | Scheme::P384Fixed
                )
                | (Key::Rsa(_), Scheme::RsaPssSha384 | Scheme::RsaPkcs1Sha256)
        );
        fits.then(|| PublicKey::new(scheme, self.key_bytes()))
            .flatten()
    }

    /// Whether another certificate's key signed this one, and its name stands as the issuer. Says nothing of windows and of
    /// what the other one may sign.
    #[must_use]
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let Parts {
            der,
            tbs,
            issuer_der,
            signature,
            ..
        } = &*self.0;
        let signed = der.get(tbs.clone()).unwrap_or_default();
        *issuer_der == issuer.0.subject_der
            && self
                .0
                .signed_with
                .is_some_and(|signed_with| issuer.signed(signed_with, signed, signature))
    }

    /// Whether this certificate's key made a signature of its own kind.
    pub(super) fn signed(&self, signed_with: Signed, message: &[u8], signature: &[u8]) -> bool {
        let scheme = match (signed_with, &self.0.key) {
            (Signed::EcdsaSha256, Key::P256(_)) => Scheme::P256Der,
            (Signed::EcdsaSha384, Key::P384(_)) => Scheme::P384Der,
            // Gramine signs its RA-TLS certificates so (`ra_tls_attest.c`, `generate_x509`).
            (Signed::EcdsaSha256, Key::P384(_)) => Scheme::P384Sha256Der,
            (Signed::RsaPss, Key::Rsa(_)) => Scheme::RsaPssSha384,
            (Signed::RsaPkcs1Sha256, Key::Rsa(_)) => Scheme::RsaPkcs1Sha256,
            _ => return false,
        };
        self.public_key(scheme)
            .is_some_and(|key| key.verifies(message, signature))
    }

    /// Whether it may sign certificates: basic constraints say so, and key usage does not deny it (RFC 5280 4.2.1.3, 4.2.1.9).
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.0.is_authority
    }

    /// How many authorities may stand between it and the end of a chain, where it says so (RFC 5280 4.2.1.9).
    #[must_use]
    pub fn path_length(&self) -> Option<u8> {
        self.0.path_length
    }

    /// A critical extension that nothing here reads: whoever does not know it must refuse the certificate (RFC 5280 4.2).
    #[must_use]
    pub fn unread_critical(&self) -> Option<ObjectIdentifier> {
        let mut extensions = self.0.extensions.iter();
        extensions
            .find(|extension| extension.critical && !READ.contains(&extension.oid))
            .map(|extension| extension.oid)
    }

    /// Whether subject and issuer are the same.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.0.subject_der == self.0.issuer_der
    }

    pub(super) fn subject_der(&self) -> &[u8] {
        &self.0.subject_der
    }

    pub(super) fn issuer_der(&self) -> &[u8] {
        &self.0.issuer_der
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.subject())
    }
}

impl Key {
    fn of(info: x509_cert::spki::SubjectPublicKeyInfoRef<'_>) -> Self {
        let oid = info.algorithm.oid;
        let bytes = info.subject_public_key.raw_bytes().to_vec();
        let curve = info
            .algorithm
            .parameters
            .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
        match (oid, curve) {
            (EC_PUBLIC_KEY, Some(P256)) => Key::P256(bytes),
            (EC_PUBLIC_KEY, Some(P384)) => Key::P384(bytes),
            (RSA, _) => Key::Rsa(bytes),
            _ => Key::Other(oid),
        }
    }
}

/// Where the first element inside the outer sequence stands: what is signed, byte for byte.
pub(super) fn signed_part(bytes: &[u8]) -> Result<std::ops::Range<usize>, der::Error> {
    let mut reader = SliceReader::new(bytes)?;
    let outer = der::Header::decode(&mut reader)?;
    outer.tag().assert_eq(der::Tag::Sequence)?;
    let start = usize::try_from(reader.position())?;
    let length = reader.tlv_bytes()?.len();
    Ok(start..start + length)
}

fn may_sign_certificates(tbs: &x509_cert::TbsCertificate) -> bool {
    let is_ca = matches!(
        tbs.get_extension::<BasicConstraints>(),
        Ok(Some((_, constraints))) if constraints.ca
    );
    let is_allowed = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.0.contains(KeyUsages::KeyCertSign),
        Ok(None) => true,
        Err(_) => false,
    };
    is_ca && is_allowed
}

pub(super) fn instant(time: x509_cert::time::Time) -> Instant {
    let seconds = time.to_unix_duration().as_secs();
    Instant(i64::try_from(seconds).unwrap_or(i64::MAX))
}
