//! Merges: who counts as whom (DOMAIN, section 3). A merge acts on every day, from its own index on,
//! whatever its `time` says.

use super::scope::{ById, NumberMap, Scope, keep_highest};
use crate::facts::{Id, Merge, Row};

/// An IKM or a person after all merges: the one that others count as. Only [`Scope::survivor`] makes
/// them, so that nothing is counted under a stream that was merged away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Survivor(pub(super) Id);

/// The merges in force. IKMs and persons share one table: their identifiers never meet.
#[derive(Default)]
pub(super) struct Aliases<'a> {
    merges: ById<&'a Row<Merge>>,
    count: usize,
}

impl<'a> Aliases<'a> {
    /// `merges` in force at the log size asked for, of every day; `index` is that of the original.
    pub(super) fn new(
        merges: impl Iterator<Item = &'a Row<Merge>>,
        index: impl Fn(&Row<Merge>) -> u64,
    ) -> Self {
        let mut aliases = Self::default();
        for row in merges {
            keep_highest(aliases.merges.slot(row.fact.gone).get_or_insert(row), row, &index);
            aliases.count += 1;
        }
        aliases
    }

    /// The merges that lead from a stream to the one that it counts as, in order; none where it counts as
    /// itself. `until` is the index before which a merge must have been recorded; it is never that of a merge.
    ///
    /// A circle is refused by the rules; in a log of another program it makes nobody count as another.
    fn path(&self, from: Id, until: u64, index: impl Fn(&Row<Merge>) -> u64) -> Vec<&'a Row<Merge>> {
        let mut path = Vec::new();
        let mut at = from;
        while let Some(row) = self.merges.get(at).filter(|row| index(row) < until) {
            if path.len() == self.count {
                return Vec::new();
            }
            path.push(row);
            at = row.fact.into;
        }
        path
    }
}

impl<'a> Scope<'a> {
    /// The merges that lead from a stream to the one that it counts as.
    pub(super) fn merges_of(&self, stream: Id) -> Vec<&'a Row<Merge>> {
        self.aliases.path(stream, u64::MAX, |row| self.index(row))
    }

    /// The IKM or person that a stream counts as.
    pub(super) fn survivor(&self, stream: Id) -> Survivor {
        Survivor(self.merges_of(stream).last().map_or(stream, |merge| merge.fact.into))
    }

    /// Whether a stream counted as another one, or was it, when the event at `index` was recorded: what is
    /// recorded for the one that is left is about all that were merged into it by then.
    pub(super) fn counted_as(&self, stream: Id, other: Id, index: u64) -> bool {
        let merges = || self.aliases.path(stream, index, |row| self.index(row));
        stream == other || merges().iter().any(|merge| merge.fact.into == other)
    }

    /// Adds the merges by which a stream counts as another one.
    pub(super) fn trace_merges(&self, stream: Id, events: &mut Vec<u64>) {
        for merge in self.merges_of(stream) {
            self.trace(merge, events);
        }
    }

    /// The streams that count as each survivor of a merge, the survivor's own not among them.
    pub(super) fn merged_into(&self) -> NumberMap<Id, Vec<Id>> {
        let mut merged: NumberMap<Id, Vec<Id>> = NumberMap::default();
        for row in self.aliases.merges.values() {
            let survivor = self.survivor(row.fact.gone);
            if survivor.0 != row.fact.gone {
                merged.entry(survivor.0).or_default().push(row.fact.gone);
            }
        }
        merged
    }
}
