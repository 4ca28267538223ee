//! Counts everything again from the bytes of the log, in parts on all cores, to be held against what
//! the running registry keeps.
//!
//! It must never take a fact from the live registry; only where an event lies is asked of it, and the
//! answer is confirmed against the bytes.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

use jejak_events::identity::EventId;
use jejak_events::record::Event;
use jejak_projections::error::{ProjectionError, ReadFailure};
use jejak_projections::facts::{Facts, Part};
use jejak_projections::lineage::Recorded;

use crate::log::{LogError, LogReader};
use crate::registry::core::History as _;
use crate::registry::{Engine, Registry, RegistryError};

/// Events that one thread turns into rows at a time: a few megabytes of bytes.
const PART_EVENTS: u64 = 16_384;

/// Why nothing was rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildFailure {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The registry stopped.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// An event that no view understands.
    #[error("the views cannot take in the log: {0}")]
    Projection(#[from] ProjectionError),
    /// A thread ended without an answer.
    #[error("a thread that read the log ended early; run the command again and report this defect")]
    ThreadLost,
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// Where the targets of corrections and retractions lie.
struct Targets<'a>(&'a Engine);

impl Recorded for Targets<'_> {
    fn index_of(&self, id: EventId) -> Result<Option<u64>, ReadFailure> {
        self.0.core().index_of(id, &self.0.past())
    }

    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.0.past().event(index)
    }
}

/// The facts of the first `size` events, from their bytes, on `threads` threads. Every byte is checked
/// against the tree on its way. `go_on` hears how many events are done and says `false` to stop.
///
/// # Errors
/// When the log cannot be read or holds what no view understands, and [`RebuildFailure::Stopped`].
pub fn facts_from_bytes(
    registry: &Registry,
    size: u64,
    threads: NonZeroUsize,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Facts, RebuildFailure> {
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    let parts = std::thread::scope(|scope| {
        for _ in 0..threads.get() {
            let (sender, reader) = (sender.clone(), registry.reader().clone());
            let (next, stop) = (&next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let start = next.fetch_add(PART_EVENTS, Ordering::Relaxed);
                    if start >= size {
                        return;
                    }
                    let range = start..size.min(start + PART_EVENTS);
                    let part = read_part(&reader, range.clone()).map(|part| (part, range.end - range.start));
                    let failed = part.is_err();
                    if sender.send(part).is_err() || failed {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut parts = Vec::new();
        let mut done = 0;
        let mut outcome = Ok(());
        for part in receiver {
            match part {
                Ok((part, count)) => {
                    done += count;
                    parts.push(part);
                }
                Err(error) => outcome = Err(error),
            }
            if outcome.is_ok() && !go_on(done) {
                outcome = Err(RebuildFailure::Stopped);
            }
            if outcome.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        outcome?;
        if done == size { Ok(parts) } else { Err(RebuildFailure::ThreadLost) }
    })?;
    let assembled = registry.with_engine(move |engine| Facts::assemble(parts, &Targets(engine)))?;
    Ok(assembled?.0)
}

fn read_part(reader: &LogReader, range: Range<u64>) -> Result<Part, RebuildFailure> {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    reader.scan(range.clone(), &mut |_, event| {
        bytes.extend_from_slice(event);
        ends.push(bytes.len());
        true
    })?;
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let records = starts.zip(&ends).map(|(start, end)| &bytes[start..*end]);
    Ok(Facts::from_records(range.start, records)?)
}

/// As many threads as the machine has cores.
#[must_use]
pub fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
