//! What the writer needs to know of an open log: what was stored of it, and the events behind that.
//!
//! Reading, hashing and parsing run on a thread of their own, a few groups of events ahead of the fold.
//! Nothing here judges: what stands in the log was judged when it was recorded. Nor does anything here open a sealed
//! value.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_projections::error::ReadFailure;

use super::outcome::RegistryError;
use crate::log::LogReader;
use crate::readmodel::stored::StoredState;
use crate::rules::machine::{EventReader, History};

/// Events parsed together: enough that handing them over costs nothing.
const GROUP_EVENTS: usize = 1024;

/// Groups that may wait for the fold.
const WAITING_GROUPS: usize = 8;

/// Events that may stand in tables that grow, before these are turned into runs; beyond that as many as the runs hold.
const UNSETTLED_EVENTS: u64 = 1 << 18;

fn unreadable(reason: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(reason.to_string())
}

/// The events of the log, and nothing sealed.
struct LogEvents<'a>(&'a LogReader);

impl EventReader for LogEvents<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(Event::read(&self.0.read(index)?)?)
    }
}

impl History for LogEvents<'_> {
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        Err(format!("event {index}: what it seals is not asked for while the log is read").into())
    }
}

/// Takes a state on to a size of the log, reading every event behind it once. `on_progress` hears how many events it
/// covers, and says `false` to stop early; the state then covers fewer.
///
/// # Errors
/// When an event cannot be read or understood.
pub fn derive(
    reader: &LogReader,
    mut state: StoredState,
    size: u64,
    on_progress: &dyn Fn(u64) -> bool,
) -> Result<StoredState, RegistryError> {
    let from = state.machine.size();
    if from == size {
        return Ok(state);
    }
    let (groups, parsed) = sync_channel(WAITING_GROUPS);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_groups(reader, from, size, &groups));
        let folded = fold((reader, size), &mut state, on_progress, parsed);
        match reading.join() {
            Ok(read) => read.and(folded),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    Ok(state)
}

/// When the last of so many events was recorded.
///
/// # Errors
/// When it cannot be read.
pub fn last_recorded(reader: &LogReader, size: u64) -> Result<Option<RecordedTime>, RegistryError> {
    let last = size.checked_sub(1).map(|index| LogEvents(reader).event(index).map_err(unreadable));
    Ok(last.transpose()?.map(|event| event.recorded))
}

/// Parses the log into groups until it ends or the fold has stopped.
fn read_groups(
    reader: &LogReader,
    from: u64,
    size: u64,
    groups: &SyncSender<Vec<Event>>,
) -> Result<(), RegistryError> {
    let mut group = Vec::with_capacity(GROUP_EVENTS);
    let mut failed = None;
    reader.scan(from..size, &mut |index, bytes| {
        match Event::read(bytes) {
            Ok(event) => group.push(event),
            Err(error) => {
                failed = Some(unreadable(format!("event {index}: {error}")));
                return false;
            }
        }
        group.len() < GROUP_EVENTS
            || groups.send(std::mem::replace(&mut group, Vec::with_capacity(GROUP_EVENTS))).is_ok()
    })?;
    // The fold has stopped, or failed with an error of its own, when it no longer listens.
    let _ = groups.send(group);
    failed.map_or(Ok(()), Err)
}

fn fold(
    (reader, size): (&LogReader, u64),
    state: &mut StoredState,
    on_progress: &dyn Fn(u64) -> bool,
    parsed: Receiver<Vec<Event>>,
) -> Result<(), RegistryError> {
    let StoredState { machine, facts } = state;
    let past = LogEvents(reader);
    let mut settled = machine.size();
    for group in parsed {
        for event in group {
            let admitted = machine.absorb(event, &past).map_err(unreadable)?;
            admitted.append_to(facts).map_err(|_| {
                let (understood, read) = (admitted.position, size);
                unreadable(format!("the views understand only the first {understood} of {read} events"))
            })?;
        }
        if machine.size() - settled >= UNSETTLED_EVENTS.max(settled) {
            machine.settle();
            settled = machine.size();
        }
        if !on_progress(machine.size()) {
            break;
        }
    }
    Ok(())
}
