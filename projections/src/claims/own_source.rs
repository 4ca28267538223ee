//! A source never supports itself: which events rest on nothing but the document that makes the claim.
//!
//! An event names what it rests on by a reference: the files under `evidence` and the file it was imported from by
//! their hashes, the document of a report of the population by its own name. A claim that was recorded rests on its
//! document, by either. An event that names at least one of them, and none besides the document, is set aside. An event
//! that names nothing counts: the office stands for it. Words name nothing: two documents may have one title.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::record::Event;
use jejak_events::types::EventType;
use jejak_events::types::area_reports::PopulationReported;
use jejak_events::types::claim::ClaimMade;
use jejak_events::values::Urn;
use serde_json::Value;

use super::check::ClaimLog;
use super::report::CheckError;
use super::written::Claim;
use crate::facts::Facts;

/// Which of some events are to be set aside for a claim. A correction is judged by what it names itself
/// or, where it names nothing, by what its original names; an original that was corrected is not judged.
///
/// # Errors
/// When an event cannot be read.
pub(super) fn resting_on_the_document_only(
    claim: &Claim,
    events: &BTreeSet<u64>,
    facts: &Facts,
    log: &dyn ClaimLog,
) -> Result<BTreeSet<u64>, CheckError> {
    let read = |index: u64| log.event(index).map_err(|source| CheckError::Unreadable { index, source });
    let originals: BTreeMap<u64, u64> =
        events.iter().filter_map(|index| Some((*index, facts.corrected_by(*index)?))).collect();
    let corrected: BTreeSet<u64> = originals.values().copied().collect();
    let mut set_aside = BTreeSet::new();
    for index in events {
        if corrected.contains(index) {
            continue;
        }
        let mut grounds = grounds(claim, &read(*index)?);
        if let (true, Some(original)) = (grounds.is_empty(), originals.get(index)) {
            grounds = self::grounds(claim, &read(*original)?);
        }
        if !grounds.is_empty() && grounds.iter().all(|is_own| *is_own) {
            set_aside.insert(*index);
        }
    }
    Ok(set_aside)
}

/// Of each thing that an event names as its ground, whether it is the document.
fn grounds(claim: &Claim, event: &Event) -> Vec<bool> {
    let data = &event.draft.data;
    let is_own_file = |sha256: &str| claim.sha256.iter().any(|own| **own == *sha256);
    let mut grounds: Vec<bool> = data.evidence().map(|file| is_own_file(&file.sha256)).collect();
    let said = Value::Object(data.to_object());
    // Of a correction also what its replacement names.
    for place in ["/imported_from/file", "/data/imported_from/file"] {
        grounds.extend(said.pointer(place).and_then(Value::as_str).map(is_own_file));
    }
    let is_own_name = |urn: &Urn| claim.urn.as_ref() == Some(urn);
    let content = data.said();
    if let Some(made) = ClaimMade::of(content) {
        let files = made.sha256.iter().flat_map(|files| files.iter());
        let named = files.map(|file| is_own_file(file)).chain(made.urn.as_ref().map(is_own_name));
        // Its references are all of one document.
        grounds.extend(named.reduce(|one, other| one || other));
    }
    if let Some(report) = PopulationReported::of(content) {
        grounds.extend(report.document.as_ref().map(is_own_name));
    }
    grounds
}
