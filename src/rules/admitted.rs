//! Events that were taken in, with what each changed: what those who follow the log are handed.
//!
//! Must never judge anything.

use jejak_events::record::Event;
use jejak_projections::error::ProjectionError;
use jejak_projections::facts::Facts;
use jejak_projections::lineage::{Change, Content, is_amendment};

use super::numbers::NumberNaming;

/// Content that came into force (+1) or went out of it (-1), with the event that carries it.
#[derive(Clone, Debug)]
pub struct OwnedChange {
    /// +1 or -1.
    pub weight: i32,
    /// Index of the original.
    pub index: u64,
    /// Index of the event that carries the content.
    pub effective: u64,
    pub event: Box<Event>,
}

/// An event that was taken in at a position.
#[derive(Clone, Debug)]
pub struct Admitted {
    pub position: u64,
    pub event: Event,
    /// What it changed, for corrections and retractions; any other event brings its own content.
    pub amended: Vec<OwnedChange>,
    /// What it changed among the certificate numbers, to be undone; `None` where they were not known.
    pub(super) numbers: Option<Vec<NumberNaming>>,
}

/// What was committed, for those who follow the log.
#[derive(Debug, Default)]
pub struct Grown {
    /// The events, in order, with what they changed.
    pub admitted: Vec<Admitted>,
}

impl Admitted {
    /// Turns the event into facts. They must be those of the events before it.
    ///
    /// # Errors
    /// As [`Facts::append_changes`].
    pub fn append_to(&self, facts: &mut Facts) -> Result<(), ProjectionError> {
        let amending = is_amendment(&self.event.draft.data);
        let own = || {
            let (index, effective) = (self.position, self.position);
            Change { weight: 1, index, effective, content: Content::of(&self.event) }
        };
        let amended = self.amended.iter().map(|change| Change {
            weight: change.weight,
            index: change.index,
            effective: change.effective,
            content: Content::of(&change.event),
        });
        let changes: Vec<Change<'_>> = amended.chain((!amending).then(own)).collect();
        facts.append_changes(self.position, &self.event, &changes)
    }
}
