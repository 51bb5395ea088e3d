//! The command lines of Kubernetes' components and of etcd, and what follows from them.

mod api_server;
mod command_line;
mod etcd;
mod installers;
mod k3s;
mod kubeadm;
mod kubelet;
mod own_files;
mod parse;
mod program;
mod setting;
mod word;

pub use api_server::ApiServer;
pub use command_line::{CommandLine, in_object};
pub use etcd::{Etcd, EtcdSide};
pub use installers::{OwnEncryption, is_talos, own_encryption};
pub use k3s::K3s;
pub use kubelet::Kubelet;
pub use program::Program;
pub use setting::{Item, Setting};
pub use word::Word;

use model::Place;

/// A flag of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name without dashes, `_` replaced by `-` as the components do.
    pub name: Box<str>,
    /// Its value; `None` where only the name stands there.
    pub value: Option<Word>,
    /// The flag, without a value that stands in a word of its own.
    pub place: Place,
}

/// The flags of one program.
#[derive(Clone, Debug)]
pub struct Flags {
    /// The program.
    pub program: Program,
    /// Its flags, in order. A later one wins over an earlier one of the same name.
    pub all: Vec<Flag>,
    /// Where a flag that is missing would stand: the program's name, or the list of arguments.
    pub place: Place,
    /// Words that only the running system can resolve and that may hold any flag (`$(EXTRA_ARGS)`).
    pub unknown: Vec<Place>,
    /// What the distribution passes by itself where the flag is not given: name and value, or no value where it is a file
    /// that the distribution makes.
    pub(super) implied: Implied,
    /// Why a flag that is missing may still be given: the file is a part of a configuration.
    pub(super) incomplete: Option<&'static str>,
}

/// A flag that a distribution passes by itself; without a value: what it computes, or a file that it makes.
type Passed = (&'static str, Option<&'static str>);

/// Flags that a distribution passes by itself.
pub(super) type Implied = Vec<Passed>;

impl Flags {
    /// The flags of a program in the words after its name.
    #[must_use]
    pub fn parse(program: Program, words: &[Word], place: Place) -> Flags {
        let (all, unknown) = parse::flags(program, words);
        Flags {
            program,
            all,
            place,
            unknown,
            implied: Vec::new(),
            incomplete: None,
        }
    }

    /// The flag that counts: the last one of the name.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&Flag> {
        self.all.iter().rev().find(|flag| *flag.name == *name)
    }

    /// The text of a flag, or `default`. An empty text is what an empty default is: not set.
    #[must_use]
    pub fn text(&self, name: &str, default: &str) -> Setting<String> {
        match self.last(name) {
            None => self.unset(name, |implied| implied.unwrap_or(default).to_owned()),
            Some(flag) => match &flag.value {
                Some(value) if value.dynamic => Setting::Unknown(value.place, "a variable decides"),
                Some(value) => Setting::Set(value.text.clone(), value.place),
                None => Setting::Unknown(flag.place, "the flag has no value"),
            },
        }
    }

    /// A Boolean flag, or `default` (strconv.ParseBool).
    #[must_use]
    pub fn bool(&self, name: &str, default: bool) -> Setting<bool> {
        let Some(flag) = self.last(name) else {
            return self.unset(name, |implied| {
                implied.and_then(setting::parse_bool).unwrap_or(default)
            });
        };
        match &flag.value {
            None => Setting::Set(true, flag.place),
            Some(value) if value.dynamic => Setting::Unknown(value.place, "a variable decides"),
            Some(value) => match setting::parse_bool(&value.text) {
                Some(on) => Setting::Set(on, value.place),
                None => Setting::Unknown(value.place, "not a Boolean: will not start"),
            },
        }
    }

    /// The items of a list flag, or `default`, which is separated by commas. Several flags of the name add up in Kubernetes'
    /// components (pflag's StringSlice); in etcd the last one counts.
    #[must_use]
    pub fn list(&self, name: &str, default: &str) -> Setting<Vec<Item>> {
        let named = self.all.iter().filter(|flag| *flag.name == *name);
        let skipped = match self.program {
            Program::Etcd => named.clone().count().saturating_sub(1),
            _ => 0,
        };
        let mut items = Vec::new();
        let mut place = None;
        for flag in named.skip(skipped) {
            let Some(value) = &flag.value else {
                return Setting::Unknown(flag.place, "the flag has no value");
            };
            if value.dynamic {
                return Setting::Unknown(value.place, "a variable decides");
            }
            items.extend(value.items());
            place = Some(value.place);
        }
        match place {
            Some(place) => Setting::Set(items, place),
            None => self.unset(name, |implied| {
                let list = implied.unwrap_or(default);
                let items = list.split(',').filter(|item| !item.is_empty());
                items
                    .map(|item| Item {
                        text: item.to_owned(),
                        place: self.place,
                    })
                    .collect()
            }),
        }
    }

    /// A feature gate of `--feature-gates`, where it is set.
    #[must_use]
    pub fn feature_gate(&self, gate: &str) -> Option<Setting<bool>> {
        let value = match self.list("feature-gates", "") {
            Setting::Unknown(place, reason) => return Some(Setting::Unknown(place, reason)),
            Setting::Set(items, _) | Setting::Default(items, _) => {
                items.into_iter().rev().find_map(|item| {
                    let (name, value) = item.text.split_once('=')?;
                    (name.trim() == gate).then(|| (value.trim().to_owned(), item.place))
                })
            }
        };
        let (value, place) = value?;
        Some(match setting::parse_bool(&value) {
            Some(on) => Setting::Set(on, place),
            None => Setting::Unknown(place, "not a Boolean: will not start"),
        })
    }

    fn unset<T>(&self, name: &str, value: impl FnOnce(Option<&str>) -> T) -> Setting<T> {
        match self.implied.iter().find(|(flag, _)| *flag == name) {
            // The distribution sets it, to a file of its own.
            Some((_, None)) => Setting::Unknown(self.place, "the distribution sets it"),
            Some((_, Some(implied))) => Setting::Default(value(Some(implied)), self.place),
            None => match (self.unknown.first(), self.incomplete) {
                (Some(place), _) => Setting::Unknown(*place, "a variable may hold the flag"),
                (None, Some(reason)) => Setting::Unknown(self.place, reason),
                (None, None) => Setting::Default(value(None), self.place),
            },
        }
    }
}

#[cfg(test)]
mod tests;
