//! Rotations of the checkpoint key on a simulated disk, cut short at every step.

use std::path::Path;
use std::sync::Arc;

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::identity::Source;
use jejak_events::log_keys::LogKeys;
use jejak_events::note::VerifierKey;
use jejak_events::types::Data;
use jejak_events::values::{Date, Text};

use super::rights::tests::{
    PERSON, assert_sound, examine, nobody, options, options_with, person, problems, record, reopened,
};
use super::{
    InitReport, Options, Registry, RegistryError, RegistryReading, Rotated, Signed, create, recover,
};
use crate::disk::Disk as _;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::vault::{KeyFile, NewKey, Secret};
use crate::verify::verify;

const OTHER: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000b";

fn world(disk: &SimulatedDisk) -> (Registry, Options) {
    let options = options(disk);
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: "/recovery/secret".into(),
    };
    create(&options, &about).unwrap();
    let registry = Registry::open(&options).unwrap();
    record(&registry, &[person(1, PERSON, "Siti Contoh")]);
    (registry, options)
}

fn rotate(registry: &Registry) -> Result<Rotated, RegistryError> {
    registry.rotate_key(nobody(), Some(Text::parse("Keputusan contoh").unwrap()))
}

fn stored(disk: &SimulatedDisk, path: impl AsRef<Path>) -> SignedCheckpoint {
    SignedCheckpoint::parse(&disk.read(path.as_ref()).unwrap()).unwrap()
}

fn verifies(signed: &SignedCheckpoint, key: &VerifierKey) -> bool {
    signed.verify(key).is_ok()
}

fn current(registry: &Registry) -> VerifierKey {
    registry.log_keys().current().unwrap().clone()
}

/// The keys as a reader learns them from the events.
fn keys_read(registry: &Registry) -> LogKeys {
    let mut keys = LogKeys::new();
    for index in 0..registry.reader().size() {
        keys.observe(index, &registry.event(index).unwrap().draft.data);
    }
    keys
}

#[test]
fn each_key_hands_over_to_the_next_and_old_checkpoints_keep_verifying() {
    let disk = SimulatedDisk::default();
    let (registry, options) = world(&disk);
    let first = current(&registry);
    let mut checkpoints = vec![registry.checkpoint().unwrap().unwrap()];
    let second = rotate(&registry).unwrap();
    assert_eq!((second.index, registry.log_keys().current()), (2, Some(&second.key)));
    assert_eq!(second.handover, Path::new("/data/handover/3"));
    let Data::KeyIntroduced(told) = registry.event(2).unwrap().draft.data else { panic!("another event") };
    assert_eq!((&*told.vkey, told.basis.as_deref()), (&*second.key.to_string(), Some("Keputusan contoh")));
    let handover = stored(&disk, "/data/handover/3");
    assert!(verifies(&handover, &first) && verifies(&handover, &second.key));
    assert_eq!(handover, stored(&disk, "/data/checkpoint"), "it is the stored checkpoint, too");
    checkpoints.push(handover.to_string());
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    checkpoints.push(registry.checkpoint().unwrap().unwrap());
    let after = stored(&disk, "/data/checkpoint");
    assert!(!verifies(&after, &first) && verifies(&after, &second.key));
    assert_sound(&registry, &options, "rotated once");

    // Twice without an event between, and across an opening.
    let third = rotate(&registry).unwrap();
    registry.close().unwrap();
    let registry = Registry::open(&reopened(&disk)).unwrap();
    assert_eq!(registry.opened().finished_handovers, 0);
    assert_eq!((current(&registry), &registry.opened().verifier_key), (third.key.clone(), &third.key));
    let fourth = rotate(&registry).unwrap();
    checkpoints.push(stored(&disk, &fourth.handover).to_string());
    assert_eq!((third.index, fourth.index), (4, 5));
    let keys = registry.log_keys();
    assert_eq!(keys, keys_read(&registry));
    assert_eq!(keys.all().iter().map(|one| one.from_size).collect::<Vec<_>>(), [1, 3, 5, 6]);
    for note in &checkpoints {
        let signed = SignedCheckpoint::parse(note.as_bytes()).unwrap();
        let checkpoint = keys.verify(&signed).unwrap();
        assert_eq!(registry.reader().root_at(checkpoint.size()).unwrap(), checkpoint.root());
        // Proofs between checkpoints of different keys.
        let newest = checkpoints.last().unwrap();
        crate::proof::hand_out::consistency(registry.reader(), note, newest, &keys).unwrap();
        crate::proof::hand_out::inclusion(registry.reader(), note, &keys, 1).unwrap();
    }
    assert_sound(&registry, &options, "rotated three times");
    registry.close().unwrap();
}

