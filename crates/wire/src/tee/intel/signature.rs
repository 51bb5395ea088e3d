//! The signature data behind a quote: who signed, and who vouches for that key.

use super::EnclaveReport;
use crate::bytes::Problem;
use crate::{Cursor, Error};

/// The signature and the attestation key that made it.
#[derive(Clone, Copy, Debug)]
pub struct SignatureData<'a> {
    /// Over header and body: r and s, 32 bytes each.
    pub signature: &'a [u8; 64],
    /// The attestation key: x and y, 32 bytes each.
    pub attestation_key: &'a [u8; 64],
    /// Who vouches for that key.
    pub qe: QeCertification<'a>,
    /// Everything from the attestation key on that vouches for it, for telling equal chains.
    pub vouching: &'a [u8],
}

/// The quoting enclave's report about the attestation key, signed with the platform's certification key.
#[derive(Clone, Copy, Debug)]
pub struct QeCertification<'a> {
    /// The report; the first half of its REPORTDATA is SHA-256 over the attestation key and the authentication data.
    pub report: EnclaveReport<'a>,
    /// Over the report: r and s, 32 bytes each.
    pub report_signature: &'a [u8; 64],
    /// Bytes of the quoting enclave's own.
    pub authentication_data: &'a [u8],
    /// How the certification key is told.
    pub certification: Certification<'a>,
}

/// How the certification key (PCK) is told.
#[derive(Clone, Copy, Debug)]
pub enum Certification<'a> {
    /// Type 5: PEM of PCK certificate, intermediate and root.
    Chain(&'a [u8]),
    /// Types 1 to 4: only an identifier of the platform; the certificate must come from elsewhere.
    Identifier {
        /// The type.
        kind: u16,
        /// The identifier, plain or encrypted.
        data: &'a [u8],
    },
}

/// Largest chain that is read: Intel's take about 3.7 kB.
const MAX_CERTIFICATION: usize = 64 << 10;

impl<'a> SignatureData<'a> {
    /// Reads version 3, in which the quoting enclave's report follows the key.
    ///
    /// # Errors
    ///
    /// Where the layout breaks.
    pub fn read_v3(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let signature = cursor.array("quote signature")?;
        let vouching = cursor.rest();
        let attestation_key = cursor.array("attestation key")?;
        let qe = QeCertification::read(cursor)?;
        Ok(SignatureData {
            signature,
            attestation_key,
            qe,
            vouching: consumed(vouching, cursor),
        })
    }

    /// Reads versions 4 and 5, in which the quoting enclave's report is wrapped as certification data of type 6.
    ///
    /// # Errors
    ///
    /// Where the layout breaks.
    pub fn read_v4(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let signature = cursor.array("quote signature")?;
        let vouching = cursor.rest();
        let attestation_key = cursor.array("attestation key")?;
        let at_kind = cursor.clone();
        let kind = cursor.u16_le("certification data type")?;
        let length = cursor.length_le("certification data size")?;
        if kind != 6 {
            return Err(at_kind.error(
                "certification data type",
                Problem::Value {
                    found: u64::from(kind),
                    expected: "6 (the quoting enclave's report)",
                },
            ));
        }
        let mut inner = cursor.part(length, "certification data")?;
        let qe = QeCertification::read(&mut inner)?;
        inner.end("certification data")?;
        Ok(SignatureData {
            signature,
            attestation_key,
            qe,
            vouching: consumed(vouching, cursor),
        })
    }
}

/// The part of `before` that a cursor over it has read since.
fn consumed<'a>(before: &'a [u8], cursor: &Cursor<'a>) -> &'a [u8] {
    let read = before.len().saturating_sub(cursor.rest().len());
    before.get(..read).unwrap_or(before)
}

impl<'a> QeCertification<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let report = EnclaveReport::read(cursor)?;
        let report_signature = cursor.array("QE report signature")?;
        let length = usize::from(cursor.u16_le("QE authentication data size")?);
        let authentication_data = cursor.take(length, "QE authentication data")?;
        let kind = cursor.u16_le("certification data type")?;
        let at_length = cursor.clone();
        let length = cursor.length_le("certification data size")?;
        if length > MAX_CERTIFICATION {
            return Err(at_length.error(
                "certification data size",
                Problem::Malformed("more than 64 KiB"),
            ));
        }
        let data = cursor.take(length, "certification data")?;
        let certification = match kind {
            5 => Certification::Chain(data),
            kind => Certification::Identifier { kind, data },
        };
        Ok(QeCertification {
            report,
            report_signature,
            authentication_data,
            certification,
        })
    }
}
