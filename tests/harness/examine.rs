//! The children that open damaged registries: everything read and compared, or recovered. A child
//! because damage may make a library panic, abort, hang or ask for all memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jejak::log::{LogError, StoreState};
use jejak::registry::{Registry, RegistryError, recover};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::child::{self, Task as ChildTask};
use super::sample::{self, Export};

/// Longest time that opening and reading may take.
const LIMIT: Duration = Duration::from_secs(90);
/// Address space of such a child, in bytes: far more than it needs, far less than a damaged length could
/// ask for.
const ADDRESS_SPACE_BYTES: u64 = 4 << 30;

/// What to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The data directory.
    pub dir: PathBuf,
    /// The file with the [`Export`] it must serve.
    pub export: PathBuf,
}

/// What to recover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoverTask {
    /// The data directory.
    pub dir: PathBuf,
    /// A checkpoint that somebody kept.
    pub checkpoint: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Everything is served, byte for byte.
    Served {
        /// Whether opening mended something or noted a damaged witness.
        mended: bool,
        /// Whether nothing can be appended.
        read_only: bool,
    },
    /// Everything up to a size is served, byte for byte, and nothing more.
    Shorter {
        /// That size.
        size: u64,
    },
    /// It does not open; the message.
    RefusedToOpen(String),
    /// It opens and does not serve; the message.
    RefusedToServe(String),
    /// Something else than what was recorded is served.
    Wrong(String),
    /// The process panicked, aborted or hung.
    Crashed(String),
}

fn limit_memory() {
    let maximum = getrlimit(Resource::As).maximum;
    setrlimit(Resource::As, Rlimit { current: Some(ADDRESS_SPACE_BYTES), maximum }).unwrap();
}

/// In the child: opens, reads, compares.
pub fn run(task: &Task) -> Outcome {
    limit_memory();
    let expected: Export = serde_json::from_slice(&fs::read(&task.export).unwrap()).unwrap();
    let registry = match Registry::open(&sample::options(&task.dir, 12)) {
        Ok(registry) => registry,
        Err(error) => return Outcome::RefusedToOpen(error.to_string()),
    };
    let opened = registry.opened();
    let log = &opened.log;
    let mended = log.store != StoreState::Sound
        || !log.journal_healed.is_empty()
        || log.vault_healed
        || !log.torn.is_empty()
        || log.sound_anchor_slots < 2
        || log.checkpoint_problem.is_some()
        || !opened.healed_keys.is_empty();
    let served = match sample::export(&registry) {
        Ok(served) => served,
        Err(message) => return Outcome::RefusedToServe(message),
    };
    if served == expected {
        return Outcome::Served { mended, read_only: log.read_only };
    }
    let size = served.events.len();
    let prefix = size < expected.events.len()
        && served.events == expected.events[..size]
        && served.sealed.iter().eq(expected.sealed.range(..size as u64));
    if prefix {
        return Outcome::Shorter { size: size as u64 };
    }
    let first = served.events.iter().zip(&expected.events).position(|(served, expected)| served != expected);
    Outcome::Wrong(format!("{size} events, the first wrong one {first:?}, root {}", served.root))
}

/// In the child: recovers. Answers with the refusal, if it is refused.
pub fn run_recover(task: &RecoverTask) -> Option<String> {
    limit_memory();
    let recovered = recover(&sample::options(&task.dir, 13), task.checkpoint.as_deref());
    recovered.err().map(|error| match error {
        RegistryError::Log(LogError::ReadOnly) => format!("read-only: {error}"),
        error => error.to_string(),
    })
}

/// Opens a directory in a child.
pub fn examine(dir: &Path, export: &Path) -> Outcome {
    let task = Task { dir: dir.to_owned(), export: export.to_owned() };
    let mut child = child::start(ChildTask::Examine(task));
    let status = child.wait(LIMIT);
    child.reply().unwrap_or_else(|| Outcome::Crashed(format!("{status:?}: {}", child.complaints())))
}

/// Recovers a directory in a child.
///
/// # Errors
/// The refusal, or what the child died of.
pub fn recover_in_child(dir: &Path, checkpoint: Option<&str>) -> Result<(), String> {
    let task = RecoverTask { dir: dir.to_owned(), checkpoint: checkpoint.map(str::to_owned) };
    let mut child = child::start(ChildTask::Recover(task));
    let status = child.wait(LIMIT);
    match child.reply::<Option<String>>() {
        Some(None) => Ok(()),
        Some(Some(refusal)) => Err(refusal),
        None => Err(format!("crashed, {status:?}: {}", child.complaints())),
    }
}
