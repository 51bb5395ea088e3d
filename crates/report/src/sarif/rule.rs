//! Causes of controls as SARIF rules.

use super::log::{Configuration, Help, Rule, RuleProperties, Text};
use audit::Finding;
use model::{Cause, Control, Severity};
use std::collections::HashMap;

/// The rules of a log, and where each is.
#[derive(Debug)]
pub(crate) struct Rules {
    /// In the order of the log.
    pub(crate) all: Vec<Rule>,
    by_id: HashMap<String, usize>,
}

impl Rules {
    /// A rule for every cause of every control.
    pub(crate) fn of(controls: &[Control]) -> Self {
        let mut rules = Rules {
            all: Vec::new(),
            by_id: HashMap::new(),
        };
        for control in controls {
            for cause in control.meta.causes {
                rules.add(rule(control, cause));
            }
        }
        rules
    }

    /// The index of a finding's rule. A control that is not registered gets a rule from the finding itself.
    pub(crate) fn index(&mut self, finding: &Finding) -> usize {
        let id = id(finding.control, finding.cause);
        match self.by_id.get(&id) {
            Some(index) => *index,
            None => self.add(Rule {
                name: name(&id),
                id,
                short_description: sentence(finding.title),
                full_description: sentence(finding.title),
                help: None,
                default_configuration: Configuration {
                    level: level(finding.severity),
                },
                properties: RuleProperties {
                    tags: vec!["security", finding.stage.as_str()],
                    security_severity: security_severity(finding.severity),
                },
            }),
        }
    }

    fn add(&mut self, rule: Rule) -> usize {
        let index = self.all.len();
        self.by_id.insert(rule.id.clone(), index);
        self.all.push(rule);
        index
    }
}

fn rule(control: &Control, cause: &Cause) -> Rule {
    let meta = control.meta;
    let id = id(control.id, cause.slug);
    let fix = format!("Fix ({}): {}.", meta.safety.as_str(), cause.remedy);
    Rule {
        name: name(&id),
        id,
        short_description: sentence(cause.title),
        full_description: Text {
            text: format!("{}: {}. {}", meta.title, cause.title, meta.question),
        },
        help: Some(Help {
            text: format!("{fix}\n\n{}", control.documentation.trim()),
            markdown: format!("**{fix}**\n\n{}", control.documentation.trim()),
        }),
        default_configuration: Configuration {
            level: level(cause.severity),
        },
        properties: RuleProperties {
            tags: vec!["security", meta.stage.as_str()],
            security_severity: security_severity(cause.severity),
        },
    }
}

/// `control#cause`.
pub(crate) fn id(control: &str, cause: &str) -> String {
    format!("{control}#{cause}")
}

/// The identifier in the style SARIF asks for (section 3.49.7): `hdfs/rpc-privacy#no-sasl-layer` is `HdfsRpcPrivacyNoSaslLayer`.
fn name(id: &str) -> String {
    id.split(['/', '-', '#'])
        .flat_map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
        })
        .collect()
}

fn sentence(title: &str) -> Text {
    Text {
        text: format!("{title}."),
    }
}

/// SARIF's level of a severity.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// GitHub's number for a severity: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}
