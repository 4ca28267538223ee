//! The recorded checks of claims, counted again: whoever signs a log can write any count into one.
//!
//! Each check in force is made anew, of the claim as it stood before that check, for its day, at its log size, by the
//! version of the view that it names. This module must never take a recorded count for one that was made.

use jejak_events::types::EventType;
use jejak_events::types::claim::ClaimChecked;
use jejak_projections::claims::{CheckError, Claim, ClaimLog, recorded_claim};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Content;

use crate::proof::replay::Check;
use jejak_projections::claims::Judging;

/// Counts the checks in force at a log size again; `synthetic` says whether the registry is made up.
#[must_use]
pub fn recount(facts: &Facts, log: &dyn ClaimLog, size: u64, synthetic: bool) -> Check {
    let mut check = Check::new("claims", "pemeriksaan klaim", "checks of claims");
    for index in facts.checks(size) {
        check.checked += 1;
        match again(facts, log, index, synthetic) {
            Ok(None) => {}
            Ok(Some((said, counted))) => check.problem(
                format!(
                    "peristiwa {index}: pemeriksaan klaim menyebut {}, padahal terhitung {}",
                    told(&said),
                    told(&counted)
                ),
                format!(
                    "event {index}: the check of a claim says {}, while {} is counted",
                    told(&said),
                    told(&counted)
                ),
            ),
            Err(error) => check.told(
                &format!("peristiwa {index}: pemeriksaan klaim tidak dapat dihitung ulang"),
                &format!("event {index}: the check of a claim cannot be counted again"),
                error,
            ),
        }
    }
    check
}

/// What a check says and what is counted now, where the two differ.
fn again(
    facts: &Facts,
    log: &dyn ClaimLog,
    index: u64,
    synthetic: bool,
) -> Result<Option<(ClaimChecked, ClaimChecked)>, CheckError> {
    let event = log.event(index).map_err(|source| CheckError::Unreadable { index, source })?;
    let content = Content::of(&event);
    let (Some(said), jejak_events::identity::Subject::Claim(id)) =
        (ClaimChecked::of(content.data()), content.subject())
    else {
        return Ok(None);
    };
    let Some(claim) = recorded_claim(facts, log, id, index)? else { return Ok(None) };
    let claim = of_version(claim, said);
    let as_known = said.as_known.get().unsigned_abs();
    let judging = Judging { today: content.time().date(), on: Some(said.on), as_known };
    let counted = judging.judge(&claim, facts, log, synthetic)?.to_event(&claim, as_known)?;
    let alike = (counted.verdict, &counted.count) == (said.verdict, &said.count);
    Ok((!alike).then(|| (said.clone(), counted)))
}

/// The claim, to be counted by the version of the view that the check names.
fn of_version(mut claim: Claim, said: &ClaimChecked) -> Claim {
    if let (Some(indicator), Some(count)) = (&mut claim.indicator, &said.count) {
        indicator.version = Some(count.version.get());
    }
    let whole_version = said.count.as_ref().and_then(|count| count.whole_version);
    if let (Some(whole), Some(version)) = (&mut claim.whole, whole_version) {
        whole.version = Some(version.get());
    }
    claim
}

/// A check in one line: its verdict, count, view and the beginning of the digest.
fn told(check: &ClaimChecked) -> String {
    let verdict = check.verdict.name();
    let Some(count) = &check.count else { return verdict.to_owned() };
    let counted = count.counted.map_or_else(|| "-".to_owned(), |counted| counted.get().to_string());
    let digest: String = count.digest.to_string().chars().take(8).collect();
    format!("{verdict} {counted} ({} v{}, {digest})", count.view, count.version.get())
}
