//! Comparing a proposal with sealed values is looking at them.

use jejak_events::identity::{Actor, ActorKind};
use jejak_events::proposal::Proposal;
use serde_json::{Value, json};

use super::compared::GUESSES;
use super::rights::tests::{options, options_with, record, world};
use super::{NotedLook, Options, Outcome, Registry};
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};

const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000c";
const PERSON: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000a";

fn id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

fn turnover(number: u32, rupiah: u64) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.turnover_reported.v1", "subject": IKM,
        "time": "2021-07-01T00:00:00+07:00",
        "data": {"period": {"from": "2021-01-01", "to": "2021-06-30"}, "turnover": rupiah}})
}

fn workforce(number: u32, workers: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.workforce_reported.v1", "subject": IKM,
        "time": "2021-07-01T00:00:00+07:00",
        "data": {"period": {"from": "2021-01-01", "to": "2021-06-30"}, "workers": workers}})
}

/// A correction that gives the women and leaves the workers as they are.
fn women(number: u32, target: u32, women: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": IKM, "time": "2025-10-09T00:00:00+07:00",
        "data": {"target": id(target), "reason": "typing_error", "type": "id.jejak.ikm.workforce_reported.v1",
            "subject": IKM, "time": "2021-07-01T00:00:00+07:00", "timeprecision": "day",
            "data": {"period": {"from": "2021-01-01", "to": "2021-06-30"}, "women": women}}})
}

fn certificate(number: u32, text: &str) -> Value {
    json!({"id": id(number), "type": "id.jejak.certificate.issued.v1",
        "subject": format!("certificate/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}"), "time": "2022-03-01T00:00:00+07:00",
        "data": {"holder": {"ikm": &IKM["ikm/".len()..]}, "issuer": "LSIH", "number": text, "scheme": "sih",
            "valid_from": "2022-03-01", "valid_to": "2025-02-28"}})
}

/// What no log takes.
fn impossible(number: u32) -> Value {
    let mut value = turnover(number, 1);
    value["time"] = json!("2031-07-01T00:00:00+07:00");
    value
}

fn propose(registry: &Registry, values: &[Value], atomic: bool) -> Vec<String> {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let parse = |value: &Value| Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap();
    let outcomes = registry.append_blocking(values.iter().map(parse).collect(), atomic).unwrap();
    outcomes.iter().map(said).collect()
}

/// What a dry run says of batches of one proposal each.
fn rehearse(registry: &Registry, values: &[Value]) -> Vec<String> {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let parse = |value: &Value| vec![Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap()];
    let outcomes = registry.dry_run(values.iter().map(parse).collect(), false).unwrap().outcomes;
    outcomes.iter().flatten().map(said).collect()
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Recorded { repeated: true, .. } => "repeated".to_owned(),
        Outcome::Recorded { .. } => "recorded".to_owned(),
        Outcome::Refused { refused, .. } => refused.rule.to_string(),
    }
}

fn looks(registry: &Registry) -> Vec<NotedLook> {
    let report = registry.access().report().unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report.looks
}

fn counts(look: &NotedLook) -> bool {
    look.unequal.is_some() || look.rehearsed.is_some()
}

fn noted(registry: &Registry) -> Vec<(String, Vec<String>, bool)> {
    looks(registry)
        .into_iter()
        .map(|look| (counts(&look), look))
        .map(|(counts, look)| (look.purpose, look.subjects, counts))
        .collect()
}

fn opened() -> (SimulatedDisk, Registry, Options) {
    let disk = SimulatedDisk::default();
    let (registry, options, ..) = world(&disk);
    record(&registry, &[turnover(10, 37_500_000), workforce(11, 6)]);
    (disk, registry, options)
}

