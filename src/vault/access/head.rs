//! The head of the access log in the anchor: how many lines it has, and the hash of the last one.
//!
//! Two slots of one line each, at byte 8192 and 12288 of the anchor file, are written in turn:
//!
//! ```text
//! jejak-access 7 41 9120 233 SgQHGzXXv9P+IHG8pT9RSTZ/DbzdeLmvVHtS2iESJnE= 09af1c2e
//! ```
//!
//! After the magic word: sequence number, number of lines, bytes of the access log up to the end of the last
//! of them, bytes of that line (its line end included), its hash (`-` while there is none), CRC-32C of
//! everything before it. A write that is torn spoils one slot; the other still holds. This module must never
//! decide what is noted.

use std::io;
use std::path::Path;

use jejak_events::tree::Hash;

use crate::disk::Disk;

const MAGIC: &str = "jejak-access";
/// Behind those of the log, in blocks of their own, so that no write touches two.
const SLOT_OFFSETS: [u64; 2] = [8192, 12288];
/// The longest line is shorter; the rest is newlines.
const SLOT_BYTES: usize = 256;

/// What one slot says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Counts the writes; its parity is the slot's number.
    pub sequence: u64,
    /// Number of lines.
    pub lines: u64,
    /// Length of the access log in bytes with all of them.
    pub bytes: u64,
    /// Length of the last line in bytes, its line end included.
    pub last_bytes: u64,
    /// Hash of the last line; `None` while there is none.
    pub hash: Option<Hash>,
}

impl Head {
    fn print(&self) -> Vec<u8> {
        let Self { sequence, lines, bytes, last_bytes, hash } = self;
        let hash = hash.map_or_else(|| "-".to_owned(), |hash| hash.to_string());
        let body = format!("{MAGIC} {sequence} {lines} {bytes} {last_bytes} {hash} ");
        let mut bytes = format!("{body}{:08x}", crc32c::crc32c(body.as_bytes())).into_bytes();
        bytes.resize(SLOT_BYTES, b'\n');
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.trim_end_matches('\n');
        let mut fields = text.split(' ');
        let mut next = || fields.next();
        let (magic, sequence, lines, bytes, last_bytes, hash) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let head = Self {
            sequence: sequence.parse().ok()?,
            lines: lines.parse().ok()?,
            bytes: bytes.parse().ok()?,
            last_bytes: last_bytes.parse().ok()?,
            hash: if hash == "-" { None } else { Some(Hash::from_base64(hash)?) },
        };
        // Printing again checks the rest: checksum, and that a slot has one form only.
        (magic == MAGIC && head.print().trim_ascii_end() == text.as_bytes()).then_some(head)
    }

    /// The newer sound slot of an anchor file; `None` where there is none.
    pub fn read(disk: &dyn Disk, anchor: &Path) -> io::Result<Option<Self>> {
        let bytes = match disk.read(anchor) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let slots = SLOT_OFFSETS.iter().filter_map(|offset| {
            let start = usize::try_from(*offset).ok()?;
            Self::parse(bytes.get(start..bytes.len().min(start + SLOT_BYTES))?)
        });
        Ok(slots.max_by_key(|head| head.sequence))
    }

    /// Writes the slot after `before`, durable on return. The anchor file is there: the log made it.
    pub fn write(mut self, disk: &dyn Disk, anchor: &Path, before: Option<Self>) -> io::Result<Self> {
        self.sequence = before.map_or(0, |before| before.sequence + 1);
        let offset = SLOT_OFFSETS[usize::from(!self.sequence.is_multiple_of(2))];
        let mut file = disk.open(anchor)?;
        file.write_at(offset, &self.print())?;
        // Crash here: this slot old, new or spoilt; the other one still holds.
        file.sync()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::tree::leaf_hash;

    use super::*;
    use crate::disk::sim::SimulatedDisk;

    #[test]
    fn a_slot_reads_back_and_no_flipped_bit_passes() {
        for hash in [None, Some(leaf_hash(b"line"))] {
            let most = u64::MAX;
            let head = Head { sequence: most, lines: most, bytes: most, last_bytes: most, hash };
            let bytes = head.print();
            assert_eq!((bytes.len(), Head::parse(&bytes)), (SLOT_BYTES, Some(head)));
            for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                assert_eq!(Head::parse(&wrong), None, "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn the_newer_slot_holds_and_a_spoilt_one_leaves_the_other() {
        let (disk, anchor) = (SimulatedDisk::default(), Path::new("/data/anchor"));
        assert_eq!(Head::read(&disk, anchor).unwrap(), None);
        let first = Head { lines: 1, ..Head::default() }.write(&disk, anchor, None).unwrap();
        let second = Head { lines: 2, ..Head::default() }.write(&disk, anchor, Some(first)).unwrap();
        assert_eq!(Head::read(&disk, anchor).unwrap(), Some(second));
        disk.open(anchor).unwrap().write_at(SLOT_OFFSETS[1] + 20, b"#").unwrap();
        assert_eq!(Head::read(&disk, anchor).unwrap(), Some(first));
    }
}
