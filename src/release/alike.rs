//! Two sets of different reports of the same IKMs, held against each other. Pure.
//!
//! A correction often says the same again, and so does a second report; an IKM has about as many workers this quarter
//! as the last one. Somebody who takes what stands behind both sums to be the same reads the rest off their
//! difference: the IKM that entered or left, the one figure that was corrected. That is no knowledge, and often true;
//! so the rest must be as safe as if it were. Nothing here may weaken what [`super::ledger`] demands of the reports
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Period;
use jejak_events::values::Date;
use uuid::Uuid;

use super::ledger::Rule;

/// What is taken to be one figure: of workers the IKM's, whenever it was reported; of what happened on a day
/// (an exhibition, a shipment) the IKM's of that day.
type Key = (Uuid, Option<Date>);

/// A figure behind a sum.
#[derive(Clone, Copy, Debug)]
struct Figure {
    days: Period,
    reports: usize,
    /// None where it was erased.
    value: Option<i128>,
}

impl Figure {
    /// Whether the other one is not simply a later one: it is of the same days, or of another number of reports, such
    /// as after a merge.
    fn is_replaced_by(&self, other: &Self) -> bool {
        let (days, later) = (self.days, other.days);
        self.reports != other.reports || (days.from <= later.to && later.from <= days.to)
    }
}

/// The figures behind a sum.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures(BTreeMap<Key, Figure>);

impl Figures {
    /// Takes in a report of an IKM, of some days. `lasts` says whether the figure is one that stays about the same.
    pub(super) fn add(&mut self, ikm: Uuid, days: Period, value: Option<i128>, lasts: bool) {
        let key = (ikm, (!lasts).then_some(days.from));
        let own = self.0.entry(key).or_insert(Figure { days, reports: 0, value: Some(0) });
        own.reports += 1;
        own.days = Period { from: own.days.from.min(days.from), to: own.days.to.max(days.to) };
        own.value = own.value.zip(value).map(|(sum, value)| sum + value);
    }

    /// The largest that can still be read: an erased one counts as that large.
    fn largest(&self) -> i128 {
        self.0.values().filter_map(|figure| figure.value).max().unwrap_or(0)
    }
}

/// What differs of one IKM.
#[derive(Clone, Copy, Debug, Default)]
struct Difference {
    /// By how much, as far as that can be read.
    amount: i128,
    /// The figure that must not follow: of an IKM that stands behind one sum only, or was corrected.
    guarded: Option<i128>,
}

/// Whether the difference of two sums holds nobody's figure to within the rule, where what is behind both is taken
/// to be the same. Two IKMs may put what they know to it.
pub(super) fn is_beyond_guessing(rule: Rule, told: &Figures, new: &Figures) -> bool {
    if !new.0.keys().any(|key| told.0.contains_key(key)) {
        return true;
    }
    let largest = told.largest().max(new.largest());
    let mut by_ikm: BTreeMap<Uuid, Difference> = BTreeMap::new();
    for key in told.0.keys().chain(new.0.keys()).collect::<BTreeSet<_>>() {
        let (amount, guarded) = match (told.0.get(key), new.0.get(key)) {
            (
                Some(one @ Figure { value: Some(before), .. }),
                Some(other @ Figure { value: Some(after), .. }),
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
    let differences: Vec<Difference> = by_ikm.into_values().collect();
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
    fn figures(days: [&str; 2], of: &[(u128, Option<i128>)], lasts: bool) -> Figures {
        let [from, to] = days.map(|day| Date::parse(day).unwrap());
        let mut figures = Figures::default();
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
