//! One state of the log: facts, forms in force, streams, root, all of one size.
//!
//! Whoever asks pins one and is done with the writer: nothing that is recorded later changes an answer, and nothing here
//! holds a lock longer than one look-up. Only what was destroyed is gone from every snapshot at once. Must never tell of
//! an event at or beyond its size.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use jejak_events::identity::{Source, Subject};
use jejak_events::moment::sizes_around;
use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_events::types::RegistryOpened;
use jejak_projections::error::ReadFailure;
use jejak_projections::facts::Facts;
use jejak_projections::lineage::LineageAt;

use super::vault::{BOTH_GROUPS, Vault};
use crate::log::{LogError, LogReader};
use crate::rules::index::Index;
use crate::rules::machine::EventReader;
use crate::vault::access::VaultPass;

/// Why an event could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log does not hold it, or holds it otherwise.
    #[error(transparent)]
    Log(#[from] LogError),
    /// It is no record that this program knows.
    #[error("event {index}: {reason}")]
    Record {
        /// Its index.
        index: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// What event 0 says, for every question.
#[derive(Debug)]
pub struct About {
    /// The registry.
    pub constitution: RegistryOpened,
    /// Who recorded it.
    pub source: Source,
}

/// A state of the log. A copy costs one counter.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<State>);

#[derive(Debug)]
pub(super) struct State {
    pub(super) facts: Facts,
    pub(super) index: Index,
    pub(super) root: Hash,
    pub(super) last_recorded: Option<RecordedTime>,
    pub(super) log: LogReader,
    pub(super) vault: Arc<Vault>,
    pub(super) about: Arc<About>,
}

impl Snapshot {
    pub(super) fn new(state: State) -> Self {
        Self(Arc::new(state))
    }

    /// Number of events.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.index.size()
    }

    /// Root over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.0.root
    }

    /// Root over the first `size` of them.
    ///
    /// # Errors
    /// As [`LogReader::root_at`].
    pub fn root_at(&self, size: u64) -> Result<Hash, LogError> {
        self.hold(size)?;
        self.0.log.root_at(size)
    }

    /// The facts, for views. Where some event could not be turned into facts they are shorter than the log, and every
    /// question says so.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// Forms in force, ids and streams.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.0.index
    }

    /// Forms in force.
    #[must_use]
    pub fn lineage(&self) -> &LineageAt {
        self.0.index.lineage()
    }

    /// Indexes of the events of a stream and of those that name it, ascending.
    #[must_use]
    pub fn history(&self, subject: Subject) -> Vec<u64> {
        self.0.index.history(subject)
    }

    /// When the last event was recorded; `None` in a log without any.
    #[must_use]
    pub fn last_recorded(&self) -> Option<RecordedTime> {
        self.0.last_recorded
    }

    /// The moment up to which something can be known: that of the clock, or of the last event where that is later, since
    /// recorded times count on while the clock stands still or was set back.
    #[must_use]
    pub fn now(&self, wall: RecordedTime) -> RecordedTime {
        self.0.last_recorded.map_or(wall, |last| last.max(wall))
    }

    /// What event 0 says of the registry.
    #[must_use]
    pub fn constitution(&self) -> &RegistryOpened {
        &self.0.about.constitution
    }

    /// The source that opened the registry.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.0.about.source
    }

    /// The log, also beyond this state: for tiles, frames and proofs.
    #[must_use]
    pub fn log(&self) -> &LogReader {
        &self.0.log
    }

    /// The vault.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    fn hold(&self, size: u64) -> Result<(), LogError> {
        let own = self.size();
        if size <= own {
            Ok(())
        } else {
            Err(LogError::OutOfRange { index: size.saturating_sub(1), size: own })
        }
    }

    /// The event at an index.
    ///
    /// # Errors
    /// When it cannot be read or does not match the tree.
    pub fn event(&self, index: u64) -> Result<Event, ReadError> {
        self.hold(index.saturating_add(1))?;
        let bytes = self.0.log.read(index)?;
        Event::read(&bytes).map_err(|error| ReadError::Record { index, reason: error.to_string() })
    }

    /// Visits the bytes of events in order until `visit` says stop (`false`).
    ///
    /// # Errors
    /// As [`LogReader::scan`].
    pub fn scan(&self, range: Range<u64>, visit: &mut dyn FnMut(u64, &[u8]) -> bool) -> Result<(), LogError> {
        self.hold(range.end)?;
        self.0.log.scan(range, visit)
    }

    /// Number of events up to the last one whose recorded time is still known: `known` must not come true
    /// again once it is false. Recorded time never decreases along the log, so it is found by halving.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn size_while(&self, known: impl Fn(RecordedTime) -> bool) -> Result<u64, ReadError> {
        let (mut from, mut to) = (0, self.size());
        while from < to {
            let middle = from.midpoint(to);
            if known(self.event(middle)?.recorded) { from = middle + 1 } else { to = middle }
        }
        Ok(from)
    }

    /// The sizes around one at which the log never stood, see [`jejak_events::moment`]; `None` for any other.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn sizes_around(&self, size: u64) -> Result<Option<RangeInclusive<u64>>, ReadError> {
        sizes_around(size, self.size(), |index| Ok(self.event(index)?.recorded))
    }

    /// The sealed values of an event, one for each declared field, null where it has no value, erased ones absent.
    ///
    /// # Errors
    /// When the pass does not cover whose they are, the vault cannot be read, or a key is missing that was not destroyed.
    pub fn sealed<'a>(
        &self,
        pass: impl Into<VaultPass<'a>>,
        index: u64,
    ) -> Result<SealedValues, ReadFailure> {
        self.sealed_of(pass, index, &self.event(index)?, &BOTH_GROUPS)
    }

    /// The sealed values of some groups of an event, as [`Snapshot::sealed`]: whoever looks for a name need not open the
    /// confidential ones.
    ///
    /// # Errors
    /// As [`Snapshot::sealed`].
    pub fn sealed_of<'a>(
        &self,
        pass: impl Into<VaultPass<'a>>,
        index: u64,
        event: &Event,
        groups: &[Group],
    ) -> Result<SealedValues, ReadFailure> {
        self.0.vault.values(pass.into(), &self.0.log, index, event, groups)
    }

    /// The disclosures of an event as they were sealed, erased ones absent: whoever has one can prove its value to
    /// anybody.
    ///
    /// # Errors
    /// As [`Snapshot::sealed`].
    pub fn disclosures<'a>(
        &self,
        pass: impl Into<VaultPass<'a>>,
        index: u64,
        event: &Event,
    ) -> Result<Vec<String>, ReadFailure> {
        self.0.vault.disclosures(pass.into(), &self.0.log, index, event, &BOTH_GROUPS)
    }
}

impl EventReader for Snapshot {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(Self::event(self, index)?)
    }
}
