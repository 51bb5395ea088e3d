//! The configuration of a Hadoop site: which role's directory holds which file with which settings.

use super::roles::{File, Role};
use crate::{LabError, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[derive(Clone, Debug)]
struct Setting {
    role: Role,
    file: File,
    key: String,
    value: String,
}

/// All settings of a site, in the order in which they were first made.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    settings: Vec<Setting>,
}

impl Site {
    /// Sets a key in one file of every role that reads it.
    pub(super) fn set(&mut self, file: File, key: &str, value: impl Into<String>) {
        let value = value.into();
        for role in Role::ALL {
            if role.files().contains(&file) {
                self.set_for(role, file, key, value.clone());
            }
        }
    }

    /// Sets several keys in one file of every role that reads it.
    pub(super) fn set_all(&mut self, file: File, settings: &[(&str, &str)]) {
        for (key, value) in settings {
            self.set(file, key, *value);
        }
    }

    /// Sets a key for one role.
    pub(super) fn set_for(&mut self, role: Role, file: File, key: &str, value: impl Into<String>) {
        let value = value.into();
        let known = self
            .settings
            .iter_mut()
            .find(|setting| setting.role == role && setting.file == file && setting.key == key);
        match known {
            Some(setting) => setting.value = value,
            None => self.settings.push(Setting {
                role,
                file,
                key: key.to_owned(),
                value,
            }),
        }
    }

    /// Applies a single setting in the words of the command line: `[ROLE@]FILE:KEY=VALUE`. A value `-` takes the key away.
    ///
    /// # Errors
    ///
    /// When it is not of that form.
    pub(super) fn apply(&mut self, text: &str) -> Result<()> {
        let malformed = |why: &str| LabError::failed(format!("--set {text}"), why);
        let (place, setting) = text
            .split_once(':')
            .ok_or_else(|| malformed("wanted: [ROLE@]FILE:KEY=VALUE"))?;
        let (key, value) = setting
            .split_once('=')
            .ok_or_else(|| malformed("wanted: [ROLE@]FILE:KEY=VALUE"))?;
        let (role, file) = match place.split_once('@') {
            Some((role, file)) => (Some(role), file),
            None => (None, place),
        };
        let file = File::ALL
            .into_iter()
            .find(|known| known.name().trim_end_matches(".xml").trim_end_matches("-site") == file)
            .ok_or_else(|| malformed("files are core, hdfs, hadoop-policy, kms, kms-acls, httpfs, yarn, ssl-server, ssl-client"))?;
        let roles: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|known| role.is_none_or(|role| known.word() == role))
            .filter(|known| known.files().contains(&file))
            .collect();
        if roles.is_empty() {
            return Err(malformed("no such role reads this file"));
        }
        for role in roles {
            if value == "-" {
                self.settings
                    .retain(|s| s.role != role || s.file != file || s.key != key);
            } else {
                self.set_for(role, file, key, value);
            }
        }
        Ok(())
    }

    /// The value of a key for one role.
    pub(super) fn value(&self, role: Role, key: &str) -> Option<&str> {
        self.settings
            .iter()
            .rfind(|setting| setting.role == role && setting.key == key)
            .map(|setting| setting.value.as_str())
    }

    /// Writes the files of a role into its directory. A file without settings is not written, but for the KMS's lists:
    /// without that file it does not start.
    ///
    /// # Errors
    ///
    /// When a file can't be written.
    pub(super) fn write(&self, role: Role, directory: &Path) -> Result<()> {
        fs::create_dir_all(directory).map_err(|error| LabError::at(directory, error))?;
        for file in role.files() {
            let settings: Vec<&Setting> = self
                .settings
                .iter()
                .filter(|setting| setting.role == role && setting.file == *file)
                .collect();
            if settings.is_empty() && *file != File::KmsAcls {
                continue;
            }
            let path = directory.join(file.name());
            fs::write(&path, xml(&settings)).map_err(|error| LabError::at(&path, error))?;
        }
        Ok(())
    }
}

fn xml(settings: &[&Setting]) -> String {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<configuration>\n");
    for setting in settings {
        let _ = writeln!(
            text,
            "  <property>\n    <name>{}</name>\n    <value>{}</value>\n  </property>",
            escaped(&setting.key),
            escaped(&setting.value)
        );
    }
    text + "</configuration>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn an_override_goes_to_one_role_or_to_all_that_read_the_file() {
        let mut site = Site::default();
        site.set(File::Core, "hadoop.rpc.protection", "privacy");
        site.apply("client@core:hadoop.rpc.protection=authentication")
            .expect("applied");
        site.apply("hdfs:dfs.http.policy=HTTPS_ONLY")
            .expect("applied");
        assert_eq!(
            site.value(Role::Client, "hadoop.rpc.protection"),
            Some("authentication")
        );
        assert_eq!(
            site.value(Role::Kms, "hadoop.rpc.protection"),
            Some("privacy")
        );
        assert_eq!(site.value(Role::Kms, "dfs.http.policy"), None);
        site.apply("core:hadoop.rpc.protection=-").expect("applied");
        assert_eq!(site.value(Role::Client, "hadoop.rpc.protection"), None);
        for wrong in ["core", "core:key", "cores:a=b", "kms@hdfs:a=b"] {
            assert!(site.apply(wrong).is_err(), "{wrong}");
        }
    }
}
