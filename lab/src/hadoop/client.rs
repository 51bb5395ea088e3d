//! The lab's Java client: many deeds in one process, because a Java process costs seconds.

use super::daemons::Java;
use super::roles::Role;
use crate::{LabError, Result, command};
use std::time::Duration;

/// Thousands of files take long on a machine that does much else.
const LIMIT: Duration = Duration::from_secs(600);
/// How much is kept of what a deed says, in letters.
const MOST: usize = 160;

/// Something to try.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    id: &'static str,
    user: String,
    verb: &'static str,
    object: String,
    settings: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) id: String,
    /// The cluster did what was asked.
    pub(super) is_done: bool,
    /// What it gave, or how it refused.
    pub(super) said: String,
}

impl Deed {
    /// `user` may be `service>person`, for a service that acts for a person.
    pub(super) fn new(id: &'static str, user: &str, verb: &'static str, object: &str) -> Deed {
        Deed {
            id,
            user: user.to_owned(),
            verb,
            object: object.to_owned(),
            settings: Vec::new(),
        }
    }

    /// With a setting of the client.
    pub(super) fn with(mut self, key: &str, value: &str) -> Deed {
        self.settings.push(format!("{key}={value}"));
        self
    }

    fn argument(&self) -> String {
        let mut words = vec![self.id, &self.user, self.verb, &self.object];
        words.extend(self.settings.iter().map(String::as_str));
        words.join("\t")
    }
}

/// How a client says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// By keytab, in a realm.
    Keytab,
    /// By saying a name.
    Claim,
}

/// Tries deeds one after the other in one process.
pub(super) fn attempt(java: &Java, login: Login, deeds: &[Deed]) -> Result<Outcomes> {
    let mut client = java.program(Role::Client)?;
    // What it logs would stand between its answers.
    client.arg("-Dlog4j.threshold=OFF").arg("wardline.lab.Ask");
    match login {
        Login::Keytab => client.arg(java.places.root().join("keytabs")),
        Login::Claim => client.arg("-"),
    };
    client.args(deeds.iter().map(Deed::argument));
    let said = command::run("the lab's Hadoop client", &client, LIMIT)?;
    let outcomes: Vec<Outcome> = said.text.lines().filter_map(outcome).collect();
    if outcomes.len() != deeds.len() {
        let end: Vec<&str> = said.text.lines().rev().take(5).collect();
        return Err(LabError::failed(
            "the lab's Hadoop client",
            format!(
                "answered {} of {} deeds: {}",
                outcomes.len(),
                deeds.len(),
                end.join(" | ")
            ),
        ));
    }
    Ok(Outcomes(outcomes))
}

fn outcome(line: &str) -> Option<Outcome> {
    let mut words = line.strip_prefix("answer\t")?.splitn(3, '\t');
    Some(Outcome {
        id: words.next()?.to_owned(),
        is_done: words.next()? == "done",
        said: shortened(words.next()?),
    })
}

/// The start of a long line.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What came of several deeds.
#[derive(Clone, Debug)]
pub(super) struct Outcomes(Vec<Outcome>);

impl Outcomes {
    /// What came of one of them.
    pub(super) fn of(&self, id: &str) -> Result<&Outcome> {
        self.0
            .iter()
            .find(|outcome| outcome.id == id)
            .ok_or_else(|| {
                LabError::failed("the lab's Hadoop client", format!("{id} was not tried"))
            })
    }

    /// Fails when something was refused that must work, or nothing that others are refused would mean anything.
    pub(super) fn must(self) -> Result<Outcomes> {
        match self.0.iter().find(|outcome| !outcome.is_done) {
            Some(refused) => Err(LabError::failed(
                format!("{} on the cluster", refused.id),
                &refused.said,
            )),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_answers_among_other_lines() {
        assert_eq!(
            outcome("answer\tlist\trefused\tAccessControlException: no\ttab"),
            Some(Outcome {
                id: "list".to_owned(),
                is_done: false,
                said: "AccessControlException: no\ttab".to_owned(),
            })
        );
        assert_eq!(outcome("WARN something"), None);
    }
}
