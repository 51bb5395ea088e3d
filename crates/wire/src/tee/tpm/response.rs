//! Responses. A TPM is hardware, or the host's: what it answers is untrusted bytes.

use super::command::{NO_SESSIONS, SESSIONS};
use super::selection::{Registers, SHA_256};
use crate::bytes::{Cursor, Error, Problem};
use std::fmt;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The TPM says no.
    Code(ResponseCode),
    /// The TPM says something that no response is.
    Layout(Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Code(code) => code.fmt(f),
            Refusal::Layout(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Layout(error)
    }
}

/// A code that is not success (TPM_RC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseCode(pub u32);

impl ResponseCode {
    /// The code without the number of the handle, parameter or session that it is about (Part 2, 6.6).
    const fn kind(self) -> u32 {
        const FORMAT_ONE: u32 = 0x80;
        if self.0 & FORMAT_ONE == 0 {
            self.0
        } else {
            self.0 & 0xbf
        }
    }

    /// TPM_RC_HANDLE: what a handle or an index names is not there.
    #[must_use]
    pub const fn is_handle(self) -> bool {
        self.kind() == 0x8b
    }

    /// TPM_RC_YIELDED, TPM_RC_TESTING, TPM_RC_RETRY: the same command is to be sent again. The first use of a key that is protected
    /// against guessing is answered so by the reference implementation.
    #[must_use]
    pub const fn is_again(self) -> bool {
        matches!(self.0, 0x908 | 0x90a | 0x922)
    }

    /// TPM_RC_SIZE: something is too long.
    #[must_use]
    pub const fn is_size(self) -> bool {
        self.kind() == 0x95
    }

    /// The name that the specification gives it. `None` for those that nothing here runs into.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.kind() {
            0x82 => "TPM_RC_ATTRIBUTES",
            0x84 => "TPM_RC_VALUE",
            0x85 => "TPM_RC_HIERARCHY",
            0x8b => "TPM_RC_HANDLE",
            0x8e => "TPM_RC_AUTH_FAIL",
            0x92 => "TPM_RC_SCHEME",
            0x95 => "TPM_RC_SIZE",
            0x9c => "TPM_RC_KEY",
            0xa2 => "TPM_RC_BAD_AUTH",
            0x100 => "TPM_RC_INITIALIZE",
            0x101 => "TPM_RC_FAILURE",
            0x120 => "TPM_RC_DISABLED",
            0x12f => "TPM_RC_AUTH_UNAVAILABLE",
            0x143 => "TPM_RC_COMMAND_CODE",
            0x146 => "TPM_RC_NV_RANGE",
            0x148 => "TPM_RC_NV_LOCKED",
            0x149 => "TPM_RC_NV_AUTHORIZATION",
            0x14a => "TPM_RC_NV_UNINITIALIZED",
            0x908 => "TPM_RC_YIELDED",
            0x90a => "TPM_RC_TESTING",
            0x921 => "TPM_RC_LOCKOUT",
            0x922 => "TPM_RC_RETRY",
            _ => return None,
        })
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({:#05x})", self.0),
            None => write!(f, "TPM_RC {:#05x}", self.0),
        }
    }
}

/// The code of a response, whatever it answers. `None` for success, and where there is no code.
#[must_use]
pub fn code(response: &[u8]) -> Option<ResponseCode> {
    let code = response.get(6..10)?.try_into().ok()?;
    match u32::from_be_bytes(code) {
        0 => None,
        code => Some(ResponseCode(code)),
    }
}

/// How much an index holds: the answer to TPM2_NV_ReadPublic.
///
/// # Errors
///
/// When the TPM refused, or answered something else.
pub fn nv_size(response: &[u8]) -> Result<u16, Refusal> {
    let mut at = content(response, NO_SESSIONS)?;
    let length = at.u16_be("nvPublic")?;
    let mut public = at.part(length.into(), "nvPublic")?;
    public.u32_be("nvIndex")?;
    public.u16_be("nameAlg")?;
    public.u32_be("attributes")?;
    public.sized_be("authPolicy")?;
    let size = public.u16_be("dataSize")?;
    public.end("nvPublic")?;
    Ok(size)
}

