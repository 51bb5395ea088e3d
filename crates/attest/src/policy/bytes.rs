//! Bytes in policies: hexadecimal of a known length.

use crate::crypto::{hex, unhex};
use serde::de::{Deserialize, Deserializer, Error};
use std::fmt;

/// `N` bytes, written as `2 * N` hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = unhex(text.trim())
            .ok_or_else(|| D::Error::custom(format!("expected {} hexadecimal digits", 2 * N)))?;
        let length = bytes.len();
        <[u8; N]>::try_from(bytes).map(Hex).map_err(|_| {
            D::Error::custom(format!(
                "expected {N} bytes ({} hexadecimal digits), found {length}",
                2 * N
            ))
        })
    }
}
