//! What opening must leave alone: a store whose bytes are needed, a sound one, an anchor kept elsewhere.

use std::sync::Arc;

use super::world::*;
use crate::log::local::store::{StoreError, Table};
use crate::log::tiles::tile_key;
use crate::log::{Log, LogError, LogPaths, Reach, StoreState, recover};

fn finished() -> (World, Witness) {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 40, true, &mut witness).unwrap();
    let mut log = world.open().unwrap().0;
    // The last batch holds frames, so that a store cut short at its end loses some.
    commit(&mut log, &mut Numbers(11), 2, 3, &mut witness).unwrap();
    log.close().unwrap();
    (world, witness)
}

#[test]
fn the_only_source_of_the_vault_is_opened_as_a_copy() {
    let (world, witness) = finished();
    world.disk.take(&paths().vault());
    let shortened = world.fork();
    shortened.opener.medium().shortens_in_place = true;
    let (log, report, seen) = shortened.open().unwrap();
    assert!(report.vault_healed, "{report:?}");
    compare(&log, &seen, &witness, "vault lost");

    let destroyed = world.fork();
    destroyed.opener.medium().unopenable = true;
    let batches = destroyed.opener.medium().batches.len();
    let before = destroyed.disk.snapshot();
    assert!(matches!(destroyed.open(), Err(LogError::Damaged { .. })));
    assert_eq!(destroyed.opener.medium().batches.len(), batches, "the store was opened in place");
    assert!(destroyed.disk.snapshot() == before);
}

#[test]
fn a_store_damaged_in_one_value_is_rebuilt() {
    let (world, witness) = finished();
    assert!(witness.acknowledged.len() >= 256, "no full tile");
    let (first_frame, _) = witness.frames[0];
    let keys = [(Table::Tiles, tile_key(0, 0)), (Table::Vault, first_frame.to_be_bytes().to_vec())];
    for key in keys {
        let damaged = world.fork();
        damaged.opener.medium().damaged_keys.insert(key.clone());
        let recovered = damaged.fork();
        // Only whoever reads everything comes across an old piece of the vault.
        let (first, mended) = verify_mending(&damaged, &witness, &format!("{key:?}")).unwrap();
        let report = mended.unwrap_or(first);
        assert!(matches!(report.store, StoreState::Rebuilt { .. }), "{key:?}: {report:?}");
        let disk = Arc::new(recovered.disk.clone());
        let report =
            recover(disk, &recovered.opener, Arc::new(TestNotary), paths(), SETTINGS, None, &|_, _| {})
                .unwrap();
        assert!(matches!(report.opened.store, StoreState::Rebuilt { .. }), "{key:?}: {report:?}");
    }
}

#[test]
fn a_failing_machine_does_not_cost_the_store() {
    let (world, witness) = finished();
    for path in [None, Some(paths().vault())] {
        let full = world.fork();
        if let Some(path) = path {
            full.disk.take(&path);
        }
        full.opener.medium().disk_is_full = true;
        let before = full.disk.snapshot();
        assert!(matches!(full.open(), Err(LogError::Store(StoreError::Machine { .. }))));
        assert_eq!(full.opener.medium().set_aside, 0);
        assert!(full.disk.snapshot() == before);
        full.opener.medium().disk_is_full = false;
        verify(&full, &witness, "space again").unwrap();
    }
}

fn open_at(world: &World, paths: LogPaths) -> Result<Log, LogError> {
    let disk = Arc::new(world.disk.clone());
    let notary = Arc::new(TestNotary);
    Log::open(disk, &world.opener, notary, paths, SETTINGS, Reach::End, &|_, _| {}).map(|(log, _)| log)
}

#[test]
fn an_anchor_elsewhere_is_not_made_anew_unasked() {
    let (world, witness) = finished();
    let absent = world.fork();
    absent.disk.take(&paths().anchor);
    let before = absent.disk.snapshot();
    let Err(LogError::AnchorAbsent { path }) = absent.open().map(|_| ()) else { panic!("not refused") };
    assert_eq!(path, paths().anchor);
    assert!(absent.disk.snapshot() == before);
    let disk = Arc::new(absent.disk.clone());
    recover(disk, &absent.opener, Arc::new(TestNotary), paths(), SETTINGS, None, &|_, _| {}).unwrap();
    verify(&absent, &witness, "anchor made anew").unwrap();

    // Whoever forgets where it lies is told.
    let before = world.disk.snapshot();
    let inside = LogPaths::in_directory("/data");
    let Err(LogError::AnchorElsewhere { anchor, .. }) = open_at(&world, inside.clone()).map(|_| ()) else {
        panic!("not refused")
    };
    assert_eq!(anchor, paths().anchor);
    assert!(world.disk.snapshot() == before);
    // Once moved, with the record removed, it lies inside.
    world.disk.put(&inside.anchor, &before[&paths().anchor]);
    world.disk.take(&paths().anchor_elsewhere());
    assert_eq!(open_at(&world, inside).unwrap().size(), witness.acknowledged.len() as u64);
}

/// A slip of the pen at `--anchor` costs nobody a file.
#[test]
fn what_is_no_anchor_is_never_written_over() {
    let (world, witness) = finished();
    let anchor = world.disk.snapshot()[&paths().anchor].clone();
    let other = |path: &str| LogPaths { anchor: path.into(), ..paths() };
    let mut long = anchor.clone();
    long.resize(20_000, b'\n');
    for (path, bytes) in [
        ("/elsewhere/letter", &b"Dear Bu Sari,\n"[..]),
        ("/elsewhere/secret", b"jejak recovery secret v1\njejak.example/x\nAAAA\n"),
        ("/elsewhere/zeros", &[0; 12_544]),
        ("/elsewhere/empty", b""),
        ("/elsewhere/longer", &long),
        ("/data/access.jsonl", b"{}\n"),
        ("/data/notes", b"jejak-anchor, a note about it"),
        // Also where the anchor is known to lie, once it holds something else.
        ("/elsewhere/anchor", b"Dear Bu Sari,\n"),
    ] {
        let named = world.fork();
        named.disk.put(std::path::Path::new(path), bytes);
        let before = named.disk.snapshot();
        let Err(LogError::NoAnchor { found, .. }) = open_at(&named, other(path)).map(|_| ()) else {
            panic!("{path}: not refused")
        };
        assert_eq!(found, "another file");
        let disk = Arc::new(named.disk.clone());
        let notary = Arc::new(TestNotary);
        let done = recover(disk, &named.opener, notary, other(path), SETTINGS, None, &|_, _| {});
        assert!(matches!(done, Err(LogError::NoAnchor { .. })), "{path}: {done:?}");
        assert!(named.disk.snapshot() == before, "{path}: changed");
    }
    // What damage leaves of the anchor heals.
    for left in [&b""[..], b"jejak-an", &[0; 12_544]] {
        let damaged = world.fork();
        damaged.disk.put(&paths().anchor, left);
        verify(&damaged, &witness, "damaged anchor").unwrap();
    }
}
