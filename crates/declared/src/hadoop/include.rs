//! `xi:include`: splices files into each other as `Configuration.loadResource` does.

use super::File;
use crate::relative::{join, seen_from};
use model::{Estate, NotExamined, Place, SourceId};
use settings::hadoop::resource::{Gap, Item, Property};
use std::collections::{HashMap, HashSet};

/// Nested includes deeper than this are a cycle or an attack.
const INCLUDE_DEPTH: usize = 16;

/// The most entries that includes copy into one file; the largest real one sets a few hundred.
const INCLUDED_ITEMS: usize = 20_000;

/// The same over all files of the estate: enough for a thousand nodes that each include a shared file.
const INCLUDED_ITEMS_OF_ALL: usize = 500_000;

/// Resolves includes over the files of an estate.
pub(super) struct Includes<'e> {
    estate: &'e Estate,
    by_path: HashMap<String, &'e File>,
    included: HashSet<SourceId>,
    /// How many entries may still be copied into the file at hand, and into all that follow.
    allowance: usize,
    budget: usize,
    /// Why the file at hand may set more than was read.
    gap: Option<Gap>,
    problems: Vec<NotExamined>,
    reported: HashSet<Place>,
}

impl<'e> Includes<'e> {
    pub(super) fn new(estate: &'e Estate) -> Self {
        let mut by_path = HashMap::new();
        for file in estate.all::<File>() {
            if let Some(path) = path_of(estate, file.source) {
                by_path.insert(path, file);
            }
        }
        let mut includes = Includes {
            estate,
            by_path,
            included: HashSet::new(),
            allowance: 0,
            budget: INCLUDED_ITEMS_OF_ALL,
            gap: None,
            problems: Vec::new(),
            reported: HashSet::new(),
        };
        includes.mark();
        includes
    }

    /// Marks the files that others include. Of files that include each other in a circle the first is left unmarked: it is
    /// loaded, and its circle reported.
    fn mark(&mut self) {
        let targets: HashMap<SourceId, Vec<SourceId>> = self
            .estate
            .all::<File>()
            .iter()
            .map(|file| {
                let mut targets = Vec::new();
                self.targets(file, &file.document.items, &mut targets);
                (file.source, targets)
            })
            .collect();
        self.included.extend(targets.values().flatten());
        let files = self.estate.all::<File>().iter().map(|file| file.source);
        let (inner, tops): (Vec<_>, Vec<_>) =
            files.partition(|source| self.included.contains(source));
        let mut reached = HashSet::new();
        for start in tops.into_iter().chain(inner) {
            if !reached.insert(start) {
                continue;
            }
            self.included.remove(&start);
            let mut pending = vec![start];
            while let Some(source) = pending.pop() {
                let targets = targets.get(&source).into_iter().flatten();
                pending.extend(targets.copied().filter(|target| reached.insert(*target)));
            }
        }
    }

    fn targets(&self, file: &File, items: &[Item], targets: &mut Vec<SourceId>) {
        for item in items {
            if let Item::Include { href, fallback, .. } = item {
                targets.extend(self.target(file, href).map(|target| target.source));
                if let Some(fallback) = fallback {
                    self.targets(file, fallback, targets);
                }
            }
        }
    }

    /// Whether another file includes this one, so that it is not loaded on its own.
    pub(super) fn is_included(&self, source: SourceId) -> bool {
        self.included.contains(&source)
    }

    /// The properties of a file in reading order, includes spliced in, and why it may set more than these.
    pub(super) fn splice(&mut self, file: &File) -> (Vec<Property>, Option<Gap>) {
        let mut properties = Vec::new();
        self.gap = None;
        let granted = INCLUDED_ITEMS.min(self.budget);
        self.allowance = granted;
        self.collect(
            file,
            &file.document.items,
            &mut vec![file.source],
            &mut properties,
        );
        self.budget -= granted - self.allowance;
        (properties, self.gap)
    }

    fn collect(
        &mut self,
        file: &File,
        items: &[Item],
        chain: &mut Vec<SourceId>,
        properties: &mut Vec<Property>,
    ) {
        if file.document.is_open {
            self.gap.get_or_insert(Gap::Template);
        }
        for item in items {
            if chain.len() > 1 {
                let Some(rest) = self.allowance.checked_sub(1) else {
                    return;
                };
                self.allowance = rest;
            }
            match item {
                Item::Property(property) => properties.push(property.clone()),
                Item::Include {
                    href,
                    place,
                    fallback,
                } => match self.target(file, href) {
                    Some(target)
                        if chain.contains(&target.source) || chain.len() > INCLUDE_DEPTH =>
                    {
                        self.problem(file, *place, format!("xi:include of {href} leads back to itself; the daemon does not start"));
                    }
                    Some(target) => {
                        chain.push(target.source);
                        self.collect(target, &target.document.items, chain, properties);
                        chain.pop();
                        if self.allowance == 0 {
                            self.problem(file, *place, format!("xi:include of {href}: includes copy too many entries (at most {INCLUDED_ITEMS} into one file); the rest is not read"));
                            return;
                        }
                    }
                    None => {
                        // Where the daemon runs, the file may well exist, fallback or not.
                        self.gap.get_or_insert(Gap::MissingInclude);
                        match fallback {
                        Some(items) => self.collect(file, items, chain, properties),
                        None => self.problem(
                            file,
                            *place,
                            format!("xi:include of {href}: no such file in the input, and no xi:fallback; give the file to wardline as well"),
                        ),
                        }
                    }
                },
            }
        }
    }

