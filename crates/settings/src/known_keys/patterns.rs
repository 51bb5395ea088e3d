//! Hand-kept lists of key names and patterns.
//!
//! One entry a line; `#` starts a comment. In a pattern `*` stands for one segment (text without a dot, at least one
//! character) and `**` for one or more segments. Text after a tab belongs to the entry: runs as in a table.

/// A list, read once.
#[derive(Debug)]
pub(crate) struct Patterns {
    /// Names without a star and what follows them, sorted.
    exact: Vec<(&'static str, &'static str)>,
    /// Names with a star, in the list's order.
    wild: Vec<&'static str>,
}

impl Patterns {
    /// Reads a list.
    pub(crate) fn read(text: &'static str) -> Patterns {
        let entries = text
            .lines()
            .map(|line| {
                line.split_once('#')
                    .map_or(line, |(entry, _)| entry)
                    .trim_end()
            })
            .filter(|entry| !entry.is_empty())
            .map(|entry| entry.split_once('\t').unwrap_or((entry, "")));
        let (wild, mut exact): (Vec<_>, Vec<_>) = entries.partition(|(name, _)| name.contains('*'));
        exact.sort_unstable();
        Patterns {
            exact,
            wild: wild.into_iter().map(|(name, _)| name).collect(),
        }
    }

    /// What the list says of exactly this name.
    pub(crate) fn exact(&self, key: &str) -> Option<(&'static str, &'static str)> {
        let found = self
            .exact
            .binary_search_by_key(&key, |(name, _)| name)
            .ok()?;
        self.exact.get(found).copied()
    }

    /// Whether a name or a pattern of the list is the key.
    pub(crate) fn matches(&self, key: &str) -> bool {
        self.exact(key).is_some() || self.wild.iter().any(|pattern| is_match(pattern, key))
    }

    /// The names without a star, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.exact.iter().map(|(name, _)| *name)
    }

    /// The patterns with a star.
    #[cfg(test)]
    pub(crate) fn wild(&self) -> &[&'static str] {
        &self.wild
    }
}

/// Follows every place of the pattern that the key may have reached, so the time is bounded by the product of both lengths.
fn is_match(pattern: &str, key: &str) -> bool {
    let (pattern, key) = (pattern.as_bytes(), key.as_bytes());
    let literal = memchr::memchr(b'*', pattern).unwrap_or(pattern.len());
    if pattern.get(..literal) != key.get(..literal) {
        return false;
    }
    let mut reachable = vec![false; pattern.len() + 1];
    let mut next = reachable.clone();
    if let Some(start) = reachable.get_mut(literal) {
        *start = true;
    }
    for &byte in key.get(literal..).unwrap_or_default() {
        next.fill(false);
        step(pattern, byte, &reachable, &mut next);
        std::mem::swap(&mut reachable, &mut next);
    }
    reachable.last().copied().unwrap_or(false)
}

fn step(pattern: &[u8], byte: u8, from: &[bool], to: &mut [bool]) {
    let mut reach = |at: usize| {
        if let Some(place) = to.get_mut(at) {
            *place = true;
        }
    };
    for (at, _) in from.iter().enumerate().filter(|(_, held)| **held) {
        match pattern.get(at..).unwrap_or_default() {
            // A star that has taken a byte may take more of them, or be over.
            [b'*', b'*', ..] => {
                reach(at);
                reach(at + 2);
            }
            [b'*', ..] if byte != b'.' => {
                reach(at);
                reach(at + 1);
            }
            [literal, ..] if *literal == byte => reach(at + 1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_is_one_segment_and_two_are_several() {
        assert!(is_match("dfs.ha.namenodes.*", "dfs.ha.namenodes.meridian"));
        assert!(!is_match("dfs.ha.namenodes.*", "dfs.ha.namenodes.a.b"));
        assert!(!is_match("dfs.ha.namenodes.*", "dfs.ha.namenodes."));
        assert!(is_match(
            "hadoop.proxyuser.**.hosts",
            "hadoop.proxyuser.svc.etl.hosts"
        ));
        assert!(!is_match(
            "hadoop.proxyuser.**.hosts",
            "hadoop.proxyuser.hosts"
        ));
        assert!(is_match("fs.oss.**", "fs.oss.impl"));
        assert!(is_match(
            "dfs.*.rpc-address.**",
            "dfs.namenode.rpc-address.ns.nn1"
        ));
        assert!(!is_match("dfs.ha.namenodes.*", "dfs.ha"));
        assert!(is_match("**", "é"));
    }

    #[test]
    fn comments_and_runs_are_told_from_names() {
        let list = Patterns::read("# why\nb.c\t3.3.4-=1  # source\n\na.*\na.b # x\n");
        assert_eq!(list.exact("b.c"), Some(("b.c", "3.3.4-=1")));
        assert_eq!(list.exact("a.b"), Some(("a.b", "")));
        assert!(list.matches("a.zzz") && !list.matches("b.zzz"));
        assert_eq!(list.names().collect::<Vec<_>>(), ["a.b", "b.c"]);
        assert_eq!(list.wild(), ["a.*"]);
    }

    #[test]
    fn hostile_keys_cost_little() {
        let key = "a.".repeat(100_000);
        assert!(!is_match("**.**.**.**.z", &key));
    }
}
