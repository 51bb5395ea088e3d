//! From events to the trees of documents.

use super::Document;
use super::anchor::Anchored;
use super::merge::{duplicates, merged};
use super::message::TEMPLATE;
use crate::limits::{MAX_ALIAS_NODES, MAX_DEPTH, MAX_NODES};
use crate::{Entry, Node, Scalar, Span, Style, SyntaxError, Value};
use granit_parser::{Event, ScalarStyle, StructureStyle};
use std::collections::HashMap;

pub(super) enum Step {
    More,
    Document(Box<Document>),
    End,
}

/// A collection that is still open.
struct Open {
    anchor: usize,
    start: usize,
    /// Where its last child ends as written: an alias ends there, the values it stands for lie elsewhere.
    end: usize,
    flow: bool,
    kind: Kind,
    /// Where its children begin among those of all open collections; of a mapping keys and values by turns.
    first: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sequence,
    Mapping,
}

pub(super) struct Builder<'t> {
    text: &'t str,
    /// Where the current document starts, at the latest.
    pub(super) from: usize,
    open: Vec<Open>,
    /// The children of the open collections. A collection that ends takes its own in one piece of the right size: most have one
    /// to three, and a vector that grows by itself has room for four.
    children: Vec<Node>,
    anchors: HashMap<usize, Anchored>,
    comments: Vec<Span>,
    strict: Vec<SyntaxError>,
    root: Option<Node>,
    /// Nodes of the whole text.
    pub(super) nodes: usize,
    /// Nodes that anchors and aliases copied in the current document.
    copied: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Builder {
            text,
            from: 0,
            open: Vec::new(),
            children: Vec::new(),
            anchors: HashMap::new(),
            comments: Vec::new(),
            strict: Vec::new(),
            root: None,
            nodes: 0,
            copied: 0,
        }
    }

    /// Forgets the current document; the next one starts at `from` or after it. Keeps the buffers, which matters for
    /// streams of many small documents.
    pub(super) fn restart(&mut self, from: usize) {
        self.from = from;
        self.open.clear();
        self.children.clear();
        self.anchors.clear();
        self.comments.clear();
        self.strict.clear();
        self.root = None;
        self.copied = 0;
    }

    pub(super) fn take(
        &mut self,
        event: Event<'t>,
        span: granit_parser::Span,
    ) -> Result<Step, SyntaxError> {
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
                // An absent value comes as `~`, but nothing is written there.
                let text = if span.is_empty() {
                    Box::default()
                } else {
                    value.into()
                };
                let value = Value::Scalar(Scalar { text, style });
                self.complete(Node { span, value }, anchor)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                self.begin(span, style, anchor, Kind::Sequence)?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.begin(span, style, anchor, Kind::Mapping)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::Alias(id) => self.alias(id, span)?,
            Event::DocumentEnd => return Ok(self.document(span)),
            _ => {}
        }
        Ok(Step::More)
    }

    /// The finished document, unless it is empty.
    fn document(&mut self, end: Span) -> Step {
        let finished = self.root.take().filter(|root| !root.is_null());
        let step = finished.map_or(Step::More, |root| {
            Step::Document(Box::new(Document {
                span: root.span,
                root,
                comments: std::mem::take(&mut self.comments),
                strict: std::mem::take(&mut self.strict),
            }))
        });
        self.restart(end.range().end);
        step
    }

    fn begin(
        &mut self,
        span: Span,
        style: StructureStyle,
        anchor: usize,
        kind: Kind,
    ) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        let start = self.first_dash(kind, span.range().start);
        self.open.push(Open {
            anchor,
            start,
            end: start,
            flow: matches!(style, StructureStyle::Flow),
            kind,
            first: self.children.len(),
        });
        Ok(())
    }

    /// A sequence that is not indented below its key is announced only after its first dash: that dash begins the first
    /// line after the key that is no comment, anchor or tag.
    fn first_dash(&self, kind: Kind, start: usize) -> usize {
        let Some(parent) = self.open.last() else {
            return start;
        };
        let has_key = (self.children.len() - parent.first) % 2 == 1;
        if kind != Kind::Sequence || parent.kind != Kind::Mapping || !has_key {
            return start;
        }
        let mut offset = parent.end;
        let gap = self.text.get(offset..start).unwrap_or_default();
        for line in gap.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if line.as_bytes().get(indent) == Some(&b'-') {
                return offset + indent;
            }
            offset += line.len();
        }
        start
    }

    fn end(&mut self, span: Span) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // A block collection ends with its last value, not with the blank lines and comments after it.
        let end = if open.flow {
            span.range().end
        } else {
            open.end
        };
        let span = Span::new(open.start, end);
        let value = match open.kind {
            Kind::Sequence => Value::Sequence(self.children.drain(open.first..).collect()),
            Kind::Mapping => {
                let entries = entries(self.children.drain(open.first..));
                if open.flow && self.text.as_bytes().get(open.start + 1) == Some(&b'{') {
                    // `{{ .Values.x }}` is a mapping inside a mapping's key, which no product here accepts.
                    return Err(SyntaxError::new(span, TEMPLATE));
                }
                self.strict.extend(duplicates(&entries));
                Value::Mapping(merged(entries)?)
            }
        };
        self.complete(Node { span, value }, open.anchor)
    }

    /// Counts a finished node, remembers it under its anchor and puts it where it belongs.
    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        self.count(1, node.span)?;
        if anchor > 0 {
            let anchored = Anchored::measure(&node);
            self.charge(anchored.size, node.span)?;
            self.anchors.insert(anchor, anchored);
        }
        let written = node.span;
        self.place(node, written);
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), SyntaxError> {
        let Some(anchored) = self.anchors.get(&id) else {
            let message = "an alias to something that contains it";
            return Err(SyntaxError::new(span, message));
        };
        if self.open.len() + anchored.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        let size = anchored.size;
        self.charge(size, span)?;
        self.count(size, span)?;
        if let Some(anchored) = self.anchors.get(&id) {
            self.place(anchored.node.clone(), span);
        }
        Ok(())
    }

    /// Puts a node into the collection that is open, or makes it the root. `written` is where it or its alias stands.
    fn place(&mut self, node: Node, written: Span) {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        parent.end = parent.end.max(written.range().end);
        self.children.push(node);
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), SyntaxError> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values in one text");
            return Err(SyntaxError::new(span, message));
        }
        Ok(())
    }

    fn charge(&mut self, nodes: usize, span: Span) -> Result<(), SyntaxError> {
        self.copied += nodes;
        if self.copied > MAX_ALIAS_NODES {
            let message = format!("anchors and aliases copy more than {MAX_ALIAS_NODES} values");
            return Err(SyntaxError::new(span, message));
        }
        Ok(())
    }
}

/// Keys and values by turns as entries. A key without a value is left out.
fn entries(mut nodes: impl ExactSizeIterator<Item = Node>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(nodes.len() / 2);
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        entries.push(Entry { key, value });
    }
    entries
}

fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(span, format!("nested deeper than {MAX_DEPTH} levels"))
}
