//! Where a registry lies, how it runs, and the machine under it.

use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::outcome::RegistryError;
use super::places;
use crate::disk::{Disk, RealDisk};
use crate::environment::Environment;
use crate::log::local::store::{SledLocation, Store, StoreError};
use crate::log::{
    BackendOpener, DirectoryLock, LogError, LogPaths, LogSettings, OPEN_PASSES, OnDamage, Reach, StoreOpener,
    lock_holder,
};
use crate::readmodel::spare_cores;
use crate::readmodel::stored::{StateFiles, StatePolicy};
use crate::vault::access::AccessPlace;
use crate::vault::attachments::EvidenceFiles;

/// Hears how much of an opening is done, and of how much. Within one opening neither decreases, unless
/// damage is met that makes it read everything.
pub type OnOpening = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Hears who holds a directory, when an opening begins to wait for it.
pub type OnLockWait = Arc<dyn Fn(&str) + Send + Sync>;

/// Where a registry lies and how it runs.
#[derive(Clone)]
pub struct Options {
    /// The data directory.
    pub dir: PathBuf,
    /// The directory of the keys file; by default `keys` in the data directory.
    pub keys_dir: PathBuf,
    /// The anchor file; by default `anchor` in the data directory.
    pub anchor: PathBuf,
    /// Where the log lies; `None`: in the data directory. Keys, access log, attachments and stored state lie in the data
    /// directory in either case.
    pub backend: Option<Arc<dyn BackendOpener>>,
    /// Sizes that the log keeps to.
    pub log: LogSettings,
    /// When the state is stored beside the log.
    pub state: StatePolicy,
    /// How much of the log opening reads; for an examination everything.
    pub reach: Reach,
    /// Believe the clock, however far it is from the last stamp.
    pub accept_clock: bool,
    /// Longest time between a commit and its anchor. `None`: nothing is anchored or signed unless asked,
    /// by [`super::Registry::checkpoint`] or [`super::Registry::close`]; for an examination, which must
    /// not sign before its verdict.
    pub anchor_interval: Option<Duration>,
    /// How long after opening the whole log begins to be looked at in the background; `None`: never.
    pub scrub_after: Option<Duration>,
    /// Requests that may wait; more callers are made to wait before they queue.
    pub queue_capacity: usize,
    /// Long answers that are made at once ([`super::Registry::ask`]); by default one less than there are cores.
    pub answers_at_once: NonZeroUsize,
    /// Clock and randomness.
    pub environment: Environment,
    /// The file system under everything but the store.
    pub disk: Arc<dyn Disk>,
    /// The store.
    pub store: Arc<dyn StoreOpener>,
    /// Hears how far opening is; recovering opens twice, once to mend and once to see that all fits.
    pub on_opening: OnOpening,
    /// Whether data and keys directories are held against other processes; off only where no other process
    /// can see it.
    pub hold_directory: bool,
    /// How long an opening waits for another process that holds them.
    pub lock_wait: Duration,
    /// Hears of such a wait.
    pub on_lock_wait: OnLockWait,
    /// Opens the registry for writing, which heals the log, where a process that only reads finds it damaged. `None`:
    /// reading is refused there.
    pub on_damage: Option<OnDamage>,
}

impl Options {
    /// A registry on the machine's own file system, with everything in one directory.
    #[must_use]
    pub fn in_directory(dir: impl Into<PathBuf>) -> Self {
        let dir = dir.into();
        Self {
            keys_dir: dir.join("keys"),
            anchor: dir.join("anchor"),
            backend: None,
            log: LogSettings::default(),
            state: StatePolicy::default(),
            reach: Reach::End,
            accept_clock: false,
            anchor_interval: Some(Duration::from_secs(1)),
            scrub_after: None,
            queue_capacity: 1024,
            answers_at_once: spare_cores(),
            environment: Environment::system(),
            disk: Arc::new(RealDisk),
            store: Arc::new(SledLocation::new(dir.join("sled"))),
            on_opening: Arc::new(|_, _| {}),
            hold_directory: true,
            lock_wait: Duration::ZERO,
            on_lock_wait: Arc::new(|_| {}),
            on_damage: None,
            dir,
        }
    }

    /// Where the log's files lie.
    #[must_use]
    pub fn paths(&self) -> LogPaths {
        LogPaths { dir: self.dir.clone(), anchor: self.anchor.clone() }
    }

    /// The evidence beside the log.
    #[must_use]
    pub fn evidence(&self) -> EvidenceFiles {
        EvidenceFiles::in_directory(&self.dir, Arc::clone(&self.disk), self.log.free_floor_bytes)
    }

    /// The access log beside the log.
    #[must_use]
    pub fn access_place(&self) -> AccessPlace {
        AccessPlace {
            disk: Arc::clone(&self.disk),
            environment: self.environment.clone(),
            path: self.dir.join("access.jsonl"),
            anchor: self.anchor.clone(),
        }
    }

    /// The stored state beside the log.
    #[must_use]
    pub fn state_files(&self) -> StateFiles {
        StateFiles::of(Arc::clone(&self.disk), &self.dir, self.log.free_floor_bytes)
    }

    /// Tells how far the log is with its part of an opening; another pass follows, over what it opened.
    pub(super) fn tell_log_opening(&self, done: u64, total: u64) {
        (self.on_opening)(done, total + total / OPEN_PASSES);
    }

