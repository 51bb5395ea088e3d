//! `-Dkey=value` in Java options.

use super::setting::Setting;
use model::{Place, Sources};
use text::Span;

/// A system property of a Java command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemProperty {
    /// Its name.
    pub key: String,
    /// Its value; empty for `-Dkey`.
    pub value: String,
}

/// The system properties of Java options, in order. Words are split as `CommandBuilderUtils.parseOptionString` does: blanks
/// part them, quotes and backslashes join. O(length).
#[must_use]
pub fn system_properties(options: &str) -> Vec<SystemProperty> {
    words(options)
        .iter()
        .filter_map(|word| {
            let definition = word.strip_prefix("-D")?;
            let (key, value) = definition.split_once('=').unwrap_or((definition, ""));
            (!key.is_empty()).then(|| SystemProperty {
                key: key.to_owned(),
                value: value.to_owned(),
            })
        })
        .collect()
}

/// The `spark.` properties of Java options that stand at `place`, as settings.
#[must_use]
pub fn spark_settings(
    options: &str,
    place: Place,
    sources: &Sources,
    dynamic: bool,
) -> Vec<Setting> {
    system_properties(options)
        .into_iter()
        .filter(|property| property.key.starts_with("spark."))
        .map(|property| {
            let whole = within(
                sources,
                place,
                &format!("-D{}={}", property.key, property.value),
            );
            Setting {
                dynamic: dynamic && property.value.contains(['$', '`']),
                key: property.key.into(),
                value: property.value.trim().into(),
                place: whole,
                whole,
            }
        })
        .collect()
}

/// The place of a word inside a larger one, if it stands there as it is; else the larger one.
#[must_use]
pub fn within(sources: &Sources, place: Place, word: &str) -> Place {
    let text = sources.slice(place);
    text.find(word)
        .filter(|_| !word.is_empty())
        .map_or(place, |at| {
            let start = place.span.range().start + at;
            Place::new(place.source, Span::new(start, start + word.len()))
        })
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                open = true;
            }
            (None | Some('"'), '\\') => {
                word.extend(chars.next());
                open = true;
            }
            (None, c) if c.is_whitespace() => {
                if open {
                    words.push(std::mem::take(&mut word));
                    open = false;
                }
            }
            (_, c) => {
                word.push(c);
                open = true;
            }
        }
    }
    if open {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_join_and_blanks_part() {
        let options = "-Xmx1g -Dspark.a=b '-Dspark.c=d e' -Dspark.f=\"g h\" -Dflag -D";
        let all = system_properties(options);
        let brief: Vec<_> = all
            .iter()
            .map(|p| (p.key.as_str(), p.value.as_str()))
            .collect();
        assert_eq!(
            brief,
            [
                ("spark.a", "b"),
                ("spark.c", "d e"),
                ("spark.f", "g h"),
                ("flag", "")
            ]
        );
    }

    #[test]
    fn an_unfinished_quote_ends_quietly() {
        assert_eq!(system_properties("-Da='b")[0].value, "b");
        assert!(system_properties("\\").is_empty() || system_properties("").is_empty());
    }
}
