//! What a count is held against: a value at its precision, a day that a plan is due, a whole.

use jejak_events::types::ikm::AttendanceStatus::Present;
use jejak_projections::claims::{Claim, Verdict};

use super::{JULY, claim, enrolled, judge, judge_for, tell, two_in_percent, two_trainings};
use crate::story::{self, Story};

#[test]
fn a_share_is_compared_at_the_precision_of_its_value() {
    let story = two_trainings();
    // Three IKMs beside four persons: what a share is of, nobody minds here.
    let share = |value: &str| two_in_percent().replace("value = 75", &format!("value = {value}"));
    for (value, verdict) in [
        ("75", Verdict::Supported),
        ("\"75.0\"", Verdict::Supported),
        ("\"75.00\"", Verdict::Supported),
        ("\"75.01\"", Verdict::NotConfirmed),
        ("\"74.99\"", Verdict::Understated),
        ("74", Verdict::Understated),
        ("76", Verdict::NotConfirmed),
    ] {
        let report = judge(&story, &share(value));
        assert_eq!((report.verdict, report.part, report.of), (verdict, Some(3), Some(4)), "{value}");
    }
    let of_seven = |value: &str| {
        let mut story = story.clone();
        for (number, person) in [(4, 41), (5, 51), (6, 61)] {
            story.add("2025-01-01", story::registered(number, "35.76", None));
            story.add("2025-03-01", story::enrolled(number, 1, None, &[person]));
        }
        judge(&story, &share(value))
    };
    // 6 of 7 are 85.714... percent.
    assert_eq!(of_seven("86").verdict, Verdict::Supported);
    assert_eq!(of_seven("\"85.7\"").verdict, Verdict::Supported);
    assert_eq!(of_seven("\"85.71\"").verdict, Verdict::Supported);
    assert_eq!(of_seven("\"85.72\"").verdict, Verdict::NotConfirmed);
    assert_eq!(of_seven("85").verdict, Verdict::Understated);
    assert_eq!(of_seven("86").counted, Some(8571));
}

#[test]
fn some_are_more_than_0_percent_and_not_all_are_less_than_100() {
    let judged = |value: &str, part, whole| {
        let reported = story::population("33.74", "batik", [Some(part), None, Some(whole)]);
        let story = tell(vec![("2025-01-01", reported)]);
        let toml = claim("population", "population_kecil", "percent", Some(7), "area = \"33.74\"\n")
            .replace(
                "figure = \"population_kecil\"",
                "figure = \"population_kecil\"\nof = \"population_total\"",
            )
            .replace("value = 7", &format!("value = {value}"));
        let report = judge(&story, &toml);
        (report.verdict, report.counted)
    };
    for (value, part, whole, verdict, counted) in [
        ("100", 999_999_990, 999_999_999, Verdict::NotConfirmed, 9_999),
        ("\"100.00\"", 999_999_990, 999_999_999, Verdict::NotConfirmed, 9_999),
        ("100", 999_999_999, 999_999_999, Verdict::Supported, 10_000),
        ("100\napproximate = true", 999_999_990, 999_999_999, Verdict::Supported, 9_999),
        ("0", 16, 1_000_000, Verdict::Understated, 1),
        ("\"0.00\"", 16, 1_000_000, Verdict::Understated, 1),
        ("0", 0, 1_000_000, Verdict::Supported, 0),
        // Nearly all of it, and far less than one of a hundred.
        ("99", 986, 1_000, Verdict::Supported, 9_860),
        ("1", 16, 1_000_000, Verdict::NotConfirmed, 1),
    ] {
        assert_eq!(judged(value, part, whole), (verdict, Some(counted)), "{value}: {part} of {whole}");
    }
}

#[test]
fn what_is_about_right_holds_within_a_tenth() {
    let reported = |count: u32| {
        tell(vec![("2025-01-01", story::population("33.74", "batik", [None, None, Some(count)]))])
    };
    let exact = claim("population", "population_total", "ikm", Some(700), "area = \"33.74\"\n");
    let about = exact.replace("value = 700", "value = 700\napproximate = true");
    let estimate = exact.replace("\"fact\"", "\"estimate\"");
    for (count, verdict) in [
        (629, Verdict::NotConfirmed),
        (630, Verdict::Supported),
        (770, Verdict::Supported),
        (771, Verdict::Understated),
    ] {
        let story = reported(count);
        assert_eq!(judge(&story, &about).verdict, verdict, "{count}");
        assert_eq!(judge(&story, &estimate).verdict, verdict, "{count}");
        assert_ne!(judge(&story, &exact).verdict, Verdict::Supported, "{count}");
    }
    assert_eq!(judge(&reported(630), &about).factor.unwrap().hundredths, 90);
}

