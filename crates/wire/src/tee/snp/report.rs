//! The report itself.

use super::bits::{GuestPolicy, KeyInfo, PlatformInfo};
use super::product::Cpuid;
use super::reserved::Reserved;
use super::signature::Signature;
use super::tcb::Tcb;
use crate::bytes::{Cursor, Error, Problem};
use std::fmt;

/// A report, taken apart. Borrows from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<'a> {
    /// VERSION: 2 to 5 are known; later ones are read as 5.
    pub version: u32,
    /// GUEST_SVN: the guest's own security version, from its ID block.
    pub guest_svn: u32,
    /// POLICY.
    pub policy: GuestPolicy,
    /// FAMILY_ID, from the ID block.
    pub family_id: &'a [u8; 16],
    /// IMAGE_ID, from the ID block.
    pub image_id: &'a [u8; 16],
    /// VMPL: the privilege level inside the guest that asked.
    pub vmpl: u32,
    /// SIGNATURE_ALGO: 1 is ECDSA P-384 with SHA-384.
    pub signature_algorithm: u32,
    /// CURRENT_TCB: what runs now.
    pub current_tcb: Tcb,
    /// PLATFORM_INFO.
    pub platform_info: PlatformInfo,
    /// KEY_INFO: author key, masking, and which key signed.
    pub key_info: KeyInfo,
    /// REPORT_DATA: what the guest put in.
    pub report_data: &'a [u8; 64],
    /// MEASUREMENT: SHA-384 over the initial memory.
    pub measurement: &'a [u8; 48],
    /// HOST_DATA: what the host put in at launch.
    pub host_data: &'a [u8; 32],
    /// ID_KEY_DIGEST: SHA-384 of the key that signed the ID block.
    pub id_key_digest: &'a [u8; 48],
    /// AUTHOR_KEY_DIGEST: SHA-384 of the key that certified the ID key.
    pub author_key_digest: &'a [u8; 48],
    /// REPORT_ID: of this guest, new with every launch.
    pub report_id: &'a [u8; 32],
    /// REPORT_ID_MA: of the guest's migration agent.
    pub report_id_ma: &'a [u8; 32],
    /// REPORTED_TCB: what the signing key was derived from.
    pub reported_tcb: Tcb,
    /// The processor; from version 3.
    pub cpuid: Option<Cpuid>,
    /// CHIP_ID; all zero where the host masks it.
    pub chip_id: &'a [u8; 64],
    /// COMMITTED_TCB: what the platform cannot be rolled back behind.
    pub committed_tcb: Tcb,
    /// The firmware that runs now.
    pub current_firmware: Firmware,
    /// The firmware that cannot be rolled back behind.
    pub committed_firmware: Firmware,
    /// LAUNCH_TCB: CURRENT_TCB when the guest was launched or imported.
    pub launch_tcb: Tcb,
    /// Mitigations in force; from version 4.
    pub mitigations: Option<MitigationVectors>,
    /// What the signature covers.
    pub signed: &'a [u8],
    /// SIGNATURE.
    pub signature: Signature<'a>,
    /// Offset of the first reserved byte of the signed part that is not zero: a later version says something there.
    pub reserved_set: Option<usize>,
}

/// A firmware version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Firmware {
    /// Major number of the ABI.
    pub major: u8,
    /// Minor number of the ABI.
    pub minor: u8,
    /// Build.
    pub build: u8,
}

/// Mitigations that the firmware verified, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MitigationVectors {
    /// LAUNCH_MIT_VECTOR: when the guest was launched.
    pub launch: u64,
    /// CURRENT_MIT_VECTOR: now.
    pub current: u64,
}

impl<'a> Report<'a> {
    /// Bytes of a report.
    pub const SIZE: usize = 0x4a0;

    /// Bytes that the signature covers.
    pub const SIGNED: usize = 0x2a0;

