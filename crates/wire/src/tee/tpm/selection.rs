//! Registers of the SHA-256 bank.

/// A set of the registers 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registers(pub(super) [u8; 3]);

impl Registers {
    /// All of them.
    pub const ALL: Registers = Registers([0xff; 3]);

    /// The numbers, in order.
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, byte)| {
            (0..8).filter_map(move |bit| (byte >> bit & 1 == 1).then_some(at * 8 + bit))
        })
    }

    /// Those that are not in another set.
    #[must_use]
    pub fn without(self, other: Registers) -> Registers {
        let [a, b, c] = self.0;
        let [x, y, z] = other.0;
        Registers([a & !x, b & !y, c & !z])
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == [0; 3]
    }

    /// TPML_PCR_SELECTION with one bank.
    pub(super) fn list(self) -> Vec<u8> {
        let [a, b, c] = self.0;
        let [high, low] = SHA_256.to_be_bytes();
        vec![0, 0, 0, 1, high, low, 3, a, b, c]
    }
}

/// TPM_ALG_SHA256.
pub(super) const SHA_256: u16 = 0x000b;
