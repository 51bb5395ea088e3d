//! The TLS key stores of daemons and clients.

use super::places::Places;
use super::roles::Role;
use crate::certificates::{Authority, OPENSSL, Wish};
use crate::packages::Need;
use crate::{Result, command};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const KEYTOOL: Need = Need {
    program: "keytool",
    package: "openjdk-17-jre-headless",
};
const LIMIT: Duration = Duration::from_secs(120);

/// Makes an authority, a certificate for this machine and the two stores of all daemons. Returns the authority's
/// certificate, which clients outside Java trust.
pub(super) fn make(places: &Places, password: &str) -> Result<PathBuf> {
    let tls = places.tls();
    let authority = Authority::root(&tls, "lab-authority")?;
    let names: Vec<String> = Role::ALL
        .into_iter()
        .map(|role| format!("DNS:{}", role.host()))
        .collect();
    let wish = Wish {
        names: &names.join(","),
        ..Wish::SERVER
    };
    let server = authority.issue("server", &wish)?;
    let password = format!("pass:{password}");

    let mut key_store = Command::new(OPENSSL.path()?);
    key_store
        .args([
            "pkcs12", "-export", "-name", "server", "-passout", &password,
        ])
        .arg("-in")
        .arg(&server.certificate)
        .arg("-inkey")
        .arg(&server.key)
        .arg("-certfile")
        .arg(&authority.identity.certificate)
        .arg("-out")
        .arg(tls.join("keystore.p12"));
    command::must("key store", &key_store, LIMIT)?;

    // Java takes a certificate for trusted only if its own tool says so.
    let mut trust_store = Command::new(KEYTOOL.path()?);
    trust_store
        .args(["-importcert", "-noprompt", "-alias", "authority"])
        .args(["-storetype", "PKCS12", "-storepass"])
        .arg(password.trim_start_matches("pass:"))
        .arg("-file")
        .arg(&authority.identity.certificate)
        .arg("-keystore")
        .arg(tls.join("truststore.p12"));
    command::must("trust store", &trust_store, LIMIT)?;
    Ok(authority.identity.certificate)
}
