//! The command lines of scripts and units, with the variables that are known put in.

use crate::shell::expansion::Variables;
use crate::shell::unit;
use model::{Estate, Place, SourceId, Sources};
use settings::host_path;
use settings::kubernetes::flags::{CommandLine, Word};
use settings::script::Script;
use settings::unit::Unit;
use std::collections::{BTreeMap, HashSet};
use text::shell::{self, Assignment, Command};
use text::unit::Directive;

/// Variables that programs read by themselves.
const READ_BY_PROGRAMS: [&str; 3] = ["ETCD_", "K3S_", "RKE2_"];

/// Adds the command lines of the estate to it. O(length of the scripts and units).
pub(super) fn assemble(estate: &mut Estate) {
    let mut found = Vec::new();
    let mut read = HashSet::new();
    let units = estate.all::<Unit>();
    let mut services: BTreeMap<(&str, &str), Vec<&Unit>> = BTreeMap::new();
    for unit in units {
        if let Some(name) = unit.name(&estate.sources) {
            let host = unit.host(&estate.sources);
            services.entry((host, name)).or_default().push(unit);
        }
    }
    for ((_, name), units) in services {
        let service = Service::of(estate, name, units);
        read.extend(service.files.iter().copied());
        found.extend(service.command_lines(&estate.sources));
    }
    for script in estate.all::<Script>() {
        if units.iter().all(|unit| unit.source != script.source) {
            of_script(estate, script, &mut found);
        }
    }
    for script in estate.all::<Script>() {
        let is_etcd = script
            .assignments
            .iter()
            .any(|assignment| assignment.name == "ETCD_LISTEN_CLIENT_URLS");
        if is_etcd && !read.contains(&script.source) {
            found.push(CommandLine {
                words: Vec::new(),
                environment: environment(&of_file(estate, script.source)),
                unread: None,
            });
        }
    }
    for command_line in found {
        estate.put(command_line);
    }
}

/// The commands of a script, each with the variables that are known before it.
fn of_script(estate: &Estate, script: &Script, found: &mut Vec<CommandLine>) {
    let mut variables = Variables::default();
    let mut seen: Vec<Variable> = Vec::new();
    for command in &script.commands {
        for assignment in &command.assignments {
            if assignment.exported {
                seen.push((script.source, assignment.clone()));
            }
        }
        if !command.words.is_empty() {
            found.push(CommandLine {
                words: words(&variables, command, script, &estate.sources),
                environment: environment(&seen),
                unread: None,
            });
        }
        variables.learn(command, script, &estate.sources);
    }
}

/// A variable and the text that sets it.
type Variable = (SourceId, Assignment);

fn words(
    variables: &Variables,
    command: &Command,
    script: &Script,
    sources: &Sources,
) -> Vec<Word> {
    variables
        .arguments(command, script, sources)
        .into_iter()
        .map(|argument| Word::written(argument.text, argument.dynamic, argument.place))
        .collect()
}

fn environment(variables: &[Variable]) -> Vec<(Box<str>, Word)> {
    variables
        .iter()
        .filter(|(_, set)| {
            READ_BY_PROGRAMS
                .iter()
                .any(|start| set.name.starts_with(start))
        })
        .map(|(source, set)| {
            let place = Place::new(*source, set.value.span);
            let word = Word::written(set.value.text.clone(), set.value.dynamic, place);
            (set.name.as_str().into(), word)
        })
        .collect()
}

/// The variables of a file that systemd reads: quotes and continued lines as in a shell, but nothing is replaced
/// (systemd.exec(5), EnvironmentFile=).
fn of_file(estate: &Estate, source: SourceId) -> Vec<Variable> {
    let text = estate
        .sources
        .get(source)
        .map_or("", |source| &*source.text);
    let mut variables = Vec::new();
    for command in shell::commands(text) {
        if command.words.is_empty() {
            for mut assignment in command.assignments {
                assignment.value.dynamic = false;
                variables.push((source, assignment));
            }
        }
    }
    variables
}

/// A service: its unit with the drop-ins in force.
#[derive(Default)]
struct Service {
    /// What it starts, and the texts that say so.
    starts: Vec<(SourceId, Command)>,
    variables: Vec<Variable>,
    /// Files of variables that were read.
    files: Vec<SourceId>,
    unread: Option<Place>,
}

