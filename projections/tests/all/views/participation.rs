//! `participated`, `withdrawn`: who came, who did not, who left.

use jejak_events::types::ikm::AttendanceStatus::{Absent, Excused};
use jejak_events::types::program::Unit;
use jejak_projections::question::AreaOf;

use super::*;

/// Four IKMs, a programme of unit IKM with two days, and all of them enrolled.
fn begun() -> Story {
    let mut story = tell(vec![
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(100))),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
    ]);
    for who in 1..=4 {
        story.add("2025-01-01", story::registered(who, "33.74", None));
        story.add("2025-01-03", story::enrolled(who, 1, None, &[]));
    }
    story
}

fn came(story: &mut Story, who: u32, day: &str) {
    story.add(day, story::attended(who, (1, 1), day, None, Present));
}

#[test]
fn a_place_is_no_participation() {
    let mut story = begun();
    for who in 1..=4 {
        let status = if who < 3 { Absent } else { Excused };
        story.add("2025-02-01", story::attended(who, (1, 1), "2025-02-01", None, status));
    }
    assert_eq!(figures(&story, "enrolled", "2025-02-02"), [4, 0]);
    let answer = ask(&story, "participated", "2025-02-02", |_| {});
    // Nobody came: all four are no-shows, and persons were never named.
    assert_eq!(known(&answer), [Some(0), None, Some(4), None, Some(0), None, Some(8), Some(0)]);
    assert_eq!(answer.shares[0].basis_points, Some(0));
}

#[test]
fn one_presence_is_participation_and_the_rest_tells_how_it_went() {
    let mut story = begun();
    for (who, day) in [(1, "2025-02-01"), (1, "2025-02-02"), (2, "2025-02-01"), (3, "2025-02-01")] {
        came(&mut story, who, day);
    }
    // IKM 3 leaves on the first day: it took part, is no longer due, and is neither a no-show nor incomplete.
    story.add("2025-02-01", story::withdrawn(3, 1, &[]));
    let answer = |day| ask(&story, "participated", day, |_| {});
    let on = |day| values(&answer(day));
    assert_eq!(on("2025-01-31"), [0; 8]);
    assert_eq!(on("2025-02-01"), [3, 0, 0, 0, 0, 0, 4, 3], "the days are not past yet");
    assert_eq!(on("2025-02-02"), [3, 0, 1, 0, 1, 0, 7, 4]);
    // Day by day the same: IKM 3 is no longer due on the second.
    let days = ask(&story, "attendance", "2025-02-02", |_| {});
    assert_eq!(values(&days), [7, 4]);
    let session = story::session(1).uuid();
    let rows_of = |first, second| {
        rows(&[(&format!("{session}/2025-02-01"), first), (&format!("{session}/2025-02-02"), second)])
    };
    assert_eq!(by(&days, "session_day", "days_due"), rows_of(4, 3));
    assert_eq!(by(&days, "session_day", "days_present"), rows_of(3, 1));
    assert_eq!(by_area(&days, "days_present"), rows(&[("33.75", 4)]));
    let of_ikms = ask(&story, "attendance", "2025-02-02", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikms, "days_present"), rows(&[("33.74", 4)]));
    let last = answer("2025-02-02");
    assert_eq!(last.shares[0].basis_points, Some(5714));
    let of = |name: &str| {
        let members = last.members.iter().filter(|member| member.figures.contains(&name));
        members.map(one).collect::<Vec<_>>()
    };
    assert_eq!((of("no_show").len(), of("incomplete").len()), (1, 1));
    assert!(of("no_show")[0].starts_with("ikm 4 ") && of("incomplete")[0].starts_with("ikm 2 "));
    assert!(of("no_show")[0].ends_with(": no_show attendance_due"), "{:?}", of("no_show"));
    // It counts where the programme is; by the area of the IKMs where asked so.
    assert_eq!(by_area(&last, "participated"), rows(&[("33.75", 3)]));
    let of_ikm = ask(&story, "participated", "2025-02-02", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "participated"), rows(&[("33.74", 3)]));
}

