//! The attendance lists as views look at them: who was present, by programme, IKM and day.
//!
//! One pass over the facts and one sort stand for all that a view asks of them. This module must never count:
//! views do.

use std::ops::Range;
use std::sync::Arc;

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::known::Lists;
use super::scope::Scope;
use crate::facts::{Attendance, Id, Row};

/// One row that says that somebody was present. There may be nearly as many as the log has events: every byte
/// counts.
#[derive(Clone, Copy)]
pub(super) struct PresentRow<'a> {
    program: Id,
    ikm: Survivor,
    /// The person; that of no identifier for a delegation without names.
    person: Survivor,
    /// The day of the row, beside it so that sorting need not look there.
    day: Date,
    pub(super) row: &'a Row<Attendance>,
}

impl<'a> PresentRow<'a> {
    pub(super) fn new(row: &'a Row<Attendance>, ikm: Survivor, person: Survivor) -> Self {
        Self { program: row.fact.program, ikm, person, day: row.day, row }
    }

    /// The day on which it happened.
    pub(super) fn day(&self) -> Date {
        self.day
    }

    /// The person, where one is named.
    pub(super) fn person(&self) -> Option<Survivor> {
        self.person.0.is_some().then_some(self.person)
    }

    /// What rows of one IKM in one programme share, or of one person in their own name.
    pub(super) fn place(&self) -> Place {
        Place::of(self.program, self.ikm, self.person())
    }

    /// By place, in each by day.
    pub(super) fn rank(&self) -> (u128, Date) {
        (self.place().rank(), self.day)
    }
}

/// Whoever takes part in a programme under a stream of their own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) program: Id,
    /// The IKM; that of no identifier for a person in their own name.
    pub(super) ikm: Survivor,
    /// That person.
    own_name: Option<Survivor>,
}

impl Place {
    pub(super) fn of(program: Id, ikm: Survivor, person: Option<Survivor>) -> Self {
        Self { program, ikm, own_name: person.filter(|_| !ikm.0.is_some()) }
    }

    /// The place of an IKM.
    pub(super) fn of_ikm(program: Id, ikm: Survivor) -> Self {
        Self { program, ikm, own_name: None }
    }

    /// Who takes part in their own name.
    pub(super) fn own_name(&self) -> Option<Survivor> {
        self.own_name
    }

    /// In the order of places, as one number: there are many to compare.
    fn rank(&self) -> u128 {
        let number = |id: Id| id.number() as u128;
        let own_name = self.own_name.map_or(0, |person| number(person.0));
        (number(self.program) << 64) | (number(self.ikm.0) << 32) | own_name
    }
}

/// The rows that say that somebody was present by the day asked for, those of one programme and IKM together, by day.
pub(super) struct Attended<'a> {
    lists: Arc<Lists<'a>>,
    places: Vec<Range<usize>>,
}

impl<'a> Attended<'a> {
    /// `wants` says whom it is about.
    pub(super) fn new(scope: &Scope<'a>, wants: impl Fn(Place) -> bool) -> Self {
        // For a narrow question few rows are sorted; those of all programmes serve the next one, too.
        let lists = match scope.known.sorted_lists() {
            Some(lists) => lists,
            None if scope.is_narrow() => Arc::new(Lists::new(&scope.known, &wants)),
            None => scope.known.lists(),
        };
        let places = lists.until(scope.question.on);
        let places = places.filter(|(place, _)| wants(*place)).map(|(_, range)| range);
        let places = places.collect();
        Self { lists, places }
    }

    /// The rows of each IKM, and of each person in their own name, in each programme, ascending by
    /// [`PresentRow::place`], in each by day.
    pub(super) fn places(&self) -> impl Iterator<Item = &[PresentRow<'a>]> {
        self.places.iter().map(|range| self.lists.rows(range))
    }
}

/// The first of rows that are by day.
pub(super) fn first_of<'r, 'a: 'r>(
    scope: &Scope<'a>,
    rows: impl Iterator<Item = &'r PresentRow<'a>>,
) -> Option<&'a Row<Attendance>> {
    let mut rows = rows.peekable();
    let day = rows.peek()?.day();
    // Of one day the index decides; later days need not be looked at.
    rows.take_while(|one| one.day() == day).map(|one| one.row).min_by_key(|row| scope.order(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_kept_in_few_bytes() {
        assert!(size_of::<PresentRow<'_>>() <= 24, "{}", size_of::<PresentRow<'_>>());
    }
}
