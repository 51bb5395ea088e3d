//! Puts the texts of several depths side by side: places of one estate are moved behind those of the estates before it.

use model::{Claim, Component, Flow, NotExamined, Place, Provenance, Subject, Witness};

/// Something that holds places and can be moved.
pub(crate) trait Moved {
    /// Moves every place by `offset` texts.
    fn move_by(&mut self, offset: u32);
}

impl Moved for Place {
    fn move_by(&mut self, offset: u32) {
        *self = self.moved_by(offset);
    }
}

impl<T: Moved> Moved for Option<T> {
    fn move_by(&mut self, offset: u32) {
        if let Some(inner) = self {
            inner.move_by(offset);
        }
    }
}

impl<T: Moved> Moved for Vec<T> {
    fn move_by(&mut self, offset: u32) {
        for item in self {
            item.move_by(offset);
        }
    }
}

impl Moved for Subject {
    fn move_by(&mut self, offset: u32) {
        self.place.move_by(offset);
    }
}

impl Moved for Witness {
    fn move_by(&mut self, offset: u32) {
        match &mut self.provenance {
            Provenance::Text(place) => place.move_by(offset),
            Provenance::Default { unset_in, .. } => unset_in.move_by(offset),
            Provenance::Absent(_) => {}
        }
    }
}

impl Moved for Claim {
    fn move_by(&mut self, offset: u32) {
        match self {
            Claim::Protected(witnesses) | Claim::Unproven(_, witnesses) => {
                witnesses.move_by(offset);
            }
            Claim::Exposed(exposures) => {
                for exposure in exposures {
                    exposure.witnesses.move_by(offset);
                }
            }
            Claim::NotApplicable(_) => {}
        }
    }
}

impl Moved for Component {
    fn move_by(&mut self, offset: u32) {
        self.subject.move_by(offset);
    }
}

impl Moved for Flow {
    fn move_by(&mut self, offset: u32) {
        self.from.move_by(offset);
        self.to.move_by(offset);
        self.place.move_by(offset);
    }
}

impl Moved for NotExamined {
    fn move_by(&mut self, offset: u32) {
        self.place.move_by(offset);
    }
}
