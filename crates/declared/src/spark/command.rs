//! Which words of a command line start which part of Spark.

use settings::spark::Kind;
use settings::spark::submission::Argument;

/// A command that starts something of Spark.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// What it starts.
    pub(super) kind: Kind,
    /// The arguments after the command's name.
    pub(super) arguments: Vec<Argument>,
    /// Arguments of the Java launcher before the class, if it was called directly.
    pub(super) java: Vec<Argument>,
    /// The word that names it.
    pub(super) name: Argument,
}

/// The scripts of `bin` and `sbin`. `start-all.sh` starts a Master and Workers; Hadoop has one of that name too, so its path must
/// say that it is Spark's.
fn kinds_of_script(word: &str) -> &'static [Kind] {
    match base_name(word) {
        "start-all.sh" if word.to_ascii_lowercase().contains("spark") => {
            &[Kind::Master, Kind::Worker]
        }
        "spark-submit" | "spark-shell" | "spark-sql" | "pyspark" | "sparkR" | "spark3-submit"
        | "spark3-shell" | "pyspark3" => &[Kind::Submission],
        "start-thriftserver.sh" => &[Kind::ThriftServer],
        "start-connect-server.sh" => &[Kind::ConnectServer],
        "start-history-server.sh" => &[Kind::HistoryServer],
        "start-master.sh" => &[Kind::Master],
        "start-worker.sh" | "start-slave.sh" | "start-workers.sh" | "start-slaves.sh" => {
            &[Kind::Worker]
        }
        "start-shuffle-service.sh" => &[Kind::ShuffleService],
        _ => &[],
    }
}

/// The main classes.
pub(super) fn kind_of_class(name: &str) -> Option<Kind> {
    Some(match name {
        "org.apache.spark.deploy.SparkSubmit" => Kind::Submission,
        "org.apache.spark.deploy.master.Master" => Kind::Master,
        "org.apache.spark.deploy.worker.Worker" => Kind::Worker,
        "org.apache.spark.deploy.history.HistoryServer" => Kind::HistoryServer,
        "org.apache.spark.deploy.ExternalShuffleService" => Kind::ShuffleService,
        "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2" => Kind::ThriftServer,
        "org.apache.spark.sql.connect.service.SparkConnectServer" => Kind::ConnectServer,
        _ => return None,
    })
}

/// Commands that run the command after them.
const RUNNERS: [&str; 37] = [
    "exec",
    "nohup",
    "sudo",
    "time",
    "env",
    "then",
    "do",
    "else",
    "elif",
    "if",
    "!",
    "while",
    "until",
    "setsid",
    "nice",
    "ionice",
    "stdbuf",
    "timeout",
    "tini",
    "dumb-init",
    "gosu",
    "su-exec",
    "eval",
    "docker",
    "podman",
    "kubectl",
    "oc",
    "ssh",
    "bash",
    "sh",
    "runuser",
    "su",
    "java",
    "entrypoint.sh",
    "spark-class",
    "spark-daemon.sh",
    "gramine-sgx",
];

/// What a command starts, if it is Spark. `echo spark-submit` and `pip install pyspark` start nothing.
pub(super) fn starts(words: &[Argument]) -> Vec<Start> {
    let Some((at, kinds)) = words.iter().enumerate().find_map(|(at, word)| {
        let scripts = kinds_of_script(&word.text);
        if !scripts.is_empty() {
            return Some((at, scripts.to_vec()));
        }
        kind_of_class(&word.text).map(|kind| (at, vec![kind]))
    }) else {
        return Vec::new();
    };
    let runs = match words.first() {
        Some(_) if at == 0 => true,
        Some(first) => {
            let base = base_name(&first.text);
            RUNNERS.contains(&base)
                || base.starts_with("occlum")
                || is_java(&first.text)
                || base == "--"
        }
        None => false,
    };
    if !runs {
        return Vec::new();
    }
    let (Some(name), Some(arguments)) = (words.get(at), words.get(at + 1..)) else {
        return Vec::new();
    };
    let mut kinds = kinds;
    let mut arguments = arguments.to_vec();
    let is_submit = kinds == [Kind::Submission];
    // spark-submit --class <a server's class> is that server.
    if is_submit && let Some(kind) = class_option(&arguments) {
        kinds = vec![kind];
    }
    // `spark-submit --class X` after the class of SparkSubmit itself keeps its options; `spark-class X` has none before.
    arguments.truncate(MOST_ARGUMENTS);
    let java = words.get(..at).unwrap_or_default().to_vec();
    kinds
        .into_iter()
        .map(|kind| Start {
            kind,
            arguments: arguments.clone(),
            java: java.clone(),
            name: name.clone(),
        })
        .collect()
}

/// Whether a command starts a Python process that may use Spark: an interpreter, or Jupyter.
pub(super) fn starts_python(words: &[Argument]) -> bool {
    let runner = words
        .iter()
        .position(|word| !RUNNERS.contains(&base_name(&word.text)));
    let name = runner
        .and_then(|at| words.get(at))
        .map_or("", |word| base_name(&word.text));
    name.starts_with("python")
        || name.starts_with("ipython")
        || name.starts_with("jupyter")
        || matches!(
            name,
            "start-notebook.sh" | "start-notebook.py" | "start-singleuser.sh"
        )
}

/// A bound: more words than any command line of people.
const MOST_ARGUMENTS: usize = 4096;

fn class_option(arguments: &[Argument]) -> Option<Kind> {
    arguments.windows(2).find_map(|pair| match pair {
        [flag, class] if flag.text == "--class" => kind_of_class(&class.text),
        _ => None,
    })
}

fn is_java(word: &str) -> bool {
    base_name(word) == "java" || word.ends_with("JAVA_HOME/bin/java")
}

fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Place, SourceId};
    use text::Span;

    fn kinds(line: &str) -> Vec<Kind> {
        let words: Vec<Argument> = line
            .split_whitespace()
            .map(|word| Argument {
                text: word.to_owned(),
                place: Place::new(SourceId(0), Span::at(0)),
                dynamic: false,
            })
            .collect();
        starts(&words).into_iter().map(|start| start.kind).collect()
    }

    #[test]
    fn commands_are_told_from_mentions() {
        assert_eq!(
            kinds("/opt/spark/bin/spark-submit a.py"),
            [Kind::Submission]
        );
        assert_eq!(
            kinds("exec $SPARK_HOME/bin/spark-submit a.py"),
            [Kind::Submission]
        );
        assert_eq!(
            kinds("kubectl exec pod -- spark-submit a.py"),
            [Kind::Submission]
        );
        assert_eq!(
            kinds("java -cp x org.apache.spark.deploy.SparkSubmit a.jar"),
            [Kind::Submission]
        );
        assert_eq!(
            kinds("/opt/spark/sbin/start-all.sh"),
            [Kind::Master, Kind::Worker]
        );
        assert_eq!(
            kinds("spark-class org.apache.spark.deploy.master.Master -p 7077"),
            [Kind::Master]
        );
        assert_eq!(
            kinds(
                "spark-submit --class org.apache.spark.sql.hive.thriftserver.HiveThriftServer2 spark-internal"
            ),
            [Kind::ThriftServer]
        );
        for line in [
            "start-all.sh",
            "$HADOOP_HOME/sbin/start-all.sh",
            "echo spark-submit a.py",
            "pip install pyspark",
            "which spark-submit",
            "cp spark-submit /x",
        ] {
            assert!(kinds(line).is_empty(), "{line}");
        }
    }
}
