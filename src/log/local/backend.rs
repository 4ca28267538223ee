//! The writer's and the readers' side of a log in a directory.
//!
//! The lock on the directory keeps other writers away, so that what this writer knows is what the directory holds, and
//! a change that nobody made is never a conflict. After a failed write or sync nobody knows what is on the medium: the
//! head cannot be told before the log is opened anew.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jejak_events::tree::Hash;

use super::Ground;
use super::anchor::AnchorWriter;
use super::batch::{push_chunks, push_tiles, push_vault_pieces};
use super::heal::read_range;
use super::journal::JournalWriter;
use super::journal_files::JournalFiles;
use super::open;
use super::scrub::Scrub;
use super::scrub_file::Scrubbed;
use super::sealed::{self, SealedSegment};
use super::store::{Batch, Store, Table};
use super::tile_file::TileFile;
use crate::disk::{Disk, DiskFile, FileKind};
use crate::log::backend::{
    Backend, BackendHead, BackendReader, Chunk, NewAnchor, NewCommit, PackedReader, Swap, Tip,
};
use crate::log::error::{At as _, LogError, NotMended, Place};
use crate::log::frames::{HEADER_BYTES, frame_length};
use crate::log::tiles::{tile_hashes, tile_key};
use crate::log::{LogPaths, OnDamage, Shared};

/// How far before a frame its piece of the store can start.
const LONGEST_PIECE_BYTES: u64 = 1 << 20;

/// The writer's files.
#[derive(Debug)]
pub(crate) struct LocalBackend {
    pub(super) ground: Ground,
    pub(super) store: Arc<dyn Store>,
    pub(super) journal: JournalWriter,
    pub(super) tiles: TileFile,
    pub(super) vault: Option<Box<dyn DiskFile>>,
    /// `None`: nobody knows what was anchored, and nothing is written.
    pub(super) anchor: Option<AnchorWriter>,
    pub(super) head: BackendHead,
    /// What failed, after which nobody knows what the medium holds.
    pub(super) failed: Option<String>,
}

impl LocalBackend {
    /// Notes that a change failed within.
    fn failed(&mut self, error: LogError) -> LogError {
        self.failed = Some(error.to_string());
        error
    }

    /// The change failed behind its first byte.
    fn unknown(&mut self, error: LogError) -> Result<Swap, LogError> {
        Ok(Swap::Unknown(self.failed(error)))
    }

    fn write_vault(&mut self, offset: u64, frames: &[u8]) -> Result<(), LogError> {
        if frames.is_empty() {
            return Ok(());
        }
        let Ground { disk, paths, .. } = &self.ground;
        let path = paths.vault();
        let file = match &mut self.vault {
            Some(file) => file,
            none => {
                let file = disk.open(&path).at("create", &path)?;
                disk.sync_directory(&paths.dir).at("sync", &paths.dir)?;
                // A crash here leaves an empty vault.
                none.insert(file)
            }
        };
        file.write_at(offset, frames).at("write", &path)?;
        file.sync().at("sync", &path)
    }

    /// Everything before the first byte of an event is written.
    fn prepare(&mut self, commit: &NewCommit<'_>) -> Result<(), LogError> {
        self.write_vault(commit.vault_offset, commit.vault_frames)?;
        // A crash here leaves frames past the vault length of the last commit line; opening cuts them.
        self.journal.prepare(&*self.ground.disk, commit.at.size)
    }

    fn make_durable(&mut self, anchor: &NewAnchor<'_>) -> Result<(), LogError> {
        self.store.sync()?;
        // A crash here leaves both copies durable and the anchor behind them.
        self.tiles.keep(&*self.ground.disk, anchor.row);
        match &mut self.anchor {
            Some(slots) => slots.write(anchor.to.size, anchor.to.root, anchor.log_id),
            None => Err(LogError::ReadOnly),
        }
    }
}

impl Backend for LocalBackend {
    fn head(&mut self) -> Result<BackendHead, LogError> {
        match &self.failed {
            Some(reason) => Err(LogError::Poisoned { reason: reason.clone() }),
            None => Ok(self.head),
        }
    }

