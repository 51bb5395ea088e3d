//! Kerberos encryption types: are tickets and sessions limited to strong encryption types?
//!
//! # What it proves
//! That neither clients nor the KDC agree to RC4, triple DES or DES.
//!
//! # Why it matters: the attack
//! A ticket under RC4 is encrypted with an unsalted digest of the service's password: whoever holds any account asks for
//! one and tries passwords offline. Triple DES has 64-bit blocks; DES is broken in hours.
//!
//! # How each depth is read
//! - declared: `allow_weak_crypto`, `allow_rc4`, `allow_des3` and the lists of krb5.conf; `supported_enctypes` of kdc.conf.
//!   Lists are resolved word by word, families and removals included. What counts depends on the MIT release.
//! - loaded, observed: nothing.
//! - recorded: the `etypes` of ticket lines in the KDC's log.
//!
//! # How to fix
//! New keytabs with AES keys first, then realms, then clients. Old keytabs lose access.
//!
//! # References
//! - krb5 doc/admin/enctypes.rst; krb5.conf(5), kdc.conf(5) (1.17 to 1.22)

use crate::judging::across_releases;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Product, Release,
    Safety, Severity, Stage, Subject, Witness,
};
use settings::kerberos::{KerberosProfile, Weakness, weak_in_list};
use text::Span;
use text::ini::{Relation, Setting};

/// What this control is.
pub const META: Meta = Meta {
    title: "Kerberos encryption types",
    question: "Are tickets and sessions limited to strong encryption types?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "weak-crypto-allowed",
            severity: Severity::Medium,
            title: "allow_weak_crypto is on",
            remedy: "remove allow_weak_crypto, once no keytab needs it",
        },
        Cause {
            slug: "rc4-des3-reallowed",
            severity: Severity::Medium,
            title: "RC4 or triple DES is allowed again",
            remedy: "remove allow_rc4 and allow_des3, once every keytab has AES keys",
        },
        Cause {
            slug: "weak-types-listed",
            severity: Severity::Medium,
            title: "weak encryption types are among those a client accepts",
            remedy: "list AES types only, or remove the list",
        },
        Cause {
            slug: "kdc-supports-weak",
            severity: Severity::Medium,
            title: "the KDC makes keys of weak encryption types",
            remedy: "set supported_enctypes to AES types, then change keys",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

/// Releases that changed a rule: single DES went with 1.18, RC4 and triple DES need a switch from 1.21 on.
const CANDIDATES: [Release; 3] = [Release(1, 17, 0), Release(1, 18, 0), Release(1, 21, 0)];

/// Judges each profile.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for profile in estate.all::<KerberosProfile>() {
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
        let judge = |release| {
            if profile.is_kdc {
                kdc(profile, release)
            } else {
                client(profile, release)
            }
        };
        let claim = match estate.releases.get(&Product::MitKerberos) {
            Some(release) => judge(*release),
            None => across_releases(Product::MitKerberos, &CANDIDATES, judge),
        };
        let claim = match claim {
            Claim::Protected(_) if profile.is_template => Claim::unproven(
                "a template that is not rendered here; what it says besides is not known",
            ),
            claim => claim,
        };
        claims.state(Subject::new(kind, path, Some(place)), claim);
    }
}

fn client(profile: &KerberosProfile, release: Release) -> Claim {
    let mut judgement = Judgement::new();
    let weak_crypto = switch(profile, "allow_weak_crypto");
    if let Some((true, relation)) = weak_crypto {
        judgement.expose(
            Exposure::new("weak-crypto-allowed", witness(profile, relation, "on")).message(
                "MIT Kerberos up to 1.17 accepts single DES with it; newer Java releases read it as leave for RC4 and triple DES",
            ),
        );
    }
    let reallowed =
        ["allow_rc4", "allow_des3"].map(|tag| switch(profile, tag).filter(|(on, _)| *on));
    if release >= Release(1, 21, 0) {
        for (_, relation) in reallowed.iter().flatten() {
            judgement.expose(Exposure::new(
                "rc4-des3-reallowed",
                witness(profile, *relation, "off by default from 1.21 on"),
            ));
        }
    }
    for tag in [
        "permitted_enctypes",
        "default_tkt_enctypes",
        "default_tgs_enctypes",
    ] {
        let Some(relation) = first(profile, tag) else {
            continue;
        };
        let standing = weak_in_list(relation.text);
        let counts = |weak: &Weakness| match weak {
            Weakness::SingleDes => {
                release < Release(1, 18, 0) && weak_crypto.is_some_and(|(on, _)| on)
            }
            Weakness::TripleDes | Weakness::Rc4 => true,
        };
        if standing.iter().any(counts) {
            judgement.expose(
                Exposure::new(
                    "weak-types-listed",
                    witness(profile, relation, "holds weak types"),
                )
                .message(format!("{tag} accepts {}", names(&standing))),
            );
        }
    }
    judgement.otherwise(Claim::Protected(Vec::new()))
}

