//! `hours`, `quota`: how much training was due and attended, and how many of the places are taken.

use jejak_events::types::program::Unit;

use super::places::places;
use super::roster::{DueDay, DueDays, Roster};
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::trained::keys;
use super::{
    AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ShareDeclaration, ViewDeclaration,
};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Enrolment, Id, Row};
use crate::question::Filter;

const fn of_lesson_hours(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::LessonHour }
}

pub(super) const HOURS: ViewDeclaration = ViewDeclaration {
    name: "hours",
    version: 1,
    title: Words { id: "Jam pelajaran peserta (JP)", en: "Lesson hours of participants (JP)" },
    definition: Words {
        id: "Jam pelajaran (JP, 45 menit) dari hari sesi yang sudah lewat selama peserta mempunyai tempat, \
             dijumlahkan atas semua peserta (hours_due), dan di antaranya yang dihadiri menurut daftar hadir \
             (hours_attended). Peserta adalah tiap orang yang disebut pada program bersatuan orang, dan tiap \
             delegasi pada program bersatuan IKM, dengan menit anggotanya yang terlama. Hari hadir tanpa menit \
             terhitung sehari penuh; hari yang dihadiri sebagian terbagi atas teori dan praktik menurut \
             bandingan hari itu. Menitnya dijumlahkan dahulu, lalu dibulatkan ke JP terdekat. Wilayah adalah \
             wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: hanya hari dalam masa itu.",
        en: "Lesson hours (JP, 45 minutes) of the session days that are past while a participant had its place, \
             added up over all participants (hours_due), and those of them that were attended by the lists of \
             attendance (hours_attended). A participant is each person named in a programme of unit person, and \
             each delegation in one of unit IKM, with the longest of its members' minutes. A day present without \
             minutes is the whole day; a day attended in part is split into theory and practice as that day is. \
             Minutes are added up first and then rounded to the nearest JP. The area is that of the programme, \
             or that of the IKM where asked so. With a first day: only days in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        of_lesson_hours("hours_due"),
        of_lesson_hours("theory_due"),
        of_lesson_hours("practice_due"),
        of_lesson_hours("hours_attended"),
        of_lesson_hours("theory_attended"),
        of_lesson_hours("practice_attended"),
    ],
    breakdowns: &["program", "theme"],
    shares: &[ShareDeclaration::within("attended_of_due", "hours_attended", "hours_due")],
    attested: &[],
    count: count_hours,
};

/// Minutes in all, of theory and of practice: due, then attended.
fn minutes(days: &[DueDay]) -> [u64; 6] {
    let mut minutes = [0u64; 6];
    for DueDay { scheduled, attended } in days {
        let (all, theory) = (u64::from(scheduled.all()), u64::from(scheduled.theory));
        let there = attended.map_or(0, u64::from);
        // A day without minutes has nothing to split.
        let there_in_theory = (there * theory).checked_div(all).unwrap_or(0);
        let of_day = [all, theory, all - theory, there, there_in_theory, there - there_in_theory];
        for (sum, minutes) in minutes.iter_mut().zip(of_day) {
            *sum += minutes;
        }
    }
    minutes
}

fn count_hours(scope: &Scope<'_>, tally: &mut Tally) {
    let schedules = Schedules::asked(scope);
    let roster =
        Roster::new(scope, &schedules, |place| scope.stirs(place.program) && scope.wants_result(place));
    let mut due = DueDays::default();
    for (attendee, presences) in roster.attendees() {
        roster.due(scope, attendee, presences, &mut due);
        let minutes = minutes(&due.days);
        if minutes[0] == 0 {
            continue;
        }
        let row = attendee.enrolment;
        let Enrolment { ikm: stream, program, person, .. } = row.fact;
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_taker(stream, person, events);
            presences.iter().filter(|one| due.counts(one)).for_each(|one| scope.trace(one.row, events));
        });
        tally.rest_on_program(scope, program);
        tally.rest_on_events(roster.schedule(attendee).events());
        let who = attendee.person.map_or(Counted::Ikm(attendee.ikm), Counted::Person);
        let (area, keys) = (scope.result_area(attendee.place()), keys(scope, program));
        let at = Key::Event(scope.index(row));
        for (figure, amount) in minutes.into_iter().enumerate().filter(|(_, amount)| *amount > 0) {
            tally.credit(Credit { figure, who, at, amount, area, keys, events });
        }
    }
}

const fn of_places(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Place }
}

pub(super) const QUOTA: ViewDeclaration = ViewDeclaration {
    name: "quota",
    version: 1,
    title: Words { id: "Kuota dan tempat yang terisi", en: "Quota and places taken" },
    definition: Words {
        id: "Tempat yang disediakan program menurut kuotanya, dan di antaranya yang pada hari yang ditanyakan \
             terisi (tidak mundur sebelum hari itu): tempat IKM pada program bersatuan IKM (quota_ikms), tempat \
             orang pada program bersatuan orang (quota_persons), di sana orang yang disebut namanya dan yang ikut atas nama sendiri. \
             Program tanpa kuota tidak terhitung; bila tidak ada yang berkuota, angkanya tidak diketahui (-). \
             Wilayah adalah wilayah program.",
        en: "Places that programmes have by their quota, and those of them that are taken on the day asked for (not \
             given up before it): places of IKMs in programmes of unit IKM (quota_ikms), places of persons in \
             programmes of unit person (quota_persons), where persons count that are named or that enrol in their own name. A programme \
             without a quota does not count; where none has one, the figure is not known (-). The area is that \
             of the programme.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        of_places("quota_ikms"),
        of_places("quota_ikms_taken"),
        of_places("quota_persons"),
        of_places("quota_persons_taken"),
    ],
    breakdowns: &["program", "theme"],
    shares: &[
        ShareDeclaration::against("quota_ikms_filled", "quota_ikms_taken", "quota_ikms"),
        ShareDeclaration::against("quota_persons_filled", "quota_persons_taken", "quota_persons"),
    ],
    attested: &[],
    count: count_quota,
};

fn count_quota(scope: &Scope<'_>, tally: &mut Tally) {
    let mut taken: NumberMap<Id, Vec<&Row<Enrolment>>> = NumberMap::default();
    for row in places(scope) {
        taken.entry(row.fact.program).or_default().push(row);
    }
    for opening in scope.programs() {
        let (program, area) = (opening.fact.program, Some(opening.fact.area));
        let Some(quota) = opening.fact.quota else { continue };
        if !scope.wants_area(area) || !scope.wants_program(program) {
            continue;
        }
        let of_persons = opening.fact.unit == Unit::Person;
        let rows = taken.get(&program).map_or(&[][..], Vec::as_slice);
        let holder = |row: &&Row<Enrolment>| {
            if of_persons {
                row.fact.person.is_some().then(|| scope.surviving_person(row.fact.person))
            } else {
                row.fact.ikm.is_some().then(|| scope.surviving_ikm(row.fact.ikm))
            }
        };
        let mut holders: Vec<_> = rows.iter().filter_map(holder).collect();
        holders.sort_unstable();
        holders.dedup();
        let events = tally.events(|events| {
            scope.trace(opening, events);
            for row in rows {
                scope.trace(row, events);
                scope.trace_ikm_merges(row.fact.ikm, events);
                scope.trace_person_merges(row.fact.person, events);
            }
        });
        let (places, keys) = (2 * usize::from(of_persons), keys(scope, program));
        for (figure, amount) in [(places, quota.get().into()), (places + 1, holders.len() as u64)] {
            let who = Counted::Program(program);
            tally.credit(Credit { figure, who, at: NO_KEY, amount, area, keys, events });
        }
    }
}
