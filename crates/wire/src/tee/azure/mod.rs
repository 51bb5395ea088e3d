//! What Azure's confidential virtual machines keep in their virtual TPM: the paravisor's report, and quotes of the TPM.

mod hcl;
mod tpm;

pub use hcl::{HclReport, RuntimeHash, TeeReport};
pub use tpm::{PcrSelection, TpmQuote, TpmSignature};
