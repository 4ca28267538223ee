//! Bugs planted on purpose, to show that the harnesses can fail and which of them does: a registry that
//! acknowledges before its journal is synced.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jejak::disk::{Disk, DiskFile};
use serde::{Deserialize, Serialize};

/// What is wrong with the sync of journal files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Planted {
    /// It says yes and does nothing.
    NeverSynced,
    /// It says yes at once and is made up for before the next write: every commit is acknowledged
    /// before its sync.
    SyncedLate,
}

/// A disk whose files under `journal/` have a planted sync.
#[derive(Debug)]
pub struct PlantedDisk {
    inner: Arc<dyn Disk>,
    planted: Planted,
}

#[derive(Debug)]
struct PlantedFile {
    inner: Box<dyn DiskFile>,
    planted: Planted,
    owed: bool,
}

impl PlantedDisk {
    /// Puts the fault over a disk.
    pub fn new(inner: Arc<dyn Disk>, planted: Planted) -> Self {
        Self { inner, planted }
    }
}

impl Disk for PlantedDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inner.read(path)
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        self.inner.length(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.inner.list(directory)
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        self.inner.create_directory(directory)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let inner = self.inner.open(path)?;
        let in_journal = path.parent().and_then(Path::file_name).is_some_and(|name| name == "journal");
        if !in_journal {
            return Ok(inner);
        }
        Ok(Box::new(PlantedFile { inner, planted: self.planted, owed: false }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.inner.remove(path)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.inner.sync_directory(directory)
    }

    fn free_bytes(&self, directory: &Path) -> io::Result<u64> {
        self.inner.free_bytes(directory)
    }
}

impl DiskFile for PlantedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.inner.read_at(offset, buffer)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if std::mem::take(&mut self.owed) {
            self.inner.sync()?;
        }
        self.inner.write_at(offset, bytes)
    }

    fn set_length(&mut self, length_bytes: u64) -> io::Result<()> {
        self.inner.set_length(length_bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.owed = self.planted == Planted::SyncedLate;
        Ok(())
    }
}
