//! Facts without some events, for whoever must not count them; and which original a correction speaks for.

use std::collections::BTreeSet;

use jejak_events::values::Date;

use super::live::place;
use super::rows::{Fact, Row, Visit};
use super::{AmendmentRows, Chunks, Facts};

/// Drops the rows whose content comes from one of some events.
struct Drop<'a> {
    amendments: &'a Chunks<AmendmentRows>,
    events: &'a BTreeSet<u64>,
}

impl Visit for Drop<'_> {
    type Error = std::convert::Infallible;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), Self::Error> {
        let goes = |row: &Row<T>| {
            let amendment = if row.amendment == 0 { None } else { self.amendments.get(place(row.amendment)) };
            self.events.contains(&amendment.map_or(row.position, |amendment| amendment.effective))
        };
        // Most tables have nothing of them, and stay shared.
        if rows.iter().any(goes) {
            rows.edit(|rows| rows.retain(|row| !goes(row)));
        }
        Ok(())
    }
}

/// Drops the rows of what happened on a day.
struct DropDay(Date);

impl Visit for DropDay {
    type Error = std::convert::Infallible;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), Self::Error> {
        if rows.iter().any(|row| row.day == self.0) {
            rows.edit(|rows| rows.retain(|row| row.day != self.0));
        }
        Ok(())
    }
}

impl Facts {
    /// A copy without all that happened on a day: what is left answers as if nothing had.
    #[must_use]
    pub(crate) fn without_day(&self, day: Date) -> Self {
        let mut left = self.clone();
        let Ok(()) = left.tables.each(&mut DropDay(day));
        left
    }

    /// A copy without the content of these events, given by the indexes of originals or corrections. What
    /// is left answers as if those had said nothing: an original that one of them corrects does not come
    /// back, for it was replaced.
    #[must_use]
    pub(crate) fn without(&self, events: &BTreeSet<u64>) -> Self {
        let mut left = self.clone();
        let Ok(()) = left.tables.each(&mut Drop { amendments: &self.amendments, events });
        left
    }

    /// Index of the original that a correction speaks for; `None` when no rows come from a correction at
    /// this index.
    #[must_use]
    pub(crate) fn corrected_by(&self, correction: u64) -> Option<u64> {
        let speaks = |one: &&AmendmentRows| one.effective == correction && one.index != correction;
        self.amendments.iter().find(speaks).map(|one| one.index)
    }
}