    /// Tells how many of an open log's events were taken in. `read_from`: where opening began to read the log; nothing was
    /// told of that unless it read everything.
    pub(super) fn tell_derived(&self, done: u64, size: u64, read_from: u64) {
        let passes = if read_from == 0 { OPEN_PASSES } else { 0 };
        (self.on_opening)(passes * size + done, (passes + 1) * size);
    }

    /// Removes the copy of the store that a refused opening looked into.
    pub(super) fn discard_copy(&self) {
        // What cannot be removed is replaced by the next copy.
        let _ = self.store.discard_copy();
    }

    /// Where a log has left something; `None` where there is none, and nothing to hold.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub(super) fn trace_of_log(&self) -> Result<Option<PathBuf>, RegistryError> {
        if self.backend.is_some() {
            return Ok(self.holds_commits()?.then(|| self.dir.clone()));
        }
        let paths = self.paths();
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |source| RegistryError::File { operation: "look at", path, source }
        };
        for directory in [paths.journal(), self.dir.join("sled")] {
            match self.disk.list(&directory) {
                Ok(names) if names.is_empty() => {}
                // What lies in its place is told by whoever looks there.
                Ok(_) => return Ok(Some(directory)),
                Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(Some(directory)),
                Err(error) => return Err(failed(&directory)(error)),
            }
        }
        for file in [paths.vault(), paths.checkpoint(), paths.anchor] {
            if self.disk.length(&file).map_err(failed(&file))?.is_some() {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// Whether the log can hold an event: its journal has a file, or its place a commit.
    ///
    /// # Errors
    /// When the journal cannot be listed, or the place not be reached.
    pub(super) fn holds_commits(&self) -> Result<bool, RegistryError> {
        let Some(backend) = &self.backend else {
            let journal = self.paths().journal();
            let listed = self.disk.list(&journal).map_err(|source| RegistryError::File {
                operation: "list",
                path: journal.display().to_string(),
                source,
            });
            return Ok(!listed?.is_empty());
        };
        let mut found = false;
        backend.reader()?.commits(0, &mut |_| {
            found = true;
            false
        })?;
        Ok(found)
    }

    /// Holds a registry's data and keys directories against other processes. Where there is no log nothing
    /// is held, and no lock file is left behind.
    ///
    /// # Errors
    /// [`RegistryError::NotInitialised`]; when something else lies where a file or directory of the registry belongs; when
    /// another process holds one of them, which the message names.
    pub fn lock(&self) -> Result<Option<RegistryLock>, RegistryError> {
        if self.hold_directory {
            if !self.dir.is_dir() || self.trace_of_log()?.is_none() {
                return Err(RegistryError::NotInitialised { path: self.dir.display().to_string() });
            }
            places::hold_to_write(self)?;
        }
        self.hold()
    }

    /// Which process writes the registry; `None` where none does. Nothing is written.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        if self.hold_directory { lock_holder(&self.dir) } else { None }
    }

    /// Whether this process could write the registry now: nobody else does, and the lock file can be made. Nothing is
    /// written.
    #[must_use]
    pub fn may_be_written(&self) -> bool {
        let is_writable = |path: &Path| rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
        self.holder().is_none() && (!self.hold_directory || is_writable(&self.dir))
    }

    /// As [`Options::lock`], whatever the directories hold. The data directory must exist.
    ///
    /// # Errors
    /// When another process holds one of them.
    pub(super) fn hold(&self) -> Result<Option<RegistryLock>, RegistryError> {
        if !self.hold_directory {
            return Ok(None);
        }
        let acquire = |path: &Path| DirectoryLock::acquire(path, self.lock_wait, &*self.on_lock_wait);
        let data = acquire(&self.dir)?;
        // Keys of a directory of their own may be asked for by another registry too. Without that
        // directory there are no keys, which is told when they are read.
        let apart = match (self.dir.canonicalize(), self.keys_dir.canonicalize()) {
            (Ok(dir), Ok(keys)) => dir != keys,
            _ => false,
        };
        let keys = if apart { Some(acquire(&self.keys_dir)?) } else { None };
        Ok(Some(RegistryLock { data, keys }))
    }
}

/// Holds a registry's directories until dropped.
#[derive(Debug)]
pub struct RegistryLock {
    data: DirectoryLock,
    /// Absent when the keys lie in the data directory itself.
    keys: Option<DirectoryLock>,
}

impl RegistryLock {
    /// Whether both are held as they were: somebody may have removed a lock file.
    ///
    /// # Errors
    /// [`LogError::LockGone`].
    pub fn check(&self) -> Result<(), LogError> {
        self.data.check()?;
        self.keys.as_ref().map_or(Ok(()), DirectoryLock::check)
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("dir", &self.dir)
            .field("keys_dir", &self.keys_dir)
            .finish_non_exhaustive()
    }
}

impl StoreOpener for SledLocation {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Self::open_in_place(self)?))
    }

    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Self::open_copy(self)?))
    }

    fn discard_copy(&self) -> Result<(), StoreError> {
        self.remove_copy()
    }

    fn set_aside(&self, to: &Path) -> Result<(), StoreError> {
        Self::set_aside(self, to)
    }
}
