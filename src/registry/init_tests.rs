//! Whose keys an init may take, what a refusal leaves, and a crash at every step of an init.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::Proposal;
use jejak_events::time::RecordedTime;
use serde_json::json;
use tempfile::TempDir;

use super::{InitReport, Options, Registry, RegistryError, create, open_engine, recover};
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::log::local::store::{MemoryStore, Store, StoreError};
use crate::log::{LogError, StoreOpener};
use crate::said::Said;
use crate::vault::KeyFile;

const ORIGIN: &str = "jejak.example/test";

fn options(dir: PathBuf, seed: u64) -> Options {
    let mut options = Options::in_directory(dir);
    let clock = Arc::new(ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap()));
    options.environment = Environment { clock, randomness: Arc::new(SeededRandomness::new(seed)) };
    options
}

fn about(options: &Options, origin: &str) -> InitReport {
    let mut recovery = options.dir.clone().into_os_string();
    recovery.push(".recovery");
    InitReport {
        origin: jejak_events::values::Origin::parse(origin).unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: recovery.into(),
    }
}

/// Every file below a directory but lock files.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name() != Some("LOCK".as_ref()) {
                found.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn register(registry: &Registry, number: u32) {
    let value = json!({"id": format!("01890a5d-ac96-774b-bcce-{number:012x}"), "type": "id.jejak.ikm.registered.v1",
        "subject": format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}"), "time": "2021-03-01T00:00:00+07:00",
        "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true,
            "name": "Batik Melati", "workers": 7}});
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let proposal = Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap();
    let outcomes = registry.append_blocking(vec![proposal], false).unwrap();
    assert!(outcomes[0].index().is_some(), "{outcomes:?}");
}

#[test]
fn an_init_takes_no_keys_of_another_registry() {
    let home = TempDir::new().unwrap();
    let first = options(home.path().join("a"), 1);
    create(&first, &about(&first, ORIGIN)).unwrap();
    let before = files(home.path());
    let mut second = options(home.path().join("b"), 2);
    second.keys_dir = first.keys_dir.clone();
    let error = create(&second, &about(&second, ORIGIN)).unwrap_err();
    assert!(matches!(error, RegistryError::KeysTaken { .. }), "{error}");
    assert_eq!(files(home.path()), before);
    assert!(!second.dir.exists());
}

#[test]
fn keys_are_held_whatever_the_data_directory() {
    let home = TempDir::new().unwrap();
    let first = options(home.path().join("a"), 1);
    create(&first, &about(&first, ORIGIN)).unwrap();
    let registry = Registry::open(&first).unwrap();
    let mut second = options(home.path().join("b"), 2);
    create(&second, &about(&second, "jejak.example/other")).unwrap();
    second.keys_dir = first.keys_dir.clone();
    for error in [Registry::open(&second).unwrap_err(), recover(&second, None).unwrap_err()] {
        let RegistryError::Log(LogError::Held { path, .. }) = error else { panic!("{error}") };
        assert_eq!(path, first.keys_dir.join("LOCK"));
    }
    registry.close().unwrap();
    // Held by nobody, they are still not the keys of that log, and stay as they were.
    std::fs::write(first.keys_dir.join("keys-b"), "damaged").unwrap();
    let before = files(&first.keys_dir);
    let error = Registry::open(&second).unwrap_err();
    assert!(!matches!(error, RegistryError::Log(LogError::Held { .. })), "{error}");
    assert_eq!(files(&first.keys_dir), before);
    // Their own registry heals them.
    let registry = Registry::open(&first).unwrap();
    assert_eq!(registry.opened().healed_keys, [first.keys_dir.join("keys-b")]);
}

#[test]
fn keys_may_lie_in_the_data_directory_itself() {
    let home = TempDir::new().unwrap();
    let mut options = options(home.path().join("a"), 1);
    options.keys_dir = options.dir.clone();
    create(&options, &about(&options, ORIGIN)).unwrap();
    Registry::open(&options).unwrap().close().unwrap();
}

