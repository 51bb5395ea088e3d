//! Merge keys (`<<`) and duplicate keys.

use crate::{Entry, Node, Span, Style, SyntaxError, Value};
use std::collections::HashSet;

/// Mappings up to this size are compared pairwise, which costs less than hashing.
const SMALL: usize = 8;

/// Resolves `<<`: explicit keys win, and earlier merged mappings win over later ones (<https://yaml.org/type/merge.html>).
/// Merged entries keep the spans of the mapping they come from.
///
/// # Errors
/// The value is neither a mapping nor a sequence of mappings, which go-yaml refuses too.
pub(super) fn merged(entries: Vec<Entry>) -> Result<Vec<Entry>, SyntaxError> {
    if !entries.iter().any(is_merge) {
        return Ok(entries);
    }
    let mut seen: HashSet<Box<str>> = entries
        .iter()
        .filter(|entry| !is_merge(entry))
        .filter_map(|entry| entry.key.text().map(Into::into))
        .collect();
    let mut result = Vec::with_capacity(entries.len());
    for entry in entries {
        if !is_merge(&entry) {
            result.push(entry);
            continue;
        }
        let key = entry.key.span;
        let sources = match entry.value.value {
            Value::Sequence(items) => items,
            value => vec![Node {
                value,
                ..entry.value
            }],
        };
        for source in sources {
            let Value::Mapping(source) = source.value else {
                return Err(not_a_mapping(key));
            };
            result.extend(source.into_iter().filter(|entry| match entry.key.text() {
                Some(key) => seen.insert(key.into()),
                None => true,
            }));
        }
    }
    Ok(result)
}

fn is_merge(entry: &Entry) -> bool {
    matches!(&entry.key.value, Value::Scalar(key) if key.style == Style::Plain && &*key.text == "<<")
}

fn not_a_mapping(key: Span) -> SyntaxError {
    SyntaxError::new(key, "a merge key whose value is not a mapping")
}

/// The later of two entries with the same key, for each such pair.
pub(crate) fn duplicates(entries: &[Entry]) -> Vec<SyntaxError> {
    let mut found = Vec::new();
    let mut note = |entry: &Entry| {
        let message = "the key is already set in this mapping";
        found.push(SyntaxError::new(entry.key.span, message));
    };
    if entries.len() <= SMALL {
        for (index, entry) in entries.iter().enumerate() {
            let Some(key) = entry.key.text() else {
                continue;
            };
            let mut earlier = entries.iter().take(index);
            if earlier.any(|other| other.key.text() == Some(key)) {
                note(entry);
            }
        }
        return found;
    }
    let mut seen = HashSet::with_capacity(entries.len());
    for entry in entries {
        if entry.key.text().is_some_and(|key| !seen.insert(key)) {
            note(entry);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    #[test]
    fn explicit_keys_win_and_earlier_sources_win_over_later_ones() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\n";
        let stream = parse(text);
        let c = stream.documents[0].root.get("c").unwrap();
        let pairs: Vec<_> = c
            .entries()
            .iter()
            .map(|e| (e.key.text().unwrap(), e.value.int().unwrap()))
            .collect();
        assert_eq!(pairs, [("x", 1), ("y", 1), ("z", 3)]);
        let merged = c.entry("x").unwrap().key.span.range().start;
        assert_eq!(merged, text.find('x').unwrap());
        assert!(stream.documents[0].strict.is_empty());
    }

    #[test]
    fn what_cannot_be_merged_is_an_error() {
        for text in ["a: {<<: 1}", "a: {<<: [1]}", "a: {<<: }"] {
            let stream = parse(text);
            assert!(stream.documents.is_empty(), "{text}");
            assert!(stream.errors[0].message.contains("merge key"), "{text}");
        }
        assert_eq!(parse("a: {'<<': 1}").documents.len(), 1);
    }

    #[test]
    fn duplicates_are_found_in_small_and_large_mappings() {
        let keys = |n: usize| (0..n).map(|i| format!("k{i}: v\n")).collect::<String>();
        for n in [2, 40] {
            let text = keys(n) + "k1: w\n";
            let strict = &parse(&text).documents[0].strict;
            assert_eq!(strict.len(), 1);
            assert_eq!(strict[0].span.range().start, text.rfind("k1").unwrap());
        }
    }
}
