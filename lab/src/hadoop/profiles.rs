//! The profiles: what each site sets on top of what every site sets.

use super::client::Login;
use super::places::Places;
use super::roles::{File, Role};
use super::site::Site;
use crate::kerberos::EncryptionTypes;
use crate::recipe::Profile;
use crate::{LabError, Result, ports};

/// The profiles, the careless one first.
pub(super) const PROFILES: &[Profile] = &[
    Profile {
        name: "open",
        what: "simple authentication, everything as it is shipped; a gateway may be anybody, block directories are open",
        only: &[],
    },
    Profile {
        name: "half",
        what: "Kerberos, but RPC may be in clear, blocks are under 3DES, consoles and WebHDFS believe names, KMS over http",
        only: &[],
    },
    Profile {
        name: "hardened",
        what: "privacy, AES, HTTPS only, SPNEGO, service authorization, KMS over TLS with lists",
        only: &[],
    },
    Profile {
        name: "suite-typo",
        what: "hardened, but for cipher.suite in place of cipher.suites",
        only: &[],
    },
    Profile {
        name: "privileged-port",
        what: "hardened, but for a DataNode on a port below 1024, where it skips SASL (needs root)",
        only: &[],
    },
    Profile {
        name: "testing-bypass",
        what: "hardened, but for ignore.secure.ports.for.testing in place of a protection of block transfer",
        only: &[],
    },
];

/// What stands behind a profile's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    Open,
    Half,
    Hardened,
}

impl Ground {
    pub(super) fn of(profile: &str) -> Ground {
        match profile {
            "open" => Ground::Open,
            "half" => Ground::Half,
            _ => Ground::Hardened,
        }
    }

    /// The profile that is nothing but this ground.
    pub(super) fn name(self) -> &'static str {
        match self {
            Ground::Open => "open",
            Ground::Half => "half",
            Ground::Hardened => "hardened",
        }
    }

    pub(super) fn has_kerberos(self) -> bool {
        self != Ground::Open
    }

    /// How clients say who they are.
    pub(super) fn login(self) -> Login {
        if self.has_kerberos() {
            Login::Keytab
        } else {
            Login::Claim
        }
    }

    pub(super) fn encryption_types(self) -> EncryptionTypes {
        match self {
            Ground::Hardened => EncryptionTypes::Aes,
            Ground::Open | Ground::Half => EncryptionTypes::AesAndRc4,
        }
    }
}

/// What a profile changes on its ground, in the words of `--set`.
pub(super) fn changes(profile: &str) -> Result<Vec<String>> {
    let suites = "hdfs:dfs.encrypt.data.transfer.cipher.suites=-".to_owned();
    Ok(match profile {
        "suite-typo" => vec![
            suites,
            "hdfs:dfs.encrypt.data.transfer.cipher.suite=AES/CTR/NoPadding".to_owned(),
        ],
        "privileged-port" => {
            if !rustix::process::geteuid().is_root() {
                return Err(LabError::Missing {
                    what: "the right to listen on a port below 1024".to_owned(),
                    install: "run as root".to_owned(),
                });
            }
            let port = ports::privileged()?;
            vec![format!(
                "hdfs:dfs.datanode.address={}:{port}",
                Role::DataNode.host()
            )]
        }
        "testing-bypass" => vec![
            suites,
            "hdfs:dfs.data.transfer.protection=-".to_owned(),
            "hdfs:ignore.secure.ports.for.testing=true".to_owned(),
        ],
        _ => Vec::new(),
    })
}

/// The site of a ground.
pub(super) fn site(ground: Ground, places: &Places, secrets: &Secrets) -> Site {
    let mut site = Site::default();
    super::everywhere::settings(&mut site, places, ground == Ground::Hardened);
    if ground.has_kerberos() {
        super::logins::settings(&mut site, places);
        super::tls_settings::settings(&mut site, places, secrets);
    }
    match ground {
        Ground::Open => open(&mut site),
        Ground::Half => half(&mut site),
        Ground::Hardened => super::hardened::settings(&mut site, places),
    }
    site
}

/// The passwords of one deployment.
#[derive(Clone, Debug)]
pub(super) struct Secrets {
    /// Of the TLS key stores.
    pub(super) tls: String,
}

fn open(site: &mut Site) {
    site.set_all(
        File::Core,
        &[
            ("hadoop.proxyuser.httpfs.hosts", "*"),
            ("hadoop.proxyuser.httpfs.groups", "*"),
        ],
    );
    site.set(File::Hdfs, "dfs.datanode.data.dir.perm", "755");
    open_keys(site);
}

fn half(site: &mut Site) {
    site.set_all(
        File::Core,
        &[
            ("hadoop.rpc.protection", "authentication,privacy"),
            ("hadoop.proxyuser.httpfs.hosts", "127.0.0.1"),
            ("hadoop.proxyuser.httpfs.groups", "*"),
        ],
    );
    site.set_for(
        Role::Client,
        File::Core,
        "ipc.client.fallback-to-simple-auth-allowed",
        "true",
    );
    site.set_all(
        File::Hdfs,
        &[
            ("dfs.block.access.token.enable", "true"),
            ("dfs.data.transfer.protection", "privacy"),
            ("dfs.http.policy", "HTTP_AND_HTTPS"),
        ],
    );
    // A secure DataNode on ordinary ports starts with no other policy.
    site.set_for(Role::DataNode, File::Hdfs, "dfs.http.policy", "HTTPS_ONLY");
    open_keys(site);
}

/// The lists of keys as the shipped kms-acls.xml has them. Without any, every operation on keys is refused.
fn open_keys(site: &mut Site) {
    for operation in ["MANAGEMENT", "GENERATE_EEK", "DECRYPT_EEK", "READ"] {
        let key = format!("default.key.acl.{operation}");
        site.set(File::KmsAcls, &key, "*");
    }
}
