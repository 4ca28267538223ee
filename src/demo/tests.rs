//! The example as data, and the example in a registry.

use std::collections::BTreeSet;

use serde_json::Value;
use tempfile::TempDir;

use super::*;

fn count(kind: &str) -> usize {
    let type_name = format!("id.jejak.{kind}.v1");
    proposals().iter().flat_map(|step| &step.proposals).filter(|one| one["type"] == *type_name).count()
}

#[test]
fn proposals_are_the_same_on_every_call() {
    assert_eq!(proposals(), proposals());
    assert!(proposals().is_sorted_by_key(|step| step.recorded));
    assert_eq!(today().to_string(), "2026-06-30T03:00:00.000Z");
}

#[test]
fn every_id_is_used_once() {
    let steps = proposals();
    let ids: Vec<&Value> = steps.iter().flat_map(|step| &step.proposals).map(|one| &one["id"]).collect();
    let distinct: BTreeSet<&str> = ids.iter().filter_map(|id| id.as_str()).collect();
    assert_eq!(ids.len(), distinct.len());
}

#[test]
fn every_programme_and_name_says_that_it_is_synthetic() {
    for proposal in proposals().iter().flat_map(|step| &step.proposals) {
        for field in ["title", "name"] {
            if let Some(text) = proposal["data"][field].as_str() {
                assert!(text.contains("sintetis"), "{text}");
            }
        }
    }
}

#[test]
fn the_story_has_its_telling_parts() {
    let parts = [
        ("program.opened", 11),
        ("event.corrected", 5),
        ("event.retracted", 4),
        ("certificate.suspended", 2),
        ("certificate.reinstated", 1),
        ("certificate.revoked", 1),
        ("enrolment.waitlisted", 2),
        ("enrolment.withdrawn", 1),
        ("enrolment.promoted", 1),
        ("program.session_rescheduled", 1),
        ("program.session_cancelled", 1),
        ("ikm.closed", 4),
        ("ikm.reopened", 1),
        ("ikm.merged", 1),
        ("person.merged", 1),
    ];
    for (kind, times) in parts {
        assert_eq!(count(kind), times, "{kind}");
    }
    assert!(count("person.registered") > 70);
}

/// What happens to a registry itself, to keys and to claims, and what the registry records by itself, is no part of
/// a script of proposals.
#[test]
fn every_other_type_happens() {
    let left_out = |name: &str| {
        ["registry.", "claim.", "ikm.erasure_requested", ".erased", "evidence.", "area.figures_released"]
            .iter()
            .any(|part| name.contains(part))
    };
    for declaration in jejak_events::types::TYPES.iter().filter(|one| !left_out(one.name)) {
        let kind = declaration.name.trim_start_matches("id.jejak.").trim_end_matches(".v1");
        assert!(count(kind) > 0, "{kind} never happens");
    }
}

#[test]
fn two_corrections_meet_one_event_and_one_correction_is_taken_back() {
    let steps = proposals();
    let all: Vec<&Value> = steps.iter().flat_map(|step| &step.proposals).collect();
    let targets = |kind: &str| -> Vec<&Value> {
        let type_name = format!("id.jejak.{kind}.v1");
        let of_kind = all.iter().filter(|one| one["type"] == *type_name);
        of_kind.map(|one| &one["data"]["target"]).collect()
    };
    let corrected = targets("event.corrected");
    let distinct: BTreeSet<String> = corrected.iter().map(|target| target.to_string()).collect();
    assert_eq!(distinct.len() + 1, corrected.len());
    let corrections = all.iter().filter(|one| one["type"] == "id.jejak.event.corrected.v1");
    let taken_back = corrections.filter(|one| targets("event.retracted").contains(&&one["id"]));
    assert_eq!(taken_back.count(), 1);
}

#[test]
fn who_is_erased_is_known_by_then_and_named_no_more() {
    let steps = proposals();
    let is_request = |one: &Value| one["type"] == "id.jejak.person.erasure_requested.v1";
    let (place, request) = (0..)
        .zip(&steps)
        .find_map(|(place, step)| Some((place, step.proposals.iter().find(|one| is_request(one))?)))
        .unwrap();
    let person = request["subject"].as_str().unwrap().trim_start_matches("person/");
    let times = |steps: &[DemoStep]| {
        let all = steps.iter().flat_map(|step| &step.proposals);
        all.filter(|one| one.to_string().contains(person)).count()
    };
    // Registration, two enrolments, eight days, a certificate; then the request.
    assert_eq!((times(&steps[..place]), times(&steps[place..])), (1 + 2 + 8 + 1, 1));
}

