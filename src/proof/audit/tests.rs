//! Audits of registries and published trees as they lie on a disk, and what a cosigner remembers.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::checkpoint::Checkpoint;
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::note::NoteSigner;
use jejak_events::policy::Policy;
use jejak_events::proposal::Proposal;
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_events::values::Origin;
use serde_json::json;
use tempfile::TempDir;

use super::cosigner::{CosignError, CosignerState};
use super::*;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::disk::{Disk, RealDisk};
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::log::LogSettings;
use crate::proof::replay::entries::SourceError;
use crate::registry::{Handovers, InitReport, LogReading, Options, Registry, Signed, create};
use crate::said::Said;

const TIME: u64 = 1_760_000_000;

struct World {
    directory: TempDir,
    options: Options,
}

impl World {
    /// A registry with small segments, so that its journal has several, some of them compressed.
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let mut options = Options::in_directory(directory.path().join("data"));
        let clock = ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap());
        options.environment =
            Environment { clock: Arc::new(clock), randomness: Arc::new(SeededRandomness::new(7)) };
        // A segment is compressed after an anchor; the appends may be done within the usual second.
        options.anchor_interval = Some(std::time::Duration::ZERO);
        options.log = LogSettings { segment_bytes: 64 << 10, free_floor_bytes: 0, ..LogSettings::default() };
        let about = InitReport {
            origin: Origin::parse("jejak.example/test").unwrap(),
            source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
            synthetic: true,
            recovery_file: directory.path().join("recovery"),
        };
        create(&options, &about).unwrap();
        Self { directory, options }
    }

    /// Records so many IKMs, each an event.
    fn grow(&self, numbers: std::ops::Range<u64>) {
        let registry = Registry::open(&self.options).unwrap();
        let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
        for chunk in numbers.collect::<Vec<_>>().chunks(50) {
            let proposals = chunk.iter().map(|number| {
                let proposal = json!({"id": format!("0197f2c1-5b6d-7e8f-9a0b-{number:012x}"),
                    "type": "id.jejak.ikm.registered.v1",
                    "subject": format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}"),
                    "time": "2021-03-01T00:00:00+07:00", "data": {"area": "33.75", "commodity": "batik",
                    "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": false, "name": "Batik"}});
                Proposal::parse(proposal.to_string().as_bytes(), &defaults).unwrap()
            });
            let outcomes = registry.append_blocking(proposals.collect(), false).unwrap();
            assert!(outcomes.iter().all(|outcome| outcome.refusal().is_none()));
        }
        registry.close().unwrap();
    }

    fn key(&self) -> VerifierKey {
        let registry = Registry::open(&self.options).unwrap();
        let key = registry.log_keys().current().unwrap().clone();
        registry.close().unwrap();
        key
    }

    fn publish(&self) -> PathBuf {
        let registry = Registry::open(&self.options).unwrap();
        let directory = self.directory.path().join("published");
        let log = LogReading::of(&registry, &self.options, Signed::Wanted).unwrap();
        let note = crate::proof::hand_out::current_checkpoint(&log, &self.options).unwrap();
        let (disk, keys, handovers) =
            (&*self.options.disk, registry.log_keys(), Handovers::of(&self.options));
        let reader = registry.reader();
        crate::proof::publish::publish(reader, &note, &keys, &handovers, disk, &directory, &|_| true)
            .unwrap();
        registry.close().unwrap();
        directory
    }

    fn against(&self) -> Against {
        Against { policy: Some(Policy::of_log(self.key()).unwrap()), ..Against::default() }
    }
}

fn run(path: &Path, against: &Against) -> Result<(SourceKind, Audit), ReplayError> {
    audit_at(Arc::new(RealDisk), path, None, against, &|_| true)
}

fn problems(audit: &Audit) -> Vec<&str> {
    audit.checks.iter().flat_map(|check| &check.problems).map(|problem| problem.en.as_str()).collect()
}

