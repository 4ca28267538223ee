//! Bugs planted on purpose, to show that the harnesses can fail and which of them does: a registry that
//! acknowledges before its journal is synced.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jejak::disk::{Disk, DiskFile};
use serde::{Deserialize, Serialize};

/// What is wrong under the registry, most of it with the sync of journal files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Planted {
    /// It says yes and does nothing.
    NeverSynced,
    /// It says yes at once and is made up for before the next write: every commit is acknowledged
    /// before its sync.
    SyncedLate,
    /// Not a bug: another program takes the space after the floor was looked at.
    FreeSpaceUnseen,
}

/// A disk with something planted.
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
        if !in_journal || self.planted == Planted::FreeSpaceUnseen {
            return Ok(inner);
        }
        Ok(Box::new(PlantedFile { inner, planted: self.planted, owed: false }))
    }

    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.inner.open_existing(path)
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
        match self.planted {
            Planted::FreeSpaceUnseen => Ok(1 << 40),
            Planted::NeverSynced | Planted::SyncedLate => self.inner.free_bytes(directory),
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jejak::disk::sim::{Fault, FaultKind};

    use super::super::world::{Seen, World, script, verify};
    use super::super::writer::Task;
    use super::super::{kill, power, seed, share};
    use super::Planted::{NeverSynced, SyncedLate};

    #[test]
    fn kills_do_not_catch_it() {
        for planted in [NeverSynced, SyncedLate] {
            let kills = share(4, 20);
            let counts =
                kill::run(kills, 10, seed("planted, kills"), |task| Task { planted: Some(planted), ..task });
            println!(
                "{planted:?}: kills: {kills}, acknowledged: {}, lost: {}",
                counts.acknowledged, counts.lost
            );
            assert_eq!(
                counts.lost, 0,
                "kills keep the page cache, so this harness cannot see it: what changed?"
            );
        }
    }

    #[test]
    fn power_cuts_catch_it() {
        for planted in [NeverSynced, SyncedLate] {
            let cuts = share(3, 10);
            // No anchor in between: it would make the store durable, from which the journal heals.
            let (counts, wrong) = power::run(cuts, seed("planted, power cuts"), 60_000, Some(planted));
            let lost: u64 = wrong.iter().map(|report| report.lost).sum();
            println!(
                "{planted:?}: power cuts: {cuts}, caught: {}, acknowledged: {}, found lost: {lost}",
                counts.cuts_with_loss, counts.acknowledged
            );
            assert!(counts.cuts_with_loss > 0, "the power-cut harness cannot fail: {counts:?}");
        }
    }

    #[test]
    fn the_simulated_disk_catches_it_at_a_power_cut_and_not_at_a_kill() {
        for planted in [NeverSynced, SyncedLate] {
            let mut caught = BTreeSet::new();
            let mut operation = 0;
            loop {
                let world = World::new(Some(Fault { operation, kind: FaultKind::PowerCut }), Some(planted));
                let mut seen = Seen::default();
                if script(&world, &mut seen).is_ok() {
                    break;
                }
                verify(&world.fork(), &seen).unwrap();
                if let Err(what) = verify(&world.crash(0), &seen) {
                    assert!(what.contains("acknowledged") || what.contains("does not open"), "{what}");
                    caught.insert(operation);
                }
                operation += 1;
            }
            println!(
                "{planted:?}: power cuts: {operation}, caught: {}; kills: {operation}, caught: 0",
                caught.len()
            );
            assert!(!caught.is_empty(), "the simulated disk cannot fail");
        }
    }
}
