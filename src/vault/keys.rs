//! The keys file: signing secrets and the keys of sealed fields, two copies in a directory of its
//! own (`keys-a`, `keys-b`), kept and backed up apart from the registry.
//!
//! Between erasures the file only grows. An erasure writes both copies anew, with the next generation
//! number and a tombstone in place of each destroyed key, so that an interrupted erasure is finished
//! when the file is opened and a destroyed key is never healed back from the other copy.
//!
//! What destruction can promise: after [`KeyFile::destroy`] no file of this directory holds the key,
//! and the blocks of the old files were overwritten as far as the file system writes in place (ext4,
//! xfs on a plain disk). Copy-on-write file systems, snapshots, the spare blocks of flash disks and
//! backups may still hold it; those are for the operator to expire.
//!
//! Keys must never reach sled, the journal, a log line or an error message.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Group;
use super::key_lines::{Entry, KeyText, Line, merge, render_lines};
use crate::disk::{Disk, create_directory_durably};

/// Names of the two copies, in the order in which they are written.
pub const COPIES: [&str; 2] = ["keys-a", "keys-b"];

/// 32 secret bytes, wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<Zeroizing<[u8; 32]>>);

impl Secret {
    /// Takes over the bytes; the caller's own copy is the caller's to wipe.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        // Boxed: a list of secrets that grows moves pointers, and leaves no secret behind.
        Self(Box::new(Zeroizing::new(bytes)))
    }

    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// The key that opens one group of sealed fields of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKey {
    /// Random name of the key, stored beside what it encrypts.
    pub id: [u8; 16],
    /// The XChaCha20-Poly1305 key.
    pub secret: Secret,
}

/// What the keys file knows of a subject's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLookup {
    /// The key.
    Live(SubjectKey),
    /// It was destroyed by an erasure, for ever.
    Destroyed,
    /// There never was one.
    Unknown,
}

/// A key to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewKey {
    /// An Ed25519 seed; the newest of a purpose is the one in use.
    Signing {
        /// `checkpoint` or `attestation`.
        purpose: String,
        /// The seed of RFC 8032.
        seed: Secret,
    },
    /// The key of one group of one subject's sealed fields.
    Subject {
        /// The stream, such as `person/<uuid>`.
        subject: String,
        /// Which fields.
        group: Group,
        /// The key.
        key: SubjectKey,
    },
}

