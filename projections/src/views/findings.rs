//! `findings`: what mentors found on their first visit, and what on their latest.

use std::cmp::Reverse;

use super::aliases::Survivor;
use super::attended::Place;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, Id, Mentoring, Row};

pub(super) const FINDINGS: ViewDeclaration = ViewDeclaration {
    name: "findings",
    version: 1,
    title: Words { id: "Temuan pendampingan", en: "Findings of mentoring" },
    definition: Words {
        id: "Temuan pendamping, menurut kodenya, pada kunjungan pertama ke tiap IKM dalam tiap program \
             (findings_first), dan pada kunjungan terakhirnya paling lambat pada hari yang ditanyakan \
             (findings_latest); kode yang sama terhitung sekali bagi tiap IKM dan program. Kunjungan satu-satunya \
             adalah yang pertama dan juga yang terakhir. Kunjungan tanpa kode temuan tidak menambah apa pun. \
             Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: yang pertama \
             dan terakhir di antara kunjungan dalam masa itu.",
        en: "Findings of mentors, by code, on the first visit to each IKM in each programme (findings_first), and \
             on its latest no later than the day asked for (findings_latest); a code counts once for each IKM and \
             programme. An only visit is both the first and the latest. A visit that names no finding adds nothing. \
             The area is that of the programme, or that of the IKM where asked so. With a first day: the first and \
             the latest of the visits in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "findings_first", unit: FigureUnit::Finding },
        FigureDeclaration { name: "findings_latest", unit: FigureUnit::Finding },
    ],
    breakdowns: &["finding", "program", "theme"],
    shares: &[],
    attested: &[],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut visits: NumberMap<(Survivor, Id), [&Row<Mentoring>; 2]> = NumberMap::default();
    for row in scope.rows(&tables.mentorings) {
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        if scope.since(row.day) && scope.wants_result(Place::of_ikm(program, ikm)) {
            let [first, latest] = visits.entry((ikm, program)).or_insert([row, row]);
            keep_highest(first, row, |row| Reverse(scope.order(row)));
            keep_highest(latest, row, |row| scope.order(row));
        }
    }
    let findings = scope.rows(&tables.mentoring_findings);
    let mut findings: Vec<(u64, CodeId)> = findings.map(|row| (scope.index(row), row.fact.finding)).collect();
    findings.sort_unstable();
    for ((ikm, program), visits) in visits {
        let area = scope.result_area(Place::of_ikm(program, ikm));
        for (figure, visit) in visits.into_iter().enumerate() {
            let index = scope.index(visit);
            let start = findings.partition_point(|(of, _)| *of < index);
            let found = findings[start..].iter().take_while(|(of, _)| *of == index);
            let events = tally.events(|events| {
                scope.trace(visit, events);
                scope.trace_ikm(visit.fact.ikm, events);
            });
            for (_, finding) in found {
                tally.rest_on_program(scope, program);
                tally.credit(Credit {
                    figure,
                    who: Counted::Ikm(ikm),
                    at: Key::Finding(program, *finding),
                    amount: 1,
                    area,
                    keys: [Key::Code(*finding), Key::Id(program), Key::Code(scope.theme(program)), NO_KEY],
                    events,
                });
            }
        }
    }
}
