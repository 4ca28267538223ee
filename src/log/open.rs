//! Opening a log in any place, reading all of it; a directory of this machine has a way of its own, which also mends.
//!
//! Must never change anything: what a place holds is believed only where events, roots and anchor fit each other.

use std::ops::Range;
use std::sync::Arc;

use jejak_events::tree::{Hash, leaf_hash};

use super::backend::{BackendOpener, BackendReader, Tip};
use super::catch_up::catch_up;
use super::error::{LogError, Place};
use super::reader::LogReader;
use super::tiles::Tree;
use super::{Log, Notary, OpenReport, ScrubRecord, Shared, StoreState};

impl Log {
    /// Opens the log of a place as its writer; an empty one where there is none yet. The notary hears every event.
    /// Another writer may have it open: the first of them to append goes on, and the others stand down.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when what the place holds does not fit together; when it cannot be reached.
    pub fn open_in(
        place: &dyn BackendOpener,
        notary: Arc<dyn Notary>,
    ) -> Result<(Self, OpenReport), LogError> {
        let (mut backend, source) = place.writer()?;
        let mut head = backend.head()?;
        let shared = Arc::new(Shared::new(Arc::clone(&source), Tree::default()));
        let (mut vault_length, mut log_id) = (0, None::<Hash>);
        catch_up(&shared, &mut vault_length, Some(head.tip.size), &mut |index, event| {
            log_id = log_id.or_else(|| Some(leaf_hash(event)));
            notary.hear(index, event);
        })?;
        if (shared.tip(), vault_length) != (head.tip, head.vault_length) {
            return Err(misfit(head.tip, "the events do not lead to what the place says that it holds"));
        }
        let reader = LogReader::new(Arc::clone(&shared));
        if !leads_through(&reader, head.anchored)? {
            return Err(misfit(head.anchored, "the events do not lead through what is anchored"));
        }
        let checked = source.checkpoint()?.map(|note| notary.check(&note));
        let checkpoint_problem = match checked {
            Some(Ok((size, root))) if leads_through(&reader, Tip { size, root })? => None,
            Some(Ok((size, root))) => {
                return Err(misfit(Tip { size, root }, "the events do not lead through what is signed"));
            }
            Some(Err(reason)) => {
                head.signed = None;
                Some(reason)
            }
            None => None,
        };
        let report = OpenReport {
            size: head.tip.size,
            read_from: 0,
            scrub: ScrubRecord::default(),
            anchored: head.anchored.size,
            read_only: false,
            sound_anchor_slots: 2,
            checkpoint_problem,
            journal_healed: Vec::new(),
            vault_healed: false,
            torn: Vec::new(),
            store: StoreState::Sound,
            misplaced: Vec::new(),
            displaced: None,
        };
        Ok((Self::over(backend, notary, shared, head, log_id), report))
    }
}

fn leads_through(reader: &LogReader, tip: Tip) -> Result<bool, LogError> {
    reader.leads_through(tip.size, tip.root)
}

fn misfit(tip: Tip, reason: &str) -> LogError {
    LogError::damaged(Place::Indexes { from: 0, to: tip.size }, reason)
}

/// A log that is only followed, beside whoever writes it.
#[derive(Debug)]
pub struct Follower {
    shared: Arc<Shared>,
    vault_length: u64,
}

impl Follower {
    /// Reads what is there.
    ///
    /// # Errors
    /// As [`Follower::catch_up`].
    pub fn open(source: Arc<dyn BackendReader>) -> Result<Self, LogError> {
        let shared = Arc::new(Shared::new(source, Tree::default()));
        let mut follower = Self { shared, vault_length: 0 };
        follower.catch_up(None)?;
        Ok(follower)
    }

    /// The end of what was read.
    #[must_use]
    pub fn tip(&self) -> Tip {
        self.shared.tip()
    }

    /// Length of the vault in bytes, up to there.
    #[must_use]
    pub fn vault_length(&self) -> u64 {
        self.vault_length
    }

    /// A reader of it, which follows each [`Follower::catch_up`].
    #[must_use]
    pub fn reader(&self) -> LogReader {
        LogReader::new(Arc::clone(&self.shared))
    }

    /// Takes in whole commits that came since, up to a size or all that are shown; answers with the new indexes.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when what follows is no continuation; what came before it was taken in. When the place
    /// cannot be read.
    pub fn catch_up(&mut self, to: Option<u64>) -> Result<Range<u64>, LogError> {
        let from = self.tip().size;
        catch_up(&self.shared, &mut self.vault_length, to, &mut |_, _| {})?;
        Ok(from..self.tip().size)
    }
}