#[test]
fn guesses_are_noted_and_few_are_answered_across_processes_and_batches() {
    let (_disk, registry, options) = opened();
    assert!(noted(&registry).is_empty(), "what is recorded needs no line");
    assert_eq!(propose(&registry, &[turnover(10, 1)], false), ["id_reused"]);
    let unequal = ("append, compared: unequal".to_owned(), vec![IKM.to_owned()], true);
    assert_eq!(noted(&registry), std::slice::from_ref(&unequal));
    // An atomic batch that falls hides nothing.
    assert_eq!(propose(&registry, &[turnover(10, 2), impossible(90)], true), ["id_reused", "future"]);
    assert_eq!(noted(&registry), [unequal.clone(), unequal.clone()]);
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    let guesses: Vec<Value> = (3..200).chain([37_500_000]).map(|guess| turnover(10, guess)).collect();
    let said = propose(&registry, &guesses, false);
    assert_eq!(said.iter().filter(|rule| *rule == "id_reused").count(), 1);
    assert_eq!(
        said.iter().filter(|rule| *rule == "compared_too_often").count(),
        197,
        "the truth is not told either"
    );
    assert_eq!(noted(&registry).len(), GUESSES);
    // Open content tells nothing, and is answered as before.
    let mut open = turnover(10, 1);
    open["time"] = json!("2021-08-01T00:00:00+07:00");
    assert_eq!(propose(&registry, &[open], false), ["id_reused"]);
    assert_eq!(noted(&registry).len(), GUESSES);
}

#[test]
fn what_is_sent_again_is_noted_too_in_one_line() {
    let (_disk, registry, _) = opened();
    let again = [turnover(10, 37_500_000), workforce(11, 6)];
    assert_eq!(propose(&registry, &again, false), ["repeated", "repeated"]);
    assert_eq!(noted(&registry), [("append, compared: equal, 2 times".into(), vec![IKM.to_owned()], false)]);
}

#[test]
fn a_correction_that_leaves_values_out_is_held_against_them_and_counts_unless_it_is_recorded() {
    let (_disk, registry, _) = opened();
    assert_eq!(propose(&registry, &[women(20, 11, 60)], false), ["part_above_whole"]);
    assert_eq!(noted(&registry).len(), 1);
    // The search from below, in batches that fall.
    assert_eq!(propose(&registry, &[women(21, 11, 1), impossible(90)], true), ["batch_refused", "future"]);
    assert_eq!(propose(&registry, &[women(22, 11, 2), impossible(90)], true), ["batch_refused", "future"]);
    assert_eq!(noted(&registry).len(), 3);
    assert_eq!(propose(&registry, &[women(23, 11, 3)], false), ["compared_too_often"]);
    let mut whole = women(24, 11, 3);
    // What it leaves out has no value: nothing is compared.
    whole["data"]["data"]["workers"] = json!(6);
    assert!(matches!(&*propose(&registry, &[whole], false)[0], "recorded"));
    assert_eq!(noted(&registry).len(), 3);
}

/// That a guess suits is told by its being recorded: a search from below that is never refused shows as well.
#[test]
fn a_correction_that_suits_what_it_leaves_out_is_noted_and_does_not_count() {
    let (_disk, registry, _) = opened();
    let suits =
        ("append, compared: suits what a correction leaves out".to_owned(), vec![IKM.to_owned()], false);
    for (number, guess) in (20..).zip([1, 2, 3, 4, 5]) {
        assert_eq!(propose(&registry, &[women(number, 11, guess)], false), ["recorded"]);
    }
    assert_eq!(noted(&registry), vec![suits; 5]);
    assert_eq!(propose(&registry, &[women(30, 11, 60)], false), ["part_above_whole"]);
    assert_eq!(noted(&registry).len(), 6);
}

fn corrected(number: u32, target: u32, kind: &str, subject: &str, day: &str, data: &Value) -> Value {
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": subject,
        "time": "2025-10-09T00:00:00+07:00", "data": {"target": id(target), "reason": "typing_error",
            "type": format!("id.jejak.{kind}.v1"), "subject": subject, "time": format!("{day}T00:00:00+07:00"),
            "timeprecision": "day", "data": data}})
}

