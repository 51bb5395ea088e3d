//! Signing keys that everybody has: whoever wants signs an enclave with them.

use crate::policy::Hex;

/// MRSIGNER of published keys, and where each comes from. Computed from the key files: SHA-256 of the modulus, little-endian.
const PUBLISHED: [(&str, &str); 5] = [
    (
        "83d719e77deaca1470f6baf62a4d774303c899db69020f9c70ee1dfc08c7ce9e",
        "the key of the SGX SDK's samples and of Occlum's template",
    ),
    (
        "c30446b4be9baf0f69728423ea613ef81a63e72acf7439fa0549001fd5482835",
        "the key of Occlum's local attestation demo",
    ),
    (
        "9664d90755bd901069d4725cdd428038473d726f1cec0edf0d78e18a596b1d4e",
        "a test key of the linux-sgx reference launch enclave",
    ),
    (
        "fbbf17d6b0700e63ad55520f17ed6d2e06c2832217cd992bad243b5022ee83bc",
        "a test key of the linux-sgx reference launch enclave",
    ),
    (
        "5e70caf3b3bb3b5dfaacfeaea8c2170d94e2f8c347b896f38640692b770e223f",
        "the key of the SGX Eclipse plug-in's template",
    ),
];

/// Where a signer's key is published, if it is.
pub(super) fn published(mr_signer: &[u8; 32]) -> Option<&'static str> {
    let digits = Hex(*mr_signer).to_string();
    PUBLISHED
        .iter()
        .find(|(signer, _)| *signer == digits)
        .map(|(_, origin)| *origin)
}
