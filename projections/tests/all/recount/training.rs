//! `trained` and its kin.

use std::collections::BTreeSet;

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::Unit;
use jejak_events::values::Code;

use super::Counted;
use super::enrolments::places;
use super::world::{World, program};

/// Somebody completed a programme.
pub struct Completion<'a> {
    pub ikm: Subject,
    /// The person, in programmes of unit person.
    pub person: Option<Subject>,
    pub theme: &'a Code,
}

/// All completions of the programmes and by the IKMs that the question is about.
pub fn completions<'a>(world: &World<'a>) -> Vec<Completion<'a>> {
    let mut completions = Vec::new();
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        let Some(opening) = world.opening(place.program) else { continue };
        if !world.wants_program(place.program) || !world.wants_ikm(ikm) {
            continue;
        }
        let scheduled = world.schedule(place.program, place.group);
        let Some(last) = scheduled.iter().map(|(_, day)| *day).max() else { continue };
        if last > world.question.on || !world.since(last) {
            continue;
        }
        // The (session, day) pairs at which the person, or anyone of the IKM, was present.
        let present = |person: Option<Subject>| -> BTreeSet<_> {
            let attendances = world.facts.iter().filter_map(|fact| match fact.data {
                Data::TrainingAttended(data) => Some((fact.subject, data)),
                _ => None,
            });
            attendances
                .filter(|(who, data)| {
                    world.counts_as(*who) == ikm
                        && program(data.program) == place.program
                        && data.status == AttendanceStatus::Present
                        && person.is_none_or(|person| {
                            data.person.map(|one| world.counts_as(Subject::Person(one))) == Some(person)
                        })
                })
                .map(|(_, data)| (data.session, data.day))
                .collect()
        };
        let percent = opening.completion_percent.map_or(80, |percent| usize::from(percent.get()));
        let completed =
            |person| present(person).intersection(&scheduled).count() * 100 >= percent * scheduled.len();
        let candidates: Vec<Option<Subject>> = match opening.unit {
            Unit::Ikm => vec![None],
            Unit::Person => place.persons.iter().map(|person| Some(world.counts_as(*person))).collect(),
        };
        for person in candidates.into_iter().filter(|person| completed(*person)) {
            completions.push(Completion { ikm, person, theme: &opening.theme });
        }
    }
    completions
}

fn count(world: &World<'_>, counted: &mut Counted, theme: Option<&str>, [ikms, persons]: [&'static str; 2]) {
    for completion in completions(world) {
        if theme.is_none_or(|theme| **completion.theme == *theme) {
            counted.one(ikms, completion.ikm);
            if let Some(person) = completion.person {
                counted.one(persons, person);
            }
        }
    }
}

pub fn trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, None, ["trained", "trained_persons"]);
}

pub fn export_trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, Some("export"), ["export_trained", "export_trained_persons"]);
}

pub fn green_trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, Some("green_industry"), ["green_trained", "green_trained_persons"]);
}

pub fn persons_trained(world: &World<'_>, counted: &mut Counted) {
    for person in completions(world).into_iter().filter_map(|completion| completion.person) {
        counted.one("persons_trained", person);
    }
}