#[test]
fn registry_and_published_tree_give_the_same_audit() {
    let world = World::new();
    world.grow(0..700);
    let segments = fs::read_dir(world.options.paths().journal()).unwrap();
    let packed = segments.filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "zst")
    });
    assert!(packed.count() > 0, "some segments are compressed");
    let against = world.against();
    let (kind, registry) = run(&world.options.dir, &against).unwrap();
    assert_eq!((kind, registry.is_sound()), (SourceKind::Registry, true), "{:?}", problems(&registry));
    let (kind, tiles) = run(&world.publish(), &against).unwrap();
    assert_eq!((kind, tiles.is_sound()), (SourceKind::Tiles, true), "{:?}", problems(&tiles));
    assert_eq!(registry.statement(), tiles.statement());
    assert_eq!(registry.checkpoint().size(), 701);

    // The audit reads beside a running registry, whose newest events no checkpoint covers yet.
    let running = Registry::open(&world.options).unwrap();
    assert!(run(&world.options.dir, &against).unwrap().1.is_sound());
    running.close().unwrap();
    // The keys are not needed.
    fs::remove_dir_all(world.options.dir.join("keys")).unwrap();
    assert!(run(&world.options.dir, &against).unwrap().1.is_sound());
}

#[test]
fn a_checkpoint_that_was_kept_is_audited_after_the_log_has_grown() {
    let world = World::new();
    world.grow(0..300);
    let published = world.publish();
    let kept = world.directory.path().join("kept");
    fs::copy(published.join("checkpoint"), &kept).unwrap();
    world.grow(300..600);
    let published = world.publish();
    assert!(!published.join("tile/entries/001.p/45").exists(), "the partial files of before are gone");
    let against = world.against();
    for path in [&world.options.dir, &published] {
        let (_, audit) = audit_at(Arc::new(RealDisk), path, Some(&kept), &against, &|_| true).unwrap();
        assert!(audit.is_sound(), "{:?}", problems(&audit));
        assert_eq!(audit.checkpoint().size(), 301);
    }
}