    /// Reports a place once, however many files include the one it stands in.
    fn problem(&mut self, file: &File, place: Place, reason: String) {
        if !self.reported.insert(place) {
            return;
        }
        let path = self
            .estate
            .sources
            .locate(place)
            .map(|location| location.path);
        let path = path
            .or_else(|| path_of(self.estate, file.source).map(Into::into))
            .unwrap_or_default();
        self.problems.push(NotExamined {
            path,
            reason: reason.into(),
            place: Some(place),
            is_error: true,
        });
    }

    /// Hadoop tries the class path, then a URL, then the path relative to the including file.
    fn target(&self, file: &File, href: &str) -> Option<&'e File> {
        let base = path_of(self.estate, file.source)?;
        let href = href.strip_prefix("file://").unwrap_or(href);
        let name = href.rsplit('/').next().unwrap_or(href);
        let directory = base.rsplit_once('/').map_or("", |(directory, _)| directory);
        let relative = seen_from("", &join(directory, href));
        let beside = seen_from("", &join(directory, name));
        self.by_path
            .get(&relative)
            .or_else(|| self.by_path.get(&beside))
            .copied()
    }

    pub(super) fn into_problems(self) -> Vec<NotExamined> {
        self.problems
    }
}

/// The path of a file; for an embedded document the object's path with its name, so that siblings find each other.
fn path_of(estate: &Estate, source: SourceId) -> Option<String> {
    let text = estate.sources.get(source)?;
    match &text.embedding {
        None => Some(text.path.to_string()),
        Some(embedding) => {
            let object = super::assemble::object_around(estate, embedding.parent)?;
            Some(format!(
                "\0{}#{}/{}",
                object.source.0, object.document.start, text.path
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Input, Ties, read};
    use model::{Estate, Place};

    fn estate(files: &[(&str, String)]) -> Estate {
        let input = |(name, text): &(&str, String)| {
            Input::Bytes((*name).to_owned(), text.clone().into_bytes())
        };
        read(files.iter().map(input).collect(), &Ties::default())
    }

    fn file(body: &str) -> String {
        format!(
            "<configuration xmlns:xi=\"http://www.w3.org/2001/XInclude\">{body}</configuration>"
        )
    }

    fn include(name: &str) -> String {
        format!("<xi:include href=\"{name}\"/>")
    }

    fn reasons(estate: &Estate) -> Vec<&str> {
        let inputs = estate.not_examined.iter();
        inputs.map(|input| &*input.reason).collect()
    }

    #[test]
    fn a_circle_is_loaded_at_its_first_file_and_reported_once() {
        let property =
            "<property><name>fs.defaultFS</name><value>hdfs://nn:8020</value></property>";
        let circle = |name: &str| file(&(property.to_owned() + &include(name)));
        for files in [
            vec![("core-site.xml", circle("core-site.xml"))],
            vec![
                ("core-site.xml", circle("hdfs-site.xml")),
                ("hdfs-site.xml", circle("core-site.xml")),
            ],
        ] {
            let estate = estate(&files);
            let reasons = reasons(&estate);
            assert!(
                reasons.len() == 1 && reasons.iter().all(|r| r.contains("leads back")),
                "{reasons:?}"
            );
            assert_eq!(
                estate.components.len(),
                1,
                "the file is loaded all the same"
            );
        }
    }

    #[test]
    fn includes_that_multiply_are_cut_off_and_reported() {
        let names: Vec<String> = (0..12).map(|level| format!("part{level}.xml")).collect();
        let mut files = vec![("core-site.xml", file(&include("part0.xml").repeat(10)))];
        for (name, next) in names.iter().zip(names.iter().skip(1)) {
            files.push((name, file(&include(next).repeat(10))));
        }
        files.push((
            "part11.xml",
            file("<property><name>a</name><value>b</value></property>"),
        ));
        let estate = estate(&files);
        let reasons = reasons(&estate);
        assert!(
            reasons
                .iter()
                .any(|reason| reason.contains("too many entries")),
            "{reasons:?}"
        );
        assert!(reasons.len() < 200, "each place is reported once");
    }

    #[test]
    fn a_shared_file_with_a_missing_include_is_reported_once() {
        let shared = file(&include("missing.xml"));
        let node = || file(&include("../shared.xml"));
        let estate = estate(&[
            ("a/core-site.xml", node()),
            ("b/core-site.xml", node()),
            ("shared.xml", shared),
        ]);
        assert_eq!(reasons(&estate).len(), 1, "{:?}", reasons(&estate));
        let place: Option<Place> = estate.not_examined.first().and_then(|input| input.place);
        assert!(place.is_some());
    }
}
