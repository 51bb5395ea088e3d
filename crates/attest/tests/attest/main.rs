//! Evidence of real hardware, and evidence made for the tests.

mod minted;
mod nvidia;
mod nvidia_minted;
mod vectors;
