//! The keys file under damage, and a crash at every step.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::disk::DiskFile;

/// What a failing operation has done before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Persisted {
    Nothing,
    Half,
    All,
}

#[derive(Debug)]
struct Files {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// Operations that still succeed, and what the next one leaves.
    steps_left: Option<(u32, Persisted)>,
}

/// Files in memory; after a chosen number of steps the power is gone.
#[derive(Clone, Debug)]
struct CrashDisk(Arc<Mutex<Files>>);

impl CrashDisk {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Files { files: BTreeMap::new(), steps_left: None })))
    }

    fn copy(&self) -> Self {
        let files = self.0.lock().unwrap().files.clone();
        Self(Arc::new(Mutex::new(Files { files, steps_left: None })))
    }

    fn crash_after(&self, steps: u32, persisted: Persisted) {
        self.0.lock().unwrap().steps_left = Some((steps, persisted));
    }

    fn edit(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.0.lock().unwrap().files.get_mut(&home().join(name)).unwrap());
    }

    fn content(&self, name: &str) -> Vec<u8> {
        self.0.lock().unwrap().files[&home().join(name)].clone()
    }

    fn names(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap()
            .files
            .keys()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    /// One step: `apply` with the share of it that persists.
    fn step(&self, apply: impl FnOnce(&mut Files, Persisted)) -> io::Result<()> {
        let mut files = self.0.lock().unwrap();
        match &mut files.steps_left {
            Some((0, persisted)) => {
                let persisted = *persisted;
                // Only the first failing step leaves anything: then the power is gone.
                files.steps_left = Some((0, Persisted::Nothing));
                apply(&mut files, persisted);
                return Err(io::Error::other("power cut"));
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        apply(&mut files, Persisted::All);
        Ok(())
    }
}

impl Disk for CrashDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.lock().unwrap().files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        Ok(self.0.lock().unwrap().files.get(path).map(|bytes| bytes.len() as u64))
    }
    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(self.names())
    }
    fn create_directory(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step(|files, persisted| {
            if persisted == Persisted::All {
                files.files.entry(path.to_owned()).or_default();
            }
        })?;
        Ok(Box::new(CrashFile { disk: self.clone(), path: path.to_owned() }))
    }
    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.read(path)?;
        Ok(Box::new(CrashFile { disk: self.clone(), path: path.to_owned() }))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|files, persisted| {
            if persisted == Persisted::All {
                let bytes = files.files.remove(from).unwrap();
                files.files.insert(to.to_owned(), bytes);
            }
        })
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(|files, persisted| {
            if persisted == Persisted::All {
                files.files.remove(path).unwrap();
            }
        })
    }
    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        self.step(|_, _| {})
    }
    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

#[derive(Debug)]
struct CrashFile {
    disk: CrashDisk,
    path: PathBuf,
}

impl DiskFile for CrashFile {
    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
        unreachable!("the keys file is read whole")
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.step(|files, persisted| {
            let share = match persisted {
                Persisted::Nothing => 0,
                Persisted::Half => bytes.len() / 2,
                Persisted::All => bytes.len(),
            };
            if share > 0 {
                let (file, offset) = (files.files.get_mut(&self.path).unwrap(), offset as usize);
                file.resize(file.len().max(offset + share), 0);
                file[offset..offset + share].copy_from_slice(&bytes[..share]);
            }
        })
    }
    fn set_length(&mut self, length_bytes: u64) -> io::Result<()> {
        self.disk.step(|files, persisted| {
            if persisted == Persisted::All {
                files.files.get_mut(&self.path).unwrap().resize(length_bytes as usize, 0);
            }
        })
    }
    fn sync(&mut self) -> io::Result<()> {
        self.disk.step(|_, _| {})
    }
}

/// A path that the machine does not have.
fn home() -> &'static Path {
    Path::new("/nonexistent-on-purpose/keys")
}

fn secret(number: u8) -> Secret {
    Secret::new([number; 32])
}

fn subject_key(number: u8) -> SubjectKey {
    SubjectKey { id: [number; 16], secret: secret(number) }
}

fn new_subject(subject: &str, group: Group, number: u8) -> NewKey {
    NewKey::Subject { subject: subject.to_owned(), group, key: subject_key(number) }
}

fn signing(purpose: &str, number: u8) -> NewKey {
    NewKey::Signing { purpose: purpose.to_owned(), seed: secret(number) }
}

