//! etcd transport: is every etcd channel TLS with real certificates?
//!
//! # What it proves
//! That what crosses the network to, from and between etcd's members is encrypted, and that the other end proves who it is.
//!
//! # Why it matters: the attack
//! Every Secret crosses this channel in the form in which the API server handed it over; peers send the whole log. Who
//! listens on the path reads them; who poses as a member joins the store.
//!
//! # How each depth is read
//! - declared: the urls and certificate flags of etcd, as flags or ETCD_* variables; a configuration file replaces them all.
//!   `--etcd-servers`, overrides and certificate flags of the API server. Certificate flags do not count for an http url.
//! - loaded: the flags of the mirror pods.
//! - observed: a TLS hello, and an http GET of `/version`.
//! - recorded: nothing.
//!
//! # How to fix
//! Issue certificates, switch the peers member by member, then the clients. Advertise https urls only when they listen.
//!
//! # References
//! - etcd embed/serve.go, client/pkg/transport/listener.go; the table of flags run on 3.6.16
//! - etcd, "Transport security model"
//! - kubeadm phases/etcd/local.go (1.36.3) and k3s pkg/etcd/etcd.go: https with client certificates on both sides

use crate::judging_etcd::{EtcdMember, is_any_address, is_loopback, members, url_fact};
use crate::judging_kubernetes::{Running, fact, flag_fact, running};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::kubernetes::flags::{EtcdSide, Item, Program, Setting};

/// What this control is.
pub const META: Meta = Meta {
    title: "etcd transport",
    question: "Is every etcd channel TLS with real certificates?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "http-clients",
            severity: Severity::Critical,
            title: "etcd serves clients over http on the network",
            remedy: "listen on https only, with --cert-file, --key-file and --trusted-ca-file",
        },
        Cause {
            slug: "api-server-http",
            severity: Severity::Critical,
            title: "the API server talks to etcd over http",
            remedy: "name https urls in --etcd-servers and --etcd-servers-overrides, once etcd listens there",
        },
        Cause {
            slug: "api-server-no-ca",
            severity: Severity::Medium,
            title: "the API server lacks a CA file or a client certificate for etcd, which ends in an outage",
            remedy: "set --etcd-cafile, --etcd-certfile and --etcd-keyfile",
        },
        Cause {
            slug: "auto-tls",
            severity: Severity::High,
            title: "etcd makes its own certificate, which nobody can verify",
            remedy: "give certificate and key of a CA of etcd's own, and drop the auto-tls flag",
        },
        Cause {
            slug: "http-peers",
            severity: Severity::High,
            title: "etcd's members talk to each other in clear, or accept any peer",
            remedy: "use https peer urls, with --peer-cert-file, --peer-key-file and --peer-trusted-ca-file, member by member",
        },
        Cause {
            slug: "metrics-open",
            severity: Severity::Medium,
            title: "etcd's metrics are open on every address of the host",
            remedy: "bind --listen-metrics-urls to 127.0.0.1",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

/// Judges each etcd member and each API server.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for member in members(estate) {
        claims.state(member.subject(estate), etcd(estate, &member));
    }
    for server in running(estate, Program::ApiServer) {
        if let Some(claim) = api_server(estate, &server) {
            claims.state(server.subject(estate), claim);
        }
    }
}

fn etcd(estate: &Estate, member: &EtcdMember<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let mut reached: Vec<Witness> = Vec::new();
    clients(estate, member, &mut judgement, &mut reached);
    peers(estate, member, &mut judgement, &mut reached);
    for url in known(estate, member, "listen-metrics-urls", &mut judgement) {
        if is_any_address(&url.text) {
            judgement.expose(Exposure::new(
                "metrics-open",
                url_fact(estate, &url, "listen-metrics-urls", "every address"),
            ));
        }
    }
    let silent = if reached.is_empty() {
        Claim::not_applicable("every client and peer listener is on the loopback address")
    } else {
        Claim::Protected(reached)
    };
    judgement.otherwise(silent)
}

/// The urls of a listener; a doubt where the files do not tell.
fn known(
    estate: &Estate,
    member: &EtcdMember<'_>,
    setting: &str,
    judgement: &mut Judgement,
) -> Vec<Item> {
    match member.etcd.urls(setting) {
        Setting::Set(urls, _) | Setting::Default(urls, _) => urls,
        Setting::Unknown(place, reason) => {
            judgement.doubt(
                format!("--{setting}: {reason}"),
                vec![fact(estate, place, "decides").key(format!("--{setting}"))],
            );
            Vec::new()
        }
    }
}

