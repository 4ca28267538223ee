//! A place for a log in memory, for tests: it can be told to conflict, to answer that it does not know, to lag, and to
//! break off, and any number of writers may open it.
//!
//! What is in it lasts as long as somebody holds the place. Must never be where anything is kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use jejak_events::tree::Hash;

use super::backend::{
    Backend, BackendHead, BackendOpener, BackendReader, Chunk, NewAnchor, NewCommit, Swap, Tip, WriterSides,
};
use super::error::{LogError, Place};
use super::frames::frame_length;
use super::local::store::StoreError;
use super::tiles::tile_hashes;

/// What one operation of a writer is told to do instead of what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryFault {
    /// A change is not made, and a conflict is answered.
    Conflict,
    /// A change is made or not, and nobody is told.
    Unknown {
        /// Whether it is made.
        done: bool,
    },
    /// As `Unknown`, and this writer never hears of the place again: its process or its line has ended.
    BreaksOff {
        /// Whether it is made.
        done: bool,
    },
}

/// Something that happens between two operations of a writer.
struct Meanwhile(Box<dyn FnOnce() + Send>);

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meanwhile")
    }
}

#[derive(Debug, Default)]
struct MemoryLog {
    commits: Vec<Chunk>,
    vault: Vec<u8>,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    checkpoint: Option<(u64, String)>,
    anchored: Option<Tip>,
    tip: Option<Tip>,
    /// Operations of all writers so far.
    operations: u64,
    faults: BTreeMap<u64, MemoryFault>,
    before_head: Option<Meanwhile>,
}

impl MemoryLog {
    fn head(&self) -> BackendHead {
        BackendHead {
            tip: self.tip.unwrap_or_else(Tip::empty),
            vault_length: self.vault.len() as u64,
            anchored: self.anchored.unwrap_or_else(Tip::empty),
            signed: self.checkpoint.as_ref().map(|(size, _)| *size),
        }
    }

    /// The same content, told nothing.
    fn copy(&self) -> Self {
        Self {
            commits: self.commits.clone(),
            vault: self.vault.clone(),
            tiles: self.tiles.clone(),
            checkpoint: self.checkpoint.clone(),
            anchored: self.anchored,
            tip: self.tip,
            ..Self::default()
        }
    }

    /// Counts an operation, and says what it is told to do.
    fn step(&mut self) -> Option<MemoryFault> {
        let operation = self.operations;
        self.operations += 1;
        self.faults.remove(&operation)
    }
}

/// The place. A copy is the same place.
#[derive(Clone, Debug, Default)]
pub struct MemoryPlace {
    held: Arc<Mutex<MemoryLog>>,
    /// Commits at the end that readers of this copy do not see yet.
    hidden: Arc<AtomicUsize>,
}

impl MemoryPlace {
    fn held(&self) -> MutexGuard<'_, MemoryLog> {
        // Whoever panicked while holding it left it whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of operations that writers have begun: head, append, anchor, checkpoint.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.held().operations
    }

    /// Tells the operation of a number to fail.
    pub fn plan(&self, operation: u64, fault: MemoryFault) {
        self.held().faults.insert(operation, fault);
    }

    /// Tells the next operation to fail.
    pub fn plan_next(&self, fault: MemoryFault) {
        let mut held = self.held();
        let operation = held.operations;
        held.faults.insert(operation, fault);
    }

    /// Has something happen when a writer asks for the head the next time, before it is answered.
    pub fn before_head(&self, meanwhile: impl FnOnce() + Send + 'static) {
        self.held().before_head = Some(Meanwhile(Box::new(meanwhile)));
    }

    /// Another place that holds the same, and is told nothing.
    #[must_use]
    pub fn fork(&self) -> Self {
        let copy = self.held().copy();
        Self { held: Arc::new(Mutex::new(copy)), hidden: Arc::default() }
    }

    /// Puts what another place holds in the place of what this one does.
    pub fn become_like(&self, other: &Self) {
        let copy = other.held().copy();
        *self.held() = copy;
    }

    /// Has the place say something that it does not hold.
    #[cfg(test)]
    pub(crate) fn alter(&self, alter: impl FnOnce(&mut BackendHead)) {
        let mut held = self.held();
        let mut head = held.head();
        alter(&mut head);
        held.tip = Some(head.tip);
        held.anchored = Some(head.anchored);
        if let (Some(size), Some((_, note))) = (head.signed, held.checkpoint.take()) {
            held.checkpoint = Some((size, note));
        }
    }

    /// Has the place hold a checkpoint that nobody stored.
    #[cfg(test)]
    pub(super) fn store_note(&self, note: &str) {
        let mut held = self.held();
        let size = held.head().tip.size;
        held.checkpoint = Some((size, note.to_owned()));
    }

    /// The same place, seen by readers so many commits late.
    #[must_use]
    pub fn lagging(&self, commits: usize) -> Self {
        Self { held: Arc::clone(&self.held), hidden: Arc::new(AtomicUsize::new(commits)) }
    }

    /// How late readers of this copy are from now on.
    pub fn lag(&self, commits: usize) {
        self.hidden.store(commits, Ordering::SeqCst);
    }

    /// What the place holds, for whoever compares.
    #[must_use]
    pub fn head(&self) -> BackendHead {
        self.held().head()
    }
}

