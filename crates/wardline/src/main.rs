//! The command line: wires the layers together.

mod check;
mod cli;
mod control_list;
mod exit;
mod explain;
mod generate;
mod init;
mod output;

use clap::Parser;
use cli::{Cli, Command};
use exit::{Exit, Failure};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, to standard output and with status 0.
            let _ = error.print();
            return u8::try_from(error.exit_code())
                .map_or_else(|_| Failure::code(), ExitCode::from);
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::warn(&format!("error: {failure}"));
            Failure::code()
        }
    }
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        None => check::run(cli.check),
        Some(Command::Check(arguments)) => check::run(*arguments),
        Some(Command::Explain(arguments)) => explain::run(arguments),
        Some(Command::Controls(arguments)) => control_list::run(&arguments),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::Completions { shell }) => generate::completions(shell),
        Some(Command::Man) => generate::manual(),
    }
}
