//! Ignores on Kubernetes objects: the annotation `wardline.dev/ignore`, `control: reason`, several separated by `;` or newline.

use crate::remark::Remark;
use crate::{Finding, Note, Waiver};
use model::{Estate, Place, SourceId};
use settings::kubernetes::object::Object;
use std::collections::HashMap;

/// The annotation's key.
const KEY: &str = "wardline.dev/ignore";

/// The ignores of all objects, by the file that the object stands in.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    by_file: HashMap<SourceId, Vec<Annotated>>,
}

/// An object that accepts findings on itself.
#[derive(Debug)]
struct Annotated {
    document: Place,
    remarks: Vec<Remark>,
}

impl Annotations {
    /// Collects the annotations of an estate's objects. O(objects).
    pub(crate) fn collect(estate: &Estate, notes: &mut Vec<Note>) -> Annotations {
        let mut annotations = Annotations::default();
        for object in estate.all::<Object>() {
            let Some(node) = object.annotation(KEY) else {
                continue;
            };
            let stands_in: Box<str> = estate
                .sources
                .locate(object.place(node))
                .map(|at| format!("{}:{}", at.path, at.start.line).into())
                .unwrap_or_default();
            let mut remarks = Vec::new();
            for entry in node.text().unwrap_or_default().split([';', '\n']) {
                if entry.trim().is_empty() {
                    continue;
                }
                let (controls, reason) = entry.split_once(':').unwrap_or((entry, ""));
                match Remark::new(controls, reason, stands_in.clone()) {
                    Ok(remark) => remarks.push(remark),
                    Err(note) => notes.push(note),
                }
            }
            let document = estate
                .sources
                .in_file(Place::new(object.source, object.document));
            annotations
                .by_file
                .entry(document.source)
                .or_default()
                .push(Annotated { document, remarks });
        }
        annotations
    }

    /// The waiver of an object that holds `place` (in its file) and means this finding.
    pub(crate) fn accept(&mut self, finding: &Finding, place: Place) -> Option<Waiver> {
        let objects = self.by_file.get_mut(&place.source)?;
        objects
            .iter_mut()
            .filter(|object| {
                let document = object.document.span;
                document.start <= place.span.start && place.span.end <= document.end
            })
            .flat_map(|object| &mut object.remarks)
            .find_map(|remark| remark.accept(finding))
    }

    /// The same annotations once the texts of their estate were appended to others.
    pub(crate) fn moved_by(self, offset: u32) -> Annotations {
        let by_file = self.by_file.into_values().flatten().map(|mut object| {
            object.document = object.document.moved_by(offset);
            object
        });
        let mut moved = Annotations::default();
        for object in by_file {
            moved
                .by_file
                .entry(object.document.source)
                .or_default()
                .push(object);
        }
        moved
    }

    /// Takes in the annotations of another estate.
    pub(crate) fn extend(&mut self, other: Annotations) {
        for (source, objects) in other.by_file {
            self.by_file.entry(source).or_default().extend(objects);
        }
    }

    /// All ignores, in the order of files and of objects in them.
    pub(crate) fn into_remarks(self) -> Vec<Remark> {
        let mut all: Vec<Annotated> = self.by_file.into_values().flatten().collect();
        all.sort_by_key(|object| object.document);
        all.into_iter().flat_map(|object| object.remarks).collect()
    }
}
