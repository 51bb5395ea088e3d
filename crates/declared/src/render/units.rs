//! What is rendered, each once: the charts and kustomizations that no other one holds.

use super::Renderer;
use super::kustomization::{self, Generated, Inline, Kustomization, Naming};
use crate::files::{Content, Found};
use crate::relative::{join, within};
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
    /// The files of their objects, and what happens to the names in them: once for each way that leads there.
    resources: BTreeMap<String, Vec<Naming>>,
    /// What they make of literals: the kustomization's file, what happens to the name, and what is made.
    generated: Vec<(String, Naming, Generated)>,
    /// The patches written inside them: the kustomization's file, and the patch.
    inline: Vec<(String, Inline)>,
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

    /// What happens to the names of a file's objects; nothing if the file is none of its resources.
    pub(super) fn namings_of(&self, path: &str) -> &[Naming] {
        self.resources.get(path).map_or(&[], Vec::as_slice)
    }

    /// The patches that are written inside its kustomizations, with the file of each.
    pub(super) fn inline(&self) -> &[(String, Inline)] {
        &self.inline
    }

    /// The files of its patches.
    pub(super) fn patch_files(&self) -> impl Iterator<Item = &str> {
        self.patches.iter().map(String::as_str)
    }

    /// What it makes of literals.
    pub(super) fn generated(&self) -> &[(String, Naming, Generated)] {
        &self.generated
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
        self.resources = std::mem::take(&mut self.resources)
            .into_iter()
            .map(|(path, namings)| (prefixed(&path), namings))
            .collect();
        let made = self.generated.iter_mut().map(|(path, ..)| path);
        for path in made.chain(self.inline.iter_mut().map(|(path, _)| path)) {
            *path = prefixed(path);
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
        resources: BTreeMap::new(),
        generated: Vec::new(),
        inline: Vec::new(),
        root: root.clone(),
    };
    let mut units: Vec<Unit> = charts
        .iter()
        .filter(|(directory, is_library)| !**is_library && !is_subchart(&charts, directory))
        .map(|(directory, _)| unit(Renderer::Helm, directory, &join(directory, CHART)))
        .collect();
    for (directory, marker, reached) in to_build(&kustomizations) {
        let mut unit = unit(Renderer::Kustomize, directory, marker);
        unit.is_remote = is_remote(&reached);
        unit.parts = reached.iter().map(|(path, _)| (*path).to_owned()).collect();
        unit.patches = reached
            .iter()
            .flat_map(|(path, part)| patches(path, part))
            .collect();
        unit.inline = reached
            .iter()
            .flat_map(|(path, part)| {
                let inline = part.inline.iter();
                inline.map(|inline| ((*path).to_owned(), inline.clone()))
            })
            .collect();
        // What is not rendered changes nothing that is known of.
        if !unit.is_remote {
            let mut walk = Walk {
                all: &kustomizations,
                unit: &mut unit,
                above: Vec::new(),
                left: MOST_VISITS,
            };
            walk.visit(directory, &Naming::default());
        }
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

/// The kustomizations that no other one names, with all that each is made of, itself included. Where something is on another
/// machine, the whole is not rendered, and its parts come instead: what they say is known without it.
fn to_build<'k>(all: &'k Kustomizations<'_>) -> Vec<(&'k str, &'k str, Reached<'k>)> {
    let named: BTreeSet<String> = all
        .iter()
        .flat_map(|(directory, (_, kustomization))| parts(directory, kustomization))
        .collect();
    let mut found: BTreeMap<&str, (&str, Reached<'k>)> = BTreeMap::new();
    let mut pending: Vec<&str> = all
        .keys()
        .copied()
        .filter(|directory| !named.contains(*directory))
        .collect();
    while let Some(directory) = pending.pop() {
        let Some((directory, (marker, read))) = all.get_key_value(directory) else {
            continue;
        };
        if read.is_component || found.contains_key(directory) {
            continue;
        }
        let reached = reach(all, directory);
        if is_remote(&reached) {
            let below = parts(directory, read)
                .filter_map(|part| Some(*all.get_key_value(part.as_str())?.0));
            pending.extend(below);
        }
        found.insert(directory, (marker, reached));
    }
    // A part of one that cannot be rendered may be a part of another one that can.
    let held: BTreeSet<&str> = found
        .values()
        .filter(|(_, reached)| !is_remote(reached))
        .flat_map(|(_, reached)| reached.iter().skip(1).map(|(path, _)| *path))
        .collect();
    found
        .into_iter()
        .filter(|(_, (marker, _))| !held.contains(marker))
        .map(|(directory, (marker, reached))| (directory, marker, reached))
        .collect()
}

fn is_remote(reached: &Reached<'_>) -> bool {
    reached.iter().any(|(_, part)| part.is_remote)
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

/// Kustomizations that are looked into for one unit, each as often as ways lead to it: more than any tree needs.
const MOST_VISITS: usize = 4096;

/// A walk from a unit's kustomization down to the files of its objects.
struct Walk<'k, 'u> {
    all: &'k Kustomizations<'k>,
    unit: &'u mut Unit,
    /// The directories above, so that what names itself ends.
    above: Vec<String>,
    left: usize,
}

impl Walk<'_, '_> {
    fn visit(&mut self, directory: &str, outer: &Naming) {
        let Some((path, kustomization)) = self.all.get(directory) else {
            return;
        };
        if self.left == 0 || self.above.iter().any(|above| above == directory) {
            return;
        }
        self.left -= 1;
        self.above.push(directory.to_owned());
        let naming = outer.around(&kustomization.naming);
        for part in parts(directory, kustomization) {
            if self.all.contains_key(part.as_str()) {
                self.visit(&part, &naming);
                continue;
            }
            let namings = self.unit.resources.entry(part).or_default();
            if !namings.contains(&naming) {
                namings.push(naming.clone());
            }
        }
        let made = kustomization.generated.iter();
        self.unit
            .generated
            .extend(made.map(|generated| ((*path).to_owned(), naming.clone(), generated.clone())));
        self.above.pop();
    }
}

/// The directories, or files, within the input that a kustomization names.
fn parts(directory: &str, kustomization: &Kustomization) -> impl Iterator<Item = String> {
    let parts = kustomization.parts.iter();
    parts.filter_map(move |part| within(directory, part))
}

/// The files within the input that a kustomization patches with.
fn patches(path: &str, kustomization: &Kustomization) -> impl Iterator<Item = String> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let patches = kustomization.patches.iter();
    patches.filter_map(move |patch| within(directory, patch))
}

#[cfg(test)]
mod tests {
    use super::{Unit, units};
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
        assert_eq!(names(&units), ["base", "prod"]);
        assert!(units.iter().all(|unit| unit.is_remote));
    }

    #[test]
    fn the_parts_of_one_that_cannot_be_rendered_are_rendered() {
        let units = of(&[
            ("a/kustomization.yaml", "resources: [x.yaml]\n"),
            ("b/kustomization.yaml", "resources: [../a]\n"),
            ("c/kustomization.yaml", "resources: [y.yaml]\n"),
            (
                "all/kustomization.yaml",
                "resources: [../a, ../c, 'https://h/r?ref=v1']\n",
            ),
        ]);
        let local: Vec<&str> = units
            .iter()
            .filter(|unit| !unit.is_remote)
            .map(|unit| unit.name.as_str())
            .collect();
        assert_eq!(local, ["b", "c"]);
        assert_eq!(units.len(), 3);
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
}
