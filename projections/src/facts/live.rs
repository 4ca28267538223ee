//! Which rows count at a log size: the fold of the weights below it.

use std::collections::{BTreeMap, HashSet};

use super::{Facts, Row};

/// Positions whose plain rows went out of force, one bit each; empty when none ever did.
pub(super) struct Gone(Vec<u64>);

impl Gone {
    /// Whether the plain rows of a position are gone.
    pub(super) fn holds(&self, position: u64) -> bool {
        let (word, bit) = split(position);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn insert(&mut self, position: u64) {
        let (word, bit) = split(position);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }
}

/// The rows in force when the log had a given size.
///
/// All rows of one event come and go together, so the weights are folded once per event, over the few
/// that were ever amended, and not per row.
pub(crate) struct Live<'a> {
    facts: &'a Facts,
    known: u64,
    gone: Gone,
    /// By amendment: whether its rows count.
    amended: Vec<bool>,
}

impl<'a> Live<'a> {
    /// Folds the rows at positions below `known`.
    pub(crate) fn new(facts: &'a Facts, known: u64) -> Self {
        // The last thing that happened to each content decides: content comes and goes by turns.
        let mut latest: BTreeMap<u64, usize> = BTreeMap::new();
        for (place, amendment) in facts.amendments.iter().enumerate() {
            if amendment.position < known {
                let last = latest.entry(amendment.effective).or_insert(place);
                if facts.amendments.get(*last).is_some_and(|last| last.position < amendment.position) {
                    *last = place;
                }
            }
        }
        let mut gone = Gone(Vec::new());
        let mut amended = vec![false; facts.amendments.len()];
        for (effective, place) in latest {
            amended[place] = facts.amendments.get(place).is_some_and(|amendment| amendment.weight > 0);
            gone.insert(effective);
        }
        Self { facts, known, gone, amended }
    }

    /// Whether a row counts.
    pub(crate) fn holds<T>(&self, row: &Row<T>) -> bool {
        if row.amendment != 0 {
            return self.amended[place(row.amendment)];
        }
        row.position < self.known && !self.gone.holds(row.position)
    }

    /// Whether what the event at an index itself says counts, for as many indexes as are asked.
    pub(crate) fn holds_content(&self) -> impl Fn(u64) -> bool {
        let amendments = self.facts.amendments.iter().zip(&self.amended);
        let speaking: HashSet<u64> =
            amendments.filter(|(_, counts)| **counts).map(|(amendment, _)| amendment.effective).collect();
        move |index| !self.gone.holds(index) || speaking.contains(&index)
    }

    /// Whether the rows of an amendment count.
    pub(super) fn holds_amendment(&self, place: usize) -> bool {
        self.amended[place]
    }

    /// The plain rows that do not count.
    pub(super) fn into_gone(self) -> Gone {
        self.gone
    }

    /// Index of the original event of a row, and of the event whose content it is.
    pub(crate) fn origin<T>(&self, row: &Row<T>) -> (u64, u64) {
        // A row that is amended has its amendment.
        let amendment =
            if row.amendment == 0 { None } else { self.facts.amendments.get(place(row.amendment)) };
        amendment.map_or((row.position, row.position), |amendment| (amendment.index, amendment.effective))
    }
}

/// Place in the table of amendments of a number above 0.
pub(super) fn place(amendment: u32) -> usize {
    // Lossless: the crate is for targets of 32 bits or more.
    amendment as usize - 1
}

fn split(position: u64) -> (usize, u64) {
    // A log of 2^32 * 64 events would be needed to lose bits on a target of 32 bits.
    ((position / 64) as usize, 1 << (position % 64))
}