/// Wherever a rotation is cut short, either it never was, and the old key signs on, or opening hands over.
#[test]
fn a_rotation_cut_short_anywhere_is_finished_or_never_began() {
    let prepared = SimulatedDisk::default();
    let (registry, _) = world(&prepared);
    let first = current(&registry);
    registry.close().unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let done = rotate(&registry);
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, done, steps)
    };
    let (_, done, total) = run(None);
    assert!(done.is_ok() && total > 10, "{done:?}, {total}");
    let (mut finished, mut never, mut done_already) = (0, 0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..total {
            let (disk, done, _) = run(Some(Fault { operation, kind }));
            for seed in 0..3 {
                let context = format!("{kind:?} at {operation} of {total}, seed {seed}");
                let disk = disk.crash(seed);
                // What left before the crash: signed by the old key alone only where nothing was introduced.
                let before = stored(&disk, "/data/checkpoint");
                let registry =
                    Registry::open(&reopened(&disk)).unwrap_or_else(|error| panic!("{context}: {error}"));
                let keys = registry.log_keys();
                assert!(keys.verify(&before).is_ok(), "{context}: what was signed verifies no more");
                let key = match registry.reader().size() {
                    2 => {
                        assert!(done.is_err(), "{context}: done, and lost");
                        assert_eq!(keys.current(), Some(&first), "{context}");
                        never += 1;
                        first.clone()
                    }
                    3 => {
                        let handover = stored(&disk, "/data/handover/3");
                        let second = keys.current().unwrap().clone();
                        assert!(second != first && verifies(&handover, &first), "{context}");
                        assert!(verifies(&handover, &second), "{context}");
                        match registry.opened().finished_handovers {
                            0 => done_already += 1,
                            _ => finished += 1,
                        }
                        second
                    }
                    size => panic!("{context}: {size} events"),
                };
                let options = reopened(&disk);
                record(&registry, &[person(2, OTHER, "Budi Contoh")]);
                assert_sound(&registry, &options, &context);
                assert!(verifies(&stored(&disk, "/data/checkpoint"), &key), "{context}");
                // And again, over whatever secret was left.
                rotate(&registry).unwrap_or_else(|error| panic!("{context}: {error}"));
                assert_sound(&registry, &options, &context);
                registry.close().unwrap();
            }
        }
    }
    assert!(finished > 10 && never > 10 && done_already > 5, "{finished} {never} {done_already}");
}

/// Attestation keys are introduced like the others; each signs what is handed out over the checkpoints of its time.
#[test]
fn each_attestation_key_attests_for_the_sizes_of_its_time() {
    let disk = SimulatedDisk::default();
    let (registry, options) = world(&disk);
    let first = attests(&registry, 2);
    let (index, second) = registry.rotate_attestation_key(nobody(), None).unwrap();
    assert_eq!((index, second.name()), (2, "jejak.example/test/attestation"));
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    let (_, third) = registry.rotate_attestation_key(nobody(), None).unwrap();
    let checkpoint_key = current(&registry);
    assert_sound(&registry, &options, "rotated twice");
    registry.close().unwrap();
    let registry = Registry::open(&reopened(&disk)).unwrap();
    let by_size = [1, 2, 3, 4, 5].map(|size| attests(&registry, size));
    assert_eq!(by_size, [&first, &first, &second, &second, &third].map(Clone::clone));
    // The checkpoint key is another's business: no handover, and the same key signs on.
    assert_eq!((current(&registry), registry.opened().finished_handovers), (checkpoint_key, 0));
    assert!(disk.list(Path::new("/data/handover")).unwrap().is_empty());
    assert_eq!(registry.log_keys(), keys_read(&registry));
    registry.close().unwrap();
}

