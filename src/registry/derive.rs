//! What the writer needs to know of an open log, derived from its events: one pass over the bytes,
//! trusting nothing stored beside them.
//!
//! Reading, hashing and parsing run on a thread of their own, a few groups of events ahead of the fold.
//! Nothing here judges: what stands in the log was judged when it was recorded.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};

use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_projections::facts::Facts;

use super::SharedFacts;
use super::outcome::RegistryError;
use super::past::Past;
use super::writer::follow;
use crate::log::LogReader;
use crate::rules::admitted::Grown;
use crate::rules::machine::StateMachine;
use crate::vault::{KeyFile, VaultIndex};

/// Events parsed together: enough that handing them over costs nothing.
const GROUP_EVENTS: usize = 1024;

/// Groups that may wait for the fold.
const WAITING_GROUPS: usize = 8;

/// The writer's knowledge, the facts and the last stamp.
pub type Derived = (StateMachine, Facts, Option<RecordedTime>);

fn unreadable(reason: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(reason.to_string())
}

/// Reads every event once and folds it. `on_progress` hears how many were folded, and of how many.
///
/// # Errors
/// When an event cannot be read or understood.
pub fn derive(
    reader: &LogReader,
    size: u64,
    vault: &VaultIndex,
    keys: &KeyFile,
    on_progress: &dyn Fn(u64, u64),
) -> Result<Derived, RegistryError> {
    let (groups, parsed) = sync_channel(WAITING_GROUPS);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_groups(reader, size, &groups));
        let folded = fold(reader, size, vault, keys, on_progress, parsed);
        match reading.join() {
            Ok(read) => read.and(folded),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Parses the log into groups until it ends or the fold has stopped.
fn read_groups(reader: &LogReader, size: u64, groups: &SyncSender<Vec<Event>>) -> Result<(), RegistryError> {
    let mut group = Vec::with_capacity(GROUP_EVENTS);
    let mut failed = None;
    reader.scan(0..size, &mut |index, bytes| {
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
    // The fold has stopped with an error of its own when it no longer listens.
    let _ = groups.send(group);
    failed.map_or(Ok(()), Err)
}

fn fold(
    reader: &LogReader,
    size: u64,
    vault: &VaultIndex,
    keys: &KeyFile,
    on_progress: &dyn Fn(u64, u64),
    parsed: Receiver<Vec<Event>>,
) -> Result<Derived, RegistryError> {
    let mut machine = StateMachine::new();
    let facts = SharedFacts::new(Facts::default().into());
    let mut last_recorded = None;
    let past = Past { reader, vault, keys, pending: &[], base: size };
    for group in parsed {
        let mut grown = Grown { admitted: Vec::with_capacity(group.len()) };
        for event in group {
            last_recorded = Some(event.recorded);
            grown.admitted.push(machine.absorb(event, &past).map_err(unreadable)?);
        }
        follow(&facts, &grown);
        on_progress(machine.size(), size);
    }
    let facts = Arc::try_unwrap(facts).map_err(|_| unreadable("the facts are still shared"))?;
    let facts = facts.into_inner().unwrap_or_else(PoisonError::into_inner);
    if facts.size() != machine.size() {
        let (understood, read) = (facts.size(), machine.size());
        return Err(unreadable(format!("the views understand only the first {understood} of {read} events")));
    }
    Ok((machine, facts, last_recorded))
}
