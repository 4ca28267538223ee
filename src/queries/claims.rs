//! Claims against this registry: what [`jejak_projections::claims`] needs of the log, and how a claim and its
//! check are recorded in it.

use std::collections::BTreeMap;

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, ClaimId, Subject};
use jejak_events::moment::is_known_on;
use jejak_events::record::Event;
use jejak_events::time::ValidTime;
use jejak_events::types::Data;
use jejak_events::types::EventType;
use jejak_events::types::claim::{ClaimChecked, ClaimMade};
use jejak_events::values::Date;
use jejak_projections::claims::{
    CheckError, Claim, ClaimFault, ClaimLog, Judging, Report, folded_claim, id_of,
};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;

use crate::answer_json::Recorded;
use crate::readmodel::Snapshot;
use crate::registry::{Outcome, Registry, RegistryError};

impl ClaimLog for Snapshot {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(Self::event(self, index)?)
    }

    fn size_on(&self, day: Date) -> Result<u64, ReadFailure> {
        let area = self.source().area;
        Ok(self.size_while(|recorded| is_known_on(recorded, day, area))?)
    }
}

/// Judges a claim by what the registry holds.
///
/// # Errors
/// As [`Judging::judge`].
pub fn judge(snapshot: &Snapshot, claim: &Claim, judging: Judging) -> Result<Report, CheckError> {
    judging.judge(claim, snapshot.facts(), snapshot, snapshot.constitution().synthetic)
}

/// Why a claim could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordClaimError {
    /// Something of it cannot stand in a record.
    #[error(transparent)]
    Claim(#[from] ClaimFault),
    /// The rules say no. Nothing was recorded of this claim.
    #[error("{0}")]
    Refused(Refusal),
    /// The machine failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// What of a claim stands in the log.
#[derive(Default)]
struct ClaimStanding {
    /// Index of its making.
    made: Option<u64>,
    /// Index of the check for each day and log size.
    checks: BTreeMap<(Date, u64), u64>,
}

/// The stream of a claim: the one on record that says the same, in whichever writing, or else the one that follows from
/// what it says.
fn stream_of(snapshot: &Snapshot, made: &ClaimMade) -> Result<ClaimId, RegistryError> {
    let (id, said) = (id_of(made), folded_claim(made));
    let standing = ClaimStanding::of(snapshot, id)?;
    if standing.made.is_some() || !standing.checks.is_empty() {
        return Ok(id);
    }
    for (effective, other) in snapshot.facts().claims_made(snapshot.size()) {
        let event = snapshot.event(effective)?;
        if ClaimMade::of(Content::of(&event).data()).is_some_and(|made| folded_claim(made) == said) {
            return Ok(other);
        }
    }
    Ok(id)
}

impl ClaimStanding {
    /// What of a claim is in force.
    fn of(snapshot: &Snapshot, claim: ClaimId) -> Result<Self, RegistryError> {
        let mut standing = Self::default();
        for index in snapshot.history(Subject::Claim(claim)) {
            // Of a correction there is nothing to say but in place of what it corrects.
            let Some(effective) = snapshot.lineage().effective(index) else { continue };
            if snapshot.lineage().original_of(index).is_some() {
                continue;
            }
            let event = snapshot.event(effective)?;
            let content = Content::of(&event);
            if content.subject() != Subject::Claim(claim) {
                continue;
            }
            if ClaimMade::of(content.data()).is_some() {
                standing.made = Some(index);
            }
            if let Some(check) = ClaimChecked::of(content.data()) {
                standing.checks.insert((check.on, check.as_known.get().unsigned_abs()), index);
            }
        }
        Ok(standing)
    }
}

/// Records a claim, unless it is there, and the check that came to this report, unless the very same is
/// there: both or neither, durable on return. A claim counts from its day of publication, or else from today; a
/// check is of today. `stream` is that of a claim that was read from the log.
///
/// # Errors
/// As [`RecordClaimError`] says. Where the machine failed, recording again finds what stands.
pub fn record(
    registry: &Registry,
    claim: &Claim,
    report: &Report,
    (as_known, stream): (u64, Option<ClaimId>),
    actor: &Actor,
) -> Result<Recorded, RecordClaimError> {
    let snapshot = registry.snapshot();
    let (made, checked) = (claim.to_event()?, report.to_event(claim, as_known)?);
    let id = match stream {
        Some(id) => id,
        None => stream_of(&snapshot, &made)?,
    };
    let (stream, key) = (Subject::Claim(id), (report.on, as_known));
    let standing = ClaimStanding::of(&snapshot, id)?;
    if let (Some(made), Some(checked)) = (standing.made, standing.checks.get(&key).copied()) {
        return Ok(Recorded { claim: id, made, checked, repeated: true });
    }
    let mut proposals = Vec::with_capacity(2);
    if standing.made.is_none() {
        let mut proposal = registry.own_proposal(actor.clone(), stream, Data::from(made))?;
        if let Some(published_on) = claim.published_on {
            proposal.draft.time = ValidTime::day(published_on, registry.source().area);
        }
        proposals.push(proposal);
    }
    proposals.push(registry.own_proposal(actor.clone(), stream, Data::from(checked))?);
    // Both in one commit: a crash leaves both or neither, and recording again goes on from there.
    let outcomes = registry.append_counted(proposals, true)?;
    let mut indexes = Vec::with_capacity(2);
    let mut refused = None;
    for outcome in outcomes {
        match outcome {
            Outcome::Recorded { index, .. } => indexes.push(index),
            // Of a batch the first that says why: the others went with it, or rest on it.
            Outcome::Refused { refused: why, .. } => {
                if refused.as_ref().is_none_or(|first: &Refusal| first.rule == "batch_refused") {
                    refused = Some(why);
                }
            }
        }
    }
    match (refused, standing.made, indexes[..].split_last()) {
        (Some(refusal), ..) => Err(RecordClaimError::Refused(refusal)),
        (None, Some(made), Some((checked, _))) => {
            Ok(Recorded { claim: id, made, checked: *checked, repeated: false })
        }
        (None, None, Some((checked, [made]))) => {
            Ok(Recorded { claim: id, made: *made, checked: *checked, repeated: false })
        }
        _ => Err(RegistryError::OutcomeUnknown("not every event was answered".into()).into()),
    }
}