#[test]
fn persons_take_part_one_by_one_where_they_are_named() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[11, 12, 13])),
        ("2025-02-01", story::attended(1, (1, 1), "2025-02-01", Some(11), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(11), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(12), Present)),
    ]);
    // Where persons are named, that none of them came or is left is known.
    let begins = known(&ask(&story, "participated", "2025-01-31", |_| {}));
    assert_eq!(begins[..6], [Some(0); 6]);
    // The IKM completed by person 11; of its persons one is incomplete, and one never came.
    on_days(&story, "participated", &[("2025-02-02", &[1, 2, 0, 1, 0, 1, 6, 3])]);
    // Who is enrolled late is not due for what is past.
    let mut late = story;
    late.add("2025-02-02", story::enrolled(1, 1, None, &[14]));
    on_days(&late, "participated", &[("2025-02-02", &[1, 2, 0, 2, 0, 1, 7, 3])]);
}

#[test]
fn whoever_left_is_told_by_the_reason_and_who_came_back_did_not_leave() {
    let mut story = begun();
    story.add("2025-01-20", story::withdrawn(1, 1, &[]));
    story.add("2025-01-21", story::withdrawn(2, 1, &[]));
    on_days(
        &story,
        "withdrawn",
        &[("2025-01-20", &[0, 0]), ("2025-01-21", &[1, 0]), ("2025-01-22", &[2, 0])],
    );
    story.add("2025-01-25", story::enrolled(2, 1, None, &[]));
    let answer = ask(&story, "withdrawn", "2025-02-01", |_| {});
    assert_eq!(by(&answer, "reason", "withdrawn"), rows(&[("busy", 1)]));
    assert_eq!(known(&answer), [Some(1), None]);
    // Leaving a waiting list is not leaving a programme.
    story.add("2025-01-05", story::waitlisted(5, 1, None, &[]));
    story.add("2025-01-06", story::withdrawn(5, 1, &[]));
    on_days(&story, "withdrawn", &[("2025-02-01", &[1, 0])]);
    let later = ask(&story, "withdrawn", "2025-02-01", |q| q.from = Some(story::date("2025-01-21")));
    assert_eq!(values(&later), [0, 0]);
}

#[test]
fn hours_are_those_of_days_that_were_due_and_what_was_attended_of_them() {
    let mut story = begun();
    came(&mut story, 1, "2025-02-01");
    // Half of the day: 180 of 72 + 288 minutes, a fifth of them theory; and a day that is not due yet.
    let half = |day| story::attended_for(2, (1, 1), day, (None, Some(180)), Present);
    story.add("2025-02-01", half("2025-02-01"));
    story.add("2025-02-01", story::withdrawn(3, 1, &[]));
    on_days(
        &story,
        "hours",
        &[
            ("2025-01-31", &[0; 6]),
            // 4 x 360 minutes are 32 JP, 540 are 12; 4 x 72 are 6.4, 108 are 2.4.
            ("2025-02-01", &[32, 6, 26, 12, 2, 10]),
            // Whoever left on the first day is not due on the second.
            ("2025-02-02", &[56, 11, 45, 12, 2, 10]),
        ],
    );
    let second = ask(&story, "hours", "2025-02-02", |q| q.from = Some(story::date("2025-02-02")));
    assert_eq!(values(&second), [24, 5, 19, 0, 0, 0]);
    // They rest on the opening, and on what scheduled and moved the days.
    let mut moved = story.clone();
    let rescheduled =
        moved.add("2025-01-04", story::rescheduled(1, 1, &["2025-02-01", "2025-02-02", "2025-02-03"]));
    for view in ["hours", "attendance", "participated"] {
        assert_eq!(ask(&story, view, "2025-02-01", |_| {}).context, [0, 1], "{view}");
        assert_eq!(ask(&moved, view, "2025-02-01", |_| {}).context, [0, 1, rescheduled], "{view}");
    }
    // Who attended nothing counts in what was due alone.
    let last = told(&ask(&story, "hours", "2025-02-02", |_| {})).pop().unwrap();
    assert!(last.starts_with("ikm 4 ") && last.ends_with(": hours_due theory_due practice_due"), "{last}");
    let of_ikm = ask(&story, "hours", "2025-02-02", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "hours_due"), rows(&[("33.74", 56)]));
}

