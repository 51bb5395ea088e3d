//! `wardline completions` and `wardline man`, both from the flags themselves.

use crate::cli::Cli;
use crate::exit::{Exit, Failure};
use crate::output;
use clap::CommandFactory;

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wardline", &mut script);
    print(&script)
}

pub(crate) fn manual() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let render = |command: clap::Command, page: &mut Vec<u8>| {
        clap_mangen::Man::new(command)
            .render(page)
            .map_err(|error| Failure::new(format!("cannot write the manual page: {error}")))
    };
    render(Cli::command(), &mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    output::print(&String::from_utf8_lossy(bytes))?;
    Ok(Exit::Fine)
}
