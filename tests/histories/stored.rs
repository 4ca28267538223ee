//! The stored state of random histories: live, loaded and read on, or read anew, it is the same; damaged, cut short or
//! of another log it is never taken.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jejak::disk::Disk;
use jejak::disk::sim::{Fault, FaultKind, SimulatedDisk};
use jejak::log::LogReader;
use jejak::readmodel::rebuild;
use jejak::readmodel::stored::{Loaded, StateFiles, StoredState, StoringError};
use jejak::registry::{Options, Registry, derive, store_anew};
use jejak::rules::machine::StateMachine;
use jejak::verify::verify;
use serde_json::json;

use super::dice::{Dice, certificate, ikm};
use super::step::{Step, play};
use super::{history, support};

const DIRECTORY: &str = "/elsewhere";

/// What a machine knows, without what differs from one machine to the next: the key of its ids.
pub fn contents(machine: &StateMachine) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let Ok(()) = machine.parts(|part| {
        parts.push(part);
        Ok::<_, Infallible>(())
    });
    without_key(parts)
}

fn without_key(mut parts: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    const KEY_BYTES: usize = 16;
    const IDS: usize = 1;
    parts[0].drain(..KEY_BYTES);
    parts.remove(IDS);
    parts
}

/// What an open registry knows.
pub fn known(registry: &Registry) -> Vec<Vec<u8>> {
    without_key(registry.machine_parts().unwrap())
}

pub fn assert_same(one: &[Vec<u8>], other: &[Vec<u8>]) {
    assert_eq!(one.len(), other.len());
    for (part, (one, other)) in one.iter().zip(other).enumerate() {
        assert!(one == other, "part {part} of the state differs");
    }
}

fn files(disk: &SimulatedDisk) -> StateFiles {
    StateFiles::of(Arc::new(disk.clone()), Path::new(DIRECTORY), 1 << 20)
}

/// Takes a state on to a size.
fn on(reader: &LogReader, state: StoredState, size: u64) -> StoredState {
    derive(reader, state, size, &|_| true).unwrap()
}

fn store(files: &StateFiles, state: &StoredState, reader: &LogReader) -> Result<(), StoringError> {
    files.store(&state.machine, &state.facts, reader.root_at(state.machine.size()).unwrap())
}

fn loaded(files: &StateFiles, reader: &LogReader) -> StoredState {
    let Loaded { state, problems } = files.load(reader);
    assert!(problems.is_empty(), "{problems:?}");
    state.expect("a state was stored")
}

fn assert_same_state(one: &StoredState, other: &StoredState) {
    assert_same(&contents(&one.machine), &contents(&other.machine));
    assert!(one.facts.encode().unwrap() == other.facts.encode().unwrap(), "other facts");
}

/// Every id is found at its index, and no other.
fn finds_all_ids(state: &StoredState, reader: &LogReader) {
    struct Events<'a>(&'a LogReader);
    impl jejak::rules::machine::EventReader for Events<'_> {
        fn event(
            &self,
            index: u64,
        ) -> Result<jejak_events::record::Event, jejak_projections::error::ReadFailure> {
            Ok(jejak_events::record::Event::read(&self.0.read(index)?)?)
        }
    }
    let events = Events(reader);
    for index in 0..state.machine.size() {
        let id = jejak_events::record::Event::read(&reader.read(index).unwrap()).unwrap().draft.id;
        assert_eq!(state.machine.index_of(id, &events).unwrap(), Some(index));
    }
    let none = jejak_events::identity::EventId::parse("0190ffff-0000-7000-8000-000000000000").unwrap();
    assert_eq!(state.machine.index_of(none, &events).unwrap(), None);
}

/// Stored at any size of the log and read on to its end, the state is that of the running registry.
pub fn goes_on_from_any_size(registry: &Registry) {
    let (reader, size) = (registry.reader(), registry.reader().size());
    let whole = on(reader, StoredState::default(), size);
    assert_same(&known(registry), &contents(&whole.machine));
    assert!(registry.snapshot().facts().encode().unwrap() == whole.facts.encode().unwrap(), "other facts");
    let files = files(&SimulatedDisk::default());
    let mut state = StoredState::default();
    for split in 1..=size {
        state = on(reader, state, split);
        store(&files, &state, reader).unwrap();
        let stored = loaded(&files, reader);
        assert_same_state(&stored, &state);
        if split % 5 == 0 {
            state.machine.settle();
            assert_same_state(&stored, &state);
        }
        let stored = on(reader, stored, size);
        assert_same_state(&stored, &whole);
        // What the next one is built on was itself read back.
        if split % 3 == 0 {
            state = loaded(&files, reader);
        }
        if split == size / 2 {
            finds_all_ids(&stored, reader);
        }
    }
}

