//! The kubelet.

use super::setting::Setting;
use super::{Flags, Program};
use crate::kubernetes::object::Object;
use model::Place;
use text::Node;

/// What the kubelet's settings are: a flag beats the drop-ins of `--config-dir` (a later one beats an earlier one), which beat
/// the file of `--config`. Without such a file other defaults count (applyLegacyDefaults).
#[derive(Clone, Debug)]
pub struct Kubelet<'o> {
    flags: Option<&'o Flags>,
    files: Vec<&'o Object>,
    /// Where a missing setting would stand.
    place: Place,
}

/// What decides about a setting that nobody gave.
enum Unset<'o> {
    /// The defaults without `--config`, unless the distribution or a variable sets it.
    CommandLine(&'o Flags),
    /// The defaults with `--config`.
    File(Place),
    /// A file that was not read.
    NotRead(Place),
}

const NOT_READ: &str = "the configuration file decides, and it was not read";

impl<'o> Kubelet<'o> {
    /// A kubelet of a command line, where it is known, and of KubeletConfigurations: the one of `--config`, then drop-ins in
    /// the order of their names. `None` where there is neither, or another program's flags.
    #[must_use]
    pub fn new(flags: Option<&'o Flags>, files: Vec<&'o Object>) -> Option<Kubelet<'o>> {
        if flags.is_some_and(|flags| flags.program != Program::Kubelet) {
            return None;
        }
        let place = match files.first() {
            Some(file) => Place::new(file.source, file.document),
            None => flags?.place,
        };
        Some(Kubelet {
            flags,
            files,
            place,
        })
    }

    /// Whether an object is a KubeletConfiguration.
    #[must_use]
    pub fn is_configuration(object: &Object) -> bool {
        object.is("kubelet.config.k8s.io", "KubeletConfiguration")
    }

    /// Whether requests without credentials are let in. Default: true without `--config`, false with it.
    #[must_use]
    pub fn anonymous(&self) -> Setting<bool> {
        let path = ["authentication", "anonymous", "enabled"];
        self.bool("anonymous-auth", &path, true, false)
    }

    /// `AlwaysAllow` (default without `--config`) or `Webhook` (default with it).
    #[must_use]
    pub fn authorization_mode(&self) -> Setting<String> {
        let path = ["authorization", "mode"];
        self.text("authorization-mode", &path, "AlwaysAllow", "Webhook")
    }

    /// The port that serves reads to everybody; `0` is off. Default: 10255 without `--config`, 0 with it.
    #[must_use]
    pub fn read_only_port(&self) -> Setting<String> {
        self.text("read-only-port", &["readOnlyPort"], "10255", "0")
    }

    /// The CA of client certificates; empty (the default) means that certificates do not log in.
    #[must_use]
    pub fn client_ca_file(&self) -> Setting<String> {
        let path = ["authentication", "x509", "clientCAFile"];
        self.text("client-ca-file", &path, "", "")
    }

    /// The serving certificate; empty (the default) means one that the kubelet makes itself, unless [`Kubelet::serving_by_csr`].
    #[must_use]
    pub fn serving_certificate(&self) -> Setting<String> {
        self.text("tls-cert-file", &["tlsCertFile"], "", "")
    }

    /// The key of the serving certificate.
    #[must_use]
    pub fn serving_key(&self) -> Setting<String> {
        self.text("tls-private-key-file", &["tlsPrivateKeyFile"], "", "")
    }

    /// Whether the serving certificate is requested from the cluster. Default false. (`rotateCertificates` is about the
    /// client certificate.)
    #[must_use]
    pub fn serving_by_csr(&self) -> Setting<bool> {
        let flag = "rotate-server-certificates";
        self.bool(flag, &["serverTLSBootstrap"], false, false)
    }

    /// A Boolean setting that has a flag and a field, with its defaults without and with `--config`.
    #[must_use]
    pub fn bool(&self, flag: &str, path: &[&str], without: bool, with: bool) -> Setting<bool> {
        if let Some(flags) = self.flags_of(flag) {
            return flags.bool(flag, without);
        }
        match self.field(path) {
            Some((object, node)) => match node.bool() {
                Some(on) => Setting::Set(on, object.place(node)),
                None => Setting::Unknown(object.place(node), "not a Boolean: will not start"),
            },
            None => match self.unset() {
                Unset::CommandLine(flags) => flags.bool(flag, without),
                Unset::File(place) => Setting::Default(with, place),
                Unset::NotRead(place) => Setting::Unknown(place, NOT_READ),
            },
        }
    }

    /// A text setting that has a flag and a field, with its defaults without and with `--config`.
    #[must_use]
    pub fn text(&self, flag: &str, path: &[&str], without: &str, with: &str) -> Setting<String> {
        if let Some(flags) = self.flags_of(flag) {
            return flags.text(flag, without);
        }
        match self.field(path).and_then(|(object, node)| {
            Some(Setting::Set(node.text()?.to_owned(), object.place(node)))
        }) {
            Some(setting) => setting,
            None => match self.unset() {
                Unset::CommandLine(flags) => flags.text(flag, without),
                Unset::File(place) => Setting::Default(with.to_owned(), place),
                Unset::NotRead(place) => Setting::Unknown(place, NOT_READ),
            },
        }
    }

    fn flags_of(&self, flag: &str) -> Option<&'o Flags> {
        self.flags.filter(|flags| flags.last(flag).is_some())
    }

    /// The field that counts: of the last file that has it.
    fn field(&self, path: &[&str]) -> Option<(&'o Object, &'o Node)> {
        self.files.iter().rev().find_map(|object| {
            let node = object.at(path).filter(|node| !node.is_null())?;
            Some((*object, node))
        })
    }

    fn unset(&self) -> Unset<'o> {
        match self.flags {
            Some(flags) if self.files.is_empty() => {
                match flags.last("config").or_else(|| flags.last("config-dir")) {
                    Some(named) => Unset::NotRead(named.place),
                    None => Unset::CommandLine(flags),
                }
            }
            _ => Unset::File(self.place),
        }
    }
}
