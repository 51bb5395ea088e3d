//! Profiles of MIT Kerberos: krb5.conf and kdc.conf.
//!
//! Grammar: `src/util/profile/prof_parse.c` of MIT krb5, and its page krb5.conf(5) for `module`. One line holds one thing; groups nest in braces; `*` marks what
//! files read later may not add to.

mod line;

use crate::limits::{MAX_DEPTH, MAX_ERRORS};
use crate::{Span, SyntaxError};
use line::Line;

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its sections as written; the library takes sections of one name as one.
    pub sections: Vec<Section>,
    /// Other files that it reads, in order.
    pub directives: Vec<Directive>,
    /// Malformed lines. The library refuses the whole file for one of them; here the rest is still read.
    pub errors: Vec<SyntaxError>,
}

/// `[name]` and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The name, without brackets.
    pub name: String,
    /// The heading as written, from `[` to `]`.
    pub span: Span,
    /// Whether `*` follows: files read later add nothing to this section.
    pub is_final: bool,
    /// Its relations, in order. The first of a tag counts where one value is asked for.
    pub relations: Vec<Relation>,
}

/// `tag = value` or `tag = { ... }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The tag, without `*`.
    pub tag: String,
    /// The tag as written, without `*`.
    pub tag_span: Span,
    /// Whether `*` follows the tag, or the closing brace of the group.
    pub is_final: bool,
    /// What the tag stands for.
    pub value: Setting,
    /// From the tag to the end of the value or to the closing brace.
    pub span: Span,
}

/// The right-hand side of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A value.
    Text {
        /// The value, without quotes and with escapes resolved.
        text: String,
        /// The value as written, with its quotes.
        span: Span,
    },
    /// A group in braces.
    Group(Vec<Relation>),
}

/// A line that names another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What is read.
    pub kind: DirectiveKind,
    /// The path, to the end of the line.
    pub path: String,
    /// The path as written.
    pub path_span: Span,
}

/// The kinds of [`Directive`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `include`: a file.
    File,
    /// `includedir`: the files of a directory whose names hold only letters, digits, `-` and `_`, or (since 1.15) end in
    /// `.conf`.
    Directory,
    /// `module`: a shared library that answers instead of files.
    Module,
}

impl Profile {
    /// The values at a path of a section, tags of groups, and a tag, in order: what the library's
    /// `profile_get_values` gives. O(relations).
    #[must_use]
    pub fn values(&self, section: &str, path: &[&str]) -> Vec<(&str, Span)> {
        let mut level: Vec<&Relation> = self
            .sections
            .iter()
            .filter(|candidate| candidate.name == section)
            .flat_map(|section| &section.relations)
            .collect();
        let Some((tag, groups)) = path.split_last() else {
            return Vec::new();
        };
        for group in groups {
            level = level
                .into_iter()
                .filter(|relation| relation.tag == *group)
                .filter_map(|relation| match &relation.value {
                    Setting::Group(relations) => Some(relations),
                    Setting::Text { .. } => None,
                })
                .flatten()
                .collect();
        }
        level
            .into_iter()
            .filter(|relation| relation.tag == *tag)
            .filter_map(|relation| match &relation.value {
                Setting::Text { text, span } => Some((text.as_str(), *span)),
                Setting::Group(_) => None,
            })
            .collect()
    }
}

/// Parses a file. O(length).
#[must_use]
pub fn parse(text: &str) -> Profile {
    let mut reader = Reader::default();
    let mut start = 0;
    for written in text.split_inclusive('\n') {
        match line::read(written, start, reader.state()) {
            Ok(line) => reader.take(line, Span::new(start, start + written.len())),
            Err(error) => reader.error(error.span, &error.message),
        }
        start += written.len();
    }
    reader.close_all();
    reader.profile
}

/// What the next line may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Anything before the first section, which is not read.
    #[default]
    Before,
    /// A heading, a relation, a closing brace.
    Standard,
    /// The opening brace of a group whose tag stood on the line before.
    OpeningBrace,
}

#[derive(Default)]
struct Reader {
    profile: Profile,
    /// Groups that are still open, outermost first.
    open: Vec<Relation>,
    awaits_brace: bool,
}

impl Reader {
    fn state(&self) -> State {
        if self.profile.sections.is_empty() {
            State::Before
        } else if self.awaits_brace {
            State::OpeningBrace
        } else {
            State::Standard
        }
    }

    fn take(&mut self, line: Line, span: Span) {
        self.awaits_brace &= matches!(line, Line::Directive(_));
        match line {
            Line::Nothing | Line::OpeningBrace => {}
            Line::Directive(directive) => self.profile.directives.push(directive),
            Line::Heading(section) => {
                if !self.open.is_empty() {
                    self.error(
                        section.span,
                        "a section starts inside a group that is not closed",
                    );
                    self.close_all();
                }
                self.profile.sections.push(section);
            }
            Line::Relation {
                relation,
                awaits_brace,
            } => match relation.value {
                Setting::Text { .. } => self.add(relation),
                Setting::Group(_) if self.open.len() < MAX_DEPTH => {
                    self.awaits_brace = awaits_brace;
                    self.open.push(relation);
                }
                Setting::Group(_) => {
                    let message = format!("groups nested deeper than {MAX_DEPTH} levels");
                    self.error(relation.tag_span, &message);
                }
            },
            Line::ClosingBrace { is_final, brace } => match self.open.pop() {
                Some(mut group) => {
                    group.is_final |= is_final;
                    group.span = group.span.to(brace);
                    self.add(group);
                }
                None => self.error(span, "a closing brace without a group"),
            },
        }
    }

    /// Adds a finished relation to the innermost open group or to the section.
    fn add(&mut self, relation: Relation) {
        if let Some(group) = self.open.last_mut() {
            group.span = group.span.to(relation.span);
            if let Setting::Group(relations) = &mut group.value {
                relations.push(relation);
            }
        } else if let Some(section) = self.profile.sections.last_mut() {
            section.relations.push(relation);
        }
    }

    /// Closes the groups that the text leaves open, which the library accepts at the end of a file.
    fn close_all(&mut self) {
        while let Some(group) = self.open.pop() {
            self.add(group);
        }
    }

    fn error(&mut self, span: Span, message: &str) {
        self.awaits_brace = false;
        if self.profile.errors.len() < MAX_ERRORS {
            self.profile.errors.push(SyntaxError::new(span, message));
        }
    }
}

#[cfg(test)]
mod tests;
