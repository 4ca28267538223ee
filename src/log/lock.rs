//! One process at a time: a lock on the data directory.
//!
//! The operating system lets go of the lock when the process ends, however it ends, so a lock file that
//! is merely there means nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{At as _, LogError};

/// Holds a data directory until dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
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
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                let said = file.read_to_string(&mut holder).is_ok();
                let holder = holder.trim();
                let holder =
                    if said && !holder.is_empty() { holder.to_owned() } else { "another process".to_owned() };
                return Err(LogError::Held { path, holder });
            }
            Err(error) => return Err(std::io::Error::from(error)).at("lock", &path),
        }
        // What the file says is a hint for people; it need not be durable.
        file.set_len(0).at("empty", &path)?;
        file.rewind().at("write", &path)?;
        writeln!(file, "process {}", std::process::id()).at("write", &path)?;
        Ok(Self { _file: file })
    }
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
}
