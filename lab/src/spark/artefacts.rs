//! Spark and the lab's application, in the cache.

use crate::cache::Cache;
use crate::packages::{JAVA_COMPILER, Need};
use crate::{LabError, Result, command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Fetches Python packages.
pub(super) const PYTHON: Need = Need {
    program: "python3",
    package: "python3-pip",
};
/// Unpacks.
pub(super) const TAR: Need = Need {
    program: "tar",
    package: "tar",
};

const FETCH: Duration = Duration::from_secs(900);
const COMPILE: Duration = Duration::from_secs(120);
const APPLICATION: &str = include_str!("../../java/spark/LabApplication.java");

/// A Spark release laid out as `SPARK_HOME`: `bin`, `sbin`, `jars`.
///
/// The source archive of the Python package holds all of Spark's jars and scripts under `deps`.
pub(super) fn spark_home(cache: &Cache, release: &str) -> Result<PathBuf> {
    cache.artefact(&format!("spark-{release}"), "pyspark sdist, deps", |into| {
        let archives =
            tempfile::tempdir_in(into).map_err(|error| LabError::failed("pip", error))?;
        let mut pip = Command::new(PYTHON.path()?);
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
            .arg(archives.path())
            .arg(format!("pyspark=={release}"));
        command::must("pip download pyspark", &pip, FETCH)?;
        let mut tar = Command::new(TAR.path()?);
        tar.arg("-xzf")
            .arg(archives.path().join(format!("pyspark-{release}.tar.gz")))
            .arg("-C")
            .arg(into)
            .args(["--strip-components=2", "--wildcards"])
            .args(["bin", "sbin", "jars"].map(|part| format!("pyspark-{release}/deps/{part}")));
        command::must("unpacking pyspark", &tar, FETCH).map(drop)
    })
}

/// The jar of the lab's application, compiled against one release.
pub(super) fn application(cache: &Cache, release: &str) -> Result<PathBuf> {
    let home = spark_home(cache, release)?;
    let dir = cache.artefact(
        &format!("spark-application-{release}"),
        APPLICATION,
        |into| {
            let source = into.join("LabApplication.java");
            fs::write(&source, APPLICATION).map_err(|error| LabError::failed("javac", error))?;
            let classes = into.join("classes");
            let mut javac = Command::new(JAVA_COMPILER.path()?);
            javac
                .args(["-nowarn", "-cp"])
                .arg(jars(&home))
                .arg("-d")
                .arg(&classes)
                .arg(&source);
            command::must("javac", &javac, COMPILE)?;
            let mut jar = Command::new(JAVA_COMPILER.path()?.with_file_name("jar"));
            jar.arg("--create")
                .arg("--file")
                .arg(into.join("application.jar"))
                .arg("-C")
                .arg(&classes)
                .arg(".");
            command::must("jar", &jar, COMPILE).map(drop)
        },
    )?;
    Ok(dir.join("application.jar"))
}

fn jars(home: &Path) -> PathBuf {
    home.join("jars/*")
}
