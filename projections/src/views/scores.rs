//! `scores`: what criteria were met how well, at first and last.

use std::cmp::Reverse;

use super::aliases::Survivor;
use super::attended::Place;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Cut, Key, NO_KEY, Tally, part_of};
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Assessment, AssessmentScore, CodeId, Row};

pub(super) const SCORES: ViewDeclaration = ViewDeclaration {
    name: "scores",
    version: 1,
    title: Words { id: "Nilai menurut kriteria", en: "Scores by criterion" },
    definition: Words {
        id: "IKM yang penilaiannya, paling lambat pada hari yang ditanyakan, memberi nilai menurut kriteria \
             (scored). Untuk tiap kriteria: rata-rata nilai, dalam persen bulat dari nilai tertingginya, pada penilaian \
             pertama tiap IKM dalam skema itu (score_first) dan pada penilaian terakhirnya (score_latest), dari \
             yang menilai kriteria itu; penilaian satu-satunya adalah yang pertama dan juga yang terakhir. \
             Rata-rata ada bila sedikitnya tiga IKM; bila kurang, tidak diketahui (-). Kriteria yang berbeda \
             tidak dirata-ratakan bersama: hanya baris menurut kriteria yang mempunyainya. Wilayah adalah \
             wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: hanya penilaian dalam masa itu.",
        en: "IKMs whose assessment, no later than the day asked for, gives scores by criterion (scored). Of each \
             criterion the mean score, in whole percent of the best possible one, in the first assessment of each IKM in \
             the scheme (score_first) and in its latest (score_latest), of those that score the criterion; an only \
             assessment is both the first and the latest. There is a mean of three IKMs or more; of fewer it is not \
             known (-). Different criteria are not averaged together: only the rows by criterion have a mean. The \
             area is that of the programme, or that of the IKM where asked so. With a first day: only assessments \
             in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "scored", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "score_first", unit: FigureUnit::Percent },
        FigureDeclaration { name: "score_latest", unit: FigureUnit::Percent },
    ],
    breakdowns: &["criterion", "program", "scheme"],
    shares: &[],
    attested: &[],
    count,
};

/// Place of the breakdown by criterion.
const BY_CRITERION: u8 = 0;

/// The scores in force by the index of their assessment, those of one together.
struct Scores(Vec<(u64, AssessmentScore)>);

impl Scores {
    fn new(scope: &Scope<'_>) -> Self {
        let rows = scope.rows(&scope.facts.tables.assessment_scores);
        let mut scores: Vec<(u64, AssessmentScore)> = rows
            .map(|row| (scope.index(row), row.fact))
            .filter(|(_, score)| score.maximum.get() > 0)
            .collect();
        // Stable, so that of two scores of one criterion the first stays the first.
        scores.sort_by_key(|(index, _)| *index);
        Self(scores)
    }

    fn of(&self, assessment: u64) -> impl Iterator<Item = &AssessmentScore> {
        let start = self.0.partition_point(|(index, _)| *index < assessment);
        self.0[start..].iter().take_while(move |(index, _)| *index == assessment).map(|(_, score)| score)
    }
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let scores = Scores::new(scope);
    let mut ends: NumberMap<(Survivor, CodeId), [&Row<Assessment>; 2]> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.assessments) {
        let ikm = scope.surviving_ikm(row.fact.ikm);
        if !scope.since(row.day) || !scope.wants_result(Place::of_ikm(row.fact.program, ikm)) {
            continue;
        }
        credit(scope, tally, (Cut::Everywhere, 0), row, &scores);
        let [first, latest] = ends.entry((ikm, row.fact.scheme)).or_insert([row, row]);
        keep_highest(first, row, |row| Reverse(scope.order(row)));
        keep_highest(latest, row, |row| scope.order(row));
    }
    for [first, latest] in ends.into_values() {
        for (figure, row) in [(1, first), (2, latest)] {
            credit(scope, tally, (Cut::Breakdown(BY_CRITERION), figure), row, &scores);
        }
    }
}

/// Credits each score of an assessment in a figure.
fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    (cut, figure): (Cut, usize),
    row: &Row<Assessment>,
    scores: &Scores,
) {
    let Assessment { program, scheme, .. } = row.fact;
    let ikm = scope.surviving_ikm(row.fact.ikm);
    let events = tally.events(|events| {
        scope.trace(row, events);
        scope.trace_ikm(row.fact.ikm, events);
    });
    for score in scores.of(scope.index(row)) {
        tally.rest_on_program(scope, program);
        let credit = Credit {
            figure,
            who: Counted::Ikm(ikm),
            at: NO_KEY,
            amount: if figure == 0 { 1 } else { part_of(score.score.get(), score.maximum.get()) },
            area: scope.result_area(Place::of_ikm(program, ikm)),
            keys: [Key::Criterion(scheme, score.criterion), Key::Id(program), Key::Code(scheme), NO_KEY],
            events,
        };
        tally.credit_in(cut, credit);
    }
}