impl Service {
    /// An empty value takes back what the same directive set before, drop-ins come last in the order of their names, and
    /// files win over variables (systemd.unit(5), systemd.exec(5)).
    fn of(estate: &Estate, name: &str, mut units: Vec<&Unit>) -> Service {
        units.sort_by_key(|unit| {
            let source = estate.sources.get(unit.source);
            let file_name = source.map_or("", |source| source.file_name());
            (
                unit.is_drop_in(&estate.sources),
                precedence(estate, unit),
                file_name,
            )
        });
        // Of several units of one name the first in systemd's order of directories counts.
        let first = units.first().map(|unit| unit.source);
        units.retain(|unit| unit.is_drop_in(&estate.sources) || Some(unit.source) == first);
        let mut service = Service::default();
        let mut named: Vec<Place> = Vec::new();
        for unit in units {
            let text = estate
                .sources
                .get(unit.source)
                .map_or("", |source| &*source.text);
            for directive in &unit.service {
                let is_reset = directive.value.is_empty();
                match directive.name.as_str() {
                    "ExecStart" if is_reset => service.starts.clear(),
                    "ExecStart" => service.starts.push((unit.source, start(text, directive))),
                    "Environment" if is_reset => service.variables.clear(),
                    "Environment" => service.variables.extend(
                        unit::variables(text, directive)
                            .into_iter()
                            .map(|variable| (unit.source, variable)),
                    ),
                    "EnvironmentFile" if is_reset => named.clear(),
                    "EnvironmentFile" => named.push(Place::new(unit.source, directive.value)),
                    _ => {}
                }
            }
        }
        for place in named {
            service.read_file(estate, name, place);
        }
        service
    }

    fn read_file(&mut self, estate: &Estate, name: &str, named: Place) {
        let path = estate.sources.slice(named).trim_start_matches('-');
        let path = path
            .replace("%p", name)
            .replace("%N", name)
            .replace("%n", name);
        let files = estate.all::<Script>().iter();
        let files = files
            .filter(|script| !script.assignments.is_empty())
            .map(|script| script.source);
        match host_path::named(&estate.sources, files, &path, named.source).as_slice() {
            [file] => {
                self.files.push(*file);
                self.variables.extend(of_file(estate, *file));
            }
            _ => self.unread = Some(named),
        }
    }

    fn command_lines(self, sources: &Sources) -> Vec<CommandLine> {
        let mut variables = Variables::default();
        let mut in_force: BTreeMap<&str, &Variable> = BTreeMap::new();
        for variable in &self.variables {
            in_force.insert(&variable.1.name, variable);
        }
        for (source, assignment) in in_force.values() {
            variables.assign(assignment, &script(*source), sources);
        }
        let environment = environment(&self.variables);
        let with = |words| CommandLine {
            words,
            environment: environment.clone(),
            unread: self.unread,
        };
        if self.starts.is_empty() && !environment.is_empty() {
            return vec![with(Vec::new())];
        }
        let starts = self.starts.iter();
        starts
            .map(|(source, command)| {
                let mut words = words(&variables, command, &script(*source), sources);
                if self.unread.is_none() {
                    // Every file of variables was read: to systemd what none of them sets is nothing.
                    words.retain(|word| !(word.dynamic && is_variable(&word.text)));
                }
                with(words)
            })
            .collect()
    }
}

/// Whether a word is one variable, `$X`, which is no argument where it holds nothing. `${X}` is an empty one, and in the
/// template of a unit it is something that an installer fills in.
fn is_variable(word: &str) -> bool {
    word.strip_prefix('$').is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

fn script(source: SourceId) -> Script {
    Script {
        source,
        commands: Vec::new(),
        assignments: Vec::new(),
    }
}

fn start(text: &str, directive: &Directive) -> Command {
    Command {
        words: unit::started(text, directive),
        span: directive.value,
        ..Command::default()
    }
}

/// systemd's order of directories (systemd.unit(5)).
fn precedence(estate: &Estate, unit: &Unit) -> usize {
    let directory = estate
        .sources
        .get(unit.source)
        .map_or("", |source| source.directory());
    [
        "etc/systemd/system",
        "run/systemd/system",
        "usr/local/lib/systemd/system",
    ]
    .iter()
    .position(|own| directory.contains(own))
    .unwrap_or(usize::MAX)
}
