//! A file system in memory that fails, forgets and lies on command. For tests.
//!
//! Each file has its durable bytes, the bytes that the page cache shows, and the changes between them;
//! each directory likewise has durable and cached names. Every call that changes something is counted,
//! and one [`Fault`] can be planned for one of them. [`SimulatedDisk::crash`] answers with the disk as it
//! may look after the power was cut: synced changes are there, of the others any part. Nothing here may
//! use real time or real randomness.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, DiskFile, FileKind};

/// Smallest part of a write that survives or is lost on its own, in bytes.
const SECTOR_BYTES: usize = 512;

/// How a planned operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It fails and nothing is done.
    NotDone,
    /// It is done, and durable, and fails all the same.
    Done,
    /// A write puts down its first half; anything else is not done.
    Short,
    /// It fails because the disk is full.
    Full,
    /// A sync fails, the cache keeps showing the bytes, and no later sync writes them. Only syncs fail
    /// so; other operations are done.
    LyingSync,
    /// The power is cut during it: it may be done or not, and everything after it fails.
    PowerCut,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::NotDone, Self::Done, Self::Short, Self::Full, Self::LyingSync, Self::PowerCut];
}

/// One fault, at one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Number of the operation, counted from 0.
    pub operation: u64,
    /// What happens to it.
    pub kind: FaultKind,
}

#[derive(Debug, Default)]
struct FaultState {
    count: u64,
    plan: Option<Fault>,
    dead: bool,
}

/// Counts operations and says which one fails; shared by everything that is to fail together.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<FaultState>>);

impl Faults {
    fn state(&self) -> MutexGuard<'_, FaultState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Operations so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state().count
    }

    /// Starts counting anew, with a fault or none.
    pub fn plan(&self, fault: Option<Fault>) {
        *self.state() = FaultState { count: 0, plan: fault, dead: false };
    }

    /// Counts one operation and says what happens to it.
    ///
    /// # Errors
    /// After a power cut, always.
    pub fn step(&self) -> io::Result<Option<FaultKind>> {
        let mut state = self.state();
        if state.dead {
            return Err(io::Error::other("the power is off"));
        }
        let number = state.count;
        state.count += 1;
        let kind = state.plan.filter(|fault| fault.operation == number).map(|fault| fault.kind);
        state.dead |= kind == Some(FaultKind::PowerCut);
        Ok(kind)
    }
}

/// The error that a fault is reported with.
#[must_use]
pub fn fault_error(kind: FaultKind) -> io::Error {
    if kind == FaultKind::Full {
        io::Error::new(io::ErrorKind::StorageFull, "injected: the disk is full")
    } else {
        io::Error::other(format!("injected: {kind:?}"))
    }
}

#[derive(Clone, Debug)]
enum DiskChange {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

impl DiskChange {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(*length, 0),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct SimContent {
    durable: Vec<u8>,
    cached: Vec<u8>,
    pending: Vec<DiskChange>,
}

impl SimContent {
    fn change(&mut self, change: DiskChange) {
        change.apply(&mut self.cached);
        self.pending.push(change);
    }

    fn persist(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            change.apply(&mut self.durable);
        }
    }
}

#[derive(Clone, Debug)]
enum NameChange {
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf, usize),
}

impl NameChange {
    fn directory(&self) -> Option<&Path> {
        match self {
            Self::Link(path, _) | Self::Unlink(path) | Self::Rename(path, ..) => path.parent(),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Link(path, file) => {
                names.insert(path.clone(), *file);
            }
            Self::Unlink(path) => {
                names.remove(path);
            }
            Self::Rename(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
        }
    }
}

#[derive(Clone, Debug, Default)]
struct SimState {
    files: Vec<SimContent>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<NameChange>,
    directories: BTreeSet<PathBuf>,
    free_bytes: u64,
}

impl SimState {
    fn rename_now(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending_names.push(change);
    }