fn kdc(profile: &KerberosProfile, release: Release) -> Claim {
    let mut judgement = Judgement::new();
    let realms = profile
        .profile
        .sections
        .iter()
        .filter(|section| section.name == "realms")
        .flat_map(|section| &section.relations);
    for realm in realms {
        let Setting::Group(relations) = &realm.value else {
            continue;
        };
        let supported = relations
            .iter()
            .filter(|relation| relation.tag == "supported_enctypes")
            .find_map(given);
        match supported {
            Some(relation) => {
                let standing: Vec<Weakness> = weak_in_list(relation.text)
                    .into_iter()
                    .filter(|weak| *weak != Weakness::SingleDes || release < Release(1, 18, 0))
                    .collect();
                if !standing.is_empty() {
                    judgement.expose(
                        Exposure::new(
                            "kdc-supports-weak",
                            witness(profile, relation, "holds weak types"),
                        )
                        .message(format!(
                            "the realm {} makes keys of {}",
                            realm.tag,
                            names(&standing)
                        )),
                    );
                }
            }
            // The built-in list lost RC4 and triple DES with 1.18.
            None if release < Release(1, 18, 0) => {
                let place = Place::new(profile.source, realm.tag_span);
                let unset = Witness::declared(
                    place,
                    "supported_enctypes is not set: the built-in list has RC4 and triple DES",
                )
                .key("supported_enctypes");
                judgement.expose(Exposure::new("kdc-supports-weak", unset));
            }
            None => {}
        }
    }
    judgement.otherwise(Claim::Protected(Vec::new()))
}

fn names(weak: &[Weakness]) -> String {
    let name = |weak: &Weakness| match weak {
        Weakness::SingleDes => "single DES",
        Weakness::TripleDes => "triple DES",
        Weakness::Rc4 => "RC4",
    };
    weak.iter().map(name).collect::<Vec<_>>().join(" and ")
}

/// One value with its place.
#[derive(Clone, Copy)]
struct Given<'p> {
    tag: &'p str,
    text: &'p str,
    span: Span,
}

/// The value of `[libdefaults]` that counts: the first.
fn first<'p>(profile: &'p KerberosProfile, tag: &'p str) -> Option<Given<'p>> {
    let (text, span) = profile
        .profile
        .values("libdefaults", &[tag])
        .into_iter()
        .next()?;
    Some(Given { tag, text, span })
}

/// The text of a relation that is no group.
fn given(relation: &Relation) -> Option<Given<'_>> {
    match &relation.value {
        Setting::Text { text, span } => Some(Given {
            tag: &relation.tag,
            text,
            span: *span,
        }),
        Setting::Group(_) => None,
    }
}

/// A Boolean of `[libdefaults]` as the profile library reads it (`profile_parse_boolean`).
fn switch<'p>(profile: &'p KerberosProfile, tag: &'p str) -> Option<(bool, Given<'p>)> {
    let given = first(profile, tag)?;
    let on = matches!(
        given.text.to_ascii_lowercase().as_str(),
        "y" | "yes" | "true" | "t" | "1" | "on"
    );
    Some((on, given))
}

fn witness(profile: &KerberosProfile, given: Given<'_>, label: &str) -> Witness {
    Witness::declared(Place::new(profile.source, given.span), label)
        .key(given.tag)
        .value(given.text)
}
