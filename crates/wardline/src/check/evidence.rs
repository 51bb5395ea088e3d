//! Evidence beside a tree: appraised, tied to the workloads that presented it, and turned into facts of depth observed.

mod facts;
mod reading;
mod tying;

#[cfg(test)]
mod tests;

use crate::attest::{basis, verify};
use crate::cli::CheckArgs;
use crate::exit::Failure;
use crate::output;
use ::attest::Verifier;
use ::declared::read::Tally;
use audit::{Config, EvidenceTie};
use controls::asked_gpus::asked_gpus;
use controls::confidential_pods::{ConfidentialPod, pods};
use controls::verified_images::unverified_image;
use model::{Component, Depth, Estate, Subject};
use reading::Found;
use report::escape;
use settings::tee::{Awaited, AwaitedRole};

/// Appraises what the command line names, and ties it to the workloads of the estates that were read.
pub(super) fn observe(
    arguments: &CheckArgs,
    declared: &[Estate],
    config: &Config,
) -> Result<Estate, Failure> {
    let verifier = basis::verifier(
        &arguments.collateral,
        arguments.policy.as_deref(),
        arguments.at.as_deref(),
    )?;
    let nonce = arguments
        .nonce
        .as_deref()
        .map(|digits| verify::nonce("--nonce", digits))
        .transpose()?;
    let found = reading::read(&arguments.evidence, &verifier, nonce.as_deref())?;
    let estate = join(
        found,
        declared,
        &config.evidence,
        &verifier,
        Asked {
            names_challenge: nonce.is_some(),
            chooses_time: arguments.at.is_some(),
        },
    );
    if !arguments.quiet {
        for workload in tying::undeclared(&config.evidence, declared) {
            output::warn(&format!(
                "note: [[evidence]] in .wardline.toml names the workload `{}`, which the tree does not declare; workloads are named as reports name them: namespace/name, or namespace/name (driver)",
                escape::line(workload)
            ));
        }
        for component in &estate.components {
            output::warn(&format!(
                "note: {} is tied to no workload of the tree: name it namespace/pod, or tie it under [[evidence]] in .wardline.toml",
                escape::line(&component.subject.name)
            ));
        }
    }
    Ok(estate)
}

/// What of the appraisal was the user's own.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// The nonce that the evidence was asked for with.
    names_challenge: bool,
    /// Another time than now.
    chooses_time: bool,
}

/// Puts appraised evidence into an estate of its own, beside those that the workloads come from.
fn join(
    found: Found,
    declared: &[Estate],
    ties: &[EvidenceTie],
    verifier: &Verifier,
    asked: Asked,
) -> Estate {
    let mut estate = Estate::new(Depth::Observed);
    let count = found.presented.len();
    estate.put(Tally {
        recognised: vec![("attestations", count)],
        files: found.files,
    });
    estate.not_examined = found.not_examined;
    let workloads = tying::workloads(declared);
    for presented in found.presented {
        let tied = tying::tie(&presented, &workloads, ties);
        let attested = facts::put(
            &mut estate.sources,
            &presented.appraised,
            tied,
            verifier.at(),
            asked,
        );
        if attested.tied_by.is_none() {
            // Nothing is lost: it is a component of its own.
            estate.components.push(Component {
                subject: attested.subject.clone(),
                release: None,
                files: vec![presented.appraised.file.as_str().into()],
            });
        }
        estate.put(attested);
    }
    for declared in declared {
        for roles in pods(declared) {
            // Of pods that the tree itself leaves outside of a TEE no evidence can come.
            let claiming = roles.iter().filter(|pod| pod.claims_tee());
            let roles: Vec<AwaitedRole> = claiming.filter_map(awaited).collect();
            if !roles.is_empty() {
                estate.put(Awaited { roles });
            }
        }
    }
    estate
}

fn awaited(pod: &ConfidentialPod<'_>) -> Option<AwaitedRole> {
    Some(AwaitedRole {
        subject: Subject {
            place: None,
            ..pod.subject()?
        },
        role: pod.role().unwrap_or("pod").into(),
        count: pod.count(),
        gpus: asked_gpus(pod),
        unverified_image: unverified_image(pod).map(Box::from),
    })
}
