//! `trained` and its kin, `participated`, `withdrawn`.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::ikm::{AttendanceStatus, TrainingAttended};
use jejak_events::types::program::Unit;
use jejak_events::values::Date;

use super::Counted;
use super::enrolments::{Entry, places, withdrew, withdrew_on};
use super::world::{Fact, World, program};

/// Somebody completed a programme.
pub struct Completion {
    pub ikm: Subject,
    /// The person, or none for the delegation.
    pub person: Option<Subject>,
    pub program: Subject,
    /// Whether the IKM completed by it.
    pub of_ikm: bool,
    /// The first day on which it had.
    pub on: Date,
}

/// The days that may be closing days: something changes on them, or something is past, or they are the last
/// before a change.
fn days(world: &World<'_>) -> BTreeSet<Date> {
    let on = world.question.on;
    let said = world.facts.iter().map(|fact| fact.day);
    let scheduled = world.facts.iter().flat_map(|fact| match fact.data {
        Data::SessionScheduled(data) => data.days.iter().map(|day| day.date).collect(),
        Data::SessionRescheduled(data) => data.days.iter().map(|day| day.date).collect(),
        _ => Vec::new(),
    });
    let all: Vec<Date> = said.chain(scheduled).chain([on]).collect();
    let before = all.iter().filter_map(|day| Date::from_day_number(day.day_number() - 1));
    let days: BTreeSet<Date> = all.iter().copied().chain(before).collect();
    days.into_iter().filter(|day| *day <= on).collect()
}

fn present<'w, 'a>(world: &'w World<'a>) -> impl Iterator<Item = (&'w Fact<'a>, &'a TrainingAttended)> {
    world.facts.iter().filter_map(|fact| match fact.data {
        Data::TrainingAttended(data) if data.status == AttendanceStatus::Present => {
            let data: &TrainingAttended = data;
            Some((fact, data))
        }
        _ => None,
    })
}

/// Whoever completed on a closing day, whatever came later.
pub fn all_completions(world: &World<'_>) -> Vec<Completion> {
    let mut first: BTreeMap<(Subject, Subject, Option<Subject>), Completion> = BTreeMap::new();
    for day in days(world) {
        world.on(day, |then| {
            for place in places(then) {
                let ikm = world.counts_as(place.fact.subject);
                let Some(opening) = world.opening(place.program) else { continue };
                let scheduled = then.minutes(place.program, place.group);
                if scheduled.keys().map(|(_, day)| *day).max().is_none_or(|last| last > day) {
                    continue;
                }
                let percent = opening.completion_percent.map_or(80, |percent| u64::from(percent.get()));
                let total: u64 = scheduled.values().map(|minutes| u64::from(*minutes)).sum();
                // Each (session, day) with the longest that the person, or anyone of the IKM, was there.
                let completed = |person: Option<Subject>| {
                    let mut minutes: BTreeMap<_, u32> = BTreeMap::new();
                    for (fact, data) in present(then) {
                        let pair = (data.session, data.day);
                        let who = data.person.map(|one| world.counts_as(Subject::Person(one)));
                        let Some(of_day) = scheduled.get(&pair) else { continue };
                        if world.counts_as(fact.subject) == ikm
                            && program(data.program) == place.program
                            && (person.is_none() || who == person)
                        {
                            let said =
                                data.minutes.map_or(*of_day, |said| u32::from(said.get()).min(*of_day));
                            let longest = minutes.entry(pair).or_default();
                            *longest = said.max(*longest);
                        }
                    }
                    let there: u64 = minutes.values().map(|minutes| u64::from(*minutes)).sum();
                    !minutes.is_empty() && there * 100 >= percent * total
                };
                let named = place.persons.iter().map(|person| Some(world.counts_as(*person)));
                let delegation = (opening.unit == Unit::Ikm).then_some(None);
                for person in named.chain(delegation).filter(|person| completed(*person)) {
                    first.entry((ikm, place.program, person)).or_insert(Completion {
                        ikm,
                        person,
                        program: place.program,
                        of_ikm: person.is_none() || opening.unit == Unit::Person,
                        on: day,
                    });
                }
            }
        });
    }
    first.into_values().collect()
}

fn theme_is(world: &World<'_>, program: Subject, theme: Option<&str>) -> bool {
    theme.is_none_or(|theme| world.opening(program).is_some_and(|opening| *opening.theme == *theme))
}

/// Persons are known where a programme counts them, or a place names them.
pub fn know_persons(world: &World<'_>, counted: &mut Counted, figure: &'static str, theme: Option<&str>) {
    for place in places(world) {
        let counts_persons = world.opening(place.program).is_some_and(|opening| opening.unit == Unit::Person);
        if (counts_persons || !place.persons.is_empty())
            && theme_is(world, place.program, theme)
            && world.wants_result(place.program, world.counts_as(place.fact.subject))
        {
            counted.known(figure);
        }
    }
}

fn count(
    world: &World<'_>,
    counted: &mut Counted,
    theme: Option<&str>,
    ikms: Option<&'static str>,
    persons: &'static str,
) {
    know_persons(world, counted, persons, theme);
    for completion in world.completed().iter() {
        let Completion { ikm, person, program, of_ikm, on } = *completion;
        if !world.wants_result(program, ikm) || !world.since(on) || !theme_is(world, program, theme) {
            continue;
        }
        if let Some(ikms) = ikms.filter(|_| of_ikm) {
            counted.one(ikms, ikm);
        }
        if let Some(person) = person {
            counted.one(persons, person);
        }
    }
}

pub fn trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, None, Some("trained"), "trained_persons");
}

