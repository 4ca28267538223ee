//! Where an audit finds a log: the data directory of a registry, a published tree of C2SP *tlog-tiles*, or an
//! evidence bundle.
//!
//! Nothing is opened as a registry would open it: no lock is taken, nothing healed, no key read, so that an
//! auditor needs no more than the right to read, also beside a running registry.
//!
//! This module must never hand out an entry from another place than the one that its index says.

use std::io::{BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::bundle::{self, MAX_ENTRY_LENGTH_BYTES};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::tile::{BundlePlace, FULL_WIDTH, Tile, TileBytes, TileTree};
use jejak_events::tree::leaf_hash;

use crate::disk::Disk;
use crate::proof::bundle::archive::BundleReader;
use crate::proof::bundle::log as bundle_log;
use crate::proof::replay::entries::{EntrySource, SourceError};
use crate::proof::replay::journal_lines::{self, JournalError, SegmentChoice};

/// How every archive begins.
const ARCHIVE: &[u8] = b"PK";
/// Longest checkpoint that is read, in bytes: far more than a hundred signatures take.
const CHECKPOINT_LIMIT_BYTES: u64 = 64 * 1024;

/// What was found at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The data directory of a registry.
    Registry,
    /// A published tree.
    Tiles,
    /// An evidence bundle, of which only checkpoint and entries are looked at.
    Bundle,
}

/// A log to be audited.
pub struct FoundLog {
    /// What it is.
    pub kind: SourceKind,
    /// Its checkpoint, in form; nothing is verified.
    pub checkpoint: SignedCheckpoint,
    /// The handovers that lie beside it, in form, each of the size that its name says; nothing is verified.
    pub handovers: Vec<SignedCheckpoint>,
    /// Its entries.
    pub entries: Box<dyn EntrySource>,
}

/// Looks at a path. `checkpoint` is a file to take instead of the checkpoint that lies with the log.
///
/// # Errors
/// [`SourceError::Absent`] for a path with nothing of the kind, or no checkpoint where one is named;
/// [`SourceError::Wrong`] for a log that has no checkpoint in form.
pub fn find(disk: Arc<dyn Disk>, path: &Path, checkpoint: Option<&Path>) -> Result<FoundLog, SourceError> {
    if path.is_file() {
        let mut file = std::fs::File::open(path).map_err(failed("open", path))?;
        let mut start = Vec::new();
        file.by_ref().take(ARCHIVE.len() as u64).read_to_end(&mut start).map_err(failed("read", path))?;
        if start != ARCHIVE {
            return Err(no_log(path));
        }
        file.rewind().map_err(failed("read", path))?;
        let shown = bundle_log(BundleReader::new(BufReader::with_capacity(1 << 16, file)))?;
        let checkpoint = checkpoint.map_or(Ok(shown.checkpoint), |given| read_named(&*disk, given))?;
        let (handovers, entries) = (shown.handovers, Box::new(shown.log));
        return Ok(FoundLog { kind: SourceKind::Bundle, checkpoint, handovers, entries });
    }
    let has = |name: &str| {
        let looked = disk.list(&path.join(name));
        looked.map(|names| !names.is_empty()).map_err(failed("list", &path.join(name)))
    };
    let kind = if has("journal")? {
        SourceKind::Registry
    } else if has("tile")? {
        SourceKind::Tiles
    } else {
        return Err(no_log(path));
    };
    let own = path.join("checkpoint");
    let checkpoint =
        checkpoint.map_or_else(|| read_checkpoint(&*disk, &own), |given| read_named(&*disk, given))?;
    let size = checkpoint.unverified().size();
    let handovers = read_handovers(&*disk, &path.join("handover"))?;
    let path = path.to_owned();
    let entries: Box<dyn EntrySource> = match kind {
        SourceKind::Registry => Box::new(Journal { disk, directory: path.join("journal"), following: 0 }),
        SourceKind::Tiles | SourceKind::Bundle => Box::new(Tiles { disk, directory: path, size }),
    };
    Ok(FoundLog { kind, checkpoint, handovers, entries })
}

