//! The laws of the layers (DESIGN.md, section 2), held against the crate graph and the sources.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken expectation must fail loudly"
)]

mod graph;
mod sources;

use graph::Graph;

/// Each crate's layer, lowest first. A crate may use only crates of lower layers: arrows go down.
const LAYERS: &[&[&str]] = &[
    &["wardline-text"],
    &["wardline-model"],
    &["wardline-settings", "wardline-wire"],
    &[
        "wardline-declared",
        "wardline-loaded",
        "wardline-observed",
        "wardline-recorded",
        "wardline-attest",
        "wardline-controls",
    ],
    &["wardline-audit"],
    &["wardline-report", "wardline-fix"],
    &["wardline-guard"],
    &["wardline"],
];

/// The only crates that may wait for something: they ask services, or serve.
const MAY_WAIT: [&str; 4] = [
    "wardline-loaded",
    "wardline-observed",
    "wardline-guard",
    "wardline",
];

/// Async runtimes, HTTP, TLS stacks, Kubernetes clients.
const WAITING: [&str; 22] = [
    "async-io",
    "async-std",
    "h2",
    "http-body",
    "hyper",
    "hyper-util",
    "isahc",
    "k8s-openapi",
    "kube",
    "kube-client",
    "kube-core",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "reqwest",
    "rustls",
    "smol",
    "tokio",
    "tonic",
    "tungstenite",
    "ureq",
];

/// Crypto providers that are not the one of this binary, with the reasons in deny.toml.
const OTHER_PROVIDERS: [&str; 6] = [
    "boring-sys",
    "native-tls",
    "openssl-sys",
    "p256",
    "p384",
    "ring",
];

#[test]
fn arrows_go_down_only() {
    let graph = Graph::load();
    let layer = |name: &str| {
        LAYERS
            .iter()
            .position(|layer| layer.contains(&name))
            .unwrap_or_else(|| panic!("{name} has no layer: add it to LAYERS and to DESIGN.md"))
    };
    let mut wrong = Vec::new();
    for name in graph.products() {
        for used in graph.uses(name) {
            if graph.is_product(used) && layer(used) >= layer(name) {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_those_that_ask_services_wait() {
    let graph = Graph::load();
    let mut wrong = Vec::new();
    for name in graph.products().filter(|name| !MAY_WAIT.contains(name)) {
        for used in graph.closure(name) {
            if WAITING.contains(&used.as_str()) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_is_one_crypto_provider() {
    let graph = Graph::load();
    let used = graph.closure("wardline");
    let others: Vec<&&str> = OTHER_PROVIDERS
        .iter()
        .filter(|name| used.contains(**name))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let workspace = sources::read("Cargo.toml");
    assert!(workspace.contains("unsafe_code = \"forbid\""));
    for manifest in sources::manifests() {
        let text = sources::read(&manifest);
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{manifest} does not inherit the lints"
        );
    }
}

#[test]
fn controls_judge_and_do_nothing_else() {
    let found = sources::effects("crates/controls/src");
    assert!(
        found.is_empty(),
        "I/O, clock or printing:\n{}",
        found.join("\n")
    );
}

#[test]
fn causes_of_appraisals_are_causes_of_controls() {
    let named = sources::causes("crates/attest/src");
    assert!(named.len() > 40, "the scan found only {named:?}");
    let unknown: Vec<&String> = named
        .iter()
        .filter(|name| {
            let (control, cause) = name.split_once('#').expect("control and cause");
            controls::find(control).is_none_or(|control| control.meta.cause(cause).is_none())
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn nothing_is_unsafe() {
    let found = sources::unsafe_code("crates");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
