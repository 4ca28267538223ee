//! Flipped bytes, cut and lost files, in one copy and in both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::world::*;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::log::{LogError, Place, ScrubStep, StoreState, inspect, recover};

fn finished(close: bool) -> (World, Witness) {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 40, close, &mut witness).unwrap();
    (world, witness)
}

fn files(world: &World) -> Vec<PathBuf> {
    world.disk.snapshot().into_keys().collect()
}

/// Opens a damaged world: it must heal with nothing lost, or refuse with a place and change nothing.
fn heals(world: &World, witness: &Witness, context: &str) -> bool {
    let before = world.disk.snapshot();
    match world.fork().open() {
        // What opening need not read may be refused when somebody looks at it, never served.
        Ok(_) => match mending(&world.fork()) {
            Ok(_) => {
                verify_mending(world, witness, context);
                true
            }
            Err(LogError::Damaged { damage }) => {
                assert!(!damage.is_empty(), "{context}: no place is named");
                false
            }
            Err(other) => panic!("{context}: {other}"),
        },
        Err(LogError::Damaged { damage }) => {
            assert!(!damage.is_empty(), "{context}: no place is named");
            refuses_untouched(world, &before, context);
            false
        }
        Err(
            LogError::AnchorConflict { .. }
            | LogError::AnchorAbsent { .. }
            | LogError::NoAnchor { .. }
            | LogError::ReadOnly,
        ) => {
            refuses_untouched(world, &before, context);
            false
        }
        Err(other) => panic!("{context}: {other}"),
    }
}

fn refuses_untouched(world: &World, before: &std::collections::BTreeMap<PathBuf, Vec<u8>>, context: &str) {
    assert!(world.open().is_err());
    assert!(world.disk.snapshot() == *before, "{context}: a refusal changed a file");
}

/// What stood in a damaged segment is kept, whichever step of healing fails before the next opening.
#[test]
fn a_healed_segment_leaves_what_stood_there() {
    let (world, _) = finished(true);
    let journal = |path: &PathBuf| path.starts_with(paths().journal());
    let path = files(&world).into_iter().find(journal).unwrap();
    world.flip(&path, 40, 1);
    let damaged = world.disk.snapshot()[&path].clone();
    // Somebody looked at the old part: the next opening reads it all.
    look(&world.open().unwrap().0);
    let is_kept = |disk: &SimulatedDisk| {
        let kept =
            |(path, bytes): (&PathBuf, &Vec<u8>)| path.starts_with(paths().torn()) && *bytes == damaged;
        disk.snapshot().iter().any(kept)
    };
    let mut failed = 0;
    for kind in [FaultKind::NotDone, FaultKind::Full, FaultKind::PowerCut] {
        for operation in 0.. {
            let one = world.fork();
            one.disk.faults().plan(Some(Fault { operation, kind }));
            let failed_here = one.open().is_err();
            let steps = one.disk.faults().count();
            one.disk.faults().plan(None);
            if !failed_here && operation > steps {
                break;
            }
            failed += usize::from(failed_here);
            let after = if kind == FaultKind::PowerCut { one.crash(operation) } else { one };
            mending(&after).unwrap();
            assert!(is_kept(&after.disk), "{kind:?} at {operation}");
        }
    }
    assert!(failed > 10, "{failed}");
}

#[test]
fn any_one_damaged_file_heals() {
    let mut counts = [0; 3];
    for close in [true, false] {
        let (world, witness) = finished(close);
        let mut numbers = Numbers(1);
        for path in files(&world) {
            let length = world.disk.snapshot()[&path].len();
            for _ in 0..amount(10, 50) {
                let damaged = world.fork();
                let offset = numbers.below(length);
                damaged.flip(&path, offset, 1 << numbers.below(8));
                let context = format!("{} flipped at {offset}, closed {close}", path.display());
                assert!(heals(&damaged, &witness, &context), "{context}: refused");
                counts[0] += 1;
                let damaged = world.fork();
                let cut = numbers.below(length);
                let bytes = damaged.disk.snapshot()[&path][..cut].to_vec();
                damaged.disk.put(&path, &bytes);
                let context = format!("{} cut to {cut}, closed {close}", path.display());
                assert!(heals(&damaged, &witness, &context), "{context}: refused");
                counts[1] += 1;
            }
            let damaged = world.fork();
            damaged.disk.take(&path);
            // An anchor elsewhere may be on a disk that is not mounted.
            let heals = heals(&damaged, &witness, &format!("{} lost", path.display()));
            assert_eq!(heals, path != paths().anchor, "{} lost", path.display());
            counts[2] += 1;
        }
    }
    println!("healed: {} flips, {} cuts, {} lost files", counts[0], counts[1], counts[2]);
}

