//! What the handler of a runtime class starts.
//!
//! Names, and where they come from:
//! - kata-containers, tools/packaging/kata-deploy: `kata-<shim>` of `runtimeclasses/` (2.5.0 to 3.24.0) and of the chart's
//!   `values.yaml` and `templates/runtimeclasses.yaml` (3.25.0 to 4.1.0), each shim also with `-runtime-rs`. `sev` was there
//!   from 3.2.0 to 3.18.0, `cca` from 3.22.0 to 3.28.0; `clh-tdx` only in the release CC-0.8.1 of a branch. `multiInstallSuffix`
//!   puts a word of the installer's own behind the name, `debug` and `devkit` (4.1.0) a variant of every shim whose guest has
//!   debugging on.
//! - confidential-containers/operator, config/samples: v0.3.0 to v0.9.0 and main of January 2026, `clh-tdx` and the two with
//!   `-eaa-kbc` in the oldest; `enclave-cc`.
//! - NVIDIA gpu-operator, `kataManager` of values.yaml: `kata-qemu-nvidia-gpu` and `-snp` (v23.6.0 to v23.9), `kata-nvidia-gpu` and
//!   `-snp` (v24.3.0 until it went with v26.3.0); assets/pre-requisites: `nvidia`, `nvidia-cdi`, `nvidia-legacy`.
//! - Azure AKS: class `kata-cc-isolation` of handler `kata-cc` (SEV-SNP), classes `kata-vm-isolation` and
//!   `kata-mshv-vm-isolation` of handler `kata` (no TEE).
//! - kata-remote starts what the cloud API adaptor asks for: see `peer_pods`.

/// Handlers that start a confidential guest or an enclave.
const CONFIDENTIAL: [&str; 14] = [
    "kata-qemu-tdx",
    "kata-qemu-snp",
    "kata-qemu-se",
    "kata-qemu-cca",
    "kata-qemu-nvidia-gpu-tdx",
    "kata-qemu-nvidia-gpu-snp",
    "kata-nvidia-gpu-snp",
    "kata-clh-tdx",
    "kata-clh-tdx-eaa-kbc",
    "kata-qemu-tdx-eaa-kbc",
    "kata-remote",
    "kata-cc",
    "kata-cc-isolation",
    "enclave-cc",
];

/// Handlers that do not, whatever their pods expect.
const ORDINARY: [&str; 21] = [
    "kata",
    "kata-qemu",
    "kata-clh",
    "kata-clh-azure",
    "kata-cloud-hypervisor",
    "kata-fc",
    "kata-dragonball",
    "kata-stratovirt",
    "kata-openvmm-azure",
    "kata-qemu-nvidia-cpu",
    "kata-qemu-nvidia-gpu",
    "kata-nvidia-gpu",
    "kata-vm-isolation",
    "kata-mshv-vm-isolation",
    "runc",
    "crun",
    "runsc",
    "gvisor",
    "nvidia",
    "nvidia-cdi",
    "nvidia-legacy",
];

/// The handler that imitates a TEE without hardware.
const DEVELOPMENT: &str = "kata-qemu-coco-dev";

/// What a handler starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// A TEE.
    Confidential,
    /// A guest that only looks like one.
    Development,
    /// No TEE.
    Ordinary,
    /// Something that is named like a TEE, and why that does not tell what it is.
    Doubtful(&'static str),
    /// Nobody knows.
    Unknown,
}

/// What a handler starts, by its name.
#[must_use]
pub fn starts(handler: &str) -> Starts {
    let is = |list: &[&str], name: &str| list.contains(&plain(name));
    if plain(handler) == "kata-qemu-sev" {
        return Starts::Doubtful(
            "it encrypts memory and does not protect its integrity: the host can exchange pages",
        );
    }
    if is(&CONFIDENTIAL, handler) {
        return Starts::Confidential;
    }
    if is(&ORDINARY, handler) {
        return Starts::Ordinary;
    }
    if begins(handler, DEVELOPMENT) {
        return Starts::Development;
    }
    let variants = ["-debug", "-devkit"];
    let variant = variants
        .iter()
        .find_map(|variant| handler.strip_suffix(variant));
    if variant.is_some_and(|shim| is(&ORDINARY, shim)) {
        return Starts::Ordinary;
    }
    if !CONFIDENTIAL.iter().any(|name| begins(handler, name)) {
        return Starts::Unknown;
    }
    Starts::Doubtful(if variant.is_some() {
        "its guest has debugging on, by which the host may get in"
    } else {
        "whoever installed it put a word of their own behind the name, and what it starts is not in these files"
    })
}

/// The name without the choice between the Go and the Rust runtime, which start the same guests.
fn plain(handler: &str) -> &str {
    handler.strip_suffix("-runtime-rs").unwrap_or(handler)
}

/// Whether a handler's name is this one with more words behind it, or the same.
fn begins(handler: &str, name: &str) -> bool {
    let rest = handler.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_starts() {
        for (handler, expected) in [
            ("kata-qemu-tdx", Starts::Confidential),
            ("kata-qemu-nvidia-gpu-snp-runtime-rs", Starts::Confidential),
            ("kata-nvidia-gpu-snp", Starts::Confidential),
            ("kata-qemu-nvidia-gpu", Starts::Ordinary),
            ("kata-qemu-nvidia-cpu-runtime-rs", Starts::Ordinary),
            ("kata-clh-azure-runtime-rs", Starts::Ordinary),
            ("kata-openvmm-azure-runtime-rs", Starts::Ordinary),
            ("kata-qemu-debug", Starts::Ordinary),
            ("kata-qemu-runtime-rs-devkit", Starts::Ordinary),
            ("kata-qemu-coco-dev-runtime-rs", Starts::Development),
            ("kata-qemu-coco-dev-blue", Starts::Development),
            ("kata-qemu-blue", Starts::Unknown),
            ("kata-qemu-tdxx", Starts::Unknown),
            ("secure", Starts::Unknown),
        ] {
            assert_eq!(starts(handler), expected, "{handler}");
        }
        for handler in [
            "kata-qemu-sev",
            "kata-qemu-tdx-debug",
            "kata-qemu-snp-runtime-rs-devkit",
            "kata-qemu-tdx-blue",
            "kata-cc-anything",
        ] {
            let starts = starts(handler);
            assert!(
                matches!(starts, Starts::Doubtful(_)),
                "{handler}: {starts:?}"
            );
        }
    }
}
