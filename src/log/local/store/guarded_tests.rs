//! The sled store: conformance, reopening, and damage of every file.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom, Write};

use super::*;
use crate::log::local::store::conformance::{self, batch, chunks_from, values_from};
use crate::log::local::store::{Batch, Chunk, MemoryStore, Store, Table};

#[test]
fn memory_conforms() {
    conformance::run(&mut || Box::new(MemoryStore::new()));
}

#[test]
fn sled_conforms() {
    let home = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::run(&mut || {
        number += 1;
        let location = SledLocation::new(home.path().join(number.to_string()));
        Box::new(location.open_in_place().unwrap())
    });
}

/// Positions per batch, and batches, of the directory that the damage tests work on.
const BATCH: u64 = 400;
const BATCHES: u64 = 60;

/// The batch that carries a value which sled puts in a file of its own.
const BLOB_BATCH: u64 = 10;

fn blob() -> (Table, Vec<u8>, Vec<u8>) {
    (Table::Vault, b"blob".to_vec(), vec![0x5a; 3_000_000])
}

/// A directory with all that sled can leave in one: log, settings, a snapshot, a blob.
fn filled(dir: &Path) -> SledLocation {
    let location = SledLocation::new(dir);
    // sled writes snapshots only while it opens.
    for range in [0..BATCHES / 2, BATCHES / 2..BATCHES] {
        let store = location.open_in_place().unwrap();
        for number in range {
            let mut batch = batch(number * BATCH, BATCH);
            if number == BLOB_BATCH {
                batch.puts.push(blob());
            }
            store.commit(&batch).unwrap();
        }
        store.sync().unwrap();
    }
    location
}

/// Every file below a directory, sorted, relative to it.
fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let name = PathBuf::from(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_below(&entry.path()).into_iter().map(|below| name.join(below)));
        } else {
            files.push(name);
        }
    }
    files.sort();
    files
}

#[test]
fn reopening_keeps_everything() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    for round in 0..3 {
        let store = location.open_in_place().unwrap();
        assert_eq!(store.tip().unwrap(), BATCHES * BATCH + round);
        let check = store.check().unwrap();
        assert_eq!((check.positions, check.chunks), (BATCHES * BATCH + round, BATCHES + round));
        assert_eq!(check.values, BATCHES + round + 1);
        store.commit(&batch(BATCHES * BATCH + round, 1)).unwrap();
        store.sync().unwrap();
    }
}

#[test]
fn a_held_directory_is_busy_not_damaged() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    let held = location.open_in_place().unwrap();
    let error = location.open_in_place().unwrap_err();
    let StoreError::Machine { source, .. } = &error else { panic!("{error}") };
    assert_eq!(source.kind(), io::ErrorKind::ResourceBusy);
    drop(held);
    location.open_in_place().unwrap();
}

#[test]
fn an_unfinished_snapshot_does_not_block_opening() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    fs::write(location.dir().join("snap.FFFFFFFFFFFFFFF0.generating"), b"cut").unwrap();
    let store = location.open_in_place().unwrap();
    assert_eq!(store.check().unwrap().positions, BATCHES * BATCH);
}

#[test]
fn a_copy_leaves_the_original_bytes() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    let database = location.dir().join("db");
    let before = fs::read(&database).unwrap();
    let copy = location.open_copy().unwrap();
    copy.commit(&batch(BATCHES * BATCH, 1)).unwrap();
    copy.sync().unwrap();
    assert_eq!(fs::read(&database).unwrap(), before);
    drop(copy);
    location.remove_copy().unwrap();
    location.remove_copy().unwrap();
    assert!(!location.copy_location().exists());
}

#[test]
fn a_directory_set_aside_leaves_its_place_free() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    let aside = home.path().join("sled.damaged");
    location.set_aside(&aside).unwrap();
    assert!(!location.exists());
    assert_eq!(location.open_in_place().unwrap().tip().unwrap(), 0);
    assert!(matches!(location.set_aside(&aside), Err(StoreError::Machine { .. })));
    assert_eq!(SledLocation::new(aside).open_in_place().unwrap().tip().unwrap(), BATCHES * BATCH);
}

