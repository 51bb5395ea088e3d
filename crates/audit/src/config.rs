//! `.wardline.toml`: releases, ties, thresholds, waivers.
//!
//! Unknown keys are errors with their place: a misspelt waiver must not pass for an accepted risk.

mod read;
mod search;
mod table;
mod template;

pub use read::{Problem, parse};
pub use search::{FILE_NAME, base, find};
pub use template::TEMPLATE;

use crate::glob::Glob;
use crate::options::Threshold;
use declared::Ties;
use jiff::civil::Date;

/// What the user states.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Corrections to what readers conclude. Paths are as the file names them; see [`Config::seen_from`].
    pub ties: Ties,
    /// `--fail-on`, unless given on the command line.
    pub fail_on: Option<Threshold>,
    /// `--min-coverage` in percent, unless given on the command line.
    pub min_coverage: Option<u8>,
    /// Controls to judge, unless given on the command line.
    pub only: Vec<Glob>,
    /// Controls not to judge.
    pub skip: Vec<Glob>,
    /// Which workload presented which evidence, where names do not tell.
    pub evidence: Vec<EvidenceTie>,
    /// Accepted findings.
    pub waivers: Vec<WaiverRule>,
}

/// Which workload presented a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceTie {
    /// The file as the command line names it, or what follows a slash in it; of a fleet the identifier.
    pub file: Glob,
    /// The workload as reports name it: `namespace/name`, with the role where it has several: `spark/etl (driver)`.
    pub workload: Box<str>,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverRule {
    /// `hdfs/rpc-privacy`, `hdfs/*` or `hdfs/rpc-privacy#weaker-qop-accepted`.
    pub control: Glob,
    /// The path of the primary witness's file, or a directory above it.
    pub path: Option<Glob>,
    /// The subject's name, or its kind and name with a blank between.
    pub subject: Option<Glob>,
    /// Why.
    pub reason: Box<str>,
    /// Who decided.
    pub owner: Box<str>,
    /// The last day it counts.
    pub expires: Date,
    /// `.wardline.toml:12`.
    pub place: Box<str>,
}

