//! Rights that do not sound like reading Secrets.

use super::{Asking, reads, secret};
use crate::Result;
use crate::kubernetes::api::{Answered, Caller};
use crate::kubernetes::questions::*;
use crate::truth::Answer;
use serde_json::{Value, json};

impl Asking<'_> {
    /// Rights that do not sound like reading Secrets. Where the profile grants none, the accounts are made for the
    /// question and hold nothing.
    pub(super) fn detours(&self) -> Result<Vec<Answer>> {
        let home = self.names.home;
        for account in ["cleaner", "ticket-office", "scheduler", "onboarding"] {
            if self.profile != "api-open" {
                self.api
                    .must(&["create", "serviceaccount", account, "--namespace", home])?;
            }
        }
        let token = |account: &str| self.api.token(home, account);
        let cleaner = token("cleaner")?;
        let dry = |caller: &Caller| {
            // Nothing is deleted, and the answer is the object. Without the policy it would be a mere status.
            let path = format!("{}?dryRun=All&propagationPolicy=Orphan", secret(home));
            self.api.send("DELETE", &path, caller, None)
        };
        let direct = dry(&cleaner)?;

        let request =
            json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
        let path = format!("/api/v1/namespaces/{home}/serviceaccounts/cleaner/token");
        let ticket = self.api.send(
            "POST",
            &path,
            &token("ticket-office")?,
            Some(&request.to_string()),
        )?;
        let ticket = match token_of(&ticket) {
            Some(token) => dry(&Caller::Token(token))?,
            None => ticket,
        };

        let acting = match token("scheduler")? {
            Caller::Token(token) => dry(&Caller::Acting(token, "jobs:cleaner"))?,
            other => dry(&other)?,
        };

        let mut bound = self.bind_and_read("front-desk")?;
        if !reads(&bound) {
            bound = self.bind_and_read("onboarding")?;
        }
        Ok(vec![
            DELETER_READS.answered(reads(&direct), direct.line()),
            READS_THROUGH_TOKEN.answered(reads(&ticket), ticket.line()),
            READS_THROUGH_IMPERSONATION.answered(reads(&acting), acting.line()),
            READS_THROUGH_BINDING.answered(reads(&bound), bound.line()),
        ])
    }

    /// An account binds itself to cluster-admin at home, and reads a Secret there.
    fn bind_and_read(&self, account: &str) -> Result<Answered> {
        let home = self.names.home;
        let caller = self.api.token(home, account)?;
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": format!("for-{account}")},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": home}],
        });
        let path = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{home}/rolebindings");
        let bound = self
            .api
            .send("POST", &path, &caller, Some(&binding.to_string()))?;
        match bound.status {
            201 => self.read(home, &caller),
            _ => Ok(bound),
        }
    }
}

fn token_of(answer: &Answered) -> Option<String> {
    let body: Value = serde_json::from_str(&answer.body).ok()?;
    body["status"]["token"].as_str().map(str::to_owned)
}
