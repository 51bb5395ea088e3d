//! Devices that a CPU's evidence speaks for.
//!
//! A GPU's evidence says what the GPU is, never in which machine it is: a host may hand in that of another one. One nonce for both does
//! not help, because the host can ask any GPU with it. So a bundle joins them the other way round: the guest asks its devices first,
//! and has their answers' digests signed by the CPU, in the place of the nonce alone. Who knows the guest's code then knows that it
//! was this guest that asked them.

use crate::appraisal::{Appraisal, Verdict};
use crate::crypto::{sha384, sha512};
use crate::evidence::{Evidence, Piece};
use crate::step::{Check, Outcome, StepName};
use crate::verifier::Verifier;

/// SHA-384 of a device's evidence, byte for byte.
pub type Digest = [u8; 48];

/// What sets this use of SHA-512 apart from all others.
const DOMAIN: &[u8] = b"wardline/evidence/v1 devices\0";

/// The most bytes of a nonce: report data of all CPUs has so many.
pub const LONGEST_NONCE: usize = 64;

/// What a guest with devices asks its CPU with: SHA-512 over the domain, the length of the nonce in one byte, the nonce, and the digest
/// of each device's evidence in the order of the bundle. `None` for a nonce of more than [`LONGEST_NONCE`] bytes.
#[must_use]
pub fn report_data(nonce: &[u8], devices: &[Digest]) -> Option<[u8; 64]> {
    let length = u8::try_from(nonce.len()).ok()?;
    (nonce.len() <= LONGEST_NONCE).then(|| {
        let mut text = DOMAIN.to_vec();
        text.push(length);
        text.extend_from_slice(nonce);
        devices.iter().for_each(|digest| text.extend(digest));
        sha512(&text)
    })
}

/// The digest of a device's evidence.
#[must_use]
pub fn digest(evidence: &[u8]) -> Digest {
    sha384(evidence)
}

impl Verifier {
    /// Appraises all pieces of one input, and joins devices to the CPU that speaks for them. `nonce` is what the asker asked with.
    /// O(pieces) beside the appraisals themselves, but for inputs that name a device many times.
    #[must_use]
    pub fn appraise_all(&self, pieces: &[Evidence], nonce: Option<&[u8]>) -> Vec<Appraisal> {
        let mut appraisals: Vec<Appraisal> = pieces
            .iter()
            .map(|evidence| self.appraise(evidence, nonce))
            .collect();
        let speakers: Vec<(&[Digest], Verdict)> = pieces
            .iter()
            .zip(&appraisals)
            .filter(|(evidence, _)| !evidence.devices.is_empty())
            .map(|(evidence, appraisal)| (evidence.devices.as_slice(), word(appraisal)))
            .collect();
        if speakers.is_empty() {
            return appraisals;
        }
        for (evidence, appraisal) in pieces.iter().zip(&mut appraisals) {
            if let Piece::Nvidia { messages, .. } = &evidence.piece {
                let check = joined(&digest(messages), &speakers);
                let mut steps = appraisal.steps.iter_mut();
                if let Some(step) = steps.find(|step| step.name == StepName::Binding) {
                    step.checks = vec![check];
                }
            }
        }
        appraisals
    }
}

/// What a CPU's word for its devices is worth. The list of them stands beside the evidence: only the answer to the challenge, which holds it,
/// shows that the guest made it. Evidence that is protected by the key of a channel instead has said nothing of devices.
fn word(appraisal: &Appraisal) -> Verdict {
    match appraisal.outcome(StepName::Freshness) {
        Outcome::Pass => appraisal.verdict(),
        _ => appraisal.verdict().max(Verdict::Unproven),
    }
}

/// Whether a CPU's evidence names a device, and is worth something.
fn joined(device: &Digest, speakers: &[(&[Digest], Verdict)]) -> Check {
    const WHAT: &str = "device in the CPU's evidence";
    const CAUSE: &str = "gpu/attestation#not-joined-to-cpu";
    let own = speakers
        .iter()
        .filter(|(devices, _)| devices.contains(device))
        .map(|(_, verdict)| *verdict)
        .min();
    let check = match own {
        None => Check::fail(WHAT, CAUSE).detail(
            "the CPU's evidence in the same bundle names other devices: this one was exchanged",
        ),
        Some(Verdict::Protected) => {
            Check::pass(WHAT).value("the guest asked this device, and its CPU signed the answer")
        }
        Some(verdict) => Check::unproven(
            WHAT,
            format!("the CPU's evidence names it, and is itself {verdict}: known code alone answers for what it asked"),
        )
        .cause(CAUSE),
    };
    check.source("docs/attest.md, the bundle")
}

/// Says in the step `freshness` that the answer covers devices, too.
pub(crate) fn mention(appraisal: &mut Appraisal, devices: usize) {
    let steps = appraisal.steps.iter_mut();
    for step in steps.filter(|step| step.name == StepName::Freshness) {
        for check in &mut step.checks {
            match check.outcome {
                Outcome::Pass => {
                    check.value =
                        format!("the nonce, with the evidence of {devices} devices").into();
                }
                Outcome::Fail => {
                    check.detail = format!(
                        "neither this nonce nor these {devices} devices: made for another challenge, or something was exchanged"
                    )
                    .into();
                }
                Outcome::Unproven | Outcome::NotApplicable => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraisal::Kind;

    #[test]
    fn nonce_and_devices_cannot_be_shifted_into_each_other() {
        let device = digest(b"evidence");
        let own = report_data(&[7; 8], &[device]);
        assert_ne!(own, report_data(&[7; 8], &[]));
        assert_ne!(own, report_data(&[7; 7], &[device]));
        assert_ne!(own, report_data(&[7; 8], &[device, device]));
        // Behind its last byte, a nonce could hold a digest.
        let longer = [[7; 8].as_slice(), &device].concat();
        assert_ne!(own, report_data(&longer, &[]));
        assert_eq!(report_data(&[7; 65], &[device]), None);
    }

    #[test]
    fn a_channel_says_nothing_of_devices() {
        let mut appraisal = Appraisal::new(Kind::RaTls);
        for name in StepName::ALL {
            appraisal.add(name, Check::pass(name.name()));
        }
        assert_eq!(word(&appraisal), Verdict::Protected);
        // The key of the channel stands in for the challenge, which would have held the devices.
        appraisal.add(StepName::Freshness, Check::unproven("nonce", "none named"));
        assert_eq!(appraisal.verdict(), Verdict::Protected);
        assert_eq!(word(&appraisal), Verdict::Unproven);
    }

    #[test]
    fn a_device_is_joined_by_evidence_that_holds() {
        let (device, other) = (digest(b"own"), digest(b"other"));
        let devices = [other, device];
        let outcome = |verdict| joined(&device, &[(&devices, verdict)]).outcome;
        assert_eq!(outcome(Verdict::Protected), Outcome::Pass);
        assert_eq!(outcome(Verdict::Unproven), Outcome::Unproven);
        assert_eq!(outcome(Verdict::Exposed), Outcome::Unproven);
        let exchanged = joined(&device, &[(&[other], Verdict::Protected)]);
        assert_eq!(exchanged.outcome, Outcome::Fail);
        assert_eq!(exchanged.cause, Some("gpu/attestation#not-joined-to-cpu"));
    }
}
