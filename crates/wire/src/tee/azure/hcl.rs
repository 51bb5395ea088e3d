//! The paravisor's report (HCL: host compatibility layer), read from NV index 0x01400001.
//!
//! Layout: Microsoft, "Guest attestation for Confidential VMs", table of the attestation report (`HCLA`).

use crate::bytes::{Cursor, Error, Problem};

/// The paravisor's report. Borrows from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HclReport<'a> {
    /// The layout: 1 and 2 are known.
    pub version: u32,
    /// Bytes that the whole takes, as it says itself.
    pub report_size: u32,
    /// What was asked for: 2 is the platform's evidence.
    pub request_type: u32,
    /// The hardware's report.
    pub tee_report: TeeReport<'a>,
    /// The layout of the runtime data.
    pub runtime_version: u32,
    /// The digest of the runtime data that stands in the hardware's report.
    pub hash: RuntimeHash,
    /// The runtime data, byte for byte as they were hashed: JSON with the TPM's keys.
    pub runtime_data: &'a [u8],
}

/// The hardware's report inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeeReport<'a> {
    /// An SEV-SNP report of 1184 bytes.
    Snp(&'a [u8]),
    /// A TDREPORT of 1024 bytes: readable on its own machine only; a quote stands for it elsewhere.
    Tdx(&'a [u8]),
}

/// A digest algorithm of runtime data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeHash {
    /// 1.
    Sha256,
    /// 2.
    Sha384,
    /// 3.
    Sha512,
}

impl<'a> HclReport<'a> {
    /// Where the hardware's report starts.
    const TEE_REPORT: usize = 32;
    /// Bytes that it has room in.
    const TEE_ROOM: usize = 1184;

    /// Reads a report. What follows the runtime data (the TPM pads with zeros) is not looked at.
    ///
    /// # Errors
    ///
    /// When it is none, is truncated, or is of a kind that is not known here.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut at = Cursor::new(bytes);
        let signature = at.array::<4>("HCL signature")?;
        if signature != b"HCLA" {
            return Err(Error {
                field: "HCL signature",
                offset: 0,
                problem: Problem::Malformed("not \"HCLA\""),
            });
        }
        let version = at.u32_le("HCL version")?;
        let report_size = at.u32_le("HCL report size")?;
        let request_type = at.u32_le("HCL request type")?;
        at.take(Self::TEE_REPORT - 16, "HCL status and reserved bytes")?;
        let report = at.take(Self::TEE_ROOM, "hardware report")?;
        at.u32_le("runtime data size")?;
        let runtime_version = at.u32_le("runtime data version")?;
        let place = at.clone();
        let tee_report = match at.u32_le("report type")? {
            2 => TeeReport::Snp(report),
            4 => TeeReport::Tdx(report.get(..1024).unwrap_or_default()),
            other => return Err(unknown(&place, "report type", other, "2 (SNP) or 4 (TDX)")),
        };
        let place = at.clone();
        let hash = match at.u32_le("hash type")? {
            1 => RuntimeHash::Sha256,
            2 => RuntimeHash::Sha384,
            3 => RuntimeHash::Sha512,
            other => return Err(unknown(&place, "hash type", other, "1, 2 or 3")),
        };
        let length = at.length_le("runtime data length")?;
        let runtime_data = at.take(length, "runtime data")?;
        Ok(HclReport {
            version,
            report_size,
            request_type,
            tee_report,
            runtime_version,
            hash,
            runtime_data,
        })
    }
}

fn unknown(at: &Cursor<'_>, field: &'static str, found: u32, expected: &'static str) -> Error {
    at.error(
        field,
        Problem::Value {
            found: found.into(),
            expected,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: u8, json: &[u8]) -> Vec<u8> {
        let mut bytes = b"HCLA".to_vec();
        bytes.resize(1216, 0);
        for number in [0, 1, u32::from(kind), 1] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(u32::try_from(json.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(json);
        bytes
    }

    #[test]
    fn keeps_the_runtime_data_byte_for_byte() {
        let mut bytes = report(2, b"{ }");
        bytes.extend([0; 100]);
        let parsed = HclReport::parse(&bytes).expect("a report");
        assert_eq!(parsed.runtime_data, b"{ }");
        assert!(matches!(parsed.tee_report, TeeReport::Snp(report) if report.len() == 1184));
        assert_eq!(parsed.hash, RuntimeHash::Sha256);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let bytes = report(9, b"{}");
        let error = HclReport::parse(&bytes).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("report type at byte 1224 is 9 (0x9), expected 2 (SNP) or 4 (TDX)".to_owned())
        );
        let bytes = report(4, b"{}");
        for length in 0..bytes.len() {
            assert!(HclReport::parse(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn no_changed_byte_makes_it_panic_or_loop() {
        let mut bytes = report(2, b"{}");
        for at in 0..bytes.len() {
            for value in 0..=u8::MAX {
                let kept = std::mem::replace(&mut bytes[at], value);
                let parsed = HclReport::parse(&bytes);
                assert_eq!(parsed, HclReport::parse(&bytes));
                bytes[at] = kept;
            }
        }
    }
}
