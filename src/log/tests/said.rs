//! What the log says of all that goes wrong, in both languages.

use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::tree::{Hash, leaf_hash};

use super::world::*;
use crate::disk::sim::{Fault, FaultKind};
use crate::log::line::{self, CommitLine};
use crate::log::local::store::Table;
use crate::log::tiles::{Tree, tile_key};
use crate::log::{Commit, LogError, NotMended, OnDamage, ReadLog, ScrubStep, StoreState, inspect, recover};
use crate::said::Said;

/// Each damage for itself: which of them meet is chance.
fn take(said: &mut Said, error: &LogError) {
    match error {
        LogError::Damaged { damage } => damage.iter().for_each(|one| said.wording(one)),
        other => said.wording(other),
    }
}

fn finished(close: bool) -> (World, Witness) {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 40, close, &mut witness).unwrap();
    (world, witness)
}

/// Opens a damaged world, looks at it, and recovers it.
fn look(said: &mut Said, world: &World) {
    match world.fork().open_whole() {
        Err(error) => take(said, &error),
        Ok((_, report, _)) => {
            if let StoreState::Rebuilt { reason, .. } = report.store {
                said.wording(reason);
            }
        }
    }
    let (looked, recovered) = (world.fork(), world.fork());
    let disk = Arc::new(looked.disk.clone());
    match inspect(disk, &looked.opener, Arc::new(TestNotary), paths(), SETTINGS, &mut |_, _| {}) {
        Err(error) => take(said, &error),
        Ok(found) => {
            found.journal.iter().chain(&found.vault).for_each(|one| said.wording(one));
            found.store.iter().for_each(|reason| said.wording(reason));
        }
    }
    let disk = Arc::new(recovered.disk.clone());
    match recover(disk, &recovered.opener, Arc::new(TestNotary), paths(), SETTINGS, None, &|_, _| {}) {
        Err(error) => take(said, &error),
        Ok(report) => report.abandoned.iter().for_each(|one| said.wording(one)),
    }
}

#[test]
fn what_is_wrong_with_a_commit_is_said() {
    let mut said = Said::new("log_commits");
    let leaves = [leaf_hash(b"{}")];
    let tree = Tree::default();
    let text = |events: &str, size: u64, root: Hash, vault_length: u64| {
        let mut text = events.as_bytes().to_vec();
        line::finish(&mut text, &CommitLine { size, root, vault_length });
        text
    };
    let root = tree.extend(&leaves).root();
    let sound = text("{}\n", 1, root, 9);
    assert!(line::check(&sound, &tree, 9, &mut Vec::new()).is_ok());
    let mut altered = sound.clone();
    altered[1] = b' ';
    let cases = [
        ("cut", sound[..20].to_vec()),
        ("no commit line", b"{}\n".to_vec()),
        ("malformed", b"{}\n#commit x\n".to_vec()),
        ("altered", altered),
        ("no object", text("x\n", 1, root, 9)),
        ("no event", text("", 0, root, 9)),
        ("another size", text("{}\n", 2, root, 9)),
        ("a shorter vault", text("{}\n", 1, root, 8)),
        ("another root", text("{}\n", 1, Hash([7; 32]), 9)),
    ];
    for (case, text) in cases {
        said.error(case, line::check(&text, &tree, 9, &mut Vec::new()).map(drop).unwrap_err());
    }
    said.check();
}

#[test]
fn what_cannot_be_carried_is_said() {
    let mut said = Said::new("log_refusals");
    let world = World::new(None);
    said.error("nothing here", World::new(None).open().map(drop).unwrap_err());
    let mut log = world.create().unwrap();
    let long = [b"{".to_vec(), vec![b'a'; 65_535]].concat();
    let bad: [(&str, &[&[u8]]); 4] =
        [("no event", &[]), ("no object", &[b"{}", b"x"]), ("two lines", &[b"{\n}"]), ("long", &[&long])];
    for (case, events) in bad {
        let commit = Commit { events: &events.iter().collect(), vault_frames: &[] };
        said.error(case, log.commit(&commit).unwrap_err());
    }
    let one: [&[u8]; 1] = [b"{}"];
    let events = one.iter().collect();
    said.error("frames", log.commit(&Commit { events: &events, vault_frames: &[1, 0, 0] }).unwrap_err());
    world.disk.set_free_bytes(SETTINGS.free_floor_bytes);
    said.error("no space", log.commit(&Commit { events: &events, vault_frames: &[] }).unwrap_err());
    world.disk.set_free_bytes(1 << 40);
    log.commit(&Commit { events: &events, vault_frames: &[] }).unwrap();
    said.error("beyond its end", log.reader().read(1).unwrap_err());
    log.close().unwrap();
    said.error("exists", world.create().map(drop).unwrap_err());
    let disk = Arc::new(world.disk.clone());
    let recovered =
        recover(disk, &world.opener, Arc::new(TestNotary), paths(), SETTINGS, Some("x\n1\ny\n"), &|_, _| {});
    said.wording(recovered.map(drop).unwrap_err());
    said.check();
}

