//! Facts and views made again from the log's bytes, on all cores, trusting nothing derived.
//!
//! The log is cut into ranges; each becomes a part of the facts on a thread of its own, and
//! corrections and retractions are taken in when the parts are put together. Nothing here writes.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jejak_events::identity::EventId;
use jejak_events::record::Event;
use jejak_events::types::Amendment;
use jejak_events::values::Date;
use jejak_projections::answer::Answer;
use jejak_projections::error::{ProjectionError, ReadFailure};
use jejak_projections::facts::{Facts, FactsPart};
use jejak_projections::lineage::EventSource;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::VIEWS;

use crate::log::{LogError, LogReader};

/// Events per range: enough to keep a thread busy, few enough to show progress.
const RANGE_EVENTS: u64 = 1 << 15;

/// Facts could not be made again.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// An event is not understood.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// As many threads as the machine has cores.
#[must_use]
pub fn all_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// Makes the facts of the first `size` events again, on so many threads. `progress` hears how many
/// events are done; it is called from every thread.
///
/// # Errors
/// When an event cannot be read or understood.
pub fn facts(
    reader: &LogReader,
    size: u64,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Facts, RebuildError> {
    facts_while(reader, size, threads, &|done| {
        progress(done);
        true
    })
}

/// As [`facts`], for as long as `go_on`, which hears how many events are done, does not say `false`.
///
/// # Errors
/// As [`facts`], and [`RebuildError::Stopped`].
pub fn facts_while(
    reader: &LogReader,
    size: u64,
    threads: usize,
    go_on: &(dyn Fn(u64) -> bool + Sync),
) -> Result<Facts, RebuildError> {
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let parts = Mutex::new(Vec::new());
    let work = || -> Result<(), RebuildError> {
        loop {
            let from = next.fetch_add(RANGE_EVENTS, Ordering::Relaxed);
            if from >= size {
                return Ok(());
            }
            if stop.load(Ordering::Relaxed) {
                return Err(RebuildError::Stopped);
            }
            let to = size.min(from + RANGE_EVENTS);
            let part = part(reader, from, to)?;
            parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(part);
            if !go_on(done.fetch_add(to - from, Ordering::Relaxed) + to - from) {
                stop.store(true, Ordering::Relaxed);
                return Err(RebuildError::Stopped);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    assemble(reader, size, parts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Makes facts from ranges that cover the first `size` events, given in any order.
///
/// # Errors
/// As [`facts`]; also when two ranges overlap.
pub fn facts_of_ranges(
    reader: &LogReader,
    size: u64,
    ranges: impl IntoIterator<Item = std::ops::Range<u64>>,
) -> Result<Facts, RebuildError> {
    let parts = ranges.into_iter().map(|range| part(reader, range.start, range.end));
    assemble(reader, size, parts.collect::<Result<_, _>>()?)
}

fn assemble(reader: &LogReader, size: u64, parts: Vec<FactsPart>) -> Result<Facts, RebuildError> {
    let targets = Targets::find(reader, size, &parts)?;
    let (facts, _) = Facts::assemble(parts, &targets)?;
    Ok(facts)
}

fn part(reader: &LogReader, from: u64, to: u64) -> Result<FactsPart, RebuildError> {
    // One buffer for the range; the records are slices of it.
    let mut text = Vec::new();
    let mut ends = Vec::with_capacity(usize::try_from(to - from).unwrap_or(0));
    reader.scan(from..to, &mut |_, bytes| {
        text.extend_from_slice(bytes);
        ends.push(text.len());
        true
    })?;
    let mut start = 0;
    let records = ends.iter().map(|end| &text[std::mem::replace(&mut start, *end)..*end]);
    Ok(Facts::from_records(from, records)?)
}

/// The events that corrections and retractions name, found by one pass over the log's bytes.
struct Targets<'a> {
    reader: &'a LogReader,
    indexes: HashMap<EventId, u64>,
}

impl<'a> Targets<'a> {
    fn find(reader: &'a LogReader, size: u64, parts: &[FactsPart]) -> Result<Self, RebuildError> {
        let mut wanted = HashMap::new();
        for position in parts.iter().flat_map(FactsPart::amending) {
            let Some(target) = read(reader, position)?.draft.data.amends().map(Amendment::target) else {
                continue;
            };
            wanted.insert(target.to_string(), target);
        }
        let mut indexes = HashMap::new();
        if !wanted.is_empty() {
            reader.scan(0..size, &mut |index, bytes| {
                if let Some(target) = id_of(bytes).and_then(|id| wanted.get(id)) {
                    indexes.insert(*target, index);
                }
                true
            })?;
        }
        Ok(Self { reader, indexes })
    }
}

/// The `id` attribute of a record, without parsing it. In canonical form it stands behind
/// `datacontenttype`, and no string can hold the quotes of this marker unescaped.
fn id_of(record: &[u8]) -> Option<&str> {
    const MARKER: &[u8] = br#","datacontenttype":"application/json","id":""#;
    let start = memchr::memmem::rfind(record, MARKER)? + MARKER.len();
    std::str::from_utf8(record.get(start..start + 36)?).ok()
}

fn read(reader: &LogReader, index: u64) -> Result<Event, RebuildError> {
    let bytes = reader.read(index)?;
    Event::read(&bytes).map_err(|source| ProjectionError::NotARecord { index, source }.into())
}

impl EventSource for Targets<'_> {
    fn index_of(&self, id: EventId) -> Result<Option<u64>, ReadFailure> {
        Ok(self.indexes.get(&id).copied())
    }

    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(read(self.reader, index)?)
    }
}

/// A day after everything that can be recorded: all that is known counts.
#[must_use]
pub fn far_future() -> Date {
    Date::parse("2999-12-31")
        .unwrap_or_else(|_| unreachable!("the last day of the calendar that records use"))
}

/// Answers every view for one day at one log size, unfiltered, on so many threads; in the order of
/// [`VIEWS`].
///
/// # Errors
/// When the size lies beyond the facts.
pub fn answer_all(facts: &Facts, size: u64, on: Date, threads: usize) -> Result<Vec<Answer>, QuestionError> {
    answer_each(facts, size, on, threads, &|answer| answer)
}

/// As [`answer_all`], for whoever needs but a part of each answer: the members of all views together take more
/// memory than the facts.
///
/// # Errors
/// As [`answer_all`].
pub fn answer_each<T: Send>(
    facts: &Facts,
    size: u64,
    on: Date,
    threads: usize,
    keep: &(dyn Fn(Answer) -> T + Sync),
) -> Result<Vec<T>, QuestionError> {
    let question = Question::new(on, size);
    // Taken one by one from a shared counter, so that no thread waits while a heavy view runs.
    let next = AtomicU64::new(0);
    let answers = Mutex::new(Vec::with_capacity(VIEWS.len()));
    let work = || {
        while let Some((place, view)) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
            .ok()
            .and_then(|place| VIEWS.get(place).map(|view| (place, view)))
        {
            let answer = view.answer(facts, &question).map(keep);
            answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, answer));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, VIEWS.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_behind_its_marker_only() {
        let record = br#"{"authtype":"user","data":{"title":"\",\"datacontenttype\":\"application/json\",\"id\":\"x"},"datacontenttype":"application/json","id":"01890a5d-ac96-774b-bcce-b302099a8057","recordedtime":"x"}"#;
        assert_eq!(id_of(record), Some("01890a5d-ac96-774b-bcce-b302099a8057"));
        assert_eq!(id_of(b"{}"), None);
    }
}
