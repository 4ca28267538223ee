//! A registry that is only read, beside whoever writes it: its last whole commit, for every question that needs no
//! sealed value.
//!
//! Plain files alone are read: journal, anchor, checkpoint, stored state and, where it may be read, the keys file, which
//! shows that the log is its own. What is wrong and only a writer may mend is named; a damaged journal is healed by whoever
//! [`Options::on_damage`] calls, or named. Must never take a lock, open the store or a sealed value, or write anything.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::log_keys::LogKeys;
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::translation::told;
use jejak_events::types::KeyPurpose;

use super::derive::last_recorded;
use super::open::{checkpoint_signer, hold_keys, load_state, read_constitution};
use super::outcome::RegistryError;
use super::signer::{Signer, signer_of};
use super::{Handovers, Options, Registry, places};
use crate::log::{LogError, LogReader, Misplaced, NotMended, Notary, ReadLog};
use crate::readmodel::stored::StoredState;
use crate::readmodel::{About, Publisher, Snapshot, Vault};
use crate::vault::{KeyError, KeyFile};

/// How often and how long a reader waits for the writer to sign what it sees: a writer does so within a second.
const SIGNING_WAITS: u32 = 60;
const SIGNING_WAIT: Duration = Duration::from_millis(50);

/// Whether a checkpoint over all that is read is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// A checkpoint is handed out, or something proven by it.
    Wanted,
    /// Nothing is handed out.
    NotNeeded,
}

/// Why a log that only a writer's opening heals was not healed.
#[must_use]
pub fn why_not_mended(options: &Options, error: &RegistryError) -> NotMended {
    match error {
        RegistryError::Log(LogError::Held { holder, .. }) => NotMended::Held { holder: holder.clone() },
        RegistryError::Log(LogError::Damaged { damage }) => NotMended::Damaged(damage.clone()),
        _ if options.holder().is_none() && !options.may_be_written() => {
            NotMended::Forbidden { directory: options.dir.clone() }
        }
        other => NotMended::Failed { reason: other.to_string() },
    }
}

/// A log that is read without its state.
#[derive(Debug)]
pub struct LogReading {
    reader: LogReader,
    keys: LogKeys,
    handovers: Handovers,
    checkpoint: Option<(u64, String)>,
    is_length_known: bool,
    problems: Vec<Message>,
}

/// A registry that is read.
#[derive(Debug)]
pub struct RegistryReading {
    log: LogReading,
    snapshot: Snapshot,
    /// Whether the keys file is there and may be read.
    has_keys: bool,
}

/// The files of a log while they are opened.
struct Opening<'a> {
    options: &'a Options,
    log: ReadLog,
    reader: LogReader,
    keys: Option<KeyFile>,
    signer: Signer,
    /// The stored checkpoint, where one is wanted; nothing is verified.
    note: Option<String>,
    problems: Vec<Message>,
}

impl LogReading {
    /// Reads the log alone.
    ///
    /// # Errors
    /// [`RegistryError::NotInitialised`]; when the log is damaged and was not healed, or the keys file that is there is not
    /// its own.
    pub fn open(options: &Options, signed: Signed) -> Result<Self, RegistryError> {
        let opening = Opening::begin(options, signed)?;
        // The state says which events name keys; behind it each event is asked.
        let (from, named) = options.state_files().load_key_events(&opening.reader);
        for index in named {
            opening.signer.hear(index, &opening.reader.read(index)?);
        }
        opening.reader.scan(from..opening.log.size(), &mut |index, event| {
            opening.signer.hear(index, event);
            true
        })?;
        read_constitution(&opening.reader)?;
        opening.end().map(|(log, _)| log)
    }

    /// The log of a registry that is open here; what it holds is anchored and signed first, where that is wanted.
    ///
    /// # Errors
    /// When the log failed.
    pub fn of(registry: &Registry, options: &Options, signed: Signed) -> Result<Self, RegistryError> {
        let mut log = Self {
            reader: registry.reader().clone(),
            keys: registry.log_keys(),
            handovers: Handovers::of(options),
            checkpoint: None,
            is_length_known: true,
            problems: Vec::new(),
        };
        if signed == Signed::Wanted {
            registry.checkpoint()?;
            let stored = log.reader.checkpoint()?;
            log.take_checkpoint(stored)?;
        }
        Ok(log)
    }

    /// The committed events.
    #[must_use]
    pub fn reader(&self) -> &LogReader {
        &self.reader
    }

    /// The log's public keys, and from which size each signs.
    #[must_use]
    pub fn log_keys(&self) -> &LogKeys {
        &self.keys
    }

    /// The handovers between the log's keys.
    #[must_use]
    pub fn handovers(&self) -> &Handovers {
        &self.handovers
    }

