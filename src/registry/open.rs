//! Opening a registry.
//!
//! Must never change the keys before the log is accepted and seen to be theirs.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use jejak_events::constitution;
use jejak_events::fault::Message;
use jejak_events::identity::Source;
use jejak_events::log_keys::LogKeys;
use jejak_events::note::VerifierKey;
use jejak_events::record::Event;
use jejak_events::types::{Constitution, EventType as _, KeyPurpose, RegistryOpened};
use jejak_projections::facts::Facts;

use super::derive::{derive, last_recorded};
use super::engine::Engine;
use super::outcome::RegistryError;
use super::signer::{Signer, signer_of};
use super::{Options, unfinished};
use crate::log::{Log, LogError, LogReader, Notary, OpenReport, Reach};
use crate::readmodel::Vault;
use crate::readmodel::stored::{Loaded, StoredState};
use crate::vault::{FrameHeader, KeyFile, Secret, VaultIndex, whole_frames_bytes};

/// What opening found of the stored state.
#[derive(Debug)]
pub struct StateReport {
    /// Number of events of the state that was taken; 0 where none was.
    pub stored: u64,
    /// Number of events behind it, which were read.
    pub replayed: u64,
    /// What is wrong with the states that were not taken.
    pub problems: Vec<Message>,
}

/// What opening found.
#[derive(Debug)]
pub struct Opened {
    /// What event 0 says.
    pub constitution: RegistryOpened,
    /// Who recorded event 0.
    pub source: Source,
    /// The public key that signed when the registry was opened.
    pub verifier_key: VerifierKey,
    /// What was healed, cut or set aside in the log.
    pub log: OpenReport,
    /// What was stored of the state, and what of it was not taken.
    pub state: StateReport,
    /// Copies of the keys file that were healed.
    pub healed_keys: Vec<std::path::PathBuf>,
    /// Erasures that were requested and cut short, and that opening finished.
    pub finished_erasures: usize,
    /// Handovers from one checkpoint key to the next that were cut short or lost, and that opening made.
    pub finished_handovers: usize,
}

pub(super) fn unreadable(reason: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(reason.to_string())
}

/// The signer of checkpoints; the log has yet to tell it which key signs.
pub(super) fn checkpoint_signer(keys: &KeyFile, options: &Options) -> Result<Signer, RegistryError> {
    let seeds: Vec<Secret> = keys.signing_secrets(KeyPurpose::Checkpoint.name()).cloned().collect();
    if seeds.is_empty() {
        return Err(RegistryError::ForeignKeys { path: options.keys_dir.display().to_string() });
    }
    Ok(Signer::new(seeds))
}

/// Opens the log where the options say. Whoever reads its events tells the signer which key signs.
pub(super) fn open_log(
    options: &Options,
    signer: &Arc<Signer>,
    reach: Reach,
) -> Result<(Log, OpenReport), LogError> {
    let notary: Arc<dyn Notary> = Arc::clone(signer) as _;
    if let Some(backend) = &options.backend {
        return Log::open_in(&**backend, notary);
    }
    Log::open(
        Arc::clone(&options.disk),
        &*options.store,
        notary,
        options.paths(),
        options.log,
        reach,
        &|done, total| options.tell_log_opening(done, total),
    )
}

/// Starts an empty log where the options say.
pub(super) fn create_log(options: &Options, signer: &Arc<Signer>) -> Result<Log, LogError> {
    let notary: Arc<dyn Notary> = Arc::clone(signer) as _;
    match &options.backend {
        Some(backend) => Ok(Log::open_in(&**backend, notary)?.0),
        None => {
            let disk = Arc::clone(&options.disk);
            Log::create(disk, &*options.store, notary, options.paths(), options.log)
        }
    }
}

