//! The registry end to end on a real directory and a real store.

use std::sync::{Arc, Mutex};

use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Proposal, SealedValues};
use jejak_events::time::RecordedTime;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{InitReport, LogReading, Options, Outcome, Registry, RegistryError, Signed, create, recover};
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::vault::access::OwnWork;

const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";

impl Registry {
    /// The sealed values of an event, for a test, which shows them to nobody.
    pub(super) fn opened_values(&self, index: u64) -> Result<SealedValues, RegistryError> {
        Ok(self.snapshot().sealed(&OwnWork::new(), index)?)
    }
}

struct Fixture {
    directory: TempDir,
    options: Options,
    clock: Arc<ManualClock>,
}

impl Fixture {
    /// What the clock says, in milliseconds.
    fn clock_ms(&self) -> i64 {
        crate::environment::Clock::wall(&*self.clock).timestamp_millis()
    }
}

fn fixture() -> Fixture {
    let directory = TempDir::new().unwrap();
    let mut options = Options::in_directory(directory.path().join("data"));
    let clock = Arc::new(ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap()));
    options.environment =
        Environment { clock: clock.clone(), randomness: Arc::new(SeededRandomness::new(7)) };
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: directory.path().join("recovery"),
    };
    create(&options, &about).unwrap();
    Fixture { directory, options, clock }
}

#[test]
fn a_reader_names_a_length_that_nobody_knows() {
    let fixture = fixture();
    let known = LogReading::open(&fixture.options, Signed::NotNeeded).unwrap();
    assert!(known.is_length_known() && known.problems().is_empty(), "{:?}", known.problems());
    for name in ["anchor", "checkpoint"] {
        std::fs::remove_file(fixture.options.dir.join(name)).unwrap();
    }
    let unknown = LogReading::open(&fixture.options, Signed::NotNeeded).unwrap();
    assert!(!unknown.is_length_known());
    let said = "anchor and checkpoint are gone: nobody can tell how long this log should be; run `jejak recover --checkpoint FILE`";
    assert!(unknown.problems().iter().any(|problem| problem.en == said), "{:?}", unknown.problems());
}

fn id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

fn proposal(registry: &Registry, value: &Value) -> Proposal {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap()
}

fn append(registry: &Registry, values: &[Value], atomic: bool) -> Vec<Outcome> {
    let proposals = values.iter().map(|value| proposal(registry, value)).collect();
    registry.append_blocking(proposals, atomic).unwrap()
}

fn rules(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes.iter().map(|outcome| outcome.refusal().map_or("", |refusal| refusal.rule)).collect()
}

fn ikm(number: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.registered.v1", "subject": IKM, "time": "2021-03-01T00:00:00+07:00",
        "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true,
            "name": "Batik Melati", "workers": 7, "investment": 50_000_000}})
}

fn correction(number: u32, target: u32, area: &str) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": IKM, "time": "2025-10-09T00:00:00+07:00",
        "data": {"target": id(target), "reason": "typing_error", "type": "id.jejak.ikm.registered.v1", "subject": IKM,
            "time": "2021-03-01T00:00:00+07:00", "timeprecision": "day",
            "data": {"area": area, "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true}}})
}

fn retraction(number: u32, target: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.retracted.v1", "subject": IKM, "time": "2025-10-09T00:00:00+07:00",
        "data": {"target": id(target), "reason": "entered_twice"}})
}

/// More than a commit a millisecond: recorded times run ahead of the clock, and go on from there when it opens again.
#[test]
fn each_commit_has_a_recorded_time_of_its_own_also_while_the_clock_stands() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    append(&registry, &[ikm(1), correction(2, 1, "33.74")], false);
    append(&registry, &[correction(3, 1, "33.75")], false);
    registry.close().unwrap();
    let registry = Registry::open(&fixture.options).unwrap();
    append(&registry, &[correction(4, 1, "33.74"), correction(5, 1, "33.75")], true);
    let ms: Vec<i64> =
        (0..6).map(|index| registry.event(index).unwrap().recorded.unix_ms() - fixture.clock_ms()).collect();
    assert_eq!(ms, [0, 1, 1, 2, 3, 3]);
    assert_eq!(registry.snapshot().last_recorded().map(|last| last.unix_ms() - fixture.clock_ms()), Some(3));
    // Ahead of the clock, until that has passed it.
    let now_ms = |after_ms| {
        fixture.clock.advance(std::time::Duration::from_millis(after_ms));
        registry.snapshot().now(super::wall_time(&*fixture.clock).unwrap()).unix_ms()
            - registry.event(0).unwrap().recorded.unix_ms()
    };
    assert_eq!([0, 2, 1, 1].map(now_ms), [3, 3, 3, 4]);
    for (size, around) in [(1, None), (2, Some((1, 3))), (3, None), (4, None), (5, Some((4, 6))), (6, None)] {
        let told = registry.snapshot().sizes_around(size).unwrap().map(std::ops::RangeInclusive::into_inner);
        assert_eq!(told, around, "{size}");
    }
    registry.close().unwrap();
}