/// A part of what an index holds: the answer to TPM2_NV_Read.
///
/// # Errors
///
/// When the TPM refused, or answered something else.
pub fn nv_data(response: &[u8]) -> Result<&[u8], Refusal> {
    let mut at = content(response, SESSIONS)?;
    let data = at.sized_be("data")?;
    at.end("parameters")?;
    Ok(data)
}

/// What a TPM signed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted<'a> {
    /// TPMS_ATTEST.
    pub message: &'a [u8],
    /// TPMT_SIGNATURE.
    pub signature: &'a [u8],
}

/// The answer to TPM2_Quote.
///
/// # Errors
///
/// When the TPM refused, or answered something else.
pub fn quoted(response: &[u8]) -> Result<Quoted<'_>, Refusal> {
    let mut at = content(response, SESSIONS)?;
    let message = at.sized_be("quoted")?;
    let signature = at.rest();
    Ok(Quoted { message, signature })
}

/// Some of the registers that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PcrValues {
    /// Which.
    pub registers: Registers,
    /// Their values, in the order of their numbers.
    pub values: Vec<[u8; 32]>,
}

/// The answer to TPM2_PCR_Read.
///
/// # Errors
///
/// When the TPM refused, or answered something else, such as another number of values than of registers.
pub fn pcr_values(response: &[u8]) -> Result<PcrValues, Refusal> {
    let mut at = content(response, NO_SESSIONS)?;
    at.u32_be("pcrUpdateCounter")?;
    let registers = selection(&mut at)?;
    let place = at.clone();
    let count = at.u32_be("pcrValues count")?;
    let expected = u32::try_from(registers.numbers().count()).unwrap_or(u32::MAX);
    if count != expected {
        return Err(value(
            &place,
            "pcrValues count",
            count,
            "one for each register",
        ));
    }
    let values = registers
        .numbers()
        .map(|_| {
            let place = at.clone();
            let digest = at.sized_be("digest")?;
            digest
                .try_into()
                .map_err(|_| place.error("digest", Problem::Malformed("not of 32 bytes")))
        })
        .collect::<Result<_, Error>>()?;
    at.end("parameters")?;
    Ok(PcrValues { registers, values })
}

/// TPML_PCR_SELECTION of the one bank that was asked for.
fn selection(at: &mut Cursor<'_>) -> Result<Registers, Refusal> {
    let place = at.clone();
    let count = at.u32_be("pcrSelection count")?;
    if count != 1 {
        return Err(value(&place, "pcrSelection count", count, "1"));
    }
    let place = at.clone();
    let bank = at.u16_be("pcrSelection hash")?;
    if bank != SHA_256 {
        return Err(value(
            &place,
            "pcrSelection hash",
            bank.into(),
            "0x000b (SHA-256)",
        ));
    }
    let place = at.clone();
    let length = at.u8("pcrSelection size")?;
    if length != 3 {
        return Err(value(&place, "pcrSelection size", length.into(), "3"));
    }
    Ok(Registers(*at.array("pcrSelection bitmap")?))
}

/// The parameters of a response that is a success.
fn content(response: &[u8], tag: u16) -> Result<Cursor<'_>, Refusal> {
    let mut at = Cursor::new(response);
    let place = at.clone();
    let found = at.u16_be("tag")?;
    let sized = at.clone();
    let size = at.u32_be("responseSize")?;
    let code = at.u32_be("responseCode")?;
    if code != 0 {
        return Err(Refusal::Code(ResponseCode(code)));
    }
    if found != tag {
        return Err(value(
            &place,
            "tag",
            found.into(),
            "that of the command (0x8001 or 0x8002)",
        ));
    }
    if usize::try_from(size) != Ok(response.len()) {
        return Err(value(
            &sized,
            "responseSize",
            size,
            "the length of the response",
        ));
    }
    if tag == NO_SESSIONS {
        return Ok(at);
    }
    // The acknowledgement of the password stands behind the parameters, and says nothing.
    let length = at.u32_be("parameterSize")?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(at.part(length, "parameters")?)
}

fn value(at: &Cursor<'_>, field: &'static str, found: u32, expected: &'static str) -> Refusal {
    let found = found.into();
    Refusal::Layout(at.error(field, Problem::Value { found, expected }))
}
