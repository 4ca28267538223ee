//! The published tree (`jejak log tiles`): what a reader with nothing but its files finds, at several sizes
//! and after every fault of the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jejak::disk::sim::{Fault, FaultKind, SimulatedDisk};
use jejak::disk::{Disk, RealDisk};
use jejak::proof::cosigned::{self, CosignedError, Kept};
use jejak::proof::fork::Fork;
use jejak::proof::hand_out;
use jejak::proof::publish::{PublishError, PublishedTree, publish};
use jejak::registry::{Handovers, LogReading, Options, Registry, Rotated, Signed};
use jejak::vault::KeyFile;
use jejak_events::bundle;
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::note::NoteSigner;
use jejak_events::policy::Policy;
use jejak_events::tile::{BundlePlace, Tile, TileTree};
use jejak_events::tree::leaf_hash;
use serde_json::json;

use crate::said::Said;
use crate::support;

const PLACE: &str = "/www/log";

/// A registry that grows, and its options, without which there is no checkpoint.
struct Grown {
    registry: Registry,
    options: Options,
}

impl Grown {
    fn new(seed: u64) -> Self {
        Self::over(support::in_memory(seed).0)
    }

    fn over(options: Options) -> Self {
        let registry = support::created(&options);
        Self { registry, options }
    }

    fn grow_to(&self, size: u64) {
        self.grow_otherwise(size, 0);
    }

    /// Grows by other events for each `offset`: a fork of what grew with another.
    fn grow_otherwise(&self, size: u64, offset: u64) {
        let proposals = (self.registry.reader().size()..size).map(|number| number + offset).map(|number| {
            support::proposal(&json!({
                "id": format!("01890a5d-ac96-774b-bcce-{number:012x}"),
                "type": "id.jejak.exhibition.announced.v1",
                "subject": format!("exhibition/01890a5d-ac96-774b-bccf-{number:012x}"),
                "time": "2025-04-21T00:00:00+07:00",
                "data": {"area": "33.75", "from": "2025-05-05", "to": "2025-05-07", "level": "city",
                    "name": "Pameran contoh", "venue": "Gedung Contoh"},
            }))
        });
        let outcomes = self.registry.append_blocking(proposals.collect(), true).unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.refusal().is_none()), "{outcomes:?}");
    }

    fn rotate(&self) -> Rotated {
        let nobody = Actor { kind: ActorKind::Unknown, id: None };
        self.registry.rotate_key(nobody, None).unwrap()
    }

    /// The newest signed checkpoint.
    fn checkpoint(&self) -> String {
        let log = LogReading::of(&self.registry, &self.options, Signed::Wanted).unwrap();
        hand_out::current_checkpoint(&log, &self.options).unwrap()
    }

    fn publish(&self, disk: &SimulatedDisk) -> Result<PublishedTree, PublishError> {
        let note = self.checkpoint();
        let (keys, handovers) = (self.registry.log_keys(), Handovers::of(&self.options));
        publish(self.registry.reader(), &note, &keys, &handovers, disk, Path::new(PLACE), &|_| true)
    }

    /// Reads the published tree as a stranger does: everything below the checkpoint must lead to it.
    fn read_published(&self, disk: &SimulatedDisk) -> Option<Checkpoint> {
        let file = |name: &str| disk.read(&Path::new(PLACE).join(name));
        let note = file("checkpoint").ok()?;
        let signed = SignedCheckpoint::parse(&note).unwrap();
        let checkpoint = self.registry.log_keys().verify(&signed).unwrap().clone();
        // A full resource stands in for a partial one that is no longer kept.
        let resource = |partial: String, width: u16| {
            let full = partial.split(".p/").next().unwrap().to_owned();
            let whole = |bytes| (bytes, 256);
            file(&partial).map(|bytes| (bytes, width)).or_else(|_| file(&full).map(whole)).unwrap()
        };
        let mut tree = TileTree::new();
        let mut full = Vec::new();
        for place in (0..).map_while(|index| BundlePlace::in_tree(checkpoint.size(), index)) {
            let (bytes, width) = resource(place.to_string(), place.width());
            for entry in bundle::decode(&bytes, width).unwrap().into_iter().take(usize::from(place.width())) {
                full.extend(tree.push(leaf_hash(entry)));
            }
        }
        assert_eq!((tree.size(), tree.root()), (checkpoint.size(), checkpoint.root()));
        // Every handover that it covers, each as the registry has it.
        let keys = self.registry.log_keys();
        for key in keys.all().iter().skip(1).filter(|key| key.from_size <= checkpoint.size()) {
            let own =
                Handovers::of(&self.options).read(key.from_size, &keys, self.registry.reader()).unwrap();
            assert_eq!(file(&format!("handover/{}", key.from_size)).ok(), own.ok());
        }
        let computed: BTreeMap<Tile, Vec<u8>> =
            full.into_iter().chain(tree.partial_tiles()).map(|tile| (tile.tile, tile.bytes)).collect();
        let wanted: Vec<Tile> = Tile::all(checkpoint.size()).collect();
        assert_eq!(computed.len(), wanted.len());
        for tile in wanted {
            let (bytes, _) = resource(tile.to_string(), tile.width());
            assert_eq!(bytes[..tile.length_bytes()], computed[&tile], "{tile}");
        }
        Some(checkpoint)
    }
}

