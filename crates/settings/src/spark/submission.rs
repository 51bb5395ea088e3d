//! Command lines of `spark-submit` and its relatives.
//!
//! Source: `SparkSubmitOptionParser` and `SparkSubmitArguments` (3.5.7, 4.1.1): `--conf k=v` and `--conf=k=v` are alike,
//! flags beat `--conf` of the same property, everything after the primary resource belongs to the application.

use super::setting::Setting;
use model::Place;

/// A word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The word without quotes.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Whether a variable decides a part of it.
    pub dynamic: bool,
}

/// What a command line says.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// `--conf` in order, then flags, which win.
    pub settings: Vec<Setting>,
    /// `--properties-file`.
    pub properties_file: Option<Argument>,
    /// `--load-spark-defaults` (4.0 on): the defaults stay beneath the properties file.
    pub load_defaults: bool,
    /// `--class`.
    pub class: Option<String>,
    /// `--name`.
    pub name: Option<String>,
    /// The primary resource.
    pub resource: Option<Argument>,
    /// `--proxy-user`.
    pub proxy_user: Option<Argument>,
    /// `--remote`: a client of Spark Connect, no driver.
    pub remote: Option<Argument>,
    /// `--hiveconf` of `start-thriftserver.sh` and `spark-sql`.
    pub hive: Vec<Setting>,
    /// A word that a variable fills and that may hold options.
    pub opaque: Option<Place>,
    /// `--kill`, `--status`, `--version`, `--help`: nothing is submitted.
    pub submits_nothing: bool,
}

/// The property that a flag with a value sets.
fn property_of(flag: &str) -> Option<&'static str> {
    Some(match flag {
        "--master" => "spark.master",
        "--deploy-mode" => "spark.submit.deployMode",
        "--jars" => "spark.jars",
        "--packages" => "spark.jars.packages",
        "--exclude-packages" => "spark.jars.excludes",
        "--repositories" => "spark.jars.repositories",
        "--py-files" => "spark.submit.pyFiles",
        "--files" => "spark.files",
        "--archives" => "spark.archives",
        "--driver-memory" => "spark.driver.memory",
        "--driver-java-options" => "spark.driver.extraJavaOptions",
        "--driver-library-path" => "spark.driver.extraLibraryPath",
        "--driver-class-path" => "spark.driver.extraClassPath",
        "--executor-memory" => "spark.executor.memory",
        "--principal" => "spark.kerberos.principal",
        "--keytab" => "spark.kerberos.keytab",
        "--queue" => "spark.yarn.queue",
        "--num-executors" => "spark.executor.instances",
        "--executor-cores" => "spark.executor.cores",
        "--total-executor-cores" => "spark.cores.max",
        "--driver-cores" => "spark.driver.cores",
        _ => return None,
    })
}

const SWITCHES: [&str; 7] = [
    "--supervise",
    "--verbose",
    "-v",
    "--usage-error",
    "--load-spark-defaults",
    "-S",
    "--silent",
];

/// Options with a value that say nothing about properties, of `spark-submit`, `spark-sql`, `spark-shell` and the daemons.
const OTHER_OPTIONS: [&str; 18] = [
    "--hivevar",
    "-d",
    "--define",
    "--database",
    "-e",
    "-f",
    "-i",
    "-I",
    "--host",
    "-h",
    "-p",
    "--port",
    "--webui-port",
    "--ip",
    "--cores",
    "-c",
    "-m",
    "--memory",
];

/// Reads the arguments after the command's name.
#[must_use]
pub fn parse(arguments: &[Argument]) -> Submission {
    let mut submission = Submission::default();
    let mut flags = Vec::new();
    let mut at = 0;
    while let Some(argument) = arguments.get(at) {
        at += 1;
        let (flag, inline) = match argument.text.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
            _ => (argument.text.as_str(), None),
        };
        if SWITCHES.contains(&flag) {
            submission.load_defaults |= flag == "--load-spark-defaults";
            continue;
        }
        if matches!(flag, "--kill" | "--status" | "--version" | "--help") {
            submission.submits_nothing = true;
            at += usize::from(matches!(flag, "--kill" | "--status") && inline.is_none());
            continue;
        }
        let is_conf = matches!(flag, "--conf" | "-c");
        let takes_value = is_conf
            || property_of(flag).is_some()
            || matches!(
                flag,
                "--class"
                    | "--name"
                    | "--properties-file"
                    | "--proxy-user"
                    | "--remote"
                    | "--hiveconf"
            )
            || OTHER_OPTIONS.contains(&flag);
        if !takes_value {
            // All arguments of the script, which may be anything.
            if argument.dynamic && is_all_arguments(flag) {
                submission.opaque.get_or_insert(argument.place);
                continue;
            }
            if !flag.starts_with('-')
                && is_resource(argument, arguments.get(at..).unwrap_or_default())
            {
                submission.resource = Some(argument.clone());
                break;
            }
            // An unknown option, or a variable that may hold options.
            if argument.dynamic && !flag.starts_with('-') {
                submission.opaque.get_or_insert(argument.place);
            }
            continue;
        }
        let (value, whole) = match inline {
            Some(value) => (
                Argument {
                    text: value.to_owned(),
                    ..argument.clone()
                },
                argument.place,
            ),
            None => {
                let Some(value) = arguments.get(at) else {
                    break;
                };
                at += 1;
                (value.clone(), join(argument.place, value.place))
            }
        };
        match flag {
            "--conf" | "-c" => match setting(&value, whole) {
                Some(setting) => submission.settings.push(setting),
                // `-c 4` gives a Worker its cores; `--conf "$X"` may be any property.
                None if value.dynamic => {
                    submission.opaque.get_or_insert(value.place);
                }
                None => {}
            },
            "--hiveconf" => submission.hive.extend(setting(&value, whole)),
            "--class" => submission.class = Some(value.text),
            "--name" => submission.name = Some(value.text),
            "--properties-file" => submission.properties_file = Some(value),
            "--proxy-user" => submission.proxy_user = Some(value),
            "--remote" => submission.remote = Some(value),
            flag => {
                if let Some(key) = property_of(flag) {
                    flags.push(Setting {
                        key: key.into(),
                        value: value.text.trim().into(),
                        place: value.place,
                        whole,
                        dynamic: value.dynamic && is_dynamic(&value.text),
                    });
                }
            }
        }
    }
    submission.settings.append(&mut flags);
    submission
}

