//! A table of the configuration file whose every key must be asked for.

use super::release;
use model::Release;
use text::toml::value::{Value, ValueInner};

/// Something wrong with the file.
pub(super) struct Problem {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// A table. What is taken is known; what is left is a mistake.
pub(super) struct Table {
    entries: Vec<(String, usize, ValueInner<'static>)>,
    asked: Vec<&'static str>,
    /// Where the table starts.
    pub(super) offset: usize,
}

/// Values are copied out of the parser's borrow, so that tables can be handed around.
fn owned(value: ValueInner<'_>) -> ValueInner<'static> {
    match value {
        ValueInner::String(text) => ValueInner::String(text.into_owned().into()),
        ValueInner::Integer(number) => ValueInner::Integer(number),
        ValueInner::Float(number) => ValueInner::Float(number),
        ValueInner::Boolean(on) => ValueInner::Boolean(on),
        ValueInner::Array(items) => ValueInner::Array(
            items
                .into_iter()
                .map(|mut item| {
                    let span = item.span;
                    Value::with_span(owned(item.take()), span)
                })
                .collect(),
        ),
        ValueInner::Table(table) => ValueInner::Table(
            table
                .into_iter()
                .map(|(key, mut value)| {
                    let span = value.span;
                    let key = text::toml::value::Key {
                        name: key.name.into_owned().into(),
                        span: key.span,
                    };
                    (key, Value::with_span(owned(value.take()), span))
                })
                .collect(),
        ),
    }
}

impl Table {
    /// A table value; `None` for any other.
    pub(super) fn of(value: &mut Value<'_>) -> Option<Table> {
        let offset = value.span.start;
        let ValueInner::Table(table) = value.take() else {
            return None;
        };
        let entries = table
            .into_iter()
            .map(|(key, mut value)| (key.name.to_string(), key.span.start, owned(value.take())))
            .collect();
        Some(Table {
            entries,
            asked: Vec::new(),
            offset,
        })
    }

    fn take(&mut self, key: &'static str) -> Option<(usize, ValueInner<'static>)> {
        self.asked.push(key);
        let index = self.entries.iter().position(|(name, ..)| name == key)?;
        let (_, offset, value) = self.entries.swap_remove(index);
        Some((offset, value))
    }

    pub(super) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        match self.take(key)? {
            (_, ValueInner::String(text)) => Some(text.into_owned()),
            (offset, _) => {
                problems.push(Problem {
                    offset,
                    message: format!("{key} must be a string"),
                });
                None
            }
        }
    }

    pub(super) fn required(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> String {
        let present = self.entries.iter().any(|(name, ..)| name == key);
        let text = self.text(key, problems).unwrap_or_default();
        if !present || text.trim().is_empty() {
            problems.push(Problem {
                offset: self.offset,
                message: format!("{key} is required and must not be empty"),
            });
        }
        text
    }

    pub(super) fn texts(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
        match self.take(key) {
            None => Vec::new(),
            Some((offset, ValueInner::Array(items))) => items
                .into_iter()
                .filter_map(|mut item| match item.take() {
                    ValueInner::String(text) => Some(text.into_owned()),
                    _ => {
                        problems.push(Problem {
                            offset,
                            message: format!("{key} must hold strings only"),
                        });
                        None
                    }
                })
                .collect(),
            Some((offset, _)) => {
                problems.push(Problem {
                    offset,
                    message: format!("{key} must be a list of strings"),
                });
                Vec::new()
            }
        }
    }

    pub(super) fn release(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Release> {
        self.asked.push(key);
        let offset = self
            .entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(_, offset, _)| *offset)?;
        let text = self.text(key, problems)?;
        let release = release(&text);
        if release.is_none() {
            problems.push(Problem {
                offset,
                message: format!("{text:?} is no release; write one such as \"3.3.6\""),
            });
        }
        release
    }

    pub(super) fn table(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Table> {
        let (offset, value) = self.take(key)?;
        let mut value = Value::with_span(value, text::toml::Span::new(offset, offset));
        let table = Table::of(&mut value);
        if table.is_none() {
            problems.push(Problem {
                offset,
                message: format!("{key} must be a table: [{key}]"),
            });
        }
        table
    }

    pub(super) fn tables(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<Table> {
        match self.take(key) {
            None => Vec::new(),
            Some((_, ValueInner::Array(items))) => items
                .into_iter()
                .filter_map(|mut item| Table::of(&mut item))
                .collect(),
            Some((offset, _)) => {
                problems.push(Problem {
                    offset,
                    message: format!("{key} must be a list of tables: [[{key}]]"),
                });
                Vec::new()
            }
        }
    }

    /// Reports the keys that nobody asked for, with the nearest one that is known.
    pub(super) fn finish(self, name: &str, problems: &mut Vec<Problem>) {
        for (key, offset, _) in &self.entries {
            let near = self
                .asked
                .iter()
                .min_by_key(|known| distance(known, key))
                .filter(|known| distance(known, key) <= 3);
            let hint = near.map_or_else(
                || format!("known are {}", self.asked.join(", ")),
                |near| format!("did you mean {near}?"),
            );
            problems.push(Problem {
                offset: *offset,
                message: format!("unknown key {key:?} in {name}; {hint}"),
            });
        }
    }
}

/// Edit distance between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().take(64).enumerate() {
        let mut previous = i;
        let mut first = i + 1;
        for (j, b) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = (previous + usize::from(a != *b))
                .min(above + 1)
                .min(first + 1);
            previous = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = first;
            }
            first = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = first;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
