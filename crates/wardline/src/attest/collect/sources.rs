//! Where evidence may come from, and what each place needs.

use super::azure;
use super::challenge::Challenge;
use super::configfs::{self, TsmReport};
use super::gpu;
use super::gramine;
use super::system::System;
use ::attest::bundle::BundledPiece;
use ::attest::{Evidence, Piece, base64, snp};
use std::borrow::Cow;
use std::path::Path;

/// A place, and what came of it.
pub(super) struct Source {
    pub(super) name: Cow<'static, str>,
    pub(super) found: Found,
}

/// What came of a place.
pub(super) enum Found {
    /// Evidence.
    Evidence(Box<BundledPiece>),
    /// Something that gives no evidence by itself.
    There(String),
    /// Nothing: what it would take.
    Missing(String),
    /// It is there, and did not answer.
    Failed(String),
}

const EVENT_LOG: &str = "sys/firmware/acpi/tables/data/CCEL";
const EVENT_LOG_TABLE: &str = "sys/firmware/acpi/tables/CCEL";

/// Asks all of them. `library` is the GPU driver's.
pub(super) fn all(system: &impl System, library: &Path, nonce: &[u8]) -> Vec<Source> {
    // Devices come first: the CPU's evidence then holds what they answered.
    let devices = gpu::all(system, library, nonce);
    let answered: Vec<Vec<u8>> = devices
        .iter()
        .filter_map(|source| match &source.found {
            Found::Evidence(piece) => base64::decode(&piece.evidence),
            _ => None,
        })
        .collect();
    let challenge = Challenge::with_devices(nonce, &answered);
    let log = system
        .read(Path::new(EVENT_LOG))
        .ok()
        .filter(|log| !log.is_empty());
    let mut sources = vec![
        tsm(system, &challenge, log.as_deref()),
        event_log(system, log.as_deref()),
        enclave(system, &challenge),
        device(
            system,
            "/dev/tdx_guest",
            "the driver of a TDX guest; reports come through configfs-tsm",
            "needs a TDX trust domain and the module tdx_guest (kernel 6.2 or newer)",
        ),
        device(
            system,
            "/dev/sev-guest",
            "the driver of a SEV-SNP guest; reports come through configfs-tsm",
            "needs a SEV-SNP guest and the module sev-guest (kernel 5.19 or newer)",
        ),
        device(
            system,
            "/dev/sgx_enclave",
            "enclaves run here, and each makes its own quotes: ask the workload, or run this inside its enclave",
            "needs a processor with SGX, switched on in the firmware (kernel 5.11 or newer)",
        ),
    ];
    sources.extend(azure::all(system, &challenge));
    sources.extend(devices);
    sources
}

fn tsm(system: &impl System, challenge: &Challenge<'_>, log: Option<&[u8]>) -> Source {
    let name = Cow::Borrowed("configfs-tsm");
    let found = if system.exists(Path::new(configfs::DIRECTORY)) {
        configfs::report(system, &challenge.report_data())
            .and_then(|report| of_report(&report, challenge, log))
    } else {
        return Source {
            name,
            found: Found::Missing(format!(
                "/{} is not there; needs a confidential VM (TDX or SEV-SNP), kernel 6.7 or newer with CONFIG_TSM_REPORTS, the module tdx_guest or sev-guest, and configfs mounted on /sys/kernel/config",
                configfs::DIRECTORY
            )),
        };
    };
    Source {
        name,
        found: found.map_or_else(Found::Failed, Found::Evidence),
    }
}

fn of_report(
    report: &TsmReport,
    challenge: &Challenge<'_>,
    log: Option<&[u8]>,
) -> Result<Box<BundledPiece>, String> {
    let mut piece = bundled(&report.evidence, challenge)
        .map_err(|why| format!("provider {}: {why}", report.provider))?;
    if !report.table.is_empty() {
        let (certificates, _) =
            snp::certificates(&report.table).map_err(|error| format!("auxblob: {error}"))?;
        piece.certificates = certificates
            .iter()
            .map(|certificate| base64::encode(certificate.der()))
            .collect();
    }
    piece.event_log = log.map(base64::encode);
    Ok(piece)
}

/// A piece of what was answered, if it is evidence.
pub(super) fn bundled(
    answer: &[u8],
    challenge: &Challenge<'_>,
) -> Result<Box<BundledPiece>, String> {
    let found = Evidence::all_in(answer).map_err(|why| why.to_string())?;
    let kind = match found.first().map(|evidence| &evidence.piece) {
        Some(Piece::IntelQuote { quote, .. }) if quote.get(4) == Some(&0x81) => "tdx-quote",
        Some(Piece::IntelQuote { .. }) => "sgx-quote",
        Some(Piece::SnpReport { .. }) => "snp-report",
        Some(Piece::Azure(presented)) => azure::kind(&presented.hcl_report),
        Some(Piece::Nvidia { .. }) => "nvidia-gpu",
        _ => return Err("neither a quote nor a report".to_owned()),
    };
    Ok(Box::new(challenge.answered(kind, answer)))
}

fn event_log(system: &impl System, log: Option<&[u8]>) -> Source {
    let found = match log {
        Some(log) => Found::There(format!(
            "event log of {} bytes, bundled with the quote",
            log.len()
        )),
        None if system.exists(Path::new(EVENT_LOG_TABLE)) => Found::Failed(format!(
            "the ACPI table is there, but /{EVENT_LOG} cannot be read; run it as root"
        )),
        None => Found::Missing(format!(
            "/{EVENT_LOG} is not there; needs a TDX trust domain whose firmware keeps an event log"
        )),
    };
    Source {
        name: "CCEL".into(),
        found,
    }
}

fn enclave(system: &impl System, challenge: &Challenge<'_>) -> Source {
    let found = if system.exists(Path::new(gramine::DIRECTORY)) {
        gramine::quote(system, &challenge.report_data())
            .and_then(|quote| bundled(&quote, challenge))
            .map_or_else(Found::Failed, Found::Evidence)
    } else {
        Found::Missing(format!(
            "/{} is not there; needs to run inside an SGX enclave under Gramine",
            gramine::DIRECTORY
        ))
    };
    Source {
        name: "Gramine".into(),
        found,
    }
}

fn device(system: &impl System, name: &'static str, what: &str, need: &str) -> Source {
    let path = Path::new(name.trim_start_matches('/'));
    let found = if system.exists(path) {
        Found::There(what.to_owned())
    } else {
        Found::Missing(format!("not there; {need}"))
    };
    Source {
        name: name.into(),
        found,
    }
}