impl BackendOpener for MemoryPlace {
    fn writer(&self) -> Result<WriterSides, LogError> {
        let place = self.lagging(0);
        Ok((Box::new(MemoryBackend { place: place.clone(), has_ended: false }), Arc::new(place)))
    }

    fn reader(&self) -> Result<Arc<dyn BackendReader>, LogError> {
        Ok(Arc::new(self.clone()))
    }
}

/// One writer's hold of the place.
#[derive(Debug)]
struct MemoryBackend {
    place: MemoryPlace,
    has_ended: bool,
}

fn broken_off() -> LogError {
    // EIO.
    let source = io::Error::from_raw_os_error(5);
    StoreError::Machine { operation: "reach the place of the log", source }.into()
}

impl MemoryBackend {
    /// Makes a change where `holds` says that the place is as the writer believes, or does what it is told.
    fn swap(
        &mut self,
        holds: impl FnOnce(&MemoryLog) -> bool,
        change: impl FnOnce(&mut MemoryLog),
    ) -> Result<Swap, LogError> {
        if self.has_ended {
            return Err(broken_off());
        }
        let mut held = self.place.held();
        let fault = held.step();
        if fault == Some(MemoryFault::Conflict) {
            return Ok(Swap::Conflict);
        }
        let (is_lost, done) = match fault {
            Some(MemoryFault::Unknown { done }) => (true, done),
            Some(MemoryFault::BreaksOff { done }) => {
                self.has_ended = true;
                (true, done)
            }
            _ => (false, true),
        };
        let holds = holds(&held);
        if holds && done {
            change(&mut held);
        }
        match (is_lost, holds) {
            (true, _) => Ok(Swap::Unknown(broken_off())),
            (false, true) => Ok(Swap::Committed),
            (false, false) => Ok(Swap::Conflict),
        }
    }
}

impl Backend for MemoryBackend {
    fn head(&mut self) -> Result<BackendHead, LogError> {
        if self.has_ended {
            return Err(broken_off());
        }
        let meanwhile = self.place.held().before_head.take();
        if let Some(Meanwhile(happens)) = meanwhile {
            happens();
        }
        let mut held = self.place.held();
        match held.step() {
            None => Ok(held.head()),
            Some(fault) => {
                self.has_ended = matches!(fault, MemoryFault::BreaksOff { .. });
                Err(broken_off())
            }
        }
    }

    fn append(&mut self, commit: NewCommit<'_>) -> Result<Swap, LogError> {
        let (first, count) = (commit.at.size, commit.to.size - commit.at.size);
        self.swap(
            |held| {
                let head = held.head();
                head.tip == commit.at && head.vault_length == commit.vault_offset
            },
            |held| {
                held.commits.push(Chunk { first, count, bytes: commit.text.clone() });
                held.vault.extend_from_slice(commit.vault_frames);
                for tile in commit.tiles {
                    held.tiles.insert((tile.level, tile.number), tile.bytes.clone());
                }
                held.tip = Some(commit.to);
            },
        )
    }

    fn anchor(&mut self, anchor: NewAnchor<'_>) -> Result<Swap, LogError> {
        self.swap(|held| held.head().anchored == anchor.from, |held| held.anchored = Some(anchor.to))
    }

    fn store_checkpoint(&mut self, from: Option<u64>, size: u64, note: &str) -> Result<Swap, LogError> {
        self.swap(|held| held.head().signed == from, |held| held.checkpoint = Some((size, note.to_owned())))
    }
}

impl BackendReader for MemoryPlace {
    fn commits(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError> {
        let mut at = {
            let held = self.held();
            held.commits.partition_point(|commit| commit.end().is_some_and(|end| end <= from))
        };
        loop {
            // The visitor may ask for more: it runs without the lock.
            let commit = {
                let held = self.held();
                let shown = held.commits.len().saturating_sub(self.hidden.load(Ordering::SeqCst));
                held.commits.get(..shown).and_then(|shown| shown.get(at)).cloned()
            };
            if !commit.is_some_and(&mut *visit) {
                return Ok(());
            }
            at += 1;
        }
    }

    fn read_vault(&self, offset: u64, buffer: &mut [u8]) -> Result<(), LogError> {
        let held = self.held();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = held.vault.get(from..).and_then(|rest| rest.get(..buffer.len())).ok_or_else(|| {
            let place = Place::Vault { from: offset, to: offset + buffer.len() as u64 };
            LogError::damaged(place, "the vault ends before")
        })?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    fn vault_frame(&self, offset: u64) -> Result<Vec<u8>, LogError> {
        let held = self.held();
        let rest = usize::try_from(offset).ok().and_then(|from| held.vault.get(from..)).unwrap_or_default();
        let frame = frame_length(rest).and_then(|length| rest.get(..length));
        frame.map(<[u8]>::to_vec).ok_or_else(|| {
            LogError::damaged(Place::Vault { from: offset, to: offset + 1 }, "no sound frame starts here")
        })
    }

    fn checkpoint(&self) -> Result<Option<String>, LogError> {
        Ok(self.held().checkpoint.as_ref().map(|(_, note)| note.clone()))
    }

    fn leaf_tile(&self, number: u64) -> Option<Vec<Hash>> {
        tile_hashes(self.held().tiles.get(&(0, number))?)
    }
}
