//! `trained`, `export_trained`, `green_trained`: who completed a programme.
//!
//! A completer is a person of an enrolment or, in programmes of unit IKM, the IKM's delegation. Each
//! is held against the (session, day) pairs scheduled for the group of its enrolment.

use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::Unit;
use jejak_events::values::Date;

use super::aliases::Survivor;
use super::calendar::{CalendarEntry, calendar};
use super::scope::{ById, NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Attendance, CodeId, Enrolment, Id, Row};
use crate::question::Filter;

/// The filters of [`TRAINED`] without the theme, which the others fix.
const FILTERS: &[Filter] = &[Filter::Area, Filter::Program, Filter::Scale, Filter::Funding, Filter::From];

pub(super) const TRAINED: ViewDeclaration = ViewDeclaration {
    name: "trained",
    version: 1,
    title: Words { id: "Menuntaskan pelatihan", en: "Completed a training" },
    definition: Words {
        id: "IKM yang menuntaskan paling sedikit satu program. Program tuntas bila yang terdaftar hadir pada \
             sekurang-kurangnya persentase kelulusan (80 % bila tidak disebut) dari semua hari sesi yang \
             dijadwalkan bagi kelompoknya, dan hari terakhirnya tidak lewat dari hari yang ditanyakan; \
             program yang belum selesai belum menuntaskan siapa pun. Pada program bersatuan orang, IKM \
             terhitung bila paling sedikit satu orangnya tuntas, dan orang yang tuntas dihitung terpisah. \
             Pada program bersatuan IKM, delegasi dianggap hadir bila siapa pun dari IKM itu hadir, dan orang \
             tidak dihitung. Pelatihan bukan sertifikat. Wilayah adalah wilayah IKM. Dengan tanggal awal: \
             hanya program yang hari terakhirnya dalam masa itu.",
        en: "IKMs that completed at least one programme. A programme is completed when the enrolled were \
             present on at least the completion percentage (80 % when not said) of all session days scheduled \
             for their group, the last of them no later than the day asked for; a programme that is not over \
             completes nobody. In programmes of unit person an IKM counts when at least one of its persons \
             completed, and the persons that completed are counted apart. In programmes of unit IKM the \
             delegation is present when anyone of the IKM is, and persons are not counted. A training is not \
             a certificate. The area is that of the IKM. With a first day: only programmes whose last day \
             lies in that period.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[
        FigureDeclaration { name: "trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, None, BOTH),
};

pub(super) const EXPORT_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "export_trained",
    version: 1,
    title: Words { id: "Menuntaskan pelatihan ekspor", en: "Completed an export training" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang menuntaskan paling sedikit satu program bertema export, menurut \
             definisi trained versi 1. Terlatih ekspor belum berarti mengekspor.",
        en: "IKMs, and persons apart, that completed at least one programme of theme export, by the \
             definition of trained version 1. Trained in exporting does not mean having exported.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[
        FigureDeclaration { name: "export_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "export_trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, Some("export"), BOTH),
};

pub(super) const GREEN_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "green_trained",
    version: 1,
    title: Words { id: "Menuntaskan pelatihan industri hijau", en: "Completed a green-industry training" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang menuntaskan paling sedikit satu program bertema green_industry, \
             menurut definisi trained versi 1. Terlatih belum berarti bersertifikat Standar Industri Hijau.",
        en: "IKMs, and persons apart, that completed at least one programme of theme green_industry, by the \
             definition of trained version 1. Trained does not mean certified to the green-industry standard.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[
        FigureDeclaration { name: "green_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "green_trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, Some("green_industry"), BOTH),
};

pub(super) const PERSONS_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "persons_trained",
    version: 1,
    title: Words { id: "Orang yang menuntaskan pelatihan", en: "Persons who completed a training" },
    definition: Words {
        id: "Orang yang menuntaskan paling sedikit satu program bersatuan orang, menurut definisi trained \
             versi 1; masing-masing dihitung sekali, juga bila menuntaskan beberapa program atau dikirim \
             beberapa IKM. Wilayah adalah wilayah IKM yang mengirimnya.",
        en: "Persons that completed at least one programme of unit person, by the definition of trained \
             version 1; each counts once, also after several programmes or when sent by several IKMs. The \
             area is that of the IKM that sent them.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[FigureDeclaration { name: "persons_trained", unit: FigureUnit::Person }],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, None, Figures { ikms: None, persons: Some(0) }),
};

/// Places of the figures that completers count in, where the view has them.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    pub(super) ikms: Option<usize>,
    pub(super) persons: Option<usize>,
}

const BOTH: Figures = Figures { ikms: Some(0), persons: Some(1) };

/// The session days that concern one group of one programme.
struct Schedule {
    /// (session, day) pairs, sorted, without repeats; at least one.
    pairs: Vec<(Id, Date)>,
    last: Date,
    /// The events that put them on the calendar.
    events: Vec<u64>,
}

/// Somebody who may complete a programme.
struct Completer<'a> {
    enrolment: &'a Row<Enrolment>,
    /// The IKM.
    ikm: Survivor,
    /// The person, or none for the delegation.
    person: Option<Survivor>,
    /// Place of its schedule.
    schedule: usize,
    unit: Unit,
    percent: u8,
    /// Place of its first pair among the marks of all completers.
    marks: usize,
}

