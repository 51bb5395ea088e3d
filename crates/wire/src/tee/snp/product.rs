//! Product lines of processors.

use super::tcb::TcbLayout;
use std::fmt;

/// A product line. Each has a root key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// EPYC 7003.
    Milan,
    /// EPYC 9004 and 8004.
    Genoa,
    /// EPYC 9005.
    Turin,
}

/// Which processor made a report (CPUID 1, extended fields added; AMD 56860, from version 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpuid {
    /// Family: 0x19 or 0x1a.
    pub family: u8,
    /// Model.
    pub model: u8,
    /// Stepping.
    pub stepping: u8,
}

impl Product {
    /// The name in certificates and addresses of AMD's key service.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Product::Milan => "Milan",
            Product::Genoa => "Genoa",
            Product::Turin => "Turin",
        }
    }

    /// The product of a name, with or without a stepping: `Milan-B0`, `Genoa` (AMD 57230, product name extension). Siena has a
    /// name of its own, but Genoa's keys.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let line = name.split_once('-').map_or(name, |(line, _)| line);
        match line {
            "Milan" => Some(Product::Milan),
            "Genoa" | "Siena" => Some(Product::Genoa),
            "Turin" => Some(Product::Turin),
            _ => None,
        }
    }

    /// The order of components in its TCB versions.
    #[must_use]
    pub fn tcb_layout(self) -> TcbLayout {
        match self {
            Product::Milan | Product::Genoa => TcbLayout::BootloaderFirst,
            Product::Turin => TcbLayout::FmcFirst,
        }
    }

    /// How many bytes of CHIP_ID name a chip; the others are zero (AMD 57230, hwID).
    #[must_use]
    pub fn chip_id_length(self) -> usize {
        match self {
            Product::Milan | Product::Genoa => 64,
            Product::Turin => 8,
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Cpuid {
    /// The product line. `None` for processors that are not known here.
    #[must_use]
    pub fn product(self) -> Option<Product> {
        match (self.family, self.model) {
            (0x19, 0x00..=0x0f) => Some(Product::Milan),
            (0x19, 0x10..=0x1f | 0xa0..=0xaf) => Some(Product::Genoa),
            (0x1a, 0x00..=0x11) => Some(Product::Turin),
            _ => None,
        }
    }
}

impl fmt::Display for Cpuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cpuid {
            family,
            model,
            stepping,
        } = self;
        write!(
            f,
            "family {family:#x} model {model:#x} stepping {stepping:#x}"
        )
    }
}
