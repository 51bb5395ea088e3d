//! Codecs of the bytes that services and hardware send. No I/O, no cryptography, no judgement: bytes become typed values that
//! borrow from them, or an error that names the field and its offset.
//!
//! Nothing here allocates from a length field that was not checked against the bytes at hand.

pub mod bytes;
pub mod cbor;
pub mod tee;

pub use bytes::{Cursor, Error};
