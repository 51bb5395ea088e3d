//! GPUs of a confidential guest.

use super::{Lab, NONCE, findings, verdicts};
use ::attest::base64;
use ::evidence::nvidia::Gpu;

const TREE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: llm, namespace: ai}\nspec:\n  runtimeClassName: kata-qemu-nvidia-gpu-snp\n  containers:\n    - name: main\n      resources: {limits: {nvidia.com/pgpu: 2}}\n";

/// What tools write of devices that were asked with one nonce.
pub(super) fn devices(gpus: &[&Gpu], nonce: [u8; 32]) -> Vec<u8> {
    let answers: Vec<(&Gpu, Vec<u8>)> =
        gpus.iter().map(|gpu| (*gpu, gpu.messages(nonce))).collect();
    listed(&answers)
}

/// The same of answers that are at hand.
pub(super) fn listed(answers: &[(&Gpu, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<String> = answers
        .iter()
        .map(|(gpu, messages)| {
            format!(
                r#"{{"arch":"HOPPER","evidence":"{}","certificate":"{}"}}"#,
                base64::encode(messages),
                base64::encode(gpu.chain().as_bytes())
            )
        })
        .collect();
    format!("[{}]", entries.join(",")).into_bytes()
}

/// What one control says of the pod.
pub(super) fn of_pod(outcome: &audit::Outcome, control: &str) -> String {
    let start = format!("{control} Pod ai/llm ");
    let verdicts = verdicts(outcome);
    let mut lines = verdicts.iter().filter_map(|line| line.strip_prefix(&start));
    lines.next().unwrap_or("silent").to_owned()
}

#[test]
fn every_piece_of_one_file_is_of_the_pod_that_names_it() {
    let lab = Lab::new();
    let (one, two) = (lab.nvidia.gpu(1), lab.nvidia.gpu(2));
    let file = [("ai_llm.json", devices(&[&one, &two], NONCE))];
    let outcome = lab.judge_files(TREE, &file, Some(&NONCE), &[]);
    assert_eq!(findings(&outcome), Vec::<String>::new());
    // Genuine and fresh, and still nothing shows in which machine they are.
    assert_eq!(of_pod(&outcome, "gpu/attestation"), "unproven");
    assert!(
        !verdicts(&outcome)
            .iter()
            .any(|line| line.contains("Untied evidence"))
    );
}