/// A history in memory.
fn played(seed: u64) -> (Registry, Options) {
    let (options, clock) = support::in_memory(seed);
    let registry = support::created(&options);
    let played = history(&mut Dice::new(seed), registry, &clock, |_, _| {});
    (played.registry, options)
}

/// A disk with a state of half a log, the log, and the states of half and all of it.
fn half_stored() -> (SimulatedDisk, Registry, [StoredState; 2]) {
    let (registry, _) = played(7);
    let (reader, size) = (registry.reader(), registry.reader().size());
    let disk = SimulatedDisk::default();
    let half = on(reader, StoredState::default(), size / 2);
    store(&files(&disk), &half, reader).unwrap();
    let whole = on(reader, StoredState::default(), size);
    (disk, registry, [half, whole])
}

fn names(disk: &SimulatedDisk) -> Vec<String> {
    disk.list(&Path::new(DIRECTORY).join("state")).unwrap()
}

#[test]
fn a_crash_while_it_is_stored_leaves_what_was_stored_before_or_after() {
    let (disk, registry, [half, whole]) = half_stored();
    let reader = registry.reader();
    let dry = disk.fork();
    dry.faults().plan(None);
    store(&files(&dry), &whole, reader).unwrap();
    let operations = dry.faults().count();
    assert!(operations > 20, "{operations}");
    let (mut before, mut after, mut failed) = (0, 0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..operations {
            let disk = disk.fork();
            disk.faults().plan(Some(Fault { operation, kind }));
            failed += u64::from(store(&files(&disk), &whole, reader).is_err());
            for seed in 0..4 {
                let crashed = disk.crash(seed);
                let files = files(&crashed);
                let Loaded { state, problems } = files.load(reader);
                let state =
                    state.unwrap_or_else(|| panic!("{kind:?} at {operation}, crash {seed}: {problems:?}"));
                if state.machine.size() == half.machine.size() {
                    before += 1;
                    assert_same_state(&state, &half);
                } else {
                    after += 1;
                    assert_same_state(&state, &whole);
                }
                // What was left aside is in nobody's way.
                store(&files, &whole, reader).unwrap();
                assert_eq!(names(&crashed).len(), 2);
                assert_eq!(loaded(&files, reader).machine.size(), whole.machine.size());
            }
        }
    }
    assert!(before > 100 && after > 50 && failed > 50, "{before} {after} {failed}");
}

#[test]
fn damage_is_never_taken_for_the_state() {
    let (disk, registry, [half, _]) = half_stored();
    let (reader, files) = (registry.reader(), files(&disk));
    let mut tried = 0;
    let mut refuse = |path: &PathBuf, bytes: &[u8], sound: &[u8]| {
        disk.put(path, bytes);
        let Loaded { state, problems } = files.load(reader);
        assert!(state.is_none() && problems.len() == 1, "{} {} {problems:?}", path.display(), bytes.len());
        disk.put(path, sound);
        tried += 1;
    };
    let stored: BTreeMap<PathBuf, Vec<u8>> = disk.snapshot();
    assert_eq!(stored.len(), 2);
    for (path, sound) in &stored {
        for at in (0..sound.len()).filter(|at| *at < 200 || at % 11 == 0) {
            let mut flipped = sound.clone();
            flipped[at] ^= 1 << (at % 8);
            refuse(path, &flipped, sound);
        }
        for length in (0..sound.len()).filter(|length| *length < 100 || length % 97 == 0) {
            refuse(path, &sound[..length], sound);
        }
        refuse(path, &[&sound[..], &[0]].concat(), sound);
        disk.take(path);
        assert!(files.load(reader).state.is_none());
        disk.put(path, sound);
    }
    assert!(tried > 800, "{tried}");
    assert_same_state(&loaded(&files, reader), &half);
}

/// Bytes with a sound checksum that say anything at all are refused or read, and nothing panics.
#[test]
fn whatever_the_parts_say_nothing_panics() {
    let (_, registry, [half, _]) = half_stored();
    let (reader, size) = (registry.reader(), half.machine.size());
    let mut parts = Vec::new();
    let Ok(()) = half.machine.parts(|part| {
        parts.push(part);
        Ok::<_, Infallible>(())
    });
    let mut dice = Dice::new(11);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..3000 {
        let mut altered = parts.clone();
        let part = dice.below(altered.len() as u64) as usize;
        let part = &mut altered[part];
        if part.is_empty() {
            continue;
        }
        let at = dice.below(part.len() as u64) as usize;
        match dice.below(3) {
            0 => part[at] = dice.below(256) as u8,
            1 => part[at] ^= 0x80,
            _ => part.truncate(at),
        }
        match StateMachine::from_parts(size, altered) {
            None => refused += 1,
            Some(machine) => {
                read += 1;
                // It may answer wrongly, but it answers.
                let facts = half.facts.clone();
                let _ = contents_of_any(&machine);
                let _ = derive(reader, StoredState { machine, facts }, reader.size(), &|_| true);
            }
        }
    }
    assert!(read > 300 && refused > 300, "{read} {refused}");
    assert!(StateMachine::from_parts(size, parts[1..].to_vec()).is_none());
}

