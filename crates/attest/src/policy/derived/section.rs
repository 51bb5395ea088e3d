//! A section of a policy that is being written.

use std::collections::BTreeMap;

/// Lists of accepted values, single values, and what a reader must know.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// By key; numbers (registers, measurements) in their own order.
    lists: BTreeMap<(u16, String), Vec<Pin>>,
    values: BTreeMap<String, String>,
    comments: Vec<String>,
}

/// A value, and where it comes from.
#[derive(Debug)]
struct Pin {
    value: String,
    origin: String,
}

impl Section {
    /// Adds what one source pins.
    ///
    /// # Errors
    ///
    /// When it differs from earlier ones in more than one list: a policy knows lists, not pairs, so it would admit mixtures that
    /// nobody reviewed.
    pub(super) fn lists(
        &mut self,
        origin: &str,
        pins: Vec<(String, String)>,
        comments: Vec<String>,
    ) -> Result<(), String> {
        let differing: Vec<&str> = pins
            .iter()
            .filter(|(key, value)| {
                let known = self.lists.get(&place(key));
                known.is_some_and(|known| known.iter().all(|pin| pin.value != *value))
            })
            .map(|(key, _)| key.as_str())
            .collect();
        if differing.len() > 1 {
            return Err(format!(
                "differs from what was given before it in {}: one policy would also accept mixtures of them, so derive one for each",
                differing.join(" and ")
            ));
        }
        for (key, value) in pins {
            self.pin(&key, value, origin);
        }
        self.comments(comments);
        Ok(())
    }

    /// Adds an accepted value to a list.
    pub(super) fn pin(&mut self, key: &str, value: String, origin: &str) {
        let pins = self.lists.entry(place(key)).or_default();
        if pins.iter().all(|pin| pin.value != value) {
            let origin = origin.to_owned();
            pins.push(Pin { value, origin });
        }
    }

    /// Sets a value.
    ///
    /// # Errors
    ///
    /// When another one was set: which of them is meant, only the user can say.
    pub(super) fn value(&mut self, key: &str, value: String) -> Result<(), String> {
        match self.values.get(key) {
            Some(known) if *known != value => Err(format!(
                "{key} = {value}, but what was given before it says {known}: derive one policy for each"
            )),
            _ => {
                self.values.insert(key.to_owned(), value);
                Ok(())
            }
        }
    }

    /// Adds remarks, each once.
    pub(super) fn comments(&mut self, comments: Vec<String>) {
        for comment in comments {
            if !self.comments.contains(&comment) {
                self.comments.push(comment);
            }
        }
    }

    pub(super) fn write(&self, name: &str, text: &mut String) {
        *text += &format!("\n[{name}]\n");
        for comment in &self.comments {
            *text += &format!("# {comment}\n");
        }
        for (key, value) in &self.values {
            *text += &format!("{key} = {value}\n");
        }
        for ((_, key), pins) in &self.lists {
            *text += &format!("{key} = [\n");
            for pin in pins {
                *text += &format!("    \"{}\", # {}\n", pin.value, pin.origin);
            }
            *text += "]\n";
        }
    }
}

fn place(key: &str) -> (u16, String) {
    (key.parse().unwrap_or_default(), key.to_owned())
}

/// Pins whose keys are fixed words.
pub(super) fn keyed(pins: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    pins.into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}
