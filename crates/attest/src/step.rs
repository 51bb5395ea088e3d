//! What an appraisal says: steps in a fixed order, each with the checks that decide it.

use std::borrow::Cow;
use std::fmt;

/// A step of an appraisal. Every appraisal has all of them, in this order; none hides those behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepName {
    /// The bytes are laid out as the format says.
    Structure,
    /// Certificates lead to the vendor's pinned root, each in its window.
    Chain,
    /// None of them is revoked.
    Revocation,
    /// The key that signs is vouched for: the quoting enclave's key, or the endorsement key of chip and firmware.
    Key,
    /// The key's signature covers the evidence.
    Signature,
    /// How far behind the platform is.
    Tcb,
    /// Debug and other attributes that decide whether the host is kept out.
    Attributes,
    /// The code is the one that the policy names.
    Identity,
    /// The evidence was made for this challenge.
    Freshness,
    /// The evidence belongs to the key, channel or machine that presented it.
    Binding,
    /// What the appraisal leans on is itself signed and current.
    Collateral,
}

impl StepName {
    /// All steps in their order.
    pub const ALL: [StepName; 11] = [
        StepName::Structure,
        StepName::Chain,
        StepName::Revocation,
        StepName::Key,
        StepName::Signature,
        StepName::Tcb,
        StepName::Attributes,
        StepName::Identity,
        StepName::Freshness,
        StepName::Binding,
        StepName::Collateral,
    ];

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StepName::Structure => "structure",
            StepName::Chain => "chain",
            StepName::Revocation => "revocation",
            StepName::Key => "key",
            StepName::Signature => "signature",
            StepName::Tcb => "tcb",
            StepName::Attributes => "attributes",
            StepName::Identity => "identity",
            StepName::Freshness => "freshness",
            StepName::Binding => "binding",
            StepName::Collateral => "collateral",
        }
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a check or a step ended. Ordered so that the greatest decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Does not concern this kind of evidence.
    NotApplicable,
    /// Held.
    Pass,
    /// Could not be decided with what was given.
    Unproven,
    /// Did not hold.
    Fail,
}

impl Outcome {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::NotApplicable => "n/a",
            Outcome::Pass => "pass",
            Outcome::Unproven => "unproven",
            Outcome::Fail => "fail",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Text of a check: mostly fixed.
pub type Text = Cow<'static, str>;

/// One thing that had to hold, with what was found, what was asked for, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: `PCK chain`, `TD attributes bit 0 (DEBUG)`.
    pub what: Text,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub value: Text,
    /// What was asked for. Empty where the value says all.
    pub limit: Text,
    /// Where the rule stands: a specification's section, a policy's key, a collateral document.
    pub source: Text,
    /// Why it matters, and what to do. Empty for what passed.
    pub detail: Text,
    /// The control and cause that a failure is, as in `tee/debug-mode#sgx-debug`.
    pub cause: Option<&'static str>,
}

impl Check {
    /// A check that ended in a certain way.
    #[must_use]
    pub fn new(what: impl Into<Text>, outcome: Outcome) -> Self {
        Check {
            what: what.into(),
            outcome,
            value: Text::default(),
            limit: Text::default(),
            source: Text::default(),
            detail: Text::default(),
            cause: None,
        }
    }

    /// A check that held.
    #[must_use]
    pub fn pass(what: impl Into<Text>) -> Self {
        Check::new(what, Outcome::Pass)
    }

    /// A check that did not hold, and the cause that this is.
    #[must_use]
    pub fn fail(what: impl Into<Text>, cause: &'static str) -> Self {
        Check {
            cause: Some(cause),
            ..Check::new(what, Outcome::Fail)
        }
    }

    /// A check that could not be decided, and why.
    #[must_use]
    pub fn unproven(what: impl Into<Text>, why: impl Into<Text>) -> Self {
        Check::new(what, Outcome::Unproven).detail(why)
    }

    /// A check that does not concern this evidence, and why.
    #[must_use]
    pub fn not_applicable(what: impl Into<Text>, why: impl Into<Text>) -> Self {
        Check::new(what, Outcome::NotApplicable).detail(why)
    }

    /// What was found.
    #[must_use]
    pub fn value(mut self, value: impl Into<Text>) -> Self {
        self.value = value.into();
        self
    }

    /// What was asked for.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Text>) -> Self {
        self.limit = limit.into();
        self
    }

    /// Where the rule stands.
    #[must_use]
    pub fn source(mut self, source: impl Into<Text>) -> Self {
        self.source = source.into();
        self
    }

    /// Why it matters, and what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Text>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The cause that this is, also where it is only unproven.
    #[must_use]
    pub fn cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }
}

/// A step with its checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which step.
    pub name: StepName,
    /// What was looked at, in order. Never empty in a finished appraisal.
    pub checks: Vec<Check>,
}

impl Step {
    /// How the step ended: as its worst check. A step without checks proved nothing.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.decisive()
            .map_or(Outcome::Unproven, |check| check.outcome)
    }

    /// The first of the worst checks.
    #[must_use]
    pub fn decisive(&self) -> Option<&Check> {
        // `max_by_key` would give the last one.
        self.checks.iter().rev().max_by_key(|check| check.outcome)
    }
}
