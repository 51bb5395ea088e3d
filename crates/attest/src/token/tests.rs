use super::*;
use crate::step::{Outcome, StepName};
use crate::{Appraisal, Collateral, Instant, Kind, Policy, Roots, Verdict, Verifier, base64};
use serde_json::{Value, json};

const AT: i64 = 1_750_000_000;

fn token(algorithm: &str, claims: &Value) -> String {
    let part = |value: &Value| {
        let text = base64::encode(value.to_string().as_bytes());
        text.trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_")
    };
    let header = json!({"alg": algorithm, "typ": "JWT"});
    format!("{}.{}.c2lnbmF0dXJl", part(&header), part(claims))
}

fn judge(text: &str, nonce: Option<&[u8]>) -> Appraisal {
    let verifier = Verifier::new(
        Roots::pinned().unwrap(),
        Collateral::default(),
        Policy::default(),
        Instant(AT),
    );
    appraise(&verifier, text, nonce)
}

fn cause(appraisal: &Appraisal, step: StepName) -> Option<&'static str> {
    appraisal.step(step).unwrap().decisive().unwrap().cause
}

fn overall() -> Value {
    json!({
        "iss": "https://nras.attestation.nvidia.com", "exp": AT + 60, "nbf": AT - 60, "iat": AT - 60,
        "x-nvidia-overall-att-result": true, "eat_nonce": "07070707"
    })
}

fn gpu() -> Value {
    json!({
        "iss": "https://nras.attestation.nvidia.com", "exp": AT + 60, "iat": AT - 60,
        "eat_nonce": "07070707", "measres": "success", "dbgstat": "disabled", "secboot": true,
        "hwmodel": "GH100 A01 GSP BROM", "x-nvidia-gpu-driver-version": "550.90.07",
        "x-nvidia-gpu-attestation-report-signature-verified": true,
        "x-nvidia-gpu-attestation-report-nonce-match": true,
        "x-nvidia-gpu-attestation-report-cert-chain":
            {"x-nvidia-cert-status": "valid", "x-nvidia-cert-ocsp-status": "good"}
    })
}

fn answer(overall: &Value, gpu: &Value) -> String {
    json!([["JWT", token("ES384", overall)], {"GPU-0": token("ES384", gpu)}]).to_string()
}

#[test]
fn a_good_answer_of_nvidia_is_claims_and_proves_nothing() {
    let appraisal = judge(&answer(&overall(), &gpu()), Some(&[7; 4]));
    assert_eq!(appraisal.kind, Kind::Token);
    for step in &appraisal.steps {
        let expected = match step.name {
            StepName::Structure | StepName::Collateral => Outcome::Pass,
            StepName::Binding => Outcome::NotApplicable,
            _ => Outcome::Unproven,
        };
        assert_eq!(step.outcome(), expected, "{step:#?}");
    }
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
    let claim = appraisal
        .claims
        .iter()
        .find(|claim| claim.name == "measres");
    assert_eq!(claim.unwrap().value, "success (GPU-0: measres)");
}

#[test]
fn what_nvidia_admits_fails_at_its_step() {
    for (name, value, step) in [
        ("measres", json!("fail"), StepName::Identity),
        ("measres", json!(null), StepName::Identity),
        ("dbgstat", json!("enabled"), StepName::Attributes),
        ("secboot", json!(false), StepName::Attributes),
        ("secboot", json!(null), StepName::Attributes),
        (
            "x-nvidia-gpu-attestation-report-signature-verified",
            json!(false),
            StepName::Key,
        ),
        (
            "x-nvidia-gpu-attestation-report-nonce-match",
            json!(false),
            StepName::Freshness,
        ),
        (
            "x-nvidia-gpu-driver-rim-fetched",
            json!(false),
            StepName::Identity,
        ),
        (
            "x-nvidia-gpu-attestation-report-cert-chain",
            json!({"x-nvidia-cert-ocsp-status": "revoked"}),
            StepName::Revocation,
        ),
        ("eat_nonce", json!("08080808"), StepName::Freshness),
        ("exp", json!(AT - 1), StepName::Collateral),
        ("iat", json!(AT + 30), StepName::Collateral),
    ] {
        let mut gpu = gpu();
        gpu[name] = value;
        let appraisal = judge(&answer(&overall(), &gpu), Some(&[7; 4]));
        assert_eq!(appraisal.outcome(step), Outcome::Fail, "{name}");
        assert_eq!(
            cause(&appraisal, step),
            Some("gpu/attestation#token-claims"),
            "{name}"
        );
        assert_eq!(appraisal.verdict(), Verdict::Exposed, "{name}");
    }
    let mut overall = overall();
    overall["x-nvidia-overall-att-result"] = json!(false);
    let appraisal = judge(&answer(&overall, &gpu()), None);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Fail);
}

