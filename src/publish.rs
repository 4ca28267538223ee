//! The published log: the static tree of C2SP *tlog-tiles* (checkpoint, tiles, entry bundles) in a
//! directory that any web server can serve. Beside the checkpoint lie the handovers between the log's keys
//! (`handover/<size>`), so that whoever knows an earlier key can follow.
//!
//! Each run extends what the last one left. A file once written is never written anew with other bytes,
//! and the checkpoint is replaced last, when everything below it is durable: whoever follows a checkpoint
//! that they were served finds all of its tree, also after a crash in the middle of the next run.
//!
//! This module must never publish a checkpoint over entries that do not hash to it, nor one that does not
//! extend the one already published.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use jejak_events::bundle::{self, BundleError};
use jejak_events::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use jejak_events::log_keys::LogKeys;
use jejak_events::tile::{BundlePlace, FULL_WIDTH, RestoreError, Tile, TileBytes, TileError, TileTree};
use jejak_events::tree::leaf_hash;

use crate::disk::{Disk, create_directory_durably};
use crate::log::{At as _, LogError, LogReader};
use crate::registry::{Handovers, RegistryError};

/// Where C2SP *tlog-tiles* wants the checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// Below it lie tiles and entry bundles.
const TILES: &str = "tile";
/// Below it lie the handovers, by their sizes.
const HANDOVERS: &str = "handover";
/// Where a file lies until it is whole, in the directory that it goes to: a rename between two is durable
/// only when both are. A run cut short leaves at most one, which the next run there writes over.
const ASIDE: &str = ".aside";

/// What a run left in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Size and root now published.
    pub checkpoint: Checkpoint,
    /// Size published before; `None` for a first run.
    pub size_before: Option<u64>,
    /// Files written beside the checkpoint, without those that lay there whole.
    pub files_written: u64,
    /// Their length together.
    pub bytes_written: u64,
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
    /// What should lie there whole is missing, or has other bytes than the log says.
    #[error("{} is missing or was altered after it was published; publish into an empty directory", path.display())]
    Altered {
        /// The file, or the directory of those that were looked at together.
        path: PathBuf,
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
) -> Result<Published, PublishError> {
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes()).map_err(PublishError::Checkpoint)?;
    let new = keys.verify(&signed).map_err(PublishError::Checkpoint)?.clone();
    let mut target =
        Target { disk, directory, synced: BTreeSet::new(), unsynced: BTreeSet::new(), files: 0, bytes: 0 };
    let former = target.former(keys)?;
    let size_before = former.as_ref().map(Checkpoint::size);
    if let Some(former) = &former {
        let leads_here = former.origin() == new.origin()
            && former.size() <= new.size()
            && reader.leads_through(former.size(), former.root())?;
        if !leads_here {
            return Err(PublishError::NotExtended {
                path: directory.join(CHECKPOINT),
                published_size: former.size(),
                size: new.size(),
            });
        }
    }

    if size_before == Some(new.size()) {
        // The same tree, perhaps under more signatures, or published before handovers were.
        let handovers_missing = target.write_handovers(handovers, keys, reader, (size_before, new.size()))?;
        target.sync_names()?;
        target.replace(CHECKPOINT, checkpoint.as_bytes())?;
        target.sync_names()?;
        let (files_written, bytes_written) = (target.files, target.bytes);
        return Ok(Published {
            checkpoint: new,
            size_before,
            files_written,
            bytes_written,
            handovers_missing,
        });
    }
    // Full tiles and bundles below this lie there and stay.
    let width = u64::from(FULL_WIDTH);
    let start = size_before.unwrap_or(0) / width * width;
    let mut tree =
        TileTree::restore(start, &[], &|tile: Tile| target.tile(tile)).map_err(|error| match error {
            RestoreError::Source { cause, .. } => cause,
            RestoreError::Tile(error) => error.into(),
        })?;
    if tree.root() != reader.root_at(start)? {
        return Err(PublishError::Altered { path: directory.join(TILES) });
    }
    extend(&mut tree, reader, start..new.size(), &mut target, go_on)?;
    for tile in tree.partial_tiles() {
        target.write(&tile.tile.to_string(), &tile.bytes)?;
    }
    if tree.root() != new.root() {
        return Err(PublishError::Disagrees { size: new.size() });
    }
    let handovers_missing = target.write_handovers(handovers, keys, reader, (size_before, new.size()))?;
    target.sync_names()?;
    // Crash here: more tiles than the old checkpoint needs, and handovers that it does not cover, all of them
    // durable.
    target.replace(CHECKPOINT, checkpoint.as_bytes())?;
    // Crash here: the old checkpoint or the new one, whole, and the trees of both.
    target.sync_names()?;
    target.drop_partials(start..new.size())?;
    let (files_written, bytes_written) = (target.files, target.bytes);
    Ok(Published { checkpoint: new, size_before, files_written, bytes_written, handovers_missing })
}

