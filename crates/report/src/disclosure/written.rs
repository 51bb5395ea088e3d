//! How secrets are written in texts: beside their keys, inside tags, or encoded in a document that another one holds.

use super::looks_secret;
use model::{Place, SourceId, Sources};
use text::Span;

/// The place one embedding further out.
pub(crate) fn outer(sources: &Sources, place: Place) -> Option<Place> {
    let embedding = sources.get(place.source)?.embedding.as_ref()?;
    Some(Place::new(
        embedding.parent.source,
        embedding.map.to_origin(place.span),
    ))
}

/// Whether an embedded text is written in another spelling in the file that holds it (base64, escapes).
pub(crate) fn is_encoded(sources: &Sources, place: Place) -> bool {
    // Block scalars differ from what they decode to by indentation only.
    let squeeze = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .take(64)
            .collect::<String>()
    };
    outer(sources, place)
        .is_some_and(|outer| squeeze(sources.slice(outer)) != squeeze(sources.slice(place)))
}

/// The secret itself in a span that may also hold its key, separators and tags.
pub(crate) fn secret_of<'t>(written: &'t str, key: Option<&str>) -> &'t str {
    let tagged = written
        .split_once("<value>")
        .map(|(_, rest)| rest.split_once("</value>").map_or(rest, |(value, _)| value));
    if let Some(value) = tagged {
        return value;
    }
    match key.and_then(|key| written.split_once(key)) {
        Some((_, rest)) => rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '=' | ':' | '"' | '\'' | '|' | '>')
        }),
        None => written,
    }
}

/// The quotes of shells, YAML and JSON.
pub(crate) fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'')
}

/// Where the value is whose key a redacted witness points at: the next `<value>`, else the rest of the line.
pub(crate) fn behind_key(sources: &Sources, key: Place) -> Option<Place> {
    let text = sources.get(key.source)?.text.get(key.span.end as usize..)?;
    let (offset, value) = match text.strip_prefix("</name>") {
        Some(tags) => {
            let property = tags.split("</property>").next()?;
            let (before, value) = property.split_once("<value>")?;
            (
                "</name>".len() + before.len() + "<value>".len(),
                value.split("</value>").next()?,
            )
        }
        None => {
            let line = text.lines().next()?;
            let separates = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '=' | ':');
            let value = line.trim_start_matches(separates);
            (line.len() - value.len(), value)
        }
    };
    let start = key.span.end as usize + offset;
    Some(Place::new(
        key.source,
        Span::new(start, start + value.len()),
    ))
}

/// A short word is a bad secret and a common word: hiding it everywhere would only garble the report.
pub(crate) fn is_common_word(text: &str) -> bool {
    text.len() < 12 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether the name of the value on this line, which stands before or after it, names a secret.
pub(crate) fn has_secret_name(
    sources: &Sources,
    source: SourceId,
    line_start: usize,
    length: usize,
) -> bool {
    const NEAR: usize = 400;
    let Some(text) = sources.get(source).map(|source| &*source.text) else {
        return false;
    };
    let mut from = line_start.saturating_sub(NEAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text
        .get(from..line_start)
        .unwrap_or_default()
        .lines()
        .rev()
        .take(4);
    let after = text
        .get(line_start + length..)
        .unwrap_or_default()
        .lines()
        .take(1);
    let ends_here = |line: &&str| !line.contains("</property>") && !line.contains("<value>");
    let mut near = before
        .take_while(ends_here)
        .chain(after.take_while(ends_here));
    near.find_map(looks_secret::name_on)
        .is_some_and(looks_secret::is_secret_key)
}
