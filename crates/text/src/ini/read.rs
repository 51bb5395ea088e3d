//! Line by line, as the library reads: it looks at one line and at what is open.

use super::quoted::quoted;
use super::{Directive, DirectiveKind, Profile, Relation, RelationValue, Section};
use crate::limits::{MAX_DEPTH, MAX_ERRORS};
use crate::{Span, SyntaxError};

/// The library reads lines into a buffer of 2048 bytes (`BUF_SIZE` in prof_parse.c), one of them for the end.
const LINE_BUFFER: usize = 2047;

pub(super) fn profile(text: &str) -> Profile {
    let mut reader = Reader {
        text,
        profile: Profile::default(),
        section: None,
        groups: Vec::new(),
        started: false,
        awaits_brace: false,
    };
    let mut start = 0;
    while start < text.len() && !reader.is_done() {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        reader.line(start, end);
        start = end + 1;
    }
    reader.end_section();
    reader.profile
}

struct Reader<'t> {
    text: &'t str,
    profile: Profile,
    /// The open section; none before the first and after a broken heading.
    section: Option<Section>,
    /// The open groups, outermost first.
    groups: Vec<Relation>,
    /// Whether a section was seen: everything before the first one is a comment.
    started: bool,
    /// Whether the innermost group still lacks its `{`, which the next line must start with.
    awaits_brace: bool,
}

