//! The published log: the static tree of C2SP *tlog-tiles* (checkpoint, tiles, entry bundles) in a
//! directory that any web server can serve. Beside the checkpoint lie the handovers between the log's keys
//! (`handover/<size>`), so that whoever knows an earlier key can follow.
//!
//! Each run extends what the last one left, and compares every file that lies there with what the log says, from
//! event 0 on: one that is missing, cut short or altered is written anew and named, under a checkpoint of this log;
//! without one nothing says whose the files are, and other bytes are refused. The checkpoint is replaced last, when
//! everything below it is durable: whoever follows a checkpoint that they were served finds all of its tree, also
//! after a crash in the middle of the next run. Memory grows with the height of the tree alone.
//!
//! This module must never publish a checkpoint over files that do not carry it, over entries that do not hash to it,
//! or one that does not extend the one already published; nor write through a link.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jejak_events::bundle::{self, BundleError};
use jejak_events::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use jejak_events::log_keys::LogKeys;
use jejak_events::tile::{BundlePlace, FULL_WIDTH, Tile, TileBytes, TileError, TileTree};
use jejak_events::tree::{Hash, leaf_hash};

use crate::disk::{Disk, FileKind, create_directory_durably};
use crate::log::{At as _, LogError, LogReader};
use crate::registry::{Handovers, RegistryError};

/// Where C2SP *tlog-tiles* wants the checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// Below it lie tiles and entry bundles.
const TILES: &str = "tile";
/// Below it lie the handovers, by their sizes.
const HANDOVERS: &str = "handover";
/// Length of a hash.
const HASH_BYTES: usize = size_of::<Hash>();
/// Where a file lies until it is whole, in the directory that it goes to: a rename between two is durable
/// only when both are. A run cut short leaves at most one, which the next run there writes over.
const ASIDE: &str = ".aside";

/// Most files that are named one by one.
pub const NAMED: usize = 10;

/// What a run left in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedTree {
    /// Size and root now published.
    pub checkpoint: Checkpoint,
    /// Size published before; `None` for a first run.
    pub size_before: Option<u64>,
    /// Files written beside the checkpoint, without those that lay there whole.
    pub files_written: u64,
    /// Their length together.
    pub bytes_written: u64,
    /// Files that the checkpoint published before covers and that were missing or altered: the first
    /// [`NAMED`] of those written anew.
    pub mended: Vec<String>,
    /// How many were written anew so.
    pub mended_count: u64,
    /// Sizes of the handovers that the registry no longer has, or only altered: they were not published.
    pub handovers_missing: Vec<u64>,
}

/// Why nothing new was published. The checkpoint in the directory is then the one from before.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The log cannot be read, or the disk with the published files failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The checkpoint to be published is not one of this log.
    #[error("the checkpoint of this log does not check: {0}")]
    Checkpoint(#[source] CheckpointError),
    /// The directory holds something that was not published from this log.
    #[error("{} {reason}; publish into an empty directory", path.display())]
    Foreign {
        /// What is in the way.
        path: PathBuf,
        /// What it is.
        reason: String,
    },
    /// The checkpoint published before is not an earlier state of this log.
    #[error(
        "{} has size {published_size} and does not lead to the {size} events of this log: \
         one of the two was put back to an older state and grew anew (a fork). Nothing was published; \
         keep both and find out which one the other holders of checkpoints have",
        path.display()
    )]
    NotExtended {
        /// The checkpoint published before.
        path: PathBuf,
        /// Its size.
        published_size: u64,
        /// The size of this log.
        size: u64,
    },
    /// The checkpoint to be published is an earlier one than lies there.
    #[error("{} has size {published_size}, more than the {size} to be published; publish the newer one", path.display())]
    Older {
        /// The checkpoint published before.
        path: PathBuf,
        /// Its size.
        published_size: u64,
        /// Size of the one to be published.
        size: u64,
    },
    /// A file has other bytes than the log says, and no checkpoint there says that it is of this log; or it cannot be
    /// had from this registry any more.
    #[error(
        "{} has other bytes than this log: it is of another log, or was altered; take it away, or publish into an \
         empty directory",
        path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// Something else than a file or a directory lies where the tree has one.
    #[error("{} is {found}, where the published log has {wanted}; take it away", path.display())]
    InTheWay {
        /// What is in the way.
        path: PathBuf,
        /// What it is.
        found: &'static str,
        /// What is wanted there.
        wanted: &'static str,
    },
    /// The entries do not hash to the checkpoint.
    #[error("the entries of this log do not hash to its checkpoint of size {size}; run `jejak verify`")]
    Disagrees {
        /// Size of the checkpoint.
        size: u64,
    },
    /// Entries that make no bundle.
    #[error("entries before {before} make no bundle: {source}; run `jejak verify`")]
    Bundle {
        /// One past the last entry of the bundle.
        before: u64,
        /// Why.
        source: BundleError,
    },
    /// A tile that makes no tile.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The handovers of the registry cannot be read.
    #[error(transparent)]
    Handover(#[from] RegistryError),
    /// Somebody asked to stop.
    #[error("stopped before everything was published; the next run goes on")]
    Stopped,
}

