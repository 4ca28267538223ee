//! The past as the rules ask for it: the committed log and vault, and the group being decided.

use std::collections::{BTreeSet, HashMap};

use jejak_events::identity::Subject;
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::sealed::{Group, decode_disclosure};
use jejak_events::values::Sha256Hex;
use jejak_projections::error::ReadFailure;

use crate::log::LogReader;
use crate::rules::admitted::Admitted;
use crate::rules::key_names::KeyName;
use crate::rules::machine::History;
use crate::rules::reached::Reach;
use crate::vault::{FrameSubject, KeyFile, KeyLookup, VaultError, VaultIndex, open_frame};

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
    pub gone: Vec<Reach>,
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
    /// Where each event's frames lie in the vault.
    pub vault: &'a VaultIndex,
    /// The keys to them.
    pub keys: &'a KeyFile,
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

    /// The personal values of a committed event, erased ones absent. The confidential ones stay sealed:
    /// whoever looks for a name need not open them.
    ///
    /// # Errors
    /// When the vault cannot be read, or a key is missing that was not destroyed.
    pub fn personal(&self, index: u64, event: &Event) -> Result<SealedValues, ReadFailure> {
        opened(self.reader, self.vault, self.keys, index, event, &[Group::Personal])
    }

    /// The disclosures (base64url, RFC 9901, section 4.2) of a committed event as they were sealed, erased
    /// ones absent.
    ///
    /// # Errors
    /// When the vault cannot be read, or a key is missing that was not destroyed.
    pub fn disclosures(&self, index: u64, event: &Event) -> Result<Vec<String>, ReadFailure> {
        let groups = [Group::Personal, Group::Confidential];
        disclosures(self.reader, self.vault, self.keys, index, event, &groups)
    }
}

impl History for Past<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        match self.pending_at(index) {
            Some(pending) => Ok(pending.admitted.event.clone()),
            None => Ok(Event::read(&self.reader.read(index)?)?),
        }
    }

    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        if let Some(pending) = self.pending_at(index) {
            let values = pending.sealed.clone();
            return Ok(self.pending.without_gone(index, &pending.admitted.event, values));
        }
        let event = self.event(index)?;
        let values = sealed_values(self.reader, self.vault, self.keys, index, &event)?;
        Ok(self.pending.without_gone(index, &event, values))
    }
}

/// The sealed values of a committed event, erased ones absent.
///
/// # Errors
/// When the vault cannot be read, or a key is missing that was not destroyed.
pub fn sealed_values(
    reader: &LogReader,
    vault: &VaultIndex,
    keys: &KeyFile,
    index: u64,
    event: &Event,
) -> Result<SealedValues, ReadFailure> {
    opened(reader, vault, keys, index, event, &[Group::Personal, Group::Confidential])
}

fn opened(
    reader: &LogReader,
    vault: &VaultIndex,
    keys: &KeyFile,
    index: u64,
    event: &Event,
    groups: &[Group],
) -> Result<SealedValues, ReadFailure> {
    let (_, declared) = sealed_by(event);
    let mut values = SealedValues::new();
    for disclosure in disclosures(reader, vault, keys, index, event, groups)? {
        let unreadable =
            || format!("event {index}: the vault holds what is no disclosure with a salt of 16 bytes");
        let (name, value) = decode_disclosure(&disclosure).ok_or_else(unreadable)?;
        if let Some(field) = declared.iter().find(|field| field.name == name) {
            values.insert(field.name, value);
        }
    }
    Ok(values)
}

/// The disclosures of a committed event as they were sealed, erased ones absent.
fn disclosures(
    reader: &LogReader,
    vault: &VaultIndex,
    keys: &KeyFile,
    index: u64,
    event: &Event,
    groups: &[Group],
) -> Result<Vec<String>, ReadFailure> {
    let (subject, _) = sealed_by(event);
    let mut found = Vec::new();
    for place in vault.frames_of(index).iter().filter(|place| groups.contains(&place.group)) {
        let frame = reader.read_vault_frame(place.offset)?;
        let about = FrameSubject { index, subject: &subject.to_string(), group: place.group };
        let name = KeyName::of(subject, place.group, index).to_string();
        match open_frame(&frame, about, &keys.get(&name, place.group)) {
            Ok(disclosures) => found.extend(disclosures),
            Err(VaultError::Erased { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// Keys that this group of events is the first to seal anything under.
pub type FreshKeys = HashMap<(KeyName, Group), crate::vault::SubjectKey>;

/// Whether the key of a subject's group of fields in the event at an index was destroyed by an erasure.
#[must_use]
pub fn is_erased(keys: &KeyFile, index: u64, subject: Subject, group: Group) -> bool {
    matches!(keys.get(&KeyName::of(subject, group, index).to_string(), group), KeyLookup::Destroyed)
}
