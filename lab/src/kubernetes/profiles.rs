//! The profiles, and the files that each of them means.

use super::node::Node;
use super::static_pod::set_flag;
use super::{encryption, flags};
use crate::recipe::Profile;
use crate::{LabError, Result};
use std::fs;
use std::path::Path;

/// Every profile; what it does not name is as it should be, apart from where the keys of encryption lie.
pub(super) const PROFILES: &[Profile] = &[
    Profile {
        name: "kms-v2",
        what: "a KMS plugin encrypts Secrets, ConfigMaps and SparkApplications; nobody is served without login",
        only: &[],
    },
    Profile {
        name: "none",
        what: "no encryption configuration",
        only: &[],
    },
    Profile {
        name: "identity-first",
        what: "an encryption configuration whose first provider is identity",
        only: &[],
    },
    Profile {
        name: "concatenated",
        what: "two entries name secrets, and the first one writes with identity",
        only: &[],
    },
    Profile {
        name: "aescbc",
        what: "aescbc with a key in the file",
        only: &[],
    },
    Profile {
        name: "secretbox",
        what: "secretbox with a key in the file",
        only: &[],
    },
    Profile {
        name: "rotated",
        what: "aescbc with a new key first, and a Secret from before",
        only: &[],
    },
    Profile {
        name: "leftover",
        what: "aescbc, and a Secret from before it was switched on",
        only: &[],
    },
    Profile {
        name: "etcd-open",
        what: "etcd asks for no client certificate, and listens over http too",
        only: &[],
    },
    Profile {
        name: "api-open",
        what: "anonymous requests read objects, accounts reach Secrets by detours, certificates pass for anybody",
        only: &[],
    },
    Profile {
        name: "always-allow",
        what: "no authorization mode and no audit trail",
        only: &[],
    },
    Profile {
        name: "audit-bodies",
        what: "an audit policy that writes the bodies of Secrets, and leaves an account out",
        only: &[],
    },
    Profile {
        name: "meridian",
        what: "the control plane and the manifests of demo/meridian",
        only: &[],
    },
];

/// The profiles with the Kubeflow operator's resources, as its project publishes them: a third of a cluster's start.
pub(super) const WITH_KUBEFLOW: [&str; 3] = ["kms-v2", "aescbc", "meridian"];

/// The manifests that every profile but `meridian` has.
const CLUSTER: &str = include_str!("../../kubernetes/cluster.yaml");
const KUBEFLOW: &str = include_str!("../../kubernetes/kubeflow.yaml");
/// The grants of `api-open`.
const OPEN: &str = include_str!("../../kubernetes/grants.yaml");
const AUTHENTICATION: &str = include_str!("../../kubernetes/authentication.yaml");
const AUDIT_POLICY: &str = include_str!("../../kubernetes/audit-policy.yaml");
const AUDIT_POLICY_WITH_BODIES: &str = include_str!("../../kubernetes/audit-bodies.yaml");
/// Where the demo is, from this crate.
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/meridian");

/// Writes the files of a profile, and single flags on top of it: `kube-apiserver=--FLAG=VALUE`, `etcd=--FLAG`.
///
/// # Errors
///
/// When one can't be written, or a setting on top names another program.
pub(super) fn write(profile: &str, overrides: &[String], node: &Node) -> Result<()> {
    write_profile(profile, node)?;
    for wanted in overrides {
        match wanted.split_once('=') {
            Some((program @ ("kube-apiserver" | "etcd"), flag)) => {
                let manifest = node.control_plane().join(format!("{program}.yaml"));
                set_flag(&manifest, flag)?;
            }
            _ => {
                let form = "kube-apiserver=--FLAG=VALUE or etcd=--FLAG=VALUE";
                return Err(LabError::failed(format!("--set {wanted}"), form));
            }
        }
    }
    Ok(())
}

fn write_profile(profile: &str, node: &Node) -> Result<()> {
    if profile == "meridian" {
        return copy_tree(Path::new(DEMO), &node.configuration());
    }
    let control_plane = node.control_plane();
    let manifests = node.manifests();
    put(
        &control_plane,
        "kube-apiserver.yaml",
        &flags::api_server(profile).text(),
    )?;
    put(&control_plane, "etcd.yaml", &flags::etcd(profile).text())?;
    if let Some(text) = encryption::configuration(profile, node) {
        put(&control_plane, "enc.yaml", &text)?;
    }
    if profile == "kms-v2" {
        put(&control_plane, "authentication.yaml", AUTHENTICATION)?;
    }
    match profile {
        "always-allow" => {}
        "audit-bodies" => put(
            &control_plane,
            "audit-policy.yaml",
            AUDIT_POLICY_WITH_BODIES,
        )?,
        _ => put(&control_plane, "audit-policy.yaml", AUDIT_POLICY)?,
    }
    put(&manifests, "cluster.yaml", CLUSTER)?;
    if WITH_KUBEFLOW.contains(&profile) {
        put(&manifests, "kubeflow.yaml", KUBEFLOW)?;
    }
    if profile == "api-open" {
        put(&manifests, "grants.yaml", OPEN)?;
    }
    Ok(())
}

fn put(dir: &Path, name: &str, text: &str) -> Result<()> {
    let file = dir.join(name);
    fs::create_dir_all(dir)
        .and_then(|()| fs::write(&file, text))
        .map_err(|error| LabError::at(&file, error))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    let failed = |error: std::io::Error| LabError::at(from, error);
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let copy = to.join(entry.file_name());
        if entry.file_type().map_err(failed)?.is_dir() {
            copy_tree(&entry.path(), &copy)?;
        } else {
            fs::copy(entry.path(), copy).map_err(failed)?;
        }
    }
    Ok(())
}
