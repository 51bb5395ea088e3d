//! GPUs of a confidential guest.

use super::{Lab, NONCE, findings, observed, verdicts};
use ::attest::base64;
use ::evidence::nvidia::Gpu;
use ::evidence::snp::Guest;
use model::Claim;

const TREE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: llm, namespace: ai}\nspec:\n  runtimeClassName: kata-qemu-nvidia-gpu-snp\n  containers:\n    - name: main\n      resources: {limits: {nvidia.com/pgpu: 2}}\n";

/// What tools write of devices that were asked with one nonce.
pub(super) fn devices(gpus: &[&Gpu], nonce: [u8; 32]) -> Vec<u8> {
    let answers: Vec<(&Gpu, Vec<u8>)> = gpus
        .iter()
        .map(|gpu| (*gpu, gpu.evidence(&nonce)))
        .collect();
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
                base64::encode(gpu.pem().as_bytes())
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

/// Why a control does not know, at the depth of evidence.
fn open(outcome: &audit::Outcome) -> String {
    match observed(outcome, "gpu/attestation") {
        Some(Claim::Unproven(reason, _)) => reason.to_string(),
        other => panic!("{other:#?}"),
    }
}

fn guest(nonce: [u8; 32]) -> Guest {
    let mut report_data = [0; 64];
    report_data[..32].copy_from_slice(&nonce);
    Guest {
        report_data,
        host_data: [0; 32],
    }
}

#[test]
fn a_gpu_that_presents_nothing_is_not_passed_over() {
    let lab = Lab::new();
    let report = lab.chip.report_of(&guest(NONCE));
    let cpu = ("ai_llm.report", report);
    let outcome = lab.judge_files(TREE, std::slice::from_ref(&cpu), Some(&NONCE), &[]);
    assert_eq!(open(&outcome), "no evidence of its 2 GPUs was given");
    assert_eq!(of_pod(&outcome, "tee/confidential-runtime"), "protected");
    let one = lab.nvidia.gpu(1);
    // The same GPU under two names is still one.
    let answers = devices(&[&one, &one], NONCE);
    let outcome = lab.judge_files(TREE, &[cpu, ("ai_llm.json", answers)], Some(&NONCE), &[]);
    assert_eq!(
        open(&outcome),
        "llm: evidence of 1 of the 2 GPUs that it asks for"
    );
}

#[test]
fn a_gpu_that_answers_another_challenge_than_the_cpu_is_not_joined() {
    let lab = Lab::new();
    let gpu = lab.nvidia.gpu(1);
    let judge = |of_cpu, of_gpu, nonce: Option<&[u8]>| {
        let files = [
            ("ai_llm.report", lab.chip.report_of(&guest(of_cpu))),
            ("ai_llm.json", devices(&[&gpu], of_gpu)),
        ];
        let outcome = lab.judge_files(TREE, &files, nonce, &[]);
        findings(&outcome)
            .iter()
            .any(|finding| finding.starts_with("gpu/attestation#not-joined-to-cpu"))
    };
    let old = [7; 32];
    assert!(judge(NONCE, old, Some(&NONCE)));
    assert!(judge(old, NONCE, Some(&NONCE)));
    assert!(judge([9; 32], old, Some(&NONCE)));
    // They share one.
    assert!(!judge(NONCE, NONCE, Some(&NONCE)));
    assert!(!judge(old, old, Some(&NONCE)));
    // Without a nonce nobody knows what report data is made of.
    assert!(!judge(NONCE, old, None));
}

#[test]
fn gpus_are_counted_as_the_scheduler_counts_them() {
    let lab = Lab::new();
    for (containers, expected) in [
        (
            "[{name: a, resources: {limits: {nvidia.com/gpu: 1}}}]",
            "its GPU",
        ),
        (
            "[{name: a, resources: {limits: {nvidia.com/mig-1g.10gb: 4}}}]",
            "its GPU",
        ),
        (
            "[{name: a, resources: {requests: {nvidia.com/pgpu: '2'}}}, {name: b, resources: {limits: {nvidia.com/GH100_H100L_94GB: 1}}}]",
            "its 3 GPUs",
        ),
        (
            "[{name: a, resources: {limits: {nvidia.com/pgpu: 2, nvidia.com/nvswitch: 4}}}]\n  initContainers: [{name: b, resources: {limits: {nvidia.com/pgpu: 1}}}]",
            "its 2 GPUs",
        ),
    ] {
        let tree = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: llm, namespace: ai}}\nspec:\n  runtimeClassName: kata-qemu-nvidia-gpu-tdx\n  containers: {containers}\n"
        );
        let outcome = lab.judge_files(&tree, &[], None, &[]);
        assert_eq!(
            open(&outcome),
            format!("no evidence of {expected} was given")
        );
    }
    let spark = "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {name: etl, namespace: ai}\nspec:\n  driver:\n    template: {spec: {runtimeClassName: kata-qemu-snp}}\n  executor:\n    gpu: {name: nvidia.com/gpu, quantity: 2}\n    template: {spec: {runtimeClassName: kata-qemu-snp}}\n";
    let outcome = lab.judge_files(spark, &[], None, &[]);
    assert_eq!(open(&outcome), "no evidence of its 2 GPUs was given");
    let spark = spark.replace("    gpu: {name: nvidia.com/gpu, quantity: 2}\n", "");
    let spark = spark.replace(
        "spec:\n  driver",
        "spec:\n  sparkConf: {spark.executor.resource.gpu.amount: '3', spark.executor.resource.gpu.vendor: nvidia.com, spark.executor.resource.fpga.amount: '1', spark.executor.resource.fpga.vendor: amd.com}\n  driver",
    );
    let outcome = lab.judge_files(&spark, &[], None, &[]);
    assert_eq!(open(&outcome), "no evidence of its 3 GPUs was given");
    // Devices that an annotation names are those that were asked for.
    let named = TREE.replace(
        "namespace: ai}",
        "namespace: ai, annotations: {cdi.k8s.io/gpu: 'nvidia.com/pgpu=0,nvidia.com/pgpu=1,nvidia.com/pgpu=2,nvidia.com/nvswitch=0'}}",
    );
    let outcome = lab.judge_files(&named, &[], None, &[]);
    assert_eq!(open(&outcome), "no evidence of its 3 GPUs was given");
    // Neither a runtime without a TEE nor an enclave has a GPU to attest.
    let plain = TREE.replace("kata-qemu-nvidia-gpu-snp", "kata-qemu-nvidia-gpu");
    let outcome = lab.judge_files(&plain, &[], None, &[]);
    assert!(observed(&outcome, "gpu/attestation").is_none());
}
