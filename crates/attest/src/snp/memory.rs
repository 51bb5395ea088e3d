//! What reports share: endorsement keys and their chains.

use super::endorsement::Endorsement;
use super::extension::{KeyExtension, hardware_id, is_endorsement};
use crate::memo::Memo;
use crate::verifier::Verifier;
use crate::x509::Certificate;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use wire::tee::snp::{Report, Tcb};

/// What reports share. Filled as reports come.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    collateral: OnceLock<Index>,
    endorsements: Memo<Endorsement>,
}

/// The certificates of the collateral, by what they are looked up with.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Endorsement keys of chips, by hwID.
    chips: HashMap<Box<[u8]>, Vec<Certificate>>,
    /// The same by TCB version, for reports that hide their chip.
    versions: HashMap<Tcb, Vec<Certificate>>,
    /// Endorsement keys of providers.
    providers: Vec<Certificate>,
    /// What may stand between them and a root.
    authorities: Vec<Certificate>,
}

impl Index {
    fn of(certificates: &[Certificate]) -> Self {
        let mut index = Index::default();
        for certificate in certificates {
            let known = certificate.clone();
            match hardware_id(certificate) {
                Some(chip) => {
                    if let Ok(extension) = KeyExtension::of(certificate) {
                        let same = index.versions.entry(extension.tcb).or_default();
                        same.push(known.clone());
                    }
                    index.chips.entry(chip.into()).or_default().push(known);
                }
                None if is_endorsement(certificate) => index.providers.push(known),
                None if certificate.is_authority() => index.authorities.push(known),
                None => {}
            }
        }
        index
    }

    /// Keys that may have signed a report: of its chip, or where that is masked of its firmware versions; and of providers.
    pub(super) fn keys<'a>(&'a self, report: &Report<'_>) -> impl Iterator<Item = &'a Certificate> {
        let (short, rest) = report.chip_id.split_at(8);
        // Turin's identifiers take 8 bytes. Looking up the short form of another product's finds nothing.
        let is_short = rest.iter().all(|byte| *byte == 0);
        let of_chip = if report.is_chip_id_masked() {
            self.versions.get(&report.reported_tcb)
        } else if is_short {
            self.chips.get(short)
        } else {
            self.chips.get(report.chip_id.as_slice())
        };
        of_chip.into_iter().flatten().chain(&self.providers)
    }
}

impl Memory {
    /// The certificates of the verifier's collateral.
    pub(super) fn index(&self, verifier: &Verifier) -> &Index {
        self.collateral
            .get_or_init(|| Index::of(&verifier.collateral.certificates))
    }

    /// What holds for all reports of a key, given the certificates that came with this one.
    pub(super) fn endorsement(
        &self,
        verifier: &Verifier,
        certificate: &Certificate,
        evidence: &[Certificate],
    ) -> Arc<Endorsement> {
        let index = self.index(verifier);
        // DER delimits itself: no two lists of certificates give the same bytes.
        let mut made_of = certificate.der().to_vec();
        for other in evidence.iter().filter(|other| *other != certificate) {
            made_of.extend_from_slice(other.der());
        }
        self.endorsements.get(&made_of, || {
            let pool: Vec<Certificate> =
                evidence.iter().chain(&index.authorities).cloned().collect();
            Endorsement::of(
                certificate,
                &pool,
                &verifier.roots,
                &verifier.collateral.crls,
                verifier.at,
            )
        })
    }
}
