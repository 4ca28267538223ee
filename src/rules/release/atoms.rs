//! The parts into which told sums cut the reports of one figure. Pure.
//!
//! Two reports are in one atom when every told set holds both or neither: whatever is added and subtracted of told sums
//! is a sum over whole atoms. This module knows no figure, so that whoever sees no sealed value can use it; it must never
//! forget a set that was told.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

/// Index of the event whose content a report is: one unknown for each figure.
pub type ReportIndex = u64;

/// The atoms of one figure.
#[derive(Clone, Debug, Default)]
pub(super) struct Atoms {
    pub(super) of: HashMap<ReportIndex, usize>,
    pub(super) members: Vec<BTreeSet<ReportIndex>>,
}

impl Atoms {
    /// The atoms that a set makes anew: within it and, of those that it cuts, what is left.
    pub(super) fn cut(&self, set: &BTreeSet<ReportIndex>) -> Vec<BTreeSet<ReportIndex>> {
        // Told again, as most sums are that many release twice, it cuts nothing: that is quickly seen.
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        let known = set.iter().all(|report| {
            self.of.get(report).is_some_and(|atom| {
                *held.entry(*atom).or_default() += 1;
                true
            })
        });
        let is_whole = |(atom, count): (&usize, &usize)| {
            self.members.get(*atom).is_some_and(|members| members.len() == *count)
        };
        if known && held.iter().all(is_whole) {
            return Vec::new();
        }
        let mut within: BTreeMap<Option<usize>, BTreeSet<ReportIndex>> = BTreeMap::new();
        for report in set {
            within.entry(self.of.get(report).copied()).or_default().insert(*report);
        }
        let mut made = Vec::new();
        for (atom, inside) in within {
            let whole = atom.and_then(|atom| self.members.get(atom));
            let left: BTreeSet<ReportIndex> =
                whole.map(|whole| whole.difference(&inside).copied().collect()).unwrap_or_default();
            if whole.is_some() && left.is_empty() {
                continue;
            }
            made.extend([inside, left].into_iter().filter(|atom| !atom.is_empty()));
        }
        made
    }

    pub(super) fn adopt(&mut self, made: Vec<BTreeSet<ReportIndex>>) {
        for atom in made {
            let number = self.members.len();
            for report in &atom {
                if let Some(old) = self.of.insert(*report, number)
                    && let Some(old) = self.members.get_mut(old)
                {
                    old.remove(report);
                }
            }
            self.members.push(atom);
        }
    }

    /// The atoms that hold any of a set.
    pub(super) fn around(&self, set: &BTreeSet<ReportIndex>) -> Vec<BTreeSet<ReportIndex>> {
        let numbers: BTreeSet<usize> = set.iter().filter_map(|report| self.of.get(report).copied()).collect();
        numbers.into_iter().filter_map(|number| self.members.get(number).cloned()).collect()
    }
}
