//! Client authentication: can only the API server read etcd?
//!
//! # What it proves
//! That whoever connects to etcd's client port needs a certificate of a CA that was made for etcd.
//!
//! # Why it matters: the attack
//! etcd holds every object of the cluster and, in a Kubernetes cluster, knows no users. Whoever is served on port 2379 reads
//! all Secrets and writes himself any role, past the API server, its authorization and its audit trail.
//!
//! # How each depth is read
//! - declared: `--listen-client-urls`, `--trusted-ca-file`, `--client-cert-auth`, as flags or ETCD_* variables; a
//!   configuration file replaces all of them. A trusted CA alone already demands a certificate.
//! - loaded: the flags of the mirror pod.
//! - observed: a handshake without certificate, and the CA names that the server asks for.
//! - recorded: nothing.
//!
//! # How to fix
//! Give the API server a client certificate of etcd's own CA first, then set `--trusted-ca-file` to that CA.
//!
//! # References
//! - etcd client/pkg/transport/listener.go ServerConfig, embed/config.go; the table of flags run on 3.6.16
//! - Kubernetes, "Operating etcd clusters for Kubernetes"

use crate::judging_etcd::{EtcdMember, is_loopback, members, url_fact};
use crate::judging_kubernetes::{fact, flag_fact, running, same_cluster};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::kubernetes::flags::{EtcdSide, Item, Program, Setting};

/// What this control is.
pub const META: Meta = Meta {
    title: "etcd client authentication",
    question: "Can only the API server read etcd?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "no-client-certificate",
            severity: Severity::Critical,
            title: "etcd serves clients without a certificate: whoever reaches the port reads every Secret",
            remedy: "give the API server a client certificate of etcd's own CA, then set --trusted-ca-file to that CA and listen on https only",
        },
        Cause {
            slug: "system-roots",
            severity: Severity::High,
            title: "etcd checks client certificates against the host's public roots",
            remedy: "set --trusted-ca-file to etcd's own CA",
        },
        Cause {
            slug: "shared-ca",
            severity: Severity::High,
            title: "etcd trusts the cluster's CA, so any client certificate of the cluster reads everything",
            remedy: "issue etcd's certificates and the API server's client certificate from a CA of its own",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

/// Judges each etcd member.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for member in members(estate) {
        claims.state(member.subject(estate), claim(estate, &member));
    }
}

fn claim(estate: &Estate, member: &EtcdMember<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let mut https: Option<Item> = None;
    let mut seen_any = false;
    for setting in ["listen-client-urls", "listen-client-http-urls"] {
        match member.etcd.urls(setting) {
            Setting::Unknown(place, reason) => {
                judgement.doubt(
                    format!("--{setting}: {reason}"),
                    vec![fact(estate, place, "decides").key(setting)],
                );
            }
            Setting::Set(urls, _) | Setting::Default(urls, _) => {
                for url in urls.into_iter().filter(|url| !is_loopback(&url.text)) {
                    seen_any = true;
                    if url.text.starts_with("http://") {
                        judgement.expose(
                            Exposure::new("no-client-certificate", url_fact(estate, &url, setting, "an http url asks for no certificate"))
                                .message("this client listener is http: no certificate is asked for, whatever the certificate flags say"),
                        );
                    } else if url.text.starts_with("https://") && https.is_none() {
                        https = Some(url);
                    }
                }
            }
        }
    }
    if let Some(url) = &https {
        certificates(estate, member, url, &mut judgement);
    }
    if !seen_any && judgement.is_silent() {
        return Claim::not_applicable("every client listener is on the loopback address");
    }
    let ca = member.etcd.text(EtcdSide::Client, "trusted-ca-file");
    judgement.otherwise(Claim::Protected(vec![flag_fact(
        estate,
        &ca,
        "trusted-ca-file",
        "a client certificate is demanded",
    )]))
}

/// What an https listener asks of its clients.
fn certificates(estate: &Estate, member: &EtcdMember<'_>, url: &Item, judgement: &mut Judgement) {
    let ca = member.etcd.text(EtcdSide::Client, "trusted-ca-file");
    match member.etcd.demands_certificate(EtcdSide::Client) {
        Setting::Unknown(place, reason) => judgement.doubt(
            format!("--trusted-ca-file, --client-cert-auth: {reason}"),
            vec![fact(estate, place, "decides")],
        ),
        demanded if !demanded.is_on() => judgement.expose(
            Exposure::new(
                "no-client-certificate",
                flag_fact(estate, &ca, "trusted-ca-file", "not set"),
            )
            .with(url_fact(estate, url, "listen-client-urls", "reachable"))
            .message("--trusted-ca-file is not set and --client-cert-auth is off: clients are served without a certificate"),
        ),
        demanded if ca.is_empty() => judgement.expose(Exposure::new(
            "system-roots",
            flag_fact(
                estate,
                &demanded,
                "client-cert-auth",
                "asks for a certificate of any public CA",
            ),
        )),
        _ => shared_ca(estate, member, &ca, judgement),
    }
}

/// Whether the API server accepts client certificates of the same CA file.
fn shared_ca(
    estate: &Estate,
    member: &EtcdMember<'_>,
    ca: &Setting<String>,
    judgement: &mut Judgement,
) {
    let Some(path) = ca.value() else {
        return;
    };
    let servers = running(estate, Program::ApiServer);
    let sharing = servers
        .iter()
        .filter(|server| same_cluster(server.cluster(), member.cluster))
        .filter_map(|server| Some(server.api_server()?.text("client-ca-file")))
        .find(|client_ca| client_ca.value() == Some(path));
    // The CA that kubeadm, and most others, keep for the cluster, where the API server's own flags were not read.
    let is_cluster_ca = path == "/etc/kubernetes/pki/ca.crt";
    let exposure = Exposure::new(
        "shared-ca",
        flag_fact(estate, ca, "trusted-ca-file", "the cluster's CA"),
    );
    match sharing {
        Some(client_ca) => judgement.expose(exposure.with(flag_fact(
            estate,
            &client_ca,
            "client-ca-file",
            "the same file",
        ))),
        None if is_cluster_ca => judgement.expose(exposure),
        None => {}
    }
}
