//! The log: commits one behind the other in one place, and the tree over their events.
//!
//! [`Backend`] says what a place must do; [`local`] is a directory of this machine, where the log lies in two copies.
//! What stands here is the same for every place, and keeps to this order. The *anchor* says how long the log is
//! known to be. A *checkpoint* is the anchor's size and root, signed.
//!
//! 1. [`Log::commit`]: events and vault frames durable, in one compare-and-set; then the caller may acknowledge.
//! 2. [`Log::anchor`]: the anchor moved, by compare-and-set; only then signed; the checkpoint stored, by
//!    compare-and-set, and only then handed out.
//! 3. Where the place holds something else than this writer knows, another writer has taken over: this one stands down.
//!    Its readers go on, and it may follow the other with [`Log::catch_up`].
//! 4. Where the place cannot say what became of a change, it is asked for its head before anything else; only what that
//!    shows is acknowledged.
//!
//! This module must never know what an event means, hold a key, read a clock, or acknowledge anything
//! after a failed write or sync. It must never sign a size that is not anchored.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use jejak_events::tree::{Hash, leaf_hash};

pub use self::backend::{
    Backend, BackendHead, BackendOpener, BackendReader, Chunk, FullTile, NewAnchor, NewCommit, PackedReader,
    Swap, Tip,
};
pub use self::error::{Damage, InTheWay, LogError, NotMended, Place, Wanted};
pub use self::interface::{
    Commit, Committed, EventLines, LONGEST_EVENT_BYTES, LogPaths, LogSettings, Notary, OnDamage, StoreOpener,
};
pub use self::local::inspect::{Inspection, inspect};
pub use self::local::journal::is_segment_name;
pub use self::local::lock::{DirectoryLock, OnWaiting, holder as lock_holder};
pub use self::local::open::{
    Displaced, Misplaced, OPEN_PASSES, OnOpening, OpenReport, Reach, RecoverReport, ScrubRecord, StoreState,
    Torn, recover,
};
pub use self::local::read_log::ReadLog;
pub use self::local::scrub::{Scrub, ScrubStep};
pub use self::local::sealed::SealedSegment;
pub use self::open::Follower;
pub use self::reader::LogReader;

use self::catch_up::catch_up;
pub(crate) use self::error::At;
use self::line::CommitLine;
use self::local::Upkeep;
use self::tiles::{Tree, tile_bytes};

mod backend;
mod catch_up;
mod error;
mod frames;
mod interface;
mod kept;
mod line;
pub mod local;
pub mod memory;
mod open;
mod reader;
mod tiles;

#[cfg(test)]
mod tests;

/// How often a change is tried that the place certainly did not make and gave no other reason for.
const TRIES: usize = 3;

/// What the log shares with its readers: only what is committed.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) source: Arc<dyn BackendReader>,
    pub(crate) tree: RwLock<Tree>,
}

impl Shared {
    pub(crate) fn new(source: Arc<dyn BackendReader>, tree: Tree) -> Self {
        Self { source, tree: RwLock::new(tree) }
    }

    /// The end of what is known to be committed.
    pub(crate) fn tip(&self) -> Tip {
        let tree = read(&self.tree);
        Tip { size: tree.size(), root: tree.root() }
    }
}

/// The tree, for reading. A thread that panicked while it held the lock left it whole: adopting leaves
/// is the only change, and it does not panic half-way.
pub(crate) fn read(tree: &RwLock<Tree>) -> RwLockReadGuard<'_, Tree> {
    tree.read().unwrap_or_else(PoisonError::into_inner)
}

/// Why a log takes nothing more.
#[derive(Clone, Debug)]
enum Halt {
    /// Something failed: only reopening tells what the place holds.
    Failed(String),
    /// Another writer has taken over.
    StoodDown,
}

