//! Quotes of a TPM. All numbers are big-endian.
//!
//! Layouts: Trusted Computing Group, TPM 2.0 Library, Part 2: TPMS_ATTEST (10.12.12), TPMT_SIGNATURE (11.3.4).

use crate::bytes::{Cursor, Error, Problem};

/// What a TPM signed when it was asked for a quote (TPMS_ATTEST).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TpmQuote<'a> {
    /// The name of the key that signs.
    pub qualified_signer: &'a [u8],
    /// What whoever asked put in: a nonce.
    pub extra_data: &'a [u8],
    /// Milliseconds that the TPM has run.
    pub clock: u64,
    /// Resets of the TPM so far.
    pub reset_count: u32,
    /// Resumptions since the last reset.
    pub restart_count: u32,
    /// Whether the clock never ran backwards.
    pub safe: bool,
    /// The TPM's firmware.
    pub firmware_version: u64,
    /// Which registers were read, bank by bank.
    pub selections: Vec<PcrSelection<'a>>,
    /// The digest over their values, one after the other.
    pub pcr_digest: &'a [u8],
}

/// Registers of one bank (TPMS_PCR_SELECTION).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PcrSelection<'a> {
    /// The bank's digest algorithm: 0x000b is SHA-256.
    pub algorithm: u16,
    /// A bit for each register.
    pub bitmap: &'a [u8],
}

impl PcrSelection<'_> {
    /// The numbers of the selected registers, in order.
    pub fn registers(&self) -> impl Iterator<Item = usize> + '_ {
        self.bitmap.iter().enumerate().flat_map(|(at, byte)| {
            (0..8).filter_map(move |bit| (byte >> bit & 1 == 1).then_some(at * 8 + bit))
        })
    }
}

impl<'a> TpmQuote<'a> {
    /// TPM_GENERATED_VALUE: no key of a TPM signs outside data that begins so.
    const MAGIC: u32 = 0xff54_4347;
    /// TPM_ST_ATTEST_QUOTE.
    const QUOTE: u16 = 0x8018;
    /// Banks that are read. No TPM has more than a handful.
    const MOST_BANKS: u32 = 16;

    /// Reads a quote.
    ///
    /// # Errors
    ///
    /// When it is none, is truncated, or has bytes behind it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut at = Cursor::new(bytes);
        let place = at.clone();
        let magic = at.u32_be("magic")?;
        expect(
            &place,
            "magic",
            magic,
            Self::MAGIC,
            "0xff544347 (TPM_GENERATED_VALUE)",
        )?;
        let place = at.clone();
        let kind = at.u16_be("type")?;
        expect(
            &place,
            "type",
            kind.into(),
            Self::QUOTE.into(),
            "0x8018 (TPM_ST_ATTEST_QUOTE)",
        )?;
        let qualified_signer = at.sized_be("qualifiedSigner")?;
        let extra_data = at.sized_be("extraData")?;
        let clock = u64_be(&mut at, "clock")?;
        let reset_count = at.u32_be("resetCount")?;
        let restart_count = at.u32_be("restartCount")?;
        let safe = at.u8("safe")? == 1;
        let firmware_version = u64_be(&mut at, "firmwareVersion")?;
        let place = at.clone();
        let banks = at.u32_be("pcrSelect count")?;
        if banks > Self::MOST_BANKS {
            return Err(place.error(
                "pcrSelect count",
                Problem::Value {
                    found: banks.into(),
                    expected: "at most 16",
                },
            ));
        }
        let selections = (0..banks)
            .map(|_| {
                let algorithm = at.u16_be("pcrSelect hash")?;
                let length = at.u8("pcrSelect size")?;
                let bitmap = at.take(length.into(), "pcrSelect bitmap")?;
                Ok(PcrSelection { algorithm, bitmap })
            })
            .collect::<Result<_, Error>>()?;
        let pcr_digest = at.sized_be("pcrDigest")?;
        if !at.rest().is_empty() {
            return Err(at.error("quote", Problem::Malformed("bytes behind its end")));
        }
        Ok(TpmQuote {
            qualified_signer,
            extra_data,
            clock,
            reset_count,
            restart_count,
            safe,
            firmware_version,
            selections,
            pcr_digest,
        })
    }
}

/// A signature of a TPM (TPMT_SIGNATURE), RSASSA with SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TpmSignature<'a> {
    /// The signature itself, as long as the modulus.
    pub signature: &'a [u8],
}

impl<'a> TpmSignature<'a> {
    /// TPM_ALG_RSASSA.
    const RSASSA: u16 = 0x0014;
    /// TPM_ALG_SHA256.
    const SHA256: u16 = 0x000b;

    /// Reads a signature.
    ///
    /// # Errors
    ///
    /// When it is of another kind, is truncated, or has bytes behind it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut at = Cursor::new(bytes);
        let place = at.clone();
        let scheme = at.u16_be("sigAlg")?;
        expect(
            &place,
            "sigAlg",
            scheme.into(),
            Self::RSASSA.into(),
            "0x0014 (RSASSA)",
        )?;
        let place = at.clone();
        let hash = at.u16_be("hash")?;
        expect(
            &place,
            "hash",
            hash.into(),
            Self::SHA256.into(),
            "0x000b (SHA-256)",
        )?;
        let signature = at.sized_be("sig")?;
        if !at.rest().is_empty() {
            return Err(at.error("signature", Problem::Malformed("bytes behind its end")));
        }
        Ok(TpmSignature { signature })
    }
}

fn u64_be(at: &mut Cursor<'_>, field: &'static str) -> Result<u64, Error> {
    at.array(field).copied().map(u64::from_be_bytes)
}

fn expect(
    at: &Cursor<'_>,
    field: &'static str,
    found: u32,
    value: u32,
    expected: &'static str,
) -> Result<(), Error> {
    if found == value {
        return Ok(());
    }
    let found = found.into();
    Err(at.error(field, Problem::Value { found, expected }))
}

#[cfg(test)]
mod tests;