/// A correction that gives no sealed value, and changes an open one that they must suit, asks about them all the same.
#[test]
fn an_open_value_is_moved_along_a_sealed_one_only_a_few_times() {
    let (_disk, registry, _) = opened();
    let exhibition = "exhibition/7f2c1a34-5b6d-4e8f-9a0b-0000000000ef";
    let announced = json!({"area": "33.75", "from": "2023-10-06", "to": "2023-10-10", "level": "city",
        "name": "Pameran", "venue": "Mall"});
    let joined =
        |visitors: u32| json!({"exhibition": &exhibition["exhibition/".len()..], "visitors": visitors});
    let mut first = joined(140);
    first["buyers"] = json!(12);
    let third = "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000dd";
    let event = |number: u32, kind: &str, subject: &str, day: &str, data: &Value| {
        json!({"id": id(number), "type": format!("id.jejak.{kind}.v1"), "subject": subject,
            "time": format!("{day}T00:00:00+07:00"), "data": data})
    };
    let born = json!({"name": "Siti Aminah", "birth_year": 1991});
    record(
        &registry,
        &[
            event(60, "exhibition.announced", exhibition, "2023-10-01", &announced),
            event(61, "exhibition.joined", IKM, "2023-10-06", &first),
            event(62, "person.registered", third, "2024-01-01", &born),
        ],
    );
    let moved =
        |number, visitors| corrected(number, 61, "exhibition.joined", IKM, "2023-10-06", &joined(visitors));
    let before = noted(&registry).len();
    let said: Vec<String> = (0..5)
        .flat_map(|guess| propose(&registry, &[moved(70 + guess, 15 - guess), impossible(90)], true))
        .collect();
    assert_eq!(said.iter().filter(|rule| *rule == "compared_too_often").count(), 2, "{said:?}");
    assert_eq!(noted(&registry).len() - before, GUESSES);
    // One that leaves the open value as it was asks nothing.
    assert_eq!(propose(&registry, &[moved(80, 140)], false), ["recorded"]);
    assert_eq!(noted(&registry).len() - before, GUESSES);
    let year = |number, year: u32| {
        let day = format!("{year}-06-01");
        corrected(number, 62, "person.registered", third, &day, &json!({}))
    };
    let said: Vec<String> = (0..5)
        .flat_map(|guess| propose(&registry, &[year(100 + guess, 1988 + guess), impossible(90)], true))
        .collect();
    assert_eq!(said.iter().filter(|rule| *rule == "compared_too_often").count(), 2, "{said:?}");
    assert_eq!(noted(&registry).len() - before, 2 * GUESSES);
}

#[test]
fn a_number_that_is_asked_for_and_not_recorded_is_noted() {
    let (_disk, registry, _) = opened();
    record(&registry, &[certificate(30, "SIH-001")]);
    assert!(noted(&registry).is_empty());
    let said = propose(&registry, &[certificate(31, "SIH-002"), impossible(90)], true);
    assert_eq!(said, ["batch_refused", "future"]);
    assert_eq!(propose(&registry, &[certificate(31, "SIH-001")], false), ["number_unique"]);
    let number = |subjects: &[&str]| {
        let subjects = subjects.iter().map(|subject| (*subject).to_owned()).collect();
        ("append, compared: certificate number".to_owned(), subjects, false)
    };
    assert_eq!(noted(&registry), [number(&[IKM]), number(&[IKM])]);
}

/// How often was asked is told, though one line tells it: a search shows.
#[test]
fn a_search_for_numbers_in_a_batch_that_falls_is_counted() {
    let (_disk, registry, _) = opened();
    let mut guesses: Vec<Value> =
        (40..140).map(|number| certificate(number, &format!("SIH-{number}"))).collect();
    guesses.push(impossible(90));
    let said = propose(&registry, &guesses, true);
    assert_eq!(said.iter().filter(|rule| *rule == "batch_refused").count(), 100);
    let purpose = "append, compared: certificate number, 100 times".to_owned();
    assert_eq!(noted(&registry), [(purpose, vec![IKM.to_owned()], false)]);
}

