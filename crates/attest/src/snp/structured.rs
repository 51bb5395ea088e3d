//! The JSON form of a report that the `sev` crate writes: every field by its name. Trustee's agents hand it out.
//!
//! The signature covers the bytes, so these are put together again. What the crate does not know of (reserved fields that a newer
//! firmware fills) is lost in the JSON, and shows as a signature that does not hold.

use serde::Deserialize;
use serde_json::Value;
use wire::tee::snp::Report;

/// A report, taken apart by the crate.
#[derive(Deserialize)]
struct Structured {
    version: u32,
    guest_svn: u32,
    policy: u64,
    family_id: Vec<u8>,
    image_id: Vec<u8>,
    vmpl: u32,
    sig_algo: u32,
    current_tcb: Tcb,
    plat_info: u64,
    key_info: u32,
    report_data: Vec<u8>,
    measurement: Vec<u8>,
    host_data: Vec<u8>,
    id_key_digest: Vec<u8>,
    author_key_digest: Vec<u8>,
    report_id: Vec<u8>,
    report_id_ma: Vec<u8>,
    reported_tcb: Tcb,
    cpuid_fam_id: Option<u8>,
    cpuid_mod_id: Option<u8>,
    cpuid_step: Option<u8>,
    chip_id: Vec<u8>,
    committed_tcb: Tcb,
    current: Firmware,
    committed: Firmware,
    launch_tcb: Tcb,
    launch_mit_vector: Option<u64>,
    current_mit_vector: Option<u64>,
    signature: Signature,
}

/// Security versions. Only Turin has the first.
#[derive(Deserialize)]
struct Tcb {
    fmc: Option<u8>,
    bootloader: u8,
    tee: u8,
    snp: u8,
    microcode: u8,
}

#[derive(Deserialize)]
struct Firmware {
    major: u8,
    minor: u8,
    build: u8,
}

#[derive(Deserialize)]
struct Signature {
    r: Vec<u8>,
    s: Vec<u8>,
}

impl Tcb {
    fn bytes(&self) -> [u8; 8] {
        match self.fmc {
            Some(fmc) => [
                fmc,
                self.bootloader,
                self.tee,
                self.snp,
                0,
                0,
                0,
                self.microcode,
            ],
            None => [
                self.bootloader,
                self.tee,
                0,
                0,
                0,
                0,
                self.snp,
                self.microcode,
            ],
        }
    }
}

impl Firmware {
    fn bytes(&self) -> [u8; 3] {
        [self.build, self.minor, self.major]
    }
}

/// The bytes of a report that a JSON object stands for. `None` where the object is no report.
///
/// # Errors
///
/// Names the field that is missing or has another shape.
#[must_use]
pub fn report_of_json(value: &Value) -> Option<Result<Vec<u8>, String>> {
    let is_report = ["measurement", "chip_id", "report_data", "signature"]
        .iter()
        .all(|name| value.get(name).is_some());
    is_report.then(|| {
        Structured::deserialize(value)
            .map_err(|error| format!("SEV-SNP report: {error}"))
            .and_then(|report| report.bytes())
    })
}

impl Structured {
    fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; Report::SIZE];
        let processor =
            [self.cpuid_fam_id, self.cpuid_mod_id, self.cpuid_step].map(Option::unwrap_or_default);
        let fixed: [(usize, &[u8]); 16] = [
            (0x000, &self.version.to_le_bytes()),
            (0x004, &self.guest_svn.to_le_bytes()),
            (0x008, &self.policy.to_le_bytes()),
            (0x030, &self.vmpl.to_le_bytes()),
            (0x034, &self.sig_algo.to_le_bytes()),
            (0x038, &self.current_tcb.bytes()),
            (0x040, &self.plat_info.to_le_bytes()),
            (0x048, &self.key_info.to_le_bytes()),
            (0x180, &self.reported_tcb.bytes()),
            (0x188, &processor),
            (0x1e0, &self.committed_tcb.bytes()),
            (0x1e8, &self.current.bytes()),
            (0x1ec, &self.committed.bytes()),
            (0x1f0, &self.launch_tcb.bytes()),
            (
                0x1f8,
                &self.launch_mit_vector.unwrap_or_default().to_le_bytes(),
            ),
            (
                0x200,
                &self.current_mit_vector.unwrap_or_default().to_le_bytes(),
            ),
        ];
        let fields: [(usize, usize, &[u8], &str); 12] = [
            (0x010, 16, &self.family_id, "family_id"),
            (0x020, 16, &self.image_id, "image_id"),
            (0x050, 64, &self.report_data, "report_data"),
            (0x090, 48, &self.measurement, "measurement"),
            (0x0c0, 32, &self.host_data, "host_data"),
            (0x0e0, 48, &self.id_key_digest, "id_key_digest"),
            (0x110, 48, &self.author_key_digest, "author_key_digest"),
            (0x140, 32, &self.report_id, "report_id"),
            (0x160, 32, &self.report_id_ma, "report_id_ma"),
            (0x1a0, 64, &self.chip_id, "chip_id"),
            (0x2a0, 72, &self.signature.r, "signature.r"),
            (0x2e8, 72, &self.signature.s, "signature.s"),
        ];
        for (_, length, value, name) in fields {
            if value.len() != length {
                return Err(format!(
                    "SEV-SNP report: `{name}` has {} bytes, expected {length}",
                    value.len()
                ));
            }
        }
        let all = fixed
            .into_iter()
            .chain(fields.map(|(at, _, value, _)| (at, value)));
        for (at, value) in all {
            for (to, from) in bytes.iter_mut().skip(at).zip(value) {
                *to = *from;
            }
        }
        Ok(bytes)
    }
}
