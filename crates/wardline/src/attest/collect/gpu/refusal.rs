//! What it means that NVML refuses.
//!
//! Rules: nvml.h, `nvmlReturn_t` (NVIDIA/go-nvml, gen/nvml/nvml.h, 2f9e261).

use super::Found;
use nvml_wrapper::Device;
use nvml_wrapper::error::NvmlError;

/// No GPU was found. Newer than the crate.
pub(super) const GPU_NOT_FOUND: u32 = 28;

/// What a GPU's refusal to give evidence comes to.
pub(super) fn found(device: &Device<'_>, call: &str, error: NvmlError) -> Found {
    match error {
        NvmlError::NotSupported => match is_confidential(device) {
            Some(true) => Found::Failed(format!(
                "confidential computing is on, and yet it gives no evidence: {}",
                told(call, error)
            )),
            Some(false) => Found::There(
                "not in confidential computing mode: it has no evidence to give".to_owned(),
            ),
            None => Found::There(
                "it has no evidence to give: not in confidential computing mode, or of a model without it"
                    .to_owned(),
            ),
        },
        NvmlError::FailedToLoadSymbol(_) => Found::There(format!(
            "it has no evidence to give: the driver's library has no {call}, so it is older than confidential computing on GPUs"
        )),
        error => Found::Failed(told(call, error)),
    }
}

/// Whether the mode is on, alone or for several GPUs. `None` where the driver does not know.
fn is_confidential(device: &Device<'_>) -> Option<bool> {
    let is_protected_pcie = device.is_multi_gpu_protected_pcie_enabled();
    let is_on = device.is_cc_enabled();
    Some(is_on.ok()? || is_protected_pcie.ok()?)
}

/// An error by the name that NVIDIA gives it.
pub(super) fn told(call: &str, error: NvmlError) -> String {
    let words = error.to_string();
    let hint = match error {
        NvmlError::NoPermission => "; run it as root, or as a user who may open /dev/nvidia*",
        _ => "",
    };
    match name(error) {
        Some(name) => format!("{call}: {name} ({words}){hint}"),
        None => format!("{call}: {words}"),
    }
}

/// `None` for errors that are not the library's own.
fn name(error: NvmlError) -> Option<&'static str> {
    if matches!(
        error,
        NvmlError::Utf8Error(_)
            | NvmlError::NulError(_)
            | NvmlError::LibloadingError(_)
            | NvmlError::FailedToLoadSymbol(_)
    ) {
        return None;
    }
    Some(match u32::from(error) {
        1 => "NVML_ERROR_UNINITIALIZED",
        2 => "NVML_ERROR_INVALID_ARGUMENT",
        3 => "NVML_ERROR_NOT_SUPPORTED",
        4 => "NVML_ERROR_NO_PERMISSION",
        6 => "NVML_ERROR_NOT_FOUND",
        7 => "NVML_ERROR_INSUFFICIENT_SIZE",
        8 => "NVML_ERROR_INSUFFICIENT_POWER",
        9 => "NVML_ERROR_DRIVER_NOT_LOADED",
        10 => "NVML_ERROR_TIMEOUT",
        11 => "NVML_ERROR_IRQ_ISSUE",
        12 => "NVML_ERROR_LIBRARY_NOT_FOUND",
        13 => "NVML_ERROR_FUNCTION_NOT_FOUND",
        14 => "NVML_ERROR_CORRUPTED_INFOROM",
        15 => "NVML_ERROR_GPU_IS_LOST",
        16 => "NVML_ERROR_RESET_REQUIRED",
        17 => "NVML_ERROR_OPERATING_SYSTEM",
        18 => "NVML_ERROR_LIB_RM_VERSION_MISMATCH",
        19 => "NVML_ERROR_IN_USE",
        20 => "NVML_ERROR_MEMORY",
        21 => "NVML_ERROR_NO_DATA",
        22 => "NVML_ERROR_VGPU_ECC_NOT_SUPPORTED",
        23 => "NVML_ERROR_INSUFFICIENT_RESOURCES",
        24 => "NVML_ERROR_FREQ_NOT_SUPPORTED",
        25 => "NVML_ERROR_ARGUMENT_VERSION_MISMATCH",
        26 => "NVML_ERROR_DEPRECATED",
        27 => "NVML_ERROR_NOT_READY",
        GPU_NOT_FOUND => "NVML_ERROR_GPU_NOT_FOUND",
        29 => "NVML_ERROR_INVALID_STATE",
        30 => "NVML_ERROR_RESET_TYPE_NOT_SUPPORTED",
        999 => "NVML_ERROR_UNKNOWN",
        _ => return None,
    })
}