    fn append(&mut self, commit: NewCommit<'_>) -> Result<Swap, LogError> {
        if commit.at != self.head.tip {
            return Ok(Swap::Conflict);
        }
        if let Err(error) = self.prepare(&commit) {
            return Err(self.failed(error));
        }
        if let Err(error) = self.journal.append(commit.text) {
            return self.unknown(error);
        }
        // A crash here leaves the commit in the journal alone; opening brings the store up to it.
        let chunk_bytes = self.ground.settings.chunk_bytes;
        let (first, text_bytes) = (commit.at.size, commit.text.len());
        let mut batch = Batch { at: first, ..Batch::default() };
        push_chunks(&mut batch, first, commit.text, chunk_bytes);
        push_vault_pieces(&mut batch, commit.vault_offset, commit.vault_frames, chunk_bytes);
        push_tiles(&mut batch, commit.tiles);
        let stored = self.store.commit(&batch);
        // A short text was moved, not copied.
        if let (true, Some(chunk)) = (commit.text.len() < text_bytes, batch.chunks.pop()) {
            *commit.text = chunk.bytes;
        }
        if let Err(error) = stored {
            return self.unknown(LogError::Store(error));
        }
        // A crash here loses nothing: the store may forget the batch, the journal does not.
        self.head.tip = commit.to;
        self.head.vault_length = commit.vault_offset + commit.vault_frames.len() as u64;
        Ok(Swap::Committed)
    }

    fn anchor(&mut self, anchor: NewAnchor<'_>) -> Result<Swap, LogError> {
        if anchor.from != self.head.anchored {
            return Ok(Swap::Conflict);
        }
        if let Err(error) = self.make_durable(&anchor) {
            return Err(self.failed(error));
        }
        self.head.anchored = anchor.to;
        Ok(Swap::Committed)
    }

    fn store_checkpoint(&mut self, from: Option<u64>, size: u64, note: &str) -> Result<Swap, LogError> {
        if from != self.head.signed {
            return Ok(Swap::Conflict);
        }
        if let Err(error) = open::store_checkpoint(&*self.ground.disk, &self.ground.paths, note) {
            return Err(self.failed(error));
        }
        self.head.signed = Some(size);
        Ok(Swap::Committed)
    }

    fn check_room(&self, bytes: u64) -> Result<(), LogError> {
        let Ground { disk, paths, settings, .. } = &self.ground;
        let free_bytes = disk.free_bytes(&paths.dir).at("ask for the free space of", &paths.dir)?;
        // Journal and store take the text once each, vault and store the frames.
        let needed_bytes = settings.free_floor_bytes.saturating_add(2 * bytes);
        if free_bytes < needed_bytes {
            return Err(LogError::DiskFloor { path: paths.dir.clone(), free_bytes, needed_bytes });
        }
        Ok(())
    }

    /// Both slots say the last anchor.
    fn close(&mut self, anchored: Tip, log_id: Option<Hash>) -> Result<(), LogError> {
        match &mut self.anchor {
            Some(anchor) => anchor.write(anchored.size, anchored.root, log_id),
            None => Ok(()),
        }
        // A crash here leaves both slots with the last anchor.
    }
}

/// What is read of a log in a directory: the journal's files and the vault, and the store where this process has it open.
#[derive(Debug)]
pub(crate) struct LocalReader {
    pub(crate) disk: Arc<dyn Disk>,
    vault: PathBuf,
    checkpoint: PathBuf,
    pub(crate) files: JournalFiles,
    /// `None`: the journal's files alone are read.
    pub(crate) store: Option<Arc<dyn Store>>,
    pub(crate) scrubbed: Scrubbed,
    /// For a process that reads the journal's files alone.
    pub(super) mending: Option<Arc<Mending>>,
}

/// Has the log healed where it is found damaged, once.
pub(crate) struct Mending {
    on_damage: OnDamage,
    came_to: OnceLock<Result<(), NotMended>>,
}

impl Mending {
    pub(super) fn new(on_damage: OnDamage) -> Self {
        Self { on_damage, came_to: OnceLock::new() }
    }

    /// What it came to; whoever asks meanwhile waits.
    pub(super) fn mend(&self) -> Result<(), NotMended> {
        self.came_to.get_or_init(|| (self.on_damage)()).clone()
    }
}

impl std::fmt::Debug for Mending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mending").field("came_to", &self.came_to).finish_non_exhaustive()
    }
}

impl LocalReader {
    pub(crate) fn new(
        disk: &Arc<dyn Disk>,
        paths: &LogPaths,
        store: Option<Arc<dyn Store>>,
        scrubbed: Scrubbed,
        mending: Option<Arc<Mending>>,
    ) -> Arc<Self> {
        let files = JournalFiles::new(Arc::clone(disk), paths.journal());
        let (vault, checkpoint) = (paths.vault(), paths.checkpoint());
        Arc::new(Self { disk: Arc::clone(disk), vault, checkpoint, files, store, scrubbed, mending })
    }

