//! The few file operations that durability rests on, behind a trait, so that tests can fail,
//! shorten or forget each of them.
//!
//! Nothing here knows what the bytes mean. sled does its own input and output and is not behind
//! this trait.

use std::path::Path;
use std::{fmt, io};

pub use self::out_file::{Existing, OutFile, write_out};
pub use self::read::DiskRead;
pub use self::real::RealDisk;

mod out_file;
mod read;
mod real;
pub mod sim;

#[cfg(test)]
mod tests;

/// A file could not be read or written, as callers tell it.
#[derive(Debug, thiserror::Error)]
#[error("cannot {operation} {path}: {source}")]
pub struct FileError {
    /// What was tried.
    pub operation: &'static str,
    /// On which file.
    pub path: String,
    /// What the system said.
    pub source: io::Error,
}

/// What has a name in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A file with bytes of its own.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, wherever it leads.
    Link,
    /// A device, a pipe or a socket.
    Device,
}

/// A file system, as far as journal, vault, keys, anchor and checkpoint need one.
///
/// Paths are whole paths. Every error is the operating system's own, with its kind kept
/// (`StorageFull`, `NotFound`, ...): callers add the place.
pub trait Disk: Send + Sync + fmt::Debug {
    /// The whole content of a file. `NotFound` when it is absent.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Length in bytes; `None` when the file is absent.
    fn length(&self, path: &Path) -> io::Result<Option<u64>>;
    /// Names of the files and directories directly in a directory, sorted; empty when it is absent.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    /// Creates a directory and its parents; fine when it exists.
    fn create_directory(&self, directory: &Path) -> io::Result<()>;
    /// Opens a file for reading and writing, creating it empty when absent.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Creates a file that must not be there yet, for reading and writing. With `private` nobody but its owner may
    /// open it, from its first moment on; a disk without other users makes no difference.
    fn create_new(&self, path: &Path, private: bool) -> io::Result<Box<dyn DiskFile>> {
        let _ = private;
        match self.length(path)? {
            None => self.open(path),
            Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
    /// Opens a file for reading only. `NotFound` when it is absent: reading creates nothing.
    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Renames a file over another, atomically; durable after [`Disk::sync_directory`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Renames a file to a name that nothing has, atomically; durable after [`Disk::sync_directory`]. `AlreadyExists`
    /// where something has it, be it a link that leads nowhere.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self.kind(to)? {
            None => self.rename(from, to),
            Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
    /// What has a name; `None` when nothing has. Links are not followed. A disk without links or devices tells files
    /// from nothing.
    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        Ok(self.length(path)?.map(|_| FileKind::File))
    }
    /// Removes a file; durable after [`Disk::sync_directory`].
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes creations, renames and removals in a directory durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
    /// Bytes that an unprivileged process may still write in this directory's file system.
    fn free_bytes(&self, directory: &Path) -> io::Result<u64>;
}

/// Creates a directory and its parents, level by level, each durable before the next; fine when it exists.
///
/// # Errors
/// The operating system's; then a level may be there that is not durable, which calling again makes good.
pub fn create_directory_durably(disk: &dyn Disk, directory: &Path) -> io::Result<()> {
    let mut levels = Vec::new();
    for level in directory.ancestors().filter(|level| !level.as_os_str().is_empty()) {
        levels.push(level);
        if disk.length(level)?.is_some() {
            // It may be the last level that a call cut short has made, so its name is synced too.
            break;
        }
    }
    for level in levels.into_iter().rev() {
        disk.create_directory(level)?;
        let Some(parent) = level.parent() else { continue };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        match disk.sync_directory(parent) {
            // A directory that we may not even list is none that we have made anything in.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
        // Crash here: the levels so far, empty.
    }
    Ok(())
}

/// Puts a whole file in the place of another, or where there was none. `aside` is where it lies until it is whole,
/// in the same directory.
///
/// Crash at any moment, or an error: the file of before or the new one, whole; perhaps also one aside, which the
/// next call writes over.
///
/// # Errors
/// The operating system's.
pub fn replace_durably(disk: &dyn Disk, path: &Path, aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk.open(aside)?;
    file.set_length(0)?;
    file.write_at(0, bytes)?;
    file.sync()?;
    disk.rename(aside, path)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    disk.sync_directory(directory.unwrap_or(Path::new(".")))
}

/// An open file.
pub trait DiskFile: Send + fmt::Debug {
    /// Reads from `offset` until `buffer` is full; `UnexpectedEof` past the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
    /// Writes all bytes at `offset`. After an error any prefix of them may have been written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts or extends (with zeros) the file.
    fn set_length(&mut self, length_bytes: u64) -> io::Result<()>;
    /// Makes content and length durable (`fdatasync`). After an error the file's content on the
    /// medium is unknown: the page cache may show bytes that were never written.
    fn sync(&mut self) -> io::Result<()>;
}