/// That another one has the number is told, so it is noted, at whom, although the event is recorded.
#[test]
fn the_notice_that_another_has_the_number_is_a_look_at_that_one() {
    let (_disk, registry, _) = opened();
    let third = "person/7f2c1a34-5b6d-4e8f-9a0b-0000000000dd";
    let hits = noted;
    let mut named = super::rights::tests::person(50, third, "Tiga");
    named["data"]["nik"] = json!("3375010101800001");
    assert_eq!(propose(&registry, std::slice::from_ref(&named), false), ["recorded"]);
    let look = ("append, compared: number of another".to_owned(), vec![PERSON.to_owned()], false);
    assert_eq!(hits(&registry), std::slice::from_ref(&look));
    // Sent again it is said, and noted, again.
    assert_eq!(propose(&registry, &[named], false), ["repeated"]);
    assert!(hits(&registry).contains(&look) && hits(&registry).len() == 3, "{:?}", hits(&registry));
    let mut another = super::rights::tests::person(51, third, "Tiga");
    another["subject"] = json!("person/7f2c1a34-5b6d-4e8f-9a0b-0000000000de");
    assert_eq!(propose(&registry, &[another], false), ["recorded"]);
    assert_eq!(hits(&registry).len(), 3, "nobody has that one");
}

#[test]
fn what_was_erased_is_compared_with_no_more() {
    let (_disk, registry, _) = opened();
    let basis = jejak_events::values::Code::parse("subject_request").unwrap();
    let subject = jejak_events::identity::Subject::parse(PERSON).unwrap();
    registry.erase(Actor { kind: ActorKind::Unknown, id: None }, subject, basis).unwrap();
    let again = super::rights::tests::person(1, PERSON, "Somebody Else");
    assert_eq!(propose(&registry, &[again], false), ["repeated"]);
    assert!(noted(&registry).is_empty());
}

/// What is recorded of the erased seals nothing: sent again with a value, it is answered alike whether it was committed
/// in between or not.
#[test]
fn what_follows_an_erasure_is_answered_alike_before_and_after_its_commit() {
    let (_disk, registry, _) = opened();
    let basis = jejak_events::values::Code::parse("subject_request").unwrap();
    let subject = jejak_events::identity::Subject::parse(PERSON).unwrap();
    registry.erase(Actor { kind: ActorKind::Unknown, id: None }, subject, basis).unwrap();
    let of = |data: Value| corrected(60, 1, "person.registered", PERSON, "2021-03-01", &data);
    let both = [of(json!({})), of(json!({"name": "Somebody Else"}))];
    assert_eq!(rehearse(&registry, &both), ["recorded", "repeated"]);
    assert_eq!(propose(&registry, &both[..1], false), ["recorded"]);
    assert_eq!(propose(&registry, &both[1..], false), ["repeated"]);
}

/// Whatever fails while a comparison is noted: nothing is answered, or it is noted.
#[test]
fn no_comparison_is_answered_unnoted() {
    let (disk, registry, _) = opened();
    registry.close().unwrap();
    let count = |disk: &SimulatedDisk| {
        let registry = Registry::open(&options_with(disk, 9)).unwrap();
        looks(&registry).len()
    };
    let guess = |disk: &SimulatedDisk, fault: Option<Fault>| {
        let registry = Registry::open(&options(disk)).unwrap();
        disk.faults().plan(fault);
        let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
        let proposal = Proposal::parse(turnover(10, 1).to_string().as_bytes(), &defaults).unwrap();
        let answered = registry.append_blocking(vec![proposal], false);
        let steps = disk.faults().count();
        disk.faults().plan(None);
        drop(registry.close_without_anchor());
        (answered.is_ok(), steps)
    };
    let (answered, steps) = guess(&disk.fork(), None);
    assert!(answered && steps >= 4, "{steps}");
    let mut unanswered = 0;
    for kind in FaultKind::ALL {
        for operation in 0..steps {
            let disk = disk.fork();
            let (answered, _) = guess(&disk, Some(Fault { operation, kind }));
            let noted = count(&disk.crash(1));
            assert!(!answered || noted == 1, "{kind:?} at {operation}");
            unanswered += u64::from(!answered);
        }
    }
    assert!(unanswered > 5, "{unanswered}");
}