/// Two signing secrets, then three keys in two appends.
fn filled() -> CrashDisk {
    let disk = CrashDisk::new();
    let first = [signing("checkpoint", 0xa1), signing("attestation", 0xa2)];
    let mut keys = KeyFile::create(Arc::new(disk.clone()), home(), &first).unwrap();
    let two = [new_subject("person/1", Group::Personal, 0x31), new_subject("ikm/1", Group::Personal, 0x32)];
    keys.add(&two).unwrap();
    keys.add(&[new_subject("ikm/1", Group::Confidential, 0x33)]).unwrap();
    disk
}

fn open(disk: &CrashDisk) -> Result<KeyFile, KeyError> {
    KeyFile::open(Arc::new(disk.clone()), home())
}

fn live(number: u8) -> KeyLookup {
    KeyLookup::Live(subject_key(number))
}

fn assert_all_there(keys: &KeyFile, case: &str) {
    assert_eq!(keys.signing("checkpoint"), Some(&secret(0xa1)), "{case}");
    assert_eq!(keys.signing("attestation"), Some(&secret(0xa2)), "{case}");
    assert_eq!(keys.get("person/1", Group::Personal), live(0x31), "{case}");
    assert_eq!(keys.get("ikm/1", Group::Personal), live(0x32), "{case}");
    assert_eq!(keys.get("ikm/1", Group::Confidential), live(0x33), "{case}");
}

/// Line number (from 1) of the error, whose message must name the file too.
fn damaged_line(outcome: Result<KeyFile, KeyError>) -> u64 {
    let error = outcome.unwrap_err();
    assert!(error.to_string().contains("keys-a"), "{error}");
    let KeyError::In { source, .. } = error else { panic!("{error}") };
    let KeyError::Damaged { line } = *source else { panic!("{source}") };
    line
}

#[test]
fn keys_are_kept_and_told_apart() {
    let disk = filled();
    let mut keys = open(&disk).unwrap();
    assert_all_there(&keys, "reopened");
    assert!(keys.healed().is_empty());
    assert_eq!(keys.get("person/1", Group::Confidential), KeyLookup::Unknown);
    assert_eq!(keys.get("person/2", Group::Personal), KeyLookup::Unknown);
    assert_eq!(keys.signing("recovery"), None);
    assert_eq!(disk.content("keys-a"), disk.content("keys-b"));
    keys.add(&[signing("checkpoint", 0xa3)]).unwrap();
    assert_eq!(open(&disk).unwrap().signing("checkpoint"), Some(&secret(0xa3)));
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_written() {
    let disk = filled();
    let before = disk.content("keys-a");
    let mut keys = open(&disk).unwrap();
    let fresh = new_subject("person/9", Group::Personal, 9);
    for wrong in [
        new_subject("person/1", Group::Personal, 5),
        fresh.clone(),
        new_subject("person 2", Group::Personal, 5),
        new_subject("", Group::Personal, 5),
        new_subject("person/2\n", Group::Personal, 5),
        signing("check point", 5),
    ] {
        keys.add(&[fresh.clone(), wrong]).unwrap_err();
    }
    assert_eq!(keys.get("person/9", Group::Personal), KeyLookup::Unknown);
    assert_eq!(disk.content("keys-a"), before);
    let exists = KeyFile::create(Arc::new(disk), home(), &[]).unwrap_err();
    assert!(matches!(exists, KeyError::Exists { .. }), "{exists}");
    assert!(matches!(open(&CrashDisk::new()), Err(KeyError::Missing { .. })));
}

#[test]
fn every_flipped_byte_and_every_cut_of_either_copy_heals() {
    let sound = filled();
    let whole = sound.content("keys-a");
    for name in COPIES {
        for offset in 0..whole.len() {
            for flip in [Some(0x01), Some(0x20), Some(b'\n' ^ whole[offset]), None] {
                let disk = sound.copy();
                disk.edit(name, |bytes| match flip {
                    Some(bits) => bytes[offset] ^= bits,
                    None => bytes.truncate(offset),
                });
                let case = format!("{name} at {offset}, {flip:?}");
                assert_all_there(&open(&disk).unwrap_or_else(|error| panic!("{case}: {error}")), &case);
                assert_eq!(disk.content("keys-a"), whole, "{case}");
                assert_eq!(disk.content("keys-b"), whole, "{case}");
                assert_eq!(disk.names(), COPIES, "{case}");
            }
        }
    }
    for name in COPIES {
        let disk = sound.copy();
        disk.0.lock().unwrap().files.remove(&home().join(name));
        let keys = open(&disk).unwrap();
        assert_all_there(&keys, name);
        assert_eq!(keys.healed(), [home().join(name)]);
    }
}

/// Offset of the middle of each line.
fn line_middles(bytes: &[u8]) -> Vec<usize> {
    let mut start = 0;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            start += line.len();
            start - line.len() / 2
        })
        .collect()
}

