//! Words of a script with the variables that the script itself sets put in, as far as it tells.
//!
//! A variable counts only if every assignment before the command gives it the same value, or adds to it; anything else stays
//! as written and is marked as dynamic. Commands are never run.

use model::{Place, Sources};
use settings::script::Script;
use settings::spark::submission::Argument;
use std::collections::HashMap;
use text::Span;
use text::shell::{self, Assignment, Command, Word};

/// What a variable holds: its pieces in order, or nothing certain.
#[derive(Clone, Debug)]
enum Held {
    Pieces(Vec<Argument>),
    Uncertain,
}

/// The variables of a script up to a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    held: HashMap<String, Held>,
}

/// A bound on how much text variables may add to one command.
const EXPANDED_WORDS: usize = 4096;

impl Variables {
    /// Takes in the assignments of a command.
    pub(crate) fn learn(&mut self, command: &Command, script: &Script, sources: &Sources) {
        // Assignments before a command's words are seen by that command only.
        let lasts = match command.words.first() {
            None => true,
            Some(word) => matches!(
                word.text.as_str(),
                "export" | "declare" | "typeset" | "readonly" | "local"
            ),
        };
        if lasts {
            for assignment in &command.assignments {
                self.assign(assignment, script, sources);
            }
        }
    }

    /// Takes in one assignment.
    pub(crate) fn assign(&mut self, assignment: &Assignment, script: &Script, sources: &Sources) {
        let pieces = self.pieces(&assignment.value, script, sources);
        let held = match self.held.remove(&assignment.name) {
            Some(Held::Pieces(mut known)) if assignment.appends => {
                known.extend(pieces);
                known.truncate(EXPANDED_WORDS);
                Held::Pieces(known)
            }
            // `X="$X --conf a=b"` already holds what X was.
            Some(Held::Pieces(known)) if !extends(assignment) && !alike(&known, &pieces) => {
                Held::Uncertain
            }
            Some(Held::Uncertain) => Held::Uncertain,
            _ => Held::Pieces(pieces),
        };
        self.held.insert(assignment.name.clone(), held);
    }

    /// The words of a command, with known variables put in.
    pub(crate) fn arguments(
        &self,
        command: &Command,
        script: &Script,
        sources: &Sources,
    ) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for word in &command.words {
            let place = Place::new(script.source, word.span);
            match whole_variable(&word.text).filter(|_| word.dynamic) {
                Some(name) => match self.held.get(name) {
                    Some(Held::Pieces(pieces)) if !is_quoted_scalar(word, place, sources) => {
                        arguments.extend(pieces.iter().cloned());
                    }
                    Some(Held::Pieces(pieces)) => arguments.push(Argument {
                        text: joined(pieces),
                        place,
                        dynamic: pieces.iter().any(|piece| piece.dynamic),
                    }),
                    Some(Held::Uncertain) | None => arguments.push(as_written(word, place)),
                },
                None => arguments.push(self.substituted(word, place)),
            }
            if arguments.len() > EXPANDED_WORDS {
                break;
            }
        }
        arguments
    }

    /// The pieces of an assigned value: the items of an array, the words of a scalar.
    fn pieces(&self, value: &Word, script: &Script, sources: &Sources) -> Vec<Argument> {
        let place = Place::new(script.source, value.span);
        let written = sources.slice(place);
        let array = written
            .strip_prefix('(')
            .map(|inner| inner.strip_suffix(')').unwrap_or(inner));
        let (text, offset) = match array {
            Some(inner) => (inner, value.span.range().start + 1),
            None => return self.scalar_pieces(value, place, sources),
        };
        let inner = Script {
            source: script.source,
            // Line ends part the items of an array like blanks.
            commands: shell::commands(&text.replace('\n', " ")),
            assignments: Vec::new(),
        };
        let mut pieces = Vec::new();
        for word in inner.commands.iter().flat_map(items) {
            let span = Span::new(
                word.span.range().start + offset,
                word.span.range().end + offset,
            );
            pieces.push(self.substituted(&word, Place::new(script.source, span)));
        }
        pieces
    }

    fn scalar_pieces(&self, value: &Word, place: Place, sources: &Sources) -> Vec<Argument> {
        let whole = self.substituted(value, place);
        let words = whole.text.split_whitespace();
        words
            .map(|word| Argument {
                text: unquoted(word).to_owned(),
                place: settings::spark::java_options::within(sources, place, word),
                dynamic: whole.dynamic && word.contains(['$', '`']),
            })
            .collect()
    }

    /// A word with `$name` and `${name}` replaced where they are known.
    fn substituted(&self, word: &Word, place: Place) -> Argument {
        if !word.dynamic || !word.text.contains('$') {
            return as_written(word, place);
        }
        let mut text = String::new();
        let mut rest = word.text.as_str();
        let mut dynamic = rest.contains('`');
        while let Some(at) = rest.find('$') {
            text.push_str(rest.get(..at).unwrap_or_default());
            let reference = rest.get(at..).unwrap_or_default();
            let (name, length) = reference_name(reference);
            match name.and_then(|name| self.held.get(name)) {
                Some(Held::Pieces(pieces)) => {
                    dynamic |= pieces.iter().any(|piece| piece.dynamic);
                    text.push_str(&joined(pieces));
                }
                Some(Held::Uncertain) | None => {
                    dynamic = true;
                    text.push_str(reference.get(..length).unwrap_or_default());
                }
            }
            rest = reference.get(length..).unwrap_or_default();
        }
        text.push_str(rest);
        Argument {
            text,
            place,
            dynamic,
        }
    }
}

