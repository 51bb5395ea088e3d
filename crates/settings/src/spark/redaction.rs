//! `spark.redaction.regex`: does an expression find a key or value?
//!
//! The part of `java.util.regex` that people use for it: words, alternatives, groups, classes, `? * + {n,m}`, anchors, `(?i)`.
//! Anything else is said to be beyond us, never guessed.

mod parse;
mod run;

use run::Run;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression {
    alternatives: Vec<Sequence>,
    ignores_case: bool,
}

type Sequence = Vec<(Atom, usize, usize)>;

#[derive(Clone, Debug)]
enum Atom {
    One(Matcher),
    Group(Vec<Sequence>),
    Start,
    End,
    WordBoundary,
}

#[derive(Clone, Debug)]
enum Matcher {
    Any,
    Exactly(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// Groups inside groups: more than any such expression has.
const DEPTH: usize = 16;

impl Expression {
    /// Compiles an expression; `None` if it is beyond what is understood here. O(length).
    #[must_use]
    pub fn compile(text: &str) -> Option<Expression> {
        let (ignores_case, body) = match text.strip_prefix("(?i)") {
            Some(body) => (true, body),
            None => (false, text),
        };
        let alternatives = parse::alternatives(body)?;
        Some(Expression {
            alternatives,
            ignores_case,
        })
    }

    /// Whether it finds something in a text (`Matcher.find`); `None` if that takes too long to tell.
    #[must_use]
    pub fn finds(&self, text: &str) -> Option<bool> {
        let fold = |c: char| {
            if self.ignores_case {
                c.to_ascii_lowercase()
            } else {
                c
            }
        };
        let chars: Vec<char> = text.chars().map(fold).collect();
        let mut run = Run::over(&chars, self.ignores_case);
        for start in 0..=chars.len() {
            let found = self
                .alternatives
                .iter()
                .any(|sequence| run.sequence(sequence, start, &mut |_, _| true));
            if found {
                return Some(true);
            }
            if run.is_given_up() {
                return None;
            }
        }
        Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(expression: &str, text: &str) -> bool {
        Expression::compile(expression)
            .unwrap()
            .finds(text)
            .unwrap()
    }

    #[test]
    fn the_defaults_find_what_spark_redacts() {
        let default = "(?i)secret|password|token|access[.]?key|credential";
        for key in [
            "spark.ssl.keyStorePassword",
            "spark.hadoop.fs.s3a.access.key",
            "spark.accesskey",
            "a.CREDENTIAL",
        ] {
            assert!(finds(default, key), "{key}");
        }
        for key in [
            "spark.hadoop.fs.s3a.encryption.key",
            "spark.my.api.key",
            "spark.executorEnv.DB_PWD",
        ] {
            assert!(!finds(default, key), "{key}");
        }
        assert!(!finds(
            "(?i)secret|password|token|access[.]key",
            "spark.accesskey"
        ));
    }

    #[test]
    fn the_usual_syntax_is_understood() {
        assert!(finds("^spark\\.(my|our)\\..*key$", "spark.our.api.key"));
        assert!(!finds("^spark\\.(my|our)\\..*key$", "spark.their.key"));
        assert!(finds("pass(phrase|wd)?", "x.pass"));
        assert!(finds("(ab)+c", "xababc") && !finds("(ab)+c", "xac"));
        assert!(finds("a{2,3}b", "aaab") && !finds("^a{2}b", "ab"));
        assert!(
            finds("[^.]+-key", "x.my-key")
                && finds("\\bkey\\b", "a.key.b")
                && !finds("\\bkey\\b", "keys")
        );
        assert!(finds("", "anything"));
    }

    #[test]
    fn the_rest_is_beyond_us_and_ends() {
        for expression in ["(?!x)y", "a**", "(", "[a", "\\pL", "a{9999}", "(?<n>x)"] {
            assert!(Expression::compile(expression).is_none(), "{expression}");
        }
        let nested = Expression::compile("(a*)*(a*)*(a*)*b").unwrap();
        let _ = nested.finds(&"a".repeat(200));
    }
}
