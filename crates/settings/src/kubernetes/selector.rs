//! Label selectors.

use std::collections::BTreeMap;
use text::Node;

/// Labels as a selector sees them.
pub(super) trait Labels {
    /// The value of a label.
    fn label(&self, key: &str) -> Option<&str>;
}

impl Labels for BTreeMap<&str, &str> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key).copied()
    }
}

/// Whether a LabelSelector (`matchLabels` and `matchExpressions`, all of which must hold) selects labels. An empty selector
/// selects everything; one that the API server would refuse selects nothing.
pub(super) fn selects(selector: &Node, labels: &impl Labels) -> bool {
    let exact = selector
        .get("matchLabels")
        .is_none_or(|map| selects_map(map, labels));
    let expressions = selector
        .get("matchExpressions")
        .map_or(&[][..], Node::items);
    exact && expressions.iter().all(|term| holds(term, labels))
}

/// Whether every label of a map is there with its value, as a Service's `selector` asks.
pub(super) fn selects_map(map: &Node, labels: &impl Labels) -> bool {
    map.entries().iter().all(|entry| {
        entry.key.text().is_some_and(|key| {
            let wanted = entry.value.text().unwrap_or_default();
            labels.label(key) == Some(wanted)
        })
    })
}

fn holds(term: &Node, labels: &impl Labels) -> bool {
    let Some(value) = term
        .get("key")
        .and_then(Node::str)
        .map(|key| labels.label(key))
    else {
        return false;
    };
    let listed = |value: &str| {
        let values = term.get("values").map_or(&[][..], Node::items);
        values.iter().any(|item| item.text() == Some(value))
    };
    match term.get("operator").and_then(Node::str) {
        Some("In") => value.is_some_and(listed),
        Some("NotIn") => !value.is_some_and(listed),
        Some("Exists") => value.is_some(),
        Some("DoesNotExist") => value.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{selects, selects_map};
    use std::collections::BTreeMap;
    use text::yaml;

    #[test]
    fn all_terms_must_hold() {
        let labels = BTreeMap::from([("app", "spark"), ("role", "driver")]);
        for (selector, expected) in [
            ("{}", true),
            ("{matchLabels: {app: spark}}", true),
            ("{matchLabels: {app: spark, role: executor}}", false),
            (
                "{matchExpressions: [{key: role, operator: In, values: [driver, executor]}]}",
                true,
            ),
            (
                "{matchExpressions: [{key: role, operator: NotIn, values: [driver]}]}",
                false,
            ),
            (
                "{matchExpressions: [{key: tier, operator: NotIn, values: [x]}]}",
                true,
            ),
            ("{matchExpressions: [{key: tier, operator: Exists}]}", false),
            (
                "{matchExpressions: [{key: tier, operator: DoesNotExist}]}",
                true,
            ),
            (
                "{matchLabels: {app: spark}, matchExpressions: [{key: app, operator: Exists}]}",
                true,
            ),
            (
                "{matchExpressions: [{key: app, operator: Gt, values: ['1']}]}",
                false,
            ),
            ("{matchExpressions: [{operator: Exists}]}", false),
        ] {
            let root = &yaml::parse(selector).documents[0].root;
            assert_eq!(selects(root, &labels), expected, "{selector}");
        }
        let map = &yaml::parse("{app: spark}").documents[0].root;
        assert!(selects_map(map, &labels));
        assert!(!selects_map(map, &BTreeMap::from([("app", "hdfs")])));
    }
}
