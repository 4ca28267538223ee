//! Claims with their checks, as far as the rules need them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jejak_events::types::claim::{
    ClaimChecked, ClaimCount, ClaimKind, ClaimMade, ClaimedValue, share_hundredths,
};
use jejak_events::values::{Amount, Date, Decimal};

use super::state::Put;
use super::stored::stored_struct;
use super::timeline::Moment;

/// A claim with its checks in force.
#[derive(Debug, Default)]
pub struct ClaimInForce {
    /// Its making; `None` while only its checks are left of it, in the middle of a batch.
    pub made: Option<ClaimMaking>,
    /// Index of the check for each day and log size that it was judged for and at.
    pub checks: BTreeMap<(Date, u64), u64>,
}

/// The making of a claim, as far as rules need it.
#[derive(Clone, Copy, Debug)]
pub struct ClaimMaking {
    /// When it was made.
    pub moment: Moment,
    /// What it says.
    pub claimed: Claimed,
}

/// What of a claim its verdicts must follow from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its value.
    pub value: Option<Decimal>,
    /// Whether a tenth more or less is as many.
    pub is_approximate: bool,
    /// Whether it is in percent.
    pub is_share: bool,
    /// Whether it speaks of a whole.
    pub has_whole: bool,
    /// Whether it can hold or not.
    pub is_countable: bool,
    /// Whether it names something to be counted.
    pub is_counted: bool,
    /// The day that it is due, of a plan that has one.
    pub due: Option<Date>,
}

impl Claimed {
    /// What a claim says.
    #[must_use]
    pub fn of(data: &ClaimMade) -> Self {
        Self {
            value: data.value,
            is_approximate: data.is_approximate(),
            is_share: data.is_share(),
            has_whole: data.whole.is_some(),
            is_countable: data.kind.is_countable(data.due),
            is_counted: data.indicator.is_some(),
            due: data.due.filter(|_| data.kind == ClaimKind::Plan),
        }
    }

    /// Where a count lies beside what is claimed; `None` where nothing is to be held against it, or where the count
    /// does not say what it takes.
    #[must_use]
    pub fn compare(self, count: &ClaimCount) -> Option<Ordering> {
        let number = |amount: Option<Amount>| amount.map(|amount| amount.get().unsigned_abs());
        let (counted, of, part) = (number(count.counted)?, number(count.of), number(count.part));
        let value = self.value.map(|value| ClaimedValue { value, is_approximate: self.is_approximate });
        match (value, self.is_share, self.has_whole) {
            (Some(value), true, _) => {
                let (part, of) = part.zip(of)?;
                (share_hundredths(part, of) == Some(counted)).then(|| value.compare_share(part, of)).flatten()
            }
            (Some(value), false, _) => (of.is_none() && part.is_none()).then(|| value.compare_count(counted)),
            (None, _, true) => of.filter(|_| part.is_none()).map(|of| counted.cmp(&of)),
            (None, _, false) => None,
        }
    }
}

impl ClaimInForce {
    /// Adds or takes away what a check says.
    pub(super) fn put_check(&mut self, put: Put, data: &ClaimChecked) {
        let key = (data.on, data.as_known.get().unsigned_abs());
        if put.add {
            self.checks.insert(key, put.moment.index);
        } else {
            self.checks.remove(&key);
        }
    }
}

stored_struct!(ClaimInForce { made, checks });
stored_struct!(ClaimMaking { moment, claimed });
stored_struct!(Claimed { value, is_approximate, is_share, has_whole, is_countable, is_counted, due });
