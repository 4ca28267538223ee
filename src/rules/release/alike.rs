//! Two sets of different reports of the same IKMs, held against each other. Pure.
//!
//! A correction often says the same again, and so does a second report; an IKM has about as many workers this quarter
//! as the last one. Somebody who takes what stands behind both sums to be the same reads the rest off their
//! difference: the IKM that entered or left, the one figure that was corrected. That is no knowledge, and often true;
//! so the rest must be as safe as if it were, also where several told sums together leave it of another one. Nothing here may weaken what [`super::ledger`] demands of the reports
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Period;
use jejak_events::values::Date;
use uuid::Uuid;

use super::ledger::Rule;

/// What is taken to be one figure: of workers the IKM's, whenever it was reported; of what happened on a day
/// (an exhibition, a shipment) the IKM's of that day.
type FigureKey = (Uuid, Option<Date>);

/// A figure behind a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SumFigure {
    days: Period,
    reports: usize,
    /// None where it was erased.
    value: Option<i128>,
}

impl SumFigure {
    /// Whether the other one is not simply a later one: it is of the same days, or of another number of reports, such
    /// as after a merge.
    fn is_replaced_by(&self, other: &Self) -> bool {
        let (days, later) = (self.days, other.days);
        self.reports != other.reports || (days.from <= later.to && later.from <= days.to)
    }
}

/// The figures behind a sum.
#[derive(Clone, Debug, Default)]
pub(super) struct SumFigures(BTreeMap<FigureKey, SumFigure>);

impl SumFigures {
    /// Takes in a report of an IKM, of some days. `lasts` says whether the figure is one that stays about the same.
    pub(super) fn add(&mut self, ikm: Uuid, days: Period, value: Option<i128>, lasts: bool) {
        let key = (ikm, (!lasts).then_some(days.from));
        let own = self.0.entry(key).or_insert(SumFigure { days, reports: 0, value: Some(0) });
        own.reports += 1;
        own.days = Period { from: own.days.from.min(days.from), to: own.days.to.max(days.to) };
        own.value = own.value.zip(value).map(|(sum, value)| sum + value);
    }

    /// The largest that can still be read: an erased one counts as that large.
    fn largest(&self) -> i128 {
        self.0.values().filter_map(|figure| figure.value).max().unwrap_or(0)
    }
}

/// Most ways of putting told sums together that are tried for one sum; and most figures that they have in all.
const MOST_FAMILIES: usize = 2000;
const MOST_FIGURES: usize = 200_000;

impl SumFigures {
    /// Whether somebody stands behind both, and fewer than so many behind this one only.
    pub(super) fn is_nearly_within(&self, whole: &Self, few: usize) -> bool {
        let outside = self.0.keys().filter(|key| !whole.0.contains_key(key)).take(few).count();
        outside < few && self.0.len() > outside
    }

    fn is_apart_from(&self, other: &Self) -> bool {
        let (short, long) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        !short.0.keys().any(|key| long.0.contains_key(key))
    }

    /// Both together, which nobody stands behind twice.
    fn with(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).map(|(key, figure)| (*key, *figure)).collect())
    }
}

/// Whether a sum, less several told sums that lie nearly within it and share nobody, holds nobody's figure to within
/// the rule. `new` is one of them in any case, where it is given. A single one is held against it by
/// [`is_beyond_guessing`].
///
/// Where there are more ways to put told sums together than can be tried, each IKM is taken to say what it said nearest
/// to it in any of them: that withholds more, and never less.
pub(super) fn is_beyond_guessing_together(
    rule: Rule,
    whole: &SumFigures,
    told: &[SumFigures],
    new: Option<&SumFigures>,
) -> bool {
    let mut near: Vec<&SumFigures> = Vec::new();
    for part in told.iter().filter(|part| part.is_nearly_within(whole, rule.fewest_ikms)) {
        if part.0 != whole.0 && !near.iter().any(|other| other.0 == part.0) {
            near.push(part);
        }
    }
    let most = (MOST_FIGURES / whole.0.len().max(1)).clamp(1, MOST_FAMILIES);
    let mut families = Families { rule, whole, near, left: most };
    let start = new.cloned().unwrap_or_default();
    families.are_safe(0, &start, usize::from(new.is_some())).unwrap_or_else(|| {
        let closest = families.closest(new);
        is_beyond_guessing(rule, &closest, whole)
    })
}

