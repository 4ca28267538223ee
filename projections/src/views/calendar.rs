//! The sessions of programmes as their calendar stands on the day asked for.

use jejak_events::values::Date;

use super::scope::{NumberMap, Scope};
use crate::facts::{Id, Row, Session, SessionDay};

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

/// All sessions on the calendar, in the order of the table.
pub(super) fn calendar<'a>(scope: &Scope<'a>) -> Vec<CalendarEntry<'a>> {
    let tables = &scope.facts.tables;
    let mut days: NumberMap<Id, Vec<&'a Row<SessionDay>>> = NumberMap::default();
    for row in scope.rows(&tables.session_days) {
        let said = days.entry(row.fact.session).or_default();
        // The last word on the days of a session takes the place of those before it.
        match said.first().map(|first| scope.order(first).cmp(&scope.order(row))) {
            Some(std::cmp::Ordering::Less) => *said = vec![row],
            Some(std::cmp::Ordering::Greater) => {}
            Some(std::cmp::Ordering::Equal) | None => said.push(row),
        }
    }
    for row in scope.rows(&tables.cancellations) {
        days.remove(&row.fact.session);
    }
    let sessions = scope.rows(&tables.sessions).filter_map(|session| {
        let days = days.get(&session.fact.session)?.clone();
        let last = days.iter().map(|day| day.fact.date).max()?;
        Some(CalendarEntry { session, days, last })
    });
    sessions.collect()
}
