//! `funnel`: the events behind each stage, and what is one stage for several names, groups or enrolments.

use jejak_events::types::ikm::AttendanceStatus::Absent;
use jejak_events::types::ikm::Verdict::{Failed, Passed};

use super::*;

const DAY: &str = "2025-12-01";

/// Events 0 to 2: IKM 1 in 33.75, and a programme in 33.26 with three session days.
fn begun() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.26", "export", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02", "2025-02-03"])),
    ])
}

fn behind(story: &Story) -> Vec<String> {
    told(&ask(story, "funnel", DAY, |_| {}))
}

/// Every stage is reached under another name of IKM 1.
#[test]
fn each_stage_says_by_which_events_and_by_which_merge() {
    let mut story = begun();
    for name in 2..=7 {
        story.add("2025-06-01", story::merged(name, 1)); // 3 to 8
    }
    story.add("2025-01-10", story::enrolled(2, 1, None, &[])); // 9
    assert_eq!(behind(&story), ["ikm 1 in 33.26 by [0, 3, 9]: funnel_enrolled"]);
    let context = ask(&story, "funnel", DAY, |_| {}).context;
    assert_eq!(context, [1, 2], "the programme, and the sessions that stages come after");
    // Being absent is not having attended; of several days the first stands for all, by its day.
    story.add("2025-02-01", story::attended(5, (1, 1), "2025-02-01", None, Absent)); // 10
    assert_eq!(behind(&story), ["ikm 1 in 33.26 by [0, 3, 9]: funnel_enrolled"]);
    story.add("2025-02-03", story::attended(3, (1, 1), "2025-02-03", None, Present)); // 11
    assert_eq!(behind(&story), ["ikm 1 in 33.26 by [0, 3, 4, 9, 11]: funnel_enrolled funnel_participated"]);
    story.add("2025-02-02", story::attended(4, (1, 1), "2025-02-02", None, Present)); // 12
    assert_eq!(behind(&story), ["ikm 1 in 33.26 by [0, 3, 5, 9, 12]: funnel_enrolled funnel_participated"]);
    // Only one of the others at a time.
    let then = |happenings: Vec<(&str, Happening)>| {
        let mut story = story.clone();
        for (day, happening) in happenings {
            story.add(day, happening); // 13 on
        }
        let answer = ask(&story, "funnel", DAY, |_| {});
        let whole = ask(&story, "funnel", DAY, |q| q.program = Some(story::program(1)));
        for figure in whole.figures.iter().filter(|figure| figure.value.unwrap_or(0) > 0) {
            assert_eq!(by_area(&whole, figure.name), rows(&[("33.26", 1)]), "{}", figure.name);
            let program = story::program(1).to_string();
            assert_eq!(by(&answer, "program", figure.name), rows(&[(&program, 1)]), "{}", figure.name);
        }
        behind(&story).remove(0)
    };
    let stages = |events: &str, stages: &str| {
        format!("ikm 1 in 33.26 by [0, 3, 5, {events}]: funnel_enrolled funnel_participated {stages}")
    };
    let failed = then(vec![("2025-03-01", story::assessed(6, 1, "sih_batik", Failed))]);
    assert_eq!(failed, stages("7, 9, 12, 13", "funnel_assessed"));
    let passed = then(vec![
        ("2025-03-01", story::assessed(6, 1, "sih_batik", Passed)),
        ("2025-03-02", story::assessed(1, 1, "sih_batik", Failed)),
    ]);
    assert_eq!(passed, stages("7, 9, 12, 13, 14", "funnel_assessed"), "the latest under any name");
    let exhibited = then(vec![("2025-03-01", story::joined(6, 1))]);
    assert_eq!(exhibited, stages("7, 9, 12, 13", "funnel_exhibited_after"));
    let exported = then(vec![("2025-03-01", story::shipped(6, "JP", "6204"))]);
    assert_eq!(exported, stages("7, 9, 12, 13", "funnel_exported_after"));
    let issue = |holder| story::certified_through(1, Some(1), "sni", holder, "2025-03-01", "2026-12-31");
    let certified = then(vec![("2025-03-01", issue(story::by_ikm(6))), ("2025-03-02", story::suspended(1))]);
    assert_eq!(certified, stages("9, 12", "").trim_end(), "not while it is suspended");
    let certified = then(vec![("2025-03-01", issue(story::by_ikm(6)))]);
    assert_eq!(certified, stages("7, 9, 12, 13", "funnel_certified"));
    // Of a person that was merged into one who works for the IKM.
    let certified = then(vec![
        ("2025-03-01", issue(story::by_person(12))),
        ("2025-03-01", story::person_registered(11, Some(7))),
        ("2025-06-01", story::person_merged(12, 11)),
    ]);
    assert_eq!(certified, stages("8, 9, 12, 13, 14, 15", "funnel_certified"));
}

/// After the last session day of all its groups.
#[test]
fn an_ikm_with_two_places_in_a_programme() {
    let mut story = begun();
    story.add("2025-01-02", story::scheduled(1, 2, Some("a"), &["2025-02-20"]));
    story.add("2025-01-20", story::enrolled(1, 1, Some("b"), &[])); // ends on 3 February
    story.add("2025-01-05", story::enrolled(1, 1, Some("a"), &[])); // ends on the 20th
    story.add(
        "2025-01-10",
        story::certified_through(1, Some(1), "sni", story::by_ikm(1), "2025-01-10", "2029-01-09"),
    );
    story.add("2025-02-15", story::joined(1, 1));
    on_days(&story, "funnel", &[("2025-12-01", &[1, 0, 0, 0, 0, 1, 0, 0])]);
    story.add("2025-02-21", story::joined(1, 2));
    on_days(&story, "funnel", &[("2025-12-01", &[1, 0, 0, 0, 0, 1, 1, 0])]);
}
