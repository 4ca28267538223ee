//! What a claim says that contradicts itself. No registry is needed for it.

use jejak_events::types::claim::Weekday;
use jejak_events::values::{Date, Decimal};
use schemars::JsonSchema;
use serde::Serialize;

use super::written::Claim;

/// A place where a claim contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Contradiction {
    /// The parts do not add up to the value.
    Parts {
        /// Their sum.
        sum: u64,
        /// The value.
        value: u64,
        /// How far they are apart.
        difference: u64,
    },
    /// A weekday does not match its date.
    Weekday {
        /// The date.
        date: Date,
        /// The weekday that the claim gives.
        said: Weekday,
        /// The weekday of the date.
        is: Weekday,
    },
}

/// Every contradiction of a claim, parts before dates.
pub(super) fn contradictions(claim: &Claim) -> Vec<Contradiction> {
    let mut found = Vec::new();
    if let Some(value) = claim.value.and_then(Decimal::as_whole).filter(|_| !claim.parts.is_empty()) {
        // A claim has few parts, each at most FIGURE_LIMIT: their sum fits.
        let sum: u64 = claim.parts.iter().sum();
        if sum != value {
            found.push(Contradiction::Parts { sum, value, difference: sum.abs_diff(value) });
        }
    }
    // One weekday is for all the dates.
    let said =
        claim.weekday.iter().chain(std::iter::repeat(claim.weekday.last().unwrap_or(&Weekday::Monday)));
    for (date, said) in claim.dates.iter().zip(said) {
        let is = Weekday::of(*date);
        if is != *said {
            found.push(Contradiction::Weekday { date: *date, said: *said, is });
        }
    }
    found
}
