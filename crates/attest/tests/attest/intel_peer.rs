//! The same quotes through dcap-qvl: where both judge, both accept or both refuse.
//!
//! Differences that are meant, and why:
//! - dcap-qvl stops at the first error, so it is asked only whether it accepts.
//! - It does not read TCB info of version 2 (`occlum_quote.dat`), refuses to look behind a missing level, and refuses every trust
//!   domain whose SEPT_VE_DISABLE is clear; Wardline leaves known code behind that bit unproven (Linux disables the exception itself).
//! - It does not look at report data.

use dcap_qvl::QuoteCollateralV3;
use dcap_qvl::verify::QuoteVerifier;
use evidence::intel::{AT, Enclave, Intel, Levels, Options, TrustDomain, YEARS};
use evidence::vectors;
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, intel,
};

/// What dcap-qvl looks at.
const SHARED: [StepName; 8] = [
    StepName::Structure,
    StepName::Chain,
    StepName::Revocation,
    StepName::Key,
    StepName::Signature,
    StepName::Tcb,
    StepName::Attributes,
    StepName::Collateral,
];

/// Whether everything that dcap-qvl looks at holds. It reports the state of a TCB level and leaves the judgement to its caller;
/// it refuses revoked levels itself.
fn accepts(appraisal: &Appraisal) -> bool {
    SHARED.iter().all(|name| {
        let step = appraisal.step(*name).expect("all steps are there");
        step.checks.iter().all(|check| {
            let is_state = check.cause.is_some_and(|cause| {
                matches!(
                    cause,
                    "tee/tcb-level#out-of-date"
                        | "tee/tcb-level#hardening-needed"
                        | "tee/tcb-level#configuration-needed"
                        | "tee/tcb-level#relaunch-advised"
                )
            });
            // A module that is out of date, not one below all levels.
            let is_module_state = check.cause == Some("tee/guest-attributes#module-old")
                && check.value == "OutOfDate";
            is_state
                || is_module_state
                || matches!(check.outcome, Outcome::Pass | Outcome::NotApplicable)
        })
    })
}

fn peer(root: Option<&[u8]>, quote: &[u8], collateral: &str, at: i64) -> Result<String, String> {
    let collateral: QuoteCollateralV3 =
        serde_json::from_str(collateral).map_err(|error| error.to_string())?;
    let verifier = match root {
        Some(root) => QuoteVerifier::new(root.to_vec()),
        None => QuoteVerifier::new_prod(),
    };
    verifier
        .verify(quote, &collateral, at.unsigned_abs())
        .map(|report| report.status)
        .map_err(|error| format!("{error:#}"))
}

/// The state that Wardline gives.
fn state(appraisal: &Appraisal) -> String {
    appraisal
        .step(StepName::Tcb)
        .and_then(|step| step.checks.first())
        .map(|check| check.value.split(',').next().unwrap_or_default().to_owned())
        .unwrap_or_default()
}

#[test]
fn real_quotes_are_judged_alike() {
    if vectors::folder().is_none() {
        return;
    }
    let cases = [
        (
            "sgx/sgx_quote",
            "sgx/sgx_quote_collateral.json",
            1_750_330_571,
        ),
        (
            "tdx/tdx_quote",
            "tdx/tdx_quote_collateral.json",
            1_750_329_147,
        ),
        (
            "tdx/tdx_quote",
            "tdx/tdx_quote_collateral.json",
            1_760_000_000,
        ),
        (
            "tdx/tdx_quote_outdated",
            "tdx/tdx_quote_outdated_collateral.json",
            1_771_415_931,
        ),
        (
            "tdx/tdx_quote_td15ex",
            "tdx/tdx_quote_td15ex_collateral.json",
            1_791_418_186,
        ),
        (
            "tdx/tdx_quote_4.dat",
            "tdx/collateral_50806f000000_2023-06.json",
            1_687_500_000,
        ),
        (
            "tdx/tdx_quote_5.dat",
            "tdx/collateral_90c06f000000_2026-02.json",
            1_771_500_000,
        ),
        (
            "tdx/tdx_quote_6.dat",
            "tdx/collateral_00a06d080000_2025-11.json",
            1_762_000_000,
        ),
        (
            "tdx/quote_v5_sample.dat",
            "tdx/collateral_90c06f000000_2026-02.json",
            1_771_500_000,
        ),
        (
            "tdx/tdx_prod_quote_SPR_E4.dat",
            "tdx/collateral_50806f000000_2023-06.json",
            1_687_500_000,
        ),
        (
            "tdx/automata/quote_tdx_00806f050000.dat",
            "tdx/collateral_00806f050000_2025-02.json",
            1_740_000_000,
        ),
        (
            "ccel/cos-113-tdx-quote.dat",
            "tdx/collateral_00806f050000_2025-02.json",
            1_740_000_000,
        ),
        (
            "azure/az-tdx-vtpm/td-quote.bin",
            "tdx/collateral_00806f050000_2025-02.json",
            1_740_000_000,
        ),
    ];
    for (quote, collateral, at) in cases {
        let bytes = vectors::read(quote).expect("the folder is there");
        let text = vectors::read(collateral).expect("the folder is there");
        let mut held = Collateral::default();
        held.add(&text).expect("collateral");
        let verifier = Verifier::new(
            Roots::pinned().expect("roots"),
            held,
            Policy::default(),
            Instant(at),
        );
        let ours = intel::appraise(&verifier, &bytes, None);
        let theirs = peer(None, &bytes, &String::from_utf8_lossy(&text), at);
        assert_eq!(
            accepts(&ours),
            theirs.is_ok(),
            "{quote} at {at}: {theirs:?}"
        );
        if let Ok(status) = theirs {
            assert_eq!(state(&ours), status, "{quote} at {at}");
        }
    }
}

