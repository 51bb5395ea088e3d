//! TLS endpoints of every quality, served by OpenSSL.

mod clients;

use crate::cache::Cache;
use crate::certificates::{self, Authority, Identity, OPENSSL, Wish};
use crate::process::Process;
use crate::recipe::{Capture, Live, Profile, Recipe, Request};
use crate::truth::Answer;
use crate::workdir::WorkDir;
use crate::{Deployment, Endpoint, Result, ports, wait};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// TLS endpoints.
pub const RECIPE: Recipe = Recipe {
    service: "tls",
    releases: &["debian"],
    profiles: &[
        Profile {
            name: "good",
            what: "TLS 1.2 and 1.3 with forward secrecy, a whole chain",
            only: &[],
        },
        Profile {
            name: "old-versions",
            what: "TLS 1.0 and 1.1 are accepted too",
            only: &[],
        },
        Profile {
            name: "weak-ciphers",
            what: "TLS 1.2 without forward secrecy, without encryption",
            only: &[],
        },
        Profile {
            name: "incomplete-chain",
            what: "the certificate without its intermediate authority",
            only: &[],
        },
        Profile {
            name: "expired",
            what: "a certificate whose period is over",
            only: &[],
        },
        Profile {
            name: "self-signed",
            what: "a certificate that vouches for itself",
            only: &[],
        },
        Profile {
            name: "client-certificate",
            what: "clients without a certificate are refused",
            only: &[],
        },
    ],
    needs: &[OPENSSL],
    prepare: |_, _| Ok(()),
    up: |_: &Cache, request| Ok(Box::new(Endpoints::start(request)?)),
};

/// A running TLS endpoint with what its clients need.
#[derive(Debug)]
pub struct Endpoints {
    deployment: Deployment,
    port: u16,
    authority: PathBuf,
}

/// OpenSSL's name for letting old algorithms pass at all: security level 0.
const ANY_STRENGTH: &str = "@SECLEVEL=0";

impl Endpoints {
    fn start(request: &Request) -> Result<Endpoints> {
        let begun = Instant::now();
        let dir = WorkDir::new(RECIPE.service)?;
        let root = Authority::root(dir.path(), "wardline-lab-root")?;
        let port = ports::free()?;
        let server = server(&request.profile, dir.path(), &root, port)?;
        let log = dir.path().join("server.log");
        let mut process = Process::start("TLS server", &server, &log)?;
        wait::for_port(&mut process, port, Duration::from_secs(10))?;
        Ok(Endpoints {
            port,
            authority: root.identity.certificate,
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints: vec![Endpoint::port("TLS", port)],
                configuration: dir.path().to_owned(),
                took: begun.elapsed(),
                processes: vec![process],
                dir,
            },
        })
    }
}

impl Live for Endpoints {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        clients::ask(self.port, &self.authority)
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        clients::hello(self.port).map(|capture| vec![capture])
    }
}

/// The server of a profile.
fn server(profile: &str, dir: &Path, root: &Authority, port: u16) -> Result<Command> {
    let middle = root.intermediate("wardline-lab-intermediate")?;
    let identity = match profile {
        "self-signed" => certificates::self_signed(dir, "server")?,
        "expired" => middle.issue(
            "server",
            &Wish {
                validity: Some(("20200101000000Z", "20210101000000Z")),
                ..Wish::SERVER
            },
        )?,
        _ => middle.issue("server", &Wish::SERVER)?,
    };
    let chain = dir.join("chain.pem");
    let leaf = identity.certificate.as_path();
    match profile {
        "self-signed" | "incomplete-chain" => certificates::join(&chain, &[leaf])?,
        _ => certificates::join(&chain, &[leaf, &middle.identity.certificate])?,
    }
    let mut command = s_server(&identity, &chain, port)?;
    match profile {
        "old-versions" => {
            let ciphers = format!("ALL:{ANY_STRENGTH}");
            command.args(["-cipher", &ciphers, "-min_protocol", "TLSv1"])
        }
        "weak-ciphers" => {
            let ciphers = format!("AES128-SHA:NULL-SHA256:{ANY_STRENGTH}");
            command.args(["-tls1_2", "-cipher", &ciphers])
        }
        "client-certificate" => command
            .args(["-min_protocol", "TLSv1.2", "-cipher", "ECDHE+AESGCM"])
            .args(["-Verify", "3", "-verify_return_error", "-CAfile"])
            .arg(&root.identity.certificate),
        _ => command.args(["-min_protocol", "TLSv1.2", "-cipher", "ECDHE+AESGCM"]),
    };
    Ok(command)
}

/// OpenSSL's test server, which answers each request with its own status page.
fn s_server(identity: &Identity, chain: &Path, port: u16) -> Result<Command> {
    let mut command = Command::new(OPENSSL.path()?);
    command
        .args(["s_server", "-www", "-quiet", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("-cert")
        .arg(&identity.certificate)
        .arg("-key")
        .arg(&identity.key)
        .arg("-cert_chain")
        .arg(chain);
    Ok(command)
}
