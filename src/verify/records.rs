//! Every record: its form, its place in the order of time, its id, and the rules it was recorded under.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::tile::{TileBytes, TileTree};
use jejak_events::tree::{Hash, leaf_hash};
use jejak_events::types::Evidence;
use jejak_events::types::{Amendment, Role};
use jejak_events::values::Sha256Hex;
use jejak_projections::error::ReadFailure;

use super::{Check, OnProgress, Stage, VerifyError};
use crate::log::{LogError, LogReader};
use crate::proof::replay::{Records, Rules};
use crate::readmodel::{BOTH_GROUPS, Snapshot};
use crate::rules::machine::{EventReader, History};
use crate::rules::reached::Reached;
use crate::vault::access::OwnWork;

/// Events judged at a time.
const STEP: u64 = 1024;

/// What the log says of destroyed keys, and which evidence it lists.
#[derive(Debug, Default)]
pub struct Explained {
    /// What erasures reached, by the indexes of their requests.
    pub reached: Reached,
    /// Whose erasure each request asks for.
    pub requests: BTreeMap<u64, Subject>,
    /// Subjects whose erasure is recorded as done.
    pub done: BTreeSet<Subject>,
    /// Redacted files.
    redacted: BTreeSet<Sha256Hex>,
    /// Evidence listed, with the event that lists it.
    pub evidence: Vec<(u64, Evidence)>,
}

impl Explained {
    /// Whether the key of a file must be gone.
    #[must_use]
    pub fn is_destroyed(&self, evidence: &Evidence) -> bool {
        let erased = |subject: &Subject| {
            let request = self.reached.whole(*subject, Group::Personal);
            request.is_some_and(|request| self.is_done(request))
        };
        self.redacted.contains(&evidence.sha256)
            || self.reached.file(&evidence.sha256).is_some_and(|request| self.is_done(request))
            || evidence.subjects.iter().flat_map(|subjects| subjects.iter()).any(erased)
    }

    /// Whether the erasure that a request asks for is recorded as done.
    #[must_use]
    pub fn is_done(&self, request: u64) -> bool {
        self.requests.get(&request).is_some_and(|subject| self.done.contains(subject))
    }

    /// Takes in an event that the rules have just taken in.
    fn take(&mut self, index: u64, event: &Event) {
        let subject = event.draft.subject;
        let role = event.draft.data.role();
        if role == Role::RequestsErasure {
            self.requests.insert(index, subject);
        }
        if role == Role::Erased {
            self.done.insert(subject);
        }
        if let Some(Amendment::Redaction(redaction)) = event.draft.data.amends() {
            self.redacted.insert(redaction.file.clone());
        }
        self.evidence.extend(event.draft.data.evidence().map(|evidence| (index, evidence.clone())));
    }
}

/// Checks records and rules, and answers with the root that the stored bytes hash to (`None` when not
/// all of them could be read) and with what the log explains.
///
/// # Errors
/// When the machine fails, or the caller stops.
pub fn check(
    snapshot: &Snapshot,
    size: u64,
    on_progress: OnProgress<'_>,
) -> Result<(Vec<Check>, Option<Hash>, Explained), VerifyError> {
    let reader = snapshot.log();
    let mut store = Check::new("store", "peristiwa", "events");
    let (mut tree, mut records) = (TileTree::new(), Records::default());
    let mut judged = JudgedRecord { rules: Rules::default(), explained: Explained::default() };
    let mut from = 0;
    let known = reader.finding();
    while from < size {
        let to = size.min(from + STEP);
        let mut full = Vec::new();
        let scanned = reader.scan(from..to, &mut |index, bytes| {
            full.extend(tree.push(leaf_hash(bytes)));
            records.take(index, Event::parse(bytes));
            true
        });
        let is_damaged = match scanned {
            Ok(()) => false,
            Err(error @ LogError::Damaged { .. }) => {
                store.told("penyimpanan rusak", "the store is damaged", error);
                true
            }
            Err(error) => return Err(error.into()),
        };
        for tile in &full {
            hold_tile(&mut store, reader, tile)?;
        }
        if is_damaged {
            let (checks, explained) = finish(snapshot, store, records, judged);
            return Ok((checks, None, explained));
        }
        judged.take(snapshot, from..to);
        from = to;
        if !on_progress(Stage::Records, from, size) {
            return Err(VerifyError::Stopped);
        }
    }
    store.checked = size;
    // What the store has wrong was read from the journal.
    if let Some(finding) = reader.finding().filter(|_| known.is_none()) {
        store.told("penyimpanan rusak", "the store is damaged", finding);
    }
    let (checks, explained) = finish(snapshot, store, records, judged);
    Ok((checks, Some(tree.root()), explained))
}

fn finish(
    snapshot: &Snapshot,
    store: Check,
    records: Records,
    mut judged: JudgedRecord,
) -> (Vec<Check>, Explained) {
    let rules = judged.rules.finish(&OwnPast(snapshot), snapshot.facts());
    let explained = Explained { reached: judged.rules.into_reached(), ..judged.explained };
    let [form, order] = records.finish();
    (vec![store, form, order, rules], explained)
}

/// The tile that the log hands out is the one that the leaves make.
fn hold_tile(store: &mut Check, reader: &LogReader, own: &TileBytes) -> Result<(), VerifyError> {
    let tile = own.tile;
    let stored: Vec<u8> = reader.tile(tile.level(), tile.index())?.iter().flat_map(|hash| hash.0).collect();
    if stored != own.bytes {
        store.problem(
            format!("{tile} bukan hash dari peristiwanya"),
            format!("{tile} is not what its events hash to"),
        );
    }
    Ok(())
}

/// The past with what is sealed, for the rules, which judge again and tell no value.
struct OwnPast<'a>(&'a Snapshot);

impl EventReader for OwnPast<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        EventReader::event(self.0, index)
    }
}

impl History for OwnPast<'_> {
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        self.0.sealed(&OwnWork::new(), index)
    }
}

/// What the rules said, and what the log explains.
struct JudgedRecord {
    rules: Rules,
    explained: Explained,
}

impl JudgedRecord {
    /// Whether the facts are those of the log is judged with the views.
    fn take(&mut self, snapshot: &Snapshot, range: std::ops::Range<u64>) {
        for index in range {
            if self.rules.has_ended() {
                return;
            }
            let past = OwnPast(snapshot);
            let sealed = |event: &Event| snapshot.sealed_of(&OwnWork::new(), index, event, &BOTH_GROUPS);
            match past.event(index).and_then(|event| Ok((sealed(&event)?, event))) {
                Ok((sealed, event)) => {
                    if let Some(admitted) = self.rules.take(index, event, &sealed, (&past, snapshot.facts()))
                    {
                        self.explained.take(index, &admitted.event);
                    }
                }
                Err(error) => self.rules.end(index, error),
            }
        }
    }
}
