//! The stored form of the machine: a few parts, so that none of them need be in memory twice.
//!
//! The parts of a machine follow from the events that it took in and from the key of its ids, however it came to
//! take them in: read from the log, or from other parts and the rest of the log. Nothing that rests on sealed
//! values is in them.

use std::sync::Arc;

use jejak_projections::lineage::{Lineage, Step};

use super::StateMachine;
use crate::rules::attendances::Attendances;
use crate::rules::ids::{IdKey, Ids};
use crate::rules::index::SharedIndex;
use crate::rules::reached::Reached;
use crate::rules::state::State;
use crate::rules::stored::{Stored, StoredBytes, put_number};
use crate::rules::streams::Streams;

/// Version of the stored form and of what it means. It changes with every change of what the rules know of an event:
/// what another version wrote is made from the log again.
pub const MACHINE_VERSION: u32 = 3;

/// Number of parts.
pub const MACHINE_PARTS: usize = 8;

/// What the first part says.
struct Known {
    key: IdKey,
    lineage: Lineage,
    reached: Reached,
    state: State,
}

impl Known {
    /// Reads the part of a machine that took in so many events; `None` when it is not that.
    fn read(size: u64, part: &[u8], attendances: Attendances) -> Option<Self> {
        let mut input = StoredBytes::new(part);
        let key = Stored::read(&mut input)?;
        if u64::read(&mut input)? != size {
            return None;
        }
        let lineage = Lineage::from_steps(Stored::read(&mut input)?)?;
        let reached = Stored::read(&mut input)?;
        let state = State::read(&mut input, attendances, size)?;
        // Opening reads these, and must not fail on what is only stored.
        let names_keys = state.key_events().all(|index| index < size);
        (input.is_empty() && names_keys).then_some(Self { key, lineage, reached, state })
    }
}

impl Stored for Step {
    fn write(&self, out: &mut Vec<u8>) {
        let (kind, original, correction) = match *self {
            Self::Corrected { original } => (1, original, None),
            Self::OriginalRetracted { original } => (2, original, None),
            Self::CorrectionRetracted { original, correction } => (3, original, Some(correction)),
        };
        out.push(kind);
        put_number(out, original);
        if let Some(correction) = correction {
            put_number(out, correction);
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let (kind, original) = (input.number()?, input.number()?);
        Some(match kind {
            1 => Self::Corrected { original },
            2 => Self::OriginalRetracted { original },
            3 => Self::CorrectionRetracted { original, correction: input.number()? },
            _ => return None,
        })
    }
}

impl StateMachine {
    /// Nothing known, ids under a key of somebody else's.
    #[must_use]
    pub fn keyed(key: IdKey) -> Self {
        Self { ids: SharedIndex::new(Ids::keyed(key)), ..Self::default() }
    }

    /// The key of its ids.
    #[must_use]
    pub fn id_key(&self) -> IdKey {
        self.ids.read().key()
    }

    /// Turns the tables that have grown into runs, which take a third of the memory. Whatever was taken in before stays:
    /// it cannot be taken back any more.
    pub fn settle(&mut self) {
        // What does not fit the form stays as it is.
        let ids = {
            let ids = self.ids.read();
            ids.run().and_then(|run| Ids::stored(ids.key(), run, self.size))
        };
        if let Some(ids) = ids {
            *self.ids.write() = ids;
        }
        for streams in [&mut self.streams, &mut self.mentions] {
            let settled = streams.read().parts().and_then(|[table, lists]| Streams::stored(table, lists));
            if let Some(settled) = settled {
                *streams.write() = settled;
            }
        }
        self.state.settle_attendances();
    }

    /// Hands out the parts in turn, all [`MACHINE_PARTS`] of them or, of a log too large for the form, fewer.
    ///
    /// # Errors
    /// What `take` answers with.
    pub fn parts<E>(&self, mut take: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let mut known = Vec::new();
        self.ids.read().key().write(&mut known);
        self.size.write(&mut known);
        self.lineage.steps().write(&mut known);
        Stored::write(&*self.reached, &mut known);
        self.state.write(&mut known);
        take(known)?;
        let Some(ids) = self.ids.read().run() else { return Ok(()) };
        take(ids)?;
        let lists = [&self.streams, &self.mentions].into_iter().map(|streams| streams.read().parts());
        for parts in lists.chain([self.state.attendances().parts()]) {
            let Some(parts) = parts else { return Ok(()) };
            parts.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    }

    /// The indexes of the events that name public keys, from the first part of a machine that took in so many events;
    /// `None` when it is not that.
    #[must_use]
    pub fn key_events_of(size: u64, first_part: &[u8]) -> Option<Vec<u64>> {
        Some(Known::read(size, first_part, Attendances::default())?.state.key_events().collect())
    }

    /// Reads the parts of a machine that took in so many events; `None` when they are not that.
    #[must_use]
    pub fn from_parts(size: u64, parts: Vec<Vec<u8>>) -> Option<Self> {
        let parts: [Vec<u8>; MACHINE_PARTS] = parts.try_into().ok()?;
        let [known, ids, streams, stream_lists, mentions, mention_lists, attending, attendances] = parts;
        let attendances = Attendances::stored(attending, attendances)?;
        let Known { key, lineage, reached, state } = Known::read(size, &known, attendances)?;
        Some(Self {
            state,
            lineage,
            ids: SharedIndex::new(Ids::stored(key, ids, size)?),
            streams: SharedIndex::new(Streams::stored(streams, stream_lists)?),
            mentions: SharedIndex::new(Streams::stored(mentions, mention_lists)?),
            reached: Arc::new(reached),
            size,
            ..Self::default()
        })
    }
}
