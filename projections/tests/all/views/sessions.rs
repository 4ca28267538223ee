//! `sessions_held`, `method_mix`, and what the calendar does to who is trained.

use jejak_events::types::program::Unit;

use super::*;

/// Registration of IKM 1, the opening of programme 1 of unit IKM, and its place there.
fn begun() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.74", "export", Unit::Ikm, None)),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
    ])
}

fn was_there(story: &mut Story, session: u32, day: &str) {
    story.add(day, story::attended(1, (1, session), day, None, Present));
}

#[test]
fn a_session_is_held_on_its_last_day() {
    let mut story = begun();
    story.add("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-05"]));
    story.add("2025-01-02", story::scheduled_at(1, 2, None, &["2025-02-06"], Some(1)));
    on_days(
        &story,
        "sessions_scheduled",
        &[("2025-02-04", &[0]), ("2025-02-05", &[1]), ("2025-02-06", &[2])],
    );
    let period = |from, on| {
        ask(&story, "sessions_held", on, |q| q.from = Some(story::date(from)))
            .value("sessions_scheduled")
            .unwrap()
    };
    // A session from the 1st to the 5th lies in the period of its last day, wherever the boundary is.
    for (boundary, before, after) in [
        (["2025-01-31", "2025-02-01"], 0, 2),
        (["2025-02-01", "2025-02-02"], 0, 2),
        (["2025-02-04", "2025-02-05"], 0, 2),
        (["2025-02-05", "2025-02-06"], 1, 1),
    ] {
        assert_eq!(period("2025-01-01", boundary[0]), before, "{boundary:?}");
        assert_eq!(period(boundary[1], "2025-02-28"), after, "{boundary:?}");
    }
    let answer = ask(&story, "sessions_held", "2025-02-28", |_| {});
    assert_eq!(by_area(&answer, "sessions_scheduled"), rows(&[("33.74", 2)]), "the area of the programme");
    let sentra = story::sentra(1).to_string();
    assert_eq!(by(&answer, "sentra", "sessions_scheduled"), rows(&[("-", 1), (&sentra, 1)]));
    assert_eq!(by(&answer, "theme", "sessions_scheduled"), rows(&[("export", 2)]));
}

#[test]
fn a_session_is_held_when_somebody_was_present_and_a_schedule_is_not_enough() {
    let mut story = begun();
    story.add("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-05"]));
    story.add("2025-01-02", story::scheduled(1, 2, None, &["2025-02-05"]));
    on_days(&story, "sessions_held", &[("2025-02-04", &[0, 0, 0]), ("2025-02-05", &[2, 0, 2])]);
    let absent = jejak_events::types::ikm::AttendanceStatus::Absent;
    story.add("2025-02-05", story::attended(1, (1, 2), "2025-02-05", None, absent));
    on_days(&story, "sessions_held", &[("2025-02-05", &[2, 0, 2])]);
    // One presence on one of its days is enough; it counts once the session is over.
    was_there(&mut story, 1, "2025-02-01");
    on_days(&story, "sessions_held", &[("2025-02-04", &[0, 0, 0]), ("2025-02-05", &[2, 1, 1])]);
    let answer = ask(&story, "sessions_held", "2025-02-05", |_| {});
    assert_eq!(answer.shares[0].basis_points, Some(5000));
}

#[test]
fn a_session_counts_on_the_days_last_decided_by_the_day_asked_for() {
    let mut story = begun();
    let plan = [(1, "2025-02-18"), (2, "2025-03-01"), (3, "2025-02-18")];
    for (session, day) in plan {
        story.add("2025-01-02", story::scheduled(1, session, None, &[day]));
    }
    // Put off beyond the day asked for, drawn forward before it, and put off by a decision after it.
    story.add("2025-02-15", story::rescheduled(1, 1, &["2025-03-01"]));
    story.add("2025-02-15", story::rescheduled(1, 2, &["2025-02-18"]));
    story.add("2025-02-21", story::rescheduled(1, 3, &["2025-03-01"]));
    let days: [(&str, &[u64]); 5] = [
        ("2025-02-17", &[0]),
        ("2025-02-18", &[2]), // sessions 2 and 3
        ("2025-02-20", &[2]),
        ("2025-02-21", &[1]), // session 3 turned out to be later
        ("2025-03-01", &[3]),
    ];
    on_days(&story, "sessions_scheduled", &days);
    // What was decided on an earlier day gives way, also when it is recorded later.
    story.add("2025-02-10", story::rescheduled(1, 1, &["2025-02-17"]));
    on_days(&story, "sessions_scheduled", &days);
    // On the same day the later record decides.
    story.add("2025-02-15", story::rescheduled(1, 1, &["2025-02-17"]));
    on_days(&story, "sessions_scheduled", &[("2025-02-16", &[0]), ("2025-02-17", &[1])]);
}

