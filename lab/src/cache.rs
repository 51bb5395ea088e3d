//! What was fetched or built, kept outside the checkout by name and release.

use crate::{LabError, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The directory of what was fetched or built: `WARDLINE_LAB_CACHE`, else `wardline-lab` in the user's cache directory.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

/// The file in an artefact's directory that holds the recipe it was made by.
const RECIPE: &str = ".recipe";

impl Cache {
    /// Opens the cache, making its directory where it is missing.
    ///
    /// # Errors
    ///
    /// When the directory can't be made, or no place for it is known.
    pub fn open() -> Result<Cache> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let root = variable("WARDLINE_LAB_CACHE")
            .map(PathBuf::from)
            .or_else(|| {
                variable("XDG_CACHE_HOME").map(|dir| PathBuf::from(dir).join("wardline-lab"))
            })
            .or_else(|| {
                variable("HOME").map(|home| PathBuf::from(home).join(".cache/wardline-lab"))
            })
            .ok_or_else(|| {
                LabError::failed(
                    "cache of the lab",
                    "neither WARDLINE_LAB_CACHE, XDG_CACHE_HOME nor HOME is set",
                )
            })?;
        Cache::at(root)
    }

    /// Opens the cache in one directory.
    ///
    /// # Errors
    ///
    /// When the directory can't be made.
    pub fn at(root: PathBuf) -> Result<Cache> {
        fs::create_dir_all(&root).map_err(|error| LabError::at(&root, error))?;
        Ok(Cache { root })
    }

    /// The directory of one artefact; makes it first where it is missing or was made by another recipe.
    ///
    /// `make` fills the directory that it is given. What it made is moved into place only when it succeeds, so a broken
    /// run leaves nothing that looks whole. Several processes may ask at once: one makes it, the others wait.
    ///
    /// # Errors
    ///
    /// When `make` fails, or the cache can't be written.
    pub fn artefact(
        &self,
        name: &str,
        recipe: &str,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let place = self.root.join(name);
        let lock = self.root.join(format!("{name}.lock"));
        let lock = File::create(&lock).map_err(|error| LabError::at(&lock, error))?;
        lock.lock().map_err(|error| LabError::at(&place, error))?;
        if fs::read_to_string(place.join(RECIPE)).is_ok_and(|made_by| made_by == recipe) {
            return Ok(place);
        }
        let partial = self.root.join(format!("{name}.partial"));
        for old in [&place, &partial] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(|error| LabError::at(old, error))?;
            }
        }
        fs::create_dir_all(&partial).map_err(|error| LabError::at(&partial, error))?;
        make(&partial)?;
        fs::write(partial.join(RECIPE), recipe).map_err(|error| LabError::at(&partial, error))?;
        fs::rename(&partial, &place).map_err(|error| LabError::at(&place, error))?;
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn makes_once_and_again_for_another_recipe() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::at(dir.path().join("cache")).expect("a cache");
        let mut made = 0;
        for recipe in ["one", "one", "two"] {
            let place = cache
                .artefact("thing-1.0", recipe, |into| {
                    made += 1;
                    fs::write(into.join("file"), recipe).map_err(|error| LabError::at(into, error))
                })
                .expect("made");
            assert_eq!(
                fs::read_to_string(place.join("file")).expect("read"),
                recipe
            );
        }
        assert_eq!(made, 2);
    }

    #[test]
    fn a_failed_attempt_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::at(dir.path().to_owned()).expect("a cache");
        let attempt = cache.artefact("thing", "r", |_| Err(LabError::failed("making", "no")));
        assert!(attempt.is_err());
        assert!(!dir.path().join("thing").exists());
        let place = cache.artefact("thing", "r", |_| Ok(())).expect("made");
        assert!(place.ends_with("thing"));
    }
}
