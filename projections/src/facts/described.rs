//! Which events say who somebody is, and which speak at all: for whoever shows the sealed values behind an answer.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::live::Live;
use super::rows::Row;
use super::{Chunks, Facts};
use crate::answer::Who;

impl Facts {
    /// Indexes of the events that register these IKMs and persons or change what the register says of them: those
    /// whose content counts when the log had `known` events, originals or corrections. Of one that was merged into
    /// another, nothing: it counts as the other.
    #[must_use]
    pub fn describing(&self, members: impl IntoIterator<Item = Who>, known: u64) -> BTreeSet<u64> {
        let (mut ikms, mut persons) = (HashSet::new(), HashSet::new());
        for member in members {
            match member {
                Who::Ikm(id) => drop(ikms.insert(id)),
                Who::Person(id) => drop(persons.insert(id)),
                _ => {}
            }
        }
        let live = Live::new(self, known);
        let mut found = BTreeSet::new();
        self.describe(&live, &self.tables.ikms, &ikms, |fact| fact.ikm, &mut found);
        self.describe(&live, &self.tables.profiles, &ikms, |fact| fact.ikm, &mut found);
        self.describe(&live, &self.tables.persons, &persons, |fact| fact.person, &mut found);
        self.describe(&live, &self.tables.person_moves, &persons, |fact| fact.person, &mut found);
        self.describe(&live, &self.tables.person_areas, &persons, |fact| fact.person, &mut found);
        self.describe(&live, &self.tables.person_seals, &persons, |fact| fact.person, &mut found);
        found
    }

    fn describe<T>(
        &self,
        live: &Live<'_>,
        rows: &Chunks<Row<T>>,
        wanted: &HashSet<Uuid>,
        who: impl Fn(&T) -> super::Id,
        found: &mut BTreeSet<u64>,
    ) {
        let rows = rows.iter().filter(|row| live.holds(row));
        let rows = rows.filter(|row| self.uuid(who(&row.fact)).is_some_and(|id| wanted.contains(&id)));
        found.extend(rows.map(|row| live.origin(row).1));
    }

    /// Of some events, those whose own content counts when the log had `known` events: no original that a
    /// correction speaks for, and nothing retracted.
    #[must_use]
    pub fn in_force(&self, events: impl IntoIterator<Item = u64>, known: u64) -> BTreeSet<u64> {
        let live = Live::new(self, known);
        let holds_content = live.holds_content();
        events.into_iter().filter(|index| *index < known && holds_content(*index)).collect()
    }
}
