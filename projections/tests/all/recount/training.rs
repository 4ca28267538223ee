//! `trained` and its kin, `participated`, `withdrawn`.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::ikm::{AttendanceStatus, TrainingAttended};
use jejak_events::types::program::Unit;
use jejak_events::values::Date;

use super::Counted;
use super::certificates::ikm_of;
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

/// The person of an attendance: the one named, or the one whose stream it is.
fn attendee(world: &World<'_>, fact: &Fact<'_>, data: &TrainingAttended) -> Option<Subject> {
    let own_name = Some(fact.subject).filter(|subject| matches!(subject, Subject::Person(_)));
    own_name.or(data.person.map(Subject::Person)).map(|person| world.counts_as(person))
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
                        let who = attendee(world, fact, data);
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
                        of_ikm: matches!(ikm, Subject::Ikm(_))
                            && (person.is_none() || opening.unit == Unit::Person),
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

/// Persons are known where a programme counts them, or a place names them; of the programmes in which anything counts,
/// if in any.
pub fn know_persons(world: &World<'_>, counted: &mut Counted, figure: &'static str, theme: Option<&str>) {
    for place in places(world) {
        let counts_persons = world.opening(place.program).is_some_and(|opening| opening.unit == Unit::Person);
        let subject = world.counts_as(place.fact.subject);
        if (counts_persons || !place.persons.is_empty())
            && theme_is(world, place.program, theme)
            && world.wants_result(place.program, subject)
        {
            counted.known_by(figure, (place.program, world.result_area(place.program, subject)));
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
        counted.counts_in(persons, (program, world.result_area(program, ikm)));
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
            let source = (program(data.program), world.result_area(program(data.program), ikm));
            counted.counts_in("participated_persons", source);
            counted.one("participated", ikm);
            if let Some(person) = attendee(world, fact, data) {
                counted.one("participated_persons", person);
            }
        }
    }
    let there = |ikm: Subject, on: Subject, person: Option<Subject>| {
        present(world).any(|(fact, data)| {
            let who = attendee(world, fact, data);
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
        due(world, counted, &place, (ikm, opening.unit), ["attendance_due", "attendance_present"]);
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
        counted.counts_in(persons, (on, world.result_area(on, ikm)));
        match person {
            None => counted.one(ikms, ikm),
            Some(person) => counted.one(persons, person),
        }
    }
}

/// Session days past while a place stood, one for each person or one for the delegation, and those attended.
fn due(
    world: &World<'_>,
    counted: &mut Counted,
    place: &Entry<'_, '_>,
    (ikm, unit): (Subject, Unit),
    figures: [&'static str; 2],
) {
    let whom: Vec<Option<Subject>> = match unit {
        Unit::Person => place.persons.iter().map(|person| Some(*person)).collect(),
        // A programme of IKMs has no days for somebody in their own name.
        Unit::Ikm if matches!(place.fact.subject, Subject::Person(_)) => vec![],
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
                let who = attendee(world, fact, data);
                world.counts_as(fact.subject) == ikm
                    && program(data.program) == place.program
                    && (data.session, data.day) == (session, day)
                    && (survivor.is_none() || who == survivor)
            });
            attended += u64::from(came);
        }
        let thing = format!("{ikm} {survivor:?} {}", place.fact.index);
        counted.amount(figures[0], &thing, days);
        counted.amount(figures[1], &thing, attended);
    }
}

pub fn attendance(world: &World<'_>, counted: &mut Counted) {
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        let Some(opening) = world.opening(place.program) else { continue };
        if world.wants_result(place.program, ikm) {
            due(world, counted, &place, (ikm, opening.unit), ["days_due", "days_present"]);
        }
    }
}

