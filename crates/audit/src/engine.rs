//! Runs controls over estates and draws the outcome.

use crate::annotations::Annotations;
use crate::comments::Comments;
use crate::depths::{self, Merged};
use crate::findings::{self, primary_place};
use crate::folding::fold;
use crate::joining::Moved;
use crate::waiver::Decisions;
use crate::{Config, Finding, Judged, Note, Options, Outcome};
use declared::read::Tally;
use model::{Claim, Claims, Component, Control, Depth, Estate, Place, Sources, Subject, Verdict};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Judges estates by those of `all` controls that the options ask for, and applies what the configuration accepts.
///
/// Estates of several depths are merged per control and subject: the deeper claim wins, and a shallower protection that a deeper
/// depth refutes is a contradiction. O(controls * facts they look at).
#[must_use]
pub fn audit(all: &[Control], estates: Vec<Estate>, config: &Config, options: &Options) -> Outcome {
    let estates: Vec<Estate> = estates
        .into_iter()
        .filter(|estate| options.wants_depth(estate.depth))
        .collect();
    let wanted: Vec<&Control> = all
        .iter()
        .filter(|control| options.wants(control))
        .collect();
    let judgements = judge(&wanted, &estates);
    let mut notes = Vec::new();
    let (mut outcome, annotations) = join(estates, &mut notes);
    let comments = Comments::collect(&outcome.sources, &mut notes);

    let mut drafts = Vec::new();
    for (control, judged, merged) in judgements {
        for exposure in merged.exposures {
            drafts.push(findings::draft(
                control,
                &judged.subject,
                merged.verdict,
                exposure,
                &outcome.sources,
            ));
        }
        outcome.judged.push(judged);
    }
    let mut decisions = Decisions::new(
        &config.waivers,
        comments,
        annotations,
        options.today,
        &options.base,
    );
    // Decisions come before folding: accepting one control's finding must not hide another's on the same bytes.
    let (counting, waived) = decisions.part(findings::assemble(drafts), &outcome.sources);
    outcome.findings = finish(counting, options, &outcome.sources);
    outcome.waived = finish(waived, options, &outcome.sources);
    notes.extend(decisions.notes(all, &wanted));
    notes.extend(options.unmatched_skip(all).map(|glob| Note {
        place: "skip".into(),
        message: format!("no control matches `{}`", glob.as_str()).into(),
    }));
    outcome.notes = notes;
    show_as_written(&mut outcome);
    outcome
}

/// Lets the witnesses point at what people wrote. Subjects stay where they are: what an overlay makes of a base is another
/// subject than what the next one makes of it.
fn show_as_written(outcome: &mut Outcome) {
    let sources = &outcome.sources;
    let map = |place: Place| match sources.written(place) {
        // What stands in a document inside a file is shown as a part of that document.
        written if written == sources.in_file(place) => place,
        written => written,
    };
    for finding in outcome.findings.iter_mut().chain(&mut outcome.waived) {
        finding.witnesses.map_places(&map);
    }
    for judged in &mut outcome.judged {
        for (_, claim) in &mut judged.claims {
            claim.map_places(&map);
        }
    }
}

/// The verdicts of every control, by control, then by subject, with the exposures to report.
fn judge<'c>(wanted: &[&'c Control], estates: &[Estate]) -> Vec<(&'c Control, Judged, Merged)> {
    let offsets = offsets(estates);
    wanted
        .par_iter()
        .flat_map_iter(|control| judge_one(control, estates, &offsets))
        .collect()
}

/// By how much the places of each estate move when their texts are put one behind the other.
fn offsets(estates: &[Estate]) -> Vec<u32> {
    let mut next = 0;
    estates
        .iter()
        .map(|estate| {
            let offset = next;
            next += text::Span::at(estate.sources.len()).start;
            offset
        })
        .collect()
}

/// What one control states about one subject.
struct Stated {
    subject: Subject,
    by_depth: BTreeMap<Depth, Claim>,
}

/// What one depth states about the subjects of one kind and name.
type OfDepth = BTreeMap<Depth, Vec<(Subject, Claim)>>;

/// Tells apart what bears one name. Two files of one depth that declare the same name are two subjects (an overlay and its
/// base, two examples side by side). A deeper depth knows only the name, so it speaks about each of them.
fn subjects_of_name(by_depth: OfDepth) -> Vec<Stated> {
    let mut stated: Vec<Stated> = Vec::new();
    for (depth, claims) in by_depth {
        if stated.is_empty() {
            stated = apart_by_place(depth, claims);
            continue;
        }
        let place = claims.iter().find_map(|(subject, _)| subject.place);
        let claims = claims.into_iter().map(|(_, claim)| claim).collect();
        let Some(claim) = depths::worst(claims) else {
            continue;
        };
        for one in &mut stated {
            one.subject.place = one.subject.place.or(place);
            one.by_depth.insert(depth, claim.clone());
        }
    }
    stated
}