#[test]
fn wrong_chunks_and_values_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    // What sled itself takes for sound: a chunk removed, moved, altered; a tile altered; a stray key.
    let key = |position: u64| [&[0][..], &position.to_be_bytes()].concat();
    type Change = Box<dyn Fn(&sled::Db)>;
    let mut said = crate::said::Said::new("store_sled");
    let changes: [(&str, Change); 8] = [
        ("position 800", Box::new(move |db| drop(db.remove(key(2 * BATCH)).unwrap()))),
        (
            "position 1200",
            Box::new(move |db| {
                let other = db.get(key(2 * BATCH)).unwrap().unwrap();
                db.insert(key(3 * BATCH), other).unwrap();
            }),
        ),
        (
            "position 1600",
            Box::new(move |db| {
                let mut value = db.get(key(4 * BATCH)).unwrap().unwrap().to_vec();
                *value.last_mut().unwrap() ^= 1;
                db.insert(key(4 * BATCH), value).unwrap();
            }),
        ),
        (
            "tile key",
            Box::new(move |db| {
                let tile = [&[1][..], &(2 * BATCH).to_be_bytes()].concat();
                let mut value = db.get(&tile).unwrap().unwrap().to_vec();
                value[0] ^= 1;
                db.insert(tile, value).unwrap();
            }),
        ),
        ("vault key", Box::new(|db| drop(db.insert(b"\x02blob", &[0; 9]).unwrap()))),
        ("key 07", Box::new(|db| drop(db.insert([7], &[1]).unwrap()))),
        ("key 00", Box::new(|db| drop(db.insert([0, 7], &[1]).unwrap()))),
        (
            "a value without its checksum",
            Box::new(|db| drop(db.insert([&[1][..], &(2 * BATCH).to_be_bytes()].concat(), &[1]).unwrap())),
        ),
    ];
    for (place, change) in changes {
        let copy = location.copy_location();
        drop(location.open_copy().unwrap());
        let database = copy.open_database().unwrap();
        change(&database);
        database.flush().unwrap();
        drop(database);
        let store = match copy.open_in_place() {
            Ok(store) => store,
            Err(error) => {
                said.error(place, error);
                continue;
            }
        };
        let error = store.check().unwrap_err();
        assert!(place.starts_with("a value") || error.to_string().contains(place), "{place}: {error}");
        said.error(place, error);
        drop(store);
        if place == "position 800" {
            let store = copy.open_in_place().unwrap();
            let lost = store.chunk_at(2 * BATCH + 5).unwrap_err();
            assert!(matches!(lost, StoreError::Damaged { .. }));
            said.error("no chunk", lost);
            assert!(store.chunk_at(2 * BATCH - 1).unwrap().is_some());
        }
    }
    said.check();
}

