//! Identity mapping: can a principal or directory answer become a user it should not be?
//!
//! # What it proves
//! That the rules which turn principals into user names, and the directory that names groups, give nobody another's rights.
//!
//! # Why it matters: the attack
//! A rule that drops the realm maps `hdfs@ANY.REALM` to the superuser. With a trust to a second realm its administrators
//! make that principal at will. Group answers over plain LDAP are changed on the path.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.security.auth_to_local`, applied to principals that should become nobody; its mechanism; LDAP group mapping.
//! - observed: nothing.
//! - recorded: full principals beside short names in the audit log.
//!
//! # How to fix
//! A rule change renames people: test it with the principals that the audit log shows. Name the realm in each rule.
//!
//! # References
//! - KerberosName, LdapGroupsMapping (3.4.1); corners of the rules run on 3.4.1

use crate::judging::each_hadoop;
use crate::principal_probes::{Gift, gift};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::name_rules::{Rule, parse};
use settings::hadoop::template::is_expression;
use settings::hadoop::{Hadoop, Role};
use settings::kerberos::KerberosProfile;

/// What this control is.
pub const META: Meta = Meta {
    title: "Identity mapping",
    question: "Can a principal or directory answer become a user it should not be?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "maps-to-superuser",
            severity: Severity::High,
            title: "a rule maps many principals to a superuser",
            remedy: "let the rule match the service's own principal with its realm only",
        },
        Cause {
            slug: "cross-realm-mapped",
            severity: Severity::Medium,
            title: "a rule maps principals of other realms to local names",
            remedy: "write the realm into the rule's format and pattern: [1:$1@$0](.*@REALM)",
        },
        Cause {
            slug: "mit-mechanism",
            severity: Severity::Medium,
            title: "names with @ and / pass unmapped",
            remedy: "set hadoop.security.auth_to_local.mechanism to hadoop",
        },
        Cause {
            slug: "groups-over-clear-ldap",
            severity: Severity::High,
            title: "groups are read from a directory without TLS",
            remedy: "use an ldaps:// URL, or set hadoop.security.group.mapping.ldap.ssl to true",
        },
    ],
    safety: Safety::Manual,
    family: Family::Authorization,
    since: "0.1.0",
};

const RULES: &str = "hadoop.security.auth_to_local";

/// Judges the servers that map names.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::NameNode, Role::ResourceManager, Role::Router],
        "HDFS",
        server,
    );
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    let mut judgement = Judgement::new();
    if kerberos {
        rules(hdfs, &mut judgement);
    }
    groups(hdfs, &mut judgement);
    if judgement.is_silent() && !kerberos {
        return Claim::not_applicable("without Kerberos callers name themselves; no rule is asked");
    }
    judgement.otherwise(Claim::Protected(vec![hdfs.witness(
        &hdfs.get(RULES),
        "names realms, or takes the default realm only",
    )]))
}

fn rules(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let text = hdfs.get(RULES);
    let (rules, unread) = parse(text.str());
    if unread > 0 {
        judgement.doubt(
            "hadoop.security.auth_to_local holds text that is no rule, with which daemons do not start",
            vec![hdfs.witness(&text, "not all of it is a rule")],
        );
    }
    let own = own_realm(hdfs);
    let profiles = || hdfs.estate.all::<KerberosProfile>().iter();
    let named: Vec<String> = rules
        .iter()
        .filter_map(Rule::realm)
        .chain(profiles().flat_map(|profile| profile.realms().map(str::to_owned)))
        .collect();
    let (gift, is_unknown) = gift(&rules, own.as_deref(), &named);
    match gift {
        Some(Gift::Superuser(name)) => judgement.expose(
            Exposure::new(
                "maps-to-superuser",
                hdfs.witness(&text, "applied to a principal that no rule names"),
            )
            .message(format!(
                "a rule turns principals of any name into the superuser {name}"
            )),
        ),
        Some(Gift::Stranger(said)) => {
            // A profile that knows this realm and another shows a trust that the rules rely on.
            let is_trusted = own.as_deref().is_some_and(|own| {
                profiles().any(|profile| {
                    profile.realms().any(|realm| realm == own)
                        && profile.realms().any(|realm| realm != own)
                })
            });
            let severity = if is_trusted {
                Severity::High
            } else {
                Severity::Medium
            };
            judgement.expose(
                Exposure::new(
                    "cross-realm-mapped",
                    hdfs.witness(&text, "applied to principals of other realms"),
                )
                .severity(severity)
                .message(said),
            );
        }
        None if is_unknown => judgement.doubt(
            "hadoop.security.auth_to_local holds a pattern that cannot be evaluated here",
            vec![hdfs.witness(&text, "a pattern of Java's own")],
        ),
        None => {}
    }
    let mechanism = hdfs.get("hadoop.security.auth_to_local.mechanism");
    if mechanism.is("mit") && hdfs.release >= Release(3, 2, 0) {
        judgement.expose(Exposure::new(
            "mit-mechanism",
            hdfs.witness(&mechanism, "unmapped principals pass"),
        ));
    }
}

/// The realm of the NameNode's principal, else the default realm that all krb5.conf of the estate share.
fn own_realm(hdfs: &Hadoop<'_>) -> Option<String> {
    let principal = hdfs.get("dfs.namenode.kerberos.principal");
    let of_principal = principal
        .str()
        .rsplit_once('@')
        .map(|(_, realm)| realm.to_owned())
        .filter(|realm| !realm.contains("${") && !is_expression(realm));
    of_principal.or_else(|| {
        let mut realms = hdfs
            .estate
            .all::<KerberosProfile>()
            .iter()
            .flat_map(|profile| profile.profile.values("libdefaults", &["default_realm"]))
            .map(|(realm, _)| realm);
        let first = realms.next().filter(|realm| !is_expression(realm))?;
        realms.all(|realm| realm == first).then(|| first.to_owned())
    })
}

fn groups(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let mapping = hdfs.get("hadoop.security.group.mapping");
    let providers = hdfs.get("hadoop.security.group.mapping.providers");
    let uses_ldap = mapping.str().contains("LdapGroupsMapping")
        || (mapping.str().contains("Composite") && providers.is_set());
    let url = hdfs.get("hadoop.security.group.mapping.ldap.url");
    let ssl = hdfs.flag("hadoop.security.group.mapping.ldap.ssl", false);
    if uses_ldap
        && url.is_set()
        && !ssl.on
        && url
            .items()
            .any(|url| url.to_ascii_lowercase().starts_with("ldap://"))
    {
        judgement.expose(
            Exposure::new("groups-over-clear-ldap", hdfs.witness(&url, "without TLS"))
                .with(hdfs.witness(&ssl.effective, "off")),
        );
    }
}
