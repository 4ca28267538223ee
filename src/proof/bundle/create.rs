//! Makes an evidence bundle from a registry that is read or open.

use std::collections::BTreeSet;
use std::path::Path;

use jejak_events::bundle::{self, BundleError};
use jejak_events::checkpoint::{CheckpointError, SignedCheckpoint};
use jejak_events::identity::Actor;
use jejak_events::note::VerifierKey;
use jejak_events::policy::{Policy, PolicyError};
use jejak_events::record::Event;
use jejak_events::tile::{BundlePlace, FULL_WIDTH};
use jejak_projections::error::ReadFailure;

use super::archive::{ArchiveMember, BundleWriter, WriteError};
use super::asked::{AnswerExtras, AnswerSource, Answered, Asked, BundleAnswer, place};
use super::held::readme;
use super::moment::asked_too_early;
use super::verify::{BundleTrust, Verification, VerifyFailure, verify};
use super::{Problem, disclosed};
use crate::disk::Disk;
use crate::log::{LogError, LogReader};
use crate::readmodel::Snapshot;
use crate::registry::{Registry, RegistryError, RegistryReading};

/// Why no bundle was made. Nothing lies under its name then but what lay there before.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The checkpoint is not one of this log.
    #[error("the checkpoint of this log does not check: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The policy to go with it cannot be read.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// What is asked has no answer.
    #[error("{}", .0.en)]
    Asked(Problem),
    /// More is to be disclosed than a bundle carries.
    #[error(
        "too many events are behind the answer to disclose values of all; ask more narrowly, for example of one area"
    )]
    TooManyBehind,
    /// The answer names more than it counts, so that nobody's values may go with it.
    #[error(
        "the claim is about one value of a breakdown, and its answer also names those of the others: no values can be \
         disclosed with it; ask the view, narrowed"
    )]
    NamesOthers,
    /// Somebody was erased after the checkpoint.
    #[error(
        "the data of event {index} were erased after the checkpoint of size {size}: a bundle of that size could not \
         say why they are missing; take a newer checkpoint, and have that one cosigned"
    )]
    ErasedSince {
        /// The event.
        index: u64,
        /// Size of the checkpoint.
        size: u64,
    },
    /// Nobody here can note a look at sealed values.
    #[error("sealed values are disclosed by the process alone that holds the registry, which notes the look")]
    Unnoted,
    /// Entries that make no entry bundle.
    #[error("the entries before {before} make no entry bundle: {source}; run `jejak verify`")]
    Entries {
        /// One past the last.
        before: u64,
        /// Why.
        source: BundleError,
    },
    /// The archive cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A text cannot be put into JSON.
    #[error("cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The bundle was made and does not verify.
    #[error("the bundle was made and does not verify, so it is not handed out: {}", first_problem(.0))]
    NotVerified(Box<Verification>),
    /// It could not be verified.
    #[error("the bundle was made and could not be verified: {0}")]
    Unverified(#[source] VerifyFailure),
    /// Somebody asked to stop.
    #[error("stopped before the bundle was made")]
    Stopped,
}

fn first_problem(verification: &Verification) -> &str {
    verification.problems().next().map_or("nothing was signed", |problem| &problem.en)
}

/// A bundle that was handed out.
#[derive(Debug)]
pub struct Created {
    /// What its own verifier says of it.
    pub verification: Verification,
    /// Length of the file, in bytes.
    pub length_bytes: u64,
}

/// The registry whose access log notes the bundle, who takes it, and with which command. `None` where another process holds
/// the registry: then nothing is disclosed.
pub type Noted<'a> = Option<(&'a Registry, &'a Actor, &'a str)>;

/// What a bundle is made of, beside the registry.
#[derive(Clone, Copy)]
pub struct BundleRequest<'a> {
    /// A signed checkpoint of this log. What is asked knows at most its size.
    pub checkpoint: &'a str,
    /// What is asked.
    pub asked: &'a Asked,
    /// The policy to go with it, as a hint; otherwise one that asks for the log's own signature.
    pub policy: Option<&'a [u8]>,
    /// Names of the sealed fields whose values are disclosed.
    pub disclose: &'a BTreeSet<String>,
    /// An auditor's statement, and the key that it is signed with.
    pub statement: Option<(&'a [u8], &'a VerifierKey)>,
    /// Where the bundle is to lie.
    pub path: &'a Path,
    /// What happens to a file that lies there.
    pub existing: crate::disk::Existing,
    /// Nobody but its owner may read the bundle, also where it discloses nothing.
    pub private: bool,
    /// What notes who takes it.
    pub noted: Noted<'a>,
}

