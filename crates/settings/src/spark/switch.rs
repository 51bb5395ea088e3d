//! Booleans as Spark reads them.

use crate::effective::{Effective, Origin};

/// A Boolean as Spark reads it.
#[derive(Clone, Debug)]
pub struct Switch<'e> {
    /// What Spark acts on.
    pub state: State,
    /// The value behind it.
    pub effective: Effective<'e>,
}

/// What a Boolean comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// True.
    On,
    /// False.
    Off,
    /// The text is neither, and the process refuses to start.
    Refused,
    /// Only the running system knows.
    Unknown,
}

impl Switch<'_> {
    /// Whether it is surely on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == State::On
    }

    /// Whether it is surely off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.state == State::Off
    }

    /// Why it cannot be told, if it cannot.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let key = &self.effective.key;
        match self.state {
            State::On | State::Off => None,
            State::Refused => Some(format!(
                "{key} is neither true nor false, so the process will not start"
            )),
            State::Unknown => Some(match &self.effective.origin {
                Origin::NotCollected { file } => {
                    format!("not collected: {key} may be set by {file}")
                }
                _ => format!("{key} depends on a variable that files do not show"),
            }),
        }
    }
}
