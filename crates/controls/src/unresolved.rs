//! Values that only the running system, or the rendering of a template, tells: `${env.QOP}` without a script that sets it,
//! `{{ qop }}`, a key that a loop of the template may write. What the product makes of them is not known, so nothing that
//! rests on one is proven, either way.

use crate::judging_keys::reader_of;
use model::{Absence, Claim, Exposure, Provenance, Witness};
use settings::hadoop::Hadoop;

/// The claim as far as it rests on known values. Exposures that need an unknown one are dropped where others stand.
pub fn as_far_as_resolved(hadoop: &Hadoop<'_>, claim: Claim) -> Claim {
    match claim {
        Claim::Protected(witnesses) => match unknown(hadoop, &witnesses) {
            Some(reason) => Claim::Unproven(reason, witnesses),
            None => Claim::Protected(witnesses),
        },
        Claim::Exposed(exposures) => {
            let (open, known): (Vec<Exposure>, Vec<Exposure>) = exposures
                .into_iter()
                .partition(|exposure| unknown(hadoop, &exposure.witnesses).is_some());
            if !known.is_empty() {
                return Claim::Exposed(known);
            }
            let witnesses: Vec<Witness> = open.into_iter().flat_map(|e| e.witnesses).collect();
            let reason = unknown(hadoop, &witnesses).unwrap_or_default();
            Claim::Unproven(reason, witnesses)
        }
        other => other,
    }
}

/// Why the first witness that is not known is not.
fn unknown(hadoop: &Hadoop<'_>, witnesses: &[Witness]) -> Option<Box<str>> {
    let resources = &hadoop.configuration.resources;
    let is_whole = resources.iter().all(|resource| resource.gap.is_none());
    witnesses.iter().enumerate().find_map(|(index, witness)| {
        let key = witness.key.as_deref()?;
        let effective = || {
            hadoop
                .configuration
                .get(reader_of(key), key, hadoop.release)
        };
        match &witness.provenance {
            Provenance::Text(_) => {
                let effective = effective();
                effective.unresolved.then(|| effective.why_unknown().into())
            }
            // What a file read in part may set decides; what stands beside the deciding value only explains it.
            Provenance::Absent(Absence::NotCollected) if index == 0 && !is_whole => {
                Some(effective().why_unknown().into())
            }
            _ => None,
        }
    })
}
