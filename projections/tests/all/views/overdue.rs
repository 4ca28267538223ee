//! `assessments_overdue`, `unheard`: what an office should look into.

use jejak_events::types::ikm::AttendanceStatus::Absent;
use jejak_events::types::ikm::Verdict;

use super::*;

/// Both IKMs have a place; the last session day is 2025-03-03, which is 180 days before 2025-08-30.
fn two_places(targets: &[(&str, u32)]) -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-01-02", story::opened_for(1, "33.75", "green_industry", Unit::Ikm, None, &[], targets)),
        ("2025-01-03", story::scheduled(1, 1, None, &["2025-03-02", "2025-03-03"])),
        ("2025-02-01", story::enrolled(1, 1, None, &[])),
        ("2025-02-01", story::enrolled(2, 1, None, &[])),
    ])
}

#[test]
fn an_assessment_is_overdue_after_180_days_where_the_programme_assesses() {
    let mut story = two_places(&[]);
    let overdue = |story: &Story, day: &str| figures(story, "assessments_overdue", day)[0];
    assert_eq!(overdue(&story, "2025-12-31"), 0, "nobody is assessed in it, and it names no such target");
    story.add("2025-04-01", story::assessed(1, 1, "sih_batik", Verdict::Failed));
    assert_eq!(overdue(&story, "2025-08-30"), 0);
    assert_eq!(overdue(&story, "2025-08-31"), 1, "the other one, on day 181");
    let answer = ask(&story, "assessments_overdue", "2025-08-31", |_| {});
    assert_eq!(answer.members[0].who.subject(), Some(story.events[1].draft.subject));
    assert_eq!(answer.members[0].day, Some(story::date("2025-03-03")));
    // Whoever left before the day has nothing to be assessed.
    story.add("2025-08-30", story::withdrawn(2, 1, &[]));
    assert_eq!(overdue(&story, "2025-08-31"), 0);
}

#[test]
fn a_target_says_that_a_programme_assesses() {
    for (indicator, expected) in [("passed", 2), ("certified", 2), ("trained", 0)] {
        let story = two_places(&[(indicator, 10)]);
        assert_eq!(figures(&story, "assessments_overdue", "2025-08-31"), [expected], "{indicator}");
    }
}

#[test]
fn an_ikm_is_unheard_of_365_days_after_its_last_news() {
    let mut story = two_places(&[]);
    let unheard = |story: &Story, day: &str| figures(story, "unheard", day)[0];
    // Both enrolled on 2025-02-01.
    assert_eq!(unheard(&story, "2026-01-31"), 0);
    assert_eq!(unheard(&story, "2026-02-01"), 2);
    story.add("2025-03-02", story::attended(1, (1, 1), "2025-03-02", None, Absent));
    assert_eq!(unheard(&story, "2026-02-01"), 2, "being absent is no news");
    story.add("2025-03-03", story::attended(1, (1, 1), "2025-03-03", None, Present));
    assert_eq!(unheard(&story, "2026-02-01"), 1);
    assert_eq!(unheard(&story, "2026-03-03"), 2);
    story.add("2025-06-01", story::merged(2, 1));
    assert_eq!(unheard(&story, "2026-03-02"), 0, "merged, they are one, and it was heard of");
    assert_eq!(unheard(&story, "2026-03-03"), 1);
    story.add("2026-03-03", story::closed(1));
    assert_eq!(unheard(&story, "2027-12-31"), 0, "a closed IKM is not waited for");
}

/// Everything that an IKM does or reports is news of it, also of a duplicate.
#[test]
fn whatever_is_recorded_of_an_ikm_is_news() {
    let news: Vec<Happening> = vec![
        story::registered(2, "33.75", None),
        story::moved(2, "33.74"),
        story::reopened(2),
        story::enrolled(2, 1, None, &[]),
        story::waitlisted(2, 1, None, &[]),
        story::withdrawn(2, 1, &[]),
        story::visited(2, 1),
        story::assessed(2, 1, "sih_batik", Verdict::Failed),
        story::joined(2, 1),
        story::shipped(2, "JP", "6204"),
        story::workforce(2, ("2025-01-01", "2025-06-30")),
        story::turnover(2, ("2025-01-01", "2025-06-30")),
        story::equipped(2, "ipal"),
        story::member_joined(2, 1),
        story::attended(2, (1, 1), "2025-07-01", None, Present),
        story::certified(1, "sih", story::by_ikm(2), "2025-07-01", "2029-06-30"),
        story::certified(1, "sih", story::by_product(2, "cap"), "2025-07-01", "2029-06-30"),
    ];
    for happening in news {
        let what = happening.1.type_name();
        let mut story = tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::registered(2, "33.75", None)),
            ("2025-01-01", story::merged(2, 1)),
        ]);
        on_days(&story, "unheard", &[("2025-12-31", &[0]), ("2026-01-01", &[1])]);
        story.add("2025-07-01", happening);
        on_days(&story, "unheard", &[("2026-06-30", &[0]), ("2026-07-01", &[1])]);
        let day = ask(&story, "unheard", "2026-07-01", |_| {}).members[0].day;
        assert_eq!(day, Some(story::date("2025-07-01")), "{what}");
    }
    // Neither what a sentra was given nor the certificate of a person is.
    let mut story = two_places(&[]);
    story.add("2025-07-01", story::person_registered(11, Some(1)));
    story.add("2025-07-01", story::certified(1, "sih", story::by_person(11), "2025-07-01", "2029-06-30"));
    story.add("2025-07-01", story::sentra_equipped(1, "ipal"));
    on_days(&story, "unheard", &[("2026-02-01", &[2])]);
}