    /// Reads the report at the start of `bytes`. What follows it is not looked at.
    ///
    /// # Errors
    ///
    /// When it is truncated, or its version is below 2.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut at = Cursor::new(bytes);
        let mut reserved = Reserved(None);
        let version = at.u32_le("VERSION")?;
        if version < 2 {
            return Err(Error {
                field: "VERSION",
                offset: 0,
                problem: Problem::Value {
                    found: version.into(),
                    expected: "2 to 5",
                },
            });
        }
        let guest_svn = at.u32_le("GUEST_SVN")?;
        let policy = GuestPolicy(at.u64_le("POLICY")?);
        let family_id = at.array("FAMILY_ID")?;
        let image_id = at.array("IMAGE_ID")?;
        let vmpl = at.u32_le("VMPL")?;
        let signature_algorithm = at.u32_le("SIGNATURE_ALGO")?;
        let current_tcb = tcb(&mut at, "CURRENT_TCB")?;
        let platform_info = PlatformInfo(at.u64_le("PLATFORM_INFO")?);
        let key_info = KeyInfo(at.u32_le("KEY_INFO")?);
        reserved.skip(&mut at, 4, "reserved bytes")?;
        let report_data = at.array("REPORT_DATA")?;
        let measurement = at.array("MEASUREMENT")?;
        let host_data = at.array("HOST_DATA")?;
        let id_key_digest = at.array("ID_KEY_DIGEST")?;
        let author_key_digest = at.array("AUTHOR_KEY_DIGEST")?;
        let report_id = at.array("REPORT_ID")?;
        let report_id_ma = at.array("REPORT_ID_MA")?;
        let reported_tcb = tcb(&mut at, "REPORTED_TCB")?;
        let cpuid = if version >= 3 {
            let [family, model, stepping] = *at.array("CPUID")?;
            Some(Cpuid {
                family,
                model,
                stepping,
            })
        } else {
            None
        };
        reserved.skip(
            &mut at,
            if version >= 3 { 21 } else { 24 },
            "reserved bytes",
        )?;
        let chip_id = at.array("CHIP_ID")?;
        let committed_tcb = tcb(&mut at, "COMMITTED_TCB")?;
        let current_firmware = firmware(&mut at, "CURRENT_BUILD")?;
        reserved.skip(&mut at, 1, "reserved byte")?;
        let committed_firmware = firmware(&mut at, "COMMITTED_BUILD")?;
        reserved.skip(&mut at, 1, "reserved byte")?;
        let launch_tcb = tcb(&mut at, "LAUNCH_TCB")?;
        // The text names them from version 5 on, but Turin's firmware already writes them into version 4.
        let mitigations = if version >= 4 {
            Some(MitigationVectors {
                launch: at.u64_le("LAUNCH_MIT_VECTOR")?,
                current: at.u64_le("CURRENT_MIT_VECTOR")?,
            })
        } else {
            None
        };
        let rest = Self::SIGNED.saturating_sub(at.position());
        reserved.skip(&mut at, rest, "reserved bytes")?;
        let signature = Signature::parse(&mut at)?;
        Ok(Report {
            version,
            guest_svn,
            policy,
            family_id,
            image_id,
            vmpl,
            signature_algorithm,
            current_tcb,
            platform_info,
            key_info,
            report_data,
            measurement,
            host_data,
            id_key_digest,
            author_key_digest,
            report_id,
            report_id_ma,
            reported_tcb,
            cpuid,
            chip_id,
            committed_tcb,
            current_firmware,
            committed_firmware,
            launch_tcb,
            mitigations,
            signed: bytes.get(..Self::SIGNED).unwrap_or_default(),
            signature,
            reserved_set: reserved.0,
        })
    }

    /// Whether this version's layout is known.
    #[must_use]
    pub fn is_known_version(&self) -> bool {
        matches!(self.version, 2..=5)
    }

    /// Whether the host masks the chip's identity.
    #[must_use]
    pub fn is_chip_id_masked(&self) -> bool {
        self.chip_id.iter().all(|byte| *byte == 0)
    }
}

impl fmt::Display for Firmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Firmware {
            major,
            minor,
            build,
        } = self;
        write!(f, "{major}.{minor}.{build}")
    }
}

fn tcb(at: &mut Cursor<'_>, field: &'static str) -> Result<Tcb, Error> {
    at.array(field).copied().map(Tcb)
}

fn firmware(at: &mut Cursor<'_>, field: &'static str) -> Result<Firmware, Error> {
    let [build, minor, major] = *at.array(field)?;
    Ok(Firmware {
        major,
        minor,
        build,
    })
}

#[cfg(test)]
mod tests;
