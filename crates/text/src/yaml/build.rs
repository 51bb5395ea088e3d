//! From events to a tree.

use super::{Document, Stream};
use crate::limits::{MAX_ALIAS_NODES, MAX_DEPTH, MAX_NODES};
use crate::{Entry, Node, Scalar, Span, Style, SyntaxError, Value};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::{HashMap, HashSet};

pub(super) fn stream(text: &str) -> Stream {
    let mut stream = Stream::default();
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::new(text);
    loop {
        let step = match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => builder.take(event, span),
            Some(Err(error)) => Err(SyntaxError::new(
                Span::at(
                    error
                        .marker()
                        .byte_offset()
                        .unwrap_or(text.len())
                        .min(text.len()),
                ),
                describe(text, error.info()),
            )),
        };
        match step {
            Ok(Step::More) => {}
            Ok(Step::Document(document)) => {
                stream.documents.push(*document);
                builder = Builder::new(text);
            }
            Ok(Step::Empty) => builder = Builder::new(text),
            Ok(Step::End) => break,
            Err(error) => {
                stream.errors.push(error);
                builder = Builder::new(text);
                // A source failure cannot be recovered from; a syntax error continues with the next document.
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    stream
}

fn describe(text: &str, message: String) -> String {
    if text.contains("{{") {
        format!("not YAML: {message}; it looks like a template that was not rendered")
    } else {
        format!("not YAML: {message}")
    }
}

enum Step {
    More,
    Document(Box<Document>),
    Empty,
    End,
}

/// A collection that is still open.
struct Open {
    anchor: usize,
    start: usize,
    flow: bool,
    items: Vec<Node>,
    entries: Option<Vec<Entry>>,
    key: Option<Node>,
}

struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    comments: Vec<Span>,
    strict: Vec<SyntaxError>,
    root: Option<Node>,
    nodes: usize,
    alias_nodes: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Builder {
            text,
            open: Vec::new(),
            anchors: HashMap::new(),
            comments: Vec::new(),
            strict: Vec::new(),
            root: None,
            nodes: 0,
            alias_nodes: 0,
        }
    }

    fn take(&mut self, event: Event<'t>, span: granit_parser::Span) -> Result<Step, SyntaxError> {
        let span = span
            .byte_range()
            .map_or(Span::at(self.text.len()), Span::from);
        match event {
            Event::StreamEnd => return Ok(Step::End),
            Event::Comment(..) => self.comments.push(span),
            Event::Scalar(value, style, anchor, tag) => {
                // `!!str 1` is a string, whatever it looks like.
                let is_string = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let style = match style {
                    ScalarStyle::Plain if is_string => Style::Quoted,
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                let node = Node {
                    span,
                    value: Value::Scalar(Scalar {
                        text: value.into(),
                        style,
                    }),
                };
                self.complete(node, anchor, 1)?;
            }
            Event::SequenceStart(style, anchor, _) => self.begin(span, style, anchor, None)?,
            Event::MappingStart(style, anchor, _) => {
                self.begin(span, style, anchor, Some(Vec::new()))?
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::Alias(id) => self.alias(id, span)?,
            Event::DocumentEnd => {
                let Some(root) = self.root.take() else {
                    return Ok(Step::Empty);
                };
                if root.is_null() {
                    return Ok(Step::Empty);
                }
                let document = Document {
                    span: root.span,
                    root,
                    comments: std::mem::take(&mut self.comments),
                    strict: std::mem::take(&mut self.strict),
                };
                return Ok(Step::Document(Box::new(document)));
            }
            _ => {}
        }
        Ok(Step::More)
    }

    fn begin(
        &mut self,
        span: Span,
        style: granit_parser::StructureStyle,
        anchor: usize,
        entries: Option<Vec<Entry>>,
    ) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError::new(
                span,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let flow = matches!(style, granit_parser::StructureStyle::Flow);
        self.open.push(Open {
            anchor,
            start: span.range().start,
            flow,
            items: Vec::new(),
            entries,
            key: None,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let first = open
            .entries
            .as_ref()
            .and_then(|entries| entries.first())
            .map(|entry| entry.key.span);
        let last = match &open.entries {
            Some(entries) => entries
                .last()
                .map(|entry| entry.value.span.range().end.max(entry.key.span.range().end)),
            None => open.items.last().map(|item| item.span.range().end),
        };
        let whole = if open.flow {
            Span::new(open.start, span.range().end)
        } else {
            // A block collection ends with its last value, not with the blank lines and comments after it.
            let start = first.map_or(open.start, |first| first.range().start.min(open.start));
            Span::new(start, last.unwrap_or(open.start).max(start))
        };
        let value = match open.entries {
            Some(entries) => Value::Mapping(self.merged(entries)?),
            None => Value::Sequence(open.items),
        };
        // Children were counted as they came.
        self.complete(Node { span: whole, value }, open.anchor, 1)
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, node: Node, anchor: usize, added: usize) -> Result<(), SyntaxError> {
        self.nodes += added;
        if self.nodes > MAX_NODES {
            return Err(SyntaxError::new(
                node.span,
                format!("more than {MAX_NODES} values in one document"),
            ));
        }
        if anchor > 0 {
            let size = size(&node);
            self.charge(size, node.span)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.entries, parent.key.take()) {
            (None, _) => parent.items.push(node),
            (Some(_), None) => parent.key = Some(node),
            (Some(entries), Some(key)) => entries.push(Entry { key, value: node }),
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), SyntaxError> {
        let Some((node, size)) = self.anchors.get(&id) else {
            return Err(SyntaxError::new(
                span,
                "an alias to something that contains it",
            ));
        };
        let (node, size) = (node.clone(), *size);
        self.charge(size, span)?;
        self.complete(node, 0, size)
    }

    fn charge(&mut self, nodes: usize, span: Span) -> Result<(), SyntaxError> {
        self.alias_nodes += nodes;
        if self.alias_nodes > MAX_ALIAS_NODES {
            return Err(SyntaxError::new(
                span,
                format!("aliases expand to more than {MAX_ALIAS_NODES} values"),
            ));
        }
        Ok(())
    }

    /// Resolves `<<` (explicit keys win, earlier merged mappings win over later ones) and notes duplicate keys.
    fn merged(&mut self, entries: Vec<Entry>) -> Result<Vec<Entry>, SyntaxError> {
        let is_merge = |entry: &Entry| matches!(&entry.key.value, Value::Scalar(s) if s.style == Style::Plain && &*s.text == "<<");
        self.note_duplicates(&entries);
        if !entries.iter().any(is_merge) {
            return Ok(entries);
        }
        let explicit: HashSet<Box<str>> = entries
            .iter()
            .filter(|entry| !is_merge(entry))
            .filter_map(|entry| entry.key.text().map(Into::into))
            .collect();
        let mut seen = explicit;
        let mut result = Vec::with_capacity(entries.len());
        for entry in entries {
            if !is_merge(&entry) {
                result.push(entry);
                continue;
            }
            let span = entry.key.span;
            let merged = match entry.value.value {
                Value::Mapping(entries) => entries,
                Value::Sequence(items) => items
                    .into_iter()
                    .flat_map(|item| match item.value {
                        Value::Mapping(entries) => entries,
                        Value::Scalar(_) | Value::Sequence(_) => Vec::new(),
                    })
                    .collect(),
                Value::Scalar(_) => {
                    return Err(SyntaxError::new(
                        span,
                        "a merge key whose value is not a mapping",
                    ));
                }
            };
            result.extend(merged.into_iter().filter(|entry| match entry.key.text() {
                Some(key) => seen.insert(key.into()),
                None => true,
            }));
        }
        Ok(result)
    }

    fn note_duplicates(&mut self, entries: &[Entry]) {
        // Small mappings are compared pairwise, which costs less than hashing.
        if entries.len() <= 8 {
            for (index, entry) in entries.iter().enumerate() {
                let earlier = entries.get(..index).unwrap_or_default();
                if entry.key.text().is_some()
                    && earlier
                        .iter()
                        .any(|other| other.key.text() == entry.key.text())
                {
                    self.duplicate(entry);
                }
            }
            return;
        }
        let mut seen = HashSet::with_capacity(entries.len());
        for entry in entries {
            if entry.key.text().is_some_and(|key| !seen.insert(key)) {
                self.duplicate(entry);
            }
        }
    }

    fn duplicate(&mut self, entry: &Entry) {
        self.strict.push(SyntaxError::new(
            entry.key.span,
            "the key is already set in this mapping",
        ));
    }
}

/// The number of nodes of a tree. Depth is bounded, so recursion is.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries
            .iter()
            .map(|entry| size(&entry.key) + size(&entry.value))
            .sum(),
    }
}
