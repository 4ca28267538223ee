//! What every store must do, as one suite. A new backend calls [`run`] from its tests.
//!
//! Nothing here may know a backend; whatever holds for one must hold for all.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test suite: a panic is its verdict")]

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Batch, Chunk, Store, StoreError, Table};

/// What is promised, and its test on a fresh store.
type Case = (&'static str, fn(&dyn Store));

/// Runs every case, each on a fresh store from `create`.
///
/// # Panics
/// At the first promise of [`Store`] that the backend breaks.
pub fn run(create: &mut dyn FnMut() -> Box<dyn Store>) {
    let cases: [Case; 9] = [
        ("an empty store has nothing", empty),
        ("positions are dense and every one is found", dense),
        ("a stale or early tip conflicts and writes nothing", conflict),
        ("a batch with a gap, an overlap or an empty chunk is refused whole", gap),
        ("chunks and values of a batch arrive together", together),
        ("a chunk far over sled's page size comes back whole", big),
        ("a scan starts at the covering chunk and stops when told", middle),
        ("tables are apart, ordered and overwritable", tables),
        ("readers see whole commits only", readers),
    ];
    for (name, case) in cases {
        let store = create();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&*store)));
        assert!(outcome.is_ok(), "conformance: {name}: broken by {store:?}");
    }
}

/// A chunk whose bytes follow from its range, so that a reader can tell that they are right.
#[must_use]
pub fn chunk(first: u64, count: u64) -> Chunk {
    chunk_of_length(first, count, usize::try_from(count).unwrap() * 35)
}

fn chunk_of_length(first: u64, count: u64, length_bytes: usize) -> Chunk {
    // A small linear congruential generator: bytes that do not repeat and do not compress.
    let mut state = first.wrapping_mul(31).wrapping_add(count);
    let bytes = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    });
    Chunk { first, count, bytes: bytes.take(length_bytes).collect() }
}

/// A batch of one chunk and one tile, whose key is the chunk's first position.
#[must_use]
pub fn batch(first: u64, count: u64) -> Batch {
    let tile = (Table::Tiles, first.to_be_bytes().to_vec(), chunk(first, count).bytes);
    Batch { at: first, chunks: vec![chunk(first, count)], puts: vec![tile] }
}

/// Every chunk from `from` on.
#[must_use]
pub fn chunks_from(store: &dyn Store, from: u64) -> Vec<Chunk> {
    let mut seen = Vec::new();
    store
        .scan(from, &mut |chunk| {
            seen.push(chunk);
            true
        })
        .unwrap();
    seen
}

/// Every key and value of a table from `from` on.
#[must_use]
pub fn values_from(store: &dyn Store, table: Table, from: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut seen = Vec::new();
    store
        .scan_table(table, from, &mut |key, value| {
            seen.push((key.to_vec(), value.to_vec()));
            true
        })
        .unwrap();
    seen
}

fn empty(store: &dyn Store) {
    assert_eq!(store.tip().unwrap(), 0);
    assert_eq!(store.chunk_at(0).unwrap(), None);
    assert_eq!(store.chunk_at(u64::MAX).unwrap(), None);
    assert_eq!(chunks_from(store, 0), []);
    assert_eq!(chunks_from(store, u64::MAX), []);
    assert_eq!(store.get(Table::Tiles, b"a").unwrap(), None);
    assert_eq!(values_from(store, Table::Vault, b""), []);
    store.sync().unwrap();
}

fn dense(store: &dyn Store) {
    let mut at = 0;
    for count in [1, 2, 3, 100, 1, 7] {
        store.commit(&batch(at, count)).unwrap();
        at += count;
        assert_eq!(store.tip().unwrap(), at);
    }
    // Several chunks in one batch.
    store.commit(&Batch { at, chunks: vec![chunk(at, 5), chunk(at + 5, 6)], puts: vec![] }).unwrap();
    at += 11;
    for position in 0..at {
        let found = store.chunk_at(position).unwrap().unwrap();
        assert!(found.first <= position && position < found.end().unwrap(), "chunk at {position}");
        assert_eq!(found, chunk(found.first, found.count));
    }
    assert_eq!(store.chunk_at(at).unwrap(), None);
    let scanned = chunks_from(store, 0);
    assert_eq!(scanned.iter().map(|chunk| chunk.count).collect::<Vec<_>>(), [1, 2, 3, 100, 1, 7, 5, 6]);
}

