//! Quotes of real SGX and TDX platforms.

use evidence::vectors;
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, intel,
};

fn appraise(quote: &[u8], collateral: &[&str], at: i64, policy: &str) -> Appraisal {
    let mut held = Collateral::default();
    for path in collateral {
        let bytes = vectors::read(path).expect("the folder is there");
        held.add(&bytes).expect("collateral");
    }
    let policy = Policy::parse(policy).expect("a policy");
    let roots = Roots::pinned().expect("roots");
    let verifier = Verifier::new(roots, held, policy, Instant(at));
    intel::appraise(&verifier, quote, None)
}

fn explain(appraisal: &Appraisal) -> String {
    appraisal
        .steps
        .iter()
        .flat_map(|step| {
            step.checks.iter().map(move |check| {
                format!(
                    "{} {} {}: {} [{}] {} {:?}\n",
                    step.name,
                    check.outcome,
                    check.what,
                    check.value,
                    check.limit,
                    check.detail,
                    check.cause
                )
            })
        })
        .collect()
}

/// What a real quote must give: the outcome of each step that does not pass, and the value of the TCB level.
struct Real {
    quote: &'static str,
    collateral: &'static str,
    at: &'static [i64],
    tcb: &'static str,
    not_passed: &'static [(&'static str, &'static str)],
}

/// As SOURCES.md of the vectors names them. Without a policy the identity is unproven, without a nonce the freshness; nothing was
/// presented over a channel.
const REAL: &[Real] = &[
    Real {
        quote: "sgx/sgx_quote",
        collateral: "sgx/sgx_quote_collateral.json",
        at: &[1_750_330_571, 1_752_918_971],
        tcb: "ConfigurationAndSWHardeningNeeded",
        not_passed: &[("tcb", "unproven"), ("freshness", "fail")],
    },
    Real {
        quote: "sgx/occlum_quote.dat",
        collateral: "sgx/collateral_00606a000000_2025-02_tcbinfo_v2.json",
        at: &[1_740_000_000],
        tcb: "OutOfDate",
        not_passed: &[
            ("tcb", "fail"),
            ("attributes", "fail"),
            ("identity", "fail"),
            ("freshness", "fail"),
        ],
    },
    Real {
        quote: "tdx/tdx_quote",
        collateral: "tdx/tdx_quote_collateral.json",
        at: &[1_750_329_147, 1_752_917_547],
        tcb: "UpToDate",
        not_passed: &[],
    },
    Real {
        quote: "tdx/tdx_quote_outdated",
        collateral: "tdx/tdx_quote_outdated_collateral.json",
        at: &[1_771_415_931],
        tcb: "no matching level",
        not_passed: &[("tcb", "fail")],
    },
    Real {
        quote: "tdx/tdx_quote_td15ex",
        collateral: "tdx/tdx_quote_td15ex_collateral.json",
        at: &[1_791_418_186, 1_794_006_586],
        tcb: "UpToDate",
        not_passed: &[],
    },
    Real {
        quote: "tdx/tdx_quote_4.dat",
        collateral: "tdx/collateral_50806f000000_2023-06.json",
        at: &[1_687_100_000, 1_687_500_000, 1_688_700_000],
        tcb: "UpToDate",
        not_passed: &[("attributes", "fail")],
    },
    Real {
        quote: "tdx/tdx_quote_5.dat",
        collateral: "tdx/collateral_90c06f000000_2026-02.json",
        at: &[1_771_500_000],
        tcb: "no matching level",
        // Behind the missing level, at which other verifiers stop: a service trust domain is bound to it.
        not_passed: &[("tcb", "fail"), ("attributes", "fail")],
    },
    Real {
        quote: "tdx/tdx_quote_6.dat",
        collateral: "tdx/collateral_00a06d080000_2025-11.json",
        at: &[1_762_000_000, 1_764_000_000],
        tcb: "OutOfDate",
        not_passed: &[("tcb", "fail")],
    },
    Real {
        quote: "tdx/quote_v5_sample.dat",
        collateral: "tdx/collateral_90c06f000000_2026-02.json",
        at: &[1_771_500_000],
        tcb: "UpToDate",
        not_passed: &[],
    },
    Real {
        quote: "tdx/tdx_prod_quote_SPR_E4.dat",
        collateral: "tdx/collateral_50806f000000_2023-06.json",
        at: &[1_687_500_000],
        tcb: "no matching level",
        not_passed: &[("tcb", "fail"), ("attributes", "fail")],
    },
    Real {
        quote: "tdx/automata/quote_tdx_00806f050000.dat",
        collateral: "tdx/collateral_00806f050000_2025-02.json",
        at: &[1_740_000_000, 1_741_000_000],
        tcb: "OutOfDate",
        not_passed: &[("tcb", "fail"), ("freshness", "fail")],
    },
    Real {
        quote: "ccel/cos-113-tdx-quote.dat",
        collateral: "tdx/collateral_00806f050000_2025-02.json",
        at: &[1_740_000_000],
        tcb: "UpToDate",
        not_passed: &[("freshness", "fail")],
    },
];

