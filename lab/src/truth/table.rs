//! The table that a person reads.

use super::{Answer, Declared};

/// One measured answer beside what the files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the client got.
    pub answer: Answer,
    /// The worst declared verdict of the controls that ask the same.
    pub verdict: &'static str,
    /// The causes they report.
    pub causes: Vec<String>,
}

impl Row {
    /// Puts an answer beside the declared verdicts.
    #[must_use]
    pub fn new(answer: Answer, declared: &Declared) -> Row {
        let causes = declared.reported(answer.question);
        Row {
            verdict: declared.verdict(answer.question),
            causes: causes.into_iter().map(str::to_owned).collect(),
            answer,
        }
    }

    /// Whether files and reality agree. `unproven` is never wrong about a *no*, and always wrong about a *yes* that files
    /// could have said.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.answer.question.causes.is_empty() || self.answer.yes != self.causes.is_empty()
    }
}

/// The rows as a table, with a line of evidence under each.
#[must_use]
pub fn table(title: &str, rows: &[Row]) -> String {
    let mut text = format!("{title}\n");
    for row in rows {
        let measured = if row.answer.yes { "YES" } else { "no" };
        let declared = match (&row.answer.question.causes, row.causes.as_slice()) {
            ([], _) => "no file can say".to_owned(),
            (_, []) => row.verdict.to_owned(),
            (_, causes) => causes.join(", "),
        };
        let mark = if row.agrees() { ' ' } else { '!' };
        text += &format!(
            "{mark} {:<58} {measured:<4} {declared}\n      {}\n",
            row.answer.question.asks, row.answer.evidence
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Question;
    use super::*;

    fn row(yes: bool, causes: &[&str]) -> Row {
        let question = Question {
            id: "q",
            asks: "?",
            causes: &["a/b"],
        };
        Row {
            answer: question.answered(yes, ""),
            verdict: "exposed",
            causes: causes.iter().map(|cause| (*cause).to_owned()).collect(),
        }
    }

    #[test]
    fn a_yes_needs_a_cause_and_a_no_needs_none() {
        assert!(row(true, &["a/b#c"]).agrees());
        assert!(!row(true, &[]).agrees());
        assert!(row(false, &[]).agrees());
        assert!(!row(false, &["a/b#c"]).agrees());
    }
}
