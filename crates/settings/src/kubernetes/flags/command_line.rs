//! Where command lines stand: containers, shell commands, units.

use super::Flags;
use super::k3s::K3s;
use super::program::Program;
use super::word::Word;
use crate::kubernetes::object::Object;
use crate::kubernetes::pod::{Container, pod_templates};
use model::{Place, SourceId};
use text::shell;

/// The command lines of the programs that an object runs: static pods and other pods, and k3s' or RKE2's own configuration.
#[must_use]
pub fn in_object(object: &Object) -> Vec<Flags> {
    if K3s::is_configuration(object) {
        return K3s::new(vec![object]).all_flags();
    }
    pod_templates(object)
        .iter()
        .flat_map(|template| template.containers())
        .filter_map(|container| in_container(object, &container))
        .collect()
}

/// The command line of a program in a shell command of a script, a unit's `ExecStart=` or an environment file.
#[must_use]
pub fn in_command(source: SourceId, command: &shell::Command) -> Option<Flags> {
    let words: Vec<Word> = command
        .words
        .iter()
        .map(|word| Word::of_shell(source, word))
        .collect();
    in_words(&words)
}

/// The command line of a container: `command` and `args`, or the image's program with `args`.
pub(super) fn in_container(object: &Object, container: &Container<'_>) -> Option<Flags> {
    let words: Vec<Word> = container
        .command_line()
        .filter_map(|item| Word::of_item(object.source, item))
        .collect();
    if let Some(script) = shell_script(&words) {
        return shell::commands(&script.text)
            .iter()
            .find_map(|command| in_script(script, command));
    }
    in_words(&words).or_else(|| {
        let image = container.image()?;
        let own = container.node.get("command").is_none();
        let program = Program::of_image(image.str()?).filter(|_| own)?;
        let args = container.node.get("args").unwrap_or(container.node);
        Some(Flags::parse(program, &words, object.place(args)))
    })
}

/// The script of `sh -c SCRIPT`.
fn shell_script(words: &[Word]) -> Option<&Word> {
    let shell = words.first()?.text.rsplit('/').next()?;
    if !matches!(shell, "sh" | "bash" | "ash" | "dash") {
        return None;
    }
    let at = words.iter().position(|word| {
        // `-c`, also among other letters: `-ec`.
        word.text
            .strip_prefix('-')
            .is_some_and(|letters| letters.ends_with('c') && !letters.starts_with('-'))
    })?;
    words.get(at + 1)
}

/// A command of a script that stands in one word; the command's spans are offsets in that word.
fn in_script(script: &Word, command: &shell::Command) -> Option<Flags> {
    let words: Vec<Word> = command
        .words
        .iter()
        .map(|word| {
            let place = script.part(word.span.range().start, word.span.len());
            // The word's own quotes may make it inexact, so its parts stay at the word.
            Word::new(word.text.clone(), word.dynamic, place)
        })
        .collect();
    in_words(&words)
}

/// The program among words, behind wrappers such as `exec`, `/go-runner --log-file=...` or `hyperkube`.
fn in_words(words: &[Word]) -> Option<Flags> {
    let first = words.first()?.text.rsplit('/').next()?;
    if ABOUT_PROGRAMS.contains(&first) {
        return None;
    }
    let (at, program) = words.iter().enumerate().find_map(|(index, word)| {
        let after_hyperkube = index
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|before| before.text.ends_with("hyperkube"));
        let program = match word.text.as_str() {
            "apiserver" if after_hyperkube => Some(Program::ApiServer),
            "controller-manager" if after_hyperkube => Some(Program::ControllerManager),
            text => Program::of_path(text),
        };
        Some((index, program?))
    })?;
    let place: Place = words.get(at)?.place;
    Some(Flags::parse(program, words.get(at + 1..)?, place))
}

/// Commands that name programs without running them.
const ABOUT_PROGRAMS: &[&str] = &[
    "apt-get",
    "cat",
    "chmod",
    "chown",
    "cp",
    "crictl",
    "curl",
    "docker",
    "echo",
    "grep",
    "install",
    "journalctl",
    "kill",
    "killall",
    "kubectl",
    "ln",
    "ls",
    "mkdir",
    "mv",
    "pgrep",
    "pkill",
    "printf",
    "ps",
    "rm",
    "rpm",
    "snap",
    "systemctl",
    "tail",
    "tar",
    "test",
    "touch",
    "wget",
    "which",
    "yum",
];
