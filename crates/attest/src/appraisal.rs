//! The result of looking at one piece of evidence.

use crate::step::{Check, Outcome, Step, StepName};
use std::fmt;

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A quote of an SGX enclave.
    SgxQuote,
    /// A quote of a TDX trust domain.
    TdxQuote,
    /// A report of SEV-SNP firmware.
    SnpReport,
    /// What an Azure confidential VM with SEV-SNP presents: a report bound to a virtual TPM.
    AzureSnp,
    /// The same with TDX.
    AzureTdx,
    /// SPDM measurements of an NVIDIA GPU.
    NvidiaGpu,
    /// SPDM measurements of an NVSwitch.
    NvidiaSwitch,
    /// A certificate that carries evidence.
    RaTls,
    /// What a verifier said: claims, never our own proof.
    Token,
    /// None of these.
    Unknown,
}

impl Kind {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::SgxQuote => "sgx-quote",
            Kind::TdxQuote => "tdx-quote",
            Kind::SnpReport => "snp-report",
            Kind::AzureSnp => "azure-snp",
            Kind::AzureTdx => "azure-tdx",
            Kind::NvidiaGpu => "nvidia-gpu",
            Kind::NvidiaSwitch => "nvidia-switch",
            Kind::RaTls => "ra-tls",
            Kind::Token => "token",
            Kind::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the steps come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every step passed or does not concern this evidence, the code is the expected one, and the evidence answers this challenge
    /// or holds the key of this channel.
    Protected,
    /// Nothing failed, but not all was shown.
    Unproven,
    /// Something failed.
    Exposed,
}

impl Verdict {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Protected => "protected",
            Verdict::Unproven => "unproven",
            Verdict::Exposed => "exposed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One piece of evidence, looked at step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appraisal {
    /// What it is.
    pub kind: Kind,
    /// Every step, in the order of [`StepName::ALL`].
    pub steps: Vec<Step>,
    /// What the evidence says of itself, for reading: measurements, versions, identifiers. Names are those of the vendor.
    pub claims: Vec<Claim>,
}

/// Something that evidence says of itself. Worth nothing unless the signature step passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The vendor's name: `MRENCLAVE`, `REPORTED_TCB`.
    pub name: &'static str,
    /// The value: hexadecimal for bytes.
    pub value: String,
}

impl Appraisal {
    /// An appraisal with no checks yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Appraisal {
            kind,
            steps: StepName::ALL
                .iter()
                .map(|name| Step {
                    name: *name,
                    checks: Vec::new(),
                })
                .collect(),
            claims: Vec::new(),
        }
    }

    /// An appraisal that ended with the structure: nothing behind it can be looked at.
    #[must_use]
    pub fn unreadable(kind: Kind, why: Check) -> Self {
        let mut appraisal = Appraisal::new(kind);
        appraisal.add(StepName::Structure, why);
        appraisal.close("the structure could not be read");
        appraisal
    }

    /// Adds a check to a step.
    pub fn add(&mut self, name: StepName, check: Check) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.name == name) {
            step.checks.push(check);
        }
    }

    /// Notes what the evidence says of itself.
    pub fn claim(&mut self, name: &'static str, value: impl Into<String>) {
        self.claims.push(Claim {
            name,
            value: value.into(),
        });
    }

    /// Gives every step without a check one that says why nothing was shown.
    pub fn close(&mut self, why: &'static str) {
        for step in self.steps.iter_mut().filter(|step| step.checks.is_empty()) {
            step.checks.push(Check::unproven(step.name.name(), why));
        }
    }

    /// A step.
    #[must_use]
    pub fn step(&self, name: StepName) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// How a step ended.
    #[must_use]
    pub fn outcome(&self, name: StepName) -> Outcome {
        self.step(name).map_or(Outcome::Unproven, Step::outcome)
    }

    /// Whether the evidence came with the key of a channel, so that its binding stands in for freshness. Elsewhere binding ties
    /// parts of the evidence together (Azure's TPM, event logs): an old copy of all parts is tied just as well.
    #[must_use]
    pub fn has_channel(&self) -> bool {
        self.kind == Kind::RaTls
    }

    /// What the steps come to.
    ///
    /// A failure always counts. The key of a channel stands in for a challenge; a challenge never stands in for what the evidence
    /// belongs to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self
            .steps
            .iter()
            .any(|step| step.outcome() == Outcome::Fail)
        {
            return Verdict::Exposed;
        }
        let is_bound_to_channel =
            self.has_channel() && self.outcome(StepName::Binding) == Outcome::Pass;
        let is_shown = |step: &Step| match step.name {
            StepName::Freshness => step.outcome() == Outcome::Pass || is_bound_to_channel,
            StepName::Structure
            | StepName::Chain
            | StepName::Key
            | StepName::Signature
            | StepName::Attributes
            | StepName::Identity => step.outcome() == Outcome::Pass,
            StepName::Revocation | StepName::Tcb | StepName::Binding | StepName::Collateral => {
                matches!(step.outcome(), Outcome::Pass | Outcome::NotApplicable)
            }
        };
        if self.steps.iter().all(is_shown) {
            Verdict::Protected
        } else {
            Verdict::Unproven
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_pass() -> Appraisal {
        let mut appraisal = Appraisal::new(Kind::RaTls);
        for name in StepName::ALL {
            appraisal.add(name, Check::pass(name.name()));
        }
        appraisal
    }

    #[test]
    fn everything_shown_is_protected() {
        assert_eq!(all_pass().verdict(), Verdict::Protected);
    }

    #[test]
    fn any_failure_exposes() {
        for name in StepName::ALL {
            let mut appraisal = all_pass();
            appraisal.add(name, Check::fail("x", "tee/evidence-genuine#bad-signature"));
            assert_eq!(appraisal.verdict(), Verdict::Exposed, "{name}");
        }
    }

    #[test]
    fn what_was_not_shown_is_unproven() {
        for name in StepName::ALL {
            let mut appraisal = all_pass();
            appraisal.add(name, Check::unproven("x", "not given"));
            let expected = match name {
                // The key of the channel is the challenge.
                StepName::Freshness => Verdict::Protected,
                _ => Verdict::Unproven,
            };
            assert_eq!(appraisal.verdict(), expected, "{name}");
        }
    }

    #[test]
    fn evidence_without_challenge_and_channel_is_unproven() {
        let mut appraisal = all_pass();
        appraisal.add(StepName::Freshness, Check::unproven("nonce", "none given"));
        appraisal.add(StepName::Binding, Check::unproven("key", "none given"));
        assert_eq!(appraisal.verdict(), Verdict::Unproven);
    }

    #[test]
    fn binding_without_a_channel_makes_nothing_fresh() {
        let mut appraisal = all_pass();
        appraisal.kind = Kind::AzureSnp;
        assert_eq!(appraisal.verdict(), Verdict::Protected);
        appraisal.add(StepName::Freshness, Check::unproven("nonce", "none given"));
        assert_eq!(appraisal.verdict(), Verdict::Unproven);
    }

    #[test]
    fn a_step_without_checks_proves_nothing() {
        assert_eq!(Appraisal::new(Kind::TdxQuote).verdict(), Verdict::Unproven);
    }

    #[test]
    fn the_first_of_the_worst_checks_decides() {
        let step = Step {
            name: StepName::Chain,
            checks: vec![
                Check::pass("a"),
                Check::fail("b", "tee/evidence-genuine#root-not-pinned"),
                Check::fail("c", "tee/evidence-genuine#root-not-pinned"),
            ],
        };
        assert_eq!(step.decisive().map(|check| &*check.what), Some("b"));
    }
}
