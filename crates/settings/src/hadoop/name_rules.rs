//! `hadoop.security.auth_to_local`: principals to user names.
//!
//! Source: `KerberosName` (3.4.1); the corners (foreign realms, whole-string matching, `mit` mode) were run on 3.4.1.

/// A rule that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `DEFAULT`: the first component of principals of the default realm.
    Default,
    /// `RULE:[n:format](match)s/from/to/g/L`.
    Transform {
        /// How many components the principal has.
        components: u8,
        /// The format: `$1@$0`, where `$0` is the realm.
        format: String,
        /// The pattern that the whole formatted text must match; empty matches all.
        pattern: String,
        /// What is replaced, by what.
        replace: Option<(String, String)>,
    },
}

impl Rule {
    /// Whether principals of every realm can match: the format drops the realm, or the pattern accepts any.
    #[must_use]
    pub fn accepts_any_realm(&self) -> bool {
        match self {
            Rule::Default => false,
            Rule::Transform {
                format, pattern, ..
            } => {
                // The pattern must match the whole text: what stands after its last @ is what it asks of the realm.
                let asked = pattern
                    .rsplit_once('@')
                    .map_or(pattern.as_str(), |(_, realm)| realm);
                let asked = asked
                    .trim_start_matches(['(', '^'])
                    .trim_end_matches([')', '$']);
                !format.contains("$0") || matches!(asked, "" | ".*" | ".+")
            }
        }
    }

    /// The one name that every match becomes, if it is one.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match self {
            Rule::Transform {
                replace: Some((from, to)),
                ..
            } if matches!(from.as_str(), ".*" | "^.*$" | ".+" | "^.*") => Some(to),
            _ => None,
        }
    }

    /// The realm that the pattern names, if it ends in one (`.*@OTHER`).
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        let Rule::Transform {
            pattern, format, ..
        } = self
        else {
            return None;
        };
        if !format.contains("$0") {
            return None;
        }
        let realm = pattern.rsplit_once('@')?.1.trim_end_matches(['$', ')']);
        let is_name = !realm.is_empty()
            && realm
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'\\'));
        is_name.then_some(realm)
    }

    /// Whether the pattern matches one literal principal only, which maps exactly that one.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self, Rule::Transform { pattern, .. } if !pattern.is_empty() && !pattern.contains(['*', '+', '?', '[', '|', '(']))
    }
}

/// The user name that a principal becomes; `None` if no rule takes it, or a pattern cannot be evaluated here.
///
/// `service/host@REALM` has two components, `user@REALM` one. The pattern must match the whole formatted text.
#[must_use]
pub fn short_name(rules: &[Rule], principal: &str, default_realm: &str) -> Option<String> {
    let (name, realm) = principal
        .split_once('@')
        .unwrap_or((principal, default_realm));
    let components: Vec<&str> = name.split('/').collect();
    for rule in rules {
        match rule {
            Rule::Default if realm == default_realm => {
                return components.first().map(|first| (*first).to_owned());
            }
            Rule::Default => {}
            Rule::Transform {
                components: wanted,
                format,
                pattern,
                replace,
            } => {
                if usize::from(*wanted) != components.len() {
                    continue;
                }
                let mut text = format.replace("$0", realm);
                for (index, component) in components.iter().enumerate() {
                    text = text.replace(&format!("${}", index + 1), component);
                }
                if !pattern.is_empty() && !compiled(&format!("^(?:{pattern})$"))?.is_match(&text) {
                    continue;
                }
                return Some(match replace {
                    Some((from, to)) => compiled(from)?
                        .replace(&text, regex::NoExpand(to))
                        .into_owned(),
                    None => text,
                });
            }
        }
    }
    None
}

/// Patterns come from files: their compiled size is bounded, and matching is linear.
fn compiled(pattern: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(pattern)
        .size_limit(1 << 18)
        .build()
        .ok()
}

/// Parses a list of rules, separated by blanks or lines. Texts that are no rules are skipped and counted.
#[must_use]
pub fn parse(text: &str) -> (Vec<Rule>, usize) {
    let mut rules = Vec::new();
    let mut unread = 0;
    for word in text.split_whitespace() {
        match rule(word) {
            Some(rule) => rules.push(rule),
            None => unread += 1,
        }
    }
    (rules, unread)
}

fn rule(word: &str) -> Option<Rule> {
    if word == "DEFAULT" {
        return Some(Rule::Default);
    }
    let rest = word.strip_prefix("RULE:[")?;
    let (components, rest) = rest.split_once(':')?;
    let (format, rest) = rest.split_once(']')?;
    let (pattern, rest) = match rest.strip_prefix('(') {
        Some(rest) => balanced(rest)?,
        None => ("", rest),
    };
    let replace = rest.strip_prefix("s/").and_then(|rest| {
        let (from, rest) = rest.split_once('/')?;
        let (to, _) = rest.split_once('/')?;
        Some((from.to_owned(), to.to_owned()))
    });
    Some(Rule::Transform {
        components: components.parse().ok()?,
        format: format.to_owned(),
        pattern: pattern.to_owned(),
        replace,
    })
}

/// The text up to the bracket that closes the one just read, and what follows it.
fn balanced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms_and_constants() {
        let (rules, unread) = parse(
            "RULE:[1:$1](.*)s/.*/hdfs/ RULE:[2:$1@$0](nn@EXAMPLE.COM)s/.*/hdfs/\n RULE:[1:$1@$0](.*@OTHER)s/@.*// DEFAULT nonsense",
        );
        assert_eq!((rules.len(), unread), (4, 1));
        assert!(rules[0].accepts_any_realm());
        assert_eq!(rules[0].constant(), Some("hdfs"));
        assert!(!rules[1].accepts_any_realm() && rules[1].is_literal());
        assert_eq!(rules[2].realm(), Some("OTHER"));
        assert!(!rules[2].accepts_any_realm());
        assert!(!rules[3].accepts_any_realm());
    }

    #[test]
    fn principals_become_short_names() {
        let (rules, _) = parse(
            "RULE:[2:$1@$0](nn@EXAMPLE\\.COM)s/.*/hdfs/ RULE:[1:$1@$0](.*@PARTNER)s/@.*// DEFAULT",
        );
        let name = |principal| short_name(&rules, principal, "EXAMPLE.COM");
        assert_eq!(name("nn/nn1.example@EXAMPLE.COM").as_deref(), Some("hdfs"));
        assert_eq!(name("alice@EXAMPLE.COM").as_deref(), Some("alice"));
        assert_eq!(name("bob@PARTNER").as_deref(), Some("bob"));
        assert_eq!(name("eve@THIRD"), None);
    }
}
