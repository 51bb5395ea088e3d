//! Kerberos: krb5.conf and kdc.conf.

use crate::Ties;
use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::{Component, Estate, Place, Subject};
use settings::hadoop::template::holds_statement;
use settings::kerberos::KerberosProfile;
use text::ini;

/// The family.
pub const FAMILY: Family = Family {
    readers: &[Reader {
        name: "Kerberos profiles",
        formats: &[Format::Ini, Format::Lines],
        bytes: Bytes::Raw,
        recognise,
        read,
    }],
    assemble,
    order: 15,
};

const SECTIONS: [&str; 6] = [
    "libdefaults",
    "realms",
    "domain_realm",
    "kdcdefaults",
    "dbmodules",
    "capaths",
];

/// Whether a line is the head of a section. Every text is asked, so only what begins with a bracket is looked at. O(length):
/// backwards it goes over blanks only.
fn recognise(candidate: &Candidate<'_>) -> bool {
    let text = candidate.text;
    memchr::memchr_iter(b'[', text.as_bytes()).any(|at| {
        let before = text.get(..at).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        let is_first = before.is_empty() || before.ends_with('\n');
        is_first && is_head(text.get(at..).unwrap_or_default())
    })
}

/// Whether a text begins with a line that names a section, without blanks before it.
fn is_head(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.trim_end()
        .trim_end_matches('*')
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|section| SECTIONS.contains(&section))
}

fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let profile = ini::parse(candidate.text);
    let is_template = holds_statement(candidate.text);
    if is_template && !profile.errors.is_empty() {
        reading.skip("a template that is not rendered, read as far as it goes; render it and give wardline the output");
    } else {
        for error in &profile.errors {
            reading.problem(error.clone());
        }
    }
    let kdc_relations = [
        "supported_enctypes",
        "database_name",
        "kdc_ports",
        "kdc_listen",
        "admin_keytab",
        "master_key_type",
        "max_life",
    ];
    let is_kdc = profile.sections.iter().any(|section| {
        section.name == "kdcdefaults"
            || (section.name == "realms"
                && section.relations.iter().any(|realm| matches!(&realm.value, ini::Setting::Group(relations) if relations.iter().any(|relation| kdc_relations.contains(&relation.tag.as_str())))))
    });
    reading.put(KerberosProfile {
        source: candidate.source,
        profile,
        is_kdc,
        is_template,
    });
}

fn assemble(estate: &mut Estate, _: &Ties) {
    let components: Vec<Component> = estate
        .all::<KerberosProfile>()
        .iter()
        .map(|profile| {
            let place = Place::new(profile.source, text::Span::at(0));
            let path = estate
                .sources
                .locate(place)
                .map(|location| location.path)
                .unwrap_or_default();
            let kind = if profile.is_kdc {
                "Kerberos KDC"
            } else {
                "Kerberos client"
            };
            Component {
                subject: Subject::new(kind, path.clone(), Some(place)),
                release: None,
                files: vec![path],
            }
        })
        .collect();
    estate.components.extend(components);
}

#[cfg(test)]
mod tests {
    use super::recognise;
    use crate::reading::{Candidate, Format};
    use model::SourceId;

    #[test]
    fn a_profile_has_a_section_at_the_start_of_a_line() {
        let is_profile = |text| {
            recognise(&Candidate {
                source: SourceId(0),
                path: "a",
                text,
                format: Format::Lines,
                parent: None,
            })
        };
        for text in [
            "[libdefaults]",
            "# c\n\n \t[realms]* \r\n a = b\n",
            "a = [b]\n[other]\n\u{2003}[capaths]\n",
        ] {
            assert!(is_profile(text), "{text:?}");
        }
        for text in [
            "",
            "[",
            "a [realms]\n",
            "[realms] a\n",
            "[[realms]\n",
            "[ realms]\n",
        ] {
            assert!(!is_profile(text), "{text:?}");
        }
    }
}
