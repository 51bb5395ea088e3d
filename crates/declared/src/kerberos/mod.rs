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

/// Every file is asked, so the lines are gone through once.
fn recognise(candidate: &Candidate<'_>) -> bool {
    // Asked of every text: only lines that hold the bracket are looked at.
    if memchr::memchr(b'[', candidate.text.as_bytes()).is_none() {
        return false;
    }
    candidate.text.lines().any(|line| {
        line.trim()
            .trim_end_matches('*')
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|section| SECTIONS.contains(&section))
    })
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
