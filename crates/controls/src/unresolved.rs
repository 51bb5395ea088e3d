//! Values that hold a variable which only the running system resolves, such as `${env.QOP}` without a script that sets it.
//! What the product makes of them is not known, so nothing that rests on one is proven, either way.

use crate::judging_keys::reader_of;
use model::{Claim, Exposure, Provenance, Witness};
use settings::hadoop::Hadoop;

/// Variables of the process that every daemon has. They choose a path, never a protection.
const OF_THE_PROCESS: [&str; 3] = ["${user.name}", "${user.home}", "${java.io.tmpdir}"];

/// The claim as far as it rests on known values. Exposures that need an unknown one are dropped where others stand.
pub fn as_far_as_resolved(hadoop: &Hadoop<'_>, claim: Claim) -> Claim {
    match claim {
        Claim::Protected(witnesses) => match unresolved(hadoop, &witnesses) {
            Some(key) => Claim::Unproven(reason(&key), witnesses),
            None => Claim::Protected(witnesses),
        },
        Claim::Exposed(exposures) => {
            let (open, known): (Vec<Exposure>, Vec<Exposure>) = exposures
                .into_iter()
                .partition(|exposure| unresolved(hadoop, &exposure.witnesses).is_some());
            if !known.is_empty() {
                return Claim::Exposed(known);
            }
            let witnesses: Vec<Witness> = open.into_iter().flat_map(|e| e.witnesses).collect();
            let key = unresolved(hadoop, &witnesses).unwrap_or_default();
            Claim::Unproven(reason(&key), witnesses)
        }
        other => other,
    }
}

fn reason(key: &str) -> Box<str> {
    format!("{key} holds a variable that only the running node resolves").into()
}

/// The first key among the witnesses whose value is not known.
fn unresolved(hadoop: &Hadoop<'_>, witnesses: &[Witness]) -> Option<Box<str>> {
    let written = witnesses
        .iter()
        .filter(|witness| matches!(witness.provenance, Provenance::Text(_)));
    written
        .filter_map(|witness| witness.key.as_deref())
        .find(|key| is_unresolved(hadoop, key))
        .map(Box::from)
}

fn is_unresolved(hadoop: &Hadoop<'_>, key: &str) -> bool {
    let effective = hadoop
        .configuration
        .get(reader_of(key), key, hadoop.release);
    let rest = OF_THE_PROCESS
        .iter()
        .fold(effective.str().to_owned(), |text, variable| {
            text.replace(variable, "")
        });
    effective.unresolved && rest.contains("${")
}