#[test]
fn absence_is_no_hour_and_persons_are_no_places_of_ikms() {
    let mut story = begun();
    story.add("2025-02-01", story::attended(1, (1, 1), "2025-02-01", None, Absent));
    on_days(&story, "hours", &[("2025-02-01", &[32, 6, 26, 0, 0, 0])]);
    // Four of 30 places of IKMs; nobody counts persons.
    assert_eq!(known(&ask(&story, "quota", "2025-02-01", |_| {})), [Some(30), Some(4), None, None]);
    story.add("2025-01-01", story::opened(2, "33.74", "export", Unit::Person, None));
    story.add("2025-01-04", story::enrolled(1, 2, None, &[11, 12]));
    story.add("2025-01-05", story::withdrawn(1, 2, &[12]));
    let quota = ask(&story, "quota", "2025-02-01", |_| {});
    assert_eq!(values(&quota), [30, 4, 30, 1]);
    assert_eq!(by_area(&quota, "quota_persons_taken"), rows(&[("33.74", 1)]));
    assert_eq!(known(&ask(&story, "quota", "2024-12-31", |_| {})), [None; 4]);
}

#[test]
fn an_ikm_counts_by_the_number_of_programmes_that_it_came_to() {
    let mut story = begun();
    story.add("2025-03-01", story::opened(2, "35.76", "export", Unit::Ikm, None));
    story.add("2025-03-01", story::scheduled(2, 2, None, &["2026-02-01"]));
    for who in 1..=2 {
        story.add("2025-03-02", story::enrolled(who, 2, None, &[]));
    }
    came(&mut story, 1, "2025-02-01");
    came(&mut story, 1, "2025-02-02");
    for who in 1..=2 {
        story.add("2026-02-01", story::attended(who, (2, 2), "2026-02-01", None, Present));
    }
    // IKMs 3 and 4 have a place, which is no participation.
    on_days(&story, "repeaters", &[("2025-02-02", &[1, 0, 0, 1, 3]), ("2026-02-01", &[1, 1, 0, 2, 2])]);
    let answer = ask(&story, "repeaters", "2026-02-01", |_| {});
    assert_eq!(by(&answer, "first_year", "newcomers"), rows(&[("2025", 1), ("2026", 1)]));
    // By the area of the programmes each is in one of each.
    assert_eq!(by_area(&answer, "in_one_program"), rows(&[("33.75", 1), ("35.76", 2)]));
    assert_eq!(by_area(&answer, "in_two_programs"), rows(&[]));
    let year = ask(&story, "repeaters", "2026-02-01", |q| q.from = Some(story::date("2026-01-01")));
    assert_eq!(values(&year), [2, 0, 0, 1, 2]);
    let of_ikm = ask(&story, "repeaters", "2026-02-01", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "in_two_programs"), rows(&[("33.74", 1)]));
    // Whoever is closed is not in the register; whoever came before it closed did come.
    story.add("2026-02-02", story::closed(3));
    story.add("2026-02-02", story::closed(1));
    on_days(&story, "repeaters", &[("2026-02-02", &[1, 1, 0, 2, 1])]);
}

#[test]
fn of_a_period_its_own_days_count_and_the_places_whose_last_day_lies_in_it() {
    let mut story = begun();
    for (who, day) in [(1, "2025-02-01"), (1, "2025-02-02"), (2, "2025-02-01")] {
        came(&mut story, who, day);
    }
    let of = |view: &str, from: &str, on: &str| {
        values(&ask(&story, view, on, |q| q.from = Some(story::date(from))))
    };
    // Participated, no show, incomplete, each of IKMs and of persons; days due and present.
    assert_eq!(of("participated", "2025-02-01", "2025-02-02"), [2, 0, 2, 0, 1, 0, 8, 3]);
    assert_eq!(of("participated", "2025-02-02", "2025-02-02"), [1, 0, 2, 0, 1, 0, 4, 1]);
    assert_eq!(of("participated", "2025-02-03", "2025-02-03"), [0; 8]);
    assert_eq!(of("attendance", "2025-02-01", "2025-02-02"), [8, 3]);
    assert_eq!(of("attendance", "2025-02-02", "2025-02-02"), [4, 1]);
    assert_eq!(of("attendance", "2025-02-03", "2025-02-03"), [0, 0]);
}

