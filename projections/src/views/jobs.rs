//! `jobs`: how the workers of those who completed a programme changed, from their first report to their latest.
//!
//! The counts are sealed. The view says which two reports of each IKM are held against each other; whoever holds the
//! keys adds them up ([`crate::answer::Answer::bases`]).

use super::aliases::Survivor;
use super::attended::Place;
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, NO_KEY, Tally};
use super::{
    AskedByClaims, AttestedDeclaration, AttestedRule, FigureDeclaration, SeriesRule, ViewDeclaration, trained,
};
use crate::answer::{BasisEvents, FigureUnit, Words};
use crate::facts::{Id, Row, Workforce};
use crate::question::Filter;

/// A field in the first report and in the latest.
macro_rules! first_and_latest {
    ($field:literal, [$first:literal, $first_id:literal, $first_en:literal],
        [$latest:literal, $latest_id:literal, $latest_en:literal]) => {
        [
            AttestedDeclaration {
                name: $first,
                rule: AttestedRule::SumOfPairs { field: $field, latest: false },
                title: Words { id: $first_id, en: $first_en },
            },
            AttestedDeclaration {
                name: $latest,
                rule: AttestedRule::SumOfPairs { field: $field, latest: true },
                title: Words { id: $latest_id, en: $latest_en },
            },
        ]
    };
}

const WORKERS: [AttestedDeclaration; 2] = first_and_latest!(
    "workers",
    ["workers_first", "Pekerja, laporan pertama", "Workers, first report"],
    ["workers_latest", "Pekerja, laporan terakhir", "Workers, latest report"]
);
const WOMEN: [AttestedDeclaration; 2] = first_and_latest!(
    "women",
    ["women_first", "Perempuan, laporan pertama", "Women, first report"],
    ["women_latest", "Perempuan, laporan terakhir", "Women, latest report"]
);
const EMPLOYMENT: [AttestedDeclaration; 2] = first_and_latest!(
    "bpjs_ketenagakerjaan",
    [
        "bpjs_ketenagakerjaan_first",
        "BPJS Ketenagakerjaan, laporan pertama",
        "BPJS Ketenagakerjaan, first report"
    ],
    [
        "bpjs_ketenagakerjaan_latest",
        "BPJS Ketenagakerjaan, laporan terakhir",
        "BPJS Ketenagakerjaan, latest report"
    ]
);
const HEALTH: [AttestedDeclaration; 2] = first_and_latest!(
    "bpjs_kesehatan",
    ["bpjs_kesehatan_first", "BPJS Kesehatan, laporan pertama", "BPJS Kesehatan, first report"],
    ["bpjs_kesehatan_latest", "BPJS Kesehatan, laporan terakhir", "BPJS Kesehatan, latest report"]
);

pub(super) const JOBS: ViewDeclaration = ViewDeclaration {
    name: "jobs",
    version: 1,
    title: Words { id: "Perubahan tenaga kerja", en: "Change of the workforce" },
    definition: Words {
        id: "IKM yang menuntaskan suatu program (menurut trained versi 2) dan melaporkan tenaga kerjanya untuk \
             dua masa atau lebih, paling lambat pada hari yang ditanyakan. Yang dijumlahkan adalah laporan dengan \
             masa pertama dan laporan dengan masa terakhir dari IKM yang sama, sejauh keduanya menyebutnya: \
             pekerja, dan di antaranya perempuan, peserta BPJS Ketenagakerjaan dan BPJS Kesehatan. Angkanya \
             tersegel: jumlahnya disebut terpisah. Perubahan ini bukan dampak: banyak hal lain ikut berubah. \
             Wilayah adalah wilayah IKM.",
        en: "IKMs that completed a programme (by trained version 2) and reported their workforce for two periods \
             or more, no later than the day asked for. The report on the first period and the one on the latest \
             are added up, over the same IKMs, as far as both say it: workers, and of them women, those insured \
             with BPJS Ketenagakerjaan and with BPJS Kesehatan. The counts are sealed: their sums are attested \
             beside the figures. This change is not impact: much else changes, too. The area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "jobs_compared", unit: FigureUnit::Ikm }],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[
        WORKERS[0],
        WORKERS[1],
        WOMEN[0],
        WOMEN[1],
        EMPLOYMENT[0],
        EMPLOYMENT[1],
        HEALTH[0],
        HEALTH[1],
    ],
    count,
};

/// The reports of an IKM on its first and on its latest period; of several on one period the last.
#[derive(Clone, Copy)]
struct Ends<'a> {
    first: &'a Row<Workforce>,
    latest: &'a Row<Workforce>,
}

fn ends<'a>(scope: &Scope<'a>) -> NumberMap<Survivor, Ends<'a>> {
    let mut ends: NumberMap<Survivor, Ends<'a>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.workforces) {
        let of = ends.entry(scope.surviving_ikm(row.fact.ikm)).or_insert(Ends { first: row, latest: row });
        keep_highest(&mut of.first, row, |row| (std::cmp::Reverse(row.fact.to), scope.order(row)));
        keep_highest(&mut of.latest, row, |row| (row.fact.to, scope.order(row)));
    }
    ends.retain(|_, of| of.first.fact.to < of.latest.fact.to);
    ends
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let ends = ends(scope);
    if ends.is_empty() {
        // Nothing to compare; the roster would only cost time.
        return;
    }
    let schedules = Schedules::new(scope);
    let wants = |place: Place| {
        ends.contains_key(&place.ikm) && scope.wants_program(place.program) && scope.wants_ikm(place.ikm)
    };
    let roster = Roster::new(scope, &schedules, wants);
    for (attendee, presences) in roster.attendees().filter(|(attendee, _)| attendee.counts_for_ikm()) {
        let (Some(of), Some(completion)) = (ends.get(&attendee.ikm), roster.completion(attendee, presences))
        else {
            continue;
        };
        let (ikm, program) = (attendee.ikm, attendee.enrolment.fact.program);
        let events = tally.events(|events| {
            for report in [of.first, of.latest] {
                scope.trace(report, events);
                scope.trace_ikm_merges(report.fact.ikm, events);
            }
            trained::trace(scope, attendee, &completion, presences, events);
        });
        tally.rest_on_program(scope, program);
        tally.rest_on_events(&completion.closing.events);
        let (before, after) = (scope.effective(of.first), scope.effective(of.latest));
        tally.rest_on(scope, ikm, Id::NONE, BasisEvents::Pair { before, after });
        let [of_program, of_theme, ..] = trained::keys(scope, program);
        tally.credit(Credit {
            figure: 0,
            who: Counted::Ikm(ikm),
            at: NO_KEY,
            amount: 1,
            area: scope.ikm_area(ikm),
            keys: [of_program, of_theme, NO_KEY, NO_KEY],
            events,
        });
    }
}
