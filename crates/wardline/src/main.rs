//! The command line: wires the layers together.

mod attest;
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
            return usage(&error);
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

/// Prints what the reader of the command line has to say. Help and version come this way too, to standard output.
fn usage(error: &clap::Error) -> ExitCode {
    // A file name that a pattern of the shell put on the command line may hold commands to the terminal.
    let is_hostile = std::env::args_os().any(|word| {
        let word = word.to_string_lossy();
        report::escape::line(&word) != word
    });
    if is_hostile {
        let text = error.to_string();
        let lines = text.lines().map(|line| report::escape::line(line));
        output::warn(&lines.collect::<Vec<_>>().join("\n"));
        return Failure::code();
    }
    match error.print() {
        Err(failure) if failure.kind() != std::io::ErrorKind::BrokenPipe => Failure::code(),
        _ => u8::try_from(error.exit_code()).map_or_else(|_| Failure::code(), ExitCode::from),
    }
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        None => check::run(cli.check),
        Some(Command::Check(arguments)) => check::run(*arguments),
        Some(Command::Attest(command)) => attest::run(command),
        Some(Command::Explain(arguments)) => explain::run(arguments),
        Some(Command::Controls(arguments)) => control_list::run(&arguments),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::Completions { shell }) => generate::completions(shell),
        Some(Command::Man) => generate::manual(),
    }
}