#[test]
fn an_event_is_recorded_once_for_ever() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    assert_eq!(append(&registry, &[ikm(1)], false)[0].index(), Some(1));
    let again = append(&registry, &[ikm(1)], false);
    assert!(matches!(again[0], Outcome::Recorded { index: 1, repeated: true, .. }), "{again:?}");
    let mut other = ikm(1);
    other["data"]["workers"] = json!(8);
    assert_eq!(rules(&append(&registry, &[other], false)), ["id_reused"]);
    let checkpoint = registry.checkpoint().unwrap().unwrap();
    registry.close().unwrap();

    let registry = Registry::open(&fixture.options).unwrap();
    assert!(matches!(
        append(&registry, &[ikm(1)], false)[0],
        Outcome::Recorded { index: 1, repeated: true, .. }
    ));
    assert!(checkpoint.starts_with("jejak.example/test\n2\n"), "{checkpoint}");
    assert_eq!(registry.opened_values(1).unwrap()["name"], "Batik Melati");
    assert_eq!(registry.snapshot().facts().size(), 2);
}

/// Each way to a sealed value, with a look at its subject and with one at another.
#[test]
fn a_look_at_one_subject_opens_nothing_of_another() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    append(&registry, &[ikm(1)], false);
    let [own, other] = [IKM, "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c"].map(|subject| {
        let subject = jejak_events::identity::Subject::parse(subject).unwrap();
        registry.look(&Actor { kind: ActorKind::Unknown, id: None }, "test", &[subject]).unwrap()
    });
    assert_eq!(registry.sealed(&own, 1).unwrap()["name"], "Batik Melati");
    assert!(!registry.disclosures(&own, 1).unwrap().is_empty());
    for error in [
        registry.sealed(&other, 1).map(drop).unwrap_err(),
        registry.disclosures(&other, 1).map(drop).unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            format!("the log cannot be read: event 1 stays sealed: no look at {IKM} was noted")
        );
    }
    // An event that seals nothing has nothing to be looked at.
    assert!(registry.sealed(&other, 0).unwrap().is_empty());
    let noted: Vec<String> =
        registry.access().report().unwrap().looks.into_iter().flat_map(|look| look.subjects).collect();
    assert_eq!(noted.len(), 2);
    registry.close().unwrap();
}

#[test]
fn a_correction_carries_sealed_values_over() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let outcomes = append(&registry, &[ikm(1), correction(2, 1, "33.26")], false);
    assert_eq!(rules(&outcomes), ["", ""]);
    let sealed = registry.opened_values(2).unwrap();
    assert_eq!(
        (&sealed["name"], &sealed["workers"], &sealed["nib"]),
        (&json!("Batik Melati"), &json!(7), &Value::Null)
    );
    assert!(registry.opened_values(1).unwrap()["name"] == "Batik Melati");
    // The same correction again is the same event, though its salts differ.
    assert!(matches!(
        append(&registry, &[correction(2, 1, "33.26")], false)[0],
        Outcome::Recorded { index: 2, repeated: true, .. }
    ));
    assert_eq!(rules(&append(&registry, &[correction(3, 2, "33.26")], false)), ["not_an_original"]);
}

#[test]
fn an_atomic_batch_is_all_or_nothing() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let mut unknown = ikm(2);
    unknown["subject"] = json!("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c");
    unknown["data"]["owner"] = json!("7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6d");
    assert_eq!(
        rules(&append(&registry, &[ikm(1), unknown.clone()], true)),
        ["batch_refused", "unknown_person"]
    );
    assert_eq!(registry.reader().size(), 1);
    assert_eq!(rules(&append(&registry, &[ikm(1), unknown], false)), ["", "unknown_person"]);
    // Retracted and registered anew in one batch.
    assert_eq!(rules(&append(&registry, &[retraction(5, 1), ikm(6)], true)), ["", ""]);
    assert_eq!(rules(&append(&registry, &[retraction(7, 1)], false)), ["already_retracted"]);
}

