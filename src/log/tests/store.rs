//! A store in memory whose medium may forget what was not synced, and an opener for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::disk::sim::{FaultKind, Faults, fault_error};
use crate::log::StoreOpener;
use crate::log::local::store::{Batch, Chunk, Store, StoreError, Table};

/// What the store's files hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Medium {
    pub(super) batches: Vec<Batch>,
    /// Batches that survive a crash for certain.
    synced: usize,
    /// Opening fails as a damaged sled does, and destroys the last batch when done in place.
    pub(super) unopenable: bool,
    /// Opening in place destroys the last batch and says nothing, as sled may.
    pub(super) shortens_in_place: bool,
    /// Neither the store nor a copy can be opened, because the disk is full.
    pub(super) disk_is_full: bool,
    /// Keys whose values no longer match their checksums.
    pub(super) damaged_keys: BTreeSet<(Table, Vec<u8>)>,
    /// Chunks that an open store no longer finds, or finds altered.
    pub(super) wrong_chunks: BTreeMap<u64, Option<Chunk>>,
    /// How many stores were set aside.
    pub(super) set_aside: usize,
}

/// Opens stores on one medium.
#[derive(Clone, Debug)]
pub(super) struct SimOpener {
    pub(super) medium: Arc<Mutex<Medium>>,
    faults: Faults,
}

#[derive(Debug)]
struct SimStore {
    medium: Arc<Mutex<Medium>>,
    faults: Faults,
    index: Mutex<Index>,
}

#[derive(Debug, Default)]
struct Index {
    chunks: BTreeMap<u64, Chunk>,
    values: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    tip: u64,
}

impl Index {
    fn add(&mut self, batch: &Batch) {
        for chunk in &batch.chunks {
            self.tip = chunk.first + chunk.count;
            self.chunks.insert(chunk.first, chunk.clone());
        }
        for (table, key, value) in &batch.puts {
            self.values.insert((*table, key.clone()), value.clone());
        }
    }
}

impl SimOpener {
    pub(super) fn new(faults: Faults) -> Self {
        Self { medium: Arc::default(), faults }
    }

    pub(super) fn medium(&self) -> MutexGuard<'_, Medium> {
        self.medium.lock().unwrap()
    }

    /// The same content, on its own, under other faults.
    pub(super) fn fork(&self, faults: &Faults) -> Self {
        let medium = self.medium().clone();
        Self { medium: Arc::new(Mutex::new(medium)), faults: faults.clone() }
    }

    /// After a power cut: the synced batches, and with them a prefix of the others that the seed picks.
    pub(super) fn crash(&self, seed: u64, faults: &Faults) -> Self {
        let opener = self.fork(faults);
        {
            let mut medium = opener.medium();
            let unsynced = medium.batches.len() - medium.synced;
            let kept = match seed {
                0 => 0,
                1 => unsynced,
                _ => usize::try_from(seed.wrapping_mul(0x9E37_79B9) >> 7).unwrap() % (unsynced + 1),
            };
            let length = medium.synced + kept;
            medium.batches.truncate(length);
            medium.synced = length;
        }
        opener
    }

    fn refuse_if_full(&self) -> Result<(), StoreError> {
        if self.medium().disk_is_full {
            return Err(machine("use its sled directory", fault_error(FaultKind::Full)));
        }
        Ok(())
    }

    fn store(&self, medium: Arc<Mutex<Medium>>) -> Arc<dyn Store> {
        let mut index = Index::default();
        for batch in &medium.lock().unwrap().batches {
            index.add(batch);
        }
        Arc::new(SimStore { medium, faults: self.faults.clone(), index: Mutex::new(index) })
    }
}

fn unopenable() -> StoreError {
    StoreError::Damaged { place: "the simulated file".to_owned(), reason: "it panicked".to_owned() }
}

