//! Every byte of an evidence bundle that is not content: zip headers, central directory, manifest text.
//!
//! Writer and reader both build them here, from the members so far; the reader compares. PKWARE's
//! *APPNOTE* 6.3.10 names the fields; all numbers are little-endian.

use std::fmt::Write as _;
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::{ArchiveMember, manifest};

/// Bytes of a local header in front of the name.
pub const LOCAL_HEADER_BYTES: usize = 30;
/// Bytes of an entry of the central directory in front of the name.
const DIRECTORY_ENTRY_BYTES: usize = 46;
/// Starts a local header.
pub const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
/// Starts an entry of the central directory.
pub const DIRECTORY_SIGNATURE: [u8; 4] = *b"PK\x01\x02";
/// Starts the record at the end.
const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
/// Where a local header states checksum, packed size, unpacked size and length of the name.
pub const CHECKSUM_AT: Range<usize> = 14..18;
pub const PACKED_AT: Range<usize> = 18..22;
pub const CONTENT_AT: Range<usize> = 22..26;
pub const NAME_LENGTH_AT: Range<usize> = 26..28;

/// Version needed to extract: 2.0, the first with deflate and directories.
const VERSION: [u8; 2] = [20, 0];
/// 1980-01-01 in MS-DOS form.
const DATE: [u8; 2] = [0x21, 0];
const STORED: [u8; 2] = [0, 0];
const DEFLATED: [u8; 2] = [8, 0];
/// The most that plain zip can count; all bits set mean that zip64 has the number.
const MEMBERS_LIMIT: u64 = u16::MAX as u64 - 1;
const OFFSET_LIMIT: u64 = u32::MAX as u64 - 1;

/// A member as it lies in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// CRC-32 of the content.
    pub checksum: u32,
    /// Bytes in the archive.
    pub packed_bytes: u32,
    /// Bytes of the content.
    pub content_bytes: u32,
}

/// The archive is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// What was laid out so far.
#[derive(Debug, Default)]
pub struct Layout {
    /// The member laid out last.
    pub last: Option<ArchiveMember>,
    /// Where the next byte goes.
    pub end: u64,
    members: u64,
    directory: Vec<u8>,
    listed: String,
}

impl Layout {
    /// The local header of a member, with its name.
    #[must_use]
    pub fn local_header(member: ArchiveMember, sizes: Sizes) -> Vec<u8> {
        let mut header = LOCAL_SIGNATURE.to_vec();
        fields(&mut header, member, sizes);
        header.extend_from_slice(member.to_string().as_bytes());
        header
    }

    /// Adds a member behind the last one.
    pub fn add(
        &mut self,
        member: ArchiveMember,
        sizes: Sizes,
        content: &[u8],
        packed: &[u8],
    ) -> Result<(), Full> {
        let offset = u32::try_from(self.end).map_err(|_| Full)?;
        let name = member.to_string();
        let end = self.end + (LOCAL_HEADER_BYTES + name.len()) as u64 + u64::from(sizes.packed_bytes);
        if self.members == MEMBERS_LIMIT || end > OFFSET_LIMIT {
            return Err(Full);
        }
        let entry = &mut self.directory;
        entry.extend_from_slice(&DIRECTORY_SIGNATURE);
        entry.extend_from_slice(&VERSION);
        fields(entry, member, sizes);
        // No comment, first disk, no attributes.
        entry.extend_from_slice(&[0; 10]);
        entry.extend_from_slice(&offset.to_le_bytes());
        entry.extend_from_slice(name.as_bytes());
        if member != ArchiveMember::Manifest {
            let (content, packed) = (hex(&Sha256::digest(content)), hex(&Sha256::digest(packed)));
            self.listed.push_str(&manifest::line(&content, &packed, &name));
        }
        (self.last, self.end, self.members) = (Some(member), end, self.members + 1);
        Ok(())
    }

    /// Where a member begins, in bytes.
    #[must_use]
    pub fn offset_of(&self, member: ArchiveMember) -> Option<u64> {
        let name = member.to_string();
        let mut rest = self.directory.as_slice();
        while let Some((entry, after)) = rest.split_first_chunk::<DIRECTORY_ENTRY_BYTES>() {
            let (own, next) = after.split_at(usize::from(u16::from_le_bytes([entry[28], entry[29]])));
            if own == name.as_bytes() {
                return Some(u32::from_le_bytes([entry[42], entry[43], entry[44], entry[45]]).into());
            }
            rest = next;
        }
        None
    }

    /// The text of the manifest over the members so far, to be signed.
    #[must_use]
    pub fn manifest(&self) -> String {
        format!("{}\n{}", manifest::HEADER, self.listed)
    }

    /// What follows the last member: central directory and end record.
    #[must_use]
    pub fn closing(&self) -> Vec<u8> {
        let low = |number: u64| (number as u32).to_le_bytes();
        let count = (self.members as u16).to_le_bytes();
        let mut bytes = self.directory.clone();
        bytes.extend_from_slice(&END_SIGNATURE);
        // This disk and the disk of the directory.
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&count);
        bytes.extend_from_slice(&count);
        bytes.extend_from_slice(&low(self.directory.len() as u64));
        bytes.extend_from_slice(&low(self.end));
        // No comment.
        bytes.extend_from_slice(&[0; 2]);
        bytes
    }
}

/// What local header and directory entry have in common.
fn fields(header: &mut Vec<u8>, member: ArchiveMember, sizes: Sizes) {
    header.extend_from_slice(&VERSION);
    // No flags: sizes stand in front, names are ASCII.
    header.extend_from_slice(&[0; 2]);
    header.extend_from_slice(if member == ArchiveMember::Manifest { &STORED } else { &DEFLATED });
    header.extend_from_slice(&[0; 2]);
    header.extend_from_slice(&DATE);
    header.extend_from_slice(&sizes.checksum.to_le_bytes());
    header.extend_from_slice(&sizes.packed_bytes.to_le_bytes());
    header.extend_from_slice(&sizes.content_bytes.to_le_bytes());
    let name_bytes = member.to_string().len() as u16;
    header.extend_from_slice(&name_bytes.to_le_bytes());
    // No extra field.
    header.extend_from_slice(&[0; 2]);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
