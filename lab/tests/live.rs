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
use wardline_lab::recipe::{RECIPES, Recipe, Request};
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
    let wrong: Vec<String> = recipe
        .all_requests()
        .flat_map(|request| {
            let first = wrong(&cache, recipe, &request);
            if first.is_empty() {
                return first;
            }
            // Starting five Java programs at once on a busy machine can fail for no fault of theirs. A wrong answer is
            // wrong twice.
            println!("MEASURED AGAIN after:\n{}", first.join("\n"));
            wrong(&cache, recipe, &request)
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with one profile: a service that does not start, an answer that is not the expected one, a declared verdict
/// that disagrees.
fn wrong(cache: &Cache, recipe: &Recipe, request: &Request) -> Vec<String> {
    let name = supervisor::name(recipe.service, request);
    let what = match truth::measure(cache, wardline(), recipe, request) {
        Ok(measured) => {
            println!("{}", measured.table());
            let surprises = measured
                .surprises(workspace(), recipe, request)
                .expect("the expected answers");
            measured
                .disagreements
                .into_iter()
                .chain(surprises)
                .collect()
        }
        // A developer's machine may lack a service; continuous integration has to have all of them.
        Err(LabError::Missing { what, install }) if std::env::var_os("CI").is_none() => {
            println!("NOT RUN {name}: {what} is missing; to install it: {install}");
            Vec::new()
        }
        Err(error) => vec![error.to_string()],
    };
    what.into_iter()
        .map(|what: String| format!("{name}: {what}"))
        .collect()
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
