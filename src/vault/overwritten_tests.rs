//! What erasing leaves on the medium: no byte of a destroyed key, in files that have a name or had one.

use std::path::Path;
use std::sync::Arc;

use super::keys::{KeyFile, KeyLookup, NewKey, Secret, SubjectKey};
use crate::disk::Disk as _;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use jejak_events::sealed::Group;

const SUBJECT: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000a";
const OTHER: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000b";
/// The keys of attachments lie in the same file.
const EVIDENCE: &str = "evidence/5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

fn home() -> &'static Path {
    Path::new("/keys")
}

fn key(subject: &str, group: Group, byte: u8) -> NewKey {
    let key = SubjectKey { id: [byte; 16], secret: Secret::new([byte; 32]) };
    NewKey::Subject { subject: subject.to_owned(), group, key }
}

fn filled() -> SimulatedDisk {
    let disk = SimulatedDisk::default();
    let keys = [
        key(SUBJECT, Group::Personal, 0xa1),
        key(SUBJECT, Group::Confidential, 0xa2),
        key(EVIDENCE, Group::Personal, 0xa3),
        key(OTHER, Group::Personal, 0xb1),
    ];
    KeyFile::create(Arc::new(disk.clone()), home(), &keys).unwrap();
    disk
}

fn open(disk: &SimulatedDisk) -> KeyFile {
    KeyFile::open(Arc::new(disk.clone()), home()).unwrap()
}

const GONE: [(&str, Group); 3] =
    [(SUBJECT, Group::Personal), (SUBJECT, Group::Confidential), (EVIDENCE, Group::Personal)];

/// How many files on the medium hold the key made of this byte.
fn holding(disk: &SimulatedDisk, byte: u8) -> usize {
    let text = format!("{byte:02x}").repeat(32);
    let holds = |file: &Vec<u8>| file.windows(text.len()).any(|part| part == text.as_bytes());
    disk.medium().iter().filter(|file| holds(file)).count()
}

#[test]
fn the_bytes_of_destroyed_keys_are_overwritten_before_their_file_is_removed() {
    let disk = filled();
    assert_eq!([0xa1, 0xa2, 0xa3, 0xb1].map(|byte| holding(&disk, byte)), [2; 4]);
    assert_eq!(open(&disk).destroy(&GONE).unwrap(), 3);
    assert_eq!([0xa1, 0xa2, 0xa3].map(|byte| holding(&disk, byte)), [0; 3], "in a file without a name");
    assert_eq!(holding(&disk, 0xb1), 2, "others stay, and only in the two copies");
}

#[test]
fn so_they_are_after_any_failure_once_the_file_is_opened_again() {
    let before = filled();
    let steps = {
        let disk = before.fork();
        let mut keys = open(&disk);
        disk.faults().plan(None);
        keys.destroy(&GONE).unwrap();
        disk.faults().count()
    };
    let (mut destroyed, mut kept) = (0, 0);
    for kind in [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::PowerCut]
    {
        for operation in 0..steps {
            for seed in 0..8 {
                let disk = before.fork();
                let mut keys = open(&disk);
                disk.faults().plan(Some(Fault { operation, kind }));
                keys.destroy(&GONE).unwrap_err();
                let disk = disk.crash(seed);
                let mut keys = open(&disk);
                let context = format!("{kind:?} at {operation}, {seed}");
                if matches!(keys.get(SUBJECT, Group::Personal), KeyLookup::Live(_)) {
                    kept += 1;
                    assert_eq!(keys.destroy(&GONE).unwrap(), 3, "{context}");
                } else {
                    destroyed += 1;
                }
                assert_eq!([0xa1, 0xa2, 0xa3].map(|byte| holding(&disk, byte)), [0; 3], "{context}");
                assert_eq!(open(&disk).get(OTHER, Group::Personal), live(0xb1), "{context}");
            }
        }
    }
    assert!(destroyed > 100 && kept > 100, "{destroyed} {kept}");
}

fn live(byte: u8) -> KeyLookup {
    KeyLookup::Live(SubjectKey { id: [byte; 16], secret: Secret::new([byte; 32]) })
}

/// What two healings that were cut short left aside, with keys that were alive then.
#[test]
fn leftovers_are_overwritten_too_whatever_takes_their_place() {
    let disk = filled();
    let whole = disk.read(&home().join("keys-a")).unwrap();
    for leftover in ["keys-a.old", "keys-a.new", "keys-b.old", "keys-b.new"] {
        disk.put(&home().join(leftover), &whole);
    }
    let mut torn = whole.clone();
    torn.truncate(whole.len() - 9);
    disk.put(&home().join("keys-b"), &torn);
    let mut keys = open(&disk);
    keys.destroy(&GONE).unwrap();
    // The torn copy was put down over a file that nothing of the registry removed.
    let left = [0xa1, 0xa2, 0xa3].map(|byte| holding(&disk, byte));
    assert_eq!(left, [1; 3], "only in the file that this test replaced by hand");
}
