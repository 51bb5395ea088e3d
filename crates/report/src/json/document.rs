//! The shape of the JSON document. `schema/wardline-v1.schema.json` says the same for others.

use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Everything.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'o> {
    /// `wardline/v1`.
    pub(crate) schema: &'static str,
    pub(crate) tool: Tool,
    pub(crate) summary: Summary<'o>,
    pub(crate) estate: Estate<'o>,
    /// Findings that count, worst first.
    pub(crate) findings: Vec<Finding<'o>>,
    /// Findings that somebody accepted.
    pub(crate) waived: Vec<Finding<'o>>,
    /// Every control judged, per subject.
    pub(crate) controls: Vec<Control<'o>>,
    pub(crate) notes: Vec<Note<'o>>,
    pub(crate) not_examined: Vec<NotExamined<'o>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Summary<'o> {
    /// `yes`, `no`, `unproven`.
    pub(crate) answer: &'static str,
    pub(crate) sentence: String,
    /// Files seen.
    pub(crate) files: usize,
    pub(crate) recognised: Vec<Recognised<'o>>,
    /// Findings by severity; every severity is present.
    pub(crate) findings: BTreeMap<&'static str, usize>,
    pub(crate) waived: usize,
    /// By `transit`, `rest`, `use`.
    pub(crate) stages: BTreeMap<&'static str, Stage>,
    pub(crate) not_examined: usize,
    pub(crate) unreadable: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Recognised<'o> {
    pub(crate) what: &'o str,
    pub(crate) count: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Stage {
    pub(crate) answer: &'static str,
    #[serde(flatten)]
    pub(crate) verdicts: Tally,
    /// The claims of each depth.
    pub(crate) depths: BTreeMap<&'static str, Tally>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Tally {
    pub(crate) contradicted: usize,
    pub(crate) exposed: usize,
    pub(crate) unproven: usize,
    pub(crate) protected: usize,
    pub(crate) not_applicable: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Estate<'o> {
    pub(crate) components: Vec<Component<'o>>,
    pub(crate) flows: Vec<Flow<'o>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Component<'o> {
    #[serde(flatten)]
    pub(crate) subject: Subject<'o>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    pub(crate) files: &'o [Box<str>],
}

#[derive(Debug, Serialize)]
pub(crate) struct Flow<'o> {
    pub(crate) from: Subject<'o>,
    pub(crate) to: Subject<'o>,
    pub(crate) protocol: &'static str,
    pub(crate) tied_by: Cow<'o, str>,
    #[serde(flatten)]
    pub(crate) span: Option<Span>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Subject<'o> {
    pub(crate) kind: &'static str,
    pub(crate) name: Cow<'o, str>,
    #[serde(flatten)]
    pub(crate) span: Option<Span>,
}

/// A span of a file. Lines and columns start at 1; columns count characters and the end is exclusive.
#[derive(Debug, Serialize)]
pub(crate) struct Span {
    pub(crate) file: Box<str>,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) end_line: u32,
    pub(crate) end_column: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Finding<'o> {
    pub(crate) control: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) subject: Subject<'o>,
    /// Other subjects that the same text exposes in the same way.
    pub(crate) also: Vec<Subject<'o>>,
    pub(crate) title: &'static str,
    pub(crate) message: Cow<'o, str>,
    pub(crate) remedy: Remedy<'o>,
    pub(crate) witnesses: Vec<Witness<'o>>,
    pub(crate) consequences: Vec<Consequence>,
    /// The finding that this one follows from, where that one is not reported itself.
    pub(crate) consequence_of: Option<Consequence>,
    pub(crate) waiver: Option<Waiver<'o>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Remedy<'o> {
    pub(crate) title: Cow<'o, str>,
    pub(crate) safety: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Witness<'o> {
    pub(crate) depth: &'static str,
    /// `text`, `default` or `absent`.
    pub(crate) provenance: &'static str,
    /// The file; for a default the file in which it would be set.
    #[serde(flatten)]
    pub(crate) span: Option<Span>,
    /// The embedded document inside the file, if the text stands in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<Cow<'o, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<Cow<'o, str>>,
    pub(crate) redacted: bool,
    pub(crate) label: Cow<'o, str>,
    /// For a default: whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<&'static str>,
    /// For a default: of which release or releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) releases: Option<&'o str>,
    /// For an absent fact: why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) absence: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Consequence {
    pub(crate) control: &'static str,
    pub(crate) cause: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Waiver<'o> {
    pub(crate) reason: Cow<'o, str>,
    pub(crate) owner: Option<&'o str>,
    pub(crate) expires: Option<&'o str>,
    pub(crate) stands_in: &'o str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Control<'o> {
    pub(crate) control: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) subject: Subject<'o>,
    pub(crate) verdict: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Cow<'o, str>,
    /// The depth whose claim decided.
    pub(crate) decided_by: Option<&'static str>,
    /// What each depth says, shallowest first.
    pub(crate) claims: Vec<Claim<'o>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Claim<'o> {
    pub(crate) depth: &'static str,
    pub(crate) verdict: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) causes: Vec<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Cow<'o, str>,
    pub(crate) witnesses: Vec<Witness<'o>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Note<'o> {
    pub(crate) place: &'o str,
    pub(crate) message: Cow<'o, str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct NotExamined<'o> {
    pub(crate) path: &'o str,
    pub(crate) reason: Cow<'o, str>,
    /// Whether it was meant to be read and could not be.
    pub(crate) unreadable: bool,
    #[serde(flatten)]
    pub(crate) span: Option<Span>,
}
