//! How the writer hands out what it has committed, and how others hear of it.
//!
//! The writer publishes a whole state after each commit, before anybody is answered: whoever was told that something is
//! recorded finds it. Publishing swaps one pointer, under a lock that readers hold to copy it and never longer.

use std::ops::Range;
use std::sync::Arc;

use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_projections::facts::Facts;
use tokio::sync::watch;

use super::snapshot::{About, Snapshot, State};
use super::vault::Vault;
use crate::log::LogReader;
use crate::rules::admitted::Grown;
use crate::rules::index::Index;

/// The writer's end.
#[derive(Debug)]
pub struct Publisher {
    facts: Facts,
    last_recorded: Option<RecordedTime>,
    log: LogReader,
    vault: Arc<Vault>,
    about: Arc<About>,
    states: watch::Sender<Snapshot>,
}

/// The readers' end. It outlives the writer: the last state stays.
#[derive(Clone, Debug)]
pub struct Published(watch::Receiver<Snapshot>);

impl Publisher {
    /// Publishes a first state, whose facts, index and root are of one size.
    #[must_use]
    pub fn new(
        facts: Facts,
        (index, root, last_recorded): (Index, Hash, Option<RecordedTime>),
        (log, vault): (LogReader, Arc<Vault>),
        about: About,
    ) -> (Self, Published) {
        let about = Arc::new(about);
        let state = State {
            facts: facts.clone(),
            index,
            root,
            last_recorded,
            log: log.clone(),
            vault: Arc::clone(&vault),
            about: Arc::clone(&about),
        };
        let (states, readers) = watch::channel(Snapshot::new(state));
        (Self { facts, last_recorded, log, vault, about, states }, Published(readers))
    }

    /// Turns what was committed into facts, once, and publishes the state that it led to.
    pub fn follow(&mut self, grown: &Grown, index: Index, root: Hash) {
        let Some(last) = grown.admitted.last() else { return };
        self.last_recorded = Some(last.event.recorded);
        // Facts that cannot be taken in stop here for good: every question then sees that they are shorter than the
        // log and says so.
        for admitted in &grown.admitted {
            if admitted.append_to(&mut self.facts).is_err() {
                break;
            }
        }
        self.states.send_replace(Snapshot::new(State {
            facts: self.facts.clone(),
            index,
            root,
            last_recorded: self.last_recorded,
            log: self.log.clone(),
            vault: Arc::clone(&self.vault),
            about: Arc::clone(&self.about),
        }));
    }

    /// The facts of the committed log.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Published {
    /// The latest state.
    #[must_use]
    pub fn latest(&self) -> Snapshot {
        // The guard is gone with this line: the writer waits for no answer.
        self.0.borrow().clone()
    }

    /// A feed of what is recorded from a log size on.
    #[must_use]
    pub fn feed(&self, from: u64) -> Feed {
        Feed { published: self.0.clone(), told: from }
    }
}

/// What is recorded, as it is recorded: every index once, in order, however late it is asked for.
#[derive(Clone, Debug)]
pub struct Feed {
    published: watch::Receiver<Snapshot>,
    told: u64,
}

impl Feed {
    /// What was recorded since the last answer, with the state that holds it; `None` where that is nothing.
    pub fn take(&mut self) -> Option<(Range<u64>, Snapshot)> {
        let snapshot = self.published.borrow_and_update().clone();
        let new = self.told..snapshot.size();
        if new.is_empty() {
            return None;
        }
        self.told = new.end;
        Some((new, snapshot))
    }

    /// As [`Feed::take`], and waits until there is something. `None` when the writer is gone and everything was told.
    /// Nothing is lost when the wait is given up.
    pub async fn next(&mut self) -> Option<(Range<u64>, Snapshot)> {
        loop {
            if let Some(new) = self.take() {
                return Some(new);
            }
            if self.published.changed().await.is_err() {
                return self.take();
            }
        }
    }
}
