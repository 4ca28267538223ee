//! `enrolled`, `waitlisted`, `quota`.

use std::collections::BTreeSet;

use jejak_events::identity::{PersonId, Subject};
use jejak_events::types::Data;
use jejak_events::types::program::Unit;
use jejak_events::values::{Code, Date, SetOf};

use super::Counted;
use super::training::know_persons;
use super::world::{Fact, World, named, program};

/// A place given, or a wait for one.
pub struct Entry<'w, 'a> {
    pub fact: &'w Fact<'a>,
    pub program: Subject,
    pub group: Option<&'a Code>,
    /// The persons named, or the one who stands in their own name.
    pub persons: Vec<Subject>,
}

/// The persons named, or the one whose stream it is.
fn who(fact: &Fact<'_>, persons: Option<&SetOf<PersonId>>) -> Vec<Subject> {
    match fact.subject {
        Subject::Person(_) => vec![fact.subject],
        _ => named(persons),
    }
}

/// Everything by which a place was given: enrolments, and promotions from the waiting list.
pub fn places<'w, 'a>(world: &'w World<'a>) -> Vec<Entry<'w, 'a>> {
    let place = |fact: &'w Fact<'a>| {
        let (on, group, persons) = match fact.data {
            Data::EnrolmentMade(data) => (data.program, &data.group, &data.persons),
            Data::EnrolmentPromoted(data) => (data.program, &data.group, &data.persons),
            _ => return None,
        };
        let (program, persons) = (program(on), who(fact, persons.as_ref()));
        Some(Entry { fact, program, group: group.as_ref(), persons })
    };
    world.facts.iter().filter_map(place).collect()
}

fn waits<'w, 'a>(world: &'w World<'a>) -> Vec<Entry<'w, 'a>> {
    let wait = |fact: &'w Fact<'a>| match fact.data {
        Data::EnrolmentWaitlisted(data) => Some(Entry {
            fact,
            program: program(data.program),
            group: data.group.as_ref(),
            persons: who(fact, data.persons.as_ref()),
        }),
        _ => None,
    };
    world.facts.iter().filter_map(wait).collect()
}

/// Whether an entry was given up after it and before the day: by all of the IKM, or by the person.
pub fn withdrew(world: &World<'_>, entry: &Entry<'_, '_>, person: Option<Subject>) -> bool {
    withdrew_on(world, entry, person).is_some()
}

/// The day on which it was first given up.
pub fn withdrew_on(world: &World<'_>, entry: &Entry<'_, '_>, person: Option<Subject>) -> Option<Date> {
    let gone = world.facts.iter().filter(|gone| {
        let Data::EnrolmentWithdrawn(data) = gone.data else { return false };
        let leaves = |left: Subject| person.is_some_and(|person| world.is_about(gone.index, left, person));
        program(data.program) == entry.program
            && gone.day < world.question.on
            && gone.order() > entry.fact.order()
            && world.is_about(gone.index, gone.subject, entry.fact.subject)
            && (data.persons.is_none() || named(data.persons.as_ref()).into_iter().any(leaves))
    });
    gone.map(|gone| gone.day).min()
}

fn entry_stands(entry: &Entry<'_, '_>, stands: &dyn Fn(Option<Subject>) -> bool) -> bool {
    match entry.persons.is_empty() {
        true => stands(None),
        false => entry.persons.iter().any(|person| stands(Some(*person))),
    }
}

/// Counts the IKM while anybody of it stands, and the persons named that do.
fn count(
    world: &World<'_>,
    counted: &mut Counted,
    [ikms, persons]: [&'static str; 2],
    entry: &Entry<'_, '_>,
    stands: &dyn Fn(Option<Subject>) -> bool,
) {
    let ikm = world.counts_as(entry.fact.subject);
    if !world.since(entry.fact.day) || !world.wants_result(entry.program, ikm) {
        return;
    }
    let counts_persons = world.opening(entry.program).is_some_and(|opening| opening.unit == Unit::Person);
    if entry_stands(entry, stands) {
        let source = (entry.program, world.result_area(entry.program, ikm));
        counted.counts_in(persons, source);
        if counts_persons {
            counted.known_by(persons, source);
        }
    }
    if entry.persons.is_empty() && stands(None) {
        counted.one(ikms, ikm);
    }
    for person in entry.persons.iter().filter(|person| stands(Some(**person))) {
        counted.one(ikms, ikm);
        counted.one(persons, world.counts_as(*person));
    }
}

pub fn enrolled_1(world: &World<'_>, counted: &mut Counted) {
    know_persons(world, counted, "enrolled_persons", None);
    for place in places(world) {
        count(world, counted, ["enrolled", "enrolled_persons"], &place, &|_| true);
    }
}

pub fn enrolled_2(world: &World<'_>, counted: &mut Counted) {
    know_persons(world, counted, "enrolled_persons", None);
    for place in places(world) {
        let stays = |person| !withdrew(world, &place, person);
        count(world, counted, ["enrolled", "enrolled_persons"], &place, &stays);
    }
}

pub fn waitlisted(world: &World<'_>, counted: &mut Counted) {
    for wait in waits(world) {
        let closed =
            |fact: &Fact<'_>| fact.subject == wait.program && matches!(fact.data, Data::ProgramClosed(_));
        let works = world.profile(world.counts_as(wait.fact.subject)).is_none_or(|profile| profile.works);
        if world.facts.iter().any(closed) || !works {
            continue;
        }
        let ikm = world.counts_as(wait.fact.subject);
        let got_a_place = places(world).iter().any(|place| {
            place.program == wait.program
                && place.fact.order() > wait.fact.order()
                && world.counts_as(place.fact.subject) == ikm
        });
        let waits = |person| !got_a_place && !withdrew(world, &wait, person);
        count(world, counted, ["waitlisted", "waitlisted_persons"], &wait, &waits);
    }
}

pub fn quota(world: &World<'_>, counted: &mut Counted) {
    let opened = world.facts.iter().filter(|fact| matches!(fact.data, Data::ProgramOpened(_)));
    for program in opened.map(|fact| fact.subject) {
        let Some(opening) = world.opening(program) else { continue };
        let Some(quota) = opening.quota else { continue };
        if !world.wants_program(program) || !world.wants_area(Some(opening.area)) {
            continue;
        }
        let mut holders = BTreeSet::new();
        for place in places(world).iter().filter(|place| place.program == program) {
            let stays = |person| !withdrew(world, place, person);
            let persons = place.persons.iter().filter(|person| stays(Some(**person)));
            match opening.unit {
                Unit::Person => holders.extend(persons.map(|person| world.counts_as(*person))),
                Unit::Ikm if matches!(place.fact.subject, Subject::Ikm(_)) && entry_stands(place, &stays) => {
                    holders.insert(world.counts_as(place.fact.subject));
                }
                Unit::Ikm => {}
            }
        }
        let [places, taken] = match opening.unit {
            Unit::Ikm => ["quota_ikms", "quota_ikms_taken"],
            Unit::Person => ["quota_persons", "quota_persons_taken"],
        };
        counted.amount(places, program, quota.get().into());
        counted.amount(taken, program, holders.len() as u64);
    }
}
