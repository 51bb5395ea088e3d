//! Strings in double quotes: `parse_quoted_string` in krb5 1.22 `src/util/profile/prof_parse.c`.

use crate::Span;

/// The string in double quotes at the start of `written`, and its span with the quotes. What follows it is ignored; a string
/// without an end goes to the line's.
pub(super) fn quoted(written: &str, span: Span) -> (String, Span) {
    let mut text = String::new();
    let mut chars = written.char_indices().skip(1);
    let start = span.range().start;
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, Span::new(start, start + at + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'b')) => text.push('\u{8}'),
                Some((_, other)) => text.push(other),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    (text, Span::new(start, start + written.len()))
}
