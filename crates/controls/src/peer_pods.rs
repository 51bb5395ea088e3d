//! Peer pods: whether the machines that the cloud API adaptor starts are confidential.
//!
//! Rules: confidential-containers/cloud-api-adaptor. Flag `-disable-cvm`, a Go Boolean (`-disable-cvm`, `--disable-cvm`, `=true`,
//! `=0`, ...; a word behind it is not its value), the last one wins; it beats DISABLECVM of the environment, where the container's
//! own `env` beats the ConfigMap `peer-pods-cm`. To v0.17.0 entrypoint.sh turned the variable into the flag where it was exactly
//! `true`, and the default of every provider was false (src/cloud-providers/*/manager.go). From v0.18.0 on `1` and `true` in any
//! case count, every other value is false, and the default of libvirt and ibmcloud is true (src/cloud-providers/util.go,
//! BoolWithEnv).

use crate::pods::object_subject;
use model::{Claim, Claims, Estate, Exposure, Witness};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{Container, EnvironmentSource, PodTemplate, pod_templates};
use text::Node;

const PROGRAM: &str = "cloud-api-adaptor";
const VARIABLE: &str = "DISABLECVM";
const CAUSE: &str = "confidential-vm-disabled";

/// Judges the adaptors and their ConfigMap. What an adaptor says itself decides, whatever the ConfigMap says.
pub fn judge_peer_pods(estate: &Estate, claims: &mut Claims) {
    let objects = estate.all::<Object>();
    let adaptors: Vec<Adaptor<'_>> = objects.iter().flat_map(adaptors).collect();
    for adaptor in &adaptors {
        if let Some(claim) = adaptor.own_word() {
            claims.state(object_subject(adaptor.object), claim);
        }
    }
    let is_map = |object: &&Object| object.is("", "ConfigMap") && &*object.name == "peer-pods-cm";
    for map in objects.iter().filter(is_map) {
        let mut own = adaptors
            .iter()
            .filter(|adaptor| adaptor.object.namespace == map.namespace);
        let adaptor = own.next();
        let claim = match adaptor {
            Some(adaptor) if adaptor.own_word().is_some() && own.next().is_none() => {
                Claim::not_applicable(format!(
                    "{} says itself whether its machines are confidential",
                    adaptor.object.qualified_name()
                ))
            }
            _ => of_map(map, adaptor),
        };
        claims.state(object_subject(map), claim);
    }
}

/// A container that runs the adaptor.
struct Adaptor<'e> {
    object: &'e Object,
    /// The flag, where it is given.
    flag: Option<(bool, &'e Node)>,
    /// The variable, where the container itself sets it.
    variable: Option<&'e Node>,
    /// The provider, where the command line or the container names it.
    provider: Option<String>,
    /// The release, where the image's tag names it: major and minor number.
    release: Option<(u64, u64)>,
}

fn adaptors(object: &Object) -> Vec<Adaptor<'_>> {
    let templates = pod_templates(object);
    let containers = templates.iter().flat_map(PodTemplate::containers);
    containers
        .filter_map(|container| adaptor(object, &container))
        .collect()
}

fn adaptor<'e>(object: &'e Object, container: &Container<'e>) -> Option<Adaptor<'e>> {
    let image = container.image().and_then(Node::text).unwrap_or_default();
    let path = image.split('@').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let (name, tag) = name.split_once(':').unwrap_or((name, ""));
    let words: Vec<(&str, &Node)> = container
        .command_line()
        .flat_map(|node| {
            let text = node.text().unwrap_or_default();
            text.split_whitespace()
                .map(move |word| (word.trim_matches(['"', '\'']), node))
        })
        .collect();
    let is_program = |word: &str| word.rsplit('/').next() == Some(PROGRAM);
    let start = words.iter().position(|(word, _)| is_program(word));
    if name != PROGRAM && start.is_none() {
        return None;
    }
    // A script in front of the program takes no flags.
    let behind = start.and_then(|at| words.get(at + 1..)).unwrap_or_default();
    let flags = behind.iter().take_while(|(word, _)| *word != "--");
    let variables = container.env();
    let own = |wanted: &str| {
        let mut set = variables.iter().rev();
        set.find_map(|variable| match variable.source {
            EnvironmentSource::Value(value) if variable.name == wanted => Some(value),
            _ => None,
        })
    };
    let named = behind.first().map(|(word, _)| *word);
    let provider = named
        .filter(|word| !word.starts_with('-'))
        .or_else(|| own("CLOUD_PROVIDER")?.text());
    Some(Adaptor {
        object,
        flag: flags
            .filter_map(|(word, node)| Some((flag(word)?, *node)))
            .last(),
        variable: own(VARIABLE),
        provider: provider.map(str::to_owned),
        release: release(tag),
    })
}

