//! `wardline attest`: what evidence of trusted hardware proves.

pub(crate) mod collateral;
pub(crate) mod fleet;
pub(crate) mod inputs;
pub(crate) mod verify;

use crate::cli::AttestCommand;
use crate::exit::{Exit, Failure};

pub(crate) fn run(command: AttestCommand) -> Result<Exit, Failure> {
    match command {
        AttestCommand::Verify(arguments) => verify::run(&arguments),
    }
}
