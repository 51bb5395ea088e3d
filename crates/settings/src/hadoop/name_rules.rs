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
        /// What is replaced, if something is.
        replace: Option<Replacement>,
        /// `/L`: the name is lowered.
        lower: bool,
    },
}

/// `s/from/to/g`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The pattern.
    pub from: String,
    /// What stands in its place.
    pub to: String,
    /// `g`: every match, not only the first.
    pub all: bool,
}

impl Rule {
    /// The realm that the pattern names, if it ends in one (`.*@OTHER`).
    #[must_use]
    pub fn realm(&self) -> Option<String> {
        let Rule::Transform {
            pattern, format, ..
        } = self
        else {
            return None;
        };
        if !format.contains("$0") {
            return None;
        }
        let realm = pattern.rsplit_once('@')?.1.trim_end_matches('$');
        let is_name = !realm.is_empty()
            && realm
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'\\'));
        is_name.then(|| realm.replace('\\', ""))
    }
}

/// What the rules make of a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// This user.
    User(String),
    /// No rule takes it: the caller is refused.
    Refused,
    /// A pattern cannot be evaluated here.
    Unknown,
}

/// The user name that a principal becomes; `None` if no rule takes it, or a pattern cannot be evaluated here.
#[must_use]
pub fn short_name(rules: &[Rule], principal: &str, default_realm: &str) -> Option<String> {
    match map(rules, principal, default_realm) {
        Mapping::User(name) => Some(name),
        Mapping::Refused | Mapping::Unknown => None,
    }
}

/// Applies the rules to a principal: the first that takes it counts.
///
/// `service/host@REALM` has two components, `user@REALM` one. The pattern must match the whole formatted text. A name that
/// still holds `@` or `/` is refused, as the mechanism `hadoop` does.
#[must_use]
pub fn map(rules: &[Rule], principal: &str, default_realm: &str) -> Mapping {
    let (name, realm) = principal
        .split_once('@')
        .unwrap_or((principal, default_realm));
    let components: Vec<&str> = name.split('/').collect();
    for rule in rules {
        match rule {
            Rule::Default if realm == default_realm => {
                return components
                    .first()
                    .map_or(Mapping::Refused, |first| Mapping::User((*first).to_owned()));
            }
            Rule::Default => {}
            Rule::Transform {
                components: wanted,
                format,
                pattern,
                replace,
                lower,
            } => {
                if usize::from(*wanted) != components.len() {
                    continue;
                }
                let mut text = format.replace("$0", realm);
                for (index, component) in components.iter().enumerate() {
                    text = text.replace(&format!("${}", index + 1), component);
                }
                match compiled(&format!("^(?:{pattern})$")) {
                    _ if pattern.is_empty() => {}
                    Some(pattern) if pattern.is_match(&text) => {}
                    Some(_) => continue,
                    None => return Mapping::Unknown,
                }
                return replaced(text, replace.as_ref(), *lower);
            }
        }
    }
    Mapping::Refused
}

fn replaced(mut text: String, replace: Option<&Replacement>, lower: bool) -> Mapping {
    if let Some(replace) = replace {
        let Some(from) = compiled(&replace.from) else {
            return Mapping::Unknown;
        };
        let to = regex::NoExpand(&replace.to);
        text = if replace.all {
            from.replace_all(&text, to).into_owned()
        } else {
            from.replace(&text, to).into_owned()
        };
    }
    if lower {
        text = text.to_lowercase();
    }
    if text.is_empty() || text.contains(['@', '/']) {
        Mapping::Refused
    } else {
        Mapping::User(text)
    }
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

/// `KerberosName`'s own grammar: the pattern ends at the first closing bracket, so it can hold none.
fn rule(word: &str) -> Option<Rule> {
    let (word, lower) = match word.strip_suffix("/L") {
        Some(rest) => (rest, true),
        None => (word, false),
    };
    if word == "DEFAULT" {
        return Some(Rule::Default);
    }
    let rest = word.strip_prefix("RULE:[")?;
    let (components, rest) = rest.split_once(':')?;
    let (format, rest) = rest.split_once(']')?;
    let (pattern, rest) = match rest.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?,
        None => ("", rest),
    };
    let (replace, rest) = match rest.strip_prefix("s/") {
        Some(rest) => {
            let (from, rest) = rest.split_once('/')?;
            let (to, rest) = rest.split_once('/')?;
            let all = rest.starts_with('g');
            let replace = Replacement {
                from: from.to_owned(),
                to: to.to_owned(),
                all,
            };
            (Some(replace), rest.strip_prefix('g').unwrap_or(rest))
        }
        None => (None, rest),
    };
    matches!(rest, "" | "/").then_some(Rule::Transform {
        components: components.parse().ok()?,
        format: format.to_owned(),
        pattern: pattern.to_owned(),
        replace,
        lower,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_realms() {
        let (rules, unread) = parse(
            "RULE:[1:$1](.*)s/.*/hdfs/ RULE:[2:$1@$0](nn@EXAMPLE\\.COM)s/.*/hdfs/\n RULE:[1:$1@$0](.*@OTHER)s/@.*// DEFAULT nonsense",
        );
        assert_eq!((rules.len(), unread), (4, 1));
        let realms: Vec<_> = rules.iter().map(Rule::realm).collect();
        assert_eq!(
            realms,
            [None, Some("EXAMPLE.COM".into()), Some("OTHER".into()), None]
        );
    }

    #[test]
    fn a_pattern_holds_no_closing_bracket() {
        let (rules, unread) = parse("RULE:[2:$1@$0]((nn|dn)@EXAMPLE.COM)s/.*/hdfs/ DEFAULT");
        assert_eq!((rules.len(), unread), (1, 1));
    }

    #[test]
    fn principals_become_short_names() {
        let (rules, _) = parse(
            "RULE:[2:$1@$0](nn@EXAMPLE\\.COM)s/.*/hdfs/ RULE:[1:$1@$0](.*@PARTNER)s/@.*/_of_partner/ RULE:[1:$1@$0](.*@LOUD)s/[.@].*//g/L DEFAULT",
        );
        let name = |principal| short_name(&rules, principal, "EXAMPLE.COM");
        assert_eq!(name("nn/nn1.example@EXAMPLE.COM").as_deref(), Some("hdfs"));
        assert_eq!(name("alice@EXAMPLE.COM").as_deref(), Some("alice"));
        assert_eq!(name("bob@PARTNER").as_deref(), Some("bob_of_partner"));
        assert_eq!(name("CAROL@LOUD").as_deref(), Some("carol"));
        assert_eq!(name("eve@THIRD"), None);
        let (kept, _) = parse("RULE:[1:$1@$0](.*@THIRD)");
        assert_eq!(map(&kept, "eve@THIRD", "EXAMPLE.COM"), Mapping::Refused);
        let (ahead, _) = parse("RULE:[1:$1@$0](?=x.*)s/@.*//");
        assert_eq!(map(&ahead, "x@THIRD", "EXAMPLE.COM"), Mapping::Unknown);
    }
}
