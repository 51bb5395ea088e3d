//! Captures: what a reader of a cluster from outside goes by. Nothing of a key, a token or a random part is in them.

use super::answers::Names;
use super::api::{Api, Caller};
use super::etcd::Etcd;
use super::node::Node;
use super::objects::{OLD_SECRET, SECRET};
use super::rows::Row;
use crate::Result;
use crate::recipe::Capture;
use serde_json::Value;
use std::fs;

/// Paths that clients ask for before they know anything.
const PATHS: [&str; 8] = [
    "/version", "/healthz", "/livez", "/readyz", "/api", "/apis", "/metrics", "/flagz",
];

/// What is recorded of a profile: what it is about, and in `none` what every profile has.
///
/// # Errors
///
/// When a client can't be run.
pub(super) fn all(
    profile: &str,
    api: &Api,
    etcd: &Etcd,
    node: &Node,
    names: Names,
) -> Result<Vec<Capture>> {
    let mut all = Vec::new();
    if !matches!(
        profile,
        "etcd-open" | "api-open" | "always-allow" | "audit-bodies"
    ) {
        all.push(rows(etcd, names)?);
        all.push(metrics(api)?);
    }
    if matches!(profile, "none" | "kms-v2" | "api-open" | "always-allow") {
        all.push(anonymous(api, names)?);
    }
    if matches!(profile, "none" | "kms-v2") {
        all.push(ready(api)?);
    }
    if matches!(profile, "none" | "audit-bodies") {
        all.push(audit_line(api, node, names)?);
    }
    if profile == "none" {
        all.push(version(api)?);
    }
    Ok(all)
}

fn capture(file: &str, about: &str, text: String) -> Capture {
    Capture {
        file: file.to_owned(),
        about: about.to_owned(),
        text,
    }
}

fn rows(etcd: &Etcd, names: Names) -> Result<Capture> {
    let secrets = format!("/registry/secrets/{}", names.elsewhere);
    let mut keys = vec![
        format!("{secrets}/{SECRET}"),
        format!("{secrets}/{OLD_SECRET}"),
    ];
    keys.push(names.config_map.to_owned());
    keys.extend(names.applications.iter().map(|key| (*key).to_owned()));
    let mut lines = Vec::new();
    for key in keys {
        let prefix = Row::new(etcd.row(&key)?).prefix();
        if prefix != "no such row" {
            lines.push(format!("{key}\t{prefix}"));
        }
    }
    Ok(capture(
        "rows.txt",
        "What stored rows start with, by their key in etcd: the prefix of the provider that wrote them, or \
         version and kind of a row in clear (protobuf after `k8s` and a zero byte; JSON for custom resources).",
        lines.join("\n"),
    ))
}

fn anonymous(api: &Api, names: Names) -> Result<Capture> {
    let objects = format!("/api/v1/namespaces/{}/configmaps", names.home);
    let mut lines = Vec::new();
    for path in PATHS.into_iter().chain([objects.as_str()]) {
        lines.push(format!(
            "{path}\t{}",
            api.get(path, &Caller::Anonymous)?.line()
        ));
    }
    Ok(capture(
        "anonymous.txt",
        "What a client without certificate and token is answered: path, status, message.",
        lines.join("\n"),
    ))
}

fn metrics(api: &Api) -> Result<Capture> {
    let body = api.get("/metrics", &Caller::Administrator)?.body;
    let is_wanted = |line: &&str| {
        let of_secrets = line.starts_with("apiserver_storage_transformation_operations_total")
            && line.contains("resource=\"secrets\"");
        of_secrets || line.starts_with("apiserver_encryption_config_controller_last_config_info")
    };
    let mut lines: Vec<String> = body.lines().filter(is_wanted).map(masked).collect();
    lines.sort();
    Ok(capture(
        "metrics.txt",
        "Lines of /metrics that tell of encryption: transformations of Secrets by provider, and the file that is loaded \
         (present since 1.34 with any file). Hashes are masked. No line at all: no file.",
        lines.join("\n"),
    ))
}

/// A line of metrics without the hashes in it, which differ with every run.
fn masked(line: &str) -> String {
    line.split('"')
        .map(|part| {
            if part.starts_with("sha256:") {
                "sha256:..."
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("\"")
}

/// The checks of /readyz, with the one for KMS plugins where there is one.
fn ready(api: &Api) -> Result<Capture> {
    let body = api.get("/readyz?verbose", &Caller::Administrator)?.body;
    Ok(capture(
        "readyz.txt",
        "The answer to /readyz?verbose.",
        body.trim_end().to_owned(),
    ))
}

/// The line that making the Secret left.
fn audit_line(api: &Api, node: &Node, names: Names) -> Result<Capture> {
    // The log is written after the answer is sent; another request gives it the time.
    api.get("/version", &Caller::Administrator)?;
    let log = fs::read_to_string(node.logs().join("audit.log")).unwrap_or_default();
    let line = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| {
            line["verb"] == "create"
                && line["objectRef"]["resource"] == "secrets"
                && line["objectRef"]["namespace"] == names.elsewhere
        });
    let text = line.map_or(String::new(), |mut line| {
        mask(&mut line);
        line.to_string()
    });
    Ok(capture(
        "audit-create-secret.json",
        "The line that the creation of a Secret by kubectl leaves in the audit log; identifiers and times are masked.",
        text,
    ))
}

/// Takes out what differs with every run.
fn mask(value: &mut Value) {
    const CHANGING: [&str; 9] = [
        "auditID",
        "uid",
        "extra",
        "requestReceivedTimestamp",
        "stageTimestamp",
        "creationTimestamp",
        "resourceVersion",
        "time",
        "userAgent",
    ];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if CHANGING.contains(&name.as_str()) && !value.is_null() {
                    *value = Value::String("...".to_owned());
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

fn version(api: &Api) -> Result<Capture> {
    let body = api.get("/version", &Caller::Administrator)?.body;
    let compact = serde_json::from_str::<Value>(&body).map_or(body, |body| body.to_string());
    Ok(capture("version.json", "The answer to /version.", compact))
}
