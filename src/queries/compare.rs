//! Two answers side by side: of two log sizes, of two days or of two versions of a view, and what lies between.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_events::values::Date;
use jejak_projections::answer::{MemberKind, Words};
use jejak_projections::compare::{
    Asked, CauseKind, CompareError, Comparison, DayRange, Difference, FigureChange, IndexRange, MemberChange,
    Side, Standing, compare, compare_days, compare_versions,
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

/// Most answers asked for between two days: with so many every day of a year is asked about, however many members
/// change on it.
pub const DAYS_LIMIT: usize = 366;

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
    of: Asked<'_>,
    question: &Question,
    other_size: u64,
    asked: &mut dyn FnMut(u64),
) -> Result<Comparison, Incomparable> {
    let at = |size| of.answer(snapshot.facts(), &Question { as_known: size, ..question.clone() });
    let sizes = [question.as_known.min(other_size), question.as_known.max(other_size)];
    let (before, after) = (at(sizes[0])?, at(sizes[1])?);
    let mut count = 0;
    Ok(compare(&before, &after, ANSWERS_LIMIT, &mut |size| {
        count += 1;
        asked(count);
        at(size)
    })?)
}

/// Compares the answer on the day of the question with the one on another day, as known at the log size of the question;
/// the earlier day is the one before. `asked` hears how many answers in between were asked for. The question that comes
/// back is the one of the answer after.
///
/// # Errors
/// [`Incomparable`].
pub fn days(
    snapshot: &Snapshot,
    of: Asked<'_>,
    question: &Question,
    other: Date,
    asked: &mut dyn FnMut(u64),
) -> Result<(Question, Comparison), Incomparable> {
    let later = Question { on: question.on.max(other), ..question.clone() };
    let mut count = 0;
    let mut hear = || {
        count += 1;
        asked(count);
    };
    let earlier = question.on.min(other);
    let comparison = compare_days(of, snapshot.facts(), &later, earlier, DAYS_LIMIT, &mut hear)?;
    Ok((later, comparison))
}

/// Compares two versions of a view at the log size of the question.
///
/// # Errors
/// [`Incomparable`].
pub fn versions(
    snapshot: &Snapshot,
    before: &ViewDeclaration,
    after: Asked<'_>,
    question: &Question,
) -> Result<Comparison, Incomparable> {
    let facts = snapshot.facts();
    let [old, new] = [before, after.view].map(|view| Asked { view, ..after }.answer(facts, question));
    Ok(compare_versions(&old?, &new?)?)
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
    /// The day it is for.
    pub on: Date,
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
    /// What it is.
    #[serde(skip)]
    pub kind: MemberKind,
    /// How it differs.
    pub difference: Difference,
    /// How it counted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<&'a Standing>,
    /// How it counts after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<&'a Standing>,
    /// The events that did it; none between two versions of a view, and none between two days, where `steps` says more.
    pub events: Vec<ComparedEvent>,
    /// Between two days: what happened to it on the way, ascending by day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ComparedStep>,
    /// Where events did it that the bound on answers left unfound.
    #[serde(skip_serializing_if = "<[IndexRange]>::is_empty")]
    pub unfound: &'a [IndexRange],
    /// Between two days: stretches on which it changed that the bound on answers left unfound.
    #[serde(skip_serializing_if = "<[DayRange]>::is_empty")]
    pub unfound_days: &'a [DayRange],
}

impl ComparedMember<'_> {
    /// The figures in which it counts after and did not before, and those in which it counted before and does not after.
    #[must_use]
    pub fn figures_changed(&self) -> [Vec<&'static str>; 2] {
        let figures =
            |standing: Option<&Standing>| standing.map(|one| one.figures.clone()).unwrap_or_default();
        let (before, after) = (figures(self.before), figures(self.after));
        let only = |one: &[&'static str], other: &[&'static str]| {
            one.iter().copied().filter(|figure| !other.contains(figure)).collect()
        };
        [only(&after, &before), only(&before, &after)]
    }

    /// The figures in which it counts on both sides, more on the one than on the other, with how much it counted and counts.
    #[must_use]
    pub fn amounts_changed(&self) -> Vec<(&'static str, [u64; 2])> {
        let (Some(before), Some(after)) = (self.before, self.after) else { return Vec::new() };
        let both = after.figures.iter().copied().filter(|name| before.figures.contains(name));
        let amounts = both.map(|name| (name, [before.amount(name), after.amount(name)]));
        amounts.filter(|(_, [was, is])| was != is).collect()
    }

    /// The step by which it stands as it does in the end: the last of those that a condition holds for; none where a
    /// later one may be among the days that were not found.
    #[must_use]
    pub fn deciding(&self, holds: impl Fn(&ComparedStep) -> bool) -> Option<&ComparedStep> {
        let last = self.steps.iter().rev().find(|step| holds(step))?;
        self.unfound_days.iter().all(|days| days.to < last.day).then_some(last)
    }
}