    /// The newest checkpoint that the log signed; `None` where there is none that checks, and where none was wanted.
    #[must_use]
    pub fn checkpoint(&self) -> Option<&str> {
        self.checkpoint.as_ref().map(|(_, note)| note.as_str())
    }

    /// Number of events that no checkpoint covers yet.
    #[must_use]
    pub fn unsigned(&self) -> u64 {
        self.reader.size().saturating_sub(self.checkpoint.as_ref().map_or(0, |(size, _)| *size))
    }

    /// Whether anchor or checkpoint say how long the log is at least. Where they do not, the store may hold more than the
    /// journal, which alone is read here.
    #[must_use]
    pub fn is_length_known(&self) -> bool {
        self.is_length_known
    }

    /// What is wrong and stays so until somebody opens the registry for writing, for people.
    #[must_use]
    pub fn problems(&self) -> &[Message] {
        &self.problems
    }

    /// Takes the stored checkpoint, if the log's keys signed it and it is of this tree.
    fn take_checkpoint(&mut self, note: Option<String>) -> Result<(), RegistryError> {
        let Some(note) = note else { return Ok(()) };
        let verified =
            SignedCheckpoint::parse(note.as_bytes()).and_then(|signed| self.keys.verify(&signed).cloned());
        match verified {
            Ok(checkpoint) if self.reader.leads_through(checkpoint.size(), checkpoint.root())? => {
                self.checkpoint = Some((checkpoint.size(), note));
            }
            Ok(checkpoint) => self.problems.push(unsound_checkpoint(
                &format!("untuk ukuran {} akarnya lain", checkpoint.size()),
                &format!("it names another root for size {}", checkpoint.size()),
            )),
            Err(error) => self.problems.push(unsound_checkpoint(&told(&error), &error.to_string())),
        }
        Ok(())
    }
}

impl RegistryReading {
    /// Reads the log with its state: what is stored of it, where that is sound, and the events behind it.
    ///
    /// # Errors
    /// As [`LogReading::open`]; when an event cannot be understood.
    pub fn open(options: &Options, signed: Signed) -> Result<Self, RegistryError> {
        let mut opening = Opening::begin(options, signed)?;
        let size = opening.log.size();
        // Reading the journal told nobody how far it was.
        let told_from = opening.log.read_from().max(1);
        let (StoredState { machine, facts }, state) =
            load_state(options, &opening.reader, (size, told_from), &opening.signer)?;
        opening.problems.extend(state.problems);
        let (constitution, source) = read_constitution(&opening.reader)?;
        let last_recorded = last_recorded(&opening.reader, size)?;
        let root = opening.log.root();
        let (log, keys) = opening.end()?;
        let has_keys = keys.is_some();
        let keys = keys.unwrap_or_else(|| KeyFile::none(Arc::clone(&options.disk), &options.keys_dir));
        // The first state is the only one; nobody publishes another.
        let (_, published) = Publisher::new(
            facts,
            (machine.index(), root, last_recorded),
            (log.reader.clone(), Arc::new(Vault::closed(keys))),
            About { constitution, source },
        );
        Ok(Self { log, snapshot: published.latest(), has_keys })
    }

    /// A registry that is open here, as it stands; see [`LogReading::of`].
    ///
    /// # Errors
    /// As there.
    pub fn of(registry: &Registry, options: &Options, signed: Signed) -> Result<Self, RegistryError> {
        let log = LogReading::of(registry, options, signed)?;
        Ok(Self { log, snapshot: registry.snapshot(), has_keys: true })
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &LogReading {
        &self.log
    }

    /// The state of the log at its size.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The signer of what is handed out over a checkpoint of this size, under the attestation key that the log names
    /// for it.
    ///
    /// # Errors
    /// When the keys file has no such key.
    pub fn attestation_signer(&self, size: u64) -> Result<NoteSigner, RegistryError> {
        let keys = self.log.log_keys();
        if !self.has_keys {
            return Err(RegistryError::Unreadable(
                "what is handed out is signed with the registry's keys, which this user may not read; ask whoever runs the \
                 registry, or use `jejak log proof`, which needs none of them"
                    .into(),
            ));
        }
        let missing = || {
            let named = keys.attestation_at(size).map(VerifierKey::to_string);
            let named = named.unwrap_or_else(|| "that event 0 should name".into());
            RegistryError::Unreadable(format!("the keys file has no secret of the attestation key {named}"))
        };
        let key = keys.attestation_at(size).cloned().ok_or_else(missing)?;
        signer_of(&self.snapshot.vault().keys(), KeyPurpose::Attestation, &key).ok_or_else(missing)
    }
}

impl<'a> Opening<'a> {
    fn begin(options: &'a Options, signed: Signed) -> Result<Self, RegistryError> {
        let not_initialised = || RegistryError::NotInitialised { path: options.dir.display().to_string() };
        if options.trace_of_log()?.is_none() {
            return Err(not_initialised());
        }
        let in_the_way = if options.hold_directory { places::hold_to_read(options)? } else { Vec::new() };
        let keys = read_keys(options)?;
        let signer = keys.as_ref().map(|keys| checkpoint_signer(keys, options)).transpose()?;
        let notary = signer.as_ref().map(|signer| signer as &dyn Notary);
        let opened =
            ReadLog::open(Arc::clone(&options.disk), notary, options.paths(), options.on_damage.clone());
        let mut log = opened.map_err(|error| match error {
            LogError::Missing { .. } => not_initialised(),
            error => error.into(),
        })?;
        let note = match signed {
            Signed::Wanted => await_checkpoint(options, &mut log)?,
            Signed::NotNeeded => None,
        };
        if log.size() == 0 {
            return Err(not_initialised());
        }
        let (reader, mut problems) = (log.reader(), problems_of(&log));
        problems.extend(in_the_way);
        Ok(Self { options, log, reader, keys, signer: signer.unwrap_or_default(), note, problems })
    }

