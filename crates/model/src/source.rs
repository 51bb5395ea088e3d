//! Texts and places in them.

use crate::Written;
use std::sync::OnceLock;
use text::{LineIndex, Position, SegmentMap, Span};

/// Number of a text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A span of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The text.
    pub source: SourceId,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// A place.
    #[must_use]
    pub fn new(source: SourceId, span: Span) -> Self {
        Place { source, span }
    }

    /// The same place once its texts were appended to others ([`Sources::append`]).
    #[must_use]
    pub fn moved_by(self, offset: u32) -> Self {
        Place {
            source: SourceId(self.source.0.saturating_add(offset)),
            ..self
        }
    }
}

/// A text that was read: a file, standard input, or a document embedded in another text.
#[derive(Debug)]
pub struct Source {
    /// For a file its path relative to the input, with `/`. For an embedded document the name it has there (`core-site.xml`).
    pub path: Box<str>,
    /// The text, without a byte order mark.
    pub text: Box<str>,
    /// Where an embedded document stands.
    pub embedding: Option<Embedding>,
    /// Unix permission bits of the file, where they are known and mean something.
    pub mode: Option<u32>,
    /// For a text that was rendered: the directory that it was rendered from.
    rendered_from: Option<Box<str>>,
    /// For a text that was rendered: what of it stands in files.
    written: Written,
    lines: OnceLock<LineIndex>,
}

/// How an embedded document lies in its parent.
#[derive(Debug)]
pub struct Embedding {
    /// The span of the parent that holds it.
    pub parent: Place,
    /// Where its bytes come from.
    pub map: SegmentMap,
}

impl Source {
    /// A file's text.
    pub fn file(path: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Self {
        Source {
            path: path.into(),
            text: text.into(),
            embedding: None,
            mode: None,
            rendered_from: None,
            written: Written::default(),
            lines: OnceLock::new(),
        }
    }

    /// The text that a renderer made of a directory: `charts/spark (helm template)`. The top of the input is an empty name.
    pub fn rendered(
        directory: &str,
        renderer: &str,
        text: impl Into<Box<str>>,
        written: Written,
    ) -> Self {
        let shown = if directory.is_empty() { "." } else { directory };
        Source {
            rendered_from: Some(directory.into()),
            written,
            ..Source::file(format!("{shown} ({renderer})"), text)
        }
    }

    /// A document embedded in another text.
    pub fn embedded(
        path: impl Into<Box<str>>,
        text: impl Into<Box<str>>,
        embedding: Embedding,
    ) -> Self {
        Source {
            path: path.into(),
            text: text.into(),
            embedding: Some(embedding),
            mode: None,
            rendered_from: None,
            written: Written::default(),
            lines: OnceLock::new(),
        }
    }

    /// Line starts, computed at first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The last component of the path.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The path without its last component; empty at the top. For a rendered text the directory it comes from.
    #[must_use]
    pub fn directory(&self) -> &str {
        if let Some(directory) = &self.rendered_from {
            return directory;
        }
        self.path
            .rsplit_once('/')
            .map_or("", |(directory, _)| directory)
    }
}

/// A place in a file as people read it. Lines and columns start at 1; the end is exclusive in columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file's path relative to the input.
    pub path: Box<str>,
    /// First character.
    pub start: Position,
    /// Just past the last character.
    pub end: Position,
}

/// All texts of an estate.
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text and numbers it.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(Span::at(self.all.len()).start);
        self.all.push(source);
        id
    }

    /// Adds all texts of another collection behind those of this one. Returns by how much their numbers grow: a place in
    /// text `n` of `other` is from now on in text `n + offset`.
    pub fn append(&mut self, other: Sources) -> u32 {
        let offset = Span::at(self.all.len()).start;
        self.all.extend(other.all.into_iter().map(|mut source| {
            if let Some(embedding) = &mut source.embedding {
                embedding.parent = embedding.parent.moved_by(offset);
            }
            source.written.move_by(offset);
            source
        }));
        offset
    }

    /// The text of a number. Numbers come from [`Sources::add`] of the same collection; a foreign one yields the first text.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All texts with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.all
            .iter()
            .enumerate()
            .map(|(index, source)| (SourceId(Span::at(index).start), source))
    }

    /// The text at a place.
    #[must_use]
    pub fn slice(&self, place: Place) -> &str {
        self.get(place.source)
            .and_then(|source| source.text.get(place.span.range()))
            .unwrap_or_default()
    }

    /// The place in the file that a place in an embedded document came from; a place in a file is itself.
    #[must_use]
    pub fn in_file(&self, mut place: Place) -> Place {
        // An embedding always points to a text added before it, so this ends.
        while let Some(embedding) = self
            .get(place.source)
            .and_then(|source| source.embedding.as_ref())
        {
            place = Place::new(embedding.parent.source, embedding.map.to_origin(place.span));
        }
        place
    }

    /// The place where people wrote what stands at a place: in the file, also for what a renderer only passed on. What the
    /// renderer made or changed stays in the rendered text.
    #[must_use]
    pub fn written(&self, place: Place) -> Place {
        let place = self.in_file(place);
        self.get(place.source)
            .and_then(|source| source.written.find(place.span))
            .map_or(place, |written| self.in_file(written))
    }

    /// Where a place is in its file, for people.
    #[must_use]
    pub fn locate(&self, place: Place) -> Option<Location> {
        let place = self.in_file(place);
        let source = self.get(place.source)?;
        let lines = source.lines();
        Some(Location {
            path: source.path.clone(),
            start: lines.position(&source.text, place.span.start),
            end: lines.position(&source.text, place.span.end),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendered_text_stands_in_the_directory_it_comes_from() {
        let source = Source::rendered("overlays/prod", "kubectl kustomize", "", Written::default());
        assert_eq!(&*source.path, "overlays/prod (kubectl kustomize)");
        assert_eq!(source.directory(), "overlays/prod");
        let top = Source::rendered("", "helm template", "", Written::default());
        assert_eq!((&*top.path, top.directory()), (". (helm template)", ""));
    }

    #[test]
    fn appended_texts_keep_their_embeddings() {
        let mut first = Sources::default();
        first.add(Source::file("a.yaml", "a"));
        let mut second = Sources::default();
        let parent = second.add(Source::file("b.yaml", "xx: inner"));
        second.add(Source::embedded(
            "core-site.xml",
            "inner",
            Embedding {
                parent: Place::new(parent, Span::new(4, 9)),
                map: SegmentMap::whole(5, Span::new(4, 9)),
            },
        ));
        let inner = Place::new(SourceId(1), Span::new(0, 2));
        let offset = first.append(second);
        let location = first.locate(inner.moved_by(offset));
        let location = location.expect("the text is there");
        assert_eq!(&*location.path, "b.yaml");
        assert_eq!(location.start.column, 5);
    }
}