/// Minutes of each session day that was past while a place stood, and the longest that somebody was there.
pub fn hours(world: &World<'_>, counted: &mut Counted) {
    let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        let Some(opening) = world.opening(place.program) else { continue };
        if !world.wants_result(place.program, ikm) {
            continue;
        }
        let sessions = world.sessions();
        let mut days = BTreeMap::new();
        for session in sessions.iter().filter(|session| session.program == place.program) {
            if session.group.is_none() || session.group == place.group {
                days.extend(session.days.iter().map(|day| ((session.id, day.date), *day)));
            }
        }
        for (person, until) in whom(world, &place, opening.unit) {
            for ((session, date), day) in &days {
                if is_due(world, &place, until, *date) {
                    let all = u64::from(day.minutes());
                    let theory = u64::from(day.theory_minutes.get());
                    let came = present(world).filter(|(fact, data)| {
                        let who = attendee(world, fact, data);
                        world.counts_as(fact.subject) == ikm
                            && program(data.program) == place.program
                            && (data.session, data.day) == (*session, *date)
                            && (person.is_none() || who == person)
                    });
                    let there =
                        came.map(|(_, data)| data.minutes.map_or(all, |said| all.min(said.get().into())));
                    let there = there.max().unwrap_or(0);
                    let in_theory = (there * theory).checked_div(all).unwrap_or(0);
                    for (figure, minutes) in [
                        ("hours_due", all),
                        ("theory_due", theory),
                        ("practice_due", all - theory),
                        ("hours_attended", there),
                        ("theory_attended", in_theory),
                        ("practice_attended", there - in_theory),
                    ] {
                        *sums.entry(figure).or_default() += minutes;
                    }
                }
            }
        }
    }
    for (figure, minutes) in sums {
        // To the nearest lesson hour of 45 minutes; never half-way, as 45 is odd.
        counted.amount(figure, "all", (minutes * 2 + 45) / 90);
    }
}

/// Who of a place is due, and until which day: each person, or the delegation.
fn whom(world: &World<'_>, place: &Entry<'_, '_>, unit: Unit) -> BTreeMap<Option<Subject>, Date> {
    let on = world.question.on;
    let until = |person| withdrew_on(world, place, person).unwrap_or(on).min(on);
    let mut whom = BTreeMap::new();
    let of_ikm = matches!(place.fact.subject, Subject::Ikm(_));
    for person in place.persons.iter().filter(|_| of_ikm || unit == Unit::Person) {
        // The delegation leaves with the last of those named, and one person with the last of its names.
        let who = (unit == Unit::Person).then(|| world.counts_as(*person));
        let latest = whom.entry(who).or_insert(until(Some(*person)));
        *latest = until(Some(*person)).max(*latest);
    }
    if unit == Unit::Ikm && place.persons.is_empty() {
        whom.insert(None, until(None));
    }
    whom
}

fn is_due(world: &World<'_>, place: &Entry<'_, '_>, until: Date, day: Date) -> bool {
    place.fact.day <= day && day <= until && world.since(day)
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
    for ((ikm, on, person), day) in left {
        if day.is_some_and(|day| world.since(day)) {
            counted.counts_in("withdrawn_persons", (on, world.result_area(on, ikm)));
            match person {
                None => counted.one("withdrawn", ikm),
                Some(person) => counted.one("withdrawn_persons", person),
            }
        }
    }
}

/// Whoever takes part in their own name, completes, and then owns an IKM that was registered after that.
pub fn beginners(world: &World<'_>, counted: &mut Counted) {
    for figure in ["beginners_enrolled", "beginners_trained", "beginners_registered"] {
        counted.known(figure);
    }
    let places = places(world);
    let own_name: Vec<_> =
        places.iter().filter(|place| matches!(place.fact.subject, Subject::Person(_))).collect();
    for place in &own_name {
        let person = world.counts_as(place.fact.subject);
        if world.wants_result(place.program, person) && world.since(place.fact.day) {
            counted.one("beginners_enrolled", person);
        }
    }
    for one in world.completed().iter() {
        let person = one.ikm;
        if !matches!(person, Subject::Person(_))
            || !world.wants_result(one.program, person)
            || !world.since(one.on)
        {
            continue;
        }
        counted.one("beginners_trained", person);
        let of_them = own_name
            .iter()
            .filter(|place| world.counts_as(place.fact.subject) == person && place.program == one.program);
        let first = of_them.map(|place| place.fact.day).min();
        let owns = |ikm: &Subject| {
            world.profile(*ikm).is_some_and(|profile| {
                profile.owner.map(|owner| world.counts_as(owner)) == Some(person)
                    && first.is_some_and(|first| first < profile.since)
            })
        };
        if world.ikms().iter().any(owns) {
            counted.one("beginners_registered", person);
        }
    }
}

