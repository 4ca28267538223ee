//! Erasure, redaction and evidence on a simulated disk, cut short at every step.

use std::path::Path;
use std::sync::Arc;

use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::sealed::Group;
use jejak_events::time::RecordedTime;
use jejak_events::types::{Data, Evidence, EvidenceRedacted};
use jejak_events::values::{Code, Date, MediaType, SetOf, Sha256Hex};
use serde_json::{Value, json};

use crate::disk::Disk as _;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::log::StoreOpener;
use crate::log::local::store::{MemoryStore, Store, StoreError};
use crate::registry::{Attached, Destroyed, InitReport, Options, Outcome, Registry, RegistryError, create};
use crate::rules::machine::EventReader as _;
use crate::vault::attachments::About;
use crate::vault::{KeyFile, KeyLookup, Secret};
use crate::verify::{Examination, verify};

pub(in crate::registry) const PERSON: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000a";
pub(in crate::registry) const OTHER: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000b";
pub(in crate::registry) const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000c";

/// A store in memory that every opening finds again.
#[derive(Debug, Default)]
struct MemoryOpener(std::sync::Mutex<Arc<MemoryStore>>);

impl StoreOpener for MemoryOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(self.0.lock().unwrap().clone())
    }
    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.open_in_place()
    }
    fn set_aside(&self, _to: &Path) -> Result<(), StoreError> {
        *self.0.lock().unwrap() = Arc::default();
        Ok(())
    }
}

/// A registry on this disk. Its store is lost with each of these; the journal has all.
pub(in crate::registry) fn options(disk: &SimulatedDisk) -> Options {
    options_with(disk, 7)
}

/// The same, opened by another process: what it draws is new.
pub(in crate::registry) fn reopened(disk: &SimulatedDisk) -> Options {
    options_with(disk, 8)
}

pub(in crate::registry) fn options_with(disk: &SimulatedDisk, seed: u64) -> Options {
    let mut options = Options::in_directory("/data");
    let clock = Arc::new(ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap()));
    options.environment = Environment { clock, randomness: Arc::new(SeededRandomness::new(seed)) };
    options.disk = Arc::new(disk.clone());
    options.store = Arc::new(MemoryOpener::default());
    options.keys_dir = "/keys".into();
    // Only what a test asks for is anchored.
    options.anchor_interval = Some(std::time::Duration::from_secs(3600));
    options.hold_directory = false;
    options
}

pub(in crate::registry) fn id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

pub(in crate::registry) fn append(registry: &Registry, values: &[Value]) -> Vec<Outcome> {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let parse = |value: &Value| Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap();
    registry.append_blocking(values.iter().map(parse).collect(), false).unwrap()
}

pub(in crate::registry) fn record(registry: &Registry, values: &[Value]) {
    for outcome in append(registry, values) {
        assert!(outcome.index().is_some(), "{outcome:?}");
    }
}

pub(in crate::registry) fn person(number: u32, subject: &str, name: &str) -> Value {
    json!({"id": id(number), "type": "id.jejak.person.registered.v1", "subject": subject,
        "time": "2021-03-01T00:00:00+07:00", "data": {"name": name, "nik": format!("337501010180{number:04}")}})
}

pub(in crate::registry) fn ikm(number: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.registered.v1", "subject": IKM, "time": "2021-03-02T00:00:00+07:00",
        "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true,
            "owner": &PERSON["person/".len()..], "name": "Batik Melati", "workers": 7, "investment": 50_000_000}})
}

pub(in crate::registry) fn workforce(number: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.workforce_reported.v1", "subject": IKM,
        "time": "2021-07-01T00:00:00+07:00",
        "data": {"period": {"from": "2021-01-01", "to": "2021-06-30"}, "workers": 7, "women": 3}})
}

fn corrected(number: u32, target: u32, data: Value) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": PERSON, "time": "2025-10-09T00:00:00+07:00",
        "data": {"target": id(target), "reason": "typing_error", "type": "id.jejak.person.registered.v1",
            "subject": PERSON, "time": "2021-03-01T00:00:00+07:00", "timeprecision": "day", "data": data}})
}

