//! The sessions of programmes as their calendar stands on a day.

use jejak_events::values::Date;

use super::scope::{NumberMap, Scope};
use crate::facts::{Cancellation, Id, Row, Session, SessionDay};

/// A session that was not called off by the day.
pub(super) struct CalendarEntry<'a> {
    /// Its scheduling.
    pub(super) session: &'a Row<Session>,
    /// Its days, as last said by the day asked for; at least one.
    pub(super) days: Vec<&'a Row<SessionDay>>,
    /// The last of them.
    pub(super) last: Date,
}

impl CalendarEntry<'_> {
    /// Adds the events that put the session on the calendar and gave it its days.
    pub(super) fn trace(&self, scope: &Scope<'_>, events: &mut Vec<u64>) {
        scope.trace(self.session, events);
        // All days come from one event.
        if let Some(day) = self.days.first() {
            scope.trace(day, events);
        }
    }
}

/// All that was said of when a session is, up to the day asked for.
pub(super) struct SessionLife<'a> {
    /// Its scheduling.
    pub(super) session: &'a Row<Session>,
    /// What was said of its days, the last word last; the rows of a word come from one event.
    words: Vec<Vec<&'a Row<SessionDay>>>,
    /// The first calling off.
    called_off: Option<&'a Row<Cancellation>>,
}

impl<'a> SessionLife<'a> {
    /// Its days as they stood at the end of a day; `None` where it was not on the calendar then.
    pub(super) fn on(&self, day: Date) -> Option<&[&'a Row<SessionDay>]> {
        if self.session.day > day || self.called_off.is_some_and(|row| row.day <= day) {
            return None;
        }
        self.words.iter().rfind(|word| word[0].day <= day).map(Vec::as_slice)
    }

    /// The days on which something was said of it.
    pub(super) fn changes(&self) -> impl Iterator<Item = Date> {
        let words = self.words.iter().map(|word| word[0].day);
        words.chain([self.session.day]).chain(self.called_off.map(|row| row.day))
    }
}

/// All sessions that were ever on the calendar by the day, in the order of the table.
pub(super) fn lives<'a>(scope: &Scope<'a>) -> Vec<SessionLife<'a>> {
    let tables = &scope.facts.tables;
    let mut days: NumberMap<Id, Vec<&'a Row<SessionDay>>> = NumberMap::default();
    for row in scope.rows(&tables.session_days) {
        days.entry(row.fact.session).or_default().push(row);
    }
    let mut called_off: NumberMap<Id, &'a Row<Cancellation>> = NumberMap::default();
    for row in scope.rows(&tables.cancellations) {
        let first = called_off.entry(row.fact.session).or_insert(row);
        if scope.order(row) < scope.order(first) {
            *first = row;
        }
    }
    for rows in days.values_mut() {
        rows.sort_by_key(|row| scope.order(row));
    }
    let life = |session: &'a Row<Session>| {
        let rows = days.get(&session.fact.session).map_or(&[][..], Vec::as_slice);
        let words = rows.chunk_by(|left, right| scope.order(left) == scope.order(right));
        SessionLife {
            session,
            words: words.map(<[_]>::to_vec).collect(),
            called_off: called_off.get(&session.fact.session).copied(),
        }
    };
    scope.rows(&tables.sessions).map(life).collect()
}

/// All sessions on the calendar, in the order of the table.
pub(super) fn calendar<'a>(scope: &Scope<'a>) -> Vec<CalendarEntry<'a>> {
    let entry = |life: SessionLife<'a>| {
        let days = life.on(scope.question.on)?.to_vec();
        let last = days.iter().map(|day| day.fact.date).max()?;
        Some(CalendarEntry { session: life.session, days, last })
    };
    lives(scope).into_iter().filter_map(entry).collect()
}
