//! Evidence of trusted hardware that was appraised, as facts: which workload presented it, and what each check came to.
//!
//! Who appraises turns its result into these; controls read nothing else. The text that the places point into is the appraisal
//! as a text, one check a line, named after the file that held the evidence.

use model::{Fact, Place, Subject};

/// One piece of evidence, appraised.
#[derive(Clone, Debug)]
pub struct Attested {
    /// The workload that presented it, or the evidence itself where nothing ties it to a workload.
    pub subject: Subject,
    /// What ties it to the workload: `.wardline.toml`, its name, init data. `None` where nothing does.
    pub tied_by: Option<Box<str>>,
    /// Which pod of the workload presented it; the file where that is not known.
    pub pod: Box<str>,
    /// What it is: `tdx-quote`, `snp-report`, `nvidia-gpu`, ...
    pub kind: Box<str>,
    /// When it was appraised, RFC 3339.
    pub at: Box<str>,
    /// The first line of the appraisal.
    pub place: Place,
    /// Every check, in the order of the steps.
    pub checks: Vec<AttestedCheck>,
    /// What whoever asked put into it: hexadecimal. Of a GPU it is the nonce of the request.
    pub report_data: Option<Box<str>>,
    /// Whether it answers a challenge that the asker named: then other evidence may answer the same one.
    pub answers_challenge: bool,
    /// What the hardware measured of the code: hexadecimal.
    pub measurement: Option<Box<str>>,
    /// What tells the chip from all others, where the evidence names it: hexadecimal.
    pub chip: Option<Box<str>>,
}

impl Fact for Attested {}

/// One check of an appraisal.
#[derive(Clone, Debug)]
pub struct AttestedCheck {
    /// The step it belongs to: `structure`, `chain`, `revocation`, `key`, `signature`, `tcb`, `attributes`, `identity`,
    /// `freshness`, `binding`, `collateral`.
    pub step: Box<str>,
    /// How it ended.
    pub ended: Ended,
    /// What was looked at.
    pub what: Box<str>,
    /// What was found.
    pub value: Box<str>,
    /// Why it matters.
    pub detail: Box<str>,
    /// The control and cause that it is when it does not hold: `tee/debug-mode#tdx-debug`.
    pub cause: Option<Box<str>>,
    /// Its line.
    pub place: Place,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It held.
    Pass,
    /// It did not.
    Fail,
    /// It could not be decided.
    Unproven,
    /// It does not concern this evidence.
    NotApplicable,
}

impl Ended {
    /// The word in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Ended::Pass => "pass",
            Ended::Fail => "fail",
            Ended::Unproven => "unproven",
            Ended::NotApplicable => "n/a",
        }
    }
}

/// The steps that show whether hardware of the vendor made the evidence.
pub const GENUINE: [&str; 5] = ["structure", "chain", "revocation", "key", "signature"];

impl Attested {
    /// Whether it is evidence of a CPU, not of a device and not what a verifier said.
    #[must_use]
    pub fn is_of_cpu(&self) -> bool {
        !self.is_of_gpu() && &*self.kind != "token"
    }

    /// Whether it is evidence of a GPU or of what connects GPUs.
    #[must_use]
    pub fn is_of_gpu(&self) -> bool {
        self.kind.starts_with("nvidia-")
    }

    /// Whether it is evidence of a whole guest, not of an enclave.
    #[must_use]
    pub fn is_of_guest(&self) -> bool {
        ["tdx-quote", "snp-report", "azure-snp", "azure-tdx"].contains(&&*self.kind)
    }

    /// The first check that did not hold.
    #[must_use]
    pub fn failure(&self) -> Option<&AttestedCheck> {
        self.checks.iter().find(|check| check.ended == Ended::Fail)
    }
}

impl AttestedCheck {
    /// The slug of the cause, where the check names one of this control.
    #[must_use]
    pub fn cause_of(&self, control: &str) -> Option<&str> {
        let (named, slug) = self.cause.as_deref()?.split_once('#')?;
        (named == control).then_some(slug)
    }
}

/// A workload that the tree declares confidential: evidence of every one of its roles is expected.
#[derive(Clone, Debug)]
pub struct Awaited {
    /// Its roles: driver and executors, or the only one.
    pub roles: Vec<AwaitedRole>,
}

impl Fact for Awaited {}

/// Pods of one role.
#[derive(Clone, Debug)]
pub struct AwaitedRole {
    /// The subject that they are judged under. Without a place: it lies in the texts of another depth.
    pub subject: Subject,
    /// What they are called: `driver`, `executor`, `pod`.
    pub role: Box<str>,
    /// How many pods there are, where files say so.
    pub count: Option<u64>,
    /// How many GPUs each of them asks for.
    pub gpus: u64,
    /// An image that the files do not show to be verified inside of the guest: hardware measures the guest, not what it pulls.
    pub unverified_image: Option<Box<str>>,
}
