//! Properties files that scripts write: the `spark-defaults.conf` of an image's entry script.
//!
//! Here-documents, `echo` and `printf` are followed into the file; what another program writes there is not, and makes the
//! file incomplete. Nothing is run.

use super::properties::is_defaults_name;
use super::ties::{self, Tree};
use super::workloads;
use model::{Estate, Place, Sources};
use settings::kubernetes::object::Object;
use settings::script::Script;
use settings::spark::{PropertiesFile, Setting, Written, java_options};
use text::shell::{self, Command, Redirection, RedirectionKind, Word};
use text::{Span, properties};

/// A file while a script is followed.
struct File {
    /// The last component of its path.
    name: String,
    settings: Vec<Setting>,
    ignored: Vec<Setting>,
    anchor: Place,
    written: Written,
}

/// Adds the properties files that scripts write, those in the tree and those in manifests.
pub(super) fn add(estate: &mut Estate) {
    let mut found = Vec::new();
    for script in estate.all::<Script>() {
        let place = |span| Place::new(script.source, span);
        let text = text_of(estate, script);
        for file in files(&script.commands, text, &place, &estate.sources) {
            let path = ties::path_of(&estate.sources, file.anchor);
            let name = format!("{path} {}", file.name);
            found.push(properties_file(script.source, file, name, None));
        }
    }
    for (index, object) in estate.all::<Object>().iter().enumerate() {
        for script in workloads::inline_scripts(object) {
            let Some((text, source)) = script.text().zip(estate.sources.get(object.source)) else {
                continue;
            };
            if !text.contains("spark") {
                continue;
            }
            let map = text::yaml::block_scalar_segments(&source.text, script);
            let place = |span| Place::new(object.source, map.to_origin(span));
            for file in files(&shell::commands(text), text, &place, &estate.sources) {
                let name = format!("{} {} {}", object.kind, object.qualified_name(), file.name);
                found.push(properties_file(object.source, file, name, Some(index)));
            }
        }
    }
    lay_beneath(estate, &mut found);
    found.into_iter().for_each(|file| estate.put(file));
}

fn text_of<'e>(estate: &'e Estate, script: &Script) -> &'e str {
    estate
        .sources
        .get(script.source)
        .map_or("", |source| &*source.text)
}

fn properties_file(
    source: model::SourceId,
    file: File,
    name: String,
    object: Option<usize>,
) -> PropertiesFile {
    PropertiesFile {
        source,
        is_defaults: is_defaults_name(&file.name),
        name: name.into(),
        anchor: file.anchor,
        settings: file.settings,
        ignored: file.ignored,
        object,
        copy_of: None,
        written: Some(file.written),
    }
}

/// What a script adds to a file stands above the file of the tree that the image holds, if there is one such file.
fn lay_beneath(estate: &Estate, found: &mut [PropertiesFile]) {
    if found.is_empty() {
        return;
    }
    let tree = Tree::new(estate);
    for file in found.iter_mut().filter(|file| file.object.is_none()) {
        let Some(written) = file.written.as_mut().filter(|written| written.appends) else {
            continue;
        };
        let candidates = ties::candidates(&tree, &file.name);
        if let [index] = candidates.as_slice()
            && let Some(base) = estate.all::<PropertiesFile>().get(*index)
        {
            written.base = Some(*index);
            file.settings.splice(0..0, base.settings.iter().cloned());
        }
    }
}

/// The files that commands write, with what they put there.
fn files(
    commands: &[Command],
    text: &str,
    place: &dyn Fn(Span) -> Place,
    sources: &Sources,
) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        if let Some(name) = edited(command) {
            if let Some(file) = files.iter_mut().find(|file| file.name == name) {
                file.written.is_incomplete = true;
            }
            continue;
        }
        let Some((target, appends)) = output(commands, index) else {
            continue;
        };
        let name = last_component(&target.text);
        let content = content(command, text, place, sources);
        if !is_defaults_name(name) && !is_for_spark(name, content.as_deref().unwrap_or_default()) {
            continue;
        }
        let at = match files.iter().position(|file| file.name == name) {
            Some(at) => at,
            None => {
                files.push(File {
                    name: name.to_owned(),
                    settings: Vec::new(),
                    ignored: Vec::new(),
                    anchor: place(target.span),
                    written: Written {
                        appends: true,
                        is_incomplete: false,
                        base: None,
                    },
                });
                files.len() - 1
            }
        };
        let Some(file) = files.get_mut(at) else {
            continue;
        };
        if !appends && !command.is_conditional {
            file.settings.clear();
            file.ignored.clear();
            file.written.appends = false;
            file.written.is_incomplete = false;
        }
        match content {
            Some(lines) => lines.into_iter().for_each(|line| file.add(line, command)),
            None => file.written.is_incomplete = true,
        }
    }
    files
}

