//! TCB versions: security version numbers of the parts that a guest leans on.

use std::fmt;

/// A TCB version as it stands in a report: eight numbers, whose meaning depends on the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tcb(pub [u8; 8]);

/// Which byte is which component (AMD 56860, structure TCB_VERSION).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcbLayout {
    /// Milan and Genoa: bootloader, TEE, four spare ones, SNP, microcode.
    BootloaderFirst,
    /// Turin: FMC, bootloader, TEE, SNP, three spare ones, microcode.
    FmcFirst,
}

/// The components that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Components {
    /// First mutable code; Turin and later.
    pub fmc: Option<u8>,
    /// The security processor's bootloader.
    pub bootloader: u8,
    /// The security processor's operating system.
    pub tee: u8,
    /// The SNP firmware.
    pub snp: u8,
    /// The lowest microcode patch of all cores.
    pub microcode: u8,
}

impl Tcb {
    /// Its components.
    #[must_use]
    pub fn components(self, layout: TcbLayout) -> Components {
        match (layout, self.0) {
            (TcbLayout::BootloaderFirst, [bootloader, tee, _, _, _, _, snp, microcode]) => {
                Components {
                    fmc: None,
                    bootloader,
                    tee,
                    snp,
                    microcode,
                }
            }
            (TcbLayout::FmcFirst, [fmc, bootloader, tee, snp, _, _, _, microcode]) => Components {
                fmc: Some(fmc),
                bootloader,
                tee,
                snp,
                microcode,
            },
        }
    }

    /// Whether no number is below its counterpart.
    #[must_use]
    pub fn is_at_least(self, other: Tcb) -> bool {
        self.0
            .iter()
            .zip(other.0)
            .all(|(mine, other)| *mine >= other)
    }
}

impl fmt::Display for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(fmc) = self.fmc {
            write!(f, "fmc {fmc}, ")?;
        }
        let Components {
            bootloader,
            tee,
            snp,
            microcode,
            ..
        } = self;
        write!(
            f,
            "bootloader {bootloader}, tee {tee}, snp {snp}, microcode {microcode}"
        )
    }
}
