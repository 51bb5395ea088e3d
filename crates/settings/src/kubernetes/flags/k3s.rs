//! The configuration of k3s and RKE2, which pass flags on to the components.

use super::program::Program;
use super::word::Word;
use super::{Flag, Flags, Implied};
use crate::kubernetes::object::Object;
use std::collections::HashSet;
use text::{Node, Value};

/// The group that configuration files of k3s and RKE2 are given; they have no apiVersion of their own.
const GROUP: &str = "k3s.io";

/// The configuration of a server: `config.yaml`, then the files of `config.yaml.d` in the order of their names.
#[derive(Clone, Debug)]
pub struct K3s<'o> {
    files: Vec<&'o Object>,
}

/// What k3s passes to kube-apiserver by itself (k3s-io/k3s pkg/daemons/control/server.go, apiServer); without a value: files
/// that k3s makes.
#[rustfmt::skip]
const API_SERVER: Implied = &[
    ("allow-privileged", Some("true")),
    ("anonymous-auth", Some("false")),
    ("authorization-mode", Some("Node,RBAC")),
    ("enable-admission-plugins", Some("NodeRestriction")),
    ("profiling", Some("false")),
    ("requestheader-allowed-names", Some("system:auth-proxy")),
    ("client-ca-file", None),
    ("etcd-cafile", None),
    ("etcd-certfile", None),
    ("etcd-keyfile", None),
    ("etcd-servers", None),
    ("kubelet-certificate-authority", None),
    ("kubelet-client-certificate", None),
    ("kubelet-client-key", None),
    ("proxy-client-cert-file", None),
    ("proxy-client-key-file", None),
    ("requestheader-client-ca-file", None),
    ("service-account-issuer", None),
    ("service-account-key-file", None),
    ("service-account-signing-key-file", None),
    ("tls-cert-file", None),
    ("tls-private-key-file", None),
];

/// What k3s passes to kube-controller-manager by itself (controllerManager).
const CONTROLLER_MANAGER: Implied = &[
    ("profiling", Some("false")),
    ("use-service-account-credentials", Some("true")),
    ("bind-address", Some("127.0.0.1")),
    ("root-ca-file", None),
    ("service-account-private-key-file", None),
];

/// What k3s passes to the kubelet by itself (pkg/daemons/agent, kubeletArgs), up to the releases that write a
/// KubeletConfiguration instead; the values are the same there.
const KUBELET: Implied = &[
    ("anonymous-auth", Some("false")),
    ("authorization-mode", Some("Webhook")),
    ("read-only-port", Some("0")),
    ("client-ca-file", None),
    ("tls-cert-file", None),
    ("tls-private-key-file", None),
];

/// The embedded etcd is configured by a file that k3s writes (pkg/etcd): TLS with client certificates on both sides.
const ETCD: Implied = &[
    ("listen-client-urls", None),
    ("listen-peer-urls", None),
    ("listen-metrics-urls", None),
    ("cert-file", None),
    ("key-file", None),
    ("trusted-ca-file", None),
    ("client-cert-auth", Some("true")),
    ("peer-cert-file", None),
    ("peer-key-file", None),
    ("peer-trusted-ca-file", None),
    ("peer-client-cert-auth", Some("true")),
];

impl<'o> K3s<'o> {
    /// The configuration of files in the order in which k3s reads them.
    #[must_use]
    pub fn new(files: Vec<&'o Object>) -> K3s<'o> {
        K3s { files }
    }

    /// Whether an object is a configuration file of k3s or RKE2.
    #[must_use]
    pub fn is_configuration(object: &Object) -> bool {
        object.group() == GROUP
    }

    /// The value of a key: a later file replaces an earlier one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<(&'o Object, &'o Node)> {
        self.values(key).pop()
    }

    /// Whether k3s encrypts Secrets: it then writes an EncryptionConfiguration with aescbc, or with `secrets-encryption-provider`,
    /// and passes it to kube-apiserver.
    #[must_use]
    pub fn secrets_encryption(&self) -> Option<(bool, &'o Object, &'o Node)> {
        let (object, node) = self.value("secrets-encryption")?;
        // The value may be a string: flags are text to k3s.
        let on = node
            .bool()
            .or_else(|| super::setting::parse_bool(node.str()?))?;
        Some((on, object, node))
    }

    /// The flags that the files pass to the programs, for each program that a key names.
    pub(super) fn all_flags(&self) -> Vec<Flags> {
        Program::ALL
            .into_iter()
            .filter_map(|program| self.flags(program))
            .collect()
    }

    /// The flags of a program. kube-apiserver's are there also where no key names it, since k3s always runs it.
    #[must_use]
    pub fn flags(&self, program: Program) -> Option<Flags> {
        let (keys, implied): (&[&str], Implied) = match program {
            Program::ApiServer => (&["kube-apiserver-arg"], API_SERVER),
            Program::ControllerManager => (
                &["kube-controller-manager-arg", "kube-controller-arg"],
                CONTROLLER_MANAGER,
            ),
            Program::Kubelet => (&["kubelet-arg"], KUBELET),
            Program::Etcd => (&["etcd-arg"], ETCD),
        };
        let lists: Vec<_> = keys.iter().flat_map(|key| self.values(key)).collect();
        let place = match (lists.first(), self.files.first()) {
            (Some((object, list)), _) => object.place(list),
            (None, Some(file)) if program == Program::ApiServer => file.place(&file.root),
            _ => return None,
        };
        let mut flags = Flags::parse(program, &[], place);
        let mut seen = HashSet::new();
        flags.implied = implied;
        for (object, list) in lists {
            let items = match &list.value {
                Value::Sequence(items) => items.as_slice(),
                // A single argument needs no list.
                Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(list),
            };
            for item in items {
                if let Some(word) = Word::of_item(object.source, item) {
                    push_argument(&mut flags.all, &mut seen, &word, implied);
                }
            }
        }
        Some(flags)
    }

    /// The values of a key that count: `key` replaces what earlier files say, `key+` adds to it.
    fn values(&self, key: &str) -> Vec<(&'o Object, &'o Node)> {
        let mut values = Vec::new();
        for file in &self.files {
            if let Some(node) = file.root.get(key) {
                values = vec![(*file, node)];
            }
            if let Some(node) = file.root.get(&format!("{key}+")) {
                values.push((*file, node));
            }
        }
        values
    }
}

/// `name=value`, maybe with dashes. `name+=value` adds to what k3s passes itself, `name-=value` stands before it, and anything
/// else replaces it (pkg/util/args.go, GetArgs).
fn push_argument(flags: &mut Vec<Flag>, seen: &mut HashSet<String>, word: &Word, implied: Implied) {
    let text = word.text.as_str();
    let start = if text.starts_with("--") { 2 } else { 0 };
    let end = text.find('=').unwrap_or(text.len());
    let written = text.get(start..end).unwrap_or_default();
    let name = written.trim_end_matches(['+', '-']);
    let value = if end < text.len() {
        word.from(end + 1)
    } else {
        Word::new("true", false, word.place)
    };
    let flag = |value: Word| Flag {
        name: name.into(),
        value: Some(value),
        place: word.place,
    };
    let first = seen.insert(name.to_owned());
    let own = implied
        .iter()
        .find(|(flag, _)| *flag == name)
        .and_then(|(_, value)| *value)
        .filter(|_| first)
        .map(|own| flag(Word::new(own, false, word.place)));
    if written.ends_with('+') {
        flags.extend(own);
        flags.push(flag(value));
    } else if written.ends_with('-') {
        flags.push(flag(value));
        flags.extend(own);
    } else {
        flags.push(flag(value));
    }
}
