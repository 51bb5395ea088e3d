//! Reports of our own.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::KeyPair;

/// The nonce that minted reports answer.
pub(crate) const NONCE: [u8; 32] = [0x5a; 32];

/// The measurement of minted reports.
pub(crate) const MEASUREMENT: [u8; 48] = [0x11; 48];

/// A report before it is signed.
#[derive(Clone)]
pub(crate) struct Report(pub(crate) Vec<u8>);

impl Report {
    /// A report of a version, processor, TCB version and chip, with nothing wrong with it.
    pub(crate) fn new(version: u8, processor: [u8; 3], tcb: [u8; 8], chip: &[u8]) -> Self {
        let report = Report(vec![0; 0x4a0])
            .with(0x00, &[version])
            .with(0x04, &[3])
            .with(0x08, &0x0003_0000_u64.to_le_bytes())
            .with(0x34, &[1])
            .with(0x38, &tcb)
            .with(0x40, &[0x25])
            .with(0x50, &NONCE)
            .with(0x90, &MEASUREMENT)
            .with(0x140, &[0x33; 32])
            .with(0x180, &tcb)
            .with(0x1a0, chip)
            .with(0x1e0, &tcb)
            .with(0x1e8, &[21, 55, 1, 0, 21, 55, 1, 0])
            .with(0x1f0, &tcb);
        if version >= 3 {
            report.with(0x188, &processor)
        } else {
            report
        }
    }

    /// The report with other bytes at a place.
    pub(crate) fn with(mut self, at: usize, bytes: &[u8]) -> Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// The report with a key's signature.
    pub(crate) fn signed(mut self, key: &KeyPair) -> Vec<u8> {
        let signer =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, key.serialized_der())
                .expect("a key");
        let signature = signer
            .sign(&SystemRandom::new(), &self.0[..0x2a0])
            .expect("a signature");
        let (r, s) = signature.as_ref().split_at(48);
        for (at, number) in [(0x2a0, r), (0x2e8, s)] {
            let turned: Vec<u8> = number.iter().rev().copied().collect();
            self.0[at..at + 48].copy_from_slice(&turned);
        }
        self.0
    }
}

/// The report that the `sev` crate's JSON form stands for.
pub(crate) fn from_json(json: &serde_json::Value) -> Vec<u8> {
    let number = |value: &serde_json::Value| value.as_u64().expect("a number");
    let bytes = |value: &serde_json::Value| -> Vec<u8> {
        let numbers = value.as_array().expect("bytes").iter();
        numbers
            .map(|byte| u8::try_from(number(byte)).expect("a byte"))
            .collect()
    };
    let byte = |value: &serde_json::Value| u8::try_from(number(value)).expect("a byte");
    let tcb = |name: &str| {
        let tcb = &json[name];
        let [bootloader, tee, snp, microcode] =
            ["bootloader", "tee", "snp", "microcode"].map(|part| byte(&tcb[part]));
        [bootloader, tee, 0, 0, 0, 0, snp, microcode]
    };
    let firmware = |name: &str| ["build", "minor", "major"].map(|part| byte(&json[name][part]));
    let mut report = Report(vec![0; 0x4a0])
        .with(0x08, &number(&json["policy"]).to_le_bytes())
        .with(0x38, &tcb("current_tcb"))
        .with(0x40, &number(&json["plat_info"]).to_le_bytes())
        .with(0x180, &tcb("reported_tcb"))
        .with(0x1e0, &tcb("committed_tcb"))
        .with(0x1f0, &tcb("launch_tcb"))
        .with(0x1e8, &firmware("current"))
        .with(0x1ec, &firmware("committed"));
    let words = [
        (0x00, "version"),
        (0x04, "guest_svn"),
        (0x30, "vmpl"),
        (0x34, "sig_algo"),
        (0x48, "key_info"),
    ];
    for (at, name) in words {
        let word = u32::try_from(number(&json[name])).expect("a word");
        report = report.with(at, &word.to_le_bytes());
    }
    let processor = ["cpuid_fam_id", "cpuid_mod_id", "cpuid_step"].map(|part| byte(&json[part]));
    report = report.with(0x188, &processor);
    let fields = [
        (0x10, "family_id"),
        (0x20, "image_id"),
        (0x50, "report_data"),
        (0x90, "measurement"),
        (0xc0, "host_data"),
        (0xe0, "id_key_digest"),
        (0x110, "author_key_digest"),
        (0x140, "report_id"),
        (0x160, "report_id_ma"),
        (0x1a0, "chip_id"),
    ];
    for (at, name) in fields {
        report = report.with(at, &bytes(&json[name]));
    }
    let signature = &json["signature"];
    report
        .with(0x2a0, &bytes(&signature["r"]))
        .with(0x2e8, &bytes(&signature["s"]))
        .0
}
