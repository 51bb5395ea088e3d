//! The configuration of k3s and RKE2, which pass flags on to the components.

mod implied;

use super::command_line::CommandLine;
use super::program::Program;
use super::word::Word;
use super::{Flag, Flags, Implied, own_files};
use crate::kubernetes::object::Object;
use model::{Place, SourceId};
use std::collections::HashSet;
use text::{Node, Value};

/// The groups that configuration files of k3s and RKE2 are given; they have no apiVersion of their own.
const GROUPS: [&str; 2] = ["k3s.io", "rke2.io"];

/// Keys that only a server takes (k3s-io/k3s pkg/cli/cmds/server.go, rancher/rke2 pkg/cli/cmds).
const SERVER_KEYS: [&str; 18] = [
    "audit-policy-file",
    "cluster-cidr",
    "cluster-init",
    "cni",
    "datastore-endpoint",
    "disable",
    "disable-apiserver",
    "etcd-arg",
    "etcd-expose-metrics",
    "kube-apiserver-arg",
    "kube-controller-manager-arg",
    "kube-scheduler-arg",
    "secrets-encryption",
    "secrets-encryption-provider",
    "service-cidr",
    "tls-san",
    "write-kubeconfig",
    "write-kubeconfig-mode",
];

/// The configuration of a server: `config.yaml`, then the files of `config.yaml.d` in the order of their names, then the
/// arguments of the command, which replace what the files say of the same key.
#[derive(Clone, Debug)]
pub struct K3s<'o> {
    files: Vec<&'o Object>,
    arguments: Vec<(Box<str>, Word)>,
    /// `k3s server` or `rke2 server`, where a command is known.
    command: Option<Place>,
    is_rke2: bool,
    /// Whether the main file is missing, so that a key may be set there.
    is_partial: bool,
}

/// What a drop-in, or a command, without the configuration file cannot tell.
const PARTIAL: &str = "the configuration file of the server decides, and it was not read";

/// A key: its values, and where it is set.
struct Given {
    values: Vec<Word>,
    place: Place,
}

