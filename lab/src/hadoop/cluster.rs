//! One running cluster.

use super::artefacts::Artefacts;
use super::client::{self, Deed, Login};
use super::daemons::{Java, LIMIT};
use super::logins::KEYTABS;
use super::places::Places;
use super::profiles::{self, Ground, Secrets};
use super::request::Wishes;
use super::roles::Role;
use super::site::Site;
use super::web::Web;
use super::{KEYSTORE_PASSWORD, KEYSTORE_PASSWORD_KEY, RECIPE, addresses, key_stores, node_files};
use crate::cache::Cache;
use crate::kerberos::Realm;
use crate::process::Process;
use crate::recipe::{Capture, Live, Request};
use crate::truth::Answer;
use crate::workdir::WorkDir;
use crate::{Deployment, LabError, Result, secrets, wait};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// A cluster with what its clients need.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) deployment: Deployment,
    pub(super) ground: Ground,
    pub(super) site: Site,
    pub(super) java: Java,
    pub(super) realm: Option<Realm>,
    /// The authority whose certificates clients trust, where there is TLS.
    pub(super) authority: Option<PathBuf>,
}

impl Cluster {
    pub(super) fn start(cache: &Cache, request: &Request) -> Result<Cluster> {
        let wishes = Wishes::parse(&request.overrides)?;
        let artefacts = Artefacts::of(cache, &request.release)?;
        let begun = Instant::now();
        let dir = WorkDir::new(RECIPE.service)?;
        let places = Places::new(dir.path())?;
        let ground = Ground::of(&request.profile);
        let secrets = Secrets {
            tls: secrets::made_up()?,
        };
        let mut site = profiles::site(ground, &places, &secrets);
        let changes = profiles::changes(&request.profile)?;
        for change in changes.iter().chain(&wishes.settings) {
            site.apply(change)?;
        }
        let java = Java {
            krb5_conf: ground
                .has_kerberos()
                .then(|| places.configuration().join("krb5.conf")),
            artefacts,
            places,
        };
        write(&java, &site, &wishes.more)?;
        let (realm, authority) = if ground.has_kerberos() {
            let (realm, authority) = trust(&java.places, ground, &secrets)?;
            (Some(realm), Some(authority))
        } else {
            (None, None)
        };
        let processes = start_daemons(&java, &site, realm.as_ref(), &wishes.more)?;
        fill(&java, ground.login(), wishes.files)?;
        Ok(Cluster {
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints: addresses::endpoints(&site, &wishes.more),
                configuration: java.places.configuration(),
                took: begun.elapsed(),
                processes,
                dir,
            },
            ground,
            site,
            java,
            realm,
            authority,
        })
    }

    /// Sends web requests as this site's users do.
    pub(super) fn web(&self) -> Web {
        Web {
            authority: self.authority.clone(),
            realm: self.realm.clone(),
        }
    }
}

/// Starts everything side by side, as far as it can be, and waits until it is ready.
fn start_daemons(
    java: &Java,
    site: &Site,
    realm: Option<&Realm>,
    more: &[Role],
) -> Result<Vec<Process>> {
    let mut processes = Vec::new();
    if let Some(realm) = realm {
        processes.push(realm.start()?);
    }
    let mut journal = java.start(Role::JournalNode)?;
    let kms = java.start(Role::Kms)?;
    // The NameNode formats the journal, so the JournalNode has to be there first.
    wait::for_port(&mut journal, site.port(Role::JournalNode)?, LIMIT)?;
    let namenode = java.start(Role::NameNode)?;
    let datanode = java.start(Role::DataNode)?;
    let mut awaited = vec![
        (Role::Kms, kms),
        (Role::NameNode, namenode),
        (Role::DataNode, datanode),
    ];
    for role in more {
        awaited.push((*role, java.start(*role)?));
    }
    for (role, process) in &mut awaited {
        wait::for_port(process, site.port(*role)?, LIMIT)?;
        if *role == Role::DataNode {
            let log = process.log().to_owned();
            wait::until(process, LIMIT, || {
                fs::read_to_string(&log)
                    .is_ok_and(|text| text.contains("successfully registered with NN"))
            })?;
        }
    }
    processes.push(journal);
    processes.extend(awaited.into_iter().map(|(_, process)| process));
    Ok(processes)
}

fn fill(java: &Java, login: Login, files: u32) -> Result<()> {
    let mut deeds = vec![
        Deed::new("key", "keyadmin", "fill", "key"),
        Deed::new("directories", "hdfs", "fill", "directories"),
        Deed::new("files", "alice", "fill", "files"),
    ];
    if files > 0 {
        deeds.push(Deed::new("more files", "alice", "fill", &files.to_string()));
        deeds.push(Deed::new("image", "hdfs", "fill", "image"));
    }
    client::attempt(java, login, &deeds)?.must().map(drop)
}

/// Writes the directory of each role.
fn write(java: &Java, site: &Site, more: &[Role]) -> Result<()> {
    let places = &java.places;
    for made in [places.logs(), places.secret(""), places.data("httpfs")] {
        fs::create_dir_all(&made).map_err(|error| LabError::at(&made, error))?;
    }
    let asked_for =
        |role: &Role| !matches!(role, Role::HttpFs | Role::ResourceManager) || more.contains(role);
    for role in Role::ALL.into_iter().filter(asked_for) {
        let directory = places.configuration().join(role.directory());
        site.write(role, &directory)?;
        node_files::write_hosts(role, places)?;
        node_files::write(role, &directory, places, &java.artefacts.home)?;
    }
    let secret = places.secret("http.secret");
    fs::write(&secret, secrets::made_up()?).map_err(|error| LabError::at(&secret, error))?;
    if site.value(Role::Kms, KEYSTORE_PASSWORD_KEY).is_some() {
        let file = places
            .configuration()
            .join(Role::Kms.directory())
            .join(KEYSTORE_PASSWORD);
        fs::write(&file, secrets::made_up()?).map_err(|error| LabError::at(&file, error))?;
    }
    Ok(())
}

/// The realm, and beside it the key stores: each takes about a second.
fn trust(places: &Places, ground: Ground, secrets: &Secrets) -> Result<(Realm, PathBuf)> {
    std::thread::scope(|scope| {
        let stores = scope.spawn(|| key_stores::make(places, &secrets.tls));
        let realm = Realm::create(
            places.root(),
            &places.configuration(),
            ground.encryption_types(),
            KEYTABS,
        )?;
        let stores = stores
            .join()
            .map_err(|_| LabError::failed("key stores", "the thread panicked"))??;
        Ok((realm, stores))
    })
}

impl Live for Cluster {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        super::truth::ask(self)
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        super::captures::record(self)
    }
}