pub fn export_trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, Some("export"), Some("export_trained"), "export_trained_persons");
}

pub fn green_trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, Some("green_industry"), Some("green_trained"), "green_trained_persons");
}

pub fn persons_trained(world: &World<'_>, counted: &mut Counted) {
    count(world, counted, None, None, "persons_trained");
}

pub fn participated(world: &World<'_>, counted: &mut Counted) {
    for figure in ["participated_persons", "no_show_persons", "incomplete_persons"] {
        know_persons(world, counted, figure, None);
    }
    for (fact, data) in present(world) {
        let ikm = world.counts_as(fact.subject);
        if world.since(fact.day) && world.wants_result(program(data.program), ikm) {
            counted.one("participated", ikm);
            if let Some(person) = data.person {
                counted.one("participated_persons", world.counts_as(Subject::Person(person)));
            }
        }
    }
    let there = |ikm: Subject, on: Subject, person: Option<Subject>| {
        present(world).any(|(fact, data)| {
            let who = data.person.map(|one| world.counts_as(Subject::Person(one)));
            world.counts_as(fact.subject) == ikm
                && program(data.program) == on
                && (person.is_none() || who == person)
        })
    };
    let completed = |ikm: Subject, on: Subject, person: Option<Subject>| {
        world.completed().iter().any(|one| {
            (one.ikm, one.program) == (ikm, on)
                && if person.is_some() { one.person == person } else { one.of_ikm }
        })
    };
    // The last session day of those who have a place, and something scheduled for it.
    let mut over: BTreeMap<(Subject, Subject, Option<Subject>), Date> = BTreeMap::new();
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        if !world.wants_result(place.program, ikm) {
            continue;
        }
        let Some(opening) = world.opening(place.program) else { continue };
        let last = world.schedule(place.program, place.group).into_iter().map(|(_, day)| day).max();
        let Some(last) = last else { continue };
        let mut add = |person: Option<Subject>| {
            let latest = over.entry((ikm, place.program, person)).or_insert(last);
            *latest = (*latest).max(last);
        };
        for person in place.persons.iter().filter(|person| !withdrew(world, &place, Some(**person))) {
            add(Some(world.counts_as(*person)));
            add(None);
        }
        if place.persons.is_empty() && opening.unit == Unit::Ikm && !withdrew(world, &place, None) {
            add(None);
        }
        due(world, counted, &place, ikm, opening.unit);
    }
    for ((ikm, on, person), last) in over {
        if last > world.question.on || !world.since(last) {
            continue;
        }
        let (ikms, persons) = match (there(ikm, on, person), completed(ikm, on, person)) {
            (false, _) => ("no_show", "no_show_persons"),
            (true, false) => ("incomplete", "incomplete_persons"),
            (true, true) => continue,
        };
        match person {
            None => counted.one(ikms, ikm),
            Some(person) => counted.one(persons, person),
        }
    }
}

/// Session days past while a place stood, one for each person or one for the delegation, and those attended.
fn due(world: &World<'_>, counted: &mut Counted, place: &Entry<'_, '_>, ikm: Subject, unit: Unit) {
    let whom: Vec<Option<Subject>> = match unit {
        Unit::Person => place.persons.iter().map(|person| Some(*person)).collect(),
        Unit::Ikm => vec![None],
    };
    for person in whom {
        // The delegation leaves with the last of those named.
        let left = match (person, place.persons.is_empty()) {
            (None, false) => {
                let all = place.persons.iter().map(|person| withdrew_on(world, place, Some(*person)));
                all.collect::<Option<Vec<Date>>>().and_then(|days| days.into_iter().max())
            }
            _ => withdrew_on(world, place, person),
        };
        let until = left.unwrap_or(world.question.on).min(world.question.on);
        let survivor = person.map(|person| world.counts_as(person));
        let (mut days, mut attended) = (0, 0);
        for pair in world.schedule(place.program, place.group) {
            let (session, day) = pair;
            if day < place.fact.day || day > until || !world.since(day) {
                continue;
            }
            days += 1;
            let came = present(world).any(|(fact, data)| {
                let who = data.person.map(|one| world.counts_as(Subject::Person(one)));
                world.counts_as(fact.subject) == ikm
                    && program(data.program) == place.program
                    && (data.session, data.day) == (session, day)
                    && (survivor.is_none() || who == survivor)
            });
            attended += u64::from(came);
        }
        let thing = format!("{ikm} {survivor:?} {}", place.fact.index);
        counted.amount("attendance_due", &thing, days);
        counted.amount("attendance_present", &thing, attended);
    }
}

pub fn withdrawn(world: &World<'_>, counted: &mut Counted) {
    know_persons(world, counted, "withdrawn_persons", None);
    // The last day of whoever left; none for whoever has a place.
    let mut left: BTreeMap<(Subject, Subject, Option<Subject>), Option<Date>> = BTreeMap::new();
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        if !world.wants_result(place.program, ikm) {
            continue;
        }
        let mut add = |who: Option<Subject>, day: Option<Date>| {
            let latest = left.entry((ikm, place.program, who)).or_insert(day);
            *latest = latest.zip(day).map(|(one, other)| one.max(other));
        };
        for person in &place.persons {
            let day = withdrew_on(world, &place, Some(*person));
            add(Some(world.counts_as(*person)), day);
            add(None, day);
        }
        if place.persons.is_empty() {
            add(None, withdrew_on(world, &place, None));
        }
    }
    for ((ikm, _, person), day) in left {
        if day.is_some_and(|day| world.since(day)) {
            match person {
                None => counted.one("withdrawn", ikm),
                Some(person) => counted.one("withdrawn_persons", person),
            }
        }
    }
}
