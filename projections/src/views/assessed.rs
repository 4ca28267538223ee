//! `assessed`: who was assessed against a scheme, and with what outcome.

use jejak_events::types::ikm::Verdict;

use super::aliases::Survivor;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Assessment, CodeId, Row};
use crate::question::Filter;

pub(super) const ASSESSED: ViewDeclaration = ViewDeclaration {
    name: "assessed",
    version: 1,
    title: Words { id: "Dinilai", en: "Assessed" },
    definition: Words {
        id: "IKM yang paling sedikit sekali dinilai menurut suatu skema, paling lambat pada hari yang \
             ditanyakan. passed: IKM yang penilaian terakhirnya dalam paling sedikit satu skema menyatakan \
             lulus. Lulus penilaian belum berarti bersertifikat. Wilayah adalah wilayah IKM. Bila disaring \
             menurut program, hanya penilaian dalam program itu yang dilihat. Dengan tanggal awal: hanya \
             penilaian dalam masa itu.",
        en: "IKMs that were assessed against a scheme at least once, no later than the day asked for. passed: \
             IKMs whose latest assessment in at least one scheme was positive. Having passed does not mean \
             being certified. The area is that of the IKM. Narrowed by programme, only assessments of that \
             programme are looked at. With a first day: only assessments in that period.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[
        FigureDeclaration { name: "assessed", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "passed", unit: FigureUnit::Ikm },
    ],
    breakdowns: &["scheme", "program"],
    shares: &[],
    attested: &[],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let mut latest: NumberMap<(Survivor, CodeId), &Row<Assessment>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.assessments) {
        let assessment = &row.fact;
        let ikm = scope.surviving_ikm(assessment.ikm);
        if !scope.since(row.day) || !scope.wants_program(assessment.program) || !scope.wants_ikm(ikm) {
            continue;
        }
        credit(scope, tally, 0, row);
        let last = latest.entry((ikm, assessment.scheme)).or_insert(row);
        keep_highest(last, row, |row| scope.order(row));
    }
    for row in latest.into_values().filter(|row| row.fact.verdict == Verdict::Passed) {
        credit(scope, tally, 1, row);
    }
}

fn credit(scope: &Scope<'_>, tally: &mut Tally, figure: usize, row: &Row<Assessment>) {
    let assessment = &row.fact;
    let ikm = scope.surviving_ikm(assessment.ikm);
    let events = tally.events(|events| {
        scope.trace(row, events);
        scope.trace_ikm(assessment.ikm, events);
    });
    scope.trace_program(assessment.program, tally.context());
    tally.credit(Credit {
        figure,
        who: Counted::Ikm(ikm),
        at: NO_KEY,
        amount: 1,
        area: scope.ikm_area(ikm),
        keys: [Key::Code(assessment.scheme), Key::Id(assessment.program), NO_KEY, NO_KEY],
        events,
    });
}