#[test]
fn some_of_it_is_recorded_late_and_some_a_year_late() {
    let mut days_late: Vec<i64> = Vec::new();
    for step in proposals() {
        let recorded: chrono::NaiveDate = step.recorded.to_string()[..10].parse().unwrap();
        for proposal in &step.proposals {
            let happened: chrono::NaiveDate = proposal["time"].as_str().unwrap()[..10].parse().unwrap();
            assert!(happened <= recorded, "{} is recorded before it happened", proposal["id"]);
            days_late.push(recorded.signed_duration_since(happened).num_days());
        }
    }
    let later_than = |limit: i64| days_late.iter().filter(|days| **days > limit).count();
    // The last sheets of three trainings, and two certificates; nine of them after more than a year.
    let sheets = 3 + 2 + 29 + 9;
    // What stood in Malon before the registry did, and how the centre of Mojokerto began.
    let sentras = (4 + 4, 4 + 1);
    // A population, a closing, a waste-water plant, three shipments, and what the city aimed at in 2021.
    let reports = 1 + 1 + 1 + 3 + 1;
    assert_eq!(
        (later_than(crate::rules::LATE_DAYS), later_than(365)),
        (sheets + sentras.0 + reports, 9 + sentras.1)
    );
}

/// Events that are no proposals: event 0, that a person was erased, and the releases of five years, one for each area.
const BY_THE_REGISTRY: u64 = 2 + 2 + 3 + 4 + 2 + 2;

#[test]
fn a_run_cut_short_is_finished_by_the_next() {
    let directory = TempDir::new().unwrap();
    let mut options = Options::in_directory(directory.path().join("demo"));
    let clock = Arc::new(ManualClock::at(script::office_hours(OPENED_ON)));
    options.environment =
        Environment { clock: Arc::clone(&clock) as _, randomness: Arc::new(SeededRandomness::new(SEED)) };
    create(&options, &about(&options)).unwrap();
    let registry = Registry::open(&options).unwrap();
    let mut begun = Filled { appended: 0, repeated: 0, size: 0 };
    let mut steps = proposals();
    steps.truncate(9);
    // The last request arrived in part only.
    let last = steps.last_mut().unwrap();
    last.proposals.truncate(last.proposals.len() / 2);
    for step in &steps {
        clock.advance_to(step.recorded);
        append(&registry, step, &mut begun).unwrap();
    }
    registry.close().unwrap();
    let filled = fill(&options, &mut |_, _| {}).unwrap();
    assert_eq!(filled.repeated, begun.appended);
    assert_eq!(filled.appended + filled.repeated + BY_THE_REGISTRY, filled.size);
    let registry = Registry::open(&options).unwrap();
    assert!(registry.event(filled.size - 1).unwrap().recorded > today());
    assert_eq!(released(&registry).unwrap(), ReleasedTotals { periods: 5, told: 46, withheld: 6 });
}

#[test]
fn filling_twice_appends_once() {
    let directory = TempDir::new().unwrap();
    let options = Options::in_directory(directory.path().join("demo"));
    let mut last = (0, 0);
    let first = fill(&options, &mut |done, total| last = (done, total)).unwrap();
    assert_eq!((first.repeated, first.size), (0, first.appended + BY_THE_REGISTRY));
    assert_eq!(last, (first.appended, first.appended));
    let second = fill(&options, &mut |_, _| {}).unwrap();
    assert_eq!(second, Filled { appended: 0, repeated: first.appended, size: first.size });
}

#[test]
fn another_registry_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let options = Options::in_directory(directory.path().join("other"));
    let mut other = about(&options);
    other.origin = jejak_events::values::Origin::parse("jejak.example/other").unwrap();
    create(&options, &other).unwrap();
    let error = fill(&options, &mut |_, _| {}).unwrap_err();
    assert!(matches!(&error, DemoError::OtherRegistry { origin, .. } if origin == "jejak.example/other"));
    let registry = Registry::open(&options).unwrap();
    assert_eq!(registry.snapshot().size(), 1);
}
