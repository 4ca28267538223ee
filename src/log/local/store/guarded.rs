//! Opens a sled directory that may be damaged, without being taken down by it.
//!
//! sled 0.34 panics on a damaged file, may cut or zero parts of its own file while it opens, and
//! leaves a `snap.*.generating` file when the disk is full, which then blocks every later open. So a
//! directory is opened on a thread of its own, where a panic is caught, and on a copy whenever its
//! bytes may still be needed. What opens is not thereby sound: [`SledStore::check`] tells damage
//! within, and only journal and anchor tell whether the tip is the true one.
//!
//! Nothing here may delete a sled directory; it is set aside.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::sled::{classify, damaged};
use super::{SledStore, StoreError, quiet};

/// sled's own threads hold its lock for a moment after the last handle is gone: how often and how
/// long to wait for them before the lock counts as somebody else's.
const LOCK_ATTEMPTS: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// A sled directory, open or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SledLocation {
    dir: PathBuf,
}

impl SledLocation {
    /// The sled directory `dir`, which need not exist yet.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The directory itself.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where [`SledLocation::open_copy`] puts the copy: beside the directory, `.copy` after its name.
    #[must_use]
    pub fn copy_location(&self) -> Self {
        let mut name = self.dir.as_os_str().to_owned();
        name.push(".copy");
        Self::new(name)
    }

    /// Whether sled has ever been opened here.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.dir.join("db").exists()
    }

    /// Opens the directory where it lies, creating it when absent. sled may change a damaged file
    /// while it opens: use [`SledLocation::open_copy`] while the journal does not reach the anchor.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when sled panics or refuses the bytes; [`StoreError::Machine`] when
    /// the disk is full, forbids it, or another process holds the directory.
    pub fn open_in_place(&self) -> Result<SledStore, StoreError> {
        self.remove_unfinished_snapshots().map_err(|source| StoreError::Machine {
            operation: "clear sled's unfinished snapshots",
            source,
        })?;
        let database = self.open_database()?;
        SledStore::from_database(&self.dir, database)
    }

    /// Copies the directory aside and opens the copy; the directory itself keeps every byte. An
    /// earlier copy is replaced. The copy stays until [`SledLocation::remove_copy`].
    ///
    /// # Errors
    /// As [`SledLocation::open_in_place`]; also [`StoreError::Machine`] when the copy cannot be made.
    pub fn open_copy(&self) -> Result<SledStore, StoreError> {
        let copy = self.copy_location();
        let machine = |source| StoreError::Machine { operation: "copy its sled directory aside", source };
        self.refuse_if_locked()?;
        self.remove_copy()?;
        // Crash here or later: the directory is as before; a partial copy is replaced next time.
        copy_directory(&self.dir, &copy.dir).map_err(machine)?;
        copy.open_in_place()
    }

    /// Whoever has the directory open may write it: no copy of it is one.
    fn refuse_if_locked(&self) -> Result<(), StoreError> {
        let Ok(file) = File::open(self.dir.join("db")) else { return Ok(()) };
        let mut attempts = 1..LOCK_ATTEMPTS;
        // sled holds its file by the same lock.
        while rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK) {
            if attempts.next().is_none() {
                return Err(self.held_by_another());
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Ok(())
    }

    fn held_by_another(&self) -> StoreError {
        let reason = format!(
            "another process holds {}; try again when it has ended, or ask whoever runs it",
            self.dir.display()
        );
        let source = io::Error::new(io::ErrorKind::ResourceBusy, reason);
        StoreError::Machine { operation: "lock its sled directory", source }
    }

    /// Removes what [`SledLocation::open_copy`] made; fine when there is nothing.
    ///
    /// # Errors
    /// [`StoreError::Machine`] when the copy cannot be removed.
    pub fn remove_copy(&self) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.copy_location().dir) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Machine { operation: "remove the copy of its sled directory", source })
            }
            _ => Ok(()),
        }
    }

    /// Moves the directory to `to`, which must not exist, on the same file system. The store must be
    /// closed. Afterwards this location is free for a new store.
    ///
    /// # Errors
    /// [`StoreError::Machine`] when `to` exists or the move fails; then nothing was moved, or the
    /// move is not yet durable.
    pub fn set_aside(&self, to: &Path) -> Result<(), StoreError> {
        let machine = |source| StoreError::Machine { operation: "set its sled directory aside", source };
        if to.symlink_metadata().is_ok() {
            let reason = format!("{} exists already; choose another name", to.display());
            return Err(machine(io::Error::new(io::ErrorKind::AlreadyExists, reason)));
        }
        fs::rename(&self.dir, to).map_err(machine)?;
        // Crash here: the directory is under either name, whole.
        for path in [to, &self.dir] {
            sync_parent(path).map_err(machine)?;
        }
        // Crash here: it is under its new name.
        Ok(())
    }

    /// sled writes a snapshot under `snap.*.generating` before it gives it its name. After a full
    /// disk such a file is cut short, and sled takes it for the newest snapshot.
    fn remove_unfinished_snapshots(&self) -> io::Result<()> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("snap.") && name.ends_with(".generating") {
                fs::remove_file(entry.path())?;
                // Crash here: sled has its older snapshot or reads its whole log.
            }
        }
        Ok(())
    }

    fn open_database(&self) -> Result<sled::Db, StoreError> {
        let place = || self.dir.display().to_string();
        for attempt in 1.. {
            // A thread of its own: sled keeps per-thread state that a panic may leave half changed.
            let dir = self.dir.clone();
            let opening = std::thread::Builder::new()
                .name("open-sled".to_owned())
                .spawn(move || quiet::catch(|| SledStore::open_unguarded(&dir)))
                .map_err(|source| StoreError::Machine { operation: "start a thread", source })?;
            match opening.join() {
                Ok(Ok(Ok(database))) => return Ok(database),
                Ok(Ok(Err(error))) if is_locked(&error) => {
                    if attempt < LOCK_ATTEMPTS {
                        std::thread::sleep(LOCK_PAUSE);
                        continue;
                    }
                    return Err(self.held_by_another());
                }
                Ok(Ok(Err(error))) => return Err(classify(place(), error)),
                Ok(Err(panic)) => return Err(damaged(place(), format!("sled panicked: {panic}"))),
                // Only reached when dropping the panic's own payload panics.
                Err(_) => return Err(damaged(place(), "sled panicked".to_owned())),
            }
        }
        unreachable!("the loop returns")
    }
}

/// sled tells a held lock only in the text of its error.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(source) if source.to_string().contains("could not acquire lock"))
}

fn copy_directory(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_directory(&entry.path(), &target)?;
        } else if entry.path().is_file() {
            // A pipe holds no bytes, and never ends.
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
#[path = "guarded_tests.rs"]
mod tests;
