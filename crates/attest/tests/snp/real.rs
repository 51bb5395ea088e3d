//! Reports of real processors.

use crate::support::vectors::{AT, certificates, read, verifier};
use crate::support::{assert_step, outcomes};
use attest::{Appraisal, Instant, Outcome, StepName, Verdict, snp};

/// What genuine evidence comes to where nothing is pinned, and no revocation list is at hand.
const GENUINE: &str = "structure=pass chain=pass revocation=unproven key=pass signature=pass tcb=unproven attributes=pass \
     identity=unproven freshness=unproven binding=n/a collateral=unproven";

/// Appraises a report with a key's certificate. `None` without vectors.
fn appraise(report: &str, key: &str, policy: &str, at: Instant) -> Option<Appraisal> {
    let verifier = verifier(policy, at)?;
    let mut bytes = read(report)?;
    if report.ends_with(".hex") {
        let text = String::from_utf8(bytes).expect("digits");
        bytes = attest::crypto::unhex(text.trim()).expect("digits");
    }
    let appraisal = snp::appraise(&verifier, &bytes, &certificates(key)?, None);
    Some(appraisal)
}

#[test]
fn milan_version_2() {
    let (report, key) = ("snp/virtee/report_milan.hex", "snp/virtee/vcek_milan.der");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_eq!(outcomes(&appraisal), GENUINE);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
    let step = appraisal.step(StepName::Chain).expect("a step");
    let names = step.checks.first().map(|check| &*check.value);
    assert_eq!(names, Some("SEV-VCEK <- SEV-Milan <- ARK-Milan"));
}

#[test]
fn milan_with_a_floor_and_pinned_code() {
    let measurement = "7a1e5c266c0108dbc9bb94fa926951320940915d0aafb42464bd88b579ea158d3e1a0dc39b2c60bd95b9c480cd81841f";
    let policy = format!(
        "[snp]\nmeasurement = [\"{measurement}\"]\n[snp.tcb-min.milan]\nsnp = 8\nmicrocode = 115\n"
    );
    let (report, key) = ("snp/virtee/report_milan.hex", "snp/virtee/vcek_milan.der");
    let Some(appraisal) = appraise(report, key, &policy, AT) else {
        return;
    };
    assert_step(&appraisal, StepName::Identity, Outcome::Pass, None);
    assert_step(&appraisal, StepName::Tcb, Outcome::Pass, None);
    let newer = policy.replace("115", "209");
    let appraisal = appraise(report, key, &newer, AT).expect("the same files");
    let cause = Some("tee/tcb-level#committed-below-floor");
    assert_step(&appraisal, StepName::Tcb, Outcome::Fail, cause);
}

#[test]
fn milan_with_firmware_that_is_not_committed() {
    let (report, key) = ("snp/test-report.bin", "snp/test-vcek.der");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_eq!(outcomes(&appraisal), GENUINE);
    let cause = Some("tee/tcb-level#committed-below-floor");
    assert_step(&appraisal, StepName::Tcb, Outcome::Unproven, cause);
    let policy = "[snp]\nprovisional-firmware = true\n[snp.tcb-min.milan]\n";
    let appraisal = appraise(report, key, policy, AT).expect("the same files");
    assert_step(&appraisal, StepName::Tcb, Outcome::Pass, None);
}

#[test]
fn milan_version_3_with_a_key_of_a_provider() {
    let (report, key) = ("snp/test-vlek-report.bin", "snp/test-vlek.der");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_eq!(outcomes(&appraisal), GENUINE);
    let level = appraisal
        .step(StepName::Identity)
        .and_then(|step| step.checks.iter().find(|check| check.what == "VMPL"))
        .expect("a check");
    assert_eq!(level.outcome, Outcome::Unproven);
    assert_eq!(level.cause, Some("tee/code-identity#wrong-vmpl"));
    // The key lives for a year.
    let today = Instant(1_780_000_000);
    let appraisal = appraise(report, key, "", today).expect("the same files");
    let cause = Some("tee/evidence-genuine#expired-at-evidence-time");
    assert_step(&appraisal, StepName::Chain, Outcome::Fail, cause);
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
}