#[test]
fn minted_quotes_are_judged_alike() {
    let usual = Options::default;
    let platforms = [
        usual(),
        Options {
            window: (YEARS.0, AT - 1),
            ..usual()
        },
        Options {
            component_svn: 7,
            ..usual()
        },
        Options {
            component_svn: 4,
            ..usual()
        },
        Options {
            qe_svn: 7,
            ..usual()
        },
        Options {
            qe_svn: 1,
            ..usual()
        },
        Options {
            is_known_qe: false,
            ..usual()
        },
        Options {
            other_key: true,
            ..usual()
        },
    ];
    let past = (AT - 20_000_000, AT - 10_000_000);
    let levels = [
        Levels::default(),
        Levels {
            revoked: &[100],
            ..Levels::default()
        },
        Levels {
            revoked_authorities: &[2],
            ..Levels::default()
        },
        Levels {
            status: "SWHardeningNeeded",
            ..Levels::default()
        },
        Levels {
            status: "ConfigurationNeeded",
            qe_status: "OutOfDate",
            ..Levels::default()
        },
        Levels {
            status: "Revoked",
            ..Levels::default()
        },
        Levels {
            window: past,
            ..Levels::default()
        },
        Levels {
            lists: past,
            ..Levels::default()
        },
    ];
    let mut old = TrustDomain::default();
    old.tcb_svn[0] = 3;
    let domains = [
        TrustDomain::default(),
        old,
        TrustDomain {
            attributes: 1,
            ..TrustDomain::default()
        },
        TrustDomain {
            attributes: 1 << 28 | 1 << 29,
            ..TrustDomain::default()
        },
    ];
    let maker = Intel::new(YEARS);
    let mut judged = 0;
    for levels in &levels {
        let texts = [false, true].map(|is_tdx| maker.collateral(is_tdx, levels));
        for options in platforms {
            let platform = maker.platform(options);
            let mut quotes = vec![
                (0, platform.enclave(&Enclave::default())),
                (
                    0,
                    platform.enclave(&Enclave {
                        flags: 7,
                        ..Enclave::default()
                    }),
                ),
            ];
            for domain in &domains {
                quotes.push((1, platform.trust_domain(domain)));
                quotes.push((
                    1,
                    platform.trust_domain_1_5(domain, TrustDomain::default().tcb_svn),
                ));
            }
            for (kind, quote) in quotes {
                let text = &texts[kind];
                let mut held = Collateral::default();
                held.add(text.as_bytes()).expect("collateral");
                let roots = Roots {
                    intel: vec![Certificate::from_der(maker.root()).expect("a root")],
                    amd: Vec::new(),
                    nvidia: Vec::new(),
                    nvidia_rim: Vec::new(),
                };
                let verifier = Verifier::new(roots, held, Policy::default(), Instant(AT));
                let ours = intel::appraise(&verifier, &quote, None);
                let theirs = peer(Some(maker.root()), &quote, text, AT);
                let what = format!("{options:?} {levels:?} kind {kind}: {theirs:?}");
                assert_eq!(accepts(&ours), theirs.is_ok(), "{what}");
                if let Ok(status) = theirs {
                    assert_eq!(state(&ours), status, "{what}");
                }
                judged += 1;
            }
        }
    }
    println!("{judged} quotes judged alike");
}
