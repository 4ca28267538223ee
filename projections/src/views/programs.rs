//! `programs`, `mentored`, `method_mix`: what the programmes are, visit and teach.

use std::cmp::Reverse;

use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::values::Date;

use super::attended::Place;
use super::calendar::calendar;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{
    AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ShareDeclaration, ViewDeclaration,
};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Attendance, CodeId, Id, Row};
use crate::question::Filter;

const FILTERS: &[Filter] = &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding, Filter::From];

pub(super) const PROGRAMS: ViewDeclaration = ViewDeclaration {
    name: "programs",
    version: 2,
    title: Words { id: "Program", en: "Programmes" },
    definition: Words {
        id: "Program yang dibuka paling lambat pada hari yang ditanyakan; programs_open: di antaranya yang \
             hari itu belum ditutup. Sumber dananya adalah yang disebut saat dibuka atau dalam laporan biaya. \
             Wilayah adalah wilayah program. Dengan tanggal awal: hanya program yang dibuka dalam masa itu.",
        en: "Programmes that were opened no later than the day asked for; programs_open: those of them that \
             are not closed on that day. Their sources of money are those named at the opening or in a report \
             of the cost. The area is that of the programme. With a first day: only programmes opened in that \
             period.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "programs", unit: FigureUnit::Program },
        FigureDeclaration { name: "programs_open", unit: FigureUnit::Program },
    ],
    breakdowns: &["theme", "funding"],
    shares: &[],
    attested: &[],
    count: count_programs,
};

fn count_programs(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let closings = scope.latest(&tables.program_closings, |fact| fact.program);
    let mut sources: NumberMap<Id, Vec<CodeId>> = NumberMap::default();
    for (program, source) in scope.program_money() {
        sources.entry(program).or_default().push(source);
    }
    for row in scope.programs() {
        let (program, area) = (row.fact.program, Some(row.fact.area));
        if !scope.since(row.day) || !scope.wants_area(area) || !scope.wants_program(program) {
            continue;
        }
        let closing = closings.get(program);
        let events = tally.events(|events| {
            scope.trace(row, events);
            closing.into_iter().for_each(|closing| scope.trace(closing, events));
        });
        let none = [CodeId::NONE];
        for source in sources.get(&program).map_or(&none[..], Vec::as_slice) {
            let keys = [Key::Code(row.fact.theme), Key::Code(*source), NO_KEY, NO_KEY];
            for figure in 0..if closing.is_none() { 2 } else { 1 } {
                let who = Counted::Program(program);
                tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
            }
        }
    }
}

pub(super) const MENTORED: ViewDeclaration = ViewDeclaration {
    name: "mentored",
    version: 2,
    title: Words { id: "Didampingi", en: "Mentored" },
    definition: Words {
        id: "IKM yang dikunjungi pendamping paling sedikit sekali, paling lambat pada hari yang ditanyakan. \
             mentoring_visits: kunjungannya. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. \
             Dengan tanggal awal: hanya kunjungan dalam masa itu.",
        en: "IKMs that a mentor visited at least once, no later than the day asked for. mentoring_visits: the \
             visits. The area is that of the programme, or that of the IKM where asked so. With a first day: \
             only visits in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "mentored", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "mentoring_visits", unit: FigureUnit::Visit },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        for row in scope.rows(&scope.facts.tables.mentorings) {
            let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
            if !scope.since(row.day) || !scope.wants_result(Place::of_ikm(program, ikm)) {
                continue;
            }
            let events = tally.events(|events| {
                scope.trace(row, events);
                scope.trace_ikm(row.fact.ikm, events);
            });
            tally.rest_on_program(scope, program);
            let (who, area) = (Counted::Ikm(ikm), scope.result_area(Place::of_ikm(program, ikm)));
            let keys = [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY];
            tally.credit(Credit { figure: 0, who, at: NO_KEY, amount: 1, area, keys, events });
            let at = Key::Event(scope.index(row));
            tally.credit(Credit { figure: 1, who, at, amount: 1, area, keys, events });
        }
    },
};

