//! The anchor: how long the log is known to be, kept apart from journal and store.
//!
//! Two slots of one line each, at byte 0 and 4096 of one file, are written in turn:
//!
//! ```text
//! jejak-anchor 7 4211 SgQHGzXXv9P+IHG8pT9RSTZ/DbzdeLmvVHtS2iESJnE= - 09af1c2e
//! ```
//!
//! After the magic word: sequence number, size, root, log id (leaf hash of index 0, `-` while the log
//! is empty), CRC-32C of everything before it. A write that is torn spoils one slot; the other still
//! says what was anchored before. This module must never decide what to anchor.

use std::io;
use std::path::{Path, PathBuf};

use jejak_events::tree::Hash;

use crate::disk::{Disk, DiskFile, FileKind};
use crate::log::error::{At as _, LogError};

/// First word of a slot.
const MAGIC: &str = "jejak-anchor";
/// Where the slots start: in blocks of their own, so that no write touches both.
const SLOT_OFFSETS: [u64; 2] = [0, 4096];
/// Bytes of a slot that are read and written: the longest line is 163 long, the rest is newlines.
const SLOT_BYTES: usize = 256;
/// Most bytes of an anchor file: behind these slots lie the two of the access log's head.
const FILE_BYTES: usize = 12_288 + SLOT_BYTES;

/// What one slot says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Counts the writes; its parity is the slot's number.
    pub(crate) sequence: u64,
    /// Size of the log.
    pub(crate) size: u64,
    /// Root at that size.
    pub(crate) root: Hash,
    /// Leaf hash of index 0; `None` while the log is empty.
    pub(crate) log_id: Option<Hash>,
}

impl Slot {
    fn print(&self) -> Vec<u8> {
        let id = self.log_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let body = format!("{MAGIC} {} {} {} {id} ", self.sequence, self.size, self.root);
        let mut bytes = format!("{body}{:08x}", crc32c::crc32c(body.as_bytes())).into_bytes();
        bytes.resize(SLOT_BYTES, b'\n');
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.trim_end_matches('\n');
        let mut fields = text.split(' ');
        let mut next = || fields.next();
        let (magic, sequence, size, root, id) = (next()?, next()?, next()?, next()?, next()?);
        let slot = Self {
            sequence: sequence.parse().ok()?,
            size: size.parse().ok()?,
            root: Hash::from_base64(root)?,
            log_id: if id == "-" { None } else { Some(Hash::from_base64(id)?) },
        };
        // Printing again checks the rest: checksum, and that a slot has one form only.
        (magic == MAGIC && slot.print().trim_ascii_end() == text.as_bytes()).then_some(slot)
    }
}

/// The file in the place of an anchor.
#[derive(Debug)]
pub(crate) struct Found {
    /// The two slots; one that does not check is `None`.
    pub(crate) slots: [Option<Slot>; 2],
    /// Whether it can be an anchor, whole or damaged: it holds nothing else.
    pub(crate) may_be_anchor: bool,
}

/// Reads what lies in the place of an anchor, and writes nothing; `None` where nothing does.
///
/// # Errors
/// [`LogError::NoAnchor`] for what is no file.
pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Found>, LogError> {
    let no_file = |found| Err(LogError::NoAnchor { path: path.to_owned(), found });
    match disk.kind(path).at("look at", path)? {
        None => return Ok(None),
        Some(FileKind::File) => {}
        Some(FileKind::Link) => return no_file("a link"),
        Some(FileKind::Device) => return no_file("a device"),
        Some(FileKind::Directory) => return no_file("a directory"),
    }
    let bytes = match disk.read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(LogError::Disk { operation: "read", path: path.to_owned(), source }),
    };
    let slots = SLOT_OFFSETS.map(|offset| {
        let start = usize::try_from(offset).ok()?;
        let end = bytes.len().min(start + SLOT_BYTES);
        Slot::parse(bytes.get(start..end)?)
    });
    // One sound slot tells an anchor, whatever became of the other.
    let has_slot = bytes.len() <= FILE_BYTES && slots.iter().any(Option::is_some);
    Ok(Some(Found { slots, may_be_anchor: has_slot || may_be_anchor(&bytes) }))
}