/// The ways of putting told sums together.
struct Families<'a> {
    rule: Rule,
    whole: &'a SumFigures,
    near: Vec<&'a SumFigures>,
    /// How many may still be tried.
    left: usize,
}

impl Families<'_> {
    /// Tries each that has `chosen`, of so many sums, and others from a place on. `None` when there are too many.
    fn are_safe(&mut self, from: usize, chosen: &SumFigures, size: usize) -> Option<bool> {
        for place in from..self.near.len() {
            let Some(part) = self.near.get(place).filter(|part| part.is_apart_from(chosen)) else { continue };
            let together = chosen.with(part);
            if size > 0 {
                self.left = self.left.checked_sub(1)?;
                if !is_beyond_guessing(self.rule, &together, self.whole) {
                    return Some(false);
                }
            }
            if !self.are_safe(place + 1, &together, size + 1)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Of each IKM the figure, in any of the sums, that is nearest to that in the whole.
    fn closest(&self, new: Option<&SumFigures>) -> SumFigures {
        let mut closest = new.cloned().unwrap_or_default();
        for (key, figure) in self.near.iter().flat_map(|part| &part.0) {
            let Some(own) = self.whole.0.get(key) else { continue };
            let distance = |other: &SumFigure| match (own.value, other.value) {
                (Some(own), Some(other)) => (own - other).abs(),
                _ => 0,
            };
            let kept = closest.0.entry(*key).or_insert(*figure);
            if distance(figure) < distance(kept) {
                *kept = *figure;
            }
        }
        closest
    }
}

/// What differs of one IKM.
#[derive(Clone, Copy, Debug, Default)]
struct IkmDifference {
    /// By how much, as far as that can be read.
    amount: i128,
    /// The figure that must not follow: of an IKM that stands behind one sum only, or was corrected.
    guarded: Option<i128>,
}

/// Whether the difference of two sums holds nobody's figure to within the rule, where what is behind both is taken
/// to be the same. Two IKMs may put what they know to it.
pub(super) fn is_beyond_guessing(rule: Rule, told: &SumFigures, new: &SumFigures) -> bool {
    if !new.0.keys().any(|key| told.0.contains_key(key)) {
        return true;
    }
    let largest = told.largest().max(new.largest());
    let mut by_ikm: BTreeMap<Uuid, IkmDifference> = BTreeMap::new();
    for key in told.0.keys().chain(new.0.keys()).collect::<BTreeSet<_>>() {
        let (amount, guarded) = match (told.0.get(key), new.0.get(key)) {
            (
                Some(one @ SumFigure { value: Some(before), .. }),
                Some(other @ SumFigure { value: Some(after), .. }),
            ) => {
                let amount = (before - after).abs();
                (amount, (amount > 0 && one.is_replaced_by(other)).then_some(amount))
            }
            (Some(one), None) | (None, Some(one)) => {
                (one.value.unwrap_or(0), Some(one.value.unwrap_or(largest)))
            }
            _ => (0, None),
        };
        let own = by_ikm.entry(key.0).or_default();
        own.amount += amount;
        own.guarded = match (own.guarded, guarded) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
    }
    let differences: Vec<IkmDifference> = by_ikm.into_values().collect();
    let amounts: Vec<i128> = differences.iter().map(|difference| difference.amount).collect();
    let guarded = differences.iter().filter_map(|own| Some((own.amount, own.guarded?)));
    rule.has_play(amounts, guarded)
}

#[cfg(test)]
mod tests {
    use super::super::ledger::RULE;
    use super::*;

    const FIRST: [&str; 2] = ["2024-01-01", "2024-03-31"];
    const SECOND: [&str; 2] = ["2024-04-01", "2024-06-30"];

    /// One report of each: the IKM's number and the figure.
    fn figures(days: [&str; 2], of: &[(u128, Option<i128>)], lasts: bool) -> SumFigures {
        let [from, to] = days.map(|day| Date::parse(day).unwrap());
        let mut figures = SumFigures::default();
        for (ikm, value) in of {
            figures.add(Uuid::from_u128(*ikm), Period { from, to }, *value, lasts);
        }
        figures
    }

    fn numbered(values: &[i128]) -> Vec<(u128, Option<i128>)> {
        (1..).zip(values.iter().map(|value| Some(*value))).collect()
    }

    fn is_safe(first: &[i128], days: [&str; 2], second: &[i128], lasts: bool) -> bool {
        let told = figures(FIRST, &numbered(first), lasts);
        is_beyond_guessing(RULE, &told, &figures(days, &numbered(second), lasts))
    }

    const FIVE: [i128; 5] = [10, 20, 30, 25, 15];

    #[test]
    fn one_more_beside_the_same_ones_is_guessed() {
        // All five corrected, to the same figures; and the next quarter as the last one.
        assert!(!is_safe(&FIVE, FIRST, &[10, 20, 30, 25, 15, 9], true));
        assert!(!is_safe(&FIVE, SECOND, &[10, 20, 30, 25, 15, 9], true));
        // One fewer, and one more of whom it is only known that it is nothing.
        assert!(!is_safe(&FIVE, SECOND, &[10, 20, 30, 25], true));
        assert!(!is_safe(&FIVE, SECOND, &[10, 20, 30, 25, 15, 0], true));
        // A few that changed a little are no hiding place.
        assert!(!is_safe(&FIVE, SECOND, &[11, 19, 30, 24, 15, 90], true));
        assert!(is_safe(&FIVE, SECOND, &[14, 24, 35, 29, 20, 9], true));
    }

    #[test]
    fn the_same_ones_may_change_from_quarter_to_quarter_and_not_by_one_correction() {
        assert!(is_safe(&FIVE, SECOND, &[10, 20, 30, 25, 40], true));
        assert!(!is_safe(&FIVE, FIRST, &[10, 20, 30, 25, 40], true));
        assert!(is_safe(&FIVE, FIRST, &FIVE, true));
        assert!(is_safe(&FIVE, FIRST, &[12, 23, 34, 29, 17], true));
    }

    #[test]
    fn what_was_sold_is_the_same_on_the_same_day_only() {
        assert!(!is_safe(&FIVE, FIRST, &[10, 20, 30, 25, 15, 9], false));
        assert!(is_safe(&FIVE, SECOND, &[10, 20, 30, 25, 15, 9], false));
    }

    /// What the told sums leave together of another one, tried one by one and, where they are too many, all at once.
    #[test]
    fn several_together_leave_the_one_that_none_of_them_has() {
        let all: Vec<(u128, Option<i128>)> = (1..=14).map(|ikm| (ikm, Some(10 + ikm as i128))).collect();
        let whole = figures(SECOND, &all, true);
        let part = |range: std::ops::Range<usize>| figures(FIRST, &all[range], true);
        let is_safe = |told: &[SumFigures]| is_beyond_guessing_together(RULE, &whole, told, None);
        assert!(!is_safe(&[part(0..6), part(6..13)]));
        assert!(is_safe(&[part(0..6), part(7..9)]));
        // One by itself is no matter of this.
        assert!(is_safe(&[part(0..13)]));
        let single: Vec<SumFigures> = (0..13).map(|place| part(place..place + 1)).collect();
        assert!(!is_safe(&single));
        // The new one is among the parts of an older sum.
        assert!(!is_beyond_guessing_together(RULE, &whole, &[part(0..6)], Some(&part(6..13))));
        assert!(is_beyond_guessing_together(RULE, &whole, &[part(0..6)], Some(&part(6..9))));
    }

    #[test]
    fn an_erased_figure_and_a_merged_one_are_guarded_too() {
        let mut first = numbered(&FIVE);
        first[4].1 = None;
        let told = figures(FIRST, &first, true);
        let of = |values: &[i128]| is_beyond_guessing(RULE, &told, &figures(SECOND, &numbered(values), true));
        assert!(!of(&[10, 20, 30, 25]));
        assert!(of(&[14, 26, 36, 31]));
        // The second is the first one now: two reports, and then one.
        let merged = [(1, Some(10)), (1, Some(20)), (3, Some(30)), (4, Some(25)), (5, Some(15))];
        let new = [(1, Some(10)), (3, Some(30)), (4, Some(25)), (5, Some(15))];
        assert!(!is_beyond_guessing(RULE, &figures(FIRST, &merged, true), &figures(SECOND, &new, true)));
    }
}