#[test]
fn keys_older_than_the_vault_are_refused_and_left_alone() {
    let home = TempDir::new().unwrap();
    let options = options(home.path().join("a"), 1);
    create(&options, &about(&options, ORIGIN)).unwrap();
    let registry = Registry::open(&options).unwrap();
    register(&registry, 1);
    registry.close().unwrap();
    let older = files(&options.keys_dir);
    let registry = Registry::open(&options).unwrap();
    register(&registry, 2);
    registry.close().unwrap();
    let newer = files(&options.keys_dir);
    assert_ne!(older, newer);
    for (path, bytes) in &older {
        std::fs::write(path, bytes).unwrap();
    }
    for error in [Registry::open(&options).unwrap_err(), recover(&options, None).unwrap_err()] {
        assert!(matches!(error, RegistryError::KeysBehind { index: 2, .. }), "{error}");
        assert_eq!(files(&options.keys_dir), older);
    }
    for (path, bytes) in &newer {
        std::fs::write(path, bytes).unwrap();
    }
    let registry = Registry::open(&options).unwrap();
    assert_eq!(registry.opened_values(2).unwrap()["workers"], 7);
}

#[test]
fn recovering_says_which_keys_it_healed() {
    let home = TempDir::new().unwrap();
    let options = options(home.path().join("a"), 1);
    create(&options, &about(&options, ORIGIN)).unwrap();
    let path = options.keys_dir.join("keys-a");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, "damaged").unwrap();
    assert_eq!(recover(&options, None).unwrap().healed_keys, std::slice::from_ref(&path));
    assert_eq!(std::fs::read(&path).unwrap(), whole);
}

#[test]
fn an_init_of_an_existing_registry_writes_nothing() {
    let home = TempDir::new().unwrap();
    let mut options = options(home.path().join("a"), 1);
    let about = about(&options, ORIGIN);
    create(&options, &about).unwrap();
    // As an operator should; and something that opening would heal.
    std::fs::remove_file(&about.recovery_file).unwrap();
    std::fs::write(options.keys_dir.join("keys-b"), "damaged").unwrap();
    let before = files(home.path());
    for keys in [options.keys_dir.clone(), home.path().join("others")] {
        options.keys_dir = keys;
        let error = create(&options, &about).unwrap_err();
        assert!(matches!(error, RegistryError::Exists { .. }), "{error}");
        assert_eq!(files(home.path()), before);
    }
    assert!(!options.keys_dir.exists());
}