#[test]
fn a_damaged_store_is_set_aside_and_rebuilt() {
    let (world, witness) = finished(false);
    let mut numbers = Numbers(2);
    let batches = world.opener.medium().batches.len();
    for round in 0..100 {
        let damaged = world.fork();
        {
            let mut medium = damaged.opener.medium();
            let batch = numbers.below(batches);
            match round % 5 {
                0 => medium.batches.truncate(if round == 0 { 0 } else { batch }),
                1 => medium.unopenable = true,
                2 => drop(medium.batches.remove(batch)),
                _ => {
                    let chunk = &mut medium.batches[batch].chunks;
                    let Some(chunk) = chunk.first_mut() else { continue };
                    let at = numbers.below(chunk.bytes.len());
                    chunk.bytes[at] ^= 1 << numbers.below(8);
                }
            }
        }
        let anchored = witness.checkpoints.last().unwrap().0;
        let tip = damaged
            .opener
            .medium()
            .batches
            .last()
            .map_or(0, |last| last.at + last.chunks.iter().map(|chunk| chunk.count).sum::<u64>());
        let short = tip < anchored;
        let rebuilt = matches!(mending(&damaged.fork()).unwrap().store, StoreState::Rebuilt { .. });
        assert!(rebuilt || round % 5 == 0 && !short, "round {round}: kept a damaged store");
        assert!(heals(&damaged, &witness, &format!("store, round {round}")));
    }
}

#[test]
fn damage_to_both_copies_heals_where_it_does_not_meet_and_is_named_where_it_does() {
    let (world, witness) = finished(true);
    let mut numbers = Numbers(3);
    let raw: Vec<PathBuf> =
        files(&world).into_iter().filter(|path| path.starts_with("/data/journal")).collect();
    let (mut healed, mut refused) = (0, 0);
    for round in 0..400 {
        let damaged = world.fork();
        let path = &raw[numbers.below(raw.len())];
        let length = world.disk.snapshot()[path].len();
        damaged.flip(path, numbers.below(length), 1 << numbers.below(8));
        {
            let mut medium = damaged.opener.medium();
            let batch = numbers.below(medium.batches.len());
            let Some(chunk) = medium.batches[batch].chunks.first_mut() else { continue };
            let at = numbers.below(chunk.bytes.len());
            chunk.bytes[at] ^= 1 << numbers.below(8);
        }
        if heals(&damaged, &witness, &format!("both, round {round}")) {
            healed += 1;
        } else {
            refused += 1;
        }
    }
    println!("both copies damaged: {healed} healed, {refused} refused with a place");
    assert!(healed > 100 && refused > 10);
}

#[test]
fn the_same_commit_damaged_twice_is_refused_by_index() {
    let (world, _) = finished(true);
    let journal = paths().journal();
    let path = files(&world).into_iter().rfind(|path| path.starts_with(&journal)).unwrap();
    let first: u64 = path.file_name().unwrap().to_string_lossy()[..20].parse().unwrap();
    world.flip(&path, 3, 0x10);
    for batch in &mut world.opener.medium().batches {
        for chunk in &mut batch.chunks {
            if chunk.first == first {
                chunk.bytes[5] ^= 1;
            }
        }
    }
    let before = world.disk.snapshot();
    let Err(LogError::Damaged { damage }) = world.open().map(|_| ()) else { panic!("not refused") };
    assert!(matches!(damage[0].place, Place::Indexes { from, .. } if from == first), "{damage:?}");
    assert!(damage.iter().any(|one| matches!(&one.place, Place::File { path: named, .. } if *named == path)));
    assert_eq!(world.disk.snapshot(), before);
}

