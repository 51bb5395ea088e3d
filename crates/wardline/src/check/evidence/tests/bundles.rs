//! Bundles, as `wardline attest collect` writes them: several pieces of one pod in one file.

use super::gpus::{devices, listed, of_pod};
use super::{Lab, NONCE, domain, findings, verdicts};
use ::attest::bundle::{Bundle, BundledPiece, SCHEMA};
use ::attest::{base64, crypto, devices as joined};
use ::evidence::nvidia::Gpu;

const TREE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: llm, namespace: ai}\nspec: {runtimeClassName: kata-qemu-nvidia-gpu-tdx}\n";

fn piece(evidence: &[u8]) -> BundledPiece {
    BundledPiece {
        evidence: base64::encode(evidence),
        ..BundledPiece::default()
    }
}

fn bundle(pieces: Vec<BundledPiece>) -> Vec<u8> {
    let bundle = Bundle {
        schema: SCHEMA.to_owned(),
        collected_at: "2026-01-15T00:00:00Z".to_owned(),
        host: std::collections::BTreeMap::new(),
        pieces,
    };
    bundle.to_json().into_bytes()
}

#[test]
fn the_name_of_the_bundle_is_that_of_all_its_pieces() {
    let lab = Lab::new();
    let quote = lab.platform.trust_domain(&domain(&NONCE));
    let gpus = [lab.nvidia.gpu(1), lab.nvidia.gpu(2)];
    let both = devices(&[&gpus[0], &gpus[1]], NONCE);
    for file in ["ai_llm.json", "evidence/ai/llm.json"] {
        let file = [(file, bundle(vec![piece(&quote), piece(&both)]))];
        let outcome = lab.judge_files(TREE, &file, Some(&NONCE), &[]);
        assert_eq!(findings(&outcome), Vec::<String>::new());
        assert_eq!(of_pod(&outcome, "tee/confidential-runtime"), "protected");
        assert_eq!(of_pod(&outcome, "gpu/attestation"), "unproven");
        let verdicts = verdicts(&outcome);
        assert!(
            !verdicts.iter().any(|line| line.contains("Untied evidence")),
            "{verdicts:#?}"
        );
    }
}

/// A bundle of a guest that asked one GPU before its CPU, with the answer of a GPU.
fn joining(lab: &Lab, asked: &Gpu, held: &Gpu) -> Vec<u8> {
    let answer = asked.evidence(&NONCE);
    let digest = joined::digest(&answer);
    let report_data = joined::report_data(&NONCE, &[digest]).expect("a short nonce");
    let quote = lab.platform.trust_domain(&domain(&report_data));
    let of_cpu = BundledPiece {
        devices: vec![crypto::hex(&digest)],
        ..piece(&quote)
    };
    let answer = if std::ptr::eq(asked, held) {
        answer
    } else {
        held.evidence(&NONCE)
    };
    bundle(vec![of_cpu, piece(&listed(&[(held, answer)]))])
}

#[test]
fn a_gpu_that_the_cpu_speaks_for_is_protected() {
    let lab = Lab::new();
    let (own, other) = (lab.nvidia.gpu(1), lab.nvidia.gpu(2));
    let judge = |held: &Gpu| {
        let file = [("ai_llm.json", joining(&lab, &own, held))];
        lab.judge_files(TREE, &file, Some(&NONCE), &[])
    };
    let outcome = judge(&own);
    assert_eq!(findings(&outcome), Vec::<String>::new());
    let verdicts = verdicts(&outcome);
    assert!(
        verdicts.iter().all(|line| line.ends_with(" protected")),
        "{verdicts:#?}"
    );
    assert_eq!(of_pod(&outcome, "gpu/attestation"), "protected");
    // The answer of another GPU to the same nonce, in the place of its own.
    let findings = findings(&judge(&other));
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with("gpu/attestation#not-joined-to-cpu")),
        "{findings:#?}"
    );
}

#[test]
fn a_label_inside_the_file_ties_only_where_its_name_does_not() {
    let lab = Lab::new();
    let quote = base64::encode(&lab.platform.trust_domain(&domain(&NONCE)));
    let tree = format!("{TREE}---\n{}", TREE.replace("llm", "other"));
    let file = |name: &'static str| {
        let json = format!(r#"{{"llm": {{"quote": "{quote}"}}}}"#);
        [(name, json.into_bytes())]
    };
    let outcome = lab.judge_files(&tree, &file("collected.json"), Some(&NONCE), &[]);
    assert_eq!(of_pod(&outcome, "tee/evidence-genuine"), "protected");
    // Whoever made the file chose what stands in it.
    let outcome = lab.judge_files(&tree, &file("ai_other.json"), Some(&NONCE), &[]);
    assert_eq!(of_pod(&outcome, "tee/evidence-genuine"), "silent");
    let of_other = "tee/evidence-genuine Pod ai/other protected".to_owned();
    assert!(verdicts(&outcome).contains(&of_other));
}