pub(in crate::registry) fn nobody() -> Actor {
    Actor { kind: ActorKind::Unknown, id: None }
}

pub(in crate::registry) fn subject(text: &str) -> Subject {
    Subject::parse(text).unwrap()
}

pub(in crate::registry) fn erase(registry: &Registry, text: &str) -> Result<Destroyed, RegistryError> {
    registry.erase(nobody(), subject(text), Code::parse("subject_request").unwrap())
}

pub(in crate::registry) fn attach(
    registry: &Registry,
    subjects: &[&str],
    document: &[u8],
) -> Result<Evidence, RegistryError> {
    let media_type = MediaType::parse("image/jpeg").unwrap();
    let subjects = SetOf::new(subjects.iter().map(|text| subject(text)).collect());
    let about = About { media_type: media_type.clone(), subjects: subjects.clone() };
    match registry.attach(about, &mut &document[..])? {
        Attached::Held(sha256) => Ok(Evidence { media_type, sha256, subjects }),
        Attached::Refused(refusal) => panic!("{refusal}"),
    }
}

pub(in crate::registry) fn document(registry: &Registry, file: &Sha256Hex) -> Option<Vec<u8>> {
    let KeyLookup::Live(key) = registry.evidence_key(file.clone()).unwrap() else { return None };
    let mut out = Vec::new();
    registry.evidence().read(&crate::vault::access::OwnWork::new(), file, &key.secret, &mut out).unwrap();
    Some(out)
}

/// A registry of two persons, an IKM that is the first one in law, and a photo of the first and one of the
/// second.
pub(in crate::registry) fn world(disk: &SimulatedDisk) -> (Registry, Options, Evidence, Evidence) {
    let options = options(disk);
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: "/recovery/secret".into(),
    };
    create(&options, &about).unwrap();
    let registry = Registry::open(&options).unwrap();
    record(&registry, &[person(1, PERSON, "Siti Contoh"), person(2, OTHER, "Budi Contoh"), ikm(3)]);
    let own = attach(&registry, &[PERSON, OTHER], b"both of them").unwrap();
    let others = attach(&registry, &[OTHER], b"the other").unwrap();
    let listing = json!({"id": id(4), "type": "id.jejak.program.opened.v1", "time": "2022-01-01T00:00:00+07:00",
        "subject": "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b",
        "data": {"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "ikm",
            "evidence": [own, others]}});
    record(&registry, &[listing]);
    (registry, options, own, others)
}

pub(in crate::registry) fn examine(registry: &Registry, options: &Options) -> Examination {
    registry.checkpoint().unwrap();
    verify(registry, options, Date::parse("2025-10-09").unwrap(), &|_, _, _| true).unwrap()
}

pub(in crate::registry) fn assert_sound(registry: &Registry, options: &Options, context: &str) {
    let report = examine(registry, options);
    let problems: Vec<_> = report.checks.iter().flat_map(|check| &check.problems).collect();
    assert!(report.is_sound(), "{context}: {problems:?}");
}

pub(in crate::registry) fn problems(report: &Examination, part: &str) -> Vec<String> {
    let check = report.checks.iter().find(|check| check.part == part).unwrap();
    check.problems.iter().map(|message| message.en.clone()).collect()
}

#[test]
fn an_erasure_destroys_its_keys_and_no_others() {
    let disk = SimulatedDisk::default();
    let (registry, options, own, others) = world(&disk);
    let Destroyed::Done { recorded, erased, destruction } = erase(&registry, PERSON).unwrap() else {
        panic!("refused");
    };
    assert_eq!((recorded, erased), (5, Some(6)));
    // The request is anchored, and nothing but the erasure asked for it.
    let (anchored, _) = registry.with_engine(|engine| engine.log().anchored()).unwrap();
    assert_eq!(anchored, 6);
    let mut keys = destruction.keys;
    keys.sort();
    assert_eq!(keys, [(subject(IKM), Group::Personal), (subject(PERSON), Group::Personal)]);
    assert_eq!(destruction.evidence, std::slice::from_ref(&own.sha256));
    assert!(registry.opened_values(1).unwrap().is_empty());
    assert_eq!(registry.opened_values(2).unwrap()["name"], "Budi Contoh");
    let ikm = registry.opened_values(3).unwrap();
    assert_eq!((ikm.get("name"), &ikm["workers"]), (None, &json!(7)));
    assert_eq!(document(&registry, &own.sha256), None);
    assert_eq!(document(&registry, &others.sha256).unwrap(), b"the other");
    let told = registry.event(6).unwrap().draft;
    assert!(
        matches!(&told.data, Data::PersonErased(data) if data.request == registry.event(5).unwrap().draft.id)
    );
    assert_eq!(registry.snapshot().facts().size(), 7);
    assert_sound(&registry, &options, "erased");
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    assert_eq!((registry.reader().size(), registry.opened().finished_erasures), (7, 0));
    assert_sound(&registry, &options, "erased and opened");
}

