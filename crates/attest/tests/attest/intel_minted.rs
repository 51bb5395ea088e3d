//! Quotes under a root of the tests: what no real platform at hand shows.

use crate::minted::{NONCE, Open, domain, enclave, open, policy, roots, sgx, verifier};
use evidence::intel::{AT, Intel, Levels, Options, Platform, TrustDomain, YEARS};
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, StepName, Verdict, Verifier, intel,
};

#[test]
fn all_shown_is_protected() {
    let appraisal = sgx(Options::default(), &Levels::default());
    assert_eq!(open(&appraisal), []);
    assert_eq!(appraisal.verdict(), Verdict::Protected);

    let intel = Intel::new(YEARS);
    let platform = intel.platform(Options::default());
    let verifier = verifier(&intel, true, &Levels::default(), AT, &policy());
    for quote in [
        platform.trust_domain(&domain()),
        platform.trust_domain_1_5(&domain(), domain().tcb_svn),
    ] {
        let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
        assert_eq!(open(&appraisal), []);
        assert_eq!(appraisal.verdict(), Verdict::Protected);
    }
}

#[test]
fn platforms_are_refused_at_the_right_step() {
    let usual = Options::default;
    let (chain, key, tcb) = (StepName::Chain, StepName::Key, StepName::Tcb);
    let cases: [(&str, Options, &[Open]); 6] = [
        (
            "a PCK certificate that has ended",
            Options {
                window: (YEARS.0, AT - 1),
                ..usual()
            },
            &[(
                chain,
                Outcome::Fail,
                "tee/evidence-genuine#expired-at-evidence-time",
            )],
        ),
        (
            "another maker's quoting enclave",
            Options {
                is_known_qe: false,
                ..usual()
            },
            &[(
                key,
                Outcome::Fail,
                "tee/evidence-genuine#qe-identity-mismatch",
            )],
        ),
        (
            "a report about another key",
            Options {
                other_key: true,
                ..usual()
            },
            &[(
                key,
                Outcome::Fail,
                "tee/evidence-genuine#qe-identity-mismatch",
            )],
        ),
        (
            "old firmware",
            Options {
                component_svn: 7,
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#out-of-date")],
        ),
        (
            "firmware below all levels",
            Options {
                component_svn: 4,
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#below-lowest")],
        ),
        (
            "an old quoting enclave",
            Options {
                qe_svn: 7,
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#out-of-date")],
        ),
    ];
    for (what, options, expected) in cases {
        let appraisal = sgx(options, &Levels::default());
        assert_eq!(open(&appraisal), expected, "{what}");
        assert_eq!(appraisal.verdict(), Verdict::Exposed, "{what}");
    }
}

#[test]
fn collateral_decides_revocation_and_levels() {
    let usual = Levels::default;
    let (revocation, tcb, collateral) = (StepName::Revocation, StepName::Tcb, StepName::Collateral);
    let revoked = "tee/evidence-genuine#revoked";
    let past = (AT - 20_000_000, AT - 10_000_000);
    let cases: [(&str, Levels<'_>, &[Open]); 10] = [
        (
            "collateral of two rounds of advisories",
            Levels {
                evaluations: (20, 19),
                ..usual()
            },
            &[(
                collateral,
                Outcome::Unproven,
                "tee/collateral-freshness#evaluation-mismatch",
            )],
        ),
        (
            "a revoked platform",
            Levels {
                revoked: &[100],
                ..usual()
            },
            &[(revocation, Outcome::Fail, revoked)],
        ),
        (
            "a revoked authority",
            Levels {
                revoked_authorities: &[2],
                ..usual()
            },
            &[(revocation, Outcome::Fail, revoked)],
        ),
        (
            "a revoked signer of collateral",
            Levels {
                revoked_authorities: &[3],
                ..usual()
            },
            &[(revocation, Outcome::Fail, revoked)],
        ),
        (
            "stale lists",
            Levels {
                lists: past,
                ..usual()
            },
            &[
                (
                    revocation,
                    Outcome::Unproven,
                    "tee/evidence-genuine#revocation-unknown",
                ),
                (
                    collateral,
                    Outcome::Fail,
                    "tee/collateral-freshness#expired",
                ),
            ],
        ),
        (
            "a stale TCB info",
            Levels {
                window: past,
                ..usual()
            },
            &[(
                collateral,
                Outcome::Fail,
                "tee/collateral-freshness#expired",
            )],
        ),
        (
            "a level that Intel revoked",
            Levels {
                status: "Revoked",
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#revoked-level")],
        ),
        (
            "mitigations in code",
            Levels {
                status: "SWHardeningNeeded",
                ..usual()
            },
            &[(tcb, Outcome::Unproven, "tee/tcb-level#hardening-needed")],
        ),
        (
            "a state that this version does not know",
            Levels {
                status: "Peculiar",
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#out-of-date")],
        ),
        (
            "a revoked quoting enclave",
            Levels {
                qe_status: "Revoked",
                ..usual()
            },
            &[(tcb, Outcome::Fail, "tee/tcb-level#revoked-level")],
        ),
    ];
    for (what, levels, expected) in cases {
        assert_eq!(open(&sgx(Options::default(), &levels)), expected, "{what}");
    }
}

#[test]
fn another_root_of_the_same_name_is_refused() {
    let (ours, theirs) = (Intel::new(YEARS), Intel::new(YEARS));
    let quote = theirs.platform(Options::default()).enclave(&enclave());
    let verifier = verifier(&ours, false, &Levels::default(), AT, &policy());
    let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_eq!(appraisal.verdict(), Verdict::Exposed);
}

#[test]
fn the_chain_of_another_platform_is_refused() {
    let intel = Intel::new(YEARS);
    let [one, other] = [100, 101].map(|serial| {
        intel.platform(Options {
            serial,
            ..Options::default()
        })
    });
    let verifier = verifier(&intel, false, &Levels::default(), AT, &policy());
    // Header and body of one, everything behind them of the other.
    let mut quote = one.enclave(&enclave());
    let behind = other.enclave(&enclave());
    quote.splice(432.., behind[432..].iter().copied());
    // The bodies are the same, so the other platform's signature holds: this is the other one's quote, and genuine.
    assert_eq!(
        intel::appraise(&verifier, &quote, Some(&NONCE)).verdict(),
        Verdict::Protected
    );
    // The signature of one, the key and the chain of the other. Chains differ in length, so the size is the other one's.
    let mixed = |from: usize| {
        let own = one.enclave(&enclave());
        [
            &own[..432],
            &behind[432..436],
            &own[436..from],
            &behind[from..],
        ]
        .concat()
    };
    let quote = mixed(500);
    let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Fail);
    // The key of one, the quoting enclave and chain of the other.
    let quote = mixed(564);
    let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
    assert_eq!(appraisal.outcome(StepName::Key), Outcome::Fail);
}

#[test]
fn what_is_not_at_hand_is_unproven() {
    let intel = Intel::new(YEARS);
    let quote = intel.platform(Options::default()).enclave(&enclave());
    let verifier = Verifier::new(
        roots(&intel),
        Collateral::default(),
        Policy::parse(&policy()).expect("a policy"),
        Instant(AT),
    );
    let appraisal = intel::appraise(&verifier, &quote, Some(&NONCE));
    let unproven: Vec<StepName> = open(&appraisal)
        .into_iter()
        .map(|(step, outcome, _)| {
            assert_eq!(outcome, Outcome::Unproven, "{step}");
            step
        })
        .collect();
    assert_eq!(
        unproven,
        [
            StepName::Revocation,
            StepName::Key,
            StepName::Tcb,
            StepName::Collateral
        ]
    );
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
}

/// A trust domain, what its module was updated to, and what stays open.
type Domain = (&'static str, TrustDomain, Option<[u8; 16]>, &'static [Open]);

fn tdx(
    platform: &Platform,
    intel: &Intel,
    domain: &TrustDomain,
    now: Option<[u8; 16]>,
) -> Appraisal {
    let quote = match now {
        Some(now) => platform.trust_domain_1_5(domain, now),
        None => platform.trust_domain(domain),
    };
    let verifier = verifier(intel, true, &Levels::default(), AT, &policy());
    intel::appraise(&verifier, &quote, Some(&NONCE))
}

#[test]
fn trust_domains_and_their_module() {
    let intel = Intel::new(YEARS);
    let platform = intel.platform(Options::default());
    let mut old = domain();
    old.tcb_svn[0] = 3;
    let mut unknown = domain();
    unknown.tcb_svn[1] = 9;
    let with = |attributes| TrustDomain {
        attributes,
        ..domain()
    };
    let new = Some(domain().tcb_svn);
    let cases: [Domain; 6] = [
        (
            "an old module",
            old,
            None,
            &[(StepName::Tcb, Outcome::Fail, "tee/tcb-level#out-of-date")],
        ),
        (
            "an old module that was updated under the domain",
            old,
            new,
            &[(
                StepName::Tcb,
                Outcome::Unproven,
                "tee/tcb-level#relaunch-advised",
            )],
        ),
        (
            "a module that Intel does not list",
            unknown,
            None,
            &[(
                StepName::Tcb,
                Outcome::Fail,
                "tee/guest-attributes#module-unknown",
            )],
        ),
        (
            "debug",
            with(1 << 28 | 1),
            None,
            &[(
                StepName::Attributes,
                Outcome::Fail,
                "tee/debug-mode#tdx-debug",
            )],
        ),
        (
            "a migratable domain",
            with(1 << 28 | 1 << 29),
            None,
            &[(
                StepName::Attributes,
                Outcome::Fail,
                "tee/guest-attributes#migratable",
            )],
        ),
        (
            "exceptions that the host aims, of known code",
            with(0),
            None,
            &[(
                StepName::Attributes,
                Outcome::Unproven,
                "tee/guest-attributes#sept-ve-enabled",
            )],
        ),
    ];
    for (what, domain, now, expected) in cases {
        assert_eq!(
            open(&tdx(&platform, &intel, &domain, now)),
            expected,
            "{what}"
        );
    }
}
