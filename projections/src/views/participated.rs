//! `participated`, `withdrawn`: who came to a programme, who did not, and who left it.

use std::collections::BTreeMap;

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::attended::{Attended, Place, PresentRow, first_of};
use super::places::Left;
use super::roster::{Attendee, DueDays, Presence, Roster};
use super::schedules::Schedules;
use super::scope::Scope;
use super::tally::{Counted, Credit, Events, Key, NO_KEY, Tally};
use super::trained::{keys, know_persons};
use super::{
    AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ShareDeclaration, ViewDeclaration,
};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Attendance, Enrolment, Id, Row, Withdrawal};

pub(super) const PARTICIPATED: ViewDeclaration = ViewDeclaration {
    name: "participated",
    version: 1,
    title: Words { id: "Mengikuti program", en: "Took part in programmes" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang menurut daftar hadir pernah hadir dalam suatu program; mendapat \
             tempat saja tidak cukup. no_show: yang tempatnya masih ada, semua hari sesi kelompoknya sudah \
             lewat, dan tidak pernah hadir di program itu, juga bila hadir di program lain. incomplete: yang \
             pernah hadir, tempatnya masih ada, semua hari \
             sesinya sudah lewat, dan tidak tuntas menurut trained versi 2. attendance_due: hari sesi yang \
             sudah lewat selama tempatnya ada, tiap orang satu (pada program bersatuan IKM tiap delegasi \
             satu); attendance_present: di antaranya yang dihadiri. Orang tidak diketahui (-) bila program yang \
             terhitung tidak menyebutnya. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan \
             tanggal awal: hanya hari hadir dalam masa itu, dan yang hari sesi terakhirnya dalam masa itu.",
        en: "IKMs, and persons apart, that are on record as present in a programme at least once; a place alone \
             is not enough. no_show: those whose place stands, all session days of whose group are past, and \
             that were never present in that programme, also if they were in another one. incomplete: those that were present, whose place stands, all session \
             days of whose group are past, and that did not complete by trained version 2. attendance_due: \
             session days that are past while the place stood, one for each person (in programmes of unit IKM \
             one for each delegation); attendance_present: those of them that were attended. Persons are not \
             known (-) where the programmes that count do not name them. The area is that of the programme, or \
             that of the IKM where asked so. With a first day: only days attended in that period, and those \
             whose last session day lies in it.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "participated", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "participated_persons", unit: FigureUnit::Person },
        FigureDeclaration { name: "no_show", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "no_show_persons", unit: FigureUnit::Person },
        FigureDeclaration { name: "incomplete", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "incomplete_persons", unit: FigureUnit::Person },
        FigureDeclaration { name: "attendance_due", unit: FigureUnit::PersonDay },
        FigureDeclaration { name: "attendance_present", unit: FigureUnit::PersonDay },
    ],
    breakdowns: &["program", "theme"],
    shares: &[ShareDeclaration::within("attendance_rate", "attendance_present", "attendance_due")],
    attested: &[],
    count: count_participated,
};

/// Places of the figures: of IKMs, and after each those of persons.
const PARTICIPATED_AT: usize = 0;
const NO_SHOW: usize = 2;
const INCOMPLETE: usize = 4;
const DUE: usize = 6;
const PRESENT: usize = 7;

/// Somebody in a programme: a person, or none for the IKM.
type Standing = (Id, Survivor, Option<Survivor>);

