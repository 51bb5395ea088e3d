//! A Kerberos realm for one deployment: an MIT key distribution centre with principals that die with it.

mod settings;

use crate::packages::Need;
use crate::process::Process;
use crate::{LabError, Result, command, ports, secrets, wait};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The realm's name.
pub const REALM: &str = "LAB.TEST";
/// The domain whose hosts belong to it.
pub const DOMAIN: &str = "lab.test";
/// The programs it is made of.
pub const NEEDS: [Need; 4] = [
    KDC,
    Need {
        program: "kdb5_util",
        package: "krb5-kdc",
    },
    ADMIN,
    KINIT,
];
const KDC: Need = Need {
    program: "krb5kdc",
    package: "krb5-kdc",
};
const ADMIN: Need = Need {
    program: "kadmin.local",
    package: "krb5-admin-server",
};
const KINIT: Need = Need {
    program: "kinit",
    package: "krb5-user",
};
const LIMIT: Duration = Duration::from_secs(120);

/// Which encryption types the realm uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncryptionTypes {
    /// AES alone.
    Aes,
    /// AES first, RC4 for those who ask for it.
    AesAndRc4,
}

/// Who gets a keytab: its name, and the principals in it without the realm.
pub type Keytab<'a> = (&'a str, &'a [&'a str]);

/// A realm with its database and keytabs, and the files that its administrator keeps.
#[derive(Clone, Debug)]
pub struct Realm {
    port: u16,
    krb5_conf: PathBuf,
    kdc_conf: PathBuf,
    keytabs: PathBuf,
    caches: PathBuf,
    log: PathBuf,
}

