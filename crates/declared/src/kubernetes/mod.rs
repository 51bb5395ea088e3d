//! Kubernetes: manifests in YAML and JSON, lists, Helm's rendered output, component configuration files, and the documents
//! that ConfigMaps and Secrets carry.

mod cluster;
mod command_lines;
mod embedded;
mod images;
mod installers;
mod k3s;
mod machine;
mod objects;
mod owners;
mod template;

use crate::Ties;
use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::Estate;
use text::SyntaxError;
use text::yaml::Stream;

/// The family.
pub const FAMILY: Family = Family {
    readers: &[
        Reader {
            name: "Helm templates (not rendered)",
            formats: &[Format::Lines, Format::Json],
            bytes: Bytes::Detected,
            recognise: template::recognise,
            read: template::read,
        },
        // Before the manifests, which these may carry.
        Reader {
            name: "configurations of Talos",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: installers::is_talos,
            read: installers::read_talos,
        },
        Reader {
            name: "configurations of talhelper",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: installers::is_talhelper,
            read: installers::read_talhelper,
        },
        Reader {
            name: "configurations of RKE",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: installers::is_rke,
            read: installers::read_rke,
        },
        Reader {
            name: "configurations of machines",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: machine::recognise,
            read: machine::read,
        },
        Reader {
            name: "Kubernetes manifests",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: is_manifest,
            read: read_yaml,
        },
        Reader {
            name: "Kubernetes manifests",
            formats: &[Format::Json],
            bytes: Bytes::Detected,
            recognise: is_json_manifest,
            read: read_json,
        },
        Reader {
            name: "patches of kubeadm's configuration",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: is_kubeadm_patch,
            read: read_kubeadm_patch,
        },
        Reader {
            name: "kustomizations",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: is_kustomization,
            read: read_kustomization,
        },
        Reader {
            name: "k3s and RKE2 configurations",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: k3s::recognise,
            read: k3s::read,
        },
        Reader {
            name: "etcd configurations",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: is_etcd,
            read: read_etcd,
        },
    ],
    assemble,
    order: 10,
};

/// Command lines first: they are no objects, and belong to no cluster of their own.
fn assemble(estate: &mut Estate, ties: &Ties) {
    command_lines::assemble(estate);
    cluster::assemble(estate, ties);
    owners::assemble(estate);
}

fn is_manifest(candidate: &Candidate<'_>) -> bool {
    // Both words at the start of some line or after a dash: prose that mentions them is no manifest.
    has_key(candidate.text, "apiVersion")
        && has_key(candidate.text, "kind")
        && !is_kustomization(candidate)
        && (!candidate.is_prose_or_code() || text::yaml::parse(candidate.text).errors.is_empty())
}

fn is_json_manifest(candidate: &Candidate<'_>) -> bool {
    candidate.holds("\"apiVersion\"") && candidate.holds("\"kind\"")
}

fn is_kustomization(candidate: &Candidate<'_>) -> bool {
    (candidate.holds("kustomize.config.k8s.io/") && !candidate.is_prose_or_code())
        || (matches!(
            candidate.file_name(),
            "kustomization.yaml" | "kustomization.yml" | "Kustomization"
        ) && has_key(candidate.text, "resources"))
}

/// A patch of kind, which need not say the version (kind pkg/cluster/internal/patch matches by kind alone).
fn is_kubeadm_patch(candidate: &Candidate<'_>) -> bool {
    objects::is_kind_patch(candidate) && has_key(candidate.text, "kind")
}

/// etcd's own configuration file: the keys that only it has, at the start of a line (embed/config.go, configJSON).
fn is_etcd(candidate: &Candidate<'_>) -> bool {
    const KEYS: [&str; 6] = [
        "listen-client-urls",
        "listen-peer-urls",
        "advertise-client-urls",
        "initial-advertise-peer-urls",
        "client-transport-security",
        "peer-transport-security",
    ];
    !candidate.is_prose_or_code() && tops(candidate.text).any(|key| KEYS.contains(&key))
}

/// Whether a line starts with `key:`, maybe in quotes: a key of the document itself. O(length).
///
/// Asked of every text, and nearly always in vain: to look for the key passes over a text several times as fast as to go from
/// line to line. Not so for many keys, see [`tops`].
pub(super) fn is_top(text: &str, key: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), key.as_bytes()).any(|at| {
        let before = text.get(..at).unwrap_or_default();
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let after = text.get(at + key.len()..).unwrap_or_default();
        let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
        after.starts_with(':') && (before.is_empty() || before.ends_with('\n'))
    })
}

/// The keys for which [`is_top`] holds, for those who ask for many. O(length).
pub(super) fn tops(text: &str) -> impl Iterator<Item = &str> {
    let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    std::iter::once(0).chain(starts).filter_map(|start| {
        let line = text.get(start..)?;
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let end = memchr::memchr3(b':', b'\n', b' ', line.as_bytes())?;
        let key = line.get(..end)?;
        let is_key = line.as_bytes().get(end) == Some(&b':');
        is_key.then(|| key.strip_suffix(['"', '\'']).unwrap_or(key))
    })
}