impl Reader<'_> {
    fn is_done(&self) -> bool {
        self.profile.errors.len() > MAX_ERRORS || self.groups.len() > MAX_DEPTH
    }

    fn error(&mut self, span: Span, message: &str) {
        if self.profile.errors.len() < MAX_ERRORS {
            let error = SyntaxError::new(span, format!("not a Kerberos profile: {message}"));
            self.profile.errors.push(error);
        } else if self.profile.errors.len() == MAX_ERRORS {
            let message = "too many errors; the rest of the file was not read";
            self.profile.errors.push(SyntaxError::new(span, message));
        }
    }

    fn line(&mut self, start: usize, end: usize) {
        let line = self.text.get(start..end).unwrap_or_default();
        if line.len() > LINE_BUFFER && (self.started || line.starts_with('[')) {
            let message = "the line is longer than 2047 bytes; the library would read it in pieces";
            self.error(Span::new(start, end), message);
        }
        if self.directive(line, start) {
            return;
        }
        self.started |= line.starts_with('[');
        let content = self.trimmed(start, end);
        let first = self.byte(content.start);
        if !self.started || self.takes_brace(first) {
            return;
        }
        match first {
            _ if content.is_empty() => {}
            Some(b'#' | b';') => {}
            Some(b'[') => self.heading(content),
            Some(b'}') => self.end_group(content),
            _ => self.relation(content, end),
        }
    }

    /// Directives have no leading blanks. A module is one before the first section only.
    fn directive(&mut self, line: &str, start: usize) -> bool {
        let kinds = [
            ("include", DirectiveKind::Include),
            ("includedir", DirectiveKind::IncludeDirectory),
            ("module", DirectiveKind::Module),
        ];
        for (word, kind) in kinds {
            let Some(rest) = line.strip_prefix(word) else {
                continue;
            };
            let is_word = rest.as_bytes().first().is_some_and(is_blank);
            if !is_word || (kind == DirectiveKind::Module && self.started) {
                continue;
            }
            let argument = rest.trim_start_matches(BLANKS);
            let argument_start = start + line.len() - argument.len();
            let argument = argument.trim_end_matches('\r');
            self.profile.directives.push(Directive {
                kind,
                argument: argument.to_owned(),
                argument_span: Span::new(argument_start, argument_start + argument.len()),
            });
            return true;
        }
        false
    }

    /// The line's own brace, if one is due: the rest of that line is ignored.
    fn takes_brace(&mut self, first: Option<u8>) -> bool {
        if !self.awaits_brace {
            return false;
        }
        self.awaits_brace = false;
        if first == Some(b'{') {
            return true;
        }
        if let Some(group) = self.groups.pop() {
            let message = "a value or a brace is missing; the brace may stand on the next line";
            self.error(group.span, message);
        }
        false
    }

    fn heading(&mut self, content: Span) {
        if !self.groups.is_empty() {
            self.error(content, "a section starts before the braces are closed");
        }
        self.end_section();
        let Some((name, after)) = self
            .slice(content)
            .strip_prefix('[')
            .and_then(|heading| heading.split_once(']'))
        else {
            self.error(content, "a section's name has no closing bracket");
            return;
        };
        let is_final = after.starts_with('*');
        let rest = after.strip_prefix('*').unwrap_or(after);
        let rest = rest.trim_start_matches(BLANKS).len();
        let name_start = content.range().start + 1;
        let name_span = Span::new(name_start, name_start + name.len());
        self.section = Some(Section {
            name: name.to_owned(),
            name_span,
            is_final,
            relations: Vec::new(),
            span: Span::new(content.range().start, content.range().end - rest),
        });
        if rest > 0 {
            let span = Span::new(content.range().end - rest, content.range().end);
            self.error(span, "text follows a section's name");
        }
    }

    fn end_section(&mut self) {
        self.awaits_brace = false;
        while let Some(group) = self.groups.pop() {
            self.add(group);
        }
        self.profile.sections.extend(self.section.take());
    }

    fn end_group(&mut self, content: Span) {
        let start = content.range().start;
        let is_final = self.byte(content.start + 1) == Some(b'*');
        match self.groups.pop() {
            Some(mut group) => {
                group.is_final |= is_final;
                group.span = group
                    .span
                    .to(Span::new(start, start + 1 + usize::from(is_final)));
                self.add(group);
            }
            // After a broken heading nothing is open, and that was said already.
            None if self.section.is_none() => {}
            None => self.error(content, "a closing brace without an opening one"),
        }
    }

    /// `tag = value`. `line_end` counts for an unfinished quoted string, which keeps its trailing blanks.
    fn relation(&mut self, content: Span, line_end: usize) {
        if self.section.is_none() {
            return;
        }
        let line = self.slice(content);
        let Some((left, right)) = line.split_once('=') else {
            self.error(content, "neither a section, a relation nor a brace");
            return;
        };
        let written = left.trim_end_matches(BLANKS);
        let start = content.range().start;
        let left_span = Span::new(start, start + written.len());
        if left.is_empty() {
            self.error(content, "a relation without a tag");
            return;
        }
        if written.contains(BLANKS) {
            self.error(left_span, "a tag holds a blank");
            return;
        }
        let (tag, is_final) = written
            .split_once('*')
            .map_or((written, false), |(tag, _)| (tag, true));
        let value = right.trim_start_matches(BLANKS);
        let value_span = Span::new(content.range().end - value.len(), content.range().end);
        let mut relation = Relation {
            tag: tag.to_owned(),
            tag_span: Span::new(start, start + tag.len()),
            is_final,
            value: RelationValue::Group(Vec::new()),
            span: content,
        };
        if value.is_empty() || value == "{" {
            self.awaits_brace = value.is_empty();
            self.open(relation);
            return;
        }
        relation.value = if value.starts_with('"') {
            let unended = Span::new(value_span.range().start, line_end);
            let (text, span) = quoted(self.slice(unended).trim_end_matches('\r'), unended);
            relation.span.end = span.end;
            RelationValue::Text { text, span }
        } else {
            RelationValue::Text {
                text: value.to_owned(),
                span: value_span,
            }
        };
        self.add(relation);
    }

    fn open(&mut self, group: Relation) {
        if self.groups.len() >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            self.error(group.span, &message);
        }
        self.groups.push(group);
    }

    /// Puts a relation into what is open, which reaches at least to its end.
    fn add(&mut self, relation: Relation) {
        match (self.groups.last_mut(), &mut self.section) {
            (Some(group), _) => {
                group.span = group.span.to(relation.span);
                if let RelationValue::Group(relations) = &mut group.value {
                    relations.push(relation);
                }
            }
            (None, Some(section)) => {
                section.span = section.span.to(relation.span);
                section.relations.push(relation);
            }
            (None, None) => {}
        }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn byte(&self, at: u32) -> Option<u8> {
        self.text.as_bytes().get(at as usize).copied()
    }

    /// A line without the blanks around it.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let line = self.slice(Span::new(start, end));
        let content = line.trim_start_matches(BLANKS);
        let from = end - content.len();
        Span::new(from, from + content.trim_end_matches(BLANKS).len())
    }
}

/// What C's `isspace` takes as blank in the C locale.
const BLANKS: [char; 6] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r'];

fn is_blank(byte: &u8) -> bool {
    BLANKS.contains(&char::from(*byte))
}