#[test]
fn whatever_is_altered_or_missing_in_a_published_tree_is_named() {
    let world = World::new();
    world.grow(0..600);
    let against = world.against();
    let files =
        ["tile/0/001", "tile/0/002.p/89", "tile/1/000.p/2", "tile/entries/000", "tile/entries/002.p/89"];
    for name in files {
        for change in ["flip", "cut", "grow", "remove"] {
            let published = world.publish();
            let path = published.join(name);
            let mut bytes = fs::read(&path).unwrap();
            match change {
                "flip" => {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                "cut" => drop(bytes.pop()),
                "grow" => bytes.push(0),
                _ => {}
            }
            if change == "remove" {
                fs::remove_file(&path).unwrap();
            } else {
                fs::write(&path, bytes).unwrap();
            }
            let said = match run(&published, &against) {
                Ok((_, audit)) => {
                    assert!(!audit.is_sound(), "{name}: {change}");
                    problems(&audit).join("; ")
                }
                Err(ReplayError::Source(error)) => error.to_string(),
                Err(error) => panic!("{name}: {change}: {error}"),
            };
            // A flipped byte within an entry is known by the tiles beside it, which no longer fit.
            let named = said.contains(name) || said.contains("tile/0/") || said.contains("reordered");
            assert!(named, "{name}: {change}: {said}");
            fs::remove_dir_all(&published).unwrap();
        }
    }
}

#[test]
fn a_journal_that_lacks_something_is_told() {
    let world = World::new();
    world.grow(0..700);
    let against = world.against();
    let journal = world.options.paths().journal();
    let mut names: Vec<_> = fs::read_dir(&journal).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let moved = world.directory.path().join("moved");
    fs::rename(&names[1], &moved).unwrap();
    let mut words = Said::at("audit_sources", world.directory.path());
    let mut refused = |case: &str, path: &Path, said: &str| {
        let error = run(path, &against).map(drop).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        match error {
            ReplayError::Source(SourceError::Wrong(message)) => words.take(case, message),
            error => words.error(case, error),
        }
    };
    refused("a gap", &world.options.dir, "the journal has a gap");
    fs::rename(&moved, &names[1]).unwrap();

    let last = names.last().unwrap();
    let text = fs::read(last).unwrap();
    fs::write(last, [text.as_slice(), b"x".repeat(200_000).as_slice()].concat()).unwrap();
    assert!(run(&world.options.dir, &against).unwrap().1.is_sound(), "beyond the checkpoint nothing is read");
    fs::write(last, b"x".repeat(200_000)).unwrap();
    refused("a long line", &world.options.dir, "a line is longer than");
    fs::write(last, [&text[..0], b"x".repeat(70_000).as_slice(), b"\n"].concat()).unwrap();
    refused("a long entry", &world.options.dir, "fit");
    fs::write(last, &text[..text.len() / 2]).unwrap();
    let (_, audit) = run(&world.options.dir, &against).unwrap();
    assert!(
        problems(&audit).iter().any(|said| said.contains("some were left out")),
        "{:?}",
        problems(&audit)
    );

    fs::remove_file(world.options.paths().checkpoint()).unwrap();
    refused("no checkpoint", &world.options.dir, "there is no checkpoint here");
    fs::write(world.options.paths().checkpoint(), vec![b'x'; 70_000]).unwrap();
    refused("a long checkpoint", &world.options.dir, "are no checkpoint");
    fs::write(world.options.paths().checkpoint(), "jejak").unwrap();
    refused("no form", &world.options.dir, "cut short");
    refused("nothing", world.directory.path(), "is no registry");
    let strange = world.directory.path().join("no-bundle");
    fs::write(&strange, b"hello").unwrap();
    refused("no bundle", &strange, "and no bundle");
    let strange = world.directory.path().join("strange");
    fs::create_dir(&strange).unwrap();
    fs::write(strange.join("journal"), b"").unwrap();
    refused("a file of that name", &strange, "cannot list");
    words.check();
}

/// A witness whose clock is behind, and an entry that is no record.
#[test]
fn what_an_audit_notes_is_said() {
    let world = World::new();
    world.grow(0..20);
    let mut words = Said::at("audit_notes", world.directory.path());
    let witness = cosigner();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", world.key(), witness.verifier_key());
    let published = world.publish();
    let path = published.join("checkpoint");
    let mut signed = read_checkpoint(&RealDisk, &path).unwrap();
    signed.add(witness.cosign(&signed, 1_000).unwrap()).unwrap();
    fs::write(&path, signed.to_string()).unwrap();
    let asked = Against { policy: Some(Policy::parse(policy.as_bytes()).unwrap()), ..Against::default() };
    let (_, audit) = run(&published, &asked).unwrap();
    audit.checks.iter().for_each(|check| check.heard(&mut words));
    crate::registry::append_unjudged(&world.options, b"{}");
    let (_, audit) = run(&world.options.dir, &Against::default()).unwrap();
    assert!(!audit.is_sound());
    audit.checks.iter().for_each(|check| check.heard(&mut words));
    // A log that no registry.opened begins names no key of its own.
    let nobodys = world.directory.path().join("nobodys");
    let root = jejak_events::tree::leaf_hash(b"{}");
    let stated = Checkpoint::new("jejak.example/test", 1, root).unwrap();
    let signed =
        SignedCheckpoint::sign(stated, &NoteSigner::new("jejak.example/test", &[3; 32]).unwrap()).unwrap();
    for (name, bytes) in [
        ("checkpoint", signed.to_string().into_bytes()),
        ("tile/0/000.p/1", root.0.to_vec()),
        ("tile/entries/000.p/1", vec![0, 2, b'{', b'}']),
    ] {
        fs::create_dir_all(nobodys.join(name).parent().unwrap()).unwrap();
        fs::write(nobodys.join(name), bytes).unwrap();
    }
    let (_, audit) = run(&nobodys, &Against::default()).unwrap();
    audit.checks.iter().for_each(|check| check.heard(&mut words));
    words.check();
}

#[test]
fn what_is_wrong_with_a_published_tree_is_said() {
    let world = World::new();
    world.grow(0..300);
    let against = world.against();
    let published = world.publish();
    let mut words = Said::at("audit_trees", world.directory.path());
    let mut refused = |case: &str, name: &str, bytes: Option<&[u8]>| {
        let path = published.join(name);
        let whole = fs::read(&path).unwrap_or_default();
        match bytes {
            None => fs::remove_file(&path).unwrap(),
            Some(bytes) => {
                fs::create_dir_all(path.parent().unwrap()).and_then(|()| fs::write(&path, bytes)).unwrap()
            }
        }
        words.error(case, run(&published, &against).map(drop).unwrap_err());
        if whole.is_empty() {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, whole).unwrap();
        }
    };
    refused("missing", "tile/entries/000", None);
    refused("another tile", "tile/0/000", Some(&[7; 256 * 32]));
    refused("too long", "tile/0/000", Some(&[7; 256 * 32 + 1]));
    refused("a bundle that ends early", "tile/entries/000", Some(&[0, 9, b'x']));
    let checkpoint = fs::read(published.join("checkpoint")).unwrap();
    refused("a handover of another size", "handover/7", Some(&checkpoint));
    words.check();
}

