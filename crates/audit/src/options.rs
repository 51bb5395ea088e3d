//! What to judge and what to report.

use model::{Depth, Severity, Stage};

/// Filters and the date of the audit.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only these stages; empty means all.
    pub stages: Vec<Stage>,
    /// Only these depths; empty means all.
    pub depths: Vec<Depth>,
    /// Only controls that match one of these; empty means all.
    pub only: Vec<Glob>,
    /// No control that matches one of these.
    pub skip: Vec<Glob>,
    /// Only findings at least this bad.
    pub severity: Option<Severity>,
    /// Today, `YYYY-MM-DD`: waivers expire by it.
    pub today: String,
}

impl Options {
    /// Whether a control is to be judged.
    #[must_use]
    pub fn wants(&self, id: &str, stage: Stage) -> bool {
        (self.stages.is_empty() || self.stages.contains(&stage))
            && (self.only.is_empty() || self.only.iter().any(|glob| glob.matches(id)))
            && !self.skip.iter().any(|glob| glob.matches(id))
    }
}

/// A pattern in which `*` stands for any characters: `hdfs/*`, `*/transport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(pub String);

impl Glob {
    /// Whether the whole text matches. O(pattern * text).
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else {
            return false;
        };
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else {
            return rest.is_empty();
        };
        for part in middle {
            let Some(at) = rest.find(part) else {
                return false;
            };
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("hdfs/*", "hdfs/rpc-privacy", true),
            ("*/transport", "etcd/transport", true),
            ("*/transport", "s3/endpoint-transport", false),
            ("hdfs/rpc-privacy", "hdfs/rpc-privacy", true),
            ("hdfs/rpc", "hdfs/rpc-privacy", false),
            ("*", "anything", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxc", false),
        ] {
            assert_eq!(
                Glob(pattern.into()).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }
}
