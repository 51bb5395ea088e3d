//! Evidence under roots of its own, for tests and benchmarks: what no real platform can be made to sign, and as much of it as a
//! fleet has. It proves nothing to anybody who pins the vendors' roots.

mod authority;
mod der;
pub mod intel;
pub mod nvidia;
pub mod ocsp;
pub mod ra_tls;
pub mod snp;
pub mod vectors;

pub use authority::{Authority, Names, Window};