#[test]
fn what_failed_is_said() {
    const STEPS: usize = 14;
    let mut said = Said::new("log_failures");
    let whole = World::new(None);
    script(&whole, STEPS, true, &mut Witness::default()).unwrap();
    for operation in 0..whole.disk.faults().count() {
        let world = World::new(Some(Fault { operation, kind: FaultKind::NotDone }));
        if let Err(error) = script(&world, STEPS, true, &mut Witness::default()) {
            said.wording(&error);
        }
    }
    // Opening what was cut short, what lost a copy, and recovering it.
    for lost in [None, Some(paths().vault()), Some(paths().checkpoint())] {
        let (world, _) = finished(false);
        if let Some(lost) = &lost {
            world.disk.take(lost);
        }
        if lost != Some(paths().vault()) {
            world.opener.medium().batches.truncate(5);
        }
        let counted = world.fork();
        counted.open().unwrap();
        for operation in 0..counted.disk.faults().count() {
            let fault = Some(Fault { operation, kind: FaultKind::NotDone });
            let failing = world.fork();
            failing.disk.faults().plan(fault);
            if let Err(error) = failing.open() {
                take(&mut said, &error);
            }
        }
    }
    said.check();
}

#[test]
fn what_is_damaged_is_said() {
    let mut said = Said::new("log_damage");
    let (world, witness) = finished(true);
    let journal = paths().journal();
    let segments: Vec<PathBuf> =
        world.disk.snapshot().into_keys().filter(|path| path.starts_with(&journal)).collect();
    // Either copy, and both where they meet.
    for (number, path) in segments.iter().enumerate() {
        let length = world.disk.snapshot()[path].len();
        for (at, both) in [(3 + number, false), (3 + number, true), (length / 2, false), (length - 2, true)] {
            let damaged = world.fork();
            damaged.flip(path, at, 0x10);
            if both {
                let first: u64 = path.file_name().unwrap().to_string_lossy()[..20].parse().unwrap();
                let mut medium = damaged.opener.medium();
                let chunks = medium.batches.iter_mut().flat_map(|batch| &mut batch.chunks);
                chunks.filter(|chunk| chunk.first == first).for_each(|chunk| chunk.bytes[5] ^= 1);
            }
            look(&mut said, &damaged);
        }
        let cut = world.fork();
        cut.disk.put(path, &world.disk.snapshot()[path][..length / 2]);
        cut.opener.medium().unopenable = true;
        look(&mut said, &cut);
        let gone = world.fork();
        gone.disk.take(path);
        look(&mut said, &gone);
        gone.opener.medium().batches.clear();
        look(&mut said, &gone);
        gone.opener.medium().unopenable = true;
        look(&mut said, &gone);
    }
    // The store alone: altered, shortened, with a hole, with more than the journal, under wrong positions.
    let batches = world.opener.medium().batches.len();
    for batch in [1, batches / 2, batches - 1] {
        for way in 0..6 {
            let damaged = world.fork();
            {
                let mut medium = damaged.opener.medium();
                let chunk = medium.batches[batch].chunks.first_mut();
                match (way, chunk) {
                    (0, Some(chunk)) => chunk.bytes[4] ^= 1,
                    (1, Some(chunk)) => chunk.count += 1,
                    (2, Some(chunk)) => {
                        chunk.bytes.extend(b"{}\n");
                        chunk.count += 1;
                    }
                    (3, _) => drop(medium.batches.remove(batch)),
                    (4, _) => medium.batches.truncate(batch),
                    _ => medium.batches[batch].puts.clear(),
                }
            }
            look(&mut said, &damaged);
        }
    }
    let more = world.fork();
    let mut log = more.open().unwrap().0;
    commit(&mut log, &mut Numbers(5), 3, 0, &mut Witness::default()).unwrap();
    drop(log);
    let before = world.fork();
    *before.opener.medium() = more.opener.medium().clone();
    look(&mut said, &before);
    // Frames of the vault, in one copy and in both.
    let (offset, frame) = witness.frames[4].clone();
    let vault = world.fork();
    vault.flip(&paths().vault(), usize::try_from(offset).unwrap() + frame.len() - 1, 1);
    look(&mut said, &vault);
    for batch in &mut vault.opener.medium().batches {
        for (table, _, value) in &mut batch.puts {
            if *table == Table::Vault
                && let Some(at) = value.windows(frame.len()).position(|part| part == frame)
            {
                value[at + frame.len() - 1] ^= 1;
            }
        }
    }
    look(&mut said, &vault);
    // Another history, and witnesses that say otherwise.
    let other = World::new(None);
    let mut log = other.create().unwrap();
    let (mut foreign, mut numbers) = (Witness::default(), Numbers(1_000));
    for _ in 0..10 {
        commit(&mut log, &mut numbers, 20, 0, &mut foreign).unwrap();
    }
    log.close().unwrap();
    let forked = world.fork();
    segments.iter().for_each(|path| forked.disk.take(path));
    for (path, bytes) in other.disk.snapshot() {
        if path.starts_with(&journal) {
            forked.disk.put(&path, &bytes);
        }
    }
    forked.opener.medium().batches.clear();
    look(&mut said, &forked);
    // The anchor of another log beside this one.
    let foreign_anchor = world.fork();
    foreign_anchor.disk.put(&paths().anchor, &other.disk.snapshot()[&paths().anchor]);
    look(&mut said, &foreign_anchor);
    // Frames past the anchor, damaged in both copies.
    let given_up = world.fork();
    let mut log = given_up.open().unwrap().0;
    let from = log.vault_length();
    commit(&mut log, &mut Numbers(6), 2, 3, &mut Witness::default()).unwrap();
    drop(log);
    given_up.flip(&paths().vault(), usize::try_from(from).unwrap() + 20, 1);
    let last = given_up.opener.medium().batches.len() - 1;
    for (table, _, value) in &mut given_up.opener.medium().batches[last].puts {
        if *table == Table::Vault {
            value[20] ^= 1;
        }
    }
    look(&mut said, &given_up);
    let (size, mut root) = witness.checkpoints.last().copied().unwrap();
    root.0[0] ^= 1;
    let conflicting = world.fork();
    let forged = crate::log::Notary::sign(&TestNotary, size, root).unwrap();
    conflicting.disk.put(&paths().checkpoint(), forged.as_bytes());
    look(&mut said, &conflicting);
    conflicting.disk.put(&paths().checkpoint(), b"\xff");
    look(&mut said, &conflicting);
    said.wording(conflicting.open().unwrap().1.checkpoint_problem.unwrap());
    let unanchored = world.fork();
    unanchored.disk.take(&paths().anchor);
    look(&mut said, &unanchored);
    unanchored.disk.take(&paths().checkpoint());
    let mut log = unanchored.open().unwrap().0;
    take(&mut said, &log.anchor().unwrap_err());
    said.check();
}

