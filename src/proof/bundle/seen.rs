//! Reads all of a bundle, once: the texts are kept, the entries replayed as they come.
//!
//! This module must never believe a text before the end was reached, where the archive is known to be in order.

use std::io::Read;

use jejak_events::audit_statement::AuditStatement;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::policy::Policy;
use jejak_events::translation::told;

use super::archive::{ArchiveMember, ArchiveRefusal, BundleReadError, BundleReader, UnpackedMember};
use super::asked::{AnswerExtras, Asked};
use super::members::{BundleTexts, Entries};
use super::verify::{BundleTrust, VerifyFailure};
use super::{Problem, statement};
use crate::proof::replay::entries::{ReplayError, Replayed, SourceError, replay};
use crate::proof::replay::signatures::not_accepted;

/// Most events that the entry bundles of an archive hold.
const EVENTS_LIMIT: u64 = 65_534 * 256;

/// Why a bundle was not read to its end.
pub enum Stopped {
    /// It is not laid out as we write it.
    Refused(ArchiveRefusal),
    /// The machine failed.
    Failed(VerifyFailure),
}

impl From<BundleReadError> for Stopped {
    fn from(error: BundleReadError) -> Self {
        match error {
            BundleReadError::Input(source) => Self::Failed(VerifyFailure::Input(source)),
            BundleReadError::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// All of a bundle whose archive is in order.
pub struct Seen {
    /// The members beside the entries.
    pub texts: BundleTexts,
    /// The checkpoint.
    pub signed: Result<SignedCheckpoint, Problem>,
    /// The handovers that come with it.
    pub handovers: Result<Vec<SignedCheckpoint>, Problem>,
    /// What is asked, and what goes with the answer.
    pub asked: Result<(Asked, AnswerExtras), Problem>,
    /// What the auditor stated; `None` when the reader asked for no statement.
    pub statement: Option<Result<AuditStatement, Problem>>,
    /// Why nothing was replayed: nobody whom the reader knows has signed the checkpoint.
    pub by_nobody_known: Option<Problem>,
    /// The log.
    pub replayed: Result<Box<Replayed>, Problem>,
}

/// Why nothing is to be replayed for a reader of this policy: no log that it lists has signed the checkpoint, nor a
/// handover from which a key that did could be learnt. `None` where one has.
fn by_nobody_known(
    signed: &SignedCheckpoint,
    policy: &Policy,
    handovers: &[SignedCheckpoint],
    kept: &[SignedCheckpoint],
) -> Option<Problem> {
    let origin = signed.unverified().origin();
    let is_known = |one: &SignedCheckpoint| policy.logs().iter().any(|key| one.verify(key).is_ok());
    // A handover has two signatures by the log.
    let hands_over = |one: &&SignedCheckpoint| {
        one.unverified().origin() == origin
            && one.note().signatures().iter().filter(|line| line.name() == origin).count() > 1
    };
    if is_known(signed) || handovers.iter().chain(kept).filter(hands_over).any(is_known) {
        return None;
    }
    policy.check(signed, None).err().map(|refused| not_accepted(&refused))
}

impl Seen {
    /// What the texts before the entries say; nothing is replayed yet.
    fn of(texts: BundleTexts, trust: &BundleTrust) -> Self {
        let signed = SignedCheckpoint::parse(&texts.checkpoint).map_err(|error| {
            Problem::new(
                format!("checkpoint tidak dapat dibaca: {error}", error = told(&error)),
                format!("the checkpoint cannot be read: {error}"),
            )
        });
        let handovers = texts.read_handovers();
        let by_nobody_known = signed.as_ref().ok().zip(trust.policy.as_ref()).and_then(|(signed, policy)| {
            let handovers = handovers.as_deref().unwrap_or_default();
            by_nobody_known(signed, policy, handovers, &trust.kept)
        });
        let statement = trust.statement_key.as_ref();
        Self {
            signed,
            handovers,
            asked: Asked::read(texts.claim.as_deref(), &texts.question),
            statement: statement.map(|key| statement::open(texts.audit_statement.as_deref(), key)),
            by_nobody_known,
            // Until some are replayed.
            replayed: Err(Problem::new("tidak ada peristiwa di dalamnya", "there are no events in it")),
            texts,
        }
    }

    /// Number of events to replay, or why none are.
    fn size(&self) -> Result<u64, Problem> {
        let size = self.signed.as_ref().map_err(Clone::clone)?.unverified().size();
        if size > EVENTS_LIMIT {
            return Err(Problem::new(
                format!("checkpoint menyebut {size} peristiwa, lebih dari isi satu berkas bukti"),
                format!("the checkpoint states {size} events, more than a bundle can hold"),
            ));
        }
        if self.by_nobody_known.is_some() {
            // What nobody known has signed costs its reader no more than the reading.
            return Err(Problem::new(
                "tidak diputar ulang dan tidak dihitung: tidak ada kunci yang Anda kenal yang menandatangani checkpoint; bila log ini mengganti kuncinya, minta berkas `handover/<ukuran>` dari registri itu dan sebut dengan --kept",
                "not replayed and not counted: no key that you know has signed the checkpoint; if this log has changed its key, ask the registry for the files `handover/<size>` and name them by --kept",
            ));
        }
        Ok(size)
    }

    /// The sizes whose roots something in the bundle, or the reader, is held against.
    fn sizes_held(&self, trust: &BundleTrust) -> Vec<u64> {
        let sizes =
            trust.kept.iter().chain(self.handovers.iter().flatten()).map(|one| one.unverified().size());
        let known = self.asked.iter().map(|(asked, _)| asked.as_known());
        let audited = self.statement.iter().flatten().map(|statement| statement.size);
        known.chain(sizes).chain(audited).collect()
    }

    /// Replays entries up to a size. What was read beyond them comes back.
    fn replay<R: Read + Send>(
        &mut self,
        mut source: Entries<'_, R>,
        size: u64,
        roots: Vec<u64>,
        go_on: &dyn Fn(u64) -> bool,
    ) -> Result<Option<UnpackedMember>, Stopped> {
        let replayed = replay(&mut source, size, roots, go_on);
        let Entries { count, next, refused, problem, .. } = source;
        self.texts.count += count;
        if let Some(refusal) = refused {
            return Err(Stopped::Refused(refusal));
        }
        self.replayed = match replayed {
            Ok(replayed) => Ok(Box::new(replayed)),
            Err(ReplayError::Source(SourceError::Wrong(said) | SourceError::Absent(said))) => {
                Err(problem.unwrap_or(said))
            }
            Err(ReplayError::Source(SourceError::Failed { source, .. })) => {
                return Err(Stopped::Failed(VerifyFailure::Input(source)));
            }
            Err(ReplayError::Stopped) => return Err(Stopped::Failed(VerifyFailure::Stopped)),
            Err(error) => return Err(Stopped::Failed(VerifyFailure::Replay(error))),
        };
        Ok(next)
    }
}

/// Reads a bundle once, from front to back.
///
/// # Errors
/// [`Stopped`].
pub fn read_all<R: Read + Send>(
    mut reader: BundleReader<R>,
    trust: &BundleTrust,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Seen, Stopped> {
    let mut texts = BundleTexts::default();
    let first = loop {
        match reader.next()? {
            Some(content) if !matches!(content.member, ArchiveMember::Entries(_)) => texts.keep(content),
            first => break first,
        }
    };
    let mut seen = Seen::of(texts, trust);
    let mut rest = None;
    match (seen.size(), first) {
        (Err(problem), first) => {
            seen.replayed = Err(problem);
            // Read, and a member like any other.
            rest = first;
        }
        (Ok(size), Some(first)) => {
            let roots = seen.sizes_held(trust);
            rest = seen.replay(Entries::new(&mut reader, first, size), size, roots, go_on)?;
        }
        (Ok(_), None) => {}
    }
    // To the end, whatever was found: an archive that was altered is told first.
    let mut beyond = None;
    while let Some(content) =
        rest.take().map_or_else(|| reader.next(), |content: UnpackedMember| Ok(Some(content)))?
    {
        if let ArchiveMember::Entries(place) = content.member {
            beyond.get_or_insert(place);
        }
        seen.texts.keep(content);
    }
    if let (Ok(_), Some(place)) = (&seen.replayed, beyond) {
        seen.replayed = Err(Problem::new(
            format!("{place}: peristiwa di luar yang disebut checkpoint"),
            format!("{place}: events beyond those that the checkpoint states"),
        ));
    }
    Ok(seen)
}