#[test]
fn what_the_machine_refuses_is_said() {
    let home = tempfile::tempdir().unwrap();
    let mut said = crate::said::Said::at("store_machine", home.path());
    let mut take = |case: &str, error: StoreError| said.error(case, error);
    let location = filled(&home.path().join("sled"));
    let store = location.open_in_place().unwrap();
    take("locked", location.open_in_place().unwrap_err());
    let tip = store.tip().unwrap();
    let gap = Batch { at: tip, chunks: vec![conformance::chunk(tip + 1, 1)], puts: Vec::new() };
    take("a gap", store.commit(&gap).unwrap_err());
    take("a stale tip", store.commit(&batch(0, 1)).unwrap_err());
    let (blobs, away) = (location.dir().join("blobs"), home.path().join("away"));
    store.commit(&batch(tip, 1)).unwrap();
    fs::rename(&blobs, &away).unwrap();
    take("a sync that failed", store.sync().unwrap_err());
    fs::rename(&away, &blobs).unwrap();
    take("a sync after it", store.sync().unwrap_err());
    take("a commit after it", store.commit(&batch(tip + 1, 1)).unwrap_err());
    drop(store);
    fs::create_dir(home.path().join("aside")).unwrap();
    take("aside is taken", location.set_aside(&home.path().join("aside")).unwrap_err());
    let nowhere = SledLocation::new(home.path().join("nowhere"));
    take("nothing to set aside", nowhere.set_aside(&home.path().join("new")).unwrap_err());
    // A file where a directory should be.
    fs::write(home.path().join("file"), b"").unwrap();
    let blocked = SledLocation::new(home.path().join("file"));
    take("no directory", blocked.open_in_place().unwrap_err());
    fs::write(home.path().join("file.copy"), b"").unwrap();
    take("no copy to remove", blocked.remove_copy().unwrap_err());
    fs::remove_file(home.path().join("file.copy")).unwrap();
    take("no copy to make", blocked.open_copy().unwrap_err());
    said.check();
}

#[test]
fn damage_under_an_open_store_is_an_error_of_the_read() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    drop(location.open_in_place().unwrap());
    let store = location.open_in_place().unwrap();
    let database = location.dir().join("db");
    let length = fs::metadata(&database).unwrap().len();
    File::options().write(true).open(&database).unwrap().set_len(length / 8).unwrap();
    let reads: Vec<_> = (0..BATCHES).map(|number| store.chunk_at(number * BATCH)).collect();
    let refused = reads.iter().filter(|read| matches!(read, Err(StoreError::Damaged { .. }))).count();
    assert!(refused > 0, "some pages were not in memory");
    for (number, read) in (0..).zip(reads) {
        if let Ok(found) = read {
            assert_eq!(found, Some(conformance::chunk(number * BATCH, BATCH)));
        }
    }
    assert!(matches!(store.check(), Err(StoreError::Damaged { .. })));
}

#[test]
fn after_a_failed_sync_nothing_is_written_until_reopened() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    let store = location.open_in_place().unwrap();
    let tip = store.tip().unwrap();
    store.commit(&batch(tip, 1)).unwrap();
    // The sync must look for new blobs, and cannot.
    let (blobs, away) = (location.dir().join("blobs"), home.path().join("away"));
    fs::rename(&blobs, &away).unwrap();
    assert!(matches!(store.sync(), Err(StoreError::OutcomeUnknown { .. })));
    fs::rename(&away, &blobs).unwrap();
    for outcome in [store.sync(), store.commit(&batch(tip + 1, 1))] {
        assert!(matches!(outcome, Err(StoreError::Machine { .. })), "{outcome:?}");
    }
    assert_eq!(store.tip().unwrap(), tip + 1, "reads go on");
    drop(store);
    let store = location.open_in_place().unwrap();
    let tip = store.tip().unwrap();
    store.commit(&batch(tip, 1)).unwrap();
    store.sync().unwrap();
}

/// One way to damage a file.
#[derive(Clone, Copy, Debug)]
enum Harm {
    Flip,
    Cut,
}

/// What a damaged directory looked like from outside.
#[derive(Debug, Default)]
struct Outcomes {
    refused_at_open: u32,
    refused_by_check: u32,
    equal: u32,
    shorter: u32,
}

