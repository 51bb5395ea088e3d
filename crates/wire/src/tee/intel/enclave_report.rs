//! The report of an SGX enclave: its identity and 64 bytes of its own.

use crate::{Cursor, Error};

/// The body of a report, 384 bytes (Intel SDM volume 3D, REPORT structure, without key id and MAC).
#[derive(Clone, Copy, Debug)]
pub struct EnclaveReport<'a> {
    /// All 384 bytes.
    pub bytes: &'a [u8; 384],
    /// CPUSVN.
    pub cpu_svn: &'a [u8; 16],
    /// MISCSELECT.
    pub misc_select: &'a [u8; 4],
    /// ISVEXTPRODID, with key separation and sharing (KSS). Zero without, as the other four of KSS.
    pub isv_ext_prod_id: &'a [u8; 16],
    /// CONFIGID: what the launcher configured (KSS).
    pub config_id: &'a [u8; 64],
    /// CONFIGSVN: its version (KSS).
    pub config_svn: u16,
    /// ISVFAMILYID (KSS).
    pub isv_family_id: &'a [u8; 16],
    /// ATTRIBUTES: eight bytes of flags, eight of XFRM.
    pub attributes: &'a [u8; 16],
    /// MRENCLAVE: SHA-256 over how the enclave was built.
    pub mr_enclave: &'a [u8; 32],
    /// MRSIGNER: SHA-256 of the signer's modulus.
    pub mr_signer: &'a [u8; 32],
    /// ISVPRODID.
    pub isv_prod_id: u16,
    /// ISVSVN.
    pub isv_svn: u16,
    /// REPORTDATA.
    pub report_data: &'a [u8; 64],
}

impl<'a> EnclaveReport<'a> {
    /// Reads the next 384 bytes.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let base = cursor.offset();
        let bytes = cursor.array::<384>("enclave report")?;
        let mut body = Cursor::within(bytes, base);
        let cpu_svn = body.array("CPUSVN")?;
        let misc_select = body.array("MISCSELECT")?;
        body.take(12, "reserved")?;
        let isv_ext_prod_id = body.array("ISVEXTPRODID")?;
        let attributes = body.array("ATTRIBUTES")?;
        let mr_enclave = body.array("MRENCLAVE")?;
        body.take(32, "reserved")?;
        let mr_signer = body.array("MRSIGNER")?;
        body.take(32, "reserved")?;
        let config_id = body.array("CONFIGID")?;
        let isv_prod_id = body.u16_le("ISVPRODID")?;
        let isv_svn = body.u16_le("ISVSVN")?;
        let config_svn = body.u16_le("CONFIGSVN")?;
        body.take(42, "reserved")?;
        let isv_family_id = body.array("ISVFAMILYID")?;
        let report_data = body.array("REPORTDATA")?;
        Ok(EnclaveReport {
            bytes,
            cpu_svn,
            misc_select,
            isv_ext_prod_id,
            config_id,
            config_svn,
            isv_family_id,
            attributes,
            mr_enclave,
            mr_signer,
            isv_prod_id,
            isv_svn,
            report_data,
        })
    }

    /// Whether the enclave has key separation and sharing (ATTRIBUTES bit 7, KSS).
    #[must_use]
    pub fn has_separation(&self) -> bool {
        self.flags() & 1 << 7 != 0
    }

    /// The flags of ATTRIBUTES.
    #[must_use]
    pub fn flags(&self) -> u64 {
        let (flags, _) = self
            .attributes
            .split_first_chunk::<8>()
            .unwrap_or((&[0; 8], &[]));
        u64::from_le_bytes(*flags)
    }
}
