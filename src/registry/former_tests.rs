//! Erasing somebody whose IKM is another's by now: what was said of her time goes, the rest stays.

use std::path::Path;
use std::sync::Arc;

use jejak_events::sealed::Group;
use jejak_events::values::{Date, Sha256Hex};
use serde_json::{Value, json};

use super::rights::destroy::Staying;
use super::rights::tests::{
    IKM, OTHER, PERSON, append, assert_sound, attach, document, erase, id, ikm, options_with, person,
    problems, record, reopened, subject, workforce, world,
};
use super::{Destroyed, Options, Registry};
use crate::disk::Disk as _;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::vault::{KeyFile, KeyLookup};
use crate::verify::verify;

fn uuid(subject: &str) -> &str {
    subject.rsplit('/').next().unwrap()
}

fn changed(number: u32, day: &str, data: &Value) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.profile_changed.v1", "subject": IKM,
        "time": format!("{day}T00:00:00+07:00"), "data": data})
}

/// A correction of something about the IKM.
fn corrected(number: u32, target: u32, kind: &str, day: &str, data: &Value) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": IKM,
        "time": "2025-10-09T00:00:00+07:00", "data": {"target": id(target), "reason": "typing_error",
            "type": format!("id.jejak.{kind}.v1"), "subject": IKM, "time": format!("{day}T00:00:00+07:00"),
            "timeprecision": "day", "data": data}})
}

fn certificate(number: u32, last: u32, day: &str, holder: &str) -> Value {
    json!({"id": id(number), "type": "id.jejak.certificate.issued.v1",
        "subject": format!("certificate/0197f2c1-5b6d-7e8f-9a0b-{last:012x}"), "time": format!("{day}T00:00:00+07:00"),
        "data": {"holder": {"ikm": uuid(holder)}, "issuer": "LSP", "scheme": "halal", "number": format!("N{last}"),
            "valid_from": day, "valid_to": "2027-12-31"}})
}

/// The photo of an event that happened on a day.
fn listing(number: u32, day: &str, registry: &Registry, text: &str) -> (Value, Sha256Hex) {
    let evidence = attach(registry, &[IKM], text.as_bytes()).unwrap();
    let file = evidence.sha256.clone();
    (changed(number, day, &json!({"commodity": "tenun", "evidence": [evidence]})), file)
}

/// The IKM of [`world`], hers since 2021 and the other one's since June 2023: index 3 registers it, 5 renames it and 6
/// certifies it in her time; 7 sells it; 8 renames it, 9 certifies it in his; 10 reports its workers.
fn sold(disk: &SimulatedDisk) -> (Registry, Options, [Sha256Hex; 3]) {
    let (registry, options, ..) = world(disk);
    record(
        &registry,
        &[
            changed(
                20,
                "2022-01-01",
                &json!({"name": "Batik Siti", "nib": "1234567890123", "village": "Jenggot"}),
            ),
            certificate(21, 1, "2022-02-01", IKM),
            changed(22, "2023-06-01", &json!({"owner": uuid(OTHER), "nib": "9999999999999"})),
            changed(23, "2023-07-01", &json!({"name": "Batik Budi"})),
            certificate(24, 2, "2023-08-01", IKM),
            workforce(25),
        ],
    );
    let (hers, first) = listing(26, "2022-03-01", &registry, "her workshop");
    let (his, second) = listing(27, "2023-09-01", &registry, "his workshop");
    record(&registry, &[hers, his]);
    let unlisted = attach(&registry, &[IKM], b"never listed").unwrap().sha256;
    (registry, options, [first, second, unlisted])
}

fn personal(registry: &Registry, index: u64) -> Vec<Value> {
    let sealed = registry.opened_values(index).unwrap();
    let said = ["name", "nib", "village", "number"].into_iter().filter_map(|name| sealed.get(name).cloned());
    said.filter(|value| !value.is_null()).collect()
}