#[test]
fn corrections_of_the_erased_have_no_frames_and_are_sound() {
    let disk = SimulatedDisk::default();
    let (registry, options, ..) = world(&disk);
    record(&registry, &[corrected(10, 1, json!({"phone": "081234567890"}))]);
    erase(&registry, PERSON).unwrap();
    let vault = disk.length(&options.paths().vault()).unwrap();
    record(&registry, &[corrected(11, 1, json!({})), corrected(12, 1, json!({}))]);
    assert_eq!(disk.length(&options.paths().vault()).unwrap(), vault);
    let digests = |index: u64| {
        let event = registry.event(index).unwrap();
        event.draft.data.sealed().unwrap().group(Group::Personal).to_vec()
    };
    assert_eq!(digests(8).len(), 6, "absence cannot be read off");
    assert!(digests(8).iter().all(|digest| !digests(9).contains(digest)), "salts are fresh");
    assert!(registry.opened_values(8).unwrap().is_empty());
    // The same correction again is the same event.
    let again = append(&registry, &[corrected(12, 1, json!({}))]);
    assert!(matches!(again[0], Outcome::Recorded { index: 9, repeated: true, .. }), "{again:?}");
    // Of the IKM that went along the figures are still sealed, and only they.
    let mut ikm_again = corrected(13, 3, ikm(3)["data"].clone());
    ikm_again["subject"] = json!(IKM);
    ikm_again["data"]["subject"] = json!(IKM);
    ikm_again["data"]["type"] = json!("id.jejak.ikm.registered.v1");
    ikm_again["data"]["data"].as_object_mut().unwrap().remove("name");
    ikm_again["data"]["data"]["workers"] = json!(9);
    record(&registry, &[ikm_again]);
    let sealed = registry.opened_values(10).unwrap();
    assert_eq!((sealed.get("name"), &sealed["workers"]), (None, &json!(9)));
    assert_sound(&registry, &options, "corrected");
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    assert_sound(&registry, &options, "corrected and opened");
}

