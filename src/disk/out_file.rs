//! A whole file put under its name at once, for whoever a file is handed to.
//!
//! It lies aside, in the same directory, until it is whole and durable. This module must never write into a file
//! that it did not make, nor let a name lead to a part of a file.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Disk, DiskFile};

/// What happens to a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and placing the new one fails with `AlreadyExists`.
    Kept,
    /// The new one takes its place.
    Replaced,
}

/// A file on its way to a name. Dropped before [`OutFile::place`], it takes what lies aside away.
#[derive(Debug)]
pub struct OutFile<'disk> {
    disk: &'disk dyn Disk,
    path: PathBuf,
    aside: PathBuf,
    placed: bool,
}

/// Tells apart what one process has under way.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl<'disk> OutFile<'disk> {
    /// Makes an empty file beside `path`, hidden: `.jejak-<process>-<number>.aside`. With `private` nobody but its
    /// owner may read it, neither then nor under its name.
    ///
    /// # Errors
    /// The operating system's.
    pub fn create(
        disk: &'disk dyn Disk,
        path: &Path,
        private: bool,
    ) -> io::Result<(Self, Box<dyn DiskFile>)> {
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let aside = path.with_file_name(format!(".jejak-{}-{number}.aside", std::process::id()));
            match disk.create_new(&aside, private) {
                // Left by a process of the same number that was cut short.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => {
                    // Crash from here on: the file aside, which nobody takes for the one it would have become.
                    return Ok((Self { disk, path: path.to_owned(), aside, placed: false }, made?));
                }
            }
        }
    }

    /// Where it lies until it has its name.
    #[must_use]
    pub fn aside(&self) -> &Path {
        &self.aside
    }

    /// Gives the file its name, durably; its content must have been synced.
    ///
    /// # Errors
    /// `AlreadyExists` where `existing` is kept, and nothing was changed. Otherwise the operating system's; then the
    /// name leads to what it led to before, or to the whole file.
    pub fn place(mut self, existing: Existing) -> io::Result<()> {
        match existing {
            Existing::Kept => self.disk.rename_new(&self.aside, &self.path)?,
            Existing::Replaced => self.disk.rename(&self.aside, &self.path)?,
        }
        self.placed = true;
        // Crash here: what had the name before, or the whole file.
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        self.disk.sync_directory(directory.unwrap_or(Path::new(".")))
    }
}

impl Drop for OutFile<'_> {
    fn drop(&mut self) {
        if !self.placed {
            // What cannot be removed lies hidden, and stands for nothing.
            let _ = self.disk.remove(&self.aside);
        }
    }
}

/// Writes a whole file, durably.
///
/// Crash in it, or an error: what had the name before, or the whole file; perhaps also a hidden one aside.
///
/// # Errors
/// As [`OutFile::place`].
pub fn write_out(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    private: bool,
    existing: Existing,
) -> io::Result<()> {
    let (out, mut file) = OutFile::create(disk, path, private)?;
    file.write_at(0, bytes)?;
    file.sync()?;
    drop(file);
    out.place(existing)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::disk::RealDisk;
    use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};

    const PLACE: &str = "/out/file";

    #[test]
    fn a_name_leads_to_the_old_file_or_to_the_whole_new_one() {
        let before = SimulatedDisk::default();
        before.create_directory(Path::new("/out")).unwrap();
        for old in [None, Some(&b"old"[..])] {
            if let Some(old) = old {
                before.put(Path::new(PLACE), old);
            }
            for existing in [Existing::Kept, Existing::Replaced] {
                let rehearsal = before.fork();
                let done = write_out(&rehearsal, Path::new(PLACE), b"the new one", false, existing);
                let is_refused = existing == Existing::Kept && old.is_some();
                assert_eq!(
                    done.err().map(|error| error.kind() == ErrorKind::AlreadyExists),
                    is_refused.then_some(true)
                );
                for operation in 0..rehearsal.faults().count() {
                    for kind in FaultKind::ALL {
                        let disk = before.fork();
                        disk.faults().plan(Some(Fault { operation, kind }));
                        let done = write_out(&disk, Path::new(PLACE), b"the new one", false, existing);
                        for seed in 0..4 {
                            let found = disk.crash(seed).read(Path::new(PLACE)).ok();
                            let is_new = found.as_deref() == Some(b"the new one");
                            assert!(is_new || found.as_deref() == old, "{kind:?} at {operation}: {found:?}");
                            assert!(!(is_new && is_refused), "{kind:?} at {operation}: replaced");
                            assert!(done.is_err() || is_new, "{kind:?} at {operation}: told as written");
                        }
                    }
                }
            }
        }
    }

    /// Both ways of keeping a file that is there, and nothing left aside of any.
    #[test]
    fn what_is_there_is_kept_or_replaced_as_asked_and_a_private_file_is_its_owners() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out");
        let write = |bytes, private, existing| write_out(&RealDisk, &path, bytes, private, existing);
        write(b"first", true, Existing::Kept).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write(b"second", false, Existing::Kept).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        // Another name of the same file keeps what it led to: nothing is written into.
        let other = directory.path().join("other");
        std::fs::hard_link(&path, &other).unwrap();
        write(b"third", true, Existing::Replaced).unwrap();
        assert_eq!(
            (std::fs::read(&path).unwrap(), std::fs::read(&other).unwrap()),
            (b"third".to_vec(), b"first".to_vec())
        );
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        // A link is a name that is taken, also one that leads nowhere.
        let link = directory.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let refused = write_out(&RealDisk, &link, b"x", false, Existing::Kept).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(RealDisk.list(directory.path()).unwrap(), ["link", "other", "out"]);
    }
}