fn hers_is_gone_and_his_stays(registry: &Registry, files: &[Sha256Hex; 3]) {
    for index in [3, 5, 6, 11] {
        assert!(personal(registry, index).is_empty(), "{index}");
    }
    assert_eq!(registry.opened_values(3).unwrap()["workers"], json!(7));
    assert_eq!(registry.opened_values(10).unwrap()["workers"], json!(7));
    assert_eq!(personal(registry, 7), ["9999999999999"]);
    assert_eq!(personal(registry, 8), ["Batik Budi"]);
    assert_eq!(personal(registry, 9), ["N2"]);
    let kept: Vec<bool> = files.iter().map(|file| document(registry, file).is_some()).collect();
    assert_eq!(kept, [false, true, true]);
}

#[test]
fn what_was_hers_goes_and_what_is_his_stays() {
    let disk = SimulatedDisk::default();
    let (registry, options, files) = sold(&disk);
    let would = registry.with_engine(|engine| engine.destruction(subject(PERSON))).unwrap().unwrap();
    assert_eq!(would.keys, [(subject(PERSON), Group::Personal)]);
    assert_eq!(would.values, [(subject(IKM), vec![3, 5, 6, 11])]);
    assert!(would.evidence.contains(&files[0]) && !would.evidence.contains(&files[1]));
    let stays: Vec<_> = would.stays.iter().map(|stay| (stay.subject, stay.what.clone())).collect();
    let mut left = files[1..].to_vec();
    left.sort();
    let expected = [Staying::Figures, Staying::OtherTimes(vec![7, 8, 9, 12]), Staying::Files(left)];
    assert_eq!(stays, expected.map(|what| (subject(IKM), what)));
    let done = erase(&registry, PERSON).unwrap();
    assert!(matches!(&done, Destroyed::Done { destruction, .. } if *destruction == would), "{done:?}");
    hers_is_gone_and_his_stays(&registry, &files);
    assert_sound(&registry, &options, "erased");
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    assert_eq!(registry.opened().finished_erasures, 0);
    hers_is_gone_and_his_stays(&registry, &files);
    // Her certificate's number is not known any more, and his still taken.
    let third = "ikm/7f2c1a34-5b6d-4e8f-9a0b-0000000000ee";
    let mut own = ikm(40);
    own["subject"] = json!(third);
    own["data"]["owner"] = json!(uuid(OTHER));
    record(&registry, &[own]);
    let again = |number, last: u32| {
        let mut again = certificate(number, last, "2024-01-01", third);
        again["subject"] = json!(format!("certificate/0197f2c1-5b6d-7e8f-9a0b-{number:012x}"));
        again
    };
    let outcomes = append(&registry, &[again(41, 1), again(42, 2)]);
    let rules: Vec<_> = outcomes.iter().map(|outcome| outcome.refusal().map_or("", |one| one.rule)).collect();
    assert_eq!(rules, ["", "number_unique"]);
    assert_sound(&registry, &options, "opened again");
}

/// Nothing comes back for her time: neither as a correction, nor backdated, nor as a document.
#[test]
fn of_her_time_nothing_is_sealed_again() {
    let disk = SimulatedDisk::default();
    let (registry, options, files) = sold(&disk);
    erase(&registry, PERSON).unwrap();
    let photo = attach(&registry, &[IKM], b"found in a drawer").unwrap();
    let attempts = [
        corrected(50, 20, "ikm.profile_changed", "2022-01-01", &json!({"name": "Batik Siti"})),
        changed(51, "2022-05-05", &json!({"village": "Jenggot"})),
        changed(52, "2022-05-05", &json!({"commodity": "batik", "evidence": [photo]})),
        // Left out, or of his time: the sale is on the first of June.
        corrected(53, 20, "ikm.profile_changed", "2022-01-01", &json!({"commodity": "batik"})),
        changed(54, "2022-05-05", &json!({"commodity": "tenun"})),
        changed(55, "2023-06-01", &json!({"village": "Kauman"})),
        corrected(56, 23, "ikm.profile_changed", "2023-07-02", &json!({})),
        // What moves into her time leaves its name behind; what moves out of it has none to bring.
        corrected(57, 23, "ikm.profile_changed", "2022-07-01", &json!({"commodity": "batik"})),
        corrected(58, 20, "ikm.profile_changed", "2024-01-01", &json!({"village": "Kauman"})),
    ];
    let outcomes = append(&registry, &attempts);
    let rules: Vec<_> = outcomes.iter().map(|outcome| outcome.refusal().map_or("", |one| one.rule)).collect();
    assert_eq!(rules, ["subject_erased", "subject_erased", "attached_to_erased", "", "", "", "", "", ""]);
    let index = |place: usize| outcomes[place].index().unwrap();
    let said: Vec<_> = (3..9).map(|place| personal(&registry, index(place))).collect();
    assert_eq!(
        said,
        [vec![], vec![], vec![json!("Kauman")], vec![json!("Batik Budi")], vec![], vec![json!("Kauman")]]
    );
    assert_eq!(personal(&registry, 8), ["Batik Budi"]);
    assert_sound(&registry, &options, "after her time");
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    hers_is_gone_and_his_stays(&registry, &files);
    assert_sound(&registry, &options, "after her time, opened");
}

