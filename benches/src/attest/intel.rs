//! Quotes of SGX and TDX.

use crate::{PIECES, PLATFORMS, report_data, side_by_side};
use attest::x509::Certificate;
use attest::{Appraisal, Collateral, Outcome, Policy, Roots, StepName, Verifier, intel};
use dcap_qvl::QuoteCollateralV3;
use dcap_qvl::verify::QuoteVerifier;
use evidence::intel::{AT, Enclave, Intel, Levels, Options, Platform, TrustDomain, YEARS};

pub(crate) fn run() -> Result<(), String> {
    let maker = Intel::new(YEARS);
    let platforms: Vec<Platform> = (0..PLATFORMS)
        .map(|number| {
            maker.platform(Options {
                serial: 100 + u64::try_from(number).unwrap_or_default(),
                ..Options::default()
            })
        })
        .collect();
    let platform = |number: usize| platforms.get(number % PLATFORMS);
    for (name, is_tdx) in [("SGX quote", false), ("TDX quote", true)] {
        let quotes: Vec<Vec<u8>> = (0..PIECES)
            .filter_map(|number| {
                let report_data = report_data(number);
                let platform = platform(number)?;
                Some(if is_tdx {
                    platform.trust_domain(&TrustDomain {
                        report_data,
                        ..TrustDomain::default()
                    })
                } else {
                    platform.enclave(&Enclave {
                        report_data,
                        ..Enclave::default()
                    })
                })
            })
            .collect();
        let text = maker.collateral(is_tdx, &Levels::default());
        compare(name, &maker, &text, &quotes)?;
    }
    Ok(())
}

fn compare(name: &str, maker: &Intel, text: &str, quotes: &[Vec<u8>]) -> Result<(), String> {
    let mut collateral = Collateral::default();
    collateral
        .add(text.as_bytes())
        .map_err(|why| format!("{why:?}"))?;
    let roots = Roots {
        intel: vec![Certificate::from_der(maker.root()).map_err(|error| error.to_string())?],
        amd: Vec::new(),
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    };
    let verifier = Verifier::new(roots, collateral, Policy::default(), attest::Instant(AT));
    let peer = QuoteVerifier::new(maker.root().to_vec());
    let parsed: QuoteCollateralV3 =
        serde_json::from_str(text).map_err(|error| error.to_string())?;
    side_by_side(
        name,
        &mut [
            ("wardline", quotes.len(), &mut |number| {
                quotes
                    .get(number)
                    .is_some_and(|quote| is_genuine(&intel::appraise(&verifier, quote, None)))
            }),
            ("dcap-qvl 0.7.1 (ring)", quotes.len() / 4, &mut |number| {
                quotes
                    .get(number)
                    .is_some_and(|quote| peer.verify(quote, &parsed, AT.unsigned_abs()).is_ok())
            }),
        ],
    )
}

/// Whether everything that the peer looks at passes.
fn is_genuine(appraisal: &Appraisal) -> bool {
    [
        StepName::Chain,
        StepName::Revocation,
        StepName::Key,
        StepName::Signature,
        StepName::Tcb,
        StepName::Attributes,
        StepName::Collateral,
    ]
    .iter()
    .all(|step| appraisal.outcome(*step) == Outcome::Pass)
}
