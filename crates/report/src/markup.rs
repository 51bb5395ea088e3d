//! Text as text of HTML, XML or Markdown.

/// Writes `&`, `<` and `>` as entities, since all three languages read them; `push` writes every other character.
pub(crate) fn escaped(text: &str, push: impl Fn(&mut String, char)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => push(&mut escaped, character),
        }
    }
    escaped
}