#[test]
fn a_live_event_holds_what_it_rests_on() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let program = "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";
    let opened = json!({"id": id(2), "type": "id.jejak.program.opened.v1", "subject": program, "time": "2022-01-01T00:00:00+07:00",
        "data": {"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "ikm", "quota": 1}});
    let enrolled = json!({"id": id(3), "type": "id.jejak.enrolment.made.v1", "subject": IKM, "time": "2022-02-01T00:00:00+07:00",
        "data": {"program": "0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b"}});
    assert_eq!(rules(&append(&registry, &[ikm(1), opened, enrolled], false)), ["", "", ""]);
    assert_eq!(rules(&append(&registry, &[retraction(4, 1)], false)), ["live_event_depends"]);
    assert_eq!(rules(&append(&registry, &[retraction(4, 1), retraction(5, 3)], true)), ["", ""]);
}

/// A proposal may be as long as a record, and its record be longer: with what the registry adds.
#[test]
fn an_event_that_grows_beyond_a_record_is_refused() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let with = |files: u32| {
        let mut event = ikm(1);
        let file = |number| json!({"media_type": "image/jpeg", "sha256": format!("{number:064x}")});
        event["data"]["evidence"] = (0..files).map(file).collect();
        event
    };
    let fits = |files: &u32| with(*files).to_string().len() < 59_900;
    let most = (1..1000).take_while(fits).last().unwrap();
    let refused = append(&registry, &[with(most)], false);
    let refusal = refused[0].refusal().unwrap();
    assert_eq!(refusal.rule, "too_large");
    let mut said = crate::said::Said::new("registry_refusals");
    said.take("too large", refusal.message.clone());
    // A release that was counted before the log grew.
    let late = registry.with_growing(|engine, facts| engine.record_release(Vec::new(), 0, facts));
    let refused = late.unwrap();
    said.take("the log has grown", refused.unwrap_err().message);
    // No random bytes, for salts and for all that an init draws.
    #[derive(Debug)]
    struct Exhausted;
    impl crate::environment::Randomness for Exhausted {
        fn fill(&self, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::Error::from_raw_os_error(5))
        }
    }
    let randomness: Arc<dyn crate::environment::Randomness> = Arc::new(Exhausted);
    let salts = super::PreparedEvent::new(proposal(&registry, &ikm(2)), &randomness);
    said.error("no salts", salts.map(drop).unwrap_err());
    let home = tempfile::tempdir().unwrap();
    let mut options = Options::in_directory(home.path().join("data"));
    options.environment.randomness = randomness;
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: jejak_events::identity::Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: home.path().join("recovery"),
    };
    said.error("no keys", create(&options, &about).unwrap_err());
    said.check();
}

#[test]
fn the_future_and_a_stale_revision_are_refused() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let mut tomorrow = ikm(1);
    tomorrow["time"] = json!("2025-10-10T00:00:00+07:00");
    assert_eq!(rules(&append(&registry, &[tomorrow], false)), ["future"]);
    let mut stale = ikm(1);
    stale["expectedrevision"] = json!(1);
    assert_eq!(rules(&append(&registry, &[stale], false)), ["stale_revision"]);
    fixture.clock.advance(std::time::Duration::from_secs(24 * 3600));
    let mut today = ikm(1);
    today["time"] = json!("2025-10-10T00:00:00+07:00");
    today["expectedrevision"] = json!(0);
    assert_eq!(rules(&append(&registry, &[today], false)), [""]);
}

#[test]
fn a_second_process_is_told_who_holds_the_directory() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let error = Registry::open(&fixture.options).unwrap_err();
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    registry.close().unwrap();
    Registry::open(&fixture.options).unwrap();
}

#[test]
fn an_empty_directory_and_a_taken_one_are_told_apart() {
    let fixture = fixture();
    let empty = Options::in_directory(fixture.directory.path().join("other"));
    assert!(matches!(Registry::open(&empty), Err(RegistryError::NotInitialised { .. })));
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: fixture.directory.path().join("recovery"),
    };
    assert!(matches!(create(&fixture.options, &about), Err(RegistryError::Exists { .. })));
}

