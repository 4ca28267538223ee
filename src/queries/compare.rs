//! Two answers side by side: of two log sizes or of two versions of a view, and the events that lie between.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_projections::answer::Words;
use jejak_projections::compare::{
    CompareError, Comparison, Difference, FigureChange, IndexRange, Standing, compare, compare_versions,
};
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::ViewDeclaration;
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use crate::answer_json::LogPlace;
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

/// What differs between two answers of a view.
#[derive(Serialize, JsonSchema)]
pub struct ComparedAnswers<'a> {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    pub view: &'a str,
    /// The name in words.
    pub title: Words,
    /// What it counts, in full.
    pub definition: Words,
    /// What was asked, as known after.
    pub question: &'a Question,
    /// The answer before.
    pub before: ComparedSide<'a>,
    /// The answer after.
    pub after: ComparedSide<'a>,
    /// Every figure of either side.
    pub figures: &'a [FigureChange],
    /// The members that differ.
    pub members: Vec<ComparedMember<'a>>,
    /// How many answers in between were asked for.
    pub answers_between: usize,
    /// With --names: names by member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<&'a Names>,
}

/// One of the two answers.
#[derive(Serialize, JsonSchema)]
pub struct ComparedSide<'a> {
    /// Version of the view.
    pub version: u32,
    /// Digest of the answer.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    pub digest: &'a str,
    /// How much of the log it knows.
    pub log: LogPlace,
}

/// A member that differs.
#[derive(Serialize, JsonSchema)]
pub struct ComparedMember<'a> {
    /// Who or what it is.
    #[schemars(with = "jejak_projections::answer::Who")]
    pub who: String,
    /// How it differs.
    pub difference: Difference,
    /// How it counted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<&'a Standing>,
    /// How it counts after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<&'a Standing>,
    /// The events that did it; none between two versions of a view.
    pub events: Vec<ComparedEvent>,
    /// Where events did it that the bound on answers left unfound.
    #[serde(skip_serializing_if = "<[IndexRange]>::is_empty")]
    pub unfound: &'a [IndexRange],
}

/// An event that made a difference.
#[derive(Clone, Serialize, JsonSchema)]
pub struct ComparedEvent {
    /// Its index.
    pub index: u64,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    pub r#type: &'static str,
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    pub recordedtime: String,
    /// The same, and by an office of which area.
    #[serde(skip)]
    pub recorded: (RecordedTime, AreaCode),
}
