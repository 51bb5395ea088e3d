//! One line of a profile.

use super::{Directive, DirectiveKind, Relation, Section, Setting, State};
use crate::{Span, SyntaxError};

/// What a line is.
pub(super) enum Line {
    /// Blank, a comment, or before the first section.
    Nothing,
    Directive(Directive),
    Heading(Section),
    Relation {
        relation: Relation,
        /// Whether the group's brace comes on the next line.
        awaits_brace: bool,
    },
    OpeningBrace,
    ClosingBrace {
        is_final: bool,
        brace: Span,
    },
}

/// C's `isspace`.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// Reads the line that starts at `start`.
pub(super) fn read(written: &str, start: usize, state: State) -> Result<Line, SyntaxError> {
    let whole = written.trim_end_matches(['\n', '\r']);
    if let Some(directive) = directive(whole, start) {
        return Ok(Line::Directive(directive));
    }
    let content = whole.trim_start_matches(is_space);
    let at = start + whole.len() - content.len();
    match (state, content.chars().next()) {
        // The first heading must stand at the very start of its line.
        (State::Before, _) if !whole.starts_with('[') => Ok(Line::Nothing),
        (State::OpeningBrace, Some('{')) => Ok(Line::OpeningBrace),
        (State::OpeningBrace, _) => {
            let message = "a tag without a value must be followed by a line with an opening brace";
            Err(SyntaxError::new(Span::at(at), message))
        }
        (_, None | Some(';' | '#')) => Ok(Line::Nothing),
        (_, Some('[')) => heading(content, at),
        (_, Some('}')) => Ok(Line::ClosingBrace {
            is_final: content.starts_with("}*"),
            brace: Span::new(at, at + 1),
        }),
        _ => relation(content, at),
    }
}

fn directive(line: &str, start: usize) -> Option<Directive> {
    let (word, rest) = line.split_once(is_space)?;
    let kind = match word {
        "include" => DirectiveKind::File,
        "includedir" => DirectiveKind::Directory,
        "module" => DirectiveKind::Module,
        _ => return None,
    };
    let path = rest.trim_start_matches(is_space);
    let end = start + line.len();
    Some(Directive {
        kind,
        path: path.to_owned(),
        path_span: Span::new(end - path.len(), end),
    })
}

fn heading(content: &str, at: usize) -> Result<Line, SyntaxError> {
    let refused = |message: &str| Err(SyntaxError::new(Span::new(at, at + content.len()), message));
    let Some((name, rest)) = content.get(1..).and_then(|text| text.split_once(']')) else {
        return refused("a section without a closing bracket");
    };
    let (is_final, rest) = match rest.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !rest.chars().all(is_space) {
        return refused("text after the heading of a section");
    }
    Ok(Line::Heading(Section {
        name: name.to_owned(),
        span: Span::new(at, at + name.len() + 2),
        is_final,
        relations: Vec::new(),
    }))
}

fn relation(content: &str, at: usize) -> Result<Line, SyntaxError> {
    let refused = |message: &str| Err(SyntaxError::new(Span::new(at, at + content.len()), message));
    let Some((left, right)) = content.split_once('=') else {
        return refused("neither a relation, nor a section, nor a comment");
    };
    let tag = left.trim_end_matches(is_space);
    if tag.is_empty() || tag.contains(is_space) {
        return refused("the tag before `=` must be one word");
    }
    // Everything from `*` on is cut off.
    let (name, is_final) = tag
        .split_once('*')
        .map_or((tag, false), |(name, _)| (name, true));
    let value = right.trim_matches(is_space);
    let value_start = at + content.len() - right.trim_start_matches(is_space).len();
    let value_span = Span::new(value_start, value_start + value.len());
    let is_group = value.is_empty() || value == "{";
    let setting = if is_group {
        Setting::Group(Vec::new())
    } else {
        Setting::Text {
            text: value
                .strip_prefix('"')
                .map_or_else(|| value.to_owned(), unquoted),
            span: value_span,
        }
    };
    let tag_span = Span::new(at, at + name.len());
    let relation = Relation {
        tag: name.to_owned(),
        tag_span,
        is_final,
        value: setting,
        span: tag_span.to(value_span),
    };
    Ok(Line::Relation {
        relation,
        awaits_brace: value.is_empty(),
    })
}

/// The text up to the closing quote, with escapes resolved. What follows the quote is ignored.
fn unquoted(quoted: &str) -> String {
    let mut decoded = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => decoded.extend(chars.next().map(|c| match c {
                'n' => '\n',
                't' => '\t',
                'b' => '\u{8}',
                c => c,
            })),
            c => decoded.push(c),
        }
    }
    decoded
}
