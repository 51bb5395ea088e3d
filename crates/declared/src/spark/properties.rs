//! Properties files with keys of Spark.

use crate::reading::{Candidate, Reading};
use settings::spark::{PropertiesFile, Setting};
use text::Span;
use text::properties;

/// Whether most of the text's lines set `spark.` properties. YAML with such keys has keys without a dot around them, code has
/// brackets in its words.
pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    if !candidate.holds("spark.") {
        return false;
    }
    let (mut spark, mut bare, mut operator, mut other) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut continued = false;
    for line in candidate.text.lines() {
        let content = line.trim();
        let is_continuation = std::mem::replace(&mut continued, content.ends_with('\\'));
        if content.is_empty() || content.starts_with(['#', '!']) || is_continuation {
            continue;
        }
        let (key, value) = content
            .split_once([' ', '\t', '=', ':'])
            .unwrap_or((content, ""));
        if key.starts_with("spark.") && key.bytes().all(is_key_byte) && value.is_empty() {
            // A list of names, such as those that Livy lets nobody set; a property that is emptied stands among others.
            bare += 1;
        } else if key.starts_with("spark.") && key.bytes().all(is_key_byte) {
            spark += 1;
            operator += usize::from(key.starts_with("spark.kubernetes.operator."));
        } else if content
            .strip_suffix(':')
            .is_some_and(|name| !name.contains(['.', ' ']))
        {
            // `sparkConf:` opens a mapping of YAML.
            return false;
        } else {
            other += 1;
        }
    }
    // Settings of Apache's operator itself are read by no driver, executor or daemon.
    spark > operator && spark + bare >= other
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'.' | b'_' | b'-' | b'$' | b'*' | b'/' | b'@' | b'\\' | b'[' | b']'
        )
}

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let parsed = properties::parse(candidate.text);
    for error in parsed.errors {
        reading.problem(error);
    }
    let (mut settings, mut ignored) = (Vec::new(), Vec::new());
    for entry in parsed.entries {
        let value = entry.value.trim();
        let setting = Setting {
            dynamic: value.contains("${") || value.contains("{{"),
            value: value.into(),
            key: entry.key.into(),
            place: candidate.place(if entry.value_span.is_empty() {
                entry.key_span
            } else {
                entry.value_span
            }),
            whole: candidate.place(entry.span),
        };
        if setting.key.starts_with("spark.") {
            settings.push(setting);
        } else {
            ignored.push(setting);
        }
    }
    let anchor = settings
        .first()
        .map_or(candidate.place(Span::at(0)), |setting: &Setting| {
            setting.whole
        });
    reading.put(PropertiesFile {
        source: candidate.source,
        name: candidate.path.into(),
        anchor,
        is_defaults: is_defaults_name(candidate.file_name()),
        settings,
        ignored,
        object: None,
        copy_of: None,
        written: None,
    });
}

/// `spark-defaults.conf`, and copies for a stage or host: `spark-defaults-prod.conf`, `spark-defaults.conf.j2`.
pub(super) fn is_defaults_name(name: &str) -> bool {
    name.contains("spark-defaults") || name.contains("spark_defaults")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Format;
    use model::SourceId;

    fn is_recognised(text: &str) -> bool {
        recognise(&Candidate {
            source: SourceId(0),
            path: "x",
            text,
            format: Format::of(text),
            parent: None,
        })
    }

    #[test]
    fn told_by_its_lines() {
        assert!(is_recognised("# c\nspark.master yarn\nspark.a=b\n"));
        assert!(is_recognised("spark.x \\\n  a,\\\n  b\n"));
        assert!(is_recognised("spark.master yarn\nspark.redaction.regex\n"));
        assert!(!is_recognised("spark.master\nspark.submit.deployMode\n"));
        assert!(!is_recognised(
            "sparkConf:\n  spark.authenticate: \"true\"\n"
        ));
        assert!(!is_recognised(
            "spark.sql(\"select 1\").show()\nval x = spark.read\n"
        ));
        assert!(!is_recognised(
            "Set spark.authenticate to true.\nThe driver listens.\n"
        ));
        assert!(!is_recognised(
            "*.sink.console.class=org.apache.spark.metrics.sink.ConsoleSink\n"
        ));
    }
}
