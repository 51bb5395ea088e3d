//! Input that is broken, hostile or no input at all. Each case stands beside a good file, which must be judged all the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may fail loudly and say what they skip; clippy knows test functions only, not what they share"
)]

mod encodings;
mod filesystem;
mod references;
mod size;
mod syntax;

use crate::support::{Answer, Lab, WEAK, strong};
use serde_json::Value;

const FINDING: &str = "hdfs/rpc-privacy#weaker-qop-accepted";

/// A lab with a good file that has one finding of severity high.
fn beside_a_good_file(name: &str) -> Lab {
    Lab::new(name).file("good/core-site.xml", WEAK)
}

/// A lab with a good file that has nothing to report of the only control in question.
fn beside_a_fixed_file(name: &str) -> Lab {
    Lab::new(name).file("good/core-site.xml", &strong())
}

/// What the JSON report says.
struct Report {
    status: i32,
    json: Value,
}

/// An input that was not examined.
#[derive(Debug, PartialEq)]
struct Unexamined<'r> {
    path: &'r str,
    reason: &'r str,
    is_error: bool,
    line: Option<u64>,
}

impl Report {
    /// Judges the lab with one control, so that other controls do not matter.
    fn of(lab: &Lab) -> Report {
        Report::with(lab, &["."])
    }

    fn with(lab: &Lab, arguments: &[&str]) -> Report {
        let fixed = ["-f", "json", "--only", "hdfs/rpc-privacy"];
        let Answer { status, out, err } = lab.run(&[&fixed, arguments].concat());
        assert!(!err.contains("panicked"), "{err}");
        let json = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e} in {out}\n{err}"));
        Report { status, json }
    }

    fn unexamined(&self) -> Vec<Unexamined<'_>> {
        let inputs = self.json["not_examined"].as_array().unwrap().iter();
        inputs
            .map(|input| Unexamined {
                path: input["path"].as_str().unwrap(),
                reason: input["reason"].as_str().unwrap(),
                is_error: input["unreadable"].as_bool().unwrap(),
                line: input["line"].as_u64(),
            })
            .collect()
    }

    /// The only input that was not examined.
    fn the_unexamined(&self) -> Unexamined<'_> {
        let mut all = self.unexamined();
        assert_eq!(all.len(), 1, "{all:?}");
        all.pop().unwrap()
    }

    fn files(&self) -> u64 {
        self.json["summary"]["files"].as_u64().unwrap()
    }

    /// The files of the witnesses of the one weakness that all labs plant.
    fn found_in(&self) -> Vec<&str> {
        let findings = self.json["findings"].as_array().unwrap().iter();
        let planted = findings.filter(|f| {
            format!(
                "{}#{}",
                f["control"].as_str().unwrap(),
                f["cause"].as_str().unwrap()
            ) == FINDING
        });
        planted
            .map(|f| f["witnesses"][0]["file"].as_str().unwrap())
            .collect()
    }
}

/// A broken file leaves the good one judged, is listed with its reason and line, and makes the answer incomplete where
/// nothing worse was found.
fn is_reported(name: &str, path: &str, bytes: &[u8], reason: &str, line: Option<u64>) {
    let lab = beside_a_good_file(name).bytes(path, bytes);
    let report = Report::of(&lab);
    assert_eq!(report.status, 1, "the finding outweighs the broken file");
    assert!(report.found_in().contains(&"good/core-site.xml"));
    let broken = report.the_unexamined();
    assert_eq!(broken.path, path);
    assert!(broken.reason.contains(reason), "{}", broken.reason);
    assert!(broken.is_error);
    assert_eq!(broken.line, line, "{}", broken.reason);

    let lab = beside_a_fixed_file(name).bytes(path, bytes);
    assert_eq!(
        Report::of(&lab).status,
        4,
        "nothing found, but not all read"
    );
}
