//! A vendor of our own: root key, intermediate, endorsement keys and revocation lists, all on P-384.

use attest::x509::{Certificate, Crl};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CustomExtension, DnType, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P384_SHA384,
    RevokedCertParams, SerialNumber, date_time_ymd,
};

/// Root and intermediate of one product.
pub(crate) struct Authority {
    product: &'static str,
    root: CertifiedIssuer<'static, KeyPair>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// What an endorsement key's certificate says.
#[derive(Clone)]
pub(crate) struct Endorses {
    /// Product name extension.
    pub(crate) product: &'static str,
    /// Security version numbers, as in a report of the product.
    pub(crate) tcb: [u8; 8],
    /// hwID, or none for a provider's key.
    pub(crate) chip: Option<Vec<u8>>,
    /// Whether hwID is wrapped as an OCTET STRING.
    pub(crate) is_wrapped: bool,
}

/// An endorsement key with its certificate.
pub(crate) struct Endorsement {
    pub(crate) certificate: Certificate,
    pub(crate) key: KeyPair,
}

/// Serial numbers of the minted certificates.
pub(crate) const ROOT: u64 = 0x01_0000;
pub(crate) const INTERMEDIATE: u64 = 0x01_0001;
pub(crate) const ENDORSEMENT: u64 = 0x7777;

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key")
}

fn params(name: &str, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2031, 1, 1);
    params
}

fn authority(name: &str, serial: u64) -> CertificateParams {
    let mut params = params(name, serial);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_after = date_time_ymd(2045, 1, 1);
    params
}

impl Authority {
    /// A vendor's keys for a product.
    pub(crate) fn new(product: &'static str) -> Self {
        let root = authority(&format!("ARK-{product}"), ROOT);
        let root = CertifiedIssuer::self_signed(root, key()).expect("a root");
        let intermediate = authority(&format!("SEV-{product}"), INTERMEDIATE);
        let intermediate =
            CertifiedIssuer::signed_by(intermediate, key(), &root).expect("an intermediate");
        Authority {
            product,
            root,
            intermediate,
        }
    }

    pub(crate) fn root(&self) -> Certificate {
        Certificate::from_der(self.root.der()).expect("a certificate")
    }

    pub(crate) fn intermediate(&self) -> Certificate {
        Certificate::from_der(self.intermediate.der()).expect("a certificate")
    }

    /// What a key of this product usually endorses.
    pub(crate) fn usual(&self, tcb: [u8; 8], chip: &[u8]) -> Endorses {
        Endorses {
            product: self.product,
            tcb,
            chip: Some(chip.to_vec()),
            is_wrapped: false,
        }
    }

    /// An endorsement key.
    pub(crate) fn endorse(&self, what: &Endorses) -> Endorsement {
        let name = if what.chip.is_some() {
            "SEV-VCEK"
        } else {
            "SEV-VLEK"
        };
        let mut params = params(name, ENDORSEMENT);
        params.custom_extensions = extensions(what);
        let key = key();
        let signed = params
            .signed_by(&key, &self.intermediate)
            .expect("a certificate");
        Endorsement {
            certificate: Certificate::from_der(signed.der()).expect("a certificate"),
            key,
        }
    }

    /// A revocation list of the root, in force in 2025 and 2026.
    pub(crate) fn list(&self, serials: &[u64]) -> Vec<u8> {
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2025, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2025, 1, 1),
            next_update: date_time_ymd(2027, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = params.signed_by(&self.root).expect("a list");
        Crl::from_der(list.der()).expect("a list");
        list.der().to_vec()
    }
}

fn extensions(what: &Endorses) -> Vec<CustomExtension> {
    let oid = |rest: &[u64]| [&[1, 3, 6, 1, 4, 1, 3704, 1], rest].concat();
    let integer = |number: u8| match number {
        128.. => vec![2, 2, 0, number],
        _ => vec![2, 1, number],
    };
    let text = |text: &str| {
        [
            &[0x16, u8::try_from(text.len()).expect("short")],
            text.as_bytes(),
        ]
        .concat()
    };
    let spl: [u64; 8] = if what.product.starts_with("Turin") {
        [9, 1, 2, 3, 5, 6, 7, 8]
    } else {
        [1, 2, 4, 5, 6, 7, 3, 8]
    };
    let mut extensions = vec![
        CustomExtension::from_oid_content(&oid(&[1]), integer(0)),
        CustomExtension::from_oid_content(&oid(&[2]), text(what.product)),
    ];
    for (number, svn) in spl.into_iter().zip(what.tcb) {
        extensions.push(CustomExtension::from_oid_content(
            &oid(&[3, number]),
            integer(svn),
        ));
    }
    extensions.push(match &what.chip {
        Some(chip) if what.is_wrapped => {
            let length = u8::try_from(chip.len()).expect("short");
            CustomExtension::from_oid_content(&oid(&[4]), [&[4, length], chip.as_slice()].concat())
        }
        Some(chip) => CustomExtension::from_oid_content(&oid(&[4]), chip.clone()),
        None => CustomExtension::from_oid_content(&oid(&[5]), text("CN=cloud")),
    });
    extensions
}
