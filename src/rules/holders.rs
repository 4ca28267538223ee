//! Which events give a business or identity number (NIB, NIK): so that a second live stream with the same one is
//! noticed.
//!
//! A number is kept as a hash in memory only, and the index is a hint: what it finds is held against the sealed
//! values of the event in force before anything is said. So it needs no care when a batch is taken back. It is
//! made when the first event with a number is proposed, for opening and reading a registry need none of it.
//!
//! No notice says whose a number is. That two are the same is learnt only by recording one of them, which stands in the
//! log with who did it, and is noted as a look at each of the others; that nobody else has it is noted where it is not
//! recorded.

use std::collections::BTreeSet;

use foldhash::HashMap;
use jejak_events::identity::Subject;
use jejak_events::proposal::SealedValues;
use jejak_events::types::Data;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use sha2::{Digest, Sha256};

use super::machine::{History, StateMachine};
use super::{IkmStep, Moment, Notice};
use crate::rules;

/// Events looked at behind one number. More share it only where somebody types it again and again.
const LOOKED_AT: usize = 64;

/// Kind of stream and number, hashed.
type HolderKey = [u8; 16];

/// The originals that gave each number, in force or not.
#[derive(Debug, Default)]
pub struct NumberHolders(HashMap<HolderKey, Vec<u64>>);

/// The number of a stream among the sealed values of an event.
fn key_of(stream: Subject, data: &Data, sealed: &SealedValues) -> Option<HolderKey> {
    let field = match stream {
        Subject::Ikm(_) => "nib",
        Subject::Person(_) => "nik",
        _ => return None,
    };
    if !data.seals(field) {
        return None;
    }
    let number = sealed.get(field)?.as_str()?;
    let hash = Sha256::new().chain_update(field).chain_update([0]).chain_update(number).finalize();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    Some(key)
}

impl NumberHolders {
    fn put(&mut self, key: HolderKey, original: u64) {
        let originals = self.0.entry(key).or_default();
        if !originals.contains(&original) {
            originals.push(original);
        }
    }
}

impl StateMachine {
    /// The notice that other live streams have the number that some content gives, and which ones: the notice is a look
    /// at the number of each. `original` is the index of the content's original event. Takes the number in.
    ///
    /// # Errors
    /// When the past cannot be read.
    pub fn number_of_another(
        &mut self,
        original: u64,
        content: &Content<'_>,
        sealed: &SealedValues,
        history: &dyn History,
    ) -> Result<Option<(Notice, Vec<Subject>)>, ReadFailure> {
        let stream = content.subject();
        let Some(key) = key_of(stream, content.data(), sealed) else { return Ok(None) };
        let mut holders = match self.holders.take() {
            Some(holders) => holders,
            None => self.all_holders(original, history)?,
        };
        let originals = holders.0.get(&key).cloned().unwrap_or_default();
        holders.put(key, original);
        self.holders = Some(holders);
        let mut others = BTreeSet::new();
        for other in originals.into_iter().filter(|other| *other != original).take(LOOKED_AT) {
            others.extend(self.still_holds(other, key, stream, history)?);
        }
        let notice = rules::number_of_another(stream).filter(|_| !others.is_empty());
        Ok(notice.map(|notice| (notice, others.into_iter().collect())))
    }

    /// Reads the numbers of all that is registered, but for one event: the one that asks may not be in the past
    /// yet.
    fn all_holders(&self, but: u64, history: &dyn History) -> Result<NumberHolders, ReadFailure> {
        let mut holders = NumberHolders::default();
        let state = self.state();
        let says = |step: &IkmStep| matches!(step, IkmStep::Registered(_) | IkmStep::Changed(_));
        let of_ikms = state.ikms.values().flat_map(|steps| steps.steps());
        let of_ikms = of_ikms.filter(|(_, step)| says(step)).map(|(moment, _)| moment.index);
        let of_persons = state.persons.values().map(|moment| moment.index);
        for original in of_ikms.chain(of_persons).filter(|original| *original != but) {
            let Some(effective) = self.lineage().effective(original) else { continue };
            let event = history.event(effective)?;
            let content = Content::of(&event);
            if let Some(key) = key_of(content.subject(), content.data(), &history.sealed(effective)?) {
                holders.put(key, original);
            }
        }
        Ok(holders)
    }

    /// The stream of an original, where that is in force, gives the number last of all in its stream, and the stream is
    /// a live one that is not this one.
    fn still_holds(
        &self,
        original: u64,
        key: HolderKey,
        stream: Subject,
        history: &dyn History,
    ) -> Result<Option<Subject>, ReadFailure> {
        let state = self.state();
        let Some(effective) = self.lineage().effective(original).filter(|_| original < self.size()) else {
            return Ok(None);
        };
        let event = history.event(effective)?;
        let content = Content::of(&event);
        let other = content.subject();
        let counts_as = |one: Subject| state.survivors(one).last().copied().unwrap_or(one);
        if counts_as(other) == counts_as(stream) || !state.is_live(other) {
            return Ok(None);
        }
        if key_of(other, content.data(), &history.sealed(effective)?) != Some(key) {
            return Ok(None);
        }
        let Subject::Ikm(ikm) = other else { return Ok(Some(other)) };
        let at = Moment { date: content.time().date(), index: original };
        let later = state.ikms.get(&ikm).into_iter().flat_map(|steps| steps.after(at));
        for (moment, _) in later.filter(|(_, step)| matches!(step, IkmStep::Changed(_))) {
            let Some(effective) = self.lineage().effective(moment.index) else { continue };
            let event = history.event(effective)?;
            let changed = Content::of(&event);
            let said = key_of(other, changed.data(), &history.sealed(effective)?);
            if said.is_some_and(|said| said != key) {
                return Ok(None);
            }
        }
        Ok(Some(other))
    }
}
