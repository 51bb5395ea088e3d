//! Shell scripts and environment files.

mod arguments;
pub(crate) mod expansion;
pub(crate) mod unit;

use crate::Ties;
use crate::reading::{Bytes, Candidate, Embedded, Family, Format, Reader, Reading};
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
            name: "files of arguments",
            formats: &[Format::Lines],
            bytes: Bytes::Detected,
            recognise: arguments::recognise,
            read: arguments::read,
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
            recognise: unit::recognise,
            read: unit::read,
        },
    ],
    assemble,
    order: 5,
};

/// Commands and variables that decide about protections. A script without any of them is not ours to read.
const TELLING: [&str; 31] = [
    "EncryptionConfig",
    "audit.k8s.io/",
    "kubeadm.k8s.io/",
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
    let is_fence = |line: &str| line.starts_with("```");
    if candidate.is_prose() || has_line(candidate, "```", is_fence) {
        return false;
    }
    let is_shell = candidate.text.starts_with("#!")
        && candidate.text.lines().next().is_some_and(|line| {
            line.ends_with("sh") || line.contains("sh ") || line.contains("env bash")
        });
    let is_export = |line: &str| line.trim_start().starts_with("export ");
    let exports = has_line(candidate, "export ", is_export);
    let submits = has_line(candidate, "spark", |line| is_submission(line.trim_start()));
    (is_shell || exports || submits) && TELLING.iter().any(|word| candidate.holds(word))
}

/// Whether a line passes a test that only lines with `word` pass. Every text is asked, and few hold the word.
fn has_line(candidate: &Candidate<'_>, word: &str, test: impl Fn(&str) -> bool) -> bool {
    candidate.holds(word) && candidate.text.lines().any(test)
}

fn is_submission(line: &str) -> bool {
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let command = line.split_whitespace().next().unwrap_or_default();
    let name = command.rsplit('/').next().unwrap_or(command);
    // A list of files names the programs, too; a command gives one something to do.
    let has_arguments = line.split_whitespace().skip(1).any(|word| {
        word.starts_with('-')
            || word == "\\"
            || [".py", ".jar", ".R", ".sql"]
                .iter()
                .any(|end| word.ends_with(end))
    });
    has_arguments
        && matches!(
            name,
            "spark-submit" | "spark-shell" | "spark-sql" | "pyspark"
        )
}

/// What tells a file of a host that a script writes out of a here-document: configurations of the control plane and units.
/// Objects that go to `kubectl` are no files of a host.
const HOST_FILES: [&str; 9] = [
    "EncryptionConfig",
    "[Service]",
    "apiserver.config.k8s.io/",
    "audit.k8s.io/",
    "kubeadm.k8s.io/",
    "ETCD_LISTEN_CLIENT_URLS",
    "listen-client-urls:",
    "kube-apiserver",
    "secrets-encryption",
];

fn read_script(candidate: &Candidate<'_>, reading: &mut Reading) {
    for here in shell::here_documents(candidate.text) {
        let Some(target) = &here.target else {
            continue;
        };
        let (text, map) = here.decode(candidate.text);
        if HOST_FILES.iter().any(|word| text.contains(word)) {
            reading.embed(Embedded {
                name: target.text.as_str().into(),
                text: text.into(),
                parent: here.body,
                map,
            });
        }
    }
    let commands = shell::commands(candidate.text);
    reading.put(Script {
        source: candidate.source,
        commands,
        assignments: Vec::new(),
    });
}

/// Names, or parts of names, of the variables of products that we read.
const TELLING_VARIABLES: [&str; 12] = [
    ".XML_",
    "_CONF_",
    "HADOOP_",
    "HDFS_",
    "SPARK_",
    "YARN_",
    "KMS_",
    "HTTPFS_",
    "ETCD_",
    "K3S_",
    "RKE2_",
    "AWS_SECRET",
];

/// Flags whose value a unit takes out of a variable: `KUBE_API_ARGS="--authorization-mode=..."`.
const TELLING_FLAGS: [&str; 6] = [
    "--authorization-mode",
    "--etcd-servers",
    "--encryption-provider-config",
    "--audit-policy-file",
    "--listen-client-urls",
    "--secrets-encryption",
];

/// Lines of `NAME=value` only, some of which name a product we read.
fn is_environment(candidate: &Candidate<'_>) -> bool {
    let mut telling = false;
    let mut goes_on = false;
    for line in candidate.text.lines() {
        let is_rest = std::mem::replace(&mut goes_on, line.ends_with('\\'));
        if is_rest || line.trim().is_empty() || line.trim_start().starts_with('#') {
            telling |= is_rest && TELLING_FLAGS.iter().any(|flag| line.contains(flag));
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
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
        telling |= TELLING_VARIABLES.iter().any(|word| name.contains(word))
            // Flags as a value are there for a unit to pass on: all of its files must be known.
            || value.trim_start_matches(['"', '\'']).starts_with("--");
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
