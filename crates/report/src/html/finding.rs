//! Findings of one cause as a block that opens.

use super::escaped;
use crate::evidence::Evidence;
use crate::likeness::Alike;
use crate::phrase::counted;
use crate::text::evident::texts;
use crate::text::excerpt::{Excerpt, excerpts};
use audit::Finding;
use model::{Provenance, Verdict, Witness};

/// The width at which lines of an excerpt are cut.
const WIDTH: usize = 160;

/// How many facts of a finding are shown; JSON has them all.
const WITNESSES_SHOWN: usize = 8;

/// The first in full, the others by their places.
pub(super) fn group(evidence: &Evidence<'_>, alike: &Alike<'_>) -> String {
    let finding = alike.first;
    let contradicted = if finding.verdict == Verdict::Contradicted {
        "contradicted: "
    } else {
        ""
    };
    let count = match alike.others.len() {
        0 => String::new(),
        _ => format!(" ({})", counted(alike.count(), "finding")),
    };
    let shown = finding.witnesses.iter().take(WITNESSES_SHOWN);
    let shown: Vec<Witness> = shown.cloned().collect();
    let excerpts: String = texts(evidence, &shown)
        .iter()
        .flat_map(|text| {
            excerpts(evidence, text.source, &text.spans(), WIDTH)
                .into_iter()
                .map(|excerpt| snippet(&text.path, &excerpt))
        })
        .collect();
    format!(
        "<details><summary><span class=\"{0}\">{0}</span> {contradicted}{1}{count} <code>{2}#{3}</code></summary>\n\
         {excerpts}<dl>\n{4}</dl>\n{5}</details>",
        finding.severity,
        escaped(&evidence.prose(finding.title)),
        finding.control,
        finding.cause,
        facts(evidence, finding),
        others(evidence, &alike.others)
    )
}

fn facts(evidence: &Evidence<'_>, finding: &Finding) -> String {
    let message = evidence.message(finding);
    let mut facts = vec![
        ("where", evidence.position(finding)),
        ("subject", evidence.subject(&finding.subject)),
    ];
    if !finding.also.is_empty() {
        facts.push(("also", counted(finding.also.len(), "more subject")));
    }
    if message != finding.title {
        facts.push(("why", message));
    }
    let witnesses = finding.witnesses.iter().take(WITNESSES_SHOWN);
    facts.extend(witnesses.map(|witness| {
        let name = match witness.provenance {
            Provenance::Text(_) => "evidence",
            Provenance::Default { .. } | Provenance::Absent(_) => "note",
        };
        (name, evidence.describe(witness))
    }));
    let left = finding.witnesses.len().saturating_sub(WITNESSES_SHOWN);
    if left > 0 {
        facts.push((
            "note",
            format!("{} (-f json lists them)", counted(left, "more fact")),
        ));
    }
    let remedy = evidence.prose(&finding.remedy);
    facts.push(("fix", format!("{remedy} ({})", finding.safety.as_str())));
    if !finding.consequences.is_empty() {
        let named: Vec<String> = finding
            .consequences
            .iter()
            .map(|other| format!("{}#{}", other.control, other.cause))
            .collect();
        facts.push(("consequences", named.join(", ")));
    }
    facts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(text)))
        .collect()
}

fn others(evidence: &Evidence<'_>, others: &[&Finding]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let items: String = others
        .iter()
        .map(|finding| {
            format!(
                "<li><code>{}</code> {}</li>\n",
                escaped(&evidence.position(finding)),
                escaped(&evidence.subject(&finding.subject))
            )
        })
        .collect();
    format!("<p>Likewise:</p>\n<ul>\n{items}</ul>\n")
}

/// The lines of an excerpt with their numbers. Marks are drawn where they do not overlap an earlier one.
fn snippet(path: &str, excerpt: &Excerpt) -> String {
    let mut marks: Vec<(usize, usize)> = excerpt
        .marks
        .iter()
        .map(|(_, range)| (range.start, range.end))
        .collect();
    marks.sort_unstable();
    let mut html = String::new();
    let mut at = 0;
    for (start, end) in marks {
        if start < at || end <= start {
            continue;
        }
        html.push_str(&escaped(excerpt.text.get(at..start).unwrap_or_default()));
        html.push_str("<mark>");
        html.push_str(&escaped(excerpt.text.get(start..end).unwrap_or_default()));
        html.push_str("</mark>");
        at = end;
    }
    html.push_str(&escaped(excerpt.text.get(at..).unwrap_or_default()));
    let numbered: Vec<String> = html
        .trim_end_matches('\n')
        .split('\n')
        .zip(excerpt.first_line..)
        .map(|(line, number)| format!("{number:>5}  {line}"))
        .collect();
    format!(
        "<pre><code>{}</code>\n{}</pre>\n",
        escaped(path),
        numbered.join("\n")
    )
}