/// Full tiles, full bundles and nothing else.
fn full_files(disk: &SimulatedDisk) -> BTreeMap<PathBuf, Vec<u8>> {
    let tiles = Path::new(PLACE).join("tile");
    let is_full = |path: &Path| path.starts_with(&tiles) && !path.to_string_lossy().contains(".p/");
    disk.snapshot().into_iter().filter(|(path, _)| is_full(path)).collect()
}

#[test]
fn each_publication_extends_the_last() {
    publishes(Grown::new(1));
}

#[test]
fn what_is_published_is_the_same_wherever_the_log_lies() {
    publishes(Grown::over(support::with_log_in_memory(1).0));
}

fn publishes(grown: Grown) {
    let disk = SimulatedDisk::default();
    let mut before: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (size, full_count) in [(1, 0), (2, 0), (255, 0), (256, 2), (257, 2), (700, 4), (700, 4), (1024, 8)] {
        grown.grow_to(size);
        grown.publish(&disk).unwrap();
        assert_eq!(grown.read_published(&disk).unwrap().size(), size);
        let now = full_files(&disk);
        assert_eq!(now.len(), full_count, "at {size}: {:?}", now.keys());
        for (path, bytes) in &before {
            assert_eq!(now.get(path), Some(bytes), "{} was written anew", path.display());
        }
        before = now;
    }
    // Of what became full nothing partial is left, and nothing aside.
    let left: Vec<String> = disk.snapshot().into_keys().map(|path| path.display().to_string()).collect();
    let partials: Vec<&String> = left.iter().filter(|path| path.contains(".p/")).collect();
    assert_eq!(
        partials,
        [
            &format!("{PLACE}/tile/1/000.p/1"),
            &format!("{PLACE}/tile/1/000.p/2"),
            &format!("{PLACE}/tile/1/000.p/4")
        ]
    );
    assert!(!left.iter().any(|path| path.ends_with(".aside")), "{left:?}");
}

