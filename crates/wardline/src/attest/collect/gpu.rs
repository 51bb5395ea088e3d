//! Evidence of NVIDIA GPUs, through the library of their driver (NVML), which is loaded where it is there.
//!
//! Rules: nvml.h, "Confidential Computing definitions" (NVIDIA/go-nvml, gen/nvml/nvml.h, 2f9e261). The report and the chain are
//! handed on as NVML gives them, each cut to the size beside it, as NVIDIA/attestation-sdk does
//! (nv-attestation-sdk-cpp/src/gpu/nvml_client.cpp, 73c032e) and NVIDIA/nvtrust (local_gpu_verifier/src/verifier/nvml, 02817309).

mod refusal;

use super::challenge::Challenge;
use super::sources::{Found, Source, bundled};
use super::system::System;
use ::attest::Collateral;
use ::attest::base64;
use ::attest::bundle::BundledPiece;
use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml};
use std::borrow::Cow;
use std::path::Path;

/// What an SPDM request takes as a nonce.
const NONCE: usize = 32;

/// What the kernel's driver makes. Its own file is there where a container was given no GPU, or another than the first.
const DEVICES: [&str; 2] = ["dev/nvidia0", "dev/nvidiactl"];

const NEEDS: &str = "needs an NVIDIA GPU in confidential computing mode and its driver";

/// Asks every GPU.
pub(super) fn all(system: &impl System, library: &Path, nonce: &[u8]) -> Vec<Source> {
    let is_there = DEVICES
        .iter()
        .any(|device| system.exists(Path::new(device)));
    if cfg!(target_feature = "crt-static") {
        return vec![one(without_a_loader(is_there))];
    }
    match Nvml::builder().lib_path(library.as_os_str()).init() {
        Ok(driver) => through(&driver, nonce),
        Err(error) => vec![one(without_a_driver(error, is_there))],
    }
}

/// What is said of all GPUs at once.
fn one(found: Found) -> Source {
    Source {
        name: "NVIDIA GPU".into(),
        found,
    }
}

/// Whatever is on the machine: a program without the system's loader cannot load a library.
fn without_a_loader(is_there: bool) -> Found {
    const WHY: &str = "this program is linked statically and cannot load the driver's library";
    if is_there {
        Found::Failed(format!(
            "{WHY}: use the build for glibc, or collect with nvtrust, whose JSON is evidence"
        ))
    } else {
        Found::Missing(format!("{WHY}; {NEEDS}, and the build for glibc"))
    }
}

fn without_a_driver(error: NvmlError, is_there: bool) -> Found {
    let why = match error {
        NvmlError::LibloadingError(why) => {
            format!("the driver's library cannot be loaded ({why})")
        }
        NvmlError::DriverNotLoaded => {
            "the driver's library is there, but the kernel's driver is not loaded".to_owned()
        }
        NvmlError::UnexpectedVariant(refusal::GPU_NOT_FOUND) => return without_a_gpu(),
        error => return Found::Failed(refusal::told("nvmlInit_v2", error)),
    };
    if is_there {
        Found::Failed(format!("/dev/nvidia* is there, but {why}"))
    } else {
        Found::Missing(format!("{why}; {NEEDS}"))
    }
}

fn without_a_gpu() -> Found {
    Found::Missing(format!("the driver finds no GPU; {NEEDS}"))
}

fn through(driver: &Nvml, nonce: &[u8]) -> Vec<Source> {
    let count = match driver.device_count() {
        Ok(0) => return vec![one(without_a_gpu())],
        Ok(count) => count,
        Err(error) => {
            let why = refusal::told("nvmlDeviceGetCount_v2", error);
            return vec![one(Found::Failed(why))];
        }
    };
    let mut sources = Vec::new();
    let mut is_protected_pcie = false;
    for number in 0..count {
        match driver.device_by_index(number) {
            Ok(device) => {
                sources.push(Source {
                    name: name(number, &device),
                    found: piece(&device, nonce).map_or_else(|found| found, Found::Evidence),
                });
                is_protected_pcie |= device
                    .is_multi_gpu_protected_pcie_enabled()
                    .unwrap_or(false);
            }
            Err(error) => sources.push(Source {
                name: format!("NVIDIA GPU {number}").into(),
                found: Found::Failed(refusal::told("nvmlDeviceGetHandleByIndex_v2", error)),
            }),
        }
    }
    if count > 1 && is_protected_pcie {
        sources.push(switches());
    }
    sources
}

/// In this mode what GPUs say to each other passes the switches in clear, so that those must be attested, too.
fn switches() -> Source {
    Source {
        name: "NVSwitch".into(),
        found: Found::There(
            "the GPUs are in protected PCIe mode, so that their switches count, too. Evidence of switches comes through libnvidia-nscq, which is not loaded here: collect it with nvtrust, whose JSON is evidence"
                .to_owned(),
        ),
    }
}

fn name(number: u32, device: &Device<'_>) -> Cow<'static, str> {
    let model = device.name().unwrap_or_else(|_| "NVIDIA GPU".to_owned());
    match device.uuid() {
        Ok(id) => format!("{model} {number}, {id}").into(),
        Err(_) => format!("{model} {number}").into(),
    }
}

fn piece(device: &Device<'_>, nonce: &[u8]) -> Result<Box<BundledPiece>, Found> {
    // The chain comes first: a GPU that has no evidence to give needs no other nonce.
    let chain = device
        .confidential_compute_gpu_certificate()
        .map_err(|error| refusal::found(device, "nvmlDeviceGetConfComputeGpuCertificate", error))?;
    let asked = padded(nonce).ok_or_else(|| {
        Found::Failed(format!(
            "GPUs take {NONCE} bytes, and --nonce has {}: give {NONCE} bytes or fewer",
            nonce.len()
        ))
    })?;
    let report = device
        .confidential_compute_gpu_attestation_report(asked)
        .map_err(|error| {
            refusal::found(
                device,
                "nvmlDeviceGetConfComputeGpuAttestationReport",
                error,
            )
        })?;
    let mut piece = bundled(&report.attestation_report, &Challenge::alone(nonce))
        .map_err(|why| Found::Failed(format!("its report is not recognised: {why}")))?;
    piece.certificates = certificates(&chain.attestation_cert_chain)
        .map_err(|why| Found::Failed(format!("its certificates: {why}")))?;
    Ok(piece)
}

/// The nonce with zeros behind it, as report data of processors has them. `None` where it is too long.
fn padded(nonce: &[u8]) -> Option<[u8; NONCE]> {
    let mut asked = [0; NONCE];
    asked.get_mut(..nonce.len())?.copy_from_slice(nonce);
    Some(asked)
}

/// The chain as a piece of a bundle holds it: PEM, as drivers give it, without the zeros that fill it up; else base64 of DER.
/// Nothing where the driver gave nothing: then a verifier takes certificates from elsewhere.
fn certificates(chain: &[u8]) -> Result<Vec<String>, String> {
    if chain.iter().all(|byte| *byte == 0) {
        return Ok(Vec::new());
    }
    let text = std::str::from_utf8(chain)
        .ok()
        .map(|text| text.trim_end_matches('\0'))
        .filter(|text| text.contains("-----BEGIN "));
    let held = text.map_or_else(|| base64::encode(chain), str::to_owned);
    // As the bundle will be read.
    Collateral::default()
        .add(held.as_bytes())
        .map_err(|why| why.0)?;
    Ok(vec![held])
}

#[cfg(test)]
mod tests;