/// The open log: one writer's hold of it.
pub struct Log {
    notary: Arc<dyn Notary>,
    backend: Box<dyn Backend>,
    shared: Arc<Shared>,
    /// What can be done beside the writer where the log lies in a directory.
    upkeep: Option<Upkeep>,
    vault_length: u64,
    anchored: Tip,
    /// Size of the stored checkpoint; `None` when it is missing or does not check.
    signed: Option<u64>,
    log_id: Option<Hash>,
    /// Nobody knows what was anchored.
    read_only: bool,
    stopped: Option<Halt>,
    /// Reused from commit to commit: the commit's text, its leaf hashes.
    text: Vec<u8>,
    leaves: Vec<Hash>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("backend", &self.backend)
            .field("size", &self.size())
            .field("anchored", &self.anchored)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl Log {
    /// The log that a place holds, whose events `tree` covers.
    pub(crate) fn over(
        backend: Box<dyn Backend>,
        notary: Arc<dyn Notary>,
        shared: Arc<Shared>,
        head: BackendHead,
        log_id: Option<Hash>,
    ) -> Self {
        Self {
            notary,
            backend,
            shared,
            upkeep: None,
            vault_length: head.vault_length,
            anchored: head.anchored,
            signed: head.signed,
            log_id,
            read_only: false,
            stopped: None,
            text: Vec::new(),
            leaves: Vec::new(),
        }
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
        (self.anchored.size, self.anchored.root)
    }

    /// Length of the vault in bytes: the offset of the next commit's first frame.
    #[must_use]
    pub fn vault_length(&self) -> u64 {
        self.vault_length
    }

    /// Whether nothing can be appended because anchor and checkpoint are gone.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether another writer has taken over, so that nothing can be appended here.
    #[must_use]
    pub fn has_stood_down(&self) -> bool {
        matches!(self.stopped, Some(Halt::StoodDown))
    }

    /// A reader of what is committed; it follows the log as it grows.
    #[must_use]
    pub fn reader(&self) -> LogReader {
        LogReader::new(Arc::clone(&self.shared))
    }

    /// Looks at the whole log in small steps, on any thread, while it goes on; `None` where its place looks after
    /// itself.
    #[must_use]
    pub fn scrub(&self) -> Option<Scrub> {
        Some(self.upkeep.as_ref()?.scrub(&self.shared))
    }

    /// The oldest raw segment that gets no further commit and is anchored whole, if any: it may be
    /// compressed, on any thread, while the log goes on.
    ///
    /// # Errors
    /// [`LogError::Disk`] when the journal cannot be listed.
    pub fn next_sealed(&self) -> Result<Option<SealedSegment>, LogError> {
        self.upkeep.as_ref().map_or(Ok(None), |upkeep| upkeep.next_sealed(self.anchored.size))
    }

    /// Appends events, all or nothing, and makes them durable before it returns.
    ///
    /// # Errors
    /// Nothing written, log usable: [`LogError::DiskFloor`], [`LogError::BadEvent`], [`LogError::NotTaken`],
    /// [`LogError::BadVaultFrames`], [`LogError::ReadOnly`]. Nothing written, and another writer is at work:
    /// [`LogError::StoodDown`]. Nothing appended, log stopped: [`LogError::NotAppended`], [`LogError::Poisoned`].
    /// Unknown, log stopped: [`LogError::OutcomeUnknown`].
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<Committed, LogError> {
        self.check_usable()?;
        let (at, extension) = self.compose(commit)?;
        let to = Tip { size: at.size + self.leaves.len() as u64, root: extension.root() };
        let vault_length = self.vault_length + commit.vault_frames.len() as u64;
        line::finish(&mut self.text, &CommitLine { size: to.size, root: to.root, vault_length });
        let mut tiles = Vec::new();
        read(&self.shared.tree).full_tiles(&self.leaves, &extension, &mut |level, number, hashes| {
            tiles.push(FullTile { level, number, bytes: tile_bytes(hashes) });
        });

        self.backend.check_room((self.text.len() + commit.vault_frames.len()) as u64)?;
        self.append(at, to, commit.vault_frames, &tiles)?;
        // A crash here leaves the commit whole and durable; opening adopts it although nobody was told.
        // Readers see the events from here on.
        let mut tree = self.shared.tree.write().unwrap_or_else(PoisonError::into_inner);
        tree.adopt(&self.leaves, extension);
        drop(tree);
        for (index, event) in (at.size..).zip(commit.events.iter()) {
            self.notary.hear(index, event);
        }
        self.vault_length = vault_length;
        if at.size == 0 {
            self.log_id = self.leaves.first().copied();
        }
        Ok(Committed { first: at.size, size: to.size, root: to.root })
    }

    /// Has the place take the commit that was composed; returns when it is certain that it is in the log.
    fn append(&mut self, at: Tip, to: Tip, frames: &[u8], tiles: &[FullTile]) -> Result<(), LogError> {
        let mut last = None;
        for _ in 0..TRIES {
            let vault_offset = self.vault_length;
            let (text, vault_frames) = (&mut self.text, frames);
            let unknown =
                match self.backend.append(NewCommit { at, vault_offset, to, text, vault_frames, tiles }) {
                    Ok(Swap::Committed) => return Ok(()),
                    Ok(Swap::Conflict) => return Err(self.stand_down()),
                    Ok(Swap::Unknown(error)) => error,
                    Err(error) if error.left_log_usable() => return Err(error),
                    Err(error) => return Err(self.not_appended(at.size, error)),
                };
            // A crash here leaves the commit whole or not at all, and nobody was told.
            match self.attempt_of(at, to) {
                Ok(Attempt::Done) => return Ok(()),
                Ok(Attempt::NotDone) => last = Some(unknown),
                Ok(Attempt::Displaced) => return Err(self.stand_down()),
                Err(damaged @ LogError::Damaged { .. }) => return Err(self.outcome_unknown(at.size, damaged)),
                // The first failure says more than that it cannot be asked about.
                Err(_) => return Err(self.outcome_unknown(at.size, unknown)),
            }
        }
        Err(not_taken("the events", last))
    }

    /// Asks what became of a commit from `at` to `to` of which the place did not know.
    fn attempt_of(&mut self, at: Tip, to: Tip) -> Result<Attempt, LogError> {
        let tip = self.backend.head()?.tip;
        if tip == to {
            return Ok(Attempt::Done);
        }
        if tip == at {
            return Ok(Attempt::NotDone);
        }
        // Others have committed: behind this commit, or in its place. The next append stands down in either case.
        let mut found = None;
        self.shared.source.commits(at.size, &mut |chunk| {
            found = line::read_fields(line::last_line(&chunk.bytes)).ok().map(|(line, _)| line);
            false
        })?;
        match found {
            Some(line) if (Tip { size: line.size, root: line.root }) == to => Ok(Attempt::Done),
            Some(_) if tip.size > at.size => Ok(Attempt::Displaced),
            _ => {
                let place = Place::Indexes { from: tip.size, to: at.size };
                Err(LogError::damaged(place, "the place of the log ends before what it had committed"))
            }
        }
    }

    /// Anchors everything committed so far and signs it. Answers with the new checkpoint, already
    /// stored, or `None` when there is nothing new.
    ///
    /// # Errors
    /// [`LogError::ReadOnly`], [`LogError::Poisoned`], [`LogError::StoodDown`]; [`LogError::Disk`] and
    /// [`LogError::Store`], after which the log is stopped; [`LogError::Checkpoint`] when the notary does not sign
    /// and [`LogError::NotTaken`], after which it can be tried again.
    pub fn anchor(&mut self) -> Result<Option<String>, LogError> {
        self.check_usable()?;
        let tip = self.shared.tip();
        if tip.size > self.anchored.size {
            self.move_anchor(tip)?;
            // A crash here leaves the anchor ahead of the checkpoint; opening signs later.
        }
        if tip.size == 0 || self.signed == Some(tip.size) {
            return Ok(None);
        }
        let note = self
            .notary
            .sign(tip.size, tip.root)
            .map_err(|reason| LogError::Checkpoint { action: "was not signed", reason })?;
        self.store_checkpoint(tip, &note)?;
        Ok(Some(note))
    }

    /// Moves the anchor to the tip.
    fn move_anchor(&mut self, tip: Tip) -> Result<(), LogError> {
        let mut last = None;
        for _ in 0..TRIES {
            let (from, log_id) = (self.anchored, self.log_id);
            let swapped = {
                let tree = read(&self.shared.tree);
                self.backend.anchor(NewAnchor { from, to: tip, log_id, row: tree.row() })
            };
            last = match self.or_stop(swapped)? {
                Swap::Committed => {
                    self.anchored = tip;
                    return Ok(());
                }
                Swap::Conflict => None,
                Swap::Unknown(error) => Some(error),
            };
            // Another writer may have anchored less than what both know, or an earlier try arrived.
            let anchored = self.head_of_own(tip)?.anchored;
            if anchored.size > tip.size || !self.reader().leads_through(anchored.size, anchored.root)? {
                let place = Place::Indexes { from: 0, to: anchored.size };
                let failed = Err(LogError::damaged(place, "the anchor does not fit the events"));
                return self.or_stop(failed);
            }
            self.anchored = anchored;
            if anchored == tip {
                return Ok(());
            }
        }
        Err(not_taken("the anchor", last))
    }

    /// Stores the checkpoint over the tip, which is anchored.
    fn store_checkpoint(&mut self, tip: Tip, note: &str) -> Result<(), LogError> {
        let mut last = None;
        for _ in 0..TRIES {
            let swapped = self.backend.store_checkpoint(self.signed, tip.size, note);
            last = match self.or_stop(swapped)? {
                Swap::Committed => {
                    self.signed = Some(tip.size);
                    return Ok(());
                }
                Swap::Conflict => None,
                Swap::Unknown(error) => Some(error),
            };
            self.signed = self.head_of_own(tip)?.signed;
            if self.signed == Some(tip.size) && self.shared.source.checkpoint()?.as_deref() == Some(note) {
                return Ok(());
            }
        }
        Err(not_taken("the checkpoint", last))
    }

    /// What the place holds, where this writer's tip is still the end of it; otherwise stands down.
    fn head_of_own(&mut self, tip: Tip) -> Result<BackendHead, LogError> {
        let head = self.backend.head();
        let head = self.or_stop(head)?;
        if head.tip == tip { Ok(head) } else { Err(self.stand_down()) }
    }

    /// Takes in what another writer has committed, up to a size or to the end of what the place shows: readers see it,
    /// the notary hears of it. Answers with the new indexes. Nothing is anchored, signed or stored here.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when what follows is no continuation; what came before it was taken in. When the place
    /// cannot be read.
    pub fn catch_up(&mut self, to: Option<u64>) -> Result<Range<u64>, LogError> {
        let from = self.size();
        let notary = &self.notary;
        let caught_up =
            catch_up(&self.shared, &mut self.vault_length, to, &mut |index, event| notary.hear(index, event));
        let new = from..self.size();
        if !new.is_empty() && self.stopped.is_none() {
            // Another writer is at work, whether or not an append has met it.
            self.stopped = Some(Halt::StoodDown);
        }
        if self.log_id.is_none() && !new.is_empty() {
            self.log_id = self.reader().tile(0, 0)?.first().copied();
        }
        caught_up.map(|()| new)
    }

    /// Anchors what is committed and closes the log.
    ///
    /// # Errors
    /// As [`Log::anchor`]. A read-only log closes without a write, and so does one that stood down.
    pub fn close(mut self) -> Result<(), LogError> {
        if self.is_read_only() || self.has_stood_down() {
            return Ok(());
        }
        match self.anchor() {
            Ok(_) => self.backend.close(self.anchored, self.log_id),
            // Everything that was acknowledged is with the writer that took over.
            Err(LogError::StoodDown { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether an append can be tried now: for a caller that writes something of its own before it.
    ///
    /// # Errors
    /// [`LogError::Poisoned`], [`LogError::ReadOnly`], [`LogError::StoodDown`]; [`LogError::DiskFloor`] when the
    /// floor of free space is reached already.
    pub fn check_appendable(&self) -> Result<(), LogError> {
        self.check_usable()?;
        self.backend.check_room(0)
    }

    /// Whether something is committed that is not anchored, or anchored and not signed.
    #[must_use]
    pub fn is_ahead_of_checkpoint(&self) -> bool {
        let size = self.size();
        self.check_usable().is_ok() && size > 0 && (size > self.anchored.size || self.signed != Some(size))
    }

    fn check_usable(&self) -> Result<(), LogError> {
        match &self.stopped {
            Some(Halt::Failed(reason)) => Err(LogError::Poisoned { reason: reason.clone() }),
            Some(Halt::StoodDown) => Err(LogError::StoodDown { size: self.size() }),
            None if self.is_read_only() => Err(LogError::ReadOnly),
            None => Ok(()),
        }
    }

    /// Fills `text` and `leaves` from the events and tries them on the tree.
    fn compose(&mut self, commit: &Commit<'_>) -> Result<(Tip, tiles::Extension), LogError> {
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
        frames::check_frames(commit.vault_frames).map_err(|offset| LogError::BadVaultFrames { offset })?;
        let tree = read(&self.shared.tree);
        Ok((Tip { size: tree.size(), root: tree.root() }, tree.extend(&self.leaves)))
    }

    /// Takes nothing more: another writer has taken over. Nothing is lost by it, and readers go on.
    fn stand_down(&mut self) -> LogError {
        self.stopped = Some(Halt::StoodDown);
        LogError::StoodDown { size: self.size() }
    }

    /// Stops the log: its events are certainly not in it.
    fn not_appended(&mut self, at: u64, error: LogError) -> LogError {
        self.stopped = Some(Halt::Failed(error.to_string()));
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
        self.stopped = Some(Halt::Failed(reason.clone()));
        LogError::OutcomeUnknown { at, reason }
    }

    /// Stops the log if the step failed.
    fn or_stop<T>(&mut self, step: Result<T, LogError>) -> Result<T, LogError> {
        if let Err(error) = &step {
            self.stopped = Some(Halt::Failed(error.to_string()));
        }
        step
    }
}

/// What became of a commit, once the place was asked.
enum Attempt {
    /// It is in the log.
    Done,
    /// It is not, and nothing stands in its place.
    NotDone,
    /// Another writer's commit stands in its place.
    Displaced,
}

fn not_taken(what: &'static str, last: Option<LogError>) -> LogError {
    let reason = last.map_or_else(|| "it holds something else".to_owned(), |error| error.to_string());
    LogError::NotTaken { what, reason }
}
