//! Certificate authorities of a test.

use crate::der::{element, oid, sequence};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension,
    DistinguishedName, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevokedCertParams, SerialNumber, SignatureAlgorithm,
};
use time::OffsetDateTime;

const ORGANIZATION: &str = "Wardline test";

/// From when to when something counts, in Unix seconds.
pub type Window = (i64, i64);

/// The name and number of a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Names<'n> {
    /// The common name.
    pub common: &'n str,
    /// The serial number.
    pub serial: u64,
}

/// An authority with its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
    name: Vec<u8>,
}

impl Authority {
    /// A root.
    ///
    /// # Panics
    ///
    /// Never with valid windows.
    #[must_use]
    pub fn root(names: Names<'_>, window: Window, algorithm: &'static SignatureAlgorithm) -> Self {
        let key = key(algorithm);
        let params = params(names, window, true, Vec::new());
        let der = made(params.self_signed(&key)).der().to_vec();
        Authority {
            issuer: Issuer::new(params, key),
            der,
            name: name(names.common),
        }
    }

    /// An authority under this one.
    #[must_use]
    pub fn authority(
        &self,
        names: Names<'_>,
        window: Window,
        algorithm: &'static SignatureAlgorithm,
    ) -> Self {
        let key = key(algorithm);
        let params = params(names, window, true, Vec::new());
        let der = made(params.signed_by(&key, &self.issuer)).der().to_vec();
        Authority {
            issuer: Issuer::new(params, key),
            der,
            name: name(names.common),
        }
    }

    /// The certificate of a key, with extensions by object identifier and content. DER.
    #[must_use]
    pub fn certify(
        &self,
        key: &KeyPair,
        names: Names<'_>,
        window: Window,
        extensions: &[(&[u64], Vec<u8>)],
    ) -> Vec<u8> {
        let params = params(names, window, false, custom(extensions));
        made(params.signed_by(key, &self.issuer)).der().to_vec()
    }

    /// A revocation list with these serial numbers. DER.
    #[must_use]
    pub fn revoke(&self, serials: &[u64], (from, to): Window) -> Vec<u8> {
        let list = CertificateRevocationListParams {
            this_update: at(from),
            next_update: at(to),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials
                .iter()
                .map(|serial| RevokedCertParams {
                    serial_number: SerialNumber::from(*serial),
                    revocation_time: at(from),
                    reason_code: None,
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        made(list.signed_by(&self.issuer)).der().to_vec()
    }

    /// Its own certificate. DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its name. DER.
    pub(crate) fn name(&self) -> &[u8] {
        &self.name
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &KeyPair {
        self.issuer.key()
    }
}

/// The certificate that a key signs for itself, with extensions by object identifier and content. DER.
#[must_use]
pub(crate) fn self_signed(
    key: &KeyPair,
    names: Names<'_>,
    window: Window,
    extensions: &[(&[u64], Vec<u8>)],
) -> Vec<u8> {
    let params = params(names, window, false, custom(extensions));
    made(params.self_signed(key)).der().to_vec()
}

fn custom(extensions: &[(&[u64], Vec<u8>)]) -> Vec<CustomExtension> {
    let extensions = extensions.iter();
    extensions
        .map(|(oid, content)| CustomExtension::from_oid_content(oid, content.clone()))
        .collect()
}

/// A new key.
///
/// # Panics
///
/// When the system gives no random bytes.
#[must_use]
pub(crate) fn key(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    made(KeyPair::generate_for(algorithm))
}

/// Test evidence that cannot be made fails the test there and then.
pub(crate) fn made<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        #[expect(clippy::panic, reason = "a test without its evidence has failed")]
        Err(error) => panic!("test evidence: {error}"),
    }
}

/// The name that certificates of the test bear, written by itself: digests of it stand in OCSP responses.
pub(crate) fn name(common: &str) -> Vec<u8> {
    let part = |arcs: &[u32], text: &str| {
        let value = element(0x0c, text.as_bytes());
        element(0x31, &sequence(&[oid(arcs), value]))
    };
    sequence(&[
        part(&[2, 5, 4, 3], common),
        part(&[2, 5, 4, 10], ORGANIZATION),
    ])
}

fn params(
    names: Names<'_>,
    (from, to): Window,
    is_authority: bool,
    extensions: Vec<CustomExtension>,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, names.common);
    name.push(DnType::OrganizationName, ORGANIZATION);
    params.distinguished_name = name;
    params.serial_number = Some(SerialNumber::from(names.serial));
    (params.not_before, params.not_after) = (at(from), at(to));
    params.custom_extensions = extensions;
    if is_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    }
    params
}

fn at(seconds: i64) -> OffsetDateTime {
    made(OffsetDateTime::from_unix_timestamp(seconds))
}
