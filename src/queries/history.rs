//! The events of a stream and those that name it, each with what amends it right under it.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::record::Event;
use jejak_events::types::Amendment;
use jejak_projections::answer::Words;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::InForce;
use schemars::JsonSchema;
use serde::Serialize;

use crate::readmodel::Snapshot;

/// Whether what an event says counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryStatus {
    /// It does.
    InForce,
    /// A correction speaks for it.
    Corrected,
    /// It was taken back.
    Retracted,
    /// A correction that a later one replaced.
    Superseded,
    /// A retraction, which says nothing of its own.
    Note,
}

impl EntryStatus {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Corrected => "corrected",
            Self::Retracted => "retracted",
            Self::Superseded => "superseded",
            Self::Note => "note",
        }
    }

    /// It in words.
    #[must_use]
    pub fn words(self) -> Words {
        let (id, en) = match self {
            Self::InForce => ("berlaku", "in force"),
            Self::Corrected => ("dikoreksi", "corrected"),
            Self::Retracted => ("DITARIK", "RETRACTED"),
            Self::Superseded => ("diganti koreksi lain", "superseded"),
            Self::Note => ("", ""),
        };
        Words { id, en }
    }
}

/// One event of the history.
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    /// Its index.
    pub index: u64,
    /// The event it corrects or retracts, or whose evidence it redacts.
    pub about: Option<u64>,
    /// Whether it counts.
    pub status: EntryStatus,
    /// 0, or how many amendments it stands under.
    pub depth: usize,
    /// The event.
    pub event: Event,
}

/// The events of a stream and those that name it, each with its amendments under it; and the number of events in the
/// stream.
///
/// # Errors
/// When the log cannot be read.
pub fn history(snapshot: &Snapshot, subject: Subject) -> Result<(u64, Vec<HistoryEntry>), ReadFailure> {
    let mut events: BTreeMap<u64, Event> = BTreeMap::new();
    for index in snapshot.history(subject) {
        events.insert(index, snapshot.event(index)?);
    }
    // Amendments stand in the stream of their target, which may be another one.
    let streams: BTreeSet<Subject> = events.values().map(|event| event.draft.subject).collect();
    for stream in streams {
        for index in snapshot.history(stream) {
            if events.contains_key(&index) {
                continue;
            }
            let event = snapshot.event(index)?;
            if let Some(about) = target_index(snapshot, &event)?
                && (events.contains_key(&about)
                    || snapshot.lineage().original_of(about).is_some_and(|o| events.contains_key(&o)))
            {
                events.insert(index, event);
            }
        }
    }
    let mut about: BTreeMap<u64, u64> = BTreeMap::new();
    for (index, event) in &events {
        if let Some(target) = target_index(snapshot, event)? {
            about.insert(*index, target);
        }
    }
    let mut entries = Vec::with_capacity(events.len());
    let tops: Vec<u64> = events
        .keys()
        .copied()
        .filter(|index| about.get(index).is_none_or(|on| !events.contains_key(on)))
        .collect();
    let mut amendments: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (amendment, target) in &about {
        amendments.entry(*target).or_default().push(*amendment);
    }
    let mut under: Vec<(u64, usize)> = tops.into_iter().rev().map(|top| (top, 0)).collect();
    while let Some((index, depth)) = under.pop() {
        let Some(event) = events.remove(&index) else { continue };
        let status = status(snapshot, index, &event);
        entries.push(HistoryEntry { index, about: about.get(&index).copied(), status, depth, event });
        let amending = amendments.get(&index).into_iter().flatten().rev();
        under.extend(amending.map(|amendment| (*amendment, depth + 1)));
    }
    Ok((snapshot.index().revision(subject), entries))
}

fn target_index(snapshot: &Snapshot, event: &Event) -> Result<Option<u64>, ReadFailure> {
    let Some(target) = event.draft.data.amends().map(Amendment::target) else { return Ok(None) };
    snapshot.index().index_of(target, snapshot)
}

fn status(snapshot: &Snapshot, index: u64, event: &Event) -> EntryStatus {
    let lineage = snapshot.lineage();
    if event.draft.data.retracts().is_some() {
        return EntryStatus::Note;
    }
    let original = lineage.original_of(index);
    if lineage.is_retracted_correction(index) {
        return EntryStatus::Retracted;
    }
    match (lineage.in_force(original.unwrap_or(index)), original) {
        (InForce::Retracted, _) => EntryStatus::Retracted,
        (InForce::Original, None) => EntryStatus::InForce,
        (InForce::Correction(effective), Some(_)) if effective == index => EntryStatus::InForce,
        (_, Some(_)) => EntryStatus::Superseded,
        (InForce::Correction(_), None) => EntryStatus::Corrected,
    }
}
