//! The certificates that are valid on the day asked for.

use std::ops::RangeInclusive;

use jejak_events::values::Date;

use super::scope::{NumberMap, Scope};
use crate::facts::{Certificate, Id, Row};

/// A certificate that is valid on the day.
pub(super) struct Valid<'a> {
    /// Its issue.
    pub(super) issue: &'a Row<Certificate>,
    /// The last day of the term that runs on the day, and of those that follow it without a gap.
    pub(super) until: Date,
    /// The events that make it valid, but for the holder.
    pub(super) events: Vec<u64>,
}

/// All certificates that are issued by the day, with the day in one of their terms, and on that day
/// neither suspended nor revoked.
pub(super) fn valid_certificates<'a>(scope: &Scope<'a>) -> Vec<Valid<'a>> {
    let (tables, on) = (&scope.facts.tables, scope.question.on);
    let mut revoked: NumberMap<Id, ()> = NumberMap::default();
    revoked.extend(scope.rows(&tables.revocations).map(|row| (row.fact.certificate, ())));
    let suspensions = scope.latest(&tables.suspensions, |fact| fact.certificate);
    let mut renewals: NumberMap<Id, Vec<_>> = NumberMap::default();
    for row in scope.rows(&tables.renewals) {
        renewals.entry(row.fact.certificate).or_default().push(row);
    }
    let mut valid = Vec::new();
    for issue in scope.rows(&tables.certificates) {
        let certificate = issue.fact.certificate;
        let suspension = suspensions.get(certificate);
        if revoked.contains_key(&certificate) || suspension.is_some_and(|row| row.fact.suspended) {
            continue;
        }
        let renewed = renewals.get(&certificate).map_or(&[][..], Vec::as_slice);
        let mut terms = vec![issue.fact.valid_from..=issue.fact.valid_to];
        terms.extend(renewed.iter().map(|row| row.fact.valid_from..=row.fact.valid_to));
        let Some(until) = runs_until(&mut terms, on) else { continue };
        let mut events = Vec::with_capacity(1);
        scope.trace(issue, &mut events);
        suspension.into_iter().for_each(|row| scope.trace(row, &mut events));
        renewed.iter().for_each(|row| scope.trace(row, &mut events));
        valid.push(Valid { issue, until, events });
    }
    valid
}

/// The terms put together where they adjoin or overlap, in order.
pub(super) fn runs(terms: &mut [RangeInclusive<Date>]) -> Vec<RangeInclusive<Date>> {
    terms.sort_unstable_by_key(|term| (*term.start(), *term.end()));
    let mut runs: Vec<RangeInclusive<Date>> = Vec::new();
    for term in terms {
        match runs.last_mut() {
            Some(run) if term.start().day_number() <= run.end().day_number() + 1 => {
                *run = *run.start()..=*run.end().max(term.end());
            }
            _ => runs.push(term.clone()),
        }
    }
    runs
}

/// The last day of the run of terms without a gap that a day lies in; `None` when it lies in none.
fn runs_until(terms: &mut [RangeInclusive<Date>], day: Date) -> Option<Date> {
    terms.sort_unstable_by_key(|term| (*term.start(), *term.end()));
    let mut until = *terms.iter().find(|term| term.contains(&day))?.end();
    for term in terms {
        if term.start().day_number() <= until.day_number() + 1 {
            until = until.max(*term.end());
        }
    }
    Some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn terms_that_adjoin_run_on_and_a_gap_ends_them() {
        let term = |from, to| day(from)..=day(to);
        let mut terms = [
            term("2026-01-01", "2026-12-31"),
            term("2022-01-01", "2024-12-31"),
            term("2025-01-01", "2025-06-30"),
            term("2024-06-01", "2024-07-31"),
        ];
        let mut until = |on| runs_until(&mut terms, day(on)).map(|until| until.to_string());
        for on in ["2022-01-01", "2024-07-01", "2025-06-30"] {
            assert_eq!(until(on).as_deref(), Some("2025-06-30"), "{on}");
        }
        assert_eq!(until("2026-12-31").as_deref(), Some("2026-12-31"));
        for on in ["2021-12-31", "2025-07-01", "2027-01-01"] {
            assert_eq!(until(on), None, "{on}");
        }
    }
}
