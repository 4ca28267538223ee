//! Who has a place in a programme and who waits for one, at the end of the day asked for.
//!
//! A withdrawal counts from the day after: whoever leaves on a day was still there on it. A place counts
//! from its own day.
//!
//! Of IKMs that were merged, a place of any ends the wait of all, for they are one and it has a place. A
//! withdrawal speaks only for those that counted as the one it was recorded for by then: what a duplicate
//! gave up, the other one may still hold.

use super::scope::{NumberMap, Scope};
use crate::facts::{Enrolment, Id, Row, Wait, Withdrawal};

/// The withdrawals that count by the day, by programme.
pub(super) struct Left<'a>(NumberMap<Id, Vec<&'a Row<Withdrawal>>>);

impl<'a> Left<'a> {
    pub(super) fn new(scope: &Scope<'a>) -> Self {
        let mut left: NumberMap<Id, Vec<&'a Row<Withdrawal>>> = NumberMap::default();
        for row in scope.rows(&scope.facts.tables.withdrawals) {
            if row.day < scope.question.on {
                left.entry(row.fact.program).or_default().push(row);
            }
        }
        for rows in left.values_mut() {
            rows.sort_by_key(|row| scope.order(row));
        }
        Self(left)
    }

    /// The first withdrawal after a place was given by which it was given up; `None` while it stands.
    pub(super) fn of_place(&self, scope: &Scope<'_>, row: &Row<Enrolment>) -> Option<&'a Row<Withdrawal>> {
        let Enrolment { ikm, program, person, .. } = row.fact;
        self.of(scope, row, program, ikm, person)
    }

    /// The first withdrawal by which what a row says of an IKM, or of a person of it, was given up after it.
    fn of<T>(
        &self,
        scope: &Scope<'_>,
        row: &Row<T>,
        program: Id,
        ikm: Id,
        person: Id,
    ) -> Option<&'a Row<Withdrawal>> {
        let ends = |gone: &&&Row<Withdrawal>| {
            let index = scope.index(gone);
            scope.order(gone) > scope.order(row)
                && scope.ikm_counted_as(ikm, gone.fact.ikm, index)
                && (!gone.fact.person.is_some() || scope.person_counted_as(person, gone.fact.person, index))
        };
        self.0.get(&program)?.iter().find(ends).copied()
    }
}

/// The places taken, one row for each person or one for a delegation without names.
pub(super) fn places<'a>(scope: &Scope<'a>) -> Vec<&'a Row<Enrolment>> {
    let left = Left::new(scope);
    let stands = |row: &&Row<Enrolment>| left.of_place(scope, row).is_none();
    scope.rows(&scope.facts.tables.enrolments).filter(stands).collect()
}

/// Those who wait, one row for each person or one for a delegation without names.
pub(super) fn waits<'a>(scope: &Scope<'a>) -> Vec<&'a Row<Wait>> {
    let rows: Vec<&'a Row<Wait>> = scope.rows(&scope.facts.tables.waits).collect();
    if rows.is_empty() {
        // Nobody waits; looking through the places would only cost time.
        return rows;
    }
    let left = Left::new(scope);
    let mut placed: NumberMap<Id, Vec<&Row<Enrolment>>> =
        rows.iter().map(|row| (row.fact.program, Vec::new())).collect();
    for row in scope.rows(&scope.facts.tables.enrolments) {
        if let Some(rows) = placed.get_mut(&row.fact.program) {
            rows.push(row);
        }
    }
    let waiting = |row: &&'a Row<Wait>| {
        let Wait { ikm, program, person } = row.fact;
        let survivor = scope.surviving_ikm(ikm);
        // Of those in their own name each is one.
        let is_same =
            |other: Id| ikm.is_some() || scope.surviving_person(other) == scope.surviving_person(person);
        let promoted = placed.get(&program).into_iter().flatten().any(|place| {
            let fact = place.fact;
            scope.order(place) > scope.order(row)
                && scope.surviving_ikm(fact.ikm) == survivor
                && is_same(fact.person)
        });
        !promoted && left.of(scope, row, program, ikm, person).is_none()
    };
    rows.into_iter().filter(waiting).collect()
}
