//! `wardline attest`: what evidence of trusted hardware proves.

mod basis;
mod collateral;
mod collect;
mod directory;
mod fleet;
mod init;
mod inputs;
mod verify;

use crate::cli::AttestCommand;
use crate::exit::{Exit, Failure};

pub(crate) fn run(command: AttestCommand) -> Result<Exit, Failure> {
    match command {
        AttestCommand::Verify(arguments) => verify::run(&arguments),
        AttestCommand::Init(arguments) => init::run(&arguments),
        AttestCommand::Collect(arguments) => collect::run(&arguments),
    }
}