#[test]
fn damage_to_any_file_never_passes_for_sound() {
    let home = tempfile::tempdir().unwrap();
    let location = filled(&home.path().join("sled"));
    let mut outcomes = Outcomes::default();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let files = files_below(location.dir());
    assert!(files.len() >= 4, "log, settings, snapshot, blob: {files:?}");
    // Length of each file without the zeros that sled has put after its content.
    let used: HashMap<PathBuf, u64> = files
        .iter()
        .map(|name| {
            let bytes = fs::read(location.dir().join(name)).unwrap();
            (name.clone(), bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) as u64 + 1)
        })
        .collect();
    let database = PathBuf::from("db");
    for number in 0..200_u64 {
        // The database file is most of the store: two of three cases go there.
        let name = if number % 3 == 0 { &files[next(files.len() as u64) as usize] } else { &database };
        let copy = location.copy_location();
        location.remove_copy().unwrap();
        copy_directory(location.dir(), &copy.dir).unwrap();
        let path = copy.dir.join(name);
        let offset = next(used[name]);
        let harm = if number % 2 == 0 { Harm::Flip } else { Harm::Cut };
        let mut file = File::options().read(true).write(true).open(&path).unwrap();
        match harm {
            Harm::Flip => {
                let mut byte = [0];
                file.seek(SeekFrom::Start(offset)).unwrap();
                file.read_exact(&mut byte).unwrap();
                byte[0] ^= 1 << next(8);
                file.seek(SeekFrom::Start(offset)).unwrap();
                file.write_all(&byte).unwrap();
            }
            Harm::Cut => file.set_len(offset).unwrap(),
        }
        drop(file);
        match copy.open_in_place() {
            Err(StoreError::Damaged { .. }) => outcomes.refused_at_open += 1,
            Err(other) => panic!("{harm:?} of {name:?} at {offset}: {other}"),
            Ok(store) => judge(&store, &format!("{harm:?} of {name:?} at {offset}"), &mut outcomes),
        }
    }
    println!("{outcomes:?}");
    // The shares depend on how sled laid out its pages, which differs from run to run.
    assert!(outcomes.refused_at_open > 0, "{outcomes:?}");
}

fn judge(store: &SledStore, case: &str, outcomes: &mut Outcomes) {
    // Single reads must give right bytes or an error, whatever a full check says.
    for position in (0..BATCHES * BATCH).step_by(97) {
        if let Ok(Some(found)) = store.chunk_at(position) {
            assert_eq!(found, conformance::chunk(found.first, found.count), "{case}");
            assert_eq!(found.first, position / BATCH * BATCH, "{case}");
        }
    }
    let Ok(check) = store.check() else {
        outcomes.refused_by_check += 1;
        return;
    };
    let tip = store.tip().unwrap();
    assert_eq!(tip % BATCH, 0, "{case}: half a batch");
    assert_eq!(check.positions, tip, "{case}");
    let expected: Vec<Chunk> =
        (0..tip / BATCH).map(|number| conformance::chunk(number * BATCH, BATCH)).collect();
    assert_eq!(chunks_from(store, 0), expected, "{case}");
    let tiles: Vec<_> =
        expected.iter().map(|chunk| (chunk.first.to_be_bytes().to_vec(), chunk.bytes.clone())).collect();
    assert_eq!(values_from(store, Table::Tiles, &[]), tiles, "{case}");
    let blobs = values_from(store, Table::Vault, &[]);
    let (_, key, value) = blob();
    let expected = if tip > BLOB_BATCH * BATCH { vec![(key, value)] } else { vec![] };
    assert!(blobs == expected, "{case}: {} blobs of {}", blobs.len(), expected.len());
    if tip == BATCHES * BATCH { outcomes.equal += 1 } else { outcomes.shorter += 1 }
}

#[test]
fn what_the_machine_failed_at_is_not_called_damage() {
    let told = |error: io::Error| classify("db".to_owned(), sled::Error::Io(error));
    // EIO, ENFILE, EMFILE, ENOSPC, EROFS, EDQUOT.
    let mut said = crate::said::Said::new("store_system");
    for number in [5, 23, 24, 28, 30, 122] {
        let error = told(io::Error::from_raw_os_error(number));
        assert!(error.is_of_the_machine(), "{number}: {error}");
        said.error(&number.to_string(), error);
    }
    said.check();
    // A blob that is gone, and what sled says of its own bytes.
    let corrupt = io::Error::other("corrupt segment");
    for source in [io::ErrorKind::NotFound.into(), io::ErrorKind::UnexpectedEof.into(), corrupt] {
        let error = told(source);
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}
