//! Evidence of real confidential virtual machines of Azure.

use crate::support::azure::Evidence;
use crate::support::vectors::{AT, read, verifier};
use crate::support::{assert_step, outcomes};
use attest::azure::{self, Presented, TdQuote};
use attest::{Appraisal, Collateral, Instant, Kind, Outcome, Policy, Roots, StepName, Verifier};

/// What genuine evidence comes to with its nonce, where nothing is pinned, and no revocation list is at hand.
const GENUINE: &str = "structure=pass chain=pass revocation=unproven key=pass signature=pass tcb=unproven attributes=pass \
     identity=unproven freshness=pass binding=pass collateral=unproven";

fn appraise(evidence: &Evidence, nonce: Option<&[u8]>, policy: &str) -> Appraisal {
    let verifier = verifier(policy, AT).expect("vectors are at hand");
    let tpm = evidence.tpm();
    azure::appraise(
        &verifier,
        &evidence.hcl_report,
        Some(&tpm),
        &evidence.certificates,
        || None,
        nonce,
    )
}

#[test]
fn every_form_of_snp_evidence() {
    // A nonce, or the text that everybody's test uses.
    let genoa = "0218488bae25d2509232bf676f1a66a30d7372add909109b36016ef136f2938ca05475f8b46094de6b64270ea35d950f";
    let v2 = "982f5c6e45df0ed3f10b6f60b02f0c8390e281300f3805e2279c16168cd6ae9aa398f647caa2338748cd0fd9f5f819ef";
    let text = attest::crypto::hex(b"challenge");
    let cases = [("genoa", genoa), ("v0", &text), ("v1", &text), ("v2", v2)];
    for (name, nonce) in cases {
        let Some(evidence) = Evidence::read(&format!("azure/az-snp-vtpm/evidence-{name}.json"))
        else {
            return;
        };
        let nonce = attest::crypto::unhex(nonce).expect("digits");
        let appraisal = appraise(&evidence, Some(&nonce), "");
        assert_eq!(outcomes(&appraisal), GENUINE, "{name}: {appraisal:#?}");
        assert_eq!(appraisal.kind, Kind::AzureSnp);
        let mut other = nonce.clone();
        other[0] ^= 1;
        let missing = Some("tee/evidence-freshness#nonce-missing");
        assert_step(
            &appraise(&evidence, Some(&other), ""),
            StepName::Freshness,
            Outcome::Fail,
            missing,
        );
    }
}

#[test]
fn a_text_as_nonce_proves_nothing() {
    let Some(evidence) = Evidence::read("azure/az-snp-vtpm/evidence-v1.json") else {
        return;
    };
    let constant = Some("tee/evidence-freshness#constant-report-data");
    assert_step(
        &appraise(&evidence, None, ""),
        StepName::Freshness,
        Outcome::Fail,
        constant,
    );
}

#[test]
fn the_firmware_is_everybodys_and_registers_tell_the_rest() {
    let Some(evidence) = Evidence::read("azure/az-snp-vtpm/evidence-v2.json") else {
        return;
    };
    let measurement = "5b0ce64ad1c1f6375dbda5f760b98526ca1bcf91b8195091afc28e7b024251d68fe32e05af34048d6607678cd23283ff";
    let firmware = format!("[snp]\nmeasurement = [\"{measurement}\"]\n");
    let shared = Some("tee/code-identity#shared-firmware-measurement");
    assert_step(
        &appraise(&evidence, None, &firmware),
        StepName::Identity,
        Outcome::Unproven,
        shared,
    );
    let boot_loader = attest::crypto::hex(&evidence.pcrs[4]);
    let pinned = format!("{firmware}[vtpm.pcr]\n4 = [\"{boot_loader}\"]\n");
    assert_step(
        &appraise(&evidence, None, &pinned),
        StepName::Identity,
        Outcome::Pass,
        None,
    );
    let other = format!("{firmware}[vtpm.pcr]\n4 = [\"{}\"]\n", "00".repeat(32));
    let not_ours = Some("tee/code-identity#not-your-code");
    assert_step(
        &appraise(&evidence, None, &other),
        StepName::Identity,
        Outcome::Fail,
        not_ours,
    );
}

#[test]
fn another_machines_quote_is_noticed() {
    let Some(evidence) = Evidence::read("azure/az-snp-vtpm/evidence-v2.json") else {
        return;
    };
    let mut swapped =
        Evidence::read("azure/az-snp-vtpm/evidence-v1.json").expect("a file beside it");
    swapped.hcl_report = evidence.hcl_report;
    let unbound = Some("tee/channel-binding#vtpm-unbound");
    assert_step(
        &appraise(&swapped, None, ""),
        StepName::Binding,
        Outcome::Fail,
        unbound,
    );
}

