//! Every place that the report names holds what the report says stands there.

use crate::support::Lab;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The trees that the project shows its work on: every product; one full of findings, one hardened.
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");

/// What may stand around a value within its span, in characters: the tags of a value that is blank.
const MARKUP: usize = 32;

/// The text between two positions. Lines and columns start at 1 and count characters; the end is exclusive.
fn slice(text: &str, start: (u64, u64), end: (u64, u64)) -> Option<&str> {
    let offset = |(line, column): (u64, u64)| {
        let line_start = match line {
            0 => return None,
            1 => 0,
            line => {
                text.match_indices('\n')
                    .nth(usize::try_from(line).ok()? - 2)?
                    .0
                    + 1
            }
        };
        let rest = text.get(line_start..)?;
        let characters = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let within = characters
            .clone()
            .nth(usize::try_from(column).ok()?.checked_sub(1)?)?;
        Some(line_start + within)
    };
    text.get(offset(start)?..offset(end)?)
}

/// Text without blanks, quotes, and what the formats put in between: escapes and continuation signs.
fn bare(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\'))
        .collect()
}

/// All witnesses of a report, those of findings and those of claims.
fn witnesses(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(witnesses).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| match field.as_array() {
                Some(all) if name == "witnesses" => all.iter().collect(),
                _ => witnesses(field),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn position(witness: &Value, line: &str, column: &str) -> (u64, u64) {
    let number = |name: &str| witness[name].as_u64().unwrap_or_default();
    (number(line), number(column))
}

/// Whether the text of a witness' span is what the witness shows.
fn fault(tree: &Path, witness: &Value) -> Option<String> {
    let text = fs::read_to_string(tree.join(witness["file"].as_str()?)).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let start = position(witness, "line", "column");
    let end = position(witness, "end_line", "end_column");
    let Some(found) = slice(text, start, end) else {
        return Some(format!("no such place: {witness}"));
    };
    let is_written = witness["provenance"] == "text" && witness["redacted"] == false;
    let value = witness["value"].as_str().filter(|_| is_written)?;
    let value = bare(value.trim_end_matches('…'));
    let found_bare = bare(found);
    let is_shown = found_bare.contains(&value) && found_bare.len() <= value.len() + MARKUP;
    (!is_shown).then(|| format!("{found:?} is not the value: {witness}"))
}

#[test]
fn every_witness_of_the_demo_shows_what_stands_at_its_place() {
    let lab = Lab::new("witness-spans");
    for name in ["meridian", "meridian-hardened"] {
        let tree = Path::new(DEMO).join(name);
        let answer = lab.run(&["--no-render", "-f", "json", tree.to_str().unwrap()]);
        let report: Value = serde_json::from_str(&answer.out).unwrap();
        let all = witnesses(&report);
        let is_written = |w: &&&Value| w["provenance"] == "text" && w["value"].is_string();
        let written = all.iter().filter(is_written).count();
        assert!(written > 50, "{name} has more than {written} to show");
        let faults: Vec<String> = all.iter().filter_map(|w| fault(&tree, w)).collect();
        assert!(
            faults.is_empty(),
            "{} of {}:\n{}",
            faults.len(),
            all.len(),
            faults.join("\n")
        );
    }
}