impl File {
    fn add(&mut self, mut line: Setting, command: &Command) {
        // A condition decides whether the line is written at all.
        line.dynamic |= command.is_conditional;
        if line.key.contains(['$', '`']) {
            self.written.is_incomplete = true;
        } else if line.key.starts_with("spark.") {
            if self.settings.is_empty() {
                self.anchor = line.whole;
            }
            self.settings.push(line);
        } else {
            self.ignored.push(line);
        }
    }
}

/// Whether lines that go into a file of another name are properties of Spark: most of them set one, and the name is one of
/// properties. YAML with such keys is none.
fn is_for_spark(name: &str, lines: &[Setting]) -> bool {
    let of_spark = lines.iter().filter(|line| line.key.starts_with("spark."));
    [".conf", ".properties"]
        .iter()
        .any(|end| name.ends_with(end))
        && 2 * of_spark.count() > lines.len()
}

/// `sed -i <script> <file>`: the file whose lines a program changes in place.
fn edited(command: &Command) -> Option<&str> {
    let words = own_words(command);
    let is_edit = words.first().is_some_and(|word| word.text == "sed")
        && words.iter().any(|word| word.text.starts_with("-i"));
    let name = last_component(&words.last().filter(|_| is_edit)?.text);
    is_defaults_name(name).then_some(name)
}

/// The file that a command's output goes to, and whether it is added to what is there.
fn output(commands: &[Command], index: usize) -> Option<(&Word, bool)> {
    let command = commands.get(index)?;
    let is_fed = index
        .checked_sub(1)
        .and_then(|before| commands.get(before))
        .is_some_and(|before| before.is_piped);
    let writer = if command.is_piped {
        commands.get(index + 1)?
    } else {
        command
    };
    let words = own_words(writer);
    let is_tee = words.first().is_some_and(|word| word.text == "tee");
    if is_tee && (command.is_piped || !is_fed) {
        let appends = words
            .iter()
            .any(|word| matches!(&*word.text, "-a" | "--append"));
        let file = words
            .iter()
            .skip(1)
            .find(|word| !word.text.starts_with('-'))?;
        return Some((file, appends));
    }
    if command.is_piped {
        return None;
    }
    command
        .redirections
        .iter()
        .rev()
        .find_map(|redirection| match redirection.kind {
            RedirectionKind::Output => Some((&redirection.target, false)),
            RedirectionKind::Append => Some((&redirection.target, true)),
            RedirectionKind::Input | RedirectionKind::HereDocument { .. } => None,
        })
}

/// The words of a command without those that only run it.
fn own_words(command: &Command) -> &[Word] {
    let own = command
        .words
        .iter()
        .position(|word| !matches!(&*word.text, "sudo" | "exec" | "command" | "-E"));
    own.and_then(|at| command.words.get(at..))
        .unwrap_or_default()
}

/// The lines that a command prints; `None` if only running it would tell.
fn content(
    command: &Command,
    text: &str,
    place: &dyn Fn(Span) -> Place,
    sources: &Sources,
) -> Option<Vec<Setting>> {
    let words = own_words(command);
    let (name, arguments) = words.split_first()?;
    match &*name.text {
        ":" | "true" => Some(Vec::new()),
        "cat" if arguments.is_empty() || here_document(command).is_some() => {
            Some(lines_of(here_document(command)?, text, place))
        }
        "tee" => Some(lines_of(here_document(command)?, text, place)),
        "echo" | "printf" => Some(printed(arguments, place, sources)),
        _ => None,
    }
}

fn here_document(command: &Command) -> Option<&Redirection> {
    command
        .redirections
        .iter()
        .find(|redirection| matches!(redirection.kind, RedirectionKind::HereDocument { .. }))
}

fn lines_of(document: &Redirection, text: &str, place: &dyn Fn(Span) -> Place) -> Vec<Setting> {
    let RedirectionKind::HereDocument { body, expands } = document.kind else {
        return Vec::new();
    };
    let start = body.range().start;
    let within = |span: Span| {
        let range = span.range();
        place(Span::new(range.start + start, range.end + start))
    };
    let parsed = properties::parse(text.get(body.range()).unwrap_or_default());
    parsed
        .entries
        .into_iter()
        .map(|entry| {
            let value = entry.value.trim();
            Setting {
                dynamic: (expands && value.contains(['$', '`']))
                    || value.contains("${")
                    || value.contains("{{"),
                value: value.into(),
                place: within(if entry.value_span.is_empty() {
                    entry.key_span
                } else {
                    entry.value_span
                }),
                whole: within(entry.span),
                key: entry.key.into(),
            }
        })
        .collect()
}

