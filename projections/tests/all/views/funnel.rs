//! `funnel`, stage by stage.

use jejak_events::types::ikm::Verdict;
use jejak_events::types::program::Unit;

use super::*;

/// IKMs 1 to 4, and a programme of unit person with two session days.
fn begun() -> Story {
    let mut story = Story::default();
    for number in 1..=4 {
        story.add("2024-01-01", story::registered(number, "33.75", None));
    }
    story.add("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Person, None));
    story.add("2025-01-01", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"]));
    story
}

#[test]
fn an_ikm_goes_from_stage_to_stage() {
    let mut story = begun();
    story.add("2025-01-05", story::enrolled(1, 1, None, &[11]));
    for day in ["2025-02-01", "2025-02-02"] {
        story.add(day, story::attended(1, (1, 1), day, Some(11), Present));
    }
    story.add("2025-02-02", story::joined(1, 1)); // on the last session day, not after it
    story.add("2025-02-02", story::shipped(1, "JP", "6204"));
    story.add("2025-03-01", story::assessed(1, 1, "sih_batik", Verdict::Failed));
    story.add("2025-03-05", story::assessed(1, 1, "sih_batik", Verdict::Passed));
    story.add(
        "2025-03-10",
        story::certified_through(1, Some(1), "sih", story::by_ikm(1), "2025-03-15", "2029-03-14"),
    );
    story.add("2025-03-20", story::joined(1, 2));
    story.add("2025-04-01", story::shipped(1, "JP", "6204"));
    story.add("2025-05-01", story::assessed(1, 1, "sih_batik", Verdict::Failed));
    story.add("2025-06-01", story::suspended(1));
    on_days(
        &story,
        "funnel",
        &[
            ("2025-01-04", &[0, 0, 0, 0, 0, 0, 0, 0]),
            ("2025-01-05", &[1, 0, 0, 0, 0, 0, 0, 0]),
            ("2025-02-01", &[1, 1, 0, 0, 0, 0, 0, 0]),
            ("2025-02-02", &[1, 1, 1, 0, 0, 0, 0, 0]),
            ("2025-03-01", &[1, 1, 1, 1, 0, 0, 0, 0]),
            ("2025-03-05", &[1, 1, 1, 1, 1, 0, 0, 0]),
            ("2025-03-14", &[1, 1, 1, 1, 1, 0, 0, 0]), // issued, not valid yet
            ("2025-03-15", &[1, 1, 1, 1, 1, 1, 0, 0]),
            ("2025-03-20", &[1, 1, 1, 1, 1, 1, 1, 0]),
            ("2025-04-01", &[1, 1, 1, 1, 1, 1, 1, 1]),
            ("2025-05-01", &[1, 1, 1, 1, 0, 1, 1, 1]), // the latest verdict counts
            ("2025-06-01", &[1, 1, 1, 1, 0, 0, 1, 1]), // held on the day
        ],
    );
    // Each programme is a row, and there is no total over them.
    let answer = ask(&story, "funnel", "2025-04-01", |_| {});
    let program = story::program(1).to_string();
    assert_eq!(by(&answer, "program", "funnel_exported_after"), rows(&[(&program, 1)]));
    assert_eq!(known(&answer), [None; 8]);
    let elsewhere = ask(&story, "funnel", "2025-04-01", |q| q.program = Some(story::program(2)));
    assert_eq!(values(&elsewhere), [0; 8]);
}

#[test]
fn only_what_came_of_the_programme_counts() {
    let mut story = begun();
    story.add("2025-01-05", story::enrolled(2, 1, None, &[21]));
    // Attended, assessed and certified in another programme; a certificate of none.
    story.add("2025-02-01", story::attended(2, (2, 9), "2025-02-01", Some(21), Present));
    story.add("2025-03-01", story::assessed(2, 2, "sih_batik", Verdict::Passed));
    for (number, through) in [(1, None), (3, Some(2))] {
        let holder = story::by_ikm(2);
        let issued = story::certified_through(number, through, "sni", holder, "2025-06-01", "2029-05-31");
        story.add("2025-06-01", issued);
    }
    // IKM 3 has no place.
    story.add("2025-02-01", story::attended(3, (1, 1), "2025-02-01", Some(31), Present));
    story.add("2025-03-01", story::assessed(3, 1, "sih_batik", Verdict::Passed));
    story.add("2025-03-01", story::joined(3, 1));
    let elsewhere = story::certified_through(4, Some(1), "sni", story::by_ikm(3), "2025-06-01", "2029-05-31");
    story.add("2025-06-01", elsewhere);
    on_days(&story, "funnel", &[("2025-12-31", &[1, 0, 0, 0, 0, 0, 0, 0])]);
    // One that names the programme counts, whenever it was issued; not while the IKM is closed.
    let of_product = story::by_product(2, "cap");
    let issued = story::certified_through(2, Some(1), "sni", of_product, "2025-01-02", "2029-05-31");
    story.add("2025-01-02", issued);
    on_days(&story, "funnel", &[("2025-12-31", &[1, 0, 0, 0, 0, 1, 0, 0])]);
    story.add("2025-10-01", story::closed(2));
    on_days(&story, "funnel", &[("2025-12-31", &[1, 0, 0, 0, 0, 0, 0, 0])]);
}

#[test]
fn no_stage_presupposes_the_one_before() {
    let mut story = begun();
    story.add("2025-01-05", story::enrolled(4, 1, None, &[41]));
    story.add("2025-01-06", story::withdrawn(4, 1, &[])); // stays among those who had a place
    story.add("2025-02-03", story::shipped(4, "JP", "6204"));
    on_days(&story, "funnel", &[("2025-02-03", &[1, 0, 0, 0, 0, 0, 0, 1])]);
    // The certificate of a person of the IKM is one of the IKM's here.
    story.add("2025-01-01", story::person_registered(41, Some(4)));
    story.add(
        "2025-03-01",
        story::certified_through(1, Some(1), "competence", story::by_person(41), "2025-03-01", "2028-02-28"),
    );
    on_days(&story, "funnel", &[("2025-03-01", &[1, 0, 0, 0, 0, 1, 0, 1])]);
    // Put off to a later day, the session is not over yet.
    story.add("2025-01-10", story::rescheduled(1, 1, &["2025-02-03"]));
    on_days(&story, "funnel", &[("2025-03-01", &[1, 0, 0, 0, 0, 1, 0, 0])]);
}

/// The last session day is that of the group.
#[test]
fn after_is_after_the_last_session_day_of_the_group() {
    let mut story = begun();
    story.add("2025-01-01", story::scheduled(1, 2, Some("a"), &["2025-02-10"]));
    story.add("2025-01-05", story::enrolled(1, 1, Some("a"), &[11]));
    story.add("2025-01-05", story::enrolled(2, 1, Some("b"), &[21]));
    for who in [1, 2] {
        story.add("2025-02-05", story::joined(who, 1));
        story.add("2025-02-11", story::shipped(who, "JP", "6204"));
    }
    on_days(
        &story,
        "funnel",
        &[("2025-02-05", &[2, 0, 0, 0, 0, 0, 1, 0]), ("2025-02-11", &[2, 0, 0, 0, 0, 0, 1, 2])],
    );
}