/// A dry run leaves to recording what it had: whatever it was asked, a proposal is answered as before.
#[test]
fn dry_runs_use_up_nothing_of_what_recording_is_answered() {
    let (_disk, registry, _) = opened();
    for guess in 1..=GUESSES as u64 {
        assert_eq!(rehearse(&registry, &[turnover(10, guess)]), ["id_reused"]);
    }
    assert_eq!(rehearse(&registry, &[turnover(10, 99)]), ["rehearsed_too_often"]);
    assert_eq!(rehearse(&registry, &[turnover(10, 37_500_000)]), ["rehearsed_too_often"], "nor the truth");
    let noted_before = noted(&registry);
    let unequal = ("append --dry-run, compared: unequal".to_owned(), vec![IKM.to_owned()], true);
    assert_eq!(noted_before, vec![unequal; GUESSES], "what is not answered is not noted");
    assert!(looks(&registry).iter().all(|look| look.unequal.is_none() && look.rehearsed.is_some()));
    // What was rehearsed is answered again, for nothing new is told by it, and by recording as well.
    assert_eq!(rehearse(&registry, &[turnover(10, 1)]), ["id_reused"]);
    assert_eq!(propose(&registry, &[turnover(10, 37_500_000)], false), ["repeated"]);
    for guess in 101..=100 + GUESSES as u64 {
        assert_eq!(propose(&registry, &[turnover(10, guess)], false), ["id_reused"]);
    }
    let spent = "compared_too_often";
    // What recording told it tells no more, for nobody knows that it was told.
    assert_eq!(propose(&registry, &[turnover(10, 37_500_000), turnover(10, 104)], false), [spent, spent]);
    assert_eq!(propose(&registry, &[turnover(10, 101), turnover(10, 1)], false), ["id_reused", "id_reused"]);
}

/// What recording would refuse as guessed too often a dry run says, too, before it has recorded anything.
#[test]
fn a_dry_run_tells_when_recording_would_be_answered_no_more() {
    let (_disk, registry, options) = opened();
    propose(&registry, &[turnover(10, 1)], false);
    let guesses: Vec<Value> = [2, 2, 3, 4, 1, 37_500_000].map(|rupiah| turnover(10, rupiah)).into();
    let told = rehearse(&registry, &guesses);
    let spent = "compared_too_often";
    assert_eq!(told, ["id_reused", "id_reused", "id_reused", spent, "id_reused", spent]);
    assert_eq!(rehearse(&registry, &guesses), told);
    // Known across openings, by what is noted.
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    assert_eq!(rehearse(&registry, &guesses), told);
    let one_by_one: Vec<String> =
        guesses.iter().flat_map(|guess| propose(&registry, std::slice::from_ref(guess), false)).collect();
    assert_eq!(one_by_one, told);
}

