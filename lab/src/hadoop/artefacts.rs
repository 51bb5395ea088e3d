//! Hadoop's jars and the lab's own client, in the cache.

use crate::cache::Cache;
use crate::packages::{JAVA_COMPILER, Need};
use crate::versions::MAVEN_DEPENDENCY_PLUGIN;
use crate::{LabError, Result, command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(super) const JAVA: Need = Need {
    program: "java",
    package: "openjdk-17-jre-headless",
};
pub(super) const MAVEN: Need = Need {
    program: "mvn",
    package: "maven",
};
const LIMIT: Duration = Duration::from_secs(1200);

const POM: &str = include_str!("../../hadoop/pom.xml");
const CLIENT: &[(&str, &str)] = &[
    ("Ask.java", include_str!("../../hadoop/client/Ask.java")),
    (
        "Accounts.java",
        include_str!("../../hadoop/client/Accounts.java"),
    ),
    ("Deeds.java", include_str!("../../hadoop/client/Deeds.java")),
    ("Fill.java", include_str!("../../hadoop/client/Fill.java")),
    (
        "FreshNameNode.java",
        include_str!("../../hadoop/client/FreshNameNode.java"),
    ),
];

/// One release, ready to run.
#[derive(Clone, Debug)]
pub(super) struct Artefacts {
    /// Holds `lib/*.jar` and `webapps`.
    pub(super) home: PathBuf,
    /// The classes of the lab's client.
    pub(super) client: PathBuf,
}

impl Artefacts {
    /// Fetches and builds what is missing.
    pub(super) fn of(cache: &Cache, release: &str) -> Result<Artefacts> {
        let home = cache.artefact(
            &format!("hadoop-{release}"),
            &format!("{POM}{MAVEN_DEPENDENCY_PLUGIN}"),
            |into| fetch(release, into),
        )?;
        let sources: String = CLIENT.iter().map(|(_, text)| *text).collect();
        let client = cache.artefact(&format!("hadoop-{release}-client"), &sources, |into| {
            compile(&home, into)
        })?;
        Ok(Artefacts { home, client })
    }

    /// The class path of a node whose settings stand in `configuration`.
    pub(super) fn class_path(&self, configuration: &Path) -> String {
        format!(
            "{}/lib/*:{}:{}:{}",
            self.home.display(),
            self.client.display(),
            self.home.display(),
            configuration.display()
        )
    }
}

fn fetch(release: &str, into: &Path) -> Result<()> {
    let pom = into.join("pom.xml");
    fs::write(&pom, POM).map_err(|error| LabError::failed("pom.xml", error))?;
    let mut maven = Command::new(MAVEN.path()?);
    maven
        .args(["--batch-mode", "--quiet", "--file"])
        .arg(&pom)
        .arg(format!("-Dhadoop.version={release}"))
        .arg(format!("-Dplugin.version={MAVEN_DEPENDENCY_PLUGIN}"))
        .arg(format!("-Dlab.out={}", into.display()))
        .arg("initialize");
    command::must(&format!("fetching Hadoop {release}"), &maven, LIMIT).map(drop)
}

fn compile(home: &Path, into: &Path) -> Result<()> {
    let mut compiler = Command::new(JAVA_COMPILER.path()?);
    compiler
        .args(["-nowarn", "-proc:none", "-d"])
        .arg(into)
        .arg("-cp")
        .arg(format!("{}/lib/*", home.display()));
    for (name, text) in CLIENT {
        let source = into.join(name);
        fs::write(&source, text).map_err(|error| LabError::failed(*name, error))?;
        compiler.arg(source);
    }
    command::must("compiling the lab's Hadoop client", &compiler, LIMIT).map(drop)
}
