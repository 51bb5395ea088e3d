//! Which operating systems are ours, as a virtual TPM measured them.

use crate::policy::Hex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// The `[vtpm]` section of a policy: registers of the SHA-256 bank, such as `pcr.4 = ["…"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct VtpmPolicy {
    /// Accepted values by register.
    pub pcr: BTreeMap<Register, Vec<Hex<32>>>,
}

/// The number of a register: 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Register(pub u8);

impl TryFrom<String> for Register {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|number| *number < 24)
            .map(Register)
            .ok_or_else(|| format!("expected a register from 0 to 23, found \"{text}\""))
    }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PCR {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn registers_are_keys() {
        let text = format!("[vtpm.pcr]\n4 = [\"{}\"]\n", "ab".repeat(32));
        let vtpm = Policy::parse(&text)
            .expect("a policy")
            .vtpm
            .expect("a section");
        assert_eq!(vtpm.pcr.get(&Register(4)), Some(&vec![Hex([0xab; 32])]));
        assert!(Policy::parse("[vtpm.pcr]\n24 = []\n").is_err());
    }
}
