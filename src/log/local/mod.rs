//! The log in a directory of this machine: two copies, and an arbiter between them.
//!
//! The *journal* is a directory of text files that anyone can read; the *store* holds the same text in chunks beside it,
//! for reading by position. The *anchor* says how long the log is known to be, and is what decides between the two when
//! they differ.
//!
//! 1. A commit: vault frames, synced; journal text, synced; store batch.
//! 2. The anchor: store synced; roots of the tiles; anchor slot synced.
//! 3. [`Log::open`] reads the end of the journal first. Where anything there does not fit what is stored of the rest, it
//!    reads everything, and heals each copy from the other up to the anchor. What it did not read is held whenever it is
//!    read, and by the scrub.
//!
//! The directory: `journal/`, `vault`, `tiles`, `scrub`, `checkpoint`, `handover/`, `anchor` (or elsewhere, and then
//! `anchor-elsewhere` says where), `torn/` for what was cut off or set aside, and whatever the store keeps.
//!
//! Must never decide what is signed or acknowledged; that is the commit protocol's, in [`super`].

use std::sync::Arc;

pub(super) use self::backend::Upkeep;
use self::open::{OnOpening, OpenReport, Reach};
use super::{Log, LogError, LogPaths, LogSettings, Notary, StoreOpener, line};
use crate::disk::Disk;

pub(super) mod anchor;
mod backend;
pub(super) mod batch;
pub(super) mod derived;
mod elsewhere;
pub(super) mod heal;
pub(super) mod inspect;
pub(super) mod journal;
pub(super) mod journal_files;
pub(super) mod lock;
pub(super) mod open;
pub(super) mod read_log;
pub(super) mod scrub;
pub(super) mod scrub_file;
pub(super) mod sealed;
mod segment_text;
pub(super) mod settle;
pub mod store;
mod survey;
mod tail;
pub(super) mod tile_file;
pub(super) mod vault_file;
mod walk;

/// What a log in a directory stands on.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) notary: Arc<dyn Notary>,
    pub(crate) paths: LogPaths,
    pub(crate) settings: LogSettings,
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ground").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Log {
    /// Starts an empty log and anchors its size 0 before anything can be appended. A log that is still
    /// empty, because creating it was interrupted, is started once more.
    ///
    /// # Errors
    /// [`LogError::Exists`] when there is one; [`LogError::Disk`] and [`LogError::Store`].
    pub fn create(
        disk: Arc<dyn Disk>,
        store: &dyn StoreOpener,
        notary: Arc<dyn Notary>,
        paths: LogPaths,
        settings: LogSettings,
    ) -> Result<Self, LogError> {
        open::create(Ground { disk, notary, paths, settings }, store)
    }

    /// Opens a log, healing what is found wrong. With [`Reach::End`] the end of it is read alone, where all else fits:
    /// then what was damaged before is noticed when it is read, or by the scrub, and healed by the opening after that.
    /// The notary hears every event where all were read; where [`OpenReport::read_from`] is not 0 it hears none, and whoever
    /// reads them tells it, in order, before anything is signed. `on_progress` hears how far it is, where everything is read.
    ///
    /// With anchor and checkpoint gone the log opens read-only; see [`OpenReport::read_only`].
    ///
    /// # Errors
    /// [`LogError::Damaged`], [`LogError::VaultsDiffer`] and [`LogError::AnchorConflict`], journal, vault and
    /// anchor untouched; [`LogError::Missing`]; [`LogError::Disk`] and [`LogError::Store`].
    pub fn open(
        disk: Arc<dyn Disk>,
        store: &dyn StoreOpener,
        notary: Arc<dyn Notary>,
        paths: LogPaths,
        settings: LogSettings,
        reach: Reach,
        on_progress: OnOpening<'_>,
    ) -> Result<(Self, OpenReport), LogError> {
        open::open(Ground { disk, notary, paths, settings }, store, reach, on_progress)
    }
}