/// What `echo` and `printf` print, as far as their arguments say it themselves.
fn printed(arguments: &[Word], place: &dyn Fn(Span) -> Place, sources: &Sources) -> Vec<Setting> {
    let arguments: Vec<&Word> = arguments
        .iter()
        .skip_while(|word| matches!(&*word.text, "-e" | "-n" | "-E" | "--"))
        .collect();
    let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else {
        return Vec::new();
    };
    let whole = place(first.span.to(last.span));
    let is_dynamic = arguments.iter().any(|word| word.dynamic);
    let texts: Vec<&str> = arguments.iter().map(|word| &*word.text).collect();
    let printed = texts.join(" ").replace("\\n", "\n");
    properties::parse(&printed)
        .entries
        .into_iter()
        .map(|entry| {
            let value = entry.value.trim();
            Setting {
                // `printf "%s %s\n" key value` takes its texts from elsewhere.
                dynamic: is_dynamic && value.contains(['$', '`']) || value.contains('%'),
                place: java_options::within(sources, whole, value),
                value: value.into(),
                key: entry.key.into(),
                whole,
            }
        })
        .collect()
}

fn last_component(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Source, SourceId};

    fn written(text: &str) -> Vec<(String, Vec<String>, bool, bool)> {
        let mut sources = Sources::default();
        let source: SourceId = sources.add(Source::file("x.sh", text));
        let place = |span| Place::new(source, span);
        files(&shell::commands(text), text, &place, &sources)
            .into_iter()
            .map(|file| {
                let settings = file.settings.iter().map(|setting| {
                    let mark = if setting.dynamic { "?" } else { "" };
                    assert!(sources.slice(setting.place).contains(&*setting.value));
                    format!("{}={}{mark}", setting.key, setting.value)
                });
                (
                    file.name,
                    settings.collect(),
                    file.written.appends,
                    file.written.is_incomplete,
                )
            })
            .collect()
    }

    fn one(text: &str) -> (Vec<String>, bool, bool) {
        let mut all = written(text);
        assert_eq!(all.len(), 1, "{text}");
        let (name, settings, appends, incomplete) = all.remove(0);
        assert_eq!(name, "spark-defaults.conf");
        (settings, appends, incomplete)
    }

    #[test]
    fn here_documents_and_echoes_are_followed() {
        let (settings, appends, incomplete) = one(
            "cat > \"$SPARK_HOME/conf/spark-defaults.conf\" <<EOF\nspark.authenticate true\nspark.master $M\nEOF\n\
             echo 'spark.ui.enabled=false' >> $SPARK_HOME/conf/spark-defaults.conf\n\
             cat <<'X' | sudo tee -a /opt/spark/conf/spark-defaults.conf\nspark.a b\nX\n",
        );
        assert_eq!(
            settings,
            [
                "spark.authenticate=true",
                "spark.master=$M?",
                "spark.ui.enabled=false",
                "spark.a=b"
            ]
        );
        assert!(!appends && !incomplete);
    }

    #[test]
    fn what_a_condition_decides_is_not_known() {
        let (settings, appends, _) = one(
            "F=x\nif [ \"$S\" = yes ]; then\n echo \"spark.authenticate true\" >> conf/spark-defaults.conf\nfi\n",
        );
        assert_eq!(settings, ["spark.authenticate=true?"]);
        assert!(appends);
    }

    #[test]
    fn other_writers_make_a_file_incomplete() {
        for text in [
            "envsubst < t > conf/spark-defaults.conf\n",
            "echo \"$K $V\" >> conf/spark-defaults.conf\n",
            "{ echo spark.a b; } > conf/spark-defaults.conf\n",
            "cat a b > spark-defaults.conf\n",
            "echo spark.a b > spark-defaults.conf\nsed -i s/b/c/ spark-defaults.conf\n",
        ] {
            assert!(one(text).2, "{text}");
        }
        let yaml = "cat <<E > $app\nspec:\n  sparkConf:\n    spark.a: b\n    spark.c: d\n    spark.e: f\nE\n";
        assert!(written(yaml).is_empty());
        assert!(written("echo hello > motd\ncat <<E > core-site.xml\n<x/>\nE\n").is_empty());
    }
}
