//! An identity of a finding that survives edits elsewhere in the file, so that baselines and code scanning recognise it.

use crate::evidence::Evidence;
use audit::Finding;
use std::collections::HashMap;

/// Gives each finding of one report a fingerprint of its own.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// A hash of control, cause, file and key; findings that agree in all of these are numbered.
    pub(crate) fn of(&mut self, evidence: &Evidence<'_>, finding: &Finding) -> String {
        let location = evidence.location(finding);
        let path = location.as_ref().map_or("", |location| &*location.path);
        let key = finding
            .witnesses
            .first()
            .and_then(|witness| witness.key.as_deref())
            .unwrap_or_default();
        // Without a place the subject is all that tells two findings apart.
        let subject = if location.is_some() {
            ""
        } else {
            &*finding.subject.name
        };
        let hash = fnv1a([finding.control, finding.cause, path, key, subject]);
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}

/// FNV-1a, 64 bits: unlike the standard library's hashes it never changes between releases. Parts end with a byte that no
/// UTF-8 text has, so that moving a character from one part to the next changes the hash.
fn fnv1a<const PARTS: usize>(parts: [&str; PARTS]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn the_hash_is_the_published_one() {
        // FNV-1a of the single byte 0xff.
        assert_eq!(fnv1a([""]), 0xaf64_724c_8602_eb6e);
        assert_ne!(fnv1a(["ab", "c"]), fnv1a(["a", "bc"]));
    }
}