/// Damage that chance brings together, the same in every run.
#[test]
fn what_chance_damages_is_said() {
    let mut said = Said::new("log_chance");
    let mut numbers = Numbers(17);
    for close in [true, false] {
        let (world, _) = finished(close);
        let paths: Vec<PathBuf> = world.disk.snapshot().into_keys().collect();
        for round in 0..150 {
            let damaged = world.fork();
            for _ in 0..=numbers.below(3) {
                let path = &paths[numbers.below(paths.len())];
                let bytes = damaged.disk.snapshot().remove(path).unwrap();
                if bytes.is_empty() {
                    continue;
                }
                match numbers.below(3) {
                    0 => damaged.flip(path, numbers.below(bytes.len()), 1 << numbers.below(8)),
                    1 => damaged.disk.put(path, &bytes[..numbers.below(bytes.len())]),
                    _ => damaged.disk.put(path, &[&bytes[..], b"{\"half"].concat()),
                }
            }
            {
                let mut medium = damaged.opener.medium();
                let count = medium.batches.len();
                let batch = numbers.below(count);
                match (round % 5, medium.batches[batch].chunks.first_mut()) {
                    (0, Some(chunk)) => {
                        let at = numbers.below(chunk.bytes.len());
                        chunk.bytes[at] ^= 1 << numbers.below(8);
                    }
                    (1, _) => medium.batches.truncate(batch),
                    (2, _) => drop(medium.batches[batch].chunks.pop()),
                    (3, _) => medium.batches[batch].puts.iter_mut().for_each(|(_, _, value)| {
                        let at = numbers.below(value.len());
                        value[at] ^= 1;
                    }),
                    _ => {}
                }
            }
            look(&mut said, &damaged);
        }
    }
    said.check();
}