#[test]
fn a_look_into_a_directory_without_a_registry_leaves_nothing_there() {
    let home = TempDir::new().unwrap();
    let options = options(home.path().to_owned(), 1);
    for error in [Registry::open(&options).unwrap_err(), recover(&options, None).unwrap_err()] {
        assert!(matches!(error, RegistryError::NotInitialised { .. }), "{error}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn an_init_takes_no_recovery_secret_that_it_did_not_write() {
    let home = TempDir::new().unwrap();
    let first = options(home.path().join("a"), 1);
    create(&first, &about(&first, "jejak.example/other")).unwrap();
    let before = files(home.path());
    let second = options(home.path().join("b"), 2);
    for origin in [ORIGIN, "jejak.example/other"] {
        let mut report = about(&second, origin);
        report.recovery_file = about(&first, ORIGIN).recovery_file;
        let error = create(&second, &report).unwrap_err();
        assert!(error.to_string().contains("--recovery"), "{error}");
        assert_eq!(files(home.path()), before);
    }
}

/// An init that goes on finds another file where it left its recovery secret.
#[test]
fn what_is_wrong_with_a_directory_or_its_keys_is_said() {
    let mut said = Said::new("registry_opening");
    let whole = SimulatedDisk::default();
    let first = simulated("/simulated/data", &whole, &Arc::default());
    create(&first, &about(&first, ORIGIN)).unwrap();
    let mut tried = std::collections::BTreeSet::new();
    for operation in 0..whole.faults().count() {
        let (disk, store) = (SimulatedDisk::default(), Arc::new(MemoryOpener::default()));
        disk.faults().plan(Some(Fault { operation, kind: FaultKind::NotDone }));
        let options = simulated("/simulated/data", &disk, &store);
        let failed = create(&options, &about(&options, ORIGIN)).unwrap_err();
        if let RegistryError::File { operation, .. } = &failed
            && tried.insert(*operation)
        {
            said.error(&format!("cannot {operation}"), &failed);
        }
        let recovery = about(&options, ORIGIN).recovery_file;
        let is_marked = disk.snapshot().contains_key(Path::new("/simulated/keys/keys-a"));
        if !is_marked || disk.snapshot().contains_key(&recovery) || !tried.insert("go on") {
            continue;
        }
        let header = "jejak recovery secret v1";
        for (case, text) in [
            ("no recovery secret", "x".to_owned()),
            ("of another origin", format!("{header}\njejak.example/other\n\n")),
            ("a damaged one", format!("{header}\n{ORIGIN}\nx\n")),
        ] {
            disk.put(&recovery, text.as_bytes());
            said.error(case, create(&options, &about(&options, ORIGIN)).unwrap_err());
        }
    }
    // Another log under these keys, and another log altogether.
    let empty = SimulatedDisk::default();
    let nobodys = simulated("/simulated/data", &empty, &Arc::default());
    said.error("no registry", open_engine(&nobodys).map(drop).unwrap_err());
    let (disk, store) = (SimulatedDisk::default(), Arc::new(MemoryOpener::default()));
    let mine = simulated("/simulated/data", &disk, &store);
    create(&mine, &about(&mine, ORIGIN)).unwrap();
    let other = SimulatedDisk::default();
    let mut theirs = simulated("/simulated/data", &other, &Arc::default());
    theirs.environment.randomness = Arc::new(SeededRandomness::new(99));
    create(&theirs, &about(&theirs, ORIGIN)).unwrap();
    for (path, bytes) in other.snapshot().iter().filter(|(path, _)| path.starts_with("/simulated/keys")) {
        disk.put(path, bytes);
    }
    said.error("other keys", open_engine(&mine).map(drop).unwrap_err());
    #[derive(Debug)]
    struct Far;
    impl crate::environment::Clock for Far {
        fn wall(&self) -> chrono::DateTime<chrono::Utc> {
            chrono::DateTime::from_timestamp_millis(1 << 46).unwrap()
        }
        fn monotonic(&self) -> std::time::Duration {
            std::time::Duration::ZERO
        }
    }
    let far = SimulatedDisk::default();
    let mut late = simulated("/simulated/data", &far, &Arc::default());
    late.environment.clock = Arc::new(Far);
    said.error("a clock in no year of ours", create(&late, &about(&late, ORIGIN)).unwrap_err());
    // The log of that init is empty; an event that opens nothing is put into it.
    let golden = std::fs::read("events/golden/id.jejak.area.coverage_declared.v1.minimal.json").unwrap();
    let golden: serde_json::Value = serde_json::from_slice(&golden).unwrap();
    for (case, event) in [
        ("event 0 is no record", &br#"{"a":1}"#[..]),
        ("event 0 opens nothing", golden["record"].as_str().unwrap().as_bytes()),
    ] {
        let begun = far.fork();
        let options = simulated("/simulated/data", &begun, &Arc::default());
        let keys = KeyFile::open(Arc::clone(&options.disk), &options.keys_dir).unwrap();
        let signer = Arc::new(super::open::checkpoint_signer(&keys, &options).unwrap());
        let (mut log, _) = super::open::open_log(&options, &signer, crate::log::Reach::Whole).unwrap();
        let events = std::iter::once(event).collect();
        log.commit(&crate::log::Commit { events: &events, vault_frames: &[] }).unwrap();
        said.error(&format!("{case}: no key signs"), log.anchor().unwrap_err());
        drop(log);
        let mark = "/simulated/keys/init-unfinished";
        begun.take(Path::new(mark));
        said.error(case, open_engine(&options).map(drop).unwrap_err());
    }
    said.check();
}

/// A store in memory that every opening finds again.
#[derive(Debug, Default)]
struct MemoryOpener(Arc<MemoryStore>);

impl StoreOpener for MemoryOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(self.0.clone())
    }
    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.open_in_place()
    }
    fn set_aside(&self, _to: &Path) -> Result<(), StoreError> {
        panic!("a store that nothing damaged was set aside")
    }
}

