//! The report for people: the answer first, then the worst findings with their evidence, then what is known and how deep,
//! then what was not examined, then what to do next.
//!
//! ```text
//! 6 files: 1 Hadoop configuration file, 31 Kubernetes objects; 3 not examined (1 unreadable)
//!
//! No: data is exposed in transit (1 high) and at rest (1 critical); no control found anything to judge
//! in use; 1 input could not be read.
//!
//! critical[k8s/secrets-encryption#identity-first]: new Secrets are stored in plaintext
//!   --> k8s/enc.yaml:6:9
//!    |
//!  6 |       - identity: {}
//!    |         ^^^^^^^^^^^^ writes: the first provider encrypts nothing
//! ...
//! 10 |               secret: •••
//!    |                       --- only reads
//!    |
//!   ::: hadoop/core-site.xml:6:61
//!    |
//!  6 | …rty><name>ssl.server.keystore.password</name><value>•••</value></property>
//!    |                                                      --- the same key once more
//!    |
//!    = why: identity is the first provider, so the API server writes every new Secret to etcd as it
//!           is; the providers after it only read
//!    = fix (disruptive): put aescbc or kms first, then rewrite all Secrets
//!    = subject: Cluster prod
//!    = also: 4 more subjects: Cluster dr, Cluster lab, Cluster stage, …
//!    = consequences: etcd/stored-values#plaintext
//!
//! high[hdfs/rpc-privacy#weaker-qop-accepted]: the server also accepts a QOP weaker than privacy
//!  --> hadoop/core-site.xml:4:12
//!   |
//! 4 |     <value>authentication,privacy</value>
//!   |            ^^^^^^^^^^^^^^^^^^^^^^ hadoop.rpc.protection: order is only preference: the weakest word counts
//!   |
//!   = note: ha.zookeeper.acl is not set in hadoop/core-site.xml: the default of Hadoop 3.3.6 is
//!           world:anyone:rwcda; anybody may steer failover
//!   = fix (disruptive): reduce hadoop.rpc.protection to privacy on servers, once every client
//!                       offers it
//!   = subject: HDFS prod
//!
//! estate:
//!   HDFS prod <- SparkApplication etl  (Hadoop RPC; tied by fs.defaultFS)
//!
//! verdicts    declared        loaded          observed        recorded
//! in transit  exposed 1       not asked       not asked       not asked
//!             protected 1
//! at rest     exposed 1       not asked       not asked       not asked
//!             unproven 1
//! in use      nothing judged  not asked       not asked       not asked
//!
//! not examined:
//!   k8s/broken.yaml:1:7: a mapping is not closed
//!   2 files: not a configuration file (README.md, logo.png)
//!
//! next:
//!   wardline explain k8s/secrets-encryption#identity-first
//!   Not asked so far: what the running services have loaded, what the wire shows and what logs and
//!   metadata record; 1 protected verdict would be confirmed or refuted.
//! ```

mod estate;
pub(crate) mod evident;
pub(crate) mod excerpt;
pub(crate) mod finding;
mod sections;

use crate::answer::Summary;
use crate::evidence::Evidence;
use crate::likeness::{Alike, alike, each};
use crate::phrase::{counted, wrapped};
use anstyle::{AnsiColor, Effects};
use audit::Outcome;
use model::{Severity, Verdict};

/// How many causes are shown in full, each with its first finding, unless every finding is asked for.
const IN_FULL: usize = 10;

/// How a text report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style<'c> {
    /// Whether ANSI colours are written.
    pub color: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// Whether every finding is shown in full, not only the worst.
    pub all: bool,
    /// The command that asked for the report, to be repeated with `--all`: `wardline check deploy`.
    pub command: &'c str,
}

/// Renders an outcome for people.
///
/// Secrets are masked, and control characters in names and values are escaped.
#[must_use]
pub fn render(outcome: &Outcome, style: &Style<'_>) -> String {
    let evidence = Evidence::of(outcome);
    let summary = Summary::of(outcome);
    let sections = [
        sections::scanned(outcome, style),
        answer(&summary, &evidence, style),
        findings(&evidence, style),
        estate::render(outcome, style),
        sections::grid(outcome, style),
        sections::waived(&evidence, style),
        sections::not_examined(&evidence, style),
        sections::notes(&evidence, style),
        sections::next(&evidence, style),
    ];
    let mut report = sections
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    report.push('\n');
    report
}

fn answer(summary: &Summary<'_>, evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let sentence = wrapped(&summary.sentence(evidence), style.width.max(40)).join("\n");
    let (word, rest) = sentence.split_once(':').unwrap_or((&sentence, ""));
    let colour = match summary.answer() {
        crate::answer::Answer::Yes => AnsiColor::Green,
        crate::answer::Answer::No => AnsiColor::Red,
        crate::answer::Answer::Unproven => AnsiColor::Yellow,
    };
    format!("{}:{rest}", style.painted(word, colour))
}

/// Whether each finding is shown in full without being asked for.
fn shows_everything(outcome: &Outcome) -> bool {
    let groups = alike(&outcome.findings);
    groups.len() <= IN_FULL && groups.iter().all(|group| group.others.is_empty())
}

fn findings(evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let all = &evidence.outcome.findings;
    let groups = if style.all { each(all) } else { alike(all) };
    let in_full = if style.all { groups.len() } else { IN_FULL };
    let (worst, rest) = groups.split_at(in_full.min(groups.len()));
    let mut parts: Vec<String> = worst
        .iter()
        .map(|group| finding::render(evidence, group, style))
        .collect();
    if !rest.is_empty() {
        let findings = rest.iter().map(Alike::count).sum();
        let heading = format!(
            "{}, in short (--all shows each in full):",
            counted(findings, "more finding")
        );
        let lines = rest
            .iter()
            .map(|group| sections::short(evidence, group, style));
        parts.push(
            std::iter::once(heading)
                .chain(lines)
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    parts.join("\n\n")
}

impl Style<'_> {
    fn painted(&self, text: &str, colour: AnsiColor) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = colour.on_default().effects(Effects::BOLD);
        format!("{style}{text}{style:#}")
    }

    fn heading(&self, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = anstyle::Style::new().bold();
        format!("{style}{text}{style:#}")
    }

    /// A severity, padded to the longest.
    fn severity(&self, severity: Severity) -> String {
        let colour = match severity {
            Severity::Critical | Severity::High => AnsiColor::Red,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::Blue,
        };
        self.painted(&format!("{severity:<8}"), colour)
    }

    /// A cell of the grid, padded to a column's width.
    fn cell(&self, verdict: Verdict, text: &str, width: usize) -> String {
        let padded = format!("{text:<width$}");
        match verdict {
            Verdict::Contradicted | Verdict::Exposed => self.painted(&padded, AnsiColor::Red),
            Verdict::Unproven => self.painted(&padded, AnsiColor::Yellow),
            Verdict::Protected => self.painted(&padded, AnsiColor::Green),
            Verdict::NotApplicable => padded,
        }
    }
}
