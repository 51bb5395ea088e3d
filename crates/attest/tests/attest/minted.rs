//! What the tests of minted quotes share: a policy for the usual code, and verifiers.

use evidence::intel::{AT, Enclave, Intel, Levels, Options, TrustDomain, YEARS};
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, intel,
};

/// A step that did not pass: its outcome, and the cause of the check that decided.
pub(crate) type Open = (StepName, Outcome, &'static str);

pub(crate) const NONCE: [u8; 32] = [0x4e; 32];

/// Pins everything of the default enclave and the default trust domain.
pub(crate) fn policy() -> String {
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

pub(crate) fn answering() -> [u8; 64] {
    let mut data = [0; 64];
    data[..32].copy_from_slice(&NONCE);
    data
}

pub(crate) fn enclave() -> Enclave {
    Enclave {
        report_data: answering(),
        ..Enclave::default()
    }
}

pub(crate) fn domain() -> TrustDomain {
    TrustDomain {
        report_data: answering(),
        ..TrustDomain::default()
    }
}

pub(crate) fn roots(intel: &Intel) -> Roots {
    Roots {
        intel: vec![Certificate::from_der(intel.root()).expect("the test's root")],
        amd: Vec::new(),
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    }
}

pub(crate) fn verifier(
    intel: &Intel,
    is_tdx: bool,
    levels: &Levels<'_>,
    at: i64,
    policy: &str,
) -> Verifier {
    let mut collateral = Collateral::default();
    collateral
        .add(intel.collateral(is_tdx, levels).as_bytes())
        .expect("collateral");
    let policy = Policy::parse(policy).expect("a policy");
    Verifier::new(roots(intel), collateral, policy, Instant(at))
}

/// The steps that neither passed nor do not apply.
pub(crate) fn open(appraisal: &Appraisal) -> Vec<Open> {
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
pub(crate) fn sgx(options: Options, levels: &Levels<'_>) -> Appraisal {
    let intel = Intel::new(YEARS);
    let quote = intel.platform(options).enclave(&enclave());
    let verifier = verifier(&intel, false, levels, AT, &policy());
    intel::appraise(&verifier, &quote, Some(&NONCE))
}
