//! The child that writes: many threads, each through its own sequence of operations, until it is
//! killed. It also takes checkpoints and notes every one that leaves.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jejak::log::LogError;
use jejak::registry::{Options, Registry, RegistryError, create};
use serde::{Deserialize, Serialize};

use super::planted::{Planted, PlantedDisk};
use super::witness::{self, Witness};
use super::workload;

/// How the writer runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The data directory; a registry is made there when there is none.
    pub dir: PathBuf,
    /// Directory of the witness files; must exist.
    pub witness: PathBuf,
    /// Seed of keys, salts and nonces.
    pub seed: u64,
    /// Writers.
    pub threads: u32,
    /// Longest time between a commit and its anchor, in milliseconds.
    pub anchor_interval_ms: u64,
    /// A fault planted under the journal.
    pub planted: Option<Planted>,
}

/// Opens the registry, finishing an init that was cut short.
pub fn open_or_create(options: &Options) -> Result<Registry, RegistryError> {
    match Registry::open(options) {
        Err(RegistryError::NotInitialised { .. } | RegistryError::Log(LogError::Missing { .. })) => {
            create(options, &workload::about(&options.dir))?;
            Registry::open(options)
        }
        opened => opened,
    }
}

/// Writes until killed.
pub fn run(task: &Task) {
    let mut options = workload::options(&task.dir, task.seed);
    options.anchor_interval = Some(Duration::from_millis(task.anchor_interval_ms));
    if let Some(planted) = task.planted {
        options.disk = Arc::new(PlantedDisk::new(options.disk, planted));
    }
    let registry = match open_or_create(&options) {
        Ok(registry) => Arc::new(registry),
        Err(error) => {
            Witness::of_thread(&task.witness, 0).failed(0, &format!("cannot open: {error}"));
            return;
        }
    };
    let keeper = Arc::clone(&registry);
    let (witness, dir) = (task.witness.clone(), task.dir.clone());
    let anchors = task.anchor_interval_ms;
    std::thread::spawn(move || keep(&keeper, &witness, &dir, anchors));
    std::thread::scope(|scope| {
        for thread in 0..task.threads {
            let registry = &registry;
            scope.spawn(move || write(registry, &task.witness, thread));
        }
    });
}

/// One thread: sends again what has no answer, then goes on.
fn write(registry: &Registry, directory: &std::path::Path, thread: u32) {
    let record = witness::read_thread(directory, thread);
    let mut witness = Witness::of_thread(directory, thread);
    let unanswered = record.operations.iter().filter(|(_, indexes)| indexes.is_none());
    let next = record.operations.keys().next_back().map_or(0, |last| last + 1);
    let numbers: Vec<u32> = unanswered.map(|(number, _)| *number).collect();
    for number in numbers.into_iter().chain(next..) {
        let operation = workload::operation(thread, number);
        let proposals = operation.values.iter().map(workload::proposal).collect();
        witness.sent(number);
        match registry.append_blocking(proposals, operation.atomic) {
            Ok(outcomes) => {
                let indexes: Vec<u64> = outcomes.iter().filter_map(|outcome| outcome.index()).collect();
                if indexes.len() == outcomes.len() {
                    witness.acknowledged(number, &indexes);
                } else {
                    witness.failed(number, &format!("{outcomes:?}"));
                    return;
                }
            }
            Err(error) => {
                witness.failed(number, &error.to_string());
                return;
            }
        }
    }
}

/// Takes and notes checkpoints, also those that the writer stored by itself.
fn keep(registry: &Registry, directory: &std::path::Path, dir: &std::path::Path, interval_ms: u64) {
    let mut witness = Witness::of_checkpoints(directory);
    let mut last = String::new();
    loop {
        // With a long interval the anchor is meant to lag: only what the writer stores is noted.
        let taken = if interval_ms > 1000 { None } else { registry.checkpoint().ok().flatten() };
        let stored = std::fs::read_to_string(dir.join("checkpoint")).ok();
        for note in [taken, stored].into_iter().flatten() {
            if note != last {
                witness.checkpoint(&note);
                last = note;
            }
        }
        std::thread::sleep(Duration::from_millis(interval_ms.clamp(5, 20)));
    }
}
