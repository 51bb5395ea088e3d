//! GPUs of a test, and the manifests of what they run.

mod device;
mod manifest;

pub use device::{Device, Gpu};
pub use manifest::{Manifest, Value};

use crate::authority::{Authority, Names, Window, key, made};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::KeyPair;

/// NVIDIA, as far as a test needs it: the authorities of devices and of manifests.
pub struct Nvidia {
    device_root: Authority,
    provisioner: Authority,
    manifest_root: Authority,
    manifest_authority: Authority,
    window: Window,
}

impl Nvidia {
    /// A new one. All certificates count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let device_root = Authority::root(named("NVIDIA Device Identity CA", 1), window, p384);
        let manifest_root = Authority::root(named("NVIDIA CoRIM signing Root CA", 1), window, p384);
        Nvidia {
            provisioner: device_root.authority(
                named("NVIDIA GH100 Provisioner ICA 1", 2),
                window,
                p384,
            ),
            manifest_authority: manifest_root.authority(
                named("NVIDIA Reference Value GH100 CA", 2),
                window,
                p384,
            ),
            device_root,
            manifest_root,
            window,
        }
    }

    /// The root of devices. DER.
    #[must_use]
    pub fn device_root(&self) -> &[u8] {
        self.device_root.der()
    }

    /// The root of manifests. DER.
    #[must_use]
    pub fn manifest_root(&self) -> &[u8] {
        self.manifest_root.der()
    }

    /// Lists of every authority of devices, which revoke nothing. DER.
    #[must_use]
    pub fn device_lists(&self) -> Vec<Vec<u8>> {
        let authorities = [&self.device_root, &self.provisioner];
        let lists = authorities.map(|authority| authority.revoke(&[], self.window));
        lists.to_vec()
    }

    /// Lists of every authority of manifests; that of the signers' holds these serial numbers. DER.
    #[must_use]
    pub fn manifest_lists(&self, signers: &[u64]) -> Vec<Vec<u8>> {
        vec![
            self.manifest_root.revoke(&[], self.window),
            self.manifest_authority.revoke(signers, self.window),
        ]
    }

    /// A GPU.
    #[must_use]
    pub fn gpu(&self) -> Gpu {
        Gpu::new(self)
    }

    /// A signed manifest. Its signer's certificate has the serial number 3 and counts in the window.
    #[must_use]
    pub fn sign(&self, manifest: &Manifest, window: Window) -> String {
        let signer = key(&rcgen::PKCS_ECDSA_P384_SHA384);
        let names = Names {
            common: "HCC RIM L4 Signer",
            serial: 3,
        };
        let certificate = self.manifest_authority.certify(&signer, names, window, &[]);
        let above = [&self.manifest_authority, &self.manifest_root].map(Authority::der);
        let certificates = [[certificate.as_slice()].as_slice(), &above].concat();
        manifest.signed(&signing_key(&signer), &certificates)
    }
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
