//! SARIF 2.1.0, for code scanning: one rule per cause of a control, one result per finding.
//!
//! Accepted findings are results with a suppression. Snippets are left out: the consumer has the files, and what is not copied
//! cannot leak.

mod log;
mod result;
mod rule;

use crate::evidence::Evidence;
use crate::json;
use audit::Outcome;
use log::{Driver, Invocation, Log, Run, Tool};
use rule::Rules;

/// Renders an outcome as a SARIF log. `root` stands before every path: code scanning looks for files from the repository's
/// root on, and the paths of an outcome start at the input.
#[must_use]
pub fn render(outcome: &Outcome, root: &str) -> String {
    let evidence = Evidence::rooted(outcome, root);
    let mut rules = Rules::of(controls::CONTROLS);
    let results = result::results(&evidence, &mut rules);
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "wardline",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules.all,
                },
            },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: result::unreadable(&evidence),
            }],
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    json::pretty(&log) + "\n"
}
