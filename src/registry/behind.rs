//! Storing the state of a registry behind its log: beside the writer while it runs, and when it closes.
//!
//! While the registry runs, a thread of its own takes what is stored on to the present size of the log, as opening
//! would, and stores that: the writer is not asked, and waits for nothing. Whatever goes wrong here, the log stands
//! and the next opening reads more of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use jejak_projections::facts::Facts;

use super::derive::derive;
use super::engine::Engine;
use super::outcome::RegistryError;
use super::{Options, StateReport};
use crate::log::LogReader;
use crate::readmodel::stored::{StateFiles, StatePolicy, StoredState, StoringError};

/// State could not be taken on or stored.
#[derive(Debug, thiserror::Error)]
pub enum BehindError {
    /// The log behind what is stored could not be read.
    #[error(transparent)]
    Log(#[from] RegistryError),
    /// It could not be written.
    #[error(transparent)]
    Storing(#[from] StoringError),
}

/// Stores the state of a registry from time to time.
#[derive(Debug)]
pub struct StateWriter {
    files: StateFiles,
    policy: StatePolicy,
    /// Whether something stored was not taken, and is to be replaced at closing whatever was recorded since.
    is_unsound: bool,
    /// Number of events of what is stored.
    stored: Arc<AtomicU64>,
    running: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl StateWriter {
    /// For a registry that was opened with this state.
    #[must_use]
    pub fn new(options: &Options, opened: &StateReport) -> Self {
        Self {
            files: options.state_files(),
            policy: options.state,
            is_unsound: !opened.problems.is_empty(),
            stored: Arc::new(AtomicU64::new(opened.stored)),
            running: None,
            stop: Arc::default(),
        }
    }

    /// Starts to store the state when enough was recorded since the last time, unless that is under way.
    pub fn start_when_due(&mut self, engine: &Engine) {
        let reader = engine.log().reader();
        let stored = self.stored.load(Ordering::Relaxed);
        if !self.policy.is_due_while_running(reader.size(), stored)
            || self.running.as_ref().is_some_and(|running| !running.is_finished())
        {
            return;
        }
        self.wait();
        let (files, stop, stored) = (self.files.clone(), Arc::clone(&self.stop), Arc::clone(&self.stored));
        let store = move || {
            if let Ok(Some(size)) = store_anew(&files, &reader, &stop) {
                stored.store(size, Ordering::Relaxed);
            }
        };
        // Without a thread nothing is stored; the next time tries again.
        self.running = std::thread::Builder::new().name("jejak-state".into()).spawn(store).ok();
    }

    /// Stores the state of a registry that is about to close, when enough was recorded since the last time.
    pub fn store_when_due(&mut self, engine: &mut Engine, facts: &Facts) {
        self.cancel();
        let (size, stored) = (engine.log().size(), self.stored.load(Ordering::Relaxed));
        let is_whole = !engine.stopped && engine.machine().size() == size && facts.size() == size;
        let is_due = self.is_unsound || self.policy.is_due_at_closing(size, stored);
        if !is_whole || !is_due || engine.log().is_read_only() {
            return;
        }
        // Whatever storing comes to, what was acknowledged is anchored before.
        if engine.anchor().is_ok() {
            let _ = self.files.store(engine.machine(), facts, engine.log().root());
        }
    }

    /// Ends what is under way, done or not.
    pub fn cancel(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.wait();
    }

    fn wait(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
    }
}

/// Takes what is stored on to the present size of the log and stores that; answers with the size, or with `None` when it
/// was told to stop before.
///
/// # Errors
/// When the log cannot be read or the state not be written.
pub fn store_anew(
    files: &StateFiles,
    reader: &LogReader,
    stop: &AtomicBool,
) -> Result<Option<u64>, BehindError> {
    let size = reader.size();
    let state = files.load(reader).state.unwrap_or_default();
    // The whole of a short log is one step, so that is asked again before anything is written.
    let go_on = |_| !stop.load(Ordering::Relaxed);
    let StoredState { machine, facts } = derive(reader, state, size, &go_on)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let root = reader.root_at(size).map_err(RegistryError::from)?;
    files.store(&machine, &facts, root)?;
    Ok(Some(size))
}
