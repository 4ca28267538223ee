//! What is known at a log size, whatever the day: the rows in force, the merges, and the attendance lists.
//!
//! One of these serves every question at its log size, so that a series, or a view that asks others, sorts the attendance
//! lists once. What it keeps must never depend on a question: the days of one are named by whoever asks.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::values::Date;

use super::aliases::KnownMerges;
use super::attended::{Place, PresentRow};
use super::scope::NumberMap;
use crate::facts::{Chunks, Facts, Id, Live, Row};

/// The rows and relations at one log size.
pub(crate) struct Known<'a> {
    pub(super) facts: &'a Facts,
    pub(super) live: Live<'a>,
    pub(super) merges: KnownMerges,
    lists: OnceLock<Arc<Lists<'a>>>,
    stirs: OnceLock<NumberMap<Id, Vec<Date>>>,
}

impl<'a> Known<'a> {
    /// Events with an index below `as_known` count.
    pub(crate) fn new(facts: &'a Facts, as_known: u64) -> Arc<Self> {
        let live = Live::new(facts, as_known);
        let merges = KnownMerges::new(facts, &live);
        Arc::new(Self { facts, live, merges, lists: OnceLock::new(), stirs: OnceLock::new() })
    }

    /// The rows of a table that are in force, of every day.
    pub(super) fn rows<T>(&self, table: &'a Chunks<Row<T>>) -> impl Iterator<Item = &'a Row<T>> {
        table.iter().filter(|row| self.live.holds(row))
    }

    /// The attendance lists of all programmes; sorted once.
    pub(super) fn lists(&self) -> Arc<Lists<'a>> {
        Arc::clone(self.lists.get_or_init(|| Arc::new(Lists::new(self, |_| true))))
    }

    /// The same, where they are sorted already.
    pub(super) fn sorted_lists(&self) -> Option<Arc<Lists<'a>>> {
        self.lists.get().cloned()
    }

    /// Whether anything happened in a programme from one day to another, both included, by which somebody in it came
    /// to stand otherwise: a place, a session day, something said of its sessions, a presence, a withdrawal.
    pub(super) fn stirs(&self, program: Id, from: Date, to: Date) -> bool {
        let days = self.stirs.get_or_init(|| self.days_of_stir());
        let days = days.get(&program).map_or(&[][..], Vec::as_slice);
        days.get(days.partition_point(|day| *day < from)).is_some_and(|day| *day <= to)
    }

    fn days_of_stir(&self) -> NumberMap<Id, Vec<Date>> {
        let tables = &self.facts.tables;
        let mut days: NumberMap<Id, Vec<Date>> = NumberMap::default();
        let mut last = None;
        // Mostly the same of one programme many times in a row.
        let mut add = |program: Id, day: Date| {
            if last != Some((program, day)) {
                days.entry(program).or_default().push(day);
                last = Some((program, day));
            }
        };
        self.rows(&tables.enrolments).for_each(|row| add(row.fact.program, row.day));
        self.rows(&tables.withdrawals).for_each(|row| add(row.fact.program, row.day));
        self.rows(&tables.attendances).for_each(|row| add(row.fact.program, row.day));
        let mut programs: NumberMap<Id, Vec<Id>> = NumberMap::default();
        for row in self.rows(&tables.sessions) {
            add(row.fact.program, row.day);
            // In a log of another program one session may be of several programmes.
            programs.entry(row.fact.session).or_default().push(row.fact.program);
        }
        for row in self.rows(&tables.session_days) {
            for program in programs.get(&row.fact.session).into_iter().flatten() {
                add(*program, row.day);
                add(*program, row.fact.date);
            }
        }
        for row in self.rows(&tables.cancellations) {
            for program in programs.get(&row.fact.session).into_iter().flatten() {
                add(*program, row.day);
            }
        }
        for days in days.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        days
    }
}

/// Rows that say that somebody was present, those of one programme and IKM together, by day.
pub(super) struct Lists<'a> {
    rows: Vec<PresentRow<'a>>,
    /// The rows of each IKM, and of each person in their own name, in each programme, ascending by place.
    places: Vec<(Place, Range<usize>)>,
}

impl<'a> Lists<'a> {
    /// `wants` says whom it is about.
    pub(super) fn new(known: &Known<'a>, wants: impl Fn(Place) -> bool) -> Self {
        // Room for all of them, which costs nothing until it is filled.
        let mut rows = Vec::with_capacity(known.facts.tables.attendances.len());
        // The lists of a programme stand together, as a rule.
        let mut last = None;
        for row in known.rows(&known.facts.tables.attendances) {
            if row.fact.status != AttendanceStatus::Present {
                continue;
            }
            let (ikm, person) =
                (known.merges.surviving_ikm(row.fact.ikm), known.merges.surviving_person(row.fact.person));
            let present = PresentRow::new(row, ikm, person);
            let is_wanted = match last {
                Some((place, is_wanted)) if place == present.place() => is_wanted,
                _ => wants(present.place()),
            };
            last = Some((present.place(), is_wanted));
            if is_wanted {
                rows.push(present);
            }
        }
        let rows = in_order(rows);
        let mut places = Vec::new();
        let mut start = 0;
        for rows in rows.chunk_by(|left, right| left.place() == right.place()) {
            places.push((rows[0].place(), start..start + rows.len()));
            start += rows.len();
        }
        Self { rows, places }
    }

    /// Each place with its rows up to a day.
    pub(super) fn until(&self, day: Date) -> impl Iterator<Item = (Place, Range<usize>)> {
        self.places.iter().filter_map(move |(place, range)| {
            let rows = &self.rows[range.clone()];
            // Mostly all of them.
            let is_over = rows.last().is_some_and(|last| last.day() <= day);
            let count = if is_over { rows.len() } else { rows.partition_point(|one| one.day() <= day) };
            (count > 0).then(|| (*place, range.start..range.start + count))
        })
    }

    /// The rows of a range.
    pub(super) fn rows(&self, range: &Range<usize>) -> &[PresentRow<'a>] {
        &self.rows[range.clone()]
    }
}

/// The rows by place, in each by day, and of one day as they stood.
fn in_order(rows: Vec<PresentRow<'_>>) -> Vec<PresentRow<'_>> {
    // The lists of a programme mostly stand together: brought together as a whole, each is small enough to be sorted close
    // to the processor.
    let mut runs: Vec<&[PresentRow<'_>]> =
        rows.chunk_by(|left, right| left.place().program == right.place().program).collect();
    runs.sort_by_key(|run| run[0].place().program);
    let mut rows = runs.concat();
    for of_program in rows.chunk_by_mut(|left, right| left.place().program == right.place().program) {
        of_program.sort_by_key(PresentRow::rank);
    }
    rows
}
