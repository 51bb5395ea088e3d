//! The vendors' roots, pinned.

use crate::x509::{Certificate, DerError};

/// Roots that chains must end in. Compared byte for byte.
#[derive(Clone, Debug)]
pub struct Roots {
    /// Intel SGX Root CA: SGX and TDX.
    pub intel: Vec<Certificate>,
    /// AMD's root keys (ARK), one per product line.
    pub amd: Vec<Certificate>,
    /// NVIDIA Device Identity CA.
    pub nvidia: Vec<Certificate>,
    /// NVIDIA CoRIM signing Root CA: reference manifests.
    pub nvidia_rim: Vec<Certificate>,
}

impl Roots {
    /// The vendors' own. SHA-256 of each file:
    ///
    /// | root | SHA-256 |
    /// | --- | --- |
    /// | Intel SGX Root CA | 44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3 |
    /// | ARK-Milan | 69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd |
    /// | ARK-Genoa | 4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1 |
    /// | ARK-Turin | 1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a |
    /// | NVIDIA Device Identity CA | 102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48 |
    /// | NVIDIA CoRIM signing Root CA | 12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1 |
    ///
    /// # Errors
    ///
    /// Never with the files of this crate, which a test reads.
    pub fn pinned() -> Result<Self, DerError> {
        Ok(Roots {
            intel: vec![Certificate::from_der(include_bytes!(
                "../roots/intel-sgx-root-ca.der"
            ))?],
            amd: vec![
                Certificate::from_der(include_bytes!("../roots/amd-ark-milan.der"))?,
                Certificate::from_der(include_bytes!("../roots/amd-ark-genoa.der"))?,
                Certificate::from_der(include_bytes!("../roots/amd-ark-turin.der"))?,
            ],
            nvidia: vec![Certificate::from_der(include_bytes!(
                "../roots/nvidia-device-identity-ca.der"
            ))?],
            nvidia_rim: vec![Certificate::from_der(include_bytes!(
                "../roots/nvidia-corim-signing-root-ca.der"
            ))?],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{hex, sha256};

    #[test]
    fn the_pinned_roots_are_the_vendors() {
        let roots = Roots::pinned().expect("the files of this crate");
        let all = [&roots.intel, &roots.amd, &roots.nvidia, &roots.nvidia_rim];
        let found: Vec<(String, String)> = all
            .into_iter()
            .flatten()
            .map(|root| (root.common_name().to_owned(), hex(&sha256(root.der()))))
            .collect();
        let expected = [
            (
                "Intel SGX Root CA",
                "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
            ),
            (
                "ARK-Milan",
                "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd",
            ),
            (
                "ARK-Genoa",
                "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
            ),
            (
                "ARK-Turin",
                "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
            ),
            (
                "NVIDIA Device Identity CA",
                "102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48",
            ),
            (
                "NVIDIA CoRIM signing Root CA",
                "12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1",
            ),
        ]
        .map(|(name, digest)| (name.to_owned(), digest.to_owned()));
        assert_eq!(found, expected);
        for root in all.into_iter().flatten() {
            assert!(root.is_signed_by(root), "{}", root.subject());
        }
    }
}
