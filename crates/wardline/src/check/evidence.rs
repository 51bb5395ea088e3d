//! Evidence beside a tree: appraised, tied to the workloads that presented it, and turned into facts of depth observed.

mod facts;
mod reading;
mod tying;

#[cfg(test)]
mod tests;

use crate::attest::verify;
use crate::cli::CheckArgs;
use crate::exit::Failure;
use ::attest::Verifier;
use ::declared::read::Tally;
use audit::{Config, EvidenceTie};
use controls::confidential_pods::pods;
use model::{Component, Depth, Estate};
use reading::Found;
use settings::tee::{Awaited, AwaitedRole};

/// Appraises what the command line names, and ties it to the workloads of the estates that were read.
pub(super) fn observe(
    arguments: &CheckArgs,
    declared: &[Estate],
    config: &Config,
) -> Result<Estate, Failure> {
    let verifier = verify::verifier(
        &arguments.collateral,
        arguments.policy.as_deref(),
        arguments.at.as_deref(),
    )?;
    let nonce = verify::nonce(arguments.nonce.as_deref())?;
    let found = reading::read(&arguments.evidence, &verifier, nonce.as_deref())?;
    Ok(join(
        found,
        declared,
        &config.evidence,
        &verifier,
        nonce.is_some(),
    ))
}

/// Puts appraised evidence into an estate of its own, beside those that the workloads come from.
fn join(
    found: Found,
    declared: &[Estate],
    ties: &[EvidenceTie],
    verifier: &Verifier,
    is_challenge_named: bool,
) -> Estate {
    let mut estate = Estate::new(Depth::Observed);
    let count = found.appraised.len();
    estate.put(Tally {
        recognised: vec![("attestations", count)],
        files: found.files,
    });
    estate.not_examined = found.not_examined;
    let workloads = tying::workloads(declared);
    for appraised in found.appraised {
        let tied = tying::tie(&appraised, &workloads, ties);
        let attested = facts::put(
            &mut estate.sources,
            &appraised,
            tied,
            verifier.at(),
            is_challenge_named,
        );
        if attested.tied_by.is_none() {
            // Nothing is lost: it is a component of its own.
            estate.components.push(Component {
                subject: attested.subject.clone(),
                release: None,
                files: vec![appraised.file.as_str().into()],
            });
        }
        estate.put(attested);
    }
    for declared in declared {
        for roles in pods(declared) {
            if roles.iter().any(|pod| pod.claims_tee()) {
                let roles = roles.iter().filter_map(|pod| {
                    let subject = pod.subject()?;
                    Some(AwaitedRole {
                        subject: model::Subject {
                            place: None,
                            ..subject
                        },
                        role: pod.role().unwrap_or("pod").into(),
                        count: pod.count(),
                    })
                });
                let roles = roles.collect();
                estate.put(Awaited { roles });
            }
        }
    }
    estate
}
