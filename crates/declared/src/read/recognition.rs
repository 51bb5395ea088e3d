//! Which reader reads a text, and whether its product reads the bytes at all.

use crate::FAMILIES;
use crate::files::Content;
use crate::reading::{Bytes, Candidate, Reader, Reading};
use model::SourceId;
use text::decode::Encoding;
use text::limits::MAX_TEXT;
use text::{Span, SyntaxError};

/// The reader of a text, and what it found.
pub(super) fn recognise(
    candidate: &Candidate<'_>,
    encoding: Encoding,
) -> Option<(&'static Reader, Reading)> {
    let reader = reader_of(candidate)?;
    let mut reading = Reading::default();
    match misread(reader, encoding, candidate.text) {
        None => (reader.read)(candidate, &mut reading),
        Some(Misread::Whole(problem)) => reading.problem(problem),
        Some(Misread::Start(problem)) => {
            let end = problem.span.range().end;
            let rest = candidate.text.get(end..).unwrap_or_default();
            // Blanks keep every other place where it is.
            let text = " ".repeat(end) + rest;
            (reader.read)(
                &Candidate {
                    text: &text,
                    ..*candidate
                },
                &mut reading,
            );
            reading.problem(problem);
        }
    }
    Some((reader, reading))
}

/// The reader that would read a text.
fn reader_of(candidate: &Candidate<'_>) -> Option<&'static Reader> {
    let mut readers = FAMILIES.iter().flat_map(|family| family.readers);
    readers
        .find(|reader| reader.formats.contains(&candidate.format) && (reader.recognise)(candidate))
}

/// A text of which the product does not read what stands there.
enum Misread {
    /// Nothing of it.
    Whole(SyntaxError),
    /// Not its first line.
    Start(SyntaxError),
}

fn misread(reader: &Reader, encoding: Encoding, text: &str) -> Option<Misread> {
    let whole = |span, message: &str| Some(Misread::Whole(SyntaxError::new(span, message)));
    match (reader.bytes, encoding) {
        (_, Encoding::Utf8)
        | (Bytes::Detected, Encoding::MarkedUtf8 | Encoding::Utf16)
        | (Bytes::RawAfterMark, Encoding::MarkedUtf8)
        | (Bytes::Raw | Bytes::RawAfterMark, Encoding::SingleByte(_)) => None,
        (Bytes::Detected, Encoding::SingleByte(first)) => {
            let is_declared = declared_encoding(text).is_some_and(is_single_byte);
            if is_declared {
                return None;
            }
            whole(
                first,
                "not UTF-8: this byte is no part of a character; convert the file to UTF-8",
            )
        }
        (Bytes::Raw | Bytes::RawAfterMark, Encoding::Utf16) => whole(
            Span::at(0),
            "UTF-16, which this product does not read: nothing in the file counts; convert it to UTF-8",
        ),
        (Bytes::Raw, Encoding::MarkedUtf8) => first_line(text).map(|span| {
            Misread::Start(SyntaxError::new(
                span,
                "a byte order mark stands before this line, so the product does not know it and it does not count; save the file without the mark",
            ))
        }),
    }
}

/// The first line with the lines that continue it, unless nothing is lost with it: a blank or a comment.
fn first_line(text: &str) -> Option<Span> {
    let first = text.lines().next().unwrap_or_default().trim_start();
    if first.is_empty() || first.starts_with(['#', ';', '!']) {
        return None;
    }
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end_matches(['\n', '\r']).ends_with('\\') {
            break;
        }
    }
    let end = text
        .get(..end)
        .unwrap_or(text)
        .trim_end_matches(['\n', '\r']);
    Some(Span::new(0, end.len()))
}

/// The encoding that an XML declaration names.
fn declared_encoding(text: &str) -> Option<&str> {
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

fn is_single_byte(encoding: &str) -> bool {
    let name = encoding.to_ascii_lowercase();
    ["iso-8859-", "iso8859", "windows-125", "cp125", "latin"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// What could not be read but was meant to be: with other line ends, without its NULs, or if it were smaller, a reader would
/// read it. `None` for anybody's data.
pub(super) fn missed(path: &str, content: &Content) -> Option<String> {
    let kind = |text: &str| {
        let candidate = super::candidate(SourceId(0), path, text, None);
        reader_of(&candidate).map(|reader| reader.name)
    };
    match content {
        Content::Text(text) => {
            let bytes = text.text.as_bytes();
            if memchr::memchr(b'\n', bytes).is_some() || memchr::memchr(b'\r', bytes).is_none() {
                return None;
            }
            let kind = kind(&text.text.replace('\r', "\n"))?;
            Some(format!(
                "its lines end with a carriage return alone; with line feeds it would be one of the {kind}"
            ))
        }
        Content::Binary(start) => {
            let kind = kind(start)?;
            Some(format!(
                "starts like one of the {kind}, but holds NUL bytes: it is damaged, or UTF-16 without a byte order mark"
            ))
        }
        Content::TooLarge(start) => {
            let kind = kind(start)?;
            let limit = MAX_TEXT >> 20;
            Some(format!(
                "one of the {kind}, but larger than {limit} MiB, the limit for a file; split it, a dump of a cluster by namespace"
            ))
        }
        Content::Special | Content::Dangling | Content::Unreadable(_) => None,
    }
}

/// Whether a name ends as those of configurations do: all that is known of a link to what is not here.
pub(super) fn is_named_like_configuration(path: &str) -> bool {
    const EXTENSIONS: [&str; 10] = [
        "xml",
        "yaml",
        "yml",
        "json",
        "conf",
        "properties",
        "toml",
        "cfg",
        "env",
        "service",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::{declared_encoding, first_line, is_single_byte};
    use text::Span;

    #[test]
    fn the_first_line_is_lost_with_its_continuations() {
        assert_eq!(first_line("# a comment\nb c\n"), None);
        assert_eq!(first_line("\nb c\n"), None);
        assert_eq!(first_line("a b\nc d\n"), Some(Span::new(0, 3)));
        assert_eq!(first_line("a b,\\\n  c\r\nd e\n"), Some(Span::new(0, 9)));
        assert_eq!(first_line("a b"), Some(Span::new(0, 3)));
    }

    #[test]
    fn an_xml_declaration_names_an_encoding() {
        let named = |text| declared_encoding(text).is_some_and(is_single_byte);
        assert!(named("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"));
        assert!(named("<?xml version='1.0' encoding = 'windows-1252' ?>"));
        assert!(!named("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        assert!(!named(
            "<?xml version=\"1.0\"?><a encoding=\"ISO-8859-1\"/>"
        ));
        assert!(!named("a: 1"));
    }
}
