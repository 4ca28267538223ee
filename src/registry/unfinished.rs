//! The mark of an init that has begun: a small file in the keys directory, made before the first key and
//! removed once event 0 is durable.
//!
//! Two logs under one checkpoint key could each sign what the other denies. So an init takes over keys
//! that it finds only where this mark says that an earlier init of the same data directory, origin and
//! kind made them and came no further.

use std::path::{Path, PathBuf};

use super::outcome::RegistryError;
use super::{InitReport, Options};
use crate::vault::KeyFile;

const HEADER: &str = "jejak unfinished init v1";

fn path(options: &Options) -> PathBuf {
    options.keys_dir.join("init-unfinished")
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> RegistryError {
    let path = path.display().to_string();
    move |source| RegistryError::File { operation, path, source }
}

/// Which init it is. Whole paths: the same words in another working directory mean another place.
fn text(options: &Options, about: &InitReport) -> String {
    let dir = std::path::absolute(&options.dir).unwrap_or_else(|_| options.dir.clone());
    // A demo's keys follow from a public seed: no real registry may go on with them.
    let kind = if about.synthetic { "synthetic" } else { "real" };
    format!("{HEADER}\n{}\n{}\n{kind}\n", dir.display(), about.origin)
}

/// Whether an init has begun with these keys and is not known to have ended.
///
/// # Errors
/// When the keys directory cannot be looked at.
pub(super) fn exists(options: &Options) -> Result<bool, RegistryError> {
    let path = path(options);
    Ok(options.disk.length(&path).map_err(failed("look at", &path))?.is_some())
}

/// Whether this init goes on with one that was cut short; `false` when it is the first. Writes nothing.
///
/// # Errors
/// [`RegistryError::Exists`] and [`RegistryError::KeysTaken`] when it may not begin at all.
pub(super) fn resumes(options: &Options, about: &InitReport) -> Result<bool, RegistryError> {
    let path = path(options);
    if exists(options)?
        && options.disk.read(&path).map_err(failed("read", &path))? == text(options, about).as_bytes()
    {
        return Ok(true);
    }
    if let Some(trace) = options.trace_of_log()? {
        let path = if trace.starts_with(&options.dir) { &options.dir } else { &trace };
        return Err(RegistryError::Exists { path: path.display().to_string() });
    }
    // A mark without keys is an init that made nothing yet, or the torn mark of one.
    if KeyFile::exists(&*options.disk, &options.keys_dir)? {
        return Err(RegistryError::KeysTaken { path: options.keys_dir.display().to_string() });
    }
    Ok(false)
}

/// Marks that an init has begun, durable on return. The keys directory must exist.
///
/// # Errors
/// When the mark cannot be written; then nothing else was.
pub(super) fn begin(options: &Options, about: &InitReport) -> Result<(), RegistryError> {
    let path = path(options);
    let mut file = options.disk.open(&path).map_err(failed("create", &path))?;
    crate::vault::restrict(&path, 0o600).map_err(failed("restrict", &path))?;
    file.set_length(0).map_err(failed("empty", &path))?;
    file.write_at(0, text(options, about).as_bytes()).map_err(failed("write", &path))?;
    file.sync().map_err(failed("sync", &path))?;
    // Crash before this: perhaps a torn mark, and no keys; the next init writes it anew.
    options.disk.sync_directory(&options.keys_dir).map_err(failed("sync", &options.keys_dir))
}

/// Takes the mark away, durable on return; fine when there is none.
///
/// # Errors
/// When it cannot be removed.
pub(super) fn end(options: &Options) -> Result<(), RegistryError> {
    if !exists(options)? {
        return Ok(());
    }
    let path = path(options);
    options.disk.remove(&path).map_err(failed("remove", &path))?;
    // Crash before this: the mark may be back; with event 0 there no init goes on, and opening ends it.
    options.disk.sync_directory(&options.keys_dir).map_err(failed("sync", &options.keys_dir))
}