fn contents_of_any(machine: &StateMachine) -> usize {
    let mut parts = 0;
    let Ok(()) = machine.parts(|_| {
        parts += 1;
        Ok::<_, Infallible>(())
    });
    parts
}

#[test]
fn the_state_of_another_log_or_a_longer_one_is_not_taken() {
    let (disk, registry, [_, whole]) = half_stored();
    let (other, _) = played(8);
    let state =
        on(other.reader(), StoredState::default(), other.reader().size().min(registry.reader().size()));
    store(&files(&disk), &state, other.reader()).unwrap();
    let Loaded { state, problems } = files(&disk).load(registry.reader());
    assert!(state.is_none() && problems.len() == 1);
    assert!(problems[0].en.contains(" is not of this log and was not used: the log was read instead"));
    store(&files(&disk), &whole, registry.reader()).unwrap();
    let (fresh, _) = support::registry(7);
    assert!(files(&disk).load(fresh.reader()).state.is_none());
}

#[test]
fn a_full_disk_keeps_what_is_stored() {
    let (disk, registry, [half, whole]) = half_stored();
    disk.set_free_bytes(1 << 20);
    let error = store(&files(&disk), &whole, registry.reader()).unwrap_err();
    assert!(matches!(error, StoringError::File(error) if error.kind() == std::io::ErrorKind::StorageFull));
    assert_eq!(names(&disk).len(), 2, "nothing aside");
    assert_same_state(&loaded(&files(&disk), registry.reader()), &half);
}

#[test]
fn it_is_stored_at_closing_and_beside_the_writer_and_never_by_an_examination() {
    let (mut options, clock) = support::in_memory(21);
    options.state.closing_events = 3;
    let registry = support::created(&options);
    let disk = Arc::clone(&options.disk);
    let list = || disk.list(&options.dir.join("state")).unwrap();
    registry.close().unwrap();
    assert!(list().is_empty(), "one event is read in no time");
    let looking = Options { anchor_interval: None, ..options.clone() };
    let played = history(&mut Dice::new(21), Registry::open(&options).unwrap(), &clock, |_, _| {});
    let size = played.registry.reader().size();
    played.registry.close_without_anchor().unwrap();
    Registry::open(&looking).unwrap().close().unwrap();
    assert!(list().is_empty(), "an examination writes nothing");
    let opened = Registry::open(&options).unwrap();
    assert_eq!((opened.opened().state.stored, opened.opened().state.replayed), (0, size));
    opened.close().unwrap();
    assert_eq!(list(), [format!("{size:012}.facts"), format!("{size:012}.rules")]);
    let opened = Registry::open(&options).unwrap();
    assert_eq!((opened.opened().state.stored, opened.opened().state.replayed), (size, 0));
    // Beside the writer it is taken on from what is stored.
    let proposal = json!({"id": "0190ffff-0000-7000-8000-000000000001", "type": "id.jejak.ikm.registered.v1",
        "subject": format!("ikm/{}", ikm(77)), "time": "2025-01-06T00:00:00+07:00",
        "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
            "sole_proprietor": false, "name": "Batik"}});
    play(&opened, &clock, &Step::Propose { proposals: vec![proposal], atomic: false });
    let files = options.state_files();
    assert_eq!(store_anew(&files, opened.reader(), &AtomicBool::new(true)).unwrap(), None, "told to stop");
    assert_eq!(store_anew(&files, opened.reader(), &AtomicBool::new(false)).unwrap(), Some(size + 1));
    assert_same(&contents(&loaded(&files, opened.reader()).machine), &known(&opened));
    let report = verify(&opened, &options, rebuild::far_future(), &|_, _, _| true).unwrap();
    let state = report.checks.iter().find(|check| check.part == "state").unwrap();
    assert!(state.is_sound() && state.checked == size + 1 && state.notes.is_empty(), "{state:?}");
}

