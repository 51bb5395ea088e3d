//! Where values stand in a line of configuration, in any of the syntaxes that deployments use.

use std::ops::Range;

/// The value of a line that gives only a value: `<value>x</value>`, `value: x`.
pub(crate) fn value_of_value_line(line: &str) -> Option<Range<usize>> {
    if let Some(tag) = line.find("<value>") {
        let start = tag + "<value>".len();
        let end = line
            .get(start..)?
            .find('<')
            .map_or(line.len(), |length| start + length);
        return Some(start..end);
    }
    let key = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '"'));
    let start = line.len()
        - key
            .strip_prefix("value")?
            .trim_start_matches('"')
            .trim_start()
            .strip_prefix(':')?
            .len();
    value_at(line, start, true)
}

/// The next run of characters that keys are made of.
pub(crate) fn next_key(line: &str, from: usize) -> Option<Range<usize>> {
    let of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let start = from + line.get(from..)?.find(of_key)?;
    let length = line
        .get(start..)?
        .find(|c| !of_key(c))
        .unwrap_or(line.len() - start);
    Some(start..start + length)
}

/// The value that follows a key which ends at `end`. A blank alone separates only where `blank` allows it.
pub(crate) fn value_after(line: &str, end: usize, blank: bool) -> Option<Range<usize>> {
    let rest = line.get(end..)?;
    if let Some(tags) = rest.strip_prefix("</name>") {
        let start = end + "</name>".len() + tags.find("<value>")? + "<value>".len();
        return Some(start..start + line.get(start..)?.find('<').unwrap_or(line.len() - start));
    }
    let unquoted = rest.trim_start_matches(['"', '\'']).trim_start();
    let separator = unquoted.chars().next()?;
    match separator {
        '=' => value_at(line, line.len() - unquoted.len() + 1, false),
        ':' => value_at(line, line.len() - unquoted.len() + 1, true),
        // `--password x`, `["--password", "x"]`, and `spark.authenticate.secret x` of a properties file.
        _ if blank && rest.starts_with([' ', '\t', '"', '\'']) => {
            let value = unquoted.trim_start_matches([',', ' ', '\t']);
            value_at(line, line.len() - value.len(), false)
        }
        _ => None,
    }
}

/// The value that starts at or after `start`: quoted, else up to the end of the word or, in YAML, of the line.
fn value_at(line: &str, start: usize, to_end: bool) -> Option<Range<usize>> {
    let rest = line.get(start..)?;
    let value = rest.trim_start();
    let start = line.len() - value.len();
    let range = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = value.get(1..)?;
            start + 1..start + 1 + inner.find(quote).unwrap_or(inner.len())
        }
        '{' | '[' | '|' | '>' | '&' | '*' if to_end => return None,
        _ if to_end => {
            let value = value.split(" #").next()?.trim_end();
            // In a flow mapping the value ends before the brace, unless it has one of its own: `${NAME}`.
            let closes =
                |c: char| c == ',' || c.is_whitespace() || (c == '}' && !value.contains('{'));
            let value = value.trim_end_matches(closes);
            start..start + value.len()
        }
        _ => {
            start
                ..start
                    + value
                        .find(|c: char| c.is_whitespace() || ",;<&\"'".contains(c))
                        .unwrap_or(value.len())
        }
    };
    let text = line.get(range.clone())?;
    (!text.is_empty() && !is_harmless_value(text)).then_some(range)
}

fn is_harmless_value(value: &str) -> bool {
    matches!(value, "true" | "false" | "null" | "~")
        || (value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit()))
        || (value.starts_with("${") && value.find('}') == Some(value.len() - 1))
        || (value.starts_with("$(") && value.ends_with(')'))
}
