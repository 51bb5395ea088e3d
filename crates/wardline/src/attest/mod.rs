//! `wardline attest`: what evidence of trusted hardware proves.

pub(crate) mod basis;
pub(crate) mod collateral;
mod collect;
mod directory;
pub(crate) mod fleet;
mod init;
pub(crate) mod inputs;
pub(crate) mod verify;

use crate::cli::AttestCommand;
use crate::exit::{Exit, Failure};

pub(crate) fn run(command: AttestCommand) -> Result<Exit, Failure> {
    match command {
        AttestCommand::Verify(arguments) => verify::run(&arguments),
        AttestCommand::Init(arguments) => init::run(&arguments),
        AttestCommand::Collect(arguments) => collect::run(&arguments),
    }
}