#[test]
fn a_token_that_nobody_signed_fails() {
    let signed = token("ES384", &gpu());
    let (content, _) = signed.rsplit_once('.').unwrap();
    for text in [
        token("none", &gpu()),
        token("None", &gpu()),
        token("", &gpu()),
        format!("{content}."),
    ] {
        let appraisal = judge(&text, None);
        assert_eq!(
            appraisal.outcome(StepName::Signature),
            Outcome::Fail,
            "{text}"
        );
        assert_eq!(
            cause(&appraisal, StepName::Signature),
            Some("tee/evidence-genuine#bad-signature")
        );
    }
    let shared = judge(&token("HS256", &gpu()), None);
    assert_eq!(shared.outcome(StepName::Signature), Outcome::Unproven);
}

#[test]
fn trustees_results_are_read_for_each_part() {
    let ear = |cpu: &str, gpu: &str, debug: bool| {
        json!({
            "eat_profile": "tag:github.com,2024:confidential-containers/Trustee", "exp": AT + 9, "iat": AT - 9,
            "submods": {
                "cpu0": {"ear.status": cpu, "ear.trustworthiness-vector": {"executables": 3},
                    "ear.veraison.annotated-evidence": {"snp": {"policy_debug_allowed": debug, "measurement": "ab"}}},
                "gpu0": {"ear.status": gpu}
            }
        })
    };
    let judged = |cpu, gpu, debug| judge(&token("ES256", &ear(cpu, gpu, debug)), None);
    let good = judged("affirming", "affirming", false);
    assert_eq!(good.verdict(), Verdict::Unproven);
    assert_eq!(good.outcome(StepName::Identity), Outcome::Unproven);
    assert!(good.claims.iter().any(|claim| claim.name == "measurement"));

    let cpu = judged("contraindicated", "affirming", false);
    assert_eq!(
        cause(&cpu, StepName::Identity),
        Some("tee/code-identity#not-your-code")
    );
    let gpu = judged("affirming", "contraindicated", false);
    assert_eq!(
        cause(&gpu, StepName::Identity),
        Some("gpu/attestation#token-claims")
    );
    // NVIDIA's claims inside, and a flag inside a list.
    for (inner, expected) in [
        (json!({"nvidia": {"measres": "fail"}}), StepName::Identity),
        (json!({"tdx": {"dbgstat": "enabled"}}), StepName::Attributes),
        (
            json!({"all": [{"tdx_is_debuggable": true}]}),
            StepName::Attributes,
        ),
    ] {
        let mut claims = ear("affirming", "affirming", false);
        claims["submods"]["gpu0"]["ear.veraison.annotated-evidence"] = inner;
        let appraisal = judge(&token("ES256", &claims), None);
        assert_eq!(appraisal.outcome(expected), Outcome::Fail, "{claims}");
    }
    let debug = judged("affirming", "affirming", true);
    assert_eq!(debug.outcome(StepName::Attributes), Outcome::Fail);
    assert_eq!(
        cause(&debug, StepName::Attributes),
        Some("tee/debug-mode#snp-debug")
    );
}

