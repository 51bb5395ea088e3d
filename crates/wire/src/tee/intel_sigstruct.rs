//! SIGSTRUCT: what an enclave's signer vouches for, as Gramine writes it beside a manifest (`*.sig`).
//!
//! Layout: Intel SDM volume 3D, table "Layout of Enclave Signature Structure (SIGSTRUCT)".

use crate::bytes::{Cursor, Error, Problem};

/// Its length, always.
pub const LENGTH: usize = 1808;

const HEADER: [u8; 16] = [6, 0, 0, 0, 0xe1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
const HEADER2: [u8; 16] = [1, 1, 0, 0, 0x60, 0, 0, 0, 0x60, 0, 0, 0, 1, 0, 0, 0];

/// A SIGSTRUCT, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigStruct<'a> {
    /// When it was signed: year, month and day as binary-coded decimals, `0x20250219`.
    pub date: u32,
    /// The signer's RSA modulus, little-endian. MRSIGNER is the SHA-256 of these bytes as they stand.
    pub modulus: &'a [u8; 384],
    /// The signer's RSA exponent: 3.
    pub exponent: u32,
    /// The RSA signature, little-endian.
    pub signature: &'a [u8; 384],
    /// Extended features that the enclave needs.
    pub misc_select: u32,
    /// Which of them are fixed.
    pub misc_mask: u32,
    /// Flags (8 bytes; bit 1 is DEBUG) and extended processor state (8 bytes).
    pub attributes: &'a [u8; 16],
    /// Which attribute bits are fixed.
    pub attributes_mask: &'a [u8; 16],
    /// MRENCLAVE: what the processor will measure.
    pub enclave_hash: &'a [u8; 32],
    /// The signer's product number.
    pub isv_prod_id: u16,
    /// The signer's security version.
    pub isv_svn: u16,
    /// The first part of what is signed: all before the modulus.
    pub signed_header: &'a [u8; 128],
    /// The second part of what is signed.
    pub signed_body: &'a [u8; 128],
}

impl<'a> SigStruct<'a> {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// When the input is no SIGSTRUCT, is shorter or longer than one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let at = cursor.clone();
        let signed_header = cursor.array::<128>("SIGSTRUCT header")?;
        let mut header = Cursor::new(signed_header);
        constant(&mut header, &HEADER, "HEADER")?;
        header.u32_le("VENDOR")?;
        let date = header.u32_le("DATE")?;
        constant(&mut header, &HEADER2, "HEADER2")?;
        let modulus = cursor.array("MODULUS")?;
        let exponent = cursor.u32_le("EXPONENT")?;
        let signature = cursor.array("SIGNATURE")?;
        let base = cursor.offset();
        let signed_body = cursor.array::<128>("SIGSTRUCT body")?;
        let mut body = Cursor::within(signed_body, base);
        let misc_select = body.u32_le("MISCSELECT")?;
        let misc_mask = body.u32_le("MISCMASK")?;
        body.take(4, "CET attributes")?;
        body.take(16, "ISVFAMILYID")?;
        let attributes = body.array("ATTRIBUTES")?;
        let attributes_mask = body.array("ATTRIBUTEMASK")?;
        let enclave_hash = body.array("ENCLAVEHASH")?;
        body.take(16, "reserved")?;
        body.take(16, "ISVEXTPRODID")?;
        let isv_prod_id = body.u16_le("ISVPRODID")?;
        let isv_svn = body.u16_le("ISVSVN")?;
        cursor.take(12, "reserved")?;
        cursor.take(768, "Q1 and Q2")?;
        if bytes.len() != LENGTH {
            return Err(at.error("SIGSTRUCT", Problem::Malformed("longer than 1808 bytes")));
        }
        Ok(SigStruct {
            date,
            modulus,
            exponent,
            signature,
            misc_select,
            misc_mask,
            attributes,
            attributes_mask,
            enclave_hash,
            isv_prod_id,
            isv_svn,
            signed_header,
            signed_body,
        })
    }

    /// Whether the signer lets the host debug the enclave: bit 1 of the flags is set, or left open.
    #[must_use]
    pub fn allows_debug(&self) -> bool {
        let bit = |bytes: &[u8; 16]| bytes.first().is_some_and(|flags| flags & 2 != 0);
        bit(self.attributes) || !bit(self.attributes_mask)
    }
}

fn constant(cursor: &mut Cursor<'_>, value: &[u8; 16], field: &'static str) -> Result<(), Error> {
    let at = cursor.clone();
    if cursor.array::<16>(field)? == value {
        return Ok(());
    }
    Err(at.error(field, Problem::Malformed("not a SIGSTRUCT's")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure() -> Vec<u8> {
        let mut bytes = vec![0; LENGTH];
        bytes[..16].copy_from_slice(&HEADER);
        bytes[20..24].copy_from_slice(&0x2025_0219u32.to_le_bytes());
        bytes[24..40].copy_from_slice(&HEADER2);
        bytes[128..512].fill(0xa1);
        bytes[512] = 3;
        bytes[516..900].fill(0xb2);
        bytes[928] = 5;
        bytes[944] = 2;
        bytes[960..992].fill(0xc3);
        bytes[1024..1026].copy_from_slice(&7u16.to_le_bytes());
        bytes[1026..1028].copy_from_slice(&9u16.to_le_bytes());
        bytes
    }

    #[test]
    fn reads_what_identifies_an_enclave() {
        let bytes = structure();
        let read = SigStruct::parse(&bytes).unwrap();
        assert_eq!(read.date, 0x2025_0219);
        assert_eq!(read.modulus, &[0xa1; 384]);
        assert_eq!((read.exponent, read.isv_prod_id, read.isv_svn), (3, 7, 9));
        assert_eq!(read.signature, &[0xb2; 384]);
        assert_eq!(read.enclave_hash, &[0xc3; 32]);
        assert!(!read.allows_debug());
    }

    #[test]
    fn debug_is_allowed_when_the_bit_is_set_or_left_open() {
        let mut set = structure();
        set[928] = 7;
        assert!(SigStruct::parse(&set).unwrap().allows_debug());
        let mut open = structure();
        open[944] = 0;
        assert!(SigStruct::parse(&open).unwrap().allows_debug());
    }

    #[test]
    fn other_lengths_and_other_files_are_refused() {
        let bytes = structure();
        for length in 0..LENGTH {
            assert!(SigStruct::parse(&bytes[..length]).is_err(), "{length}");
        }
        assert!(SigStruct::parse(&[bytes.as_slice(), &[0]].concat()).is_err());
        assert_eq!(SigStruct::parse(&[0; LENGTH]).unwrap_err().field, "HEADER");
    }
}
