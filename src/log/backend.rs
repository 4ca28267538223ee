//! What a place for the log must do.
//!
//! A place keeps one log: whole commits one behind the other, the vault's bytes that belong to them, the anchor, and the
//! stored checkpoint. The commit protocol ([`super::Log`]) works over it and decides what is signed and acknowledged.
//! Every change is a compare-and-set: the writer says what it believes the place holds, and the place makes the change
//! only where that is so. So two writers can never both be right, and the one that is wrong is told
//! [`Swap::Conflict`].
//!
//! * A commit becomes visible and durable as a whole, in one step, with its vault frames.
//! * Before [`Swap::Committed`] is answered the change is durable.
//! * After [`Swap::Unknown`] the writer calls [`Backend::head`] before anything else. Once that has answered, whatever it
//!   does not show is not made any more.
//! * Indexes are dense: a commit begins where the one before it ends.
//!
//! Must never know what an event means, hold a key, sign, or alter a byte. `conformance.rs` holds each place to this.

use std::fmt;
use std::sync::Arc;

use jejak_events::tree::{Hash, empty_root};

use super::error::{LogError, NotMended};

/// One packed value: the bytes of `count` positions from `first` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Position of the first entry in it.
    pub first: u64,
    /// Number of positions it covers, at least 1.
    pub count: u64,
    /// The content. Kept under 128 KiB by whoever packs it for the local store: sled puts pages of larger values in
    /// files of their own. A whole commit has no such limit.
    pub bytes: Vec<u8>,
}

impl Chunk {
    /// Position one past its last; `None` when it is empty or runs past the last possible position.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        (self.count > 0).then(|| self.first.checked_add(self.count)).flatten()
    }
}

/// A size of the log, and the root over so many events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Number of events.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl Tip {
    /// No event yet.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// What a place holds at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendHead {
    /// The end of the last commit.
    pub tip: Tip,
    /// Length of the vault in bytes, up to that commit.
    pub vault_length: u64,
    /// What is anchored; never more than the tip.
    pub anchored: Tip,
    /// Size of the stored checkpoint; `None` where there is none that checks.
    pub signed: Option<u64>,
}

/// What became of a compare-and-set.
#[derive(Debug)]
pub enum Swap {
    /// The change is made and durable.
    Committed,
    /// The place holds something else than was said: another writer has changed it. Nothing was changed.
    Conflict,
    /// Nobody knows whether the change is made, or will be: ask for the head.
    Unknown(LogError),
}

/// One commit on its way: everything of it becomes durable, or nothing.
#[derive(Debug)]
pub struct NewCommit<'a> {
    /// What the place must hold: the end of the commit before.
    pub at: Tip,
    /// Length of the vault there, in bytes: the offset of `vault_frames`.
    pub vault_offset: u64,
    /// The end of this commit.
    pub to: Tip,
    /// Its events, one a line, and its commit line. Lent: a place may move the bytes while it works, and puts
    /// them back.
    pub text: &'a mut Vec<u8>,
    /// The vault frames that belong to it, one after another; each checks.
    pub vault_frames: &'a [u8],
    /// Tiles that become full with it. Derived: a place may leave them out.
    pub tiles: &'a [FullTile],
}

/// A full tile of the tree, as C2SP tlog-tiles counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTile {
    /// Its level.
    pub level: u8,
    /// Its number on that level.
    pub number: u64,
    /// Its 256 hashes, one after another.
    pub bytes: Vec<u8>,
}

/// One change of the anchor.
#[derive(Clone, Copy, Debug)]
pub struct NewAnchor<'a> {
    /// What the place must have anchored.
    pub from: Tip,
    /// What it shall have anchored: the tip of the writer, whose commits are durable.
    pub to: Tip,
    /// Leaf hash of event 0; `None` while there is none.
    pub log_id: Option<Hash>,
    /// Roots of the complete subtrees of 256 events up to there. Derived: a place may leave them out.
    pub row: &'a [Hash],
}

/// The two sides of a place that its writer has in hand.
pub type WriterSides = (Box<dyn Backend>, Arc<dyn BackendReader>);

/// A place for one log, to be opened by a writer or to be read.
pub trait BackendOpener: Send + Sync + fmt::Debug {
    /// The writer's side, and its reader. An empty place is an empty log, anchored at size 0.
    ///
    /// # Errors
    /// When the place cannot be reached, or lets no second writer in.
    fn writer(&self) -> Result<WriterSides, LogError>;