/// What the rules promise wherever an erasure is cut short: the keys are there as long as the request is
/// not, and gone once it is, in both copies, and `*.erased` is recorded last.
#[test]
fn an_erasure_cut_short_anywhere_is_finished_or_never_began() {
    let prepared = SimulatedDisk::default();
    let (registry, _, own, _) = world(&prepared);
    registry.close().unwrap();
    let kinds = [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::PowerCut];
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let done = erase(&registry, PERSON);
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, done, steps)
    };
    let (_, done, total) = run(None);
    assert!(matches!(done, Ok(Destroyed::Done { erased: Some(_), .. })) && total > 15, "{done:?}, {total}");
    let (mut finished, mut never, mut done_already) = (0, 0, 0);
    for kind in kinds {
        for operation in 0..total {
            let (disk, done, _) = run(Some(Fault { operation, kind }));
            let is_done = matches!(done, Ok(Destroyed::Done { erased: Some(_), .. }));
            for seed in 0..3 {
                let context = format!("{kind:?} at {operation} of {total}, seed {seed}");
                let disk = disk.crash(seed);
                let keys = KeyFile::read(Arc::new(disk.fork()), Path::new("/keys")).unwrap();
                let gone = keys.get(PERSON, Group::Personal) == KeyLookup::Destroyed;
                let files = disk.snapshot();
                let mut journal = files.iter().filter(|(path, _)| path.starts_with("/data/journal"));
                let told =
                    journal.any(|(_, text)| String::from_utf8_lossy(text).contains("person.erased.v1"));
                assert!(gone || !told, "{context}: told before it was so");
                let options = reopened(&disk);
                let registry = Registry::open(&options).unwrap_or_else(|error| panic!("{context}: {error}"));
                let size = registry.reader().size();
                match size {
                    5 => {
                        assert!(!is_done && !gone, "{context}: destroyed without a request that lasts");
                        assert_eq!(registry.opened_values(1).unwrap()["name"], "Siti Contoh", "{context}");
                        assert_eq!(document(&registry, &own.sha256).unwrap(), b"both of them");
                        never += 1;
                    }
                    7 => {
                        let resumed = registry.opened().finished_erasures;
                        assert!(resumed == 0 || !is_done, "{context}: done, and lost");
                        if resumed == 0 {
                            done_already += 1
                        } else {
                            finished += 1
                        }
                        assert!(registry.opened_values(1).unwrap().is_empty(), "{context}");
                        assert_eq!(document(&registry, &own.sha256), None, "{context}");
                        // Not one of both copies has the key any more, nor a file aside.
                        let copies = disk.snapshot();
                        let copies = copies.iter().filter(|(path, _)| path.starts_with("/keys"));
                        for (path, bytes) in copies {
                            let text = String::from_utf8_lossy(bytes);
                            assert!(!text.contains(&format!("subject {PERSON}")), "{context}: {path:?}");
                        }
                    }
                    size => panic!("{context}: {size} events"),
                }
                assert_sound(&registry, &options, &context);
                registry.close().unwrap();
            }
        }
    }
    assert!(finished > 10 && never > 10 && done_already > 5, "{finished} {never} {done_already}");
}

#[test]
fn a_redaction_cut_short_anywhere_is_finished_or_never_began() {
    let prepared = SimulatedDisk::default();
    let (registry, _, own, others) = world(&prepared);
    registry.close().unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let listing = registry.event(4).unwrap().draft;
        let redaction = EvidenceRedacted {
            file: own.sha256.clone(),
            reason: Code::parse("wrong_scan").unwrap(),
            target: listing.id,
            authority: None,
            evidence: None,
            imported_from: None,
            sealed: None,
        };
        let done = registry.redact(nobody(), listing.subject, redaction);
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, done, steps)
    };
    let (_, done, total) = run(None);
    assert!(matches!(done, Ok(Destroyed::Done { recorded: 5, .. })), "{done:?}");
    let (mut began, mut never) = (0, 0);
    for kind in [FaultKind::NotDone, FaultKind::Done, FaultKind::PowerCut] {
        for operation in 0..total {
            let (disk, ..) = run(Some(Fault { operation, kind }));
            for seed in 0..3 {
                let context = format!("{kind:?} at {operation} of {total}, seed {seed}");
                let disk = disk.crash(seed);
                let options = reopened(&disk);
                let registry = Registry::open(&options).unwrap_or_else(|error| panic!("{context}: {error}"));
                let read = document(&registry, &own.sha256);
                if registry.reader().size() == 6 {
                    assert_eq!(read, None, "{context}");
                    began += 1;
                } else {
                    assert_eq!(read.unwrap(), b"both of them", "{context}");
                    never += 1;
                }
                assert_eq!(document(&registry, &others.sha256).unwrap(), b"the other", "{context}");
                assert_sound(&registry, &options, &context);
                registry.close().unwrap();
            }
        }
    }
    assert!(began > 10 && never > 5, "{began} {never}");
}

