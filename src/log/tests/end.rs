//! Opening from the end: how much is read, what makes it read everything, and that what it has not read is noticed later.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jejak_events::tree::Hash;

use super::world::*;
use crate::log::local::scrub_file::{ScrubRecord, Scrubbed};
use crate::log::{Log, LogError, Notary, OnDamage, Place, Reach, ReadLog, ScrubStep, StoreState};

fn finished(close: bool) -> (World, Witness) {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 60, close, &mut witness).unwrap();
    assert!(witness.acknowledged.len() > 512, "no tile was filled twice");
    (world, witness)
}

fn segments(world: &World) -> Vec<PathBuf> {
    world.disk.snapshot().into_keys().filter(|path| path.starts_with(paths().journal())).collect()
}

/// What is done to a world.
type Harm<'a> = Box<dyn Fn(&World) + 'a>;

/// Flips a bit in the store's chunk that covers an index.
fn alter_chunk(world: &World, index: u64) {
    let mut medium = world.opener.medium();
    let mut chunks = medium.batches.iter_mut().flat_map(|batch| &mut batch.chunks);
    let chunk = chunks.find(|chunk| (chunk.first..chunk.first + chunk.count).contains(&index)).unwrap();
    chunk.bytes[9] ^= 1;
}

fn append(world: &World, path: &Path, more: &[u8]) {
    let bytes = world.disk.snapshot().remove(path).unwrap_or_default();
    world.disk.put(path, &[&bytes[..], more].concat());
}

#[test]
fn the_end_alone_is_read_after_closing_and_after_a_kill() {
    for close in [true, false] {
        let (world, witness) = finished(close);
        // What a kill may leave: frames and part of a commit that nobody was told of.
        for torn in [false, true] {
            let world = world.fork();
            if torn {
                append(&world, &paths().vault(), &frame(b"not named by any commit"));
                append(&world, segments(&world).last().unwrap(), b"{\"half\":");
            }
            let (log, report, seen) = world.open().unwrap();
            compare(&log, &seen, &witness, "from the end");
            let read = report.size - report.read_from;
            assert!(report.read_from > 0 && read < 256 + 2 * 40, "{report:?}");
            assert_eq!(report.torn.len(), if torn { 2 } else { 0 }, "{report:?}");
            assert_eq!(report.store, StoreState::Sound);
            assert_eq!(look(&log), ScrubStep::Ended);
            drop(log);
            verify(&world, &witness, "opened once more");
        }
    }
}

#[test]
fn a_log_without_a_vault_is_opened_from_its_end_too() {
    let world = World::new(None);
    let (mut numbers, mut witness) = (Numbers(5), Witness::default());
    let mut log = world.create().unwrap();
    for _ in 0..20 {
        commit(&mut log, &mut numbers, 30, 0, &mut witness).unwrap();
    }
    log.close().unwrap();
    let (log, report, seen) = world.open().unwrap();
    assert!(report.read_from > 0, "{report:?}");
    compare(&log, &seen, &witness, "no vault");
}

/// Remembers which events it heard.
#[derive(Debug, Default)]
struct Hearing(Mutex<Vec<u64>>);

impl Notary for Hearing {
    fn hear(&self, index: u64, _: &[u8]) {
        self.0.lock().unwrap().push(index);
    }
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        TestNotary.sign(size, root)
    }
    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        TestNotary.check(note)
    }
}

/// A key that is heard of before the one that it follows would be taken for the first.
#[test]
fn the_notary_hears_all_events_in_order_or_none() {
    let (world, witness) = finished(false);
    let heard = |reach| {
        let (world, notary) = (world.fork(), Arc::new(Hearing::default()));
        let disk = Arc::new(world.disk.clone());
        Log::open(disk, &world.opener, Arc::clone(&notary) as _, paths(), SETTINGS, reach, &|_, _| {})
            .unwrap();
        std::mem::take(&mut *notary.0.lock().unwrap())
    };
    assert_eq!(heard(Reach::End), [] as [u64; 0]);
    assert_eq!(heard(Reach::Whole), Vec::from_iter(0..witness.acknowledged.len() as u64));
}

