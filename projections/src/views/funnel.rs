//! `funnel`: how far the IKMs of a programme came.

use jejak_events::types::ikm::Verdict;
use jejak_events::values::Date;

use super::aliases::Survivor;
use super::attended::{Attended, Place, first_of};
use super::certified;
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::trained::{self, Figures};
use super::validity::valid_certificates;
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Assessment, CodeId, Id, Row};
use crate::question::Filter;

const fn stage(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Ikm }
}

pub(super) const FUNNEL: ViewDeclaration = ViewDeclaration {
    name: "funnel",
    version: 2,
    title: Words { id: "Corong hasil program", en: "Funnel of the programmes" },
    definition: Words {
        id: "IKM yang mendapat tempat dalam suatu program (juga bila kemudian mundur), dan dari mereka: yang \
             hadir paling sedikit sehari; yang menuntaskannya menurut trained versi 2; yang dinilai dalam \
             program itu; yang penilaian terakhirnya di sana dalam suatu skema lulus; yang hari itu memegang \
             sertifikat berlaku (IKM, produknya, atau orangnya) yang menyebut program itu, berlaku seperti pada \
             certified; yang sesudah hari sesi terakhir kelompoknya mengikuti pameran; yang sesudahnya \
             mengekspor. Tahap \
             tidak mensyaratkan tahap sebelumnya. Semua paling lambat pada hari yang ditanyakan. Tiap program \
             satu baris; tidak ada jumlah atas beberapa program (-). Wilayah adalah wilayah program, atau \
             wilayah IKM bila diminta.",
        en: "IKMs that were given a place in a programme (also when they left later), and of them: those \
             present on at least one day; those that completed it, by trained version 2; those assessed in \
             that programme; those whose latest assessment there in a scheme was positive; those that on the day \
             hold a valid certificate (of the IKM, a product of it or a person of it) that names the \
             programme, valid as in certified; those that took part in an exhibition after the last session day \
             of their group; \
             those that exported after it. No stage presupposes the one before. All no later than the day \
             asked for. Each programme is a row; there is no total over programmes (-). The area is that of the \
             programme, or that of the IKM where asked so.",
    },
    filters: &[Filter::Area, Filter::AreaOf, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        stage("funnel_enrolled"),
        stage("funnel_participated"),
        stage("funnel_completed"),
        stage("funnel_assessed"),
        stage("funnel_passed"),
        stage("funnel_certified"),
        stage("funnel_exhibited_after"),
        stage("funnel_exported_after"),
    ],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count,
};

type FunnelPlace = (Survivor, Id);

/// Of each IKM in a programme the last session day of its group, the latest of several; none where nothing is
/// scheduled.
type LastDays = NumberMap<FunnelPlace, Option<Date>>;

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    if scope.question.program.is_none() {
        (0..FUNNEL.figures.len()).for_each(|figure| tally.without_total(figure));
    }
    let wants = |place| scope.wants_result(place);
    let schedules = Schedules::new(scope);
    let cohorts = enrolled(scope, tally, &schedules);
    let attended = Attended::new(scope, wants);
    for rows in attended.places() {
        let Place { program, ikm, .. } = rows[0].place();
        // One day is enough to have attended, and the first stands for all.
        let first = || first_of(scope, rows.iter());
        if let Some(row) = cohorts.contains_key(&(ikm, program)).then(first).flatten() {
            credit(scope, tally, 1, (ikm, program), |events| {
                scope.trace(row, events);
                scope.trace_ikm_merges(row.fact.ikm, events);
            });
        }
    }
    let roster = Roster::among(scope, &schedules, &attended, wants);
    trained::count_completers(scope, tally, &roster, Figures { ikms: Some(2), persons: None });
    count_assessed(scope, tally, &cohorts);

    let mut programs: NumberMap<Survivor, Vec<(Id, Option<Date>)>> = NumberMap::default();
    for ((ikm, program), last) in &cohorts {
        programs.entry(*ikm).or_default().push((*program, *last));
    }
    let of = |ikm: Survivor| programs.get(&ikm).into_iter().flatten();
    for valid in valid_certificates(scope) {
        let Some(ikm) = certified::ikm_of(scope, &valid) else { continue };
        let place = (ikm, valid.issue.fact.program);
        if cohorts.contains_key(&place) && certified::is_held(scope, &valid) {
            credit(scope, tally, 5, place, |events| certified::trace(scope, &valid, events));
        }
    }
    let after = |day: Date, last: &Option<Date>| last.is_some_and(|last| last < day);
    for row in scope.rows(&tables.participations) {
        let ikm = scope.surviving_ikm(row.fact.ikm);
        for (program, _) in of(ikm).filter(|(_, last)| after(row.day, last)) {
            credit(scope, tally, 6, (ikm, *program), |events| {
                scope.trace(row, events);
                scope.trace_ikm_merges(row.fact.ikm, events);
            });
        }
    }
    for row in scope.rows(&tables.shipments) {
        let ikm = scope.surviving_ikm(row.fact.ikm);
        for (program, _) in of(ikm).filter(|(_, last)| after(row.day, last)) {
            credit(scope, tally, 7, (ikm, *program), |events| {
                scope.trace(row, events);
                scope.trace_ikm_merges(row.fact.ikm, events);
            });
        }
    }
}

/// Credits those who were given a place.
fn enrolled(scope: &Scope<'_>, tally: &mut Tally, schedules: &Schedules) -> LastDays {
    let mut cohorts = LastDays::default();
    let mut group = None;
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        if !scope.wants_result(Place::of_ikm(program, ikm)) {
            continue;
        }
        tally.rest_on_program(scope, program);
        credit(scope, tally, 0, (ikm, program), |events| {
            scope.trace(row, events);
            scope.trace_ikm(row.fact.ikm, events);
        });
        let last = schedules.days(program, row.fact.group).map(|(_, last)| last);
        // One group of a programme after the other, as a rule: its sessions need not be noted for each IKM.
        if group != Some((program, row.fact.group)) {
            tally.rest_on_events(schedules.events(program, row.fact.group));
            group = Some((program, row.fact.group));
        }
        let latest = cohorts.entry((ikm, program)).or_default();
        *latest = (*latest).max(last);
    }
    cohorts
}

/// Credits those who were assessed, and those who passed.
fn count_assessed(scope: &Scope<'_>, tally: &mut Tally, cohorts: &LastDays) {
    let mut latest: NumberMap<(Survivor, Id, CodeId), &Row<Assessment>> = NumberMap::default();
    let add = |tally: &mut Tally, figure, row: &Row<Assessment>| {
        let place = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        credit(scope, tally, figure, place, |events| {
            scope.trace(row, events);
            scope.trace_ikm_merges(row.fact.ikm, events);
        });
    };
    for row in scope.rows(&scope.facts.tables.assessments) {
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        if !cohorts.contains_key(&(ikm, program)) {
            continue;
        }
        add(tally, 3, row);
        let last = latest.entry((ikm, program, row.fact.scheme)).or_insert(row);
        keep_highest(last, row, |row| scope.order(row));
    }
    for row in latest.into_values().filter(|row| row.fact.verdict == Verdict::Passed) {
        add(tally, 4, row);
    }
}

fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    figure: usize,
    (ikm, program): FunnelPlace,
    trace: impl FnOnce(&mut Vec<u64>),
) {
    let events = tally.events(trace);
    let keys = [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY];
    let (who, area) = (Counted::Ikm(ikm), scope.result_area(Place::of_ikm(program, ikm)));
    tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
}
