//! Shell scripts and environment files.

use model::{Fact, SourceId};
use text::shell::{Assignment, Command};

/// A shell script, a unit's commands, or an environment file of a container or a unit.
#[derive(Debug)]
pub struct Script {
    /// Its text.
    pub source: SourceId,
    /// Its simple commands, in order.
    pub commands: Vec<Command>,
    /// Assignments outside commands: of an environment file, or exported ones of a script.
    pub assignments: Vec<Assignment>,
}

impl Fact for Script {}