/// The items of an array: assignments among them are items like the others.
fn items(command: &Command) -> Vec<Word> {
    let mut words: Vec<Word> = command.words.clone();
    let assigned = command.assignments.iter().map(|assignment| Word {
        text: format!("{}={}", assignment.name, assignment.value.text),
        ..assignment.value.clone()
    });
    words.splice(0..0, assigned);
    words
}

fn as_written(word: &Word, place: Place) -> Argument {
    Argument {
        text: word.text.clone(),
        place,
        dynamic: word.dynamic,
    }
}

fn joined(pieces: &[Argument]) -> String {
    let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    texts.join(" ")
}

fn alike(a: &[Argument], b: &[Argument]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text)
}

fn extends(assignment: &Assignment) -> bool {
    let value = &assignment.value.text;
    value.contains(&format!("${}", assignment.name))
        || value.contains(&format!("${{{}", assignment.name))
}

fn unquoted(word: &str) -> &str {
    let strip = |mark: char| {
        word.strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
    };
    strip('"').or_else(|| strip('\'')).unwrap_or(word)
}

/// The name in a word that is one variable: `$X`, `${X}`, `${X[@]}`.
fn whole_variable(text: &str) -> Option<&str> {
    let (name, length) = reference_name(text);
    name.filter(|_| length == text.len())
}

/// The name that a text starting with `$` refers to, and the length of the reference. `${X:-y}` and commands have no name.
fn reference_name(text: &str) -> (Option<&str>, usize) {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if let Some(rest) = text.strip_prefix("${") {
        let end = rest.find('}').unwrap_or(rest.len());
        let inner = rest.get(..end).unwrap_or_default();
        let name = inner
            .strip_suffix("[@]")
            .or_else(|| inner.strip_suffix("[*]"))
            .unwrap_or(inner);
        return (
            Some(name).filter(|name| is_name(name)),
            (end + 3).min(text.len()),
        );
    }
    if text.starts_with("$(") {
        return (None, text.len());
    }
    let Some(rest) = text.strip_prefix('$') else {
        return (None, 0);
    };
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    let name = rest.get(..length).filter(|name| is_name(name));
    (
        name,
        1 + length.max(usize::from(
            !rest.is_empty() && length == 0 && rest.is_char_boundary(1),
        )),
    )
}

/// `"$X"` is one word; `$X` and `"${X[@]}"` may be many.
fn is_quoted_scalar(word: &Word, place: Place, sources: &Sources) -> bool {
    sources.slice(place).starts_with('"') && !word.text.contains('[')
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Source;

    fn last_arguments(text: &str) -> Vec<(String, bool)> {
        let mut sources = Sources::default();
        let source = sources.add(Source::file("x.sh", text));
        let script = Script {
            source,
            commands: shell::commands(text),
            assignments: Vec::new(),
        };
        let mut variables = Variables::default();
        let mut last = Vec::new();
        for command in &script.commands {
            last = variables.arguments(command, &script, &sources);
            variables.learn(command, &script, &sources);
        }
        last.into_iter().map(|a| (a.text, a.dynamic)).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        last_arguments(text)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    #[test]
    fn known_variables_are_put_in() {
        assert_eq!(
            texts("OPTS=\"--conf a=b --conf c=d\"\nrun $OPTS x\n"),
            ["run", "--conf", "a=b", "--conf", "c=d", "x"]
        );
        assert_eq!(
            texts("A=(--conf \"a=b c\"\n  --conf d=e)\nrun \"${A[@]}\"\n"),
            ["run", "--conf", "a=b c", "--conf", "d=e"]
        );
        assert_eq!(
            texts("S=v\nrun --conf k=$S \"$S\"\n"),
            ["run", "--conf", "k=v", "v"]
        );
        assert_eq!(
            texts("O=\"a\"\nO=\"$O b\"\nO+=\" c\"\nrun $O\n"),
            ["run", "a", "b", "c"]
        );
    }

    #[test]
    fn what_the_script_does_not_tell_stays_dynamic() {
        assert_eq!(
            last_arguments("run $1 --conf k=$X ${Y:-z}\n"),
            [
                ("run".into(), false),
                ("$1".into(), true),
                ("--conf".into(), false),
                ("k=$X".into(), true),
                ("${Y:-z}".into(), true)
            ]
        );
        let branches = "if a; then S=true; else S=false; fi\nrun k=$S\n";
        assert_eq!(
            last_arguments(branches).last().unwrap(),
            &("k=$S".to_owned(), true)
        );
    }

    #[test]
    fn odd_references_end_quietly() {
        for text in ["run $", "run ${", "run $é", "run ${X", "X=(", "run $(a"] {
            let _ = last_arguments(text);
        }
    }
}
