//! Moves places: behind the texts of the estates before, where several depths are put side by side; into files, where a
//! renderer only passed on what people wrote.

use model::{Claim, Component, Flow, NotExamined, Place, Provenance, Subject, Witness};

/// Something that holds places and can be moved.
pub(crate) trait Moved {
    /// Replaces every place.
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place);

    /// Moves every place by `offset` texts.
    fn move_by(&mut self, offset: u32) {
        self.map_places(&|place| place.moved_by(offset));
    }
}

impl Moved for Place {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        *self = map(*self);
    }
}

impl<T: Moved> Moved for Option<T> {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        if let Some(inner) = self {
            inner.map_places(map);
        }
    }
}

impl<T: Moved> Moved for Vec<T> {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        for item in self {
            item.map_places(map);
        }
    }
}

impl Moved for Subject {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        self.place.map_places(map);
    }
}

impl Moved for Witness {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        match &mut self.provenance {
            Provenance::Text(place) => place.map_places(map),
            Provenance::Default { unset_in, .. } => unset_in.map_places(map),
            Provenance::Absent(_) => {}
        }
    }
}

impl Moved for Claim {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        match self {
            Claim::Protected(witnesses) | Claim::Unproven(_, witnesses) => {
                witnesses.map_places(map);
            }
            Claim::Exposed(exposures) => {
                for exposure in exposures {
                    exposure.witnesses.map_places(map);
                }
            }
            Claim::NotApplicable(_) => {}
        }
    }
}

impl Moved for Component {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        self.subject.map_places(map);
    }
}

impl Moved for Flow {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        self.from.map_places(map);
        self.to.map_places(map);
        self.place.map_places(map);
    }
}

impl Moved for NotExamined {
    fn map_places(&mut self, map: &dyn Fn(Place) -> Place) {
        self.place.map_places(map);
    }
}
