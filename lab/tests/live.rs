//! The truth table, measured: every service in every profile against the answers that were agreed on and against what
//! `wardline check` says of its files. Runs with the feature `live`, because it starts real services.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a broken expectation must fail loudly"
)]

use std::path::Path;
use std::sync::OnceLock;
use wardline_lab::LabError;
use wardline_lab::cache::Cache;
use wardline_lab::kubernetes::loader;
use wardline_lab::recipe::{RECIPES, Recipe};
use wardline_lab::supervisor;
use wardline_lab::truth::{self, Wardline};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
}

fn wardline() -> &'static Wardline {
    static BUILT: OnceLock<Wardline> = OnceLock::new();
    BUILT.get_or_init(|| Wardline::of_workspace(workspace()).expect("wardline builds"))
}

fn measure(service: &str) {
    let recipe = Recipe::named(service).expect("a service");
    let cache = Cache::open().expect("a cache");
    let mut wrong = Vec::new();
    for request in recipe.all_requests() {
        let name = supervisor::name(service, &request);
        match truth::measure(&cache, wardline(), recipe, &request) {
            Ok(measured) => {
                println!("{}", measured.table());
                let surprises = measured
                    .surprises(workspace(), recipe, &request)
                    .expect("the expected answers");
                let all = measured.disagreements.iter().chain(&surprises);
                wrong.extend(all.map(|what| format!("{name}: {what}")));
            }
            // A developer's machine may lack a service; continuous integration has to have all of them.
            Err(LabError::Missing { what, install }) if std::env::var_os("CI").is_none() => {
                println!("NOT RUN {name}: {what} is missing; to install it: {install}");
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_service_is_measured_here() {
    let measured = ["ceph", "hdfs", "kubernetes", "s3", "spark", "tls"];
    let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.service).collect();
    assert_eq!(known, measured);
}

#[test]
fn ceph() {
    measure("ceph");
}

#[test]
fn s3() {
    measure("s3");
}

#[test]
fn spark() {
    measure("spark");
}

#[test]
fn tls() {
    measure("tls");
}

#[test]
fn hdfs() {
    measure("hdfs");
}

#[test]
fn kubernetes() {
    measure("kubernetes");
}

/// What the API server itself says of 80 files for `--encryption-provider-config`, against what was recorded and what
/// `wardline check` says.
#[test]
fn kubernetes_encryption_configurations() {
    let cache = Cache::open().expect("a cache");
    let answers = loader::Loader::new(&cache)
        .and_then(|loader| loader.load_all())
        .expect("the API server answers");
    let mut wrong = loader::disagreements(wardline(), &answers).expect("verdicts");
    wrong.extend(loader::surprises(workspace(), &answers).expect("the recorded answers"));
    println!("{} files loaded by the API server", answers.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
