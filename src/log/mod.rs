//! The log: events as bytes, in two copies, under one arbiter.
//!
//! The *journal* is a directory of text files that anyone can read; the *store* holds the same text in
//! chunks beside it, for reading by position. The *anchor* says how long the log is known to be, and is
//! what decides between the two when they differ. A *checkpoint* is the anchor's size and root, signed.
//!
//! 1. [`Log::commit`]: vault frames, synced; journal text, synced; store batch; then the caller may
//!    acknowledge.
//! 2. [`Log::anchor`]: store synced; anchor slot synced; only then signed; the checkpoint stored, synced,
//!    and only then handed out.
//! 3. [`Log::open`] reads the end of the journal first. Where anything there does not fit what is stored of the rest, it
//!    reads everything, and heals each copy from the other up to the anchor. What it did not read is held whenever it is
//!    read, and by the scrub.
//!
//! This module must never know what an event means, hold a key, read a clock, or acknowledge anything
//! after a failed write or sync. It must never sign a size that is not anchored.
//!
//! The directory: `journal/`, `vault`, `tiles`, `scrub`, `checkpoint`, `handover/`, `anchor` (or elsewhere, and then
//! `anchor-elsewhere` says where), `torn/` for what was cut
//! off or set aside, and whatever the store keeps.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use jejak_events::tree::{Hash, empty_root, leaf_hash};

pub use self::error::{Damage, LogError, Place};
pub use self::interface::{
    Commit, Committed, EventLines, LONGEST_EVENT_BYTES, LogPaths, LogSettings, Notary, StoreOpener,
};
pub use self::local::inspect::{Inspection, inspect};
pub use self::local::journal::is_segment_name;
pub use self::local::lock::DirectoryLock;
pub use self::local::open::{
    OPEN_PASSES, OnOpening, OpenReport, Reach, RecoverReport, ScrubRecord, StoreState, Torn, recover,
};
pub use self::local::read_log::ReadLog;
pub use self::local::scrub::{Scrub, ScrubStep};
pub use self::local::sealed::SealedSegment;
pub use self::reader::LogReader;

pub(crate) use self::error::At;
use self::local::anchor::AnchorWriter;
use self::local::batch::{push_chunks, push_tiles, push_vault_pieces};
use self::local::journal::JournalWriter;
use self::local::journal_files::JournalFiles;
use self::local::line::CommitLine;
use self::local::scrub_file::Scrubbed;
use self::local::store::{Batch, Store};
use self::local::tile_file::TileFile;
use self::local::{line, open, sealed, vault_file};
use self::tiles::Tree;
use crate::disk::{Disk, DiskFile};

mod error;
mod interface;
pub mod local;
mod reader;
mod tiles;

#[cfg(test)]
mod tests;

/// What the log shares with its readers: only what is committed.
#[derive(Debug)]
pub(crate) struct Shared {
    /// `None`: the journal's files alone are read.
    pub(crate) store: Option<Arc<dyn Store>>,
    pub(crate) files: JournalFiles,
    pub(crate) tree: RwLock<Tree>,
    pub(crate) scrubbed: Scrubbed,
}

/// The tree, for reading. A thread that panicked while it held the lock left it whole: adopting leaves
/// is the only change, and it does not panic half-way.
pub(crate) fn read(tree: &RwLock<Tree>) -> RwLockReadGuard<'_, Tree> {
    tree.read().unwrap_or_else(PoisonError::into_inner)
}

/// What a log stands on.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) notary: Arc<dyn Notary>,
    pub(crate) paths: LogPaths,
    pub(crate) settings: LogSettings,
}

/// The open log. There is one, and it is the one writer.
pub struct Log {
    ground: Ground,
    shared: Arc<Shared>,
    store: Arc<dyn Store>,
    journal: JournalWriter,
    tiles: TileFile,
    vault: Option<Box<dyn DiskFile>>,
    vault_length: u64,
    /// `None`: read-only, because nobody knows what was anchored.
    anchor: Option<AnchorWriter>,
    anchored: (u64, Hash),
    /// Size of the stored checkpoint; `None` when it is missing or does not check.
    signed: Option<u64>,
    log_id: Option<Hash>,
    poisoned: Option<String>,
    /// Reused from commit to commit: the commit's text, its leaf hashes.
    text: Vec<u8>,
    leaves: Vec<Hash>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("paths", &self.ground.paths)
            .field("size", &self.size())
            .field("anchored", &self.anchored)
            .field("poisoned", &self.poisoned)
            .finish_non_exhaustive()
    }
}