/// The key that signs what is handed out over a checkpoint of this size; its secret is at hand.
fn attests(registry: &Registry, size: u64) -> VerifierKey {
    let options = Options::in_directory("/data");
    let reading = RegistryReading::of(registry, &options, Signed::NotNeeded).unwrap();
    let key = reading.attestation_signer(size).unwrap().verifier_key().clone();
    assert_eq!(registry.log_keys().attestation_at(size), Some(&key));
    key
}

/// Wherever it is cut short: either the key was introduced and its secret is there, or the one before attests on,
/// whatever secret is left.
#[test]
fn an_attestation_key_cut_short_anywhere_is_in_force_or_was_never_drawn() {
    let prepared = SimulatedDisk::default();
    let (registry, _) = world(&prepared);
    let first = attests(&registry, 2);
    registry.close().unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let done = registry.rotate_attestation_key(nobody(), None);
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, done, steps)
    };
    let (_, done, total) = run(None);
    assert!(done.is_ok() && total > 5, "{done:?}, {total}");
    let (mut in_force, mut never) = (0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..total {
            let (disk, done, _) = run(Some(Fault { operation, kind }));
            for seed in 0..3 {
                let context = format!("{kind:?} at {operation} of {total}, seed {seed}");
                let disk = disk.crash(seed);
                let options = reopened(&disk);
                let registry = Registry::open(&options).unwrap_or_else(|error| panic!("{context}: {error}"));
                assert_eq!(attests(&registry, 2), first, "{context}");
                match registry.reader().size() {
                    2 => {
                        assert!(done.is_err(), "{context}: done, and lost");
                        never += 1;
                    }
                    3 => {
                        assert_ne!(attests(&registry, 3), first, "{context}");
                        in_force += 1;
                    }
                    size => panic!("{context}: {size} events"),
                }
                // And again, over whatever secret was left.
                let (index, again) = registry.rotate_attestation_key(nobody(), None).unwrap();
                assert_eq!(attests(&registry, index + 1), again, "{context}");
                assert_sound(&registry, &options, &context);
                registry.close().unwrap();
            }
        }
    }
    assert!(in_force > 5 && never > 5, "{in_force} {never}");
}

#[test]
fn a_secret_that_no_event_introduced_signs_nothing() {
    let disk = SimulatedDisk::default();
    let (registry, _) = world(&disk);
    let (first, attested_before) = (current(&registry), attests(&registry, 2));
    registry.close().unwrap();
    let mut keys = KeyFile::open(Arc::new(disk.clone()), Path::new("/keys")).unwrap();
    for purpose in ["checkpoint", "attestation"] {
        keys.add(&[NewKey::Signing { purpose: purpose.into(), seed: Secret::new([77; 32]) }]).unwrap();
    }
    let options = reopened(&disk);
    let registry = Registry::open(&options).unwrap();
    assert_eq!(attests(&registry, 2), attested_before);
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    assert_sound(&registry, &options, "a secret too many");
    assert!(verifies(&stored(&disk, "/data/checkpoint"), &first));
    registry.close().unwrap();
}

#[test]
fn a_handover_that_is_lost_or_altered_is_named_and_made_anew() {
    let disk = SimulatedDisk::default();
    let (registry, _) = world(&disk);
    let path = rotate(&registry).unwrap().handover;
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    registry.close().unwrap();
    let sound = disk.read(&path).unwrap();
    let of_one_key = stored(&disk, "/data/checkpoint").to_string().into_bytes();
    for (altered, said) in [
        (None, "/data/handover/3, does not check: there is none"),
        (Some(b"hello".to_vec()), "/data/handover/3, does not check: "),
        (Some(of_one_key), "it is a checkpoint of another tree"),
    ] {
        match &altered {
            None => disk.remove(&path).unwrap(),
            Some(bytes) => disk.put(&path, bytes),
        }
        let looking = Options { anchor_interval: None, ..reopened(&disk) };
        let registry = Registry::open(&looking).unwrap();
        let today = Date::parse("2025-10-09").unwrap();
        let report = verify(&registry, &looking, today, &|_, _, _| true).unwrap();
        let problems = problems(&report, "signature");
        assert!(problems.len() == 1 && problems[0].contains(said), "{problems:?}");
        registry.close_without_anchor().unwrap();
        let registry = Registry::open(&reopened(&disk)).unwrap();
        assert_eq!(registry.opened().finished_handovers, 1);
        assert_eq!(disk.read(&path).unwrap(), sound, "the same bytes as before");
        registry.close().unwrap();
    }
}

