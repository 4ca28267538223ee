//! Narrowing to one row: of all credits those alone that count in it, so that the figures of the whole are its own.
//!
//! A figure that is counted anew for each cut, such as a verdict by programme, is right in the row and says nothing of
//! the other breakdowns beside it: there it is not known.

use std::collections::BTreeSet;

use jejak_events::area::AreaCode;
use jejak_events::values::Date;

use super::{Counted, Cut, KeptCredit, Key, NumberMap, Tally, Totals};
use crate::answer::{AreaRow, BreakdownRow, Figure};
use crate::facts::{Facts, Id};
use crate::question::{BY_AREA, OnlyRow};
use crate::views::scope::Scope;

/// The breakdown that says of which programme something is.
const BY_PROGRAM: &str = "program";

/// Where the rows stand of which one is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Areas,
    /// Of a breakdown, by its place.
    Breakdown(usize),
}

/// A row that is wanted, as it is written.
struct WantedRow<'a> {
    rows: Rows,
    text: Option<&'a str>,
    facts: &'a Facts,
    /// Which keys are written so.
    keys: NumberMap<Key, bool>,
}

impl WantedRow<'_> {
    fn is_of(&mut self, area: Option<AreaCode>, key: impl FnOnce(usize) -> Key) -> bool {
        match self.rows {
            Rows::Areas => area.map(|area| area.to_string()).as_deref() == self.text,
            Rows::Breakdown(place) => {
                let (key, text, facts) = (key(place), self.text, self.facts);
                let fits = |key: Key| key != Key::NoRow && key.text(facts).as_deref() == text;
                *self.keys.entry(key).or_insert_with_key(|key| fits(*key))
            }
        }
    }

    /// Whether what counts in a cut counts in the row.
    fn counts(&self, cut: Cut) -> bool {
        match (cut, self.rows) {
            (Cut::Everywhere, _) | (Cut::Area, Rows::Areas) => true,
            (Cut::Breakdown(place), Rows::Breakdown(wanted)) => usize::from(place) == wanted,
            (Cut::Total | Cut::Area | Cut::Breakdown(_), _) => false,
        }
    }
}

/// The row to which a tally was narrowed.
pub(in crate::views) struct NarrowedRow {
    rows: Rows,
    /// Its area, where the rows are by area.
    area: Option<AreaCode>,
    key: Option<String>,
    /// The day that it goes by.
    day: Option<Date>,
    /// Whether anything counts in it.
    exists: bool,
    /// By figure: whether it is counted anew for each cut.
    is_cut: Vec<bool>,
}

impl Tally {
    /// Keeps what counts in a row, which is that of an area or of a breakdown of the view.
    pub(in crate::views) fn narrow(&mut self, only: &OnlyRow, scope: &Scope<'_>) -> NarrowedRow {
        let facts = scope.facts;
        let place = self.breakdowns.iter().position(|by| *by == only.by);
        debug_assert!(place.is_some() || only.by == BY_AREA, "{only:?}");
        let rows = place.map_or(Rows::Areas, Rows::Breakdown);
        let text = only.key.as_deref();
        let mut wanted = WantedRow { rows, text, facts, keys: NumberMap::default() };
        let mut is_cut = vec![false; self.figures.len()];
        for credit in self.credits.iter().filter(|credit| credit.cut != Cut::Everywhere) {
            is_cut[usize::from(credit.figure)] = true;
        }
        let keys = &self.keys;
        self.credits.retain_mut(|credit| {
            let key = |column| keys[credit.keys as usize + column];
            let counts = wanted.counts(credit.cut) && wanted.is_of(credit.area, key);
            // In the row it is part of the whole, and in no other cut.
            credit.cut = if is_cut[usize::from(credit.figure)] { Cut::Total } else { Cut::Everywhere };
            counts
        });
        self.known.retain(|known| wanted.is_of(known.area, |column| known.keys[column]));
        self.counted.retain(|one| wanted.is_of(one.area, |column| one.keys[column]));
        if rows == Rows::Areas && self.without_total.iter().all(|without| *without) {
            self.credits.clear();
        }
        let area = self.credits.first().and_then(|credit| credit.area).filter(|_| rows == Rows::Areas);
        self.narrow_meaning(rows, area);
        self.narrow_days();
        self.narrow_bases();
        self.narrow_context(scope);
        let mut days = self.row_days.iter();
        let day = days.find(|((column, key), _)| {
            rows == Rows::Breakdown(*column) && wanted.keys.get(key).is_some_and(|is_wanted| *is_wanted)
        });
        NarrowedRow {
            rows,
            area,
            key: only.key.clone(),
            day: day.map(|(_, day)| *day),
            exists: !self.credits.is_empty(),
            is_cut,
        }
    }

