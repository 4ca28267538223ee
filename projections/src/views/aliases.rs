//! Merges: who counts as whom (`docs/domain.md`, section 3). A merge acts on every day, from its own index on,
//! whatever its `time` says.
//!
//! IKMs and persons have a table each: what joins two persons must never join two IKMs, whichever UUIDs a
//! log gives them.

use super::scope::{ById, NumberMap, Scope};
use crate::facts::{Facts, Id, IkmMerge, Live, PersonMerge, Row};

/// An IKM or a person after all merges: the one that others count as. Only [`KnownMerges::surviving_ikm`] and
/// [`KnownMerges::surviving_person`] make them, so that nothing is counted under a stream that was merged away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Survivor(pub(super) Id);

/// One merge in force, as seen from the stream that is gone.
#[derive(Clone, Copy)]
struct Merge {
    /// The stream that is left.
    into: Id,
    /// Index of the original event.
    index: u64,
    /// Index of the event that speaks for it.
    effective: u64,
}

/// The merges in force of one kind of stream, by the stream that is gone.
#[derive(Default)]
struct Aliases {
    merges: ById<Merge>,
    count: usize,
}

impl Aliases {
    fn new(merges: impl Iterator<Item = (Id, Merge)>) -> Self {
        let mut aliases = Self::default();
        for (gone, merge) in merges {
            let kept = aliases.merges.slot(gone).get_or_insert(merge);
            if kept.index < merge.index {
                *kept = merge;
            }
            aliases.count += 1;
        }
        aliases
    }

    /// The merges that lead from a stream to the one that it counts as, in order; none where it counts as
    /// itself. `until` is the index before which a merge must have been recorded; it is never that of a merge.
    ///
    /// A circle is refused by the rules; in a log of another program it makes nobody count as another.
    fn path(&self, from: Id, until: u64) -> Vec<Merge> {
        let mut path = Vec::new();
        let mut at = from;
        while let Some(merge) = self.merges.get(at).filter(|merge| merge.index < until) {
            if path.len() == self.count {
                return Vec::new();
            }
            path.push(merge);
            at = merge.into;
        }
        path
    }

    /// Whether a stream was never merged into another: most were not, and it is asked for each row.
    #[inline]
    fn stands_alone(&self, stream: Id) -> bool {
        self.merges.get(stream).is_none()
    }

    #[inline]
    fn survivor(&self, stream: Id) -> Survivor {
        if self.stands_alone(stream) {
            return Survivor(stream);
        }
        Survivor(self.path(stream, u64::MAX).last().map_or(stream, |merge| merge.into))
    }

    fn counted_as(&self, stream: Id, other: Id, index: u64) -> bool {
        stream == other || self.path(stream, index).iter().any(|merge| merge.into == other)
    }

    #[inline]
    fn trace(&self, stream: Id, events: &mut Vec<u64>) {
        if self.stands_alone(stream) {
            return;
        }
        for merge in self.path(stream, u64::MAX) {
            events.push(merge.index);
            if merge.effective != merge.index {
                events.push(merge.effective);
            }
        }
    }

    fn merged_into(&self) -> NumberMap<Id, Vec<Id>> {
        let mut merged: NumberMap<Id, Vec<Id>> = NumberMap::default();
        for (gone, _) in self.merges.entries() {
            let survivor = self.survivor(gone);
            if survivor.0 != gone {
                merged.entry(survivor.0).or_default().push(gone);
            }
        }
        merged
    }
}

/// The merges in force at the log size asked for, of every day, by kind.
pub(super) struct KnownMerges {
    ikms: Aliases,
    persons: Aliases,
}

impl KnownMerges {
    pub(super) fn new(facts: &Facts, live: &Live<'_>) -> Self {
        fn merge<T>(live: &Live<'_>, row: &Row<T>, into: Id) -> Merge {
            let (index, effective) = live.origin(row);
            Merge { into, index, effective }
        }
        let ikms = facts.tables.ikm_merges.iter().filter(|row| live.holds(row));
        let persons = facts.tables.person_merges.iter().filter(|row| live.holds(row));
        Self {
            ikms: Aliases::new(ikms.map(|row| {
                let IkmMerge { gone, into } = row.fact;
                (gone, merge(live, row, into))
            })),
            persons: Aliases::new(persons.map(|row| {
                let PersonMerge { gone, into } = row.fact;
                (gone, merge(live, row, into))
            })),
        }
    }

    /// The IKM that an IKM's stream counts as.
    pub(super) fn surviving_ikm(&self, ikm: Id) -> Survivor {
        self.ikms.survivor(ikm)
    }

    /// The person that a person's stream counts as.
    pub(super) fn surviving_person(&self, person: Id) -> Survivor {
        self.persons.survivor(person)
    }
}

impl Scope<'_> {
    /// The IKM that an IKM's stream counts as.
    pub(super) fn surviving_ikm(&self, ikm: Id) -> Survivor {
        self.known.merges.surviving_ikm(ikm)
    }

    /// The person that a person's stream counts as.
    pub(super) fn surviving_person(&self, person: Id) -> Survivor {
        self.known.merges.surviving_person(person)
    }

    /// Whether an IKM counted as another one, or was it, when the event at `index` was recorded: what is
    /// recorded for the one that is left is about all that were merged into it by then.
    pub(super) fn ikm_counted_as(&self, ikm: Id, other: Id, index: u64) -> bool {
        self.known.merges.ikms.counted_as(ikm, other, index)
    }

    /// As [`Scope::ikm_counted_as`], for persons.
    pub(super) fn person_counted_as(&self, person: Id, other: Id, index: u64) -> bool {
        self.known.merges.persons.counted_as(person, other, index)
    }

    /// Adds the merges by which an IKM counts as another one.
    pub(super) fn trace_ikm_merges(&self, ikm: Id, events: &mut Vec<u64>) {
        self.known.merges.ikms.trace(ikm, events);
    }

    /// Adds the merges by which a person counts as another one.
    pub(super) fn trace_person_merges(&self, person: Id, events: &mut Vec<u64>) {
        self.known.merges.persons.trace(person, events);
    }

    /// The IKMs that count as each survivor of a merge, the survivor's own not among them.
    pub(super) fn merged_ikms(&self) -> NumberMap<Id, Vec<Id>> {
        self.known.merges.ikms.merged_into()
    }

    /// As [`Scope::merged_ikms`], for persons.
    pub(super) fn merged_persons(&self) -> NumberMap<Id, Vec<Id>> {
        self.known.merges.persons.merged_into()
    }
}
