//! SEV-SNP guests, tied by the digest of init data in HOST_DATA.

use super::{INIT_DATA, Lab, NONCE, annotation, findings, observed, verdicts};
use ::attest::{crypto, init_data};
use ::evidence::snp::Guest;
use model::Claim;

fn tree(annotation: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: scoring\n  namespace: ai\n  annotations: {{io.katacontainers.config.hypervisor.cc_init_data: {annotation}}}\nspec:\n  runtimeClassName: kata-qemu-snp\n"
    )
}

/// A guest that answers the challenge and was started with the tree's init data.
fn started() -> Guest {
    let mut guest = Guest {
        report_data: [0; 64],
        host_data: [0; 32],
    };
    guest.report_data[..32].copy_from_slice(&NONCE);
    let digest = init_data::digest(INIT_DATA, init_data::Field::HostData).expect("a digest");
    guest.host_data.copy_from_slice(&digest);
    guest
}

#[test]
fn the_digest_of_init_data_ties_and_protects() {
    let lab = Lab::new();
    let report = lab.chip.report_of(&started());
    let tree = tree(&annotation(INIT_DATA));
    let outcome = lab.judge_files(&tree, &[("node7.report", report)], Some(&NONCE), &[]);
    assert_eq!(findings(&outcome), Vec::<String>::new());
    let verdicts = verdicts(&outcome);
    for control in [
        "tee/evidence-genuine",
        "tee/code-identity",
        "tee/evidence-freshness",
        "tee/confidential-runtime",
    ] {
        let line = format!("{control} Pod ai/scoring protected");
        assert!(verdicts.contains(&line), "{line}: {verdicts:#?}");
    }
}

#[test]
fn another_digest_under_the_name_of_the_pod_is_a_finding() {
    let lab = Lab::new();
    let mut guest = started();
    guest.host_data[31] ^= 1;
    let tree = tree(&annotation(INIT_DATA));
    let file = [("ai_scoring.report", lab.chip.report_of(&guest))];
    let outcome = lab.judge_files(&tree, &file, Some(&NONCE), &[]);
    let finding = outcome
        .findings
        .iter()
        .find(|finding| finding.cause == "init-data-mismatch")
        .expect("it is found");
    let held = crypto::hex(&guest.host_data);
    assert_eq!(finding.witnesses[0].value, model::Shown::Plain(held.into()));
    // Under a name that says nothing it is tied to nobody.
    let file = [("node7.report", lab.chip.report_of(&guest))];
    let outcome = lab.judge_files(&tree, &file, Some(&NONCE), &[]);
    let untied = "tee/evidence-genuine Untied evidence node7.report protected";
    assert!(verdicts(&outcome).contains(&untied.to_owned()));
    let runtime = observed(&outcome, "tee/confidential-runtime");
    assert!(matches!(runtime, Some(Claim::Unproven(..))), "{runtime:#?}");
}

#[test]
fn an_image_that_nobody_verifies_stays_a_finding_beside_good_evidence() {
    let lab = Lab::new();
    let tree = format!(
        "{}  containers: [{{name: main, image: 'scoring:1'}}]\n",
        tree(&annotation(INIT_DATA))
    );
    let file = [("ai_scoring.report", lab.chip.report_of(&started()))];
    let outcome = lab.judge_files(&tree, &file, Some(&NONCE), &[]);
    let findings = findings(&outcome);
    let verdicts = verdicts(&outcome);
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with("tee/confidential-runtime#image-unsigned")),
        "{findings:#?} {verdicts:#?}"
    );
}