#[test]
fn both_copies_damaged_heal_line_by_line_or_name_the_line() {
    let sound = filled();
    let middles = line_middles(&sound.content("keys-a"));
    assert_eq!(middles.len(), 6);
    for (line, middle) in (1..).zip(&middles) {
        for (other_line, other) in (1..).zip(&middles) {
            let disk = sound.copy();
            disk.edit("keys-a", |bytes| bytes[*middle] ^= 1);
            disk.edit("keys-b", |bytes| bytes[*other] ^= 1);
            let before = disk.0.lock().unwrap().files.clone();
            if line == other_line {
                assert_eq!(damaged_line(open(&disk)), line);
                assert_eq!(disk.0.lock().unwrap().files, before, "a refusal changes nothing");
            } else {
                assert_all_there(&open(&disk).unwrap(), &format!("lines {line} and {other_line}"));
            }
        }
    }
    // A line damaged in the first copy and lost, with more than the last append, from the second is
    // damage, not a torn append.
    let disk = sound.copy();
    disk.edit("keys-a", |bytes| bytes[middles[3]] ^= 1);
    disk.edit("keys-b", |bytes| bytes.truncate(middles[2]));
    assert_eq!(damaged_line(open(&disk)), 4);
}

#[test]
fn copies_of_different_registries_are_refused() {
    let (disk, other) = (filled(), CrashDisk::new());
    KeyFile::create(Arc::new(other.clone()), home(), &[signing("checkpoint", 1)]).unwrap();
    disk.edit("keys-b", |bytes| *bytes = other.content("keys-b"));
    let error = open(&disk).unwrap_err().to_string();
    assert!(error.contains("differ at line 2"), "{error}");
}

#[test]
fn a_crash_at_any_step_of_add_keeps_what_was_there() {
    let new =
        [new_subject("person/2", Group::Personal, 0x41), new_subject("person/3", Group::Personal, 0x42)];
    let sound = filled();
    let mut finished = false;
    for steps in 0.. {
        for persisted in [Persisted::Nothing, Persisted::Half, Persisted::All] {
            let disk = sound.copy();
            let mut keys = open(&disk).unwrap();
            disk.crash_after(steps, persisted);
            finished = keys.add(&new).is_ok();
            if !finished {
                assert!(matches!(keys.add(&new), Err(KeyError::Stopped)));
            }
            let case = format!("{persisted:?} of step {steps}");
            let disk = disk.copy();
            let mut keys = open(&disk).unwrap_or_else(|error| panic!("{case}: {error}"));
            assert_all_there(&keys, &case);
            for (subject, number) in [("person/2", 0x41), ("person/3", 0x42)] {
                let found = keys.get(subject, Group::Personal);
                assert!(found == live(number) || !finished && found == KeyLookup::Unknown, "{case}");
            }
            assert_eq!(disk.content("keys-a"), disk.content("keys-b"), "{case}");
            keys.add(&[new_subject("person/4", Group::Personal, 0x43)]).unwrap();
            assert_eq!(open(&disk).unwrap().get("person/4", Group::Personal), live(0x43), "{case}");
        }
        if finished {
            assert!(steps > 4, "open, write and sync of both copies");
            return;
        }
    }
}

fn holds(disk: &CrashDisk, byte: u8) -> bool {
    let needle = format!("{byte:02x}").repeat(32);
    let files = &disk.0.lock().unwrap().files;
    files.values().any(|bytes| bytes.windows(64).any(|window| window == needle.as_bytes()))
}

