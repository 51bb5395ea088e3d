//! Command lines that show a variable to others: start scripts that print it, Spark properties that carry it.

use text::{Span, shell};

/// Words of `spark.redaction.regex` by default: the first five since 3.3, `credential` from 4.0.5 on. A word that some release
/// covers is no finding.
const REDACTED: [&str; 6] = [
    "secret",
    "password",
    "token",
    "access.key",
    "accesskey",
    "credential",
];

/// A variable in a Spark property whose name the default redaction does not cover.
pub const UNREDACTED: &str = "a Spark property that no redaction covers";

/// Where and how an argument shows a variable to others, if it does.
#[must_use]
pub fn shown_by(text: &str, previous: &str, variable: &str) -> Option<(Span, &'static str)> {
    if let Some((key, value)) = text.split_once('=')
        && (previous == "--conf" || previous == "-c")
        && key.starts_with("spark.")
        && value.contains(&format!("$({variable})"))
    {
        let whole = Span::new(0, text.len());
        return (!is_redacted(key)).then_some((whole, UNREDACTED));
    }
    // Only a shell's argument is a script; a word without blanks runs nothing.
    if !text.trim().contains([' ', '\n']) {
        return None;
    }
    let mut traces = false;
    for command in shell::commands(text) {
        let written = text.get(command.span.range()).unwrap_or_default();
        let mut words = command.words.iter().map(|word| word.text.as_str());
        // `env` alone lists the variables; the parser takes it for a prefix of nothing.
        let name = words.next().unwrap_or_else(|| written.trim());
        let rest: Vec<&str> = words.collect();
        let mentions = rest.iter().any(|word| mentions(word, variable));
        let is_flag =
            |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains('x');
        let goes_to_log = !leads_elsewhere(written, text, command.span.range().end);
        let by = match name.rsplit('/').next().unwrap_or(name) {
            "echo" | "printf" if mentions && goes_to_log => "the start script prints it",
            "printenv" if goes_to_log && (rest.is_empty() || rest.contains(&variable)) => {
                "the start script prints it"
            }
            "env" if rest.is_empty() && goes_to_log => "the start script prints all variables",
            "set" if rest.iter().any(is_flag) => {
                traces = true;
                continue;
            }
            "set" if rest.contains(&"+x") => {
                traces = false;
                continue;
            }
            _ if traces && mentions => "the start script traces its commands (set -x)",
            _ => continue,
        };
        return Some((command.span, by));
    }
    None
}

/// `$X`, `${X}` or, replaced by the kubelet, `$(X)`.
fn mentions(word: &str, variable: &str) -> bool {
    if word.contains(&format!("${{{variable}}}")) || word.contains(&format!("$({variable})")) {
        return true;
    }
    let plain = format!("${variable}");
    word.match_indices(&plain).any(|(at, _)| {
        let after = word.get(at + plain.len()..).unwrap_or_default();
        !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Whether a command's output goes to another command, to a file, or into a variable rather than to the log.
fn leads_elsewhere(written: &str, text: &str, end: usize) -> bool {
    let after = text
        .get(end..)
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    let is_pipe = after.starts_with('|') && !after.starts_with("||");
    // Standard error is the log too.
    let to_file = |redirect: &str| {
        redirect.contains('>') && !redirect.contains(">&2") && !redirect.contains("/dev/std")
    };
    let behind = after.split([';', '\n']).next().unwrap_or_default();
    is_pipe
        || to_file(written)
        || (after.starts_with('>') && to_file(behind))
        || after.starts_with([')', '`'])
}

fn is_redacted(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    REDACTED.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{UNREDACTED, shown_by};

    fn by(text: &str, previous: &str) -> Option<&'static str> {
        shown_by(text, previous, "PW").map(|(_, by)| by)
    }

    #[test]
    fn scripts_that_print() {
        for text in [
            "echo $PW",
            "cd /; echo \"x${PW}y\" >&2",
            "printenv PW",
            "env; run",
            "set -x; run --login $PW",
        ] {
            assert!(by(text, "-c").is_some(), "{text}");
        }
        for text in [
            "echo $PWD x",
            "echo $PW | login",
            "X=$(echo $PW) run",
            "echo $PW > /run/x",
            "env X=1 run",
            "printenv HOME",
            "set -x; run",
            "set -x; set +x; run $PW",
            "/PW",
            "run $PW now",
        ] {
            assert_eq!(by(text, "-c"), None, "{text}");
        }
    }

    #[test]
    fn properties_that_carry() {
        assert_eq!(by("spark.app.login=$(PW)", "--conf"), Some(UNREDACTED));
        assert_eq!(by("spark.app.password=$(PW)", "--conf"), None);
        assert_eq!(by("spark.app.login=$(PWD)", "--conf"), None);
        assert_eq!(by("spark.app.login=$(PW)", "--name"), None);
    }
}