/// A file is rehearsed as often as one likes, with the same answers: what is right in it too, although it counts for nothing.
#[test]
fn what_a_dry_run_told_it_tells_again() {
    let (_disk, registry, _) = opened();
    let mut without = workforce(11, 6);
    without["data"]["women"] = json!(3);
    let file = [
        turnover(10, 37_500_000),
        turnover(10, 1),
        turnover(10, 2),
        turnover(10, 3),
        turnover(10, 37_500_000),
        workforce(11, 6),
        without,
    ];
    let told = rehearse(&registry, &file);
    let wrong = "id_reused";
    assert_eq!(told, ["repeated", wrong, wrong, wrong, "compared_too_often", "repeated", wrong]);
    for _ in 0..3 {
        assert_eq!(rehearse(&registry, &file), told);
    }
    assert_eq!(rehearse(&registry, &[turnover(10, 4)]), ["rehearsed_too_often"]);
    let appended: Vec<String> =
        file.iter().flat_map(|one| propose(&registry, std::slice::from_ref(one), false)).collect();
    assert_eq!(appended, told);
}

/// Whoever leaves a value out does not guess at it, however often: nothing of it is told.
#[test]
fn a_value_that_is_left_out_is_no_guess() {
    let (_disk, registry, _) = opened();
    let mut whole = workforce(12, 6);
    whole["data"]["women"] = json!(3);
    record(&registry, std::slice::from_ref(&whole));
    for round in 0..6 {
        for ask in [rehearse(&registry, &[workforce(12, 6)]), propose(&registry, &[workforce(12, 6)], false)]
        {
            assert_eq!(ask, ["id_reused"], "{round}");
        }
    }
    assert!(!looks(&registry).iter().any(counts), "noted, and no guesses");
    assert_eq!(noted(&registry).len(), 12);
    assert_eq!(propose(&registry, &[whole], false), ["repeated"]);
    // A correction whose values no rule holds against those that it leaves out asks nothing about them.
    let named = |number, name: &str| {
        corrected(number, 1, "person.registered", PERSON, "2021-03-01", &json!({"name": name}))
    };
    let before = noted(&registry).len();
    for number in 0..6 {
        assert_eq!(rehearse(&registry, &[named(200 + number, &format!("Nama {number}"))]), ["recorded"]);
    }
    assert!(!looks(&registry)[before..].iter().any(counts));
}

/// What a request proposed itself it need not guess.
#[test]
fn what_one_proposed_oneself_is_no_guess() {
    let (_disk, registry, _) = opened();
    let mut batch = vec![workforce(30, 6)];
    batch.extend((0..6).map(|guess| women(31 + guess, 30, 60 + guess)));
    let mut expected = vec!["recorded"];
    expected.extend(["part_above_whole"; 6]);
    assert_eq!(propose(&registry, &batch, false), expected);
    assert!(noted(&registry).is_empty());
}

/// Nobody has the number, and that is told and noted; of those who have it every one is.
#[test]
fn a_business_number_is_asked_for_on_record_whoever_has_it() {
    let (_disk, registry, _) = opened();
    let ikm = |number: u32, nib: &str| {
        let subject = format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}");
        let value = json!({"id": id(number), "type": "id.jejak.ikm.registered.v1", "subject": subject,
            "time": "2024-01-10T00:00:00+07:00", "data": {"area": "33.75", "commodity": "batik", "name": "Batik",
                "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": false, "nib": nib}});
        (subject, value)
    };
    let (asking, asked) = ikm(900, "9120001234567");
    let purpose = |name: &str| format!("append --dry-run, compared: {name}");
    assert_eq!(rehearse(&registry, std::slice::from_ref(&asked)), ["recorded"]);
    assert_eq!(noted(&registry), [(purpose("business number"), vec![asking.clone()], false)]);
    let (first, one) = ikm(901, "9120001234567");
    let (second, other) = ikm(902, "9120001234567");
    assert_eq!(propose(&registry, &[one, other], false), ["recorded", "recorded"]);
    let before = noted(&registry).len();
    assert_eq!(rehearse(&registry, &[asked]), ["recorded"]);
    let mut told = noted(&registry)[before..].to_vec();
    told.sort();
    assert_eq!(
        told,
        [
            (purpose("business number"), vec![asking], false),
            (purpose("number of another"), vec![first, second], false)
        ]
    );
}
