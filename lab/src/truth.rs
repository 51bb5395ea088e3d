//! The truth table: what real clients can do to a service in a profile, and what `wardline check` says of its files.
//!
//! Every question is put so that *yes* is bad: somebody gets what the protection is there to refuse. A control agrees with a
//! *yes* when it reports one of the causes that the question names, and with a *no* when it reports none of them.

mod declared;
mod expected;
mod measured;
mod table;

pub use declared::{Declared, Wardline};
pub use expected::write;
pub use measured::{Measured, measure};
pub use table::{Row, table};

/// One thing that a client may be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// A short name, stable: `block-in-clear`.
    pub id: &'static str,
    /// What is asked, in words that make *yes* bad.
    pub asks: &'static str,
    /// The causes of controls that say the same at the declared depth, as `control#cause`. `control` alone stands for all
    /// its causes. Empty where no file can say it.
    pub causes: &'static [&'static str],
}

/// What a real client got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// Whether the client got it.
    pub yes: bool,
    /// What the client said or saw, in one line, without secrets.
    pub evidence: String,
}

impl Question {
    /// What a real client got.
    #[must_use]
    pub fn answered(self, yes: bool, evidence: impl Into<String>) -> Answer {
        Answer {
            question: self,
            yes,
            evidence: evidence.into(),
        }
    }
}
