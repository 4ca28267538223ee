//! Reads an evidence bundle once, front to back, and refuses whatever is not laid out as we write it.

use std::io::{self, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::layout::{
    CHECKSUM_AT, CONTENT_AT, DIRECTORY_SIGNATURE, LOCAL_HEADER_BYTES, LOCAL_SIGNATURE, Layout,
    NAME_LENGTH_AT, PACKED_AT, Sizes,
};
use super::{ArchiveMember, ArchiveRefusal, Flaw, manifest};

/// Longest name, in bytes; no member has one so long.
const NAME_LIMIT_BYTES: usize = 64;
/// What deflate may add to bytes that it cannot make smaller, beside an eighth of them.
const PACKED_EXTRA_BYTES: u64 = 128;

/// Why no further member can be had.
#[derive(Debug, thiserror::Error)]
pub enum BundleReadError {
    /// The file cannot be read.
    #[error("cannot read the bundle: {0}")]
    Input(#[from] io::Error),
    /// It is not laid out as we write it.
    #[error(transparent)]
    Refused(#[from] ArchiveRefusal),
}

/// A member and its content, unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedMember {
    /// Which.
    pub member: ArchiveMember,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Hands out the members of a bundle in their order.
///
/// Members before the manifest are not yet known to be those that were signed: act on nothing before
/// [`BundleReader::next`] has answered with the manifest, which is when every byte of the archive has been checked,
/// and before the signature on it was (`manifest::verify`).
#[derive(Debug)]
pub struct BundleReader<R> {
    input: R,
    layout: Layout,
    inflate: Decompress,
    packed: Vec<u8>,
}

impl<R: Read> BundleReader<R> {
    /// A reader from the first byte. Many small reads are made: give it a buffered one.
    pub fn new(input: R) -> Self {
        Self { input, layout: Layout::default(), inflate: Decompress::new(false), packed: Vec::new() }
    }

    /// The next member; `None` after the manifest.
    ///
    /// # Errors
    /// [`BundleReadError::Refused`] for whatever a bundle does not have in this place; nothing more can be read
    /// then.
    #[expect(clippy::should_implement_trait, reason = "no iterator: nothing may follow an error")]
    pub fn next(&mut self) -> Result<Option<UnpackedMember>, BundleReadError> {
        if self.layout.last == Some(ArchiveMember::Manifest) {
            return Ok(None);
        }
        let offset = self.layout.end;
        let (member, sizes) = self.header()?;
        let refuse = |flaw| ArchiveRefusal { member: Some(member), offset, flaw };
        self.packed.clear();
        let wanted = u64::from(sizes.packed_bytes);
        // Memory grows with what is there, not with what the header says.
        if (&mut self.input).take(wanted).read_to_end(&mut self.packed)? as u64 != wanted {
            return Err(refuse(Flaw::Truncated).into());
        }
        let bytes = if member == ArchiveMember::Manifest {
            self.packed.clone()
        } else {
            self.unpack(sizes).map_err(refuse)?
        };
        let mut checksum = Crc::new();
        checksum.update(&bytes);
        if checksum.sum() != sizes.checksum {
            return Err(refuse(Flaw::Checksum).into());
        }
        if member == ArchiveMember::Manifest {
            manifest::compare(&bytes, &self.layout.manifest()).map_err(|(member, flaw)| {
                let offset = self.layout.offset_of(member).unwrap_or(offset);
                ArchiveRefusal { member: Some(member), offset, flaw }
            })?;
        }
        self.layout.add(member, sizes, &bytes, &self.packed).map_err(|_| refuse(Flaw::Full))?;
        if member == ArchiveMember::Manifest {
            self.closing()?;
        }
        Ok(Some(UnpackedMember { member, bytes }))
    }

    /// Reads a local header with its name, up to the content.
    fn header(&mut self) -> Result<(ArchiveMember, Sizes), BundleReadError> {
        let Layout { end: offset, last: after, .. } = self.layout;
        let at = |place: usize, flaw| ArchiveRefusal { member: None, offset: offset + place as u64, flaw };
        let mut found = Vec::with_capacity(LOCAL_HEADER_BYTES + NAME_LIMIT_BYTES);
        self.fill(&mut found, LOCAL_HEADER_BYTES)?;
        let start = &found[..found.len().min(LOCAL_SIGNATURE.len())];
        if let Some(place) = first_difference(start, &LOCAL_SIGNATURE) {
            let flaw = match after {
                None => Flaw::NoBundle,
                _ if *start == DIRECTORY_SIGNATURE => Flaw::NoManifest { after },
                _ if start.len() == place => Flaw::Truncated,
                _ => Flaw::Header,
            };
            return Err(at(place, flaw).into());
        }
        if found.len() < LOCAL_HEADER_BYTES {
            return Err(at(found.len(), Flaw::Truncated).into());
        }
        let name_bytes =
            usize::from(u16::from_le_bytes([found[NAME_LENGTH_AT.start], found[NAME_LENGTH_AT.start + 1]]));
        if name_bytes > NAME_LIMIT_BYTES {
            return Err(at(NAME_LENGTH_AT.start, Flaw::Header).into());
        }
        self.fill(&mut found, name_bytes)?;
        let name = &found[LOCAL_HEADER_BYTES..];
        if name.len() < name_bytes {
            return Err(at(found.len(), Flaw::Truncated).into());
        }
        let member = str::from_utf8(name).ok().and_then(|name| name.parse::<ArchiveMember>().ok());
        let Some(member) = member else {
            let name = String::from_utf8_lossy(name).into_owned();
            return Err(at(0, Flaw::Name(name)).into());
        };
        let refuse = |flaw| ArchiveRefusal { member: Some(member), offset, flaw };
        if !member.may_follow(after) {
            return Err(refuse(Flaw::Order { after }).into());
        }
        let number = |at: std::ops::Range<usize>| {
            found[at].iter().rev().fold(0u32, |number, byte| number << 8 | u32::from(*byte))
        };
        let packed_bytes = number(PACKED_AT);
        let stored = member == ArchiveMember::Manifest;
        let content_bytes = if stored { packed_bytes } else { number(CONTENT_AT) };
        let sizes = Sizes { checksum: number(CHECKSUM_AT), packed_bytes, content_bytes };
        if let Some(place) = first_difference(&found, &Layout::local_header(member, sizes)) {
            return Err(at(place, Flaw::Header).into());
        }
        let content_limit = match member {
            ArchiveMember::Manifest => self.layout.manifest().len() as u64 + manifest::SIGNATURES_LIMIT_BYTES,
            _ => member.limit_bytes(),
        };
        let bytes = u64::from(content_bytes);
        let packed_limit = if stored { bytes } else { bytes + bytes / 8 + PACKED_EXTRA_BYTES };
        for (bytes, limit_bytes) in [(bytes, content_limit), (packed_bytes.into(), packed_limit)] {
            if bytes > limit_bytes {
                return Err(refuse(Flaw::TooLong { bytes, limit_bytes }).into());
            }
        }
        Ok((member, sizes))
    }

    /// Unpacks what was read, to exactly as many bytes as the header says.
    fn unpack(&mut self, sizes: Sizes) -> Result<Vec<u8>, Flaw> {
        let stated_bytes = u64::from(sizes.content_bytes);
        // One more, so that content beyond the stated size shows; never more than a limit of ours.
        let mut bytes = Vec::with_capacity(sizes.content_bytes as usize + 1);
        self.inflate.reset(false);
        let done = self.inflate.decompress_vec(&self.packed, &mut bytes, FlushDecompress::Finish);
        let read = self.inflate.total_in();
        match done.map_err(|_| Flaw::Packed)? {
            _ if bytes.len() as u64 > stated_bytes => Err(Flaw::Length { stated_bytes }),
            Status::StreamEnd if read < self.packed.len() as u64 => {
                Err(Flaw::PackedTail { bytes: self.packed.len() as u64 - read })
            }
            Status::StreamEnd if (bytes.len() as u64) < stated_bytes => Err(Flaw::Length { stated_bytes }),
            Status::StreamEnd => Ok(bytes),
            Status::Ok | Status::BufError => Err(Flaw::Packed),
        }
    }

    /// Reads central directory and end record, and that nothing follows.
    fn closing(&mut self) -> Result<(), BundleReadError> {
        let offset = self.layout.end;
        let wanted = self.layout.closing();
        let mut found = Vec::new();
        self.fill(&mut found, wanted.len() + 1)?;
        let Some(place) = first_difference(&found, &wanted) else { return Ok(()) };
        let flaw = if place == wanted.len() {
            Flaw::Trailing
        } else if place == found.len() {
            Flaw::Truncated
        } else {
            Flaw::Directory
        };
        Err(ArchiveRefusal { member: None, offset: offset + place as u64, flaw }.into())
    }

    /// Reads `length` more bytes, or fewer at the end of the file.
    fn fill(&mut self, bytes: &mut Vec<u8>, length: usize) -> io::Result<()> {
        (&mut self.input).take(length as u64).read_to_end(bytes).map(|_| ())
    }
}

/// The first place where two byte texts differ; the end of the shorter where one starts with the other.
fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    let different = left.iter().zip(right).position(|(left, right)| left != right);
    different.or_else(|| (left.len() != right.len()).then(|| left.len().min(right.len())))
}
