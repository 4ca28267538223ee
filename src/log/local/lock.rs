//! One process at a time: a lock on the data directory.
//!
//! The operating system lets go of the lock when the process ends, however it ends, so a lock file that
//! is merely there means nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::FlockOperation;

use crate::log::error::{At as _, LogError};

/// How long a refused process waits at least: the holder takes the lock before it writes its name.
const NAME_WAIT: Duration = Duration::from_millis(200);
/// How long it waits before it tries again.
const PAUSE: Duration = Duration::from_millis(10);

/// Hears once who holds a lock, by what the lock file says, when somebody begins to wait for it.
pub type OnWaiting<'a> = &'a dyn Fn(&str);

/// A holder whose name is not known.
const UNNAMED: &str = "another process";

/// Holds a data directory until dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    file: File,
    path: PathBuf,
}

impl Drop for DirectoryLock {
    /// Lets go of the lock itself: closing the file is not enough while another thread starts a program, which has all
    /// open files until it begins.
    fn drop(&mut self) {
        // A failure leaves it to the end of this process, as a crash does.
        let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
    }
}

impl DirectoryLock {
    /// Takes the lock `LOCK` in `directory`, which must exist. Where another process holds it, waits so long for it to
    /// end.
    ///
    /// # Errors
    /// [`LogError::Held`] with the other process's id; [`LogError::Disk`].
    pub fn acquire(directory: &Path, wait: Duration, on_waiting: OnWaiting<'_>) -> Result<Self, LogError> {
        let path = lock_file(directory);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .custom_flags(no_wait())
            .open(&path)
            .at("open", &path)?;
        let (mut waited, mut told) = (Duration::ZERO, false);
        while !try_lock(&file, FlockOperation::NonBlockingLockExclusive).at("lock", &path)? {
            let holder = living_holder(&mut file);
            let limit = if holder.is_some() { wait } else { wait.max(NAME_WAIT) };
            if waited >= limit {
                let holder = holder.unwrap_or_else(|| UNNAMED.to_owned());
                return Err(LogError::Held { path, holder });
            }
            // Who holds it for a moment only, as a reader does that looks who is there, is not worth a word.
            if waited >= NAME_WAIT && !told {
                told = true;
                on_waiting(holder.as_deref().unwrap_or(UNNAMED));
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
        // What the file says is a hint for people; it need not be durable.
        file.set_len(0).at("empty", &path)?;
        file.rewind().at("write", &path)?;
        writeln!(file, "process {}", std::process::id()).at("write", &path)?;
        Ok(Self { file, path })
    }

    /// Whether the lock file that lies there is the one that is held: one that was removed or replaced keeps nobody out.
    ///
    /// # Errors
    /// [`LogError::LockGone`].
    pub fn check(&self) -> Result<(), LogError> {
        let held = self.file.metadata().at("look at", &self.path)?;
        match std::fs::metadata(&self.path) {
            Ok(there) if (there.dev(), there.ino()) == (held.dev(), held.ino()) => Ok(()),
            _ => Err(LogError::LockGone { path: self.path.clone() }),
        }
    }
}

/// Who holds the lock of a directory; `None` where nobody does, or nobody can tell. Nothing is written.
#[must_use]
pub fn holder(directory: &Path) -> Option<String> {
    let mut file = OpenOptions::new().read(true).custom_flags(no_wait()).open(lock_file(directory)).ok()?;
    // Shared, and let go of at once: whoever asks must not be in the way of who writes.
    match try_lock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(true) | Err(_) => None,
        Ok(false) => Some(living_holder(&mut file).unwrap_or_else(|| UNNAMED.to_owned())),
    }
}

/// Nobody waits for the other end of a pipe that lies in the lock file's place.
fn no_wait() -> i32 {
    i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0)
}

fn lock_file(directory: &Path) -> PathBuf {
    directory.join("LOCK")
}

/// Takes a lock, or says `false` where somebody else holds it.
fn try_lock(file: &File, operation: FlockOperation) -> std::io::Result<bool> {
    match rustix::fs::flock(file, operation) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Who the lock file says holds it, if that process is alive. A holder takes the lock before it writes its
/// name, so that for a moment the file is empty or names the one before.
fn living_holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    let id = text.strip_suffix('\n')?.strip_prefix("process ")?.parse().ok()?;
    let alive = rustix::process::test_kill_process(rustix::process::Pid::from_raw(id)?);
    // A process of another user may not be signalled, but it is there.
    (alive != Err(rustix::io::Errno::SRCH)).then(|| format!("process {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquire(directory: &Path) -> Result<DirectoryLock, LogError> {
        DirectoryLock::acquire(directory, Duration::ZERO, &|_| {})
    }

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let directory = tempfile::tempdir().unwrap();
        let lock = acquire(directory.path()).unwrap();
        let LogError::Held { holder, .. } = acquire(directory.path()).unwrap_err() else {
            panic!("the second lock was not refused as held");
        };
        assert_eq!(holder, format!("process {}", std::process::id()));
        drop(lock);
        acquire(directory.path()).unwrap();
    }

    #[test]
    fn a_second_holder_waits_for_the_first_and_says_so_once() {
        let directory = tempfile::tempdir().unwrap();
        let lock = acquire(directory.path()).unwrap();
        let told = std::sync::Mutex::new(Vec::new());
        let waiting = |holder: &str| told.lock().unwrap().push(holder.to_owned());
        let second = std::thread::scope(|scope| {
            scope.spawn(|| {
                while told.lock().unwrap().is_empty() {
                    std::thread::sleep(PAUSE);
                }
                drop(lock);
            });
            DirectoryLock::acquire(directory.path(), Duration::from_secs(60), &waiting)
        });
        second.unwrap();
        assert_eq!(*told.lock().unwrap(), [format!("process {}", std::process::id())]);
    }

    #[test]
    fn who_holds_it_is_told_without_a_trace() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(holder(directory.path()), None);
        assert!(!lock_file(directory.path()).exists(), "asking made a lock file");
        let lock = acquire(directory.path()).unwrap();
        assert_eq!(holder(directory.path()), Some(format!("process {}", std::process::id())));
        drop(lock);
        assert_eq!(holder(directory.path()), None);
        acquire(directory.path()).unwrap();
    }

    #[test]
    fn a_lock_file_that_is_gone_or_another_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let lock = acquire(directory.path()).unwrap();
        lock.check().unwrap();
        std::fs::remove_file(lock_file(directory.path())).unwrap();
        assert!(matches!(lock.check(), Err(LogError::LockGone { .. })));
        let second = acquire(directory.path()).unwrap();
        second.check().unwrap();
        assert!(matches!(lock.check(), Err(LogError::LockGone { .. })));
    }

    #[test]
    fn a_program_that_is_being_started_holds_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let lock = acquire(directory.path()).unwrap();
        let of_program = lock.file.try_clone().unwrap();
        drop(lock);
        acquire(directory.path()).unwrap();
        drop(of_program);
    }
}
