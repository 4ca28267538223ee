//! The roots of the complete subtrees of 256 events, one after another in a plain file: `tiles`.
//!
//! With them the tree is there without the events, 32 bytes for 256 of them, for whoever opens the log and for a second
//! process beside the writer. The file is derived and unguarded: whoever reads it believes it only when it combines to
//! the anchored root. It is written before the anchor that rests on it. Must never be needed: without it, or after it
//! could not be written, the events are read.

use std::path::{Path, PathBuf};

use jejak_events::tree::Hash;

use crate::disk::{Disk, DiskFile, FileKind};
use crate::log::tiles::tile_hashes;

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// The hashes that the file holds, whatever they are worth; none when it cannot be read.
pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Vec<Hash> {
    let mut bytes = disk.read(path).unwrap_or_default();
    bytes.truncate(bytes.len() - bytes.len() % HASH_BYTES);
    tile_hashes(&bytes).unwrap_or_default()
}

/// Writes the file behind the log.
#[derive(Debug)]
pub(crate) struct TileFile {
    path: PathBuf,
    file: Option<Box<dyn DiskFile>>,
    /// How many hashes at the front are known to stand there.
    kept: usize,
    /// It could not be written: nobody knows what it holds, and nothing is added.
    failed: bool,
}

impl TileFile {
    /// A file whose first `kept` hashes were seen to be right.
    pub(crate) fn new(path: PathBuf, kept: usize) -> Self {
        Self { path, file: None, kept, failed: false }
    }

    /// Puts down the hashes of `row` that are not there yet, durably. A failure is nobody's loss: the next opening reads
    /// the events.
    pub(crate) fn keep(&mut self, disk: &dyn Disk, row: &[Hash]) {
        let Some(new) = row.get(self.kept..).filter(|new| !new.is_empty() && !self.failed) else { return };
        let bytes: Vec<u8> = new.iter().flat_map(|hash| hash.0).collect();
        self.failed = self.write(disk, &bytes).is_err();
        self.kept = row.len();
    }

    fn write(&mut self, disk: &dyn Disk, bytes: &[u8]) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                // Nothing is written to where a link leads.
                if disk.kind(&self.path)?.is_some_and(|kind| kind != FileKind::File) {
                    return Err(std::io::ErrorKind::InvalidInput.into());
                }
                let is_new = disk.length(&self.path)?.is_none();
                let file = none.insert(disk.open(&self.path)?);
                if let Some(directory) = self.path.parent().filter(|_| is_new) {
                    disk.sync_directory(directory)?;
                }
                file
            }
        };
        file.write_at((self.kept * HASH_BYTES) as u64, bytes)?;
        // A crash here leaves some of the hashes; those that the anchor rests on were synced before it.
        file.sync()
        // A crash here leaves more hashes than the anchor needs; they are not looked at, and written over.
    }
}
