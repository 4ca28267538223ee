//! Files beside the log that are derived from it, and whether something else lies in their places.
//!
//! Nothing rests on them, so that what is wrong with one keeps nobody from opening; it must never pass without a word.

use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::fault::Message;
use jejak_events::tree::Hash;

use super::scrub_file::{ScrubRecord, Scrubbed};
use super::tile_file::{self, TileFile};
use super::{Ground, heal};
use crate::disk::{Disk, FileKind};
use crate::log::LogPaths;
use crate::log::error::{At as _, LogError};
use crate::log::tiles::{TILE_WIDTH, Tree};

/// What lies in the place of a derived file and is not one that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Where.
    pub path: PathBuf,
    /// What it is; a file is one that cannot be read.
    pub found: FileKind,
}

impl Misplaced {
    /// What is wrong and what to do, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let path = self.path.display();
        let (id, en) = self.is_no_file();
        Message::new(
            format!(
                "{path} {id}; pindahkan atau hapus: yang seharusnya di sana turunan dari log dan dibuat ulang"
            ),
            format!(
                "{path} {en}; move or delete it: what belongs there is derived from the log and made again"
            ),
        )
    }

    fn is_no_file(&self) -> (&'static str, &'static str) {
        match self.found {
            FileKind::File => ("tidak dapat dibaca", "cannot be read"),
            FileKind::Directory => ("adalah direktori, bukan berkas", "is a directory, not a file"),
            FileKind::Link => ("adalah tautan, bukan berkas", "is a link, not a file"),
            FileKind::Device => ("adalah perangkat, bukan berkas", "is a device, not a file"),
        }
    }
}

/// What lay in the place of a derived file that has to be written, and was moved out of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// Where it lay, and what it is.
    pub what: Misplaced,
    /// Where it lies now.
    pub to: PathBuf,
}

impl Displaced {
    /// What was done, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let (path, to) = (self.what.path.display(), self.to.display());
        let (id, en) = self.what.is_no_file();
        Message::new(
            format!("{path} {id}; dipindahkan ke {to}, dan yang seharusnya di sana dibuat ulang dari log"),
            format!("{path} {en}; it was moved to {to}, and what belongs there is made again from the log"),
        )
    }
}

/// Moves away what lies in the checkpoint's place and is no file: the next checkpoint could not take its name.
pub(super) fn displace_checkpoint(disk: &dyn Disk, paths: &LogPaths) -> Result<Option<Displaced>, LogError> {
    let path = paths.checkpoint();
    let found = match disk.kind(&path).at("look at", &path)? {
        None | Some(FileKind::File) => return Ok(None),
        Some(found) => found,
    };
    let to = heal::free_name(disk, &paths.torn(), "checkpoint")?;
    disk.rename(&path, &to).at("rename", &path)?;
    for directory in [&paths.torn(), &paths.dir] {
        disk.sync_directory(directory).at("sync", directory)?;
    }
    // A crash here, or before, leaves it under one of the two names.
    Ok(Some(Displaced { what: Misplaced { path, found }, to }))
}

/// What lies in the places of derived files and is none.
pub(crate) fn misplaced(disk: &dyn Disk, paths: &LogPaths) -> Vec<Misplaced> {
    let wrong = |path: PathBuf| match disk.kind(&path) {
        Ok(None) => None,
        Ok(Some(FileKind::File)) if disk.open_existing(&path).is_ok() => None,
        Ok(Some(found)) => Some(Misplaced { path, found }),
        Err(_) => Some(Misplaced { path, found: FileKind::File }),
    };
    [paths.tiles(), paths.scrub(), paths.checkpoint()].into_iter().filter_map(wrong).collect()
}

/// Brings the files in step that opening from the end rests on, after both copies were read and settled: the roots of the
/// tiles, and a record without a finding. Answers with the record as it was found.
pub(super) fn renew(
    ground: &Ground,
    tree: &Tree,
    log_id: Option<Hash>,
    anchored: u64,
) -> (TileFile, ScrubRecord) {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let count = usize::try_from(anchored).unwrap_or(0) / TILE_WIDTH;
    let row = tree.row().get(..count).unwrap_or_default();
    let stored = tile_file::read(disk, &paths.tiles());
    let equal = stored.iter().zip(row).take_while(|(stored, own)| stored == own).count();
    let mut tiles = TileFile::new(paths.tiles(), equal);
    tiles.keep(disk, row);
    // A crash here leaves the finding; the next opening reads everything once more.
    let found = Scrubbed::read(disk, &paths.scrub(), log_id);
    if found.finding.is_some() {
        let mended = ScrubRecord { finding: None, position: 0, ..found.clone() };
        Scrubbed::new(Some(Arc::clone(&ground.disk)), paths.scrub(), log_id, found.clone())
            .change(|record| *record = mended);
    }
    (tiles, found)
}
