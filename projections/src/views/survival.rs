//! `survival`: which of the trained IKMs were open one and two years later.

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::completed::{Completed, completed, first_by};
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Cut, NO_KEY, Tally};
use super::trained::keys;
use super::{
    AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ShareDeclaration, ViewDeclaration,
};
use crate::answer::Words;
use crate::facts::{Id, Ikm, Row, Working};

pub(super) const SURVIVAL: ViewDeclaration = ViewDeclaration {
    name: "survival",
    version: 1,
    title: Words { id: "Masih buka sesudah pelatihan", en: "Still open after a training" },
    definition: Words {
        id: "IKM yang menuntaskan program (menurut trained versi 2) paling sedikit 365 hari sebelum hari yang \
             ditanyakan (trained_one_year_ago), dan di antaranya yang 365 hari sesudah ketuntasan pertamanya \
             terdaftar dan tidak tutup (open_one_year_later); begitu pula dengan 730 hari. trained_closed: yang pernah menuntaskan program dan tutup pada hari \
             yang ditanyakan, kapan pun tuntasnya. Yang tutup lalu buka \
             kembali sebelum hari itu terhitung buka. Ketuntasan pertama adalah yang pertama dalam lingkup yang \
             ditanyakan. Bertahan bukan bukti bahwa pelatihan itu penyebabnya. Wilayah adalah wilayah program, \
             atau wilayah IKM bila diminta. Dengan tanggal awal: hanya yang tuntas pertama kali dalam masa itu.",
        en: "IKMs that completed a programme (by trained version 2) at least 365 days before the day asked for \
             (trained_one_year_ago), and those of them that 365 days after they first completed were registered and \
             not closed (open_one_year_later); likewise with 730 days. trained_closed: those that completed one, \
             however long ago, and are closed on the day asked for. Whoever closed and reopened before that day \
             counts as open. First completed means first within what is asked for. To survive does not prove that \
             the training was the cause. The area is that of the programme, or that of the IKM where asked so. With \
             a first day: only those that first completed in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration::of_ikms("trained_one_year_ago"),
        FigureDeclaration::of_ikms("open_one_year_later"),
        FigureDeclaration::of_ikms("trained_two_years_ago"),
        FigureDeclaration::of_ikms("open_two_years_later"),
        FigureDeclaration::of_ikms("trained_closed"),
    ],
    breakdowns: &["program", "theme"],
    shares: &[
        ShareDeclaration::within("open_after_one_year", "open_one_year_later", "trained_one_year_ago"),
        ShareDeclaration::within("open_after_two_years", "open_two_years_later", "trained_two_years_ago"),
    ],
    attested: &[],
    count,
};

/// The days after which is looked, each with the place of its first figure.
const AFTER_DAYS: [(i32, usize); 2] = [(365, 0), (730, 2)];

/// Place of the figure of those closed on the day asked for.
const CLOSED: usize = 4;

/// Where what an IKM completed first counts: it may be another thing in each.
const CUTS: [Cut; 4] = [Cut::Total, Cut::Area, Cut::Breakdown(0), Cut::Breakdown(1)];

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let schedules = Schedules::new(scope);
    let roster = Roster::new(scope, &schedules, |place| scope.wants_result(place));
    let completed = completed(&roster);
    let lives = Lives::new(scope, &completed);
    // In the order of the cuts.
    let firsts: [Vec<usize>; CUTS.len()] = [
        first_by(scope, &completed, |_| ()),
        first_by(scope, &completed, |one| scope.result_area(one.attendee.place())),
        first_by(scope, &completed, Completed::program),
        first_by(scope, &completed, |one| scope.theme(one.program())),
    ];
    let mut counts_in = vec![[false; CUTS.len()]; completed.len()];
    for (cut, places) in firsts.iter().enumerate() {
        places.iter().for_each(|place| counts_in[*place][cut] = true);
    }
    for (one, counts_in) in completed.iter().zip(counts_in) {
        if counts_in.contains(&true) && scope.since(one.completion.on) {
            credit(scope, tally, one, counts_in, &lives);
        }
    }
}