/// Many offices enrol at once: the quota holds, and nobody is told otherwise than the log says.
#[test]
fn a_quota_holds_under_concurrent_enrolments() {
    const OFFICES: u32 = 16;
    const QUOTA: usize = 5;
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let ikm_of = |office: u32| format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{office:012x}");
    let program = "0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";
    let opened = json!({"id": id(900), "type": "id.jejak.program.opened.v1", "subject": format!("program/{program}"),
        "time": "2022-01-01T00:00:00+07:00",
        "data": {"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "ikm", "quota": QUOTA}});
    append(&registry, &[opened], false);
    for office in 0..OFFICES {
        let mut registered = ikm(office);
        registered["subject"] = json!(ikm_of(office));
        append(&registry, &[registered], false);
    }
    let before = registry.reader().size();
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let enrol = |office: u32| {
            let enrolled = json!({"id": id(100 + office), "type": "id.jejak.enrolment.made.v1", "subject": ikm_of(office),
                "time": "2022-02-01T00:00:00+07:00", "data": {"program": program}});
            append(&registry, &[enrolled], false).remove(0)
        };
        let offices: Vec<_> = (0..OFFICES).map(|office| scope.spawn(move || enrol(office))).collect();
        offices.into_iter().map(|office| office.join().unwrap()).collect()
    });
    let recorded = outcomes.iter().filter(|outcome| outcome.index().is_some()).count();
    assert_eq!((recorded, registry.reader().size() - before), (QUOTA, QUOTA as u64));
    assert!(rules(&outcomes).iter().all(|rule| ["", "quota_full"].contains(rule)), "{outcomes:?}");
}

/// An id that stands twice in a refused atomic batch is not acknowledged the second time either.
#[test]
fn a_repeat_falls_with_its_atomic_batch() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let mut unknown = ikm(2);
    unknown["subject"] = json!("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c");
    unknown["data"]["owner"] = json!("7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6d");
    let outcomes = append(&registry, &[ikm(1), ikm(1), unknown], true);
    assert_eq!(rules(&outcomes), ["batch_refused", "batch_refused", "unknown_person"]);
    assert_eq!(registry.reader().size(), 1);
    // What stood in the log before the batch is still answered with its index.
    append(&registry, &[ikm(1)], false);
    let outcomes = append(&registry, &[ikm(1), retraction(9, 7)], true);
    assert_eq!((outcomes[0].index(), rules(&outcomes)[1]), (Some(1), "unknown_target"));
}

/// Mending what nothing rests on judges nothing again; mending what something rests on still does.
#[test]
fn only_what_others_rest_on_is_judged_again() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    let mut other = ikm(2);
    other["subject"] = json!("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c");
    let program = "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";
    let data = |title: &str, quota: u32| json!({"area": "33.75", "organiser": "Dinas", "theme": "export", "title": title, "unit": "ikm", "quota": quota});
    let opened = json!({"id": id(3), "type": "id.jejak.program.opened.v1", "subject": program, "time": "2022-01-01T00:00:00+07:00", "data": data("Ekspor", 2)});
    let enrolled = |number: u32, subject: &Value| {
        json!({"id": id(number), "type": "id.jejak.enrolment.made.v1", "subject": subject,
        "time": "2022-02-01T00:00:00+07:00", "data": {"program": "0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b"}})
    };
    let all = [ikm(1), other.clone(), opened, enrolled(4, &json!(IKM)), enrolled(5, &other["subject"])];
    assert_eq!(rules(&append(&registry, &all, false)), [""; 5]);
    let corrected = |number: u32, time: &str, data: Value| {
        json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": program,
        "time": "2025-10-09T00:00:00+07:00", "data": {"target": id(3), "reason": "typing_error", "type": "id.jejak.program.opened.v1",
            "subject": program, "time": time, "timeprecision": "day", "data": data}})
    };
    let opening = "2022-01-01T00:00:00+07:00";
    assert_eq!(rules(&append(&registry, &[corrected(6, opening, data("Ekspor 2022", 2))], false)), [""]);
    assert_eq!(
        rules(&append(&registry, &[corrected(7, opening, data("Ekspor", 1))], false)),
        ["quota_below_enrolled"]
    );
    let late = corrected(8, "2022-03-01T00:00:00+07:00", data("Ekspor", 2));
    assert_eq!(rules(&append(&registry, &[late], false)), ["live_event_depends"]);
}