#[test]
fn whatever_does_not_fit_makes_opening_read_everything() {
    let (world, witness) = finished(true);
    let old = segments(&world);
    let (first, second, last) = (&old[0], &old[1], old.last().unwrap());
    assert!(first.extension().is_some_and(|form| form == "zst") && old.len() > 4);
    let cut = |world: &World, path: &Path, length: usize| {
        let bytes = world.disk.snapshot().remove(path).unwrap();
        world.disk.put(path, &bytes[..length]);
    };
    let cases: Vec<(&str, Harm<'_>)> = vec![
        ("a segment lost", Box::new(|world| world.disk.take(second))),
        ("the first segment lost", Box::new(|world| world.disk.take(first))),
        ("the last segment lost", Box::new(|world| world.disk.take(last))),
        ("a segment cut", Box::new(|world| cut(world, second, 100))),
        (
            "a seek table flipped",
            Box::new(|world| {
                let length = world.disk.snapshot()[second].len();
                world.flip(second, length - 12, 1);
            }),
        ),
        (
            "a segment in both forms",
            Box::new(|world| {
                let bytes = world.disk.snapshot().remove(second).unwrap();
                let text = zstd::decode_all(&bytes[..]).unwrap();
                world.disk.put(&second.with_extension(""), &text);
            }),
        ),
        ("no tiles", Box::new(|world| world.disk.take(&paths().tiles()))),
        ("tiles cut", Box::new(|world| cut(world, &paths().tiles(), 20))),
        ("a tile flipped", Box::new(|world| world.flip(&paths().tiles(), 3, 1))),
        (
            "something was found",
            Box::new(|world| {
                let record = ScrubRecord { finding: Some("so".into()), ..ScrubRecord::default() };
                world.disk.put(&paths().scrub(), &record.print(log_id(world)));
            }),
        ),
        ("an unreadable record", Box::new(|world| world.disk.put(&paths().scrub(), b"so\n"))),
        ("an anchor slot", Box::new(|world| world.flip(&paths().anchor, 4096 + 20, 1))),
        ("the checkpoint", Box::new(|world| world.flip(&paths().checkpoint(), 20, 1))),
        ("the vault cut", Box::new(|world| cut(world, &paths().vault(), 900))),
        ("the store short", Box::new(|world| drop(world.opener.medium().batches.pop()))),
        (
            "the store's end",
            Box::new(|world| {
                let mut medium = world.opener.medium();
                medium.batches.last_mut().unwrap().chunks[0].bytes[5] ^= 1;
            }),
        ),
        (
            "the store's first event",
            Box::new(|world| {
                world.opener.medium().batches[0].chunks[0].bytes[5] ^= 1;
            }),
        ),
        ("the store unopenable", Box::new(|world| world.opener.medium().unopenable = true)),
    ];
    for (case, damage) in cases {
        let damaged = world.fork();
        damage(&damaged);
        let (log, report, seen) = damaged.open().unwrap();
        assert_eq!(report.read_from, 0, "{case}: {report:?}");
        compare(&log, &seen, &witness, case);
        log.close().unwrap();
        let (log, again, _) = damaged.open().unwrap();
        assert!(again.read_from > 0 && again.scrub.finding.is_none(), "{case}: {again:?}");
        assert_eq!(look(&log), ScrubStep::Ended, "{case}");
    }
}