fn conflict(store: &dyn Store) {
    store.commit(&batch(0, 4)).unwrap();
    for stale in [0, 3, 5, u64::MAX - 10] {
        let error = store.commit(&batch(stale, 2)).unwrap_err();
        let told = matches!(error, StoreError::Conflict { expected, tip: 4 } if expected == stale);
        assert!(told, "batch at {stale}: {error}");
    }
    let values_only = Batch { at: 3, chunks: vec![], puts: vec![(Table::Vault, vec![1], vec![1])] };
    assert!(matches!(store.commit(&values_only), Err(StoreError::Conflict { .. })));
    assert_eq!(store.tip().unwrap(), 4);
    assert_eq!(values_from(store, Table::Vault, b""), []);
    assert_eq!(values_from(store, Table::Tiles, b"").len(), 1);
    store.commit(&batch(4, 1)).unwrap();
}

fn gap(store: &dyn Store) {
    store.commit(&batch(0, 2)).unwrap();
    let hollow = Chunk { first: 2, count: 0, bytes: vec![] };
    let endless = Chunk { first: 2, count: u64::MAX, bytes: vec![] };
    for chunks in [
        vec![chunk(3, 1)],
        vec![chunk(1, 1)],
        vec![chunk(2, 1), chunk(4, 1)],
        vec![chunk(2, 2), chunk(3, 1)],
        vec![hollow],
        vec![endless],
    ] {
        let puts = vec![(Table::Tiles, b"gap".to_vec(), vec![1])];
        let error = store.commit(&Batch { at: 2, chunks, puts }).unwrap_err();
        let StoreError::Machine { source, .. } = &error else { panic!("{error}") };
        assert_eq!(source.kind(), std::io::ErrorKind::InvalidInput);
    }
    assert_eq!(store.tip().unwrap(), 2);
    assert_eq!(store.get(Table::Tiles, b"gap").unwrap(), None);
    assert_eq!(chunks_from(store, 0), [chunk(0, 2)]);
}

fn together(store: &dyn Store) {
    for at in 0..50 {
        store.commit(&batch(at, 1)).unwrap();
        let tile = store.get(Table::Tiles, &at.to_be_bytes()).unwrap();
        assert_eq!(tile, Some(store.chunk_at(at).unwrap().unwrap().bytes));
    }
    // Values without a chunk leave the tip where it is.
    let values = vec![(Table::Vault, b"k".to_vec(), b"v".to_vec())];
    store.commit(&Batch { at: 50, chunks: vec![], puts: values }).unwrap();
    assert_eq!(store.tip().unwrap(), 50);
    assert_eq!(store.get(Table::Vault, b"k").unwrap(), Some(b"v".to_vec()));
}

fn big(store: &dyn Store) {
    let lengths = [0, 1, 100_000, 131_072, 600_000, 3_000_000, 10];
    for (at, length) in (0..).zip(lengths) {
        let chunks = vec![chunk_of_length(at, 1, length)];
        let puts = vec![(Table::Vault, at.to_be_bytes().to_vec(), chunk_of_length(at, 2, length).bytes)];
        store.commit(&Batch { at, chunks, puts }).unwrap();
        store.sync().unwrap();
    }
    for (at, length) in (0..).zip(lengths) {
        assert_eq!(store.chunk_at(at).unwrap(), Some(chunk_of_length(at, 1, length)));
        let value = store.get(Table::Vault, &at.to_be_bytes()).unwrap();
        assert_eq!(value, Some(chunk_of_length(at, 2, length).bytes));
    }
}

