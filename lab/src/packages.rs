//! Programs that come with the operating system.

use crate::{LabError, Result, command};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

/// A program that a service needs, and the Debian package that brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The name of the program.
    pub program: &'static str,
    /// The Debian package.
    pub package: &'static str,
}

/// Speaks HTTP.
pub(crate) const CURL: Need = Need {
    program: "curl",
    package: "curl",
};
/// Compiles the lab's own programs in Java; `java`, `jar` and `keytool` come with it.
pub(crate) const JAVA_COMPILER: Need = Need {
    program: "javac",
    package: "openjdk-17-jdk-headless",
};

/// How long a package manager may take.
const LIMIT: Duration = Duration::from_secs(900);

impl Need {
    /// Where the program stands; `None` if it is not on the machine.
    #[must_use]
    pub fn find(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        // Debian keeps daemons outside an ordinary user's path, and Go installs itself beside it.
        let more = ["/usr/sbin", "/sbin", "/usr/local/go/bin"].map(PathBuf::from);
        std::env::split_paths(&path)
            .chain(more)
            .map(|dir| dir.join(self.program))
            .find(|file| file.is_file())
    }

    /// The program, or an error that says how to get it.
    ///
    /// # Errors
    ///
    /// When it is not on the machine.
    pub fn path(&self) -> Result<PathBuf> {
        self.find().ok_or_else(|| LabError::Missing {
            what: self.program.to_owned(),
            install: format!("apt-get install {}", self.package),
        })
    }
}

/// One installation at a time: the package manager has one lock.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs what is missing, where this machine's user may: as root on Debian.
///
/// # Errors
///
/// When something is missing and can't be installed. The error names the command for a person.
pub fn install(needs: &[Need]) -> Result<()> {
    let _turn = INSTALLING
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let missing: Vec<&Need> = needs.iter().filter(|need| need.find().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    packages.sort_unstable();
    packages.dedup();
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if !rustix::process::geteuid().is_root() {
        return Err(LabError::Missing {
            what: packages.join(", "),
            install: by_hand,
        });
    }
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    command::must("apt-get update", &update, LIMIT)?;
    let mut apt = Command::new("apt-get");
    apt.args(["install", "-q", "-y", "--no-install-recommends"])
        .args(&packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command::must("apt-get install", &apt, LIMIT)?;
    missing
        .into_iter()
        .try_for_each(|need| need.path().map(drop))
}
