//! Which figures are known in which row, also where nothing counts in them.
//!
//! Must never say of nobody that they are none where nobody said so.

use std::collections::BTreeSet;
use std::hash::Hash;

use jejak_events::area::AreaCode;

use super::{KEYS, Key, NO_KEY, Tally};
use crate::views::scope::NumberMap;

/// That a figure of persons is known where nothing counts in it, there it is 0, and elsewhere nobody said; or that
/// something counts in it, or in the figure before it, which counts the same of IKMs. The first of its values is the
/// programme.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KnownFigure {
    pub(super) figure: usize,
    pub(super) area: Option<AreaCode>,
    pub(super) keys: [Key; KEYS],
}

/// A programme, and the area that something of it counts in.
type Source = (Option<AreaCode>, Key);

impl KnownFigure {
    fn source(&self) -> Source {
        (self.area, self.keys[0])
    }
}

impl Tally {
    /// Says that a figure is known for an area and for values of the breakdowns, also where nothing counts in it.
    pub(in crate::views) fn known(&mut self, figure: usize, area: Option<AreaCode>, keys: [Key; KEYS]) {
        let known = KnownFigure { figure, area, keys };
        // Mostly said of one programme many times in a row.
        if self.last_known != Some(known) {
            self.known.insert(known);
            self.last_known = Some(known);
        }
    }

    /// Says that an IKM counts where a view counts the persons alone.
    pub(in crate::views) fn counted_beside(
        &mut self,
        figure: usize,
        area: Option<AreaCode>,
        keys: [Key; KEYS],
    ) {
        self.counted.insert(KnownFigure { figure, area, keys });
    }

    /// Notes where something counts beside the figures of persons that may be known.
    pub(super) fn note_counted(&mut self) {
        let persons: BTreeSet<usize> = self.known.iter().map(|known| known.figure).collect();
        let mut noted: NumberMap<(usize, Option<AreaCode>, u32), ()> = NumberMap::default();
        for credit in &self.credits {
            let figure = usize::from(credit.figure);
            let Some(figure) = [figure, figure + 1].into_iter().find(|figure| persons.contains(figure))
            else {
                continue;
            };
            if noted.insert((figure, credit.area, credit.keys), ()).is_none() {
                let mut keys = [NO_KEY; KEYS];
                let values = &self.keys[credit.keys as usize..][..self.breakdowns.len()];
                keys[..values.len()].copy_from_slice(values);
                self.counted.insert(KnownFigure { figure, area: credit.area, keys });
            }
        }
    }

    /// The figures that are known in each row. What a programme knows in which nothing counts says nothing beside one in
    /// which something does: 25 IKMs of programmes that do not name their persons are not 0 persons because another
    /// programme would name them.
    pub(super) fn known_in<K: Eq + Hash + Copy>(&self, row: impl Fn(&KnownFigure) -> K) -> Vec<(K, usize)> {
        let mut counted: NumberMap<(K, usize), BTreeSet<Source>> = NumberMap::default();
        for one in &self.counted {
            counted.entry((row(one), one.figure)).or_default().insert(one.source());
        }
        let tells = |known: &&KnownFigure| {
            let counted = counted.get(&(row(known), known.figure));
            counted.is_none_or(|counted| counted.contains(&known.source()))
        };
        self.known.iter().filter(tells).map(|known| (row(known), known.figure)).collect()
    }
}
