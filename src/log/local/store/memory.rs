//! A store in memory, for tests and for registries that live as long as a test.
//!
//! It must never differ from the sled store in anything the trait promises; both pass the same
//! conformance suite. Nothing in it outlives the process: `sync` has nothing to do.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::{Batch, Chunk, Store, StoreError, Table};

/// Chunks and tables in ordered maps behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    tip: u64,
    chunks: BTreeMap<u64, Chunk>,
    values: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
}

impl State {
    fn chunk_at(&self, position: u64) -> Option<Chunk> {
        if position >= self.tip {
            return None;
        }
        self.chunks.range(..=position).next_back().map(|(_, chunk)| chunk.clone())
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    // A panicking holder cannot leave the state half changed: every step after the checks of
    // `commit` is infallible.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn tip(&self) -> Result<u64, StoreError> {
        Ok(self.read().tip)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let end = batch.end()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if batch.at != state.tip {
            return Err(StoreError::Conflict { expected: batch.at, tip: state.tip });
        }
        for chunk in &batch.chunks {
            state.chunks.insert(chunk.first, chunk.clone());
        }
        for (table, key, value) in &batch.puts {
            state.values.insert((*table, key.clone()), value.clone());
        }
        state.tip = end;
        Ok(())
    }

    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError> {
        Ok(self.read().chunk_at(position))
    }

    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError> {
        // The lock is taken per chunk, so that `visit` may call the store and commits go on meanwhile;
        // what they add after the start is not part of this scan.
        let tip = self.read().tip;
        let mut position = from;
        while position < tip {
            let Some(chunk) = self.read().chunk_at(position) else { break };
            position = chunk.first + chunk.count;
            if !visit(chunk) {
                break;
            }
        }
        Ok(())
    }

    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read().values.get(&(table, key.to_vec())).cloned())
    }

    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        use std::ops::Bound;
        let mut start = Bound::Included((table, from.to_vec()));
        loop {
            let next = {
                let state = self.read();
                let mut range = state.values.range((start, Bound::Unbounded));
                range.next().map(|((found, key), value)| (*found, key.clone(), value.clone()))
            };
            match next {
                Some((found, key, value)) if found == table => {
                    if !visit(&key, &value) {
                        return Ok(());
                    }
                    start = Bound::Excluded((table, key));
                }
                _ => return Ok(()),
            }
        }
    }

    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
