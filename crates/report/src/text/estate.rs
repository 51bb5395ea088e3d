//! The estate: who talks to whom, and how they were tied together.

use super::Style;
use crate::escape::line as escaped;
use audit::Outcome;
use model::{Flow, Subject};
use std::collections::BTreeMap;

/// How many of those who reach one target are named unless all are asked for.
const NAMED: usize = 4;

/// One line for each target and tie: what reaches it, by which protocols. Empty where nothing was tied.
pub(super) fn render(outcome: &Outcome, style: &Style<'_>) -> String {
    let mut targets: BTreeMap<(String, &str), Reach<'_>> = BTreeMap::new();
    // An application's own executors say nothing new about who talks to whom.
    let is_inner = |flow: &Flow| flow.from.name == flow.to.name;
    for flow in outcome
        .flows
        .iter()
        .filter(|flow| style.all || !is_inner(flow))
    {
        let reach = targets
            .entry((flow.to.to_string(), &flow.tied_by))
            .or_default();
        reach.add(flow);
    }
    if targets.is_empty() {
        return String::new();
    }
    let lines = targets.into_iter().map(|((target, tied_by), reach)| {
        let named = if style.all { reach.from.len() } else { NAMED };
        let mut names: Vec<String> = reach
            .from
            .iter()
            .take(named)
            .map(|from| escaped(&from.to_string()).into_owned())
            .collect();
        if reach.from.len() > named {
            names.push(format!("{} more", reach.from.len() - named));
        }
        format!(
            "  {} <- {}  ({}; tied by {})",
            escaped(&target),
            names.join(", "),
            reach.protocols.join(", "),
            escaped(tied_by)
        )
    });
    std::iter::once(style.heading("estate:"))
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

#[derive(Default)]
struct Reach<'o> {
    from: Vec<&'o Subject>,
    protocols: Vec<&'static str>,
}

impl<'o> Reach<'o> {
    fn add(&mut self, flow: &'o Flow) {
        if !self
            .from
            .iter()
            .any(|known| known.kind == flow.from.kind && known.name == flow.from.name)
        {
            self.from.push(&flow.from);
        }
        if !self.protocols.contains(&flow.protocol) {
            self.protocols.push(flow.protocol);
        }
    }
}
