//! RPC privacy: is the weakest QOP a client can negotiate on every RPC port still privacy?
//!
//! # What it proves
//! That no client, whatever it offers, ends up with an RPC connection that travels in clear. `hadoop.rpc.protection` is a
//! list: the server accepts every SASL quality of protection (QOP) on it, and the client's order chooses. The weakest word
//! counts.
//!
//! # Why it matters: the attack
//! File names, permissions, delegation tokens and block tokens cross NameNode RPC. With `authentication` the login is proved
//! and then everything is cleartext: whoever listens on the path reads the tokens and replays them.
//!
//! # How each depth is read
//! - declared and loaded: the effective value of `hadoop.rpc.protection` and the two ways to give single ports less,
//!   `hadoop.security.saslproperties.resolver.class` and `ingress.port.sasl.prop.<port>` for
//!   `dfs.namenode.rpc-address.auxiliary-ports` (2.10 and 3.2 on). Words count without regard to case and blanks.
//! - observed: the `qop=` list in the TOKEN challenge that a server sends before login, per port.
//! - recorded: nothing writes the negotiated QOP down.
//!
//! # How to fix
//! Set `hadoop.rpc.protection` to `privacy,authentication` on all servers and clients, restart, then to `privacy`. Going
//! straight to `privacy` cuts off clients that still offer only `authentication`.
//!
//! # References
//! - core-default.xml, `hadoop.rpc.protection`; SaslRpcServer.QualityOfProtection and SaslPropertiesResolver (3.4.1)
//! - Hadoop in Secure Mode, section "Data Encryption on RPC"

use crate::judging::{HDFS_SERVERS, each_hadoop};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::Hadoop;

/// What this control is.
pub const META: Meta = Meta {
    title: "RPC privacy",
    question: "Is the weakest QOP a client can negotiate on every RPC port still privacy?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "weaker-qop-accepted",
            severity: Severity::High,
            title: "the server also accepts a QOP weaker than privacy",
            remedy: "reduce hadoop.rpc.protection to privacy on servers, once every client offers it",
        },
        Cause {
            slug: "authentication-only",
            severity: Severity::High,
            title: "RPC is authenticated and then travels in clear",
            remedy: "set hadoop.rpc.protection to privacy,authentication everywhere, then to privacy",
        },
        Cause {
            slug: "integrity-only",
            severity: Severity::High,
            title: "RPC is protected against changes, not against reading",
            remedy: "set hadoop.rpc.protection to privacy,integrity everywhere, then to privacy",
        },
        Cause {
            slug: "no-sasl-layer",
            severity: Severity::Critical,
            title: "without Kerberos RPC has no SASL layer, so it is cleartext whatever hadoop.rpc.protection says",
            remedy: "enable Kerberos; hadoop.rpc.protection has no effect before",
        },
        Cause {
            slug: "port-override",
            severity: Severity::Medium,
            title: "a SASL resolver gives some ports or addresses another QOP than hadoop.rpc.protection",
            remedy: "give every port privacy, or remove the resolver",
        },
        Cause {
            slug: "invalid-word",
            severity: Severity::Medium,
            title: "hadoop.rpc.protection holds a word Hadoop does not know, so daemons will not start",
            remedy: "use the word privacy",
        },
        Cause {
            slug: "blank-qop",
            severity: Severity::Medium,
            title: "hadoop.rpc.protection is blank: the server offers no QOP and no peer can agree with it",
            remedy: "set hadoop.rpc.protection to privacy",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const PROTECTION: &str = "hadoop.rpc.protection";
const RESOLVER: &str = "hadoop.security.saslproperties.resolver.class";
const AUXILIARY_PORTS: &str = "dfs.namenode.rpc-address.auxiliary-ports";

/// Judges the servers of HDFS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &HDFS_SERVERS, "HDFS", server);
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let protection = hdfs.get(PROTECTION);
    let authentication = hdfs.get("hadoop.security.authentication");
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    let mut judgement = Judgement::new();
    if !kerberos {
        judgement.expose(
            Exposure::new(
                "no-sasl-layer",
                hdfs.witness(&authentication, "no SASL without Kerberos"),
            )
            .with(hdfs.witness(&protection, "has no effect"))
            .consequence_of("hdfs/authentication", "simple"),
        );
        return judgement.otherwise(Claim::Protected(Vec::new()));
    }
    if let Some(exposure) = judge_words(hdfs) {
        judgement.expose(exposure);
    }
    if protection.is_doubtful() {
        judgement.doubt(
            protection.why_unknown(),
            vec![hdfs.witness(&protection, "not resolved by these files")],
        );
    }
    judge_ports(hdfs, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&protection, "privacy is the only word"),
    ]))
}

fn judge_words(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let protection = hdfs.get(PROTECTION);
    let expose = |cause, label: &str| Some(Exposure::new(cause, hdfs.witness(&protection, label)));
    if protection.is_doubtful() {
        return None;
    }
    let words: Vec<String> = protection.items().map(str::to_ascii_lowercase).collect();
    if words.is_empty() {
        return expose("blank-qop", "only blanks");
    }
    let known = ["authentication", "integrity", "privacy"];
    if words.iter().any(|word| !known.contains(&word.as_str())) {
        return expose(
            "invalid-word",
            "not one of authentication, integrity, privacy",
        );
    }
    let has = |word: &str| words.iter().any(|have| have == word);
    let weakest = if has("authentication") {
        "authentication"
    } else {
        "integrity"
    };
    match (has("privacy"), has("authentication"), has("integrity")) {
        (true, false, false) => None,
        (true, ..) => expose(
            "weaker-qop-accepted",
            "order is only preference: the weakest word counts",
        )
        .map(|exposure| {
            exposure.message(format!(
                "a client that asks for {weakest} is accepted, so its RPC can be read on the wire"
            ))
        }),
        (false, true, _) => expose("authentication-only", "login only, then cleartext"),
        (false, false, _) => expose("integrity-only", "checksums only"),
    }
}

fn judge_ports(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let resolver = hdfs.get(RESOLVER);
    let class = resolver
        .str()
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    if class.is_empty() || class == "SaslPropertiesResolver" {
        return;
    }
    // Auxiliary ports came with 2.10 and 3.2; before, an ingress port resolver has nothing to act on.
    let has_auxiliary_ports = hdfs.release >= Release(3, 2, 0) || hdfs.release.line() == (2, 10);
    if class == "IngressPortBasedResolver" && has_auxiliary_ports {
        let ports = hdfs.get(AUXILIARY_PORTS);
        let mut exposure = Exposure::new(
            "port-override",
            hdfs.witness(&resolver, "chooses the QOP by port"),
        )
        .with(hdfs.witness(&ports, "the ports it is asked for"));
        let mut weaker = false;
        for port in ports.items() {
            let key = format!("ingress.port.sasl.prop.{port}");
            let property = hdfs.get(&key);
            // A port without its own property gets the general one.
            if property.is_set()
                && property
                    .items()
                    .any(|word| !word.eq_ignore_ascii_case("privacy"))
            {
                weaker = true;
                exposure = exposure.with(property.witness(hdfs.depth(), "weaker than privacy"));
            }
        }
        if weaker {
            judgement.expose(exposure);
        }
    } else if class != "IngressPortBasedResolver" {
        judgement.doubt(
            format!("{RESOLVER} names {class}: it chooses the QOP by address, and what it answers is not in these files"),
            vec![hdfs.witness(&resolver, "decides per peer")],
        );
    }
}
