//! `.wardline.toml`: releases, ties, waivers, thresholds.
//!
//! Unknown keys are errors with their place: a misspelt waiver must not pass for an accepted risk.

mod table;
mod template;

pub use template::TEMPLATE;

use crate::options::Glob;
use crate::outcome::Note;
use declared::Ties;
use declared::ties::{ClusterTie, HadoopTie, SparkTie};
use model::{Product, Release};
use std::path::{Path, PathBuf};
use table::{Problem, Table};
use text::LineIndex;

/// The file's name, searched from the input upwards.
pub const FILE_NAME: &str = ".wardline.toml";

/// What the user states.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Corrections to what readers conclude.
    pub ties: Ties,
    /// Accepted findings.
    pub waivers: Vec<WaiverRule>,
    /// `--fail-on`, unless given on the command line.
    pub fail_on: Option<String>,
    /// Controls to judge, unless given on the command line.
    pub only: Vec<Glob>,
    /// Controls not to judge.
    pub skip: Vec<Glob>,
    /// Remarks on the file.
    pub notes: Vec<Note>,
}

/// A waiver.
#[derive(Clone, Debug)]
pub struct WaiverRule {
    /// `hdfs/rpc-privacy`, `hdfs/*` or `hdfs/rpc-privacy#weaker-qop-accepted`.
    pub control: Glob,
    /// Only in files that match.
    pub path: Option<Glob>,
    /// Only for subjects whose name matches.
    pub subject: Option<Glob>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub owner: String,
    /// The last day it counts, `YYYY-MM-DD`.
    pub expires: String,
    /// `.wardline.toml:12`.
    pub place: String,
}

/// The configuration file that counts for an input: in its directory, or the nearest one above, up to the repository's top.
#[must_use]
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    let mut directory = if start.is_dir() {
        Some(start.as_path())
    } else {
        start.parent()
    };
    while let Some(here) = directory {
        let file = here.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        if here.join(".git").exists() {
            return None;
        }
        directory = here.parent();
    }
    None
}

/// Reads a configuration text. `name` is how places are named in messages.
///
/// # Errors
/// All problems of the file, each `name:line:column: what`.
pub fn parse(name: &str, text: &str) -> Result<Config, Vec<String>> {
    let lines = LineIndex::new(text);
    let place = |offset: usize| {
        let position = lines.position(text, text::Span::at(offset).start);
        format!("{name}:{}:{}", position.line, position.column)
    };
    let mut problems: Vec<Problem> = Vec::new();
    let config = match text::toml::parse(text) {
        Err(error) => {
            problems.push(Problem {
                offset: error.span.start,
                message: error.to_string(),
            });
            Config::default()
        }
        Ok(mut value) => match Table::of(&mut value) {
            Some(table) => read(table, &place, &mut problems),
            None => Config::default(),
        },
    };
    if problems.is_empty() {
        return Ok(config);
    }
    problems.sort_by_key(|problem| problem.offset);
    Err(problems
        .into_iter()
        .map(|problem| format!("{}: {}", place(problem.offset), problem.message))
        .collect())
}

fn read(mut root: Table, place: &dyn Fn(usize) -> String, problems: &mut Vec<Problem>) -> Config {
    let mut config = Config::default();
    if let Some(mut releases) = root.table("releases", problems) {
        for (key, product) in [
            ("hadoop", Product::Hadoop),
            ("spark", Product::Spark),
            ("kubernetes", Product::Kubernetes),
            ("spark-operator", Product::ApacheSparkOperator),
            ("mit-kerberos", Product::MitKerberos),
        ] {
            if let Some(release) = releases.release(key, problems) {
                config.ties.releases.push((product, release));
            }
        }
        releases.finish("releases", problems);
    }
    if let Some(mut check) = root.table("check", problems) {
        config.fail_on = check.text("fail-on", problems);
        config.only = check
            .texts("only", problems)
            .into_iter()
            .map(Glob)
            .collect();
        config.skip = check
            .texts("skip", problems)
            .into_iter()
            .map(Glob)
            .collect();
        check.finish("check", problems);
    }
    for mut table in root.tables("hadoop", problems) {
        config.ties.hadoop.push(HadoopTie {
            path: table.required("path", problems),
            roles: table.texts("roles", problems),
            cluster: table.text("cluster", problems),
            includes: table.texts("includes", problems),
            release: table.release("release", problems),
        });
        table.finish("hadoop", problems);
    }
    for mut table in root.tables("cluster", problems) {
        config.ties.clusters.push(ClusterTie {
            name: table.required("name", problems),
            paths: table.texts("paths", problems),
            release: table.release("release", problems),
        });
        table.finish("cluster", problems);
    }
    for mut table in root.tables("spark", problems) {
        config.ties.spark.push(SparkTie {
            path: table.required("path", problems),
            defaults: table.text("defaults", problems).unwrap_or_default(),
        });
        table.finish("spark", problems);
    }
    for mut table in root.tables("waiver", problems) {
        let expires = table.required("expires", problems);
        if !expires.is_empty() && !is_date(&expires) {
            problems.push(Problem {
                offset: table.offset,
                message: format!("{expires:?} is no date; write YYYY-MM-DD"),
            });
        }
        config.waivers.push(WaiverRule {
            control: Glob(table.required("control", problems)),
            path: table.text("path", problems).map(Glob),
            subject: table.text("subject", problems).map(Glob),
            reason: table.required("reason", problems),
            owner: table.required("owner", problems),
            expires,
            place: place(table.offset),
        });
        table.finish("waiver", problems);
    }
    root.finish("the file", problems);
    config
}

/// `YYYY-MM-DD`, so that text order is date order.
fn is_date(text: &str) -> bool {
    jiff::civil::Date::strptime("%Y-%m-%d", text).is_ok() && text.len() == 10
}

/// Reads a release.
fn release(text: &str) -> Option<Release> {
    Release::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_section() {
        let config = parse(".wardline.toml", TEMPLATE).unwrap();
        assert!(config.waivers.is_empty(), "the template only comments");
        let text = "[releases]\nhadoop = \"3.3.6\"\n[[hadoop]]\npath = \"conf/nn\"\nroles = [\"NameNode\"]\n\
                    [[waiver]]\ncontrol = \"hdfs/*\"\nreason = \"migration\"\nowner = \"platform\"\nexpires = \"2027-01-31\"\n";
        let config = parse(".wardline.toml", text).unwrap();
        assert_eq!(config.ties.releases, [(Product::Hadoop, Release(3, 3, 6))]);
        assert_eq!(config.ties.hadoop[0].roles, ["NameNode"]);
        assert_eq!(config.waivers[0].place, ".wardline.toml:6:1");
    }

    #[test]
    fn collects_all_problems_with_their_places() {
        let text = "[releases]\nhadop = \"3.3.6\"\nspark = \"new\"\n[[waiver]]\ncontrol = \"x\"\nexpires = \"soon\"\n";
        let problems = parse("w", text).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|p| p.starts_with("w:2:1") && p.contains("hadop") && p.contains("hadoop")),
            "{problems:?}"
        );
        assert!(
            problems
                .iter()
                .any(|p| p.starts_with("w:3:") && p.contains("release")),
            "{problems:?}"
        );
        assert!(
            problems.iter().any(|p| p.contains("reason"))
                && problems.iter().any(|p| p.contains("owner")),
            "{problems:?}"
        );
        assert!(problems.iter().any(|p| p.contains("date")), "{problems:?}");
    }
}
