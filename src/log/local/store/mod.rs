//! The second copy of the log, as bytes under positions and keys.
//!
//! A store must never know what an event is: it keeps chunks of opaque bytes at dense positions and
//! small values under keys, and puts both down in one atomic step. Append is compare-and-set on the
//! tip, so that a replicated backend can take its place.

use std::{fmt, io};

mod guarded;
mod memory;
mod packed;
mod quiet;
mod sled;

#[doc(hidden)]
pub mod conformance;

pub use guarded::SledLocation;
pub use memory::MemoryStore;
pub use sled::{SledStore, StoreCheck};

pub use crate::log::backend::Chunk;

/// The named key spaces beside the chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Full hash tiles of the tree.
    Tiles,
    /// Encrypted vault frames by their offset.
    Vault,
}

/// What one commit writes, all or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The tip this batch was made for: the first position it adds.
    pub at: u64,
    /// The chunks, dense from `at` on.
    pub chunks: Vec<Chunk>,
    /// Values to put, each under its key.
    pub puts: Vec<(Table, Vec<u8>, Vec<u8>)>,
}

impl Batch {
    /// Position one past the last chunk.
    ///
    /// # Errors
    /// [`StoreError::Machine`] of kind `InvalidInput` when the chunks are not dense from `at` on; that
    /// is a mistake of the caller, found before anything is written.
    fn end(&self) -> Result<u64, StoreError> {
        let mut expected = self.at;
        for chunk in &self.chunks {
            let end = chunk.end().filter(|_| chunk.first == expected && u32::try_from(chunk.count).is_ok());
            let Some(end) = end else {
                let reason = format!(
                    "the chunk of {} positions from {} does not continue the batch at {expected}; \
                     chunks must be dense, with 1 to {} positions each",
                    chunk.count,
                    chunk.first,
                    u32::MAX
                );
                let source = std::io::Error::new(std::io::ErrorKind::InvalidInput, reason);
                return Err(StoreError::Machine { operation: "accept the batch", source });
            };
            expected = end;
        }
        Ok(expected)
    }
}

/// A failure of the store; never a matter of rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first, or the caller's tip is stale. Nothing was written.
    #[error("the store holds {tip} positions, the batch was made for {expected}; reopen the registry")]
    Conflict {
        /// The position the batch starts at.
        expected: u64,
        /// The store's own tip.
        tip: u64,
    },
    /// A chunk or key that cannot be read or does not fit its place.
    #[error("the store is damaged at {place}: {reason}; run `jejak recover`")]
    Damaged {
        /// Where: a position, a key, a file.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The batch may or may not have been written; only reopening tells.
    #[error("it is not known whether the store kept the batch at {at}: {source}")]
    OutcomeUnknown {
        /// The position the batch starts at.
        at: u64,
        /// What the backend said.
        source: std::io::Error,
    },
    /// The machine failed before anything was written.
    #[error("the store cannot {operation}: {source}")]
    Machine {
        /// What was tried.
        operation: &'static str,
        /// What the backend said.
        source: std::io::Error,
    },
}

impl StoreError {
    /// Whether the machine failed, and not the bytes: the store may be sound, and trying again may help.
    #[must_use]
    pub fn is_of_the_machine(&self) -> bool {
        match self {
            Self::Machine { .. } => true,
            Self::OutcomeUnknown { source, .. } => is_of_the_machine(source),
            Self::Conflict { .. } | Self::Damaged { .. } => false,
        }
    }
}

/// Whether an error of input and output tells of the machine (full, forbidden, busy, broken, out of
/// descriptors) and not of missing or senseless bytes.
fn is_of_the_machine(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull
        | Kind::QuotaExceeded
        | Kind::PermissionDenied
        | Kind::ReadOnlyFilesystem
        | Kind::ResourceBusy
        | Kind::OutOfMemory => true,
        // A file that is gone or an offset that makes no sense: the files do not fit each other.
        Kind::NotFound
        | Kind::InvalidInput
        | Kind::InvalidData
        | Kind::UnexpectedEof
        | Kind::IsADirectory
        | Kind::NotADirectory => false,
        // EIO and EMFILE, among others, have no kind of their own; only the system gives a number.
        _ => error.raw_os_error().is_some(),
    }
}

/// A place that keeps chunks and keyed values. Both backends pass the same conformance suite.
pub trait Store: Send + Sync + fmt::Debug {
    /// Number of positions held: one past the last chunk's end, 0 when empty.
    fn tip(&self) -> Result<u64, StoreError>;
    /// Writes a batch, all or nothing, if its `at` equals the tip. Not durable before [`Store::sync`],
    /// but after a crash the store holds whole batches only, without a gap: a prefix of those written.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;
    /// The chunk that covers `position`; `None` at or past the tip.
    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError>;
    /// Visits the chunks in order, from the one that covers `from` on, until `visit` says stop (`false`).
    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError>;
    /// A value by its key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Visits a table in key order from `from` on, until `visit` says stop (`false`).
    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError>;
    /// Makes all batches so far durable.
    fn sync(&self) -> Result<(), StoreError>;
}
