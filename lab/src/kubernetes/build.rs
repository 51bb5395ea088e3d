//! kube-apiserver, etcd, etcdctl and the KMS plugin, built from published Go modules; resource definitions out of one.

use crate::cache::Cache;
use crate::packages::Need;
use crate::versions::{ETCD, KUBERNETES, SPARK_OPERATOR};
use crate::{LabError, Result, command};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The tool chain. An older `go` fetches the release that a module asks for as a module of its own.
pub(super) const GO: Need = Need {
    program: "go",
    package: "golang-go",
};

/// The longest of them, kube-apiserver from empty caches, takes ten minutes on two idle cores.
const LIMIT: Duration = Duration::from_secs(5400);

/// Modules and the compiled packages are shared with everything else on the machine that `go` builds the same way.
const SETTINGS: [(&str, &str); 3] = [
    ("CGO_ENABLED", "0"),
    ("GOFLAGS", "-mod=mod -trimpath -buildvcs=false"),
    ("GOWORK", "off"),
];

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
        module.replace_staging(&release)?;
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
    let linker = "-s -w";
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
        let source = into.join("module");
        fs::create_dir_all(&source).map_err(|error| LabError::at(&source, error))?;
        for (name, text) in SOURCE {
            let file = source.join(name);
            fs::write(&file, text).map_err(|error| LabError::at(&file, error))?;
        }
        Module { dir: source }.build(".", "kmsplugin", "-s -w")
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
        let files = downloaded(into, &module)?["Dir"]
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
    let mut flags = String::from("-s -w");
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

/// A Go module that only exists to build programs of others.
struct Module {
    dir: PathBuf,
}

impl Module {
    fn new(into: &Path) -> Result<Module> {
        let dir = into.join("module");
        fs::create_dir_all(&dir).map_err(|error| LabError::at(&dir, error))?;
        run(&dir, &["mod", "init", "wardline.example/lab/programs"])?;
        Ok(Module { dir })
    }

    /// `k8s.io/kubernetes` asks for its sibling modules at v0.0.0 and replaces them by its own directories. A program that
    /// uses it as a module does not get these replacements, so it makes them itself: v1.Y.Z goes with v0.Y.Z.
    fn replace_staging(&self, release: &str) -> Result<()> {
        let sibling = release.replacen("v1.", "v0.", 1);
        let module = downloaded(&self.dir, &format!("k8s.io/kubernetes@{release}"))?;
        let file = module["GoMod"].as_str().unwrap_or_default();
        let parsed = json(&run(&self.dir, &["mod", "edit", "-json", file])?)?;
        let mut edit = vec!["mod".to_owned(), "edit".to_owned()];
        for replaced in parsed["Replace"].as_array().into_iter().flatten() {
            let path = replaced["Old"]["Path"].as_str().unwrap_or_default();
            let by = replaced["New"]["Path"].as_str().unwrap_or_default();
            if by.starts_with("./staging/") {
                edit.push(format!("-replace={path}={path}@{sibling}"));
            }
        }
        let words: Vec<&str> = edit.iter().map(String::as_str).collect();
        run(&self.dir, &words).map(drop)
    }

    fn get(&self, packages: &[&str]) -> Result<()> {
        run(&self.dir, &[&["get"], packages].concat()).map(drop)
    }

    /// Builds a program into the directory above the module's.
    fn build(&self, package: &str, program: &str, linker_flags: &str) -> Result<()> {
        let output = format!("../{program}");
        run(
            &self.dir,
            &["build", "-ldflags", linker_flags, "-o", &output, package],
        )
        .map(drop)
    }
}

fn downloaded(dir: &Path, module: &str) -> Result<Value> {
    json(&run(dir, &["mod", "download", "-json", module])?)
}

/// The JSON in what a command said: `go` may tell of downloads before it.
fn json(said: &str) -> Result<Value> {
    let object = said.find('{').and_then(|start| said.get(start..));
    serde_json::from_str(object.unwrap_or_default()).map_err(|error| LabError::failed("go", error))
}

fn run(dir: &Path, words: &[&str]) -> Result<String> {
    let mut go = Command::new(GO.path()?);
    go.args(words).current_dir(dir).envs(SETTINGS);
    let verb = words.first().copied().unwrap_or_default();
    command::must(&format!("go {verb}"), &go, LIMIT)
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
