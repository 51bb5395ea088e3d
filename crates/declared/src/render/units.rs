//! What is rendered, each once: the charts and kustomizations that no other one holds.

use super::Renderer;
use super::kustomization::{self, Kustomization};
use crate::files::{Content, Found};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use text::Node;

/// The file that makes a directory a chart.
const CHART: &str = "Chart.yaml";

/// Files of a chart that rendering takes into account; with `templates/`, `charts/` and `crds/` they are the chart.
const CHART_FILES: [&str; 6] = [
    CHART,
    "Chart.lock",
    "values.yaml",
    "values.schema.json",
    "requirements.yaml",
    "requirements.lock",
];

/// One rendering.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(super) renderer: Renderer,
    /// Where it is, absolute, for the renderer.
    pub(super) directory: PathBuf,
    /// The same as the report names it; empty for the top of the input.
    pub(super) name: String,
    /// The file that tells what it is, as the report names it.
    pub(super) marker: String,
    /// Whether it, or something it is made of, names something on another machine.
    pub(super) is_remote: bool,
    /// The kustomizations that it is made of, itself included: their files, as the report names them.
    parts: BTreeSet<String>,
    /// The files of their patches.
    patches: BTreeSet<String>,
    root: PathBuf,
}

impl Unit {
    /// Whether a file's content is in the rendered text.
    pub(super) fn covers(&self, path: &str) -> bool {
        if self.renderer == Renderer::Kustomize {
            return self.parts.contains(path) || self.is_patch(path);
        }
        let inside = if self.name.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(self.name.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
        };
        inside.is_some_and(|inside| {
            CHART_FILES.contains(&inside)
                || ["templates/", "charts/", "crds/"]
                    .iter()
                    .any(|folder| inside.starts_with(folder))
        })
    }

    /// Whether a file is a patch, whose objects are in the rendered text in full.
    pub(super) fn is_patch(&self, path: &str) -> bool {
        self.patches.contains(path)
    }

    /// A message without the absolute path of the input, which says nothing new and may be private.
    pub(super) fn without_root(&self, message: &str) -> String {
        let root = self.root.to_string_lossy();
        message
            .replace(&format!("{root}/"), "")
            .replace(&*root, ".")
    }

    /// Puts the input's name before the names in the report.
    pub(crate) fn prefix(&mut self, input: &str) {
        let prefixed = |name: &str| match name {
            "" => input.to_owned(),
            name => format!("{input}/{name}"),
        };
        self.name = prefixed(&self.name);
        self.marker = prefixed(&self.marker);
        for paths in [&mut self.parts, &mut self.patches] {
            *paths = paths.iter().map(|path| prefixed(path)).collect();
        }
    }
}

/// What is to be rendered of the files found in `root`, in order of path. Only names are looked at where there is nothing.
pub(crate) fn units(root: &Path, found: &[Found]) -> Vec<Unit> {
    let mut charts = BTreeMap::new();
    let mut kustomizations = BTreeMap::new();
    for file in found {
        let Content::Text(text) = &file.content else {
            continue;
        };
        let (directory, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if name == CHART {
            if let Some(is_library) = read_chart(&text.text) {
                charts.insert(directory, is_library);
            }
        } else if kustomization::FILE_NAMES.contains(&name)
            && let Some(read) = kustomization::read(&text.text)
        {
            kustomizations.insert(directory, (file.path.as_str(), read));
        }
    }
    if charts.is_empty() && kustomizations.is_empty() {
        return Vec::new();
    }
    // What cannot be made absolute cannot be read either; then its files are listed already.
    let Ok(root) = root.canonicalize() else {
        return Vec::new();
    };
    let unit = |renderer, directory: &str, marker: &str| Unit {
        renderer,
        directory: root.join(directory),
        name: directory.to_owned(),
        marker: marker.to_owned(),
        is_remote: false,
        parts: BTreeSet::new(),
        patches: BTreeSet::new(),
        root: root.clone(),
    };
    let mut units: Vec<Unit> = charts
        .iter()
        .filter(|(directory, is_library)| !**is_library && !is_subchart(&charts, directory))
        .map(|(directory, _)| unit(Renderer::Helm, directory, &joined(directory, CHART)))
        .collect();
    for (directory, marker, reached) in top_level(&kustomizations) {
        let mut unit = unit(Renderer::Kustomize, directory, marker);
        unit.is_remote = reached.iter().any(|(_, part)| part.is_remote);
        unit.parts = reached.iter().map(|(path, _)| (*path).to_owned()).collect();
        unit.patches = reached
            .iter()
            .flat_map(|(path, part)| patches(path, part))
            .collect();
        units.push(unit);
    }
    units
}

/// Whether the text describes a chart: `None` if not; whether it is a library, which renders to nothing by itself
/// (Helm documentation, Topics, Charts: `apiVersion`, `name` and `version` are required).
fn read_chart(text: &str) -> Option<bool> {
    let stream = text::yaml::parse(text);
    let root = &stream.documents.first()?.root;
    let word = |key| root.get(key).and_then(Node::text);
    ["apiVersion", "name", "version"]
        .iter()
        .all(|key| word(key).is_some_and(|value| !value.is_empty()))
        .then(|| word("type") == Some("library"))
}

/// Whether a chart stands in the `charts/` of another one.
fn is_subchart(charts: &BTreeMap<&str, bool>, directory: &str) -> bool {
    let above = directory.match_indices("charts/").filter_map(|(at, _)| {
        let above = directory.get(..at)?;
        (above.is_empty() || above.ends_with('/')).then(|| above.trim_end_matches('/'))
    });
    above.into_iter().any(|above| charts.contains_key(above))
}

type Kustomizations<'f> = BTreeMap<&'f str, (&'f str, Kustomization)>;
type Reached<'k> = Vec<(&'k str, &'k Kustomization)>;

/// The kustomizations that no other one names, with all that each is made of, itself included.
fn top_level<'k>(all: &'k Kustomizations<'_>) -> Vec<(&'k str, &'k str, Reached<'k>)> {
    let named: BTreeSet<String> = all
        .iter()
        .flat_map(|(directory, (_, kustomization))| parts(directory, kustomization))
        .collect();
    all.iter()
        .filter(|(directory, (_, read))| !read.is_component && !named.contains(**directory))
        .map(|(directory, (marker, _))| (*directory, *marker, reach(all, directory)))
        .collect()
}

fn reach<'k>(all: &'k Kustomizations<'_>, start: &str) -> Reached<'k> {
    let mut reached = Vec::new();
    let mut seen = BTreeSet::from([start.to_owned()]);
    let mut pending = vec![start.to_owned()];
    while let Some(directory) = pending.pop() {
        let Some((path, kustomization)) = all.get(directory.as_str()) else {
            continue;
        };
        reached.push((*path, kustomization));
        let fresh = parts(&directory, kustomization).filter(|part| seen.insert(part.clone()));
        pending.extend(fresh.collect::<Vec<_>>());
    }
    reached
}

/// The directories, or files, within the input that a kustomization names.
fn parts(directory: &str, kustomization: &Kustomization) -> impl Iterator<Item = String> {
    let parts = kustomization.parts.iter();
    parts.filter_map(move |part| resolve(directory, part))
}

/// The files within the input that a kustomization patches with.
fn patches(path: &str, kustomization: &Kustomization) -> impl Iterator<Item = String> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let patches = kustomization.patches.iter();
    patches.filter_map(move |patch| resolve(directory, patch))
}