/// A flipped byte in one copy, anywhere: read right from the other, noticed by whoever looks, mended by the next opening.
#[test]
fn what_lies_before_the_end_is_noticed_when_it_is_read_and_mended_by_the_next_opening() {
    let (world, witness) = finished(true);
    let damaged = world.fork();
    alter_chunk(&damaged, 270);
    let (log, report, seen) = damaged.open().unwrap();
    assert!(report.read_from > 0);
    assert_eq!(seen, witness.acknowledged, "the journal's copy is read");
    assert!(log.reader().finding().is_some_and(|finding| finding.contains("do not hash to the tree")));
    // Also when the process is killed now.
    drop(log);
    let (log, report, _) = damaged.open().unwrap();
    assert!(report.read_from == 0 && matches!(report.store, StoreState::Rebuilt { .. }), "{report:?}");
    assert_eq!((look(&log), log.reader().finding()), (ScrubStep::Ended, None));

    for path in segments(&world).iter().rev().skip(1) {
        let damaged = world.fork();
        let length = damaged.disk.snapshot()[path].len();
        damaged.flip(path, length / 3, 4);
        let (log, report, seen) = damaged.open().unwrap();
        assert_eq!(seen, witness.acknowledged);
        if report.read_from == 0 {
            continue;
        }
        assert_eq!(look(&log), ScrubStep::Found, "{}", path.display());
        assert!(log.reader().finding().is_some_and(|finding| finding.starts_with("the journal: ")));
        drop(log);
        let (log, report, _) = damaged.open().unwrap();
        assert!(report.read_from == 0 && !report.journal_healed.is_empty(), "{report:?}");
        assert_eq!(look(&log), ScrubStep::Ended);
    }
}

#[test]
fn the_scrub_goes_on_where_it_stopped_and_says_when_it_ended() {
    let (world, _) = finished(true);
    let record = ScrubRecord { position: 350, started_ms: Some(5), ..ScrubRecord::default() };
    world.disk.put(&paths().scrub(), &record.print(log_id(&world)));
    alter_chunk(&world, 260);
    let (log, ..) = Log::open(
        Arc::new(world.disk.clone()),
        &world.opener,
        Arc::new(TestNotary),
        paths(),
        SETTINGS,
        Reach::End,
        &|_, _| {},
    )
    .unwrap();
    let mut scrub = log.scrub().unwrap();
    // What lies before was looked at already.
    let mut now = 8;
    while scrub.step(now).unwrap() != ScrubStep::Ended {
        now += 1;
    }
    assert_eq!(scrub.rests_since_ms(), Some(now));
    let ended = ScrubRecord {
        started_ms: Some(5),
        ended_ms: Some(now),
        covered: log.size(),
        ..ScrubRecord::default()
    };
    drop(scrub);
    assert_eq!(Scrubbed::read(&world.disk, &paths().scrub(), log.log_id()), ended);
    // The next pass comes to it.
    assert_eq!(look(&log), ScrubStep::Found);
}

/// The id of a log that is closed, as its anchor says.
fn log_id(world: &World) -> Hash {
    let text = world.disk.snapshot().remove(&paths().anchor).unwrap();
    let line = String::from_utf8_lossy(&text).into_owned();
    Hash::from_base64(line.split(' ').nth(4).unwrap()).unwrap()
}

fn beside(world: &World) -> Result<ReadLog, LogError> {
    ReadLog::open(Arc::new(world.disk.clone()), None, paths(), None)
}

fn equal(log: &Log, beside: &ReadLog, witness: &Witness) {
    assert_eq!((beside.size(), beside.root()), (log.size(), log.root()));
    assert_eq!(beside.vault_length(), log.vault_length());
    let (own, other) = (log.reader(), beside.reader());
    let mut seen = Vec::new();
    other
        .scan(0..beside.size(), &mut |_, event| {
            seen.push(event.to_vec());
            true
        })
        .unwrap();
    assert_eq!(seen, witness.acknowledged);
    for index in (0..beside.size()).step_by(41) {
        assert_eq!(other.read(index).unwrap(), seen[usize::try_from(index).unwrap()]);
        assert_eq!(other.root_at(index).unwrap(), own.root_at(index).unwrap());
    }
    for number in 0..3 {
        assert_eq!(other.tile(0, number).unwrap(), own.tile(0, number).unwrap());
        assert_eq!(other.tile(1, number).unwrap(), own.tile(1, number).unwrap());
    }
    for (offset, frame) in witness.frames.iter().step_by(5) {
        assert_eq!(&other.read_vault_frame(*offset).unwrap(), frame);
    }
}