/// Makes a bundle and gives it its name.
///
/// Who looks at sealed values is noted before they are read, and that it is handed out before it gets its name; when
/// that fails, neither happens. `go_on` hears how many events are done, first written and then verified, and stops by
/// `false`.
///
/// # Errors
/// [`CreateError`].
pub fn create(
    reading: &RegistryReading,
    disk: &dyn Disk,
    wanted: BundleRequest<'_>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Created, CreateError> {
    let BundleRequest { checkpoint, asked, policy, disclose, statement, path, existing, private, noted } =
        wanted;
    let (keys, reader) = (reading.log().log_keys(), reading.log().reader());
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes())?;
    let stated = keys.verify(&signed)?.clone();
    let size = stated.size();
    let own = keys.at(size).map_or_else(String::new, own_policy);
    let policy = policy.map_or_else(|| own.into_bytes(), <[u8]>::to_vec);
    let trust = BundleTrust {
        policy: Some(Policy::parse(&policy)?),
        statement_key: statement.map(|(_, key)| key.clone()),
        ..BundleTrust::default()
    };

    let snapshot = reading.snapshot();
    let (answered, beside) = answer(snapshot, asked, size, disclose)?;
    let disclosures = read_sealed(snapshot, asked, &beside, &answered.told, size, noted)?;
    let readme = readme(&stated, asked, &beside, &answered.told);

    let mut writer = BundleWriter::create(disk, path, private || disclosures.is_some())?;
    writer.add(ArchiveMember::Readme, readme.as_bytes())?;
    writer.add(ArchiveMember::Policy, &policy)?;
    writer.add(ArchiveMember::Checkpoint, checkpoint.as_bytes())?;
    for introduced in keys.all().iter().skip(1).filter(|key| key.from_size <= size) {
        // One that cannot be had is named by whoever verifies, and the figure can be checked without it.
        if let Ok(handover) = reading.log().handovers().read(introduced.from_size, keys, reader)? {
            writer.add(ArchiveMember::Handover(introduced.from_size), &handover)?;
        }
    }
    if let Asked::Claim { text, .. } = asked {
        writer.add(ArchiveMember::Claim, text.as_bytes())?;
    }
    writer.add(ArchiveMember::Question, &asked.question(&beside)?)?;
    writer.add(ArchiveMember::Definition, answered.definition.as_bytes())?;
    writer.add(ArchiveMember::Answer, &answered.json)?;
    if let Some(disclosures) = disclosures {
        writer.add(ArchiveMember::Disclosures, &disclosures)?;
    }
    if let Some((statement, _)) = statement {
        writer.add(ArchiveMember::AuditStatement, statement)?;
    }
    write_entries(reader, size, &mut writer, go_on)?;
    let written = writer.finish(&reading.attestation_signer(size)?)?;

    let verification = verify(written.reader()?, &trust, go_on).map_err(|failure| match failure {
        VerifyFailure::Stopped => CreateError::Stopped,
        other => CreateError::Unverified(other),
    })?;
    if !verification.verified {
        return Err(CreateError::NotVerified(Box::new(verification)));
    }
    if let Some((registry, actor, purpose)) = noted {
        let handed_out = registry.access().note(actor, &format!("{purpose}, {size} events"), &[]);
        handed_out.map_err(RegistryError::from)?;
    }
    // Crash here: noted, and not handed out.
    let length_bytes = written.length_bytes;
    written.publish(existing)?;
    Ok(Created { verification, length_bytes })
}