impl Log {
    /// Starts an empty log and anchors its size 0 before anything can be appended. A log that is still
    /// empty, because creating it was interrupted, is started once more.
    ///
    /// # Errors
    /// [`LogError::Exists`] when there is one; [`LogError::Disk`] and [`LogError::Store`].
    pub fn create(
        disk: Arc<dyn Disk>,
        store: &dyn StoreOpener,
        notary: Arc<dyn Notary>,
        paths: LogPaths,
        settings: LogSettings,
    ) -> Result<Self, LogError> {
        open::create(Ground { disk, notary, paths, settings }, store)
    }

    /// Opens a log, healing what is found wrong. With [`Reach::End`] the end of it is read alone, where all else fits:
    /// then what was damaged before is noticed when it is read, or by the scrub, and healed by the opening after that.
    /// The notary hears every event where all were read; where [`OpenReport::read_from`] is not 0 it hears none, and whoever
    /// reads them tells it, in order, before anything is signed. `on_progress` hears how far it is, where everything is read.
    ///
    /// With anchor and checkpoint gone the log opens read-only; see [`OpenReport::read_only`].
    ///
    /// # Errors
    /// [`LogError::Damaged`], [`LogError::VaultsDiffer`] and [`LogError::AnchorConflict`], journal, vault and
    /// anchor untouched; [`LogError::Missing`]; [`LogError::Disk`] and [`LogError::Store`].
    pub fn open(
        disk: Arc<dyn Disk>,
        store: &dyn StoreOpener,
        notary: Arc<dyn Notary>,
        paths: LogPaths,
        settings: LogSettings,
        reach: Reach,
        on_progress: OnOpening<'_>,
    ) -> Result<(Self, OpenReport), LogError> {
        open::open(Ground { disk, notary, paths, settings }, store, reach, on_progress)
    }

    /// Number of committed events.
    #[must_use]
    pub fn size(&self) -> u64 {
        read(&self.shared.tree).size()
    }

    /// Root over all committed events.
    #[must_use]
    pub fn root(&self) -> Hash {
        read(&self.shared.tree).root()
    }

    /// Leaf hash of event 0; `None` while there is none.
    #[must_use]
    pub fn log_id(&self) -> Option<Hash> {
        self.log_id
    }

    /// Size and root of the anchor: what may be signed.
    #[must_use]
    pub fn anchored(&self) -> (u64, Hash) {
        self.anchored
    }

    /// Length of the vault in bytes: the offset of the next commit's first frame.
    #[must_use]
    pub fn vault_length(&self) -> u64 {
        self.vault_length
    }