#[test]
fn an_attachment_cut_short_anywhere_is_held_whole_or_not_at_all() {
    let prepared = SimulatedDisk::default();
    let (registry, ..) = world(&prepared);
    registry.close().unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let attached = attach(&registry, &[OTHER], b"a third");
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, attached, steps)
    };
    let (_, attached, total) = run(None);
    attached.unwrap();
    let (mut held, mut lost) = (0, 0);
    for kind in [FaultKind::NotDone, FaultKind::Done, FaultKind::Full, FaultKind::PowerCut] {
        for operation in 0..total {
            let (disk, attached, _) = run(Some(Fault { operation, kind }));
            for seed in 0..3 {
                let context = format!("{kind:?} at {operation} of {total}, seed {seed}");
                let disk = disk.crash(seed);
                let options = reopened(&disk);
                let registry = Registry::open(&options).unwrap_or_else(|error| panic!("{context}: {error}"));
                let files = registry.evidence().list().unwrap();
                assert!(files.len() == 3 || attached.is_err(), "{context}: attached and lost");
                for file in &files {
                    assert!(document(&registry, file).is_some(), "{context}");
                }
                *if files.len() == 3 { &mut held } else { &mut lost } += 1;
                assert_eq!(disk.list(Path::new("/data/evidence")).unwrap().len(), files.len(), "{context}");
                assert_sound(&registry, &options, &context);
                registry.close().unwrap();
            }
        }
    }
    assert!(held > 5 && lost > 5, "{held} {lost}");
}

/// An old copy of the keys directory is put back: opening destroys again what the log says is gone, each kind of key,
/// and an examination alone names each and touches nothing.
#[test]
fn a_key_that_comes_back_is_named_and_destroyed_again() {
    let disk = SimulatedDisk::default();
    let (registry, options, own, others) = world(&disk);
    record(&registry, &[workforce(5)]);
    let unlisted = attach(&registry, &[IKM], b"never listed").unwrap();
    let older = disk.snapshot();
    erase(&registry, PERSON).unwrap();
    erase(&registry, OTHER).unwrap();
    erase(&registry, IKM).unwrap();
    registry.close().unwrap();
    for (path, bytes) in older.iter().filter(|(path, _)| path.starts_with("/keys")) {
        disk.put(path, bytes);
    }
    let files = [own, others, unlisted].map(|evidence| evidence.sha256);
    let looking = Options { anchor_interval: None, ..options.clone() };
    let registry = Registry::open(&looking).unwrap();
    let report = verify(&registry, &looking, Date::parse("2025-10-09").unwrap(), &|_, _, _| true).unwrap();
    let mut said = crate::said::Said::new("verify_keys");
    report.checks.iter().for_each(|check| check.heard(&mut said));
    said.check();
    // The personal fields of an IKM have a key for each event.
    let of_event = format!("{IKM}/3");
    let kinds = [(PERSON, "personal"), (OTHER, "personal"), (&of_event, "personal"), (IKM, "confidential")];
    let named = problems(&report, "vault");
    for (subject, group) in kinds {
        let said = format!("the {group} key of {subject} is still there though its data were erased");
        assert!(named.iter().any(|problem| problem.contains(&said)), "{said}: {named:?}");
    }
    let named = problems(&report, "evidence");
    for file in &files {
        let said = format!("the key of evidence {file} is still there though it was withdrawn or erased");
        assert!(named.iter().any(|problem| problem.contains(&said)), "{said}: {named:?}");
        assert!(document(&registry, file).is_some(), "an examination destroys nothing");
    }
    assert_eq!(registry.opened_values(2).unwrap()["name"], "Budi Contoh");
    registry.close_without_anchor().unwrap();
    let registry = Registry::open(&options).unwrap();
    for index in [1, 2, 3, 5] {
        assert!(registry.opened_values(index).unwrap().is_empty(), "{index}");
    }
    for file in &files {
        assert_eq!(document(&registry, file), None);
    }
    assert_sound(&registry, &options, "destroyed again");
    let mut said = crate::said::Said::new("verify_erased");
    examine(&registry, &options).checks.iter().for_each(|check| check.heard(&mut said));
    said.check();
}