fn clients(
    estate: &Estate,
    member: &EtcdMember<'_>,
    judgement: &mut Judgement,
    reached: &mut Vec<Witness>,
) {
    let mut has_https = false;
    for setting in ["listen-client-urls", "listen-client-http-urls"] {
        let urls = known(estate, member, setting, judgement);
        has_https |= urls.iter().any(|url| url.text.starts_with("https://"));
        for url in urls.iter().filter(|url| !is_loopback(&url.text)) {
            let witness = url_fact(estate, url, setting, "reachable");
            if url.text.starts_with("http://") {
                judgement.expose(Exposure::new("http-clients", witness).message(
                    "a client listener is http on the network; certificate flags do not count for it",
                ));
            } else {
                reached.push(witness);
            }
        }
    }
    let advertised = known(estate, member, "advertise-client-urls", judgement);
    let in_clear = advertised
        .iter()
        .find(|url| url.text.starts_with("http://") && !is_loopback(&url.text));
    if let Some(url) = in_clear
        && has_https
        && !judgement.is_exposed()
    {
        judgement.expose(
            Exposure::new(
                "http-clients",
                url_fact(estate, url, "advertise-client-urls", "advertised as http"),
            )
            .severity(Severity::Low)
            .message("the listeners are https but clients are told to come over http: they are refused (outage)")
            .remedy("advertise the https url"),
        );
    }
    own_certificate(estate, member, EtcdSide::Client, "auto-tls", judgement);
}

fn peers(
    estate: &Estate,
    member: &EtcdMember<'_>,
    judgement: &mut Judgement,
    reached: &mut Vec<Witness>,
) {
    let urls = known(estate, member, "listen-peer-urls", judgement);
    let mut https = None;
    for url in urls.iter().filter(|url| !is_loopback(&url.text)) {
        let witness = url_fact(estate, url, "listen-peer-urls", "reachable");
        if url.text.starts_with("http://") {
            judgement.expose(Exposure::new("http-peers", witness).message(
                "a peer listener is http on the network: the log with every object crosses it in clear",
            ));
        } else {
            https.get_or_insert(witness);
        }
    }
    own_certificate(estate, member, EtcdSide::Peer, "peer-auto-tls", judgement);
    // A member that listens for peers on the loopback address only has none.
    let Some(witness) = https else {
        return;
    };
    match member.etcd.demands_certificate(EtcdSide::Peer) {
        Setting::Unknown(place, reason) => judgement.doubt(
            format!("--peer-trusted-ca-file, --peer-client-cert-auth: {reason}"),
            vec![fact(estate, place, "decides")],
        ),
        demanded if demanded.is_on() => reached.push(witness),
        _ => {
            let ca = member.etcd.text(EtcdSide::Peer, "trusted-ca-file");
            judgement.expose(
                Exposure::new(
                    "http-peers",
                    flag_fact(estate, &ca, "peer-trusted-ca-file", "not set"),
                )
                .with(witness)
                .message("--peer-trusted-ca-file is not set and --peer-client-cert-auth is off: anybody may pose as a peer"),
            );
        }
    }
}

/// `--auto-tls` and `--peer-auto-tls`, which only count without certificate and key.
fn own_certificate(
    estate: &Estate,
    member: &EtcdMember<'_>,
    side: EtcdSide,
    flag: &str,
    judgement: &mut Judgement,
) {
    let own = member.etcd.makes_own_certificate(side);
    if own.is_on() {
        judgement.expose(Exposure::new(
            "auto-tls",
            flag_fact(estate, &own, flag, "self-signed at every start"),
        ));
    }
}

/// The API server's side; `None` where no flag of it speaks of etcd.
fn api_server(estate: &Estate, server: &Running<'_>) -> Option<Claim> {
    let settings = server.api_server()?;
    let mut judgement = Judgement::new();
    let mut https = None;
    for (flag, urls) in [
        ("etcd-servers", settings.etcd_servers()),
        ("etcd-servers-overrides", settings.etcd_overrides()),
    ] {
        match urls {
            Setting::Unknown(place, reason) => judgement.doubt(
                format!("--{flag}: {reason}"),
                vec![fact(estate, place, "decides").key(format!("--{flag}"))],
            ),
            Setting::Set(urls, _) | Setting::Default(urls, _) => {
                for url in urls {
                    let witness = url_fact(estate, &url, flag, "where Secrets are sent");
                    if url.text.starts_with("https://") {
                        https.get_or_insert(witness);
                    } else if url.text.starts_with("http://") && !is_loopback(&url.text) {
                        judgement.expose(Exposure::new("api-server-http", witness));
                    }
                }
            }
        }
    }
    if let Some(witness) = &https {
        certificates_of_api_server(estate, server, witness, &mut judgement);
    }
    match (judgement.is_silent(), https) {
        (true, None) => None,
        (_, https) => Some(judgement.otherwise(Claim::Protected(https.into_iter().collect()))),
    }
}

fn certificates_of_api_server(
    estate: &Estate,
    server: &Running<'_>,
    https: &Witness,
    judgement: &mut Judgement,
) {
    let Some(settings) = server.api_server() else {
        return;
    };
    let missing: Vec<(&str, Setting<String>)> = ["etcd-cafile", "etcd-certfile", "etcd-keyfile"]
        .into_iter()
        .map(|flag| (flag, settings.text(flag)))
        .filter(|(_, setting)| setting.is_empty())
        .collect();
    let Some((flag, setting)) = missing.first() else {
        return;
    };
    let names: Vec<String> = missing
        .iter()
        .map(|(flag, _)| format!("--{flag}"))
        .collect();
    judgement.expose(
        Exposure::new("api-server-no-ca", flag_fact(estate, setting, flag, "not set"))
            .with(https.clone())
            .message(format!(
                "not set: {}. Without the CA file the host's public roots verify etcd; without a client certificate an etcd that asks for one refuses",
                names.join(", ")
            )),
    );
}
