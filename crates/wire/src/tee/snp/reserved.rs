//! Bytes that are kept for later versions.

use crate::bytes::{Cursor, Error};

/// Notes the first reserved byte that is not zero.
pub(super) struct Reserved(pub(super) Option<usize>);

impl Reserved {
    /// Passes over reserved bytes.
    pub(super) fn skip(
        &mut self,
        cursor: &mut Cursor<'_>,
        length: usize,
        field: &'static str,
    ) -> Result<(), Error> {
        let start = cursor.offset();
        let bytes = cursor.take(length, field)?;
        let set = bytes.iter().position(|byte| *byte != 0);
        self.0 = self.0.or(set.map(|at| start + at));
        Ok(())
    }
}
