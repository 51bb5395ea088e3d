//! What a reader gets and what it gives back.

use crate::Ties;
use model::{Estate, Fact, Place, SourceId};
use std::fmt;
use text::{SegmentMap, Span, SyntaxError};

/// A family of readers: one product's files.
pub struct Family {
    /// Its readers; the first that recognises a text reads it.
    pub readers: &'static [Reader],
    /// Puts the pieces together once every file is read.
    pub assemble: fn(&mut Estate, &Ties),
    /// Families with a higher number are put together later, and see the results of the earlier ones.
    pub order: u8,
}

/// A reader of one kind of text.
pub struct Reader {
    /// What it reads, in the plural, for the summary: `Hadoop configuration files`.
    pub name: &'static str,
    /// The formats it looks at.
    pub formats: &'static [Format],
    /// What its product makes of bytes that are not plain UTF-8.
    pub bytes: Bytes,
    /// Whether the text is of this kind. Cheap: it runs on every file of these formats.
    pub recognise: fn(&Candidate<'_>) -> bool,
    /// Reads it.
    pub read: fn(&Candidate<'_>, &mut Reading),
}

/// What a product makes of bytes that are not plain UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// It finds out how they are encoded, as XML and YAML readers do: a byte order mark is skipped, UTF-16 with one is read,
    /// and bytes that are no characters are refused.
    Detected,
    /// It takes them as they come: a byte order mark belongs to the first line, UTF-16 is noise, and other characters than
    /// those of UTF-8 do no harm.
    Raw,
    /// As [`Bytes::Raw`], but a byte order mark is skipped.
    RawAfterMark,
}

/// The outer form of a text, told from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// `[section]` and `key = value`.
    Ini,
    /// Anything of lines: YAML, properties, shell.
    Lines,
}

impl Format {
    /// Tells the form from the first bytes that are not blank or comment.
    #[must_use]
    pub fn of(text: &str) -> Format {
        let start = text.trim_start();
        match start.as_bytes() {
            [b'<', ..] => Format::Xml,
            [b'{', second, ..] if *second != b'{' && *second != b'%' => Format::Json,
            [b'[', ..] if is_section(start) => Format::Ini,
            [b'[', ..] => Format::Json,
            [b'#' | b';', ..] => {
                let content = start
                    .lines()
                    .map(str::trim)
                    .find(|line| !line.is_empty() && !line.starts_with(['#', ';']));
                if content.is_some_and(is_section) {
                    Format::Ini
                } else {
                    Format::Lines
                }
            }
            _ => Format::Lines,
        }
    }
}

fn is_section(line: &str) -> bool {
    let line = line.lines().next().unwrap_or_default().trim_end();
    line.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '))
        })
}

/// A text that a reader may read.
#[derive(Clone, Copy)]
pub struct Candidate<'t> {
    /// Its number.
    pub source: SourceId,
    /// Path relative to the input; for an embedded document its name there.
    pub path: &'t str,
    /// The text.
    pub text: &'t str,
    /// Its outer form.
    pub format: Format,
    /// The document it is embedded in, if it is.
    pub parent: Option<Place>,
}

impl Candidate<'_> {
    /// The last component of the path.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the name is one of prose or source code, or the text names its interpreter. Such a text may quote a configuration, but
    /// it is none.
    #[must_use]
    pub fn is_prose_or_code(&self) -> bool {
        const EXTENSIONS: [&str; 36] = [
            "md", "markdown", "rst", "adoc", "html", "htm", "mdx", "py", "ipynb", "sh", "bash",
            "zsh", "ps1", "bat", "go", "java", "scala", "sc", "kt", "groovy", "gradle", "js",
            "jsx", "ts", "tsx", "rb", "pl", "php", "lua", "rs", "c", "h", "cpp", "sql", "tf",
            "hcl",
        ];
        self.is_program()
            || self
                .file_name()
                .rsplit_once('.')
                .is_some_and(|(_, extension)| {
                    EXTENSIONS
                        .iter()
                        .any(|known| extension.eq_ignore_ascii_case(known))
                })
    }

    /// Whether the first line names an interpreter. Those of YAML name one that takes the text as it is.
    fn is_program(&self) -> bool {
        const OF_YAML: [&str; 3] = ["ansible", "kubectl", "cloud-init"];
        let mut lines = self.text.lines();
        let interpreter = lines.next().and_then(|line| line.strip_prefix("#!"));
        interpreter.is_some_and(|line| !OF_YAML.iter().any(|name| line.contains(name)))
    }

    /// Whether the name is one of prose. Such a text shows commands, and runs none.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        const EXTENSIONS: [&str; 8] = [
            ".md",
            ".markdown",
            ".mdx",
            ".rst",
            ".adoc",
            ".asciidoc",
            ".html",
            ".htm",
        ];
        let name = self.file_name().to_ascii_lowercase();
        EXTENSIONS.iter().any(|extension| name.ends_with(extension))
    }

    /// Whether the text holds `needle`. O(length).
    #[must_use]
    pub fn holds(&self, needle: &str) -> bool {
        memchr::memmem::find(self.text.as_bytes(), needle.as_bytes()).is_some()
    }

    /// A place in this text.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }
}

/// Adds one fact to the estate, of whatever kind it is.
pub(crate) type Delivery = Box<dyn FnOnce(&mut Estate) + Send>;

/// What a reader found in one text.
#[derive(Default)]
pub struct Reading {
    pub(crate) facts: Vec<Delivery>,
    pub(crate) problems: Vec<SyntaxError>,
    pub(crate) embedded: Vec<Embedded>,
    pub(crate) skipped: Vec<String>,
}

/// A document inside another.
pub struct Embedded {
    /// Its name there (`core-site.xml`).
    pub name: Box<str>,
    /// Its decoded text.
    pub text: Box<str>,
    /// The span of the parent that holds it.
    pub parent: Span,
    /// Where its bytes come from.
    pub map: SegmentMap,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("facts", &self.facts.len())
            .field("problems", &self.problems)
            .field("embedded", &self.embedded.len())
            .finish_non_exhaustive()
    }
}

impl Reading {
    /// A fact.
    pub fn put<F: Fact>(&mut self, fact: F) {
        self.facts.push(Box::new(move |estate| estate.put(fact)));
    }

    /// A part of the text that could not be read. The rest still counts; the input counts as incomplete.
    pub fn problem(&mut self, error: SyntaxError) {
        self.problems.push(error);
    }

    /// A document inside, to be recognised and read in turn.
    pub fn embed(&mut self, embedded: Embedded) {
        self.embedded.push(embedded);
    }

    /// Says that the text was recognised but cannot be judged as it is, and what to do about it.
    pub fn skip(&mut self, reason: impl Into<String>) {
        self.skipped.push(reason.into());
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn tells_the_outer_form() {
        assert_eq!(Format::of("\n <?xml version=\"1.0\"?>"), Format::Xml);
        assert_eq!(Format::of("{\"a\":1}"), Format::Json);
        assert_eq!(Format::of("{{- if .Values.x }}"), Format::Lines);
        assert_eq!(Format::of("[libdefaults]\n default_realm = A"), Format::Ini);
        assert_eq!(Format::of("# comment\n\n[realms]\n"), Format::Ini);
        assert_eq!(Format::of("[1, 2]"), Format::Json);
        assert_eq!(Format::of("[{\"kind\": \"x\"}]"), Format::Json);
        assert_eq!(Format::of("apiVersion: v1\n"), Format::Lines);
    }
}
