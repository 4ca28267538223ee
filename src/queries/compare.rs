//! Two answers side by side: of two log sizes or of two versions of a view, and the events that lie between.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::record::Event;
use jejak_projections::compare::{CompareError, Comparison, compare, compare_versions};
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::ViewDeclaration;

use crate::readmodel::{ReadError, Snapshot};

/// Most answers asked for between the two: halving a log of a million events takes 20 of them for each
/// event that is found, and an answer over so many takes some tens of milliseconds.
pub const ANSWERS_LIMIT: usize = 256;

/// Up to so many events are read one by one; more, in one go through the log.
const READ_SINGLY: usize = 256;

/// Why two answers were not compared.
#[derive(Debug, thiserror::Error)]
pub enum Incomparable {
    /// The question makes no sense for the view, or one of the sizes lies beyond the log.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The answers cannot be held against each other.
    #[error(transparent)]
    Compare(#[from] CompareError),
}

/// Compares what is known at the log size of the question with what is known at another one. `asked` hears how many
/// answers in between were asked for.
///
/// # Errors
/// [`Incomparable`].
pub fn states(
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    other_size: u64,
    asked: &mut dyn FnMut(u64),
) -> Result<Comparison, Incomparable> {
    let at = |size| view.answer(snapshot.facts(), &Question { as_known: size, ..question.clone() });
    let sizes = [question.as_known.min(other_size), question.as_known.max(other_size)];
    let (before, after) = (at(sizes[0])?, at(sizes[1])?);
    let mut count = 0;
    Ok(compare(&before, &after, ANSWERS_LIMIT, &mut |size| {
        count += 1;
        asked(count);
        at(size)
    })?)
}

/// Compares two versions of a view at the log size of the question.
///
/// # Errors
/// [`Incomparable`].
pub fn versions(
    snapshot: &Snapshot,
    before: &ViewDeclaration,
    after: &ViewDeclaration,
    question: &Question,
) -> Result<Comparison, Incomparable> {
    let facts = snapshot.facts();
    Ok(compare_versions(&before.answer(facts, question)?, &after.answer(facts, question)?)?)
}

/// The events at some indexes.
///
/// # Errors
/// When the log cannot be read.
pub fn read_events(snapshot: &Snapshot, wanted: &BTreeSet<u64>) -> Result<BTreeMap<u64, Event>, ReadError> {
    if wanted.len() <= READ_SINGLY {
        return wanted.iter().map(|index| Ok((*index, snapshot.event(*index)?))).collect();
    }
    let mut events = BTreeMap::new();
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else { return Ok(events) };
    let mut wrong = None;
    snapshot.scan(*first..last + 1, &mut |index, bytes| {
        if wanted.contains(&index) {
            match Event::read(bytes) {
                Ok(event) => drop(events.insert(index, event)),
                Err(error) => wrong = Some(ReadError::Record { index, reason: error.to_string() }),
            }
        }
        wrong.is_none()
    })?;
    wrong.map_or(Ok(events), Err)
}
