//! RA-TLS certificates of enclaves: the key of the channel stands in for a challenge.

use super::{Lab, findings, observed, verdicts};
use ::evidence::intel::{Enclave, YEARS};
use ::evidence::ra_tls::Endpoint;
use model::Claim;

const TREE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: kms, namespace: ai}\nspec:\n  containers:\n    - name: main\n      env: [{name: SGX_ENABLED, value: \"true\"}]\n      resources: {limits: {sgx.intel.com/enclave: 1, sgx.intel.com/epc: 1Gi}}\n";

fn quote(lab: &Lab, report_data: [u8; 64]) -> Vec<u8> {
    lab.platform.enclave(&Enclave {
        report_data,
        ..Enclave::default()
    })
}

#[test]
fn a_key_that_the_quote_holds_is_the_challenge() {
    let lab = Lab::new();
    let endpoint = Endpoint::new();
    let certificate = endpoint.certificate(&quote(&lab, endpoint.report_data()), YEARS);
    let outcome = lab.judge_files(TREE, &[("ai/kms.der", certificate)], None, &[]);
    let runtime = observed(&outcome, "tee/confidential-runtime");
    assert!(matches!(runtime, Some(Claim::Protected(_))), "{runtime:#?}");
    assert_eq!(findings(&outcome), Vec::<String>::new());
    let verdicts = verdicts(&outcome);
    for line in [
        "tee/channel-binding Pod ai/kms protected",
        "tee/confidential-runtime Pod ai/kms protected",
        // It answers no nonce: nobody says that it does.
        "tee/evidence-freshness Pod ai/kms unproven",
    ] {
        assert!(verdicts.contains(&line.to_owned()), "{line}: {verdicts:#?}");
    }
}

#[test]
fn a_quote_of_another_key_is_unbound() {
    let lab = Lab::new();
    let (endpoint, other) = (Endpoint::new(), Endpoint::new());
    let certificate = endpoint.certificate(&quote(&lab, other.report_data()), YEARS);
    let outcome = lab.judge_files(TREE, &[("ai/kms.der", certificate)], None, &[]);
    let findings = findings(&outcome);
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with("tee/channel-binding#tls-key-unbound")),
        "{findings:#?}"
    );
    // Nor does it show where the pod runs.
    let runtime = observed(&outcome, "tee/confidential-runtime");
    assert!(matches!(runtime, Some(Claim::Unproven(..))), "{runtime:#?}");
}
