//! Controls that repeat what an estate was told to say, so that each rule of the engine can be tried alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests may fail loudly; clippy knows test functions only, not what they share"
)]

use audit::{Config, Finding, Options, Outcome};
use model::{
    Cause, Claim, Claims, Control, Depth, Estate, Exposure, Fact, Family, Meta, Place, Safety,
    Severity, Source, SourceId, Stage, Subject, Witness,
};
use text::Span;

/// A claim that the control of this number states.
#[derive(Debug)]
pub(crate) struct Said(pub(crate) usize, pub(crate) Subject, pub(crate) Claim);
impl Fact for Said {}

fn repeat<const N: usize>(estate: &Estate, claims: &mut Claims) {
    for Said(_, subject, claim) in estate.all::<Said>().iter().filter(|said| said.0 == N) {
        claims.state(subject.clone(), claim.clone());
    }
}

const fn cause(slug: &'static str, severity: Severity) -> Cause {
    Cause {
        slug,
        severity,
        title: "it is open",
        remedy: "close it",
    }
}

static CAUSES: [Cause; 4] = [
    cause("low", Severity::Low),
    cause("medium", Severity::Medium),
    cause("high", Severity::High),
    cause("critical", Severity::Critical),
];

const fn meta(stage: Stage) -> Meta {
    Meta {
        title: "a protection",
        question: "Is it closed?",
        stage,
        causes: &CAUSES,
        safety: Safety::Safe,
        family: Family::Rest,
        since: "0.1",
    }
}

static TRANSIT: Meta = meta(Stage::Transit);
static REST: Meta = meta(Stage::Rest);

pub(crate) const RPC: usize = 0;
pub(crate) const AUTHENTICATION: usize = 1;
pub(crate) const SAMPLE: usize = 2;
pub(crate) const PLAIN_SECRET: usize = 3;
pub(crate) const DRIFT: usize = 4;

const fn control(
    id: &'static str,
    meta: &'static Meta,
    settings: fn(&Estate, &mut Claims),
) -> Control {
    Control {
        id,
        meta,
        documentation: "",
        settings,
    }
}

pub(crate) static CONTROLS: &[Control] = &[
    control("hdfs/rpc-privacy", &TRANSIT, repeat::<RPC>),
    control("hdfs/authentication", &REST, repeat::<AUTHENTICATION>),
    control("secrets/known-sample", &REST, repeat::<SAMPLE>),
    control("secrets/in-the-clear", &REST, repeat::<PLAIN_SECRET>),
    control("flow/drift", &TRANSIT, repeat::<DRIFT>),
];

/// An estate whose first text is `path` with `text`.
pub(crate) fn estate(depth: Depth, path: &str, text: &str) -> Estate {
    let mut estate = Estate::new(depth);
    estate.sources.add(Source::file(path, text));
    estate
}

/// Ten lines `line 1` to `line 10` in `a.yaml`, declared.
pub(crate) fn ten_lines() -> Estate {
    let text: String = (1..=10).map(|n| format!("line {n}\n")).collect();
    estate(Depth::Declared, "conf/a.yaml", &text)
}

/// The place of `needle` in the first text of the estate.
pub(crate) fn place(estate: &Estate, needle: &str) -> Place {
    let text = &estate.sources.get(SourceId(0)).unwrap().text;
    let start = text.find(needle).expect("the needle stands in the text");
    Place::new(SourceId(0), Span::new(start, start + needle.len()))
}

pub(crate) fn witness(estate: &Estate, needle: &str) -> Witness {
    Witness {
        depth: estate.depth,
        ..Witness::declared(place(estate, needle), needle)
    }
}

pub(crate) fn exposure(estate: &Estate, cause: &'static str, needle: &str) -> Exposure {
    Exposure::new(cause, witness(estate, needle))
}

pub(crate) fn say(estate: &mut Estate, control: usize, name: &str, claim: Claim) {
    estate.put(Said(control, Subject::new("NameNode", name, None), claim));
}

/// Says that `cause` exposes `name`, shown by `needle`.
pub(crate) fn expose(
    estate: &mut Estate,
    control: usize,
    name: &str,
    cause: &'static str,
    needle: &str,
) {
    let exposure = exposure(estate, cause, needle);
    say(estate, control, name, Claim::Exposed(vec![exposure]));
}

pub(crate) fn options() -> Options {
    Options::new(jiff::civil::date(2026, 6, 15))
}

pub(crate) fn run(estate: Estate) -> Outcome {
    audit::audit(CONTROLS, vec![estate], &Config::default(), &options())
}

/// `control#cause subject` of each finding.
pub(crate) fn names(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|f| format!("{}#{} {}", f.control, f.cause, f.subject.name))
        .collect()
}

/// `control#cause` of each consequence.
pub(crate) fn consequences(finding: &Finding) -> Vec<String> {
    finding
        .consequences
        .iter()
        .map(|c| format!("{}#{}", c.control, c.cause))
        .collect()
}

pub(crate) fn also(finding: &Finding) -> Vec<&str> {
    finding.also.iter().map(|s| &*s.name).collect()
}