/// Opens keys and log, heals what can be healed, and derives what the writer needs.
///
/// # Errors
/// When keys or log cannot be opened, or do not belong together.
pub fn open_engine(options: &Options) -> Result<(Engine, Facts, Opened), RegistryError> {
    let not_initialised = || RegistryError::NotInitialised { path: options.dir.display().to_string() };
    let holds_commits = options.holds_commits()?;
    if options.trace_of_log()?.is_none() || (!holds_commits && unfinished::exists(options)?) {
        return Err(not_initialised());
    }
    let read_from = Cell::new(0);
    let attempt = |reach| {
        let keys = match KeyFile::read(Arc::clone(&options.disk), &options.keys_dir) {
            Err(crate::vault::KeyError::Missing { .. }) if !holds_commits => return Err(not_initialised()),
            keys => keys?,
        };
        let signer = Arc::new(checkpoint_signer(&keys, options)?);
        let (log, report) = open_log(options, &signer, reach).inspect_err(|_| options.discard_copy())?;
        read_from.set(report.read_from);
        if log.size() == 0 {
            return Err(not_initialised());
        }
        finish_opening(options, log, report, keys, &signer)
    };
    match attempt(options.reach) {
        // What opening has not read may be damaged, and heal, or be refused with its place.
        Err(_) if read_from.get() > 0 => attempt(Reach::Whole),
        opened => opened,
    }
}

/// Derives the writer's state from an open log. The keys need only have been read: they are settled when
/// everything else is accepted.
///
/// # Errors
/// When an event cannot be read, when the log names other keys, or when the vault names keys that these
/// never had.
pub fn finish_opening(
    options: &Options,
    log: Log,
    report: OpenReport,
    keys: KeyFile,
    signer: &Arc<Signer>,
) -> Result<(Engine, Facts, Opened), RegistryError> {
    let reader = log.reader();
    let (constitution, source) = read_constitution(&reader)?;
    if report.read_from == 0 {
        hold_keys(options, signer, &keys)?;
    }
    let vault = Arc::new(Vault::new(scan_vault(options, &reader, log.vault_length(), &keys)?, keys));
    let (StoredState { machine, facts }, state) =
        load_state(options, &reader, (log.size(), report.read_from), signer)?;
    let last_recorded = last_recorded(&reader, log.size())?;
    let verifier_key = hold_keys(options, signer, &vault.keys())?;
    // Everything fits. Crash from here on: keys that are healed in part, which the next opening goes on
    // with.
    vault.change_keys(KeyFile::settle)?;
    // An init that was cut short after event 0 left its mark.
    unfinished::end(options)?;
    let opened = Opened {
        constitution,
        source,
        verifier_key,
        log: report,
        state,
        healed_keys: vault.keys().healed().to_vec(),
        finished_erasures: 0,
        finished_handovers: 0,
    };
    let engine = Engine::new(options, log, machine, vault, Arc::clone(signer), last_recorded);
    Ok((engine, facts, opened))
}

/// What event 0 says, and who recorded it.
pub(super) fn read_constitution(reader: &LogReader) -> Result<(RegistryOpened, Source), RegistryError> {
    let first = Event::read(&reader.read(0)?).map_err(unreadable)?;
    let Some(Constitution::Opened(opened)) = first.draft.data.constitution() else {
        return Err(unreadable("event 0 is not registry.opened; this is no log of this program"));
    };
    if let Some(fault) = constitution::faults(opened).into_iter().next() {
        return Err(unreadable(format!("event 0: {}; this is no log of this program", fault.en)));
    }
    Ok((opened.clone(), first.draft.source.clone()))
}

/// Refuses keys that are not those of the log, once the signer has heard which these are.
pub(super) fn hold_keys(
    options: &Options,
    signer: &Signer,
    keys: &KeyFile,
) -> Result<VerifierKey, RegistryError> {
    hold_attestation_key(&signer.keys(), keys, options)?;
    key_in_force(&signer.keys(), signer, options)
}

/// Loads what is stored of the state and takes it on to the size of the log, of which opening read what is behind
/// `read_from`.
pub(super) fn load_state(
    options: &Options,
    reader: &LogReader,
    (size, read_from): (u64, u64),
    signer: &Signer,
) -> Result<(StoredState, StateReport), RegistryError> {
    let Loaded { state, problems } = options.state_files().load(reader);
    let state = state.unwrap_or_default();
    let stored = state.machine.size();
    options.tell_derived(stored, size, read_from);
    let state = derive(reader, state, size, &|done| {
        options.tell_derived(done, size, read_from);
        true
    })?;
    // Which keys sign follows also from events that were not read now.
    for index in state.machine.state().key_events() {
        signer.hear(index, &reader.read(index)?);
    }
    Ok((state, StateReport { stored, replayed: size - stored, problems }))
}

