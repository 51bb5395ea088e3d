//! The part of CBOR (RFC 8949) that evidence uses: whole numbers, strings, arrays, maps and tags, all of definite length.
//!
//! Ninety lines instead of a dependency: nothing here builds a tree, so a length can never ask for memory.

use crate::bytes::{Cursor, Error, Problem};

/// How deep values that are skipped may nest.
const DEEPEST: u8 = 16;

/// A position in a CBOR text. Every read names what it is for.
#[derive(Clone, Debug)]
pub struct Reader<'a>(Cursor<'a>);

/// The kinds of items (RFC 8949, section 3.1), by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Major {
    Unsigned = 0,
    Negative = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
    Simple = 7,
}

impl<'a> Reader<'a> {
    /// The start of a text.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader(Cursor::new(bytes))
    }

    /// A whole number that is not negative.
    ///
    /// # Errors
    ///
    /// When the next item is none, or the text ends.
    pub fn unsigned(&mut self, field: &'static str) -> Result<u64, Error> {
        self.expect(Major::Unsigned, field, "a CBOR unsigned integer")
    }

    /// A string of bytes.
    ///
    /// # Errors
    ///
    /// When the next item is none, or the text ends.
    pub fn bytes(&mut self, field: &'static str) -> Result<&'a [u8], Error> {
        let length = self.expect(Major::Bytes, field, "a CBOR byte string")?;
        self.take(length, field)
    }

    /// A string of characters.
    ///
    /// # Errors
    ///
    /// When the next item is none, is no UTF-8, or the text ends.
    pub fn text(&mut self, field: &'static str) -> Result<&'a str, Error> {
        let length = self.expect(Major::Text, field, "a CBOR text string")?;
        let at = self.0.clone();
        std::str::from_utf8(self.take(length, field)?)
            .map_err(|_| at.error(field, Problem::Malformed("not UTF-8")))
    }

    /// The number of items of an array that starts here.
    ///
    /// # Errors
    ///
    /// When none starts, or the text ends.
    pub fn array(&mut self, field: &'static str) -> Result<u64, Error> {
        self.expect(Major::Array, field, "a CBOR array")
    }

    /// The number of pairs of a map that starts here.
    ///
    /// # Errors
    ///
    /// When none starts, or the text ends.
    pub fn map(&mut self, field: &'static str) -> Result<u64, Error> {
        self.expect(Major::Map, field, "a CBOR map")
    }

    /// The number of a tag that stands here; the tagged item follows.
    ///
    /// # Errors
    ///
    /// When none stands here, or the text ends.
    pub fn tag(&mut self, field: &'static str) -> Result<u64, Error> {
        self.expect(Major::Tag, field, "a CBOR tag")
    }

    /// Passes over one item, whatever it is.
    ///
    /// # Errors
    ///
    /// When it is nested deeper than evidence ever is, or the text ends.
    pub fn skip(&mut self, field: &'static str) -> Result<(), Error> {
        self.skip_within(field, DEEPEST)
    }

    /// Checks that nothing follows.
    ///
    /// # Errors
    ///
    /// When something does.
    pub fn end(&self, field: &'static str) -> Result<(), Error> {
        if self.0.rest().is_empty() {
            return Ok(());
        }
        Err(self.error(field, "more bytes follow"))
    }

    /// An error at this position.
    #[must_use]
    pub fn error(&self, field: &'static str, what: &'static str) -> Error {
        self.0.error(field, Problem::Malformed(what))
    }

    fn skip_within(&mut self, field: &'static str, depth: u8) -> Result<(), Error> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.error(field, "nested too deep"));
        };
        let (major, argument) = self.head(field)?;
        let items = match major {
            Major::Unsigned | Major::Negative | Major::Simple => 0,
            Major::Bytes | Major::Text => {
                self.take(argument, field)?;
                0
            }
            Major::Array => argument,
            Major::Map => argument.saturating_mul(2),
            Major::Tag => 1,
        };
        // Every item takes a byte at least: a count that lies runs into the end of the text.
        for _ in 0..items {
            self.skip_within(field, depth)?;
        }
        Ok(())
    }

    fn expect(
        &mut self,
        major: Major,
        field: &'static str,
        expected: &'static str,
    ) -> Result<u64, Error> {
        let at = self.0.clone();
        let (found, argument) = self.head(field)?;
        if found == major {
            return Ok(argument);
        }
        let found = found as u64;
        Err(at.error(field, Problem::Value { found, expected }))
    }

    /// The head of an item: its kind and its argument.
    fn head(&mut self, field: &'static str) -> Result<(Major, u64), Error> {
        let at = self.0.clone();
        let initial = self.0.u8(field)?;
        let major = match initial >> 5 {
            0 => Major::Unsigned,
            1 => Major::Negative,
            2 => Major::Bytes,
            3 => Major::Text,
            4 => Major::Array,
            5 => Major::Map,
            6 => Major::Tag,
            _ => Major::Simple,
        };
        let argument = match initial & 0x1f {
            short @ 0..=23 => u64::from(short),
            24 => u64::from(self.0.u8(field)?),
            25 => u64::from(self.0.u16_be(field)?),
            26 => u64::from(self.0.u32_be(field)?),
            27 => u64::from_be_bytes(*self.0.array(field)?),
            _ => {
                return Err(at.error(field, Problem::Malformed("indefinite or reserved length")));
            }
        };
        Ok((major, argument))
    }

    fn take(&mut self, length: u64, field: &'static str) -> Result<&'a [u8], Error> {
        // A length beyond the address space is longer than any input: `take` refuses it.
        self.0
            .take(usize::try_from(length).unwrap_or(usize::MAX), field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_ra_tls_writes() {
        // 60000([h'0102', {"k": 24, "other": [1, {2: 3}]}])
        let text = [
            0xd9, 0xea, 0x60, 0x82, 0x42, 1, 2, 0xa2, 0x61, b'k', 0x18, 24, 0x65, b'o', b't', b'h',
            b'e', b'r', 0x82, 1, 0xa1, 2, 3,
        ];
        let mut reader = Reader::new(&text);
        assert_eq!(reader.tag("tag"), Ok(60_000));
        assert_eq!(reader.array("array"), Ok(2));
        assert_eq!(reader.bytes("bytes"), Ok([1, 2].as_slice()));
        assert_eq!(reader.map("map"), Ok(2));
        assert_eq!(reader.text("key"), Ok("k"));
        assert_eq!(reader.unsigned("value"), Ok(24));
        assert_eq!(reader.text("key"), Ok("other"));
        assert_eq!(reader.skip("value"), Ok(()));
        assert_eq!(reader.end("end"), Ok(()));
    }

    #[test]
    fn lengths_that_lie_are_truncated_input() {
        for text in [
            [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff].as_slice(),
            &[0x42, 1],
            &[0x19, 1],
            &[],
        ] {
            let mut reader = Reader::new(text);
            assert!(reader.skip("item").is_err(), "{text:?}");
        }
        let array = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(Reader::new(&array).skip("array").is_err());
    }

    #[test]
    fn nesting_is_bounded_and_indefinite_lengths_are_refused() {
        assert!(Reader::new(&[0x81; 4096]).skip("array").is_err());
        assert!(Reader::new(&[0x5f, 0x41, 1, 0xff]).bytes("bytes").is_err());
    }
}
