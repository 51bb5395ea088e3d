//! Words into flags.

use super::Flag;
use super::program::Program;
use super::word::Word;
use model::Place;

/// The flags among the words after a program's name, and the words that may hold any flag.
///
/// Kubernetes' components use pflag, etcd Go's own `flag`: there a single dash is as good as two, and the first word that is
/// no flag ends them. `--x=y` and `--x y` are alike; a Boolean takes its value only after `=`.
pub(super) fn flags(program: Program, words: &[Word]) -> (Vec<Flag>, Vec<Place>) {
    let mut flags = Vec::new();
    let mut unknown = Vec::new();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if text == "--" {
            break;
        }
        let Some(dashes) = dashes(text) else {
            if word.dynamic {
                unknown.push(word.place);
            } else if program == Program::Etcd {
                break;
            }
            continue;
        };
        let (name, value) = match text.find('=') {
            Some(at) => (text.get(dashes..at), Some(word.from(at + 1))),
            None => (text.get(dashes..), None),
        };
        let name = name.unwrap_or_default();
        if name.contains('$') && word.dynamic {
            unknown.push(word.place);
            continue;
        }
        let name = match program {
            Program::Etcd => name.to_owned(),
            _ => name.replace('_', "-"),
        };
        let value = value.or_else(|| {
            if program.is_boolean(&name) {
                None
            } else {
                rest.next_if(|next| is_value(&next.text)).cloned()
            }
        });
        flags.push(Flag {
            name: name.into(),
            value,
            place: word.place,
        });
    }
    (flags, unknown)
}

/// How many dashes a flag starts with; `None` if the word is no flag.
fn dashes(text: &str) -> Option<usize> {
    let count = text.len() - text.trim_start_matches('-').len();
    (matches!(count, 1 | 2) && text.len() > count).then_some(count)
}

/// Whether a word can be the value of the flag before it: anything but a flag. Negative numbers are values.
fn is_value(text: &str) -> bool {
    dashes(text).is_none() || text.parse::<i64>().is_ok()
}
