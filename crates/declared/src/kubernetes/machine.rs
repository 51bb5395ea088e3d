//! Configurations that write files to a machine when it first starts: cloud-init's `write_files`, and Butane's files and
//! units.

use super::embedded::{embed, machine_file};
use super::is_top;
use crate::reading::{Candidate, Reading};
use text::{Node, yaml};

pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    candidate.text.starts_with("#cloud-config")
        || (is_top(candidate.text, "variant")
            && ["fcos", "flatcar", "openshift", "r4e"]
                .iter()
                .any(|variant| candidate.holds(&format!("variant: {variant}"))))
}

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let stream = yaml::parse(candidate.text);
    super::report(stream.errors, reading);
    for document in stream.documents {
        for file in items(&document.root, &["write_files"]) {
            machine_file(candidate.text, file, reading);
        }
        for file in items(&document.root, &["storage", "files"]) {
            inline(
                candidate,
                file.get("path"),
                file.at(&["contents", "inline"]),
                reading,
            );
        }
        for unit in items(&document.root, &["systemd", "units"]) {
            inline(candidate, unit.get("name"), unit.get("contents"), reading);
        }
    }
}

fn items<'n>(root: &'n Node, path: &[&str]) -> &'n [Node] {
    root.at(path).map_or(&[][..], Node::items)
}

fn inline(
    candidate: &Candidate<'_>,
    name: Option<&Node>,
    content: Option<&Node>,
    reading: &mut Reading,
) {
    if let (Some(name), Some(content)) = (name.and_then(Node::text), content)
        && let Some(written) = content.text()
    {
        let map = yaml::block_scalar_segments(candidate.text, content);
        embed(name, written, content, map, reading);
    }
}
