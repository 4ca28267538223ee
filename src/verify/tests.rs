//! Each part of the examination fails when that part is wrong, and only the sound registry passes.
//!
//! Wrong events are put into the log past the registry, which would have refused them: what a defect of
//! this program, or somebody with the keys, could have done.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::time::RecordedTime;
use jejak_events::values::{Date, Origin};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::log::StoreOpener;
use crate::log::local::store::{Batch, Chunk, MemoryStore, Store, StoreError, Table};
use crate::registry::{InitReport, create};
use crate::rules::key_names::KeyName;
use crate::said::Said;
use crate::vault::access::{OwnWork, VaultPass};
use crate::vault::{FrameSubject, KeyFile, KeyLookup, open_frame, scan_frames, seal_frame};

const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";

struct World {
    directory: TempDir,
    options: Options,
}

fn world() -> World {
    let directory = TempDir::new().unwrap();
    let mut options = Options::in_directory(directory.path().join("data"));
    let clock = ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap());
    options.environment =
        Environment { clock: Arc::new(clock), randomness: Arc::new(SeededRandomness::new(7)) };
    let about = InitReport {
        origin: Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: directory.path().join("recovery"),
    };
    create(&options, &about).unwrap();
    let world = World { directory, options };
    let registry = Registry::open(&world.options).unwrap();
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let proposals = [
        json!({"id": id(1), "type": "id.jejak.ikm.registered.v1", "subject": IKM,
            "time": "2021-03-01T00:00:00+07:00", "data": {"area": "33.75", "commodity": "batik",
            "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true, "name": "Batik Melati",
            "workers": 7}}),
        json!({"id": id(2), "type": "id.jejak.program.opened.v1",
            "subject": "program/01890a5d-ac96-774b-bcce-00000000aaaa", "time": "2021-04-01T00:00:00+07:00",
            "data": {"area": "33.75", "organiser": "Dinperinaker", "theme": "export", "title": "Ekspor",
            "unit": "ikm"}}),
    ];
    let proposals = proposals
        .iter()
        .map(|proposal| Proposal::parse(proposal.to_string().as_bytes(), &defaults).unwrap())
        .collect();
    let outcomes = registry.append_blocking(proposals, false).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.refusal().is_none()), "{outcomes:?}");
    registry.close().unwrap();
    world
}

fn id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

/// Examines the registry, after `tamper` touched its directory while it was open.
fn examine(world: &World, tamper: impl FnOnce(&Path)) -> Examination {
    let registry = Registry::open(&world.options).unwrap();
    tamper(&world.options.dir);
    let today = Date::parse("2025-10-09").unwrap();
    let report = verify(&registry, &world.options, today, &|_, _, _| true).unwrap();
    drop(registry);
    report
}

fn unsound(report: &Examination) -> Vec<&'static str> {
    report.checks.iter().filter(|check| !check.is_sound()).map(|check| check.part).collect()
}

/// The enrolment of the IKM, as a record; with changes.
fn enrolment(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut event = json!({
        "authtype": "unknown",
        "data": {"program": "01890a5d-ac96-774b-bcce-00000000aaaa"},
        "datacontenttype": "application/json",
        "id": id(3),
        "recordedtime": "2025-10-09T03:00:01.000Z",
        "source": "urn:jejak:33.75:dinperinaker",
        "specversion": "1.0",
        "subject": IKM,
        "time": "2021-05-01T00:00:00+07:00",
        "timeprecision": "day",
        "type": "id.jejak.enrolment.made.v1",
    });
    change(&mut event);
    event.to_string().into_bytes()
}

#[test]
fn a_sound_registry_passes_every_part() {
    let world = world();
    let report = examine(&world, |_| {});
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.size, 3);
    let frames = report.checks.iter().find(|check| check.part == "vault").unwrap();
    assert_eq!(frames.checked, 2, "personal and confidential");
}

