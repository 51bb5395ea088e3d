//! A quote as a whole.

use super::{EnclaveReport, SignatureData, TdReport};
use crate::bytes::Problem;
use crate::{Cursor, Error};

/// A quote, taken apart. Borrows from the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Quote<'a> {
    /// The header.
    pub header: Header<'a>,
    /// What the quote is about.
    pub body: Body<'a>,
    /// The bytes under the signature: header and body.
    pub signed: &'a [u8],
    /// The signature and what vouches for it.
    pub signature: SignatureData<'a>,
    /// Bytes behind the quote that nothing signs. Zeros are usual: quoting services fill fixed buffers.
    pub trailing: &'a [u8],
}

/// The first 48 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    /// 3, 4 or 5.
    pub version: u16,
    /// 2: ECDSA on P-256.
    pub key_type: u16,
    /// What the evidence is of.
    pub tee_type: TeeType,
    /// Who made the quoting enclave; Intel's is [`Header::INTEL`].
    pub qe_vendor: &'a [u8; 16],
}

impl Header<'_> {
    /// The identifier of Intel's quoting enclaves: 939a7233-f79c-4ca9-940a-0db3957f0607.
    pub const INTEL: [u8; 16] = [
        0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06,
        0x07,
    ];
}

/// What a quote is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeeType {
    /// An SGX enclave.
    Sgx,
    /// A TDX trust domain.
    Tdx,
}

/// The body of a quote.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// The report of an enclave.
    Enclave(EnclaveReport<'a>),
    /// The report of a trust domain.
    TrustDomain(TdReport<'a>),
}

impl<'a> Quote<'a> {
    /// Whether bytes start like a quote: version, key type and type of TEE. The vendor is not asked: a quote of another
    /// quoting enclave is a quote, and is refused with that reason.
    #[must_use]
    pub fn looks_like(bytes: &[u8]) -> bool {
        let mut cursor = Cursor::new(bytes);
        matches!(
            (
                cursor.u16_le("version"),
                cursor.u16_le("attestation key type"),
                cursor.u32_le("TEE type"),
            ),
            (Ok(3), Ok(2), Ok(0)) | (Ok(4 | 5), Ok(2), Ok(0 | 0x81))
        ) && bytes.len() > 48
    }

    /// Takes a quote apart. O(1): nothing is copied.
    ///
    /// # Errors
    ///
    /// Where the layout breaks, with the field and its offset.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let header = read_header(&mut cursor)?;
        let body = if header.version == 5 {
            read_described(&mut cursor, header.tee_type)?
        } else {
            match header.tee_type {
                TeeType::Sgx => Body::Enclave(EnclaveReport::read(&mut cursor)?),
                TeeType::Tdx => Body::TrustDomain(TdReport::read_1_0(&mut cursor)?),
            }
        };
        let signed = bytes.get(..cursor.position()).unwrap_or_default();
        let length = cursor.length_le("signature data size")?;
        let mut part = cursor.part(length, "signature data")?;
        let signature = if header.version == 3 {
            SignatureData::read_v3(&mut part)?
        } else {
            SignatureData::read_v4(&mut part)?
        };
        part.end("signature data")?;
        Ok(Quote {
            header,
            body,
            signed,
            signature,
            trailing: cursor.rest(),
        })
    }

    /// REPORTDATA of the enclave or trust domain.
    #[must_use]
    pub fn report_data(&self) -> &'a [u8; 64] {
        match self.body {
            Body::Enclave(report) => report.report_data,
            Body::TrustDomain(report) => report.report_data,
        }
    }
}

fn read_header<'a>(cursor: &mut Cursor<'a>) -> Result<Header<'a>, Error> {
    let start = cursor.clone();
    let version = cursor.u16_le("version")?;
    if !(3..=5).contains(&version) {
        return Err(start.error(
            "version",
            Problem::Value {
                found: u64::from(version),
                expected: "3, 4 or 5",
            },
        ));
    }
    let at_key_type = cursor.clone();
    let key_type = cursor.u16_le("attestation key type")?;
    if key_type != 2 {
        return Err(at_key_type.error(
            "attestation key type",
            Problem::Value {
                found: u64::from(key_type),
                expected: "2 (ECDSA on P-256)",
            },
        ));
    }
    let at_type = cursor.clone();
    let tee_type = match (version, cursor.u32_le("TEE type")?) {
        (_, 0) => TeeType::Sgx,
        (4 | 5, 0x81) => TeeType::Tdx,
        (_, other) => {
            return Err(at_type.error(
                "TEE type",
                Problem::Value {
                    found: u64::from(other),
                    expected: "0 (SGX), or 0x81 (TDX) from version 4 on",
                },
            ));
        }
    };
    cursor.take(4, "QE SVN and PCE SVN")?;
    let qe_vendor = cursor.array("QE vendor id")?;
    cursor.take(20, "user data")?;
    Ok(Header {
        version,
        key_type,
        tee_type,
        qe_vendor,
    })
}

/// The body of version 5, which says its own kind and size.
fn read_described<'a>(cursor: &mut Cursor<'a>, tee_type: TeeType) -> Result<Body<'a>, Error> {
    let at_kind = cursor.clone();
    let kind = cursor.u16_le("body type")?;
    let size = cursor.length_le("body size")?;
    let mut body = cursor.part(size, "body")?;
    let read = match (kind, tee_type) {
        (1, TeeType::Sgx) => Body::Enclave(EnclaveReport::read(&mut body)?),
        (2, TeeType::Tdx) => Body::TrustDomain(TdReport::read_1_0(&mut body)?),
        (3, TeeType::Tdx) => Body::TrustDomain(TdReport::read_1_5(&mut body)?),
        (4, TeeType::Tdx) => Body::TrustDomain(TdReport::read_1_5_extended(&mut body)?),
        _ => {
            return Err(at_kind.error(
                "body type",
                Problem::Value {
                    found: u64::from(kind),
                    expected: "1 for SGX; 2, 3 or 4 for TDX",
                },
            ));
        }
    };
    body.end("body")?;
    Ok(read)
}
