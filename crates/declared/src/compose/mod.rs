//! Compose files of Docker and Podman, told by their content: services with an image or a build.

use crate::Ties;
use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::Estate;
use settings::compose::{Assigned, Service};
use text::{Node, Span};

/// The family.
pub const FAMILY: Family = Family {
    readers: &[Reader {
        bytes: Bytes::Detected,
        name: "compose files",
        formats: &[Format::Lines],
        recognise,
        read,
    }],
    assemble,
    order: 8,
};

fn recognise(candidate: &Candidate<'_>) -> bool {
    if candidate.parent.is_some() || !candidate.holds("services:") || candidate.is_prose_or_code() {
        return false;
    }
    let any = |test: fn(&str) -> bool| candidate.text.lines().any(test);
    // What runs may stand before the services, under an anchor that they merge in.
    any(|line| line.trim_end() == "services:")
        && any(|line| {
            let line = line.trim_start();
            line.starts_with("image:") || line.starts_with("build:")
        })
        && !any(|line| line.starts_with("apiVersion:"))
}

fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let stream = text::yaml::parse(candidate.text);
    if stream.errors.iter().any(text::yaml::is_template) {
        reading.skip("a template that is not rendered; render it and give wardline the output");
        return;
    }
    for error in stream.errors {
        reading.problem(error);
    }
    let services = stream
        .documents
        .iter()
        .filter_map(|document| document.root.get("services"))
        .flat_map(Node::entries);
    for entry in services {
        if let (Some(name), true) = (entry.key.text(), entry.value.is_mapping()) {
            reading.put(service(candidate, name, entry.key.span, &entry.value));
        }
    }
}

fn service(candidate: &Candidate<'_>, name: &str, at: Span, node: &Node) -> Service {
    let words = ["entrypoint", "command"]
        .into_iter()
        .filter_map(|key| node.get(key))
        .flat_map(|value| match value.text() {
            Some(text) => text.split_whitespace().map(Into::into).collect::<Vec<_>>(),
            None => texts(value).map(Into::into).collect(),
        });
    Service {
        source: candidate.source,
        name: name.into(),
        place: candidate.place(at),
        image: node.get("image").and_then(Node::text).map(Into::into),
        is_whole: ["image", "build", "extends"]
            .iter()
            .any(|key| node.get(key).is_some()),
        words: words.collect(),
        environment: node
            .get("environment")
            .map(|environment| assigned(candidate, environment))
            .unwrap_or_default(),
        env_files: node.get("env_file").map(env_files).unwrap_or_default(),
    }
}

fn texts(node: &Node) -> impl Iterator<Item = &str> {
    node.items().iter().filter_map(Node::text)
}

/// One path, a list of paths, or a list of `path:` and `required:`.
fn env_files(node: &Node) -> Vec<Box<str>> {
    let of = |node: &Node| match node.text() {
        Some(path) => Some(path.into()),
        None => node.get("path").and_then(Node::text).map(Into::into),
    };
    match node.text() {
        Some(path) => vec![path.into()],
        None => node.items().iter().filter_map(of).collect(),
    }
}

/// `- NAME=value` or `NAME: value`. A name alone takes the value of whoever starts the project: it is not known here.
fn assigned(candidate: &Candidate<'_>, node: &Node) -> Vec<Assigned> {
    let of_list = node.items().iter().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some(assignment(
            candidate,
            name,
            value,
            after_equals(candidate.text, item),
        ))
    });
    let of_map = node.entries().iter().filter_map(|entry| {
        let value = entry.value.str()?;
        Some(assignment(
            candidate,
            entry.key.text()?,
            value,
            entry.value.span,
        ))
    });
    of_list.chain(of_map).collect()
}

fn assignment(candidate: &Candidate<'_>, name: &str, value: &str, span: Span) -> Assigned {
    Assigned {
        name: name.trim().into(),
        value: value.replace("$$", "$").into(),
        place: candidate.place(span),
    }
}

/// The bytes of the value inside `NAME=value`, without the quotes around both.
fn after_equals(text: &str, item: &Node) -> Span {
    let range = item.span.range();
    let written = text.get(range.clone()).unwrap_or_default();
    let Some(at) = written.find('=') else {
        return item.span;
    };
    let quoted = written.starts_with(['"', '\'']) && written.len() > at + 1;
    Span::new(range.start + at + 1, range.end - usize::from(quoted))
}

fn assemble(_: &mut Estate, _: &Ties) {}