/// What can go wrong with keys. No message holds a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Neither copy can be read at this line.
    #[error("line {line} is damaged in both copies of the keys file; restore it from a backup")]
    Damaged {
        /// Line number, from 1.
        line: u64,
    },
    /// Both copies are sound and differ: they are not copies of each other.
    #[error(
        "the two copies of the keys file differ at line {line}; remove the one that is not of this registry"
    )]
    Disagree {
        /// Line number, from 1.
        line: u64,
    },
    /// An error of this file or its other copy.
    #[error("{}: {source}", path.display())]
    In {
        /// The first copy.
        path: PathBuf,
        /// What is wrong.
        source: Box<KeyError>,
    },
    /// There is no keys file here.
    #[error("there is no keys file in {}; give the directory that `init` made with --keys", directory.display())]
    Missing {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// `create` found one already.
    #[error("{} holds a keys file already; choose an empty directory", directory.display())]
    Exists {
        /// Where it is.
        directory: PathBuf,
    },
    /// A key for what has or had one.
    #[error("{subject} has or had a {group} key already; a destroyed key is never replaced")]
    Taken {
        /// The subject.
        subject: String,
        /// The group.
        group: Group,
    },
    /// A purpose or subject that does not fit on a line.
    #[error("{name:?} cannot name a key; use visible characters without spaces, 1 to 200 bytes")]
    Name {
        /// The name.
        name: String,
    },
    /// A write or sync failed earlier, so that what the medium holds is not known; or the file was only
    /// read.
    #[error("the keys file failed earlier, or was only read; reopen it before changing it")]
    Stopped,
    /// The disk failed.
    #[error("cannot {operation} {}: {source}", path.display())]
    Disk {
        /// What was tried.
        operation: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

/// The open keys file. One process holds it: the registry locks this directory beside its own.
pub struct KeyFile {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    text: KeyText,
    /// Line index of every subject key, live or destroyed.
    subjects: HashMap<(String, Group), usize>,
    /// Number of lines that `subjects` knows of.
    indexed: usize,
    /// Length of each copy.
    length_bytes: u64,
    /// Copies that reading found damaged, torn or behind, to be healed by settling.
    unsound: Vec<PathBuf>,
    healed: Vec<PathBuf>,
    /// Set until the file is settled, and while a change is on its way; stays set when it fails.
    stopped: bool,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeyFile")
            .field("directory", &self.directory)
            .field("generation", &self.text.generation)
            .field("lines", &self.text.lines.len())
            .finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Makes a keys file with its first keys in a directory that has none, durable on return.
    ///
    /// # Errors
    /// [`KeyError::Exists`], [`KeyError::Name`], [`KeyError::Taken`], [`KeyError::Disk`].
    pub fn create(disk: Arc<dyn Disk>, directory: &Path, keys: &[NewKey]) -> Result<Self, KeyError> {
        create_directory_durably(&*disk, directory).map_err(failed("create", directory))?;
        restrict(directory, 0o700).map_err(failed("restrict", directory))?;
        for name in COPIES {
            let path = directory.join(name);
            if disk.length(&path).map_err(failed("look at", &path))?.is_some() {
                return Err(KeyError::Exists { directory: directory.to_owned() });
            }
        }
        let text = KeyText { generation: 1, destroyed: Vec::new(), lines: Vec::new() };
        let mut file = Self::with_text(disk, directory, text);
        let lines = file.new_lines(keys)?;
        file.text.lines = lines;
        file.index();
        file.write_both()?;
        Ok(file)
    }

    /// Reads the keys file as both copies together have it, and writes nothing: until
    /// [`KeyFile::settle`] it can be looked into and not changed. A caller who finds that these are not
    /// the keys it wants leaves the directory as it was.
    ///
    /// # Errors
    /// [`KeyError::Missing`]; [`KeyError::In`] with the file and [`KeyError::Damaged`] or
    /// [`KeyError::Disagree`] with the line; [`KeyError::Disk`].
    pub fn read(disk: Arc<dyn Disk>, directory: &Path) -> Result<Self, KeyError> {
        let mut copies = [None, None];
        let mut in_place = [false, false];
        for ((copy, in_place), name) in copies.iter_mut().zip(&mut in_place).zip(COPIES) {
            let path = directory.join(name);
            *copy = read_optional(&*disk, &path)?;
            *in_place = copy.is_some();
            if copy.is_none() {
                // A replacement was cut short between its two renames: the old file is the copy.
                *copy = read_optional(&*disk, &aside(&path, "old"))?;
            }
        }
        let [first, second] = &copies;
        if first.is_none() && second.is_none() {
            return Err(KeyError::Missing { directory: directory.to_owned() });
        }
        let text = merge(first.as_ref().map(|bytes| &bytes[..]), second.as_ref().map(|bytes| &bytes[..]))
            .map_err(|source| KeyError::In { path: directory.join(COPIES[0]), source: Box::new(source) })?;
        let mut file = Self::with_text(disk, directory, text);
        let whole = file.text.render();
        file.length_bytes = whole.len() as u64;
        for ((copy, in_place), name) in copies.iter().zip(in_place).zip(COPIES) {
            if !in_place || copy.as_ref().is_none_or(|bytes| **bytes != *whole) {
                file.unsound.push(directory.join(name));
            }
        }
        file.stopped = true;
        Ok(file)
    }

    /// No key at all, of a directory that is not read; it cannot be changed.
    #[must_use]
    pub fn none(disk: Arc<dyn Disk>, directory: &Path) -> Self {
        let text = KeyText { generation: 1, destroyed: Vec::new(), lines: Vec::new() };
        Self { stopped: true, ..Self::with_text(disk, directory, text) }
    }

    /// Heals each copy from the other, finishes an interrupted erasure, wipes what an interrupted
    /// replacement left, and lets the keys be changed from here on.
    ///
    /// # Errors
    /// [`KeyError::Disk`]; then the next one goes on with it.
    pub fn settle(&mut self) -> Result<(), KeyError> {
        let whole = self.text.render();
        for name in COPIES {
            let path = self.directory.join(name);
            if self.unsound.contains(&path) {
                self.replace(&path, &whole)?;
                // Crash here: one copy is whole, and the other is healed from it.
                self.healed.push(path.clone());
            }
            for leftover in ["old", "new"] {
                self.wipe(&aside(&path, leftover))?;
            }
        }
        self.unsound.clear();
        self.stopped = false;
        Ok(())
    }

    /// Reads and settles in one step, for keys that nothing else has to agree with.
    ///
    /// # Errors
    /// As [`KeyFile::read`], and then nothing was changed; as [`KeyFile::settle`].
    pub fn open(disk: Arc<dyn Disk>, directory: &Path) -> Result<Self, KeyError> {
        let mut file = Self::read(disk, directory)?;
        file.settle()?;
        Ok(file)
    }

    /// Whether a directory holds any part of a keys file.
    ///
    /// # Errors
    /// [`KeyError::Disk`].
    pub fn exists(disk: &dyn Disk, directory: &Path) -> Result<bool, KeyError> {
        for name in COPIES {
            let path = directory.join(name);
            for path in [aside(&path, "old"), path] {
                if disk.length(&path).map_err(failed("look at", &path))?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The names of all subject keys, live and destroyed: what a frame of the vault may name.
    #[must_use]
    pub fn key_ids(&self) -> HashSet<[u8; 16]> {
        let id = |line: &Line| match line.entry {
            Entry::Subject { id, .. } | Entry::Destroyed { id, .. } => Some(id),
            Entry::Signing { .. } => None,
        };
        self.text.lines.iter().filter_map(id).collect()
    }

    /// Every key that is no signing key, by name and group, and whether it is alive.
    pub fn subject_keys(&self) -> impl Iterator<Item = (&str, Group, bool)> {
        self.text.lines.iter().filter_map(|line| match &line.entry {
            Entry::Subject { subject, group, .. } => Some((subject.as_str(), *group, true)),
            Entry::Destroyed { subject, group, .. } => Some((subject.as_str(), *group, false)),
            Entry::Signing { .. } => None,
        })
    }

    /// The copies that were found damaged, torn or behind, and that settling wrote anew.
    #[must_use]
    pub fn healed(&self) -> &[PathBuf] {
        &self.healed
    }

    /// Number of erasures so far, plus one.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.text.generation
    }

    /// The newest signing secret of a purpose.
    #[must_use]
    pub fn signing(&self, purpose: &str) -> Option<&Secret> {
        self.text.lines.iter().rev().find_map(|line| match &line.entry {
            Entry::Signing { purpose: own, seed } if own == purpose => Some(seed),
            _ => None,
        })
    }

    /// Every signing secret of a purpose, the oldest first. Which of them is in use is not for this file to say:
    /// a rotation that was cut short leaves one that never signed.
    pub fn signing_secrets(&self, purpose: &str) -> impl Iterator<Item = &Secret> {
        self.text.lines.iter().filter_map(move |line| match &line.entry {
            Entry::Signing { purpose: own, seed } if own == purpose => Some(seed),
            _ => None,
        })
    }

    /// The key of one group of a subject's sealed fields.
    #[must_use]
    pub fn get(&self, subject: &str, group: Group) -> KeyLookup {
        let found = self.subjects.get(&(subject.to_owned(), group));
        match found.and_then(|place| self.text.lines.get(*place)).map(|line| &line.entry) {
            Some(Entry::Subject { id, key, .. }) => {
                KeyLookup::Live(SubjectKey { id: *id, secret: key.clone() })
            }
            Some(Entry::Destroyed { .. }) => KeyLookup::Destroyed,
            _ => KeyLookup::Unknown,
        }
    }

    /// Adds keys, durable in both copies on return.
    ///
    /// # Errors
    /// [`KeyError::Taken`] and [`KeyError::Name`] before anything is written; [`KeyError::Disk`],
    /// after which only reopening tells how many of them, from the first on, were kept: look each up
    /// before adding it again; [`KeyError::Stopped`].
    pub fn add(&mut self, keys: &[NewKey]) -> Result<(), KeyError> {
        self.refuse_if_stopped()?;
        let lines = self.new_lines(keys)?;
        if lines.is_empty() {
            return Ok(());
        }
        let bytes = render_lines(self.text.lines.len() as u64 + 1, &lines);
        let at = self.length_bytes;
        self.stopped = true;
        for name in COPIES {
            let path = self.directory.join(name);
            let mut file = self.disk.open(&path).map_err(failed("open", &path))?;
            file.write_at(at, &bytes).map_err(failed("append to", &path))?;
            // Crash here: a torn tail. In the first copy it is cut off when nothing of it is
            // readable in either; in the second it is healed from the first.
            file.sync().map_err(failed("sync", &path))?;
            // Crash here after the first copy: the keys are kept, unused, and copied to the second.
        }
        // Crash here: both copies have the keys.
        self.length_bytes += bytes.len() as u64;
        self.text.lines.extend(lines);
        self.index();
        self.stopped = false;
        Ok(())
    }

    /// Destroys the keys of these subjects and groups in both copies, durable on return. Those that
    /// are destroyed already, or never were, are passed over, so that an erasure can be resumed.
    /// Answers how many were alive.
    ///
    /// # Errors
    /// [`KeyError::Disk`], after which reopening finishes the destruction once it has begun;
    /// [`KeyError::Stopped`].
    pub fn destroy(&mut self, keys: &[(&str, Group)]) -> Result<usize, KeyError> {
        self.refuse_if_stopped()?;
        let mut numbers = Vec::new();
        for (subject, group) in keys {
            if let Some(place) = self.subjects.get(&((*subject).to_owned(), *group))
                && matches!(self.text.lines[*place].entry, Entry::Subject { .. })
            {
                numbers.push(*place as u64 + 1);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() {
            return Ok(0);
        }
        // Memory first: whatever the disk does, this process uses these keys no more.
        for (number, line) in (1..).zip(&mut self.text.lines) {
            if numbers.binary_search(&number).is_ok() {
                line.entry = line.entry.destroyed();
            }
        }
        self.text.generation += 1;
        self.text.destroyed = numbers;
        self.write_both()?;
        Ok(self.text.destroyed.len())
    }

    fn with_text(disk: Arc<dyn Disk>, directory: &Path, text: KeyText) -> Self {
        let directory = directory.to_owned();
        let mut file = Self {
            disk,
            directory,
            text,
            subjects: HashMap::new(),
            indexed: 0,
            length_bytes: 0,
            unsound: Vec::new(),
            healed: Vec::new(),
            stopped: false,
        };
        file.index();
        file
    }

    fn index(&mut self) {
        for (place, line) in self.text.lines.iter().enumerate().skip(self.indexed) {
            if let Entry::Subject { subject, group, .. } | Entry::Destroyed { subject, group, .. } =
                &line.entry
            {
                self.subjects.insert((subject.clone(), *group), place);
            }
        }
        self.indexed = self.text.lines.len();
    }

    fn refuse_if_stopped(&self) -> Result<(), KeyError> {
        if self.stopped { Err(KeyError::Stopped) } else { Ok(()) }
    }

    /// The lines for these keys, checked against each other and what is there.
    fn new_lines(&self, keys: &[NewKey]) -> Result<Vec<Line>, KeyError> {
        let append = self.text.lines.last().map_or(0, |line| line.append) + 1;
        let mut taken = HashSet::new();
        let mut lines = Vec::with_capacity(keys.len());
        for key in keys {
            let entry = match key {
                NewKey::Signing { purpose, seed } => {
                    check_name(purpose)?;
                    Entry::Signing { purpose: purpose.clone(), seed: seed.clone() }
                }
                NewKey::Subject { subject, group, key } => {
                    check_name(subject)?;
                    let place = (subject.clone(), *group);
                    if self.subjects.contains_key(&place) || !taken.insert(place) {
                        return Err(KeyError::Taken { subject: subject.clone(), group: *group });
                    }
                    let (id, key) = (key.id, key.secret.clone());
                    Entry::Subject { subject: subject.clone(), group: *group, id, key }
                }
            };
            lines.push(Line { append, entry });
        }
        Ok(lines)
    }

    fn write_both(&mut self) -> Result<(), KeyError> {
        self.stopped = true;
        let whole = self.text.render();
        self.length_bytes = whole.len() as u64;
        for name in COPIES {
            self.replace(&self.directory.join(name), &whole)?;
            // Crash here after the first copy: it has the higher generation, and opening brings the
            // second up to it.
        }
        self.stopped = false;
        Ok(())
    }

    /// Puts `bytes` in place of a copy and overwrites what was there.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
        let (new, old) = (aside(path, "new"), aside(path, "old"));
        // What an earlier replacement left there is overwritten too, and not only cut off.
        self.wipe(&new)?;
        let mut file = self.disk.open(&new).map_err(failed("open", &new))?;
        restrict(&new, 0o600).map_err(failed("restrict", &new))?;
        file.set_length(0).map_err(failed("cut", &new))?;
        file.write_at(0, bytes).map_err(failed("write", &new))?;
        file.sync().map_err(failed("sync", &new))?;
        drop(file);
        // Crash here: the copy is as before; opening wipes the file aside.
        if self.disk.length(path).map_err(failed("look at", path))?.is_some() {
            // Nothing rests on an older one while the copy itself is there. Crash here: as before.
            self.wipe(&old)?;
            self.disk.rename(path, &old).map_err(failed("set aside", path))?;
            // Before its name is taken: else a crash could keep the second renaming alone, and the old copy would
            // lose its only name before it is overwritten.
            self.disk.sync_directory(&self.directory).map_err(failed("sync", &self.directory))?;
        }
        // Crash here: no copy under this name; opening takes the one set aside for it.
        self.disk.rename(&new, path).map_err(failed("rename over", path))?;
        // Crash here: either of both, or neither, is under the name, and the old one aside.
        self.disk.sync_directory(&self.directory).map_err(failed("sync", &self.directory))?;
        // Crash here: the new copy is in place; opening wipes the old one.
        self.wipe(&old)
    }

    /// Overwrites a file with zeros and removes it; fine when it is absent.
    fn wipe(&self, path: &Path) -> Result<(), KeyError> {
        let Some(length) = self.disk.length(path).map_err(failed("look at", path))? else {
            return Ok(());
        };
        let mut file = self.disk.open(path).map_err(failed("open", path))?;
        let zeros = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        file.write_at(0, &zeros).map_err(failed("overwrite", path))?;
        file.sync().map_err(failed("sync", path))?;
        // Crash here: a file of zeros, removed on the next open.
        drop(file);
        self.disk.remove(path).map_err(failed("remove", path))?;
        self.disk.sync_directory(&self.directory).map_err(failed("sync", &self.directory))
        // Crash here: gone.
    }
}

fn aside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let visible = name.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=200).contains(&name.len()) {
        Ok(())
    } else {
        Err(KeyError::Name { name: name.to_owned() })
    }
}

fn read_optional(disk: &dyn Disk, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed("read", path)(source)),
    }
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::Disk { operation, path, source }
}

/// Keeps other users of the machine out. A disk that is not the machine's own (in tests) has no such
/// path, and no other users either.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
pub(crate) fn restrict(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
