//! The files of a profile, as an administrator of a standalone cluster keeps them: `conf/spark-defaults.conf`,
//! `conf/spark-env.sh` and a script that starts the services.

use crate::certificates::{Authority, Wish};
use crate::command;
use crate::packages::JAVA_COMPILER;
use crate::recipe::Request;
use crate::{LabError, Result, ports};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Ports of a deployment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) master: u16,
    pub(super) master_ui: u16,
    pub(super) rest: u16,
    pub(super) worker: u16,
    pub(super) worker_ui: u16,
    pub(super) driver: u16,
    pub(super) ui: u16,
    pub(super) history: u16,
    pub(super) connect: u16,
}

impl Ports {
    pub(super) fn free() -> Result<Ports> {
        Ok(Ports {
            master: ports::free()?,
            master_ui: ports::free()?,
            rest: ports::free()?,
            worker: ports::free()?,
            worker_ui: ports::free()?,
            driver: ports::free()?,
            ui: ports::free()?,
            history: ports::free()?,
            connect: ports::free()?,
        })
    }
}

/// Passwords and secrets of the lab: made up, the same in every run, protecting nothing.
const PASSWORD: &str = "lab-dummy-store-password";
const SECRET: &str = "lab-dummy-rpc-secret-not-for-real-data-0123456789";
/// A secret-like value that is planted under a name which the default redaction pattern of every release misses.
pub(super) const PLANTED: (&str, &str) = (
    "spark.hadoop.fs.s3a.encryption.key",
    "lab-dummy-planted-encryption-value",
);

/// Where the files of a deployment are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Result<Layout> {
        let layout = Layout {
            root: root.to_owned(),
        };
        for dir in [
            layout.conf(),
            layout.logs(),
            layout.events(),
            layout.local(),
            layout.work(),
        ] {
            fs::create_dir_all(&dir).map_err(|error| LabError::at(&dir, error))?;
        }
        Ok(layout)
    }

    /// The deployment's directory.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// `SPARK_CONF_DIR`.
    pub(super) fn conf(&self) -> PathBuf {
        self.root.join("conf")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The directory of event logs.
    pub(super) fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// `spark.local.dir`: shuffle and spill files.
    pub(super) fn local(&self) -> PathBuf {
        self.root.join("local")
    }

    /// The Worker's directory.
    pub(super) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }
}

/// Writes the files of a profile.
pub(super) fn write(home: &Path, layout: &Layout, request: &Request, ports: &Ports) -> Result<()> {
    let mut settings = base(layout, ports);
    settings.extend(profile(&request.profile));
    if request.profile.starts_with("rpc-tls") {
        let stores = Stores::make(&layout.tls())?;
        settings.extend(stores.settings(request.profile != "rpc-tls-no-trust-store"));
    }
    for setting in &request.overrides {
        let (key, value) = setting.split_once('=').ok_or_else(|| {
            LabError::failed(format!("setting `{setting}`"), "write it as KEY=VALUE")
        })?;
        settings.insert(key.to_owned(), value.to_owned());
    }
    let mut text = String::new();
    for (key, value) in &settings {
        let _ = writeln!(text, "{key:<48} {value}");
    }
    let defaults = layout.conf().join("spark-defaults.conf");
    put(&defaults, &text)?;
    let environment = format!(
        "export SPARK_HOME={}\nexport SPARK_MASTER_PORT={}\nexport SPARK_WORKER_PORT={}\n",
        home.display(),
        ports.master,
        ports.worker
    );
    put(&layout.conf().join("spark-env.sh"), &environment)?;
    put(&layout.conf().join("start-services.sh"), &services(request))
}

/// What an administrator runs to start it all. The lab starts the same classes itself, to hold their processes.
fn services(request: &Request) -> String {
    let mut script = "#!/bin/sh\nset -e\n".to_owned();
    let mut scripts = vec![
        "start-master.sh",
        "start-worker.sh",
        "start-history-server.sh",
    ];
    if super::has_connect(&request.release) {
        scripts.push("start-connect-server.sh");
    }
    for name in scripts {
        let _ = writeln!(script, "\"$SPARK_HOME\"/sbin/{name}");
    }
    script
}