#[test]
fn changed_registers_and_runtime_data_are_noticed() {
    let Some(mut evidence) = Evidence::read("azure/az-snp-vtpm/evidence-v2.json") else {
        return;
    };
    evidence.pcrs[7][0] ^= 1;
    let replayed = Some("tee/channel-binding#pcr-replay");
    assert_step(
        &appraise(&evidence, None, ""),
        StepName::Binding,
        Outcome::Fail,
        replayed,
    );
    evidence.pcrs.truncate(8);
    assert_step(
        &appraise(&evidence, None, ""),
        StepName::Binding,
        Outcome::Unproven,
        None,
    );
    // A digit of the user data: the JSON stays JSON.
    let last = evidence
        .hcl_report
        .iter()
        .rposition(|byte| *byte == b'"')
        .expect("JSON");
    evidence.hcl_report[last - 1] ^= 1;
    let unbound = Some("tee/channel-binding#vtpm-unbound");
    assert_step(
        &appraise(&evidence, None, ""),
        StepName::Binding,
        Outcome::Fail,
        unbound,
    );
}

#[test]
fn a_td_quote_stands_for_the_report_inside() {
    for name in ["v0", "v1"] {
        let Some(evidence) = Evidence::read(&format!("azure/az-tdx-vtpm/evidence-{name}.json"))
        else {
            return;
        };
        let verifier = verifier("", AT).expect("vectors are at hand");
        let mut report_data = [0; 64];
        report_data.copy_from_slice(&evidence.td_quote[568..632]);
        let appraise = |report_data| {
            let mut appraisal = Appraisal::new(Kind::TdxQuote);
            appraisal.close("the quote is not verified in this test");
            let quote = TdQuote {
                appraisal,
                report_data,
            };
            let tpm = evidence.tpm();
            let nonce: Option<&[u8]> = Some(b"challenge");
            azure::appraise(
                &verifier,
                &evidence.hcl_report,
                Some(&tpm),
                &[],
                || Some(quote),
                nonce,
            )
        };
        let appraisal = appraise(report_data);
        assert_eq!(appraisal.kind, Kind::AzureTdx);
        assert_step(&appraisal, StepName::Binding, Outcome::Pass, None);
        assert_step(&appraisal, StepName::Freshness, Outcome::Pass, None);
        report_data[0] ^= 1;
        let unbound = Some("tee/channel-binding#vtpm-unbound");
        assert_step(
            &appraise(report_data),
            StepName::Binding,
            Outcome::Fail,
            unbound,
        );
    }
}

/// The whole ladder of a real machine with TDX. Verifiers that stop at SEPT_VE_DISABLE, which Azure's paravisor leaves clear, never see
/// that the platform is out of date.
#[test]
fn a_real_td_quote_is_appraised_with_its_tpm() {
    for name in ["v0", "v1"] {
        let json = read(&format!("azure/az-tdx-vtpm/evidence-{name}.json"));
        let collateral_file = read("tdx/collateral_00806f050000_2025-02.json");
        let (Some(json), Some(collateral_file)) = (json, collateral_file) else {
            return;
        };
        let json = serde_json::from_slice(&json).expect("JSON");
        let presented = Presented::of_json(&json).expect("evidence").expect("whole");
        let mut collateral = Collateral::default();
        collateral.add(&collateral_file).expect("Intel's answers");
        let policy = Policy::parse("[tdx]\nparavisor = true\n").expect("a policy");
        let roots = Roots::pinned().expect("pinned roots");
        let verifier = Verifier::new(roots, collateral, policy, Instant(1_740_000_000));
        let appraisal = azure::appraise_presented(&verifier, &presented, Some(b"challenge"));
        let expected = "structure=pass chain=pass revocation=pass key=pass signature=pass tcb=fail attributes=pass \
             identity=unproven freshness=pass binding=pass collateral=pass";
        assert_eq!(outcomes(&appraisal), expected, "{name}: {appraisal:#?}");
        let out_of_date = Some("tee/tcb-level#out-of-date");
        assert_step(&appraisal, StepName::Tcb, Outcome::Fail, out_of_date);
        assert_eq!(appraisal.kind, Kind::AzureTdx);
    }
}

#[test]
fn a_td_report_without_a_quote_stays_unproven() {
    let Some(evidence) = Evidence::read("azure/az-tdx-vtpm/evidence-v1.json") else {
        return;
    };
    let appraisal = appraise(&evidence, Some(b"challenge"), "");
    let expected = "structure=unproven chain=unproven revocation=unproven key=unproven signature=unproven tcb=unproven \
         attributes=unproven identity=unproven freshness=pass binding=unproven collateral=unproven";
    assert_eq!(outcomes(&appraisal), expected);
}

#[test]
fn without_a_tpm_quote_the_operating_system_is_unknown() {
    let Some(evidence) = Evidence::read("azure/az-snp-vtpm/evidence-v2.json") else {
        return;
    };
    let verifier = verifier("", AT).expect("vectors are at hand");
    // The guest had put the nonce into the user data, too.
    let nonce = attest::crypto::unhex("982f5c6e45df0ed3f10b6f60b02f0c83").expect("digits");
    let appraisal = azure::appraise(
        &verifier,
        &evidence.hcl_report,
        None,
        &evidence.certificates,
        || None,
        Some(&nonce),
    );
    assert_step(&appraisal, StepName::Binding, Outcome::Unproven, None);
    assert_step(&appraisal, StepName::Freshness, Outcome::Pass, None);
}
