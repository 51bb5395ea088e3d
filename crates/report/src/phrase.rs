//! Counts and lists as English writes them.

/// `1 input`, `3 inputs`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// `1 shell script`, `3 Helm templates (not rendered)`: a kind is named in the plural, maybe with a remark.
pub(crate) fn counted_kind(count: usize, kind: &str) -> String {
    let (words, remark) = match kind.split_once(" (") {
        Some((words, remark)) => (words, format!(" ({remark}")),
        None => (kind, String::new()),
    };
    let words = if count == 1 {
        words.strip_suffix('s').unwrap_or(words)
    } else {
        words
    };
    format!("{count} {words}{remark}")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Breaks a text into lines of at most `width` characters, at blanks. A longer word gets a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_keep_long_words() {
        assert_eq!(wrapped("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrapped("a bb", 4), ["a bb"]);
        assert_eq!(
            wrapped("a longer-than-six b", 6),
            ["a", "longer-than-six", "b"]
        );
    }

    #[test]
    fn a_kind_of_one_is_singular() {
        assert_eq!(counted_kind(1, "shell scripts"), "1 shell script");
        assert_eq!(counted_kind(2, "shell scripts"), "2 shell scripts");
        assert_eq!(
            counted_kind(1, "Helm templates (not rendered)"),
            "1 Helm template (not rendered)"
        );
    }

    #[test]
    fn lists_end_with_and() {
        let items = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(listed(&items("a b c")), "a, b and c");
        assert_eq!(listed(&items("a")), "a");
    }
}
