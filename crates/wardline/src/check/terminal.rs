//! What the terminal can show, and what was typed into it.

use std::path::Path;

/// The narrowest text that can be read, and the widest that is pleasant.
const NARROWEST: usize = 40;
const PLEASANT: usize = 120;

/// Where there is no terminal: what most show well.
const USUAL: usize = 100;

/// The width to wrap at: what COLUMNS says, else the terminal's own.
pub(crate) fn width() -> usize {
    let stated = std::env::var("COLUMNS").ok();
    let stated = stated.and_then(|columns| columns.parse::<usize>().ok());
    let own =
        || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).min(PLEASANT));
    stated
        .filter(|columns| *columns > 0)
        .or_else(own)
        .map_or(USUAL, |columns| columns.clamp(NARROWEST, 400))
}

/// The command as it was typed, to be repeated with another flag. Only its name counts of the program's path.
pub(super) fn command() -> String {
    let mut words = std::env::args_os();
    let program = words.next().unwrap_or_default();
    let program = Path::new(&program)
        .file_stem()
        .unwrap_or(&program)
        .to_owned();
    std::iter::once(program)
        .chain(words)
        .map(|word| quoted(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word as a shell takes it, on one line.
fn quoted(word: &str) -> String {
    let word = report::escape::line(word);
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,:=@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_change_them() {
        assert_eq!(quoted("deploy/prod"), "deploy/prod");
        assert_eq!(quoted("hdfs/*"), "'hdfs/*'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a\u{1b}[2J"), "'a\\x1b[2J'");
    }
}
