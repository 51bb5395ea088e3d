//! From the text of `.wardline.toml` to a [`Config`].

use super::table::{Fault, Table, span};
use super::{Config, EvidenceTie, WaiverRule};
use crate::glob::Glob;
use crate::options::Threshold;
use declared::ties::{ClusterTie, HadoopTie, SparkTie, is_role};
use model::Product;
use std::fmt;
use text::LineIndex;

/// Something wrong with a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `.wardline.toml:12:3`.
    pub place: String,
    /// What, and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Reads a configuration text. `name` is how places are named in messages.
///
/// # Errors
/// All problems of the file, in order of their places.
pub fn parse(name: &str, text: &str) -> Result<Config, Vec<Problem>> {
    let lines = LineIndex::new(text);
    let line = |offset| lines.position(text, offset).line;
    let mut faults = Vec::new();
    let mut config = Config::default();
    match text::toml::parse(text) {
        Err(error) => {
            let span = span(error.span);
            let bytes = lines.line(text, line(span.start));
            let message = syntax(&error, text.get(bytes.range()).unwrap_or_default());
            faults.push(Fault { span, message });
        }
        Ok(value) => {
            if let Some(root) = Table::of("the file", &value, &mut faults) {
                let stands_in = |offset| format!("{name}:{}", line(offset));
                config = read(root, &stands_in, &mut faults);
            }
        }
    }
    if faults.is_empty() {
        return Ok(config);
    }
    faults.sort_by_key(|fault| fault.span);
    let problem = |fault: Fault| {
        let at = lines.position(text, fault.span.start);
        Problem {
            place: format!("{name}:{}:{}", at.line, at.column),
            message: fault.message,
        }
    };
    Err(faults.into_iter().map(problem).collect())
}

/// Dates without quotes are the likeliest mistake here, and the parser does not know them.
fn syntax(error: &dyn fmt::Display, line: &str) -> String {
    let bare_date = line.split_once('=').is_some_and(|(key, value)| {
        key.trim() == "expires" && value.trim_start().starts_with(|c: char| c.is_ascii_digit())
    });
    if bare_date {
        String::from("write the day in quotes: expires = \"2027-03-31\"")
    } else {
        error.to_string()
    }
}

fn read(mut root: Table, stands_in: &dyn Fn(u32) -> String, faults: &mut Vec<Fault>) -> Config {
    let mut config = Config::default();
    if let Some(table) = root.table("releases", "[releases]", faults) {
        releases(table, &mut config, faults);
    }
    if let Some(table) = root.table("check", "[check]", faults) {
        check(table, &mut config, faults);
    }
    for table in root.tables("hadoop", "[[hadoop]]", faults) {
        config.ties.hadoop.push(hadoop(table, faults));
    }
    for table in root.tables("cluster", "[[cluster]]", faults) {
        config.ties.clusters.push(cluster(table, faults));
    }
    for table in root.tables("spark", "[[spark]]", faults) {
        config.ties.spark.push(spark(table, faults));
    }
    for table in root.tables("evidence", "[[evidence]]", faults) {
        config.evidence.push(evidence(table, faults));
    }
    for table in root.tables("waiver", "[[waiver]]", faults) {
        let place = stands_in(table.span.start);
        config.waivers.push(waiver(table, place, faults));
    }
    root.finish(faults);
    config
}

fn releases(mut table: Table, config: &mut Config, faults: &mut Vec<Fault>) {
    for (key, product) in [
        ("hadoop", Product::Hadoop),
        ("spark", Product::Spark),
        ("kubernetes", Product::Kubernetes),
        ("spark-operator", Product::ApacheSparkOperator),
        ("mit-kerberos", Product::MitKerberos),
    ] {
        if let Some(release) = table.release(key, faults) {
            config.ties.releases.push((product, release));
        }
    }
    table.finish(faults);
}

fn check(mut table: Table, config: &mut Config, faults: &mut Vec<Fault>) {
    config.fail_on = table.read("fail-on", Threshold::WORDS, faults, |value| {
        Threshold::parse(value.as_str()?)
    });
    config.min_coverage = table.read(
        "min-coverage",
        "a percentage: a whole number from 0 to 100",
        faults,
        |value| {
            let percent = u8::try_from(value.as_integer()?).ok()?;
            (percent <= 100).then_some(percent)
        },
    );
    config.only = globs(table.texts("only", faults));
    config.skip = globs(table.texts("skip", faults));
    table.finish(faults);
}

fn hadoop(mut table: Table, faults: &mut Vec<Fault>) -> HadoopTie {
    let roles = table.read(
        "roles",
        "a list of roles: NameNode, DataNode, JournalNode, SecondaryNameNode, Router, KMS, HttpFS, ResourceManager, NodeManager, JobHistory, NFSGateway, ZKFC, client",
        faults,
        |value| {
            let roles = value.as_array()?.iter();
            roles
                .map(|role| role.as_str().filter(|word| is_role(word)).map(str::to_owned))
                .collect()
        },
    );
    let tie = HadoopTie {
        path: table.required("path", faults).to_owned(),
        roles: roles.unwrap_or_default(),
        cluster: table.text("cluster", faults).map(str::to_owned),
        includes: owned(table.texts("includes", faults)),
        release: table.release("release", faults),
    };
    table.finish(faults);
    tie
}

fn cluster(mut table: Table, faults: &mut Vec<Fault>) -> ClusterTie {
    let tie = ClusterTie {
        name: table.required("name", faults).to_owned(),
        paths: owned(table.texts("paths", faults)),
        release: table.release("release", faults),
    };
    table.finish(faults);
    tie
}

fn spark(mut table: Table, faults: &mut Vec<Fault>) -> SparkTie {
    let tie = SparkTie {
        path: table.required("path", faults).to_owned(),
        defaults: table
            .text("defaults", faults)
            .unwrap_or_default()
            .to_owned(),
    };
    table.finish(faults);
    tie
}

fn evidence(mut table: Table, faults: &mut Vec<Fault>) -> EvidenceTie {
    let tie = EvidenceTie {
        file: Glob::new(table.required("file", faults)),
        workload: table.required("workload", faults).into(),
    };
    table.finish(faults);
    tie
}

fn waiver(mut table: Table, place: String, faults: &mut Vec<Fault>) -> WaiverRule {
    let rule = WaiverRule {
        control: Glob::new(table.required("control", faults)),
        path: table.text("path", faults).map(Glob::new),
        subject: table.text("subject", faults).map(Glob::new),
        reason: table.required("reason", faults).into(),
        owner: table.required("owner", faults).into(),
        expires: table.required_day("expires", faults),
        place: place.into(),
    };
    table.finish(faults);
    rule
}

fn globs(texts: Vec<&str>) -> Vec<Glob> {
    texts.into_iter().map(Glob::new).collect()
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