#[test]
fn an_examination_names_what_is_wrong_with_evidence_and_keys() {
    let disk = SimulatedDisk::default();
    let (registry, options, own, others) = world(&disk);
    let path = |file: &Sha256Hex| registry.evidence().path(file);
    let whole = disk.read(&path(&own.sha256)).unwrap();
    let words = std::cell::RefCell::new(crate::said::Said::new("verify_evidence"));
    let hear = |report: &Examination| {
        report.checks.iter().for_each(|check| check.heard(&mut words.borrow_mut()));
    };
    let evidence = |said: &str| {
        let report = examine(&registry, &options);
        hear(&report);
        let found = problems(&report, "evidence");
        assert!(found.iter().any(|problem| problem.contains(said)), "{said}: {found:?}");
    };
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    disk.put(&path(&own.sha256), &altered);
    evidence("was altered");
    disk.take(&path(&own.sha256));
    evidence("is missing");
    disk.put(&path(&own.sha256), &whole);
    let unlisted = attach(&registry, &[OTHER], b"never listed").unwrap();
    let report = examine(&registry, &options);
    assert!(report.is_sound());
    let check = report.checks.iter().find(|check| check.part == "evidence").unwrap();
    assert!(
        check.notes.iter().any(|note| note.en == "1 file is attached and no event lists it"),
        "{check:?}"
    );
    hear(&report);
    // A file that no key of ours opens.
    let files = registry.evidence();
    let about = About { media_type: own.media_type.clone(), subjects: own.subjects.clone() };
    let strange = files.write_aside([9; 8], &about, &Secret::new([9; 32]), &mut &b"strange"[..]).unwrap();
    files.adopt(&strange).unwrap();
    hear(&examine(&registry, &options));
    // A key that somebody destroyed by hand.
    registry.close().unwrap();
    // And a record that lists it for somebody else.
    let listed = Evidence { subjects: SetOf::new(vec![subject(IKM)]), ..unlisted };
    let listing = json!({"authtype": "unknown", "datacontenttype": "application/json", "specversion": "1.0",
        "source": "urn:jejak:33.75:dinperinaker", "timeprecision": "day", "id": id(9),
        "recordedtime": "2025-10-09T03:00:01.000Z", "time": "2022-01-01T00:00:00+07:00",
        "type": "id.jejak.program.opened.v1", "subject": "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6c",
        "data": {"area": "33.75", "evidence": [listed], "organiser": "Dinas", "theme": "export",
            "title": "Ekspor", "unit": "ikm"}});
    crate::registry::append_unjudged(&options, listing.to_string().as_bytes());
    let mut keys = KeyFile::open(Arc::new(disk.clone()), Path::new("/keys")).unwrap();
    let file = crate::vault::attachments::key_name(&others.sha256);
    keys.destroy(&[(&file, Group::Personal), (OTHER, Group::Personal)]).unwrap();
    let registry = Registry::open(&options).unwrap();
    let report = examine(&registry, &options);
    assert!(problems(&report, "evidence").iter().any(|problem| problem.contains("no event says why")));
    assert!(problems(&report, "vault")[0].contains("no event says why"));
    hear(&report);
    words.into_inner().check();
}

#[test]
fn a_dry_run_says_what_would_go_and_leaves_everything() {
    let disk = SimulatedDisk::default();
    let (registry, options, own, _) = world(&disk);
    let before = disk.snapshot();
    let basis = Code::parse("subject_request").unwrap();
    let would = registry.rehearse_erasure(nobody(), subject(PERSON), basis.clone()).unwrap().unwrap();
    assert_eq!((would.keys.len(), would.evidence), (2, vec![own.sha256]));
    assert_eq!(disk.snapshot(), before);
    let unknown = subject("ikm/7f2c1a34-5b6d-4e8f-9a0b-0000000000ff");
    let refused = registry.rehearse_erasure(nobody(), unknown, basis).unwrap().unwrap_err();
    assert_eq!(refused.rule, "unknown_subject");
    record(&registry, &[person(20, "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000aa", "Lain")]);
    assert_sound(&registry, &options, "after a dry run");
}

#[test]
fn a_request_that_is_appended_is_carried_out_too() {
    let disk = SimulatedDisk::default();
    let (registry, options, ..) = world(&disk);
    let request = json!({"id": id(30), "type": "id.jejak.ikm.erasure_requested.v1", "subject": IKM,
        "time": "2025-10-08T00:00:00+07:00", "data": {"basis": "court_order"}});
    record(&registry, &[request]);
    assert_eq!((registry.reader().size(), registry.snapshot().facts().size()), (7, 7));
    assert!(registry.opened_values(3).unwrap().is_empty(), "both groups are gone");
    let answered = registry.with_engine(|engine| engine.past().event(6).map(|event| event.draft)).unwrap();
    assert_eq!(answered.unwrap().subject, subject(IKM));
    assert_sound(&registry, &options, "appended");
}