#[test]
fn every_fault_leaves_a_tree_that_leads_to_its_checkpoint() {
    let grown = Grown::new(2);
    let disk = SimulatedDisk::default();
    grown.grow_to(250);
    grown.publish(&disk).unwrap();
    grown.rotate();
    grown.grow_to(520);
    let rehearsal = disk.fork();
    grown.publish(&rehearsal).unwrap();
    let operations = rehearsal.faults().count();
    assert!(operations > 30, "{operations}");
    let mut failed = 0;
    for operation in 0..operations {
        for kind in FaultKind::ALL {
            let faulty = disk.fork();
            faulty.faults().plan(Some(Fault { operation, kind }));
            failed += u32::from(grown.publish(&faulty).is_err());
            // The program goes on, or the power is cut as well.
            let went_on = faulty.fork();
            for seed in [0, 1, operation + 2] {
                let crashed = faulty.crash(seed);
                let size = grown.read_published(&crashed).unwrap().size();
                assert!(size == 250 || size == 520, "operation {operation}, {kind:?}: {size}");
                grown.publish(&crashed).unwrap();
                assert_eq!(grown.read_published(&crashed).unwrap().size(), 520);
            }
            grown.publish(&went_on).unwrap();
            let after = went_on.crash(0);
            assert_eq!(grown.read_published(&after).unwrap().size(), 520, "operation {operation}, {kind:?}");
        }
    }
    assert!(failed > operations as u32, "{failed} of {operations} operations failed");
}

#[test]
fn what_was_not_published_from_here_is_refused_and_left_as_it_was() {
    let grown = Grown::new(3);
    let disk = SimulatedDisk::default();
    grown.grow_to(300);
    grown.publish(&disk).unwrap();
    let mut words = Said::new("published");
    let mut refused = |grown: &Grown, disk: &SimulatedDisk, said: &str| {
        let before = disk.snapshot();
        let error = grown.publish(disk).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(disk.snapshot(), before);
        words.error(said, error);
    };
    // Put back to an older state, and grown anew.
    let younger = Grown::new(3);
    younger.grow_to(200);
    refused(&younger, &disk, "a fork");
    // Another log.
    let other = Grown::new(4);
    other.grow_to(400);
    refused(&other, &disk, "is not a checkpoint of this log");
    // Not a published log at all.
    let strange = SimulatedDisk::default();
    strange.put(&Path::new(PLACE).join("index.html"), b"<html>");
    refused(&grown, &strange, "index.html is no part of a published log");
    // A checkpoint that was written over.
    let damaged = disk.fork();
    damaged.put(&Path::new(PLACE).join("checkpoint"), b"jejak");
    refused(&grown, &damaged, "is no checkpoint");
    // A handover that is none: readers would take it for one.
    let handover = disk.fork();
    handover.put(&Path::new(PLACE).join("handover/7"), b"jejak");
    refused(&grown, &handover, "handover/7 is no handover of this log");
    // Tiles of another log, or of nobody knows whom: no checkpoint says whose they are.
    let unsigned = disk.fork();
    unsigned.take(&Path::new(PLACE).join("checkpoint"));
    grown.publish(&unsigned.fork()).unwrap();
    let tile = Path::new(PLACE).join("tile/0/000");
    unsigned.put(&tile, &[7; 256 * 32]);
    refused(&grown, &unsigned, "tile/0/000 has other bytes than this log");
    // An earlier checkpoint over a larger tree is no fork.
    let note = grown.checkpoint();
    grown.grow_to(600);
    grown.publish(&disk).unwrap();
    let (keys, handovers) = (grown.registry.log_keys(), Handovers::of(&grown.options));
    let before = disk.snapshot();
    let older =
        publish(grown.registry.reader(), &note, &keys, &handovers, &disk, Path::new(PLACE), &|_| true);
    let older = older.unwrap_err();
    assert!(matches!(older, PublishError::Older { published_size: 600, size: 300, .. }), "{older}");
    assert_eq!(disk.snapshot(), before);
    words.error("older", older);
    let stopped = publish(
        grown.registry.reader(),
        &note,
        &keys,
        &handovers,
        &strange.fork(),
        Path::new("/new"),
        &|_| false,
    );
    words.error("stopped", stopped.unwrap_err());
    let altered = note.replacen("\n300\n", "\n301\n", 1);
    let altered =
        publish(grown.registry.reader(), &altered, &keys, &handovers, &strange, Path::new("/new"), &|_| true);
    words.error("a checkpoint that does not check", altered.unwrap_err());
    words.check();
}

