//! Deployments that outlive the command that started them: `lab up`, `lab status`, `lab down`.
//!
//! A process of its own holds each of them. When it ends, however it ends, its services end too. It is asked to end by a
//! file, so that it can stop its services in order and remove their directory.

use crate::recipe::{Live, Request};
use crate::{Endpoint, LabError, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is known about a deployment that is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The service.
    pub service: String,
    /// The release.
    pub release: String,
    /// The profile.
    pub profile: String,
    /// The process that holds it.
    pub holder: u32,
    /// Its directory.
    pub directory: PathBuf,
    /// The directory of its configuration.
    pub configuration: PathBuf,
    /// Where to reach it.
    pub endpoints: Vec<Endpoint>,
    /// Seconds until it was ready.
    pub ready_after: f64,
    /// Resident memory of its processes when it was ready, in MiB.
    pub resident_mib: u64,
}

/// The directory where the holders say what they hold, closed to other users.
///
/// # Errors
///
/// When it can't be made.
pub fn register() -> Result<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let dir = std::env::var_os("XDG_RUNTIME_DIR")
        .filter(|dir| !dir.is_empty())
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join(format!("wardline-lab-held-{user}"));
    fs::create_dir_all(&dir).map_err(|error| LabError::at(&dir, error))?;
    Ok(dir)
}

/// The name of what a request starts, as a file name.
#[must_use]
pub fn name(service: &str, request: &Request) -> String {
    format!("{service}-{}-{}", request.release, request.profile)
}

/// Holds a deployment until somebody asks to end it. Returns when it has ended.
///
/// # Errors
///
/// When the register can't be written.
pub fn hold(live: &dyn Live, name: &str) -> Result<()> {
    let register = register()?;
    let (state, stop) = files(&register, name);
    let deployment = live.deployment();
    let held = Held {
        service: deployment.service.to_owned(),
        release: deployment.release.clone(),
        profile: deployment.profile.clone(),
        holder: std::process::id(),
        directory: deployment.path().to_owned(),
        configuration: deployment.configuration.clone(),
        endpoints: deployment.endpoints.clone(),
        ready_after: deployment.took.as_secs_f64(),
        resident_mib: deployment.resident_mib(),
    };
    let text = serde_json::to_string(&held).map_err(|error| LabError::failed("register", error))?;
    let draft = register.join(format!("{name}.draft"));
    fs::write(&draft, text).map_err(|error| LabError::at(&draft, error))?;
    fs::rename(&draft, &state).map_err(|error| LabError::at(&state, error))?;
    while !stop.exists() {
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Removes what the register says about a deployment. The holder does it when everything has ended.
///
/// # Errors
///
/// When a file can't be removed.
pub fn forget(name: &str) -> Result<()> {
    let (state, stop) = files(&register()?, name);
    for file in [state, stop] {
        if file.exists() {
            fs::remove_file(&file).map_err(|error| LabError::at(&file, error))?;
        }
    }
    Ok(())
}

/// Everything that is held now, by name. What a dead holder left is removed on the way.
///
/// # Errors
///
/// When the register can't be read.
pub fn held() -> Result<Vec<(String, Held)>> {
    let register = register()?;
    let mut all = Vec::new();
    let entries = fs::read_dir(&register).map_err(|error| LabError::at(&register, error))?;
    for file in entries.flatten().map(|entry| entry.path()) {
        if file.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = fs::read_to_string(&file).map_err(|error| LabError::at(&file, error))?;
        let held: Held =
            serde_json::from_str(&text).map_err(|error| LabError::failed("register", error))?;
        let name = file
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        if Path::new(&format!("/proc/{}", held.holder)).exists() {
            all.push((name, held));
        } else {
            forget(&name)?;
        }
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all)
}

/// Asks the holder of a deployment to end it, and waits until it has.
///
/// # Errors
///
/// When it has not ended after half a minute.
pub fn down(name: &str) -> Result<()> {
    let (state, stop) = files(&register()?, name);
    fs::write(&stop, "").map_err(|error| LabError::at(&stop, error))?;
    crate::wait::for_condition(name, Duration::from_secs(30), || !state.exists())
}

fn files(register: &Path, name: &str) -> (PathBuf, PathBuf) {
    (
        register.join(format!("{name}.json")),
        register.join(format!("{name}.stop")),
    )
}
