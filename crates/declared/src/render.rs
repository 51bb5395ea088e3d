//! Renders Helm charts and kustomizations with the user's own `helm` and `kubectl`, so that what is judged is what would be
//! deployed. Nothing is fetched: what needs the network is listed as not examined.

mod generated_names;
mod kustomization;
mod novelty;
mod overlaid;
mod patches;
mod tool;
mod trace;
mod units;

pub(crate) use units::{Unit, units};

use generated_names::blank_hashes;
use model::{Estate, NotExamined, Place, Source, SourceId, Written};
use novelty::{Known, blank_known};
use patches::Patch;
use rayon::prelude::*;
use settings::kubernetes::object::{Object, Overlaid};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::time::{Duration, Instant};
use text::Span;
use text::yaml::{Document, Stream};
use trace::Trace;

/// The longest that all renderings of a run may take together.
const BUDGET: Duration = Duration::from_secs(120);

/// The longest reason that is shown, in characters.
const MAX_REASON: usize = 400;

/// The program that renders a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renderer {
    Helm,
    Kustomize,
}

impl Renderer {
    fn program(self) -> &'static str {
        match self {
            Renderer::Helm => "helm",
            Renderer::Kustomize => "kubectl",
        }
    }

    /// The command as people type it.
    fn command(self) -> &'static str {
        match self {
            Renderer::Helm => "helm template",
            Renderer::Kustomize => "kubectl kustomize",
        }
    }

    /// The arguments before the directory. No flag that fetches: neither `--dependency-update` nor `--enable-helm`.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Renderer::Helm => &["template", "wardline"],
            Renderer::Kustomize => &["kustomize"],
        }
    }

    fn subject(self) -> &'static str {
        match self {
            Renderer::Helm => "a Helm chart",
            Renderer::Kustomize => "a kustomization",
        }
    }
}

/// Why there is no rendered text.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    reason: String,
    /// Whether the renderer ran and failed, as opposed to not being there.
    is_error: bool,
}

/// What rendering brought.
#[derive(Debug, Default)]
pub(crate) struct Rendering {
    /// The texts to be read like files.
    pub(crate) texts: Vec<SourceId>,
    /// The documents of files that are no objects by themselves any more: what an overlay changes, and patches.
    gone: HashMap<SourceId, Vec<Span>>,
}

impl Rendering {
    /// Whether a part of a file lies in a document that is no object by itself.
    pub(crate) fn replaces(&self, source: SourceId, span: Span) -> bool {
        let gone = self.gone.get(&source).map_or(&[][..], Vec::as_slice);
        gone.iter()
            .any(|document| document.start <= span.start && span.end <= document.end)
    }
}

/// Renders the units with the programs of a search path, adds the texts to the estate, and says of every unit that could
/// not be rendered why. What an overlay changes, and what is a patch, is taken out of the estate: it is judged as rendered.
/// Costs nothing without units.
pub(crate) fn render(
    estate: &mut Estate,
    units: &[Unit],
    search_path: Option<&OsStr>,
) -> Rendering {
    if units.is_empty() {
        return Rendering::default();
    }
    let search_path = search_path.unwrap_or_default();
    let deadline = Instant::now() + BUDGET;
    let results: Vec<Result<(String, Stream), Refusal>> = units
        .par_iter()
        .map(|unit| {
            let text = rendered(unit, search_path, deadline)?;
            let stream = text::yaml::parse(&text);
            Ok((text, stream))
        })
        .collect();
    let taken = take_out(estate, units, &results);
    mark_patches(estate, units);
    let mut rendering = Rendering::default();
    for object in &taken {
        let documents = rendering.gone.entry(object.source).or_default();
        documents.push(object.document);
    }
    let results = traced(estate, units, results, &taken);
    for (unit, result) in units.iter().zip(results) {
        let is_rendered = result.is_ok();
        estate.not_examined.retain(|input| {
            input.is_error
                || !(*input.path == *unit.marker || is_rendered && unit.covers(&input.path))
        });
        match result {
            Ok(None) => {}
            Ok(Some((text, written))) => rendering.texts.push(estate.sources.add(
                Source::rendered(&unit.name, unit.renderer.command(), text, written),
            )),
            Err(refusal) => estate.not_examined.push(NotExamined {
                path: unit.marker.as_str().into(),
                reason: refusal.reason.into(),
                place: None,
                is_error: refusal.is_error,
            }),
        }
    }
    for object in taken {
        estate.put(Overlaid(object));
    }
    rendering
}