#[test]
fn an_event_that_could_not_be_recorded_is_found() {
    let erased = |request: u32| {
        enrolment(|event| {
            event["type"] = json!("id.jejak.ikm.erased.v1");
            event["data"] = json!({"request": id(request)});
        })
    };
    let cases: [(&str, Vec<u8>, &[&str]); 6] = [
        ("sound", enrolment(|_| {}), &[]),
        ("erased, and nobody asked for it", erased(1), &["rules"]),
        (
            "the rules refuse it",
            enrolment(|event| event["data"]["program"] = json!("01890a5d-ac96-774b-bcce-00000000bbbb")),
            &["rules"],
        ),
        (
            "recorded before the one ahead of it",
            enrolment(|event| event["recordedtime"] = json!("2025-10-08T03:00:00.000Z")),
            &["order"],
        ),
        (
            "not canonical",
            String::from_utf8(enrolment(|_| {})).unwrap().replacen("\":", "\": ", 1).into_bytes(),
            &["records"],
        ),
        (
            "sealed, and nothing in the vault",
            enrolment(|event| {
                event["type"] = json!("id.jejak.person.registered.v1");
                event["subject"] = json!("person/9a0b1c2d-3e4f-4a6b-8c7d-5e6f7a8b9c0d");
                let digest = |letter: &str| letter.repeat(42) + "A";
                event["data"] = json!({"sealed": {"personal":
                    {"_sd": [digest("A"), digest("B"), digest("C"), digest("D"), digest("E"),
                        digest("F")]}}});
            }),
            &["vault"],
        ),
    ];
    let release = |change: &dyn Fn(&mut Value)| {
        enrolment(|event| {
            event["type"] = json!("id.jejak.area.figures_released.v1");
            event["subject"] = json!("area/33.75");
            event["time"] = json!("2025-10-08T00:00:00+07:00");
            event["data"] = json!({"period": {"from": "2025-04-01", "to": "2025-06-30"}, "log_size": 1, "cells": [
                {"figure": "workers", "ikms": 12, "sum": 1223, "erased": 0, "unseen": 0}]});
            change(&mut event["data"]);
            // In canonical order.
            let cells = event["data"]["cells"].take();
            let (size, period) = (event["data"]["log_size"].take(), event["data"]["period"].take());
            event["data"] = json!({"cells": cells, "log_size": size, "period": period});
        })
    };
    type Change = fn(&mut Value);
    let released: [(&str, Change); 7] = [
        ("no calendar period", |data| data["period"]["to"] = json!("2025-06-29")),
        ("not over", |data| data["period"] = json!({"from": "2025-10-01", "to": "2025-12-31"})),
        ("the future", |data| data["log_size"] = json!(9)),
        ("a figure twice", |data| {
            let fewer = json!({"figure": "workers", "ikms": 11, "sum": 5, "erased": 0, "unseen": 0});
            data["cells"] = json!([fewer, data["cells"][0]]);
        }),
        ("no figure of ours", |data| data["cells"][0]["figure"] = json!("wages")),
        ("too few", |data| data["cells"][0]["ikms"] = json!(2)),
        ("a part alone", |data| data["cells"][0]["figure"] = json!("women")),
    ];
    let released = released.map(|(what, change)| (what, release(&change), &["rules"][..]));
    let mut said = Said::new("verify_records");
    for (what, event, expected) in cases.into_iter().chain(released) {
        let world = world();
        crate::registry::append_unjudged(&world.options, &event);
        let report = examine(&world, |_| {});
        assert_eq!(unsound(&report), expected, "{what}: {report:#?}");
        report.checks.iter().for_each(|check| check.heard(&mut said));
    }
    said.check();
}

#[test]
fn an_id_used_twice_is_found() {
    let world = world();
    crate::registry::append_unjudged(&world.options, &enrolment(|_| {}));
    crate::registry::append_unjudged(&world.options, &enrolment(|event| event["authtype"] = json!("user")));
    let report = examine(&world, |_| {});
    // By the id itself, before any rule about enrolments.
    let rules = report.checks.iter().find(|check| check.part == "rules").unwrap();
    assert!(rules.problems[0].en.contains("[id_taken]"), "{report:#?}");
    let mut said = Said::new("verify_ids");
    rules.heard(&mut said);
    said.check();
}