fn cosigner() -> CosignatureSigner {
    CosignatureSigner::new("auditor.example/cosigner", &[9; 32]).unwrap()
}

/// Cosigns as the command does.
fn cosign(
    world: &World,
    state: &CosignerState,
    signer: &CosignatureSigner,
) -> Result<SignedCheckpoint, CosignError> {
    let mut against = world.against();
    against.kept.extend(state.last("jejak.example/test", signer)?);
    let (_, audit) = run(&world.options.dir, &against).unwrap();
    state.cosign(&audit, signer, TIME)
}

#[test]
fn a_cosigner_follows_one_history_only() {
    let world = World::new();
    world.grow(0..20);
    let copy = world.directory.path().join("copy");
    copy_directory(&world.options.dir, &copy);
    let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::default());
    let state = CosignerState::open(Arc::clone(&disk), Path::new("/state"), false).unwrap();
    let signer = cosigner();
    let first = cosign(&world, &state, &signer).unwrap();
    assert_eq!(first.cosigned_at(signer.verifier_key()).unwrap(), TIME);
    // The same once more, and a larger one.
    cosign(&world, &state, &signer).unwrap();
    world.grow(20..30);
    assert_eq!(cosign(&world, &state, &signer).unwrap().unverified().size(), 31);

    // Put back to the older state, the log is smaller than what was cosigned; grown anew it is a fork.
    fs::remove_dir_all(&world.options.dir).unwrap();
    copy_directory(&copy, &world.options.dir);
    assert!(matches!(cosign(&world, &state, &signer), Err(CosignError::Unsound)));
    // Of the very size that was cosigned, with another root: the audit says so, and the cosigner without it too.
    world.grow(100..110);
    let (_, audit) = run(&world.options.dir, &world.against()).unwrap();
    assert_eq!((audit.checkpoint().size(), audit.is_sound()), (31, true));
    assert!(matches!(state.cosign(&audit, &signer, TIME), Err(CosignError::Unsound)));
    assert!(matches!(cosign(&world, &state, &signer), Err(CosignError::Unsound)));
    let kept = state.last("jejak.example/test", &signer).unwrap().unwrap();
    assert_ne!(kept.unverified().root(), audit.checkpoint().root(), "what was kept is what was cosigned");
    world.grow(110..120);
    assert!(matches!(cosign(&world, &state, &signer), Err(CosignError::Unsound)));
    // A cosigner who does not know the log's key must not learn it from the log.
    let (_, audit) = run(&world.options.dir, &Against::default()).unwrap();
    let fresh = CosignerState::open(disk, Path::new("/other"), false).unwrap();
    assert!(matches!(fresh.cosign(&audit, &signer, TIME), Err(CosignError::KeyNotKnown)));
}

/// What was given out is remembered, whatever the disk did: the memory is there first.
#[test]
fn a_cosigner_whose_disk_fails_gives_out_only_what_it_remembers() {
    let world = World::new();
    world.grow(0..20);
    let prepared = SimulatedDisk::default();
    let open = |disk: &SimulatedDisk| CosignerState::open(Arc::new(disk.clone()), Path::new("/state"), false);
    let signer = cosigner();
    cosign(&world, &open(&prepared).unwrap(), &signer).unwrap();
    world.grow(20..30);
    let mut against = world.against();
    against.kept.extend(open(&prepared).unwrap().last("jejak.example/test", &signer).unwrap());
    let (_, audit) = run(&world.options.dir, &against).unwrap();
    let play = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let state = open(&disk).unwrap();
        disk.faults().plan(fault);
        let given = state.cosign(&audit, &signer, TIME);
        (given, disk.faults().count(), disk)
    };
    let (given, operations, _) = play(None);
    assert!(given.is_ok() && operations >= 5, "{operations}");
    let mut refused = 0;
    for kind in
        [FaultKind::NotDone, FaultKind::Done, FaultKind::Full, FaultKind::LyingSync, FaultKind::PowerCut]
    {
        for operation in 0..operations {
            let (given, _, disk) = play(Some(Fault { operation, kind }));
            let remembered = open(&disk.crash(operation)).unwrap().last("jejak.example/test", &signer);
            let size = remembered.unwrap().map(|last| last.unverified().size());
            assert!(matches!(size, Some(21 | 31)), "{kind:?} at {operation}: {size:?}");
            assert!(given.is_err() || size == Some(31), "{kind:?} at {operation}: given out and forgotten");
            refused += u64::from(given.is_err());
        }
    }
    assert!(refused > 5, "{refused}");
}

