//! The two messages.

use super::opaque::{self, FieldKind, OpaqueField};
use crate::bytes::{Cursor, Error, Problem};

/// SPDM 1.1 as a byte (DSP0274 1.1.1, table "Generic SPDM message field definitions").
const SPDM_1_1: u8 = 0x11;
/// The code of a `GET_MEASUREMENTS` request.
const GET_MEASUREMENTS: u8 = 0xe0;
/// The code of a `MEASUREMENTS` response.
const MEASUREMENTS: u8 = 0x60;
/// The one measurement specification there is: DMTF's.
const DMTF: u8 = 1;

/// The request that the device signed its answer to, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// The request.
    pub request: Request<'a>,
    /// The device's slot number, from the low bits of the response's second parameter.
    pub slot: u8,
    /// Measurements in the order of the record. No index stands twice.
    pub measurements: Vec<Measurement<'a>>,
    /// The device's own random number.
    pub response_nonce: &'a [u8; 32],
    /// What the device says of itself, in order. No kind stands twice.
    pub opaque: Vec<OpaqueField<'a>>,
    /// What is signed: the request and the response up to the signature.
    pub signed: &'a [u8],
    /// ECDSA on P-384 with SHA-384: r and s of 48 bytes each, big-endian.
    pub signature: &'a [u8; 96],
    /// Bytes behind the signature, which nothing signs: none, or the one that NVIDIA's driver sometimes leaves.
    pub trailing: &'a [u8],
}

/// A `GET_MEASUREMENTS` request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Request attributes; bit 0 asks for a signature.
    pub attributes: u8,
    /// Which measurements are asked for: 0xff is all of them.
    pub operation: u8,
    /// The challenge.
    pub nonce: &'a [u8; 32],
    /// Which certificate slot is to sign.
    pub slot: u8,
}

/// One measurement block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurement<'a> {
    /// Its index, from 1. Reference manifests count from 0.
    pub index: u8,
    /// The kind that DMTF's specification numbers: 1 is mutable firmware, the high bit means a raw value.
    pub kind: u8,
    /// The value: SHA-384.
    pub value: &'a [u8],
}

impl<'a> Evidence<'a> {
    /// Reads evidence.
    ///
    /// # Errors
    ///
    /// At the first field that is not as the layout says; when an index or a kind of field stands twice (readers would differ
    /// in which one they take); when more than one byte follows the signature.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let request = request(&mut cursor)?;
        expect(&mut cursor, "response SPDM version", SPDM_1_1, "0x11")?;
        expect(&mut cursor, "response code", MEASUREMENTS, "0x60")?;
        cursor.u8("response parameter 1")?;
        let slot = cursor.u8("response parameter 2")? & 0x0f;
        let count = cursor.u8("number of measurement blocks")?;
        let record_length = length_of_three(&mut cursor)?;
        let record = cursor.part(record_length, "measurement record")?;
        let measurements = measurements(record, count)?;
        let response_nonce = cursor.array("response nonce")?;
        let opaque_length = usize::from(cursor.u16_le("opaque data length")?);
        let opaque = opaque::fields(cursor.part(opaque_length, "opaque data")?)?;
        let signed = bytes.get(..cursor.position()).unwrap_or_default();
        let signature = cursor.array("signature")?;
        let trailing = cursor.rest();
        if trailing.len() > 1 {
            return Err(cursor.error(
                "end of evidence",
                Problem::Malformed("more than one byte follows the signature"),
            ));
        }
        Ok(Evidence {
            request,
            slot,
            measurements,
            response_nonce,
            opaque,
            signed,
            signature,
            trailing,
        })
    }

    /// The value of an opaque field.
    #[must_use]
    pub fn opaque(&self, kind: FieldKind) -> Option<&'a [u8]> {
        let mut fields = self.opaque.iter();
        fields
            .find(|field| field.kind == kind)
            .map(|field| field.value)
    }

    /// The value of an opaque field that is text, without the zero bytes behind it.
    #[must_use]
    pub fn text(&self, kind: FieldKind) -> Option<&'a str> {
        opaque::text(self.opaque(kind)?)
    }

    /// Whether a switch made it: only switches say where they sit and which GPUs hang off them.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        self.opaque(FieldKind::SWITCH_POSITION_ID).is_some()
            || self.opaque(FieldKind::SWITCH_GPU_PDIS).is_some()
    }

    /// The driver's version, where it is text. Switches name none.
    #[must_use]
    pub fn driver_version(&self) -> Option<&'a str> {
        self.text(FieldKind::DRIVER_VERSION)
    }

    /// The firmware's version as NVIDIA writes it: `96.00.9F.00.01`.
    #[must_use]
    pub fn vbios_version(&self) -> Option<String> {
        opaque::vbios_version(self.opaque(FieldKind::VBIOS_VERSION)?)
    }
}

fn request<'a>(cursor: &mut Cursor<'a>) -> Result<Request<'a>, Error> {
    expect(cursor, "request SPDM version", SPDM_1_1, "0x11")?;
    expect(cursor, "request code", GET_MEASUREMENTS, "0xe0")?;
    Ok(Request {
        attributes: cursor.u8("request parameter 1")?,
        operation: cursor.u8("request parameter 2")?,
        nonce: cursor.array("request nonce")?,
        slot: cursor.u8("request slot")?,
    })
}

fn measurements(mut record: Cursor<'_>, count: u8) -> Result<Vec<Measurement<'_>>, Error> {
    // At most 255 of them: the count is a byte.
    let mut found: Vec<Measurement<'_>> = Vec::new();
    for _ in 0..count {
        let at = record.clone();
        let index = record.u8("measurement index")?;
        if found.iter().any(|earlier| earlier.index == index) {
            return Err(at.error(
                "measurement index",
                Problem::Malformed("the index stands twice"),
            ));
        }
        expect(&mut record, "measurement specification", DMTF, "1 (DMTF)")?;
        let size = usize::from(record.u16_le("measurement size")?);
        let mut block = record.part(size, "measurement")?;
        let kind = block.u8("measurement value type")?;
        let value_size = usize::from(block.u16_le("measurement value size")?);
        let value = block.take(value_size, "measurement value")?;
        at_end(&block, "measurement")?;
        found.push(Measurement { index, kind, value });
    }
    at_end(&record, "measurement record")?;
    Ok(found)
}

fn length_of_three(cursor: &mut Cursor<'_>) -> Result<usize, Error> {
    let [low, middle, high] = *cursor.array("measurement record length")?;
    Ok(usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16)
}

fn expect(
    cursor: &mut Cursor<'_>,
    field: &'static str,
    value: u8,
    expected: &'static str,
) -> Result<(), Error> {
    let at = cursor.clone();
    let found = cursor.u8(field)?;
    if found == value {
        return Ok(());
    }
    let found = u64::from(found);
    Err(at.error(field, Problem::Value { found, expected }))
}

fn at_end(cursor: &Cursor<'_>, field: &'static str) -> Result<(), Error> {
    if cursor.rest().is_empty() {
        return Ok(());
    }
    Err(cursor.error(
        field,
        Problem::Malformed("its parts do not fill its length"),
    ))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
