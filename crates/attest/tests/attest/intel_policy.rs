//! Quotes under a root of the tests: what a policy asks for.

use crate::minted::{NONCE, enclave, open, policy, verifier};
use evidence::intel::{AT, Enclave, Intel, Levels, Options, YEARS};
use wardline_attest::{Outcome, Policy, StepName, intel};

#[test]
fn a_policy_accepts_hardening_and_never_what_is_out_of_date() {
    let intel = Intel::new(YEARS);
    let quote = intel.platform(Options::default()).enclave(&enclave());
    for wish in ["OutOfDate", "Revoked", "SWHardeningNeded"] {
        assert!(
            Policy::parse(&format!("[tcb]\naccept = ['{wish}']")).is_err(),
            "{wish}"
        );
    }
    let policy = policy() + "[tcb]\naccept = ['SWHardeningNeeded']\n";
    for (status, outcome) in [
        ("SWHardeningNeeded", Outcome::Pass),
        ("OutOfDate", Outcome::Fail),
        ("ConfigurationNeeded", Outcome::Unproven),
    ] {
        let levels = Levels {
            status,
            ..Levels::default()
        };
        let verifier = verifier(&intel, false, &levels, AT, &policy);
        let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
        assert_eq!(appraisal.outcome(StepName::Tcb), outcome, "{status}");
    }
}

#[test]
fn replays_and_other_code_are_refused() {
    let intel = Intel::new(YEARS);
    let platform = intel.platform(Options::default());
    let verifier = verifier(&intel, false, &Levels::default(), AT, &policy());
    let quote = platform.enclave(&enclave());
    let replayed = intel::appraise(&verifier, &quote, Some(&[0x4f; 32]));
    assert_eq!(
        open(&replayed),
        [(
            StepName::Freshness,
            Outcome::Fail,
            "tee/evidence-freshness#nonce-missing"
        )]
    );
    let other = platform.enclave(&Enclave {
        mr_enclave: [0xe2; 32],
        ..enclave()
    });
    assert_eq!(
        open(&intel::appraise(&verifier, &other, Some(&NONCE))),
        [(
            StepName::Identity,
            Outcome::Fail,
            "tee/code-identity#not-your-code"
        )]
    );
    let debugged = platform.enclave(&Enclave {
        flags: 7,
        ..enclave()
    });
    assert_eq!(
        open(&intel::appraise(&verifier, &debugged, Some(&NONCE))),
        [(
            StepName::Attributes,
            Outcome::Fail,
            "tee/debug-mode#sgx-debug"
        )]
    );
}

#[test]
fn a_signer_alone_is_not_enough() {
    let intel = Intel::new(YEARS);
    let quote = intel.platform(Options::default()).enclave(&enclave());
    let signer = "51".repeat(32);
    let outcome = |rest: &str| {
        let policy = format!("[sgx]\nmr-signer = ['{signer}']\n{rest}");
        let verifier = verifier(&intel, false, &Levels::default(), AT, &policy);
        intel::appraise(&verifier, &quote, Some(&NONCE)).outcome(StepName::Identity)
    };
    assert_eq!(outcome(""), Outcome::Unproven);
    assert_eq!(outcome("isv-prod-id = 1"), Outcome::Unproven);
    assert_eq!(outcome("isv-prod-id = 1\nisv-svn-min = 3"), Outcome::Pass);
    assert_eq!(outcome("isv-prod-id = 1\nisv-svn-min = 4"), Outcome::Fail);
    assert_eq!(outcome("isv-prod-id = 2\nisv-svn-min = 3"), Outcome::Fail);
}

#[test]
fn key_separation_and_sharing_is_pinned() {
    let intel = Intel::new(YEARS);
    let started = Enclave {
        flags: 5 | 1 << 7,
        product: ([0xe0; 16], [0xfa; 16]),
        config: ([0xc0; 64], 4),
        ..enclave()
    };
    let quote = intel.platform(Options::default()).enclave(&started);
    let identity = |more: &str| {
        let policy = policy().replace("[sgx]\n", &format!("[sgx]\n{more}\n"));
        let verifier = verifier(&intel, false, &Levels::default(), AT, &policy);
        intel::appraise(&verifier, &quote, Some(&NONCE)).outcome(StepName::Identity)
    };
    let list = |key: &str, byte: &str, times| format!("{key} = ['{}']", byte.repeat(times));
    for (right, wrong) in [
        (
            list("isv-ext-prod-id", "e0", 16),
            list("isv-ext-prod-id", "e1", 16),
        ),
        (
            list("isv-family-id", "fa", 16),
            list("isv-family-id", "fb", 16),
        ),
        (list("config-id", "c0", 64), list("config-id", "00", 64)),
        (
            "config-svn-min = 4".to_owned(),
            "config-svn-min = 5".to_owned(),
        ),
    ] {
        assert_eq!(identity(&right), Outcome::Pass, "{right}");
        assert_eq!(identity(&wrong), Outcome::Fail, "{wrong}");
    }
}

/// The minted platform is scalable without memory integrity, static, without cached keys and hyper-threading.
#[test]
fn what_the_policy_asks_of_the_platform_must_stand_in_its_certificate() {
    let intel = Intel::new(YEARS);
    let judge = |set_up, wish: &str| {
        let options = Options {
            set_up,
            ..Options::default()
        };
        let quote = intel.platform(options).enclave(&enclave());
        let policy = policy() + &format!("[tcb]\n{wish} = true\n");
        let verifier = verifier(&intel, false, &Levels::default(), AT, &policy);
        let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
        let step = appraisal
            .step(StepName::Attributes)
            .expect("every step is there");
        let cause = step.decisive().and_then(|check| check.cause);
        (step.outcome(), cause)
    };
    let (good, bad) = ((2, [false; 3]), (1, [true; 3]));
    for (wish, slug) in [
        ("smt-off", "smt-on"),
        ("static-platform", "cached-keys"),
        ("no-cached-keys", "cached-keys"),
        ("memory-integrity", "no-memory-integrity"),
    ] {
        assert_eq!(judge(good, wish), (Outcome::Pass, None), "{wish}");
        let (outcome, cause) = judge(bad, wish);
        let cause = cause.unwrap_or_default();
        assert_eq!(outcome, Outcome::Unproven, "{wish}");
        assert_eq!(cause, format!("tee/platform-configuration#{slug}"));
    }
}