/// Registered, erased and corrected in one commit: the key that was made for it is gone at its end.
#[test]
fn what_comes_behind_a_request_in_its_commit_seals_nothing() {
    let disk = SimulatedDisk::default();
    let (registry, options, ..) = world(&disk);
    let third = "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000dd";
    let request = json!({"id": id(41), "type": "id.jejak.person.erasure_requested.v1", "subject": third,
        "time": "2025-10-08T00:00:00+07:00", "data": {"basis": "subject_request"}});
    let mut correction = corrected(42, 40, json!({}));
    correction["subject"] = json!(third);
    correction["data"]["subject"] = json!(third);
    let mut named = correction.clone();
    named["id"] = json!(id(43));
    named["data"]["data"]["name"] = json!("Kembali");
    let all = [person(40, third, "Sebentar"), request.clone(), correction, named];
    let outcomes = append(&registry, &all);
    let rules: Vec<_> = outcomes.iter().map(|outcome| outcome.refusal().map_or("", |one| one.rule)).collect();
    assert_eq!(rules, ["", "", "", "subject_erased"]);
    assert_eq!(registry.reader().size(), 9);
    for index in [5, 7] {
        assert!(registry.opened_values(index).unwrap().is_empty(), "{index}");
    }
    // A batch that fell asked for nothing.
    let defaults = registry.defaults(nobody());
    let mut request = request;
    request["id"] = json!(id(44));
    request["subject"] = json!(OTHER);
    let fallen = [request, person(45, OTHER, "Dua kali")];
    let fallen = fallen.iter().map(|value| Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap());
    let outcomes = registry.append_blocking(fallen.collect(), true).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.index().is_none()), "{outcomes:?}");
    let mut renamed = corrected(46, 2, json!({"name": "Budi Lain"}));
    renamed["subject"] = json!(OTHER);
    renamed["data"]["subject"] = json!(OTHER);
    record(&registry, &[renamed]);
    assert_eq!(registry.opened_values(9).unwrap()["name"], "Budi Lain");
    assert_sound(&registry, &options, "one commit");
}

/// Reading needs no clock: an erasure that was cut short is carried out as far as that goes, and recorded
/// when the clock can be believed.
#[test]
fn an_open_erasure_waits_for_a_clock_with_its_keys_gone() {
    let disk = SimulatedDisk::default();
    let (registry, ..) = world(&disk);
    let before = disk.fork();
    registry.close().unwrap();
    // Cut short once the request is durable, which the first events of the loop are not.
    let cut = (0..40).find_map(|operation| {
        let disk = before.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(Some(Fault { operation, kind: FaultKind::PowerCut }));
        let _ = erase(&registry, PERSON);
        let _ = registry.close_without_anchor();
        let disk = disk.crash(1);
        let looking = Options { anchor_interval: None, ..reopened(&disk) };
        let registry = Registry::open(&looking).unwrap();
        let is_open = registry.reader().size() == 6 && !registry.opened_values(1).unwrap().is_empty();
        if is_open {
            let mut said = crate::said::Said::new("verify_open_erasure");
            examine(&registry, &looking).checks.iter().for_each(|check| check.heard(&mut said));
            said.check();
        }
        registry.close_without_anchor().unwrap();
        is_open.then_some(disk)
    });
    let disk = cut.expect("no fault leaves a request with live keys");
    let mut early = reopened(&disk);
    let clock = ManualClock::at(RecordedTime::parse("2024-10-09T03:00:00.000Z").unwrap());
    early.environment.clock = Arc::new(clock);
    let registry = Registry::open(&early).unwrap();
    assert_eq!((registry.reader().size(), registry.opened().finished_erasures), (6, 0));
    assert!(registry.opened_values(1).unwrap().is_empty());
    registry.close().unwrap();
    let options = options_with(&disk, 10);
    let registry = Registry::open(&options).unwrap();
    assert_eq!((registry.reader().size(), registry.opened().finished_erasures), (7, 1));
    assert_sound(&registry, &options, "recorded at last");
}

