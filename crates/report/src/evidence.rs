//! Findings and their witnesses as words and positions, with secrets hidden.

use crate::disclosure::Disclosure;
use crate::escape;
use audit::{Finding, Outcome, Waiver};
use model::{Location, NotExamined, Place, Provenance, Subject, Witness};
use std::borrow::Cow;

/// An outcome and what may be shown of it.
#[derive(Debug)]
pub(crate) struct Evidence<'o> {
    /// What was concluded.
    pub(crate) outcome: &'o Outcome,
    /// What must be hidden.
    pub(crate) disclosure: Disclosure,
    /// What stands before a path for those who look at it from somewhere else than the input.
    root: &'o str,
}

impl<'o> Evidence<'o> {
    /// Prepares an outcome for a report.
    pub(crate) fn of(outcome: &'o Outcome) -> Self {
        Evidence::rooted(outcome, "")
    }

    /// Prepares an outcome for a report whose paths start at `root`: nothing, or a directory that ends with `/`.
    pub(crate) fn rooted(outcome: &'o Outcome, root: &'o str) -> Self {
        Evidence {
            outcome,
            disclosure: Disclosure::of(outcome),
            root,
        }
    }

    /// The path of a file, from the root on.
    pub(crate) fn file(&self, path: &str) -> String {
        self.prose(&self.written_file(path))
    }

    /// The path of a file, from the root on, for formats that encode it on their own.
    pub(crate) fn written_file(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// A text without secrets, as it is: for formats that escape on their own.
    pub(crate) fn raw<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.disclosure.scrub(text)
    }

    /// A text without secrets, on one line, safe for a terminal.
    pub(crate) fn prose(&self, text: &str) -> String {
        let text = self.disclosure.scrub(text);
        if text.contains(['\n', '\r', '\t']) {
            let words: Vec<&str> = text.split_whitespace().collect();
            return escape::line(&words.join(" ")).into_owned();
        }
        escape::line(&text).into_owned()
    }

    /// A subject's kind and name.
    pub(crate) fn subject(&self, subject: &Subject) -> String {
        self.prose(&subject.to_string())
    }

    /// Where a place is in its file.
    pub(crate) fn locate(&self, place: Place) -> Option<Location> {
        self.outcome.sources.locate(place)
    }

    /// Where a finding is: its primary witness, else the next best place.
    pub(crate) fn place(&self, finding: &Finding) -> Option<Place> {
        finding
            .witnesses
            .iter()
            .find_map(Witness::place)
            .or(finding.subject.place)
    }

    /// The file and position of a finding.
    pub(crate) fn location(&self, finding: &Finding) -> Option<Location> {
        self.locate(self.place(finding)?)
    }

    /// `file:line:column` of a finding; its subject if it has no place in a file.
    pub(crate) fn position(&self, finding: &Finding) -> String {
        match self.location(finding) {
            Some(location) => self.prose(&position(&location)),
            None => self.subject(&finding.subject),
        }
    }

    /// Where an input that was not examined is, with the position that stopped its reader.
    pub(crate) fn where_not_examined(&self, input: &NotExamined) -> String {
        match input.place.and_then(|place| self.locate(place)) {
            Some(location) => self.prose(&position(&location)),
            None => self.prose(&input.path),
        }
    }

    /// Why a finding is accepted, where that stands, by whom and until when.
    pub(crate) fn waiver(&self, waiver: &Waiver) -> String {
        let told = |lead: &str, word: Option<&str>| {
            word.map(|word| format!(", {lead}{word}"))
                .unwrap_or_default()
        };
        let owner = told("", waiver.owner.as_deref());
        let until = told("until ", waiver.expires.as_deref());
        self.prose(&format!(
            "{} ({}{owner}{until})",
            waiver.reason, waiver.stands_in
        ))
    }

    /// What is the case: the finding's message, or its cause's title.
    pub(crate) fn message(&self, finding: &Finding) -> String {
        let message = if finding.message.is_empty() {
            finding.title
        } else {
            &finding.message
        };
        self.prose(message)
    }

    /// What is the case, the setting that shows it, and for whom.
    pub(crate) fn statement(&self, finding: &Finding) -> String {
        let mut facts = vec![self.subject(&finding.subject)];
        if !finding.also.is_empty() {
            facts.push(format!("{} more", finding.also.len()));
        }
        let key = finding
            .witnesses
            .first()
            .and_then(|primary| primary.key.as_deref());
        if let (Some(primary), Some(_)) = (finding.witnesses.first(), key) {
            facts.push(self.describe(primary));
        }
        format!("{} ({})", self.message(finding), facts.join("; "))
    }

    /// A witness in words: `dfs.http.policy is not set: the default of Hadoop 3.3.6 is HTTP_ONLY`.
    pub(crate) fn describe(&self, witness: &Witness) -> String {
        let key = witness.key.as_deref().unwrap_or_default();
        let value = self.disclosure.value(witness);
        let mut sentence = match (&witness.provenance, value) {
            (
                Provenance::Default {
                    product,
                    releases,
                    unset_in,
                },
                value,
            ) => {
                let place = unset_in.and_then(|place| self.locate(place));
                let place = place
                    .map(|location| format!(" in {}", location.path))
                    .unwrap_or_default();
                // `releases` is a number or a phrase: `3.3.6`, `every supported release`.
                let releases = if releases.starts_with(|c: char| c.is_ascii_digit()) {
                    format!("{product} {releases}")
                } else {
                    format!("{releases} of {product}")
                };
                match value {
                    Some(value) => {
                        format!("{key} is not set{place}: the default of {releases} is {value}")
                    }
                    None => format!("{key} is not set{place}, and {releases} has no default"),
                }
            }
            (Provenance::Absent(absence), _) => format!("{key} is not known: {absence}"),
            (Provenance::Text(_), Some(value)) if !key.is_empty() => format!("{key} = {value}"),
            (Provenance::Text(_), _) => key.to_owned(),
        };
        if !witness.label.is_empty() && !sentence.contains(&*witness.label) {
            let separator = if sentence.is_empty() { "" } else { "; " };
            sentence = format!("{sentence}{separator}{}", witness.label);
        }
        self.prose(sentence.trim_start())
    }
}

/// `file:line:column`.
pub(crate) fn position(location: &Location) -> String {
    format!(
        "{}:{}:{}",
        location.path, location.start.line, location.start.column
    )
}