#[test]
fn what_both_copies_lost_past_the_anchor_is_given_up_only_when_recovering() {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 20, true, &mut witness).unwrap();
    let mut log = world.open().unwrap().0;
    let anchored = log.size();
    let mut lost = witness.clone();
    for _ in 0..3 {
        commit(&mut log, &mut Numbers(4), 5, 0, &mut lost).unwrap();
    }
    drop(log);
    let journal = paths().journal();
    let path = files(&world).into_iter().rfind(|path| path.starts_with(&journal)).unwrap();
    let bytes = world.disk.snapshot().remove(&path).unwrap();
    // The first commit past the anchor; whole ones follow, so it was acknowledged.
    let text = String::from_utf8(bytes).unwrap();
    let at = text.find(&format!("#commit {anchored} ")).unwrap();
    world.flip(&path, at + 100, 1);
    for batch in &mut world.opener.medium().batches {
        for chunk in batch.chunks.iter_mut().filter(|chunk| chunk.first == anchored) {
            chunk.bytes[9] ^= 1;
        }
    }
    let before = world.disk.snapshot();
    let Err(LogError::Damaged { damage }) = world.open().map(|_| ()) else { panic!("not refused") };
    assert_eq!(damage[0].place, Place::Indexes { from: anchored, to: anchored + 5 });
    assert_eq!(world.disk.snapshot(), before);
    let disk = Arc::new(world.disk.clone());
    let report =
        recover(disk, &world.opener, Arc::new(TestNotary), paths(), SETTINGS, None, &|_, _| {}).unwrap();
    assert_eq!(report.abandoned, damage);
    assert_eq!(report.opened.size, anchored);
    assert!(!report.opened.torn.is_empty());
    verify(&world, &witness, "recovered");
}

#[test]
fn every_range_that_both_copies_lost_is_named() {
    let (world, witness) = finished(true);
    let journal = paths().journal();
    for path in files(&world).into_iter().filter(|path| path.starts_with(&journal)) {
        world.disk.take(&path);
    }
    let chosen = [10, 60, 200];
    let mut expected = Vec::new();
    for batch in &mut world.opener.medium().batches {
        let (Some(first), Some(last)) = (batch.chunks.first(), batch.chunks.last()) else { continue };
        let (from, to) = (first.first, last.first + last.count);
        if chosen.iter().any(|index| (from..to).contains(index)) {
            expected.push(Place::Indexes { from, to });
            batch.chunks[0].bytes[7] ^= 1;
        }
    }
    let Err(LogError::Damaged { damage }) = world.open().map(|_| ()) else { panic!("not refused") };
    let places: Vec<Place> = damage.into_iter().map(|one| one.place).collect();
    assert_eq!(places, expected);
    assert!(witness.acknowledged.len() > 200);
}

#[test]
fn vault_damage_in_both_copies_is_refused_by_offset() {
    let (world, witness) = finished(true);
    let (offset, frame) = witness.frames[4].clone();
    world.flip(&paths().vault(), usize::try_from(offset).unwrap() + frame.len() - 1, 1);
    assert!(heals(&world.fork(), &witness, "vault file alone"));
    for batch in &mut world.opener.medium().batches {
        for (table, _, value) in &mut batch.puts {
            if *table == crate::log::local::store::Table::Vault
                && let Some(at) = value.windows(frame.len()).position(|part| part == frame)
            {
                value[at + frame.len() - 1] ^= 1;
            }
        }
    }
    // Opening does not read what was anchored long ago: the frame is not served, that is noted, and the next opening
    // refuses, as one that reads everything does.
    let read_whole = world.fork();
    let (log, ..) = world.open().unwrap();
    let Err(LogError::Damaged { damage }) = log.reader().read_vault_frame(offset) else { panic!("served") };
    assert!(matches!(damage[0].place, Place::Vault { from, .. } if from == offset), "{damage:?}");
    drop(log);
    let before = [world.disk.snapshot(), read_whole.disk.snapshot()];
    for refused in [world.open(), read_whole.open_whole()] {
        let Err(LogError::Damaged { damage }) = refused.map(|_| ()) else { panic!("not refused") };
        let Place::Vault { from, to } = damage[0].place else { panic!("{damage:?}") };
        assert_eq!(damage[0].reason, "damaged in the vault file and in the store");
        assert!(from <= offset && offset < to, "{damage:?}");
    }
    assert_eq!([world.disk.snapshot(), read_whole.disk.snapshot()], before);
}

