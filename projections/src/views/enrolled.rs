//! `enrolled`: who was given a place in a programme.

use super::scope::Scope;
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

pub(super) const ENROLLED: ViewDeclaration = ViewDeclaration {
    name: "enrolled",
    version: 1,
    title: Words { id: "Peserta terdaftar pada program", en: "Enrolled in programmes" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang mendapat tempat dalam suatu program paling lambat pada hari yang \
             ditanyakan; masing-masing dihitung sekali, juga bila mengikuti beberapa program. Orang hanya \
             terhitung bila disebut dalam pendaftarannya. Terdaftar belum berarti hadir. Wilayah adalah \
             wilayah IKM. Dengan tanggal awal: hanya pendaftaran peserta dalam masa itu.",
        en: "IKMs, and persons apart, that were given a place in a programme no later than the day asked \
             for; each counts once, also in several programmes. A person counts only if the enrolment names \
             them. Enrolled does not mean attended. The area is that of the IKM. With a first day: only \
             enrolments made in that period.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding, Filter::From],
    figures: &[
        FigureDeclaration { name: "enrolled", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "enrolled_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme"],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let enrolment = &row.fact;
        if !scope.since(row.day) || !scope.wants_program(enrolment.program) || !scope.wants_ikm(enrolment.ikm)
        {
            continue;
        }
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_registration(enrolment.ikm, events);
        });
        if let Some(program) = scope.program(enrolment.program) {
            scope.trace(program, tally.context());
        }
        let area = scope.ikm_area(enrolment.ikm);
        let keys = [Key::Id(enrolment.program), Key::Code(scope.theme(enrolment.program)), NO_KEY];
        if enrolment.person.is_some() {
            let who = Counted::Person(enrolment.person);
            tally.credit(Credit { figure: 1, who, at: Id::NONE, area, keys, events });
        }
        let who = Counted::Ikm(enrolment.ikm);
        tally.credit(Credit { figure: 0, who, at: Id::NONE, area, keys, events });
    }
}
