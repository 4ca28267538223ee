//! What a state machine knows of a log of one size, for readers on other threads while it goes on.
//!
//! The machine's ids and streams are shared, not copied: a lock is held for one look-up or one entry, and a reader passes
//! over whatever stands at or beyond its size, decided or not. Must never judge, nor read the log under a lock.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jejak_events::identity::{EventId, Subject, SubjectKind};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::LineageAt;

use super::ids::Ids;
use super::machine::EventReader;
use super::reached::Reached;
use super::streams::Streams;

/// Something that one thread writes and others look into.
#[derive(Debug, Default)]
pub(super) struct SharedIndex<T>(Arc<RwLock<T>>);

impl<T> Clone for SharedIndex<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> SharedIndex<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Arc::new(RwLock::new(value)))
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&mut self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forms in force, ids, streams, and what erasures reach. A copy costs a few counters.
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) size: u64,
    pub(super) lineage: LineageAt,
    pub(super) ids: SharedIndex<Ids>,
    pub(super) streams: SharedIndex<Streams>,
    pub(super) mentions: SharedIndex<Streams>,
    pub(super) reached: Arc<Reached>,
}

impl Index {
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// As it stood at a smaller size, but for what erasures reach, which is as it is now.
    #[must_use]
    pub fn at(&self, size: u64) -> Self {
        let size = size.min(self.size);
        Self { size, lineage: self.lineage.at(size), ..self.clone() }
    }

    /// Forms in force.
    #[must_use]
    pub fn lineage(&self) -> &LineageAt {
        &self.lineage
    }

    /// What the requested erasures reach.
    #[must_use]
    pub fn reached(&self) -> &Reached {
        &self.reached
    }

    fn of(&self, streams: &SharedIndex<Streams>, subject: Subject) -> Vec<u64> {
        streams.read().indexes(subject).take_while(|index| *index < self.size).collect()
    }

    /// The streams of some kinds, in their order.
    #[must_use]
    pub fn subjects(&self, kinds: &[SubjectKind]) -> Vec<Subject> {
        let subjects = self.streams.read().subjects(kinds);
        subjects.into_iter().filter(|(_, first)| *first < self.size).map(|(subject, _)| subject).collect()
    }

    /// Number of events in a stream.
    #[must_use]
    pub fn revision(&self, subject: Subject) -> u64 {
        self.of(&self.streams, subject).len() as u64
    }

    /// Indexes of the events of a stream and of those that name it, ascending.
    #[must_use]
    pub fn history(&self, subject: Subject) -> Vec<u64> {
        let mut indexes = self.of(&self.streams, subject);
        indexes.append(&mut self.of(&self.mentions, subject));
        indexes.sort_unstable();
        indexes.dedup();
        indexes
    }

    /// Index of the event with this id.
    ///
    /// # Errors
    /// When an event that may have it cannot be read.
    pub fn index_of(&self, id: EventId, history: &dyn EventReader) -> Result<Option<u64>, ReadFailure> {
        let candidates: Vec<u64> =
            self.ids.read().candidates(id).filter(|index| *index < self.size).collect();
        for index in candidates {
            if history.event(index)?.draft.id == id {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ids7;

    impl EventReader for Ids7 {
        fn event(&self, _: u64) -> Result<jejak_events::record::Event, ReadFailure> {
            Err("nothing at or beyond the size is read".into())
        }
    }

    #[test]
    fn nothing_at_or_beyond_the_size_is_seen() {
        let subject = Subject::parse("ikm/7f2c1a34-5b6d-4e8f-9a0b-000000000001").unwrap();
        let id = EventId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let mut machine = super::super::machine::StateMachine::new().index();
        let reader = Index { size: 2, ..machine.clone() };
        for index in [0, 1, 2] {
            machine.streams.write().push(subject, index);
            machine.mentions.write().push(subject, index);
        }
        machine.ids.write().insert(id, 2);
        assert_eq!((reader.history(subject), reader.revision(subject)), (vec![0, 1], 2));
        assert_eq!((reader.at(1).history(subject), reader.at(9).revision(subject)), (vec![0], 2));
        assert_eq!(reader.index_of(id, &Ids7).unwrap(), None);
        assert_eq!(reader.subjects(&[SubjectKind::Ikm]), [subject]);
        assert!(
            reader.subjects(&[SubjectKind::Person]).is_empty()
                && reader.at(0).subjects(&SubjectKind::ALL).is_empty()
        );
    }
}
