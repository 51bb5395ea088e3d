//! The services of the lab, by name.

use crate::cache::Cache;
use crate::packages::{self, Need};
use crate::truth::Answer;
use crate::{Deployment, LabError, Result};

/// One way to run a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name: `open`, `half`, `hardened`.
    pub name: &'static str,
    /// What it stands for.
    pub what: &'static str,
    /// The releases that have it; empty for all of the recipe's.
    pub only: &'static [&'static str],
}

/// How one service is fetched, started and questioned.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Its name on the command line.
    pub service: &'static str,
    /// The releases that the lab runs, the main one first. `debian` is what the installed Debian has.
    pub releases: &'static [&'static str],
    /// The profiles.
    pub profiles: &'static [Profile],
    /// The programs it needs from the operating system.
    pub needs: &'static [Need],
    /// Fetches and builds what one release needs, into the cache.
    pub prepare: fn(&Cache, release: &str) -> Result<()>,
    /// Starts one release in one profile.
    pub up: fn(&Cache, &Request) -> Result<Box<dyn Live>>,
}

/// What to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The release, one of the recipe's.
    pub release: String,
    /// The profile, one of the recipe's.
    pub profile: String,
    /// Single settings on top of the profile, in the words of the service's recipe.
    pub overrides: Vec<String>,
}

/// A service that runs and can be asked.
pub trait Live: std::fmt::Debug {
    /// What runs.
    fn deployment(&self) -> &Deployment;

    /// Asks the real clients every question about this service.
    ///
    /// # Errors
    ///
    /// When a client could not be run. A refused client is an answer, not an error.
    fn truth(&mut self) -> Result<Vec<Answer>>;

    /// Records what the service answers on the wire.
    ///
    /// # Errors
    ///
    /// When nothing could be recorded.
    fn captures(&mut self) -> Result<Vec<Capture>>;
}

/// Something a service answered, small enough to live in the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The file's name, with an ending that says what it is: `.txt`, `.hex`, `.json`.
    pub file: String,
    /// What was asked, of whom, and how to read the answer. One line or more.
    pub about: String,
    /// The text of the capture: hexadecimal for bytes.
    pub text: String,
}

/// Every service of the lab.
pub const RECIPES: &[&Recipe] = &[
    &crate::ceph::RECIPE,
    &crate::hadoop::RECIPE,
    &crate::kubernetes::RECIPE,
    &crate::s3::RECIPE,
    &crate::spark::RECIPE,
    &crate::tls::RECIPE,
];

impl Recipe {
    /// The recipe of a service.
    ///
    /// # Errors
    ///
    /// When the lab has no such service; the error lists those it has.
    pub fn named(service: &str) -> Result<&'static Recipe> {
        RECIPES
            .iter()
            .copied()
            .find(|recipe| recipe.service == service)
            .ok_or_else(|| {
                let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.service).collect();
                LabError::failed(
                    format!("service `{service}`"),
                    format!("the lab has {}", known.join(", ")),
                )
            })
    }

    /// A request for one of the recipe's profiles and releases; the first of each where none is named.
    ///
    /// # Errors
    ///
    /// When the recipe has no such profile or release, or the release no such profile.
    pub fn request(&self, profile: Option<&str>, release: Option<&str>) -> Result<Request> {
        let profiles: Vec<&str> = self.profiles.iter().map(|profile| profile.name).collect();
        let profile = self.choose("profile", &profiles, profile)?;
        let releases: Vec<&str> = self
            .all_requests()
            .filter(|request| request.profile == profile)
            .filter_map(|request| {
                self.releases
                    .iter()
                    .find(|known| **known == request.release)
            })
            .copied()
            .collect();
        Ok(Request {
            release: self.choose("release", &releases, release)?,
            profile,
            overrides: Vec::new(),
        })
    }

    fn choose(&self, kind: &str, known: &[&str], wanted: Option<&str>) -> Result<String> {
        match (wanted, known.first()) {
            (None, Some(first)) => Ok((*first).to_owned()),
            (Some(wanted), _) if known.contains(&wanted) => Ok(wanted.to_owned()),
            (wanted, _) => Err(LabError::failed(
                format!(
                    "{kind} `{}` of {}",
                    wanted.unwrap_or_default(),
                    self.service
                ),
                format!("the lab has {}", known.join(", ")),
            )),
        }
    }

    /// Every release in every profile that it has.
    pub fn all_requests(&self) -> impl Iterator<Item = Request> {
        self.releases.iter().flat_map(|release| {
            self.profiles
                .iter()
                .filter(|profile| profile.only.is_empty() || profile.only.contains(release))
                .map(|profile| Request {
                    release: (*release).to_owned(),
                    profile: profile.name.to_owned(),
                    overrides: Vec::new(),
                })
        })
    }

    /// Installs, fetches and builds what a request needs, then starts it.
    ///
    /// # Errors
    ///
    /// When something can't be had or does not start.
    pub fn start(&self, cache: &Cache, request: &Request) -> Result<Box<dyn Live>> {
        packages::install(self.needs)?;
        (self.prepare)(cache, &request.release)?;
        (self.up)(cache, request)
    }
}
