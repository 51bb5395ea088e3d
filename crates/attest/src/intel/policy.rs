//! Which enclaves and trust domains are ours, and which states of a platform are accepted.

use crate::policy::Hex;
use serde::Deserialize;

/// The `[sgx]` section of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct SgxPolicy {
    /// Measurements of reviewed builds.
    pub mr_enclave: Vec<Hex<32>>,
    /// Who signed: SHA-256 of the modulus. Alone it admits everything that the signer ever signs.
    pub mr_signer: Vec<Hex<32>>,
    /// The product number that the signer gave.
    pub isv_prod_id: Option<u16>,
    /// The lowest security version that is accepted. Counts only without `mr-enclave`.
    pub isv_svn_min: Option<u16>,
    /// What the launcher configured (KSS).
    pub config_id: Vec<Hex<64>>,
    /// The lowest version of that configuration that is accepted (KSS).
    pub config_svn_min: Option<u16>,
    /// The product's extended number (KSS).
    pub isv_ext_prod_id: Vec<Hex<16>>,
    /// The product's family (KSS).
    pub isv_family_id: Vec<Hex<16>>,
}

/// The `[tdx]` section of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TdxPolicy {
    /// Measurements of the initial image (firmware).
    pub mr_td: Vec<Hex<48>>,
    /// Run-time registers: kernel, command line, initial RAM disk and what follows.
    pub rtmr0: Vec<Hex<48>>,
    /// As `rtmr0`.
    pub rtmr1: Vec<Hex<48>>,
    /// As `rtmr0`.
    pub rtmr2: Vec<Hex<48>>,
    /// As `rtmr0`.
    pub rtmr3: Vec<Hex<48>>,
    /// What the launcher configured: the digest of a Kata pod's init data.
    pub mr_config_id: Vec<Hex<48>>,
    /// The owner, where the launcher names one.
    pub mr_owner: Vec<Hex<48>>,
    /// The owner's configuration, where the launcher names one.
    pub mr_owner_config: Vec<Hex<48>>,
    /// A paravisor owns the exceptions of the guest (Azure): SEPT_VE_DISABLE does not concern it.
    pub paravisor: bool,
    /// Service trust domains (migration, virtual TPM) are expected.
    pub service_td: bool,
}

/// The `[tcb]` section of a policy: Intel platforms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TcbPolicy {
    /// States that are accepted beside `UpToDate`, such as `SWHardeningNeeded` where the enclave's code is known to hold the
    /// mitigations.
    pub accept: Vec<super::TcbStatus>,
    /// The lowest TCB evaluation data number that is accepted.
    pub evaluation_min: Option<u32>,
    /// Hyper-threading must be off.
    pub smt_off: bool,
    /// Packages must not be added to the platform, or taken from it, once it is registered.
    pub static_platform: bool,
    /// Intel's registration service must not keep the platform's keys.
    pub no_cached_keys: bool,
    /// Memory must be protected against changes, not only against reading.
    pub memory_integrity: bool,
}
