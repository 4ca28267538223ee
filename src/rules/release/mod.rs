//! Releases of confidential sums (`docs/domain.md`, section 3): which sums may be told, and whether those that were told were
//! counted right.
//!
//! Must never read a sealed value: whoever makes a release hands the values in.

mod alike;
mod atoms;
pub mod ledger;
pub(crate) mod recount;
pub mod table;
pub(crate) mod told;

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::record::Event;
use jejak_events::types::Role;
use jejak_projections::error::ReadFailure;

use super::index::Index;
use super::machine::EventReader;

/// The events of all releases, with their indexes, ascending.
///
/// # Errors
/// When the log cannot be read.
pub fn release_events(streams: &Index, history: &dyn EventReader) -> Result<Vec<(u64, Event)>, ReadFailure> {
    let mut events = Vec::new();
    for index in AreaCode::all().flat_map(|area| streams.history(Subject::Area(area))) {
        let event = history.event(index)?;
        if event.draft.data.role() == Role::Releases {
            events.push((index, event));
        }
    }
    events.sort_unstable_by_key(|(index, _)| *index);
    Ok(events)
}

/// The releases that are recorded, each with its events, which are those of one recorded time; in order.
///
/// # Errors
/// When the log cannot be read.
pub fn recorded_releases(
    streams: &Index,
    history: &dyn EventReader,
) -> Result<Vec<Vec<(u64, Event)>>, ReadFailure> {
    let mut releases: Vec<Vec<(u64, Event)>> = Vec::new();
    for (index, event) in release_events(streams, history)? {
        match releases.last_mut() {
            Some(last) if last.last().is_some_and(|(_, other)| other.recorded == event.recorded) => {
                last.push((index, event));
            }
            _ => releases.push(vec![(index, event)]),
        }
    }
    Ok(releases)
}