/// Both copies pass their own checks and say different things: neither may win in silence, and recovering
/// must not give the events up. Moving one away decides.
#[test]
fn vaults_that_differ_and_check_are_refused_by_offset() {
    let (world, witness) = finished(true);
    let (offset, sound) = witness.frames[4].clone();
    let other = frame(&vec![0x5a; sound.len() - 8]);
    let length = sound.len();
    let at = usize::try_from(offset).unwrap();
    let mut bytes = world.disk.snapshot().remove(&paths().vault()).unwrap();
    bytes[at..at + length].copy_from_slice(&other);
    world.disk.put(&paths().vault(), &bytes);

    // Opening does not read what was anchored long ago; whoever looks at everything notes it.
    let (log, ..) = world.open().unwrap();
    assert_eq!(look(&log), ScrubStep::Found);
    drop(log);
    let before = world.disk.snapshot();
    let recover = |world: &World| {
        let disk = Arc::new(world.disk.clone());
        recover(disk, &world.opener, Arc::new(TestNotary), paths(), SETTINGS, None, &|_, _| {})
    };
    for refused in [world.open().map(|_| ()), recover(&world).map(|_| ())] {
        let Err(LogError::VaultsDiffer { places, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(places, [Place::Vault { from: offset, to: offset + length as u64 }]);
        assert_eq!(world.disk.snapshot(), before);
        assert_eq!(world.opener.medium().set_aside, 0);
    }

    // Without the file the store's frames hold, which are the right ones here.
    let with_store = world.fork();
    with_store.disk.take(&paths().vault());
    assert!(heals(&with_store, &witness, "the vault file moved away"));
    // Without the store the file's hold; whether they fit the records is for whoever has the keys.
    let with_file = world.fork();
    *with_file.opener.medium() = Default::default();
    let (log, ..) = with_file.open().unwrap();
    assert_eq!(log.reader().read_vault_frame(offset).unwrap(), other);
    // A store of another log has no say in it: it is set aside and rebuilt, as without the difference.
    let foreign = world.fork();
    for batch in &mut foreign.opener.medium().batches {
        for chunk in &mut batch.chunks {
            chunk.bytes[7] ^= 1;
        }
    }
    let (log, ..) = foreign.open().unwrap();
    assert_eq!(log.reader().read_vault_frame(offset).unwrap(), other);
    assert_eq!(foreign.opener.medium().set_aside, 1);
}

/// A store that is set aside anyway must not have put its frames into a sound vault file before, however
/// they are cut.
#[test]
fn a_store_of_another_log_leaves_the_vault_as_it_is() {
    let (world, witness) = finished(true);
    let sound = world.disk.snapshot().remove(&paths().vault()).unwrap();
    let mut number = 0;
    for batch in &mut world.opener.medium().batches {
        for chunk in &mut batch.chunks {
            chunk.bytes[7] ^= 1;
        }
        for (table, _, value) in &mut batch.puts {
            if *table == crate::log::local::store::Table::Vault {
                number += 1;
                *value = frame(&vec![0x5a; number]);
            }
        }
    }
    assert!(number > 5);
    let opened = world.fork();
    let (_, report, _) = opened.open_whole().unwrap();
    assert!(!report.vault_healed && matches!(report.store, StoreState::Rebuilt { .. }), "{report:?}");
    assert!(opened.disk.snapshot()[&paths().vault()] == sound, "the vault was changed");
    assert!(heals(&world, &witness, "a foreign store"));
}

#[test]
fn without_anchor_and_checkpoint_it_is_read_only_until_recovered() {
    let (world, witness) = finished(true);
    world.disk.take(&paths().anchor);
    world.disk.take(&paths().checkpoint());
    let before = world.disk.snapshot();
    let (mut log, report, seen) = world.open().unwrap();
    assert!(report.read_only && log.is_read_only());
    assert_eq!(seen, witness.acknowledged);
    let unanchored = Witness { checkpoints: Vec::new(), ..witness.clone() };
    compare(&log, &seen, &unanchored, "read-only");
    let refused = commit(&mut log, &mut Numbers(5), 1, 0, &mut unanchored.clone());
    assert!(matches!(refused, Err(LogError::ReadOnly)));
    assert!(matches!(log.anchor(), Err(LogError::ReadOnly)));
    log.close().unwrap();
    assert_eq!(world.disk.snapshot(), before);

    let recover_with = |note: Option<&str>| {
        recover(
            Arc::new(world.disk.clone()),
            &world.opener,
            Arc::new(TestNotary),
            paths(),
            SETTINGS,
            note,
            &|_, _| {},
        )
    };
    assert!(matches!(recover_with(None), Err(LogError::ReadOnly)));
    assert!(matches!(recover_with(Some("x\n1\ny\n")), Err(LogError::Checkpoint { .. })));
    assert_eq!(world.disk.snapshot(), before);
    let report = recover_with(witness.note.as_deref()).unwrap();
    assert!(report.abandoned.is_empty());
    verify(&world, &witness, "recovered");
}

#[test]
fn a_forked_journal_does_not_pass_the_anchor() {
    let (world, witness) = finished(true);
    // Another history under the same names: it chains in itself, but the anchor knows better.
    let other = World::new(None);
    let mut log = other.create().unwrap();
    let mut foreign = Witness::default();
    let mut numbers = Numbers(1_000);
    for _ in 0..10 {
        commit(&mut log, &mut numbers, 20, 0, &mut foreign).unwrap();
    }
    log.close().unwrap();
    let journal = paths().journal();
    for path in files(&world).into_iter().filter(|path| path.starts_with(&journal)) {
        world.disk.take(&path);
    }
    for (path, bytes) in other.disk.snapshot() {
        if path.starts_with(&journal) {
            world.disk.put(&path, &bytes);
        }
    }
    assert!(heals(&world.fork(), &witness, "the store has the right history"));
    world.opener.medium().batches.clear();
    let before = world.disk.snapshot();
    assert!(matches!(world.open(), Err(LogError::Damaged { .. })));
    assert_eq!(world.disk.snapshot(), before);
}

#[test]
fn two_anchors_of_one_size_conflict() {
    let (world, witness) = finished(true);
    let note = witness.note.unwrap();
    let (size, root) = witness.checkpoints.last().copied().unwrap();
    let mut wrong = root;
    wrong.0[0] ^= 1;
    let forged = crate::log::Notary::sign(&TestNotary, size, wrong).unwrap();
    assert_ne!(note, forged);
    world.disk.put(Path::new("/data/checkpoint"), forged.as_bytes());
    let before = world.disk.snapshot();
    // The last checkpoint is of the size that both slots name.
    assert!(matches!(world.open(), Err(LogError::AnchorConflict { .. } | LogError::Damaged { .. })));
    assert_eq!(world.disk.snapshot(), before);
}

#[test]
fn inspecting_names_the_copy_at_fault_and_writes_nothing() {
    let look = |world: &World| {
        let before = world.disk.snapshot();
        let mut seen = Vec::new();
        let disk = Arc::new(world.disk.clone());
        let found = inspect(disk, &world.opener, Arc::new(TestNotary), paths(), SETTINGS, &mut |_, event| {
            seen.push(event.to_vec());
        });
        assert_eq!(world.disk.snapshot(), before);
        (found.unwrap(), seen)
    };
    let (world, witness) = finished(true);
    let (sound, seen) = look(&world);
    assert!(sound.is_sound(), "{sound:?}");
    assert_eq!(seen, witness.acknowledged);
    assert_eq!((sound.size, Some(sound.size)), (seen.len() as u64, sound.anchored));

    // Where the anchor lies is written down for people who forget; nothing is proven by it. What is derived is made anew.
    let proves_nothing = [paths().anchor_elsewhere(), paths().tiles(), paths().scrub()];
    for path in files(&world).into_iter().filter(|path| !proves_nothing.contains(path)) {
        let damaged = world.fork();
        damaged.flip(&path, 20, 1);
        let (found, _) = look(&damaged);
        assert!(!found.is_sound(), "{}", path.display());
        assert_eq!(!found.journal.is_empty(), path.starts_with(paths().journal()), "{}", path.display());
        assert_eq!(!found.vault.is_empty(), path == paths().vault(), "{}", path.display());
        assert_eq!(found.sound_anchor_slots == 1, path == paths().anchor, "{}", path.display());
        assert_eq!(found.checkpoint_problem.is_some(), path == paths().checkpoint(), "{}", path.display());
    }
    let damaged = world.fork();
    damaged.opener.medium().batches[3].chunks[0].bytes[4] ^= 1;
    let (found, _) = look(&damaged);
    assert!(found.store.is_some() && found.journal.is_empty() && found.vault.is_empty());
}