    /// The reader's side, for a process that only follows.
    ///
    /// # Errors
    /// When the place cannot be reached.
    fn reader(&self) -> Result<Arc<dyn BackendReader>, LogError>;
}

/// The writer's side of a place. One writer holds it; another may hold another one on the same log.
pub trait Backend: Send + fmt::Debug {
    /// What the place holds now. It waits for what this writer has under way: a change that it does not show is not
    /// made any more. What it shows, the reader of this writer shows from then on.
    ///
    /// # Errors
    /// When the place cannot tell. A place that cannot tell again before it is opened anew says so each time.
    fn head(&mut self) -> Result<BackendHead, LogError>;

    /// Puts a commit down behind `commit.at`, durable and whole.
    ///
    /// # Errors
    /// When certainly nothing of it is in the log. Where [`LogError::left_log_usable`] says so the next append may be
    /// tried, otherwise the place takes nothing more before it is opened anew.
    fn append(&mut self, commit: NewCommit<'_>) -> Result<Swap, LogError>;

    /// Makes everything committed up to `anchor.to` as durable as it gets, and moves the anchor there.
    ///
    /// # Errors
    /// When it failed; the anchor says what it said, or what it shall, and the place takes nothing more before it is
    /// opened anew.
    fn anchor(&mut self, anchor: NewAnchor<'_>) -> Result<Swap, LogError>;

    /// Stores a checkpoint of `size`, which is anchored, in the place of that of size `from`.
    ///
    /// # Errors
    /// When it failed; the place takes nothing more before it is opened anew.
    fn store_checkpoint(&mut self, from: Option<u64>, size: u64, note: &str) -> Result<Swap, LogError>;

    /// Whether a commit of so many bytes can be taken; asked before each. Fine where nobody can tell.
    ///
    /// # Errors
    /// [`LogError::DiskFloor`]; when it cannot be found out.
    fn check_room(&self, _bytes: u64) -> Result<(), LogError> {
        Ok(())
    }

    /// Ends the writer's work after the last anchor.
    ///
    /// # Errors
    /// When it failed. Nothing is lost.
    fn close(&mut self, _anchored: Tip, _log_id: Option<Hash>) -> Result<(), LogError> {
        Ok(())
    }
}

/// Reading what a place holds, on any thread, while its writer goes on. What comes from here is not held against
/// anything yet: whoever asks does. It may lag behind what was committed last, never show part of a commit.
pub trait BackendReader: Send + Sync + fmt::Debug {
    /// Visits whole commits in order, from the one that holds `from` on, until `visit` says stop (`false`) or the log
    /// ends. Each is a chunk of its events' lines and its commit line.
    ///
    /// # Errors
    /// When the place cannot be read; the visit ends before what is missing.
    fn commits(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError>;

    /// Fills a buffer with the vault's bytes from an offset on.
    ///
    /// # Errors
    /// When they cannot be read, or the vault ends before.
    fn read_vault(&self, offset: u64, buffer: &mut [u8]) -> Result<(), LogError>;

    /// The whole vault frame at an offset, header included, from whichever copy is sound.
    ///
    /// # Errors
    /// [`LogError::Damaged`] where none is.
    fn vault_frame(&self, offset: u64) -> Result<Vec<u8>, LogError>;

    /// The stored checkpoint, as it was stored.
    ///
    /// # Errors
    /// When it cannot be read.
    fn checkpoint(&self) -> Result<Option<String>, LogError>;

    /// The hashes of a full tile of level 0, where the place keeps them: a shortcut.
    fn leaf_tile(&self, _number: u64) -> Option<Vec<Hash>> {
        None
    }

    /// A second copy of the commits, packed for reading by index, where there is one. It is read first.
    fn packed(&self) -> Option<&dyn PackedReader> {
        None
    }

    /// Has a damaged copy healed from another that is not read here; once, whoever asks. `None` where nobody does that.
    fn mend(&self) -> Option<Result<(), NotMended>> {
        None
    }

    /// Notes what is wrong with a copy, for whoever mends it.
    fn note(&self, _finding: &str) {}

    /// What was noted.
    fn finding(&self) -> Option<String> {
        None
    }
}

/// A copy of the commits' text, cut at line ends.
pub trait PackedReader {
    /// Visits chunks in order, from the one that covers `from` on, until `visit` says stop (`false`).
    ///
    /// # Errors
    /// When the copy cannot be read. What was visited before stands.
    fn chunks(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError>;
}