#[test]
fn a_second_process_reads_beside_the_writer_and_writes_nothing() {
    let world = World::new(None);
    assert!(matches!(beside(&world), Err(LogError::Missing { .. })));
    let (mut numbers, mut witness) = (Numbers(3), Witness::default());
    let mut log = world.create().unwrap();
    let mut following = beside(&world).unwrap();
    assert_eq!((following.size(), following.anchored().map(|(size, _)| size)), (0, Some(0)));
    for step in 0..40 {
        commit(&mut log, &mut numbers, 1 + step % 33, step % 3, &mut witness).unwrap();
        if step % 4 == 1 {
            log.anchor().unwrap();
        }
        if step % 10 == 9 {
            while let Some(sealed) = log.next_sealed().unwrap() {
                sealed.compress().unwrap();
            }
        }
        let changes = world.disk.faults().count();
        assert_eq!(following.catch_up().unwrap(), log.size());
        let fresh = beside(&world).unwrap();
        assert_eq!(fresh.read_from() > 0, log.anchored().0 > 256, "{} of {}", fresh.read_from(), log.size());
        assert_eq!(fresh.anchored(), Some(log.anchored()));
        if step % 5 == 0 {
            equal(&log, &following, &witness);
            equal(&log, &fresh, &witness);
        }
        assert_eq!(world.disk.faults().count(), changes, "reading changed something");
    }
    // A commit that is still being written is none yet.
    append(&world, segments(&world).last().unwrap(), b"{\"n\":1}\n#comm");
    assert_eq!(following.catch_up().unwrap(), log.size());
    assert_eq!(beside(&world).unwrap().size(), log.size());
}

#[test]
fn a_second_process_serves_nothing_that_is_damaged_and_says_what() {
    let (world, witness) = finished(true);
    let path = &segments(&world)[1];
    let before = world.disk.snapshot();
    let length = before[path].len();
    for at in (0..length).step_by(97) {
        let damaged = Arc::new(world.fork());
        damaged.flip(path, at, 8);
        match beside(&damaged) {
            Ok(log) => {
                let mut seen = 0;
                let read = log.reader().scan(0..log.size(), &mut |index, event| {
                    assert_eq!(event, witness.acknowledged[usize::try_from(index).unwrap()], "byte {at}");
                    seen += 1;
                    true
                });
                assert!(read.is_err() || seen == witness.acknowledged.len());
            }
            Err(LogError::Damaged { damage }) => assert!(!damage.is_empty()),
            Err(other) => panic!("byte {at}: {other}"),
        }
        // Who may have it healed sees all of it, each event once, wherever reading stopped, and so does whoever comes later.
        let (counted, healing) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&damaged));
        let healed = Arc::clone(&counted);
        let on_damage: OnDamage = Arc::new(move || {
            healed.fetch_add(1, Ordering::Relaxed);
            healing.open_whole().unwrap().0.close().unwrap();
            Ok(())
        });
        let disk = Arc::new(damaged.disk.clone());
        let log = ReadLog::open(disk, None, paths(), Some(on_damage)).unwrap();
        let mut seen = Vec::new();
        let read = log.reader().scan(0..log.size(), &mut |_, event| {
            seen.push(event.to_vec());
            true
        });
        assert!(read.is_ok() && seen == witness.acknowledged, "byte {at}: {read:?}");
        // Not everything that is flipped is in the way of who reads from the front.
        assert!(counted.load(Ordering::Relaxed) <= 1, "byte {at}");
        assert_eq!(log.reader().tile(0, 0).unwrap().len(), 256);
        beside(&damaged).unwrap().reader().scan(0..log.size(), &mut |_, _| true).unwrap();
    }
    // What is derived may be lost.
    world.disk.take(&paths().tiles());
    let log = beside(&world).unwrap();
    assert_eq!((log.read_from(), log.size()), (0, witness.acknowledged.len() as u64));
    // An older copy does not pass its anchor.
    for path in segments(&world).into_iter().skip(2) {
        world.disk.take(&path);
    }
    let Err(LogError::Damaged { damage }) = beside(&world).map(drop) else { panic!("not refused") };
    assert!(matches!(damage[0].place, Place::Indexes { .. }), "{damage:?}");
}
