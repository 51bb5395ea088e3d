//! Everything known about a deployment at one depth.

use crate::derived::Derived;
use crate::{Depth, Place, Product, Release, Sources, Subject};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A kind of fact. Families define their own; the estate stores any of them, so that a new family touches no old code.
pub trait Fact: Any + Send + Sync + fmt::Debug {}

/// The facts of one depth.
#[derive(Debug)]
pub struct Estate {
    /// How these facts are known.
    pub depth: Depth,
    /// The texts that places point into.
    pub sources: Sources,
    /// Components found.
    pub components: Vec<Component>,
    /// Flows between them.
    pub flows: Vec<Flow>,
    /// Inputs that were not judged, and why.
    pub not_examined: Vec<NotExamined>,
    /// Releases the user or the files state for the whole estate.
    pub releases: HashMap<Product, Release>,
    facts: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    derived: Derived,
}

/// A component of the estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// What it is and its name.
    pub subject: Subject,
    /// Its release, where known.
    pub release: Option<(Product, Release)>,
    /// The files its settings come from, as paths relative to the input.
    pub files: Vec<Box<str>>,
}

/// Data or control that moves between two components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who starts it.
    pub from: Subject,
    /// Whom it reaches.
    pub to: Subject,
    /// The protocol: `Hadoop RPC`, `block transfer`, `KMS`, `Kubernetes API`.
    pub protocol: &'static str,
    /// How the two were tied together: `fs.defaultFS`, `hadoopConfigMap`.
    pub tied_by: Box<str>,
    /// The text that ties them, if one does.
    pub place: Option<Place>,
}

/// An input that was not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExamined {
    /// Path relative to the input.
    pub path: Box<str>,
    /// Why, and what to do about it.
    pub reason: Box<str>,
    /// The place of an error in it.
    pub place: Option<Place>,
    /// Whether something was meant to be read and could not be (counts as incomplete), or it is simply not ours.
    pub is_error: bool,
}

impl Estate {
    /// An empty estate.
    #[must_use]
    pub fn new(depth: Depth) -> Self {
        Estate {
            depth,
            sources: Sources::default(),
            components: Vec::new(),
            flows: Vec::new(),
            not_examined: Vec::new(),
            releases: HashMap::new(),
            facts: HashMap::new(),
            derived: Derived::default(),
        }
    }

    /// Adds a fact.
    pub fn put<F: Fact>(&mut self, fact: F) {
        self.derived.clear();
        let slot = self
            .facts
            .entry(TypeId::of::<F>())
            .or_insert_with(|| Box::new(Vec::<F>::new()));
        if let Some(facts) = slot.downcast_mut::<Vec<F>>() {
            facts.push(fact);
        }
    }

    /// All facts of one kind, in the order added.
    #[must_use]
    pub fn all<F: Fact>(&self) -> &[F] {
        self.facts
            .get(&TypeId::of::<F>())
            .and_then(|slot| slot.downcast_ref::<Vec<F>>())
            .map_or(&[], Vec::as_slice)
    }

    /// What is worked out of the facts, kept under its type: several controls ask for it, and one walk is enough. `make` must
    /// depend on the estate alone.
    pub fn derived<T: Send + Sync + 'static>(&self, make: impl FnOnce(&Estate) -> T) -> Arc<T> {
        self.derived.get(|| make(self))
    }

    /// Takes out the facts of one kind that a test asks for; all others stay, in their order.
    pub fn take_out<F: Fact>(&mut self, mut is_taken: impl FnMut(&F) -> bool) -> Vec<F> {
        self.derived.clear();
        let facts = self
            .facts
            .get_mut(&TypeId::of::<F>())
            .and_then(|slot| slot.downcast_mut::<Vec<F>>());
        facts.map_or_else(Vec::new, |facts| {
            facts.extract_if(.., |fact| is_taken(fact)).collect()
        })
    }

    /// All facts of one kind, for completing them while the estate is put together.
    pub fn all_mut<F: Fact>(&mut self) -> &mut [F] {
        self.derived.clear();
        self.facts
            .get_mut(&TypeId::of::<F>())
            .and_then(|slot| slot.downcast_mut::<Vec<F>>())
            .map_or(&mut [], Vec::as_mut_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Count(usize);

    #[test]
    fn works_out_once_until_facts_change() {
        let mut estate = Estate::new(Depth::Declared);
        let count = |estate: &Estate| Count(estate.all::<Bucket>().len());
        estate.put(Bucket("a"));
        assert_eq!(*estate.derived(count), Count(1));
        assert_eq!(*estate.derived(|_| Count(7)), Count(1));
        estate.put(Bucket("b"));
        assert_eq!(*estate.derived(count), Count(2));
    }

    #[derive(Debug, PartialEq)]
    struct Bucket(&'static str);
    impl Fact for Bucket {}

    #[test]
    fn keeps_facts_by_kind_and_in_order() {
        let mut estate = Estate::new(Depth::Declared);
        estate.put(Bucket("a"));
        estate.put(Bucket("b"));
        assert_eq!(estate.all::<Bucket>(), [Bucket("a"), Bucket("b")]);
        let taken = estate.take_out::<Bucket>(|bucket| bucket.0 == "a");
        assert_eq!(taken, [Bucket("a")]);
        assert_eq!(estate.all::<Bucket>(), [Bucket("b")]);
    }
}