type CompleterKey = (Survivor, Id, Option<Survivor>);

pub(super) fn count(scope: &Scope<'_>, tally: &mut Tally, theme: Option<&str>, figures: Figures) {
    let schedules = Schedules::new(scope);
    let (completers, mark_count) = completers(scope, &schedules, theme);
    if completers.is_empty() {
        // Nobody to look for; going through the attendances would only cost time.
        return;
    }
    let mut by_key: NumberMap<CompleterKey, std::ops::Range<usize>> = NumberMap::default();
    let mut units: ById<Unit> = ById::default();
    for (place, completer) in completers.iter().enumerate() {
        by_key.entry(key(completer)).or_insert(place..place).end = place + 1;
        *units.slot(completer.enrolment.fact.program) = Some(completer.unit);
    }

    // Which pairs each completer was present at, and by which rows.
    let mut present = vec![false; mark_count];
    let mut matched: Vec<(usize, &Row<Attendance>)> = Vec::new();
    for row in scope.rows(&scope.facts.tables.attendances) {
        let attendance = &row.fact;
        if attendance.status != AttendanceStatus::Present {
            continue;
        }
        let Some(unit) = units.get(attendance.program) else { continue };
        let person = counted_person(scope, unit, attendance.person);
        let ikm = scope.surviving_ikm(attendance.ikm);
        let Some(places) = by_key.get(&(ikm, attendance.program, person)) else { continue };
        for place in places.clone() {
            let completer = &completers[place];
            let pairs = &schedules.all[completer.schedule].pairs;
            if let Ok(pair) = pairs.binary_search(&(attendance.session, attendance.date)) {
                present[completer.marks + pair] = true;
                matched.push((place, row));
            }
        }
    }
    let matched = Grouped::new(completers.len(), matched);

    for (place, completer) in completers.iter().enumerate() {
        let schedule = &schedules.all[completer.schedule];
        let scheduled = schedule.pairs.len();
        let marks = &present[completer.marks..completer.marks + scheduled];
        let attended = marks.iter().filter(|mark| **mark).count();
        if attended * 100 >= usize::from(completer.percent) * scheduled {
            credit(scope, tally, figures, completer, schedule, matched.of(place));
        }
    }
}

/// Rows by completer.
struct Grouped<'a> {
    rows: Vec<&'a Row<Attendance>>,
    /// Where the rows of each completer end.
    ends: Vec<usize>,
}

impl<'a> Grouped<'a> {
    /// Counting sort: there are far more rows than completers.
    fn new(completers: usize, matched: Vec<(usize, &'a Row<Attendance>)>) -> Self {
        let mut ends = vec![0; completers];
        for (place, _) in &matched {
            ends[*place] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            let count = *end;
            *end = start;
            start += count;
        }
        let Some((_, first)) = matched.first() else { return Self { rows: Vec::new(), ends } };
        let mut rows = vec![*first; matched.len()];
        for (place, row) in matched {
            rows[ends[place]] = row;
            ends[place] += 1;
        }
        Self { rows, ends }
    }

    fn of(&self, place: usize) -> &[&'a Row<Attendance>] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start..self.ends[place]]
    }
}

fn key(completer: &Completer<'_>) -> CompleterKey {
    (completer.ikm, completer.enrolment.fact.program, completer.person)
}

/// Who completes a programme of a unit: the person named, or none, which is the delegation.
fn counted_person(scope: &Scope<'_>, unit: Unit, person: Id) -> Option<Survivor> {
    (unit == Unit::Person && person.is_some()).then(|| scope.surviving_person(person))
}

fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    figures: Figures,
    completer: &Completer<'_>,
    schedule: &Schedule,
    attended: &[&Row<Attendance>],
) {
    let (ikm, Enrolment { program, ikm: stream, person, .. }) = (completer.ikm, completer.enrolment.fact);
    let events = tally.events(|events| {
        for row in attended {
            scope.trace(row, events);
            scope.trace_ikm_merges(row.fact.ikm, events);
            scope.trace_person_merges(row.fact.person, events);
        }
        scope.trace(completer.enrolment, events);
        scope.trace_ikm(stream, events);
        scope.trace_person_merges(person, events);
    });
    scope.trace_program(program, tally.context());
    tally.context().extend(&schedule.events);
    let area = scope.ikm_area(ikm);
    let keys = [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY];
    if let (Some(person), Some(figure)) = (completer.person, figures.persons) {
        let who = Counted::Person(person);
        tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
    if let Some(figure) = figures.ikms {
        tally.credit(Credit { figure, who: Counted::Ikm(ikm), at: NO_KEY, amount: 1, area, keys, events });
    }
}

/// Everybody whose programme is over within the period asked for, those of one key together; and the
/// number of their pairs.
fn completers<'a>(
    scope: &Scope<'a>,
    schedules: &Schedules,
    theme: Option<&str>,
) -> (Vec<Completer<'a>>, usize) {
    let mut completers = Vec::new();
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let Enrolment { ikm, program, group, person } = row.fact;
        // Without the opening of the programme neither unit nor percentage are known.
        let Some(opening) = scope.program(program) else { continue };
        let (ikm, person) = (scope.surviving_ikm(ikm), counted_person(scope, opening.fact.unit, person));
        if opening.fact.unit == Unit::Person && person.is_none() {
            continue;
        }
        let Some(schedule) = schedules.of(program, group) else { continue };
        let last = schedules.all[schedule].last;
        let of_theme = theme
            .is_none_or(|theme| scope.facts.code(opening.fact.theme).is_some_and(|code| **code == *theme));
        if of_theme
            && last <= scope.question.on
            && scope.since(last)
            && scope.wants_program(program)
            && scope.wants_ikm(ikm)
        {
            let (unit, percent) = (opening.fact.unit, opening.fact.completion_percent);
            completers.push(Completer { enrolment: row, ikm, person, schedule, unit, percent, marks: 0 });
        }
    }
    completers.sort_unstable_by_key(|completer| {
        (key(completer), completer.schedule, scope.order(completer.enrolment))
    });
    // An enrolment of unit IKM has a row for each person, but one delegation: counting it for each would
    // change no figure, and cost time.
    completers.dedup_by_key(|completer| (key(completer), completer.schedule, completer.enrolment.position));
    let mut marks = 0;
    for completer in &mut completers {
        completer.marks = marks;
        marks += schedules.all[completer.schedule].pairs.len();
    }
    (completers, marks)
}

