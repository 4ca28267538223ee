//! Writes an evidence bundle aside, so that it can be verified before it gets its name.

use std::io::{self, Read};
use std::path::Path;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use jejak_events::note::{Note, NoteError, NoteSigner};

use super::layout::{Layout, Sizes};
use super::{ArchiveMember, BundleReader};
use crate::disk::{Disk, DiskFile, DiskRead, Existing, OutFile};
use crate::log::{At as _, LogError};

/// What is read from the disk at once, in bytes.
const READ_BYTES: usize = 1 << 16;

/// Why no bundle was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] LogError),
    /// A member is longer than a reader takes.
    #[error("{member} has {bytes} bytes, at most {limit_bytes} go into a bundle")]
    TooLong {
        /// Which.
        member: ArchiveMember,
        /// Its length.
        bytes: u64,
        /// Most that it may have.
        limit_bytes: u64,
    },
    /// There is more than one archive holds.
    #[error("a bundle holds at most 65,534 members and 4 GiB, some 16.7 million events: there are more")]
    Full,
    /// Members come in another order than a bundle has them.
    #[error("{member} cannot follow {after:?} in a bundle")]
    Order {
        /// Which.
        member: ArchiveMember,
        /// The one before.
        after: Option<ArchiveMember>,
    },
    /// Nothing that content could cause.
    #[error("{member} cannot be deflated: {reason}")]
    Deflate {
        /// Which.
        member: ArchiveMember,
        /// What the library says.
        reason: String,
    },
    /// The manifest cannot be signed.
    #[error("the manifest cannot be signed: {0}")]
    Manifest(#[from] NoteError),
}

/// Writes the members one after the other.
///
/// Dropped before [`Written::publish`], it takes the unfinished file away.
#[derive(Debug)]
pub struct BundleWriter<'disk> {
    file: Box<dyn DiskFile>,
    out: OutFile<'disk>,
    disk: &'disk dyn Disk,
    layout: Layout,
    deflate: Compress,
    packed: Vec<u8>,
}

/// A bundle that is whole and durable, and does not have its name yet.
#[derive(Debug)]
pub struct Written<'disk> {
    out: OutFile<'disk>,
    disk: &'disk dyn Disk,
    /// Length of the file, in bytes.
    pub length_bytes: u64,
}

impl<'disk> BundleWriter<'disk> {
    /// Begins a bundle that will lie at `path`; until then it lies beside it, hidden. With `private` nobody but its
    /// owner may read it, neither then nor under its name.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(disk: &'disk dyn Disk, path: &Path, private: bool) -> Result<Self, WriteError> {
        let (out, file) = OutFile::create(disk, path, private).at("create a file beside", path)?;
        let deflate = Compress::new(Compression::default(), false);
        Ok(Self { file, out, disk, layout: Layout::default(), deflate, packed: Vec::new() })
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`WriteError`]; the bundle cannot be finished then.
    pub fn add(&mut self, member: ArchiveMember, content: &[u8]) -> Result<(), WriteError> {
        let after = self.layout.last;
        if !member.may_follow(after) || member == ArchiveMember::Manifest {
            return Err(WriteError::Order { member, after });
        }
        let (bytes, limit_bytes) = (content.len() as u64, member.limit_bytes());
        if bytes > limit_bytes {
            return Err(WriteError::TooLong { member, bytes, limit_bytes });
        }
        self.pack(content).map_err(|reason| WriteError::Deflate { member, reason })?;
        let packed = std::mem::take(&mut self.packed);
        let placed = self.place(member, content, &packed);
        self.packed = packed;
        placed
    }

    /// Adds the manifest with its signature and ends the archive. On return it is durable.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(mut self, signer: &NoteSigner) -> Result<Written<'disk>, WriteError> {
        let after = self.layout.last;
        if !ArchiveMember::Manifest.may_follow(after) {
            return Err(WriteError::Order { member: ArchiveMember::Manifest, after });
        }
        let mut note = Note::new(self.layout.manifest())?;
        note.add(signer.sign(&note))?;
        let note = note.to_string();
        self.place(ArchiveMember::Manifest, note.as_bytes(), note.as_bytes())?;
        let closing = self.layout.closing();
        let at = self.layout.end;
        self.file.write_at(at, &closing).at("write", self.out.aside())?;
        self.file.sync().at("sync", self.out.aside())?;
        // Crash here: the whole bundle, aside, under no name that anybody takes for it.
        Ok(Written { out: self.out, disk: self.disk, length_bytes: at + closing.len() as u64 })
    }

    fn place(&mut self, member: ArchiveMember, content: &[u8], packed: &[u8]) -> Result<(), WriteError> {
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| WriteError::Full);
        let mut checksum = Crc::new();
        checksum.update(content);
        let sizes =
            Sizes { checksum: checksum.sum(), packed_bytes: size(packed)?, content_bytes: size(content)? };
        let start = self.layout.end;
        self.layout.add(member, sizes, content, packed).map_err(|_| WriteError::Full)?;
        let mut bytes = Layout::local_header(member, sizes);
        bytes.extend_from_slice(packed);
        self.file.write_at(start, &bytes).at("write", self.out.aside())?;
        // Crash here: a part of it, aside.
        Ok(())
    }

    /// Deflates into `self.packed`.
    fn pack(&mut self, content: &[u8]) -> Result<(), String> {
        self.packed.clear();
        self.deflate.reset();
        loop {
            self.packed.reserve(content.len() / 4 + READ_BYTES);
            let rest = &content[self.deflate.total_in() as usize..];
            let done = self.deflate.compress_vec(rest, &mut self.packed, FlushCompress::Finish);
            if done.map_err(|error| error.to_string())? == Status::StreamEnd {
                return Ok(());
            }
        }
    }
}

impl Written<'_> {
    /// Reads the bundle as it lies on the disk, to verify it before it gets its name.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn reader(&self) -> Result<BundleReader<impl Read>, WriteError> {
        let path = self.out.aside();
        let input = DiskRead::open(self.disk, path, 0).at("open", path)?;
        Ok(BundleReader::new(io::BufReader::with_capacity(READ_BYTES, input)))
    }

    /// Gives the bundle its name, durably. What lay there before is kept or replaced.
    ///
    /// # Errors
    /// When there is a file to be kept, and nothing was changed; when the disk fails, and then the name leads to what
    /// it led to before, or to the whole bundle.
    pub fn publish(self, existing: Existing) -> Result<(), WriteError> {
        let aside = self.out.aside().to_owned();
        Ok(self.out.place(existing).at("give its name to", &aside)?)
    }
}
