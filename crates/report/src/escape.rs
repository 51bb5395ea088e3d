//! Text from outside, made safe to print.
//!
//! File names, values and subject names come from files that anybody may have written. A control character or a bidirectional
//! override among them could move the cursor, hide a line or reverse what is read, so they are written out as escapes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Writes control characters and invisible formatting characters of one line of text as `\n`, `\x1b`, `\u{202e}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut escaped, character);
    }
    Cow::Owned(escaped)
}

/// Appends one character, escaped if it must be.
pub(crate) fn push(escaped: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = match character {
        '\n' => escaped.write_str("\\n"),
        '\r' => escaped.write_str("\\r"),
        '\t' => escaped.write_str("\\t"),
        _ if !is_unsafe(character) => escaped.write_char(character),
        _ if u32::from(character) < 0x100 => write!(escaped, "\\x{:02x}", u32::from(character)),
        _ => write!(escaped, "\\u{{{:x}}}", u32::from(character)),
    };
}

/// Writes JSON whose strings hold no raw C1 control, DEL or formatting character: a terminal may obey those too.
///
/// `serde_json` escapes only what the JSON grammar demands (RFC 8259, section 7): C0 controls, quotes and backslashes.
/// Outside strings JSON is ASCII, so replacing these characters everywhere changes no value.
#[must_use]
pub(crate) fn json(json: String) -> String {
    if !holds_unsafe(&json) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    let mut units = [0_u16; 2];
    for character in json.chars() {
        if is_unsafe(character) && character != '\n' {
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a JSON text holds an unsafe character, line ends between its values apart.
fn holds_unsafe(json: &str) -> bool {
    let mut rest = json;
    loop {
        rest = rest.get(plain_length(rest)..).unwrap_or_default();
        if rest.is_empty() {
            return false;
        }
        let mut characters = rest.chars();
        let mut near = characters.by_ref().take(CHUNK);
        if near.any(|character| is_unsafe(character) && character != '\n') {
            return true;
        }
        rest = characters.as_str();
    }
}

/// How many bytes are compared at once.
const CHUNK: usize = 64;

/// The length of the chunks at the start of a text that are printable ASCII and line ends, as nearly all of a report is. No byte
/// of a chunk ends the loop over it early, so the compiler compares many at once: a fifteenth of the time that characters take.
fn plain_length(text: &str) -> usize {
    let is_plain = |plain: bool, byte: &u8| plain & matches!(byte, b' '..=b'~' | b'\n');
    text.as_bytes()
        .chunks(CHUNK)
        .take_while(|chunk| chunk.iter().fold(true, is_plain))
        .map(<[u8]>::len)
        .sum()
}

/// Control characters, and format characters that reorder or hide text (Unicode Standard Annex 9 and 31).
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn terminal_controls_become_visible() {
        assert_eq!(super::line("a\u{1b}[2Jb\nc"), "a\\x1b[2Jb\\nc");
        assert_eq!(super::line("x\u{202e}y\u{9b}31m"), "x\\u{202e}y\\x9b31m");
        assert_eq!(super::line("plain é •"), "plain é •");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "a\u{9b}b\u{202e}\u{e0001}";
        let written = super::json(serde_json::to_string(value).unwrap());
        assert!(written.is_ascii(), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), value);
    }

    #[test]
    fn unsafe_characters_are_found_wherever_they_stand() {
        for character in [
            '\u{1}',
            '\r',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{202e}',
            '\u{e0001}',
        ] {
            for before in ["", "a", "é", "a\nb•", &"a".repeat(200), &"•".repeat(100)] {
                let text = format!("{before}{character}c");
                assert!(super::holds_unsafe(&text), "{text:?}");
            }
        }
        for text in ["", "a\nb", "•••", "é", "a • b", "\u{10ffff}"] {
            assert!(!super::holds_unsafe(text), "{text:?}");
        }
    }
}