/// Who it was is often written down long after: what counts is what is known when the erasure is asked for.
#[test]
fn ownership_that_was_recorded_late_or_put_right_counts() {
    for put_right in [false, true] {
        let disk = SimulatedDisk::default();
        let (registry, options, ..) = world(&disk);
        let theirs = "ikm/7f2c1a34-5b6d-4e8f-9a0b-0000000000ee";
        let mut nobodys = ikm(30);
        nobodys["subject"] = json!(theirs);
        nobodys["data"]["owner"] = Value::Null;
        nobodys["data"].as_object_mut().unwrap().remove("owner");
        let on = |number, day: &str, data: Value| {
            let mut one = changed(number, day, &data);
            one["subject"] = json!(theirs);
            one
        };
        record(
            &registry,
            &[
                nobodys,                                                                              // 5
                on(31, "2022-01-01", json!({"name": "Batik Lama"})),                                  // 6
                on(32, "2024-01-01", json!({"name": "Batik Baru"})),                                  // 7
                on(33, "2023-01-01", json!({"owner": uuid(if put_right { PERSON } else { OTHER })})), // 8
                on(34, "2021-06-01", json!({"owner": uuid(PERSON)})),                                 // 9
            ],
        );
        if put_right {
            let mut sale =
                corrected(35, 33, "ikm.profile_changed", "2023-02-01", &json!({"owner": uuid(OTHER)}));
            sale["subject"] = json!(theirs);
            sale["data"]["subject"] = json!(theirs);
            record(&registry, &[sale]);
        }
        erase(&registry, PERSON).unwrap();
        let names: Vec<_> = [5, 6, 7].iter().map(|index| personal(&registry, *index)).collect();
        assert_eq!(names, [vec![], vec![], vec![json!("Batik Baru")]], "{put_right}");
        assert_sound(&registry, &options, "late");
    }
}

/// A copy of the keys from before brings nothing back, and every key is asked for.
#[test]
fn old_keys_of_her_events_are_named_and_destroyed_again() {
    let disk = SimulatedDisk::default();
    let (registry, options, files) = sold(&disk);
    let older = disk.snapshot();
    erase(&registry, PERSON).unwrap();
    registry.close().unwrap();
    for (path, bytes) in older.iter().filter(|(path, _)| path.starts_with("/keys")) {
        disk.put(path, bytes);
    }
    let looking = Options { anchor_interval: None, ..options.clone() };
    let registry = Registry::open(&looking).unwrap();
    let report = verify(&registry, &looking, Date::parse("2025-10-09").unwrap(), &|_, _, _| true).unwrap();
    let named = problems(&report, "vault");
    for index in [3, 5, 6, 11] {
        let said = format!("the personal key of {IKM}/{index} is still there");
        assert!(named.iter().any(|problem| problem.contains(&said)), "{said}: {named:?}");
    }
    assert_eq!(named.len(), 5, "{named:?}");
    let named = problems(&report, "evidence");
    assert!(named.iter().any(|problem| problem.contains(&files[0].to_string())), "{named:?}");
    registry.close_without_anchor().unwrap();
    let registry = Registry::open(&options).unwrap();
    hers_is_gone_and_his_stays(&registry, &files);
    assert_sound(&registry, &options, "destroyed again");
}

