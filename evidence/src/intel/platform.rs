//! A platform: its certification key, its quoting enclave, its attestation key.

use super::Intel;
use crate::authority::{Names, Window, key, made};
use crate::der::{boolean, integer, octets, oid, sequence};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

/// MRSIGNER of the test's quoting enclaves.
pub(super) const QE_SIGNER: [u8; 32] = [0x51; 32];

/// What can be wrong with a platform.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The serial number of its PCK certificate.
    pub serial: u64,
    /// The window of its PCK certificate.
    pub window: Window,
    /// Security version of every component.
    pub component_svn: u8,
    /// Security version of the quoting enclave.
    pub qe_svn: u16,
    /// Whether the quoting enclave is Intel's.
    pub is_known_qe: bool,
    /// Whether the quoting enclave's report is about another key.
    pub other_key: bool,
    /// `SGX Type`, and whether the platform is dynamic, has cached keys and hyper-threading.
    pub set_up: (u8, [bool; 3]),
}

impl Default for Options {
    fn default() -> Self {
        Options {
            serial: 100,
            window: super::YEARS,
            component_svn: 10,
            qe_svn: 8,
            is_known_qe: true,
            other_key: false,
            set_up: (1, [false; 3]),
        }
    }
}

/// A platform that signs quotes.
pub struct Platform {
    pub(super) attestation: EcdsaKeyPair,
    /// What stands behind the signature in a quote of version 3: key, report, its signature, authentication data, chain.
    pub(super) vouching: [Vec<u8>; 2],
}

/// FMSPC of the test's platforms.
pub(super) const FMSPC: [u8; 6] = [0, 0x90, 0x6e, 0xd5, 0, 0];

const EXTENSION: [u64; 7] = [1, 2, 840, 113_741, 1, 13, 1];

impl Intel {
    /// A platform.
    #[must_use]
    pub fn platform(&self, options: Options) -> Platform {
        let pck = key(&rcgen::PKCS_ECDSA_P256_SHA256);
        let names = Names {
            common: "Intel SGX PCK Certificate",
            serial: options.serial,
        };
        let extension = sgx_extension(options.component_svn, options.set_up);
        let certificate = self
            .pck
            .certify(&pck, names, options.window, &[(&EXTENSION, extension)]);
        let chain = [certificate.as_slice(), self.pck.der(), self.root.der()]
            .map(pem)
            .concat();
        let attestation = signing_key(&key(&rcgen::PKCS_ECDSA_P256_SHA256));
        let point = attestation.public_key().as_ref().to_vec();
        let attestation_key = point.get(1..).unwrap_or_default().to_vec();
        let authentication: Vec<u8> = (0..32).collect();
        let mut about = attestation_key.clone();
        about.extend(&authentication);
        if options.other_key {
            about.push(0);
        }
        let mut report = vec![0; 384];
        put(&mut report, 48, &[0x11, 0, 0, 0, 0, 0, 0, 0, 0xe7]);
        let signer = if options.is_known_qe {
            QE_SIGNER
        } else {
            [9; 32]
        };
        put(&mut report, 128, &signer);
        put(&mut report, 256, &2u16.to_le_bytes());
        put(&mut report, 258, &options.qe_svn.to_le_bytes());
        put(&mut report, 320, digest(&SHA256, &about).as_ref());
        let signature = sign(&signing_key(&pck), &report);
        let mut certification = report;
        certification.extend(signature);
        certification.extend(32u16.to_le_bytes());
        certification.extend(authentication);
        certification.extend(5u16.to_le_bytes());
        certification.extend(length(chain.len()));
        certification.extend(chain.as_bytes());
        Platform {
            attestation,
            vouching: [attestation_key, certification],
        }
    }
}

fn sgx_extension(svn: u8, (kind, [dynamic, cached, smt]): (u8, [bool; 3])) -> Vec<u8> {
    let arcs = |tail: &[u32]| {
        let mut arcs = vec![1, 2, 840, 113_741, 1, 13, 1];
        arcs.extend(tail);
        oid(&arcs)
    };
    let pair = |tail: &[u32], value: Vec<u8>| sequence(&[arcs(tail), value]);
    let mut tcb: Vec<Vec<u8>> = (1..=16)
        .map(|number| pair(&[2, number], integer(u64::from(svn))))
        .collect();
    tcb.push(pair(&[2, 17], integer(13)));
    tcb.push(pair(&[2, 18], octets(&[svn; 16])));
    sequence(&[
        pair(&[1], octets(&[7; 16])),
        pair(&[2], sequence(&tcb)),
        pair(&[3], octets(&[0, 0])),
        pair(&[4], octets(&FMSPC)),
        pair(&[5], crate::der::element(10, &[kind])),
        pair(&[6], octets(&[3; 16])),
        pair(
            &[7],
            sequence(&[
                pair(&[7, 1], boolean(dynamic)),
                pair(&[7, 2], boolean(cached)),
                pair(&[7, 3], boolean(smt)),
            ]),
        ),
    ])
}

/// Puts bytes at an offset.
pub(super) fn put(to: &mut [u8], at: usize, bytes: &[u8]) {
    to.iter_mut()
        .skip(at)
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
}

/// A length of four bytes.
pub(super) fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// The same key for raw signatures.
pub(super) fn signing_key(key: &rcgen::KeyPair) -> EcdsaKeyPair {
    made(EcdsaKeyPair::from_pkcs8(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &key.serialize_der(),
    ))
}

/// r and s, 32 bytes each.
pub(super) fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    made(key.sign(&SystemRandom::new(), message))
        .as_ref()
        .to_vec()
}

/// PEM of a certificate.
pub(super) fn pem(der: &[u8]) -> String {
    let block = pem::Pem::new("CERTIFICATE", der);
    pem::encode_config(
        &block,
        pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
    )
}