/// What looking at the whole log comes to, and reading without the store.
#[test]
fn what_is_found_in_the_whole_log_is_said() {
    let mut said = Said::new("log_scrub");
    let (world, witness) = finished(true);
    let found = |harm: &dyn Fn(&World)| {
        let world = world.fork();
        let (log, ..) = world.open().unwrap();
        harm(&world);
        assert_eq!(super::world::look(&log), ScrubStep::Found);
        log.reader().finding().unwrap()
    };
    let journal: Vec<PathBuf> =
        world.disk.snapshot().into_keys().filter(|path| path.starts_with(paths().journal())).collect();
    let (old, raw) = (&journal[1], journal.last().unwrap());
    let piece = witness.frames[0].0.to_be_bytes().to_vec();
    said.error("altered journal", found(&|world| world.flip(raw, 30, 1)));
    said.error("cut journal", found(&|world| world.disk.put(raw, b"")));
    said.error("altered, compressed", found(&|world| world.flip(old, 30, 1)));
    said.error("lost journal", found(&|world| journal.iter().for_each(|path| world.disk.take(path))));
    said.error(
        "another commit",
        found(&|world| {
            let text = world.disk.snapshot().remove(raw).unwrap();
            let end = text.iter().position(|byte| *byte == b'#').unwrap();
            let end = end + text[end..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
            world.disk.put(raw, &text[end..]);
        }),
    );
    said.error("lost chunk", found(&|world| drop(world.opener.medium().wrong_chunks.insert(0, None))));
    said.error(
        "tile",
        found(&|world| {
            world.opener.medium().damaged_keys.insert((Table::Tiles, tile_key(0, 0)));
        }),
    );
    said.error(
        "vault piece",
        found(&|world| {
            world.opener.medium().damaged_keys.insert((Table::Vault, piece.clone()));
        }),
    );
    said.error("vault file", found(&|world| world.flip(&paths().vault(), 3, 1)));
    let unreadable = world.fork();
    unreadable.disk.put(&paths().scrub(), b"so\n");
    said.error("record", unreadable.open().unwrap().1.scrub.finding.unwrap());

    let log = ReadLog::open(Arc::new(world.disk.clone()), None, paths(), None).unwrap();
    world.flip(raw, 30, 1);
    said.error("not the tree's", log.reader().scan(0..log.size(), &mut |_, _| true).unwrap_err());
    for (case, why) in [
        ("held", NotMended::Held { holder: "process 7".to_owned() }),
        ("may not write", NotMended::Forbidden { directory: paths().dir }),
        (
            "failed",
            NotMended::Failed { reason: "cannot open /x: Permission denied (os error 13)".to_owned() },
        ),
    ] {
        let on_damage: OnDamage = Arc::new(move || Err(why.clone()));
        let refused = ReadLog::open(Arc::new(world.disk.clone()), None, paths(), Some(on_damage));
        said.error(case, refused.unwrap_err());
    }
    journal.iter().for_each(|path| world.disk.take(path));
    said.error("not there", log.reader().read(0).unwrap_err());
    said.check();
}

/// Damage under an open log is an error of the read.
#[test]
fn what_a_reader_meets_is_said() {
    let mut said = Said::new("log_reads");
    let (world, witness) = finished(true);
    let read = |harm: &dyn Fn(&World, u64), index: u64| {
        let world = world.fork();
        let (log, _, _) = world.open().unwrap();
        harm(&world, index);
        // The journal's copy would be read in its place.
        let journal = paths().journal();
        world
            .disk
            .snapshot()
            .keys()
            .filter(|path| path.starts_with(&journal))
            .for_each(|path| world.disk.take(path));
        log.reader().read(index).map(drop).unwrap_err()
    };
    let chunk = |world: &World, index: u64| {
        let medium = world.opener.medium();
        let mut chunks = medium.batches.iter().flat_map(|batch| &batch.chunks);
        chunks.find(|chunk| (chunk.first..chunk.first + chunk.count).contains(&index)).cloned().unwrap()
    };
    let lose = |world: &World, index: u64| {
        let first = chunk(world, index).first;
        world.opener.medium().wrong_chunks.insert(first, None);
    };
    let alter = |world: &World, index: u64| {
        let mut chunk = chunk(world, index);
        chunk.bytes[5] ^= 1;
        world.opener.medium().wrong_chunks.insert(chunk.first, Some(chunk));
    };
    let alter_tile = |world: &World, index: u64| {
        alter(world, index);
        world.opener.medium().damaged_keys.insert((Table::Tiles, tile_key(0, index / 256)));
    };
    assert!(witness.acknowledged.len() > 256, "no full tile");
    said.error("lost", read(&lose, 1));
    said.error("altered", read(&alter, 1));
    said.error("altered, and its tile", read(&alter_tile, 1));
    let (log, _, _) = world.open().unwrap();
    said.error("no frame here", log.reader().read_vault_frame(witness.frames[4].0 + 1).unwrap_err());
    said.check();
}