pub(super) const METHOD_MIX: ViewDeclaration = ViewDeclaration {
    name: "method_mix",
    version: 2,
    title: Words { id: "Teori dan praktik (menit)", en: "Theory and practice (minutes)" },
    definition: Words {
        id: "Menit teori dan praktik semua hari sesi yang dijadwalkan dan tidak dibatalkan, menurut jadwal \
             yang terakhir ditetapkan (planned), dan di antaranya yang harinya tidak lewat dari hari yang \
             ditanyakan dan yang menurut daftar hadir dihadiri seseorang (held). Satu jam pelajaran (JP) adalah \
             45 menit. Wilayah adalah wilayah program. \
             Dengan tanggal awal: hanya hari dalam masa itu atau sesudahnya.",
        en: "Minutes of theory and practice of all session days that are scheduled and not called off, as \
             last decided (planned), and of those whose day is no later than the day asked for and on which \
             somebody is on record as present (held). One lesson hour (JP) is 45 minutes. The area is that of \
             the programme. With a first day: only days \
             on it or later.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "theory_planned", unit: FigureUnit::Minute },
        FigureDeclaration { name: "practice_planned", unit: FigureUnit::Minute },
        FigureDeclaration { name: "all_planned", unit: FigureUnit::Minute },
        FigureDeclaration { name: "theory_held", unit: FigureUnit::Minute },
        FigureDeclaration { name: "practice_held", unit: FigureUnit::Minute },
        FigureDeclaration { name: "all_held", unit: FigureUnit::Minute },
    ],
    breakdowns: &["program", "theme", "sentra"],
    shares: &[
        ShareDeclaration::within("theory_of_planned", "theory_planned", "all_planned"),
        ShareDeclaration::within("theory_of_held", "theory_held", "all_held"),
    ],
    attested: &[],
    count: count_minutes,
};

fn count_minutes(scope: &Scope<'_>, tally: &mut Tally) {
    // The first row that says that somebody was present on a day of a session; one is enough.
    let mut present: NumberMap<(Id, Date), &Row<Attendance>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.attendances) {
        if row.fact.status == AttendanceStatus::Present {
            let first = present.entry((row.fact.session, row.fact.date)).or_insert(row);
            keep_highest(first, row, |row| Reverse(scope.order(row)));
        }
    }
    for entry in calendar(scope) {
        let session = &entry.session.fact;
        let opening = scope.program(session.program);
        let area = opening.map(|opening| opening.fact.area);
        if !scope.wants_area(area) || !scope.wants_program(session.program) {
            continue;
        }
        let mut minutes = [0u64; 6];
        let mut attended = Vec::new();
        for day in entry.days.iter().map(|day| &day.fact).filter(|day| scope.since(day.date)) {
            let (theory, practice) = (day.theory_minutes.get().into(), day.practice_minutes.get().into());
            let said: [u64; 3] = [theory, practice, theory + practice];
            let attendance = present.get(&(session.session, day.date));
            let held = day.date <= scope.question.on && attendance.is_some();
            attended.extend(attendance.copied().filter(|_| held));
            for (place, amount) in said.into_iter().enumerate() {
                minutes[place] += amount;
                minutes[place + 3] += if held { amount } else { 0 };
            }
        }
        if minutes[2] == 0 {
            continue;
        }
        tally.rest_on_program(scope, session.program);
        let events = tally.events(|events| {
            entry.trace(scope, events);
            attended.iter().for_each(|row| scope.trace(row, events));
        });
        for (figure, amount) in minutes.into_iter().enumerate().filter(|(_, amount)| *amount > 0) {
            tally.credit(Credit {
                figure,
                who: Counted::Session(session.session),
                at: NO_KEY,
                amount,
                area,
                keys: [
                    Key::Id(session.program),
                    Key::Code(scope.theme(session.program)),
                    Key::Id(session.sentra),
                    NO_KEY,
                ],
                events,
            });
        }
    }
}
