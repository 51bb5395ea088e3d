//! SGX and TDX platforms of a test.

mod collateral;
mod platform;
mod quote;

pub use collateral::Levels;
pub use platform::{Options, Platform};
pub use quote::{Enclave, TrustDomain};

use crate::authority::{Authority, Names, Window};

/// Intel, as far as a test needs it: root, PCK authority, signer of collateral.
pub struct Intel {
    root: Authority,
    pck: Authority,
    signer: rcgen::KeyPair,
    signer_der: Vec<u8>,
    window: Window,
}

/// 2025-01-01 to 2035-01-01.
pub const YEARS: Window = (1_735_689_600, 2_051_222_400);

/// An instant in the middle of what test collateral covers: 2026-01-15.
pub const AT: i64 = 1_768_435_200;

/// The window of test collateral: 2026-01-01 to 2026-01-31.
pub const MONTH: Window = (1_767_225_600, 1_769_817_600);

impl Intel {
    /// A new one. All certificates count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p256 = &rcgen::PKCS_ECDSA_P256_SHA256;
        let named = |common, serial| Names { common, serial };
        let root = Authority::root(named("Intel SGX Root CA", 1), window, p256);
        let pck = root.authority(named("Intel SGX PCK Platform CA", 2), window, p256);
        let signer = crate::authority::key(p256);
        let signer_der = root.certify(&signer, named("Intel SGX TCB Signing", 3), window, &[]);
        Intel {
            root,
            pck,
            signer,
            signer_der,
            window,
        }
    }

    /// The root to pin. DER.
    #[must_use]
    pub fn root(&self) -> &[u8] {
        self.root.der()
    }
}
