//! `repeaters`: how many programmes an IKM took part in, who is new, and who never came to any.

use std::cmp::Reverse;

use jejak_events::area::AreaCode;
use jejak_events::types::ikm::AttendanceStatus;

use super::aliases::Survivor;
use super::attended::Place;
use super::registered;
use super::scope::{ById, NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Cut, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration};
use crate::answer::Words;
use crate::facts::{Attendance, Id, Row};
use crate::question::Filter;

pub(super) const REPEATERS: ViewDeclaration = ViewDeclaration {
    name: "repeaters",
    version: 1,
    title: Words { id: "Peserta baru dan berulang", en: "New and repeated participants" },
    definition: Words {
        id: "IKM yang menurut daftar hadir pernah hadir dalam satu, dua, dan tiga program atau lebih; tiap \
             program dihitung sekali, dan hanya program dalam lingkup yang ditanyakan. newcomers: IKM yang \
             kehadiran pertamanya di sana dalam masa yang ditanyakan; first_year: tahun kehadiran pertama itu. \
             never_participated: IKM dalam registri (menurut registered versi 1) yang belum pernah hadir dalam \
             program apa pun, di wilayah mana pun, sampai hari yang ditanyakan; wilayahnya wilayah IKM. Wilayah \
             selebihnya adalah wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: hanya \
             program yang dihadiri dalam masa itu.",
        en: "IKMs that are on record as present in one, in two, and in three or more programmes; each programme \
             counts once, and only programmes within what is asked for. newcomers: IKMs whose first presence there \
             lies in the period asked for; first_year: the year of that first presence. never_participated: IKMs in \
             the register (by registered version 1) that were present in no programme at all, in any area, by the \
             day asked for; their area is that of the IKM. Elsewhere the area is that of the programme, or that of \
             the IKM where asked so. With a first day: only programmes attended in that period.",
    },
    filters: &[Filter::Area, Filter::AreaOf, Filter::Scale, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration::of_ikms("in_one_program"),
        FigureDeclaration::of_ikms("in_two_programs"),
        FigureDeclaration::of_ikms("in_three_or_more"),
        FigureDeclaration::of_ikms("newcomers"),
        FigureDeclaration::of_ikms("never_participated"),
    ],
    breakdowns: &["first_year"],
    shares: &[],
    attested: &[],
    count,
};

/// Places of the figures after those by the number of programmes.
const NEWCOMERS: usize = 3;
const NEVER: usize = 4;

/// An IKM in a programme.
struct InProgram<'a> {
    ikm: Survivor,
    program: Id,
    area: Option<AreaCode>,
    /// Its first presence there.
    first: &'a Row<Attendance>,
    /// Its first presence there in the period asked for.
    in_period: Option<&'a Row<Attendance>>,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let mut first: NumberMap<(Survivor, Id), InProgram<'_>> = NumberMap::default();
    let mut came: ById<()> = ById::default();
    for row in scope.rows(&scope.facts.tables.attendances) {
        // Who comes in their own name comes for no IKM.
        if row.fact.status != AttendanceStatus::Present || !row.fact.ikm.is_some() {
            continue;
        }
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        *came.slot(ikm.0) = Some(());
        if !scope.wants_result(Place::of_ikm(program, ikm)) {
            continue;
        }
        let of_program = || {
            let area = scope.result_area(Place::of_ikm(program, ikm));
            InProgram { ikm, program, area, first: row, in_period: None }
        };
        let one = first.entry((ikm, program)).or_insert_with(of_program);
        keep_highest(&mut one.first, row, |row| Reverse(scope.order(row)));
        if scope.since(row.day) {
            keep_highest(one.in_period.get_or_insert(row), row, |row| Reverse(scope.order(row)));
        }
    }
    let mut programs: Vec<InProgram<'_>> = first.into_values().collect();
    programs.sort_unstable_by_key(|one| (one.ikm, one.area, one.program));
    for of_ikm in programs.chunk_by(|left, right| left.ikm == right.ikm) {
        for cut in [Cut::Total, Cut::Breakdown(0)] {
            credit(scope, tally, cut, of_ikm);
        }
        for of_area in of_ikm.chunk_by(|left, right| left.area == right.area) {
            credit(scope, tally, Cut::Area, of_area);
        }
    }
    for profile in scope.profiles() {
        let ikm = profile.ikm;
        if !profile.works() || !scope.wants_ikm(ikm) || came.get(ikm.0).is_some() {
            continue;
        }
        let events = tally.events(|events| registered::trace(scope, &profile, events));
        let (who, area) = (Counted::Ikm(ikm), Some(profile.area));
        for cut in [Cut::Total, Cut::Area] {
            let keys = [NO_KEY; 4];
            tally.credit_in(cut, Credit { figure: NEVER, who, at: NO_KEY, amount: 1, area, keys, events });
        }
    }
}

/// Credits an IKM by the programmes that it was present in.
fn credit(scope: &Scope<'_>, tally: &mut Tally, cut: Cut, programs: &[InProgram<'_>]) {
    let Some(first) = programs.iter().min_by_key(|one| scope.order(one.first)) else { return };
    let attended = programs.iter().filter(|one| one.in_period.is_some()).count();
    let by_number = attended.min(3).checked_sub(1);
    let is_new = scope.since(first.first.day).then_some(NEWCOMERS);
    let events = tally.events(|events| {
        for row in programs.iter().filter_map(|one| one.in_period).chain([first.first]) {
            scope.trace(row, events);
            scope.trace_ikm(row.fact.ikm, events);
        }
    });
    programs.iter().for_each(|one| tally.rest_on_program(scope, one.program));
    let (who, area) = (Counted::Ikm(first.ikm), programs[0].area);
    let keys = [Key::Year(first.first.day.year()), NO_KEY, NO_KEY, NO_KEY];
    for figure in by_number.into_iter().chain(is_new) {
        tally.credit_in(cut, Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
}