/// A place may be given up until the day; who was present was present.
#[test]
fn what_may_become_fewer_again_is_not_kept_before_the_day() {
    let mut story = two_trainings();
    let of_october = "area = \"35.76\"\nfrom = 2025-10-01\nto = 2025-10-31\n";
    let plan = |view: &str, figure: &str, unit: &str, value: u64, due: &str| {
        let fact = claim(view, figure, unit, Some(value), of_october);
        fact.replace("\"fact\"", &format!("\"plan\"\ndue = {due}"))
    };
    story.add("2025-10-24", story::attended(2, (2, 2), "2025-10-24", Some(22), Present));
    let said = |toml: &str| {
        let report = judge(&story, toml);
        (report.verdict, report.verdict_words().en)
    };
    let places = said(&plan("enrolled", "enrolled_persons", "person", 2, "2026-06-30"));
    assert_eq!(places, (Verdict::NotYetDue, "not yet due, reached so far".to_owned()));
    let more = said(&plan("enrolled", "enrolled_persons", "person", 9, "2026-06-30"));
    assert_eq!(more, (Verdict::NotYetDue, "not yet due".to_owned()));
    let present = said(&plan("participated", "participated_persons", "person", 1, "2026-06-30"));
    assert_eq!(present, (Verdict::Kept, "kept before it was due".to_owned()));
    let on_the_day = said(&plan("participated", "participated_persons", "person", 1, "2025-12-31"));
    assert_eq!(on_the_day, (Verdict::Kept, "kept".to_owned()));
}

#[test]
fn a_plan_is_judged_by_the_day_that_it_is_due() {
    let mut story = two_trainings();
    let plan = |value: u64, due: &str, scope: &str| {
        enrolled(Some(value), scope)
            .replace("\"fact\"", &format!("\"plan\"\npublished_on = 2025-02-15\ndue = {due}"))
    };
    let of_october = "area = \"35.76\"\nfrom = 2025-10-01\nto = 2025-10-31\n";
    let said = |story: &Story, toml: &str| {
        let report = judge(story, toml);
        (report.verdict, report.counted, report.on.to_string())
    };
    let day = "2025-09-30".to_owned();
    assert_eq!(said(&story, &plan(2, &day, of_october)), (Verdict::Kept, Some(2), day.clone()));
    assert_eq!(said(&story, &plan(3, &day, of_october)), (Verdict::NotKept, Some(2), day.clone()));
    // What comes after the day does not keep it.
    story.add("2025-10-01", story::enrolled(3, 2, None, &[32]));
    assert_eq!(said(&story, &plan(3, &day, of_october)).0, Verdict::NotKept);
    // Before the day the day of asking counts.
    let today = "2025-12-31".to_owned();
    assert_eq!(said(&story, &plan(4, "2026-06-30", of_october)), (Verdict::NotYetDue, Some(3), today));
    // Nothing came of it, and the office records what is of the kind: none was counted.
    let nothing = "area = \"35.76\"\nfrom = 2025-11-01\nto = 2025-11-30\n";
    assert_eq!(said(&story, &plan(1, "2025-11-30", nothing)).1, Some(0));
    assert_eq!(said(&story, &plan(1, "2025-11-30", nothing)).0, Verdict::NotKept);
    // Nothing is recorded of the kind at all.
    let elsewhere = "area = \"33.74\"\n";
    assert_eq!(said(&story, &plan(1, "2025-11-30", elsewhere)).0, Verdict::NotRecorded);
    // Planned is not built.
    story.add("2025-05-01", story::sentra_planned(1, "35.76", "batik"));
    let house = claim("sentra", "sentras", "sentra", Some(1), "area = \"35.76\"\nstage = \"built\"\n");
    let house = house.replace("\"fact\"", "\"plan\"\ndue = 2025-12-01");
    assert_eq!(said(&story, &house).0, Verdict::NotKept);
    story.add("2025-12-02", story::sentra_built(1));
    assert_eq!(said(&story, &house).0, Verdict::NotKept);
    let later = house.replace("2025-12-01", "2025-12-02");
    assert_eq!(said(&story, &later), (Verdict::Kept, Some(1), "2025-12-02".to_owned()));
    // Without a day there is nothing to hold it to.
    let undated = house.replace("due = 2025-12-01", "");
    assert_eq!(said(&story, &undated).0, Verdict::NotCountable);
}

