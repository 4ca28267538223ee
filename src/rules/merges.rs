//! Who counts as whom: merges of streams that were registered twice. A merge acts on every day, from its
//! own index on (`docs/domain.md`, section 3).

use std::collections::BTreeMap;
use std::hash::Hash;

use foldhash::HashMap;

use super::stored::{Stored, StoredBytes};

/// The merges in force of one kind of stream.
#[derive(Debug)]
pub struct Merges<I> {
    /// By the stream that is gone: the index of each merge, and what it was merged into.
    into: HashMap<I, BTreeMap<u64, I>>,
    /// By the stream that is left: the index of each merge, and what was merged into it.
    gone: HashMap<I, BTreeMap<u64, I>>,
}

impl<I> Default for Merges<I> {
    fn default() -> Self {
        Self { into: HashMap::default(), gone: HashMap::default() }
    }
}

impl<I: Copy + Eq + Hash> Merges<I> {
    /// Adds the merge recorded at an index, or takes it away.
    pub fn put(&mut self, index: u64, gone: I, into: I, add: bool) {
        for (map, key, value) in [(&mut self.into, gone, into), (&mut self.gone, into, gone)] {
            let merges = map.entry(key).or_default();
            if add {
                merges.insert(index, value);
            } else {
                merges.remove(&index);
            }
        }
    }

    /// The streams that are or once were merged into others, in no order.
    pub fn gone(&self) -> impl Iterator<Item = I> {
        self.into.keys().copied()
    }

    /// Into which stream, and at which index, this one was merged before an index.
    #[must_use]
    pub fn merged(&self, stream: I, before: u64) -> Option<(u64, I)> {
        let (index, into) = self.into.get(&stream)?.range(..before).next_back()?;
        Some((*index, *into))
    }

    /// The streams that this one counts as in turn before an index, with the merge that leads to each.
    ///
    /// The rules let no circle come about; the walk ends in any case.
    pub fn path(&self, stream: I, before: u64) -> impl Iterator<Item = (u64, I)> {
        let first = self.merged(stream, before);
        std::iter::successors(first, move |(_, at)| self.merged(*at, before)).take(self.into.len())
    }

    /// The stream that this one counts as before an index.
    #[must_use]
    pub fn survivor(&self, stream: I, before: u64) -> I {
        self.path(stream, before).last().map_or(stream, |(_, into)| into)
    }

    /// Whether merging one stream into another one would lead back to itself, with all that is recorded.
    #[must_use]
    pub fn leads_back(&self, gone: I, into: I) -> bool {
        self.path(into, u64::MAX).any(|(_, at)| at == gone)
    }

    /// A stream, then all that were merged into it before an index, in turn.
    #[must_use]
    pub fn group(&self, stream: I, before: u64) -> Vec<I> {
        let mut group = vec![stream];
        let mut place = 0;
        while let Some(at) = group.get(place).copied() {
            for gone in
                self.gone.get(&at).into_iter().flat_map(|merges| merges.range(..before)).map(|(_, s)| *s)
            {
                // A stream is merged into one other at most, and the rules let no circle come about; the
                // walk ends in any case.
                if !group.contains(&gone) {
                    group.push(gone);
                }
            }
            place += 1;
        }
        group
    }
}

impl<I: Copy + Eq + Hash + Ord + Stored> Stored for Merges<I> {
    fn write(&self, out: &mut Vec<u8>) {
        let of = |(gone, merges): (&I, &BTreeMap<u64, I>)| {
            let gone = *gone;
            merges.iter().map(move |(index, into)| (*index, gone, *into)).collect::<Vec<_>>()
        };
        let mut merges: Vec<(u64, I, I)> = self.into.iter().flat_map(of).collect();
        merges.sort_unstable();
        merges.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let mut merges = Self::default();
        for (index, gone, into) in Vec::read(input)? {
            merges.put(index, gone, into, true);
        }
        Some(merges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_act_from_their_index_on_and_in_turn() {
        let mut merges = Merges::default();
        merges.put(5, 'a', 'b', true);
        merges.put(8, 'b', 'c', true);
        merges.put(9, 'd', 'c', true);
        assert_eq!(merges.survivor('a', 5), 'a');
        assert_eq!(merges.survivor('a', 6), 'b');
        assert_eq!(merges.survivor('a', 9), 'c');
        assert_eq!(merges.group('c', 9), ['c', 'b', 'a']);
        assert_eq!(merges.group('c', 10), ['c', 'b', 'd', 'a']);
        assert_eq!(merges.group('b', 8), ['b', 'a']);
        assert!(merges.leads_back('c', 'a') && !merges.leads_back('e', 'a'));
        merges.put(8, 'b', 'c', false);
        assert_eq!(merges.survivor('a', 9), 'b');
        assert_eq!(merges.group('c', 10), ['c', 'd']);
    }
}
