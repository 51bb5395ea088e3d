//! Kubernetes manifests of twelve kinds, about 475 bytes each. The same number gives the same bytes on every machine.

use std::fs;
use std::path::Path;

/// One file a folder of 100, so that the tree is as wide as a real repository's.
const FILES_PER_FOLDER: usize = 100;

/// A kind: its file stem and its text, in which `@` is the number of the manifest and `%` that of its team.
type Kind = (&'static str, &'static str);

/// Writes manifests number 0 to `count` below `folder`.
///
/// # Errors
///
/// When a file cannot be written.
pub(crate) fn write(folder: &Path, count: usize) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for number in 0..count {
        let team = folder.join(format!("team-{:04}", number / FILES_PER_FOLDER));
        if number % FILES_PER_FOLDER == 0 {
            fs::create_dir_all(&team).map_err(failed)?;
        }
        let (name, text) = manifest(number);
        fs::write(team.join(name), text).map_err(failed)?;
    }
    Ok(())
}

/// The file name and the text of a manifest.
fn manifest(number: usize) -> (String, String) {
    let (kind, template) = KINDS
        .iter()
        .cycle()
        .nth(number % KINDS.len())
        .copied()
        .unwrap_or_default();
    let team = number / FILES_PER_FOLDER;
    let text = template
        .replace('@', &format!("{number:06}"))
        .replace('%', &format!("{team:04}"));
    (format!("{number:06}-{kind}.yaml"), text)
}

const KINDS: [Kind; 12] = [
    ("deployment", include_str!("manifests/deployment.yaml")),
    ("stateful-set", include_str!("manifests/stateful-set.yaml")),
    ("cron-job", include_str!("manifests/cron-job.yaml")),
    ("service", include_str!("manifests/service.yaml")),
    ("config-map", include_str!("manifests/config-map.yaml")),
    ("secret", include_str!("manifests/secret.yaml")),
    (
        "service-account",
        include_str!("manifests/service-account.yaml"),
    ),
    ("role", include_str!("manifests/role.yaml")),
    ("role-binding", include_str!("manifests/role-binding.yaml")),
    (
        "network-policy",
        include_str!("manifests/network-policy.yaml"),
    ),
    ("volume-claim", include_str!("manifests/volume-claim.yaml")),
    ("ingress", include_str!("manifests/ingress.yaml")),
];

#[cfg(test)]
mod tests {
    use super::{KINDS, manifest};

    #[test]
    fn manifests_differ_in_number_and_weigh_what_they_should() {
        let bytes: usize = (0..1200).map(|number| manifest(number).1.len()).sum();
        let mean = bytes / 1200;
        assert!((455..=495).contains(&mean), "{mean} bytes");
        let (first, again) = (manifest(0), manifest(KINDS.len()));
        assert_ne!(first, again);
        assert_eq!(first, manifest(0));
        assert!(!first.1.contains(['@', '%']), "{}", first.1);
    }
}
