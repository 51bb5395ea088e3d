//! MIT Kerberos profiles: krb5.conf and kdc.conf.
//!
//! Grammar: krb5 1.22 `src/util/profile/prof_parse.c` and `doc/admin/conf_files/krb5_conf.rst`. Other INI dialects differ in
//! comments, nesting and quoting and are not read here.

mod quoted;
mod read;

use crate::{Span, SyntaxError};

/// A parsed profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The sections in order. A name may come more than once; the library takes their relations together.
    pub sections: Vec<Section>,
    /// Files and modules that the profile draws in. Their place among the sections is that of their spans.
    pub directives: Vec<Directive>,
    /// What the library cannot read. It refuses the whole profile at the first one; reading goes on here to show the rest.
    pub errors: Vec<SyntaxError>,
}

/// `[name]` and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The name between the brackets, as written.
    pub name: String,
    /// The name's bytes, without the brackets.
    pub name_span: Span,
    /// Whether a `*` marks it final: later sections of that name are ignored (within one file since krb5 1.22).
    pub is_final: bool,
    /// Its relations in order.
    pub relations: Vec<Relation>,
    /// From the opening bracket to the end of its last relation.
    pub span: Span,
}

/// `tag = value` or `tag = { ... }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The tag, without a final mark.
    pub tag: String,
    /// The tag's bytes, without a final mark.
    pub tag_span: Span,
    /// Whether a `*` marks it final: after the tag, or after the closing brace of a group.
    pub is_final: bool,
    /// What the tag is set to.
    pub value: RelationValue,
    /// From the tag to the end of the value or of the closing brace.
    pub span: Span,
}

/// The right-hand side of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationValue {
    /// A string.
    Text {
        /// The string; escapes are resolved where it stands in double quotes.
        text: String,
        /// The string as written, with its quotes.
        span: Span,
    },
    /// Relations in braces (a realm, a database module).
    Group(Vec<Relation>),
}

/// A line that draws in text from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What it draws in.
    pub kind: DirectiveKind,
    /// The path (for a module: path and residual string), as written.
    pub argument: String,
    /// The argument's bytes.
    pub argument_span: Span,
}

/// The kinds of directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `include FILE`.
    Include,
    /// `includedir DIRECTORY`.
    IncludeDirectory,
    /// `module PATH:RESIDUAL`: a loadable module gives the profile, and the rest of the file is not read.
    Module,
}

/// Reads a profile. O(length).
#[must_use]
pub fn parse(text: &str) -> Profile {
    read::profile(text)
}

impl Profile {
    /// The strings at a path of names, in order: the section first, then tags. The library takes the first one where it
    /// wants a single value (`profile_get_string`), so a later one does not override it.
    #[must_use]
    pub fn values<'p>(&'p self, path: &[&str]) -> Vec<&'p Relation> {
        let Some((section, tags)) = path.split_first() else {
            return Vec::new();
        };
        let Some((last, groups)) = tags.split_last() else {
            return Vec::new();
        };
        let mut level: Vec<&Relation> = self
            .sections
            .iter()
            .filter(|candidate| candidate.name == *section)
            .flat_map(|section| &section.relations)
            .collect();
        for group in groups {
            level = level
                .into_iter()
                .filter(|relation| relation.tag == *group)
                .flat_map(Relation::relations)
                .collect();
        }
        level.retain(|relation| relation.tag == *last && relation.text().is_some());
        level
    }
}

