//! Certificates of the lab: throw-away authorities and what they sign, by the `openssl` program.

use crate::packages::Need;
use crate::{LabError, Result, command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The program that makes them.
pub const OPENSSL: Need = Need {
    program: "openssl",
    package: "openssl",
};
const LIMIT: Duration = Duration::from_secs(30);

/// A certificate with its private key, both PEM.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What a certificate is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The subject, as `/O=system:masters/CN=admin`.
    pub subject: &'a str,
    /// The alternative names, as `IP:127.0.0.1,DNS:localhost`; empty for a client.
    pub names: &'a str,
    /// The extended key usage: `serverAuth`, `clientAuth` or both.
    pub usage: &'a str,
    /// First and last moment of validity as `YYYYMMDDHHMMSSZ`; `None` is from now for ten years.
    pub validity: Option<(&'a str, &'a str)>,
}

impl Wish<'_> {
    /// A server on this machine, by its address and by `localhost`.
    pub const SERVER: Wish<'static> = Wish {
        subject: "/CN=localhost",
        names: "IP:127.0.0.1,DNS:localhost",
        usage: "serverAuth",
        validity: None,
    };
}

/// The kind of key of an authority and of all that it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// RSA of 2048 bits, which old TLS versions and every key store take.
    Rsa,
    /// The elliptic curve P-256, made in a tenth of the time.
    P256,
}

/// A certificate authority of its own for one deployment.
#[derive(Clone, Debug)]
pub struct Authority {
    dir: PathBuf,
    name: String,
    keys: Keys,
    /// Its own certificate and key.
    pub identity: Identity,
}

impl Authority {
    /// Makes a root authority with RSA keys in a directory.
    ///
    /// # Errors
    ///
    /// When `openssl` is missing or fails.
    pub fn root(dir: &Path, name: &str) -> Result<Authority> {
        Authority::root_with(Keys::Rsa, dir, name)
    }

    /// Makes a root authority with keys of a kind in a directory.
    ///
    /// # Errors
    ///
    /// When `openssl` is missing or fails.
    pub fn root_with(keys: Keys, dir: &Path, name: &str) -> Result<Authority> {
        let identity = files(dir, name)?;
        let mut command = new_key(keys, &identity, &format!("/CN={name}"))?;
        command
            .args(["-x509", "-days", "3650", "-out"])
            .arg(&identity.certificate)
            .args(["-addext", "basicConstraints=critical,CA:TRUE"])
            .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"]);
        command::must("certificate authority", &command, LIMIT)?;
        Ok(Authority {
            dir: dir.to_owned(),
            name: name.to_owned(),
            keys,
            identity,
        })
    }

    /// Makes an authority that this one vouches for.
    ///
    /// # Errors
    ///
    /// When `openssl` fails.
    pub fn intermediate(&self, name: &str) -> Result<Authority> {
        let identity = files(&self.dir, name)?;
        let extensions =
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
        self.sign(&identity, &format!("/CN={name}"), extensions, None)?;
        Ok(Authority {
            dir: self.dir.clone(),
            name: name.to_owned(),
            keys: self.keys,
            identity,
        })
    }

    /// Makes a certificate for a server or a client.
    ///
    /// # Errors
    ///
    /// When `openssl` fails.
    pub fn issue(&self, name: &str, wish: &Wish<'_>) -> Result<Identity> {
        let identity = files(&self.dir, name)?;
        let mut extensions = format!(
            "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage={}\n",
            wish.usage
        );
        if !wish.names.is_empty() {
            extensions += &format!("subjectAltName={}\n", wish.names);
        }
        self.sign(&identity, wish.subject, &extensions, wish.validity)?;
        Ok(identity)
    }

    /// `openssl ca` is the one form that signs for a period in the past.
    fn sign(
        &self,
        identity: &Identity,
        subject: &str,
        extensions: &str,
        validity: Option<(&str, &str)>,
    ) -> Result<()> {
        let request = identity.certificate.with_extension("csr");
        let mut command = new_key(self.keys, identity, subject)?;
        command.arg("-out").arg(&request);
        command::must("certificate request", &command, LIMIT)?;

        let desk = self.dir.join(format!("{}.desk", self.name));
        fs::create_dir_all(&desk).map_err(|error| LabError::at(&desk, error))?;
        let settings = desk.join("ca.cnf");
        let text = format!(
            "[ca]\ndefault_ca=desk\n[desk]\ndatabase={0}/index.txt\nnew_certs_dir={0}\nrand_serial=yes\nunique_subject=no\n\
             default_md=sha256\ndefault_days=3650\npolicy=any\n[any]\ncommonName=supplied\norganizationName=optional\n\
             [extensions]\n{extensions}",
            desk.display()
        );
        let index = desk.join("index.txt");
        if !index.exists() {
            fs::write(&index, "").map_err(|error| LabError::at(&index, error))?;
        }
        fs::write(&settings, text).map_err(|error| LabError::at(&settings, error))?;
        let mut command = Command::new(OPENSSL.path()?);
        command
            .args([
                "ca",
                "-batch",
                "-notext",
                "-extensions",
                "extensions",
                "-config",
            ])
            .arg(&settings)
            .arg("-cert")
            .arg(&self.identity.certificate)
            .arg("-keyfile")
            .arg(&self.identity.key)
            .arg("-in")
            .arg(&request)
            .arg("-out")
            .arg(&identity.certificate);
        if let Some((from, to)) = validity {
            command.args(["-startdate", from, "-enddate", to]);
        }
        command::must("signing a certificate", &command, LIMIT).map(drop)
    }
}

/// A certificate that vouches for itself.
///
/// # Errors
///
/// When `openssl` is missing or fails.
pub fn self_signed(dir: &Path, name: &str) -> Result<Identity> {
    let identity = files(dir, name)?;
    let mut command = new_key(Keys::Rsa, &identity, Wish::SERVER.subject)?;
    command
        .args(["-x509", "-days", "3650", "-out"])
        .arg(&identity.certificate)
        .args(["-addext", &format!("subjectAltName={}", Wish::SERVER.names)]);
    command::must("self-signed certificate", &command, LIMIT)?;
    Ok(identity)
}

/// Several PEM files one after the other, as a server's chain file wants them.
///
/// # Errors
///
/// When a file can't be read or written.
pub fn join(into: &Path, parts: &[&Path]) -> Result<()> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(fs::read(part).map_err(|error| LabError::at(part, error))?);
    }
    fs::write(into, all).map_err(|error| LabError::at(into, error))
}

fn files(dir: &Path, name: &str) -> Result<Identity> {
    fs::create_dir_all(dir).map_err(|error| LabError::at(dir, error))?;
    Ok(Identity {
        certificate: dir.join(format!("{name}.pem")),
        key: dir.join(format!("{name}.key")),
    })
}

/// `openssl req` for a new key.
fn new_key(keys: Keys, identity: &Identity, subject: &str) -> Result<Command> {
    let mut command = Command::new(OPENSSL.path()?);
    command.args(["req", "-nodes", "-subj", subject, "-keyout"]);
    command.arg(&identity.key);
    match keys {
        Keys::Rsa => command.args(["-newkey", "rsa:2048"]),
        Keys::P256 => command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    };
    Ok(command)
}
