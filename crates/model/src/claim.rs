//! What a control concludes from the facts of one depth.

use crate::{Severity, Witness};

/// A claim about one subject at one depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The protection holds; the facts that show it.
    Protected(Vec<Witness>),
    /// It does not, in one or more ways.
    Exposed(Vec<Exposure>),
    /// It cannot be told: why, and the facts that are known.
    Unproven(Box<str>, Vec<Witness>),
    /// The question does not arise: why.
    NotApplicable(Box<str>),
}

/// One way in which a protection fails.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exposure {
    /// The cause's slug inside its control.
    pub cause: &'static str,
    /// Severity, where the circumstances change the one of the control's `META`.
    pub severity: Option<Severity>,
    /// What is the case here, in one or two sentences; the cause's title if empty.
    pub message: Box<str>,
    /// The facts, the primary one first.
    pub witnesses: Vec<Witness>,
    /// What to do here, where it differs from the cause's own remedy.
    pub remedy: Option<Box<str>>,
    /// The finding that this one merely follows from (catalogue rule 12).
    pub consequence_of: Option<Consequence>,
}

/// The finding that a consequence is listed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Consequence {
    /// The control of that finding.
    pub control: &'static str,
    /// Its cause.
    pub cause: &'static str,
}

impl Exposure {
    /// An exposure with its primary fact.
    #[must_use]
    pub fn new(cause: &'static str, primary: Witness) -> Self {
        Exposure {
            cause,
            severity: None,
            message: Box::default(),
            witnesses: vec![primary],
            remedy: None,
            consequence_of: None,
        }
    }

    /// Says what is the case here.
    #[must_use]
    pub fn message(mut self, message: impl Into<Box<str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Changes the severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, witness: Witness) -> Self {
        self.witnesses.push(witness);
        self
    }

    /// Adds facts.
    #[must_use]
    pub fn with_all(mut self, witnesses: impl IntoIterator<Item = Witness>) -> Self {
        self.witnesses.extend(witnesses);
        self
    }

    /// Says what to do here.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<Box<str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Marks this as a consequence of another finding.
    #[must_use]
    pub fn consequence_of(mut self, control: &'static str, cause: &'static str) -> Self {
        self.consequence_of = Some(Consequence { control, cause });
        self
    }
}

/// Gathers what a control finds about one subject, then draws the claim.
///
/// Any exposure makes the claim exposed; else any doubt makes it unproven; else it is what [`Judgement::otherwise`] says.
#[derive(Debug, Default)]
pub struct Judgement {
    exposures: Vec<Exposure>,
    doubts: Vec<(Box<str>, Vec<Witness>)>,
}

impl Judgement {
    /// An empty judgement.
    #[must_use]
    pub fn new() -> Self {
        Judgement::default()
    }

    /// Records an exposure.
    pub fn expose(&mut self, exposure: Exposure) {
        self.exposures.push(exposure);
    }

    /// Records that something decisive is not known.
    pub fn doubt(&mut self, reason: impl Into<Box<str>>, witnesses: Vec<Witness>) {
        self.doubts.push((reason.into(), witnesses));
    }

    /// Whether an exposure was recorded.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        !self.exposures.is_empty()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.exposures.is_empty() && self.doubts.is_empty()
    }

    /// The claim; `silent` if neither exposure nor doubt was recorded.
    #[must_use]
    pub fn otherwise(self, silent: Claim) -> Claim {
        if !self.exposures.is_empty() {
            return Claim::Exposed(self.exposures);
        }
        match self.doubts.into_iter().next() {
            Some((reason, witnesses)) => Claim::Unproven(reason, witnesses),
            None => silent,
        }
    }
}

impl Claim {
    /// `n/a` with its reason.
    pub fn not_applicable(reason: impl Into<Box<str>>) -> Claim {
        Claim::NotApplicable(reason.into())
    }

    /// Unproven with its reason.
    pub fn unproven(reason: impl Into<Box<str>>) -> Claim {
        Claim::Unproven(reason.into(), Vec::new())
    }
}
