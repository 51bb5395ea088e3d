//! What a control is.

use crate::{Claim, Estate, Severity, Stage, Subject};

/// A control: its description and the pure functions that judge.
#[derive(Debug)]
pub struct Control {
    /// `component/protection`, from its place in the source tree.
    pub id: &'static str,
    /// Title, causes, stage.
    pub meta: &'static Meta,
    /// The module's documentation: `wardline explain`, the SARIF help and the documentation page.
    pub documentation: &'static str,
    /// What settings (declared or loaded) mean.
    pub settings: fn(&Estate, &mut Claims),
}

/// The description of a control. One constant `META` in each control's file.
#[derive(Debug)]
pub struct Meta {
    /// A short name: `RPC privacy`.
    pub title: &'static str,
    /// The one question it asks, as in the catalogue.
    pub question: &'static str,
    /// The stage whose data it guards.
    pub stage: Stage,
    /// Every way it can fail.
    pub causes: &'static [Cause],
    /// How safe its usual remedy is.
    pub safety: Safety,
    /// The family of compliance requirements it belongs to.
    pub family: Family,
    /// The first release of Wardline that has it.
    pub since: &'static str,
}

/// One way in which a control fails.
#[derive(Debug)]
pub struct Cause {
    /// The slug: stable, never reused.
    pub slug: &'static str,
    /// Severity when nothing mitigates it.
    pub severity: Severity,
    /// What is the case, as a sentence without a full stop.
    pub title: &'static str,
    /// What to do about it, as an imperative sentence without a full stop.
    pub remedy: &'static str,
}

/// How safe it is to write a remedy without asking (catalogue section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Nobody is cut off, and undoing the edit undoes it.
    Safe,
    /// The edit is right, but order or restart matters.
    Disruptive,
    /// A human decides, or works outside the files.
    Manual,
}

impl Safety {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Disruptive => "disruptive",
            Safety::Manual => "manual",
        }
    }
}

/// Families of compliance requirements (catalogue section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Encryption and integrity on the wire.
    Transit,
    /// Certificates.
    Certificates,
    /// Authentication.
    Authentication,
    /// Authorization.
    Authorization,
    /// Encryption at rest.
    Rest,
    /// Secret material.
    Secrets,
    /// Data in use.
    Use,
    /// Isolation of workloads and networks.
    Isolation,
    /// Audit trails.
    Audit,
    /// Configuration management and vulnerable releases.
    Configuration,
}

impl Meta {
    /// The cause of a slug.
    #[must_use]
    pub fn cause(&self, slug: &str) -> Option<&'static Cause> {
        self.causes.iter().find(|cause| cause.slug == slug)
    }
}

/// The claims of one control at one depth.
#[derive(Debug, Default)]
pub struct Claims {
    all: Vec<(Subject, Claim)>,
}

impl Claims {
    /// States a claim about a subject.
    pub fn state(&mut self, subject: Subject, claim: Claim) {
        self.all.push((subject, claim));
    }

    /// The claims, in the order stated.
    #[must_use]
    pub fn into_inner(self) -> Vec<(Subject, Claim)> {
        self.all
    }
}