/// In one commit with its request, or in the next one: an erasure reaches what the subject was when it was
/// asked for. An outside replay sees no commits.
#[test]
fn what_an_erasure_reaches_is_fixed_by_its_request() {
    for becomes_sole in [false, true] {
        let disk = SimulatedDisk::default();
        let (registry, options, ..) = world(&disk);
        let changed = |number: u32, is_sole: bool| {
            json!({"id": id(number), "type": "id.jejak.ikm.profile_changed.v1", "subject": IKM,
                "time": "2023-01-01T00:00:00+07:00", "data": {"sole_proprietor": is_sole, "nib": "1234567890123"}})
        };
        record(&registry, &[changed(50, !becomes_sole)]);
        let request = json!({"id": id(51), "type": "id.jejak.person.erasure_requested.v1", "subject": PERSON,
            "time": "2025-10-08T00:00:00+07:00", "data": {"basis": "subject_request"}});
        let mut after = changed(52, becomes_sole);
        after["data"].as_object_mut().unwrap().remove("nib");
        record(&registry, &[request, after]);
        let check = |registry: &Registry| {
            let sealed = registry.opened_values(3).unwrap();
            assert_eq!((sealed.get("name"), &sealed["workers"]), (None, &json!(7)));
            // Of the time when it was not hers the number stays, whatever is said behind the request.
            assert_eq!(registry.opened_values(5).unwrap().contains_key("nib"), becomes_sole);
            assert_sound(registry, &options, "changed behind the request");
        };
        check(&registry);
        registry.close().unwrap();
        check(&Registry::open(&options).unwrap());
    }
}

/// The number of a certificate that turned out to be somebody else's is not free because the one it was
/// first recorded for is erased: neither while the registry runs nor once it is opened again.
#[test]
fn a_number_that_moved_to_another_holder_stays_taken() {
    let disk = SimulatedDisk::default();
    let (registry, options, ..) = world(&disk);
    let certificate = |last: u32| format!("certificate/0197f2c1-5b6d-7e8f-9a0b-{last:012x}");
    let facts = |holder: &str| {
        json!({"holder": {"person": &holder["person/".len()..]}, "issuer": "LSP", "scheme": "kompetensi",
            "valid_from": "2024-01-01", "valid_to": "2026-12-31"})
    };
    let issued = |number: u32, last: u32, holder: &str| {
        let mut data = facts(holder);
        data["number"] = json!("N1");
        json!({"id": id(number), "type": "id.jejak.certificate.issued.v1", "subject": certificate(last),
            "time": "2024-01-01T00:00:00+07:00", "data": data})
    };
    let moved = json!({"id": id(61), "type": "id.jejak.event.corrected.v1", "subject": certificate(1),
        "time": "2025-10-01T00:00:00+07:00", "data": {"target": id(60), "reason": "wrong_holder",
            "type": "id.jejak.certificate.issued.v1", "subject": certificate(1),
            "time": "2024-01-01T00:00:00+07:00", "timeprecision": "day", "data": facts(OTHER)}});
    record(&registry, &[issued(60, 1, PERSON), moved]);
    assert!(matches!(erase(&registry, PERSON).unwrap(), Destroyed::Done { .. }));
    let taken = |registry: &Registry| {
        let outcomes = append(registry, &[issued(62, 2, OTHER)]);
        assert_eq!(outcomes[0].refusal().map(|refusal| refusal.rule), Some("number_unique"), "{outcomes:?}");
    };
    taken(&registry);
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    taken(&registry);
    // Once the other one is erased too, nobody can say what the number was.
    assert!(matches!(erase(&registry, OTHER).unwrap(), Destroyed::Done { .. }));
    let third = "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000dd";
    record(&registry, &[person(63, third, "Tiga"), issued(64, 2, third)]);
    assert_sound(&registry, &options, "numbers");
}
