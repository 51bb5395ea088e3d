//! Secrets inside texts of any form: properties, environment files, scripts, XML of Hadoop, YAML and JSON by line.

use crate::secret_addresses::password_in_address;
use crate::secret_values::{is_literal, looks_generated};
use model::{Estate, Place, SourceId};
use settings::hadoop::resource::{self, Item};
use settings::kubernetes::object::Object;
use settings::secret_names::{is_plain_secret_field, is_trust_store, names_a_secret};
use std::borrow::Cow;
use std::cell::OnceCell;
use text::{Node, SegmentMap, Span};

/// Values of one text that are looked at: a text with more is no configuration.
const MOST_VALUES: usize = 8192;

/// Deepest place in a tree whose strings are taken for files.
const DEEPEST_FILE: usize = 16;

/// A text that may be a part of a file: its places lead back to the file.
#[derive(Debug)]
pub struct Passage<'e> {
    /// The text as its reader sees it.
    pub text: Cow<'e, str>,
    source: SourceId,
    /// The text of the file, and the scalar in it.
    written: (&'e str, &'e Node),
    /// Where the text comes from. Most texts hold nothing whose place is asked for.
    map: OnceCell<SegmentMap>,
}

impl<'e> Passage<'e> {
    /// A scalar of an object: a value of a ConfigMap, an argument. `None` for anything but a scalar.
    #[must_use]
    pub fn of_scalar(estate: &'e Estate, object: &Object, node: &'e Node) -> Option<Passage<'e>> {
        let source = estate.sources.get(object.source)?;
        Some(Passage {
            text: Cow::Borrowed(node.text()?),
            source: object.source,
            written: (&source.text, node),
            map: OnceCell::new(),
        })
    }

    /// A text that was decoded from a scalar: all of it comes from the whole scalar.
    #[must_use]
    pub fn decoded(object: &Object, node: &'e Node, text: String) -> Passage<'e> {
        let map = SegmentMap::whole(text.len(), node.span);
        Passage {
            text: Cow::Owned(text),
            source: object.source,
            written: ("", node),
            map: OnceCell::from(map),
        }
    }

    /// The place of a part of the text.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let (file, node) = self.written;
        let map = self
            .map
            .get_or_init(|| text::yaml::block_scalar_segments(file, node));
        Place::new(self.source, map.to_origin(span))
    }
}

/// A value in a text, under the name that stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name: `db.password`, `AWS_SECRET_ACCESS_KEY`.
    pub name: String,
    /// The value, without quotes.
    pub value: String,
    /// Where the value stands in the text.
    pub span: Span,
}

impl Named {
    /// Whether the name says that the value is secret. In texts of unknown form `secret: x` and `token: x` may name an
    /// object; there the value must look like one that was generated.
    #[must_use]
    pub fn claims_a_secret(&self) -> bool {
        let is_setting = self.name.contains(['.', '_']) || !self.name.contains(char::is_lowercase);
        names_a_secret(&self.name)
            && (is_setting || is_plain_secret_field(&self.name) || looks_generated(&self.value))
    }

    /// Whether this is a secret in clear: a name that says so and a value that is one. Trust store passwords are none.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.claims_a_secret() && !is_trust_store(&self.name) && is_literal(&self.value)
    }
}

/// Every named value of a text, in order. O(length).
#[must_use]
pub fn named_values(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    if text.contains("<configuration")
        && let Ok(Some(document)) = resource::parse(SourceId(0), text)
    {
        found.extend(document.items.into_iter().filter_map(of_property));
        return found;
    }
    if text.trim_start().starts_with('{') {
        let stream = text::json::parse(text);
        if stream.errors.is_empty() {
            for document in &stream.documents {
                of_tree(&document.root, None, 0, &mut found);
            }
            return found;
        }
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if found.len() >= MOST_VALUES {
            break;
        }
        of_line(line.trim_end_matches(['\n', '\r']), start, &mut found);
        start += line.len();
    }
    found
}

/// The passwords that addresses of a text carry.
#[must_use]
pub fn addresses(text: &str) -> Vec<Named> {
    // One look spares most texts the look at each of their words.
    if !text.contains("://") {
        return Vec::new();
    }
    words(text)
        .filter(|(_, word)| word.contains("://"))
        .take(MOST_VALUES)
        .filter_map(|(at, word)| {
            let span = password_in_address(word)?;
            let value = word.get(span.range())?.to_owned();
            let start = at + span.range().start;
            Some(Named {
                name: String::from("the password in an address"),
                span: Span::new(start, start + value.len()),
                value,
            })
        })
        .collect()
}

