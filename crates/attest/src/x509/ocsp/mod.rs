//! What an OCSP responder said of certificates (RFC 6960), kept as a file. Nothing is asked here.
//!
//! Who may say it (RFC 6960 4.2.2.2): the authority that issued the certificate, or whoever it certified for this (extended key usage
//! `id-kp-OCSPSigning`), directly. NVIDIA's responder is of the second kind: `NVIDIA OCSP Responder L3 GH100 ICA1 Identity` answers for what
//! `NVIDIA GH100 Provisioner ICA 1` issued, and its certificate comes with the answer (vault-genome/vaultgenome-core dd194ecd,
//! `internal/shared/tee/testdata/nvidia/README.md`: answers of 2026-09-16). That is also what attestation-sdk 73c032eb asks for
//! (`nv_ocsp.cpp`: `OCSP_basic_verify` without flags). nvtrust 02817309 asks for less (`cc_admin_utils.py`: any certificate of the chain may
//! have issued the signer's, whatever that is for), which is not accepted here.
//!
//! `good` says that the certificate is not revoked, not that it was ever issued (RFC 6960 2.2). NVIDIA's responder gives it for any serial
//! number under a device authority (docs.nvidia.com, OCSP Responses). That it was issued, its signature shows.

mod read;
mod refused;

pub use refused::OcspError;

use super::Certificate;
use super::certificate::Signed;
use crate::crypto::{sha1, sha256, sha384, sha512};
use crate::instant::Instant;
use der::Decode;
use der::asn1::ObjectIdentifier;
use std::fmt;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages};

/// A response of an OCSP responder, taken apart once.
pub struct OcspResponse(Parts);

struct Parts {
    /// What is signed, byte for byte.
    signed: Vec<u8>,
    responder: ResponderId,
    produced_at: Instant,
    answers: Vec<Single>,
    signed_with: Signed,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
}

/// Who says that they signed.
enum ResponderId {
    /// The one with this name, DER.
    Name(Vec<u8>),
    /// The one with a key of this SHA-1.
    Key(Vec<u8>),
}

/// What is said of one certificate.
pub(super) struct Single {
    certificate: CertificateId,
    pub(super) status: Status,
    pub(super) this_update: Instant,
    pub(super) next_update: Option<Instant>,
}

/// Which certificate: the digests of its issuer's name and key, and its number.
struct CertificateId {
    hash: Hash,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Not revoked.
    Good,
    /// Revoked, since when, and perhaps why (`CRLReason`, RFC 5280 5.3.1).
    Revoked { since: Instant, reason: Option<u8> },
    /// The responder does not know it.
    Unknown,
}

/// How a response names the issuer of a certificate. An identifier, not a proof: what it names, the signature covers. So SHA-1 does here, which
/// `openssl ocsp` and NVIDIA's SDK ask with; nvtrust asks with SHA-384.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

/// `id-kp-OCSPSigning`.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");

/// `id-pkix-ocsp-nocheck`: the authority asks nobody to look whether it revoked its responder.
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");

/// Whose key signed a response.
pub(super) enum Signer<'r> {
    /// The authority's own.
    Authority,
    /// That of a responder which the authority certified.
    Responder(&'r Certificate),
}

impl OcspResponse {
    /// Reads a response from DER. Bytes behind it are refused: they would not be signed.
    ///
    /// # Errors
    ///
    /// When it is none, holds no answer, or must not be used by whoever does not know all of it.
    pub fn from_der(bytes: &[u8]) -> Result<Self, OcspError> {
        read::response(bytes).map(OcspResponse)
    }

    /// What it says of a certificate that an authority issued, once for each answer about it.
    pub(super) fn about<'r>(
        &'r self,
        certificate: &'r Certificate,
        issuer: &'r Certificate,
    ) -> impl Iterator<Item = &'r Single> {
        let answers = self.0.answers.iter();
        answers.filter(|single| single.certificate.names(certificate, issuer))
    }

    /// Whose key signed it, where it is one that may answer for an authority. The certificate of a responder comes with the response, or is
    /// at hand. Says nothing of windows.
    pub(super) fn signer<'r>(
        &'r self,
        issuer: &Certificate,
        at_hand: &'r [Certificate],
    ) -> Option<Signer<'r>> {
        if self.is_signed_by(issuer) {
            return Some(Signer::Authority);
        }
        let mut certificates = self.0.certificates.iter().chain(at_hand);
        certificates
            .find(|responder| {
                may_answer(responder)
                    && responder.is_signed_by(issuer)
                    && self.is_signed_by(responder)
            })
            .map(Signer::Responder)
    }

    fn is_signed_by(&self, signer: &Certificate) -> bool {
        let Parts {
            signed,
            responder,
            signed_with,
            signature,
            ..
        } = &self.0;
        let is_named = match responder {
            ResponderId::Name(name) => name == signer.subject_der(),
            ResponderId::Key(key) => *key == sha1(signer.key_bytes()),
        };
        is_named && signer.signed(*signed_with, signed, signature)
    }
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            produced_at,
            answers,
            ..
        } = &self.0;
        write!(f, "OcspResponse({produced_at}, {} answers)", answers.len())
    }
}

impl CertificateId {
    fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        // Numbers first: for a fleet there is a response about each of a thousand chips.
        self.serial == certificate.serial()
            && certificate.issuer_der() == issuer.subject_der()
            && self.issuer_name == self.hash.digest(issuer.subject_der())
            && self.issuer_key == self.hash.digest(issuer.key_bytes())
    }
}

impl Hash {
    fn of(oid: ObjectIdentifier) -> Option<Self> {
        match oid.to_string().as_str() {
            "1.3.14.3.2.26" => Some(Hash::Sha1),
            "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
            "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
            "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
            _ => None,
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => sha1(bytes).to_vec(),
            Hash::Sha256 => sha256(bytes).to_vec(),
            Hash::Sha384 => sha384(bytes).to_vec(),
            Hash::Sha512 => sha512(bytes).to_vec(),
        }
    }
}

/// Whether a certificate is for the key of a responder: its extended key usage names this purpose, its key usage does not deny signatures
/// (RFC 5280 4.2.1.12), and nothing in it must be known that is not. That it may do anything at all (`anyExtendedKeyUsage`) is not enough.
fn may_answer(certificate: &Certificate) -> bool {
    let purposes = certificate
        .extension(&EXTENDED_KEY_USAGE)
        .and_then(|value| ExtendedKeyUsage::from_der(value).ok());
    let is_for_it = purposes.is_some_and(|purposes| purposes.0.contains(&OCSP_SIGNING));
    let is_allowed = match certificate.extension(&KEY_USAGE) {
        None => true,
        Some(value) => KeyUsage::from_der(value).is_ok_and(|usage| {
            usage.0.contains(KeyUsages::DigitalSignature)
                || usage.0.contains(KeyUsages::NonRepudiation)
        }),
    };
    is_for_it && is_allowed && certificate.unread_critical().is_none()
}

/// Whether its authority asks nobody to look whether it revoked this responder.
pub(super) fn is_never_checked(responder: &Certificate) -> bool {
    responder.extension(&NO_CHECK).is_some()
}