fn simulated(dir: &str, disk: &SimulatedDisk, store: &Arc<MemoryOpener>) -> Options {
    let mut options = options(dir.into(), 1);
    options.keys_dir = "/simulated/keys".into();
    options.disk = Arc::new(disk.clone());
    options.store = store.clone();
    options.hold_directory = false;
    options
}

/// Wherever an init is cut short, it alone can be finished, and no mark outlives it.
#[test]
fn an_init_cut_short_is_finished_by_itself_and_by_no_other() {
    let mark = Path::new("/simulated/keys/init-unfinished");
    let whole = SimulatedDisk::default();
    let first = simulated("/simulated/data", &whole, &Arc::default());
    create(&first, &about(&first, ORIGIN)).unwrap();
    let steps = whole.faults().count();
    assert!(!whole.snapshot().contains_key(mark));
    let (mut taken, mut resumed) = (0, 0);
    for operation in 0..steps {
        for (kind, seed) in [
            (FaultKind::NotDone, 1),
            (FaultKind::Done, 0),
            (FaultKind::PowerCut, 0),
            (FaultKind::PowerCut, 5),
        ] {
            let case = format!("{kind:?} at {operation} of {steps}, seed {seed}");
            let (disk, store) = (SimulatedDisk::default(), Arc::new(MemoryOpener::default()));
            disk.faults().plan(Some(Fault { operation, kind }));
            let first = simulated("/simulated/data", &disk, &store);
            create(&first, &about(&first, ORIGIN)).unwrap_err();
            let disk = disk.crash(seed);
            let has_keys = disk.snapshot().keys().any(|path| path.ends_with("keys-a"));
            for (dir, origin) in [("/simulated/data", "jejak.example/other"), ("/simulated/b", ORIGIN)] {
                let other = disk.fork();
                let before = other.snapshot();
                let options = simulated(dir, &other, &Arc::default());
                match create(&options, &about(&options, origin)) {
                    Err(RegistryError::KeysTaken { .. } | RegistryError::Exists { .. }) => {
                        taken += 1;
                        assert_eq!(other.snapshot(), before, "{case}");
                    }
                    // The mark or the recovery secret of an init that had made no key.
                    Err(RegistryError::File { operation: "use", .. }) | Ok(_) => assert!(!has_keys, "{case}"),
                    Err(error) => panic!("{case}: {error}"),
                }
            }
            let first = simulated("/simulated/data", &disk, &store);
            resumed += u32::from(disk.snapshot().contains_key(mark));
            match create(&first, &about(&first, ORIGIN)) {
                Ok(_) | Err(RegistryError::Exists { .. }) => {}
                Err(error) => panic!("{case}: it cannot be finished: {error}"),
            }
            let (engine, _, _) = open_engine(&first).unwrap_or_else(|error| panic!("{case}: {error}"));
            engine.close().unwrap();
            assert!(!disk.snapshot().contains_key(mark), "{case}: the mark is left");
            assert!(matches!(create(&first, &about(&first, ORIGIN)), Err(RegistryError::Exists { .. })));
        }
    }
    assert!(taken > 20 && resumed > 20, "{taken} refused, {resumed} resumed");
}
