//! What stands in etcd, and who is served there.

use super::Asking;
use crate::kubernetes::etcd::Way;
use crate::kubernetes::objects::{OLD_SECRET, OLD_VALUE, SECRET, VALUE};
use crate::kubernetes::questions::*;
use crate::kubernetes::rows::{self, Row};
use crate::truth::Answer;
use crate::{LabError, Result};
use std::fs;

impl Asking<'_> {
    fn row_of_secret(&self, name: &str) -> Result<Row> {
        let key = format!("/registry/secrets/{}/{name}", self.names.elsewhere);
        Ok(Row::new(self.etcd.row(&key)?))
    }

    pub(super) fn secret(&self) -> Result<Answer> {
        let row = self.row_of_secret(SECRET)?;
        Ok(SECRET_IN_CLEAR.answered(row.holds(VALUE), row.prefix()))
    }

    pub(super) fn old_secret(&self) -> Result<Answer> {
        let row = self.row_of_secret(OLD_SECRET)?;
        Ok(OLD_SECRET_IN_CLEAR.answered(row.holds(OLD_VALUE), row.prefix()))
    }

    pub(super) fn old_key(&self) -> Result<Answer> {
        let row = self.row_of_secret(OLD_SECRET)?;
        let is_old = row.prefix().contains(":key1:");
        Ok(OLD_SECRET_UNDER_OLD_KEY.answered(is_old, row.prefix()))
    }

    pub(super) fn config_map(&self) -> Result<Answer> {
        let row = Row::new(self.etcd.row(self.names.config_map)?);
        Ok(CONFIG_MAP_IN_CLEAR.answered(row.is_clear(), row.prefix()))
    }

    pub(super) fn applications(&self) -> Result<Answer> {
        let mut found = Vec::new();
        for key in self.names.applications {
            found.push(Row::new(self.etcd.row(key)?));
        }
        let shown: Vec<String> = found.iter().map(Row::prefix).collect();
        Ok(APPLICATION_IN_CLEAR.answered(found.iter().any(Row::is_clear), shown.join(" | ")))
    }

    /// What remains when every Secret is written again, as the remedy says: the old revision, until it is compacted, and
    /// the log.
    pub(super) fn old_secret_on_disk(&self) -> Result<Answer> {
        let all = self
            .api
            .must(&["get", "secrets", "--all-namespaces", "-o", "json"])?;
        let file = self.node.file("all-secrets.json");
        fs::write(&file, all).map_err(|error| LabError::at(&file, error))?;
        self.api
            .must(&["replace", "-f", &file.display().to_string()])?;
        let row = self.row_of_secret(OLD_SECRET)?;
        let files = rows::files_with(&self.node.etcd_data(), OLD_VALUE)?;
        let evidence = format!(
            "row now {}, files with the value: {}",
            row.prefix(),
            files.join(", ")
        );
        Ok(OLD_SECRET_ON_DISK.answered(!files.is_empty(), evidence))
    }

    pub(super) fn altered(&self) -> Result<Answer> {
        let key = format!("/registry/secrets/{}/long", self.names.elsewhere);
        rows::altered(self.api, self.etcd, self.node, self.names.elsewhere, &key)
            .map(|(yes, evidence)| ALTERED.answered(yes, evidence))
    }

    pub(super) fn etcd_without_certificate(&self) -> Result<Answer> {
        let (yes, evidence) = self.through_etcd(&[Way::Https, Way::HttpsOnLoopback, Way::Http])?;
        Ok(ETCD_WITHOUT_CERTIFICATE.answered(yes, evidence))
    }

    pub(super) fn etcd_over_http(&self) -> Result<Answer> {
        let (yes, evidence) = self.through_etcd(&[Way::Http])?;
        Ok(ETCD_IN_CLEAR.answered(yes, evidence))
    }

    /// Whether one of the ways leads to the rows of Secrets.
    fn through_etcd(&self, ways: &[Way]) -> Result<(bool, String)> {
        let mut refused = Vec::new();
        for way in ways {
            match self.etcd.secrets_without_certificate(*way)? {
                Ok(count) => return Ok((true, format!("{way}: {count} Secrets"))),
                Err(why) => refused.push(format!("{way}: {why}")),
            }
        }
        Ok((false, refused.join("; ")))
    }
}
