//! Claims with their checks, as far as the rules need them.

use std::collections::BTreeMap;

use jejak_events::types::claim::{ClaimChecked, ClaimMade};
use jejak_events::values::Date;

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
    /// Its value on the scale of a count: of percent hundredths.
    pub value: Option<u64>,
    /// Whether it is in percent.
    pub is_share: bool,
    /// Whether it can hold or not.
    pub is_countable: bool,
    /// Whether it names something to be counted.
    pub is_counted: bool,
}

impl Claimed {
    /// What a claim says.
    #[must_use]
    pub fn of(data: &ClaimMade) -> Self {
        Self {
            value: data.counted_value().map(|value| value.get().unsigned_abs()),
            is_share: data.is_share(),
            is_countable: data.kind.is_countable(),
            is_counted: data.indicator.is_some(),
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
stored_struct!(Claimed { value, is_share, is_countable, is_counted });
