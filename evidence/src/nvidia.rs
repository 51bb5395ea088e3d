//! GPUs of a test.

use crate::authority::{Authority, Names, Window, key, made};
use crate::der::{element, integer, octets, oid, sequence};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::PublicKeyData;

/// NVIDIA, as far as a test needs it: the root, and the authority that provisions devices.
pub struct Nvidia {
    root: Authority,
    provisioner: Authority,
    window: Window,
}

/// A GPU that signs measurements.
pub struct Gpu {
    key: EcdsaKeyPair,
    /// Its certificates, its own first and the root last. DER.
    pub certificates: Vec<Vec<u8>>,
}

/// What the boot ROM measured of the firmware that holds the key: FWID.
const FIRMWARE: [u8; 48] = [0x5a; 48];

/// The only measurement that is not zero: index 1.
pub const MEASUREMENT: [u8; 48] = [1; 48];

/// The driver that the evidence names.
pub const DRIVER: &str = "550.90.07";

/// The VBIOS that the evidence names.
pub const VBIOS: &str = "96.00.9F.00.01";

impl Nvidia {
    /// A new one. All certificates count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let root = Authority::root(named("NVIDIA Device Identity CA", 1), window, p384);
        let provisioner = root.authority(named("NVIDIA GH100 Provisioner ICA 1", 2), window, p384);
        Nvidia {
            root,
            provisioner,
            window,
        }
    }

    /// The root to pin. DER.
    #[must_use]
    pub fn root(&self) -> &[u8] {
        self.root.der()
    }

    /// The revocation lists of both authorities, which revoke nothing. DER.
    #[must_use]
    pub fn lists(&self) -> [Vec<u8>; 2] {
        [&self.root, &self.provisioner].map(|authority| authority.revoke(&[], self.window))
    }

    /// A GPU.
    #[must_use]
    pub fn gpu(&self, number: u64) -> Gpu {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let rom =
            self.provisioner
                .authority(named("GH100 A01 GSP BROM", 3 + number), self.window, p384);
        let key = key(p384);
        let device_identity: &[u64] = &[2, 23, 133, 5, 4, 1];
        let identity = device_identity_of(&rom.key().subject_public_key_info());
        let leaf = rom.certify(
            &key,
            named("GH100 A01 GSP FMC LF", 1),
            self.window,
            &[(device_identity, identity)],
        );
        let key = made(EcdsaKeyPair::from_pkcs8(
            &ECDSA_P384_SHA384_FIXED_SIGNING,
            &key.serialize_der(),
        ));
        let above = [&rom, &self.provisioner, &self.root].map(|one| one.der().to_vec());
        Gpu {
            key,
            certificates: std::iter::once(leaf).chain(above).collect(),
        }
    }
}

impl Gpu {
    /// The SPDM request with a nonce, and the answer to it.
    #[must_use]
    pub fn messages(&self, nonce: [u8; 32]) -> Vec<u8> {
        let record = [block(1, MEASUREMENT), block(2, [0; 48])].concat();
        let opaque = [
            field(3, format!("{DRIVER}\0").as_bytes()),
            field(6, &[0, 0x9f, 0, 0x96, 1, 0, 0, 0]),
            field(11, &[0x55]),
            field(20, &FIRMWARE),
            field(21, &[0x55]),
            field(36, &[0, 0]),
        ]
        .concat();
        let [low, middle, high, ..] = record.len().to_le_bytes();
        let mut messages = [
            // GET_MEASUREMENTS of SPDM 1.1: signed, all of them; the nonce; slot 0.
            &[0x11, 0xe0, 1, 0xff],
            nonce.as_slice(),
            &[0],
            // MEASUREMENTS with two blocks.
            &[0x11, 0x60, 0, 0, 2],
            &[low, middle, high],
            &record,
            &[8; 32],
            &short(opaque.len()),
            &opaque,
        ]
        .concat();
        let signature = made(self.key.sign(&SystemRandom::new(), &messages));
        messages.extend(signature.as_ref());
        messages
    }

    /// Its certificates as tools write them. PEM.
    #[must_use]
    pub fn chain(&self) -> String {
        let certificates = self.certificates.iter();
        certificates
            .map(|der| pem::encode(&pem::Pem::new("CERTIFICATE", der.as_slice())))
            .collect()
    }
}

/// The extension by which a boot ROM names itself and the firmware that it started, `CompositeDeviceID`: version, key, digest.
fn device_identity_of(rom: &[u8]) -> Vec<u8> {
    let sha384: &[u32] = &[2, 16, 840, 1, 101, 3, 4, 2, 2];
    let firmware = sequence(&[oid(sha384), octets(&FIRMWARE)]);
    element(0x30, &[integer(1), rom.to_vec(), firmware].concat())
}

/// A measurement: index, DMTF's specification, immutable ROM or firmware, length.
fn block(index: u8, value: [u8; 48]) -> Vec<u8> {
    [&[index, 1, 51, 0, 1, 48, 0], value.as_slice()].concat()
}

/// A field of NVIDIA's opaque data.
fn field(kind: u16, value: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &short(value.len()), value].concat()
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or_default().to_le_bytes()
}