/// What lies in the way is named, and left there.
#[test]
fn something_else_in_the_place_of_a_file_is_refused() {
    let grown = Grown::new(41);
    grown.grow_to(300);
    let note = grown.checkpoint();
    let (keys, handovers) = (grown.registry.log_keys(), Handovers::of(&grown.options));
    let home = tempfile::tempdir().unwrap();
    let mut words = Said::at("published_in_the_way", home.path());
    type Lay = fn(&Path);
    let ways: [(&str, &str, Lay); 6] = [
        ("a directory", "checkpoint", |path| std::fs::create_dir(path).unwrap()),
        ("a file", "handover", |path| std::fs::write(path, b"").unwrap()),
        ("a file above others", "tile", |path| std::fs::write(path, b"").unwrap()),
        ("a link", "checkpoint", |path| std::os::unix::fs::symlink("/nowhere", path).unwrap()),
        ("a link to a directory", "tile", |path| std::os::unix::fs::symlink("/tmp", path).unwrap()),
        ("a socket", "checkpoint", |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
    ];
    for (case, name, lay) in ways {
        let directory = home.path().join(case.replace(' ', "-"));
        std::fs::create_dir(&directory).unwrap();
        lay(&directory.join(name));
        let refused =
            publish(grown.registry.reader(), &note, &keys, &handovers, &RealDisk, &directory, &|_| true);
        words.error(case, refused.unwrap_err());
        assert!(directory.join(name).symlink_metadata().is_ok(), "{case}: it is gone");
    }
    words.check();
}

/// Whatever happens to a file that lies there, the next run finds it, at the same size and at a larger one.
#[test]
fn a_file_that_is_missing_cut_short_or_altered_is_mended_and_named() {
    let (grown, disk) = (Grown::new(9), SimulatedDisk::default());
    grown.grow_to(300);
    grown.publish(&disk).unwrap();
    grown.rotate();
    grown.grow_to(600);
    grown.publish(&disk).unwrap();
    let again = grown.publish(&disk).unwrap();
    assert_eq!((again.files_written, again.bytes_written, again.mended_count), (0, 0, 0));
    let place = |path: &Path| path.strip_prefix(PLACE).unwrap().to_str().unwrap().to_owned();
    let whole = disk.snapshot();
    let grows = [false, true];
    for larger in grows {
        if larger {
            grown.grow_to(700);
        }
        let expected = disk.fork();
        grown.publish(&expected).unwrap();
        let expected = expected.snapshot();
        for (path, bytes) in whole.iter().filter(|(path, _)| !path.ends_with("checkpoint")) {
            let flipped = |at: usize| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1;
                bytes
            };
            let damages = [
                Some(flipped(0)),
                Some(flipped(bytes.len() - 1)),
                Some(bytes[..bytes.len() - 1].to_vec()),
                Some([&bytes[..], b"x"].concat()),
                Some(Vec::new()),
                None,
            ];
            for damage in damages {
                // A narrower file of before the checkpoint published last: whoever removed it may.
                if damage.is_none() && path.ends_with("tile/1/000.p/1") {
                    continue;
                }
                let damaged = disk.fork();
                match &damage {
                    Some(bytes) => damaged.put(path, bytes),
                    None => damaged.take(path),
                }
                let done = grown.publish(&damaged).unwrap();
                assert_eq!((done.mended, done.mended_count), (vec![place(path)], 1), "{path:?}");
                assert!(damaged.snapshot() == expected, "{path:?}: the tree is another");
                // What was removed may come back after a crash; what was written stays.
                let crashed = damaged.crash(0).snapshot();
                let lacks = expected.iter().find(|(path, bytes)| crashed.get(*path) != Some(*bytes));
                assert!(lacks.is_none(), "{path:?}: {:?} is not durable", lacks.map(|(path, _)| path));
            }
        }
    }
    // A partial file that a full one has taken the place of is nobody's any more.
    let stale = disk.fork();
    stale.put(&Path::new(PLACE).join("tile/entries/000.p/17"), b"anything");
    grown.publish(&stale).unwrap();
    assert!(!stale.snapshot().keys().any(|path| path.ends_with("000.p/17")));
    // Many are counted, and the first of them named.
    let emptied = disk.fork();
    whole.keys().filter(|path| !path.ends_with("checkpoint")).for_each(|path| emptied.put(path, b""));
    let done = grown.publish(&emptied).unwrap();
    let count = whole.len() as u64 - 1;
    assert_eq!((done.mended_count, done.mended.len()), (count, usize::try_from(count).unwrap().min(10)));
    assert_eq!(grown.read_published(&emptied).unwrap().size(), 700);
}

