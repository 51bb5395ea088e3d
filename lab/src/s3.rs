//! A second dialect of S3 beside Ceph's: MinIO, one process with one directory.

use crate::cache::Cache;
use crate::certificates::{Authority, OPENSSL, Wish};
use crate::object_store::{self, HOST, KeyPlace, Keys, S3aClient, Store, Way};
use crate::packages::CURL;
use crate::process::Process;
use crate::recipe::{Capture, Live, Profile, Recipe, Request};
use crate::truth::{Answer, Question};
use crate::versions::{MINIO, MINIO_MODULE};
use crate::workdir::WorkDir;
use crate::{Deployment, Endpoint, LabError, Result, go, ports, wait};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// MinIO.
pub const RECIPE: Recipe = Recipe {
    service: "s3",
    releases: &[MINIO],
    profiles: &[
        Profile {
            name: "http",
            what: "started as the quick start says: plain HTTP, the published default password",
            only: &[],
        },
        Profile {
            name: "https",
            what: "a certificate in its directory, and so HTTPS alone; a password of its own",
            only: &[],
        },
    ],
    needs: &[go::GO, OPENSSL, CURL],
    prepare: |cache, _| program(cache).map(drop),
    up: |cache, request| Ok(Box::new(MinIo::start(cache, request)?)),
};

/// A running MinIO.
#[derive(Debug)]
pub struct MinIo {
    deployment: Deployment,
    store: Store,
    client: S3aClient,
}

const DEFAULT_PASSWORD: Question = Question {
    id: "default-password",
    asks: "does the password that MinIO publishes as default open it?",
    causes: &["secrets/known-sample#default-password"],
};

/// What MinIO takes where nothing is set (cmd/common-main.go).
const DEFAULT: Keys = Keys {
    access: "minioadmin",
    secret: "minioadmin",
};
const OWN: Keys = Keys {
    access: "lab-owner",
    secret: "wJ7-lab-only-3f0c6d2e9a41b85c",
};
const READY: Duration = Duration::from_secs(120);

fn program(cache: &Cache) -> Result<PathBuf> {
    let package = "github.com/minio/minio";
    let recipe = format!("{package} {MINIO_MODULE}");
    let place = cache.artefact(MINIO, &recipe, |into| {
        go::build(into, package, MINIO_MODULE, "minio").map(drop)
    })?;
    Ok(place.join("minio"))
}

impl MinIo {
    fn start(cache: &Cache, request: &Request) -> Result<MinIo> {
        let program = program(cache)?;
        let begun = Instant::now();
        let dir = WorkDir::new(RECIPE.service)?;
        let [conf, certificates, data, scratch] =
            ["conf", "certificates", "data", "scratch"].map(|name| dir.path().join(name));
        for folder in [&conf, &certificates, &data, &scratch] {
            fs::create_dir_all(folder).map_err(|error| LabError::at(folder, error))?;
        }
        let is_https = request.profile == "https";
        let port = ports::free()?;
        let authority = Authority::root(&dir.path().join("authority"), "wardline-lab")?;
        if is_https {
            install_certificate(&authority, &certificates)?;
        }
        let store = Store {
            // With a certificate the same port speaks TLS, and what it says to plain HTTP is worth knowing.
            http: Some(port),
            https: is_https.then_some(port),
            authority: authority.identity.certificate.clone(),
            scratch,
            owner: if is_https { OWN } else { DEFAULT },
        };
        let environment = conf.join("minio.env");
        let text = environment_file(&store, &data, port, request);
        fs::write(&environment, text).map_err(|error| LabError::at(&environment, error))?;

        let mut server = Command::new(program);
        // It listens on ::1 too, by itself.
        server
            .args(["server", "--quiet", "--address"])
            .arg(format!("127.0.0.1:{port}"))
            .arg("--certs-dir")
            .arg(&certificates)
            .arg(&data)
            .env("MINIO_CONFIG_ENV_FILE", &environment)
            // No console on a port of its own, no question to the vendor about updates.
            .env("MINIO_BROWSER", "off")
            .env("MINIO_UPDATE", "off")
            .env("HOME", dir.path());
        let mut process = Process::start("MinIO", &server, &dir.path().join("minio.log"))?;
        wait::until(&mut process, READY, || {
            // Its health page says ready before it knows its own users.
            let buckets = store.request(store.best(), "").signed(store.owner);
            buckets.send().is_ok_and(|reply| reply.is_served())
        })?;
        object_store::fill(&store, &conf)?;
        let client = if is_https {
            S3aClient {
                way: Way::Https,
                key: KeyPlace::Environment,
            }
        } else {
            S3aClient {
                way: Way::Http,
                key: KeyPlace::SparkDefaults,
            }
        };
        client.write(&store, &conf)?;
        Ok(MinIo {
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints: vec![Endpoint::port("MinIO", port)],
                configuration: conf,
                took: begun.elapsed(),
                processes: vec![process],
                dir,
            },
            store,
            client,
        })
    }
}

impl Live for MinIo {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        let mut answers =
            object_store::ask(&self.store, self.client, &self.deployment.configuration)?;
        let reply = self
            .store
            .request(self.store.best(), "")
            .signed(DEFAULT)
            .send()?;
        answers.push(DEFAULT_PASSWORD.answered(reply.is_served(), reply.shown()));
        Ok(answers)
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        object_store::captures(&self.store)
    }
}

/// MinIO serves HTTPS where these two files are in its directory, and HTTP where they are not.
fn install_certificate(authority: &Authority, into: &Path) -> Result<()> {
    let names = format!("IP:127.0.0.1,DNS:localhost,DNS:{HOST}");
    let identity = authority.issue(
        "server",
        &Wish {
            names: &names,
            ..Wish::SERVER
        },
    )?;
    for (from, name) in [
        (&identity.certificate, "public.crt"),
        (&identity.key, "private.key"),
    ] {
        let file = into.join(name);
        fs::copy(from, &file).map_err(|error| LabError::at(&file, error))?;
    }
    Ok(())
}

/// The file that the service manager and MinIO itself read: `/etc/default/minio` of an installation.
fn environment_file(store: &Store, data: &Path, port: u16, request: &Request) -> String {
    let mut text = format!(
        "MINIO_VOLUMES={}\nMINIO_OPTS=\"--address 127.0.0.1:{port}\"\n",
        data.display()
    );
    if store.owner != DEFAULT {
        let Keys { access, secret } = store.owner;
        let _ = write!(
            text,
            "MINIO_ROOT_USER={access}\nMINIO_ROOT_PASSWORD={secret}\n"
        );
    }
    for setting in &request.overrides {
        let _ = writeln!(text, "{setting}");
    }
    text
}
