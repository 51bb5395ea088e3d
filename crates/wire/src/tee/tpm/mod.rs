//! The few commands that read evidence out of a TPM 2.0, and what it answers. None of them changes anything in it.
//!
//! Layouts: Trusted Computing Group, TPM 2.0 Library, Part 1 (18, headers and authorisations), Part 2 (structures), Part 3
//! (TPM2_NV_ReadPublic, TPM2_NV_Read, TPM2_Quote, TPM2_PCR_Read). Numbers as in tpm2-software/tpm2-tss,
//! include/tss2/tss2_tpm2_types.h, 3.2.1. All are big-endian.

mod command;
mod response;
mod selection;

pub use command::{nv_read, nv_read_public, pcr_read, quote};
pub use response::{
    PcrValues, Quoted, Refusal, ResponseCode, code, nv_data, nv_size, pcr_values, quoted,
};
pub use selection::Registers;

/// The most bytes that a TPM answers with (TPM2_MAX_RESPONSE_SIZE).
pub const LARGEST_RESPONSE: usize = 4096;

/// Bytes of a command or a response up to its content: tag, size, code.
pub const HEADER: usize = 10;

#[cfg(test)]
mod tests;
