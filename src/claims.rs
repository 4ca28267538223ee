//! Claims against this registry: what [`jejak_projections::claims`] needs of the log.

use jejak_events::record::Event;
use jejak_events::values::Date;
use jejak_projections::claims::{Asked, CheckError, Claim, ClaimLog, Report, check};
use jejak_projections::error::ReadFailure;

use crate::registry::Registry;

/// The log of a registry, as claims ask it.
struct RegistryLog<'a>(&'a Registry);

impl ClaimLog for RegistryLog<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(self.0.event(index)?)
    }

    fn size_on(&self, day: Date) -> Result<u64, ReadFailure> {
        let area = self.0.source().area;
        Ok(self.0.size_while(|recorded| recorded.date_in(area) <= day)?)
    }
}

/// When a claim is judged.
#[derive(Clone, Copy, Debug)]
pub struct Judging {
    /// Today, where the office is.
    pub today: Date,
    /// The day to judge for, instead of the claim's own.
    pub on: Option<Date>,
    /// Log size that is known.
    pub as_known: u64,
}

/// Judges a claim by what the registry holds.
///
/// # Errors
/// As [`check`].
pub fn judge(registry: &Registry, claim: &Claim, judging: Judging) -> Result<Report, CheckError> {
    let facts = registry.facts();
    let Judging { today, on, as_known } = judging;
    let synthetic = registry.constitution().synthetic;
    check(claim, &Asked { facts: &facts, log: &RegistryLog(registry), today, on, as_known, synthetic })
}
