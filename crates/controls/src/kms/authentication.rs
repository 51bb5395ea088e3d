//! KMS authentication: must a key user prove who it is?
//!
//! # What it proves
//! That the KMS asks for Kerberos, that impersonation of key users is limited, and that its members share what they must.
//!
//! # Why it matters: the attack
//! With type `simple`, the default, the caller writes its name into the URL. Every list of who may decrypt is then a list of
//! names to try.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.kms.authentication.type`, `hadoop.kms.proxyuser.*`, the signer's secret provider.
//! - observed: the key listing without credentials; 401 Negotiate is wanted, 401 PseudoAuth is not protection.
//! - recorded: UNAUTHENTICATED and OK lines of kms-audit.
//!
//! # How to fix
//! TLS first; principals and keytabs, then `kerberos`, then proxyusers for the services that kms-audit shows.
//!
//! # References
//! - kms-default.xml; KMSAuthenticationFilter (3.4.1); answers of both types run on 3.4.1

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};
use std::collections::BTreeSet;

/// What this control is.
pub const META: Meta = Meta {
    title: "KMS authentication",
    question: "Must a key user prove who it is?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "simple",
            severity: Severity::Critical,
            title: "the KMS believes the name that a caller writes into the URL",
            remedy: "set hadoop.kms.authentication.type to kerberos with its principal and keytab",
        },
        Cause {
            slug: "proxyuser-any",
            severity: Severity::Critical,
            title: "an account may use keys as anybody, from any host",
            remedy: "limit hadoop.kms.proxyuser.<user>.hosts and .groups",
        },
        Cause {
            slug: "signer-not-shared",
            severity: Severity::Low,
            title: "KMS members do not share the secret that signs logins, so users log in again at each",
            remedy: "set hadoop.kms.authentication.signer.secret.provider to zookeeper with SASL",
        },
        Cause {
            slug: "signer-zookeeper-open",
            severity: Severity::High,
            title: "the secret that signs logins lies in ZooKeeper without authentication",
            remedy: "set hadoop.kms.authentication.signer.secret.provider.zookeeper.auth.type to sasl",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

const SIGNER: &str = "hadoop.kms.authentication.signer.secret.provider";

/// Judges each KMS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::Kms], "KMS", kms);
}

fn kms(kms: &Hadoop<'_>) -> Claim {
    if kms.configuration.resource(ResourceKind::Kms).is_none() {
        return Claim::unproven("not collected: no kms-site.xml of this KMS was read");
    }
    let authentication = kms.read(Reader::Kms, "hadoop.kms.authentication.type");
    let mut judgement = Judgement::new();
    if !authentication.is("kerberos") {
        if authentication.is("simple") || !authentication.is_set() {
            judgement.expose(Exposure::new(
                "simple",
                kms.witness(&authentication, "callers name themselves"),
            ));
        } else {
            judgement.doubt(
                "a custom authentication handler decides; what it asks for is not in these files",
                vec![kms.witness(&authentication, "decides")],
            );
        }
    }
    proxyusers(kms, &mut judgement);
    signer(kms, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        kms.witness(&authentication, "asks for a ticket"),
    ]))
}

fn proxyusers(kms: &Hadoop<'_>, judgement: &mut Judgement) {
    const PREFIX: &str = "hadoop.kms.proxyuser.";
    let resource = kms.configuration.resource(ResourceKind::Kms);
    let accounts: BTreeSet<&str> = resource
        .into_iter()
        .flat_map(|resource| &resource.properties)
        .filter_map(|property| property.name.strip_prefix(PREFIX)?.rsplit_once('.'))
        .filter(|(_, axis)| matches!(*axis, "hosts" | "groups" | "users"))
        .map(|(account, _)| account)
        .collect();
    for account in accounts {
        let keys = ["hosts", "groups", "users"].map(|axis| format!("{PREFIX}{account}.{axis}"));
        let [hosts, groups, users] = keys
            .each_ref()
            .map(|key| kms.configuration.get(Reader::Kms, key, kms.release));
        let any_host = hosts
            .items()
            .any(|item| matches!(item, "0.0.0.0/0" | "::/0"))
            || hosts.str() == "*";
        let whom = if groups.str() == "*" { &groups } else { &users };
        let any_user = whom.str() == "*";
        let witness = |effective: &settings::Effective<'_>, label: &str| {
            effective.witness(kms.depth(), label)
        };
        match (any_host, any_user) {
            (true, true) => judgement.expose(
                Exposure::new("proxyuser-any", witness(&hosts, "from any host"))
                    .with(witness(whom, "as any user"))
                    .message(format!("{account} may use keys as anybody, from any host")),
            ),
            (true, false) if whom.is_set() || groups.is_set() => judgement.expose(
                Exposure::new("proxyuser-any", witness(&hosts, "from any host"))
                    .severity(Severity::Medium)
                    .message(format!("{account} may act from any host")),
            ),
            (false, true) if hosts.is_set() => judgement.expose(
                Exposure::new("proxyuser-any", witness(whom, "as any user"))
                    .severity(Severity::Medium)
                    .message(format!("{account} may use keys as anybody, from its hosts")),
            ),
            _ => {}
        }
    }
}

fn signer(kms: &Hadoop<'_>, judgement: &mut Judgement) {
    let signer = kms.read(Reader::Kms, SIGNER);
    let zookeeper_auth = kms.read(
        Reader::Kms,
        "hadoop.kms.authentication.signer.secret.provider.zookeeper.auth.type",
    );
    if signer.is("zookeeper") && (zookeeper_auth.is("none") || !zookeeper_auth.is_set()) {
        judgement.expose(
            Exposure::new(
                "signer-zookeeper-open",
                kms.witness(&zookeeper_auth, "no authentication"),
            )
            .with(kms.witness(&signer, "the secret lies in ZooKeeper")),
        );
    }
    let provider = kms
        .peers()
        .map(|peer| peer.get("hadoop.security.key.provider.path"))
        .find(settings::Effective::is_set);
    let several = provider
        .as_ref()
        .and_then(|provider| provider.str().split_once('@'))
        .is_some_and(|(_, hosts)| hosts.contains(';'));
    if several && (signer.is("random") || !signer.is_set()) {
        judgement.expose(Exposure::new(
            "signer-not-shared",
            kms.witness(&signer, "each member has its own secret"),
        ));
    }
}
