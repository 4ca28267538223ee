//! What the log is given, and what it answers with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::tree::Hash;

use super::error::NotMended;
use super::local::store::{Store, StoreError};

/// Longest event, in bytes: what an entry bundle of C2SP tlog-tiles can carry.
pub const LONGEST_EVENT_BYTES: usize = 65_535;

/// Where the log lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPaths {
    /// The data directory: holds `journal/`, `vault`, `checkpoint`, `handover/` and `torn/`.
    pub dir: PathBuf,
    /// The anchor file; by default `anchor` in the data directory.
    pub anchor: PathBuf,
}

impl LogPaths {
    /// Everything in one directory.
    #[must_use]
    pub fn in_directory(dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        Self { anchor: dir.join("anchor"), dir }
    }

    /// The directory of journal segments.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// The vault file.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.dir.join("vault")
    }

    /// The last signed checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.dir.join("checkpoint")
    }

    /// The checkpoints at which one checkpoint key handed over to the next, by their sizes.
    #[must_use]
    pub fn handovers(&self) -> PathBuf {
        self.dir.join("handover")
    }

    /// Names the place of an anchor that lies outside the data directory; absent otherwise.
    #[must_use]
    pub fn anchor_elsewhere(&self) -> PathBuf {
        self.dir.join("anchor-elsewhere")
    }

    /// Roots of the complete subtrees of 256 events, derived.
    #[must_use]
    pub fn tiles(&self) -> PathBuf {
        self.dir.join("tiles")
    }

    /// What the last look at the whole log came to.
    #[must_use]
    pub fn scrub(&self) -> PathBuf {
        self.dir.join("scrub")
    }

    /// What was cut off or set aside.
    #[must_use]
    pub fn torn(&self) -> PathBuf {
        self.dir.join("torn")
    }
}

/// Sizes that the log keeps to, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// A journal segment of at least this length gets no further commit.
    pub segment_bytes: u64,
    /// A commit that would leave less free space than this is refused.
    pub free_floor_bytes: u64,
    /// Longest chunk given to the store, unless one event alone is longer; under 128 KiB. Whoever reads one event unpacks
    /// its chunk, so that shorter ones are read faster and packed less well.
    pub chunk_bytes: usize,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, free_floor_bytes: 64 << 20, chunk_bytes: 16 << 10 }
    }
}

/// Signs checkpoints and checks stored ones; the log does not know keys.
pub trait Notary: Send + Sync {
    /// Hears every event once it is committed, in the order of the log, before a tree that holds it is signed:
    /// which key signs may stand there. An event may come again when a log is opened.
    fn hear(&self, _index: u64, _event: &[u8]) {}
    /// The signed note for a size and root.
    ///
    /// # Errors
    /// The reason, for people, when it cannot be signed.
    fn sign(&self, size: u64, root: Hash) -> Result<String, String>;
    /// Size and root of a note that this log signed.
    ///
    /// # Errors
    /// The reason, for people, when the note is malformed or not signed by this log.
    fn check(&self, note: &str) -> Result<(u64, Hash), String>;
}

/// Has a log opened for writing, which heals a damaged copy from the other, for a process that reads one alone.
pub type OnDamage = Arc<dyn Fn() -> Result<(), NotMended> + Send + Sync>;

/// Opens the store where a failure cannot take the process down.
pub trait StoreOpener: Send + Sync {
    /// Opens the store where it lies, creating it empty when absent. The backend may change damaged
    /// files while it opens them.
    ///
    /// # Errors
    /// When it cannot be opened; it is then set aside and rebuilt.
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError>;
    /// Opens a copy and leaves the original as it is.
    ///
    /// # Errors
    /// When even the copy cannot be opened; the journal then stands alone.
    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError>;
    /// Removes what [`StoreOpener::open_copy`] made, once the copy is closed. Nothing by default.
    ///
    /// # Errors
    /// When it cannot be removed; the next copy then replaces it.
    fn discard_copy(&self) -> Result<(), StoreError> {
        Ok(())
    }
    /// Moves the store's files to `to`, so that [`StoreOpener::open_in_place`] starts an empty one.
    /// Every handle from this opener was dropped before.
    ///
    /// # Errors
    /// When the files cannot be moved.
    fn set_aside(&self, to: &Path) -> Result<(), StoreError>;
}

/// Events one after another as the journal has them, each with its newline.
#[derive(Clone, Debug, Default)]
pub struct EventLines {
    text: Vec<u8>,
    /// Where each event ends in `text`, before its newline.
    ends: Vec<usize>,
}

impl EventLines {
    /// Adds the event that `write` puts behind what it is given.
    pub fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
        self.text.push(b'\n');
    }

    /// Number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Keeps the first `count` events.
    pub fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        self.text.truncate(self.ends.last().map_or(0, |end| end + 1));
    }

    /// The events' bytes, in order, without their newlines.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| &self.text[std::mem::replace(&mut start, end + 1)..*end])
    }

    /// All of it as it goes to the journal.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }
}

impl<E: AsRef<[u8]>> FromIterator<E> for EventLines {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        let mut lines = Self::default();
        events.into_iter().for_each(|event| lines.push(|text| text.extend_from_slice(event.as_ref())));
        lines
    }
}

/// What one commit appends, all or nothing.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// The events' canonical bytes: each starts with `{` and holds no newline. At least one.
    pub events: &'a EventLines,
    /// Encrypted vault frames that belong to them, one after another; empty when nothing is sealed.
    pub vault_frames: &'a [u8],
}

/// What a commit came to. The caller may acknowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Index of the commit's first event.
    pub first: u64,
    /// Size of the log after it.
    pub size: u64,
    /// Root of the log after it.
    pub root: Hash,
}