/// Whether `key:` stands at the start of a line, maybe indented, quoted or in a list.
pub(super) fn has_key(text: &str, key: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), key.as_bytes()).any(|at| {
        let after = text.get(at + key.len()..).unwrap_or_default();
        let after = after
            .strip_prefix(['"', '\''])
            .unwrap_or(after)
            .trim_start_matches(' ');
        // Backwards only over what may stand before a key: a text without line ends would be gone through once a hit.
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let other = before
            .iter()
            .rfind(|b| !matches!(b, b' ' | b'-' | b'"' | b'\'' | b'{' | b'\t'));
        after.starts_with(':') && other.is_none_or(|byte| *byte == b'\n')
    })
}

fn read_yaml(candidate: &Candidate<'_>, reading: &mut Reading) {
    read_stream(candidate, text::yaml::parse(candidate.text), reading);
}

fn read_json(candidate: &Candidate<'_>, reading: &mut Reading) {
    read_stream(candidate, text::json::parse(candidate.text), reading);
}

fn read_stream(candidate: &Candidate<'_>, stream: Stream, reading: &mut Reading) {
    report(stream.errors, reading);
    for document in stream.documents {
        let template = objects::helm_source(candidate.text, &document);
        for object in objects::of_document(candidate, document, template) {
            embedded::open(candidate.text, &object, reading);
            if let Some(carried) = installers::carried(&object) {
                reading.put(carried);
            }
            if let Some(reason) = installers::not_judged(&object) {
                reading.skip(reason);
            }
            reading.put(object);
        }
    }
}

/// Says what could not be read. Placeholders of a template are no errors of the file.
pub(super) fn report(errors: Vec<SyntaxError>, reading: &mut Reading) {
    let (templates, errors): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(text::yaml::is_template);
    if !templates.is_empty() {
        reading.skip(
            "a template whose placeholders are not filled in; give wardline the rendered output",
        );
    }
    for error in errors {
        reading.problem(error);
    }
}

fn read_kustomization(candidate: &Candidate<'_>, reading: &mut Reading) {
    if !crate::kubernetes::template::rendering_disabled(candidate) {
        reading.skip("a kustomization; run `kubectl kustomize` on its directory and give wardline the output");
    }
}

fn read_kubeadm_patch(candidate: &Candidate<'_>, reading: &mut Reading) {
    if candidate.holds("ClusterConfiguration") {
        let kind = "ClusterConfiguration";
        read_configuration(candidate, "kubeadm.k8s.io/v1beta3", kind, reading);
    }
}

fn read_etcd(candidate: &Candidate<'_>, reading: &mut Reading) {
    read_configuration(candidate, "etcd.io/v3", "Configuration", reading);
}

/// A file of a component that has no apiVersion and kind of its own.
fn read_configuration(
    candidate: &Candidate<'_>,
    api_version: &str,
    kind: &str,
    reading: &mut Reading,
) {
    let stream = text::yaml::parse(candidate.text);
    report(stream.errors, reading);
    for document in stream.documents {
        reading.put(objects::component_configuration(
            candidate,
            document,
            api_version,
            kind,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::{has_key, is_top, tops};

    #[test]
    fn keys_of_the_document_itself() {
        assert!(is_top("a: 1\ncluster:\n  b: 2\n", "cluster"));
        assert!(is_top("\"cluster\": {}\n", "cluster"));
        assert!(!is_top(
            "a:\n  cluster: 1\n# cluster: 2\nclusters: 3\n",
            "cluster"
        ));
        assert!(!is_top("\"\"cluster\": 1\ncluster\"\": 2\n", "cluster"));
    }

    #[test]
    fn all_keys_of_the_document_are_those_that_are_found_one_by_one() {
        let text = "a: 1\n'b': 2\n  c: 3\n\"d:\ne\n- f: 4\ng\":\nh'':\ni j: 5\n:\nk";
        let found: Vec<&str> = tops(text).collect();
        assert_eq!(found, ["a", "b", "d", "g", "h'", ""]);
        for key in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] {
            assert_eq!(is_top(text, key), found.contains(&key), "{key}");
        }
    }

    #[test]
    fn a_key_is_told_from_prose() {
        assert!(has_key("apiVersion: v1\n", "apiVersion"));
        assert!(has_key("items:\n- apiVersion: v1\n", "apiVersion"));
        assert!(has_key("{\"apiVersion\": \"v1\"}", "apiVersion"));
        assert!(!has_key("# set apiVersion: v1 here", "apiVersion"));
        assert!(!has_key("the apiVersion: is", "apiVersion"));
    }
}
