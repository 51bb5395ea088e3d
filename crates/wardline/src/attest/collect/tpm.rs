//! A TPM, asked through the kernel's resource manager. Nothing in it is changed.
//!
//! Rules: Linux, Documentation/security/tpm: a command is written at once, its response read at once.

use ::attest::crypto::sha256;
use std::fmt::Display;
use std::io::{Read, Write};
use std::thread::sleep;
use std::time::Duration;
use wire::tee::azure::{TpmQuote, TpmSignature};
use wire::tee::tpm::{self, HEADER, LARGEST_RESPONSE, Refusal, Registers, ResponseCode};

/// How often is asked where a register changes between the quote and the reading of it.
const TRIES: usize = 3;

/// What every TPM of a PC reads at once: larger parts are refused by some.
const PART: u16 = 512;

/// How often a command is sent again, and after which pause: a second in all.
const AGAIN: usize = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// A TPM behind its device file.
pub(super) struct Tpm<D>(D);

/// What a TPM signed about its registers.
pub(super) struct Quote {
    /// TPMS_ATTEST.
    pub(super) message: Vec<u8>,
    /// The RSA signature alone.
    pub(super) signature: Vec<u8>,
    /// The values of all registers of the SHA-256 bank.
    pub(super) registers: Vec<[u8; 32]>,
}

impl<D: Read + Write> Tpm<D> {
    pub(super) fn new(device: D) -> Self {
        Tpm(device)
    }

    /// What an index of the non-volatile memory holds, read by the owner. `None` where there is no such index.
    pub(super) fn memory(&mut self, index: u32) -> Result<Option<Vec<u8>>, String> {
        let response = self.exchange(&tpm::nv_read_public(index))?;
        let size = match tpm::nv_size(&response) {
            Ok(size) => size,
            Err(Refusal::Code(code)) if code.is_handle() => return Ok(None),
            Err(why) => return Err(failed("TPM2_NV_ReadPublic", why)),
        };
        let mut held = Vec::new();
        let mut offset = 0;
        while offset < size {
            let wanted = PART.min(size - offset);
            let response = self.exchange(&tpm::nv_read(index, offset, wanted))?;
            let part = tpm::nv_data(&response).map_err(|why| failed("TPM2_NV_Read", why))?;
            if part.len() != usize::from(wanted) {
                return Err(failed("TPM2_NV_Read", "another length than asked for"));
            }
            held.extend_from_slice(part);
            offset += wanted;
        }
        Ok(Some(held))
    }

    /// A quote over a nonce and all registers, with their values.
    pub(super) fn quote(&mut self, key: u32, nonce: &[u8]) -> Result<Quote, String> {
        for _ in 0..TRIES {
            let quote = self.quote_once(key, nonce)?;
            let signed =
                TpmQuote::parse(&quote.message).map_err(|why| failed("TPM2_Quote", why))?;
            if sha256(&quote.registers.concat()) == *signed.pcr_digest {
                return Ok(quote);
            }
        }
        Err(format!(
            "the registers changed {TRIES} times while they were read"
        ))
    }

    fn quote_once(&mut self, key: u32, nonce: &[u8]) -> Result<Quote, String> {
        let too_long = || {
            format!(
                "the TPM takes a shorter nonce than --nonce with its {} bytes: give 32 bytes or fewer",
                nonce.len()
            )
        };
        let command = tpm::quote(key, nonce, Registers::ALL).ok_or_else(too_long)?;
        let response = self.exchange(&command)?;
        let quoted = tpm::quoted(&response).map_err(|why| match why {
            Refusal::Code(code) if code.is_size() => too_long(),
            Refusal::Code(code) if code.is_handle() => {
                format!("TPM2_Quote: {code}: there is no key {key:#010x}")
            }
            why => failed("TPM2_Quote", why),
        })?;
        let signature =
            TpmSignature::parse(quoted.signature).map_err(|why| failed("TPM2_Quote", why))?;
        Ok(Quote {
            message: quoted.message.to_vec(),
            signature: signature.signature.to_vec(),
            registers: self.registers()?,
        })
    }

    /// The values of all registers. A TPM hands out a few at a time.
    fn registers(&mut self) -> Result<Vec<[u8; 32]>, String> {
        let mut values = vec![[0; 32]; Registers::ALL.numbers().count()];
        let mut left = Registers::ALL;
        while !left.is_empty() {
            let response = self.exchange(&tpm::pcr_read(left))?;
            let read = tpm::pcr_values(&response).map_err(|why| failed("TPM2_PCR_Read", why))?;
            let rest = left.without(read.registers);
            if rest == left {
                return Err(failed("TPM2_PCR_Read", "there is no SHA-256 bank"));
            }
            for (number, value) in read.registers.numbers().zip(read.values) {
                if let Some(to) = values.get_mut(number) {
                    *to = value;
                }
            }
            left = rest;
        }
        Ok(values)
    }

    /// Sends a command and reads its response, again where the TPM wants it again.
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, String> {
        let mut response = self.exchange_once(command)?;
        for _ in 0..AGAIN {
            if !tpm::code(&response).is_some_and(ResponseCode::is_again) {
                break;
            }
            sleep(PAUSE);
            response = self.exchange_once(command)?;
        }
        Ok(response)
    }

    fn exchange_once(&mut self, command: &[u8]) -> Result<Vec<u8>, String> {
        let sent = self.0.write(command).map_err(|why| failed("write", why))?;
        if sent != command.len() {
            return Err(failed("write", "written in part only"));
        }
        let mut response = Vec::new();
        let mut buffer = [0; LARGEST_RESPONSE];
        // A device file hands out all at once; a simulator's socket may not.
        while response.len() < announced(&response) {
            let read = self
                .0
                .read(&mut buffer)
                .map_err(|why| failed("read", why))?;
            if read == 0 {
                break;
            }
            response.extend_from_slice(buffer.get(..read).unwrap_or_default());
        }
        Ok(response)
    }
}

/// How long a response is, as far as it says so by now. Never more than any is.
fn announced(response: &[u8]) -> usize {
    let size = response.get(2..6).and_then(|size| size.try_into().ok());
    size.map_or(HEADER, |size| {
        usize::try_from(u32::from_be_bytes(size)).unwrap_or(LARGEST_RESPONSE)
    })
    .min(LARGEST_RESPONSE)
}

fn failed(what: &str, why: impl Display) -> String {
    format!("{what}: {why}")
}