fn middle(store: &dyn Store) {
    for at in (0..100).step_by(10) {
        store.commit(&batch(at, 10)).unwrap();
    }
    let starts = |from| chunks_from(store, from).iter().map(|chunk| chunk.first).collect::<Vec<_>>();
    assert_eq!(starts(0).len(), 10);
    assert_eq!(starts(75), [70, 80, 90]);
    assert_eq!(starts(80), [80, 90]);
    assert_eq!(starts(99), [90]);
    assert_eq!(starts(100), [0; 0]);
    let mut visited = 0;
    store
        .scan(15, &mut |chunk| {
            visited += 1;
            // The callback may use the store.
            assert_eq!(store.chunk_at(chunk.first).unwrap(), Some(chunk));
            visited < 3
        })
        .unwrap();
    assert_eq!(visited, 3);
}

fn tables(store: &dyn Store) {
    let keys: [&[u8]; 6] = [b"", b"\0", b"a", b"ab", b"b", b"\xff\xff"];
    let puts = keys.iter().rev().map(|key| (Table::Vault, key.to_vec(), key.repeat(2))).collect();
    store.commit(&Batch { at: 0, chunks: vec![], puts }).unwrap();
    let other = vec![(Table::Tiles, b"a".to_vec(), vec![])];
    store.commit(&Batch { at: 0, chunks: vec![chunk(0, 1)], puts: other }).unwrap();

    let seen = values_from(store, Table::Vault, b"");
    assert_eq!(seen, keys.map(|key| (key.to_vec(), key.repeat(2))));
    assert_eq!(values_from(store, Table::Vault, b"aa"), seen[3..]);
    assert_eq!(values_from(store, Table::Vault, b"\xff\xff\0"), []);
    assert_eq!(values_from(store, Table::Tiles, b""), [(b"a".to_vec(), vec![])]);
    assert_eq!(chunks_from(store, 0), [chunk(0, 1)]);

    // A later batch replaces a value; within one batch the last one counts.
    let puts = [1, 2].map(|value| (Table::Vault, b"ab".to_vec(), vec![value])).to_vec();
    store.commit(&Batch { at: 1, chunks: vec![], puts }).unwrap();
    assert_eq!(store.get(Table::Vault, b"ab").unwrap(), Some(vec![2]));
    let mut visited = 0;
    store
        .scan_table(Table::Vault, b"", &mut |_, _| {
            visited += 1;
            visited < 2
        })
        .unwrap();
    assert_eq!(visited, 2);
}

fn readers(store: &dyn Store) {
    const COMMITS: u64 = 300;
    let done = AtomicBool::new(false);
    let done = &done;
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let tip = store.tip().unwrap();
                    assert_eq!(tip % 3, 0, "a tip within a batch");
                    let seen = chunks_from(store, 0);
                    let end = seen.last().map_or(0, |chunk| chunk.end().unwrap());
                    assert!(
                        end >= tip && end.is_multiple_of(3),
                        "a scan ends at {end}, before or within a batch"
                    );
                    assert!(seen.iter().all(|seen| *seen == chunk(seen.first, seen.count)));
                    if let Some(first) = tip.checked_sub(3) {
                        assert!(store.get(Table::Tiles, &first.to_be_bytes()).unwrap().is_some());
                    }
                }
            });
        }
        // A failed commit must still stop the readers before it is told.
        let committed = (0..COMMITS).try_for_each(|commit| {
            let at = commit * 3;
            let tile = (Table::Tiles, at.to_be_bytes().to_vec(), vec![1]);
            store.commit(&Batch { at, chunks: vec![chunk(at, 1), chunk(at + 1, 2)], puts: vec![tile] })
        });
        done.store(true, Ordering::Relaxed);
        committed.unwrap();
    });
    assert_eq!(store.tip().unwrap(), COMMITS * 3);
}