#[test]
fn real_quotes_give_what_their_sources_say() {
    if vectors::folder().is_none() {
        return;
    }
    let mut wrong = String::new();
    for real in REAL {
        let quote = vectors::read(real.quote).expect("the folder is there");
        for at in real.at {
            let appraisal = appraise(&quote, &[real.collateral], *at, "");
            for step in &appraisal.steps {
                let usual = match step.name {
                    StepName::Identity | StepName::Freshness => Outcome::Unproven,
                    StepName::Binding => Outcome::NotApplicable,
                    _ => Outcome::Pass,
                };
                let expected = real
                    .not_passed
                    .iter()
                    .find(|(name, _)| *name == step.name.name())
                    .map_or(usual.word(), |(_, outcome)| outcome);
                if step.outcome().word() != expected {
                    wrong += &format!(
                        "{} at {at}: {} is {}, expected {expected}\n",
                        real.quote,
                        step.name,
                        step.outcome()
                    );
                }
            }
            let tcb = appraisal
                .step(StepName::Tcb)
                .and_then(|step| step.decisive());
            let value = tcb.map(|check| check.value.to_string()).unwrap_or_default();
            if !value.starts_with(real.tcb)
                || value[real.tcb.len()..].starts_with(char::is_alphabetic)
            {
                wrong += &format!(
                    "{} at {at}: TCB {value}, expected {}\n",
                    real.quote, real.tcb
                );
            }
            if wrong.contains(real.quote) {
                wrong += &explain(&appraisal);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether anything about the evidence itself was refused, whatever policies say.
fn is_refused(appraisal: &Appraisal) -> bool {
    [
        StepName::Structure,
        StepName::Chain,
        StepName::Key,
        StepName::Signature,
    ]
    .iter()
    .any(|step| appraisal.outcome(*step) != Outcome::Pass)
}

#[test]
fn no_flipped_bit_is_accepted() {
    for (path, collateral, at) in [
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
    ] {
        let Some(quote) = vectors::read(path) else {
            return;
        };
        let mut held = Collateral::default();
        held.add(&vectors::read(collateral).expect("the folder is there"))
            .expect("collateral");
        let roots = Roots::pinned().expect("roots");
        let verifier = Verifier::new(roots, held, Policy::default(), Instant(at));
        assert!(!is_refused(&intel::appraise(&verifier, &quote, None)));
        let mut accepted = Vec::new();
        // What stands behind a quote is no part of it.
        let trailing = wire::tee::intel::Quote::read(&quote)
            .expect("a quote")
            .trailing
            .len();
        for position in 0..quote.len() - trailing {
            let mut changed = quote.clone();
            changed[position] ^= 1 << (position % 8);
            if !is_refused(&intel::appraise(&verifier, &changed, None)) {
                accepted.push(position);
            }
        }
        assert_eq!(accepted, [0; 0], "{path} of {} bytes", quote.len());
    }
}

#[test]
fn no_truncated_quote_is_accepted() {
    let Some(quote) = vectors::read("tdx/tdx_quote") else {
        return;
    };
    let roots = Roots::pinned().expect("roots");
    let verifier = Verifier::new(
        roots,
        Collateral::default(),
        Policy::default(),
        Instant(1_750_329_147),
    );
    let whole = quote.len() - quote.iter().rev().take_while(|byte| **byte == 0).count();
    for length in 0..whole {
        let appraisal = intel::appraise(&verifier, &quote[..length], None);
        assert!(is_refused(&appraisal), "the first {length} bytes");
    }
}