impl Relation {
    /// The string it is set to; `None` for a group.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            RelationValue::Text { text, .. } => Some(text),
            RelationValue::Group(_) => None,
        }
    }

    /// The relations of a group; empty for a string.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        match &self.value {
            RelationValue::Text { .. } => &[],
            RelationValue::Group(relations) => relations,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KRB5: &str = "# c\n[libdefaults]\n  default_realm = EXAMPLE.COM\n  permitted_enctypes=aes256-cts rc4 \n\n[realms]*\n\
        EXAMPLE.COM = {\n\tkdc = a:88\n\tkdc = b\n\tinner =\n\t{\n\t\tx* = 1\n\t}*\n}\n; c\n[domain_realm]\n.example.com = EXAMPLE.COM\n";

    #[test]
    fn sections_groups_and_repeated_tags() {
        let profile = parse(KRB5);
        assert_eq!(profile.errors, []);
        let names: Vec<_> = profile.sections.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["libdefaults", "realms", "domain_realm"]);
        let texts = |path: &[&str]| -> Vec<String> {
            let found = profile.values(path).into_iter();
            found
                .map(|r| r.text().unwrap_or_default().to_owned())
                .collect()
        };
        assert_eq!(texts(&["realms", "EXAMPLE.COM", "kdc"]), ["a:88", "b"]);
        assert_eq!(
            texts(&["libdefaults", "permitted_enctypes"]),
            ["aes256-cts rc4"]
        );
        assert_eq!(texts(&["realms", "EXAMPLE.COM", "inner", "x"]), ["1"]);
        assert!(texts(&["realms", "EXAMPLE.COM"]).is_empty());
        assert!(texts(&["realms"]).is_empty() && texts(&[]).is_empty());
    }

    #[test]
    fn final_marks_stand_after_section_tag_or_brace() {
        let profile = parse(KRB5);
        assert_eq!(
            profile
                .sections
                .iter()
                .map(|s| s.is_final)
                .collect::<Vec<_>>(),
            [false, true, false]
        );
        let realm = &profile.sections[1].relations[0];
        assert!(!realm.is_final);
        let inner = &realm.relations()[2];
        assert!(inner.is_final && inner.relations()[0].is_final);
        assert_eq!(inner.relations()[0].tag, "x");
    }

    #[test]
    fn spans_cover_what_is_written() {
        let profile = parse(KRB5);
        let slice = |span: Span| &KRB5[span.range()];
        let listed = &profile.sections[0].relations[1];
        assert_eq!(slice(listed.span), "permitted_enctypes=aes256-cts rc4");
        assert_eq!(slice(listed.tag_span), "permitted_enctypes");
        assert_eq!(slice(profile.sections[1].name_span), "realms");
        let realm = &profile.sections[1].relations[0];
        assert!(slice(realm.span).starts_with("EXAMPLE.COM = {"));
        assert!(slice(realm.span).ends_with("\t}*\n}"));
        assert!(slice(profile.sections[0].span).starts_with("[libdefaults]"));
        assert!(slice(profile.sections[0].span).ends_with("rc4"));
    }

    #[test]
    fn quoted_values_end_at_their_quote() {
        let text = "[a]\nx = \"a \\\"b\\\"\\n \" rest\ny = \"open \nz = { 1\nw = a # b\n";
        let relations = &parse(text).sections[0].relations;
        let values: Vec<_> = relations.iter().map(|r| r.text().unwrap()).collect();
        assert_eq!(values, ["a \"b\"\n ", "open ", "{ 1", "a # b"]);
        let RelationValue::Text { span, .. } = relations[0].value else {
            panic!("a string");
        };
        assert_eq!(&text[span.range()], "\"a \\\"b\\\"\\n \"");
    }

    #[test]
    fn directives_stand_at_line_starts() {
        let text = "module x.so:y\ninclude /a b \n[s]\nincludedir /etc/krb5.conf.d/\n include = no\nmodule = m\n";
        let profile = parse(text);
        let found: Vec<_> = profile
            .directives
            .iter()
            .map(|d| (d.kind, d.argument.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (DirectiveKind::Module, "x.so:y"),
                (DirectiveKind::Include, "/a b "),
                (DirectiveKind::IncludeDirectory, "/etc/krb5.conf.d/"),
            ]
        );
        assert_eq!(profile.sections[0].relations.len(), 2);
    }

    #[test]
    fn text_before_the_first_section_is_ignored() {
        let profile = parse("free text\n  [indented]\n}\n[s]\na = b\n");
        assert_eq!((profile.sections.len(), profile.errors.len()), (1, 0));
    }

    #[test]
    fn errors_have_places_and_hide_nothing_after_them() {
        let text = "[s]\nnonsense\nsecret value = x\n= y\n}\nr = {\n[t]\na =\nb = c\n[u\nlost = 1\n[v] x\n[w]\nd = e\n";
        let profile = parse(text);
        let places: Vec<_> = profile
            .errors
            .iter()
            .map(|error| text[error.span.range()].to_owned())
            .collect();
        assert_eq!(
            places,
            [
                "nonsense",
                "secret value",
                "= y",
                "}",
                "[t]",
                "a =",
                "[u",
                "x"
            ]
        );
        assert!(
            profile
                .errors
                .iter()
                .all(|e| !e.message.contains("secret") && !e.message.contains("nonsense"))
        );
        assert_eq!(profile.values(&["t", "b"])[0].text(), Some("c"));
        assert_eq!(profile.values(&["w", "d"])[0].text(), Some("e"));
        assert!(profile.sections.iter().all(|s| s.name != "u"));
    }

    #[test]
    fn nesting_and_errors_are_bounded() {
        let deep = format!("[s]\n{}", "a = {\n".repeat(100_000));
        let profile = parse(&deep);
        assert!(profile.errors[0].message.contains("deeper"));
        let noisy = format!("[s]\n{}", "x\n".repeat(100_000));
        assert_eq!(parse(&noisy).errors.len(), crate::limits::MAX_ERRORS + 1);
    }

    #[test]
    fn lines_longer_than_the_buffer_are_errors() {
        let fits = format!("[s]\na = {}\n", "x".repeat(2043));
        assert_eq!(parse(&fits).errors, []);
        let cut = format!("[s]\na = {}\nb = c\n", "x".repeat(2044));
        assert_eq!(parse(&cut).errors.len(), 1);
        assert_eq!(parse(&cut).values(&["s", "b"]).len(), 1);
    }
}
