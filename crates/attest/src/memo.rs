//! What many pieces of evidence share, worked out once: chains and collateral, never a result.

use crate::crypto::sha256;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Entries that are kept. A fleet has fewer platforms; a stream that is made to have more only loses speed.
const CAPACITY: usize = 16_384;

/// Values by the bytes that they were made of. Bounded: when it is full it starts anew.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    entries: RwLock<HashMap<[u8; 32], Arc<T>>>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Memo {
            entries: RwLock::default(),
        }
    }
}

impl<T> Memo<T> {
    /// The value made of these bytes, which must be all that it depends on, together with what never changes in a verifier.
    pub(crate) fn get(&self, bytes: &[u8], make: impl FnOnce() -> T) -> Arc<T> {
        let key = sha256(bytes);
        let known = self
            .entries
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(make());
            let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
            if entries.len() >= CAPACITY {
                entries.clear();
            }
            entries.insert(key, Arc::clone(&made));
            made
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_each_value_once() {
        let memo = Memo::default();
        assert_eq!(*memo.get(b"a", || 1), 1);
        assert_eq!(*memo.get(b"a", || 2), 1);
        assert_eq!(*memo.get(b"b", || 3), 3);
    }
}
