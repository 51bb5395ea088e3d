//! Access control lists in one string: `user1,user2 group1,group2`.
//!
//! Source: `AccessControlList.buildACL` (2.7.7, 3.4.1). Either half `*` alone makes everybody; a lone blank is nobody.

/// A parsed list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessList {
    /// Everybody.
    pub everybody: bool,
    /// User names.
    pub users: Vec<String>,
    /// Group names.
    pub groups: Vec<String>,
}

impl AccessList {
    /// Parses a list.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (users, groups) = text.split_once(' ').unwrap_or((text, ""));
        if users.trim() == "*" || groups.trim() == "*" {
            return AccessList {
                everybody: true,
                ..AccessList::default()
            };
        }
        let names = |list: &str| {
            list.split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        };
        AccessList {
            everybody: false,
            users: names(users),
            groups: names(groups),
        }
    }

    /// Whether it holds a user who is in `groups`.
    #[must_use]
    pub fn holds(&self, user: &str, groups: &[&str]) -> bool {
        self.everybody
            || self.users.iter().any(|name| name == user)
            || self
                .groups
                .iter()
                .any(|name| groups.contains(&name.as_str()))
    }

    /// Whether it holds nobody.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        !self.everybody && self.users.is_empty() && self.groups.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::AccessList;

    #[test]
    fn halves_and_stars() {
        assert!(
            AccessList::parse("*").everybody
                && AccessList::parse("* ops").everybody
                && AccessList::parse("a *").everybody
        );
        assert!(!AccessList::parse("*,alice").everybody);
        assert!(AccessList::parse(" ").is_nobody());
        let list = AccessList::parse("alice,bob readers");
        assert!(
            list.holds("bob", &[])
                && list.holds("carol", &["readers"])
                && !list.holds("carol", &[])
        );
        assert_eq!(AccessList::parse(" readers").groups, ["readers"]);
    }
}
