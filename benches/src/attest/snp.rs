//! Reports of SEV-SNP.

use crate::{PIECES, PLATFORMS, report_data, side_by_side};
use attest::x509::Certificate;
use attest::{Collateral, Outcome, Policy, Roots, StepName, Verifier, snp};
use evidence::intel::{AT, YEARS};
use evidence::snp::{Amd, Chip};
use sev::certs::snp::{Certificate as Peer, Verifiable};
use sev::firmware::guest::AttestationReport;
use sev::parser::ByteParser;

pub(crate) fn run() -> Result<(), String> {
    let maker = Amd::new(YEARS);
    let chips: Vec<Chip> = (0..PLATFORMS)
        .map(|number| maker.chip(u64::try_from(number).unwrap_or_default()))
        .collect();
    let reports: Vec<(usize, Vec<u8>)> = (0..PIECES)
        .filter_map(|number| {
            let chip = number % PLATFORMS;
            Some((chip, chips.get(chip)?.report(report_data(number))))
        })
        .collect();
    let read = |der: &[u8]| Certificate::from_der(der).map_err(|error| error.to_string());
    let mut collateral = Collateral::default();
    for der in [maker.intermediate(), &maker.list()] {
        collateral.add(der).map_err(|why| format!("{why:?}"))?;
    }
    let roots = Roots {
        intel: Vec::new(),
        amd: vec![read(maker.root())?],
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    };
    let verifier = Verifier::new(roots, collateral, Policy::default(), attest::Instant(AT));
    let keys: Vec<Vec<Certificate>> = chips
        .iter()
        .map(|chip| Ok(vec![read(&chip.certificate)?]))
        .collect::<Result<_, String>>()?;
    let peers: Vec<Peer> = chips
        .iter()
        .map(|chip| Peer::from_der(&chip.certificate).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    side_by_side(
        "SNP report, key known",
        &mut [
            ("wardline", reports.len(), &mut |number| {
                let Some((chip, report)) = reports.get(number) else {
                    return false;
                };
                let certificates = keys.get(*chip).map(Vec::as_slice).unwrap_or_default();
                let appraisal = snp::appraise(&verifier, report, certificates, None);
                [
                    StepName::Chain,
                    StepName::Revocation,
                    StepName::Key,
                    StepName::Signature,
                    StepName::Attributes,
                ]
                .iter()
                .all(|step| appraisal.outcome(*step) == Outcome::Pass)
            }),
            (
                "sev 8.0.0 (crypto_nossl), the report's signature alone",
                reports.len() / 8,
                &mut |number| {
                    let Some((chip, report)) = reports.get(number) else {
                        return false;
                    };
                    let report = AttestationReport::from_bytes(report);
                    let key = peers.get(*chip);
                    report
                        .ok()
                        .zip(key)
                        .is_some_and(|(report, key)| (key, &report).verify().is_ok())
                },
            ),
        ],
    )
}
