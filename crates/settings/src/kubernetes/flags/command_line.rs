//! Where command lines stand: containers, shell commands, units.

use super::program::Program;
use super::word::Word;
use super::{Flags, installers, kubeadm};
use crate::kubernetes::object::Object;
use crate::kubernetes::pod::{Container, pod_templates};
use model::{Fact, Place};
use text::shell;

/// A command of a script or a unit, with the variables that its files set put in; or the variables of a file that no command
/// which was read loads.
#[derive(Debug)]
pub struct CommandLine {
    /// The program and its arguments. Empty where there are only variables.
    pub words: Vec<Word>,
    /// The variables that the command sees, in order; a later one replaces an earlier one.
    pub environment: Vec<(Box<str>, Word)>,
    /// Where a file of variables is named that was not read.
    pub unread: Option<Place>,
}

impl Fact for CommandLine {}

/// The command lines of the programs that an object runs: static pods and other pods, and what
/// kubeadm and other installers are told to pass.
#[must_use]
pub fn in_object(object: &Object) -> Vec<Flags> {
    let mut installed = kubeadm::flags(object);
    installed.extend(installers::flags(object));
    if !installed.is_empty() {
        for flags in &mut installed {
            flags.incomplete = object.is_patch.then_some(PATCH);
        }
        return installed;
    }
    pod_templates(object)
        .iter()
        .flat_map(|template| template.containers())
        .filter_map(|container| in_container(object, &container))
        .collect()
}

impl CommandLine {
    /// The flags of the program that the command runs, if it is one that we read.
    #[must_use]
    pub fn flags(&self) -> Option<Flags> {
        let at = program_at(&self.words)?;
        in_words(self.words.get(at..)?)
    }

    /// The arguments of `k3s server` or `rke2 server`: whether it is RKE2, where it stands, and the words behind it.
    pub(super) fn k3s_server(&self) -> Option<(bool, Place, &[Word])> {
        let at = run_at(&self.words, |name| matches!(name, "k3s" | "rke2"))?;
        let is_rke2 = self.words.get(at)?.text.ends_with("rke2");
        let is_server = self.words.get(at + 1)?.text == "server";
        let place = self.words.get(at)?.place;
        is_server.then_some((is_rke2, place, self.words.get(at + 2..)?))
    }
}

/// What a patch cannot tell.
const PATCH: &str = "a patch: what it changes may set the flag";

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
    in_words(words.get(program_at(&words)?..)?)
}

/// The program among the words of a container, behind wrappers such as `/go-runner --log-file=...` or `hyperkube`.
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
            text if index == 0 => Program::of_image(text),
            text => Program::of_path(text),
        };
        Some((index, program?))
    })?;
    let place: Place = words.get(at)?.place;
    Some(Flags::parse(program, words.get(at + 1..)?, place))
}

/// Where the program of a shell command stands: at its start, or behind commands that run another one. Anywhere else the
/// name of a program is an argument: `systemctl restart etcd`, `easyrsa build-client-full kube-apiserver`.
pub(super) fn program_at(words: &[Word]) -> Option<usize> {
    run_at(words, |name| {
        name == "hyperkube" || Program::of_path(name).is_some()
    })
}

/// Where the program stands that a command runs in the end.
fn run_at(words: &[Word], is_program: impl Fn(&str) -> bool) -> Option<usize> {
    let name = |index: usize| {
        Some(
            words
                .get(index)?
                .text
                .rsplit('/')
                .next()
                .unwrap_or_default(),
        )
    };
    let mut at = 0;
    loop {
        let command = name(at)?;
        if is_program(command) {
            // `sudo -u etcd etcd`: the first one is a user.
            let twice = at > 0 && name(at + 1).is_some_and(&is_program);
            return Some(at + usize::from(twice));
        }
        if matches!(command, "docker" | "podman" | "nerdctl") {
            let rest = words.get(at..)?.iter();
            let runs = rest.map(|word| word.text.as_str());
            let runs = runs
                .clone()
                .position(|word| matches!(word, "run" | "create"))?;
            return in_image(words, at + runs + 1);
        }
        let (_, operands) = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == command)?;
        at = behind(words, at + 1, *operands);
    }
}

/// Where the command of a wrapper begins: behind its options, the value that an option may have, and its operands.
fn behind(words: &[Word], start: usize, operands: usize) -> usize {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    let is_option = |index: usize| text(index).starts_with('-') || text(index).contains('=');
    let mut at = start;
    while at < words.len() && is_option(at) {
        // The word behind `-u` is its value, unless a command follows without one (`sudo -E etcd`).
        let has_value = text(at).starts_with('-')
            && !text(at).contains('=')
            && !is_option(at + 1)
            && (is_option(at + 2) || WITH_VALUE.contains(&text(at)));
        at += 1 + usize::from(has_value);
    }
    at + operands
}

/// Options of wrappers that take a value in a word of its own.
const WITH_VALUE: &[&str] = &[
    "-c", "-g", "-k", "-n", "-p", "-s", "-t", "-u", "--user", "--group",
];

/// The program that a container engine runs: the one behind the image, or the image itself. `--name etcd` names a container.
fn in_image(words: &[Word], start: usize) -> Option<usize> {
    let is_value = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        before.is_some_and(|before| before.text.starts_with('-') && !before.text.contains('='))
    };
    let image = (start..words.len()).find(|index| {
        let word = words.get(*index).map_or("", |word| word.text.as_str());
        !is_value(*index) && !word.starts_with('-') && Program::of_image(word).is_some()
    })?;
    let next = words.get(image + 1);
    let is_command = next.is_some_and(|next| Program::of_path(&next.text).is_some());
    Some(if is_command { image + 1 } else { image })
}

/// Commands that run the command behind them, and how many operands stand before it.
const WRAPPERS: &[(&str, usize)] = &[
    ("chroot", 1),
    ("chrt", 1),
    ("command", 0),
    ("dumb-init", 0),
    ("env", 0),
    ("exec", 0),
    ("go-runner", 0),
    ("gosu", 1),
    ("ionice", 0),
    // `ip netns exec NAME`
    ("ip", 3),
    ("nice", 0),
    ("nohup", 0),
    ("numactl", 0),
    ("setpriv", 0),
    ("setsid", 0),
    ("su-exec", 1),
    ("sudo", 0),
    ("systemd-cat", 0),
    ("systemd-run", 0),
    ("taskset", 1),
    ("time", 0),
    ("timeout", 1),
    ("tini", 0),
    ("unshare", 0),
];

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