    fn frame_of_file(&self, offset: u64) -> Option<Vec<u8>> {
        let header = read_range(&*self.disk, &self.vault, offset, HEADER_BYTES as u64).ok()?;
        let length = u64::from(u32::from_le_bytes(*header.first_chunk::<4>()?));
        // A length past the file's end comes back as a failed read.
        let frame = read_range(&*self.disk, &self.vault, offset, HEADER_BYTES as u64 + length).ok()?;
        (frame_length(&frame) == Some(frame.len())).then_some(frame)
    }

    fn frame_of_store(store: &dyn Store, offset: u64) -> Result<Option<Vec<u8>>, LogError> {
        let mut found = None;
        // A frame that is not the first of its piece starts within a chunk's length of the piece.
        let mut from = offset.saturating_sub(LONGEST_PIECE_BYTES);
        store.scan_table(Table::Vault, &from.to_be_bytes(), &mut |key, piece| {
            from = key.try_into().map_or(u64::MAX, u64::from_be_bytes);
            let skipped = offset.checked_sub(from).and_then(|skipped| usize::try_from(skipped).ok());
            if let Some(rest) = skipped.and_then(|skipped| piece.get(skipped..))
                && let Some(length) = frame_length(rest)
            {
                found = Some(rest[..length].to_vec());
            }
            found.is_none() && from <= offset
        })?;
        Ok(found)
    }
}

impl BackendReader for LocalReader {
    fn commits(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError> {
        self.files.scan(from, visit)
    }

    fn read_vault(&self, offset: u64, buffer: &mut [u8]) -> Result<(), LogError> {
        let file = self.disk.open_existing(&self.vault).at("open", &self.vault)?;
        file.read_at(offset, buffer).at("read", &self.vault)
    }

    fn vault_frame(&self, offset: u64) -> Result<Vec<u8>, LogError> {
        if let Some(frame) = self.frame_of_file(offset) {
            return Ok(frame);
        }
        let place = Place::Vault { from: offset, to: offset + 1 };
        let nowhere = || {
            let reason = "no sound frame starts here, in the vault file or in the store";
            LogError::damaged(place.clone(), reason)
        };
        let Some(store) = &self.store else { return Err(nowhere()) };
        self.note(&format!("{place}: damaged in the vault file"));
        Self::frame_of_store(&**store, offset)?.ok_or_else(nowhere)
    }

    fn checkpoint(&self) -> Result<Option<String>, LogError> {
        match self.disk.read(&self.checkpoint) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // What is no file is no checkpoint.
            Err(_) if self.disk.kind(&self.checkpoint).is_ok_and(|kind| kind != Some(FileKind::File)) => {
                Ok(None)
            }
            Err(error) => Err(error).at("read", &self.checkpoint),
        }
    }

    fn leaf_tile(&self, number: u64) -> Option<Vec<Hash>> {
        let stored = self.store.as_ref()?.get(Table::Tiles, &tile_key(0, number)).ok().flatten();
        stored.and_then(|bytes| tile_hashes(&bytes))
    }

    fn packed(&self) -> Option<&dyn PackedReader> {
        self.store.is_some().then_some(self as _)
    }

    fn mend(&self) -> Option<Result<(), NotMended>> {
        self.mending.as_ref().map(|mending| mending.mend())
    }

    fn note(&self, finding: &str) {
        self.scrubbed.note(finding);
    }

    fn finding(&self) -> Option<String> {
        self.scrubbed.record().finding
    }
}

impl PackedReader for LocalReader {
    fn chunks(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError> {
        match &self.store {
            Some(store) => Ok(store.scan(from, visit)?),
            None => Ok(()),
        }
    }
}

/// What can be done with the files beside the writer.
#[derive(Debug)]
pub(crate) struct Upkeep {
    local: Arc<LocalReader>,
    paths: LogPaths,
}

impl Upkeep {
    pub(super) fn new(local: Arc<LocalReader>, paths: LogPaths) -> Self {
        Self { local, paths }
    }

    /// See [`crate::log::Log::scrub`].
    pub(crate) fn scrub(&self, shared: &Arc<Shared>) -> Scrub {
        Scrub::new(Arc::clone(shared), Arc::clone(&self.local), self.paths.clone())
    }

    /// See [`crate::log::Log::next_sealed`].
    pub(crate) fn next_sealed(&self, anchored: u64) -> Result<Option<SealedSegment>, LogError> {
        sealed::next(&self.local.disk, &self.paths.journal(), anchored)
    }
}
