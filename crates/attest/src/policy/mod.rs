//! What the user expects: which code, which firmware, what is accepted. Read from TOML.

mod bytes;
mod derived;

pub use bytes::Hex;
pub use derived::Derived;

use crate::azure::VtpmPolicy;
use crate::intel::{SgxPolicy, TcbPolicy, TcbStatus, TdxPolicy};
use crate::nvidia::NvidiaPolicy;
use crate::snp::SnpPolicy;
use serde::Deserialize;

/// A policy. Every part is optional: what is not pinned stays unproven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Policy {
    /// Which SGX enclaves are ours.
    pub sgx: Option<SgxPolicy>,
    /// Which trust domains are ours.
    pub tdx: Option<TdxPolicy>,
    /// Which SEV-SNP guests are ours.
    pub snp: Option<SnpPolicy>,
    /// Which operating systems are ours, where a virtual TPM measured them (Azure).
    pub vtpm: Option<VtpmPolicy>,
    /// Which GPUs and switches are accepted.
    pub nvidia: Option<NvidiaPolicy>,
    /// Which TCB states of Intel platforms are accepted.
    pub tcb: TcbPolicy,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    ///
    /// A message with line, column and the line itself: an unknown key is an error, because what it was meant to pin would
    /// not be pinned.
    pub fn parse(text: &str) -> Result<Self, String> {
        let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
        // A misspelt state would be accepted by nobody, and one that is refused anyway is a wish that cannot be granted.
        match policy.tcb.accept.iter().find(|status| status.is_refused()) {
            Some(TcbStatus::Unknown) => Err(format!(
                "tcb.accept names a state that Intel does not have; there are {}",
                TcbStatus::ALL.map(TcbStatus::name).join(", ")
            )),
            Some(refused) => Err(format!("tcb.accept: no policy can accept {refused}")),
            None => Ok(policy),
        }
    }
}
