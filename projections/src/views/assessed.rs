//! `assessed`: who was assessed against a scheme, and with what outcome.

use jejak_events::area::AreaCode;
use jejak_events::types::ikm::Verdict;

use super::aliases::Survivor;
use super::attended::Place;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Cut, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Assessment, CodeId, Id, Row};

pub(super) const ASSESSED: ViewDeclaration = ViewDeclaration {
    name: "assessed",
    version: 2,
    title: Words { id: "Dinilai", en: "Assessed" },
    definition: Words {
        id: "IKM yang paling sedikit sekali dinilai menurut suatu skema, paling lambat pada hari yang \
             ditanyakan. passed: IKM yang penilaian terakhirnya dalam paling sedikit satu skema menyatakan \
             lulus; yang dilihat hanya penilaian dalam lingkup yang ditanyakan, jadi baris suatu program \
             melihat penilaiannya sendiri. Lulus penilaian belum berarti bersertifikat. Wilayah adalah wilayah \
             program, atau wilayah IKM bila diminta. Dengan tanggal awal: hanya penilaian dalam masa itu.",
        en: "IKMs that were assessed against a scheme at least once, no later than the day asked for. passed: \
             IKMs whose latest assessment in at least one scheme was positive; only assessments within what is \
             asked for are looked at, so the row of a programme looks at its own. Having passed does not mean \
             being certified. The area is that of the programme, or that of the IKM where asked so. With a \
             first day: only assessments in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
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
    // The latest verdict of each IKM in a scheme: of all, of an area, and of a programme.
    let mut of_all = Latest::default();
    let mut of_area = Latest::default();
    let mut of_program = Latest::default();
    for row in scope.rows(&scope.facts.tables.assessments) {
        let Assessment { program, scheme, .. } = row.fact;
        let ikm = scope.surviving_ikm(row.fact.ikm);
        if !scope.since(row.day) || !scope.wants_result(Place::of_ikm(program, ikm)) {
            continue;
        }
        credit(scope, tally, Cut::Everywhere, 0, row);
        let area = scope.result_area(Place::of_ikm(program, ikm));
        of_all.keep(scope, (ikm, scheme, None, Id::NONE), row);
        of_area.keep(scope, (ikm, scheme, area, Id::NONE), row);
        of_program.keep(scope, (ikm, scheme, None, program), row);
    }
    for (cut, latest) in [
        (Cut::Total, &of_all),
        (Cut::Breakdown(BY_SCHEME), &of_all),
        (Cut::Area, &of_area),
        (Cut::Breakdown(BY_PROGRAM), &of_program),
    ] {
        for row in latest.0.values().filter(|row| row.fact.verdict == Verdict::Passed) {
            credit(scope, tally, cut, 1, row);
        }
    }
}

/// Places of the breakdowns.
const BY_SCHEME: u8 = 0;
const BY_PROGRAM: u8 = 1;

type LatestKey = (Survivor, CodeId, Option<AreaCode>, Id);

/// The latest assessment of each key.
#[derive(Default)]
struct Latest<'a>(NumberMap<LatestKey, &'a Row<Assessment>>);

impl<'a> Latest<'a> {
    fn keep(&mut self, scope: &Scope<'_>, key: LatestKey, row: &'a Row<Assessment>) {
        keep_highest(self.0.entry(key).or_insert(row), row, |row| scope.order(row));
    }
}

fn credit(scope: &Scope<'_>, tally: &mut Tally, cut: Cut, figure: usize, row: &Row<Assessment>) {
    let assessment = &row.fact;
    let ikm = scope.surviving_ikm(assessment.ikm);
    let events = tally.events(|events| {
        scope.trace(row, events);
        scope.trace_ikm(assessment.ikm, events);
    });
    tally.rest_on_program(scope, assessment.program);
    let credit = Credit {
        figure,
        who: Counted::Ikm(ikm),
        at: NO_KEY,
        amount: 1,
        area: scope.result_area(Place::of_ikm(assessment.program, ikm)),
        keys: [Key::Code(assessment.scheme), Key::Id(assessment.program), NO_KEY, NO_KEY],
        events,
    };
    tally.credit_in(cut, credit);
}