/// Credits an IKM for what it completed first, in some of the cuts.
fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    one: &Completed<'_, '_, '_>,
    counts_in: [bool; CUTS.len()],
    lives: &Lives<'_>,
) {
    let (completion, ikm, program) = (&one.completion, one.attendee.ikm, one.program());
    let now = Some(lives.on(scope, ikm, scope.question.on)).filter(Life::is_closed);
    let later = AFTER_DAYS.map(|(days, figure)| {
        let later = Date::from_day_number(completion.on.day_number() + days);
        let life = lives.on(scope, ikm, later.filter(|later| *later <= scope.question.on)?);
        Some((figure..=figure + usize::from(life.is_open()), life))
    });
    let spoke =
        || [now.as_ref()].into_iter().chain(later.iter().map(|one| one.as_ref().map(|(_, life)| life)));
    if spoke().flatten().next().is_none() {
        return;
    }
    let is_listed = CUTS.into_iter().zip(counts_in).any(|(cut, counts)| counts && tally.lists(cut));
    let events = tally.events(|events| {
        if is_listed {
            one.trace(scope, events);
            for Life { registration, working } in spoke().flatten() {
                registration.iter().for_each(|row| scope.trace(row, events));
                working.iter().for_each(|row| scope.trace(row, events));
            }
        }
    });
    tally.rest_on_program(scope, program);
    tally.rest_on_events(&completion.closing.events);
    let (who, area, keys) =
        (Counted::Ikm(ikm), scope.result_area(one.attendee.place()), keys(scope, program));
    let figures = later.iter().flatten().flat_map(|(figures, _)| figures.clone());
    for figure in figures.chain(now.is_some().then_some(CLOSED)) {
        let credit = Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events };
        if counts_in == [true; CUTS.len()] {
            tally.credit(credit);
            continue;
        }
        let cuts = CUTS.into_iter().zip(counts_in).filter(|(_, counts)| *counts);
        cuts.for_each(|(cut, _)| tally.credit_in(cut, credit));
    }
}

/// What is said of the registration and the working of IKMs, in order.
struct Lives<'a> {
    registrations: NumberMap<Survivor, Vec<&'a Row<Ikm>>>,
    workings: NumberMap<Id, Vec<&'a Row<Working>>>,
}

/// What spoke for an IKM on a day.
struct Life<'a> {
    registration: Option<&'a Row<Ikm>>,
    working: Option<&'a Row<Working>>,
}

impl Life<'_> {
    fn is_open(&self) -> bool {
        self.registration.is_some() && self.working.is_none_or(|row| row.fact.works)
    }

    fn is_closed(&self) -> bool {
        self.registration.is_some() && !self.is_open()
    }
}

impl<'a> Lives<'a> {
    /// Of those that completed.
    fn new(scope: &Scope<'a>, completed: &[Completed<'_, '_, '_>]) -> Self {
        let mut registrations: NumberMap<Survivor, Vec<&'a Row<Ikm>>> =
            completed.iter().map(|one| (one.attendee.ikm, Vec::new())).collect();
        for row in scope.rows(&scope.facts.tables.ikms) {
            if let Some(rows) = registrations.get_mut(&scope.surviving_ikm(row.fact.ikm)) {
                rows.push(row);
            }
        }
        registrations.values_mut().for_each(|rows| rows.sort_unstable_by_key(|row| scope.order(row)));
        let mut workings: NumberMap<Id, Vec<&'a Row<Working>>> = NumberMap::default();
        for row in scope.rows(&scope.facts.tables.workings) {
            workings.entry(row.fact.ikm).or_default().push(row);
        }
        workings.values_mut().for_each(|rows| rows.sort_unstable_by_key(|row| scope.order(row)));
        Self { registrations, workings }
    }

    /// As it stood on a day: its own stream speaks, or before its registration the one of those merged into it
    /// that was registered first.
    fn on(&self, scope: &Scope<'_>, ikm: Survivor, day: Date) -> Life<'a> {
        let rows = self.registrations.get(&ikm).map_or(&[][..], Vec::as_slice);
        let rows = &rows[..rows.partition_point(|row| row.day <= day)];
        let last_of = |stream: Id| rows.iter().rev().find(|row| row.fact.ikm == stream).copied();
        let first = || {
            let lasts = rows.iter().filter_map(|row| last_of(row.fact.ikm));
            lasts.min_by_key(|row| scope.order(row))
        };
        let registration = last_of(ikm.0).or_else(first);
        let working = registration
            .and_then(|row| self.workings.get(&row.fact.ikm))
            .and_then(|rows| rows[..rows.partition_point(|row| row.day <= day)].last().copied());
        Life { registration, working }
    }
}