#[test]
fn intel_and_microsoft_say_debug_and_levels() {
    let intel = |debug: bool, level: &str| {
        let claims = json!({
            "iss": "https://portal.trustauthority.intel.com", "exp": AT + 9, "iat": AT - 9,
            "tdx": {"tdx_is_debuggable": debug, "attester_tcb_status": level}, "policy_ids_unmatched": []
        });
        let text = json!({"token": token("PS384", &claims)}).to_string();
        judge(&text, None)
    };
    assert_eq!(intel(false, "UpToDate").verdict(), Verdict::Unproven);
    let debug = intel(true, "UpToDate");
    assert_eq!(
        cause(&debug, StepName::Attributes),
        Some("tee/debug-mode#tdx-debug")
    );
    let old = intel(false, "OutOfDate");
    assert_eq!(
        cause(&old, StepName::Tcb),
        Some("tee/tcb-level#out-of-date")
    );
    let revoked = intel(false, "Revoked");
    assert_eq!(
        cause(&revoked, StepName::Tcb),
        Some("tee/tcb-level#revoked-level")
    );

    let azure = |debug: Value| {
        let claims = json!({
            "iss": "https://shared.neu.attest.azure.net", "exp": AT + 9, "nbf": AT - 9,
            "x-ms-attestation-type": "azurevm",
            "x-ms-isolation-tee": {"x-ms-attestation-type": "sevsnpvm", "x-ms-sevsnpvm-is-debuggable": debug,
                "x-ms-compliance-status": "azure-compliant-cvm"}
        });
        judge(&token("RS256", &claims), None)
    };
    assert_eq!(azure(json!(false)).verdict(), Verdict::Unproven);
    for on in [json!(true), json!("true"), json!(1)] {
        let appraisal = azure(on);
        assert_eq!(
            cause(&appraisal, StepName::Attributes),
            Some("tee/debug-mode#snp-debug")
        );
        assert_eq!(appraisal.verdict(), Verdict::Exposed);
    }
    // The whole token's type is listed, and the one inside with its place.
    let types: Vec<String> = azure(json!(false))
        .claims
        .into_iter()
        .filter(|claim| claim.name == "x-ms-attestation-type")
        .map(|claim| claim.value)
        .collect();
    assert_eq!(types.len(), 2);
}

#[test]
fn issuers_are_told_apart() {
    for (claims, issuer) in [
        (overall(), Issuer::Nvidia),
        (json!({"submods": {}}), Issuer::Trustee),
        (
            json!({"attester_tcb_status": "UpToDate"}),
            Issuer::IntelTrustAuthority,
        ),
        (json!({"x-ms-ver": "1.0"}), Issuer::AzureAttestation),
        (json!({"iss": "https://example.org"}), Issuer::Other),
    ] {
        let tokens = tokens(&token("ES384", &claims)).unwrap();
        assert_eq!(Issuer::of(&tokens[0]), issuer);
    }
}

#[test]
fn what_is_no_token_fails_at_the_structure() {
    for text in [
        "",
        "a.b",
        "a.b.c.d",
        "*.*.*",
        "[]",
        "[[\"JWT\"], {}]",
        "[[\"EAT\", \"a.b.c\"], {}]",
        "[[\"JWT\", 1], {}]",
        "{}",
        "{\"token\": 1}",
        "bnVsbA.bnVsbA.",
    ] {
        let appraisal = judge(text, None);
        assert_eq!(
            appraisal.outcome(StepName::Structure),
            Outcome::Fail,
            "{text}"
        );
        assert_eq!(
            cause(&appraisal, StepName::Structure),
            Some("tee/evidence-genuine#malformed"),
            "{text}"
        );
    }
}

#[test]
fn nesting_without_end_is_refused_by_the_parser() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(tokens(&deep).is_err());
    let part = base64::encode(format!("{{\"a\":{deep}}}").as_bytes());
    assert!(tokens(&format!("e30.{part}.x")).is_err());
}
