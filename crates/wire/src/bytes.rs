//! Reading fixed layouts from untrusted bytes.

use std::fmt;

/// Why bytes are not what a layout says, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The field that was being read, in the words of its specification.
    pub field: &'static str,
    /// Offset from the start of the whole input, in bytes.
    pub offset: usize,
    /// What was wrong there.
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The input ends before the field does.
    Truncated {
        /// Bytes the field takes.
        needed: usize,
        /// Bytes that are left.
        left: usize,
    },
    /// The value is none that the layout allows.
    Value {
        /// What stands there.
        found: u64,
        /// What may stand there.
        expected: &'static str,
    },
    /// Not the layout at all.
    Malformed(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Error { field, offset, .. } = self;
        match self.problem {
            Problem::Truncated { needed, left } => write!(
                f,
                "{field} at byte {offset} takes {needed} bytes, {left} are left: the input is truncated"
            ),
            Problem::Value { found, expected } => write!(
                f,
                "{field} at byte {offset} is {found} ({found:#x}), expected {expected}"
            ),
            Problem::Malformed(what) => write!(f, "{field} at byte {offset}: {what}"),
        }
    }
}

impl std::error::Error for Error {}

/// A position in an input. All reads are checked, and say which field they are for.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    input: &'a [u8],
    at: usize,
    /// Where `input` starts in the whole input, so that offsets in errors are those of the file.
    base: usize,
}

impl<'a> Cursor<'a> {
    /// The start of an input.
    #[must_use]
    pub fn new(input: &'a [u8]) -> Self {
        Cursor {
            input,
            at: 0,
            base: 0,
        }
    }

    /// The start of a part that begins at `base` of the whole input.
    #[must_use]
    pub fn within(input: &'a [u8], base: usize) -> Self {
        Cursor { input, at: 0, base }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// The offset of the next byte in the whole input.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.base + self.at
    }

    /// The bytes that are left.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.input.get(self.at..).unwrap_or_default()
    }

    /// The next `length` bytes.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn take(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Error> {
        let taken = self
            .at
            .checked_add(length)
            .and_then(|end| self.input.get(self.at..end));
        let Some(taken) = taken else {
            let left = self.rest().len();
            return Err(self.error(
                field,
                Problem::Truncated {
                    needed: length,
                    left,
                },
            ));
        };
        self.at += length;
        Ok(taken)
    }

    /// A part of the next `length` bytes, with offsets that stay those of the whole input.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn part(&mut self, length: usize, field: &'static str) -> Result<Cursor<'a>, Error> {
        let base = self.offset();
        Ok(Cursor::within(self.take(length, field)?, base))
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<&'a [u8; N], Error> {
        let offset = self.offset();
        self.take(N, field)?.try_into().map_err(|_| Error {
            field,
            offset,
            problem: Problem::Malformed("not of the expected length"),
        })
    }

    /// One byte.
    ///
    /// # Errors
    ///
    /// At the end of the input.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Error> {
        self.array::<1>(field).map(|[byte]| *byte)
    }

    /// Two bytes, little-endian.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn u16_le(&mut self, field: &'static str) -> Result<u16, Error> {
        self.array(field).copied().map(u16::from_le_bytes)
    }

    /// Four bytes, little-endian.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn u32_le(&mut self, field: &'static str) -> Result<u32, Error> {
        self.array(field).copied().map(u32::from_le_bytes)
    }

    /// Eight bytes, little-endian.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn u64_le(&mut self, field: &'static str) -> Result<u64, Error> {
        self.array(field).copied().map(u64::from_le_bytes)
    }

    /// Two bytes, big-endian.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn u16_be(&mut self, field: &'static str) -> Result<u16, Error> {
        self.array(field).copied().map(u16::from_be_bytes)
    }

    /// Four bytes, big-endian.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn u32_be(&mut self, field: &'static str) -> Result<u32, Error> {
        self.array(field).copied().map(u32::from_be_bytes)
    }

    /// Bytes behind their length of two bytes, big-endian: what a TPM calls TPM2B.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn sized_be(&mut self, field: &'static str) -> Result<&'a [u8], Error> {
        let length = self.u16_be(field)?;
        self.take(length.into(), field)
    }

    /// A length of four bytes, little-endian, as a number of bytes.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn length_le(&mut self, field: &'static str) -> Result<usize, Error> {
        // A length beyond the address space is longer than any input: `take` refuses it.
        Ok(usize::try_from(self.u32_le(field)?).unwrap_or(usize::MAX))
    }

    /// Makes sure that a part holds nothing more: what nobody reads nobody checks.
    ///
    /// # Errors
    ///
    /// When bytes are left.
    pub fn end(&self, field: &'static str) -> Result<(), Error> {
        match self.rest() {
            [] => Ok(()),
            _ => Err(self.error(field, Problem::Malformed("longer than its content"))),
        }
    }

    /// An error at the next byte.
    #[must_use]
    pub fn error(&self, field: &'static str, problem: Problem) -> Error {
        Error {
            field,
            offset: self.offset(),
            problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_in_both_orders() {
        let mut cursor = Cursor::new(&[1, 2, 0, 3, 0, 0, 0, 0, 4, 9]);
        assert_eq!(cursor.u8("a"), Ok(1));
        assert_eq!(cursor.u16_le("b"), Ok(2));
        assert_eq!(cursor.u32_le("c"), Ok(3));
        assert_eq!(cursor.u16_be("d"), Ok(4));
        assert_eq!(cursor.rest(), [9]);
    }

    #[test]
    fn an_error_names_the_field_and_its_place_in_the_whole_input() {
        let mut cursor = Cursor::new(&[0; 10]);
        assert!(cursor.take(4, "header").is_ok());
        let mut part = cursor.part(3, "body").unwrap_or(Cursor::new(&[]));
        assert!(part.u16_le("version").is_ok());
        let error = part.u32_le("size").map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("size at byte 6 takes 4 bytes, 1 are left: the input is truncated".to_owned())
        );
    }

    #[test]
    fn a_length_near_the_end_of_the_address_space_is_only_truncated() {
        let mut cursor = Cursor::new(&[0; 2]);
        assert!(cursor.u8("one").is_ok());
        assert!(cursor.take(usize::MAX, "huge").is_err());
        assert_eq!(cursor.position(), 1);
    }
}