fn of_property(item: Item) -> Option<Named> {
    let Item::Property(property) = item else {
        return None;
    };
    Some(Named {
        name: property.name.into(),
        value: property.value?.trim().to_owned(),
        span: property.value_place.span,
    })
}

/// Values of JSON by their keys, and by the name beside them in a list of variables.
fn of_tree(node: &Node, name: Option<&str>, depth: usize, found: &mut Vec<Named>) {
    // The parser refuses deeper texts long before.
    if depth > 256 {
        return;
    }
    for item in node.items() {
        of_tree(item, None, depth + 1, found);
    }
    let listed = node.get("name").and_then(Node::str);
    for entry in node.entries() {
        let key = entry.key.text().unwrap_or_default();
        let name = if key == "value" {
            listed.unwrap_or(key)
        } else {
            key
        };
        of_tree(&entry.value, Some(name), depth + 1, found);
    }
    let Some(value) = node.str() else {
        return;
    };
    // A file in a string: what it sets stands somewhere in the string.
    if value.contains('\n') && depth < DEEPEST_FILE {
        let inner = named_values(value).into_iter();
        found.extend(inner.map(|inner| Named {
            span: node.span,
            ..inner
        }));
    } else if let Some(name) = name {
        found.push(Named {
            name: name.to_owned(),
            value: value.to_owned(),
            span: node.span,
        });
    }
}

fn of_line(line: &str, start: usize, found: &mut Vec<Named>) {
    let indent = line.len() - line.trim_start().len();
    let content = line.trim_start();
    if content.is_empty() || content.starts_with(['#', '!', ';', '*']) || content.starts_with("//")
    {
        return;
    }
    let before = found.len();
    found.extend(assignment(content, start + indent));
    let known: Vec<u32> = found
        .iter()
        .skip(before)
        .map(|named| named.span.start)
        .collect();
    for named in in_words(content, start + indent) {
        if !known.contains(&named.span.start) {
            found.push(named);
        }
    }
}

/// `name=value`, `name: value`, `"name": "value",`, `export NAME=value`; `name value` where the name has dots.
fn assignment(content: &str, at: usize) -> Option<Named> {
    let body = content.strip_prefix("export ").unwrap_or(content);
    let body = body.strip_prefix("- ").unwrap_or(body).trim_start();
    let body = body.trim_start_matches(['"', '\'']);
    if body.starts_with('-') {
        return None;
    }
    let name_end = body.find(|c: char| !is_name(c)).unwrap_or(body.len());
    let name = body.get(..name_end).filter(|name| !name.is_empty())?;
    let after = body.get(name_end..)?;
    let unquoted = after.trim_start_matches(['"', '\'']);
    let value = match unquoted.trim_start().strip_prefix(['=', ':']) {
        Some(value) => value,
        None if name.contains('.') && unquoted.starts_with([' ', '\t']) => unquoted,
        None => return None,
    };
    // A comment behind the value, as YAML and shell have it.
    let value = value
        .find(" #")
        .and_then(|end| value.get(..end))
        .unwrap_or(value);
    let value = unquote(literal_of_python(
        value.trim().trim_end_matches(',').trim_end(),
    ));
    named(name, value, content, at)
}

/// The literal in `b'...'` and `bytes.fromhex('...')`, by which Python writes keys.
fn literal_of_python(value: &str) -> &str {
    let inner = value
        .strip_prefix("bytes.fromhex(")
        .and_then(|inner| inner.strip_suffix(')'))
        .or_else(|| value.strip_prefix('b'));
    inner
        .filter(|inner| inner.starts_with(['"', '\'']))
        .unwrap_or(value)
}

/// `-Dname=value`, `--conf name=value`, `--password=value` and `--password value` anywhere in a line.
fn in_words(content: &str, at: usize) -> Vec<Named> {
    let list: Vec<&str> = words(content).map(|(_, word)| word).collect();
    in_arguments(&list)
        .take(MOST_VALUES)
        .filter_map(|argument| named(argument.name, argument.value, content, at))
        .collect()
}

/// A named value among the arguments of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'t> {
    /// The name: of the option, or of the property that it sets.
    pub name: &'t str,
    /// The value, without quotes.
    pub value: &'t str,
    /// The number of the argument that holds the value.
    pub index: usize,
}

