//! kube-apiserver.

use super::setting::{Item, Setting};
use super::{Flags, Program};
use model::Release;

/// What kube-apiserver's flags make of its protections. Defaults are those of the code (k8s.io/apiserver pkg/server/options,
/// pkg/kubeapiserver/options), the same in 1.27 to 1.37 unless said otherwise.
#[derive(Clone, Copy, Debug)]
pub struct ApiServer<'f> {
    /// The flags.
    pub flags: &'f Flags,
}

impl<'f> ApiServer<'f> {
    /// The API server of a command line; `None` for another program's.
    #[must_use]
    pub fn of(flags: &'f Flags) -> Option<ApiServer<'f>> {
        (flags.program == Program::ApiServer).then_some(ApiServer { flags })
    }

    /// A file or another text whose default is empty: `client-ca-file`, `encryption-provider-config`, `audit-policy-file`,
    /// `etcd-cafile`, `tls-min-version`, ...
    #[must_use]
    pub fn text(&self, flag: &str) -> Setting<String> {
        self.flags.text(flag, "")
    }

    /// The authorizers of `--authorization-mode`. Default: AlwaysAllow, unless `--authorization-config` names a file, which
    /// then decides alone; the list is empty in that case.
    #[must_use]
    pub fn authorization_modes(&self) -> Setting<Vec<Item>> {
        let by_file = self.text("authorization-config");
        if !by_file.is_empty() && self.flags.last("authorization-mode").is_none() {
            return by_file.map(|_| Vec::new());
        }
        self.flags.list("authorization-mode", "AlwaysAllow")
    }

    /// Whether requests without credentials are let through as system:anonymous. Default true; AlwaysAllow among the modes
    /// forces it off, whatever the flag says (ApplyAuthorization; 401 seen on 1.37.2).
    #[must_use]
    pub fn anonymous(&self) -> Setting<bool> {
        let modes = self.authorization_modes();
        match modes.holds("AlwaysAllow") {
            Some(item) if modes.is_set() => Setting::Set(false, item.place),
            Some(item) => Setting::Default(false, item.place),
            None => self.flags.bool("anonymous-auth", true),
        }
    }

    /// Whether tokens out of Secrets are looked up, so that deleted ones are refused. Default true. Requested tokens always are.
    #[must_use]
    pub fn service_account_lookup(&self) -> Setting<bool> {
        self.flags.bool("service-account-lookup", true)
    }

    /// Whether bootstrap tokens log in. Default false.
    #[must_use]
    pub fn bootstrap_tokens(&self) -> Setting<bool> {
        self.flags.bool("enable-bootstrap-token-auth", false)
    }

    /// The names that a front proxy's certificate may have. Empty means any certificate of that CA.
    #[must_use]
    pub fn requestheader_allowed_names(&self) -> Setting<Vec<Item>> {
        self.flags.list("requestheader-allowed-names", "")
    }

    /// The etcd servers, each a url.
    #[must_use]
    pub fn etcd_servers(&self) -> Setting<Vec<Item>> {
        self.flags.list("etcd-servers", "")
    }

    /// The urls of `--etcd-servers-overrides`: `group/resource#url;url`, for single resources.
    #[must_use]
    pub fn etcd_overrides(&self) -> Setting<Vec<Item>> {
        self.flags.list("etcd-servers-overrides", "").map(|items| {
            let urls = items.into_iter().flat_map(|item| {
                let urls = item.text.split_once('#').map_or("", |(_, urls)| urls);
                let place = item.place;
                urls.split(';')
                    .filter(|url| !url.is_empty())
                    .map(|url| Item {
                        text: url.to_owned(),
                        place,
                    })
                    .collect::<Vec<_>>()
            });
            urls.collect()
        })
    }

    /// The suites of `--tls-cipher-suites`; empty means Go's own.
    #[must_use]
    pub fn cipher_suites(&self) -> Setting<Vec<Item>> {
        self.flags.list("tls-cipher-suites", "")
    }

    /// The plugins switched on beside the default ones.
    #[must_use]
    pub fn enabled_plugins(&self) -> Setting<Vec<Item>> {
        self.flags.list("enable-admission-plugins", "")
    }

    /// The plugins switched off.
    #[must_use]
    pub fn disabled_plugins(&self) -> Setting<Vec<Item>> {
        self.flags.list("disable-admission-plugins", "")
    }

    /// Whether `--encryption-provider-config` is read again while the server runs. Default false.
    #[must_use]
    pub fn encryption_reload(&self) -> Setting<bool> {
        self.flags
            .bool("encryption-provider-config-automatic-reload", false)
    }

    /// Whether the feature gate KMSv1 is on: set, or on by release (on in 1.28, off from 1.29, absent before). `None` where a
    /// variable decides, or where neither the flag nor the release tells.
    #[must_use]
    pub fn kms_v1(&self, release: Option<Release>) -> Option<bool> {
        match self.flags.feature_gate("KMSv1") {
            Some(setting) => setting.value().copied(),
            None if !self.flags.unknown.is_empty() => None,
            None => release.map(|release| release < Release(1, 29, 0)),
        }
    }

    /// Whether events are written down: a policy, and a log or a webhook to write to.
    #[must_use]
    pub fn audits(&self) -> Setting<bool> {
        let policy = self.text("audit-policy-file");
        let log = self.text("audit-log-path");
        let webhook = self.text("audit-webhook-config-file");
        if policy.is_empty() {
            return policy.map(|_| false);
        }
        if log.is_empty() && webhook.is_empty() {
            return log.map(|_| false);
        }
        match (policy, log, webhook) {
            (Setting::Unknown(place, reason), ..) => Setting::Unknown(place, reason),
            (_, log @ Setting::Set(..), _) if !log.is_empty() => log.map(|_| true),
            (_, log, webhook) => {
                let sink = if log.is_empty() { webhook } else { log };
                sink.map(|_| true)
            }
        }
    }

    /// How events are written to the log: `blocking` (default), `blocking-strict` or `batch`.
    #[must_use]
    pub fn audit_log_mode(&self) -> Setting<String> {
        self.flags.text("audit-log-mode", "blocking")
    }

    /// How events are sent to the webhook: `batch` is the default.
    #[must_use]
    pub fn audit_webhook_mode(&self) -> Setting<String> {
        self.flags.text("audit-webhook-mode", "batch")
    }
}