/// Takes out the objects that exist only as an overlay changes them, and those of files that are patches of what was
/// rendered: parts of objects, which judged by themselves would seem to lack the rest.
fn take_out(
    estate: &mut Estate,
    units: &[Unit],
    results: &[Result<(String, Stream), Refusal>],
) -> Vec<Object> {
    let outputs: Vec<Option<&[Document]>> = results
        .iter()
        .map(|result| Some(result.as_ref().ok()?.1.documents.as_slice()))
        .collect();
    let overlaid = overlaid::overlaid(estate.all::<Object>(), &estate.sources, units, &outputs);
    let rendered: Vec<&Unit> = units
        .iter()
        .zip(results)
        .filter(|(_, result)| result.is_ok())
        .map(|(unit, _)| unit)
        .collect();
    let patches: HashSet<SourceId> = estate
        .sources
        .iter()
        .filter(|(_, source)| rendered.iter().any(|unit| unit.is_patch(&source.path)))
        .map(|(id, _)| id)
        .collect();
    estate.take_out::<Object>(|object| {
        patches.contains(&object.source)
            || overlaid.contains(&Place::new(object.source, object.document))
    })
}

/// Marks the objects of the patches that stay, since nothing was rendered with them: what they lack is no evidence.
fn mark_patches(estate: &mut Estate, units: &[Unit]) {
    let patches: HashSet<SourceId> = estate
        .sources
        .iter()
        .filter(|(_, source)| units.iter().any(|unit| unit.is_patch(&source.path)))
        .map(|(id, _)| id)
        .collect();
    for object in estate.all_mut::<Object>() {
        object.is_patch |= patches.contains(&object.source);
    }
}

type Traced = Option<(String, Written)>;

/// The rendered texts without what files say already, and where the rest was written.
fn traced(
    estate: &mut Estate,
    units: &[Unit],
    results: Vec<Result<(String, Stream), Refusal>>,
    taken: &[Object],
) -> Vec<Result<Traced, Refusal>> {
    let files: HashMap<String, SourceId> = estate
        .sources
        .iter()
        .map(|(id, source)| (source.path.to_string(), id))
        .collect();
    let patches: Vec<Vec<Patch>> = units
        .iter()
        .map(|unit| patches::of_unit(unit, &mut estate.sources, &files))
        .collect();
    let estate = &*estate;
    let known = Known::new(estate.all::<Object>(), &estate.sources);
    let trace = |unit: &Unit, patches: &[Patch], (text, stream): (String, Stream)| -> Traced {
        let (text, documents) = blank_known(text, stream, &known)?;
        let objects = estate.all::<Object>().iter().chain(taken);
        let trace = Trace::new(unit, &estate.sources, objects, patches, &files);
        let mut written = Written::default();
        for document in &documents {
            trace.document(&text, document, &mut written);
        }
        Some((text, written))
    };
    units
        .par_iter()
        .zip(&patches)
        .zip(results)
        .map(|((unit, patches), result)| result.map(|output| trace(unit, patches, output)))
        .collect()
}

fn rendered(unit: &Unit, search_path: &OsStr, deadline: Instant) -> Result<String, Refusal> {
    let renderer = unit.renderer;
    let not_rendered = |why: &str, is_error| Refusal {
        reason: format!(
            "{} that is not rendered: {why}; run `{}` on it yourself and give wardline the output",
            renderer.subject(),
            renderer.command()
        ),
        is_error,
    };
    if unit.is_remote {
        let why = "it names something on another machine, and wardline fetches nothing";
        return Err(not_rendered(why, false));
    }
    let Some(program) = tool::find(renderer.program(), search_path) else {
        let why = format!("{} is not on the PATH", renderer.program());
        return Err(not_rendered(&why, false));
    };
    let patience = tool::PATIENCE.min(deadline.saturating_duration_since(Instant::now()));
    if patience.is_zero() {
        let why = format!(
            "rendering everything takes longer than {} seconds",
            BUDGET.as_secs()
        );
        return Err(not_rendered(&why, true));
    }
    let mut command = tool::isolated(&program);
    command.args(renderer.arguments()).arg(&unit.directory);
    let text = tool::output(command, patience).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| format!("its output is not UTF-8: {error}"))
    });
    let text = text.map(|text| match renderer {
        Renderer::Helm => text,
        Renderer::Kustomize => blank_hashes(text),
    });
    text.map_err(|why| {
        let why = format!("`{}` {}", renderer.command(), unit.without_root(&why));
        let why: String = why.chars().take(MAX_REASON).collect();
        not_rendered(&why, true)
    })
}