    /// Whether nothing can be appended because anchor and checkpoint are gone.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.anchor.is_none()
    }

    /// A reader of what is committed; it follows the log as it grows.
    #[must_use]
    pub fn reader(&self) -> LogReader {
        LogReader::new(Arc::clone(&self.shared), Arc::clone(&self.ground.disk), self.ground.paths.vault())
    }

    /// Looks at the whole log in small steps, on any thread, while it goes on.
    #[must_use]
    pub fn scrub(&self) -> Scrub {
        Scrub::new(Arc::clone(&self.shared), Arc::clone(&self.ground.disk), self.ground.paths.clone())
    }

    /// Appends events, all or nothing, and makes them durable in the journal before it returns.
    ///
    /// # Errors
    /// Nothing written, log usable: [`LogError::DiskFloor`], [`LogError::BadEvent`],
    /// [`LogError::BadVaultFrames`], [`LogError::ReadOnly`]. Nothing appended, log stopped:
    /// [`LogError::NotAppended`], [`LogError::Poisoned`]. Unknown, log stopped:
    /// [`LogError::OutcomeUnknown`].
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<Committed, LogError> {
        self.check_usable()?;
        let (first, extension) = self.compose(commit)?;
        let (size, root) = (first + self.leaves.len() as u64, extension.root());
        let vault_offset = self.vault_length;
        let vault_length = vault_offset + commit.vault_frames.len() as u64;
        line::finish(&mut self.text, &CommitLine { size, root, vault_length });
        self.check_floor(commit.vault_frames.len())?;

        if let Err(error) = self.write_vault(commit.vault_frames) {
            return Err(self.not_appended(first, error));
        }
        // A crash here leaves frames past the vault length of the last commit line; opening cuts them.
        if let Err(error) = self.journal.prepare(&*self.ground.disk, first) {
            return Err(self.not_appended(first, error));
        }
        if let Err(error) = self.journal.append(&self.text) {
            return Err(self.outcome_unknown(first, error));
        }
        // A crash here leaves the commit in the journal alone; opening brings the store up to it.
        let mut batch = Batch { at: first, ..Batch::default() };
        push_chunks(&mut batch, first, &mut self.text, self.ground.settings.chunk_bytes);
        push_vault_pieces(&mut batch, vault_offset, commit.vault_frames, self.ground.settings.chunk_bytes);
        push_tiles(&mut batch, &read(&self.shared.tree), &self.leaves, &extension);
        if let Err(error) = self.store.commit(&batch) {
            return Err(self.outcome_unknown(first, LogError::Store(error)));
        }
        // Readers see the events from here on, when both copies have them.
        let mut tree = self.shared.tree.write().unwrap_or_else(PoisonError::into_inner);
        tree.adopt(&self.leaves, extension);
        drop(tree);
        for (index, event) in (first..).zip(commit.events.iter()) {
            self.ground.notary.hear(index, event);
        }
        // A crash here loses nothing: the store may forget the batch, the journal does not.
        if let (1, Some(chunk)) = (batch.chunks.len(), batch.chunks.pop()) {
            self.text = chunk.bytes;
        }
        self.vault_length = vault_length;
        if first == 0 {
            self.log_id = self.leaves.first().copied();
        }
        Ok(Committed { first, size, root })
    }

    /// Anchors everything committed so far and signs it. Answers with the new checkpoint, already
    /// stored, or `None` when there is nothing new.
    ///
    /// # Errors
    /// [`LogError::ReadOnly`], [`LogError::Poisoned`]; [`LogError::Disk`] and [`LogError::Store`], after
    /// which the log is stopped; [`LogError::Checkpoint`] when the notary does not sign, after which it
    /// can be tried again.
    pub fn anchor(&mut self) -> Result<Option<String>, LogError> {
        self.check_usable()?;
        let (size, root) = (self.size(), self.root());
        if size > self.anchored.0 {
            let synced = self.store.sync().map_err(LogError::Store);
            self.or_stop(synced)?;
            // A crash here leaves both copies durable and the anchor behind them.
            self.tiles.keep(&*self.ground.disk, read(&self.shared.tree).row());
            let written = match &mut self.anchor {
                Some(anchor) => anchor.write(size, root, self.log_id),
                None => Err(LogError::ReadOnly),
            };
            self.or_stop(written)?;
            // A crash here leaves the anchor ahead of the checkpoint; opening signs later.
            self.anchored = (size, root);
        }
        if size == 0 || self.signed == Some(size) {
            return Ok(None);
        }
        let note = self
            .ground
            .notary
            .sign(size, root)
            .map_err(|reason| LogError::Checkpoint { action: "was not signed", reason })?;
        let stored = open::store_checkpoint(&*self.ground.disk, &self.ground.paths, &note);
        self.or_stop(stored)?;
        self.signed = Some(size);
        Ok(Some(note))
    }

    /// Anchors what is committed, in both slots, and closes the log.
    ///
    /// # Errors
    /// As [`Log::anchor`]. A read-only log closes without a write.
    pub fn close(mut self) -> Result<(), LogError> {
        if self.is_read_only() {
            return Ok(());
        }
        self.anchor()?;
        let (size, root) = self.anchored;
        match &mut self.anchor {
            Some(anchor) => anchor.write(size, root, self.log_id),
            None => Ok(()),
        }
        // A crash here leaves both slots with the last anchor.
    }

    /// The oldest raw segment that gets no further commit and is anchored whole, if any: it may be
    /// compressed, on any thread, while the log goes on.
    ///
    /// # Errors
    /// [`LogError::Disk`] when the journal cannot be listed.
    pub fn next_sealed(&self) -> Result<Option<SealedSegment>, LogError> {
        sealed::next(&self.ground.disk, &self.ground.paths.journal(), self.anchored.0)
    }

    /// A log that is neither anchored nor signed nor has a vault.
    pub(crate) fn idle(
        ground: Ground,
        store: Arc<dyn Store>,
        tree: Tree,
        journal: JournalWriter,
        scrubbed: Scrubbed,
    ) -> Self {
        let files = JournalFiles::new(Arc::clone(&ground.disk), ground.paths.journal());
        let shared = Shared { store: Some(Arc::clone(&store)), files, tree: RwLock::new(tree), scrubbed };
        Self {
            tiles: TileFile::new(ground.paths.tiles(), 0),
            ground,
            shared: Arc::new(shared),
            store,
            journal,
            vault: None,
            vault_length: 0,
            anchor: None,
            anchored: (0, empty_root()),
            signed: None,
            log_id: None,
            poisoned: None,
            text: Vec::new(),
            leaves: Vec::new(),
        }
    }

    /// Whether an append can be tried now: for a caller that writes something of its own before it.
    ///
    /// # Errors
    /// [`LogError::Poisoned`], [`LogError::ReadOnly`]; [`LogError::DiskFloor`] when the floor of free
    /// space is reached already.
    pub fn check_appendable(&self) -> Result<(), LogError> {
        self.check_usable()?;
        self.check_floor(0)
    }

    /// Whether something is committed that is not anchored, or anchored and not signed.
    #[must_use]
    pub fn is_ahead_of_checkpoint(&self) -> bool {
        let size = self.size();
        self.check_usable().is_ok() && size > 0 && (size > self.anchored.0 || self.signed != Some(size))
    }

    fn check_usable(&self) -> Result<(), LogError> {
        if let Some(reason) = &self.poisoned {
            return Err(LogError::Poisoned { reason: reason.clone() });
        }
        if self.is_read_only() {
            return Err(LogError::ReadOnly);
        }
        Ok(())
    }

    /// Fills `text` and `leaves` from the events and tries them on the tree.
    fn compose(&mut self, commit: &Commit<'_>) -> Result<(u64, tiles::Extension), LogError> {
        self.text.clear();
        self.leaves.clear();
        let bad = |position, reason| LogError::BadEvent { position, reason };
        for (position, event) in commit.events.iter().enumerate() {
            if !event.starts_with(b"{") {
                return Err(bad(position, "does not start with `{`"));
            }
            if event.len() > LONGEST_EVENT_BYTES {
                return Err(bad(position, "is longer than 65,535 bytes"));
            }
            if line::find_newline(event).is_some() {
                return Err(bad(position, "contains a newline"));
            }
            self.leaves.push(leaf_hash(event));
        }
        self.text.extend_from_slice(commit.events.text());
        if commit.events.is_empty() {
            return Err(bad(0, "is missing: a commit has at least one event"));
        }
        vault_file::check_frames(commit.vault_frames)
            .map_err(|offset| LogError::BadVaultFrames { offset })?;
        let tree = read(&self.shared.tree);
        Ok((tree.size(), tree.extend(&self.leaves)))
    }

    fn check_floor(&self, vault_bytes: usize) -> Result<(), LogError> {
        let dir = &self.ground.paths.dir;
        let free_bytes = self.ground.disk.free_bytes(dir).at("ask for the free space of", dir)?;
        // Journal and store take the text once each, vault and store the frames.
        let twice = 2 * (self.text.len() + vault_bytes) as u64;
        let needed_bytes = self.ground.settings.free_floor_bytes.saturating_add(twice);
        if free_bytes < needed_bytes {
            return Err(LogError::DiskFloor { path: dir.clone(), free_bytes, needed_bytes });
        }
        Ok(())
    }

    fn write_vault(&mut self, frames: &[u8]) -> Result<(), LogError> {
        if frames.is_empty() {
            return Ok(());
        }
        let path = self.ground.paths.vault();
        let file = match &mut self.vault {
            Some(file) => file,
            none => {
                let file = self.ground.disk.open(&path).at("create", &path)?;
                self.ground.disk.sync_directory(&self.ground.paths.dir).at("sync", &self.ground.paths.dir)?;
                // A crash here leaves an empty vault.
                none.insert(file)
            }
        };
        file.write_at(self.vault_length, frames).at("write", &path)?;
        file.sync().at("sync", &path)
    }

    /// Stops the log: its events are certainly not in it.
    fn not_appended(&mut self, at: u64, error: LogError) -> LogError {
        self.poisoned = Some(error.to_string());
        match error {
            LogError::Disk { operation, path, source } => {
                LogError::NotAppended { at, operation, path, source }
            }
            other => other,
        }
    }

    /// Stops the log: only reopening tells whether the events are in it.
    fn outcome_unknown(&mut self, at: u64, error: LogError) -> LogError {
        let reason = error.to_string();
        self.poisoned = Some(reason.clone());
        LogError::OutcomeUnknown { at, reason }
    }

    /// Stops the log if the step failed.
    fn or_stop<T>(&mut self, step: Result<T, LogError>) -> Result<T, LogError> {
        if let Err(error) = &step {
            self.poisoned = Some(error.to_string());
        }
        step
    }
}
