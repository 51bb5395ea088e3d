//! What is checked before a tree is built.
//!
//! The scan follows tags, comments, CDATA sections and instructions exactly up to the first error of well-formedness, where
//! the reader stops anyway. Every byte is looked at a bounded number of times.

use crate::limits::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES};
use crate::{Span, SyntaxError};

/// Refuses entities, deep nesting, and elements whose attributes or namespaces the reader would compare pairwise for long.
pub(super) fn check(text: &str) -> Result<(), SyntaxError> {
    let mut guard = Guard::default();
    let mut at = 0;
    loop {
        let unread = text.as_bytes().get(at..).unwrap_or_default();
        let Some(start) = memchr::memchr(b'<', unread).map(|found| at + found) else {
            return Ok(());
        };
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let end = match rest {
            [b'<', b'!', b'-', b'-', ..] => past(rest, 4, b"-->"),
            [b'<', b'!', b'[', ..] => past(rest, 9, b"]]>"),
            [b'<', b'?', ..] => past(rest, 2, b"?>"),
            [b'<', b'!', ..] => declaration(rest, start)?,
            [b'<', b'/', ..] => {
                guard.close();
                past(rest, 2, b">")
            }
            _ => guard.open(rest, start)?,
        };
        match end {
            Some(length) => at = start + length,
            // Something is not closed; the reader says what.
            None => return Ok(()),
        }
    }
}

#[derive(Default)]
struct Guard {
    /// The namespaces that each open element declares.
    namespaces: Vec<usize>,
    /// Their sum.
    in_scope: usize,
}

impl Guard {
    fn close(&mut self) {
        self.in_scope -= self.namespaces.pop().unwrap_or(0);
    }

    /// The length of a start tag.
    fn open(&mut self, tag: &[u8], start: usize) -> Result<Option<usize>, SyntaxError> {
        let here = Span::new(start, start + 1);
        let mut at = 1;
        let (mut attributes, mut namespaces) = (0, 0);
        loop {
            let rest = tag.get(at..).unwrap_or_default();
            let Some(stop) = memchr::memchr3(b'"', b'\'', b'>', rest) else {
                return Ok(None);
            };
            let name = rest.get(..stop).unwrap_or_default();
            let quote = rest.get(stop).copied().unwrap_or(b'>');
            at += stop + 1;
            if quote == b'>' {
                break;
            }
            attributes += 1;
            namespaces += usize::from(memchr::memmem::find(name, b"xmlns").is_some());
            if attributes > MAX_ATTRIBUTES {
                let message = format!("an element with more than {MAX_ATTRIBUTES} attributes");
                return Err(SyntaxError::new(here, message));
            }
            let value = tag.get(at..).unwrap_or_default();
            match memchr::memchr(quote, value) {
                Some(end) => at += end + 1,
                None => return Ok(None),
            }
        }
        if self.in_scope + namespaces > MAX_NAMESPACES {
            let message = format!("more than {MAX_NAMESPACES} namespaces in scope");
            return Err(SyntaxError::new(here, message));
        }
        if tag.get(at.saturating_sub(2)) != Some(&b'/') {
            self.namespaces.push(namespaces);
            self.in_scope += namespaces;
        }
        if self.namespaces.len() > MAX_DEPTH {
            let message = format!("elements nested deeper than {MAX_DEPTH} levels");
            return Err(SyntaxError::new(here, message));
        }
        Ok(Some(at))
    }
}

/// The length up to and with `end`, which stands after the first `skip` bytes.
fn past(rest: &[u8], skip: usize, end: &[u8]) -> Option<usize> {
    let body = rest.get(skip..)?;
    memchr::memmem::find(body, end).map(|at| skip + at + end.len())
}

/// The length of a document type. It may name an external one, which is not fetched; what it declares itself is refused,
/// since entities expand.
fn declaration(rest: &[u8], start: usize) -> Result<Option<usize>, SyntaxError> {
    let mut at = 2;
    while let Some(byte) = rest.get(at) {
        at += 1;
        match byte {
            b'>' => return Ok(Some(at)),
            b'[' => {
                let message = "declarations inside a document type are not read: \
                               an entity can expand without bound or fetch another file";
                return Err(SyntaxError::new(Span::new(start, start + at), message));
            }
            quote @ (b'"' | b'\'') => {
                let value = rest.get(at..).unwrap_or_default();
                match memchr::memchr(*quote, value) {
                    Some(end) => at += end + 1,
                    None => return Ok(None),
                }
            }
            _ => {}
        }
    }
    Ok(None)
}
