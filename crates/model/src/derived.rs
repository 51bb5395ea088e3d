//! What controls work out of an estate's facts, kept for the next control that asks.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Results by their type. Controls run side by side: the first to ask works a result out, others that ask meanwhile wait.
#[derive(Default)]
pub(crate) struct Derived {
    slots: Mutex<HashMap<TypeId, Slot>>,
}

type Slot = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

impl Derived {
    /// The result of type `T`, worked out by `make` where nobody asked before.
    pub(crate) fn get<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let slot = {
            // Nothing that can panic runs while the map is locked.
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(TypeId::of::<T>()).or_default())
        };
        let result = slot.get_or_init(|| Arc::new(make()));
        match Arc::downcast(Arc::clone(result)) {
            Ok(result) => result,
            // A slot is found by the type that it holds.
            Err(_) => unreachable!("a slot of another type"),
        }
    }

    /// Forgets everything: the facts change.
    pub(crate) fn clear(&mut self) {
        self.slots
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Derived")
    }
}
