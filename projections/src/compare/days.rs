//! Two days at one state of knowledge: who entered and left on which day, and why.
//!
//! Corrections, retractions and merges hold on every day, so between two days they change nobody: what does is an
//! event of a day in between, or a day that passed. The day is found by halving, so at a day given the answer did
//! change; which events of that day concern the member is read from the facts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::identity;

use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::search::{FoundTurn, KnownMembers, Search};
use super::{
    Asked, Cause, CauseKind, CompareError, Comparison, Difference, IndexRange, KnownOnBoth, Turn,
    differences, member, told_of,
};
use crate::answer::{Answer, Member, Who};
use crate::facts::Facts;
use crate::names::FigureName;
use crate::question::{Question, QuestionError};
use crate::views::causes;
use crate::views::known::Known;

/// What happened to a member on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// Why; never empty.
    pub causes: Vec<Cause>,
    /// The first day on which it counts otherwise than on the day before.
    pub day: Date,
    /// How it differs from the day before.
    pub difference: Difference,
    /// The figures in which it counts on the day and did not on the day before.
    #[schemars(with = "Vec<FigureName>")]
    pub entered: Vec<&'static str>,
    /// The figures in which it counted on the day before and does not on the day.
    #[schemars(with = "Vec<FigureName>")]
    pub left: Vec<&'static str>,
}

/// Days on which a member changed once or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct DayRange {
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
}

/// Compares the answers of a view, or what they say of one figure, on two days, as known at the log size of the
/// question: `earlier`, and the day that it is for. At most `answers_limit` answers for days in between are asked; `asked` hears of each.
///
/// # Errors
/// When the question makes no sense for the view on one of the days, or `earlier` is the later one.
pub fn compare_days(
    asked_of: Asked<'_>,
    facts: &Facts,
    question: &Question,
    earlier: Date,
    answers_limit: usize,
    asked: &mut dyn FnMut(),
) -> Result<Comparison, CompareError> {
    if earlier > question.on {
        return Err(CompareError::DaysBackward { before: earlier, after: question.on });
    }
    let on = |day| Question { on: day, ..question.clone() };
    let known = Known::new(facts, question.as_known);
    let answer = |day| asked_of.answer_among(&known, &on(day), Answer::digested);
    let (before, after) = (answer(earlier)?, answer(question.on)?);
    let on_both = KnownOnBoth::of(&before, &after);
    let alone = |answer: Answer| on_both.alone(Cow::Owned(answer)).into_owned();
    let (before, after) = (alone(before), alone(after));
    let mut comparison = differences(&before, &after, &on_both);
    let sought: Vec<Who> = comparison.members.iter().map(|change| change.who).collect();
    let mut answer_at = |place| -> Result<Answer, QuestionError> {
        asked();
        // Between two days there are only days.
        let day = day_at(place).unwrap_or(earlier);
        Ok(alone(asked_of.answer_among(&known, &on(day), identity)?))
    };
    let mut search = Search::new(answers_limit, &mut answer_at);
    let mut found = search.run(
        KnownMembers::of(&before, place_of(earlier), &sought),
        KnownMembers::of(&after, place_of(question.on), &sought),
    )?;
    let mut answers_left = search.answers_left();
    let turns: Vec<(Who, &FoundTurn)> =
        found.iter().flat_map(|(who, member)| member.turns.iter().map(|turn| (*who, turn))).collect();
    let mut steps = steps(asked_of, facts, question, &turns, &alone, &mut answers_left)?;
    comparison.answers_between = answers_limit - answers_left;
    for change in &mut comparison.members {
        change.steps = steps.remove(&change.who).unwrap_or_default();
        let unfound = found.remove(&change.who).map(|found| found.unfound).unwrap_or_default();
        change.unfound_days = unfound.into_iter().filter_map(days_between).collect();
    }
    Ok(comparison)
}

/// What happened to each member, day by day. Of the answers left those are taken that were asked for; `alone` leaves of an
/// answer what is compared.
fn steps(
    asked_of: Asked<'_>,
    facts: &Facts,
    question: &Question,
    found: &[(Who, &FoundTurn)],
    alone: &dyn Fn(Answer) -> Answer,
    answers_left: &mut usize,
) -> Result<BTreeMap<Who, Vec<Step>>, QuestionError> {
    let turns = found.iter().filter_map(|(who, turn)| {
        let day = day_at(turn.at + 1)?;
        Some(Turn { who: *who, day, before: turn.before.as_deref(), after: turn.after.as_deref() })
    });
    let turns: Vec<Turn<'_>> = turns.collect();
    let mut causes = causes::causes(facts, question, &turns);
    let mut by_time: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (place, turn) in turns.iter().enumerate() {
        if matches!(&causes[place][..], [Cause { cause: CauseKind::TimePassed, .. }]) {
            by_time.entry(turn.day).or_default().push(place);
        }
    }
    for (day, places) in by_time {
        // Had nothing happened that day, who changed by time alone would count as it does.
        let quiet = match answers_left.checked_sub(1) {
            Some(left) => {
                *answers_left = left;
                let on = Question { on: day, ..question.clone() };
                let facts = facts.without_day(day);
                let known = Known::new(&facts, on.as_known);
                let quiet = asked_of.answer_among(&known, &on, identity)?;
                Some(alone(quiet))
            }
            None => None,
        };
        for place in places {
            let Turn { who, after, .. } = turns[place];
            if !quiet.as_ref().is_some_and(|quiet| counts_alike(member(quiet, who), after)) {
                causes[place] = vec![Cause { cause: CauseKind::Elsewhere, day, events: Vec::new() }];
            }
        }
    }
    let mut steps: BTreeMap<Who, Vec<Step>> = BTreeMap::new();
    for (turn, causes) in turns.iter().zip(causes) {
        if let Some(difference) = Difference::between(turn.before, turn.after) {
            let [entered, left] = [(turn.after, turn.before), (turn.before, turn.after)]
                .map(|(one, other)| counts_only_in(one, other));
            steps.entry(turn.who).or_default().push(Step {
                causes,
                day: turn.day,
                difference,
                entered,
                left,
            });
        }
    }
    Ok(steps)
}

/// The figures in which a member counts on one side and not on the other.
fn counts_only_in(one: Option<&Member>, other: Option<&Member>) -> Vec<&'static str> {
    told_of(one).filter(|figure| !told_of(other).any(|told| told == *figure)).collect()
}

/// Whether a member counts in the same figures for the same area, on the same events, or on neither side.
fn counts_alike(one: Option<&Member>, other: Option<&Member>) -> bool {
    let standing = |member: &Member| {
        (member.area, member.figures.clone(), member.amounts.clone(), member.events.clone())
    };
    one.map(standing) == other.map(standing)
}

/// A day as a place: its number, which is never negative.
fn place_of(day: Date) -> u64 {
    u64::from(day.day_number().unsigned_abs())
}

fn day_at(place: u64) -> Option<Date> {
    Date::from_day_number(i32::try_from(place).ok()?)
}

/// The days on which a change between two places shows.
fn days_between(IndexRange { from, to }: IndexRange) -> Option<DayRange> {
    Some(DayRange { from: day_at(from + 1)?, to: day_at(to + 1)? })
}
