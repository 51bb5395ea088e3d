//! Bundles, as `wardline attest collect` writes them: several pieces of one pod in one file.

use super::gpus::{devices, of_pod};
use super::{Lab, NONCE, domain, findings, verdicts};
use ::attest::base64;
use ::attest::bundle::{Bundle, BundledPiece, SCHEMA};

const TREE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: llm, namespace: ai}\nspec: {runtimeClassName: kata-qemu-nvidia-gpu-tdx}\n";

fn bundle(pieces: &[&[u8]]) -> Vec<u8> {
    let pieces = pieces.iter().map(|evidence| BundledPiece {
        evidence: base64::encode(evidence),
        ..BundledPiece::default()
    });
    let bundle = Bundle {
        schema: SCHEMA.to_owned(),
        collected_at: "2026-01-15T00:00:00Z".to_owned(),
        host: std::collections::BTreeMap::new(),
        pieces: pieces.collect(),
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
        let file = [(file, bundle(&[&quote, &both]))];
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
