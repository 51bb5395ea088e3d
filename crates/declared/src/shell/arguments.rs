//! Files that hold nothing but the arguments of one program, one a line, as MicroK8s keeps them (`args/kube-apiserver`).

use crate::reading::{Candidate, Reading};
use settings::script::Script;
use text::Span;
use text::shell::{self, Command, Word};

/// Programs, and arguments that only they take.
const PROGRAMS: [(&str, [&str; 2]); 2] = [
    ("kube-apiserver", ["--authorization-mode", "--etcd-servers"]),
    ("etcd", ["--listen-client-urls", "--listen-peer-urls"]),
];

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn program(text: &str) -> Option<&'static str> {
    let names = |argument: &str| lines(text).any(|line| line.starts_with(argument));
    PROGRAMS
        .iter()
        .find(|(_, telling)| telling.iter().any(|argument| names(argument)))
        .map(|(program, _)| *program)
}

pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    lines(candidate.text).next().is_some()
        && lines(candidate.text).all(|line| line.starts_with("--"))
        && program(candidate.text).is_some()
}

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let Some(program) = program(candidate.text) else {
        return;
    };
    let mut words = vec![Word {
        text: program.to_owned(),
        span: Span::at(0),
        dynamic: false,
    }];
    let lines = shell::commands(candidate.text);
    words.extend(lines.into_iter().flat_map(|line| line.words));
    reading.put(Script {
        source: candidate.source,
        commands: vec![Command {
            words,
            span: Span::new(0, candidate.text.len()),
            ..Command::default()
        }],
        assignments: Vec::new(),
    });
}