#[test]
fn only_the_days_that_a_session_was_moved_to_complete_it() {
    let mut story = begun();
    story.add("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"]));
    was_there(&mut story, 1, "2025-02-03");
    on_days(&story, "trained", &[("2025-02-02", &[0, 0]), ("2025-02-03", &[1, 0])]);
    story.add("2025-02-02", story::rescheduled(1, 1, &["2025-02-10"]));
    on_days(&story, "trained", &[("2025-02-03", &[0, 0]), ("2025-02-10", &[0, 0])]);
    was_there(&mut story, 1, "2025-02-10");
    on_days(&story, "trained", &[("2025-02-09", &[0, 0]), ("2025-02-10", &[1, 0])]);
}

#[test]
fn a_cancelled_session_is_neither_held_nor_missed() {
    let mut story = begun();
    story.add("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"]));
    story.add("2025-01-02", story::scheduled(1, 2, None, &["2025-02-10"]));
    was_there(&mut story, 1, "2025-02-03");
    on_days(&story, "trained", &[("2025-02-09", &[0, 0]), ("2025-02-10", &[0, 0])]);
    story.add("2025-02-09", story::cancelled(1, 2));
    // With the second called off the programme is over, but only from the day of that decision.
    on_days(&story, "trained", &[("2025-02-08", &[0, 0]), ("2025-02-09", &[1, 0])]);
    on_days(&story, "sessions_scheduled", &[("2025-02-09", &[1]), ("2025-02-10", &[1])]);
    // New days do not bring back what was called off. Who completed on a closing day has completed, whatever is
    // scheduled or called off later.
    story.add("2025-02-11", story::rescheduled(1, 2, &["2025-02-12"]));
    story.add("2025-02-20", story::cancelled(1, 1));
    on_days(&story, "sessions_scheduled", &[("2025-02-19", &[1]), ("2025-02-20", &[0])]);
    on_days(&story, "trained", &[("2025-02-19", &[1, 0]), ("2025-02-20", &[1, 0])]);
    on_days(&story, "method_mix", &[("2025-02-20", &[0; 6])]);
}

#[test]
fn method_mix_adds_up_minutes_planned_and_held() {
    let mut story = begun();
    // 72 minutes of theory and 288 of practice each day.
    story.add("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-05"]));
    story.add("2025-01-10", story::scheduled(1, 2, Some("a"), &["2025-02-06"]));
    for (session, day) in [(1, "2025-02-01"), (1, "2025-02-05"), (2, "2025-02-06")] {
        was_there(&mut story, session, day);
    }
    on_days(
        &story,
        "method_mix",
        &[
            ("2025-01-01", &[0; 6]),
            ("2025-01-02", &[144, 576, 720, 0, 0, 0]),
            ("2025-01-31", &[216, 864, 1080, 0, 0, 0]),
            ("2025-02-01", &[216, 864, 1080, 72, 288, 360]),
            ("2025-02-05", &[216, 864, 1080, 144, 576, 720]),
            ("2025-02-06", &[216, 864, 1080, 216, 864, 1080]),
        ],
    );
    let later = ask(&story, "method_mix", "2025-02-05", |q| q.from = Some(story::date("2025-02-05")));
    assert_eq!(values(&later), [144, 576, 720, 72, 288, 360]);
    let shares = |answer: &Answer| answer.shares.iter().map(|share| share.basis_points).collect::<Vec<_>>();
    assert_eq!(shares(&later), [Some(2000), Some(2000)]);
    assert_eq!(shares(&ask(&story, "method_mix", "2025-01-31", |_| {})), [Some(2000), None]);
    let elsewhere = ask(&story, "method_mix", "2025-02-05", |q| q.area = Some(story::area("33.75")));
    assert_eq!(values(&elsewhere), [0; 6]);
    // A day on which nobody is on record as present was not held.
    let mut empty = story.clone();
    empty.add("2025-01-02", story::scheduled(1, 3, None, &["2025-02-04"]));
    on_days(&empty, "method_mix", &[("2025-02-06", &[288, 1152, 1440, 216, 864, 1080])]);
    // A session that is put off loses no minutes; one day less does.
    story.add("2025-02-02", story::rescheduled(1, 1, &["2025-03-01"]));
    on_days(&story, "method_mix", &[("2025-02-06", &[144, 576, 720, 72, 288, 360])]);
}