/// What happened to a member on one day.
#[derive(Serialize, JsonSchema)]
pub struct ComparedStep {
    /// The first day on which it counts otherwise than on the day before.
    pub day: Date,
    /// How it differs from the day before.
    pub difference: Difference,
    /// The figures in which it counts on the day and did not on the day before.
    #[schemars(with = "Vec<jejak_projections::names::FigureName>")]
    pub entered: Vec<&'static str>,
    /// The figures in which it counted on the day before and does not on the day.
    #[schemars(with = "Vec<jejak_projections::names::FigureName>")]
    pub left: Vec<&'static str>,
    /// Why; never empty.
    pub causes: Vec<ComparedCause>,
}

/// Why a member changed on a day.
#[derive(Serialize, JsonSchema)]
pub struct ComparedCause {
    /// What it is.
    pub cause: CauseKind,
    /// The day of the events; the last day of the certificate where that lapsed or ends soon; else the day that passed.
    pub day: Date,
    /// The events that say so: originals, and the corrections that speak for them. None where a day passed.
    pub events: Vec<ComparedEvent>,
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

/// The sides, members and causes of a comparison, with the events that they name.
pub struct Gathered<'a> {
    comparison: &'a Comparison,
    events: BTreeMap<u64, Event>,
}

impl<'a> Gathered<'a> {
    /// Reads the events that a comparison names.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn read(snapshot: &Snapshot, comparison: &'a Comparison) -> Result<Self, ReadError> {
        let causes = |change: &'a MemberChange| change.steps.iter().flat_map(|step| &step.causes);
        let named = |change: &'a MemberChange| {
            change.events.iter().chain(causes(change).flat_map(|cause| &cause.events)).copied()
        };
        let wanted: BTreeSet<u64> = comparison.members.iter().flat_map(named).collect();
        Ok(Self { comparison, events: read_events(snapshot, &wanted)? })
    }

    fn events(&self, indexes: &[u64]) -> Vec<ComparedEvent> {
        let of = |index: &u64| {
            self.events.get(index).map(|event| ComparedEvent {
                index: *index,
                r#type: event.draft.data.type_name(),
                recordedtime: event.recorded.to_string(),
                recorded: (event.recorded, event.draft.source.area),
            })
        };
        indexes.iter().filter_map(of).collect()
    }

    /// One side of it, in a log that has this place for its size.
    #[must_use]
    pub fn side(side: &'a Side, log: LogPlace) -> ComparedSide<'a> {
        ComparedSide { version: side.version, on: side.on, digest: &side.digest, log }
    }

    /// The members that differ.
    #[must_use]
    pub fn members(&self) -> Vec<ComparedMember<'a>> {
        let steps = |change: &MemberChange| {
            let steps = change.steps.iter().map(|step| ComparedStep {
                day: step.day,
                difference: step.difference,
                entered: step.entered.clone(),
                left: step.left.clone(),
                causes: step
                    .causes
                    .iter()
                    .map(|one| ComparedCause {
                        cause: one.cause,
                        day: one.day,
                        events: self.events(&one.events),
                    })
                    .collect(),
            });
            steps.collect()
        };
        let member = |change: &'a MemberChange| ComparedMember {
            who: change.who.to_string(),
            kind: change.who.kind(),
            difference: change.difference,
            before: change.before.as_ref(),
            after: change.after.as_ref(),
            events: self.events(&change.events),
            steps: steps(change),
            unfound: &change.unfound,
            unfound_days: &change.unfound_days,
        };
        self.comparison.members.iter().map(member).collect()
    }
}
