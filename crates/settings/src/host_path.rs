//! Files of the input that a component names by their path on its host or in its container.

use model::{Place, SourceId, Sources};
use text::Span;

/// Of `candidates`, the texts that a path can mean: those of the same name whose paths end alike the longest, and of these
/// the ones that lie closest to the text that names the path. Several where nothing tells them apart. O(candidates).
#[must_use]
pub fn named(
    sources: &Sources,
    candidates: impl IntoIterator<Item = SourceId>,
    path: &str,
    by: SourceId,
) -> Vec<SourceId> {
    let mut best = Vec::new();
    let mut highest = (0, 0);
    for candidate in candidates {
        let Some(source) = sources.get(candidate) else {
            continue;
        };
        let alike = common_ends(path, &source.path);
        let rank = (alike, closeness(sources, candidate, by));
        if alike == 0 || rank < highest {
            continue;
        }
        if rank > highest {
            best.clear();
            highest = rank;
        }
        if !best.contains(&candidate) {
            best.push(candidate);
        }
    }
    best
}

fn common_ends(a: &str, b: &str) -> usize {
    let (a, b) = (a.trim_matches('/'), b.trim_matches('/'));
    a.rsplit('/')
        .zip(b.rsplit('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

/// How many components the paths of two texts share from their start; one more for texts of one file.
fn closeness(sources: &Sources, a: SourceId, b: SourceId) -> usize {
    let file = |id| sources.in_file(Place::new(id, Span::at(0))).source;
    let path = |id| sources.get(file(id)).map_or("", |source| &*source.path);
    common_start(path(a), path(b))
}

/// How many components two paths share from their start.
#[must_use]
pub fn common_start(a: &str, b: &str) -> usize {
    a.split('/')
        .zip(b.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

#[cfg(test)]
mod tests {
    use super::named;
    use model::{Source, Sources};

    #[test]
    fn the_longest_end_wins_then_the_closest_file() {
        let mut sources = Sources::default();
        let paths = [
            "cp1/manifests/kube-apiserver.yaml",
            "cp1/kubernetes/enc.yaml",
            "cp2/kubernetes/enc.yaml",
            "old/enc.yaml",
            "cp1/kubernetes/audit.yaml",
        ];
        let ids: Vec<_> = paths
            .iter()
            .map(|path| sources.add(Source::file(*path, "")))
            .collect();
        let of = |path: &str| named(&sources, ids.iter().copied(), path, ids[0]);
        assert_eq!(of("/etc/kubernetes/enc.yaml"), [ids[1]]);
        assert_eq!(of("/enc/enc.yaml"), [ids[1]]);
        assert_eq!(of("old/enc.yaml"), [ids[3]]);
        assert!(of("/etc/kubernetes/encryption.yaml").is_empty());
    }
}
