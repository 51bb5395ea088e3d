//! Whether the GPUs that confidential pods ask for presented evidence, and whether it answers the challenge that the CPU answers.

use crate::judging_evidence::witness;
use model::{
    Absence, Claim, Claims, Depth, Estate, Exposure, Judgement, Provenance, Shown, Subject, Witness,
};
use settings::tee::{Attested, AttestedCheck, Awaited, AwaitedRole, Ended};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const CONTROL: &str = "gpu/attestation";
const NOT_JOINED: &str = "not-joined-to-cpu";

/// Judges every role that asks for GPUs, and every GPU beside the CPU of its pod.
pub fn judge_presented_gpus(estate: &Estate, claims: &mut Claims) {
    let all = estate.all::<Attested>();
    let mut workloads: HashMap<(&str, &str), Pods<'_>> = HashMap::new();
    for attested in all.iter().filter(|attested| attested.tied_by.is_some()) {
        let pods = workloads.entry(name(&attested.subject)).or_default();
        pods.entry(&*attested.pod).or_default().push(attested);
    }
    let none = Pods::new();
    let roles = estate.all::<Awaited>().iter().flat_map(|one| &one.roles);
    for role in roles.filter(|role| role.gpus > 0) {
        let pods = workloads.get(&name(&role.subject)).unwrap_or(&none);
        if let Some(claim) = missing(role, pods) {
            claims.state(role.subject.clone(), claim);
        }
    }
    for gpu in all.iter().filter(|attested| attested.is_of_gpu()) {
        let pods = workloads.get(&name(&gpu.subject));
        let beside = pods.and_then(|pods| pods.get(&*gpu.pod));
        let exposure = beside.and_then(|beside| answers_another_challenge(gpu, beside));
        if let Some(exposure) = exposure {
            claims.state(gpu.subject.clone(), Claim::Exposed(vec![exposure]));
        }
    }
}

/// What the pods of a workload presented, by pod.
type Pods<'e> = BTreeMap<&'e str, Vec<&'e Attested>>;

fn name(subject: &Subject) -> (&str, &str) {
    (subject.kind, &subject.name)
}

/// GPUs of a role that presented nothing: nothing shows that they are protected, nothing shows that they are not.
fn missing(role: &AwaitedRole, pods: &Pods<'_>) -> Option<Claim> {
    let by_pod: Vec<(&str, u64)> = pods
        .iter()
        .map(|(pod, presented)| (*pod, different_gpus(presented)))
        .collect();
    let mut judgement = Judgement::new();
    let mut doubt = |says: String| {
        let absent = absent(role, &says);
        judgement.doubt(says, vec![absent]);
    };
    if by_pod.iter().all(|(_, gpus)| *gpus == 0) {
        doubt(match role.gpus {
            1 => String::from("no evidence of its GPU was given"),
            gpus => format!("no evidence of its {gpus} GPUs was given"),
        });
    } else {
        for (pod, have) in &by_pod {
            if *have < role.gpus {
                doubt(format!(
                    "{pod}: evidence of {have} of the {} GPUs that it asks for",
                    role.gpus
                ));
            }
        }
        let pods = by_pod.len() as u64;
        if let Some(count) = role.count.filter(|count| pods < *count) {
            doubt(format!(
                "evidence of GPUs from {pods} of {count} {}s",
                role.role
            ));
        }
    }
    (!judgement.is_silent()).then(|| judgement.otherwise(Claim::Protected(Vec::new())))
}

/// A GPU whose answer was given twice is one GPU.
fn different_gpus(presented: &[&Attested]) -> u64 {
    let gpus = || presented.iter().filter(|one| &*one.kind == "nvidia-gpu");
    let known: BTreeSet<&str> = gpus().filter_map(|gpu| gpu.chip.as_deref()).collect();
    let unknown = gpus().filter(|gpu| gpu.chip.is_none()).count();
    (known.len() + unknown) as u64
}

fn absent(role: &AwaitedRole, label: &str) -> Witness {
    Witness {
        depth: Depth::Observed,
        provenance: Provenance::Absent(Absence::NotCollected),
        key: Some(format!("evidence of the GPU of {}", role.subject).into()),
        value: Shown::Nothing,
        label: label.into(),
    }
}

/// A GPU and a CPU of one pod of which at least one does not answer what the asker asked with, while they do not share another
/// challenge either.
fn answers_another_challenge(gpu: &Attested, beside: &[&Attested]) -> Option<Exposure> {
    let is_open = gpu
        .checks
        .iter()
        .any(|check| check.ended == Ended::Unproven && check.cause_of(CONTROL) == Some(NOT_JOINED));
    let nonce = gpu.report_data.as_deref().filter(|_| is_open)?;
    let cpus: Vec<&&Attested> = beside.iter().filter(|one| one.is_of_cpu()).collect();
    let may_share = cpus.iter().any(|cpu| match &cpu.report_data {
        Some(data) => !holds_challenges(cpu) || data.contains(nonce),
        None => true,
    });
    if cpus.is_empty() || may_share {
        return None;
    }
    let of_gpu = freshness(gpu)?;
    let (cpu, of_cpu) = cpus.iter().find_map(|cpu| Some((cpu, freshness(cpu)?)))?;
    let is_refused = [
        (of_gpu, "gpu/attestation#nonce-mismatch"),
        (of_cpu, "tee/evidence-freshness#nonce-missing"),
    ]
    .iter()
    .any(|(check, cause)| check.ended == Ended::Fail && check.cause.as_deref() == Some(*cause));
    is_refused.then(|| {
        Exposure::new(NOT_JOINED, witness(gpu, of_gpu))
            .with(witness(cpu, of_cpu).label("what the CPU of the pod answers"))
            .message(format!(
                "{}: the GPU's evidence and the CPU's do not answer one challenge: it may be the GPU of another machine",
                gpu.pod
            ))
    })
}

/// Whether the asker's challenge stands in the report data itself. That of RA-TLS and of a virtual TPM is the digest of a key: the
/// challenge is elsewhere.
fn holds_challenges(cpu: &Attested) -> bool {
    ["sgx-quote", "tdx-quote", "snp-report"].contains(&&*cpu.kind)
}

fn freshness(attested: &Attested) -> Option<&AttestedCheck> {
    let mut checks = attested.checks.iter();
    checks.find(|check| &*check.step == "freshness")
}
