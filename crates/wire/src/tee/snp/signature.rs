//! The signature of a report.

use super::reserved::Reserved;
use crate::bytes::{Cursor, Error};

/// The signature: r and s in 72 bytes each, little-endian, of which 48 can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    /// r.
    pub r: &'a [u8; 72],
    /// s.
    pub s: &'a [u8; 72],
    /// Offset of the first byte behind them that is not zero. Nothing signs these bytes.
    pub reserved_set: Option<usize>,
}

impl<'a> Signature<'a> {
    pub(super) fn parse(at: &mut Cursor<'a>) -> Result<Self, Error> {
        let r = at.array("SIGNATURE r")?;
        let s = at.array("SIGNATURE s")?;
        let mut reserved = Reserved(None);
        reserved.skip(at, 512 - 144, "SIGNATURE reserved bytes")?;
        Ok(Signature {
            r,
            s,
            reserved_set: reserved.0,
        })
    }

    /// r and s big-endian in 48 bytes each, as libraries want them. `None` where one does not fit.
    #[must_use]
    pub fn big_endian(&self) -> Option<[u8; 96]> {
        let mut fixed = [0; 96];
        let (r, s) = fixed.split_at_mut(48);
        for (to, number) in [(r, self.r), (s, self.s)] {
            let (low, high) = number.split_at(48);
            if high.iter().any(|byte| *byte != 0) {
                return None;
            }
            for (to, from) in to.iter_mut().zip(low.iter().rev()) {
                *to = *from;
            }
        }
        Some(fixed)
    }
}
