//! The texts that the witnesses of a finding stand in.

use crate::disclosure::{is_encoded, outer};
use crate::evidence::Evidence;
use model::{Place, Provenance, SourceId, Witness};
use text::Span;

/// The witnesses that stand in one text.
#[derive(Debug)]
pub(crate) struct Evident<'o> {
    /// The text.
    pub(crate) source: SourceId,
    /// What it is called in the report.
    pub(crate) path: String,
    /// What the witnesses point at.
    pub(crate) marks: Vec<(Span, &'o Witness)>,
}

impl Evident<'_> {
    /// The spans of the witnesses, in their order.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.marks.iter().map(|(span, _)| *span).collect()
    }
}

/// The texts that witnesses stand in, the primary one first. Where nothing is written, the place where it would be.
pub(crate) fn texts<'o>(evidence: &Evidence<'_>, witnesses: &'o [Witness]) -> Vec<Evident<'o>> {
    let is_written = |witness: &Witness| matches!(witness.provenance, Provenance::Text(_));
    let has_text = witnesses.iter().any(is_written);
    let shown = witnesses.iter().filter(|witness| {
        is_written(witness) || (!has_text && has_width(evidence, witness.place()))
    });
    let mut texts: Vec<Evident<'o>> = Vec::new();
    for witness in shown {
        let Some(place) = witness.place() else {
            continue;
        };
        let place = readable(evidence, place);
        let index = texts
            .iter()
            .position(|text| text.source == place.source)
            .unwrap_or_else(|| {
                texts.push(Evident {
                    source: place.source,
                    path: path(evidence, place),
                    marks: Vec::new(),
                });
                texts.len() - 1
            });
        if let Some(text) = texts.get_mut(index) {
            let is_told = text.marks.iter().any(|(span, told)| {
                *span == place.span && told.label == witness.label && told.key == witness.key
            });
            if !is_told {
                text.marks.push((place.span, witness));
            }
        }
    }
    texts
}

/// Whether there is something at a place that can be underlined.
fn has_width(evidence: &Evidence<'_>, place: Option<Place>) -> bool {
    place.is_some_and(|place| !evidence.outcome.sources.slice(place).trim().is_empty())
}

/// The outermost text in which a place can be read: the file, unless the file holds it encoded.
fn readable(evidence: &Evidence<'_>, mut place: Place) -> Place {
    let sources = &evidence.outcome.sources;
    while let Some(next) = outer(sources, place) {
        let length = sources
            .get(place.source)
            .map_or(0, |source| source.text.len());
        if is_encoded(sources, Place::new(place.source, Span::new(0, length))) {
            break;
        }
        place = next;
    }
    place
}

fn path(evidence: &Evidence<'_>, place: Place) -> String {
    let sources = &evidence.outcome.sources;
    let own = sources.get(place.source).map_or("", |source| &*source.path);
    let file = sources.in_file(place);
    match sources.get(file.source) {
        Some(source) if file.source != place.source => {
            evidence.prose(&format!("{} ({own})", source.path))
        }
        _ => evidence.prose(own),
    }
}
