//! The flags of `wardline attest`.

use super::Color;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum AttestCommand {
    /// Verifies evidence down to the vendor's root and says for each step what was found. Fetches nothing.
    #[command(
        after_help = "Exit status: 0 all evidence protected; 1 some exposed; 2 wrong usage; 3 no evidence; 4 some unproven or unreadable."
    )]
    Verify(VerifyArgs),
    /// Derives a policy from a reviewed build, or from evidence of a reviewed and trusted run.
    Init(AttestInitArgs),
    /// Collects the evidence of this machine into a bundle. Runs inside a confidential VM; connects to nothing.
    #[command(
        after_help = "Exit status: 0 collected; 2 wrong usage; 4 a source failed, or there is nothing to collect here: then every source is listed with what it would take, and nothing is written."
    )]
    Collect(CollectArgs),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Files and directories with evidence, recognised by content; `-` is standard input. A file of JSON Lines with `id`,
    /// `evidence` (base64) and maybe `nonce` (hexadecimal) is a fleet, answered line by line.
    #[arg(value_name = "EVIDENCE", required = true)]
    pub(crate) evidence: Vec<PathBuf>,
    /// What the appraisal leans on: TCB info, QE identity, certificates, revocation lists, OCSP responses, NVIDIA's reference manifests
    /// (RIM). A file or a directory; may be repeated.
    #[arg(long, value_name = "FILE-OR-DIR")]
    pub(crate) collateral: Vec<PathBuf>,
    /// Which code, firmware and states are expected (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// What the evidence was asked for with, in hexadecimal.
    #[arg(long, value_name = "HEX")]
    pub(crate) nonce: Option<String>,
    /// The event log (CCEL) of the trust domain that made the quote: its registers are replayed from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) event_log: Option<PathBuf>,
    /// Trusts these roots instead of the vendors': for evidence of a test laboratory, which no vendor vouches for. The report
    /// says so.
    #[arg(long, value_name = "FILE")]
    pub(crate) trusted_root: Option<PathBuf>,
    /// Appraises at this time instead of now: Unix seconds or RFC 3339.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// The form of the report.
    #[arg(short, long, value_enum, default_value_t = AttestFormat::Text)]
    pub(crate) format: AttestFormat,
    /// Whether to write colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Shows every check, not only those that decided.
    #[arg(short = 'v', long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AttestInitArgs {
    #[command(flatten)]
    pub(crate) sources: AttestInitSources,
    /// Writes the policy to a new file instead of standard output. A file that exists stays as it is.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What a policy is derived from.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct AttestInitSources {
    /// The signature file of a reviewed enclave (Gramine's `.sig`); may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) sigstruct: Vec<PathBuf>,
    /// Reviewed init data of a confidential pod: the TOML, or the value of the annotation; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) init_data: Vec<PathBuf>,
    /// Evidence of a reviewed run: everything that it measured is pinned; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    /// Writes the bundle to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What the verifier asks with: up to 64 bytes in hexadecimal, of which GPUs take 32. Without it a random one is taken, which
    /// proves nothing later.
    #[arg(long, value_name = "HEX")]
    pub(crate) nonce: Option<String>,
    /// Looks for the system's files below this directory.
    #[arg(long, value_name = "DIR", default_value = "/", hide = true)]
    pub(crate) root: PathBuf,
}

/// The forms of a report on evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AttestFormat {
    /// For people.
    Text,
    /// One JSON document, schema wardline/attest/v1; for a fleet one object a line.
    Json,
}
