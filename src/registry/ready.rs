//! A proposal made ready for the writer, on the proposer's own thread: sealed, derived, laid out and
//! held to the format, so that the writer only judges and stamps.

use std::io;
use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::proposal::{Disclosures, Proposal, SealedValues};
use jejak_events::record::{Draft, Event, Prepared, RECORD_LIMIT_BYTES, Stamp};
use jejak_events::scale;
use jejak_events::sealed::SALT_BYTES;
use jejak_events::time::RecordedTime;
use jejak_events::types::{Data, Scaled};
use jejak_events::values::{Count, Rupiah, SetOf};
use serde::Deserialize;
use serde_json::Value;

use crate::environment::Randomness;
use crate::rules::targets;

/// A proposal with everything that does not depend on the log's tip.
#[derive(Debug)]
pub enum Ready {
    /// Sealed and laid out.
    LaidOut {
        /// The event to be.
        laid_out: LaidOut,
        /// The number of events its stream must hold, when the proposer insists.
        expected_revision: Option<u64>,
    },
    /// A correction, as it was proposed: what it carries over is known to the writer only.
    Correction(Proposal),
}

/// A draft with its digests, its bytes but for the recorded time, and its disclosures.
#[derive(Debug)]
pub struct LaidOut {
    /// The draft.
    pub draft: Draft,
    /// Its canonical bytes around the recorded time.
    pub prepared: Prepared,
    /// For the vault.
    pub disclosures: Disclosures,
    /// The sealed values, one for each declared field, null where there is none.
    pub sealed: SealedValues,
}

/// Why a proposal could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No randomness for the salts.
    #[error("cannot draw salts for sealed fields: {0}")]
    Randomness(#[from] io::Error),
}

impl Ready {
    /// Seals and lays out a proposal.
    ///
    /// # Errors
    /// When only the registry records its type, when a derived field refuses it, when the record would be too long, or without randomness.
    pub fn make(proposal: Proposal, randomness: &Arc<dyn Randomness>) -> Result<Self, NotReady> {
        targets::judge_counted(&proposal.draft.data)?;
        Self::make_counted(proposal, randomness)
    }

    /// As [`Ready::make`], also for the check of a claim: for whoever counted what it says.
    ///
    /// # Errors
    /// As [`Ready::make`].
    pub fn make_counted(proposal: Proposal, randomness: &Arc<dyn Randomness>) -> Result<Self, NotReady> {
        targets::judge_proposable(&proposal.draft.data)?;
        if proposal.draft.data.correction().is_some() {
            return Ok(Self::Correction(proposal));
        }
        let expected_revision = proposal.expected_revision;
        Ok(Self::LaidOut { laid_out: lay_out(proposal, None, randomness)?, expected_revision })
    }

    /// Length of the record in bytes; of a correction, which is not laid out yet, the longest it can be.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        match self {
            Self::LaidOut { laid_out, .. } => laid_out.prepared.length_bytes(),
            Self::Correction(_) => RECORD_LIMIT_BYTES,
        }
    }

    /// The event to be; of a correction not sealed yet.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        match self {
            Self::LaidOut { laid_out, .. } => &laid_out.draft,
            Self::Correction(proposal) => &proposal.draft,
        }
    }

    /// The sealed values; of a correction only those that it gives.
    #[must_use]
    pub fn sealed(&self) -> &SealedValues {
        match self {
            Self::LaidOut { laid_out, .. } => &laid_out.sealed,
            Self::Correction(proposal) => &proposal.sealed,
        }
    }

    /// The number of events its stream must hold, when the proposer insists.
    #[must_use]
    pub fn expected_revision(&self) -> Option<u64> {
        match self {
            Self::LaidOut { expected_revision, .. } => *expected_revision,
            Self::Correction(proposal) => proposal.expected_revision,
        }
    }
}

/// Derives, seals and lays out. `carried` are the size classes to keep where their inputs are no
/// longer readable.
///
/// # Errors
/// As [`Ready::make`].
pub fn lay_out(
    mut proposal: Proposal,
    carried: Option<SetOf<Scaled>>,
    randomness: &Arc<dyn Randomness>,
) -> Result<LaidOut, NotReady> {
    let mut sealed = proposal.sealed.clone();
    for field in proposal.sealed_data().declaration().sealed {
        sealed.entry(field.name).or_insert(Value::Null);
    }
    derive(&mut proposal.draft.data, &sealed, carried)?;
    let (draft, disclosures) = proposal.seal(|| {
        let mut salt = [0; SALT_BYTES];
        randomness.fill(&mut salt).map(|()| salt)
    })?;
    let prepared = draft.prepare();
    let length_bytes = prepared.length_bytes();
    if length_bytes > RECORD_LIMIT_BYTES {
        return Err(Refusal::new(
            "too_large",
            format!("peristiwa menjadi {length_bytes} byte; paling banyak {RECORD_LIMIT_BYTES}. Simpan lampiran sebagai bukti"),
            format!("the event comes to {length_bytes} bytes; at most {RECORD_LIMIT_BYTES}. Keep attachments as evidence"),
        )
        .into());
    }
    hold_to_format(&draft, &prepared)?;
    Ok(LaidOut { draft, prepared, disclosures, sealed })
}

/// `bytes == encode(parse(bytes))`, before anything is recorded: the bytes are the encoding of the
/// draft, so it is enough that they read back as that draft. Only the recorded time is still open, and
/// its form does not depend on the event.
fn hold_to_format(draft: &Draft, prepared: &Prepared) -> Result<(), Refusal> {
    let Some(recorded) = RecordedTime::from_unix_ms(0) else { return Ok(()) };
    let mut bytes = Vec::with_capacity(prepared.length_bytes());
    prepared.stamp(&Stamp::new(recorded), &mut bytes);
    match Event::read(&bytes) {
        Ok(event) if event.draft == *draft => Ok(()),
        Ok(_) => Err(Refusal::new(
            "not_canonical",
            "peristiwa terbaca lain daripada yang ditulis; laporkan kesalahan ini",
            "the event reads back as another one; report this defect",
        )),
        Err(error) => Err(error.0),
    }
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