/// Extends the published tree in `directory` to the size of a signed checkpoint of the log.
///
/// `keys` are the log's: what was published under an earlier one is extended under the one in force, and the
/// handovers between them that the checkpoint covers lie beside it. `go_on` hears the number of events done, every
/// 256, and stops the run by `false`.
///
/// # Errors
/// See [`PublishError`]; every one leaves the published tree as good as it was.
pub fn publish(
    reader: &LogReader,
    checkpoint: &str,
    keys: &LogKeys,
    handovers: &Handovers,
    disk: &dyn Disk,
    directory: &Path,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<PublishedTree, PublishError> {
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes()).map_err(PublishError::Checkpoint)?;
    let new = keys.verify(&signed).map_err(PublishError::Checkpoint)?.clone();
    let mut target = PublishTarget::new(disk, directory);
    let former = target.former(keys)?;
    let size_before = former.as_ref().map(Checkpoint::size);
    if let Some(former) = &former {
        hold_former(former, &new, reader, directory)?;
        target.covered = former.size();
    }
    // From event 0 on, whatever was published before: a file that is passed over is one that was compared.
    let mut tree = TileTree::new();
    extend(&mut tree, reader, 0..new.size(), &mut target, go_on)?;
    for tile in tree.partial_tiles() {
        target.write_tile(&tile)?;
    }
    if tree.root() != new.root() {
        return Err(PublishError::Disagrees { size: new.size() });
    }
    let handovers_missing = target.write_handovers(handovers, keys, reader, new.size())?;
    target.sync_names()?;
    // Crash here: more tiles than the old checkpoint needs, and handovers that it does not cover, all of them
    // durable.
    target.hold_kind(Path::new(CHECKPOINT), FileKind::File)?;
    target.replace(CHECKPOINT, checkpoint.as_bytes())?;
    // Crash here: the old checkpoint or the new one, whole, and the trees of both.
    target.sync_names()?;
    target.drop_partials(0..new.size())?;
    let PublishTarget { files: files_written, bytes: bytes_written, mended, mended_count, .. } = target;
    Ok(PublishedTree {
        checkpoint: new,
        size_before,
        files_written,
        bytes_written,
        mended,
        mended_count,
        handovers_missing,
    })
}

/// The checkpoint published before is an earlier state of what is to be published.
fn hold_former(
    former: &Checkpoint,
    new: &Checkpoint,
    reader: &LogReader,
    directory: &Path,
) -> Result<(), PublishError> {
    let (path, published_size, size) = (directory.join(CHECKPOINT), former.size(), new.size());
    if former.origin() != new.origin() || !reader.leads_through(published_size, former.root())? {
        let size = reader.size();
        return Err(PublishError::NotExtended { path, published_size, size });
    }
    if published_size > size {
        return Err(PublishError::Older { path, published_size, size });
    }
    Ok(())
}