#[test]
fn genoa_version_3() {
    let (report, key) = ("snp/azure-genoa-report.bin", "snp/azure-genoa-vcek.pem");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_eq!(outcomes(&appraisal), GENUINE);
}

#[test]
fn genuine_but_debuggable() {
    let (report, key) = (
        "snp/go-sev-guest/attestation.bin",
        "snp/go-sev-guest/vcek.testcer",
    );
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    let expected = GENUINE.replace("attributes=pass", "attributes=fail");
    assert_eq!(outcomes(&appraisal), expected);
    let cause = Some("tee/debug-mode#snp-debug");
    assert_step(&appraisal, StepName::Attributes, Outcome::Fail, cause);
    assert_eq!(appraisal.verdict(), Verdict::Exposed);
}

#[test]
fn forged_certificates() {
    for key in [
        "snp/test-vcek-invalid-legacy.der",
        "snp/test-vcek-invalid-new.der",
    ] {
        let Some(appraisal) = appraise("snp/test-report.bin", key, "", AT) else {
            return;
        };
        let bad = Some("tee/evidence-genuine#bad-signature");
        assert_step(&appraisal, StepName::Chain, Outcome::Fail, bad);
        assert_step(&appraisal, StepName::Signature, Outcome::Fail, bad);
        let mismatch = Some("tee/evidence-genuine#snp-key-mismatch");
        assert_step(&appraisal, StepName::Key, Outcome::Fail, mismatch);
    }
}

#[test]
fn another_chips_key() {
    let (report, key) = ("snp/test-report.bin", "snp/virtee/vcek_milan.der");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
    let mismatch = Some("tee/evidence-genuine#snp-key-mismatch");
    assert_step(&appraisal, StepName::Key, Outcome::Fail, mismatch);
    let bad = Some("tee/evidence-genuine#bad-signature");
    assert_step(&appraisal, StepName::Signature, Outcome::Fail, bad);
}

#[test]
fn turin_key_leads_to_the_root_of_turin() {
    let (report, key) = ("snp/test-report.bin", "snp/virtee/vcek_turin.der");
    let Some(appraisal) = appraise(report, key, "", AT) else {
        return;
    };
    assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
    let names = &appraisal.step(StepName::Chain).expect("a step").checks;
    let names = names.first().map(|check| &*check.value);
    assert_eq!(names, Some("SEV-VCEK <- SEV-Turin <- ARK-Turin"));
}

#[test]
fn a_report_that_another_tool_took_apart() {
    let Some(verifier) = verifier("", AT) else {
        return;
    };
    let file = read("snp/trustee-e2e-evidence.json").expect("a file beside the others");
    let evidence: serde_json::Value = serde_json::from_slice(&file).expect("JSON");
    let report = snp::report_of_json(&evidence["attestation_report"])
        .expect("a report")
        .expect("all fields");
    let key = certificates("snp/trustee-e2e-genoa-vcek.der").expect("a file beside the others");
    let appraisal = snp::appraise(&verifier, &report, &key, None);
    assert_eq!(outcomes(&appraisal), GENUINE);
}

#[test]
fn without_a_certificate_the_address_of_one_is_named() {
    let Some(verifier) = verifier("", AT) else {
        return;
    };
    let report = read("snp/azure-genoa-report.bin").expect("a file beside the others");
    let appraisal = snp::appraise(&verifier, &report, &[], None);
    for step in [
        StepName::Chain,
        StepName::Signature,
        StepName::Revocation,
        StepName::Collateral,
    ] {
        assert_eq!(appraisal.outcome(step), Outcome::Unproven);
    }
    let key = appraisal.step(StepName::Key).expect("a step").decisive();
    let detail = key.map_or("", |check| &*check.detail);
    assert!(
        detail.contains("kdsintf.amd.com/vcek/v1/Genoa/0506ffba"),
        "{detail}"
    );
    assert!(
        detail.ends_with("blSPL=10&teeSPL=0&snpSPL=23&ucodeSPL=84"),
        "{detail}"
    );
}
