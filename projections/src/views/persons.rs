//! Persons on the day: whom they work for, and where they are.
//!
//! This module must never count: views do.

use jejak_events::area::AreaCode;

use super::aliases::Survivor;
use super::scope::{ById, Scope};
use crate::facts::{Id, Person, PersonArea, PersonMove, Row};

/// What is said of persons up to the day asked for.
pub(super) struct Persons<'a> {
    registrations: ById<&'a Row<Person>>,
    moves: ById<&'a Row<PersonMove>>,
    areas: ById<&'a Row<PersonArea>>,
}

impl<'a> Persons<'a> {
    pub(super) fn new(scope: &Scope<'a>) -> Self {
        let tables = &scope.facts.tables;
        let mut registrations = scope.latest(&tables.persons, |fact| fact.person);
        // As for IKMs: their own stream says whom they work for, and where it was not registered by the day,
        // the one of those merged into it that was registered first.
        for (survivor, streams) in scope.merged_persons() {
            let of = |stream: &Id| registrations.get(*stream);
            if let Some(first) = streams.iter().filter_map(of).min_by_key(|row| scope.order(row)) {
                registrations.slot(survivor).get_or_insert(first);
            }
        }
        let moves = scope.latest(&tables.person_moves, |fact| fact.person);
        let areas = scope.latest(&tables.person_areas, |fact| fact.person);
        Self { registrations, moves, areas }
    }

    /// The IKM that a person works for by its registration and what changed since, or none.
    fn works_for(&self, person: &Person) -> Id {
        self.moves.get(person.person).map_or(person.ikm, |row| row.fact.ikm)
    }

    /// The IKM that a person works for, or none.
    pub(super) fn ikm(&self, scope: &Scope<'_>, person: Survivor) -> Option<Survivor> {
        let ikm = self.works_for(&self.registrations.get(person.0)?.fact);
        ikm.is_some().then(|| scope.surviving_ikm(ikm))
    }

    /// The area that a person was last said to be in; where none was said, that of the IKM it works for.
    pub(super) fn area(&self, scope: &Scope<'_>, person: Survivor) -> Option<AreaCode> {
        let registration = self.registrations.get(person.0)?;
        let moved = self.areas.get(registration.fact.person).map(|row| row.fact.area);
        moved.or(registration.fact.area).or_else(|| scope.ikm_area(self.ikm(scope, person)?))
    }

    /// Adds the events that say how a stream counts as a person, and for whom that works.
    pub(super) fn trace(&self, scope: &Scope<'_>, stream: Id, events: &mut Vec<u64>) {
        scope.trace_person_merges(stream, events);
        let Some(registration) = self.registrations.get(scope.surviving_person(stream).0) else { return };
        scope.trace(registration, events);
        let speaker = registration.fact.person;
        scope.trace_person_merges(speaker, events);
        if let Some(moved) = self.moves.get(speaker) {
            scope.trace(moved, events);
        }
        scope.trace_ikm(self.works_for(&registration.fact), events);
    }

    /// Adds the events that say how a stream counts as a person, for whom that works, and in which area it is.
    pub(super) fn trace_area(&self, scope: &Scope<'_>, stream: Id, events: &mut Vec<u64>) {
        self.trace(scope, stream, events);
        let registration = self.registrations.get(scope.surviving_person(stream).0);
        if let Some(row) = registration.and_then(|registration| self.areas.get(registration.fact.person)) {
            scope.trace(row, events);
        }
    }
}

impl Scope<'_> {
    /// Adds the events that say who stands in a row of a programme: how the streams came to count as they do, who the IKM
    /// is, and where a person in their own name is if they count in their own area.
    pub(super) fn trace_taker(&self, ikm: Id, person: Id, events: &mut Vec<u64>) {
        self.trace_ikm(ikm, events);
        self.trace_person_merges(person, events);
        if !ikm.is_some() && self.question.area_of.is_some() {
            self.persons().trace_area(self, person, events);
        }
    }
}