    /// What means nothing in the whole may mean something in a row, and what does not in an area does not in its row.
    fn narrow_meaning(&mut self, rows: Rows, area: Option<AreaCode>) {
        match rows {
            Rows::Breakdown(_) => {
                self.without_total.fill(false);
                self.unlike.retain(|(_, area)| area.is_some());
            }
            Rows::Areas => {
                self.unlike.retain(|(_, of)| of.is_some());
                let of_whole = self.unlike.iter().filter(|(_, of)| *of == area);
                let of_whole: Vec<_> = of_whole.map(|(figure, _)| (*figure, None)).collect();
                self.unlike.extend(of_whole);
                if area.is_none() {
                    self.without_total.fill(false);
                }
            }
        }
    }

    /// Leaves the days that are about a credit.
    fn narrow_days(&mut self) {
        self.days.clear();
        for credit in &self.credits {
            let before = self.noted_days.partition_point(|(place, ..)| *place <= credit.place);
            let Some((_, _, day)) = before.checked_sub(1).map(|at| self.noted_days[at]).filter(of(credit))
            else {
                continue;
            };
            let earliest = self.days.entry(credit.who).or_insert(day);
            *earliest = (*earliest).min(day);
        }
    }

    /// Leaves out the events that are about other programmes than those of the credits. Where a view does not say whose
    /// its credits are, its events stay.
    fn narrow_context(&mut self, scope: &Scope<'_>) {
        if self.credits.is_empty() || !self.is_traced {
            return self.context.clear();
        }
        let Some(column) = self.breakdowns.iter().position(|by| *by == BY_PROGRAM) else { return };
        let program = |credit: &KeptCredit| match self.keys[credit.keys as usize + column] {
            Key::Id(program) => Some(program),
            _ => None,
        };
        let Some(own) = self.credits.iter().map(program).collect::<Option<BTreeSet<Id>>>() else { return };
        let tables = &scope.facts.tables;
        // In a log of another program a session may be of several.
        let mut sessions: NumberMap<Id, bool> = NumberMap::default();
        let (mut of_own, mut of_others) = (Vec::new(), Vec::new());
        for row in scope.rows(&tables.programs) {
            scope.trace(row, if own.contains(&row.fact.program) { &mut of_own } else { &mut of_others });
        }
        for row in scope.rows(&tables.sessions) {
            *sessions.entry(row.fact.session).or_default() |= own.contains(&row.fact.program);
        }
        let is_own = |session: &Id| sessions.get(session).is_none_or(|is_own| *is_own);
        for row in scope.rows(&tables.sessions) {
            scope.trace(row, if is_own(&row.fact.session) { &mut of_own } else { &mut of_others });
        }
        for row in scope.rows(&tables.session_days) {
            scope.trace(row, if is_own(&row.fact.session) { &mut of_own } else { &mut of_others });
        }
        of_own.sort_unstable();
        of_others.sort_unstable();
        let stays =
            |index: &u64| of_own.binary_search(index).is_ok() || of_others.binary_search(index).is_err();
        self.context.retain(stays);
    }

    /// Leaves the sealed figures that are about a credit.
    fn narrow_bases(&mut self) {
        // Credits stand as they came.
        let is_kept = |place: &u32| self.credits.binary_search_by_key(place, |credit| credit.place).is_ok();
        let mut noted = self.places_of_bases.iter();
        self.bases.retain(|_| noted.next().is_some_and(is_kept));
    }
}

/// Whether a day was noted of whom a credit is put down to.
fn of(credit: &KeptCredit) -> impl Fn(&(u32, Counted, Date)) -> bool {
    let who = credit.who;
    move |(_, noted, _)| *noted == who
}

impl NarrowedRow {
    /// Leaves of what was counted what means something beside the row.
    pub(in crate::views) fn keep_alone(self, counted: &mut Totals) {
        let figures = counted.figures.clone();
        let is_cut = &self.is_cut;
        let means = |figures: &mut Vec<Figure>| {
            for (figure, is_cut) in figures.iter_mut().zip(is_cut) {
                figure.value = figure.value.filter(|_| !is_cut);
            }
            figures.iter().any(|figure| figure.value.is_some())
        };
        counted.by_area.retain_mut(|row| means(&mut row.figures));
        for breakdown in &mut counted.breakdowns {
            breakdown.rows.retain_mut(|row| means(&mut row.figures));
        }
        let exists = self.exists.then_some(());
        match self.rows {
            Rows::Areas => {
                counted.by_area = exists.map(|()| AreaRow { area: self.area, figures }).into_iter().collect();
            }
            Rows::Breakdown(place) => {
                let row = exists.map(|()| BreakdownRow { day: self.day, figures, key: self.key });
                counted.breakdowns[place].rows = row.into_iter().collect();
            }
        }
    }
}
