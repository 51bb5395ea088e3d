//! kube-apiserver, etcd, etcdctl and the KMS plugin, built from published Go modules; resource definitions out of one.

use crate::cache::Cache;
use crate::go::{self, Module};
use crate::versions::{ETCD, KUBERNETES, SPARK_OPERATOR};
use crate::{LabError, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// kube-apiserver.
///
/// # Errors
///
/// When it can't be built.
pub(super) fn api_server(cache: &Cache) -> Result<PathBuf> {
    let release = format!("v{KUBERNETES}");
    let linker = linker_flags(&release);
    let recipe = format!("k8s.io/kubernetes {release}, staging modules replaced; {linker}");
    let name = format!("kube-apiserver-{KUBERNETES}");
    let place = cache.artefact(&name, &recipe, |into| {
        let module = Module::new(into)?;
        replace_staging(&module, &release)?;
        let package = "k8s.io/kubernetes/cmd/kube-apiserver";
        module.get(&[&format!("{package}@{release}")])?;
        module.build(package, "kube-apiserver", &linker)
    })?;
    Ok(place.join("kube-apiserver"))
}

/// etcd and etcdctl, in that order.
///
/// # Errors
///
/// When they can't be built.
pub(super) fn etcd(cache: &Cache) -> Result<[PathBuf; 2]> {
    let [server, client] = ["server", "etcdctl"].map(|part| format!("go.etcd.io/etcd/{part}/v3"));
    let linker = go::SMALL;
    let recipe = format!("{server} and {client} v{ETCD}; {linker}");
    let place = cache.artefact(&format!("etcd-{ETCD}"), &recipe, |into| {
        let module = Module::new(into)?;
        module.get(&[&format!("{server}@v{ETCD}"), &format!("{client}@v{ETCD}")])?;
        module.build(&server, "etcd", linker)?;
        module.build(&client, "etcdctl", linker)
    })?;
    Ok(["etcd", "etcdctl"].map(|program| place.join(program)))
}

/// The KMS plugin, whose source is the lab's own.
///
/// # Errors
///
/// When it can't be built.
pub(super) fn kms_plugin(cache: &Cache) -> Result<PathBuf> {
    const SOURCE: [(&str, &str); 3] = [
        ("go.mod", include_str!("../../kubernetes/kmsplugin/go.mod")),
        ("go.sum", include_str!("../../kubernetes/kmsplugin/go.sum")),
        (
            "main.go",
            include_str!("../../kubernetes/kmsplugin/main.go"),
        ),
    ];
    let recipe: String = SOURCE.iter().map(|(_, text)| *text).collect();
    let place = cache.artefact("kmsplugin", &recipe, |into| {
        Module::with_files(into, &SOURCE)?.build(".", "kmsplugin", go::SMALL)
    })?;
    Ok(place.join("kmsplugin"))
}

/// The directory of the Kubeflow operator's resource definitions, as its module carries them.
///
/// # Errors
///
/// When the module can't be had.
pub(super) fn spark_resource_definitions(cache: &Cache) -> Result<PathBuf> {
    let module = format!("github.com/kubeflow/spark-operator/v2@v{SPARK_OPERATOR}");
    let name = format!("spark-operator-resources-{SPARK_OPERATOR}");
    cache.artefact(&name, &module, |into| {
        let downloaded = json(&go::run(into, &["mod", "download", "-json", &module])?)?;
        let files = downloaded["Dir"]
            .as_str()
            .map(|dir| Path::new(dir).join("config/crd/bases"))
            .ok_or_else(|| LabError::failed(&module, "`go mod download` names no directory"))?;
        for kind in ["sparkapplications", "scheduledsparkapplications"] {
            let file = format!("sparkoperator.k8s.io_{kind}.yaml");
            fs::copy(files.join(&file), into.join(&file))
                .map_err(|error| LabError::at(&files.join(&file), error))?;
        }
        Ok(())
    })
}

/// What `--version`, `/version` and the emulated version are taken from.
fn linker_flags(release: &str) -> String {
    let mut numbers = KUBERNETES.split('.');
    let [major, minor] = [numbers.next(), numbers.next()].map(Option::unwrap_or_default);
    let mut flags = String::from(go::SMALL);
    for package in [
        "k8s.io/component-base/version",
        "k8s.io/client-go/pkg/version",
    ] {
        for (variable, value) in [
            ("gitVersion", release),
            ("gitMajor", major),
            ("gitMinor", minor),
            ("gitTreeState", "archive"),
            ("gitCommit", "modules"),
            ("buildDate", "1970-01-01T00:00:00Z"),
        ] {
            flags += &format!(" -X {package}.{variable}={value}");
        }
    }
    flags
}

/// `k8s.io/kubernetes` asks for its sibling modules at v0.0.0 and replaces them by its own directories. A program that uses it
/// as a module does not get these replacements, so it makes them itself: v1.Y.Z goes with v0.Y.Z.
fn replace_staging(module: &Module, release: &str) -> Result<()> {
    let sibling = release.replacen("v1.", "v0.", 1);
    let kubernetes = format!("k8s.io/kubernetes@{release}");
    let downloaded = json(&module.run(&["mod", "download", "-json", &kubernetes])?)?;
    let file = downloaded["GoMod"].as_str().unwrap_or_default();
    let parsed = json(&module.run(&["mod", "edit", "-json", file])?)?;
    let mut edit = vec!["mod".to_owned(), "edit".to_owned()];
    for replaced in parsed["Replace"].as_array().into_iter().flatten() {
        let path = replaced["Old"]["Path"].as_str().unwrap_or_default();
        let by = replaced["New"]["Path"].as_str().unwrap_or_default();
        if by.starts_with("./staging/") {
            edit.push(format!("-replace={path}={path}@{sibling}"));
        }
    }
    let words: Vec<&str> = edit.iter().map(String::as_str).collect();
    module.run(&words).map(drop)
}

/// The JSON in what a command said: `go` may tell of downloads before it.
fn json(said: &str) -> Result<Value> {
    let object = said.find('{').and_then(|start| said.get(start..));
    serde_json::from_str(object.unwrap_or_default()).map_err(|error| LabError::failed("go", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_is_of_the_release_that_runs() {
        let wanted = format!("k8s.io/kms v0.{}\n", KUBERNETES.trim_start_matches("1."));
        assert!(include_str!("../../kubernetes/kmsplugin/go.mod").contains(&wanted));
    }
}