fn no_log(path: &Path) -> SourceError {
    SourceError::Absent(Message::of_error(format!(
        "{} is no registry (no `journal`), no published tree (no `tile`) and no bundle",
        path.display()
    )))
}

/// Reads the handovers of a log; what is not named by a size is none.
fn read_handovers(disk: &dyn Disk, directory: &Path) -> Result<Vec<SignedCheckpoint>, SourceError> {
    let names = disk.list(directory).map_err(failed("list", directory))?;
    let mut handovers = Vec::new();
    for name in names {
        let Some(size) = name.parse::<u64>().ok().filter(|size| size.to_string() == name) else { continue };
        let path = directory.join(name);
        let handover = read_checkpoint(disk, &path)?;
        if handover.unverified().size() != size {
            let (path, found) = (path.display(), handover.unverified().size());
            return Err(SourceError::wrong(format!("{path}: this is a checkpoint of size {found}")));
        }
        handovers.push(handover);
    }
    Ok(handovers)
}

/// Reads a checkpoint that the auditor names: what is none says nothing of the log.
fn read_named(disk: &dyn Disk, path: &Path) -> Result<SignedCheckpoint, SourceError> {
    read_checkpoint(disk, path).map_err(|error| match error {
        SourceError::Wrong(why) => SourceError::Absent(why),
        other => other,
    })
}

/// Reads a signed checkpoint from a file. Its form is checked, its signatures are not.
///
/// # Errors
/// [`SourceError`], with the path.
pub fn read_checkpoint(disk: &dyn Disk, path: &Path) -> Result<SignedCheckpoint, SourceError> {
    let length = disk.length(path).map_err(failed("look at", path))?;
    let wrong = |why: String| SourceError::wrong(format!("{}: {why}", path.display()));
    match length {
        None => Err(wrong("there is no checkpoint here".into())),
        Some(length) if length > CHECKPOINT_LIMIT_BYTES => {
            Err(wrong(format!("{length} bytes are no checkpoint: at most {CHECKPOINT_LIMIT_BYTES} are read")))
        }
        Some(_) => {
            let bytes = disk.read(path).map_err(failed("read", path))?;
            SignedCheckpoint::parse(&bytes).map_err(|error| wrong(error.to_string()))
        }
    }
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> SourceError {
    let what = format!("cannot {operation} {}", path.display());
    move |source| SourceError::Failed { what, source }
}

/// The journal of a registry.
struct Journal {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    /// Entries after those that were taken.
    following: u64,
}

impl EntrySource for Journal {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        let mut lines =
            SourceLines { at: 0, take, wrong: None, is_done: false, uncommitted: 0, following: 0 };
        let read = journal_lines::read(&*self.disk, &self.directory, &mut lines);
        self.following = lines.following;
        if lines.is_done {
            // What lies behind is not what was asked about.
            return Ok(());
        }
        if let Some(wrong) = lines.wrong {
            return Err(SourceError::wrong(wrong));
        }
        match read {
            Ok(_) => Ok(()),
            Err(error @ JournalError::Unreadable { .. }) => Err(SourceError::wrong(error)),
            Err(JournalError::Disk { operation, path, source }) => Err(failed(operation, &path)(source)),
        }
    }

    fn following(&self) -> u64 {
        self.following
    }
}

struct SourceLines<'a> {
    /// Index of the next entry.
    at: u64,
    take: &'a mut dyn FnMut(&[u8]) -> bool,
    wrong: Option<String>,
    /// No more entries are wanted; the rest is counted.
    is_done: bool,
    /// Entries counted since the last commit line.
    uncommitted: u64,
    /// Entries counted in whole commits.
    following: u64,
}

