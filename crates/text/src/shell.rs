//! Shell scripts and environment files, read and never run.
//!
//! The grammar is POSIX `sh` as far as simple commands go: quotes, continuations, lists, here-documents. Nothing is expanded;
//! a word that an expansion decides is marked as such.

mod scan;

use crate::Span;

/// A simple command: assignments, words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Assignments before the command, or exported by it.
    pub assignments: Vec<Assignment>,
    /// The command's name and arguments. Empty for a line of assignments.
    pub words: Vec<Word>,
    /// The command's bytes.
    pub span: Span,
}

/// A word with quotes removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text; expansions stand as written (`$X`).
    pub text: String,
    /// The word as written, with its quotes.
    pub span: Span,
    /// Whether a variable, a command substitution or a pattern decides a part of it.
    pub dynamic: bool,
}

/// `NAME=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: Word,
    /// Whether children see it for sure: `export`, `env`, or before a command.
    pub exported: bool,
    /// Whether it adds to what was there (`X+=y`).
    pub appends: bool,
}

/// The simple commands of a script, in order. O(length).
#[must_use]
pub fn commands(text: &str) -> Vec<Command> {
    scan::Scanner::new(text)
        .commands()
        .into_iter()
        .map(split_assignments)
        .collect()
}

/// The lines of an environment file (`docker run --env-file`, `env_file:`): `NAME=value`, the value verbatim to the line's
/// end, `#` comments on lines of their own.
#[must_use]
pub fn env_file(text: &str) -> Vec<Assignment> {
    let mut offset = 0;
    let mut assignments = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let Some((name, value)) = content.split_once('=') else {
            continue;
        };
        let trimmed = name.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') || trimmed.contains(char::is_whitespace) {
            continue;
        }
        let value_start = start + name.len() + 1;
        assignments.push(Assignment {
            name: trimmed.to_owned(),
            value: Word {
                text: value.to_owned(),
                span: Span::new(value_start, value_start + value.len()),
                dynamic: false,
            },
            exported: true,
            appends: false,
        });
    }
    assignments
}

/// Takes assignments off the front of a command, and those that `export`, `declare` and `env` make.
fn split_assignments(mut command: Command) -> Command {
    let leading = command
        .words
        .iter()
        .take_while(|word| assignment(word, true).is_some())
        .count();
    let words = command.words.split_off(leading);
    let exported = !words.is_empty();
    command.assignments = command
        .words
        .iter()
        .filter_map(|word| assignment(word, exported))
        .collect();
    let name = words.first().map(|word| word.text.as_str());
    match name {
        Some("export" | "declare" | "typeset" | "readonly" | "local") => {
            command
                .assignments
                .extend(words.iter().filter_map(|word| assignment(word, true)));
            command.words = words;
        }
        Some("env") => {
            let own = words
                .iter()
                .skip(1)
                .take_while(|word| word.text.starts_with('-') || assignment(word, true).is_some());
            let count = own.clone().count();
            command
                .assignments
                .extend(own.filter_map(|word| assignment(word, true)));
            command.words = words.into_iter().skip(1 + count).collect();
        }
        _ => command.words = words,
    }
    command
}

fn assignment(word: &Word, exported: bool) -> Option<Assignment> {
    let (name, value) = word.text.split_once('=')?;
    let (name, appends) = name
        .strip_suffix('+')
        .map_or((name, false), |name| (name, true));
    let mut bytes = name.bytes();
    let starts_well = bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if !starts_well || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let skip = word.span.len().min(name.len() + 1 + usize::from(appends));
    let span = Span::new(word.span.range().start + skip, word.span.range().end);
    let value = Word {
        text: value.to_owned(),
        span,
        dynamic: word.dynamic,
    };
    Some(Assignment {
        name: name.to_owned(),
        value,
        exported,
        appends,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        commands(text)
            .into_iter()
            .map(|c| c.words.into_iter().map(|w| w.text).collect())
            .collect()
    }

    #[test]
    fn quotes_continuations_and_lists() {
        let text = "set -e; spark-submit \\\n  --conf \"spark.a=b c\" --conf 'x=y' # note\nls | wc -l && echo a\\ b &\n";
        assert_eq!(
            words(text),
            vec![
                vec!["set", "-e"],
                vec!["spark-submit", "--conf", "spark.a=b c", "--conf", "x=y"],
                vec!["ls"],
                vec!["wc", "-l"],
                vec!["echo", "a b"]
            ]
        );
        let submit = &commands(text)[1];
        assert_eq!(&text[submit.words[2].span.range()], "\"spark.a=b c\"");
    }

    #[test]
    fn assignments_in_all_their_places() {
        let text = "A=1 B=\"x $Y\" cmd c\nexport D='-Dspark.x=y'\nE=plain\nenv -i F=g run\n";
        let all: Vec<_> = commands(text)
            .into_iter()
            .flat_map(|c| c.assignments)
            .collect();
        let brief: Vec<_> = all
            .iter()
            .map(|a| {
                (
                    a.name.as_str(),
                    a.value.text.as_str(),
                    a.exported,
                    a.value.dynamic,
                )
            })
            .collect();
        assert_eq!(
            brief,
            [
                ("A", "1", true, false),
                ("B", "x $Y", true, true),
                ("D", "-Dspark.x=y", true, false),
                ("E", "plain", false, false),
                ("F", "g", true, false)
            ]
        );
        assert_eq!(&text[all[2].value.span.range()], "'-Dspark.x=y'");
    }

    #[test]
    fn here_documents_are_not_commands() {
        let text = "cat <<EOF > f\nspark-submit --conf a=b\nEOF\necho done\n";
        assert_eq!(
            words(text)
                .iter()
                .map(|c| c[0].as_str())
                .collect::<Vec<_>>(),
            ["cat", "echo"]
        );
        assert_eq!(
            words("cat <<-'X'\n\trm -rf\n\tX\nls\n").last().unwrap(),
            &["ls"]
        );
    }

    #[test]
    fn unfinished_text_ends_quietly() {
        for text in [
            "echo 'abc",
            "echo \"a",
            "a \\",
            "cat <<EOF\nbody",
            "$(",
            "`x",
            "((",
            "X=(1 2",
        ] {
            let _ = commands(text);
        }
        assert_eq!(
            words("echo $(date +%s) x"),
            vec![vec!["echo", "$(date +%s)", "x"]]
        );
        assert!(commands("echo $(date) x")[0].words[1].dynamic);
    }

    #[test]
    fn environment_files_are_verbatim() {
        let text = "# c\nCORE-SITE.XML_fs.defaultFS=hdfs://nn:8020\nX=\"a\"\n\nbad line\nY=1=2\r\n";
        let all = env_file(text);
        let brief: Vec<_> = all
            .iter()
            .map(|a| (a.name.as_str(), a.value.text.as_str()))
            .collect();
        assert_eq!(
            brief,
            [
                ("CORE-SITE.XML_fs.defaultFS", "hdfs://nn:8020"),
                ("X", "\"a\""),
                ("Y", "1=2")
            ]
        );
        assert_eq!(&text[all[0].value.span.range()], "hdfs://nn:8020");
    }
}