/// `$@`, `"$@"`, `${@:2}` and their like with `*`.
fn is_all_arguments(word: &str) -> bool {
    let name = word.strip_prefix('$').unwrap_or_default();
    let name = name.strip_prefix('{').unwrap_or(name);
    name.starts_with(['@', '*'])
}

/// Whether a word without a dash is the primary resource. A word that is only a variable may hold options instead, if more
/// options follow it.
fn is_resource(argument: &Argument, rest: &[Argument]) -> bool {
    let is_variable =
        argument.dynamic && argument.text.starts_with('$') && !argument.text.contains(['/', '.']);
    let options_follow = rest.iter().any(|word| {
        word.text == "--conf"
            || word.text.starts_with("--conf=")
            || property_of(&word.text).is_some()
            || word.text == "--class"
    });
    let resource_follows = rest.iter().any(|word| {
        [".jar", ".py", ".R", ".r", ".zip"]
            .iter()
            .any(|end| word.text.ends_with(end))
    });
    // `$SPARK_SUBMIT_ARGS $JAR`: what the first is called for, and something that may be the resource after it.
    let upper = argument.text.to_ascii_uppercase();
    let is_called_options = ["OPT", "ARG", "CONF", "PARAM", "FLAG"]
        .iter()
        .any(|word| upper.contains(word))
        && !rest.is_empty();
    !(is_variable && (options_follow || resource_follows || is_called_options))
}

/// `key=value`. The key must be plain: `$X=y` could be anything.
fn setting(argument: &Argument, whole: Place) -> Option<Setting> {
    let (key, value) = argument.text.split_once('=')?;
    let key = key.trim();
    if key.is_empty() || key.contains(['$', '`']) {
        return None;
    }
    let value = value.trim();
    Some(Setting {
        key: key.into(),
        dynamic: argument.dynamic && is_dynamic(value),
        value: value.into(),
        place: argument.place,
        whole,
    })
}

/// Whether a value that stands in a dynamic word is itself decided elsewhere: patterns alone (`local[*]`) are not expanded
/// where no file has such a name.
fn is_dynamic(value: &str) -> bool {
    value.contains(['$', '`'])
}

fn join(first: Place, last: Place) -> Place {
    if first.source == last.source {
        Place::new(first.source, first.span.to(last.span))
    } else {
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SourceId;
    use text::Span;

    fn arguments(line: &str) -> Vec<Argument> {
        line.split_whitespace()
            .enumerate()
            .map(|(index, word)| Argument {
                text: word.to_owned(),
                place: Place::new(SourceId(0), Span::new(index, index + 1)),
                dynamic: word.contains('$'),
            })
            .collect()
    }

    fn value<'s>(submission: &'s Submission, key: &str) -> Option<&'s str> {
        let all = submission.settings.iter().rev();
        all.clone().find(|s| &*s.key == key).map(|s| &*s.value)
    }

    #[test]
    fn flags_beat_conf_and_the_last_conf_wins() {
        let submission = parse(&arguments(
            "--master yarn --conf spark.master=local --conf a=1 --conf=a=2 --class C app.jar --conf a=3",
        ));
        assert_eq!(value(&submission, "spark.master"), Some("yarn"));
        assert_eq!(value(&submission, "a"), Some("2"));
        assert_eq!(submission.resource.unwrap().text, "app.jar");
        assert_eq!(submission.class.as_deref(), Some("C"));
    }

    #[test]
    fn a_variable_between_options_may_hold_options() {
        assert!(
            parse(&arguments("$OPTS --class C app.jar"))
                .opaque
                .is_some()
        );
        assert!(parse(&arguments("--conf $X app.py")).opaque.is_some());
        let last = parse(&arguments("--class C $JAR input"));
        assert!(last.opaque.is_none() && last.resource.is_some());
        for line in [
            "--class C \"$@\"",
            "--conf a=b ${@:2} x.jar",
            "$SPARK_SUBMIT_ARGS $JAR $APP_ARGS",
        ] {
            let line = line.replace('"', "");
            assert!(parse(&arguments(&line)).opaque.is_some(), "{line}");
        }
        let path = parse(&arguments("--class C $HOME/app.jar x.py"));
        assert_eq!(path.resource.unwrap().text, "$HOME/app.jar");
    }

    #[test]
    fn values_of_variables_are_marked() {
        let submission = parse(&arguments(
            "--conf spark.authenticate=$A --conf spark.b=c x.py",
        ));
        assert!(submission.settings[0].dynamic && !submission.settings[1].dynamic);
        let mut words = arguments("--master local[*] x.py");
        words[1].dynamic = true;
        assert!(
            !parse(&words).settings[0].dynamic,
            "a pattern that no file matches"
        );
    }

    #[test]
    fn some_commands_submit_nothing() {
        assert!(parse(&arguments("--kill driver-1 --master spark://m:7077")).submits_nothing);
        assert!(parse(&arguments("--version")).submits_nothing);
        assert!(parse(&arguments("--remote sc://h:15002")).remote.is_some());
    }
}
