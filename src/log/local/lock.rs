//! One process at a time: a lock on the data directory.
//!
//! The operating system lets go of the lock when the process ends, however it ends, so a lock file that
//! is merely there means nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::log::error::{At as _, LogError};

/// How often and how long a refused process waits for the holder to write its name.
const WAITS_FOR_NAME: u32 = 20;
const WAIT_FOR_NAME: Duration = Duration::from_millis(10);

/// Holds a data directory until dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    file: File,
}

impl Drop for DirectoryLock {
    /// Lets go of the lock itself: closing the file is not enough while another thread starts a program, which has all
    /// open files until it begins.
    fn drop(&mut self) {
        // A failure leaves it to the end of this process, as a crash does.
        let _ = rustix::fs::flock(&self.file, rustix::fs::FlockOperation::Unlock);
    }
}

impl DirectoryLock {
    /// Takes the lock `LOCK` in `directory`, which must exist.
    ///
    /// # Errors
    /// [`LogError::Held`] with the other process's id; [`LogError::Disk`].
    pub fn acquire(directory: &Path) -> Result<Self, LogError> {
        let path: PathBuf = directory.join("LOCK");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .at("open", &path)?;
        let mut waits = 0;
        loop {
            match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(rustix::io::Errno::WOULDBLOCK) => {
                    let holder = living_holder(&mut file);
                    if holder.is_none() && waits < WAITS_FOR_NAME {
                        waits += 1;
                        std::thread::sleep(WAIT_FOR_NAME);
                        continue;
                    }
                    let holder = holder.unwrap_or_else(|| "another process".to_owned());
                    return Err(LogError::Held { path, holder });
                }
                Err(error) => return Err(std::io::Error::from(error)).at("lock", &path),
            }
        }
        // What the file says is a hint for people; it need not be durable.
        file.set_len(0).at("empty", &path)?;
        file.rewind().at("write", &path)?;
        writeln!(file, "process {}", std::process::id()).at("write", &path)?;
        Ok(Self { file })
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

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let directory = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::acquire(directory.path()).unwrap();
        let LogError::Held { holder, .. } = DirectoryLock::acquire(directory.path()).unwrap_err() else {
            panic!("the second lock was not refused as held");
        };
        assert_eq!(holder, format!("process {}", std::process::id()));
        drop(lock);
        DirectoryLock::acquire(directory.path()).unwrap();
    }

    #[test]
    fn a_program_that_is_being_started_holds_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::acquire(directory.path()).unwrap();
        let of_program = lock.file.try_clone().unwrap();
        drop(lock);
        DirectoryLock::acquire(directory.path()).unwrap();
        drop(of_program);
    }
}
