//! From a text to events, past broken documents.

use super::Stream;
use super::build::{Builder, Step};
use super::message::syntax_error;
use crate::limits::{MAX_COMMENTS, MAX_ERRORS, MAX_NODES};
use crate::{Span, SyntaxError};
use granit_parser::Parser;

pub(super) fn stream(text: &str) -> Stream {
    let mut stream = Stream::default();
    let options = granit_parser::options! {
        // Looking for comments costs a fifth of the time.
        emit_comments: memchr::memchr(b'#', text.as_bytes()).is_some(),
        max_buffered_comment_events: MAX_COMMENTS,
        // As libyaml and its port go-yaml, which Kubernetes reads with, take the last line of a text.
        block_scalar_eof_without_line_feed: true,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder::new(text);
    loop {
        let step = match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => builder.take(event, span),
            Some(Err(error)) => Err(syntax_error(text, builder.from, &error)),
        };
        match step {
            Ok(Step::More) => {}
            Ok(Step::Document(document)) => stream.documents.push(*document),
            Ok(Step::End) => break,
            Err(error) => {
                let from = error.span.range().start;
                stream.errors.push(error);
                builder.restart(from);
                if stream.errors.len() >= MAX_ERRORS || builder.nodes > MAX_NODES {
                    let message = "the rest is not read: too many errors or values";
                    stream
                        .errors
                        .push(SyntaxError::new(Span::at(from), message));
                    break;
                }
                // A source failure cannot be recovered from; a syntax error continues with the next document.
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    stream
}
