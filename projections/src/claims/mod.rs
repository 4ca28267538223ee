//! Claims: what somebody reported, beside what the registry counts (`docs/domain.md`, section 4).
//!
//! * [`Claim`] is a small TOML file that says who claimed what of which indicator and scope.
//! * [`check()`] holds it against itself and against the views and gives a [`Report`] with a [`Verdict`].
//! * [`sample`] picks the IKMs to visit when not all behind a count can be.
//!
//! Every figure comes from a view in [`crate::views`]; this module must never count anything that no view
//! counts. What it adds is which programmes the claim is about, and that an IKM or a person behind
//! several of them is one. It must never read a clock or a file: the day and the log are given to it.

mod basis;
mod check;
mod count;
mod fields;
mod itself;
mod measured;
mod own_source;
mod recorded;
mod report;
pub mod sample;
mod written;

pub use basis::{Basis, claimant_words, newer_words};
pub use check::{CheckContext, ClaimLog, Judging, check};
pub use itself::Contradiction;
pub use measured::{ENTRIES_LIMIT, Measured};
pub use recorded::{digest_of, folded_claim, id_of, recorded_claim};
pub use report::{
    AnswerUsed, CheckError, Counts, Factor, KnownThen, OWN_ROUNDS_LIMIT, PROGRAMS_LIMIT, Report, SilentSince,
    Together, verdict_words,
};
pub use written::{BREAKDOWN_KEYS, Claim, ClaimFault, Companion, Indicator, SpokenWhole, WrittenScope};

pub use jejak_events::types::claim::{ClaimKind as Kind, ClaimVerdict as Verdict, PERCENT, Weekday};