impl Config {
    /// The same configuration for an input in `base` (`deploy/`, or empty), as [`base`] gives it: paths of ties become relative
    /// to the input, as the paths of sources are. A path above the input stands for all of it.
    #[must_use]
    pub fn seen_from(mut self, base: &str) -> Config {
        let local = |path: &mut String| {
            if let Some(below) = path.strip_prefix("./") {
                *path = below.to_owned();
            } else if path == "." {
                path.clear();
                return;
            }
            let below = path.strip_prefix(base).map(str::to_owned);
            let is_above = base
                .strip_prefix(path.trim_end_matches('/'))
                .is_some_and(|rest| rest.starts_with('/'));
            if let Some(below) = below {
                *path = below;
            } else if is_above {
                path.clear();
            }
        };
        for tie in &mut self.ties.hadoop {
            local(&mut tie.path);
            tie.includes.iter_mut().for_each(local);
        }
        for tie in &mut self.ties.clusters {
            tie.paths.iter_mut().for_each(local);
        }
        for tie in &mut self.ties.spark {
            local(&mut tie.path);
            // An empty text means that no file counts, so a path must never become one.
            if !tie.defaults.is_empty() {
                local(&mut tie.defaults);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Product, Release};

    #[test]
    fn reads_every_section() {
        let text = r#"
            [releases]
            hadoop = "3.3.6"
            spark-operator = "0.8"
            [check]
            fail-on = "never"
            min-coverage = 80
            skip = ["flow/*"]
            [[hadoop]]
            path = "conf/nn"
            roles = ["NameNode", "ZKFC"]
            [[evidence]]
            file = "*/node7.quote"
            workload = "spark/etl (driver)"
            [[waiver]]
            control = "hdfs/*#simple"
            path = "conf/*"
            reason = "migration"
            owner = "platform"
            expires = "2027-01-31"
        "#;
        let config = parse(FILE_NAME, text).expect("the file is right");
        assert_eq!(
            config.ties.releases,
            [
                (Product::Hadoop, Release(3, 3, 6)),
                (Product::ApacheSparkOperator, Release(0, 8, 0))
            ]
        );
        assert_eq!(config.fail_on, Some(Threshold::Never));
        assert_eq!(config.min_coverage, Some(80));
        assert_eq!(config.skip, [Glob::new("flow/*")]);
        assert_eq!(config.ties.hadoop[0].roles, ["NameNode", "ZKFC"]);
        assert_eq!(&*config.evidence[0].workload, "spark/etl (driver)");
        let waiver = &config.waivers[0];
        assert_eq!(waiver.expires, jiff::civil::date(2027, 1, 31));
        assert_eq!(&*waiver.place, ".wardline.toml:15");
    }

    #[test]
    fn the_template_is_right_as_it_is_and_with_every_line_in_force() {
        let as_it_is = parse(FILE_NAME, TEMPLATE).expect("comments only");
        assert!(as_it_is.waivers.is_empty());
        let in_force: String = TEMPLATE
            .lines()
            .map(|line| {
                line.strip_prefix('#')
                    .filter(|rest| !rest.starts_with(' '))
                    .unwrap_or(line)
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let config = parse(FILE_NAME, &in_force).expect("every example is right");
        assert_eq!(config.waivers.len(), 1);
        assert!(config.min_coverage.is_some() && config.fail_on.is_some());
    }

    /// The problems of a text, `line:column: message`.
    fn problems(text: &str) -> Vec<String> {
        let problems = parse("w", text).expect_err("the file is wrong");
        problems
            .iter()
            .map(|p| p.to_string()[2..].to_owned())
            .collect()
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let text = "[releases]\nhadop = \"3.3.6\"\nspark = \"new\"\n[[waiver]]\ncontrol = \"x\"\nowner = \" \"\nexpires = \"soon\"\n[chekc]\n";
        assert_eq!(
            problems(text),
            [
                "2:1: [releases] has no key `hadop`; did you mean `hadoop`?",
                "3:10: `spark` must be a release such as \"3.3.6\"",
                "4:1: [[waiver]] lacks `reason`",
                "6:10: `owner` must be a string that is not empty",
                "7:12: `expires` must be a day such as \"2027-03-31\"",
                "8:2: the file has no key `chekc`; did you mean `check`?",
            ]
        );
    }

    #[test]
    fn wrong_kinds_of_value_are_told() {
        for (text, expected) in [
            ("check = 3", "this must be a table: [check]"),
            ("[waiver]", "`waiver` must be a list of tables: [[waiver]]"),
            ("[check]\nmin-coverage = 101", "from 0 to 100"),
            ("[check]\nmin-coverage = -1", "from 0 to 100"),
            (
                "[check]\nfail-on = \"severe\"",
                "critical, high, medium, low or never",
            ),
            ("[check]\nskip = \"x\"", "a list of strings"),
            (
                "[[hadoop]]\npath = \"x\"\nroles = [\"namenod\"]",
                "NameNode, DataNode",
            ),
            ("[[waiver]]\nexpires = 2027-01-31", "in quotes"),
            ("[[waiver]]\nexpires = \"2027-02-30\"", "such as"),
        ] {
            let all = problems(text);
            assert!(all.iter().any(|p| p.contains(expected)), "{text}: {all:?}");
        }
    }

    #[test]
    fn paths_are_seen_from_the_input() {
        let text = "[[hadoop]]\npath = \"deploy/hadoop/nn1\"\nincludes = [\"deploy/common\"]\n\
                    [[cluster]]\nname = \"a\"\npaths = [\"deploy\", \"other\"]\n\
                    [[spark]]\npath = \"deploy/hadoop/apps\"\ndefaults = \"\"\n";
        let config = parse(FILE_NAME, text).expect("the file is right");
        let seen = config.clone().seen_from("deploy/");
        assert_eq!(seen.ties.hadoop[0].path, "hadoop/nn1");
        assert_eq!(seen.ties.hadoop[0].includes, ["common"]);
        assert_eq!(seen.ties.clusters[0].paths, ["", "other"]);
        assert_eq!(
            config.clone().seen_from("").ties.clusters[0].paths[0],
            "deploy"
        );
        let deeper = config.seen_from("deploy/hadoop/");
        assert_eq!(deeper.ties.hadoop[0].path, "nn1");
        assert_eq!(deeper.ties.spark[0].path, "apps");
        assert_eq!(deeper.ties.clusters[0].paths[0], "");
    }
}