    /// Holds the keys against the log that was read to its end.
    fn end(self) -> Result<(LogReading, Option<KeyFile>), RegistryError> {
        if let Some(keys) = &self.keys {
            hold_keys(self.options, &self.signer, keys)?;
        }
        let mut log = LogReading {
            reader: self.reader,
            keys: self.signer.keys(),
            handovers: Handovers::of(self.options),
            checkpoint: None,
            is_length_known: self.log.anchored().is_some(),
            problems: self.problems,
        };
        log.take_checkpoint(self.note)?;
        Ok((log, self.keys))
    }
}

/// The keys file; `None` where it lies in the data directory and this process may not read it, or it is not there: a
/// log is read without. One that somebody named must be there.
fn read_keys(options: &Options) -> Result<Option<KeyFile>, RegistryError> {
    let is_named = options.keys_dir != options.dir.join("keys");
    match KeyFile::read(Arc::clone(&options.disk), &options.keys_dir) {
        Err(KeyError::Missing { .. }) if !is_named => Ok(None),
        Err(KeyError::Disk { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => Ok(None),
        keys => Ok(Some(keys?)),
    }
}

/// The stored checkpoint, once it covers what the log held when it was opened, or nobody is there to sign that; the log
/// is read on to its size.
fn await_checkpoint(options: &Options, log: &mut ReadLog) -> Result<Option<String>, RegistryError> {
    let seen = log.size();
    let mut waits = 0;
    loop {
        // Asked before the file is read: whoever closes signs first, and lets go then.
        let may_come = waits < SIGNING_WAITS && options.holder().is_some();
        let note = log.reader().checkpoint()?;
        let signed = note.as_ref().and_then(|note| SignedCheckpoint::parse(note.as_bytes()).ok());
        let size = signed.map_or(0, |signed| signed.unverified().size());
        if size > log.size() {
            log.catch_up()?;
        }
        if size >= seen || !may_come {
            return Ok(note);
        }
        std::thread::sleep(SIGNING_WAIT);
        waits += 1;
    }
}

/// What of the log's own files only a writer may mend.
fn problems_of(log: &ReadLog) -> Vec<Message> {
    let mut problems = Vec::new();
    let mut say = |id: String, en: String| problems.push(Message::new(id, en));
    match log.anchored() {
        None => say(
            "jangkar dan checkpoint hilang: tidak ada yang tahu seberapa panjang log ini seharusnya; jalankan `jejak \
             recover --checkpoint BERKAS`"
                .into(),
            "anchor and checkpoint are gone: nobody can tell how long this log should be; run `jejak recover \
             --checkpoint FILE`"
                .into(),
        ),
        Some(_) if log.sound_anchor_slots() == 0 => say(
            "jangkar hilang atau rusak di kedua tempatnya; log dibaca menurut checkpoint tersimpan, dan penulisan \
             berikutnya membuat jangkar baru darinya"
                .into(),
            "the anchor is gone or damaged in both slots; the log is read by the stored checkpoint, from which the next \
             writing makes an anchor anew"
                .into(),
        ),
        Some(_) => {}
    }
    if let Some(finding) = log.scrub_record().finding {
        say(
            format!("ditemukan sebelumnya, dan dipulihkan oleh penulisan berikutnya: {}", told(&finding)),
            format!("found before, and mended by the next writing: {finding}"),
        );
    }
    problems.extend(log.misplaced().iter().map(Misplaced::message));
    problems
}

fn unsound_checkpoint(id: &str, en: &str) -> Message {
    Message::new(
        format!("checkpoint tersimpan tidak sah; penulisan berikutnya menandatanganinya ulang: {id}"),
        format!("the stored checkpoint does not check; the next writing signs it anew: {en}"),
    )
}