/// Two named persons of one IKM on two days of 72 + 288 minutes; on the first in part, on the second only one.
#[test]
fn a_delegation_is_one_and_persons_are_counted_each() {
    let sent = |unit| {
        let part = |who, minutes| {
            let of = (Some(who), Some(minutes));
            ("2025-02-01", story::attended_for(1, (1, 1), "2025-02-01", of, Present))
        };
        tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", unit, None)),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
            ("2025-01-03", story::enrolled(1, 1, None, &[11, 12])),
            part(11, 100),
            part(12, 180),
            ("2025-02-02", story::attended_for(1, (1, 1), "2025-02-02", (Some(11), None), Present)),
        ])
    };
    // Of the delegation the longest of their minutes: 180 and the whole of the second day, of 720.
    let delegation = sent(Unit::Ikm);
    on_days(&delegation, "attendance", &[("2025-02-01", &[1, 1]), ("2025-02-02", &[2, 2])]);
    on_days(&delegation, "hours", &[("2025-02-02", &[16, 3, 13, 12, 2, 10])]);
    // Of the persons 100, 180 and a whole day, of 1440.
    let persons = sent(Unit::Person);
    on_days(&persons, "attendance", &[("2025-02-01", &[2, 2]), ("2025-02-02", &[4, 3])]);
    on_days(&persons, "hours", &[("2025-02-02", &[32, 6, 26, 14, 3, 11])]);
}

#[test]
fn who_left_counts_under_the_last_reason_where_the_programme_is() {
    let mut story = begun();
    story.add("2025-01-20", story::withdrawn(1, 1, &[]));
    story.add("2025-01-21", story::withdrawn_for("moved_away", 2, 1, &[]));
    let answer = ask(&story, "withdrawn", "2025-01-31", |_| {});
    assert_eq!(by(&answer, "reason", "withdrawn"), rows(&[("busy", 1), ("moved_away", 1)]));
    assert_eq!(by_area(&answer, "withdrawn"), rows(&[("33.75", 2)]));
    let of_ikm = ask(&story, "withdrawn", "2025-01-31", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "withdrawn"), rows(&[("33.74", 2)]));
    let since =
        |from| values(&ask(&story, "withdrawn", "2025-01-31", |q| q.from = Some(story::date(from))))[0];
    assert_eq!(["2025-01-20", "2025-01-21", "2025-01-22"].map(since), [2, 1, 0]);
    // Back, and gone again.
    story.add("2025-01-22", story::enrolled(1, 1, None, &[]));
    story.add("2025-01-25", story::withdrawn_for("moved_away", 1, 1, &[]));
    let answer = ask(&story, "withdrawn", "2025-01-31", |_| {});
    assert_eq!(by(&answer, "reason", "withdrawn"), rows(&[("moved_away", 2)]));
}

#[test]
fn a_programme_without_a_quota_has_no_places_to_fill() {
    let open = |number| story::opened(number, "33.75", "export", Unit::Person, None);
    let mut story = tell(vec![
        ("2025-01-01", story::without_quota(open(1))),
        ("2025-01-02", story::enrolled(1, 1, None, &[11])),
    ]);
    let quota = |story: &Story| known(&ask(story, "quota", "2025-12-31", |_| {}));
    assert_eq!(quota(&story), [None; 4]);
    story.add("2025-01-01", open(2));
    story.add("2025-01-02", story::enrolled(1, 2, None, &[])); // names nobody
    assert_eq!(quota(&story), [None, None, Some(30), Some(0)]);
    story.add("2025-01-02", story::enrolled(2, 2, None, &[21]));
    assert_eq!(quota(&story), [None, None, Some(30), Some(1)]);
}

#[test]
fn three_programmes_or_more_are_told_together_and_never_is_never_anywhere() {
    let mut story = Story::default();
    for who in 1..=3 {
        story.add("2025-01-01", story::registered(who, "33.74", None));
    }
    for (program, area) in [(1, "33.75"), (2, "33.75"), (3, "33.75"), (4, "35.76")] {
        story.add("2025-01-01", story::opened(program, area, "export", Unit::Ikm, None));
        story.add("2025-02-01", story::attended(1, (program, program), "2025-02-01", None, Present));
    }
    story.add("2025-02-01", story::attended(2, (4, 4), "2025-02-01", None, Present));
    let of = |area: Option<&str>| {
        values(&ask(&story, "repeaters", "2025-12-31", |q| q.area = area.map(story::area)))
    };
    assert_eq!(of(None), [1, 0, 1, 2, 1]);
    assert_eq!(of(Some("33.75")), [0, 0, 1, 1, 0], "IKM 1 in three programmes; no IKM lies there");
    assert_eq!(of(Some("35.76")), [2, 0, 0, 2, 0], "both in one programme there");
    assert_eq!(of(Some("33.74")), [0, 0, 0, 0, 1], "the others were present elsewhere");
}
