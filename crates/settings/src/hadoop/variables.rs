//! `${name}` inside values.

use super::configuration::Configuration;
use super::reader::Reader;
use model::Release;
use std::borrow::Cow;

/// System properties that every daemon has, so that they resolve. They choose a path, never a protection.
const OF_THE_PROCESS: [&str; 3] = ["user.name", "user.home", "java.io.tmpdir"];
/// Rounds of `${}` substitution before Hadoop gives up (`Configuration.MAX_SUBST`).
const SUBSTITUTION_ROUNDS: usize = 20;
/// A bound of our own on the length of a substituted value.
const SUBSTITUTED_LENGTH: usize = 64 * 1024;

impl Configuration {
    /// Replaces `${...}` as `Configuration.substituteVars` does, as far as files tell. Returns the text and whether a
    /// variable is left that only the running system can resolve.
    pub(super) fn substitute(
        &self,
        reader: Reader,
        key: &str,
        value: &str,
        release: Release,
    ) -> (String, bool) {
        let mut text = value.to_owned();
        let mut from = 0;
        // Whether a default stands in for a variable of the environment that no file here sets or leaves unset for certain.
        let mut by_default = false;
        for _ in 0..SUBSTITUTION_ROUNDS {
            let Some((start, end)) = variable(&text, from) else {
                return (text, by_default);
            };
            let name = text.get(start + 2..end).unwrap_or_default().to_owned();
            // A value that refers to its own key is left as it was written.
            if name == key {
                return (value.to_owned(), false);
            }
            if OF_THE_PROCESS.contains(&name.as_str()) {
                from = end;
                continue;
            }
            let replacement = match name.strip_prefix("env.") {
                // 2.x keeps ${env.X} as literal text; from 3.0 on the process environment counts, which files rarely show.
                Some(_) if release < Release(3, 0, 0) => return (text, false),
                Some(environment) => self.exported(environment).map(str::to_owned).or_else(|| {
                    by_default = true;
                    environment_default(environment).map(str::to_owned)
                }),
                None => {
                    let other = self.raw(reader, &name, release);
                    by_default |= other.unresolved;
                    other.value.map(Cow::into_owned)
                }
            };
            let Some(replacement) = replacement else {
                return (text, true);
            };
            text.replace_range(start..=end, &replacement);
            if text.len() > SUBSTITUTED_LENGTH {
                return (value.to_owned(), true);
            }
        }
        let unresolved = by_default || variable(&text, from).is_some();
        (text, unresolved)
    }

    /// The value that the environment scripts beside the files export for `X`, `X-default` or `X:-default`.
    fn exported(&self, environment: &str) -> Option<&str> {
        let name = environment.split([':', '-']).next()?;
        let value = &*self.variable(name)?.value;
        (!value.is_empty() && !value.contains(['$', '`'])).then_some(value)
    }
}

/// The first `${name}` from an offset on whose name holds no blank, `$`, `{` or `}`: offsets of the dollar and of the closing
/// brace.
fn variable(text: &str, mut from: usize) -> Option<(usize, usize)> {
    while let Some(found) = text.get(from..)?.find("${") {
        let start = from + found;
        let name = text.get(start + 2..)?;
        let stop = name.find(|c: char| c.is_whitespace() || matches!(c, '$' | '{' | '}'))?;
        if stop > 0 && name.get(stop..)?.starts_with('}') {
            return Some((start, start + 2 + stop));
        }
        from = start + 2;
    }
    None
}

/// `X-default` and `X:-default` carry what counts when the variable is unset; a plain name does not.
fn environment_default(name: &str) -> Option<&str> {
    let (_, default) = name.split_once('-')?;
    Some(default)
}