#[test]
fn a_checkpoint_proves_to_extend_an_earlier_one() {
    let grown = Grown::new(5);
    let mut notes = Vec::new();
    for size in [1, 2, 300, 513] {
        grown.grow_to(size);
        notes.push(grown.checkpoint());
    }
    let key = &grown.registry.log_keys();
    let reader = grown.registry.reader();
    for (position, old) in notes.iter().enumerate() {
        for new in &notes[position..] {
            let proven = hand_out::consistency(reader, old, new, key).unwrap();
            let text = proven.to_string();
            let (head, checkpoint) = text.split_once("\n\n").unwrap();
            assert_eq!(checkpoint, new);
            assert_eq!(head.lines().count(), 1 + proven.proof.hashes.len());
            assert!(head.starts_with(&format!("old {}", proven.old.size())));
        }
    }
    let mut words = Said::new("proofs");
    words.error("backward", hand_out::consistency(reader, &notes[3], &notes[0], key).unwrap_err());
    let younger = Grown::new(5);
    younger.grow_to(100);
    let note = younger.checkpoint();
    words.error(
        "a fork",
        hand_out::consistency(younger.registry.reader(), &notes[2], &note, key).unwrap_err(),
    );
    let other = Grown::new(6);
    let note = other.checkpoint();
    words.error("another log", hand_out::consistency(reader, &note, &notes[3], key).unwrap_err());
    words.check();
}

/// A tree published under one key is extended under the next, and proofs lead from one to the other.
#[test]
fn a_tree_published_under_an_earlier_key_is_extended_under_the_next() {
    let (grown, disk) = (Grown::new(8), SimulatedDisk::default());
    grown.grow_to(300);
    let old = grown.checkpoint();
    let old_key = grown.registry.log_keys().current().unwrap().clone();
    grown.publish(&disk).unwrap();
    let rotated = grown.rotate();
    let handover = grown.checkpoint();
    grown.publish(&disk).unwrap();
    assert_eq!(grown.read_published(&disk).unwrap().size(), 301);
    grown.grow_to(600);
    grown.publish(&disk).unwrap();
    assert_eq!(grown.read_published(&disk).unwrap().size(), 600);
    let published = disk.read(&Path::new(PLACE).join("checkpoint")).unwrap();
    let published = SignedCheckpoint::parse(&published).unwrap();
    assert!(published.verify(&rotated.key).is_ok() && published.verify(&old_key).is_err());
    // One that the registry lost is said to be missing, and what is published of it stays.
    let own = grown.options.paths().handovers().join("301");
    let lost = grown.options.disk.read(&own).unwrap();
    grown.options.disk.remove(&own).unwrap();
    let anew = SimulatedDisk::default();
    for (disk, there) in [(&disk, true), (&anew, false)] {
        assert_eq!(grown.publish(disk).unwrap().handovers_missing, [301]);
        assert_eq!(disk.read(&Path::new(PLACE).join("handover/301")).ok(), there.then(|| lost.clone()));
    }
    // Unless it is none: there is nothing to mend it from.
    for none in [&lost[..lost.len() - 1], old.as_bytes(), published.to_string().as_bytes()] {
        let altered = disk.fork();
        altered.put(&Path::new(PLACE).join("handover/301"), none);
        let refused = grown.publish(&altered);
        assert!(matches!(refused, Err(PublishError::Altered { .. })), "{refused:?}");
    }

    let (keys, reader) = (grown.registry.log_keys(), grown.registry.reader());
    let new = published.to_string();
    for earlier in [&old, &handover] {
        assert_eq!(hand_out::consistency(reader, earlier, &new, &keys).unwrap().new.size(), 600);
        hand_out::inclusion(reader, earlier, &keys, 299).unwrap();
    }
    // An old key that somebody kept signs nothing more, and a new one nothing of before.
    let forged = new.replace("600\n", "300\n");
    assert!(hand_out::consistency(reader, &forged, &new, &keys).is_err());
}