#[test]
fn a_cosigner_does_not_go_on_without_its_memory() {
    let world = World::new();
    world.grow(0..20);
    let disk = SimulatedDisk::default();
    let state = CosignerState::open(Arc::new(disk.clone()), Path::new("/state"), false).unwrap();
    let signer = cosigner();
    cosign(&world, &state, &signer).unwrap();
    let name = disk.list(Path::new("/state")).unwrap().pop().unwrap();
    let path = Path::new("/state").join(name);
    let mut bytes = disk.read(&path).unwrap();
    let good = bytes.clone();
    bytes[30] ^= 1;
    disk.open(&path).unwrap().write_at(0, &bytes).unwrap();
    let mut words = Said::new("cosigner");
    let altered = cosign(&world, &state, &signer).unwrap_err();
    assert!(matches!(altered, CosignError::State { .. }));
    words.error("altered", altered);
    // What it cosigned of another log, put in the place of this one.
    disk.open(&path).unwrap().write_at(0, &good).unwrap();
    let elsewhere = Checkpoint::new("jejak.example/other", 1, Hash([7; 32])).unwrap();
    let log = NoteSigner::new("jejak.example/other", &[3; 32]).unwrap();
    let mut elsewhere = SignedCheckpoint::sign(elsewhere, &log).unwrap();
    elsewhere.add(signer.cosign(&elsewhere, TIME).unwrap()).unwrap();
    disk.remove(&path).unwrap();
    disk.open(&path).unwrap().write_at(0, elsewhere.to_string().as_bytes()).unwrap();
    words.error("of another log", cosign(&world, &state, &signer).unwrap_err());
    words.check();
}

/// A cosigner who began under the first key follows the handover, and what it cosigns is added to the log's own.
#[test]
fn a_cosigner_follows_a_handover() {
    let world = World::new();
    world.grow(0..20);
    let [early, late] = ["/early", "/late"].map(|directory| {
        let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::default());
        CosignerState::open(disk, Path::new(directory), false).unwrap()
    });
    let signer = cosigner();
    let against = world.against();
    cosign(&world, &early, &signer).unwrap();
    cosign(&world, &late, &signer).unwrap();
    let registry = Registry::open(&world.options).unwrap();
    let rotated = registry.rotate_key(Actor { kind: ActorKind::Unknown, id: None }, None).unwrap();
    registry.close().unwrap();
    let vkey = signer.verifier_key();
    let policy = Policy::parse(format!("witness auditor {vkey}\nquorum auditor\n").as_bytes()).unwrap();
    let cosign = |state: &CosignerState, against: &Against| {
        let mut against = against.clone();
        against.kept.extend(state.last("jejak.example/test", &signer).unwrap());
        let (_, audit) = run(&world.options.dir, &against).unwrap();
        (state.cosign(&audit, &signer, TIME), problems(&audit).join("; "))
    };
    let add = |(cosigned, said): (Result<SignedCheckpoint, CosignError>, String)| {
        let cosigned = cosigned.unwrap_or_else(|error| panic!("{error}: {said}"));
        let registry = Registry::open(&world.options).unwrap();
        let (disk, keys) = (&*world.options.disk, registry.log_keys());
        let added = crate::proof::cosigned::add(
            disk,
            &world.options.dir,
            registry.reader(),
            &keys,
            &cosigned,
            &policy,
        );
        registry.close().unwrap();
        added.unwrap().signed
    };
    // The handover itself, which both keys sign: whoever cosigned it has kept it.
    assert_eq!(add(cosign(&early, &against)).note().signatures().len(), 3);
    world.grow(20..30);
    assert_eq!(add(cosign(&early, &against)).unverified().size(), 32);
    // One who comes later asks for it where it does not lie with the log.
    let aside = world.directory.path().join("aside");
    fs::rename(&rotated.handover, &aside).unwrap();
    let (refused, said) = cosign(&late, &against);
    assert!(matches!(refused, Err(CosignError::Unsound)) && said.contains("`handover/22`"), "{said}");
    fs::rename(&aside, &rotated.handover).unwrap();
    let kept = read_checkpoint(&RealDisk, &rotated.handover).unwrap();
    assert_eq!(add(cosign(&late, &Against { kept: vec![kept], ..against })).unverified().size(), 32);
}