#[test]
fn a_file_altered_under_an_open_registry_is_found() {
    let altered = |name: &'static str, change: fn(&mut Vec<u8>)| {
        move |dir: &Path| {
            let path = dir.join(name);
            let mut bytes = std::fs::read(&path).unwrap();
            change(&mut bytes);
            std::fs::write(&path, bytes).unwrap();
        }
    };
    const JOURNAL: &str = "journal/00000000000000000000.jsonl";
    type Tamper = Box<dyn FnOnce(&Path)>;
    let cases: [(&str, Tamper, &str); 10] = [
        ("a byte of an event", Box::new(altered(JOURNAL, |bytes| bytes[40] ^= 1)), "journal"),
        (
            "the journal is cut",
            Box::new(altered(JOURNAL, |bytes| bytes.truncate(bytes.len() - 1))),
            "journal",
        ),
        (
            "the last checksum",
            Box::new(altered(JOURNAL, |bytes| {
                let last = bytes.len() - 2;
                bytes[last] = if bytes[last] == b'0' { b'1' } else { b'0' };
            })),
            "journal",
        ),
        (
            "another size",
            Box::new(altered(JOURNAL, |bytes| {
                let text = String::from_utf8(bytes.clone()).unwrap();
                *bytes = text.replacen("#commit 3 ", "#commit 4 ", 1).into_bytes();
            })),
            "journal",
        ),
        ("a line of nobody", Box::new(altered(JOURNAL, |bytes| bytes.extend(b"note\n"))), "journal"),
        (
            "the signature",
            Box::new(altered("checkpoint", |bytes| {
                let text = String::from_utf8(bytes.clone()).unwrap();
                *bytes = text.replacen("\n3\n", "\n2\n", 1).into_bytes();
            })),
            "signature",
        ),
        (
            "a checkpoint that is none",
            Box::new(altered("checkpoint", |bytes| bytes.truncate(20))),
            "signature",
        ),
        (
            "no checkpoint",
            Box::new(|dir: &Path| std::fs::remove_file(dir.join("checkpoint")).unwrap()),
            "signature",
        ),
        (
            "an empty recovery secret",
            Box::new(|dir: &Path| write_private(&dir.join("recovery-secret"), "")),
            "keys",
        ),
        (
            "the recovery secret of another log",
            Box::new(|dir: &Path| {
                let seed = "A".repeat(43);
                let text = format!("jejak recovery secret v1\nlog.example/other\n{seed}\n");
                write_private(&dir.join("recovery-secret"), &text);
            }),
            "keys",
        ),
    ];
    let mut said = Said::new("verify_files");
    for (what, tamper, part) in cases {
        let world = world();
        let report = examine(&world, tamper);
        assert_eq!(unsound(&report), [part], "{what}: {report:#?}");
        report.checks.iter().for_each(|check| check.heard(&mut said));
    }
    said.check();
}

fn write_private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// The registry's own secret beside it is no fault.
#[test]
fn the_right_recovery_secret_may_lie_in_the_registry() {
    let world = world();
    let from = world.directory.path().join("recovery");
    let report = examine(&world, |dir| {
        write_private(&dir.join("recovery-secret"), &std::fs::read_to_string(from).unwrap());
    });
    assert_eq!(unsound(&report), [""; 0], "{report:#?}");
}

/// A frame under its own key that holds other values than its event promises.
#[test]
fn other_values_under_the_right_key_are_said() {
    let world = world();
    let options = world.options.clone();
    let report = examine(&world, |dir| {
        let mut vault = std::fs::read(dir.join("vault")).unwrap();
        let keys = KeyFile::read(Arc::clone(&options.disk), &options.keys_dir).unwrap();
        for header in scan_frames(&vault).unwrap() {
            let name = KeyName::of(Subject::parse(IKM).unwrap(), header.group, header.index).to_string();
            let about = FrameSubject {
                index: header.index,
                subject: Subject::parse(IKM).unwrap(),
                group: header.group,
            };
            let KeyLookup::Live(key) = keys.get(&name, header.group) else { panic!("{name}") };
            let start = usize::try_from(header.offset).unwrap();
            let end = start + header.length_bytes as usize;
            let mut disclosures = open_frame(
                VaultPass::OwnWork(&OwnWork::new()),
                &vault[start..end],
                about,
                &KeyLookup::Live(key.clone()),
            )
            .unwrap();
            let first = disclosures[0].clone();
            disclosures.iter_mut().for_each(|one| one.clone_from(&first));
            let mut frame = Vec::new();
            seal_frame(&mut frame, about, &key, &disclosures, &*options.environment.randomness).unwrap();
            vault[start..end].copy_from_slice(&frame);
        }
        std::fs::write(dir.join("vault"), vault).unwrap();
    });
    assert_eq!(unsound(&report), ["vault"], "{report:#?}");
    let mut said = Said::new("verify_frames");
    report.checks.iter().for_each(|check| check.heard(&mut said));
    said.check();
}

/// A store that gives out other bytes from a moment on.
#[derive(Debug, Default)]
struct Turning {
    store: MemoryStore,
    has_turned: AtomicBool,
}