impl StoreOpener for SimOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.refuse_if_full()?;
        if self.medium().unopenable {
            self.medium().batches.pop();
            return Err(unopenable());
        }
        if self.medium().shortens_in_place {
            self.medium().batches.pop();
        }
        Ok(self.store(Arc::clone(&self.medium)))
    }

    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.refuse_if_full()?;
        if self.medium().unopenable {
            return Err(unopenable());
        }
        let copy = self.medium().clone();
        Ok(self.store(Arc::new(Mutex::new(copy))))
    }

    fn discard_copy(&self) -> Result<(), StoreError> {
        assert_eq!(Arc::strong_count(&self.medium), 1, "a store is still open");
        Ok(())
    }

    fn set_aside(&self, _to: &Path) -> Result<(), StoreError> {
        let kind = self.faults.step().map_err(|source| machine("set its sled directory aside", source))?;
        if let Some(kind) = kind {
            return Err(machine("set its sled directory aside", fault_error(kind)));
        }
        let mut medium = self.medium();
        assert_eq!(Arc::strong_count(&self.medium), 1, "set aside while it is open");
        *medium = Medium { set_aside: medium.set_aside + 1, ..Medium::default() };
        Ok(())
    }
}

fn machine(operation: &'static str, source: std::io::Error) -> StoreError {
    StoreError::Machine { operation, source }
}

impl SimStore {
    /// A chunk as it is read by now.
    fn now(&self, chunk: &Chunk) -> Option<Chunk> {
        let medium = self.medium.lock().unwrap();
        medium.wrong_chunks.get(&chunk.first).cloned().unwrap_or_else(|| Some(chunk.clone()))
    }
}

impl Store for SimStore {
    fn tip(&self) -> Result<u64, StoreError> {
        Ok(self.index.lock().unwrap().tip)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let unknown = |source| StoreError::OutcomeUnknown { at: batch.at, source };
        let kind = self.faults.step().map_err(unknown)?;
        let mut index = self.index.lock().unwrap();
        if batch.at != index.tip {
            return Err(StoreError::Conflict { expected: batch.at, tip: index.tip });
        }
        let mut expected = batch.at;
        for chunk in &batch.chunks {
            assert!(chunk.first == expected && chunk.count > 0, "chunks are not dense");
            expected += chunk.count;
        }
        let done = !matches!(kind, Some(FaultKind::NotDone | FaultKind::Short | FaultKind::Full));
        if done {
            index.add(batch);
            self.medium.lock().unwrap().batches.push(batch.clone());
        }
        match kind {
            None | Some(FaultKind::LyingSync) => Ok(()),
            Some(kind) => Err(unknown(fault_error(kind))),
        }
    }

    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError> {
        let index = self.index.lock().unwrap();
        let found = index.chunks.range(..=position).next_back().and_then(|(_, chunk)| self.now(chunk));
        Ok(found.filter(|chunk| position < chunk.first + chunk.count))
    }

    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError> {
        let index = self.index.lock().unwrap();
        let start = index.chunks.range(..=from).next_back().map_or(from, |(first, _)| *first);
        for (_, chunk) in index.chunks.range(start..) {
            let Some(chunk) = self.now(chunk) else { continue };
            if chunk.first + chunk.count > from && !visit(chunk) {
                break;
            }
        }
        Ok(())
    }

    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if self.medium.lock().unwrap().damaged_keys.contains(&(table, key.to_vec())) {
            let reason = "the value does not match its checksum".to_owned();
            return Err(StoreError::Damaged { place: format!("{table:?} {key:?}"), reason });
        }
        Ok(self.index.lock().unwrap().values.get(&(table, key.to_vec())).cloned())
    }

    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let index = self.index.lock().unwrap();
        for ((other, key), value) in index.values.range((table, from.to_vec())..) {
            if *other != table || !visit(key, value) {
                break;
            }
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        let kind = self.faults.step().map_err(|source| machine("sync", source))?;
        let mut medium = self.medium.lock().unwrap();
        match kind {
            None => medium.synced = medium.batches.len(),
            Some(FaultKind::Done) => {
                medium.synced = medium.batches.len();
                return Err(machine("sync", fault_error(FaultKind::Done)));
            }
            Some(kind) => return Err(machine("sync", fault_error(kind))),
        }
        Ok(())
    }
}