/// The key that signs now, whose secret must be at hand.
fn key_in_force(keys: &LogKeys, signer: &Signer, options: &Options) -> Result<VerifierKey, RegistryError> {
    let path = options.keys_dir.display().to_string();
    match keys.all() {
        [.., last] if signer.has_secret_of(&last.key) => Ok(last.key.clone()),
        [earlier @ .., last] if earlier.iter().any(|one| signer.has_secret_of(&one.key)) => {
            Err(RegistryError::KeyMissing { path, index: last.from_size - 1 })
        }
        _ => Err(RegistryError::ForeignKeys { path }),
    }
}

/// Keys without the secret of the last attestation key that was introduced are older than the log, too. That of event 0
/// is missed by `verify` alone: nothing else tells by it which keys these are.
fn hold_attestation_key(named: &LogKeys, keys: &KeyFile, options: &Options) -> Result<(), RegistryError> {
    match named.attestation() {
        [_, .., last] if signer_of(keys, KeyPurpose::Attestation, &last.key).is_none() => {
            let path = options.keys_dir.display().to_string();
            Err(RegistryError::KeyMissing { path, index: last.from_size - 1 })
        }
        _ => Ok(()),
    }
}

/// Reads where the frames lie, and refuses keys that are older than one of them: sealing on with those
/// would give a subject a second key. The log has healed the file and cut it to its length.
fn scan_vault(
    options: &Options,
    reader: &LogReader,
    length_bytes: u64,
    keys: &KeyFile,
) -> Result<VaultIndex, RegistryError> {
    let mut vault = VaultIndex::default();
    let known = keys.key_ids();
    let mut unknown = None;
    visit_vault(reader, 0..length_bytes, &mut |frames| {
        let see = &mut |frame: &FrameHeader| {
            if unknown.is_none() && !known.contains(&frame.key_id) {
                unknown = Some((frame.index, frame.group));
            }
        };
        vault.extend_seeing(frames, see).map_err(unreadable)?;
        match unknown {
            Some((index, group)) => {
                let path = options.keys_dir.display().to_string();
                Err(RegistryError::KeysBehind { path, index, group })
            }
            None => Ok(()),
        }
    })?;
    Ok(vault)
}

/// Visits a range of the vault in pieces of whole frames.
pub(super) fn visit_vault(
    reader: &LogReader,
    range: Range<u64>,
    visit: &mut dyn FnMut(&[u8]) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    // In pieces, so that a large vault is never in memory whole; a frame that straddles two of them
    // waits for the next.
    const PIECE_BYTES: u64 = 8 << 20;
    let mut carried: Vec<u8> = Vec::new();
    let mut offset = range.start;
    while offset < range.end {
        let take = PIECE_BYTES.min(range.end - offset);
        let start = carried.len();
        carried.resize(start + usize::try_from(take).unwrap_or(0), 0);
        reader.read_vault(offset, &mut carried[start..])?;
        offset += take;
        let whole = whole_frames_bytes(&carried);
        visit(&carried[..whole])?;
        carried.drain(..whole);
    }
    if carried.is_empty() {
        Ok(())
    } else {
        Err(unreadable("the vault ends within a frame; run `jejak recover`"))
    }
}

const _: () = assert!(RegistryOpened::DECLARATION.sealed.is_empty());

/// Puts one record into a log past the rules, for tests of what finds such a record.
#[cfg(test)]
pub(crate) fn append_unjudged(options: &Options, record: &[u8]) {
    let keys = KeyFile::open(Arc::clone(&options.disk), &options.keys_dir).unwrap();
    let signer = Arc::new(checkpoint_signer(&keys, options).unwrap());
    let (mut log, _) = open_log(options, &signer, Reach::Whole).unwrap();
    let events = std::iter::once(record).collect();
    log.commit(&crate::log::Commit { events: &events, vault_frames: &[] }).unwrap();
    log.close().unwrap();
}