impl Turning {
    fn now(&self, chunk: Chunk) -> Chunk {
        let turned = self.has_turned.load(Ordering::Relaxed);
        if turned { Chunk { bytes: b"{\"a\":1}\n".repeat(chunk.count as usize), ..chunk } } else { chunk }
    }
}

impl Store for Turning {
    fn tip(&self) -> Result<u64, StoreError> {
        self.store.tip()
    }
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)
    }
    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError> {
        Ok(self.store.chunk_at(position)?.map(|chunk| self.now(chunk)))
    }
    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError> {
        self.store.scan(from, &mut |chunk| visit(self.now(chunk)))
    }
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(table, key)
    }
    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        self.store.scan_table(table, from, visit)
    }
    fn sync(&self) -> Result<(), StoreError> {
        self.store.sync()
    }
}

struct TurningOpener(Arc<Turning>);

impl StoreOpener for TurningOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::clone(&self.0) as _)
    }
    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.open_in_place()
    }
    fn set_aside(&self, _: &Path) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Damage of the store, which opening does not see, is found in every part that reads events.
#[test]
fn a_store_that_turns_under_an_open_registry_is_found() {
    let mut world = world();
    let store = Arc::new(Turning::default());
    world.options.store = Arc::new(TurningOpener(Arc::clone(&store)));
    let report = examine(&world, |_| store.has_turned.store(true, Ordering::Relaxed));
    assert_eq!(unsound(&report), ["store", "copies"], "the journal's copy was read: {report:#?}");
    let mut said = Said::at("verify_store", &world.options.dir);
    report.checks.iter().for_each(|check| check.heard(&mut said));
    said.check();
}

/// As above, and the journal is gone: there is no other copy to read.
#[test]
fn a_store_that_turns_beside_a_lost_journal_is_found() {
    let mut world = world();
    let store = Arc::new(Turning::default());
    world.options.store = Arc::new(TurningOpener(Arc::clone(&store)));
    let journal = world.options.paths().journal();
    let report = examine(&world, |_| {
        store.has_turned.store(true, Ordering::Relaxed);
        std::fs::remove_dir_all(&journal).unwrap();
    });
    assert!(unsound(&report).starts_with(&["store"]), "{report:#?}");
    let mut said = Said::at("verify_store_alone", &world.options.dir);
    report.checks.iter().for_each(|check| check.heard(&mut said));
    said.check();
}

/// What opening found and healed, what it left, and what it refused.
#[test]
fn what_was_damaged_before_opening_is_said() {
    type Harm = fn(&Path);
    fn flip(path: &Path, at: usize) {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }
    fn gone(path: &Path) {
        std::fs::remove_file(path).unwrap();
    }
    fn scrubbed(dir: &Path, rest: &str) {
        let anchor = String::from_utf8_lossy(&std::fs::read(dir.join("anchor")).unwrap()).into_owned();
        let line = format!("jejak-scrub {} {rest}", anchor.split(' ').nth(4).unwrap());
        std::fs::write(dir.join("scrub"), format!("{line}{:08x}\n", crc32c::crc32c(line.as_bytes())))
            .unwrap();
    }
    const JOURNAL: &str = "journal/00000000000000000000.jsonl";
    let cases: [(&str, Harm); 15] = [
        ("the vault", |dir| gone(&dir.join("vault"))),
        ("a frame", |dir| flip(&dir.join("vault"), 30)),
        ("the store", |dir| std::fs::remove_dir_all(dir.join("sled")).unwrap()),
        ("the journal", |dir| flip(&dir.join(JOURNAL), 40)),
        ("the end of the journal", |dir| {
            let text = std::fs::read(dir.join(JOURNAL)).unwrap();
            std::fs::write(dir.join(JOURNAL), [&text[..], b"{\"half"].concat()).unwrap();
        }),
        ("nothing when all was last looked at", |dir| scrubbed(dir, "0 1 1759978800000 3 - ")),
        ("something then", |dir| scrubbed(dir, "0 1 - 0 the journal: it ends at index 2 ")),
        ("a copy of the keys", |dir| flip(&dir.join("keys/keys-a"), 40)),
        ("a slot of the anchor", |dir| flip(&dir.join("anchor"), 10)),
        ("the anchor", |dir| gone(&dir.join("anchor"))),
        ("the checkpoint", |dir| flip(&dir.join("checkpoint"), 30)),
        ("anchor and checkpoint", |dir| {
            gone(&dir.join("anchor"));
            gone(&dir.join("checkpoint"));
        }),
        ("both copies of the journal", |dir| {
            flip(&dir.join(JOURNAL), 40);
            std::fs::remove_dir_all(dir.join("sled")).unwrap();
        }),
        ("the keys", |dir| std::fs::remove_dir_all(dir.join("keys")).unwrap()),
        ("the handover", |dir| flip(&dir.join("handover/4"), 30)),
    ];
    let mut said: Option<Said> = None;
    for (what, harm) in cases {
        let world = world();
        let said = said.get_or_insert_with(|| Said::new("verify_opened"));
        let registry = Registry::open(&world.options).unwrap();
        registry.rotate_key(Actor { kind: ActorKind::Unknown, id: None }, None).unwrap();
        registry.close().unwrap();
        let place = world.options.dir.display().to_string();
        harm(&world.options.dir);
        let looking = Options { anchor_interval: None, ..world.options.clone() };
        let named = |message: &Message| Message {
            id: message.id.replace(&place, "/data"),
            en: message.en.replace(&place, "/data"),
        };
        let registry = match Registry::open(&looking) {
            Ok(registry) => registry,
            Err(error) => {
                said.take(what, named(&Message::of_error(error)));
                continue;
            }
        };
        let today = Date::parse("2025-10-09").unwrap();
        let report = verify(&registry, &looking, today, &|_, _, _| true).unwrap();
        for check in &report.checks {
            check.problems.iter().chain(&check.notes).for_each(|one| said.worded(named(one)));
        }
        registry.close_without_anchor().unwrap();
    }
    said.unwrap().check();
}