impl Realm {
    /// Writes `krb5.conf` and `kdc.conf` into `configuration` and makes the database and the keytabs below `dir`.
    ///
    /// # Errors
    ///
    /// When a program of Kerberos is missing or fails.
    pub fn create(
        dir: &Path,
        configuration: &Path,
        types: EncryptionTypes,
        keytabs: &[Keytab<'_>],
    ) -> Result<Realm> {
        let realm = Realm {
            port: ports::free()?,
            krb5_conf: configuration.join("krb5.conf"),
            kdc_conf: configuration.join("kdc.conf"),
            keytabs: dir.join("keytabs"),
            caches: dir.join("tickets"),
            log: dir.join("logs/krb5kdc.log"),
        };
        let data = dir.join("data/kdc");
        for made in [
            configuration,
            &data,
            &realm.keytabs,
            &realm.caches,
            &dir.join("logs"),
        ] {
            fs::create_dir_all(made).map_err(|error| LabError::at(made, error))?;
        }
        write(
            &realm.krb5_conf,
            &settings::of_clients(types, realm.port, &realm.log),
        )?;
        write(
            &realm.kdc_conf,
            &settings::of_centre(types, realm.port, &data),
        )?;

        let mut database = realm.program("kdb5_util")?;
        database
            .args(["create", "-s", "-r", REALM, "-P"])
            .arg(secrets::made_up()?);
        command::must("database of the realm", &database, LIMIT)?;
        realm.register(dir, keytabs)
    }

    /// One run of the administrator's program for all principals: it reads what it is to do from its input.
    fn register(self, dir: &Path, keytabs: &[Keytab<'_>]) -> Result<Realm> {
        let mut principals: Vec<&str> = keytabs
            .iter()
            .flat_map(|(_, principals)| *principals)
            .copied()
            .collect();
        principals.sort_unstable();
        principals.dedup();
        let mut script = String::new();
        for principal in principals {
            let _ = writeln!(script, "addprinc -randkey {principal}");
        }
        for (name, principals) in keytabs {
            let keytab = self.keytab(name);
            // A principal in several keytabs keeps its one key.
            let _ = writeln!(
                script,
                "ktadd -norandkey -k {} {}",
                keytab.display(),
                principals.join(" ")
            );
        }
        let orders = dir.join("data/kdc/orders");
        write(&orders, &script)?;
        let mut admin = self.environment(Command::new("sh"));
        admin
            .args(["-c", "\"$0\" -r \"$1\" < \"$2\""])
            .arg(ADMIN.path()?)
            .arg(REALM)
            .arg(&orders);
        let said = command::must("principals of the realm", &admin, LIMIT)?;
        match keytabs.iter().find(|(name, _)| !self.keytab(name).exists()) {
            Some((name, _)) => Err(LabError::failed(format!("keytab {name}"), said)),
            None => Ok(self),
        }
    }

    /// Starts the key distribution centre and waits until it answers.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(&self) -> Result<Process> {
        let mut kdc = self.program("krb5kdc")?;
        kdc.args(["-n", "-r", REALM]);
        let mut process = Process::start("KDC", &kdc, &self.log.with_extension("out"))?;
        wait::for_port(&mut process, self.port, LIMIT)?;
        Ok(process)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The settings of clients.
    #[must_use]
    pub fn krb5_conf(&self) -> &Path {
        &self.krb5_conf
    }

    /// The keytab of that name.
    #[must_use]
    pub fn keytab(&self, name: &str) -> PathBuf {
        self.keytabs.join(format!("{name}.keytab"))
    }

    /// Logs in by a keytab of the same name. Returns the file of its tickets.
    ///
    /// # Errors
    ///
    /// When the realm refuses.
    pub fn log_in(&self, user: &str) -> Result<PathBuf> {
        let cache = self.caches.join(user);
        let mut kinit = self.program("kinit")?;
        kinit
            .arg("-c")
            .arg(&cache)
            .arg("-kt")
            .arg(self.keytab(user))
            .arg(user);
        command::must("kinit", &kinit, LIMIT)?;
        Ok(cache)
    }

    /// Logs in as a client that has RC4 before AES on its list. Returns the encryption types that the realm answered with,
    /// as its log names them: `etypes {rep=... tkt=... ses=...}`.
    ///
    /// # Errors
    ///
    /// When the realm refuses.
    pub fn log_in_preferring_rc4(&self, user: &str) -> Result<String> {
        let own_settings = self.caches.join("rc4.conf");
        let text = fs::read_to_string(&self.krb5_conf)
            .map_err(|error| LabError::at(&self.krb5_conf, error))?;
        write(&own_settings, &settings::preferring_rc4(&text))?;
        let mut kinit = self.program("kinit")?;
        kinit
            .arg("-c")
            .arg(self.caches.join("rc4"))
            .arg("-kt")
            .arg(self.keytab(user))
            .arg(user)
            .env("KRB5_CONFIG", &own_settings);
        command::must("kinit", &kinit, LIMIT)?;
        let log = fs::read_to_string(&self.log).map_err(|error| LabError::at(&self.log, error))?;
        log.lines()
            .rev()
            .find(|line| line.contains("AS_REQ") && line.contains("ISSUE"))
            .and_then(|line| line.split_once("etypes {rep="))
            .and_then(|(_, rest)| rest.split_once('}'))
            .map(|(types, _)| format!("etypes {{rep={types}}}"))
            .ok_or_else(|| LabError::failed("log of the realm", "it says nothing about the login"))
    }

    /// A program of Kerberos that works in this realm.
    ///
    /// # Errors
    ///
    /// When the program is missing.
    pub fn program(&self, name: &'static str) -> Result<Command> {
        let need = NEEDS.into_iter().find(|need| need.program == name);
        let need = need.unwrap_or(Need {
            program: name,
            package: "krb5-user",
        });
        Ok(self.environment(Command::new(need.path()?)))
    }

    /// Puts a program into this realm.
    #[must_use]
    pub fn environment(&self, mut command: Command) -> Command {
        command
            .env("KRB5_CONFIG", &self.krb5_conf)
            .env("KRB5_KDC_PROFILE", &self.kdc_conf);
        command
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).map_err(|error| LabError::at(file, error))
}
