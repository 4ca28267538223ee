//! `enrolled`, `waitlisted`: who was given a place in a programme, and who waits for one.

use jejak_events::types::program::Unit;

use super::attended::Place;
use super::places::{places, waits};
use super::scope::Scope;
use super::tally::{Counted, Credit, NO_KEY, Tally};
use super::trained::{keys, know_persons};
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Enrolment, Id, Row, Wait};

pub(super) const ENROLLED_1: ViewDeclaration = ViewDeclaration {
    version: 1,
    definition: Words {
        id: "IKM, dan terpisah orang, yang mendapat tempat dalam suatu program paling lambat pada hari yang \
             ditanyakan; masing-masing dihitung sekali, juga bila mengikuti beberapa program, dan juga bila \
             kemudian mundur. Orang terhitung bila disebut dalam pendaftarannya, atau bila mendapat tempat atas \
             nama sendiri; banyaknya tidak diketahui (-) bila tidak satu pun programnya menghitung orang dan \
             tidak satu pun pendaftarannya menyebut orang. Mendapat tempat belum berarti hadir. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: \
             hanya pendaftaran peserta dalam masa itu.",
        en: "IKMs, and persons apart, that were given a place in a programme no later than the day asked for; \
             each counts once, also in several programmes, and also when it left later. A person counts where \
             the enrolment names them, or where they enrol in their own name; how many they are is not known (-) \
             where none of the programmes counts persons and no enrolment names any. Enrolled does not mean attended. The area is that of the \
             programme, or that of the IKM where asked so. With a first day: only enrolments made in that \
             period.",
    },
    count: |scope, tally| {
        know_persons(scope, tally, &[1], |place| scope.wants_result(place));
        for row in scope.rows(&scope.facts.tables.enrolments) {
            credit_place(scope, tally, row);
        }
    },
    ..ENROLLED_2
};

pub(super) const ENROLLED_2: ViewDeclaration = ViewDeclaration {
    name: "enrolled",
    version: 2,
    title: Words { id: "Mendapat tempat dalam program", en: "Enrolled in programmes" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang pada hari yang ditanyakan mempunyai tempat dalam suatu program: \
             didaftarkan atau naik dari daftar tunggu, dan tidak mundur sebelum hari itu. Masing-masing \
             dihitung sekali, juga bila mengikuti beberapa program. Orang terhitung bila disebut dalam \
             pendaftarannya, atau bila mendapat tempat atas nama sendiri; banyaknya tidak diketahui (-) bila tidak \
             satu pun programnya menghitung orang dan tidak satu pun pendaftarannya menyebut orang. Mendapat tempat \
             belum berarti hadir. Wilayah adalah wilayah program, atau wilayah IKM bila \
             diminta. Dengan tanggal awal: hanya pendaftaran dalam masa itu. Versi 1 ikut menghitung yang kemudian mundur.",
        en: "IKMs, and persons apart, that on the day asked for have a place in a programme: enrolled, or \
             promoted from the waiting list, and not withdrawn before that day. Each counts once, also in \
             several programmes. A person counts where the enrolment names them, or where they enrol in \
             their own name; how many they are is not known (-) where none of the programmes counts persons and no \
             enrolment names any. Enrolled does not mean attended. The area is that of the programme, or that of the IKM where asked so. With a first \
             day: only enrolments made in that period. Version 1 counts those who left later, too.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "enrolled", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "enrolled_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        know_persons(scope, tally, &[1], |place| scope.wants_result(place));
        for row in places(scope) {
            credit_place(scope, tally, row);
        }
    },
};

pub(super) const WAITLISTED: ViewDeclaration = ViewDeclaration {
    name: "waitlisted",
    version: 2,
    title: Words { id: "Dalam daftar tunggu program", en: "Waiting for a place" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang pada hari yang ditanyakan menunggu tempat dalam suatu program: \
             masuk daftar tunggu, sesudahnya belum mendapat tempat, dan tidak mundur sebelum hari itu. Hanya \
             program yang belum ditutup dan IKM yang masih bekerja. Masing-masing dihitung sekali. Orang terhitung \
             bila disebut dalam daftarnya, atau bila menunggu atas nama sendiri. Wilayah adalah wilayah program, atau wilayah IKM bila \
             diminta. Dengan tanggal awal: hanya yang masuk daftar dalam masa itu.",
        en: "IKMs, and persons apart, that on the day asked for wait for a place in a programme: put on the \
             waiting list, not given a place since, and not withdrawn before that day. Only in programmes that \
             are not closed, and IKMs that work. Each counts once. A person counts where the entry on the \
             list names them, or where they wait in their own name. The area is that of the programme, or that of the IKM where asked so. With a \
             first day: only those put on the list in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "waitlisted", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "waitlisted_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        let closings = scope.latest(&scope.facts.tables.program_closings, |fact| fact.program);
        for row in waits(scope) {
            let Wait { ikm, program, person } = row.fact;
            let works = scope.profile(scope.surviving_ikm(ikm)).is_none_or(|profile| profile.works());
            if closings.get(program).is_some() || !works {
                continue;
            }
            credit(scope, tally, row, (ikm, program, person));
        }
    },
};

fn credit_place(scope: &Scope<'_>, tally: &mut Tally, row: &Row<Enrolment>) {
    let Enrolment { ikm, program, person, .. } = row.fact;
    credit(scope, tally, row, (ikm, program, person));
}

fn credit<T>(scope: &Scope<'_>, tally: &mut Tally, row: &Row<T>, (stream, program, person): (Id, Id, Id)) {
    let ikm = scope.surviving_ikm(stream);
    let named = person.is_some().then(|| scope.surviving_person(person));
    let place = Place::of(program, ikm, named);
    if !scope.since(row.day) || !scope.wants_result(place) {
        return;
    }
    let events = tally.events(|events| {
        scope.trace(row, events);
        scope.trace_taker(stream, person, events);
    });
    tally.rest_on_program(scope, program);
    let (area, keys) = (scope.result_area(place), keys(scope, program));
    let counts_persons = scope.program(program).is_some_and(|opening| opening.fact.unit == Unit::Person);
    if counts_persons {
        tally.known(1, area, keys);
    }
    if let Some(named) = named {
        let who = Counted::Person(named);
        tally.credit(Credit { figure: 1, who, at: NO_KEY, amount: 1, area, keys, events });
    }
    tally.credit(Credit { figure: 0, who: Counted::Ikm(ikm), at: NO_KEY, amount: 1, area, keys, events });
}
