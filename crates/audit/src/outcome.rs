//! The result of an audit: what reports print and nothing else.

use model::{
    Claim, Component, Consequence, Depth, Estate, Flow, NotExamined, Safety, Severity, Sources,
    Stage, Subject, Verdict, Witness,
};

/// Everything that an audit concluded.
#[derive(Debug)]
pub struct Outcome {
    /// The texts that places point into.
    pub sources: Sources,
    /// Components found.
    pub components: Vec<Component>,
    /// Flows between them.
    pub flows: Vec<Flow>,
    /// How many texts each reader read: (`Hadoop configuration files`, 9).
    pub recognised: Vec<(&'static str, usize)>,
    /// Files seen, recognised or not.
    pub files: usize,
    /// Every control judged, per subject.
    pub judged: Vec<Judged>,
    /// Findings that count, worst first.
    pub findings: Vec<Finding>,
    /// Findings that somebody accepted; they stay visible.
    pub waived: Vec<Finding>,
    /// What is wrong with waivers and other configuration: unused, expired, unknown control.
    pub notes: Vec<Note>,
    /// Inputs that were not judged.
    pub not_examined: Vec<NotExamined>,
    /// The facts that were judged, one estate per depth; texts, components and flows have moved out of them. Taking them apart
    /// takes a tenth of the time of an audit: who holds the outcome decides when.
    pub facts: Vec<Estate>,
}

/// A control's verdict on one subject.
#[derive(Debug)]
pub struct Judged {
    /// The control's id.
    pub control: &'static str,
    /// Its stage.
    pub stage: Stage,
    /// The subject.
    pub subject: Subject,
    /// The claim of each depth that has one.
    pub claims: Vec<(Depth, Claim)>,
    /// The merged verdict.
    pub verdict: Verdict,
    /// Why, for `unproven` and `n/a`; empty otherwise.
    pub reason: Box<str>,
    /// The depth whose claim decided.
    pub decided_by: Option<Depth>,
}

/// An exposure that is to be reported.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The control's id.
    pub control: &'static str,
    /// The cause's slug.
    pub cause: &'static str,
    /// The stage whose data is exposed.
    pub stage: Stage,
    /// How bad it is.
    pub severity: Severity,
    /// `exposed` or `contradicted`.
    pub verdict: Verdict,
    /// The subject; where several share the same primary witness, the first.
    pub subject: Subject,
    /// The other subjects that the same text exposes in the same way.
    pub also: Vec<Subject>,
    /// The cause's title: what is the case, in general.
    pub title: &'static str,
    /// What is the case here.
    pub message: Box<str>,
    /// What to do.
    pub remedy: Box<str>,
    /// How safe that is.
    pub safety: Safety,
    /// The facts, the primary one first.
    pub witnesses: Vec<Witness>,
    /// Controls that are exposed by the same cause and not counted on their own (catalogue rules 7 and 12).
    pub consequences: Vec<Consequence>,
    /// The finding that this one follows from; it is then listed there, if that finding exists.
    pub consequence_of: Option<Consequence>,
    /// The waiver that accepts it.
    pub waiver: Option<Waiver>,
}

/// A reasoned, owned, expiring decision to accept findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Why it is accepted.
    pub reason: Box<str>,
    /// Who decided; absent in inline comments.
    pub owner: Option<Box<str>>,
    /// The last day it counts, `YYYY-MM-DD`; inline comments need none.
    pub expires: Option<Box<str>>,
    /// Where it stands: `.wardline.toml:12`, or the file and line of a comment.
    pub stands_in: Box<str>,
}

/// A remark about the audit's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where: `.wardline.toml:12:3`.
    pub place: Box<str>,
    /// What.
    pub message: Box<str>,
}

impl Outcome {
    /// The worst severity among the findings that count.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// Whether something that was meant to be read could not be.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.not_examined.iter().any(|input| input.is_error)
    }

    /// Of the protections in question (all that were judged but `n/a`), the part whose verdict is proven either way, in percent,
    /// rounded down. `None` where no protection is in question.
    #[must_use]
    pub fn coverage(&self) -> Option<u8> {
        let in_question = |judged: &&Judged| judged.verdict != Verdict::NotApplicable;
        let all = self.judged.iter().filter(in_question).count();
        let open = |judged: &&Judged| judged.verdict == Verdict::Unproven;
        let open = self.judged.iter().filter(open).count();
        let percent = (all - open) * 100;
        u8::try_from(percent.checked_div(all)?).ok()
    }
}
