//! Renders Helm charts and kustomizations with the user's own `helm` and `kubectl`, so that what is judged is what would be
//! deployed. Nothing is fetched: what needs the network is listed as not examined.

mod generated_names;
mod kustomization;
mod novelty;
mod tool;
mod units;

pub(crate) use units::{Unit, units};

use generated_names::blank_hashes;
use model::{Estate, NotExamined, Source, SourceId};
use novelty::{Known, blank_known};
use rayon::prelude::*;
use settings::kubernetes::object::Object;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::time::{Duration, Instant};

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

/// Renders the units with the programs of a search path, adds the texts to the estate, and says of every unit that could
/// not be rendered why. Returns the texts to be read like files. Costs nothing without units.
pub(crate) fn render(
    estate: &mut Estate,
    units: &[Unit],
    search_path: Option<&OsStr>,
) -> Vec<SourceId> {
    if units.is_empty() {
        return Vec::new();
    }
    let search_path = search_path.unwrap_or_default();
    let deadline = Instant::now() + BUDGET;
    let results: Vec<Result<String, Refusal>> = units
        .par_iter()
        .map(|unit| rendered(unit, search_path, deadline))
        .collect();
    leave_out_patches(estate, units, &results);
    let mut texts = Vec::new();
    let known = Known::new(estate.all::<Object>(), &estate.sources);
    let results: Vec<Result<Option<String>, Refusal>> = results
        .into_iter()
        .map(|result| result.map(|text| blank_known(text, &known)))
        .collect();
    for (unit, result) in units.iter().zip(results) {
        let is_rendered = result.is_ok();
        estate.not_examined.retain(|input| {
            input.is_error
                || !(*input.path == *unit.marker || is_rendered && unit.covers(&input.path))
        });
        match result {
            Ok(None) => {}
            Ok(Some(text)) => texts.push(estate.sources.add(Source::rendered(
                &unit.name,
                unit.renderer.command(),
                text,
            ))),
            Err(refusal) => estate.not_examined.push(NotExamined {
                path: unit.marker.as_str().into(),
                reason: refusal.reason.into(),
                place: None,
                is_error: refusal.is_error,
            }),
        }
    }
    texts
}

/// Drops the objects of files that are patches of what was rendered: they are parts of objects, and the whole ones are in
/// the rendered text. Judged by itself, a part would seem to lack the rest.
fn leave_out_patches<T, E>(estate: &mut Estate, units: &[Unit], results: &[Result<T, E>]) {
    let rendered = units
        .iter()
        .zip(results)
        .filter(|(_, result)| result.is_ok());
    let rendered: Vec<&Unit> = rendered.map(|(unit, _)| unit).collect();
    let patches: HashSet<SourceId> = estate
        .sources
        .iter()
        .filter(|(_, source)| rendered.iter().any(|unit| unit.is_patch(&source.path)))
        .map(|(id, _)| id)
        .collect();
    estate.retain::<Object>(|object| !patches.contains(&object.source));
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