    fn persist_names(&mut self, directory: &Path) {
        for change in std::mem::take(&mut self.pending_names) {
            if change.directory() == Some(directory) {
                change.apply(&mut self.durable_names);
            } else {
                self.pending_names.push(change);
            }
        }
    }
}

/// The simulated file system; clones share it.
#[derive(Clone, Debug)]
pub struct SimulatedDisk {
    state: Arc<Mutex<SimState>>,
    faults: Faults,
}

#[derive(Debug)]
struct SimulatedFile {
    disk: SimulatedDisk,
    file: usize,
}

impl Default for SimulatedDisk {
    fn default() -> Self {
        Self::new(Faults::default())
    }
}

impl SimulatedDisk {
    /// An empty file system with a terabyte free.
    #[must_use]
    pub fn new(faults: Faults) -> Self {
        let state = SimState { free_bytes: 1 << 40, ..SimState::default() };
        Self { state: Arc::new(Mutex::new(state)), faults }
    }

    fn state(&self) -> MutexGuard<'_, SimState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counter of its operations.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Sets what [`Disk::free_bytes`] answers.
    pub fn set_free_bytes(&self, free_bytes: u64) {
        self.state().free_bytes = free_bytes;
    }

    /// A second disk with the same content, cached and durable, and faults of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        let state = self.state().clone();
        Self { state: Arc::new(Mutex::new(state)), faults: Faults::default() }
    }

    /// The disk after a power cut. Of what was not synced, seed 0 keeps nothing, seed 1 everything, and
    /// every other seed a part: whole name changes, and 512-byte sectors of writes.
    #[must_use]
    pub fn crash(&self, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let old = self.state().clone();
        let mut names = old.durable_names;
        for change in &old.pending_names {
            if chance.survives() {
                change.apply(&mut names);
            }
        }
        let mut files = Vec::new();
        for file in old.files {
            let mut content = file.durable;
            for change in &file.pending {
                match change {
                    DiskChange::Write { offset, bytes } => {
                        let mut at = 0;
                        while at < bytes.len() {
                            // Sectors lie on the medium, not in the write.
                            let end = bytes.len().min(at + SECTOR_BYTES - (offset + at) % SECTOR_BYTES);
                            if chance.survives() {
                                let bytes = bytes[at..end].to_vec();
                                DiskChange::Write { offset: offset + at, bytes }.apply(&mut content);
                            }
                            at = end;
                        }
                    }
                    DiskChange::Length(_) if chance.survives() => change.apply(&mut content),
                    DiskChange::Length(_) => {}
                }
            }
            files.push(SimContent { durable: content.clone(), cached: content, pending: Vec::new() });
        }
        let state = SimState {
            files,
            durable_names: names.clone(),
            names,
            pending_names: Vec::new(),
            directories: old.directories,
            free_bytes: old.free_bytes,
        };
        Self { state: Arc::new(Mutex::new(state)), faults: Faults::default() }
    }

    /// Every file with the bytes that a reader sees.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(path, file)| (path.clone(), state.files[*file].cached.clone())).collect()
    }

    /// What lies on the medium of every file there ever was, also where no name leads to it any more.
    #[must_use]
    pub fn medium(&self) -> Vec<Vec<u8>> {
        self.state().files.iter().map(|file| file.durable.clone()).collect()
    }

    /// Puts a file down, durable, as damage or an operator would.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.files.len();
        state.files.push(SimContent { durable: bytes.to_vec(), cached: bytes.to_vec(), pending: Vec::new() });
        state.names.insert(path.to_owned(), file);
        state.durable_names.insert(path.to_owned(), file);
    }

    /// Takes a file away for good, as damage or an operator would.
    pub fn take(&self, path: &Path) {
        let mut state = self.state();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    /// Carries out a change of names under the planned fault.
    fn change_names(&self, change: impl FnOnce(&SimState) -> io::Result<NameChange>) -> io::Result<()> {
        let kind = self.faults.step()?;
        let mut state = self.state();
        let change = change(&state)?;
        match kind {
            None | Some(FaultKind::LyingSync) => {
                state.rename_now(change);
                Ok(())
            }
            Some(kind @ (FaultKind::NotDone | FaultKind::Short | FaultKind::Full)) => Err(fault_error(kind)),
            Some(kind) => {
                let directory = change.directory().map(Path::to_owned);
                state.rename_now(change);
                if let (FaultKind::Done, Some(directory)) = (kind, directory) {
                    state.persist_names(&directory);
                }
                Err(fault_error(kind))
            }
        }
    }
}

