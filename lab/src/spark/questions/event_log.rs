//! The application's event log, as far as it is the same on every machine.

use crate::recipe::Capture;
use crate::spark::daemons::Cluster;
use crate::{LabError, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The events that tell how an application was protected, and who took part in it.
const EVENTS: [&str; 6] = [
    "SparkListenerLogStart",
    "SparkListenerEnvironmentUpdate",
    "SparkListenerApplicationStart",
    "SparkListenerExecutorAdded",
    "SparkListenerBlockManagerAdded",
    "SparkListenerApplicationEnd",
];

/// Parts of the environment that tell of the machine and of nothing else.
const OF_THE_MACHINE: [&str; 5] = [
    "JVM Information",
    "System Properties",
    "Metrics Properties",
    "Classpath Entries",
    "Hadoop Properties",
];

/// The events of the first event log, one JSON object a line. `None` where the application has not written one yet.
pub(super) fn capture(cluster: &Cluster) -> Result<Option<Capture>> {
    let Some(path) = first_file(&cluster.layout.events())? else {
        return Ok(None);
    };
    let text = fs::read_to_string(&path).map_err(|error| LabError::at(&path, error))?;
    let root = cluster.layout.root().display().to_string();
    let kept: Vec<String> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| {
            let name = event.get("Event").and_then(Value::as_str);
            name.is_some_and(|name| EVENTS.contains(&name))
        })
        .map(|mut event| {
            if let Some(fields) = event.as_object_mut() {
                for part in OF_THE_MACHINE {
                    fields.remove(part);
                }
                // The path of the package that was fetched.
                if let Some(properties) = fields
                    .get_mut("Spark Properties")
                    .and_then(Value::as_object_mut)
                {
                    properties.retain(|_, value| !value.as_str().is_some_and(is_of_the_cache));
                }
            }
            event.to_string().replace(&root, "/lab")
        })
        .collect();
    Ok(Some(Capture {
        file: "event-log.jsonl".to_owned(),
        about: format!(
            "The application's event log: {} of its {} events, without what tells of the machine; the deployment's directory is /lab",
            kept.len(),
            text.lines().count()
        ),
        text: kept.join("\n"),
    }))
}

fn is_of_the_cache(value: &str) -> bool {
    value.contains("/.cache/") || value.contains("site-packages")
}

/// The first regular file of a tree, by path: an event log is a file, or from 4.0 on a directory of several.
fn first_file(tree: &Path) -> Result<Option<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(tree)
        .map_err(|error| LabError::at(tree, error))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort_unstable();
    for path in entries {
        let is_marker = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("appstatus"));
        if path.is_dir() {
            if let Some(found) = first_file(&path)? {
                return Ok(Some(found));
            }
        } else if !is_marker {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
