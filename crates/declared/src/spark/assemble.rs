//! Puts Spark's pieces together: what runs, with which files beneath it.

use super::ties::Tree;
use super::{applications, daemons, flows, release, scripts, ties, workloads, written};
use crate::Ties;
use model::{Estate, Place};
use settings::kubernetes::object::Object;
use settings::script::Script;
use settings::spark::{Deployment, Kind, Layer, Origin, PropertiesFile, Tie};
use std::collections::HashMap;

/// Finds deployments and ties them to their files.
pub(super) fn assemble(estate: &mut Estate, ties: &Ties) {
    place_files(estate);
    written::add(estate);
    let deployments = deployments(&Tree::new(estate), ties);
    release::of_estate(estate, &deployments);
    for deployment in deployments {
        flows::describe(estate, &deployment);
        estate.put(deployment);
    }
}

fn deployments(tree: &Tree<'_>, ties: &Ties) -> Vec<Deployment> {
    let mut deployments = Vec::new();
    for (index, object) in tree.estate.all::<Object>().iter().enumerate() {
        match applications::of_object(tree, index, object, ties) {
            Some(deployment) => deployments.push(deployment),
            None => deployments.extend(workloads::of_object(tree, index, object, ties)),
        }
    }
    for script in tree.estate.all::<Script>() {
        deployments.extend(scripts::of_script(tree, script, ties));
    }
    daemons::share_environment(tree, &mut deployments);
    let daemons = daemons::of_directories(tree, &deployments);
    deployments.extend(daemons);
    deployments.extend(daemons::of_node_managers(tree));
    let mut defaults = of_files(tree, &deployments);
    daemons::share_environment(tree, &mut defaults);
    deployments.extend(defaults);
    for deployment in &mut deployments {
        if let Some(hadoop) = applications::hadoop_by_property(tree, deployment) {
            deployment.hadoop = hadoop;
        }
        if deployment.release.is_none() {
            let base = match deployment.defaults {
                Tie::Certain(index) => tree.estate.all::<PropertiesFile>().get(index),
                _ => None,
            };
            let base = base.map_or(&[][..], |file| &file.settings);
            deployment.release = release::of_settings(deployment, base);
        }
        if deployment.release.is_none() {
            let path = ties::path_of(&tree.estate.sources, deployment.anchor);
            deployment.release = release::in_path(&path).map(|release| (release, None));
        }
    }
    deployments
}

/// Names the files that stand in objects after them.
fn place_files(estate: &mut Estate) {
    let places: Vec<Option<(usize, String)>> = estate
        .all::<PropertiesFile>()
        .iter()
        .map(|file| {
            let embedding = estate.sources.get(file.source)?.embedding.as_ref()?;
            let (index, object) = object_around(estate, embedding.parent)?;
            Some((
                index,
                format!("{} {}/{}", object.kind, object.qualified_name(), file.name),
            ))
        })
        .collect();
    let originals = originals(estate);
    let files = estate.all_mut::<PropertiesFile>().iter_mut();
    for ((file, place), original) in files.zip(places).zip(originals) {
        if let Some((index, name)) = place {
            file.object = Some(index);
            file.name = name.into();
            file.copy_of = original;
        }
    }
}

/// For each properties file the file of the tree with the same text: a generator makes ConfigMaps of files.
fn originals(estate: &Estate) -> Vec<Option<usize>> {
    let files = estate.all::<PropertiesFile>();
    let source = |file: &PropertiesFile| estate.sources.get(file.source);
    let mut by_text: HashMap<&str, usize> = HashMap::new();
    for (index, file) in files.iter().enumerate() {
        if let Some(source) = source(file).filter(|source| source.embedding.is_none()) {
            by_text.entry(source.text.trim()).or_insert(index);
        }
    }
    files
        .iter()
        .map(|file| by_text.get(source(file)?.text.trim()).copied())
        .collect()
}

fn object_around(estate: &Estate, place: Place) -> Option<(usize, &Object)> {
    estate
        .all::<Object>()
        .iter()
        .enumerate()
        .find(|(_, object)| {
            object.source == place.source
                && object.document.start <= place.span.start
                && place.span.end <= object.document.end
        })
}

/// The files that are judged themselves: those that no application loads for sure.
fn of_files(tree: &Tree<'_>, deployments: &[Deployment]) -> Vec<Deployment> {
    let files = tree.estate.all::<PropertiesFile>().iter().enumerate();
    files
        .filter(|(index, file)| {
            let users = deployments
                .iter()
                .filter(|other| other.defaults == Tie::Certain(*index));
            let kinds: Vec<Kind> = users.map(|user| user.kind).collect();
            let elsewhere = deployments
                .iter()
                .any(|other| other.kind.is_application() && other.defaults != Tie::Certain(*index))
                || tree
                    .estate
                    .all::<PropertiesFile>()
                    .iter()
                    .filter(|other| other.is_defaults)
                    .count()
                    > 1;
            let is_loaded_above_defaults = deployments.iter().any(|other| {
                let mut layers = other.layers.iter();
                layers.any(|layer| layer.origin == Origin::PropertiesFile && holds(layer, file))
            });
            let is_taken = kinds.iter().any(|kind| kind.is_application())
                || is_loaded_above_defaults
                || is_beneath_another(*index, tree)
                || file.object.is_some() && !kinds.is_empty()
                // The directory of a daemon, while applications have files of their own.
                || kinds.iter().any(|kind| kind.is_standalone_daemon()) && elsewhere;
            // What a script adds to a file that is not in the tree is a part of it only.
            let is_part = file
                .written
                .is_some_and(|written| written.appends && written.base.is_none())
                && kinds.is_empty();
            !is_taken && !is_part && file.copy_of.is_none() && !serves_history_only(file)
        })
        .map(|(index, file)| {
            let mut deployment = Deployment::new(Kind::Defaults, file.name.clone(), file.anchor);
            deployment.defaults = Tie::Certain(index);
            deployment.object = file.object;
            deployment.namespace = file
                .object
                .and_then(|object| tree.estate.all::<Object>().get(object)?.namespace.clone());
            deployment.hadoop = match file.object {
                Some(_) => settings::spark::deployment::HadoopTie::None,
                None => ties::hadoop_beside(tree, ties::directory_of(&file.name)),
            };
            deployment
        })
        .collect()
}

/// Whether a layer holds the properties of a file.
fn holds(layer: &Layer, file: &PropertiesFile) -> bool {
    let (own, of_file) = (layer.settings.first(), file.settings.first());
    own.is_some() && own.map(|setting| setting.place) == of_file.map(|setting| setting.place)
}

/// Whether a script adds to the file, so that what counts is both together.
fn is_beneath_another(index: usize, tree: &Tree<'_>) -> bool {
    tree.estate
        .all::<PropertiesFile>()
        .iter()
        .filter_map(|file| file.written)
        .any(|written| written.base == Some(index))
}

/// Whether a file configures a History Server and nothing else.
fn serves_history_only(file: &PropertiesFile) -> bool {
    const SHARED: [&str; 7] = [
        "spark.ui.",
        "spark.ssl.",
        "spark.acls.",
        "spark.admin.",
        "spark.eventLog.",
        "spark.hadoop.",
        "spark.org.apache.",
    ];
    file.sets_any("spark.history.")
        && file.settings.iter().all(|setting| {
            setting.key.starts_with("spark.history.")
                || SHARED.iter().any(|prefix| setting.key.starts_with(prefix))
        })
}