#[test]
fn a_crash_at_any_step_of_destroy_finishes_or_undoes_it() {
    let erased = [("person/1", Group::Personal), ("ikm/1", Group::Personal), ("ikm/7", Group::Personal)];
    let sound = filled();
    let mut seen = [0, 0];
    for steps in 0.. {
        let mut finished = false;
        for persisted in [Persisted::Nothing, Persisted::Half, Persisted::All] {
            let disk = sound.copy();
            let mut keys = open(&disk).unwrap();
            disk.crash_after(steps, persisted);
            finished = keys.destroy(&erased).is_ok();
            assert_eq!(keys.get("person/1", Group::Personal), KeyLookup::Destroyed, "at once in memory");
            let case = format!("{persisted:?} of step {steps}");
            let disk = disk.copy();
            let begun = disk.0.lock().unwrap().files.iter().any(|(path, bytes)| {
                path.extension().is_none() && bytes.windows(9).any(|window| window == b"destroyed")
            });
            let mut keys = open(&disk).unwrap_or_else(|error| panic!("{case}: {error}"));
            let found = keys.get("person/1", Group::Personal);
            let expected = if begun { KeyLookup::Destroyed } else { live(0x31) };
            assert_eq!(found, expected, "{case}");
            seen[usize::from(begun)] += 1;
            assert!(begun || !finished, "{case}");
            assert_eq!(keys.get("ikm/1", Group::Confidential), live(0x33), "{case}");
            assert_eq!(disk.names(), COPIES, "{case}");
            assert_eq!(holds(&disk, 0x31), !begun, "{case}");
            // Resumed, as the registry does on open.
            keys.destroy(&erased).unwrap();
            let keys = open(&disk).unwrap();
            assert_eq!(keys.generation(), 2, "{case}");
            assert_eq!(keys.get("person/1", Group::Personal), KeyLookup::Destroyed, "{case}");
            assert_eq!(keys.get("ikm/1", Group::Personal), KeyLookup::Destroyed, "{case}");
            assert!(!holds(&disk, 0x31) && !holds(&disk, 0x32) && holds(&disk, 0x33), "{case}");
        }
        if finished {
            assert!(seen[0] > 10 && seen[1] > 10, "{seen:?}");
            return;
        }
    }
}

#[test]
fn damage_on_top_of_an_interrupted_erasure_never_brings_a_key_back() {
    let before = filled();
    let after = before.copy();
    open(&after).unwrap().destroy(&[("person/1", Group::Personal)]).unwrap();
    let new = after.content("keys-a");
    // Either copy at the new generation, every byte of it flipped once.
    for (new_name, old_name) in [("keys-a", "keys-b"), ("keys-b", "keys-a")] {
        for offset in 0..new.len() {
            let disk = before.copy();
            disk.edit(new_name, |bytes| {
                *bytes = new.clone();
                bytes[offset] ^= 1;
            });
            let keys = open(&disk).unwrap_or_else(|error| panic!("{old_name}, {offset}: {error}"));
            assert_eq!(keys.get("person/1", Group::Personal), KeyLookup::Destroyed, "{old_name}, {offset}");
            assert_eq!(keys.get("ikm/1", Group::Personal), live(0x32));
            assert!(!holds(&disk, 0x31));
        }
    }
    // A copy two erasures old knows keys that are gone: it heals nothing but what cannot be gone.
    let disk = after.copy();
    open(&disk).unwrap().destroy(&[("ikm/1", Group::Confidential)]).unwrap();
    let middles = line_middles(&disk.content("keys-a"));
    disk.edit("keys-a", |bytes| bytes[middles[3]] ^= 1);
    disk.edit("keys-b", |bytes| *bytes = before.content("keys-b"));
    assert_eq!(damaged_line(open(&disk)), 4);
}

#[test]
fn a_destroyed_key_is_never_replaced() {
    let disk = filled();
    let mut keys = open(&disk).unwrap();
    assert_eq!(keys.destroy(&[("person/1", Group::Personal), ("person/1", Group::Personal)]).unwrap(), 1);
    assert_eq!(keys.destroy(&[("person/1", Group::Personal)]).unwrap(), 0);
    let error = keys.add(&[new_subject("person/1", Group::Personal, 9)]).unwrap_err();
    assert!(matches!(error, KeyError::Taken { .. }), "{error}");
    keys.add(&[new_subject("person/5", Group::Personal, 0x51)]).unwrap();
    let keys = open(&disk).unwrap();
    assert!(keys.healed().is_empty());
    assert_eq!(keys.get("person/1", Group::Personal), KeyLookup::Destroyed);
    assert_eq!(keys.get("person/5", Group::Personal), live(0x51));
}

