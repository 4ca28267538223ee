//! A proposal prepared for the writer, on the proposer's own thread: sealed, derived and printed, once, so that the
//! writer only judges and stamps. Must never read what it printed.

use std::io;
use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::proposal::{Disclosures, Proposal, SealedValues};
use jejak_events::record::{Draft, Event, RECORD_LIMIT_BYTES, Stamp, UnstampedRecord};
use jejak_events::scale;
use jejak_events::sealed::SALT_BYTES;
use jejak_events::time::RecordedTime;
use jejak_events::types::{Data, Scaled};
use jejak_events::values::{Count, Rupiah, SetOf};
use serde::Deserialize;
use serde_json::Value;

use crate::environment::Randomness;
use crate::rules::targets;

/// An event to be, with everything that does not depend on the log's tip. What a correction carries over does: until the
/// writer has filled that in, its draft holds no digests, and it is not laid out.
#[derive(Debug)]
pub struct PreparedEvent {
    /// The draft.
    pub draft: Draft,
    /// The sealed values, one for each declared field, null where there is none; of a correction that is not laid out
    /// only those that it gives.
    pub sealed: SealedValues,
    /// The number of events its stream must hold, when the proposer insists.
    pub expected_revision: Option<u64>,
    /// `None` for a correction that is not completed.
    pub layout: Option<Layout>,
}

/// The bytes of a prepared event, and what goes into the vault.
#[derive(Debug)]
pub struct Layout {
    /// Its canonical bytes around the recorded time.
    pub record: UnstampedRecord,
    /// For the vault.
    pub disclosures: Disclosures,
}

/// Why a proposal could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No randomness for the salts.
    #[error("cannot draw salts for sealed fields: {0}")]
    Randomness(#[from] io::Error),
}

impl PreparedEvent {
    /// Seals and lays out a proposal.
    ///
    /// # Errors
    /// When only the registry records its type, when a derived field refuses it, when the record would be too long, or without randomness.
    pub fn new(proposal: Proposal, randomness: &Arc<dyn Randomness>) -> Result<Self, PrepareError> {
        targets::judge_counted(&proposal.draft.data)?;
        Self::new_counted(proposal, randomness)
    }

    /// As [`PreparedEvent::new`], also for the check of a claim: for whoever counted what it says.
    ///
    /// # Errors
    /// As [`PreparedEvent::new`].
    pub fn new_counted(proposal: Proposal, randomness: &Arc<dyn Randomness>) -> Result<Self, PrepareError> {
        targets::judge_proposable(&proposal.draft.data)?;
        if proposal.draft.data.correction().is_some() {
            let Proposal { draft, sealed, expected_revision } = proposal;
            return Ok(Self { draft, sealed, expected_revision, layout: None });
        }
        Self::complete(proposal, randomness)
    }

    /// Seals and lays out a proposal of the registry's own, or one whose type was judged.
    ///
    /// # Errors
    /// As [`PreparedEvent::new`].
    pub fn complete(proposal: Proposal, randomness: &Arc<dyn Randomness>) -> Result<Self, PrepareError> {
        let expected_revision = proposal.expected_revision;
        let (draft, sealed, layout) = lay_out(proposal, None, randomness)?;
        Ok(Self { draft, sealed, expected_revision, layout: Some(layout) })
    }

    /// Length of the record in bytes; of a correction that is not laid out, the longest it can be.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        self.layout.as_ref().map_or(RECORD_LIMIT_BYTES, |layout| layout.record.length_bytes())
    }
}

/// Derives, seals and lays out. `carried` are the size classes to keep where their inputs are no longer readable.
///
/// # Errors
/// As [`PreparedEvent::new`].
pub fn lay_out(
    mut proposal: Proposal,
    carried: Option<SetOf<Scaled>>,
    randomness: &Arc<dyn Randomness>,
) -> Result<(Draft, SealedValues, Layout), PrepareError> {
    let mut sealed = proposal.sealed.clone();
    for field in proposal.sealed_data().declaration().sealed {
        sealed.entry(field.name).or_insert(Value::Null);
    }
    derive(&mut proposal.draft.data, &sealed, carried)?;
    let (draft, disclosures) = proposal.seal(|| {
        let mut salt = [0; SALT_BYTES];
        randomness.fill(&mut salt).map(|()| salt)
    })?;
    let record = draft.lay_out();
    let length_bytes = record.length_bytes();
    if length_bytes > RECORD_LIMIT_BYTES {
        return Err(Refusal::new(
            "too_large",
            format!("peristiwa menjadi {length_bytes} byte; paling banyak {RECORD_LIMIT_BYTES}. Simpan lampiran sebagai bukti"),
            format!("the event comes to {length_bytes} bytes; at most {RECORD_LIMIT_BYTES}. Keep attachments as evidence"),
        )
        .into());
    }
    debug_assert!(reads_back(&draft, &record), "the record is not read as what was written");
    Ok((draft, sealed, Layout { record, disclosures }))
}

/// Whether the bytes are held to the format and read as this draft. What a proposal is read to is printed so by the way it
/// is typed; `events/tests/properties.rs` holds that for any JSON that a proposal is read from, so that a release build
/// need not read each record again.
fn reads_back(draft: &Draft, record: &UnstampedRecord) -> bool {
    let Some(recorded) = RecordedTime::from_unix_ms(0) else { return false };
    let mut bytes = Vec::with_capacity(record.length_bytes());
    record.stamp(&Stamp::new(recorded), &mut bytes);
    Event::parse(&bytes).is_ok_and(|event| event.draft == *draft)
}

fn derive(data: &mut Data, sealed: &SealedValues, carried: Option<SetOf<Scaled>>) -> Result<(), Refusal> {
    let Some(scales) = data.scales_mut() else { return Ok(()) };
    fn input<'v, T: Deserialize<'v>>(sealed: &'v SealedValues, name: &str) -> Option<T> {
        T::deserialize(sealed.get(name)?).ok()
    }
    let (workers, investment) = (input::<Count>(sealed, "workers"), input::<Rupiah>(sealed, "investment"));
    *scales = scale::derive(workers, investment)?.or(carried);
    Ok(())
}