/// A relative name seen from a directory of the input. `None` if it leads out.
fn resolve(directory: &str, name: &str) -> Option<String> {
    if name.starts_with('/') {
        return None;
    }
    let mut components: Vec<&str> = directory.split('/').filter(|c| !c.is_empty()).collect();
    for component in name.split('/') {
        match component {
            "" | "." => {}
            ".." => {
                components.pop()?;
            }
            component => components.push(component),
        }
    }
    Some(components.join("/"))
}

fn joined(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Unit, resolve, units};
    use crate::files::Found;
    use crate::render::Renderer;
    use std::path::Path;

    const CHART: &str = "apiVersion: v2\nname: a\nversion: 1.0.0\n";

    fn of(files: &[(&str, &str)]) -> Vec<Unit> {
        let found: Vec<Found> = files
            .iter()
            .map(|(path, text)| Found {
                path: (*path).to_owned(),
                content: crate::files::content(text.as_bytes().to_vec()),
                mode: None,
            })
            .collect();
        units(Path::new("."), &found)
    }

    fn names(units: &[Unit]) -> Vec<&str> {
        units.iter().map(|unit| unit.name.as_str()).collect()
    }

    #[test]
    fn a_chart_holds_its_subcharts() {
        let library = format!("{CHART}type: library\n");
        let units = of(&[
            ("Chart.yaml", CHART),
            ("charts/sub/Chart.yaml", CHART),
            ("charts/sub/charts/deep/Chart.yaml", CHART),
            ("library/Chart.yaml", &library),
            ("note/Chart.yaml", "name: not a chart\n"),
            ("other/my-charts/x/Chart.yaml", CHART),
        ]);
        assert_eq!(names(&units), ["", "other/my-charts/x"]);
        assert!(units.iter().all(|unit| unit.renderer == Renderer::Helm));
    }

    #[test]
    fn charts_beside_each_other_in_a_folder_of_charts_are_all_rendered() {
        let units = of(&[
            ("charts/a/Chart.yaml", CHART),
            ("charts/b/Chart.yaml", CHART),
        ]);
        assert_eq!(names(&units), ["charts/a", "charts/b"]);
    }

    #[test]
    fn a_kustomization_that_another_names_is_part_of_it() {
        let units = of(&[
            ("base/kustomization.yaml", "resources: [a.yaml]\n"),
            (
                "prod/kustomization.yml",
                "resources: [../base/]\npatches: [{path: p.yaml}]\n",
            ),
            (
                "tls/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
            ),
        ]);
        assert_eq!(names(&units), ["prod"]);
        assert!(units.iter().all(|unit| {
            unit.covers("base/kustomization.yaml")
                && unit.covers("prod/kustomization.yml")
                && unit.is_patch("prod/p.yaml")
                && !unit.covers("tls/kustomization.yaml")
                && !unit.covers("base/a.yaml")
        }));
    }

    #[test]
    fn a_remote_base_further_down_counts() {
        let units = of(&[
            (
                "base/kustomization.yaml",
                "resources: ['https://h/r?ref=v1']\n",
            ),
            ("prod/kustomization.yaml", "bases: [../base]\n"),
        ]);
        assert!(names(&units) == ["prod"] && units.iter().all(|unit| unit.is_remote));
    }

    #[test]
    fn kustomizations_that_name_each_other_end() {
        let units = of(&[
            ("a/kustomization.yaml", "resources: [../b]\n"),
            ("b/kustomization.yaml", "resources: [../a]\n"),
            ("c/kustomization.yaml", "resources: [../a]\n"),
        ]);
        assert_eq!(names(&units), ["c"]);
    }

    #[test]
    fn names_are_resolved_within_the_input() {
        assert_eq!(resolve("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(resolve("a", "..").as_deref(), Some(""));
        assert_eq!(resolve("a", "../.."), None);
        assert_eq!(resolve("a", "/etc"), None);
    }
}
