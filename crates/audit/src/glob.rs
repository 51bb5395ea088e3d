//! Patterns for control ids, paths and names: `*` stands for any characters, `/` included; everything else for itself.

/// A pattern such as `hdfs/*` or `*/transport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    pattern: Box<str>,
}

impl Glob {
    /// A pattern. Every text is one.
    pub fn new(pattern: impl Into<Box<str>>) -> Self {
        Glob {
            pattern: pattern.into(),
        }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole of `text` matches. O(pattern × text) at worst, without recursion.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (pattern, text) = (self.pattern.as_bytes(), text.as_bytes());
        let (mut p, mut t) = (0, 0);
        // Where to go on after the last star: behind it in the pattern, and how far it has stretched in the text.
        let mut retry: Option<(usize, usize)> = None;
        while let Some(byte) = text.get(t) {
            match pattern.get(p) {
                Some(b'*') => {
                    retry = Some((p + 1, t));
                    p += 1;
                }
                Some(wanted) if wanted == byte => {
                    p += 1;
                    t += 1;
                }
                _ => match retry {
                    Some((behind, stretched)) => {
                        retry = Some((behind, stretched + 1));
                        (p, t) = (behind, stretched + 1);
                    }
                    None => return false,
                },
            }
        }
        pattern
            .get(p..)
            .is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
    }

    /// Whether a path or a directory above it matches: `conf/nn1` covers `conf/nn1/core-site.xml`.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        self.matches(path)
            || path
                .match_indices('/')
                .filter_map(|(at, _)| path.get(..at))
                .any(|directory| self.matches(directory))
    }

    /// Whether a control or one of its causes is meant: `hdfs/*`, `hdfs/rpc-privacy`, `hdfs/rpc-privacy#weaker-qop-accepted`.
    #[must_use]
    pub fn names(&self, control: &str, cause: &str) -> bool {
        match self.pattern.split_once('#') {
            None => self.matches(control),
            Some((id, slug)) => Glob::new(id).matches(control) && Glob::new(slug).matches(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn stars_stretch_and_everything_else_is_literal() {
        for (pattern, text, expected) in [
            ("hdfs/*", "hdfs/rpc-privacy", true),
            ("hdfs/*", "yarn/web-access", false),
            ("*/transport", "ceph/transport", true),
            ("*/transport", "ceph/transport-x", false),
            ("*", "", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("hdfs", "hdfs/rpc", false),
            ("*.xml", "conf/hdfs-site.xml", true),
            ("é*", "épée", true),
            ("a?c", "abc", false),
        ] {
            assert_eq!(
                Glob::new(pattern).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn a_directory_covers_what_is_beneath_it() {
        assert!(Glob::new("conf/nn1").covers("conf/nn1/core-site.xml"));
        assert!(!Glob::new("conf/nn1").covers("conf/nn10/core-site.xml"));
    }

    #[test]
    fn a_cause_may_be_named() {
        let glob = Glob::new("hdfs/*#simple");
        assert!(glob.names("hdfs/authentication", "simple"));
        assert!(!glob.names("hdfs/authentication", "mixed"));
        assert!(Glob::new("hdfs/authentication").names("hdfs/authentication", "mixed"));
    }

    #[test]
    fn many_stars_do_not_explode() {
        let text = "a".repeat(20_000);
        assert!(!Glob::new("*a*a*a*a*b").matches(&text));
    }
}
