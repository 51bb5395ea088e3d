//! Static pods: the files in which kubeadm keeps the command lines of the control plane.
//!
//! What runs in the lab is read out of these files again, so that `wardline check` judges the very flags that run.

use crate::{LabError, Result};
use std::fs;
use std::path::Path;

/// A program of the control plane, by the file that describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StaticPod {
    /// The program, which is also the name of the pod and of the container.
    pub(super) program: &'static str,
    /// The release of its image.
    pub(super) image: String,
    /// Its flags, in order.
    pub(super) flags: Vec<String>,
}

impl StaticPod {
    /// The manifest.
    pub(super) fn text(&self) -> String {
        let program = self.program;
        let mut text = format!(
            "# /etc/kubernetes/manifests/{program}.yaml on cp1\n\
             apiVersion: v1\n\
             kind: Pod\n\
             metadata:\n\
             \x20 name: {program}\n\
             \x20 namespace: kube-system\n\
             \x20 labels:\n\
             \x20   component: {program}\n\
             \x20   tier: control-plane\n\
             spec:\n\
             \x20 hostNetwork: true\n\
             \x20 containers:\n\
             \x20   - name: {program}\n\
             \x20     image: {}\n\
             \x20     command:\n\
             \x20       - {program}\n",
            self.image
        );
        for flag in &self.flags {
            text += &format!("        - {flag}\n");
        }
        text
    }
}

/// The flags in a manifest, in order. Every list item that starts with two hyphens is one: the manifests of the lab and of
/// the demo quote none and have no other such items.
///
/// # Errors
///
/// When the file can't be read or holds no flag.
pub(super) fn flags_of(manifest: &Path) -> Result<Vec<String>> {
    let name = manifest.display().to_string();
    let text = fs::read_to_string(manifest).map_err(|error| LabError::failed(&name, error))?;
    let flags: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "))
        .filter(|item| item.starts_with("--"))
        .map(str::to_owned)
        .collect();
    if flags.is_empty() {
        return Err(LabError::failed(name, "no flags"));
    }
    Ok(flags)
}

/// Puts a flag into a manifest: `--name=value`, in place of one of the same name. `--name` alone takes it out.
///
/// # Errors
///
/// When the file can't be read or written.
pub(super) fn set_flag(manifest: &Path, flag: &str) -> Result<()> {
    let failed = |error: std::io::Error| LabError::at(manifest, error);
    let name = flag.split_once('=').map_or(flag, |(name, _)| name);
    let text = fs::read_to_string(manifest).map_err(failed)?;
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| {
            let own = line.trim().trim_start_matches("- ");
            own.split_once('=').map_or(own, |(name, _)| name) != name
        })
        .map(str::to_owned)
        .collect();
    let first = lines
        .iter()
        .position(|line| line.trim().starts_with("- --"))
        .unwrap_or(lines.len());
    if flag.contains('=') {
        lines.insert(first, format!("        - {flag}"));
    }
    fs::write(manifest, lines.join("\n") + "\n").map_err(failed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let pod = StaticPod {
            program: "etcd",
            image: "registry.k8s.io/etcd:3.6.16-0".to_owned(),
            flags: vec![
                "--name=cp1".to_owned(),
                "--data-dir=/var/lib/etcd".to_owned(),
            ],
        };
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("etcd.yaml");
        fs::write(&file, pod.text()).expect("written");
        assert_eq!(flags_of(&file).expect("read"), pod.flags);
        set_flag(&file, "--name=cp2").expect("set");
        set_flag(&file, "--data-dir").expect("taken out");
        assert_eq!(flags_of(&file).expect("read"), ["--name=cp2"]);
    }
}