/// One subject for each place; claims about the same place, or about none, are one subject's.
fn apart_by_place(depth: Depth, claims: Vec<(Subject, Claim)>) -> Vec<Stated> {
    let mut by_place: BTreeMap<Option<Place>, (Subject, Vec<Claim>)> = BTreeMap::new();
    for (subject, claim) in claims {
        let (_, claims) = by_place
            .entry(subject.place)
            .or_insert_with(|| (subject, Vec::new()));
        claims.push(claim);
    }
    by_place
        .into_values()
        .map(|(subject, claims)| Stated {
            subject,
            by_depth: depths::worst(claims)
                .map(|claim| (depth, claim))
                .into_iter()
                .collect(),
        })
        .collect()
}

fn judge_one<'c>(
    control: &'c Control,
    estates: &[Estate],
    offsets: &[u32],
) -> Vec<(&'c Control, Judged, Merged)> {
    let mut by_name: BTreeMap<(&str, Box<str>), OfDepth> = BTreeMap::new();
    for (estate, offset) in estates.iter().zip(offsets) {
        let mut claims = Claims::default();
        (control.settings)(estate, &mut claims);
        for (mut subject, mut claim) in claims.into_inner() {
            subject.move_by(*offset);
            claim.move_by(*offset);
            by_name
                .entry((subject.kind, subject.name.clone()))
                .or_default()
                .entry(estate.depth)
                .or_default()
                .push((subject, claim));
        }
    }
    by_name
        .into_values()
        .flat_map(subjects_of_name)
        .map(|Stated { subject, by_depth }| {
            let claims: Vec<(Depth, Claim)> = by_depth.into_iter().collect();
            let merged = depths::merge(&claims);
            let judged = Judged {
                control: control.id,
                stage: control.meta.stage,
                subject,
                claims,
                verdict: merged.verdict,
                reason: merged.reason.clone(),
                decided_by: merged.decided_by,
            };
            (control, judged, merged)
        })
        .collect()
}

/// Puts the estates together, without verdicts.
fn join(estates: Vec<Estate>, notes: &mut Vec<Note>) -> (Outcome, Annotations) {
    let mut annotations = Annotations::default();
    let mut outcome = Outcome {
        sources: Sources::default(),
        components: Vec::new(),
        flows: Vec::new(),
        recognised: Vec::new(),
        files: 0,
        judged: Vec::new(),
        findings: Vec::new(),
        waived: Vec::new(),
        notes: Vec::new(),
        not_examined: Vec::new(),
        facts: Vec::new(),
    };
    let mut components = ComponentIndex::new();
    for mut estate in estates {
        let annotated = Annotations::collect(&estate, notes);
        for tally in estate.all::<Tally>() {
            outcome.files += tally.files;
            outcome.recognised.extend(tally.recognised.iter().copied());
        }
        let offset = outcome.sources.append(std::mem::take(&mut estate.sources));
        annotations.extend(annotated.moved_by(offset));
        estate.components.move_by(offset);
        estate.flows.move_by(offset);
        estate.not_examined.move_by(offset);
        for component in estate.components.drain(..) {
            add_component(&mut outcome.components, &mut components, component);
        }
        outcome.flows.append(&mut estate.flows);
        outcome.not_examined.append(&mut estate.not_examined);
        outcome.facts.push(estate);
    }
    (outcome, annotations)
}

/// Adds a component, or what another depth knows about one that is there.
fn add_component(all: &mut Vec<Component>, index: &mut ComponentIndex, component: Component) {
    let key = (component.subject.kind, component.subject.name.clone());
    let at = *index.entry(key).or_insert(all.len());
    match all.get_mut(at) {
        Some(known) => {
            known.release = known.release.or(component.release);
            for file in component.files {
                if !known.files.contains(&file) {
                    known.files.push(file);
                }
            }
        }
        None => all.push(component),
    }
}

/// Components by kind and name.
type ComponentIndex = HashMap<(&'static str, Box<str>), usize>;

/// Folds, drops what is below the asked severity, and sorts: contradicted first, then the worst, then by place and control.
fn finish(findings: Vec<Finding>, options: &Options, sources: &Sources) -> Vec<Finding> {
    let mut findings = fold(findings, sources);
    findings.retain(|finding| {
        options
            .severity
            .is_none_or(|least| finding.severity >= least)
    });
    findings.sort_by_cached_key(|finding| {
        let location = primary_place(&finding.witnesses, sources)
            .and_then(|place| sources.locate(place))
            .map(|location| (location.path, location.start));
        (
            Reverse(finding.verdict == Verdict::Contradicted),
            Reverse(finding.severity),
            // What no text shows comes after what one shows.
            location.is_none(),
            location,
            finding.control,
            finding.cause,
        )
    });
    findings
}
