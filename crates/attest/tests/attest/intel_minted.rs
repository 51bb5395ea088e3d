//! Quotes under a root of the tests: what no real platform at hand shows.

use evidence::intel::{AT, Enclave, Intel, Levels, Options, Platform, TrustDomain, YEARS};
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verdict, Verifier, intel,
};

/// A step that did not pass: its outcome, and the cause of the check that decided.
type Open = (StepName, Outcome, &'static str);

const NONCE: [u8; 32] = [0x4e; 32];

/// Pins everything of the default enclave and the default trust domain.
fn policy() -> String {
    let digits = |byte: &str, count: usize| byte.repeat(count);
    format!(
        "[sgx]\nmr-enclave = ['{}']\n[tdx]\nmr-td = ['{}']\nrtmr0 = ['{}']\nrtmr1 = ['{}']\nrtmr2 = ['{}']\nrtmr3 = ['{}']\n",
        digits("e1", 32),
        digits("d1", 48),
        digits("a0", 48),
        digits("a1", 48),
        digits("a2", 48),
        digits("a3", 48),
    )
}

fn answering() -> [u8; 64] {
    let mut data = [0; 64];
    data[..32].copy_from_slice(&NONCE);
    data
}

fn enclave() -> Enclave {
    Enclave {
        report_data: answering(),
        ..Enclave::default()
    }
}

fn domain() -> TrustDomain {
    TrustDomain {
        report_data: answering(),
        ..TrustDomain::default()
    }
}

fn roots(intel: &Intel) -> Roots {
    Roots {
        intel: vec![Certificate::from_der(intel.root()).expect("the test's root")],
        amd: Vec::new(),
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    }
}

fn verifier(intel: &Intel, is_tdx: bool, levels: &Levels<'_>, at: i64, policy: &str) -> Verifier {
    let mut collateral = Collateral::default();
    collateral
        .add(intel.collateral(is_tdx, levels).as_bytes())
        .expect("collateral");
    let policy = Policy::parse(policy).expect("a policy");
    Verifier::new(roots(intel), collateral, policy, Instant(at))
}

/// The steps that neither passed nor do not apply.
fn open(appraisal: &Appraisal) -> Vec<Open> {
    appraisal
        .steps
        .iter()
        .filter(|step| !matches!(step.outcome(), Outcome::Pass | Outcome::NotApplicable))
        .map(|step| {
            let cause = step.decisive().and_then(|check| check.cause);
            (step.name, step.outcome(), cause.unwrap_or_default())
        })
        .collect()
}

/// An SGX quote of a platform with these options, under collateral with these levels.
fn sgx(options: Options, levels: &Levels<'_>) -> Appraisal {
    let intel = Intel::new(YEARS);
    let quote = intel.platform(options).enclave(&enclave());
    let verifier = verifier(&intel, false, levels, AT, &policy());
    intel::appraise(&verifier, &quote, Some(&NONCE))
}

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
    let cases: [(&str, Levels<'_>, &[Open]); 9] = [
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