/// The named values of a command line: `-Dname=value`, `name=value`, `--name=value`, `--name value`, `-storepass value`.
pub fn in_arguments<'t>(arguments: &[&'t str]) -> impl Iterator<Item = Argument<'t>> {
    let mut option: Option<&'t str> = None;
    arguments
        .iter()
        .enumerate()
        .filter_map(move |(index, word)| {
            let bare = word.trim_start_matches(['"', '\'']);
            let is_option =
                bare.starts_with("--") || bare.starts_with("-store") || bare.starts_with("-key");
            let plain = bare
                .strip_prefix("-D")
                .unwrap_or_else(|| bare.trim_start_matches('-'));
            // kubectl create secret generic x --from-literal=password=value
            let plain = plain.strip_prefix("from-literal=").unwrap_or(plain);
            let found = match plain.split_once('=') {
                Some((name, value)) if !name.is_empty() && name.chars().all(is_name) => {
                    Some((name, value))
                }
                // An option behind an option is no value.
                _ => option
                    .filter(|_| !bare.starts_with('-'))
                    .map(|name| (name, bare)),
            };
            option = (is_option && !plain.contains('=')).then_some(plain);
            let (name, value) = found?;
            let value = unquote(value.trim_end_matches([',', ';'])).trim_end_matches(['"', '\'']);
            Some(Argument { name, value, index })
        })
}

/// `value` must be a part of `content`, which starts at `at` in the whole text.
fn named(name: &str, value: &str, content: &str, at: usize) -> Option<Named> {
    let offset = (value.as_ptr() as usize).checked_sub(content.as_ptr() as usize)?;
    let start = at + offset;
    (!value.is_empty()).then(|| Named {
        name: name.to_owned(),
        value: value.to_owned(),
        span: Span::new(start, start + value.len()),
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn unquote(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

/// The words of a text with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - start, word))
}

#[cfg(test)]
mod tests {
    use super::{addresses, named_values};

    fn secrets(text: &str) -> Vec<String> {
        named_values(text)
            .into_iter()
            .filter(super::Named::is_secret)
            .map(|named| {
                assert!(text[named.span.range()].contains(&named.value));
                format!("{}={}", named.name, named.value)
            })
            .collect()
    }

    #[test]
    fn every_form_of_a_setting() {
        for (text, expected) in [
            (
                "a=1\ndb.password = not-a-real-one\n",
                "db.password=not-a-real-one",
            ),
            (
                "export DB_PASSWORD='not-a-real-one'",
                "DB_PASSWORD=not-a-real-one",
            ),
            (
                "  \"password\": \"not-a-real-one\",",
                "password=not-a-real-one",
            ),
            (
                "c.JupyterHub.cookie_secret = bytes.fromhex('a1b2')",
                "c.JupyterHub.cookie_secret=a1b2",
            ),
            (
                "{\"data\": {\"app.properties\": \"db.user=x\\ndb.password=not-a-real-one\\n\"}}",
                "db.password=not-a-real-one",
            ),
            (
                "password: not-a-real-one # for tests",
                "password=not-a-real-one",
            ),
            (
                "spark.ssl.keyPassword   not-a-real-one",
                "spark.ssl.keyPassword=not-a-real-one",
            ),
            (
                "exec java -Dx.password=not-a-real-one Main",
                "x.password=not-a-real-one",
            ),
            (
                "spark-submit --conf \"spark.ssl.keyPassword=not-a-real-one\" x",
                "spark.ssl.keyPassword=not-a-real-one",
            ),
            (
                "tool --password not-a-real-one run",
                "password=not-a-real-one",
            ),
            (
                "keytool -storepass not-a-real-one -list",
                "storepass=not-a-real-one",
            ),
            (
                "<configuration><property><name>ssl.server.keystore.password</name><value>not-a-real-one</value></property></configuration>",
                "ssl.server.keystore.password=not-a-real-one",
            ),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn look_alikes() {
        for text in [
            "# password=not-a-real-one",
            "password=${DB_PASSWORD}",
            "password.file=/etc/creds/db",
            "ssl.client.truststore.password=changeit",
            "tool --password-stdin run",
            "tool --password \"$PW\"",
            "the password: ask the team",
            "secret: team-database",
            "{\"secret\": \"team-database\", \"secretName\": \"x\"}",
            "connect(user=user, password=get_password())",
        ] {
            assert!(secrets(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn json_on_one_line() {
        let text = r#"{"env": [{"name": "DB_PASSWORD", "value": "not-a-real-one"}], "db.password": "not-a-real-two"}"#;
        let found: Vec<_> = named_values(text)
            .into_iter()
            .filter(super::Named::is_secret)
            .collect();
        assert_eq!(
            found.iter().map(|n| &*n.value).collect::<Vec<_>>(),
            ["not-a-real-one", "not-a-real-two"]
        );
    }

    #[test]
    fn an_address_in_a_line() {
        let text = "git clone https://bot:not-a-real-one@git.example/x\n";
        assert_eq!(addresses(text)[0].value, "not-a-real-one");
        assert_eq!(&text[addresses(text)[0].span.range()], "not-a-real-one");
    }
}
