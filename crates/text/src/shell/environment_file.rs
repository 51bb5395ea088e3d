//! Environment files of containers, which no shell reads.

use super::{Assignment, Word};
use crate::Span;

/// The lines of an environment file (`docker run --env-file`, `env_file:`): `NAME=value`, the value verbatim to the line's
/// end, `#` comments on lines of their own.
#[must_use]
pub fn env_file(text: &str) -> Vec<Assignment> {
    let mut offset = 0;
    let mut assignments = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let Some((name, value)) = content.split_once('=') else {
            continue;
        };
        let trimmed = name.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') || trimmed.contains(char::is_whitespace) {
            continue;
        }
        let value_start = start + name.len() + 1;
        assignments.push(Assignment {
            name: trimmed.to_owned(),
            value: Word {
                text: value.to_owned(),
                span: Span::new(value_start, value_start + value.len()),
                dynamic: false,
            },
            exported: true,
            appends: false,
        });
    }
    assignments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_files_are_verbatim() {
        let text = "# c\nCORE-SITE.XML_fs.defaultFS=hdfs://nn:8020\nX=\"a\"\n\nbad line\nY=1=2\r\n";
        let all = env_file(text);
        let brief: Vec<_> = all
            .iter()
            .map(|a| (a.name.as_str(), a.value.text.as_str()))
            .collect();
        assert_eq!(
            brief,
            [
                ("CORE-SITE.XML_fs.defaultFS", "hdfs://nn:8020"),
                ("X", "\"a\""),
                ("Y", "1=2")
            ]
        );
        assert_eq!(&text[all[0].value.span.range()], "hdfs://nn:8020");
    }
}