fn count_participated(scope: &Scope<'_>, tally: &mut Tally) {
    let wants = |place| scope.wants_result(place);
    know_persons(scope, tally, &[PARTICIPATED_AT + 1, NO_SHOW + 1, INCOMPLETE + 1], wants);
    let wants = |place: Place| scope.stirs(place.program) && wants(place);
    let attended = Attended::new(scope, wants);
    let first = first_presences(scope, &attended);
    for (standing, row) in &first {
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_taker(row.fact.ikm, row.fact.person, events);
        });
        if scope.since(row.day) {
            credit(scope, tally, PARTICIPATED_AT, *standing, events);
        }
    }
    let schedules = Schedules::asked(scope);
    let roster = Roster::among(scope, &schedules, &attended, wants);
    let mut places: Vec<HeldPlace<'_>> = Vec::new();
    let mut due = DueDays::default();
    for (attendee, presences) in roster.attendees() {
        credit_days(scope, tally, &roster, attendee, presences, &mut due);
        let completed = roster.completion(attendee, presences).is_some();
        let days = roster.schedule(attendee).days().filter(|_| attendee.left.is_none());
        let (program, row) = (attendee.enrolment.fact.program, attendee.enrolment);
        let mut add = |person| {
            let (standing, last) = ((program, attendee.ikm, person), days.map(|(_, last)| last));
            places.push(HeldPlace { standing, last, row, completed });
        };
        if attendee.person.is_some() {
            add(attendee.person);
        }
        if attendee.counts_for_ikm() {
            add(None);
        }
    }
    // Stable, so that the places of one stay in the order of the roster.
    places.sort_by_key(|place| place.standing);
    let mut first = first.iter().peekable();
    for places in places.chunk_by(|left, right| left.standing == right.standing) {
        let standing = places[0].standing;
        while first.next_if(|(earlier, _)| *earlier < standing).is_some() {}
        let attended = first.peek().filter(|(of, _)| *of == standing).map(|(_, row)| *row);
        let held = || places.iter().filter(|place| place.last.is_some());
        let last = places.iter().filter_map(|place| place.last).max();
        if last.is_none_or(|last| last > scope.question.on || !scope.since(last)) {
            continue;
        }
        let figure = match (attended, places.iter().any(|place| place.completed)) {
            (None, _) => NO_SHOW,
            (Some(_), false) => INCOMPLETE,
            (Some(_), true) => continue,
        };
        let events = tally.events(|events| {
            for HeldPlace { row, .. } in held() {
                scope.trace(row, events);
                scope.trace_taker(row.fact.ikm, row.fact.person, events);
            }
            attended.into_iter().for_each(|row| scope.trace(row, events));
        });
        for HeldPlace { row, .. } in held() {
            tally.rest_on_events(schedules.events(row.fact.program, row.fact.group));
        }
        credit(scope, tally, figure, standing, events);
    }
}

/// A place that somebody has or had in a programme.
struct HeldPlace<'a> {
    standing: Standing,
    /// The last session day of its group, where the place stands and anything is scheduled.
    last: Option<Date>,
    row: &'a Row<Enrolment>,
    /// Whether it completed by this place.
    completed: bool,
}

/// Of each IKM, and of each person, in a programme the first row that says that it was present; one is enough.
/// With a first day: the first from it on, where there is one. In the order of those present.
fn first_presences<'a>(scope: &Scope<'a>, attended: &Attended<'a>) -> Vec<(Standing, &'a Row<Attendance>)> {
    let mut first = Vec::new();
    let mut named: Vec<&PresentRow<'a>> = Vec::new();
    for place in attended.places() {
        let Place { program, ikm, .. } = place[0].place();
        if ikm.0.is_some() {
            let row = first_since(scope, place.iter());
            first.extend(row.map(|row| ((program, ikm, None), row)));
        }
        named.clear();
        named.extend(place.iter().filter(|one| one.person().is_some()));
        // Stable: those of one person stay by day.
        named.sort_by_key(|one| one.person());
        for of_one in named.chunk_by(|left, right| left.person() == right.person()) {
            let row = first_since(scope, of_one.iter().copied());
            first.extend(row.map(|row| ((program, ikm, of_one[0].person()), row)));
        }
    }
    first
}

/// The first of rows by day that is in the period asked for; where none is, the first.
fn first_since<'r, 'a: 'r>(
    scope: &Scope<'a>,
    rows: impl Iterator<Item = &'r PresentRow<'a>> + Clone,
) -> Option<&'a Row<Attendance>> {
    let in_period = rows.clone().filter(|one| scope.since(one.day()));
    first_of(scope, in_period).or_else(|| first_of(scope, rows))
}

/// Credits somebody in a programme: an IKM in a figure, a person in the one after it.
fn credit(scope: &Scope<'_>, tally: &mut Tally, figure: usize, standing: Standing, events: Events) {
    let (program, ikm, person) = standing;
    tally.rest_on_program(scope, program);
    let (area, keys) = (scope.result_area(Place::of(program, ikm, person)), keys(scope, program));
    let (figure, who) = match person {
        None => (figure, Counted::Ikm(ikm)),
        Some(person) => (figure + 1, Counted::Person(person)),
    };
    tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
}

