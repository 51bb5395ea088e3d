//! Certificates of authorities that exist for one test only.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P384_SHA384, PublicKeyData, date_time_ymd,
};
use wardline_attest::Instant;
use wardline_attest::x509::Certificate;

/// Noon of 2025-06-15: inside every window here unless a test says otherwise.
pub(crate) const AT: Instant = Instant(1_749_988_800);

/// A key with its certificate.
pub(crate) struct Minted {
    pub(crate) certificate: Certificate,
    key: KeyPair,
    params: CertificateParams,
}

/// What a test may want different.
pub(crate) struct Wish {
    pub(crate) name: &'static str,
    pub(crate) is_authority: bool,
    pub(crate) years: (i32, i32),
    pub(crate) extensions: Vec<(&'static [u64], Vec<u8>)>,
}

impl Wish {
    pub(crate) fn authority(name: &'static str) -> Self {
        Wish {
            is_authority: true,
            ..Wish::leaf(name)
        }
    }

    pub(crate) fn leaf(name: &'static str) -> Self {
        Wish {
            name,
            is_authority: false,
            years: (2020, 2040),
            extensions: Vec::new(),
        }
    }

    /// A certificate that its own key signs.
    pub(crate) fn self_signed(self) -> Minted {
        self.self_signed_with(key())
    }

    /// The same with a key that is known before.
    pub(crate) fn self_signed_with(self, key: KeyPair) -> Minted {
        let params = self.params();
        let made = params.self_signed(&key).unwrap();
        Minted::new(made.der(), key, params)
    }

    /// A certificate that another one's key signs.
    pub(crate) fn issued_by(self, issuer: &Minted) -> Minted {
        self.for_key(key(), issuer)
    }

    /// The same for a key that is known before: what it signs may depend on it.
    pub(crate) fn for_key(self, key: KeyPair, issuer: &Minted) -> Minted {
        let params = self.params();
        let made = params
            .signed_by(&key, &Issuer::from_params(&issuer.params, &issuer.key))
            .unwrap();
        Minted::new(made.der(), key, params)
    }

    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, self.name);
        params.not_before = date_time_ymd(self.years.0, 1, 1);
        params.not_after = date_time_ymd(self.years.1, 1, 1);
        if self.is_authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        }
        params.custom_extensions = self
            .extensions
            .iter()
            .map(|(oid, value)| CustomExtension::from_oid_content(oid, value.clone()))
            .collect();
        params
    }
}

impl Minted {
    fn new(der: &[u8], key: KeyPair, params: CertificateParams) -> Self {
        Minted {
            certificate: Certificate::from_der(der).unwrap(),
            key,
            params,
        }
    }

    /// An ECDSA signature on P-384 as r and s.
    pub(crate) fn sign_fixed(&self, message: &[u8]) -> Vec<u8> {
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, self.key.serialized_der())
                .unwrap();
        let signature = key.sign(&SystemRandom::new(), message).unwrap();
        signature.as_ref().to_vec()
    }

    /// A revocation list of this authority.
    pub(crate) fn crl(&self, revoked: &[&Certificate], years: (i32, i32)) -> Vec<u8> {
        let params = rcgen::CertificateRevocationListParams {
            this_update: date_time_ymd(years.0, 1, 1),
            next_update: date_time_ymd(years.1, 1, 1),
            crl_number: rcgen::SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked
                .iter()
                .map(|certificate| rcgen::RevokedCertParams {
                    serial_number: rcgen::SerialNumber::from_slice(certificate.serial()),
                    revocation_time: date_time_ymd(years.0, 1, 1),
                    reason_code: None,
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        let issuer = Issuer::from_params(&self.params, &self.key);
        params.signed_by(&issuer).unwrap().der().to_vec()
    }
}

/// A fresh key on P-384.
pub(crate) fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap()
}

/// The `SubjectPublicKeyInfo` of a key.
pub(crate) fn public_key_info(key: &KeyPair) -> Vec<u8> {
    key.subject_public_key_info()
}
