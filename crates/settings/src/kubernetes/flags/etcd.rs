//! etcd.

use super::command_line::{CommandLine, in_container};
use super::setting::{Item, Setting};
use super::word::Word;
use super::{Flags, Program};
use crate::kubernetes::object::Object;
use crate::kubernetes::pod::{Container, EnvironmentSource, PodTemplate};
use model::Place;
use text::Node;

/// The group that configuration files of etcd are given.
const GROUP: &str = "etcd.io";

/// One of etcd's two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtcdSide {
    /// Clients: the API server.
    Client,
    /// The other members.
    Peer,
}

/// What etcd's settings are. With a configuration file every flag and ETCD_* variable is ignored; without one a flag beats a
/// variable (etcdmain/config.go, run on 3.6.16).
#[derive(Clone, Debug)]
pub struct Etcd<'o> {
    /// The command line, where there is one.
    pub flags: Option<Flags>,
    /// The variables `ETCD_*`, in order.
    pub variables: Vec<(Box<str>, Word)>,
    /// The configuration file, where it was read.
    pub file: Option<&'o Object>,
    /// Where a file of variables is named that was not read.
    pub unread: Option<Place>,
    /// Where a missing setting would stand.
    pub place: Place,
}

impl<'o> Etcd<'o> {
    /// The etcd of a container: its command line and its variables. `None` if it runs something else. An image that runs etcd
    /// by itself with variables only (as some charts have it) is known by its variables.
    #[must_use]
    pub fn of_container(pod: &PodTemplate<'_>, container: &Container<'_>) -> Option<Etcd<'o>> {
        let flags =
            in_container(pod.object, container).filter(|flags| flags.program == Program::Etcd);
        let variables: Vec<(Box<str>, Word)> = container
            .env()
            .into_iter()
            .filter(|variable| variable.name.starts_with("ETCD_"))
            .map(|variable| {
                let place = pod.object.place(variable.node);
                let word = match variable.source {
                    EnvironmentSource::Value(value) => Word::of_item(pod.object.source, value),
                    _ => None,
                };
                let word = word.unwrap_or_else(|| Word::new("", true, place));
                (variable.name.into(), word)
            })
            .collect();
        let listens = variables
            .iter()
            .any(|(name, _)| **name == *"ETCD_LISTEN_CLIENT_URLS");
        let place = match &flags {
            Some(flags) => flags.place,
            None if listens => pod.object.place(container.node),
            None => return None,
        };
        Some(Etcd {
            flags,
            variables,
            file: None,
            unread: None,
            place,
        })
    }

    /// Whether an object is a configuration file of etcd, which has no apiVersion of its own.
    #[must_use]
    pub fn is_configuration(object: &Object) -> bool {
        object.group() == GROUP
    }

    /// The etcd of a configuration file that no command which was read names.
    #[must_use]
    pub fn of_file(file: &'o Object) -> Etcd<'o> {
        Etcd {
            flags: None,
            variables: Vec::new(),
            file: Some(file),
            unread: None,
            place: Place::new(file.source, file.document),
        }
    }

    /// The etcd that a command starts, or the one that a file of variables is for.
    #[must_use]
    pub fn of_command_line(command: &CommandLine) -> Option<Etcd<'o>> {
        let variables = command.environment.clone();
        let flags = command.flags();
        let place = match &flags {
            Some(flags) if flags.program == Program::Etcd => flags.place,
            None if command.words.is_empty() => {
                let listens = |name: &str| name == "ETCD_LISTEN_CLIENT_URLS";
                variables.iter().find(|(name, _)| listens(name))?.1.place
            }
            _ => return None,
        };
        Some(Etcd {
            flags,
            variables,
            file: None,
            unread: command.unread,
            place,
        })
    }

    /// The etcd of a command line alone.
    #[must_use]
    pub fn of_flags(flags: Flags) -> Option<Etcd<'o>> {
        (flags.program == Program::Etcd).then(|| Etcd {
            place: flags.place,
            flags: Some(flags),
            variables: Vec::new(),
            file: None,
            unread: None,
        })
    }

    /// The file that `--config-file` or ETCD_CONFIG_FILE names, where one does. Its content belongs into `file`.
    #[must_use]
    pub fn config_file(&self) -> Option<Setting<String>> {
        let named = self.flag_or_variable("config-file", "");
        (!named.is_empty()).then_some(named)
    }

    /// The urls of a listener: `listen-client-urls` (default <http://localhost:2379>), `listen-client-http-urls` (none),
    /// `listen-peer-urls` (default <http://localhost:2380>), `listen-metrics-urls` (none).
    #[must_use]
    pub fn urls(&self, setting: &str) -> Setting<Vec<Item>> {
        let default = match setting {
            "listen-client-urls" => "http://localhost:2379",
            "listen-peer-urls" => "http://localhost:2380",
            _ => "",
        };
        if let Some(answer) = self.in_file(&[setting], |node, place| {
            let word = Word::of_item(place.source, node)?;
            Some(Setting::Set(word.items(), word.place))
        }) {
            return answer
                .unwrap_or_else(|place| Setting::Default(default_items(default, place), place));
        }
        match &self.flags {
            Some(flags) if flags.last(setting).is_some() => flags.list(setting, default),
            flags => match (self.variable(setting), flags) {
                (Some(word), _) if word.dynamic => {
                    Setting::Unknown(word.place, "a variable decides")
                }
                (Some(word), _) => Setting::Set(word.items(), word.place),
                (None, _) if self.unread.is_some() => self.unset(Vec::new()),
                (None, Some(flags)) => flags.list(setting, default),
                (None, None) => Setting::Default(default_items(default, self.place), self.place),
            },
        }
    }

    /// A file or another text of a side: `cert-file`, `key-file`, `trusted-ca-file`. Default empty.
    #[must_use]
    pub fn text(&self, side: EtcdSide, setting: &str) -> Setting<String> {
        if let Some(answer) = self.in_file(&[section(side), setting], |node, place| {
            Some(Setting::Set(node.text()?.to_owned(), place))
        }) {
            return answer.unwrap_or_else(|place| Setting::Default(String::new(), place));
        }
        self.flag_or_variable(&flag_name(side, setting), "")
    }

    /// A Boolean of a side: `client-cert-auth`, `auto-tls`. Default false.
    #[must_use]
    pub fn bool(&self, side: EtcdSide, setting: &str) -> Setting<bool> {
        if let Some(answer) = self.in_file(&[section(side), setting], |node, place| {
            Some(match node.bool() {
                Some(on) => Setting::Set(on, place),
                None => Setting::Unknown(place, "not a Boolean: will not start"),
            })
        }) {
            return answer.unwrap_or_else(|place| Setting::Default(false, place));
        }
        let name = flag_name(side, setting);
        let variable = self.variable(&name);
        if let Some(flags) = &self.flags
            && (flags.last(&name).is_some() || (variable.is_none() && self.unread.is_none()))
        {
            return flags.bool(&name, false);
        }
        match variable {
            Some(word) if word.dynamic => Setting::Unknown(word.place, "a variable decides"),
            Some(word) => match super::setting::parse_bool(&word.text) {
                Some(on) => Setting::Set(on, word.place),
                None => Setting::Unknown(word.place, "not a Boolean: will not start"),
            },
            None => self.unset(false),
        }
    }

    /// Whether an https listener of a side refuses clients without a certificate: a trusted CA alone does that, and so does
    /// `client-cert-auth` alone, against the host's public roots (client/pkg/transport/listener.go, ServerConfig).
    #[must_use]
    pub fn demands_certificate(&self, side: EtcdSide) -> Setting<bool> {
        let ca = self.text(side, "trusted-ca-file");
        if ca.value().is_some_and(|path| !path.is_empty()) {
            return ca.map(|_| true);
        }
        let asked = self.bool(side, "client-cert-auth");
        match ca {
            Setting::Unknown(place, reason) if !asked.is_on() => Setting::Unknown(place, reason),
            _ => asked,
        }
    }

    /// Whether a side makes its own certificate: `auto-tls`, unless certificate and key are given.
    #[must_use]
    pub fn makes_own_certificate(&self, side: EtcdSide) -> Setting<bool> {
        let asked = self.bool(side, "auto-tls");
        let (certificate, key) = (self.text(side, "cert-file"), self.text(side, "key-file"));
        let given = |path: &Setting<String>| path.value().is_some_and(|path| !path.is_empty());
        if asked.is_on() && given(&certificate) && given(&key) {
            return certificate.map(|_| false);
        }
        asked
    }

    /// The answer of the configuration file, if one is in force: `None` if none is; else what `read` makes of the key, or the
    /// place in which it would be set.
    fn in_file<T>(
        &self,
        path: &[&str],
        read: impl FnOnce(&Node, Place) -> Option<Setting<T>>,
    ) -> Option<Result<Setting<T>, Place>> {
        let Some(file) = self.file else {
            // A variable or a file of variables that may name a configuration file decides about what is not set; what is
            // set is taken as it stands.
            let Some(named @ Setting::Set(..)) = self.config_file() else {
                return None;
            };
            let reason = "the configuration file decides, and it was not read";
            return Some(Ok(Setting::Unknown(named.place(), reason)));
        };
        let node = file.at(path).filter(|node| !node.is_null());
        let answer = node.and_then(|node| read(node, file.place(node)));
        Some(answer.ok_or(Place::new(file.source, file.document)))
    }

    fn flag_or_variable(&self, name: &str, default: &str) -> Setting<String> {
        let variable = self.variable(name);
        match &self.flags {
            Some(flags)
                if flags.last(name).is_some() || (variable.is_none() && self.unread.is_none()) =>
            {
                flags.text(name, default)
            }
            _ => match variable {
                Some(word) if word.dynamic => Setting::Unknown(word.place, "a variable decides"),
                Some(word) => Setting::Set(word.text.clone(), word.place),
                None => self.unset(default.to_owned()),
            },
        }
    }

    /// What neither a flag nor a variable that was read sets.
    fn unset<T>(&self, default: T) -> Setting<T> {
        match self.unread {
            Some(place) => {
                Setting::Unknown(place, "a file of variables decides, and it was not read")
            }
            None => Setting::Default(default, self.place),
        }
    }

    /// The variable of a flag, the last one; an empty one sets nothing (pkg/flags, SetFlagsFromEnv).
    fn variable(&self, flag: &str) -> Option<&Word> {
        let name = format!("ETCD_{}", flag.replace('-', "_").to_ascii_uppercase());
        self.variables
            .iter()
            .rev()
            .find(|(variable, _)| **variable == *name)
            .map(|(_, word)| word)
            .filter(|word| word.dynamic || !word.text.is_empty())
    }
}

/// The section of a side in the configuration file (embed/config.go, configJSON).
fn section(side: EtcdSide) -> &'static str {
    match side {
        EtcdSide::Client => "client-transport-security",
        EtcdSide::Peer => "peer-transport-security",
    }
}

fn flag_name(side: EtcdSide, setting: &str) -> String {
    match side {
        EtcdSide::Client => setting.to_owned(),
        EtcdSide::Peer => format!("peer-{setting}"),
    }
}

fn default_items(list: &str, place: Place) -> Vec<Item> {
    list.split(',')
        .filter(|url| !url.is_empty())
        .map(|url| Item {
            text: url.to_owned(),
            place,
        })
        .collect()
}