impl Disk for SimulatedDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        let file = state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(state.files[*file].cached.clone())
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        let state = self.state();
        Ok(state.names.get(path).map(|file| state.files[*file].cached.len() as u64))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let inside = state.names.keys().chain(&state.directories);
        let names =
            inside.filter(|path| path.parent() == Some(directory)).filter_map(|path| path.file_name());
        let names: BTreeSet<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        Ok(names.into_iter().collect())
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        // Directories are made once, at `init` and for the first torn file: they are durable at once.
        self.state().directories.extend(directory.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let known = self.state().names.get(path).copied();
        let file = if let Some(file) = known {
            file
        } else {
            let file = {
                let mut state = self.state();
                state.files.push(SimContent::default());
                state.files.len() - 1
            };
            self.change_names(|_| Ok(NameChange::Link(path.to_owned(), file)))?;
            file
        };
        Ok(Box::new(SimulatedFile { disk: self.clone(), file }))
    }

    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = *self.state().names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(SimulatedFile { disk: self.clone(), file }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change_names(|state| {
            let file = state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
            Ok(NameChange::Rename(from.to_owned(), to.to_owned(), *file))
        })
    }

    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        let state = self.state();
        let file = state.names.contains_key(path).then_some(FileKind::File);
        let directory = || {
            let is_above = state.names.keys().any(|name| name.ancestors().skip(1).any(|above| above == path));
            (state.directories.contains(path) || is_above).then_some(FileKind::Directory)
        };
        Ok(file.or_else(directory))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change_names(|state| {
            state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
            Ok(NameChange::Unlink(path.to_owned()))
        })
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        match self.faults.step()? {
            None => self.state().persist_names(directory),
            Some(FaultKind::Done) => {
                self.state().persist_names(directory);
                return Err(fault_error(FaultKind::Done));
            }
            Some(FaultKind::LyingSync) => {
                self.state().pending_names.retain(|change| change.directory() != Some(directory));
                return Err(fault_error(FaultKind::LyingSync));
            }
            Some(kind) => return Err(fault_error(kind)),
        }
        Ok(())
    }

    fn free_bytes(&self, _directory: &Path) -> io::Result<u64> {
        Ok(self.state().free_bytes)
    }
}

impl SimulatedFile {
    fn change(&self, change: DiskChange) -> io::Result<()> {
        let kind = self.disk.faults.step()?;
        let mut state = self.disk.state();
        let content = &mut state.files[self.file];
        match (kind, change) {
            (None | Some(FaultKind::LyingSync), change) => {
                content.change(change);
                return Ok(());
            }
            (Some(FaultKind::Short), DiskChange::Write { offset, mut bytes }) => {
                bytes.truncate(bytes.len() / 2);
                content.change(DiskChange::Write { offset, bytes });
            }
            (Some(FaultKind::Done), change) => {
                content.change(change);
                content.persist();
            }
            (Some(FaultKind::PowerCut), change) => content.change(change),
            (Some(_), _) => {}
        }
        Err(fault_error(kind.unwrap_or(FaultKind::NotDone)))
    }
}

impl DiskFile for SimulatedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let state = self.disk.state();
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let end = start.checked_add(buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let bytes = state.files[self.file].cached.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).map_err(|_| io::ErrorKind::FileTooLarge)?;
        self.change(DiskChange::Write { offset, bytes: bytes.to_vec() })
    }

    fn set_length(&mut self, length_bytes: u64) -> io::Result<()> {
        let length = usize::try_from(length_bytes).map_err(|_| io::ErrorKind::FileTooLarge)?;
        self.change(DiskChange::Length(length))
    }

    fn sync(&mut self) -> io::Result<()> {
        let kind = self.disk.faults.step()?;
        let mut state = self.disk.state();
        let content = &mut state.files[self.file];
        match kind {
            None => {
                content.persist();
                Ok(())
            }
            Some(kind) => {
                if kind == FaultKind::Done {
                    content.persist();
                } else if kind == FaultKind::LyingSync {
                    content.pending.clear();
                }
                Err(fault_error(kind))
            }
        }
    }
}

/// Decides what survives a crash: a splitmix64 sequence.
struct Chance {
    seed: u64,
    state: u64,
}

impl Chance {
    fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) }
    }

    fn survives(&mut self) -> bool {
        if self.seed < 2 {
            return self.seed == 1;
        }
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}
