//! Units of systemd.

use super::TELLING;
use crate::reading::{Candidate, Reading};
use settings::script::Script;
use settings::unit::Unit;
use text::shell::{Assignment, Command, Word};
use text::unit::{Directive, parse, words};

/// Programs that a unit may start by their name alone, without an argument behind it.
const PROGRAMS: [&str; 4] = ["/etcd", "kube-apiserver", "/k3s", "/rke2"];

/// A service of systemd, or a drop-in for one, that starts a program we read or gives it variables.
pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    let line = |start: &str| {
        candidate
            .text
            .lines()
            .any(|line| line.trim_end().starts_with(start))
    };
    line("[Service]")
        && (line("ExecStart=") || line("Environment=") || line("EnvironmentFile="))
        && TELLING
            .iter()
            .chain(&PROGRAMS)
            .any(|word| candidate.holds(word))
}

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let mut service = parse(candidate.text);
    service.retain(|directive| directive.section == "Service");
    let mut commands = Vec::new();
    for directive in &service {
        commands.extend(command(candidate.text, directive));
    }
    reading.put(Script {
        source: candidate.source,
        commands,
        assignments: Vec::new(),
    });
    reading.put(Unit {
        source: candidate.source,
        service,
    });
}

/// What a directive runs or sets, as a shell's command.
fn command(text: &str, directive: &Directive) -> Option<Command> {
    let (assignments, words) = match directive.name.as_str() {
        "ExecStart" => (Vec::new(), started(text, directive)),
        "Environment" => (variables(text, directive), Vec::new()),
        _ => return None,
    };
    Some(Command {
        assignments,
        words,
        span: directive.value,
        ..Command::default()
    })
}

/// The words of `ExecStart=`. The program stands behind prefixes such as `-` and `+`.
pub(crate) fn started(text: &str, directive: &Directive) -> Vec<Word> {
    let mut started = words(text, directive.value);
    if let Some(program) = started.first_mut() {
        let path = program
            .text
            .trim_start_matches(['-', '@', ':', '+', '!', '|']);
        program.text = path.to_owned();
    }
    started
}

/// The variables of `Environment=`.
pub(crate) fn variables(text: &str, directive: &Directive) -> Vec<Assignment> {
    let all = words(text, directive.value).into_iter();
    all.filter_map(|word| {
        let (name, value) = word.text.split_once('=')?;
        // A word without quotes is written as it is.
        let is_exact = word.span.len() == word.text.len();
        let start = word.span.range().start + name.len() + 1;
        Some(Assignment {
            name: name.to_owned(),
            value: Word {
                text: value.to_owned(),
                span: if is_exact {
                    text::Span::new(start, start + value.len())
                } else {
                    word.span
                },
                // systemd replaces no variables here.
                dynamic: false,
            },
            exported: true,
            appends: false,
        })
    })
    .collect()
}
