//! The past as the rules ask for it: the committed log and vault, and the group being decided.

use std::collections::{BTreeSet, HashMap};

use jejak_events::identity::Subject;
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::values::Sha256Hex;
use jejak_projections::error::ReadFailure;

use crate::log::LogReader;
use crate::readmodel::{BOTH_GROUPS, Vault};
use crate::rules::admitted::Admitted;
use crate::rules::key_names::KeyName;
use crate::rules::machine::{EventReader, History};
use crate::rules::reached::ErasureScope;
use crate::vault::access::{OwnWork, VaultPass};
use crate::vault::{KeyFile, KeyLookup};

/// An event that was decided and is not committed yet.
#[derive(Debug)]
pub struct PendingEvent {
    /// The event, as it was taken in.
    pub admitted: Admitted,
    /// Its sealed values, one for each declared field.
    pub sealed: SealedValues,
}

/// What was decided and is not committed: the events, and what a rehearsal takes for destroyed meanwhile.
#[derive(Debug, Default)]
pub struct Decided {
    /// The events, in order.
    pub events: Vec<PendingEvent>,
    /// What the erasures reach that a rehearsal carried out; none outside one.
    pub gone: Vec<ErasureScope>,
    /// The evidence that they make unreadable.
    pub gone_files: BTreeSet<Sha256Hex>,
}

/// Nothing.
pub static NOTHING_DECIDED: Decided =
    Decided { events: Vec::new(), gone: Vec::new(), gone_files: BTreeSet::new() };

impl Decided {
    /// Takes out the values that a rehearsal takes for erased.
    fn without_gone(&self, index: u64, event: &Event, mut values: SealedValues) -> SealedValues {
        if self.gone.is_empty() {
            return values;
        }
        let (subject, declared) = sealed_by(event);
        let is_gone = |group| {
            let name = KeyName::of(subject, group, index);
            self.gone.iter().any(|reach| reach.covers(name, group))
        };
        for field in declared.iter().filter(|field| is_gone(field.group)) {
            values.remove(field.name);
        }
        values
    }
}

/// Reads both.
pub struct Past<'a> {
    /// The committed log.
    pub reader: &'a LogReader,
    /// Its sealed fields, and the keys to them.
    pub vault: &'a Vault,
    /// The events decided since the last commit, the first of them at index `base`.
    pub pending: &'a Decided,
    /// Size of the committed log.
    pub base: u64,
}

impl Past<'_> {
    fn pending_at(&self, index: u64) -> Option<&PendingEvent> {
        let place = usize::try_from(index.checked_sub(self.base)?).ok()?;
        self.pending.events.get(place)
    }
}

impl EventReader for Past<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        match self.pending_at(index) {
            Some(pending) => Ok(pending.admitted.event.clone()),
            None => Ok(Event::read(&self.reader.read(index)?)?),
        }
    }
}

impl History for Past<'_> {
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        if let Some(pending) = self.pending_at(index) {
            let values = pending.sealed.clone();
            return Ok(self.pending.without_gone(index, &pending.admitted.event, values));
        }
        let event = self.event(index)?;
        let values = self.vault.values(
            VaultPass::OwnWork(&OwnWork::new()),
            self.reader,
            index,
            &event,
            &BOTH_GROUPS,
        )?;
        Ok(self.pending.without_gone(index, &event, values))
    }
}

/// Keys that this group of events is the first to seal anything under.
pub type FreshKeys = HashMap<(KeyName, Group), crate::vault::SubjectKey>;

/// Whether the key of a subject's group of fields in the event at an index was destroyed by an erasure.
#[must_use]
pub fn is_erased(keys: &KeyFile, index: u64, subject: Subject, group: Group) -> bool {
    matches!(keys.get(&KeyName::of(subject, group, index).to_string(), group), KeyLookup::Destroyed)
}