/// Whether bytes begin as an anchor does, or are what is left of one: a part of its first word, zeros, or nothing.
fn may_be_anchor(bytes: &[u8]) -> bool {
    let start = bytes.iter().position(|byte| !matches!(byte, 0 | b'\n')).unwrap_or(bytes.len());
    let text = &bytes[start..];
    let begins = text.len() >= MAGIC.len() && text.starts_with(MAGIC.as_bytes());
    bytes.len() <= FILE_BYTES && (begins || MAGIC.as_bytes().starts_with(text))
}

/// Writes slots in turn.
#[derive(Debug)]
pub(crate) struct AnchorWriter {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    next_sequence: u64,
}

impl AnchorWriter {
    /// Opens the anchor file, creating it, and writes `slot`'s content to both slots, each synced.
    ///
    /// The slot that already holds the largest anchor is written first, over equal bytes: if an earlier
    /// sync lied, the other slot on the medium is still whole meanwhile.
    pub(crate) fn establish(
        disk: &dyn Disk,
        path: &Path,
        found: [Option<Slot>; 2],
        size: u64,
        root: Hash,
        log_id: Option<Hash>,
    ) -> Result<Self, LogError> {
        let file = disk.open(path).at("open", path)?;
        if let Some(directory) = path.parent() {
            disk.sync_directory(directory).at("sync", directory)?;
        }
        let holds = |slot: &Slot| slot.size == size && slot.root == root && slot.log_id == log_id;
        let sequence = found.iter().flatten().find(|slot| holds(slot)).map_or_else(
            // The anchor came from elsewhere: spoil the older slot first.
            || found.iter().flatten().map(|slot| slot.sequence).max().map_or(0, |last| last + 1),
            |slot| slot.sequence,
        );
        let mut writer = Self { path: path.to_owned(), file, next_sequence: sequence };
        writer.write(size, root, log_id)?;
        // A crash here leaves one slot with this anchor and one that is older or spoilt.
        writer.write(size, root, log_id)?;
        Ok(writer)
    }

    /// Writes the next slot and makes it durable.
    pub(crate) fn write(&mut self, size: u64, root: Hash, log_id: Option<Hash>) -> Result<(), LogError> {
        let sequence = self.next_sequence;
        let offset = SLOT_OFFSETS[usize::from(!sequence.is_multiple_of(2))];
        let bytes = Slot { sequence, size, root, log_id }.print();
        self.file.write_at(offset, &bytes).at("write", &self.path)?;
        // A crash here leaves this slot old, new or spoilt; the other one still holds.
        self.file.sync().at("sync", &self.path)?;
        self.next_sequence = sequence + 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::tree::leaf_hash;

    use super::*;

    #[test]
    fn a_slot_reads_back_and_no_flipped_bit_passes() {
        for log_id in [None, Some(leaf_hash(b"first"))] {
            let slot = Slot { sequence: u64::MAX, size: u64::MAX, root: leaf_hash(b"x"), log_id };
            let bytes = slot.print();
            assert_eq!(bytes.len(), SLOT_BYTES);
            assert_eq!(Slot::parse(&bytes), Some(slot));
            let mut accepted = 0;
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    let mut wrong = bytes.clone();
                    wrong[at] ^= 1 << bit;
                    if let Some(read) = Slot::parse(&wrong) {
                        assert_eq!(read, slot, "byte {at} bit {bit}");
                        accepted += 1;
                    }
                }
            }
            assert_eq!(accepted, 0);
            assert_eq!(Slot::parse(&bytes[..100]), None);
        }
    }
}