/// What was not taken is replaced at closing, however little was recorded since.
#[test]
fn a_damaged_state_is_replaced_at_closing() {
    let (mut options, _) = support::in_memory(22);
    options.state.closing_events = 1;
    let registry = support::created(&options);
    registry.close().unwrap();
    let disk = Arc::clone(&options.disk);
    let path = options.dir.join("state/000000000001.rules");
    let sound = disk.read(&path).unwrap();
    let mut file = disk.open(&path).unwrap();
    file.write_at(90, &[sound[90] ^ 1]).unwrap();
    drop(file);
    options.state.closing_events = u64::MAX;
    let opened = Registry::open(&options).unwrap();
    assert_eq!((opened.opened().state.stored, opened.opened().state.problems.len()), (0, 1));
    opened.close().unwrap();
    let opened = Registry::open(&options).unwrap();
    assert_eq!((opened.opened().state.stored, opened.opened().state.problems.len()), (1, 0));
}

/// A state that is whole and lies is found by an examination.
#[test]
fn a_state_that_lies_is_found() {
    let (registry, options) = played(7);
    let (other, _) = played(9);
    let reader = registry.reader();
    let size = reader.size().min(other.reader().size());
    let lie = on(other.reader(), StoredState::default(), size);
    let root = reader.root_at(size).unwrap();
    options.state_files().store(&lie.machine, &lie.facts, root).unwrap();
    assert!(options.state_files().load(reader).state.is_some(), "its checksum is right");
    registry.checkpoint().unwrap();
    let report = verify(&registry, &options, rebuild::far_future(), &|_, _, _| true).unwrap();
    let state = report.checks.iter().find(|check| check.part == "state").unwrap();
    assert_eq!(state.problems.len(), 2, "{:?}", state.problems);
    assert!(state.problems.iter().all(|problem| problem.en.contains("not what the log gives; delete ")));
}

/// Certificate numbers can be guessed back from their hashes: none stands in what is stored.
#[test]
fn nothing_sealed_is_stored() {
    use sha2::{Digest, Sha256};
    let (mut options, clock) = support::in_memory(3);
    options.state.closing_events = 1;
    let registry = support::created(&options);
    let (issuer, number, name) = ("LSIH B4T", "SIH-2025-0077", "Batik Kenanga Asri");
    let proposals = vec![
        json!({"id": "0190ffff-0000-7000-8000-000000000001", "type": "id.jejak.ikm.registered.v1",
            "subject": format!("ikm/{}", ikm(1)), "time": "2025-01-06T00:00:00+07:00",
            "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
                "sole_proprietor": false, "name": name, "nib": "1234567890123", "workers": 7}}),
        json!({"id": "0190ffff-0000-7000-8000-000000000002", "type": "id.jejak.certificate.issued.v1",
            "subject": format!("certificate/{}", certificate(1)), "time": "2025-02-06T00:00:00+07:00",
            "data": {"scheme": "sih", "issuer": issuer, "number": number,
                "holder": {"ikm": ikm(1)}, "valid_from": "2025-02-06", "valid_to": "2027-02-05"}}),
    ];
    let became = play(&registry, &clock, &Step::Propose { proposals, atomic: true });
    assert!(became.refusals().is_empty(), "{became:?}");
    registry.close().unwrap();
    let hash = |text: &[&str]| {
        let mut hasher = Sha256::new();
        for (place, part) in text.iter().enumerate() {
            if place > 0 {
                hasher.update([0]);
            }
            hasher.update(part);
        }
        hasher.finalize()[..16].to_vec()
    };
    let folded = jejak_events::text::folded_number;
    let secrets = [
        number.as_bytes().to_vec(),
        name.as_bytes().to_vec(),
        b"1234567890123".to_vec(),
        hash(&[&folded(issuer), &folded(number)]),
        hash(&["nib", "1234567890123"]),
    ];
    let names = options.disk.list(&options.dir.join("state")).unwrap();
    assert_eq!(names.len(), 2);
    for name in names {
        let bytes = options.disk.read(&options.dir.join("state").join(&name)).unwrap();
        for (place, secret) in secrets.iter().enumerate() {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!is_there, "secret {place} stands in {name}");
        }
    }
    // The number is known all the same when the next certificate is judged.
    let registry = Registry::open(&options).unwrap();
    let again = json!({"id": "0190ffff-0000-7000-8000-000000000003", "type": "id.jejak.certificate.issued.v1",
        "subject": format!("certificate/{}", certificate(2)), "time": "2025-02-06T00:00:00+07:00",
        "data": {"scheme": "sih", "issuer": issuer, "number": number,
            "holder": {"ikm": ikm(1)}, "valid_from": "2025-02-06", "valid_to": "2027-02-05"}});
    let became = play(&registry, &clock, &Step::Propose { proposals: vec![again], atomic: false });
    assert_eq!(became.refusals().iter().map(|refusal| refusal.rule).collect::<Vec<_>>(), ["number_unique"]);
}
