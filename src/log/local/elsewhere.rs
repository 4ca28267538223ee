//! Where the anchor lies when it is kept apart from the data directory.
//!
//! An anchor elsewhere guards against a directory that was put back to an older state, and only as long
//! as it is asked. So the log remembers its place in `anchor-elsewhere`: the absolute path and a newline.
//! A lost anchor elsewhere must never be made anew in silence, nor one inside take its place.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::anchor::{self, Slot};
use crate::disk::Disk;
use crate::log::LogPaths;
use crate::log::error::{At as _, LogError, Place};

/// The path without `.` in it, and from the root on, so that two spellings of one place are equal.
fn absolute(path: &Path) -> PathBuf {
    // Fails only without a current directory; the path as given is then the best name there is.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether the anchor lies outside the data directory.
fn is_elsewhere(paths: &LogPaths) -> bool {
    absolute(&paths.anchor).parent() != Some(&*absolute(&paths.dir))
}

/// The slots of the anchor, where its place holds an anchor or nothing.
///
/// Under its own name in the data directory it is the registry's, whatever damage made of it. A file that somebody named
/// may be all that they have of something else: it must hold an anchor, or be the place that was written down and
/// hold what can be left of one.
///
/// # Errors
/// [`LogError::NoAnchor`].
pub(crate) fn slots(disk: &dyn Disk, paths: &LogPaths) -> Result<[Option<Slot>; 2], LogError> {
    let Some(anchor::Found { slots, may_be_anchor }) = anchor::read(disk, &paths.anchor)? else {
        return Ok([None; 2]);
    };
    let place = absolute(&paths.anchor);
    let is_own = place == absolute(&paths.dir).join("anchor");
    let is_known = || match recorded(disk, paths) {
        // A record that cannot be read as one names no place.
        Err(LogError::Damaged { .. }) => Ok(false),
        known => known.map(|known| known.is_some_and(|known| known == place)),
    };
    if is_own || (may_be_anchor && (slots.iter().any(Option::is_some) || is_known()?)) {
        return Ok(slots);
    }
    Err(LogError::NoAnchor { path: paths.anchor.clone(), found: "another file" })
}

/// Refuses an anchor that is not the one that guards this log. `may_make_anew`: the caller recovers, and
/// a lost anchor elsewhere may be made anew. Only for a log that holds something.
pub(crate) fn check(disk: &dyn Disk, paths: &LogPaths, may_make_anew: bool) -> Result<(), LogError> {
    if is_elsewhere(paths) {
        let found = disk.length(&paths.anchor).at("look at", &paths.anchor)?;
        if found.is_none() && !may_make_anew {
            return Err(LogError::AnchorAbsent { path: paths.anchor.clone() });
        }
        return Ok(());
    }
    match recorded(disk, paths)? {
        Some(anchor) => Err(LogError::AnchorElsewhere { anchor, record: paths.anchor_elsewhere() }),
        None => Ok(()),
    }
}

/// The place that was written down; `None` when the anchor lies in the data directory.
fn recorded(disk: &dyn Disk, paths: &LogPaths) -> Result<Option<PathBuf>, LogError> {
    let record = paths.anchor_elsewhere();
    let bytes = match disk.read(&record) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(LogError::Disk { operation: "read", path: record, source }),
    };
    match bytes.strip_suffix(b"\n") {
        Some(path) if !path.is_empty() => Ok(Some(PathBuf::from(OsStr::from_bytes(path)))),
        _ => {
            let place = Place::File { path: record, offset: 0 };
            let reason = "it should name the place of the anchor on one line; give --anchor PATH";
            Err(LogError::damaged(place, reason))
        }
    }
}

/// Writes the anchor's place down, if it lies elsewhere and is not written yet.
pub(crate) fn remember(disk: &dyn Disk, paths: &LogPaths) -> Result<(), LogError> {
    if !is_elsewhere(paths) {
        return Ok(());
    }
    let record = paths.anchor_elsewhere();
    let mut line = absolute(&paths.anchor).as_os_str().as_bytes().to_vec();
    line.push(b'\n');
    if disk.read(&record).is_ok_and(|found| found == line) {
        return Ok(());
    }
    let aside = super::journal::with_suffix(&record, super::journal::ASIDE);
    let mut file = disk.open(&aside).at("create", &aside)?;
    file.set_length(0).at("empty", &aside)?;
    file.write_at(0, &line).at("write", &aside)?;
    file.sync().at("sync", &aside)?;
    // A crash here leaves the old record, or none, and a `.new` file, which the next writing replaces.
    disk.rename(&aside, &record).at("rename", &aside)?;
    disk.sync_directory(&paths.dir).at("sync", &paths.dir)
    // A crash here leaves the place written down.
}
