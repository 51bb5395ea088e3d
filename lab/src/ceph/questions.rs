//! What real clients get from a cluster.

mod access;
mod encryption;
mod greetings;

use super::cluster::Cluster;
use crate::Result;
use crate::object_store::Store;
use crate::truth::Answer;

/// Asks every question about the cluster; those about its store are the store's.
pub(super) fn ask(cluster: &Cluster, store: &Store) -> Result<Vec<Answer>> {
    let mut answers = greetings::ask(cluster)?;
    answers.extend(encryption::ask(cluster, store)?);
    answers.extend(access::ask(cluster, store)?);
    Ok(answers)
}

/// Why a client was refused, else the last thing that it said; without time and thread.
fn last_words(text: &str) -> String {
    let refusal = text
        .lines()
        .rfind(|line| line.contains("handle_auth_bad_method"));
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    let line = refusal.or(last).unwrap_or("nothing").trim();
    // A log line: time, thread, level, then words.
    let words = match line.split_once(" -1 ") {
        Some((_, words)) => words,
        None => line,
    };
    words.chars().take(120).collect()
}