/// What every profile has.
fn base(layout: &Layout, ports: &Ports) -> BTreeMap<String, String> {
    let events = format!("file://{}", layout.events().display());
    BTreeMap::from(
        [
            (
                "spark.master",
                format!("spark://localhost:{}", ports.master),
            ),
            ("spark.driver.port", ports.driver.to_string()),
            ("spark.ui.port", ports.ui.to_string()),
            ("spark.local.dir", layout.local().display().to_string()),
            ("spark.eventLog.enabled", "true".to_owned()),
            ("spark.eventLog.dir", events.clone()),
            ("spark.history.fs.logDirectory", events),
            ("spark.history.ui.port", ports.history.to_string()),
            ("spark.history.fs.update.interval", "1s".to_owned()),
            ("spark.master.rest.port", ports.rest.to_string()),
            ("spark.connect.grpc.binding.port", ports.connect.to_string()),
            (PLANTED.0, PLANTED.1.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    )
}

fn profile(name: &str) -> Vec<(String, String)> {
    let authenticate = [
        ("spark.authenticate", "true"),
        ("spark.authenticate.secret", SECRET),
        // With the secret in the configuration, releases up to 4.1.1 do not start while REST is on.
        ("spark.master.rest.enabled", "false"),
    ];
    let own: &[(&str, &str)] = match name {
        "sasl" => &[("spark.authenticate.enableSaslEncryption", "true")],
        "aes-ctr-fallback" => &[
            ("spark.network.crypto.enabled", "true"),
            ("spark.io.encryption.enabled", "true"),
        ],
        "hardened" => &[
            ("spark.network.crypto.enabled", "true"),
            ("spark.network.crypto.cipher", "AES/GCM/NoPadding"),
            ("spark.network.crypto.authEngineVersion", "2"),
            ("spark.network.crypto.saslFallback", "false"),
            ("spark.io.encryption.enabled", "true"),
            ("spark.io.encryption.keySizeBits", "256"),
            (
                "spark.redaction.regex",
                "(?i)secret|password|passwd|passphrase|pwd|token|access[.]?key|credential|account[.]key|private[.]key|encryption[.]key|api[.]?key",
            ),
            (
                "spark.connect.authenticate.token",
                "lab-dummy-connect-token",
            ),
        ],
        "rpc-tls" | "rpc-tls-no-trust-store" => &[
            ("spark.ssl.rpc.enabled", "true"),
            ("spark.io.encryption.enabled", "true"),
        ],
        _ => return Vec::new(),
    };
    authenticate
        .iter()
        .chain(own)
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// Java key stores of a deployment.
struct Stores {
    keys: PathBuf,
    trust: PathBuf,
}

impl Stores {
    fn make(dir: &Path) -> Result<Stores> {
        let authority = Authority::root(dir, "wardline-lab-root")?;
        let identity = authority.issue("spark", &Wish::SERVER)?;
        let stores = Stores {
            keys: dir.join("keystore.p12"),
            trust: dir.join("truststore.p12"),
        };
        let password = format!("pass:{PASSWORD}");
        let mut keys = Command::new(crate::certificates::OPENSSL.path()?);
        keys.args([
            "pkcs12", "-export", "-name", "spark", "-passout", &password, "-in",
        ])
        .arg(&identity.certificate)
        .arg("-inkey")
        .arg(&identity.key)
        .arg("-out")
        .arg(&stores.keys);
        command::must("key store", &keys, Duration::from_secs(30))?;
        // Only keytool marks a certificate as trusted in a way that Java reads.
        let mut trust = Command::new(JAVA_COMPILER.path()?.with_file_name("keytool"));
        trust
            .args([
                "-importcert",
                "-noprompt",
                "-alias",
                "root",
                "-storetype",
                "PKCS12",
            ])
            .args(["-storepass", PASSWORD, "-file"])
            .arg(&authority.identity.certificate)
            .arg("-keystore")
            .arg(&stores.trust);
        command::must("trust store", &trust, Duration::from_secs(60))?;
        Ok(stores)
    }

    fn settings(&self, with_trust: bool) -> Vec<(String, String)> {
        let mut settings = vec![
            ("spark.ssl.rpc.keyStore", self.keys.display().to_string()),
            ("spark.ssl.rpc.keyStoreType", "PKCS12".to_owned()),
            ("spark.ssl.rpc.keyStorePassword", PASSWORD.to_owned()),
            ("spark.ssl.rpc.keyPassword", PASSWORD.to_owned()),
        ];
        if with_trust {
            settings.extend([
                ("spark.ssl.rpc.trustStore", self.trust.display().to_string()),
                ("spark.ssl.rpc.trustStoreType", "PKCS12".to_owned()),
                ("spark.ssl.rpc.trustStorePassword", PASSWORD.to_owned()),
            ]);
        }
        settings
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}

/// Writes a file that only its owner reads: it may hold the secret.
fn put(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| LabError::at(path, error))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        .map_err(|error| LabError::at(path, error))
}
