//! A store whose medium may forget what was not synced: a [`MemoryStore`] over a list of batches that
//! outlives it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use jejak::disk::sim::{FaultKind, Faults, fault_error};
use jejak::log::StoreOpener;
use jejak::log::local::store::{Batch, Chunk, MemoryStore, Store, StoreError, Table};

/// What the store's files hold.
#[derive(Clone, Debug, Default)]
struct Medium {
    batches: Vec<Batch>,
    /// Batches that survive a power cut for certain.
    synced: usize,
}

/// Opens stores on one medium.
#[derive(Clone, Debug)]
pub struct SimulatedOpener {
    medium: Arc<Mutex<Medium>>,
    faults: Faults,
}

#[derive(Debug)]
struct SimulatedStore {
    medium: Arc<Mutex<Medium>>,
    faults: Faults,
    inner: MemoryStore,
}

impl SimulatedOpener {
    /// An empty medium.
    pub fn new(faults: Faults) -> Self {
        Self { medium: Arc::default(), faults }
    }

    fn medium(&self) -> MutexGuard<'_, Medium> {
        self.medium.lock().unwrap()
    }

    /// The same content on a medium of its own.
    pub fn fork(&self, faults: &Faults) -> Self {
        let medium = self.medium().clone();
        Self { medium: Arc::new(Mutex::new(medium)), faults: faults.clone() }
    }

    /// After a power cut: the synced batches and, of the others, a prefix that the seed picks: none for
    /// seed 0, all for seed 1.
    pub fn crash(&self, seed: u64, faults: &Faults) -> Self {
        let crashed = self.fork(faults);
        {
            let mut medium = crashed.medium();
            let unsynced = medium.batches.len() - medium.synced;
            let kept = match seed {
                0 => 0,
                1 => unsynced,
                _ => usize::try_from(seed.wrapping_mul(0x9E37_79B9) >> 7).unwrap() % (unsynced + 1),
            };
            medium.synced += kept;
            let length = medium.synced;
            medium.batches.truncate(length);
        }
        crashed
    }

    fn store(&self, medium: Arc<Mutex<Medium>>) -> Result<Arc<dyn Store>, StoreError> {
        let inner = MemoryStore::new();
        for batch in &medium.lock().unwrap().batches {
            inner.commit(batch)?;
        }
        Ok(Arc::new(SimulatedStore { medium, faults: self.faults.clone(), inner }))
    }
}

fn machine(operation: &'static str, source: std::io::Error) -> StoreError {
    StoreError::Machine { operation, source }
}

impl StoreOpener for SimulatedOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.store(Arc::clone(&self.medium))
    }

    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        let copy = self.medium().clone();
        self.store(Arc::new(Mutex::new(copy)))
    }

    fn set_aside(&self, _to: &Path) -> Result<(), StoreError> {
        match self.faults.step() {
            Ok(None) => {
                *self.medium() = Medium::default();
                Ok(())
            }
            Ok(Some(kind)) => Err(machine("be set aside", fault_error(kind))),
            Err(source) => Err(machine("be set aside", source)),
        }
    }
}

impl Store for SimulatedStore {
    fn tip(&self) -> Result<u64, StoreError> {
        self.inner.tip()
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let unknown = |source| StoreError::OutcomeUnknown { at: batch.at, source };
        let kind = self.faults.step().map_err(unknown)?;
        if !matches!(kind, Some(FaultKind::NotDone | FaultKind::Short | FaultKind::Full)) {
            self.inner.commit(batch)?;
            self.medium.lock().unwrap().batches.push(batch.clone());
        }
        match kind {
            None | Some(FaultKind::LyingSync) => Ok(()),
            Some(kind) => Err(unknown(fault_error(kind))),
        }
    }

    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError> {
        self.inner.chunk_at(position)
    }

    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError> {
        self.inner.scan(from, visit)
    }

    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(table, key)
    }

    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        self.inner.scan_table(table, from, visit)
    }

    fn sync(&self) -> Result<(), StoreError> {
        let kind = self.faults.step().map_err(|source| machine("sync", source))?;
        if matches!(kind, None | Some(FaultKind::Done)) {
            let mut medium = self.medium.lock().unwrap();
            medium.synced = medium.batches.len();
        }
        kind.map_or(Ok(()), |kind| Err(machine("sync", fault_error(kind))))
    }
}
