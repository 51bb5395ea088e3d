//! What certificates and lists say of themselves, and whoever uses them must heed.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CustomExtension, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    SerialNumber, date_time_ymd,
};
use wardline_attest::Collateral;
use wardline_attest::x509::{Certificate, ChainError, Crl, Path};

/// One certificate of a chain: its name, what it may issue, and extensions that must not be passed over.
struct Link {
    name: &'static str,
    may_issue: IsCa,
    critical: Vec<&'static [u64]>,
}

fn authority(name: &'static str, below: BasicConstraints) -> Link {
    Link {
        name,
        may_issue: IsCa::Ca(below),
        critical: Vec::new(),
    }
}

fn leaf() -> Link {
    Link {
        name: "leaf",
        may_issue: IsCa::ExplicitNoCa,
        critical: Vec::new(),
    }
}

/// The certificates of a chain, the root first: each is issued by the one before it.
fn chain(links: Vec<Link>) -> Vec<Certificate> {
    let mut issuer: Option<Issuer<'static, KeyPair>> = None;
    let mut made = Vec::new();
    for link in links {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, link.name);
        params.is_ca = link.may_issue;
        for oid in link.critical {
            let mut extension = CustomExtension::from_oid_content(oid, vec![5, 0]);
            extension.set_criticality(true);
            params.custom_extensions.push(extension);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = match &issuer {
            Some(issuer) => params.signed_by(&key, issuer),
            None => params.self_signed(&key),
        };
        made.push(Certificate::from_der(certificate.unwrap().der()).unwrap());
        issuer = Some(Issuer::new(params, key));
    }
    made
}

fn find(chain: &[Certificate]) -> Result<Path, ChainError> {
    let (root, below) = chain.split_first().unwrap();
    Path::find(below.last().unwrap(), below, std::slice::from_ref(root))
}

#[test]
fn an_authority_limits_how_many_stand_below_it() {
    use BasicConstraints::{Constrained, Unconstrained};
    let below = |constraints, authorities: usize| {
        let mut links = vec![
            authority("root", Unconstrained),
            authority("top", constraints),
        ];
        links.extend((0..authorities).map(|_| authority("inner", Unconstrained)));
        // Names tell them apart.
        for (link, name) in links.iter_mut().skip(2).zip(["first", "second"]) {
            link.name = name;
        }
        links.push(leaf());
        find(&chain(links))
    };
    assert!(below(Constrained(0), 0).is_ok());
    assert!(below(Constrained(1), 1).is_ok());
    assert!(below(Unconstrained, 2).is_ok());
    for (allowed, present) in [(0, 1), (0, 2), (1, 2)] {
        let under = "CN=top".to_owned();
        assert_eq!(
            below(Constrained(allowed), present),
            Err(ChainError::TooDeep { under })
        );
    }
}

#[test]
fn a_critical_extension_that_nobody_reads_ends_the_chain() {
    const UNKNOWN: &[u64] = &[1, 3, 6, 1, 4, 1, 99999, 1];
    let with = |at: usize| {
        let mut links = vec![
            authority("root", BasicConstraints::Unconstrained),
            authority("top", BasicConstraints::Unconstrained),
            leaf(),
        ];
        links[at].critical.push(UNKNOWN);
        find(&chain(links))
    };
    for (at, name) in [(1, "CN=top"), (2, "CN=leaf")] {
        let refused = ChainError::UnknownExtension {
            of: name.to_owned(),
            extension: "1.3.6.1.4.1.99999.1".to_owned(),
        };
        assert_eq!(with(at), Err(refused));
    }
    // The root is pinned, whatever stands in it.
    assert!(with(0).is_ok());
}

#[test]
fn a_list_of_some_certificates_only_is_refused() {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = Issuer::new(params, KeyPair::generate().unwrap());
    let list = |issuing_distribution_point| {
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2025, 1, 1),
            next_update: date_time_ymd(2026, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&issuer).unwrap().der().to_vec()
    };
    assert!(Crl::from_der(&list(None)).is_ok());
    let partial = list(Some(CrlIssuingDistributionPoint {
        distribution_point: CrlDistributionPoint {
            uris: vec!["http://example.org/list".to_owned()],
        },
        scope: Some(rcgen::CrlScope::CaCertsOnly),
    }));
    let error = Collateral::default().add(&partial).unwrap_err();
    assert!(error.to_string().contains("2.5.29.28"), "{error}");
}
