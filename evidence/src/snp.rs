//! SEV-SNP chips of a test.

use crate::authority::{Authority, Names, Window, key, made};
use crate::der::{element, integer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};

/// AMD, as far as a test needs it: root and intermediate of Milan. Real ones are RSA; these are on P-384.
pub struct Amd {
    root: Authority,
    intermediate: Authority,
    window: Window,
}

/// A chip that signs reports.
pub struct Chip {
    key: EcdsaKeyPair,
    id: [u8; 64],
    /// Its VCEK certificate. DER.
    pub certificate: Vec<u8>,
}

/// A guest whose report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// REPORT_DATA.
    pub report_data: [u8; 64],
    /// HOST_DATA: what the host put in at launch.
    pub host_data: [u8; 32],
}

/// What the chip measures of every guest: MEASUREMENT.
pub const MEASUREMENT: [u8; 48] = [0x11; 48];

/// The TCB of the test's chips: boot loader 3, TEE 0, SNP 20, microcode 209.
const TCB: [u8; 8] = [3, 0, 0, 0, 0, 0, 20, 209];

/// Where a report's signature starts: everything before it is signed.
const SIGNED: usize = 0x2a0;

impl Amd {
    /// A new one. All certificates count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let root = Authority::root(named("ARK-Milan", 1), window, p384);
        let intermediate = root.authority(named("SEV-Milan", 2), window, p384);
        Amd {
            root,
            intermediate,
            window,
        }
    }

    /// The root to pin. DER.
    #[must_use]
    pub fn root(&self) -> &[u8] {
        self.root.der()
    }

    /// The intermediate. DER.
    #[must_use]
    pub fn intermediate(&self) -> &[u8] {
        self.intermediate.der()
    }

    /// The root's revocation list, which revokes nothing. DER.
    #[must_use]
    pub fn list(&self) -> Vec<u8> {
        self.root.revoke(&[], self.window)
    }

    /// A chip.
    #[must_use]
    pub fn chip(&self, number: u64) -> Chip {
        let key = key(&rcgen::PKCS_ECDSA_P384_SHA384);
        let mut id = [0xc1; 64];
        id.iter_mut()
            .zip(number.to_be_bytes())
            .for_each(|(to, from)| *to = from);
        let [loader, tee, _, _, _, _, snp, microcode] = TCB;
        let parts: [(&[u64], Vec<u8>); 11] = [
            (&[1], integer(0)),
            (&[2], element(0x16, b"Milan-B0")),
            (&[3, 1], integer(u64::from(loader))),
            (&[3, 2], integer(u64::from(tee))),
            (&[3, 3], integer(u64::from(snp))),
            (&[3, 4], integer(0)),
            (&[3, 5], integer(0)),
            (&[3, 6], integer(0)),
            (&[3, 7], integer(0)),
            (&[3, 8], integer(u64::from(microcode))),
            (&[4], id.to_vec()),
        ];
        let oids: Vec<Vec<u64>> = parts
            .iter()
            .map(|(rest, _)| [&[1, 3, 6, 1, 4, 1, 3704, 1], *rest].concat())
            .collect();
        let extensions: Vec<(&[u64], Vec<u8>)> = oids
            .iter()
            .zip(&parts)
            .map(|(oid, (_, content))| (oid.as_slice(), content.clone()))
            .collect();
        let names = Names {
            common: "SEV-VCEK",
            serial: 0,
        };
        let certificate = self
            .intermediate
            .certify(&key, names, self.window, &extensions);
        let key = made(EcdsaKeyPair::from_pkcs8(
            &ECDSA_P384_SHA384_FIXED_SIGNING,
            &key.serialize_der(),
        ));
        Chip {
            key,
            id,
            certificate,
        }
    }
}

impl Chip {
    /// A report of version 3, as Milan makes it, of a guest that the host told nothing.
    #[must_use]
    pub fn report(&self, report_data: [u8; 64]) -> Vec<u8> {
        self.report_of(&Guest {
            report_data,
            host_data: [0; 32],
        })
    }

    /// The report of a guest.
    #[must_use]
    pub fn report_of(&self, guest: &Guest) -> Vec<u8> {
        let mut report = vec![0; 0x4a0];
        let fields: [(usize, &[u8]); 15] = [
            (0x00, &[3]),
            (0x08, &0x0003_0000u64.to_le_bytes()),
            (0x34, &[1]),
            (0x38, &TCB),
            (0x40, &[0x25]),
            (0x50, &guest.report_data),
            (0x90, &MEASUREMENT),
            (0xc0, &guest.host_data),
            (0x140, &[0x33; 32]),
            (0x180, &TCB),
            (0x188, &[0x19, 1, 1]),
            (0x1a0, &self.id),
            (0x1e0, &TCB),
            (0x1e8, &[21, 55, 1, 0, 21, 55, 1, 0]),
            (0x1f0, &TCB),
        ];
        for (at, bytes) in fields {
            put(&mut report, at, bytes);
        }
        let signed = report.get(..SIGNED).unwrap_or_default();
        let signature = made(self.key.sign(&SystemRandom::new(), signed));
        let (r, s) = signature.as_ref().split_at(48);
        for (at, number) in [(SIGNED, r), (SIGNED + 72, s)] {
            let turned: Vec<u8> = number.iter().rev().copied().collect();
            put(&mut report, at, &turned);
        }
        report
    }
}

fn put(to: &mut [u8], at: usize, bytes: &[u8]) {
    to.iter_mut()
        .skip(at)
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
}