pub fn repeaters(world: &World<'_>, counted: &mut Counted) {
    // Of each IKM the days on which it was present, by programme.
    let mut days: BTreeMap<Subject, BTreeMap<Subject, Vec<Date>>> = BTreeMap::new();
    let mut came = BTreeSet::new();
    for (fact, data) in present(world) {
        let (ikm, program) = (world.counts_as(fact.subject), program(data.program));
        came.insert(ikm);
        if world.wants_result(program, ikm) {
            days.entry(ikm).or_default().entry(program).or_default().push(fact.day);
        }
    }
    for (ikm, programs) in days {
        let attended = programs.values().filter(|days| days.iter().any(|day| world.since(*day))).count();
        match attended {
            0 => {}
            1 => counted.one("in_one_program", ikm),
            2 => counted.one("in_two_programs", ikm),
            _ => counted.one("in_three_or_more", ikm),
        }
        if programs.values().flatten().all(|day| world.since(*day)) {
            counted.one("newcomers", ikm);
        }
    }
    for ikm in world.ikms() {
        if !came.contains(&ikm) && world.wants_ikm(ikm) && world.profile(ikm).is_some_and(|one| one.works) {
            counted.one("never_participated", ikm);
        }
    }
}

/// Of each IKM the first day on which it completed anything that the question is about.
pub fn survival(world: &World<'_>, counted: &mut Counted) {
    let mut first: BTreeMap<Subject, Date> = BTreeMap::new();
    for one in world.completed().iter().filter(|one| one.of_ikm) {
        if world.wants_result(one.program, one.ikm) {
            let day = first.entry(one.ikm).or_insert(one.on);
            *day = (*day).min(one.on);
        }
    }
    for (ikm, day) in first.into_iter().filter(|(_, day)| world.since(*day)) {
        if world.profile(ikm).is_some_and(|profile| !profile.works) {
            counted.one("trained_closed", ikm);
        }
        for (days, trained, open) in [
            (365, "trained_one_year_ago", "open_one_year_later"),
            (730, "trained_two_years_ago", "open_two_years_later"),
        ] {
            let later = Date::from_day_number(day.day_number() + days).unwrap();
            if later <= world.question.on {
                counted.one(trained, ikm);
                if world.on(later, |then| then.profile(ikm).is_some_and(|profile| profile.works)) {
                    counted.one(open, ikm);
                }
            }
        }
    }
}

pub fn time_to(world: &World<'_>, counted: &mut Counted) {
    let mut first: BTreeMap<(Subject, Subject), Date> = BTreeMap::new();
    for one in world.completed().iter().filter(|one| one.of_ikm) {
        if world.wants_result(one.program, one.ikm) {
            let day = first.entry((one.ikm, one.program)).or_insert(one.on);
            *day = (*day).min(one.on);
        }
    }
    let (mut assessed, mut certified) = (Vec::new(), Vec::new());
    for ((ikm, program), done) in first.into_iter().filter(|(_, day)| world.since(*day)) {
        let days_to = |is_it: &dyn Fn(&Fact<'_>) -> bool| {
            let days = world.facts.iter().filter(|fact| fact.day >= done && is_it(fact)).map(|fact| fact.day);
            days.min().map(|day| day.day_number() - done.day_number())
        };
        let assessment = days_to(&|fact| match fact.data {
            Data::AssessmentRecorded(data) => {
                world.counts_as(fact.subject) == ikm && self::program(data.program) == program
            }
            _ => false,
        });
        let certificate = days_to(&|fact| match fact.data {
            Data::CertificateIssued(data) => {
                data.program.map(self::program) == Some(program) && ikm_of(world, data) == Some(ikm)
            }
            _ => false,
        });
        if let Some(days) = assessment {
            counted.one("assessed_after", ikm);
            assessed.push(days);
        }
        if let Some(days) = certificate {
            counted.one("certified_after", ikm);
            certified.push(days);
        }
    }
    for (figure, mut days) in [("days_to_assessment", assessed), ("days_to_certificate", certified)] {
        days.sort_unstable();
        let middle = days.len() / 2;
        if days.len() >= 3 {
            let median =
                if days.len() % 2 == 1 { days[middle] } else { (days[middle - 1] + days[middle] + 1) / 2 };
            counted.amount(figure, "all", median.unsigned_abs().into());
        }
    }
}