#[test]
fn nothing_prints_a_secret() {
    let keys = open(&filled()).unwrap();
    let key = new_subject("person/1", Group::Personal, 0xab);
    let printed = format!("{keys:?} {key:?} {:?}", keys.get("person/1", Group::Personal));
    assert!(printed.contains("Secret(..)"));
    for number in [0xab_u8, 0x31] {
        assert_eq!(printed.matches(&vec![number.to_string(); 17].join(", ")).count(), 0, "{printed}");
    }
}

/// The machine's files, as far as the keys file needs them.
#[derive(Debug)]
struct MachineDisk;

#[derive(Debug)]
struct MachineFile(std::fs::File);

impl Disk for MachineDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        match std::fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        unreachable!("the keys file lists nothing")
    }
    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        std::fs::create_dir_all(directory)
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = std::fs::File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Box::new(MachineFile(file)))
    }
    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(MachineFile(std::fs::File::open(path)?)))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        std::fs::File::open(directory)?.sync_all()
    }
    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        unreachable!("the keys file does not ask")
    }
}

impl DiskFile for MachineFile {
    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
        unreachable!("the keys file is read whole")
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        use std::io::{Seek, Write};
        self.0.seek(io::SeekFrom::Start(offset))?;
        self.0.write_all(bytes)
    }
    fn set_length(&mut self, length_bytes: u64) -> io::Result<()> {
        self.0.set_len(length_bytes)
    }
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(unix)]
#[test]
fn on_the_machine_only_the_owner_may_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("keys");
    let disk: Arc<dyn Disk> = Arc::new(MachineDisk);
    let mut keys = KeyFile::create(disk.clone(), &directory, &[signing("checkpoint", 1)]).unwrap();
    keys.add(&[new_subject("person/1", Group::Personal, 2), new_subject("ikm/1", Group::Personal, 3)])
        .unwrap();
    keys.destroy(&[("person/1", Group::Personal)]).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600);
    }
    let keys = KeyFile::open(disk, &directory).unwrap();
    assert!(keys.healed().is_empty());
    assert_eq!(keys.get("person/1", Group::Personal), KeyLookup::Destroyed);
    assert_eq!(keys.get("ikm/1", Group::Personal), live(3));
}

#[test]
fn what_is_wrong_with_keys_is_said() {
    let mut said = crate::said::Said::new("keys");
    let disk = filled();
    let mut keys = open(&disk).unwrap();
    let refused = keys.add(&[new_subject("person/1", Group::Personal, 5)]);
    said.error("a second key", refused.unwrap_err());
    said.error("name", keys.add(&[new_subject("person 2", Group::Personal, 5)]).unwrap_err());
    said.error("exists", KeyFile::create(Arc::new(disk.clone()), home(), &[]).unwrap_err());
    said.error("missing", open(&CrashDisk::new()).unwrap_err());
    let other = CrashDisk::new();
    KeyFile::create(Arc::new(other.clone()), home(), &[signing("checkpoint", 1)]).unwrap();
    let mixed = disk.copy();
    mixed.edit("keys-b", |bytes| *bytes = other.content("keys-b"));
    said.error("of two registries", open(&mixed).unwrap_err());
    let middle = line_middles(&disk.content("keys-a"))[2];
    let damaged = disk.copy();
    COPIES.iter().for_each(|name| damaged.edit(name, |bytes| bytes[middle] ^= 1));
    said.error("damaged twice", open(&damaged).unwrap_err());
    // What was tried, by the steps of each change.
    let mut tried = std::collections::BTreeSet::new();
    for steps in 0..40 {
        for erase in [false, true] {
            let disk = disk.copy();
            let mut keys = open(&disk).unwrap();
            disk.crash_after(steps, Persisted::Nothing);
            let changed = if erase {
                keys.destroy(&[("person/1", Group::Personal)]).map(drop)
            } else {
                keys.add(&[new_subject("person/2", Group::Personal, 0x41)])
            };
            let Err(error) = changed else { continue };
            if let KeyError::Disk { operation, .. } = &error
                && tried.insert(*operation)
            {
                said.error(&format!("cannot {operation}"), &error);
            }
            if steps == 0 && erase {
                said.error("after a failure", keys.add(&[signing("checkpoint", 2)]).unwrap_err());
            }
        }
    }
    said.check();
}
