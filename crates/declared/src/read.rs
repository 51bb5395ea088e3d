//! From inputs to an estate: read, recognise, put together.

mod recognition;

use crate::files::{self, Content, Found};
use crate::progress::Progress;
use crate::reading::{Candidate, Embedded, Family, Format, Reader, Reading};
use crate::render::{self, Unit};
use crate::{FAMILIES, Ties};
use model::{Depth, Embedding, Estate, NotExamined, Place, Source, SourceId};
use rayon::prelude::*;
use recognition::recognise;
use std::path::{Path, PathBuf};
use text::Span;
use text::decode::Encoding;

/// Something to read.
#[derive(Debug)]
pub enum Input {
    /// A file or a directory.
    Path(PathBuf),
    /// Bytes that came in under a name, such as standard input.
    Bytes(String, Vec<u8>),
}

/// Documents inside documents inside documents: more than any deployment needs, and a bound.
const EMBEDDING_DEPTH: usize = 4;

/// The kinds of files that were read, for the summary.
#[derive(Debug, Default)]
pub struct Tally {
    /// A reader's name and how many texts it read.
    pub recognised: Vec<(&'static str, usize)>,
    /// Files found, recognised or not.
    pub files: usize,
}

impl model::Fact for Tally {}

/// Reads inputs into an estate of declared facts. O(total length of the texts).
#[must_use]
pub fn read(inputs: Vec<Input>, ties: &Ties) -> Estate {
    read_and_tell(inputs, ties, &Progress::default())
}

/// As [`read`], and tells how far it has come.
#[must_use]
pub fn read_and_tell(inputs: Vec<Input>, ties: &Ties, progress: &Progress) -> Estate {
    let mut estate = Estate::new(Depth::Declared);
    estate.releases.extend(ties.releases.iter().copied());
    let alone = inputs.len() == 1;
    let (mut found, mut units) = (Vec::new(), Vec::new());
    for input in inputs {
        match input {
            Input::Path(path) => {
                let (files, to_render) = at(&path, alone, ties.render, progress);
                found.extend(files);
                units.extend(to_render);
            }
            Input::Bytes(name, bytes) => found.push(Found {
                path: name,
                content: files::content(bytes),
                mode: None,
            }),
        }
    }
    let mut tally = Tally {
        files: found.len(),
        ..Tally::default()
    };
    // Reading is the expensive part and needs no shared state: texts are numbered by their order.
    let readings: Vec<Result<Recognised, NotRead>> = found
        .par_iter()
        .with_min_len(16)
        .enumerate()
        .map(|(index, file)| {
            let reading = read_file(SourceId(Span::at(index).start), file);
            progress.one_read();
            reading
        })
        .collect();
    let mut pending = Vec::new();
    for (file, reading) in found.into_iter().zip(readings) {
        let text = match file.content {
            Content::Text(text) => text.text,
            _ => String::new(),
        };
        let mut source = Source::file(file.path.as_str(), text);
        source.mode = file.mode;
        let id = estate.sources.add(source);
        match reading {
            Ok((reader, reading)) => absorb(
                &mut estate,
                &mut tally,
                id,
                reader,
                reading,
                &mut pending,
                0,
            ),
            Err(NotRead { reason, is_error }) => estate.not_examined.push(NotExamined {
                path: file.path.into(),
                reason: reason.into(),
                place: None,
                is_error,
            }),
        }
    }
    // After the files: what rendering leaves as it is counts where it is written. Before the documents inside objects: those
    // of an object that is only changed, or of a patch, are no documents by themselves either.
    let rendering = render::render(&mut estate, &units, std::env::var_os("PATH").as_deref());
    pending.retain(|(parent, embedded, _)| !rendering.replaces(*parent, embedded.parent));
    for id in rendering.texts {
        read_rendered(&mut estate, &mut tally, id, &mut pending);
    }
    read_all_embedded(&mut estate, &mut tally, &mut pending);
    tally.recognised.sort_unstable();
    estate.put(tally);
    let mut families: Vec<&Family> = FAMILIES.to_vec();
    families.sort_by_key(|family| family.order);
    for family in families {
        (family.assemble)(&mut estate, ties);
    }
    estate
}

/// The files at a path, and what of them is to be rendered. Their names are relative to the input where it stands alone. Of several inputs each name says which one
/// it comes from: two nodes' `core-site.xml` must not pass for files of one directory.
fn at(path: &Path, alone: bool, render: bool, progress: &Progress) -> (Vec<Found>, Vec<Unit>) {
    let is_directory = path.is_dir();
    let mut found = if is_directory {
        files::tree(path, progress)
    } else {
        vec![files::one(path.parent().unwrap_or(path), path)]
    };
    let mut units = if is_directory && render {
        render::units(path, &found)
    } else {
        Vec::new()
    };
    let given = path.to_string_lossy().replace('\\', "/");
    let given = given.trim_start_matches("./").trim_end_matches('/');
    if !alone && !is_directory {
        found
            .iter_mut()
            .for_each(|file| given.clone_into(&mut file.path));
    } else if !alone && !given.is_empty() && given != "." {
        for file in &mut found {
            file.path = format!("{given}/{}", file.path);
        }
        units.iter_mut().for_each(|unit| unit.prefix(given));
    }
    (found, units)
}

fn candidate<'t>(
    source: SourceId,
    path: &'t str,
    text: &'t str,
    parent: Option<Place>,
) -> Candidate<'t> {
    Candidate {
        source,
        path,
        text,
        format: Format::of(text),
        parent,
    }
}

