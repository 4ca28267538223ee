//! A file of a [`Disk`] as a stream of bytes.

use std::io::{self, Read};
use std::path::Path;

use super::{Disk, DiskFile};

/// Reads a [`DiskFile`] from front to back, up to the length it had when opened.
#[derive(Debug)]
pub struct DiskRead {
    file: Box<dyn DiskFile>,
    offset: u64,
    length_bytes: u64,
}

impl DiskRead {
    /// Opens an existing file, to be read from `offset`, in bytes.
    ///
    /// # Errors
    /// `NotFound` when it is absent: reading must not create it. Otherwise the operating system's.
    pub fn open(disk: &dyn Disk, path: &Path, offset: u64) -> io::Result<Self> {
        let length_bytes = disk.length(path)?.ok_or(io::ErrorKind::NotFound)?;
        Ok(Self { file: disk.open_existing(path)?, offset, length_bytes })
    }

    /// Goes on reading at `offset`, in bytes.
    pub fn seek_to(&mut self, offset: u64) {
        self.offset = offset;
    }
}

impl Read for DiskRead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length_bytes.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        self.file.read_at(self.offset, &mut buffer[..count])?;
        self.offset += count as u64;
        Ok(count)
    }
}