/// The vault with another payload in its last frame, which checks and does not open.
fn with_last_frame_altered(vault: &[u8]) -> Vec<u8> {
    const HEADER_BYTES: usize = 8;
    let end_of = |at: usize| {
        let length = u32::from_le_bytes(vault[at..at + 4].try_into().unwrap());
        at + HEADER_BYTES + usize::try_from(length).unwrap()
    };
    let mut last = 0;
    while end_of(last) < vault.len() {
        last = end_of(last);
    }
    let mut altered = vault.to_vec();
    *altered.last_mut().unwrap() ^= 1;
    let checksum = crc32c::crc32c(&altered[last + HEADER_BYTES..]);
    altered[last + 4..last + HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
    altered
}

/// Damage under one request is no reason to refuse its neighbours in the commit, and nothing of it stays.
#[test]
fn a_request_whose_past_cannot_be_read_fails_alone() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    append(&registry, &[ikm(1)], false);
    let vault = fixture.options.paths().vault();
    let sound = std::fs::read(&vault).unwrap();
    std::fs::write(&vault, with_last_frame_altered(&sound)).unwrap();

    let program = |number: u32| {
        json!({"id": id(number), "type": "id.jejak.program.opened.v1", "time": "2022-01-01T00:00:00+07:00",
            "subject": format!("program/0197f2c1-5b6d-7e8f-9a0b-{number:012x}"),
            "data": {"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "ikm"}})
    };
    let request = |values: &[Value], atomic: bool| {
        let proposals = values.iter().map(|value| proposal(&registry, value)).collect();
        registry.split(proposals, atomic, |proposal| registry.prepare(proposal)).unwrap().0.unwrap()
    };
    // A repeated id is held against what was sealed under it. What its request proposed ahead of it falls too.
    let requests = vec![
        request(&[program(2)], false),
        request(&[program(3), ikm(1)], false),
        request(&[program(4), ikm(1)], true),
        request(&[program(5)], false),
    ];
    let processed = registry.with_engine(move |engine| engine.process(requests)).unwrap();
    let (answers, grown) = processed.unwrap();
    let recorded = |answer: &Result<Vec<Outcome>, RegistryError>| match answer {
        Ok(outcomes) => outcomes.iter().map(|outcome| outcome.index()).collect::<Vec<_>>(),
        Err(RegistryError::Unreadable(_)) => Vec::new(),
        Err(other) => panic!("{other}"),
    };
    let came: Vec<_> = answers.iter().map(recorded).collect();
    assert_eq!(came, [vec![Some(2)], vec![], vec![], vec![Some(3)]], "{answers:?}");
    let positions: Vec<u64> = grown.admitted.iter().map(|admitted| admitted.position).collect();
    assert_eq!((positions, registry.reader().size()), (vec![2, 3], 4));
    registry.close().unwrap();

    // Nothing of the failed requests is in the log: with the vault whole again they go through.
    std::fs::write(&vault, &sound).unwrap();
    let registry = Registry::open(&fixture.options).unwrap();
    let outcomes = append(&registry, &[program(3), ikm(1), program(4), program(5)], false);
    let indexes: Vec<_> = outcomes.iter().map(Outcome::index).collect();
    assert_eq!(indexes, [Some(4), Some(1), Some(5), Some(3)]);
}

/// The bar of a waiting command reaches its end, whatever the log's share of the work is.
#[test]
fn opening_and_recovering_tell_how_far_they_are_up_to_the_end() {
    let fixture = fixture();
    let registry = Registry::open(&fixture.options).unwrap();
    append(&registry, &[ikm(1)], false);
    registry.close().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let options = Options {
        on_opening: Arc::new(move |done, total| heard.lock().unwrap().push((done, total))),
        ..fixture.options.clone()
    };
    Registry::open(&options).unwrap().close().unwrap();
    let opening = std::mem::take(&mut *told.lock().unwrap());
    assert_eq!(opening.last(), Some(&(6, 6)), "three passes over two events: {opening:?}");
    assert!(opening.is_sorted(), "{opening:?}");
    recover(&options, None).unwrap();
    let recovering = std::mem::take(&mut *told.lock().unwrap());
    assert!(recovering.len() > opening.len(), "{recovering:?}");
    assert!(recovering.ends_with(&opening), "{recovering:?}");
}