type Recognised = (&'static Reader, Reading);

/// Why a file was not read.
struct NotRead {
    reason: String,
    /// Whether it was meant to be.
    is_error: bool,
}

fn read_file(id: SourceId, file: &Found) -> Result<Recognised, NotRead> {
    if let Content::Text(text) = &file.content {
        let candidate = candidate(id, &file.path, &text.text, None);
        if let Some(recognised) = recognise(&candidate, text.encoding) {
            return Ok(recognised);
        }
    }
    let (reason, is_error) = match recognition::missed(&file.path, &file.content) {
        Some(reason) => (reason, true),
        None => match &file.content {
            Content::Binary(_) => (String::from("a binary file"), false),
            Content::Special => (String::from("not a regular file"), false),
            // Nothing but its name tells whether it would hold configuration.
            Content::Dangling => (
                String::from("a symbolic link to what is not here"),
                recognition::is_named_like_configuration(&file.path),
            ),
            Content::Unreadable(reason) => (reason.clone(), true),
            Content::Text(_) | Content::TooLarge(_) => (
                String::from("not a kind of file that wardline reads"),
                false,
            ),
        },
    };
    Err(NotRead { reason, is_error })
}

type Pending = Vec<(SourceId, Embedded, usize)>;

fn absorb(
    estate: &mut Estate,
    tally: &mut Tally,
    source: SourceId,
    reader: &'static Reader,
    reading: Reading,
    pending: &mut Pending,
    depth: usize,
) {
    match tally
        .recognised
        .iter_mut()
        .find(|(name, _)| *name == reader.name)
    {
        Some((_, count)) => *count += 1,
        None => tally.recognised.push((reader.name, 1)),
    }
    for fact in reading.facts {
        fact(estate);
    }
    for problem in reading.problems {
        let place = Place::new(source, problem.span);
        let path = estate
            .sources
            .locate(place)
            .map(|location| location.path)
            .unwrap_or_default();
        estate.not_examined.push(NotExamined {
            path,
            reason: problem.message.into(),
            place: Some(place),
            is_error: true,
        });
    }
    for reason in reading.skipped {
        let path = estate
            .sources
            .get(source)
            .map(|source| source.path.clone())
            .unwrap_or_default();
        estate.not_examined.push(NotExamined {
            path,
            reason: reason.into(),
            place: None,
            is_error: false,
        });
    }
    // Popped from the end, so pushed in reverse: embedded documents are read in the order they stand.
    pending.extend(
        reading
            .embedded
            .into_iter()
            .rev()
            .map(|embedded| (source, embedded, depth + 1)),
    );
}

/// Reads a rendered text like a file. What no reader wants of it is no input that was missed.
fn read_rendered(estate: &mut Estate, tally: &mut Tally, id: SourceId, pending: &mut Pending) {
    let source = estate.sources.get(id);
    let reading = source.and_then(|source| {
        recognise(
            &candidate(id, &source.path, &source.text, None),
            Encoding::Utf8,
        )
    });
    if let Some((reader, reading)) = reading {
        absorb(estate, tally, id, reader, reading, pending, 0);
    }
}

fn read_all_embedded(estate: &mut Estate, tally: &mut Tally, pending: &mut Pending) {
    while let Some((parent, embedded, depth)) = pending.pop() {
        read_embedded(estate, tally, parent, embedded, depth, pending);
    }
}

fn read_embedded(
    estate: &mut Estate,
    tally: &mut Tally,
    parent: SourceId,
    embedded: Embedded,
    depth: usize,
    pending: &mut Pending,
) {
    if depth > EMBEDDING_DEPTH {
        return;
    }
    let place = Place::new(parent, embedded.parent);
    let id = estate.sources.add(Source::embedded(
        embedded.name,
        embedded.text,
        Embedding {
            parent: place,
            map: embedded.map,
        },
    ));
    let reading = estate.sources.get(id).and_then(|source| {
        let candidate = candidate(id, &source.path, &source.text, Some(place));
        recognise(&candidate, Encoding::Utf8)
    });
    // An embedded text that nobody recognises is plain data of its object, not an input that was missed.
    if let Some((reader, reading)) = reading {
        absorb(estate, tally, id, reader, reading, pending, depth);
    }
}