/// A copy of the keys directory from before cannot sign; nothing is opened with it, and it is not changed.
#[test]
fn keys_from_before_a_rotation_are_refused() {
    let disk = SimulatedDisk::default();
    let (registry, _) = world(&disk);
    registry.close().unwrap();
    let before = disk.snapshot();
    type Rotate = fn(&Registry);
    let rotations: [Rotate; 2] = [
        |registry| drop(rotate(registry).unwrap()),
        |registry| drop(registry.rotate_attestation_key(nobody(), None).unwrap()),
    ];
    for rotate in rotations {
        let disk = disk.fork();
        let registry = Registry::open(&reopened(&disk)).unwrap();
        rotate(&registry);
        let named = registry.log_keys();
        registry.close().unwrap();
        let after = disk.snapshot();
        let put = |from: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
            for (path, bytes) in from.iter().filter(|(path, _)| path.starts_with("/keys")) {
                disk.put(path, bytes);
            }
        };
        put(&before);
        // The stored checkpoint checks, for the key of before signed it, too.
        let error = Registry::open(&reopened(&disk)).unwrap_err();
        assert!(matches!(error, RegistryError::KeyMissing { index: 2, .. }), "{error}");
        let left: Vec<_> =
            disk.snapshot().into_iter().filter(|(path, _)| path.starts_with("/keys")).collect();
        assert!(left.iter().all(|(path, bytes)| before.get(path) == Some(bytes)), "the keys were changed");
        put(&after);
        let registry = Registry::open(&reopened(&disk)).unwrap();
        assert_eq!(registry.log_keys(), named);
        registry.close().unwrap();
    }
}

/// Newer keys beside an older copy of the log: the log says which key signs.
#[test]
fn a_log_from_before_a_rotation_goes_on_under_its_own_key() {
    let disk = SimulatedDisk::default();
    let (registry, _) = world(&disk);
    registry.close().unwrap();
    let older = disk.fork();
    let registry = Registry::open(&reopened(&disk)).unwrap();
    let first = current(&registry);
    rotate(&registry).unwrap();
    registry.close().unwrap();
    for (path, bytes) in disk.snapshot().iter().filter(|(path, _)| path.starts_with("/keys")) {
        older.put(path, bytes);
    }
    let options = reopened(&older);
    let registry = Registry::open(&options).unwrap();
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    assert!(examine(&registry, &options).is_sound());
    assert!(verifies(&stored(&older, "/data/checkpoint"), &first));
    registry.close().unwrap();
}

#[test]
fn a_lost_anchor_is_made_anew_from_a_checkpoint_under_any_key() {
    let disk = SimulatedDisk::default();
    let (registry, _) = world(&disk);
    let old = registry.checkpoint().unwrap().unwrap();
    let rotated = rotate(&registry).unwrap();
    record(&registry, &[person(2, OTHER, "Budi Contoh")]);
    let new = registry.checkpoint().unwrap().unwrap();
    registry.close().unwrap();
    let handover = String::from_utf8(disk.read(&rotated.handover).unwrap()).unwrap();
    for kept in [old, handover, new] {
        let disk = disk.fork();
        for path in ["/data/anchor", "/data/checkpoint"] {
            disk.remove(Path::new(path)).unwrap();
        }
        let options = reopened(&disk);
        recover(&options, Some(&kept)).unwrap();
        let registry = Registry::open(&options).unwrap();
        // What the access log lost with its anchor somebody must account for.
        let lost = problems(&examine(&registry, &options), "access");
        assert!(lost[..].iter().all(|lost| lost.contains("the anchor was lost once")), "{lost:?}");
        assert_eq!(lost.len(), 1);
        registry.access().say_loss_known(&nobody()).unwrap();
        assert_sound(&registry, &options, &kept);
        assert!(verifies(&stored(&disk, "/data/checkpoint"), &rotated.key));
        assert_eq!(registry.reader().size(), 4);
        registry.close().unwrap();
    }
}
