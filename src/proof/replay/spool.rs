//! The entries of a replay, kept in a file without a name: what the rules need of the past is read from there,
//! so that memory stays bounded however long the log is.
//!
//! The file lies where the system puts temporary files (`TMPDIR`), takes as many bytes as the entries have, and
//! is gone with the process, however that ends.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_projections::error::ReadFailure;

use crate::rules::machine::{EventReader, History};

/// Bytes that wait in memory to be written together.
const WRITE_BYTES: usize = 1 << 20;

/// Entries in the order of their indexes.
#[derive(Debug)]
pub struct Spool {
    file: File,
    /// Where each entry ends.
    ends: Vec<u64>,
    /// Bytes in the file.
    written_bytes: u64,
    /// What follows them.
    waiting: Vec<u8>,
}

impl Spool {
    /// An empty spool.
    ///
    /// # Errors
    /// The operating system's, when there is no place for temporary files.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            ends: Vec::new(),
            written_bytes: 0,
            waiting: Vec::with_capacity(2 * WRITE_BYTES),
        })
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.ends.len() as u64
    }

    /// Adds the next entry.
    ///
    /// # Errors
    /// The operating system's, such as that the file system is full.
    pub fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(entry);
        self.ends.push(self.written_bytes + self.waiting.len() as u64);
        if self.waiting.len() >= WRITE_BYTES {
            self.file.write_all_at(&self.waiting, self.written_bytes)?;
            self.written_bytes += self.waiting.len() as u64;
            self.waiting.clear();
        }
        Ok(())
    }

    /// The entry at an index.
    ///
    /// # Errors
    /// `NotFound` past the last one; otherwise the operating system's.
    pub fn entry(&self, index: u64) -> io::Result<Vec<u8>> {
        let place = usize::try_from(index).ok().filter(|place| *place < self.ends.len());
        let place = place
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("entry {index} was not read")))?;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        let length = usize::try_from(self.ends[place] - start).map_err(io::Error::other)?;
        // An entry is either in the file or waiting: what waits is written whole.
        if let Some(offset) = start.checked_sub(self.written_bytes) {
            let offset = usize::try_from(offset).map_err(io::Error::other)?;
            return Ok(self.waiting[offset..offset + length].to_vec());
        }
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }
}

/// The past as somebody without the vault knows it: no sealed value is at hand.
impl EventReader for Spool {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        Ok(Event::read(&self.entry(index)?)?)
    }
}

impl History for Spool {
    fn sealed(&self, _: u64) -> Result<SealedValues, ReadFailure> {
        Ok(SealedValues::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_read_back_from_file_and_memory() {
        let mut spool = Spool::new().unwrap();
        let entry = |index: u64| format!("{index}").repeat(1 + usize::try_from(index % 700).unwrap());
        for index in 0..6000 {
            spool.push(entry(index).as_bytes()).unwrap();
            let back = index / 2;
            assert_eq!(spool.entry(back).unwrap(), entry(back).as_bytes());
        }
        assert!(spool.written_bytes > 0 && !spool.waiting.is_empty());
        assert_eq!(spool.size(), 6000);
        assert_eq!(spool.entry(5999).unwrap(), entry(5999).as_bytes());
        assert_eq!(spool.entry(6000).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
