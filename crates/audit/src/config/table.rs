//! Tables of the configuration file: typed access that collects every problem with its place.

use crate::nearest::nearest;
use jiff::civil::Date;
use model::Release;
use text::Span;
use text::toml::value::{Table as Entries, Value};

/// Something wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) span: Span,
    pub(super) message: String,
}

/// A table. Keys that nobody asks for until [`Table::finish`] are mistakes.
pub(super) struct Table<'v, 't> {
    name: &'static str,
    entries: &'v Entries<'t>,
    asked: Vec<&'static str>,
    /// The whole table, for what is missing in it.
    pub(super) span: Span,
}

pub(super) fn span(span: text::toml::Span) -> Span {
    Span::new(span.start, span.end)
}

impl<'v, 't> Table<'v, 't> {
    /// A table, named in messages as it is written: `[check]`. Anything else is a fault.
    pub(super) fn of(
        name: &'static str,
        value: &'v Value<'t>,
        faults: &mut Vec<Fault>,
    ) -> Option<Table<'v, 't>> {
        let table = value.as_table().map(|entries| Table {
            name,
            entries,
            asked: Vec::new(),
            span: span(value.span),
        });
        if table.is_none() {
            faults.push(Fault {
                span: span(value.span),
                message: format!("this must be a table: {name}"),
            });
        }
        table
    }

    /// The value of a key, which from now on is known.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'v Value<'t>> {
        self.asked.push(key);
        self.entries.get(key)
    }

    /// A value that `read` understands; `wanted` says what that is.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        faults: &mut Vec<Fault>,
        read: impl FnOnce(&'v Value<'t>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let result = read(value);
        if result.is_none() {
            faults.push(Fault {
                span: span(value.span),
                message: format!("`{key}` must be {wanted}"),
            });
        }
        result
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Option<&'v str> {
        self.read(key, "a string", faults, |value| value.as_str())
    }

    /// A text that must be there and say something. Empty where it does not.
    pub(super) fn required(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> &'v str {
        let text = self.read(key, "a string that is not empty", faults, |value| {
            value.as_str().filter(|text| !text.trim().is_empty())
        });
        if !self.entries.contains_key(key) {
            self.missing(key, faults);
        }
        text.unwrap_or_default()
    }

    /// A day that must be there.
    pub(super) fn required_day(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Date {
        let day = self.read(key, "a day such as \"2027-03-31\"", faults, |value| {
            let text = value.as_str().filter(|text| text.len() == 10)?;
            text.parse().ok()
        });
        if !self.entries.contains_key(key) {
            self.missing(key, faults);
        }
        // Not used where there is a fault: then the file as a whole is refused.
        day.unwrap_or(Date::ZERO)
    }

    fn missing(&self, key: &str, faults: &mut Vec<Fault>) {
        faults.push(Fault {
            span: self.span,
            message: format!("{} lacks `{key}`", self.name),
        });
    }

    /// A list of texts; empty where the key is missing.
    pub(super) fn texts(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Vec<&'v str> {
        self.read(key, "a list of strings", faults, |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
        .unwrap_or_default()
    }

    /// A release.
    pub(super) fn release(
        &mut self,
        key: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Option<Release> {
        self.read(key, "a release such as \"3.3.6\"", faults, |value| {
            Release::parse(value.as_str()?)
        })
    }

    /// A table inside: `[name]`.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Option<Table<'v, 't>> {
        let value = self.get(key)?;
        Table::of(name, value, faults)
    }

    /// Tables inside: `[[name]]`.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Vec<Table<'v, 't>> {
        let items = self.read(key, &format!("a list of tables: {name}"), faults, |value| {
            value.as_array()
        });
        items
            .into_iter()
            .flatten()
            .filter_map(|item| Table::of(name, item, faults))
            .collect()
    }

    /// Reports keys that nobody asked for, with the nearest one that is known.
    pub(super) fn finish(self, faults: &mut Vec<Fault>) {
        for key in self.entries.keys() {
            if self.asked.contains(&&*key.name) {
                continue;
            }
            let hint = match nearest(&key.name, self.asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", self.asked.join(", ")),
            };
            faults.push(Fault {
                span: span(key.span),
                message: format!("{} has no key `{}`; {hint}", self.name, key.name),
            });
        }
    }
}