impl<'o> K3s<'o> {
    /// The configuration of files in the order in which k3s reads them.
    #[must_use]
    pub fn new(files: Vec<&'o Object>) -> K3s<'o> {
        K3s {
            is_rke2: files.iter().any(|file| file.group() == "rke2.io"),
            files,
            arguments: Vec::new(),
            command: None,
            is_partial: false,
        }
    }

    /// The same where only drop-ins were read.
    #[must_use]
    pub fn drop_ins(files: Vec<&'o Object>) -> K3s<'o> {
        K3s {
            is_partial: true,
            ..K3s::new(files)
        }
    }

    /// Whether the configuration file itself was not read.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The server that a command starts, with files that it reads added later.
    #[must_use]
    pub fn of_command_line(command: &CommandLine) -> Option<K3s<'o>> {
        let (is_rke2, place, words) = command.k3s_server()?;
        Some(K3s {
            files: Vec::new(),
            arguments: arguments(words),
            command: Some(place),
            is_rke2,
            is_partial: true,
        })
    }

    /// The text of the command, or of the first file.
    #[must_use]
    pub fn source(&self) -> SourceId {
        let file = self.files.first().map(|file| file.source);
        let command = self.command.map(|place| place.source);
        command.or(file).unwrap_or(SourceId(0))
    }

    /// The path of the configuration file that the command reads.
    #[must_use]
    pub fn config_path(&self) -> &str {
        let named = self
            .arguments
            .iter()
            .rev()
            .find(|(name, _)| &**name == "config");
        match named {
            Some((_, word)) => &word.text,
            None if self.is_rke2 => "/etc/rancher/rke2/config.yaml",
            None => "/etc/rancher/k3s/config.yaml",
        }
    }

    /// The command with the files that it reads.
    #[must_use]
    pub fn with_files(mut self, files: &K3s<'o>) -> K3s<'o> {
        self.files.clone_from(&files.files);
        self.is_rke2 |= files.is_rke2;
        self.is_partial = files.is_partial;
        self
    }

    /// Whether an object is a configuration file of k3s or RKE2.
    #[must_use]
    pub fn is_configuration(object: &Object) -> bool {
        GROUPS.contains(&object.group())
    }

    /// Whether it configures a server: an agent runs no API server.
    #[must_use]
    pub fn is_server(&self) -> bool {
        let server_key = |key: &str| SERVER_KEYS.contains(&key.trim_end_matches('+'));
        self.command.is_some()
            || self.files.iter().any(|file| {
                let entries = file.root.entries().iter();
                entries.filter_map(|entry| entry.key.text()).any(server_key)
            })
    }

    /// Whether Secrets are encrypted, and where that is decided. k3s writes an EncryptionConfiguration where
    /// `secrets-encryption` is on, and passes it to kube-apiserver; RKE2 switches it on whatever the file says
    /// (rancher/rke2 pkg/rke2/rke2.go). `None` where nobody sets it: k3s then does not encrypt.
    #[must_use]
    pub fn secrets_encryption(&self) -> Option<(bool, Place)> {
        if self.is_rke2 {
            return Some((true, self.place()?));
        }
        let given = self.given("secrets-encryption")?;
        let on = given.values.last().and_then(|word| on(&word.text))?;
        Some((on, given.place))
    }

    /// The provider that encrypts: `secrets-encryption-provider`, aescbc by default.
    #[must_use]
    pub fn encryption_provider(&self) -> Option<(String, Place)> {
        let given = self.given("secrets-encryption-provider")?;
        let word = given.values.last()?;
        Some((word.text.clone(), word.place))
    }

    /// Whether it is RKE2.
    #[must_use]
    pub fn is_rke2(&self) -> bool {
        self.is_rke2
    }

    /// The flags that are passed to the programs, for each program that a key names.
    #[must_use]
    pub fn all_flags(&self) -> Vec<Flags> {
        Program::ALL
            .into_iter()
            .filter_map(|program| self.flags(program))
            .collect()
    }

    /// Where a missing key would stand.
    fn place(&self) -> Option<Place> {
        let file = self.files.first();
        file.map(|file| {
            let first = file.root.entries().first();
            file.place(first.map_or(&file.root, |entry| &entry.key))
        })
        .or(self.command)
    }

    /// The flags of a program. A server's kube-apiserver is there also where no key names it.
    #[must_use]
    pub fn flags(&self, program: Program) -> Option<Flags> {
        let (keys, implied): (&[&str], Implied) = match program {
            Program::ApiServer => (&["kube-apiserver-arg"], self.implied_of_api_server()),
            Program::ControllerManager => (
                &["kube-controller-manager-arg", "kube-controller-arg"],
                implied::CONTROLLER_MANAGER.to_vec(),
            ),
            Program::Kubelet => (&["kubelet-arg"], implied::KUBELET.to_vec()),
            Program::Etcd => (
                &["etcd-arg"],
                [&own_files::ETCD[..], &[implied::ETCD]].concat(),
            ),
        };
        let lists: Vec<Given> = keys.iter().filter_map(|key| self.given(key)).collect();
        let place = match lists.first() {
            Some(given) => given.place,
            None if program == Program::ApiServer && self.is_server() => self.place()?,
            None => return None,
        };
        let mut flags = Flags::parse(program, &[], place);
        let mut seen = HashSet::new();
        for word in lists.iter().flat_map(|given| &given.values) {
            push_argument(&mut flags, &mut seen, word, &implied);
        }
        flags.implied = implied;
        flags.incomplete = self.is_partial.then_some(PARTIAL);
        if program == Program::ApiServer {
            self.add_own(&mut flags);
        }
        Some(flags)
    }

    /// What keys of the server itself pass to kube-apiserver. Arguments given for it win.
    fn add_own(&self, flags: &mut Flags) {
        let mut own: Vec<(&str, &str)> = vec![];
        if self.is_rke2 {
            own.push(("audit-policy-file", "audit-policy-file"));
        }
        if self.external_etcd().is_some() {
            own.extend([
                ("datastore-endpoint", "etcd-servers"),
                ("datastore-cafile", "etcd-cafile"),
                ("datastore-certfile", "etcd-certfile"),
                ("datastore-keyfile", "etcd-keyfile"),
            ]);
        }
        for (key, flag) in own {
            let given = self.given(key).filter(|_| flags.last(flag).is_none());
            if let Some(given) = given {
                let value = given.values.into_iter().next_back();
                flags.all.push(Flag {
                    name: flag.into(),
                    value,
                    place: given.place,
                });
            }
        }
    }

    /// What is passed to kube-apiserver without being given.
    fn implied_of_api_server(&self) -> Implied {
        let mut implied = [implied::API_SERVER, &own_files::API_SERVER].concat();
        if self.external_etcd().is_none() {
            implied.extend(implied::OWN_ETCD);
        }
        if self.is_rke2 {
            let profile = self.given("profile");
            let is_hardened = profile
                .and_then(|given| given.values.into_iter().next_back())
                .is_some_and(|profile| profile.text.starts_with("cis"));
            if is_hardened {
                implied.push(("audit-policy-file", Some(implied::RKE2_POLICY)));
            }
            if is_hardened || self.given("audit-policy-file").is_some() {
                implied.push(("audit-log-path", Some(implied::RKE2_AUDIT_LOG)));
            }
        }
        implied
    }

    /// An etcd that others run: `datastore-endpoint` is a list of urls. Databases stand behind a local socket instead.
    fn external_etcd(&self) -> Option<Given> {
        self.given("datastore-endpoint").filter(|given| {
            let endpoint = given.values.last().map_or("", |word| word.text.as_str());
            endpoint.starts_with("http://") || endpoint.starts_with("https://")
        })
    }

    /// The values of a key that count: `key` replaces what earlier files say, `key+` adds to it, and arguments of the command
    /// replace both.
    fn given(&self, key: &str) -> Option<Given> {
        let mut given: Option<Given> = None;
        for file in &self.files {
            if let Some(entry) = file.root.entry(key) {
                given = Some(Given {
                    values: values(file, &entry.value),
                    place: file.place(&entry.value),
                });
            }
            if let Some(entry) = file.root.entry(&format!("{key}+")) {
                let more = values(file, &entry.value);
                match &mut given {
                    Some(given) => given.values.extend(more),
                    None => {
                        given = Some(Given {
                            values: more,
                            place: file.place(&entry.value),
                        });
                    }
                }
            }
        }
        let named = self.arguments.iter().filter(|(name, _)| **name == *key);
        let of_command: Vec<Word> = named.map(|(_, word)| word.clone()).collect();
        match of_command.first() {
            Some(first) => Some(Given {
                place: first.place,
                values: of_command,
            }),
            None => given,
        }
    }
}

/// Flags are text to k3s, so a Boolean may be written as any of them.
fn on(text: &str) -> Option<bool> {
    super::setting::parse_bool(text)
}

/// The items of a list; a single value needs no list.
fn values(file: &Object, node: &Node) -> Vec<Word> {
    let items = match &node.value {
        Value::Sequence(items) => items.as_slice(),
        Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(node),
    };
    items
        .iter()
        .filter_map(|item| Word::of_value(file.source, item))
        .collect()
}

/// The arguments of a command by their keys. A key without a value is switched on.
fn arguments(words: &[Word]) -> Vec<(Box<str>, Word)> {
    let mut arguments = Vec::new();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let Some(named) = word.text.strip_prefix("--") else {
            continue;
        };
        let (name, value) = match named.split_once('=') {
            Some((name, _)) => (name, word.from(name.len() + 3)),
            None => {
                let value = rest.next_if(|next| !next.text.starts_with('-'));
                let on = || Word::new("true", word.dynamic, word.place);
                (named, value.cloned().unwrap_or_else(on))
            }
        };
        arguments.push((name.into(), value));
    }
    arguments
}

/// `name=value`, maybe with dashes. `name+=value` adds to what k3s passes itself, `name-=value` stands before it, and anything
/// else replaces it (pkg/util/args.go, GetArgs).
fn push_argument(flags: &mut Flags, seen: &mut HashSet<String>, word: &Word, implied: &Implied) {
    let text = word.text.as_str();
    let start = if text.starts_with("--") { 2 } else { 0 };
    let end = text.find('=').unwrap_or(text.len());
    let written = text.get(start..end).unwrap_or_default();
    if word.dynamic && written.contains(['$', '{']) {
        flags.unknown.push(word.place);
        return;
    }
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
        flags.all.extend(own);
        flags.all.push(flag(value));
    } else if written.ends_with('-') {
        flags.all.push(flag(value));
        flags.all.extend(own);
    } else {
        flags.all.push(flag(value));
    }
}
