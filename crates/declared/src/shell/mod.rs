//! Shell scripts and environment files.

pub(crate) mod expansion;

use crate::Ties;
use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::Estate;
use settings::script::Script;
use text::shell;

/// The family.
pub const FAMILY: Family = Family {
    readers: &[
        Reader {
            name: "shell scripts",
            formats: &[Format::Lines],
            bytes: Bytes::Raw,
            recognise: is_script,
            read: read_script,
        },
        Reader {
            name: "environment files",
            formats: &[Format::Lines],
            bytes: Bytes::RawAfterMark,
            recognise: is_environment,
            read: read_environment,
        },
        Reader {
            name: "systemd units",
            formats: &[Format::Ini],
            bytes: Bytes::RawAfterMark,
            recognise: is_unit,
            read: read_unit,
        },
    ],
    assemble,
    order: 5,
};

/// Commands and variables that decide about protections. A script without any of them is not ours to read.
const TELLING: [&str; 28] = [
    "org.apache.spark.",
    "start-all.sh",
    "spark-submit",
    "spark-shell",
    "spark-sql",
    "pyspark",
    "spark-class",
    "start-thriftserver",
    "start-connect-server",
    "start-history-server",
    "start-master",
    "start-worker",
    "start-slave",
    "start-shuffle-service",
    "HADOOP_",
    "HDFS_",
    "KMS_",
    "SPARK_",
    "YARN_",
    "HTTPFS_",
    "kube-apiserver",
    "etcd ",
    "etcdctl",
    "ETCD_",
    "MAPRED_",
    "--encryption-provider-config",
    "kubelet ",
    "KUBELET_",
];

fn is_script(candidate: &Candidate<'_>) -> bool {
    // Prose shows commands, and runs none.
    if candidate.is_prose() || candidate.text.lines().any(|line| line.starts_with("```")) {
        return false;
    }
    let is_shell = candidate.text.starts_with("#!")
        && candidate.text.lines().next().is_some_and(|line| {
            line.ends_with("sh") || line.contains("sh ") || line.contains("env bash")
        });
    let exports = candidate
        .text
        .lines()
        .any(|line| line.trim_start().starts_with("export "));
    let submits = candidate
        .text
        .lines()
        .any(|line| is_submission(line.trim_start()));
    (is_shell || exports || submits) && TELLING.iter().any(|word| candidate.holds(word))
}

fn is_submission(line: &str) -> bool {
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let command = line.split_whitespace().next().unwrap_or_default();
    let name = command.rsplit('/').next().unwrap_or(command);
    // A list of files names the programs, too; a command gives one something to do.
    let has_arguments = line.split_whitespace().skip(1).any(|word| {
        word.starts_with('-')
            || word == "\\"
            || [".py", ".jar", ".R", ".sql"].iter().any(|end| word.ends_with(end))
    });
    has_arguments
        && matches!(
            name,
            "spark-submit" | "spark-shell" | "spark-sql" | "pyspark"
        )
}

/// A service of systemd, or a drop-in for one, that starts a program we read. Its commands are words as in a shell: quotes and
/// continued lines mean the same (systemd.service(5), "Command lines").
fn is_unit(candidate: &Candidate<'_>) -> bool {
    let line = |start: &str| {
        candidate
            .text
            .lines()
            .any(|line| line.trim_end().starts_with(start))
    };
    line("[Service]") && line("ExecStart=") && TELLING.iter().any(|word| candidate.holds(word))
}

fn read_unit(candidate: &Candidate<'_>, reading: &mut Reading) {
    let mut commands = shell::commands(candidate.text);
    for command in &mut commands {
        // `ExecStart=/bin/x` reads as an assignment; to systemd it is the program, after prefixes such as `-` and `+`.
        let start = command
            .assignments
            .iter()
            .position(|assignment| assignment.name == "ExecStart");
        if let Some(index) = start {
            let mut program = command.assignments.remove(index).value;
            let path = program.text.trim_start_matches(['-', '@', ':', '+', '!']);
            program.text = path.to_owned();
            command.words.insert(0, program);
        }
    }
    reading.put(Script {
        source: candidate.source,
        commands,
        assignments: Vec::new(),
    });
}

fn read_script(candidate: &Candidate<'_>, reading: &mut Reading) {
    let commands = shell::commands(candidate.text);
    reading.put(Script {
        source: candidate.source,
        commands,
        assignments: Vec::new(),
    });
}

/// Lines of `NAME=value` only, some of which name a product we read.
fn is_environment(candidate: &Candidate<'_>) -> bool {
    let mut telling = false;
    for line in candidate.text.lines() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let Some((name, _)) = line.split_once('=') else {
            return false;
        };
        if name.is_empty()
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        {
            return false;
        }
        // Spark properties of the form key=value are no environment.
        if name.starts_with("spark.") {
            return false;
        }
        telling |= [
            ".XML_",
            "_CONF_",
            "HADOOP_",
            "HDFS_",
            "SPARK_",
            "YARN_",
            "KMS_",
            "HTTPFS_",
            "ETCD_",
            "AWS_SECRET",
        ]
        .iter()
        .any(|word| name.contains(word));
    }
    telling
}

fn read_environment(candidate: &Candidate<'_>, reading: &mut Reading) {
    let assignments = shell::env_file(candidate.text);
    reading.put(Script {
        source: candidate.source,
        commands: Vec::new(),
        assignments,
    });
}

fn assemble(_: &mut Estate, _: &Ties) {}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SourceId;

    fn is_recognised(path: &str, text: &str) -> bool {
        is_script(&Candidate {
            source: SourceId(0),
            path,
            text,
            format: Format::of(text),
            parent: None,
        })
    }

    #[test]
    fn prose_runs_nothing() {
        let indented = "# Reports\n\n    spark-submit --master yarn report.py\n";
        assert!(is_recognised("report.sh", indented));
        assert!(!is_recognised("apps/README.md", indented));
        let list = "/usr/bin/spark-shell\n/usr/bin/spark-submit usr/bin\n";
        assert!(!is_recognised("spark-core.install", list));
        let fenced = "Run it:\n```\nspark-submit report.py\n```\n";
        assert!(!is_recognised("notes", fenced));
    }
}