/// Whoever knows the first key alone follows to the third by what lies with the log, and by nothing else.
#[test]
fn handovers_that_lie_with_the_log_are_followed() {
    let world = World::new();
    world.grow(0..20);
    let against = world.against();
    let registry = Registry::open(&world.options).unwrap();
    let rotate = || registry.rotate_key(Actor { kind: ActorKind::Unknown, id: None }, None).unwrap();
    let (first, second) = (rotate(), rotate());
    registry.close().unwrap();
    world.grow(20..30);
    let published = world.publish();
    for (path, kind) in [(&world.options.dir, SourceKind::Registry), (&published, SourceKind::Tiles)] {
        let (found, audit) = run(path, &against).unwrap();
        assert_eq!((found, problems(&audit)), (kind, Vec::new()));
        assert_eq!((audit.log_key.as_ref(), audit.key_is_known), (Some(&second.key), true));
        let handovers = audit.checks.iter().find(|check| check.part == "handover").unwrap();
        assert_eq!(handovers.checked, 2);
        // To a reader who knows no key they are what they are.
        assert!(run(path, &Against::default()).unwrap().1.is_sound());
    }
    // An earlier checkpoint is not held against what was handed over after it.
    let earlier = &first.handover;
    let (_, audit) =
        audit_at(Arc::new(RealDisk), &world.options.dir, Some(earlier), &against, &|_| true).unwrap();
    assert!(audit.is_sound(), "{:?}", problems(&audit));
    let mut words = Said::at("audit_handovers", world.directory.path());
    let mut hear = |audit: &Audit| audit.checks.iter().for_each(|check| check.heard(&mut words));
    hear(&audit);
    let handovers = audit.checks.iter().find(|check| check.part == "handover").unwrap();
    assert!(handovers.notes[0].en.contains("handover/23 lies beyond this checkpoint"), "{handovers:?}");

    let [old, new] = ["22", "23"].map(|size| published.join("handover").join(size));
    let texts = [&old, &new].map(|path| fs::read_to_string(path).unwrap());
    let without = |text: &str, line: usize| {
        let lines = text.split_inclusive('\n').enumerate().filter(|(place, _)| *place != line);
        lines.map(|(_, line)| line).collect::<String>()
    };
    let current = fs::read_to_string(published.join("checkpoint")).unwrap();
    let cases = [
        ("22", without(&texts[0], 4), "the handover at size 22 is not signed by the old key and the new one"),
        ("23", without(&texts[1], 5), "the handover at size 23 is not signed by the old key and the new one"),
        ("33", current, "handover/33 is no handover: this log changes no key there"),
    ];
    for (name, text, said) in cases {
        let path = published.join("handover").join(name);
        let before = fs::read(&path).ok();
        fs::write(&path, text).unwrap();
        for against in [&against, &Against::default()] {
            let audit = run(&published, against).unwrap().1;
            hear(&audit);
            assert!(problems(&audit).iter().any(|problem| problem.contains(said)), "{:?}", problems(&audit));
        }
        match before {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    }
    for (text, said) in [("hello", "handover/22: "), (&texts[1], "this is a checkpoint of size 23")] {
        fs::write(&old, text).unwrap();
        let error = run(&published, &against).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    fs::remove_file(&old).unwrap();
    let audit = run(&published, &against).unwrap().1;
    hear(&audit);
    assert!(problems(&audit)[0].contains("ask for the file `handover/22`"), "{:?}", problems(&audit));
    words.check();
    // Whoever knows the second key needs the second handover alone.
    let knows_second = Against { policy: Some(Policy::of_log(first.key).unwrap()), ..Against::default() };
    assert!(run(&published, &knows_second).unwrap().1.is_sound());
    // A run of before handovers were published is made whole, and no other file is left.
    world.publish();
    assert_eq!(fs::read_to_string(&old).unwrap(), texts[0]);
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
