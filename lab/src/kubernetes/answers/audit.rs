//! What the audit log holds, and what it lacks.

use super::Asking;
use crate::Result;
use crate::kubernetes::objects::VALUE;
use crate::kubernetes::questions::*;
use crate::kubernetes::rows::base64;
use crate::truth::Answer;
use serde_json::Value;
use std::fs;

impl Asking<'_> {
    fn audit_log(&self) -> String {
        // Without an audit trail there is no file.
        fs::read_to_string(self.node.logs().join("audit.log")).unwrap_or_default()
    }

    pub(super) fn secret_in_audit_log(&self) -> Result<Answer> {
        let log = self.audit_log();
        let held: Vec<&str> = log
            .lines()
            .filter(|line| line.contains(&base64(VALUE)) || line.contains(VALUE))
            .collect();
        let verbs: Vec<String> = held.iter().filter_map(|line| field(line, "verb")).collect();
        let evidence = format!("{} lines hold it {}", held.len(), verbs.join(", "));
        Ok(SECRET_IN_AUDIT_LOG.answered(!held.is_empty(), evidence.trim()))
    }

    pub(super) fn unseen(&self) -> Result<Answer> {
        let (namespace, name) = self.names.visitor;
        let visitor = self.api.token(namespace, name)?;
        let path = format!(
            "/api/v1/namespaces/{}/secrets/asked-once",
            self.names.elsewhere
        );
        self.api.get(&path, &visitor)?;
        let count = self
            .audit_log()
            .lines()
            .filter(|line| line.contains("/secrets/asked-once"))
            .count();
        Ok(UNSEEN.answered(count == 0, format!("{count} lines")))
    }
}

fn field(line: &str, name: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    line[name].as_str().map(str::to_owned)
}