/// The schedules of all groups of all programmes.
pub(super) struct Schedules {
    all: Vec<Schedule>,
    /// By programme: the schedule of those in no group, or in one without sessions of its own.
    common: NumberMap<Id, usize>,
    /// By programme and group: its own sessions and those for all.
    grouped: NumberMap<(Id, CodeId), usize>,
}

impl Schedules {
    pub(super) fn new(scope: &Scope<'_>) -> Self {
        let calendar = calendar(scope);
        let mut sessions: Vec<&CalendarEntry<'_>> = calendar.iter().collect();
        sessions.sort_unstable_by_key(|entry| {
            let session = &entry.session.fact;
            (session.program, session.group, entry.session.position)
        });
        let mut schedules =
            Self { all: Vec::new(), common: NumberMap::default(), grouped: NumberMap::default() };
        for of_program in
            sessions.chunk_by(|left, right| left.session.fact.program == right.session.fact.program)
        {
            let program = of_program[0].session.fact.program;
            // Sessions without a group sort first: none is 0.
            let shared = of_program.partition_point(|entry| entry.session.fact.group == CodeId::NONE);
            let (shared, own) = of_program.split_at(shared);
            let mut add = |groups: [&[&CalendarEntry<'_>]; 2]| {
                let mut schedule =
                    Schedule { pairs: Vec::new(), last: scope.question.on, events: Vec::new() };
                for entry in groups.into_iter().flatten() {
                    let session = entry.session.fact.session;
                    schedule.pairs.extend(entry.days.iter().map(|day| (session, day.fact.date)));
                    entry.trace(scope, &mut schedule.events);
                }
                schedule.pairs.sort_unstable();
                schedule.pairs.dedup();
                schedule.last = schedule.pairs.iter().map(|(_, day)| *day).max()?;
                schedules.all.push(schedule);
                Some(schedules.all.len() - 1)
            };
            if let Some(place) = add([shared, &[]]) {
                schedules.common.insert(program, place);
            }
            for of_group in own.chunk_by(|left, right| left.session.fact.group == right.session.fact.group) {
                if let Some(place) = add([shared, of_group]) {
                    schedules.grouped.insert((program, of_group[0].session.fact.group), place);
                }
            }
        }
        schedules
    }

    /// First and last of the session days that concern a group; `None` when nothing is scheduled for it.
    pub(super) fn days(&self, program: Id, group: CodeId) -> Option<(Date, Date)> {
        let schedule = &self.all[self.of(program, group)?];
        let first = schedule.pairs.iter().map(|(_, day)| *day).min()?;
        Some((first, schedule.last))
    }

    /// Adds the events that put the session days of a group on the calendar.
    pub(super) fn trace(&self, program: Id, group: CodeId, events: &mut Vec<u64>) {
        if let Some(schedule) = self.of(program, group) {
            events.extend(&self.all[schedule].events);
        }
    }

    /// Place of the schedule that concerns a group; `None` when nothing is scheduled for it.
    fn of(&self, program: Id, group: CodeId) -> Option<usize> {
        self.grouped.get(&(program, group)).or_else(|| self.common.get(&program)).copied()
    }
}
