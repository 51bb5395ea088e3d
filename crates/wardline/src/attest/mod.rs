//! `wardline attest`: what evidence of trusted hardware proves.

mod collateral;
mod fleet;
mod inputs;
mod verify;

use crate::cli::AttestCommand;
use crate::exit::{Exit, Failure};

pub(crate) fn run(command: AttestCommand) -> Result<Exit, Failure> {
    match command {
        AttestCommand::Verify(arguments) => verify::run(&arguments),
    }
}
