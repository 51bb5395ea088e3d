//! Which SEV-SNP guests are ours.

use crate::policy::Hex;
use serde::Deserialize;
use std::fmt;
use wire::tee::snp::{Components, Product};

/// The `[snp]` section of a policy. What is not pinned stays unproven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct SnpPolicy {
    /// Measurements of the initial memory: firmware, and the kernel where it is measured with it.
    pub measurement: Vec<Hex<48>>,
    /// What the host put in at launch: the digest of a Kata pod's init data, cut or filled to 32 bytes.
    pub host_data: Vec<Hex<32>>,
    /// Keys that sign ID blocks of reviewed builds: SHA-384.
    pub id_key_digest: Vec<Hex<48>>,
    /// Keys that certify such keys: SHA-384.
    pub author_key_digest: Vec<Hex<48>>,
    /// Families, from the ID block.
    pub family_id: Vec<Hex<16>>,
    /// Images, from the ID block.
    pub image_id: Vec<Hex<16>>,
    /// The lowest security version of the guest, from the ID block.
    pub guest_svn_min: Option<u32>,
    /// The privilege level that asks for reports: 0, or that behind a paravisor.
    pub vmpl: Option<u32>,
    /// The lowest REPORTED_TCB, by product.
    pub tcb_min: TcbFloors,
    /// The lowest LAUNCH_TCB, by product.
    pub launch_tcb_min: TcbFloors,
    /// Firmware that is installed but not committed is accepted: the host can roll it back.
    pub provisional_firmware: bool,
    /// The least ABI that the guest's policy must ask for.
    pub abi_min: Option<Abi>,
    /// The guest must not run beside another thread on its core.
    pub forbid_smt: bool,
    /// The guest must not run on a host with CXL memory or devices.
    pub forbid_cxl: bool,
    /// The guest must be kept to one socket.
    pub require_single_socket: bool,
    /// Memory must be encrypted with AES-256-XTS.
    pub require_aes_256_xts: bool,
    /// The host must not be able to measure power.
    pub require_rapl_disabled: bool,
    /// The host must not be able to read ciphertext.
    pub require_ciphertext_hiding: bool,
    /// The host must not be able to move or swap the guest's pages.
    pub require_page_swap_disabled: bool,
}

/// Floors by product: their numbers cannot be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TcbFloors {
    /// EPYC 7003.
    pub milan: Option<TcbFloor>,
    /// EPYC 9004 and 8004.
    pub genoa: Option<TcbFloor>,
    /// EPYC 9005.
    pub turin: Option<TcbFloor>,
}

impl TcbFloors {
    /// The floor of a product.
    #[must_use]
    pub fn of(&self, product: Product) -> Option<&TcbFloor> {
        match product {
            Product::Milan => self.milan.as_ref(),
            Product::Genoa => self.genoa.as_ref(),
            Product::Turin => self.turin.as_ref(),
        }
    }
}

/// The lowest number of each component. What is not named may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TcbFloor {
    /// First mutable code (Turin).
    pub fmc: u8,
    /// The security processor's bootloader.
    pub bootloader: u8,
    /// The security processor's operating system.
    pub tee: u8,
    /// The SNP firmware.
    pub snp: u8,
    /// The microcode.
    pub microcode: u8,
}

impl TcbFloor {
    /// The components that are below it, with how far: `snp 8 < 22`. Empty where none is.
    pub(super) fn shortfall(&self, found: Components) -> String {
        let pairs = [
            ("fmc", found.fmc.unwrap_or(u8::MAX), self.fmc),
            ("bootloader", found.bootloader, self.bootloader),
            ("tee", found.tee, self.tee),
            ("snp", found.snp, self.snp),
            ("microcode", found.microcode, self.microcode),
        ];
        let short: Vec<String> = pairs
            .into_iter()
            .filter(|(_, found, floor)| found < floor)
            .map(|(name, found, floor)| format!("{name} {found} < {floor}"))
            .collect();
        short.join(", ")
    }
}

impl fmt::Display for TcbFloor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Components {
            fmc: (self.fmc > 0).then_some(self.fmc),
            bootloader: self.bootloader,
            tee: self.tee,
            snp: self.snp,
            microcode: self.microcode,
        }
        .fmt(f)
    }
}

/// A version of the firmware's ABI, written `major.minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Abi {
    /// Major number.
    pub major: u8,
    /// Minor number.
    pub minor: u8,
}

impl TryFrom<String> for Abi {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.split_once('.')
            .and_then(|(major, minor)| {
                Some(Abi {
                    major: major.parse().ok()?,
                    minor: minor.parse().ok()?,
                })
            })
            .ok_or_else(|| format!("expected an ABI version such as \"1.55\", found \"{text}\""))
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn reads_floors_by_product() {
        let text = "[snp]\nabi-min = \"1.55\"\nforbid-smt = true\n[snp.tcb-min.milan]\nsnp = 22\nmicrocode = 209\n";
        let snp = Policy::parse(text)
            .expect("a policy")
            .snp
            .expect("a section");
        assert_eq!(
            snp.abi_min,
            Some(Abi {
                major: 1,
                minor: 55
            })
        );
        let floor = snp.tcb_min.of(Product::Milan).expect("a floor");
        let found = Components {
            fmc: None,
            bootloader: 3,
            tee: 0,
            snp: 8,
            microcode: 210,
        };
        assert_eq!(floor.shortfall(found), "snp 8 < 22");
        assert_eq!(snp.tcb_min.of(Product::Turin), None);
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        let error = Policy::parse("[snp]\nmeasurements = []\n")
            .map_err(|error| error.contains("measurements"));
        assert_eq!(error, Err(true));
        assert!(Policy::parse("[snp]\nabi-min = \"1\"\n").is_err());
    }
}
