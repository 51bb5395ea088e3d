//! Reports of AMD SEV-SNP, and the certificates that hosts hand out beside them.
//!
//! Layouts: SEV Secure Nested Paging Firmware ABI Specification (AMD 56860), table ATTESTATION_REPORT; Guest-Hypervisor
//! Communication Block (AMD 56421) for the certificate table.

mod bits;
mod product;
mod report;
mod reserved;
mod signature;
mod table;
mod tcb;

pub use bits::{GuestPolicy, KeyInfo, PlatformInfo, SigningKey};
pub use product::{Cpuid, Product};
pub use report::{Firmware, MitigationVectors, Report};
pub use signature::Signature;
pub use table::{CertificateTable, Entry, Guid};
pub use tcb::{Components, Tcb, TcbLayout};
