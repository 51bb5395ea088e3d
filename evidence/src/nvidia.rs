//! NVIDIA GPUs of a test.

use crate::authority::{Authority, Names, Window, key, made};
use crate::der::{element, integer, oid};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::PublicKeyData;

/// FWID of the test's GPUs.
pub const FIRMWARE: [u8; 48] = [0x5a; 48];

/// The extension of a device's certificate that names its firmware (TCG DICE).
pub const DEVICE_IDENTITY: &[u64] = &[2, 23, 133, 5, 4, 1];

/// NVIDIA, as far as a test needs it: the root, and the authority over boot ROMs.
pub struct Nvidia {
    root: Authority,
    provisioner: Authority,
    window: Window,
}

/// A GPU that signs evidence.
pub struct Gpu {
    key: EcdsaKeyPair,
    /// The certificates from its own up to the root. DER.
    pub chain: Vec<Vec<u8>>,
}

impl Nvidia {
    /// A new one. All certificates count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let root = Authority::root(named("Device Identity CA", 1), window, p384);
        let provisioner = root.authority(named("Provisioner ICA", 2), window, p384);
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

    /// The lists of both authorities, which revoke nothing. DER.
    #[must_use]
    pub fn lists(&self) -> [Vec<u8>; 2] {
        [&self.root, &self.provisioner].map(|authority| authority.revoke(&[], self.window))
    }

    /// A GPU.
    #[must_use]
    pub fn gpu(&self, serial: u64) -> Gpu {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common| Names { common, serial };
        let rom = self
            .provisioner
            .authority(named("GSP BROM"), self.window, p384);
        let identity = device_identity(&rom.key().subject_public_key_info(), &FIRMWARE);
        let key = key(p384);
        let extensions = [(DEVICE_IDENTITY, identity)];
        let own = rom.certify(&key, named("GSP FMC LF"), self.window, &extensions);
        let above = [&rom, &self.provisioner, &self.root].map(|one| one.der().to_vec());
        Gpu {
            key: made(EcdsaKeyPair::from_pkcs8(
                &ECDSA_P384_SHA384_FIXED_SIGNING,
                &key.serialize_der(),
            )),
            chain: std::iter::once(own).chain(above).collect(),
        }
    }
}

impl Gpu {
    /// The chain as drivers hand it out.
    #[must_use]
    pub fn pem(&self) -> String {
        self.chain
            .iter()
            .map(|der| pem::encode(&pem::Pem::new("CERTIFICATE", der.as_slice())))
            .collect()
    }

    /// Evidence that was asked for with a nonce.
    #[must_use]
    pub fn evidence(&self, nonce: &[u8; 32]) -> Vec<u8> {
        let mut evidence = unsigned(nonce);
        let signature = made(self.key.sign(&SystemRandom::new(), &evidence));
        evidence.extend(signature.as_ref());
        evidence
    }
}

/// The extension's old form, `CompositeDeviceID`: version, key of the layer below, firmware.
#[must_use]
pub fn device_identity(key_below: &[u8], firmware: &[u8; 48]) -> Vec<u8> {
    let sha384 = oid(&[2, 16, 840, 1, 101, 3, 4, 2, 2]);
    let digest = element(4, firmware);
    let fwid = element(0x30, &[sha384, digest].concat());
    element(0x30, &[&integer(1), key_below, &fwid].concat())
}

/// Request and response with two measurements, of which the second is unused, up to the signature.
#[must_use]
pub fn unsigned(nonce: &[u8; 32]) -> Vec<u8> {
    let block =
        |index: u8, value: [u8; 48]| [&[index, 1, 51, 0, 1, 48, 0], value.as_slice()].concat();
    let record = [block(1, [1; 48]), block(2, [0; 48])].concat();
    let opaque = [
        field(3, b"550.90.07\0"),
        field(6, &[0, 0x9f, 0, 0x96, 1, 0, 0, 0]),
        field(11, &[0x55]),
        field(20, &FIRMWARE),
        field(21, &[0x55]),
        field(36, &[0, 0]),
    ]
    .concat();
    let [low, middle, high, _] = made(u32::try_from(record.len())).to_le_bytes();
    [
        &[0x11, 0xe0, 1, 0xff],
        nonce.as_slice(),
        &[0],
        &[0x11, 0x60, 0, 0, 2],
        &[low, middle, high],
        &record,
        &[8; 32],
        &made(u16::try_from(opaque.len())).to_le_bytes(),
        &opaque,
    ]
    .concat()
}

fn field(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = made(u16::try_from(value.len()));
    [&kind.to_le_bytes(), &length.to_le_bytes(), value].concat()
}
