//! `wardline completions` and `wardline man`, both from the flags themselves.

use crate::cli::Cli;
use crate::exit::{Exit, Failure};
use crate::output;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::{self, Write};

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wardline", &mut script);
    print(&script)
}

pub(crate) fn manual() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    render(&mut page)
        .map_err(|error| Failure::new(format!("cannot write the manual page: {error}")))?;
    print(&page)
}

/// One page: the check with its flags, then each other command as a section of its own.
fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let whole = Man::new(command.clone());
    whole.render_title(page)?;
    whole.render_name_section(page)?;
    whole.render_synopsis_section(page)?;
    whole.render_description_section(page)?;
    whole.render_options_section(page)?;
    for subcommand in command.get_subcommands() {
        // The check is what the page is about, and help is what it is.
        if !matches!(subcommand.get_name(), "check" | "help") {
            section(page, subcommand)?;
        }
    }
    let mut rest = Vec::new();
    whole.render_extra_section(&mut rest)?;
    page.extend_from_slice(text(&rest).replace(".SH EXTRA", ".SH NOTES").as_bytes());
    whole.render_version_section(page)
}

fn section(page: &mut Vec<u8>, subcommand: &clap::Command) -> io::Result<()> {
    let name = subcommand.get_name().to_uppercase();
    let man = Man::new(subcommand.clone());
    let (mut synopsis, mut description, mut options) = (Vec::new(), Vec::new(), Vec::new());
    man.render_synopsis_section(&mut synopsis)?;
    man.render_description_section(&mut description)?;
    man.render_options_section(&mut options)?;
    let parts = [synopsis, description, options].map(|part| {
        // The headings of a page are those of a section here; the first is the command's own.
        let part = text(&part)
            .replace(".SH SYNOPSIS", "")
            .replace(".SH DESCRIPTION", ".PP");
        part.replace(".SH OPTIONS", ".PP")
    });
    write!(page, ".SH \"{name}\"\n{}", parts.concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    output::print(&String::from_utf8_lossy(bytes))?;
    Ok(Exit::Fine)
}