/// Pushes entries and writes each tile and bundle that they fill, and the last bundle.
fn extend(
    tree: &mut TileTree,
    reader: &LogReader,
    range: std::ops::Range<u64>,
    target: &mut Target<'_>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<(), PublishError> {
    let width = usize::from(FULL_WIDTH);
    let mut entries: Vec<Vec<u8>> = Vec::with_capacity(width);
    let mut failed = None;
    let mut place = |entries: &mut Vec<Vec<u8>>, full: Vec<TileBytes>, end: u64| {
        target.write_bundle(entries, end)?;
        entries.clear();
        full.into_iter().try_for_each(|tile| target.write(&tile.tile.to_string(), &tile.bytes))?;
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
struct Target<'a> {
    disk: &'a dyn Disk,
    directory: &'a Path,
    /// Directories that are there, durably.
    synced: BTreeSet<PathBuf>,
    /// Directories with names that are not yet durable.
    unsynced: BTreeSet<PathBuf>,
    files: u64,
    bytes: u64,
}

impl Target<'_> {
    /// The bytes of a published file; `None` where there is none.
    fn find(&self, name: &str) -> Result<Option<Vec<u8>>, PublishError> {
        let path = self.directory.join(name);
        match self.disk.read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => Ok(Some(read.at("read", &path)?)),
        }
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

    /// A tile that the published checkpoint reaches.
    fn tile(&self, tile: Tile) -> Result<Vec<u8>, PublishError> {
        let name = tile.to_string();
        let altered = || PublishError::Altered { path: self.directory.join(&name) };
        self.find(&name)?.filter(|bytes| bytes.len() == tile.length_bytes()).ok_or_else(altered)
    }

    fn write_bundle(&mut self, entries: &[Vec<u8>], before: u64) -> Result<(), PublishError> {
        let bytes = bundle::encode(entries.iter().map(Vec::as_slice))
            .map_err(|source| PublishError::Bundle { before, source })?;
        let width = u16::try_from(entries.len()).unwrap_or(FULL_WIDTH);
        let place = BundlePlace::new((before - 1) / u64::from(FULL_WIDTH), width)?;
        self.write(&place.to_string(), &bytes)
    }

    /// Writes the handovers of this log up to a size, and answers with those that are not to be had: whoever needs
    /// one of them can follow the log no better than before, and `verify` tells of it.
    fn write_handovers(
        &mut self,
        handovers: &Handovers,
        keys: &LogKeys,
        reader: &LogReader,
        (size_before, size): (Option<u64>, u64),
    ) -> Result<Vec<u64>, PublishError> {
        let mut missing = Vec::new();
        for handed_over in keys.all().iter().skip(1).map(|key| key.from_size).filter(|at| *at <= size) {
            let Ok(bytes) = handovers.read(handed_over, keys, reader)? else {
                missing.push(handed_over);
                continue;
            };
            let name = format!("{HANDOVERS}/{handed_over}");
            // What the published checkpoint covers was durable before it.
            let is_durable = size_before.is_some_and(|before| handed_over <= before);
            if !is_durable || self.find(&name)?.is_none_or(|found| found != bytes) {
                self.write(&name, &bytes)?;
            }
        }
        Ok(missing)
    }

    /// Writes a file that the published checkpoint does not reach. A run that was cut short may have left
    /// it; then it must be the same, and is written anew, because what a failed sync left in the page
    /// cache may never reach the disk.
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
        if self.find(name)?.is_some_and(|found| found != bytes) {
            return Err(PublishError::Altered { path: self.directory.join(name) });
        }
        self.files += 1;
        self.bytes += bytes.len() as u64;
        self.replace(name, bytes)
    }

    /// Puts a whole file in its place; its name is durable after [`Target::sync_names`].
    fn replace(&mut self, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
        let path = self.directory.join(name);
        let parent = path.parent().unwrap_or(self.directory).to_owned();
        if !self.synced.contains(&parent) {
            create_directory_durably(self.disk, &parent).at("create", &parent)?;
            self.synced.insert(parent.clone());
        }
        let aside = parent.join(ASIDE);
        let mut file = self.disk.open(&aside).at("open", &aside)?;
        file.set_length(0).at("truncate", &aside)?;
        file.write_at(0, bytes).at("write", &aside)?;
        file.sync().at("sync", &aside)?;
        drop(file);
        // Crash here: the file aside, which the next run writes over.
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
    /// A crash within leaves some of them, and they stay: nobody is misled by them, and no later run looks
    /// for them. Their removal is not synced for the same reason.
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
            for width in self.disk.list(&partials).at("list", &partials)? {
                let path = partials.join(width);
                self.disk.remove(&path).at("remove", &path)?;
            }
        }
        Ok(())
    }
}
