//! Reports of AMD SEV-SNP.
//!
//! Rules: AMD 56860 (firmware ABI), 57230 (VCEK certificates and key service), 55766 chapter 3 (certificate chain).

mod appraise;
mod attributes;
mod claims;
mod endorsement;
mod evidence;
mod extension;
mod identity;
mod key;
mod memory;
mod policy;
mod revocation;
mod signature;
mod structure;
mod structured;
mod tcb;

pub use appraise::appraise;
pub(crate) use appraise::appraise_unbound;
pub use evidence::certificates;
pub(crate) use memory::Memory;
pub use policy::{Abi, SnpPolicy, TcbFloor, TcbFloors};
pub use structured::report_of_json;