#[test]
fn an_examination_can_be_stopped() {
    let world = world();
    let registry = Registry::open(&world.options).unwrap();
    let today = Date::parse("2025-10-09").unwrap();
    for stop_at in [Stage::Records, Stage::Vault, Stage::Views] {
        let stopped = verify(&registry, &world.options, today, &|stage, _, _| stage != stop_at);
        assert!(matches!(stopped, Err(VerifyError::Stopped)), "{stop_at:?}");
    }
}

/// Opens a registry whose handle was just dropped: its writer holds the directory until it has ended.
fn open_when_free(options: &Options) -> Registry {
    loop {
        match Registry::open(options) {
            Ok(registry) => break registry,
            Err(RegistryError::Log(LogError::Held { .. })) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The writer's timer must not sign what is still being examined, nor a handle that is merely dropped.
#[test]
fn an_examination_signs_nothing_however_long_it_takes() {
    let world = world();
    crate::registry::append_unjudged(&world.options, &enrolment(|_| {}));
    let checkpoint = world.options.dir.join("checkpoint");
    let timed = Options { anchor_interval: Some(Duration::ZERO), ..world.options.clone() };
    let asked = Options { anchor_interval: None, ..world.options.clone() };
    let signed_meanwhile = |options: &Options| {
        // What is ahead of its checkpoint is due for an anchor.
        std::fs::remove_file(&checkpoint).unwrap();
        let registry = open_when_free(options);
        for _ in 0..20 {
            // Each task is a turn of the writer, and with it a look at the timer.
            registry.anchored().unwrap();
        }
        let signed = checkpoint.exists();
        drop(registry);
        signed
    };
    assert!(signed_meanwhile(&timed), "the timer signs");
    assert!(!signed_meanwhile(&asked), "the timer signed");
    let registry = open_when_free(&asked);
    assert!(!checkpoint.exists(), "the dropped handle signed");
    registry.close().unwrap();
    assert!(checkpoint.exists(), "closing after a sound verdict signs");
}

#[test]
fn a_registry_let_go_without_an_anchor_signs_nothing() {
    let world = world();
    let checkpoint = world.options.dir.join("checkpoint");
    crate::registry::append_unjudged(&world.options, &enrolment(|_| {}));
    std::fs::remove_file(&checkpoint).unwrap();
    Registry::open(&world.options).unwrap().close_without_anchor().unwrap();
    assert!(!checkpoint.exists(), "it was signed");
    Registry::open(&world.options).unwrap().close().unwrap();
    assert!(checkpoint.exists(), "closing signs");
}

/// What opening and examining say of a stored state that is damaged, of another version, of another log, or that lies.
#[test]
fn what_is_wrong_with_the_stored_state_is_said() {
    use crate::readmodel::state_file::{Contents, Header, StateFileReader, StateFileWriter, Unread};
    use crate::readmodel::stored::{StoredState, StoringError};
    use crate::rules::machine::StateMachine;
    use jejak_projections::facts::Facts;

    let mut world = world();
    world.options.state.closing_events = 1;
    Registry::open(&world.options).unwrap().close().unwrap();
    let place = world.options.dir.display().to_string();
    let mut said = Said::at("stored_state", &world.options.dir);
    let rules = world.options.dir.join("state/000000000003.rules");
    let facts = world.options.dir.join("state/000000000003.facts");
    let sound = std::fs::read(&rules).unwrap();
    let opened = || {
        let looking = Options { anchor_interval: None, ..world.options.clone() };
        let registry = Registry::open(&looking).unwrap();
        assert_eq!(registry.opened().state.replayed, 3);
        let [problem] = &registry.opened().state.problems[..] else { panic!("one problem") };
        let report =
            verify(&registry, &looking, Date::parse("2025-10-09").unwrap(), &|_, _, _| true).unwrap();
        assert!(report.is_sound() && report.checks.iter().any(|check| check.notes.contains(problem)));
        let problem = problem.clone();
        registry.close_without_anchor().unwrap();
        problem
    };
    let mut flipped = sound.clone();
    flipped[100] ^= 1;
    std::fs::write(&rules, &flipped).unwrap();
    said.take("damaged", opened());
    let disk = &*world.options.disk;
    let parts = |contents, version, path: &Path| {
        StateFileReader::open(disk, path, contents, version).unwrap().parts().unwrap()
    };
    let write = |path: &Path, contents, version, root, parts: Vec<Vec<u8>>| {
        let count = u32::try_from(parts.len()).unwrap();
        let header = Header { contents, version, range: 0..3, root, parts: count };
        let mut file = StateFileWriter::begin(disk, path, &header).unwrap();
        parts.iter().for_each(|part| file.part(part).unwrap());
        file.finish().unwrap();
    };
    std::fs::write(&rules, &sound).unwrap();
    let version = crate::rules::machine::MACHINE_VERSION;
    let root = StateFileReader::open(disk, &rules, Contents::Rules, version).unwrap().header().root;
    write(&rules, Contents::Rules, version + 1, root, parts(Contents::Rules, version, &rules));
    said.take("another version", opened());
    std::fs::write(&rules, &sound).unwrap();
    write(&rules, Contents::Rules, version, Hash([7; 32]), parts(Contents::Rules, version, &rules));
    said.take("another log", opened());
    std::fs::remove_file(&rules).unwrap();
    std::fs::create_dir(&rules).unwrap();
    said.take("unreadable", opened());
    std::fs::remove_dir(&rules).unwrap();
    // With the right root and checksums, and somebody else's contents.
    let registry = Registry::open(&Options { anchor_interval: None, ..world.options.clone() }).unwrap();
    let lie = crate::registry::derive(registry.reader(), StoredState::default(), 3, &|_| true).unwrap();
    registry.close_without_anchor().unwrap();
    let mut altered = Vec::new();
    let Ok(()) = lie.machine.parts(|part| {
        altered.push(part);
        Ok::<_, std::convert::Infallible>(())
    });
    // No streams.
    altered[2].clear();
    altered[3].clear();
    write(&rules, Contents::Rules, version, root, altered);
    let chunk = u32::from(jejak_projections::facts::CHUNK_VERSION);
    let mut lies = Facts::default();
    let registry = Registry::open(&Options { anchor_interval: None, ..world.options.clone() }).unwrap();
    (0..3).for_each(|index| lies.append_changes(index, &registry.event(index).unwrap(), &[]).unwrap());
    registry.close_without_anchor().unwrap();
    write(&facts, Contents::Facts, chunk, root, vec![lies.encode().unwrap()]);
    let report = examine(&world, |_| {});
    for problem in
        report.checks.iter().filter(|check| check.part == "state").flat_map(|check| &check.problems)
    {
        let named = |text: &str| text.replace(&place, "/place");
        said.take(
            if problem.en.contains("facts") { "facts" } else { "rules" },
            Message { id: named(&problem.id), en: named(&problem.en) },
        );
    }
    said.error("damaged, by itself", Unread::Damaged);
    said.error("another version, by itself", Unread::OtherVersion);
    let apart = world.options.state_files().store(&StateMachine::new(), &lie.facts, root).unwrap_err();
    assert!(matches!(apart, StoringError::Apart));
    said.error("apart", apart);
    said.check();
}
