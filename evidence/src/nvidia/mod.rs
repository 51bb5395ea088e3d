//! NVIDIA GPUs of a test, and the reference manifests of what they run.

mod device;
mod manifest;

pub use device::{Device, FIRMWARE, unsigned};
pub use manifest::{Manifest, Publisher, Value};

use crate::authority::{Authority, Names, Window, key, made};
use crate::der::{element, integer, oid};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::{KeyPair, PublicKeyData};

/// The extension of a device's certificate that names its firmware (TCG DICE).
pub const DEVICE_IDENTITY: &[u64] = &[2, 23, 133, 5, 4, 1];

/// NVIDIA, as far as a test of devices needs it: the root, and the authority over boot ROMs.
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

    /// The authority over boot ROMs, which bears the serial number 2, and the root over it.
    #[must_use]
    pub fn authorities(&self) -> [&Authority; 2] {
        [&self.provisioner, &self.root]
    }

    /// A GPU. Its boot ROM bears the serial number, too. Its chip is a GH100, as its
    /// certificate says.
    #[must_use]
    pub fn gpu(&self, serial: u64) -> Gpu {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common| Names { common, serial };
        let rom = self
            .provisioner
            .authority(named("GH100 A01 GSP BROM"), self.window, p384);
        let identity = device_identity(&rom.key().subject_public_key_info(), &FIRMWARE);
        let key = key(p384);
        let extensions = [(DEVICE_IDENTITY, identity)];
        let names = named("GH100 A01 GSP FMC LF");
        let own = rom.certify(&key, names, self.window, &extensions);
        let above = [&rom, &self.provisioner, &self.root].map(|one| one.der().to_vec());
        Gpu {
            key: signing_key(&key),
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
        self.signed(unsigned(nonce))
    }

    /// The same, of a device that says something else of itself.
    #[must_use]
    pub fn evidence_of(&self, device: &Device, nonce: &[u8; 32]) -> Vec<u8> {
        self.signed(device.unsigned(nonce))
    }

    fn signed(&self, mut evidence: Vec<u8>) -> Vec<u8> {
        let signature = sign(&self.key, &evidence);
        evidence.extend(signature);
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

/// A key that signs as devices and manifests do.
fn signing_key(key: &KeyPair) -> EcdsaKeyPair {
    made(EcdsaKeyPair::from_pkcs8(
        &ECDSA_P384_SHA384_FIXED_SIGNING,
        &key.serialize_der(),
    ))
}

/// r and s of 48 bytes each.
fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    made(key.sign(&SystemRandom::new(), message))
        .as_ref()
        .to_vec()
}
