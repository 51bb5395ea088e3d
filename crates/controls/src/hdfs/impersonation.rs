//! Impersonation: who may act as whom?
//!
//! # What it proves
//! That a service which acts for others may do so only for some users and from some hosts.
//!
//! # Why it matters: the attack
//! `hadoop.proxyuser.<u>.hosts` and `.groups` both `*` let the account `u` become anybody from anywhere, superusers
//! included. Whoever takes its keytab, or one web application that runs as `u`, owns the cluster.
//!
//! # How each depth is read
//! - declared and loaded: the proxyuser keys of the NameNode's core-site. A star counts only alone; a host list also by a
//!   network that holds everybody (`0.0.0.0/0`, `::/0`).
//! - observed: nothing.
//! - recorded: `(auth:PROXY) via` lines of the audit log, by real user and host.
//!
//! # How to fix
//! List the hosts and groups that the audit log shows, then refresh with
//! `hdfs dfsadmin -refreshSuperUserGroupsConfiguration`; no restart is needed.
//!
//! # References
//! - DefaultImpersonationProvider, MachineList, AccessControlList (3.4.1); stars in lists run on 3.3.6 and 3.4.1

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Reader, Role};
use std::collections::BTreeMap;

/// What this control is.
pub const META: Meta = Meta {
    title: "Impersonation",
    question: "Who may act as whom?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "anyone-from-anywhere",
            severity: Severity::High,
            title: "an account may become anybody, from any host",
            remedy: "limit hadoop.proxyuser.<user>.hosts to the service's hosts and .groups to the groups it serves",
        },
        Cause {
            slug: "one-wildcard",
            severity: Severity::Medium,
            title: "an account may act from any host, or for any user",
            remedy: "limit both hadoop.proxyuser.<user>.hosts and .groups or .users",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

const PREFIX: &str = "hadoop.proxyuser.";

/// Judges the NameNodes, which decide for all of HDFS.
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
    let provider = hdfs.get("hadoop.security.impersonation.provider.class");
    let authentication = hdfs.kerberos();
    // Without Kerberos any client names itself as the account; where that is not known, the account's key is asked for.
    let kerberos = authentication != Ok(false);
    let mut judgement = Judgement::new();
    if provider.is_set() && !provider.str().ends_with("DefaultImpersonationProvider") {
        judgement.doubt(
            "another class decides about impersonation; its rules are not in these files",
            vec![hdfs.witness(&provider, "decides")],
        );
        return judgement.otherwise(Claim::unproven("another class decides"));
    }
    let accounts = accounts(hdfs);
    for account in &accounts {
        if let Some(exposure) = account_exposure(hdfs, account, kerberos) {
            judgement.expose(exposure);
        }
    }
    if let Err(reason) = authentication {
        judgement.doubt(reason, Vec::new());
    }
    match accounts.len() {
        0 => judgement.otherwise(Claim::Protected(vec![hdfs.witness(
            &hdfs.get("hadoop.security.authentication"),
            "nobody may impersonate",
        )])),
        _ => judgement.otherwise(Claim::Protected(Vec::new())),
    }
}

/// The accounts that some key names.
fn accounts(hdfs: &Hadoop<'_>) -> Vec<String> {
    let mut found = BTreeMap::new();
    for property in hdfs
        .configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties)
    {
        // The account may hold dots: the last component is the axis.
        if let Some((account, "hosts" | "groups" | "users")) = property
            .name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.rsplit_once('.'))
        {
            found.insert(account.to_owned(), ());
        }
    }
    found.into_keys().collect()
}

fn account_exposure(hdfs: &Hadoop<'_>, account: &str, kerberos: bool) -> Option<Exposure> {
    let (hosts_key, groups_key, users_key) = (
        format!("{PREFIX}{account}.hosts"),
        format!("{PREFIX}{account}.groups"),
        format!("{PREFIX}{account}.users"),
    );
    let read = |key| hdfs.configuration.get(Reader::Hdfs, key, hdfs.release);
    let (hosts, groups, users) = (read(&hosts_key), read(&groups_key), read(&users_key));
    let any_host = hosts.items().next().is_some()
        && (hosts.str() == "*"
            || hosts
                .items()
                .any(|item| matches!(item, "0.0.0.0/0" | "::/0")));
    let any_user = groups.str() == "*" || users.str() == "*";
    let whom = if groups.str() == "*" { &groups } else { &users };
    let witness =
        |effective: &settings::Effective<'_>, label: &str| effective.witness(hdfs.depth(), label);
    match (any_host, any_user) {
        (true, true) => {
            let severity = if kerberos {
                Severity::High
            } else {
                Severity::Critical
            };
            Some(
                Exposure::new("anyone-from-anywhere", witness(&hosts, "from any host"))
                    .with(witness(whom, "as any user, superusers too"))
                    .severity(severity)
                    .message(format!(
                        "{account} may become any user, superusers included, from any host"
                    )),
            )
        }
        // A missing host list denies; a missing user list denies.
        (true, false) if groups.is_set() || users.is_set() => Some(
            Exposure::new("one-wildcard", witness(&hosts, "from any host")).message(format!(
                "{account} may act for the users it serves from any host"
            )),
        ),
        (false, true) if hosts.is_set() => Some(
            Exposure::new("one-wildcard", witness(whom, "as any user, superusers too")).message(
                format!("{account} may become any user, superusers included, from its hosts"),
            ),
        ),
        _ => None,
    }
}
