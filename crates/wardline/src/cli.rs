//! The flags. Help, manual page and completions all come from here.

mod attest;

pub(crate) use attest::{AttestCommand, AttestFormat, AttestInitArgs, CollectArgs, VerifyArgs};

use audit::Threshold;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{Depth, Severity, Stage};
use std::path::PathBuf;

/// Judges whether the data of Hadoop, Spark and Kubernetes deployments is protected in transit, at rest and in use.
#[derive(Debug, Parser)]
#[command(
    name = "wardline",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Without a command, wardline checks: `wardline` is `wardline check .`, `wardline conf/` is `wardline check conf/`.\n\n\
                  Exit status: 0 fine; 1 findings at or above --fail-on; 2 wrong usage or configuration; 3 nothing recognised; \
                  4 incomplete (unreadable input, or less proven than --min-coverage)."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judges files: configuration, manifests, scripts. Reads only; never connects to anything.
    Check(Box<CheckArgs>),
    /// Verifies evidence of trusted hardware (SGX, TDX, SEV-SNP, NVIDIA), offline and step by step.
    #[command(subcommand)]
    Attest(AttestCommand),
    /// Explains a control, one of its causes, or an error message of a product.
    Explain(ExplainArgs),
    /// Lists every control with its stage and causes.
    Controls(ControlsArgs),
    /// Writes a commented .wardline.toml.
    Init(InitArgs),
    /// Prints completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page.
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files and directories; `-` is standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The form of the report.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Writes the report to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Fails from this severity on [default: high].
    #[arg(long, value_name = "SEVERITY", value_parser = threshold())]
    pub(crate) fail_on: Option<Threshold>,
    /// Fails where less than this percentage of the protections in question is proven, either way.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_coverage: Option<u8>,
    /// Judges only controls of this stage; may be repeated.
    #[arg(long, value_delimiter = ',', value_parser = stage())]
    pub(crate) stage: Vec<Stage>,
    /// Judges only facts of this depth; may be repeated.
    #[arg(long, value_delimiter = ',', value_parser = depth())]
    pub(crate) depth: Vec<Depth>,
    /// Judges only controls that match, such as 'hdfs/*'; may be repeated.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Does not judge controls that match; may be repeated.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// Reports only findings of this severity or worse.
    #[arg(long, value_parser = severity())]
    pub(crate) severity: Option<Severity>,
    /// Evidence of trusted hardware that the tree's workloads presented; a file, a fleet or a directory; may be repeated.
    #[arg(long, value_name = "FILE-OR-DIR")]
    pub(crate) evidence: Vec<PathBuf>,
    /// What the appraisal of evidence leans on, as in `attest verify`; may be repeated.
    #[arg(long, value_name = "FILE-OR-DIR", requires = "evidence")]
    pub(crate) collateral: Vec<PathBuf>,
    /// Which code, firmware and states the evidence must show (TOML), as in `attest verify`.
    #[arg(long, value_name = "FILE", requires = "evidence")]
    pub(crate) policy: Option<PathBuf>,
    /// What the evidence was asked for with, in hexadecimal.
    #[arg(long, value_name = "HEX", requires = "evidence")]
    pub(crate) nonce: Option<String>,
    /// Appraises evidence at this time instead of now: Unix seconds or RFC 3339.
    #[arg(long, value_name = "TIME", requires = "evidence")]
    pub(crate) at: Option<String>,
    /// Reads this configuration file instead of the nearest .wardline.toml.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Reads no configuration file.
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Does not render charts and kustomizations with the helm and kubectl on the PATH.
    #[arg(long)]
    pub(crate) no_render: bool,
    /// Whether to write colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Prints nothing but errors; the exit status answers.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Shows every finding in full, not only the worst.
    #[arg(short = 'v', long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// `hdfs/rpc-privacy`, `hdfs/rpc-privacy#weaker-qop-accepted`, a component such as `hdfs`, or an error message.
    #[arg(required_unless_present = "error", value_name = "CONTROL")]
    pub(crate) control: Option<String>,
    /// An error message, as the product printed it; `-` reads it from standard input.
    #[arg(long, value_name = "MESSAGE", conflicts_with = "control")]
    pub(crate) error: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ControlsArgs {
    /// The form of the list.
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The directory to write to.
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON document, schema wardline/v1.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, for annotations on GitHub.
    Github,
    /// Code Quality, for GitLab's merge requests.
    Gitlab,
    /// A summary for pull requests.
    Markdown,
    /// JUnit XML, for test reports.
    Junit,
    /// One page that needs nothing else.
    Html,
}

/// The forms of the list of controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// When colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A parser of one of a few words, so that help and completions list them.
fn words<T: Copy + Send + Sync + 'static>(
    all: Vec<(&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let names: Vec<&'static str> = all.iter().map(|(name, _)| *name).collect();
    PossibleValuesParser::new(names).try_map(move |word| {
        let known = all.iter().find(|(name, _)| *name == word);
        known.map(|(_, value)| *value).ok_or("not one of the words")
    })
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    words(Severity::ALL.map(|s| (s.as_str(), s)).to_vec())
}

fn threshold() -> impl TypedValueParser<Value = Threshold> {
    let from = Severity::ALL.map(|s| (s.as_str(), Threshold::From(s)));
    words([from.as_slice(), &[("never", Threshold::Never)]].concat())
}

fn stage() -> impl TypedValueParser<Value = Stage> {
    words(Stage::ALL.map(|s| (s.as_str(), s)).to_vec())
}

fn depth() -> impl TypedValueParser<Value = Depth> {
    words(Depth::ALL.map(|d| (d.as_str(), d)).to_vec())
}
