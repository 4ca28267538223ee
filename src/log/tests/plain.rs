//! What the log does when nothing fails.

use super::world::*;
use crate::log::{Commit, LogError, OPEN_PASSES, Reach};

#[test]
fn a_whole_script_reads_back_after_closing_and_after_a_crash() {
    for close in [true, false] {
        let world = World::new(None);
        let mut witness = Witness::default();
        script(&world, 60, close, &mut witness).unwrap();
        let files = world.disk.snapshot();
        assert!(files.keys().any(|path| path.to_string_lossy().ends_with(".zst")), "nothing was compressed");
        assert!(witness.acknowledged.len() > 512, "no tile was filled twice");
        assert!(witness.checkpoints.len() > 5);
        let report = verify(&world.fork(), &witness, "same machine").unwrap();
        assert_eq!(report.sound_anchor_slots, 2);
        for seed in 0..8 {
            verify(&world.crash(seed), &witness, &format!("crash {seed}"));
        }
    }
}

#[test]
fn opening_a_closed_log_changes_no_file() {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 30, true, &mut witness).unwrap();
    let before = world.disk.snapshot();
    let (log, report, seen) = world.open().unwrap();
    assert_eq!(seen, witness.acknowledged);
    assert_eq!(report.anchored, log.size());
    assert!(report.torn.is_empty() && report.journal_healed.is_empty() && !report.vault_healed);
    assert_eq!(report.store, crate::log::StoreState::Sound);
    drop(log);
    let mut after = world.disk.snapshot();
    // Both slots say the same before and after; only their order of writing differs.
    let (mut before, anchor) = (before, paths().anchor);
    assert!(before.remove(&anchor).is_some() && after.remove(&anchor).is_some());
    assert_eq!(before, after);
}

#[test]
fn what_cannot_be_carried_is_refused_and_the_log_goes_on() {
    let world = World::new(None);
    let mut log = world.create().unwrap();
    let frames = [1, 0, 0, 0, 0, 0, 0, 0, 7];
    let try_commit = |log: &mut crate::log::Log, events: &[&[u8]], vault_frames: &[u8]| {
        log.commit(&Commit { events: &events.iter().collect(), vault_frames })
    };
    let long = [b"{".to_vec(), vec![b'a'; 65_535]].concat();
    let bad: [&[&[u8]]; 6] = [&[], &[b"{}", b"x"], &[b"{\n}"], &[&long], &[b""], &[b"#commit 1"]];
    for events in bad {
        let refused = try_commit(&mut log, events, &[]).unwrap_err();
        assert!(matches!(refused, LogError::BadEvent { .. }), "{refused}");
    }
    for vault_frames in [&frames[..], &[0; 8], &frames[..3]] {
        let refused = try_commit(&mut log, &[b"{}"], vault_frames).unwrap_err();
        assert!(matches!(refused, LogError::BadVaultFrames { offset: 0 }), "{refused}");
    }
    world.disk.set_free_bytes(SETTINGS.free_floor_bytes);
    let refused = try_commit(&mut log, &[b"{}"], &[]).unwrap_err();
    assert!(matches!(refused, LogError::DiskFloor { .. }), "{refused}");
    assert_eq!((log.size(), log.anchor().unwrap()), (0, None));
    world.disk.set_free_bytes(1 << 40);
    assert_eq!(try_commit(&mut log, &[b"{}"], &[]).unwrap().size, 1);
    assert!(log.anchor().unwrap().is_some());
    assert_eq!(log.anchor().unwrap(), None, "nothing new to sign");
    assert!(matches!(log.reader().read(1), Err(LogError::OutOfRange { index: 1, size: 1 })));
    log.close().unwrap();
    assert!(matches!(world.create(), Err(LogError::Exists { .. })));
    let unborn = World::new(None);
    drop(unborn.create().unwrap());
    assert_eq!(unborn.create().unwrap().size(), 0, "nothing was appended: creating goes on");
    assert!(matches!(World::new(None).open(), Err(LogError::Missing { .. })));
}

/// Whoever waits for a large log is told how far it is: in both passes, never backward, never past the end.
#[test]
fn opening_tells_how_far_it_is() {
    for close in [true, false] {
        let world = World::new(None);
        let mut witness = Witness::default();
        script(&world, 60, close, &mut witness).unwrap();
        let told = std::cell::RefCell::new(Vec::new());
        let (_, report, _) =
            world.open_reading(Reach::Whole, &|done, total| told.borrow_mut().push((done, total))).unwrap();
        let told = told.into_inner();
        let (pass, total) = (report.anchored, OPEN_PASSES * report.anchored);
        assert!(told.is_sorted() && told.iter().all(|one| one.0 <= total && one.1 == total), "{told:?}");
        assert!(told.iter().any(|one| (1..pass).contains(&one.0)), "nothing of the first pass: {told:?}");
        assert!(told.iter().any(|one| (pass + 1..total).contains(&one.0)), "nothing of the second: {told:?}");
    }
}
