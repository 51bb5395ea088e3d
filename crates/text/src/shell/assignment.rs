//! `NAME=value`, before a command or as an argument of one that assigns.

use super::{Assignment, Command, Word};
use crate::Span;

/// Whether a decoded word has the form of an assignment.
pub(super) fn is_one(text: &str) -> bool {
    split(text).is_some()
}

/// The name, whether it appends, and the value.
fn split(text: &str) -> Option<(&str, bool, &str)> {
    let (name, value) = text.split_once('=')?;
    let (name, appends) = name
        .strip_suffix('+')
        .map_or((name, false), |name| (name, true));
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let goes_on_well = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (starts_well && goes_on_well).then_some((name, appends, value))
}

/// Takes assignments off the front of a command, and those that `export`, `declare` and `env` make.
pub(super) fn split_off(script: &str, mut command: Command) -> Command {
    let is_leading = |word: &&Word| is_unquoted(script, word);
    let leading = command.words.iter().take_while(is_leading).count();
    let words = command.words.split_off(leading);
    let assignments = std::mem::replace(&mut command.words, words);
    let exported = !command.words.is_empty();
    let read = |words: &[Word], exported: bool| -> Vec<Assignment> {
        let read = |word| read(script, word, exported);
        words.iter().filter_map(read).collect()
    };
    command.assignments = read(&assignments, exported);
    let arguments = command.words.get(1..).unwrap_or_default();
    match command.words.first().map(|word| word.text.as_str()) {
        Some("export") => {
            let withdrawn = arguments.iter().any(|word| word.text == "-n");
            command.assignments.extend(read(arguments, !withdrawn));
        }
        Some("declare" | "typeset" | "local" | "readonly") => {
            let exports = |word: &Word| word.text.starts_with('-') && word.text.contains('x');
            let exported = arguments.iter().any(exports);
            command.assignments.extend(read(arguments, exported));
        }
        Some("env") => {
            let own = own_arguments(arguments);
            let assigned = arguments.get(..own).unwrap_or_default();
            command.assignments.extend(read(assigned, true));
            command.words.drain(..=own);
        }
        _ => {}
    }
    command
}

/// How many arguments `env` takes for itself: options, their values, and assignments.
fn own_arguments(arguments: &[Word]) -> usize {
    let mut takes_value = false;
    let is_own = |word: &&Word| {
        let own = takes_value || word.text.starts_with('-') || is_one(&word.text);
        takes_value =
            !takes_value && matches!(word.text.as_str(), "-u" | "-C" | "--unset" | "--chdir");
        own
    };
    arguments.iter().take_while(is_own).count()
}

/// Whether a word is an assignment to the shell: its name must stand there without quotes.
fn is_unquoted(script: &str, word: &Word) -> bool {
    let written = script.get(word.span.range()).unwrap_or_default();
    match (split(&word.text), split(written)) {
        (Some(decoded), Some(written)) => decoded.0 == written.0,
        _ => false,
    }
}

fn read(script: &str, word: &Word, exported: bool) -> Option<Assignment> {
    let (name, appends, text) = split(&word.text)?;
    let head = word.text.len() - text.len();
    let prefix = word.text.get(..head).unwrap_or_default();
    let written = script.get(word.span.range()).unwrap_or_default();
    let (start, end) = (word.span.range().start, word.span.range().end);
    let span = if written.starts_with(prefix) {
        Span::new(start + head, end)
    } else {
        // `export "X=y"`: the value ends before the quote.
        let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
        let is_whole = |quote: char| {
            written.len() > head + 1
                && written.ends_with(quote)
                && written
                    .get(1..)
                    .is_some_and(|rest| rest.starts_with(prefix))
        };
        match quote {
            Some(quote) if is_whole(quote) => Span::new(start + 1 + head, end - 1),
            _ => word.span,
        }
    };
    Some(Assignment {
        name: name.to_owned(),
        value: Word {
            text: text.to_owned(),
            span,
            dynamic: word.dynamic,
        },
        exported,
        appends,
    })
}
