//! Evidence of NVIDIA GPUs (Hopper) and switches (LS10): an SPDM 1.1 `GET_MEASUREMENTS` request, and the device's signed
//! `MEASUREMENTS` response behind it.
//!
//! Layout: DMTF DSP0274 1.1.1, sections "GET_MEASUREMENTS request" and "MEASUREMENTS response"; what NVIDIA puts into the
//! opaque part: nvtrust, `spdm_msrt_resp_msg.py` of the GPU and of the switch verifier.

mod opaque;
pub mod rim;
mod spdm;

pub use opaque::{FieldKind, OpaqueField};
pub use spdm::{Evidence, Measurement, Request};
