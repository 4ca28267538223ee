//! A file of stored state: what it holds, of which range of the log, the root at its end, and checksums.
//!
//! ```text
//! "jejakst" 1   8 bytes
//! contents      u32: 1 facts, 2 the rules' state
//! version       u32: of the contents
//! range         u64, u64: from the first index to before the second
//! root          32 bytes: of the log at the end of the range
//! parts         u32: how many follow
//! checksum      u32: CRC-32C of all before it
//! each part     length u64, CRC-32C of the length and the bytes u32, bytes
//! ```
//!
//! Numbers are big-endian. Nothing stands behind the last part. Must never know what the parts mean.

use std::io;
use std::ops::Range;
use std::path::Path;

use jejak_events::tree::Hash;

use crate::disk::{Disk, DiskFile};

const MAGIC: [u8; 8] = *b"jejakst\x01";

const HEADER_BYTES: usize = 72;

const PART_HEADER_BYTES: usize = 12;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Facts, for views.
    Facts,
    /// What the rules know.
    Rules,
}

impl Contents {
    fn number(self) -> u32 {
        match self {
            Self::Facts => 1,
            Self::Rules => 2,
        }
    }
}

/// What stands in front of a file's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the parts are.
    pub contents: Contents,
    /// Version of the contents.
    pub version: u32,
    /// The events that they follow from.
    pub range: Range<u64>,
    /// Root of the log at the end of the range.
    pub root: Hash,
    /// Number of parts.
    pub parts: u32,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It cannot be read at all.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It is damaged, or no such file.
    #[error("it is damaged")]
    Damaged,
    /// Another version of the program wrote it.
    #[error("another version of the program wrote it")]
    OtherVersion,
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}

impl Header {
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_BYTES);
        put(&mut out, &MAGIC);
        put(&mut out, &self.contents.number().to_be_bytes());
        put(&mut out, &self.version.to_be_bytes());
        put(&mut out, &self.range.start.to_be_bytes());
        put(&mut out, &self.range.end.to_be_bytes());
        put(&mut out, &self.root.0);
        put(&mut out, &self.parts.to_be_bytes());
        let checksum = crc32c::crc32c(&out);
        put(&mut out, &checksum.to_be_bytes());
        out
    }
}

/// Reads numbers and bytes from a header.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unread> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Unread::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, Unread> {
        self.take().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Result<u64, Unread> {
        self.take().map(u64::from_be_bytes)
    }
}

/// Writes a file part by part.
#[derive(Debug)]
pub struct StateFileWriter {
    file: Box<dyn DiskFile>,
    offset: u64,
}

impl StateFileWriter {
    /// Begins a file at a path, in the place of what may be there.
    ///
    /// # Errors
    /// The operating system's.
    pub fn begin(disk: &dyn Disk, path: &Path, header: &Header) -> io::Result<Self> {
        let mut file = disk.open(path)?;
        file.set_length(0)?;
        let bytes = header.bytes();
        file.write_at(0, &bytes)?;
        Ok(Self { file, offset: bytes.len() as u64 })
    }

    /// Adds a part.
    ///
    /// # Errors
    /// The operating system's.
    pub fn part(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = (bytes.len() as u64).to_be_bytes();
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&length), bytes);
        self.file.write_at(self.offset, &[&length[..], &checksum.to_be_bytes()].concat())?;
        self.offset += PART_HEADER_BYTES as u64;
        self.file.write_at(self.offset, bytes)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Makes the file durable.
    ///
    /// # Errors
    /// The operating system's; then nobody knows what is on the medium.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync()
    }
}

/// Reads a file part by part.
#[derive(Debug)]
pub struct StateFileReader {
    file: Box<dyn DiskFile>,
    length_bytes: u64,
    offset: u64,
    header: Header,
}

impl StateFileReader {
    /// Reads the header of a file that holds these contents in this version.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or of another version.
    pub fn open(disk: &dyn Disk, path: &Path, contents: Contents, version: u32) -> Result<Self, Unread> {
        let file = disk.open_existing(path)?;
        let length_bytes = disk.length(path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let mut bytes = [0; HEADER_BYTES];
        read(&*file, 0, &mut bytes)?;
        let (covered, checksum) = bytes.split_at(HEADER_BYTES - 4);
        if checksum != crc32c::crc32c(covered).to_be_bytes() || covered[..MAGIC.len()] != MAGIC {
            return Err(Unread::Damaged);
        }
        let mut fields = Fields(&covered[MAGIC.len()..]);
        if fields.u32()? != contents.number() {
            return Err(Unread::Damaged);
        }
        if fields.u32()? != version {
            return Err(Unread::OtherVersion);
        }
        let range = fields.u64()?..fields.u64()?;
        let header = Header { contents, version, range, root: Hash(fields.take()?), parts: fields.u32()? };
        Ok(Self { file, length_bytes, offset: HEADER_BYTES as u64, header })
    }

    /// What stands in front of the parts.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The first part alone; whatever stands behind it is not looked at.
    ///
    /// # Errors
    /// As [`StateFileReader::parts`].
    pub fn first_part(mut self) -> Result<Vec<u8>, Unread> {
        self.part()
    }

    /// All parts.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn parts(mut self) -> Result<Vec<Vec<u8>>, Unread> {
        let parts = (0..self.header.parts).map(|_| self.part()).collect::<Result<Vec<_>, _>>()?;
        if self.offset == self.length_bytes { Ok(parts) } else { Err(Unread::Damaged) }
    }

    fn part(&mut self) -> Result<Vec<u8>, Unread> {
        let mut header = [0; PART_HEADER_BYTES];
        read(&*self.file, self.offset, &mut header)?;
        self.offset += PART_HEADER_BYTES as u64;
        let mut fields = Fields(&header);
        let (length, checksum) = (fields.u64()?, fields.u32()?);
        // Before room is made for it.
        if length > self.length_bytes.saturating_sub(self.offset) {
            return Err(Unread::Damaged);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Unread::Damaged)?];
        read(&*self.file, self.offset, &mut bytes)?;
        self.offset += length;
        let sound = crc32c::crc32c_append(crc32c::crc32c(&length.to_be_bytes()), &bytes) == checksum;
        if sound { Ok(bytes) } else { Err(Unread::Damaged) }
    }
}

/// Reads; a file that ends too early is damaged.
fn read(file: &dyn DiskFile, offset: u64, buffer: &mut [u8]) -> Result<(), Unread> {
    file.read_at(offset, buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Unread::Damaged,
        _ => Unread::File(error),
    })
}
