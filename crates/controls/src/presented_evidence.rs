//! Whether every pod of a workload that is declared confidential presented evidence, and whether the pieces agree.

use crate::differing_evidence::{Forms, differs, looks};
use crate::judging_evidence::{head, said, witness};
use model::{
    Absence, Claim, Claims, Depth, Estate, Exposure, Judgement, Provenance, Severity, Shown,
    Witness,
};
use settings::tee::{Attested, AttestedCheck, Awaited, AwaitedRole, Ended, GENUINE};
use std::collections::BTreeSet;

/// Judges every workload that the tree declares confidential, role by role.
pub fn judge_awaited(estate: &Estate, claims: &mut Claims) {
    let all = estate.all::<Attested>();
    for awaited in estate.all::<Awaited>() {
        let presented: Vec<Presented<'_>> = awaited
            .roles
            .iter()
            .map(|role| Presented {
                role,
                evidence: all
                    .iter()
                    .filter(|attested| attested.is_of_cpu() && is_of(attested, role))
                    .collect(),
            })
            .collect();
        let pieces = presented
            .iter()
            .flat_map(|one| one.evidence.iter().copied());
        let forms = Forms::of(pieces);
        for one in &presented {
            claims.state(one.role.subject.clone(), claim(one, &presented, &forms));
        }
    }
}

/// What the pods of a role presented.
struct Presented<'e> {
    role: &'e AwaitedRole,
    evidence: Vec<&'e Attested>,
}

fn is_of(attested: &Attested, role: &AwaitedRole) -> bool {
    attested.subject.kind == role.subject.kind && attested.subject.name == role.subject.name
}

fn claim(own: &Presented<'_>, all: &[Presented<'_>], forms: &Forms<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let others: Vec<&Attested> = all
        .iter()
        .filter(|other| !std::ptr::eq(*other, own))
        .flat_map(|other| other.evidence.iter().copied())
        .collect();
    missing(own, &others, &mut judgement);
    let looks = looks(own.evidence.iter().chain(&others).copied());
    let mut shown = Vec::new();
    for attested in &own.evidence {
        match open_step(attested) {
            None => match not_shown_of_pod(attested) {
                None => shown.push(head(
                    attested,
                    "made by hardware of the vendor for this pod",
                )),
                Some(check) => judgement.doubt(said(check), vec![witness(attested, check)]),
            },
            Some((Ended::Fail, says, at)) => {
                judgement.expose(Exposure::new("not-confidential", at).message(format!(
                    "{}: its evidence does not hold: {says}",
                    attested.pod
                )))
            }
            Some((_, says, at)) => judgement.doubt(says, vec![at]),
        }
        differs(attested, &looks, forms, &mut judgement);
    }
    if let (Some(image), false) = (&own.role.unverified_image, own.evidence.is_empty()) {
        let says = format!(
            "the hardware measured the guest, not the image {image} that it runs: it is named by its tag, and nothing shows that the guest verifies it"
        );
        judgement.doubt(says, vec![absent(own, "says nothing about the image")]);
    }
    if own.evidence.is_empty() && others.is_empty() {
        let says = "no evidence of it was given";
        judgement.doubt(says, vec![absent(own, says)]);
    }
    judgement.otherwise(Claim::Protected(shown))
}

/// Pods that presented nothing while others of the application did.
fn missing(own: &Presented<'_>, others: &[&Attested], judgement: &mut Judgement) {
    let pods: BTreeSet<&str> = own.evidence.iter().map(|attested| &*attested.pod).collect();
    let have = pods.len() as u64;
    let wanted = own.role.count.unwrap_or(1).max(1);
    if have >= wanted || (own.evidence.is_empty() && others.is_empty()) {
        return;
    }
    let role = &own.role.role;
    // Executors are numbered from 1; which of them are silent can be told where all that spoke bear a number.
    let numbers: Option<BTreeSet<u64>> = pods.iter().map(|pod| number(pod)).collect();
    let silent: Vec<String> = numbers
        .filter(|_| &**role == "executor")
        .map(|numbers| {
            (1..=wanted.min(MOST_NAMED))
                .filter(|number| !numbers.contains(number))
                .map(|number| number.to_string())
                .collect()
        })
        .unwrap_or_default();
    let message = if have == 0 {
        format!("no evidence of the {role}, while other pods of the application presented theirs")
    } else if silent.is_empty() {
        format!("evidence of {have} of {wanted} {role}s: the others presented none")
    } else {
        format!(
            "no evidence of {role} {} ({have} of {wanted} presented theirs)",
            silent.join(", ")
        )
    };
    let says = "presented no evidence";
    let primary = match own.evidence.first().or(others.first()) {
        Some(attested) => head(attested, "presented evidence; not all pods did"),
        None => absent(own, says),
    };
    // Nothing shows that the pod is outside of the TEE; nothing shows that it is inside.
    judgement.expose(
        Exposure::new("driver-and-executors-differ", primary)
            .with(absent(own, says))
            .severity(Severity::High)
            .message(message),
    );
}

/// The most pods that are named one by one.
const MOST_NAMED: u64 = 64;

/// The number at the end of a pod's name: 2 of `etl-9f3a-exec-2`.
fn number(pod: &str) -> Option<u64> {
    pod.rsplit_once('-')?.1.parse().ok()
}

/// The first step on the way from the vendor's root to the evidence that did not pass, or debug mode.
fn open_step(attested: &Attested) -> Option<(Ended, String, Witness)> {
    let decides = |ended| {
        attested.checks.iter().find(|check| {
            let is_debug = check
                .cause
                .as_deref()
                .is_some_and(|cause| cause.starts_with("tee/debug-mode#"));
            check.ended == ended && (is_debug || GENUINE.contains(&&*check.step))
        })
    };
    let check = decides(Ended::Fail).or_else(|| decides(Ended::Unproven))?;
    Some((check.ended, said(check), witness(attested, check)))
}

/// What keeps genuine evidence from being about this pod: other code than expected, or made for nobody's challenge. A copy of
/// another pod's evidence under this pod's name is genuine, too.
fn not_shown_of_pod(attested: &Attested) -> Option<&AttestedCheck> {
    let of_step = |step: &'static str| {
        let mut checks = attested.checks.iter();
        checks.find(move |check| {
            &*check.step == step && matches!(check.ended, Ended::Fail | Ended::Unproven)
        })
    };
    // The key of a channel stands in for a challenge.
    let tie = if &*attested.kind == "ra-tls" {
        "binding"
    } else {
        "freshness"
    };
    of_step("identity").or_else(|| of_step(tie))
}

fn absent(own: &Presented<'_>, label: &str) -> Witness {
    Witness {
        depth: Depth::Observed,
        provenance: Provenance::Absent(Absence::NotCollected),
        key: Some(format!("evidence of {}", own.role.subject).into()),
        value: Shown::Nothing,
        label: label.into(),
    }
}