/// Pushes entries and writes each tile and bundle that they fill, and the last bundle.
fn extend(
    tree: &mut TileTree,
    reader: &LogReader,
    range: std::ops::Range<u64>,
    target: &mut PublishTarget<'_>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<(), PublishError> {
    let width = usize::from(FULL_WIDTH);
    let mut entries: Vec<Vec<u8>> = Vec::with_capacity(width);
    let mut failed = None;
    let mut place = |entries: &mut Vec<Vec<u8>>, full: Vec<TileBytes>, end: u64| {
        target.write_bundle(entries, end)?;
        entries.clear();
        full.iter().try_for_each(|tile| target.write_tile(tile))?;
        if go_on(end) { Ok(()) } else { Err(PublishError::Stopped) }
    };
    reader.scan(range.clone(), &mut |index, bytes| {
        entries.push(bytes.to_vec());
        let full = tree.push(leaf_hash(bytes));
        if entries.len() == width {
            failed = place(&mut entries, full, index + 1).err();
        }
        failed.is_none()
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    if entries.is_empty() { Ok(()) } else { place(&mut entries, Vec::new(), range.end) }
}

/// The directory, and what is still to be made durable in it.
struct PublishTarget<'a> {
    disk: &'a dyn Disk,
    directory: &'a Path,
    /// Size of the checkpoint published before, 0 where there is none: its tree is durable.
    covered: u64,
    /// Directories that are there, durably.
    synced: BTreeSet<PathBuf>,
    /// Directories with names that are not yet durable.
    unsynced: BTreeSet<PathBuf>,
    files: u64,
    bytes: u64,
    mended: Vec<String>,
    mended_count: u64,
}

impl<'a> PublishTarget<'a> {
    fn new(disk: &'a dyn Disk, directory: &'a Path) -> Self {
        Self {
            disk,
            directory,
            covered: 0,
            synced: BTreeSet::new(),
            unsynced: BTreeSet::new(),
            files: 0,
            bytes: 0,
            mended: Vec::new(),
            mended_count: 0,
        }
    }

    /// What lies in a place of the tree is of the kind that belongs there, or nothing is there. A link is never
    /// followed: what it leads to may be anybody's, and may change.
    fn hold_kind(&self, name: &Path, wanted: FileKind) -> Result<bool, PublishError> {
        let path = self.directory.join(name);
        let Some(found) = self.disk.kind(&path).at("look at", &path)? else { return Ok(false) };
        if found == wanted {
            return Ok(true);
        }
        let said = |kind| match kind {
            FileKind::File => "a file",
            FileKind::Directory => "a directory",
            FileKind::Link => "a link",
            FileKind::Device => "a device",
        };
        Err(PublishError::InTheWay { path, found: said(found), wanted: said(wanted) })
    }

    /// The bytes of a published file; `None` where there is none.
    fn find(&self, name: &str) -> Result<Option<Vec<u8>>, PublishError> {
        let name = Path::new(name);
        for above in name.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            if !self.synced.contains(&self.directory.join(above)) {
                self.hold_kind(above, FileKind::Directory)?;
            }
        }
        if !self.hold_kind(name, FileKind::File)? {
            return Ok(None);
        }
        let path = self.directory.join(name);
        Ok(Some(self.disk.read(&path).at("read", &path)?))
    }

    /// The checkpoint published before, checked.
    fn former(&self, keys: &LogKeys) -> Result<Option<Checkpoint>, PublishError> {
        let foreign =
            |name: &str, reason: String| PublishError::Foreign { path: self.directory.join(name), reason };
        let Some(bytes) = self.find(CHECKPOINT)? else {
            // A first run that was cut short leaves tiles and handovers and no checkpoint.
            let names = self.disk.list(self.directory).at("list", self.directory)?;
            return match names.iter().find(|name| ![TILES, HANDOVERS, ASIDE].contains(&name.as_str())) {
                None => Ok(None),
                Some(name) => Err(foreign(name, "is no part of a published log".to_owned())),
            };
        };
        let signed = SignedCheckpoint::parse(&bytes)
            .map_err(|error| foreign(CHECKPOINT, format!("is no checkpoint ({error})")))?;
        let checkpoint = keys
            .verify(&signed)
            .map_err(|error| foreign(CHECKPOINT, format!("is not a checkpoint of this log ({error})")))?;
        Ok(Some(checkpoint.clone()))
    }

    fn write_bundle(&mut self, entries: &[Vec<u8>], before: u64) -> Result<(), PublishError> {
        let bytes = bundle::encode(entries.iter().map(Vec::as_slice))
            .map_err(|source| PublishError::Bundle { before, source })?;
        let width = u16::try_from(entries.len()).unwrap_or(FULL_WIDTH);
        let index = (before - 1) / u64::from(FULL_WIDTH);
        let place = BundlePlace::new(index, width)?;
        self.write(&place.to_string(), &bytes, before <= self.covered)?;
        let full = BundlePlace::new(index, FULL_WIDTH)?.to_string();
        let start = index * u64::from(FULL_WIDTH);
        self.hold_narrower(&full, width, (start, 1), &|width| {
            let narrower = entries.iter().take(usize::from(width)).map(Vec::as_slice);
            bundle::encode(narrower).map_err(|source| PublishError::Bundle { before, source })
        })
    }

    fn write_tile(&mut self, tile: &TileBytes) -> Result<(), PublishError> {
        let TileBytes { tile, bytes } = tile;
        // Events under one hash, and under the tile.
        let span = u64::from(FULL_WIDTH).saturating_pow(u32::from(tile.level()));
        let start = tile.index().saturating_mul(span.saturating_mul(u64::from(FULL_WIDTH)));
        let end = start.saturating_add(span.saturating_mul(u64::from(tile.width())));
        // A partial tile is there as long as its last hash is: the tree of a larger size has a wider one.
        self.write(&tile.to_string(), bytes, end <= self.covered)?;
        let full = Tile::new(tile.level(), tile.index(), FULL_WIDTH)?.to_string();
        self.hold_narrower(&full, tile.width(), (start, span), &|width| {
            Ok(bytes[..usize::from(width) * HASH_BYTES].to_vec())
        })
    }

    /// Compares the narrower files of a partial one, which those read who hold an earlier checkpoint. The one that
    /// the checkpoint published before has is written where it is missing, until the full one is there.
    fn hold_narrower(
        &mut self,
        full: &str,
        width: u16,
        (start, span): (u64, u64),
        bytes: &dyn Fn(u16) -> Result<Vec<u8>, PublishError>,
    ) -> Result<(), PublishError> {
        if width == FULL_WIDTH {
            return Ok(());
        }
        let former = self.covered.saturating_sub(start) / span;
        let partials = self.directory.join(format!("{full}.p"));
        let mut widths: BTreeSet<u16> = u16::try_from(former).into_iter().filter(|one| *one > 0).collect();
        for name in self.disk.list(&partials).at("list", &partials)? {
            let read = name.parse::<u16>().ok().filter(|width| width.to_string() == name && *width > 0);
            widths.extend(read);
        }
        for narrower in widths.into_iter().filter(|narrower| *narrower < width) {
            let end = start.saturating_add(span.saturating_mul(u64::from(narrower)));
            self.write(&format!("{full}.p/{narrower}"), &bytes(narrower)?, end <= self.covered)?;
        }
        Ok(())
    }

    /// Writes the handovers of this log up to a size, and answers with those that are not to be had: whoever needs
    /// one of them can follow the log no better than before, and `verify` tells of it.
    fn write_handovers(
        &mut self,
        handovers: &Handovers,
        keys: &LogKeys,
        reader: &LogReader,
        size: u64,
    ) -> Result<Vec<u64>, PublishError> {
        let mut missing = Vec::new();
        let sizes: Vec<u64> = keys.all().iter().skip(1).map(|key| key.from_size).collect();
        for handed_over in sizes.iter().copied().filter(|at| *at <= size) {
            let name = format!("{HANDOVERS}/{handed_over}");
            match handovers.read(handed_over, keys, reader)? {
                Ok(bytes) => self.write(&name, &bytes, handed_over <= self.covered)?,
                Err(_) => {
                    missing.push(handed_over);
                    // What was published of it may be all that is left; it must be one.
                    let found = self.find(&name)?;
                    let signed = found.map(|bytes| SignedCheckpoint::parse(&bytes));
                    let is_one = signed.is_none_or(|signed| {
                        let root = reader.root_at(handed_over).ok();
                        signed.is_ok_and(|signed| {
                            keys.verify(&signed)
                                .is_ok_and(|one| (one.size(), Some(one.root())) == (handed_over, root))
                        })
                    });
                    if !is_one {
                        return Err(PublishError::Altered { path: self.directory.join(name) });
                    }
                }
            }
        }
        self.hold_kind(Path::new(HANDOVERS), FileKind::Directory)?;
        // A reader takes every file there for a handover.
        let directory = self.directory.join(HANDOVERS);
        for name in self.disk.list(&directory).at("list", &directory)? {
            if name != ASIDE && !sizes.iter().any(|size| size.to_string() == name) {
                let reason = "is no handover of this log, and readers would take it for one".to_owned();
                return Err(PublishError::Foreign { path: directory.join(name), reason });
            }
        }
        Ok(missing)
    }

    /// Sees to it that a file has these bytes. With `is_durable` the checkpoint published before covers it: it stays
    /// as it is where it has them, and is mended where it is missing or has others. Any other is written anew also
    /// where it has them: what a failed sync left in the page cache may never reach the disk.
    fn write(&mut self, name: &str, bytes: &[u8], is_durable: bool) -> Result<(), PublishError> {
        let found = self.find(name)?;
        let is_same = found.as_deref() == Some(bytes);
        if is_durable && is_same {
            return Ok(());
        }
        if self.covered == 0 && found.is_some() && !is_same {
            return Err(PublishError::Altered { path: self.directory.join(name) });
        }
        if is_durable || (found.is_some() && !is_same) {
            self.mended_count += 1;
            if self.mended.len() < NAMED {
                self.mended.push(name.to_owned());
            }
        } else {
            self.files += 1;
        }
        self.bytes += bytes.len() as u64;
        self.replace(name, bytes)
    }

    /// Puts a whole file in its place; its name is durable after [`PublishTarget::sync_names`].
    fn replace(&mut self, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
        let path = self.directory.join(name);
        let parent = path.parent().unwrap_or(self.directory).to_owned();
        if !self.synced.contains(&parent) {
            create_directory_durably(self.disk, &parent).at("create", &parent)?;
            self.synced.insert(parent.clone());
        }
        let aside = parent.join(ASIDE);
        // Whatever lies there is taken away and not written into: it may be a link.
        if self.disk.kind(&aside).at("look at", &aside)?.is_some() {
            self.disk.remove(&aside).at("remove", &aside)?;
        }
        let mut file = self.disk.create_new(&aside, false).at("create", &aside)?;
        file.write_at(0, bytes).at("write", &aside)?;
        file.sync().at("sync", &aside)?;
        drop(file);
        // Crash here: the file aside, which the next run takes away.
        self.disk.rename(&aside, &path).at("rename over", &path)?;
        self.unsynced.insert(parent);
        Ok(())
    }

    fn sync_names(&mut self) -> Result<(), PublishError> {
        for directory in std::mem::take(&mut self.unsynced) {
            self.disk.sync_directory(&directory).at("sync", &directory)?;
        }
        Ok(())
    }

    /// Removes the partial files of tiles and bundles that a range of events filled: the spec lets a log
    /// do so once the full ones are there, and else every run would leave some for ever.
    ///
    /// A crash within leaves some of them, which the next run removes: it goes through all. Their removal is not synced
    /// for the same reason.
    fn drop_partials(&self, filled: std::ops::Range<u64>) -> Result<(), PublishError> {
        let mut names = Vec::new();
        let (mut start, mut end) = (filled.start / u64::from(FULL_WIDTH), filled.end / u64::from(FULL_WIDTH));
        for index in start..end {
            names.push(BundlePlace::new(index, FULL_WIDTH)?.to_string());
        }
        for level in 0.. {
            if end == 0 {
                break;
            }
            for index in start..end {
                names.push(Tile::new(level, index, FULL_WIDTH)?.to_string());
            }
            (start, end) = (start / u64::from(FULL_WIDTH), end / u64::from(FULL_WIDTH));
        }
        for name in names {
            let partials = self.directory.join(format!("{name}.p"));
            self.hold_kind(Path::new(&format!("{name}.p")), FileKind::Directory)?;
            let widths = self.disk.list(&partials).at("list", &partials)?;
            for width in widths.into_iter().filter(|width| width.parse::<u16>().is_ok()) {
                let path = partials.join(width);
                self.disk.remove(&path).at("remove", &path)?;
            }
        }
        Ok(())
    }
}