/// `-disable-cvm` in the forms of Go's package flag and `strconv.ParseBool`.
fn flag(word: &str) -> Option<bool> {
    let rest = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    match rest.strip_prefix("disable-cvm")? {
        "" | "=1" | "=t" | "=T" | "=true" | "=TRUE" | "=True" => Some(true),
        "=0" | "=f" | "=F" | "=false" | "=FALSE" | "=False" => Some(false),
        _ => None,
    }
}

/// 0 and 18 of `v0.18.0-amd64`.
fn release(tag: &str) -> Option<(u64, u64)> {
    let mut numbers = tag.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

impl Adaptor<'_> {
    /// What its flag or its own variable says.
    fn own_word(&self) -> Option<Claim> {
        if let Some((is_disabled, node)) = self.flag {
            let witness = Witness::declared(self.object.place(node), "ordinary machines")
                .key("-disable-cvm")
                .value(if is_disabled { "true" } else { "false" });
            return Some(said(is_disabled, witness));
        }
        let node = self.variable?;
        let witness = Witness::declared(self.object.place(node), "ordinary machines")
            .key(VARIABLE)
            .value(node.text().unwrap_or_default());
        Some(of_variable(
            node.text().unwrap_or_default(),
            self.provider.as_deref(),
            self.release,
            witness,
        ))
    }
}

fn of_map(map: &Object, adaptor: Option<&Adaptor<'_>>) -> Claim {
    let value = map.at(&["data", VARIABLE]);
    let provider = map.at(&["data", "CLOUD_PROVIDER"]);
    let text = value.and_then(Node::text).unwrap_or_default();
    let witness = match (value.filter(|_| !text.is_empty()), provider) {
        (Some(node), _) => Witness::declared(map.place(node), "ordinary machines")
            .key(VARIABLE)
            .value(text),
        (None, Some(node)) => {
            Witness::declared(map.place(node), "counts an unset DISABLECVM as true")
                .key("CLOUD_PROVIDER")
                .value(node.text().unwrap_or_default())
        }
        (None, None) => Witness::declared(map.name_place(), "names neither it nor the provider"),
    };
    let of_adaptor = adaptor.and_then(|adaptor| adaptor.provider.as_deref());
    of_variable(
        text,
        of_adaptor.or_else(|| provider.and_then(Node::text)),
        adaptor.and_then(|adaptor| adaptor.release),
        witness,
    )
}

/// What the variable comes to under the release, or under every release where it is not known.
fn of_variable(
    value: &str,
    provider: Option<&str>,
    release: Option<(u64, u64)>,
    witness: Witness,
) -> Claim {
    let before = value == "true";
    let since = match (value.to_ascii_lowercase().as_str(), provider) {
        ("", None) => None,
        ("", Some(provider)) => Some(["libvirt", "ibmcloud"].contains(&provider)),
        (word, _) => Some(["1", "true"].contains(&word)),
    };
    let is_since = release.map(|release| release >= (0, 18));
    match (is_since, since) {
        (Some(false), _) => said(before, witness),
        (_, None) => Claim::Unproven(
            "DISABLECVM is not set, and the provider, which decides its default, is not in these files"
                .into(),
            vec![witness],
        ),
        (Some(true), Some(since)) => said(since, witness),
        (None, Some(since)) if since == before => said(since, witness),
        (None, Some(_)) => Claim::Unproven(
            "the release of the cloud API adaptor decides, and no tag names it: v0.18.0 and later count this as true"
                .into(),
            vec![witness],
        ),
    }
}

fn said(is_disabled: bool, witness: Witness) -> Claim {
    if is_disabled {
        Claim::Exposed(vec![Exposure::new(CAUSE, witness)])
    } else {
        Claim::Protected(vec![witness.label("confidential VMs are on")])
    }
}