/// Of two cosignatures of one witness the newer stays, and what a fork signed is neither built on nor replaced.
#[test]
fn cosignatures_go_over_nothing_newer_and_over_no_fork() {
    let (grown, forked) = (Grown::new(11), Grown::new(11));
    grown.grow_to(5);
    forked.grow_otherwise(5, 1000);
    let witness = CosignatureSigner::new("witness.example", &[9; 32]).unwrap();
    let keys = grown.registry.log_keys();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", keys.current().unwrap(), witness.verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let cosigned_at = |grown: &Grown, time: u64| {
        let own = grown.checkpoint();
        let own = SignedCheckpoint::parse(own.as_bytes()).unwrap().only_by(&[keys.current().unwrap()]);
        let mut cosigned = own.clone();
        cosigned.add(witness.cosign(&own, time).unwrap()).unwrap();
        cosigned
    };
    let add = |brought: &SignedCheckpoint| -> Result<Kept, CosignedError> {
        let Options { disk, dir, .. } = &grown.options;
        cosigned::add(&**disk, dir, grown.registry.reader(), &keys, brought, &policy)
    };
    let file = grown.options.dir.join("cosigned");
    for (brought, kept, is_new) in
        [(2000, 2000, true), (1000, 2000, false), (2000, 2000, false), (2001, 2001, true)]
    {
        let done = add(&cosigned_at(&grown, brought)).unwrap();
        assert_eq!(done.added.len(), usize::from(is_new), "{brought}");
        let read = SignedCheckpoint::parse(&grown.options.disk.read(&file).unwrap()).unwrap();
        assert_eq!(read.cosigned_at(witness.verifier_key()).unwrap(), kept, "{brought}");
        assert_eq!(read.note().signatures().len(), 2);
    }
    // The same size, another root, under the same key: brought, and kept.
    let other = cosigned_at(&forked, 3000);
    assert!(matches!(add(&other), Err(CosignedError::Fork(_))));
    for size in [5, 9] {
        forked.grow_otherwise(size, 1000);
        let fork = cosigned_at(&forked, 3000).to_string();
        let mut there = grown.options.disk.open(&file).unwrap();
        there.set_length(0).unwrap();
        there.write_at(0, fork.as_bytes()).unwrap();
        drop(there);
        assert!(matches!(add(&cosigned_at(&grown, 4000)), Err(CosignedError::Fork(_))), "{size}");
        assert_eq!(grown.options.disk.read(&file).unwrap(), fork.as_bytes(), "{size}: the evidence is gone");
    }
}