/// Answers, and says what goes with it: whom the answer names, as long as that fits, and what is disclosed of them.
fn answer(
    snapshot: &Snapshot,
    asked: &Asked,
    size: u64,
    disclose: &BTreeSet<String>,
) -> Result<(Answered, AnswerExtras), CreateError> {
    let known_root = snapshot.root_at(asked.as_known())?;
    let synthetic = snapshot.constitution().synthetic;
    let place = place(snapshot, asked.as_known(), known_root, synthetic)
        .map_err(|error| RegistryError::Unreadable(error.to_string()))?;
    if let Some(last) = asked.as_known().checked_sub(1) {
        let recorded = snapshot.event(last).map_err(RegistryError::from)?.recorded;
        if let Some(early) = asked_too_early(asked, recorded, snapshot.source().area) {
            return Err(CreateError::Asked(early));
        }
    }
    let answer = |list| {
        let ground = AnswerSource { facts: snapshot.facts(), log: snapshot, size, synthetic };
        asked.answer(ground, &place, list).map_err(CreateError::Asked)
    };
    let (mut list, mut answered) = (true, answer(true)?);
    if answered.json.len() as u64 > ArchiveMember::Answer.limit_bytes() {
        if !disclose.is_empty() {
            return Err(CreateError::TooManyBehind);
        }
        // The digest covers those behind the answer also where it does not name them.
        (list, answered) = (false, answer(false)?);
    }
    Ok((answered, AnswerExtras { list, disclose: disclose.clone() }))
}

/// Reads what is disclosed from the vault, once the look is noted; `None` where nothing is asked for.
fn read_sealed(
    snapshot: &Snapshot,
    asked: &Asked,
    beside: &AnswerExtras,
    told: &BundleAnswer,
    size: u64,
    noted: Noted<'_>,
) -> Result<Option<Vec<u8>>, CreateError> {
    let AnswerExtras { disclose, .. } = beside;
    let unreadable = |error: ReadFailure| RegistryError::Unreadable(error.to_string());
    if disclose.is_empty() {
        return Ok(None);
    }
    if !disclosed::names_its_own(told) {
        return Err(CreateError::NamesOthers);
    }
    let indexes = disclosed::indexes(told, snapshot.facts(), asked.as_known());
    let behind = disclosed::behind(indexes, snapshot, disclose).map_err(unreadable)?;
    let subjects = disclosed::subjects(&behind);
    if let Some(index) = disclosed::erased_since(snapshot, &behind, disclose, size) {
        return Err(CreateError::ErasedSince { index, size });
    }
    let (registry, actor, purpose) = noted.ok_or(CreateError::Unnoted)?;
    let look = registry.look(actor, purpose, &subjects.into_iter().collect::<Vec<_>>())?;
    // Crash here: noted, and not looked at.
    let open = |index: u64, event: &Event| snapshot.disclosures(&look, index, event);
    let disclosures = disclosed::collect((snapshot, &open), &behind, disclose).map_err(unreadable)?;
    disclosures.ok_or(CreateError::TooManyBehind).map(Some)
}

/// Asks for the log's own signature and for no other.
fn own_policy(key: &VerifierKey) -> String {
    format!("log {key}\nquorum none\n")
}

fn write_entries(
    reader: &LogReader,
    size: u64,
    writer: &mut BundleWriter<'_>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<(), CreateError> {
    let mut entries: Vec<Vec<u8>> = Vec::with_capacity(usize::from(FULL_WIDTH));
    let mut failed = None;
    reader.scan(0..size, &mut |index, bytes| {
        entries.push(bytes.to_vec());
        let before = index + 1;
        if entries.len() == usize::from(FULL_WIDTH) || before == size {
            failed = write_bundle(&entries, before, size, writer).err();
            entries.clear();
            if failed.is_none() && !go_on(before) {
                failed = Some(CreateError::Stopped);
            }
        }
        failed.is_none()
    })?;
    failed.map_or(Ok(()), Err)
}

fn write_bundle(
    entries: &[Vec<u8>],
    before: u64,
    size: u64,
    writer: &mut BundleWriter<'_>,
) -> Result<(), CreateError> {
    let bytes = bundle::encode(entries.iter().map(Vec::as_slice))
        .map_err(|source| CreateError::Entries { before, source })?;
    let place = BundlePlace::in_tree(size, (before - 1) / u64::from(FULL_WIDTH));
    let place = place.ok_or(LogError::OutOfRange { index: before, size })?;
    Ok(writer.add(ArchiveMember::Entries(place), &bytes)?)
}
