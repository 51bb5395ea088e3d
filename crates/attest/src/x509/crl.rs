//! Revocation lists.

use super::certificate::{Certificate, Signed, instant, signed_part};
use super::{DerError, MAX_CRL};
use crate::instant::Instant;
use der::{Decode, Encode};
use std::collections::HashSet;
use std::fmt;
use x509_cert::crl::CertificateList;

/// A revocation list, taken apart once.
pub struct Crl {
    signed: Vec<u8>,
    issuer: String,
    issuer_der: Vec<u8>,
    this_update: Instant,
    next_update: Option<Instant>,
    revoked: HashSet<Vec<u8>>,
    signed_with: Option<Signed>,
    signature: Vec<u8>,
}

impl Crl {
    /// Reads a revocation list from DER.
    ///
    /// # Errors
    ///
    /// When it is none, or says by a critical extension that it lists only some of its issuer's certificates.
    pub fn from_der(bytes: &[u8]) -> Result<Self, DerError> {
        let failed = |error: der::Error| DerError::new("revocation list", &error);
        let bytes = bytes.get(..bytes.len().min(MAX_CRL)).unwrap_or(bytes);
        let list =
            CertificateList::<x509_cert::certificate::Rfc5280>::from_der(bytes).map_err(failed)?;
        if list.signature_algorithm != list.tbs_cert_list.signature
            || list.signature.unused_bits() != 0
        {
            return Err(failed(der::Tag::Sequence.value_error().into()));
        }
        // A critical extension narrows what the list is about (RFC 5280 5.2): not standing in it would prove nothing.
        let mut extensions = list.tbs_cert_list.crl_extensions.iter().flatten();
        if let Some(unread) = extensions.find(|extension| extension.critical) {
            let oid = unread.extn_id;
            return Err(failed(der::ErrorKind::OidUnknown { oid }.into()));
        }
        let signed = signed_part(bytes).map_err(failed)?;
        let tbs = &list.tbs_cert_list;
        let revoked = tbs.revoked_certificates.iter().flatten();
        Ok(Crl {
            signed: bytes.get(signed).unwrap_or_default().to_vec(),
            issuer: tbs.issuer.to_string(),
            issuer_der: tbs.issuer.to_der().map_err(failed)?,
            this_update: instant(tbs.this_update),
            next_update: tbs.next_update.map(instant),
            revoked: revoked
                .map(|entry| entry.serial_number.as_bytes().to_vec())
                .collect(),
            signed_with: Signed::of(&list.signature_algorithm),
            signature: list.signature.raw_bytes().to_vec(),
        })
    }

    /// The issuer's name, as RFC 4514 writes it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether it is the list of a certificate's issuer, by name.
    #[must_use]
    pub fn covers(&self, certificate: &Certificate) -> bool {
        self.issuer_der == certificate.issuer_der()
    }

    /// Whether an authority signed it.
    #[must_use]
    pub fn is_signed_by(&self, authority: &Certificate) -> bool {
        self.issuer_der == authority.subject_der()
            && self
                .signed_with
                .is_some_and(|with| authority.signed(with, &self.signed, &self.signature))
    }

    /// Whether a certificate stands in it.
    #[must_use]
    pub fn revokes(&self, certificate: &Certificate) -> bool {
        self.revoked.contains(certificate.serial())
    }

    /// When it was made.
    #[must_use]
    pub fn this_update(&self) -> Instant {
        self.this_update
    }

    /// When the next one is due, where it says so.
    #[must_use]
    pub fn next_update(&self) -> Option<Instant> {
        self.next_update
    }

    /// Whether it still counts at an instant. A list that was made later than the instant knows more than one of that time,
    /// and counts. Without `nextUpdate` a list never goes stale (RFC 5280 5.1.2.5 demands one).
    #[must_use]
    pub fn is_current(&self, at: Instant) -> bool {
        self.next_update.is_none_or(|next| at <= next)
    }

    /// Certificates in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.revoked.len()
    }

    /// Whether it revokes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.revoked.is_empty()
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({}, {} revoked)", self.issuer, self.revoked.len())
    }
}
