//! The report of a TDX trust domain.

use crate::{Cursor, Error};

/// The body of a trust domain's report: 584 bytes (TD 1.0), 648 (TD 1.5) or 885 (TD 1.5 extended).
#[derive(Clone, Copy, Debug)]
pub struct TdReport<'a> {
    /// TEE_TCB_SVN: security versions of the TDX module (0: minor, 1: major) and of other components at launch.
    pub tee_tcb_svn: &'a [u8; 16],
    /// MRSEAM: measurement of the TDX module.
    pub mr_seam: &'a [u8; 48],
    /// MRSIGNERSEAM: zero for a module of Intel.
    pub mr_signer_seam: &'a [u8; 48],
    /// SEAMATTRIBUTES.
    pub seam_attributes: &'a [u8; 8],
    /// TDATTRIBUTES.
    pub td_attributes: u64,
    /// XFAM: which extended state the domain may use.
    pub xfam: &'a [u8; 8],
    /// MRTD: measurement of the initial image.
    pub mr_td: &'a [u8; 48],
    /// MRCONFIGID: what the launcher configured.
    pub mr_config_id: &'a [u8; 48],
    /// MROWNER.
    pub mr_owner: &'a [u8; 48],
    /// MROWNERCONFIG.
    pub mr_owner_config: &'a [u8; 48],
    /// RTMR0 to RTMR3: run-time measurement registers.
    pub rtmr: [&'a [u8; 48]; 4],
    /// REPORTDATA.
    pub report_data: &'a [u8; 64],
    /// What TD 1.5 added.
    pub td15: Option<Td15<'a>>,
}

/// The fields of TD 1.5.
#[derive(Clone, Copy, Debug)]
pub struct Td15<'a> {
    /// TEE_TCB_SVN2: the security versions now; the module may have been updated under the running domain.
    pub tee_tcb_svn2: &'a [u8; 16],
    /// MRSERVICETD: hash over the service trust domains bound to it; zero for none.
    pub mr_service_td: &'a [u8; 48],
    /// What the extended body added.
    pub extended: Option<Td15Ex<'a>>,
}

/// The fields of the extended body of TD 1.5 (885 bytes), as far as an appraisal reads them.
#[derive(Clone, Copy, Debug)]
pub struct Td15Ex<'a> {
    /// The domain's identifier.
    pub td_id: &'a [u8; 32],
    /// The hash over the service trust domains bound now.
    pub current_service_td_hash: &'a [u8; 48],
}

impl<'a> TdReport<'a> {
    /// Reads the fields of TD 1.0.
    ///
    /// # Errors
    ///
    /// When fewer than 584 bytes are left.
    pub fn read_1_0(body: &mut Cursor<'a>) -> Result<Self, Error> {
        Ok(TdReport {
            tee_tcb_svn: body.array("TEE_TCB_SVN")?,
            mr_seam: body.array("MRSEAM")?,
            mr_signer_seam: body.array("MRSIGNERSEAM")?,
            seam_attributes: body.array("SEAMATTRIBUTES")?,
            td_attributes: body.u64_le("TDATTRIBUTES")?,
            xfam: body.array("XFAM")?,
            mr_td: body.array("MRTD")?,
            mr_config_id: body.array("MRCONFIGID")?,
            mr_owner: body.array("MROWNER")?,
            mr_owner_config: body.array("MROWNERCONFIG")?,
            rtmr: [
                body.array("RTMR0")?,
                body.array("RTMR1")?,
                body.array("RTMR2")?,
                body.array("RTMR3")?,
            ],
            report_data: body.array("REPORTDATA")?,
            td15: None,
        })
    }

    /// Reads the fields of TD 1.5.
    ///
    /// # Errors
    ///
    /// When fewer than 648 bytes are left.
    pub fn read_1_5(body: &mut Cursor<'a>) -> Result<Self, Error> {
        let mut report = Self::read_1_0(body)?;
        report.td15 = Some(Td15 {
            tee_tcb_svn2: body.array("TEE_TCB_SVN2")?,
            mr_service_td: body.array("MRSERVICETD")?,
            extended: None,
        });
        Ok(report)
    }

    /// Reads the fields of the extended TD 1.5.
    ///
    /// # Errors
    ///
    /// When fewer than 885 bytes are left.
    pub fn read_1_5_extended(body: &mut Cursor<'a>) -> Result<Self, Error> {
        let mut report = Self::read_1_5(body)?;
        body.u8("VMID")?;
        let td_id = body.array("TDID")?;
        body.take(
            48 + 48 + 8,
            "device information and initial service domains",
        )?;
        body.take(16 + 16 + 12, "initial CPUSVN, TEE_TCB_SVN and FMSPC")?;
        let current_service_td_hash = body.array("current service domains")?;
        body.take(8, "attributes of current service domains")?;
        if let Some(td15) = &mut report.td15 {
            td15.extended = Some(Td15Ex {
                td_id,
                current_service_td_hash,
            });
        }
        Ok(report)
    }
}