/// A larger one takes the place of what is kept, a smaller one none, and one with a cosignature that does not check
/// nothing at all.
#[test]
fn the_largest_cosigned_checkpoint_is_kept() {
    let grown = Grown::new(32);
    let keys = grown.registry.log_keys();
    let witness = CosignatureSigner::new("witness.example", &[9; 32]).unwrap();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", keys.current().unwrap(), witness.verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let cosigned = |time| {
        let own = grown.checkpoint();
        let mut own = SignedCheckpoint::parse(own.as_bytes()).unwrap().only_by(&[keys.current().unwrap()]);
        own.add(witness.cosign(&own, time).unwrap()).unwrap();
        own
    };
    let file = grown.options.dir.join("cosigned");
    let add = |brought: &SignedCheckpoint| {
        let Options { disk, dir, .. } = &grown.options;
        let added = cosigned::add(&**disk, dir, grown.registry.reader(), &keys, brought, &policy);
        (added, SignedCheckpoint::parse(&disk.read(&file).unwrap()).unwrap())
    };
    grown.grow_to(5);
    let small = cosigned(2000);
    add(&small).0.unwrap();
    grown.grow_to(9);
    let large = cosigned(1000);
    let (added, kept) = add(&large);
    assert_eq!(added.unwrap().added, ["w"]);
    assert_eq!((kept.to_string(), kept.cosigned_at(witness.verifier_key())), (large.to_string(), Ok(1000)));
    let mut words = Said::new("cosigned");
    let (added, kept) = add(&small);
    assert!(matches!(added, Err(CosignedError::Smaller { size: 5, kept: 9 })), "{added:?}");
    words.error("smaller", added.unwrap_err());
    assert_eq!(kept.to_string(), large.to_string());
    // The witness's name and id, and not its signature.
    let mut altered = large.to_string();
    let at = altered.len() - 20;
    let other = if &altered[at..=at] == "A" { "B" } else { "A" };
    altered.replace_range(at..=at, other);
    let altered = SignedCheckpoint::parse(altered.as_bytes()).unwrap();
    let (added, kept) = add(&altered);
    assert!(matches!(added, Err(CosignedError::Checkpoint(_))), "{added:?}");
    assert_eq!(kept.to_string(), large.to_string());
    words.error("altered", added.unwrap_err());
    let by_nobody = large.only_by(&[keys.current().unwrap()]);
    words.error("by nobody", add(&by_nobody).0.unwrap_err());
    words.check();
}

#[test]
fn a_checkpoint_over_a_part_of_a_commit_is_neither_kept_nor_built_on() {
    let grown = Grown::new(31);
    grown.grow_to(5);
    let (keys, reader) = (grown.registry.log_keys(), grown.registry.reader());
    let secrets = KeyFile::read(grown.options.disk.clone(), &grown.options.keys_dir).unwrap();
    let origin = &grown.registry.constitution().origin;
    let signer = NoteSigner::new(origin, secrets.signing("checkpoint").unwrap().bytes()).unwrap();
    let witness = CosignatureSigner::new("witness.example", &[9; 32]).unwrap();
    let signed = |size| {
        let stated = Checkpoint::new(origin, size, reader.root_at(size).unwrap()).unwrap();
        let mut signed = SignedCheckpoint::sign(stated, &signer).unwrap();
        signed.add(witness.cosign(&signed, 1000).unwrap()).unwrap();
        signed
    };
    let policy = format!("log {}\nwitness w {}\nquorum w\n", keys.current().unwrap(), witness.verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let own = grown.checkpoint();
    for (size, is_whole) in [(1, true), (2, false), (4, false), (5, true)] {
        let Options { disk, dir, .. } = &grown.options;
        let added = cosigned::add(&**disk, dir, reader, &keys, &signed(size), &policy);
        let led = hand_out::consistency(reader, &signed(size).to_string(), &own, &keys);
        if is_whole {
            assert!(added.is_ok() && led.is_ok(), "{size}: {added:?} {led:?}");
            continue;
        }
        assert!(matches!(added, Err(CosignedError::Fork(Fork::Inside { .. }))), "{size}: {added:?}");
        let refused = led.unwrap_err().to_string();
        let said = "never stood: the log never had size";
        assert!(refused.contains(said) && refused.contains("use 1 or 5"), "{size}: {refused}");
    }
}
