//! The years whose sums the example releases, after all else.

use jejak_events::identity::{Actor, ActorKind};
use jejak_events::values::Code;
use schemars::JsonSchema;
use serde::Serialize;

use super::{DemoError, OPENED_BY, today};
use crate::registry::release::{Release, earlier_releases, release};
use crate::registry::{Registry, RegistryError};
use jejak_projections::calendar::CalendarPeriod;

const YEARS: [&str; 5] = ["2021", "2022", "2023", "2024", "2025"];

/// How much the example's releases tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReleasedTotals {
    /// Releases.
    pub periods: usize,
    /// Sums told.
    pub told: usize,
    /// Sums withheld.
    pub withheld: usize,
}

/// Releases the years that are not released yet. Each release is one commit, so that a run that is cut short leaves
/// whole ones, and the next run makes the others.
#[expect(clippy::expect_used, reason = "literals of this module, which a test reads")]
pub(super) fn release_years(registry: &Registry) -> Result<(), DemoError> {
    let statistician = Code::parse("statistik-1").expect("a pseudonym");
    let actor = Actor { kind: ActorKind::AppUser, id: Some(statistician) };
    let source = jejak_events::identity::Source::parse(OPENED_BY).expect("the source is well formed");
    let day = today().date_in(source.area);
    let earlier = earlier_releases(&registry.snapshot())?;
    for year in YEARS {
        let asked: CalendarPeriod = year.parse().expect("a year");
        if earlier.iter().any(|one| one.released.period == asked.period()) {
            continue;
        }
        let made = release(registry, &actor, (asked, day), false);
        if let Release::Refused(refusal) = made? {
            return Err(DemoError::NotReleased { period: year, refusal });
        }
    }
    Ok(())
}

/// Counts what the releases of a registry tell.
///
/// # Errors
/// When the log cannot be read.
pub fn released(registry: &Registry) -> Result<ReleasedTotals, RegistryError> {
    let earlier = earlier_releases(&registry.snapshot())?;
    let mut periods: Vec<_> = earlier.iter().map(|one| one.released.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let mut released = ReleasedTotals { periods: periods.len(), ..ReleasedTotals::default() };
    for cell in earlier.iter().flat_map(|one| one.released.cells.iter()) {
        match cell.sum {
            Some(_) => released.told += 1,
            None => released.withheld += 1,
        }
    }
    Ok(released)
}