/// Credits the session days that were due for an attendee while it had its place, and those that it attended.
fn credit_days(
    scope: &Scope<'_>,
    tally: &mut Tally,
    roster: &Roster<'_, '_>,
    attendee: &Attendee<'_>,
    presences: &[Presence<'_>],
    due: &mut DueDays,
) {
    roster.due(scope, attendee, presences, due);
    if due.days.is_empty() {
        return;
    }
    let present = due.days.iter().filter(|day| day.attended.is_some()).count();
    let (row, schedule) = (attendee.enrolment, roster.schedule(attendee));
    let Enrolment { ikm: stream, program, person, .. } = row.fact;
    let events = tally.events(|events| {
        scope.trace(row, events);
        scope.trace_taker(stream, person, events);
        presences.iter().filter(|one| due.counts(one)).for_each(|one| scope.trace(one.row, events));
    });
    tally.rest_on_program(scope, program);
    tally.rest_on_events(schedule.events());
    let who = attendee.person.map_or(Counted::Ikm(attendee.ikm), Counted::Person);
    let (area, keys) = (scope.result_area(attendee.place()), keys(scope, program));
    let at = Key::Event(scope.index(row));
    for (figure, amount) in [(DUE, due.days.len()), (PRESENT, present)] {
        if amount > 0 {
            tally.credit(Credit { figure, who, at, amount: amount as u64, area, keys, events });
        }
    }
}

pub(super) const WITHDRAWN: ViewDeclaration = ViewDeclaration {
    name: "withdrawn",
    version: 1,
    title: Words { id: "Mundur dari program", en: "Left programmes" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang pernah mendapat tempat dalam suatu program dan mundur sebelum hari \
             yang ditanyakan, tanpa mendapat tempat lagi di sana, menurut alasannya. Yang keluar dari daftar \
             tunggu tidak terhitung. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan \
             tanggal awal: hanya yang mundur dalam masa itu.",
        en: "IKMs, and persons apart, that were given a place in a programme and left before the day asked for, \
             and have no place there again, by their reason. Those who left a waiting list do not count. The \
             area is that of the programme, or that of the IKM where asked so. With a first day: only who \
             left in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "withdrawn", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "withdrawn_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme", "reason"],
    shares: &[],
    attested: &[],
    count: count_withdrawn,
};

/// The places of somebody in a programme that ended, each with what ended it; none where one stands.
type Ended<'a> = Option<Vec<(&'a Row<Enrolment>, &'a Row<Withdrawal>)>>;

fn count_withdrawn(scope: &Scope<'_>, tally: &mut Tally) {
    let wants = |place| scope.wants_result(place);
    know_persons(scope, tally, &[1], wants);
    let left = Left::new(scope);
    let mut ended: BTreeMap<Standing, Ended<'_>> = BTreeMap::new();
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let Enrolment { ikm, program, person, .. } = row.fact;
        let ikm = scope.surviving_ikm(ikm);
        let named = person.is_some().then(|| scope.surviving_person(person));
        if !wants(Place::of(program, ikm, named)) {
            continue;
        }
        let gone = left.of_place(scope, row);
        let mut add = |who| {
            let ended = ended.entry((program, ikm, who)).or_insert_with(|| Some(Vec::new()));
            match (gone, ended.as_mut()) {
                (Some(gone), Some(ended)) => ended.push((row, gone)),
                _ => *ended = None,
            }
        };
        add(None);
        if named.is_some() {
            add(named);
        }
    }
    for ((program, ikm, person), ended) in ended {
        let Some(ended) = ended else { continue };
        let Some((_, gone)) = ended.iter().max_by_key(|(_, gone)| scope.order(gone)) else { continue };
        if !scope.since(gone.day) {
            continue;
        }
        let events = tally.events(|events| {
            for (row, gone) in &ended {
                scope.trace(row, events);
                scope.trace(gone, events);
                scope.trace_taker(row.fact.ikm, row.fact.person, events);
            }
        });
        tally.rest_on_program(scope, program);
        let [of_program, of_theme, ..] = keys(scope, program);
        let keys = [of_program, of_theme, Key::Code(gone.fact.reason), NO_KEY];
        let (figure, who) = person.map_or((0, Counted::Ikm(ikm)), |person| (1, Counted::Person(person)));
        tally.dated(who, gone.day);
        let area = scope.result_area(Place::of(program, ikm, person));
        tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
}
