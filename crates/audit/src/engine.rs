//! Runs controls and draws the outcome.

use crate::findings;
use crate::ignores;
use crate::merge::{merge, worse};
use crate::options::Options;
use crate::outcome::{Judged, Outcome};
use crate::waivers;
use crate::{Config, consequences};
use declared::read::Tally;
use model::{Claim, Claims, Control, Depth, Estate, Subject};
use std::collections::HashMap;

/// Judges estates of different depths by `controls` and applies what the configuration accepts.
///
/// `estates` holds at most one estate a depth. O(controls * facts they look at).
#[must_use]
pub fn audit(
    controls: &[Control],
    estates: Vec<Estate>,
    config: &Config,
    options: &Options,
) -> Outcome {
    let mut judged = Vec::new();
    for control in controls
        .iter()
        .filter(|control| options.wants(control.id, control.meta.stage))
    {
        judged.extend(judge(control, &estates, options));
    }
    // One estate carries the texts; more depths will bring their own, each with its places.
    let mut estates = estates.into_iter();
    let mut estate = estates
        .next()
        .unwrap_or_else(|| Estate::new(Depth::Declared));
    let mut findings = findings::of(controls, &judged, &estate.sources);
    consequences::fold(&mut findings, &estate.sources);
    if let Some(least) = options.severity {
        findings.retain(|finding| finding.severity >= least);
    }
    let mut notes = config.notes.clone();
    let waived = waivers::apply(
        &mut findings,
        config,
        &estate.sources,
        &options.today,
        &mut notes,
    );
    let ignored = ignores::apply(&mut findings, &estate, &mut notes);
    findings::sort(&mut findings, &estate.sources);
    let tally = estate.all::<Tally>().first();
    Outcome {
        recognised: tally
            .map(|tally| tally.recognised.clone())
            .unwrap_or_default(),
        files: tally.map_or(0, |tally| tally.files),
        components: std::mem::take(&mut estate.components),
        flows: std::mem::take(&mut estate.flows),
        not_examined: std::mem::take(&mut estate.not_examined),
        sources: estate.sources,
        judged,
        findings,
        waived: waived.into_iter().chain(ignored).collect(),
        notes,
    }
}

fn judge(control: &Control, estates: &[Estate], options: &Options) -> Vec<Judged> {
    let mut order: Vec<Subject> = Vec::new();
    let mut by_subject: HashMap<Subject, Vec<(Depth, Claim)>> = HashMap::new();
    let wanted = |depth| options.depths.is_empty() || options.depths.contains(&depth);
    for estate in estates.iter().filter(|estate| wanted(estate.depth)) {
        let mut claims = Claims::default();
        (control.settings)(estate, &mut claims);
        for (subject, claim) in claims.into_inner() {
            let known = by_subject.entry(subject.clone()).or_insert_with(|| {
                order.push(subject);
                Vec::new()
            });
            match known.iter().position(|(depth, _)| *depth == estate.depth) {
                Some(index) => {
                    let (depth, earlier) = known.swap_remove(index);
                    known.push((depth, worse(earlier, claim)));
                }
                None => known.push((estate.depth, claim)),
            }
        }
    }
    order
        .into_iter()
        .filter_map(|subject| {
            let mut claims = by_subject.remove(&subject)?;
            claims.sort_by_key(|(depth, _)| *depth);
            let merged = merge(&claims);
            let stage = control.meta.stage;
            let decided_by = claims.get(merged.decided_by).map(|(depth, _)| *depth);
            Some(Judged {
                control: control.id,
                stage,
                subject,
                claims,
                verdict: merged.verdict,
                reason: merged.reason,
                decided_by,
            })
        })
        .collect()
}