/// Wherever it is cut short: all of it once the request lasts, and nothing before.
#[test]
fn cut_short_anywhere_all_of_it_goes_or_nothing() {
    let prepared = SimulatedDisk::default();
    let (registry, _, files) = sold(&prepared);
    registry.close().unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        let registry = Registry::open(&options_with(&disk, 9)).unwrap();
        disk.faults().plan(fault);
        let _ = erase(&registry, PERSON);
        let steps = disk.faults().count();
        let _ = registry.close_without_anchor();
        (disk, steps)
    };
    let (_, total) = run(None);
    let (mut all, mut nothing) = (0, 0);
    for kind in [FaultKind::NotDone, FaultKind::Short, FaultKind::PowerCut] {
        for operation in 0..total {
            let context = format!("{kind:?} at {operation} of {total}");
            let disk = run(Some(Fault { operation, kind })).0.crash(operation);
            let keys = KeyFile::read(Arc::new(disk.fork()), Path::new("/keys")).unwrap();
            let gone =
                |index: u64| keys.get(&format!("{IKM}/{index}"), Group::Personal) == KeyLookup::Destroyed;
            assert_eq!([3, 5, 6, 11].map(gone), [gone(3); 4], "{context}: in part");
            assert!(![7, 8, 9, 12].into_iter().any(gone), "{context}: his");
            let was_gone = gone(3);
            let options = reopened(&disk);
            let registry = Registry::open(&options).unwrap_or_else(|error| panic!("{context}: {error}"));
            if registry.reader().size() == 13 {
                assert!(!was_gone, "{context}: destroyed without a request that lasts");
                assert_eq!(personal(&registry, 3), ["Batik Melati"], "{context}");
                nothing += 1;
            } else {
                assert_eq!(registry.reader().size(), 15, "{context}");
                hers_is_gone_and_his_stays(&registry, &files);
                all += 1;
            }
            assert_sound(&registry, &options, &context);
            registry.close().unwrap();
            let keys = disk.read(Path::new("/keys/keys-a")).unwrap();
            let holds = String::from_utf8_lossy(&keys).contains(&format!("subject {IKM}/3 "));
            assert_eq!(holds, disk_holds_hers(&disk), "{context}");
        }
    }
    assert!(all > 50 && nothing > 1, "{all} and {nothing}");
}

fn disk_holds_hers(disk: &SimulatedDisk) -> bool {
    let copies = disk.snapshot();
    let mut copies = copies.iter().filter(|(path, _)| path.starts_with("/keys"));
    copies.any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&format!("subject {IKM}/3 ")))
}

/// Erased in turn: each takes what was theirs, the last one all that is left.
#[test]
fn both_owners_erased_in_turn() {
    let disk = SimulatedDisk::default();
    let (registry, options, files) = sold(&disk);
    record(&registry, &[person(60, "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000dd", "Tiga")]);
    erase(&registry, PERSON).unwrap();
    let Destroyed::Done { destruction, .. } = erase(&registry, OTHER).unwrap() else { panic!("refused") };
    assert!(destruction.keys.contains(&(subject(IKM), Group::Personal)), "{destruction:?}");
    assert!(destruction.values.is_empty(), "{destruction:?}");
    for index in [3, 5, 6, 7, 8, 9, 11, 12] {
        assert!(personal(&registry, index).is_empty(), "{index}");
    }
    assert_eq!(registry.opened_values(10).unwrap()["workers"], json!(7));
    assert!(files.iter().all(|file| document(&registry, file).is_none()));
    assert_sound(&registry, &options, "both");
    registry.close().unwrap();
    assert_sound(&Registry::open(&options).unwrap(), &options, "both, opened");
}
