//! What reports share: endorsement keys and their chains.

use super::endorsement::Endorsement;
use super::extension::{hardware_id, is_endorsement};
use crate::memo::Memo;
use crate::verifier::Verifier;
use crate::x509::Certificate;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

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
    /// Endorsement keys of providers.
    providers: Vec<Certificate>,
    /// What may stand between them and a root.
    authorities: Vec<Certificate>,
}

impl Index {
    fn of(certificates: &[Certificate]) -> Self {
        let mut index = Index::default();
        for certificate in certificates {
            match hardware_id(certificate) {
                Some(chip) => index
                    .chips
                    .entry(chip.into())
                    .or_default()
                    .push(certificate.clone()),
                None if is_endorsement(certificate) => index.providers.push(certificate.clone()),
                None if certificate.is_authority() => index.authorities.push(certificate.clone()),
                None => {}
            }
        }
        index
    }

    /// Keys of the chip with a CHIP_ID; of a provider and of any chip where it is masked.
    pub(super) fn keys<'a>(&'a self, chip_id: &[u8; 64]) -> Vec<&'a Certificate> {
        let (short, rest) = chip_id.split_at(8);
        if chip_id.iter().all(|byte| *byte == 0) {
            return self
                .providers
                .iter()
                .chain(self.chips.values().flatten())
                .collect();
        }
        let short = rest.iter().all(|byte| *byte == 0).then_some(short);
        let of = |id: &[u8]| self.chips.get(id).into_iter().flatten();
        of(chip_id)
            .chain(short.into_iter().flat_map(of))
            .chain(&self.providers)
            .collect()
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