impl journal_lines::JournalReader for SourceLines<'_> {
    fn segment(&mut self, name: &str, first: Option<u64>) -> SegmentChoice {
        let at = self.at;
        match first {
            Some(first) if first == at => SegmentChoice::Read,
            // Compressed and not yet removed: the same entries once more.
            Some(first) if first < at => SegmentChoice::Skip,
            _ if self.is_done => SegmentChoice::Stop,
            _ => {
                self.wrong = Some(format!(
                    "the journal has a gap: {name} should start at index {at}; entries are missing"
                ));
                SegmentChoice::Stop
            }
        }
    }

    fn line(&mut self, name: &str, line: &[u8]) -> bool {
        // Commit lines are the registry's own: an auditor believes the tree alone. A last line without its break
        // is one that is being written.
        let Some(entry) = line.strip_suffix(b"\n") else { return false };
        if entry.first() == Some(&b'#') {
            self.following += std::mem::take(&mut self.uncommitted);
            return true;
        }
        if self.is_done {
            (self.at, self.uncommitted) = (self.at + 1, self.uncommitted + 1);
            return true;
        }
        if entry.len() > MAX_ENTRY_LENGTH_BYTES {
            let (at, length) = (self.at, entry.len());
            self.wrong =
                Some(format!("{name}: entry {at} has {length} bytes, at most {MAX_ENTRY_LENGTH_BYTES} fit"));
            return false;
        }
        self.at += 1;
        self.is_done = !(self.take)(entry);
        true
    }
}

/// A published tree: the entries, and beside them the tiles, which must be what the entries hash to.
struct Tiles {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    size: u64,
}

impl Tiles {
    /// The bytes of a published file; `None` where there is none.
    fn read_file(&self, name: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, SourceError> {
        let path = self.directory.join(name);
        match self.disk.length(&path).map_err(failed("look at", &path))? {
            None => Ok(None),
            Some(length) if length > limit_bytes as u64 => Err(SourceError::wrong(format!(
                "{} has {length} bytes, at most {limit_bytes} can be right",
                path.display()
            ))),
            Some(_) => self.disk.read(&path).map(Some).map_err(failed("read", &path)),
        }
    }

    /// The bytes of a partial file, or of the full one that took its place when the log grew, with its width.
    fn read_grown(
        &self,
        (name, width): (String, u16),
        full: &str,
        limit_bytes: usize,
    ) -> Result<(PathBuf, Vec<u8>, u16), SourceError> {
        if let Some(bytes) = self.read_file(&name, limit_bytes)? {
            return Ok((self.directory.join(name), bytes, width));
        }
        match self.read_file(full, limit_bytes)? {
            Some(bytes) => Ok((self.directory.join(full), bytes, FULL_WIDTH)),
            None => Err(SourceError::wrong(format!("{} is missing", self.directory.join(name).display()))),
        }
    }

    /// The tile that is published is what the entries hash to.
    fn hold(&self, own: &TileBytes) -> Result<(), SourceError> {
        let tile = own.tile;
        let full = Tile::new(tile.level(), tile.index(), FULL_WIDTH).map_err(SourceError::wrong)?;
        let partial = (tile.to_string(), tile.width());
        let (path, bytes, width) = self.read_grown(partial, &full.to_string(), full.length_bytes())?;
        let is_right = if width == tile.width() { bytes == own.bytes } else { bytes.starts_with(&own.bytes) };
        if is_right {
            return Ok(());
        }
        Err(SourceError::wrong(format!("{} is not what its entries hash to", path.display())))
    }
}

impl EntrySource for Tiles {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        const BUNDLE_LIMIT_BYTES: usize = FULL_WIDTH as usize * (MAX_ENTRY_LENGTH_BYTES + 2);
        let mut tree = TileTree::new();
        for index in 0.. {
            let Some(place) = BundlePlace::in_tree(self.size, index) else { break };
            let full = BundlePlace::new(index, FULL_WIDTH).map_err(SourceError::wrong)?;
            let partial = (place.to_string(), place.width());
            let (path, bytes, width) = self.read_grown(partial, &full.to_string(), BUNDLE_LIMIT_BYTES)?;
            let entries = bundle::decode(&bytes, width)
                .map_err(|error| SourceError::wrong(format!("{}: {error}", path.display())))?;
            let mut filled = Vec::new();
            for entry in entries.into_iter().take(usize::from(place.width())) {
                filled.extend(tree.push(leaf_hash(entry)));
                if !take(entry) && tree.size() < self.size {
                    return Ok(());
                }
            }
            filled.iter().try_for_each(|tile| self.hold(tile))?;
        }
        tree.partial_tiles().try_for_each(|tile| self.hold(&tile))
    }
}