/// Until a due day is over more may come, and what may become fewer may still do so.
#[test]
fn a_plan_is_not_judged_before_its_due_day_is_over() {
    let mut story = two_trainings();
    story.add("2025-10-24", story::attended(2, (2, 2), "2025-10-24", Some(22), Present));
    let of_october = "area = \"35.76\"\nfrom = 2025-10-01\nto = 2025-10-31\n";
    let plan = |view: &str, unit: &str, value: u64, due: &str| {
        let fact = claim(view, &format!("{view}{unit}"), "person", Some(value), of_october);
        fact.replace("\"fact\"", &format!("\"plan\"\ndue = {due}"))
    };
    let said = |toml: &str, on: Option<&str>| {
        let report = judge_for(&story, &Claim::parse(toml).unwrap(), on.map(story::date));
        report.verdict_words().en
    };
    let enrolled = |value, due: &str| plan("enrolled", "_persons", value, due);
    // Today is 31 December, and not over; whoever asks for it by name asks for the same day.
    for on in [None, Some("2025-12-31")] {
        assert_eq!(said(&enrolled(4, "2025-12-31"), on), "not yet due");
        assert_eq!(said(&enrolled(3, "2025-12-31"), on), "not yet due, reached so far");
        assert_eq!(said(&plan("participated", "_persons", 1, "2025-12-31"), on), "kept");
        assert_eq!(said(&plan("participated", "_persons", 2, "2025-12-31"), on), "not yet due");
    }
    // The day before is over, also for whoever asks for it by name.
    for on in [None, Some("2025-12-30")] {
        assert_eq!(said(&enrolled(4, "2025-12-30"), on), "not kept");
        assert_eq!(said(&enrolled(3, "2025-12-30"), on), "kept");
    }
    assert_eq!(said(&enrolled(4, "2025-12-30"), Some("2025-12-29")), "not yet due");
}

#[test]
fn a_claim_without_a_value_is_held_against_its_whole() {
    let mut story = two_trainings();
    let whole = format!("view = \"enrolled\"\nfigure = \"enrolled\"\n[whole.scope]\n{JULY}");
    let october = JULY.replace("07", "10");
    let also_in = |scope: &str| format!("{}[whole]\n{whole}", enrolled(None, scope));
    let said = |story: &Story, toml: &str| {
        let report = judge(story, toml);
        (report.verdict, report.counted, report.of, report.reported)
    };
    // Two of the three of July are in October, too.
    assert_eq!(said(&story, &also_in(&october)), (Verdict::NotConfirmed, Some(2), Some(3), Some(3)));
    assert_eq!(judge(&story, &also_in(&october)).factor.unwrap().hundredths, 66);
    // Who is of October alone is no part of the whole.
    story.add("2025-01-01", story::registered(9, "35.76", None));
    story.add("2025-09-01", story::enrolled(9, 2, None, &[91]));
    assert_eq!(said(&story, &also_in(&october)), (Verdict::NotConfirmed, Some(2), Some(3), Some(3)));
    story.add("2025-09-01", story::enrolled(3, 2, None, &[31]));
    assert_eq!(said(&story, &also_in(&october)), (Verdict::Supported, Some(3), Some(3), Some(3)));
    let report = judge(&story, &also_in(&october));
    assert_eq!((report.members.len(), report.behind.ikms), (3, 3));
    assert!(report.context.contains(&7), "what makes the whole is behind the count, too");
    // Nobody of the whole, and no whole.
    let none = "area = \"35.76\"\ntheme = \"halal\"\n";
    assert_eq!(said(&story, &also_in(none)), (Verdict::NotConfirmed, Some(0), Some(3), Some(3)));
    let missing = also_in(&october).replace(JULY, none);
    assert_eq!(said(&story, &missing), (Verdict::NotRecorded, None, None, None));
    // Without a whole there is nothing to hold it against.
    assert_eq!(said(&story, &enrolled(None, &october)).0, Verdict::NotQuantified);
}
