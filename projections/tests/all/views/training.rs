//! `trained`, `export_trained`, `green_trained`, `persons_trained`: who completed a programme.

use jejak_events::types::ikm::Verdict;
use jejak_events::types::program::Unit;
use jejak_projections::answer::Who;
use jejak_projections::question::{AreaOf, OnlyRow};

use super::*;

use AttendanceStatus::{Absent, Excused, Present};

#[test]
fn export_trained_counts_ikms_and_persons_apart() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    attend(&mut story, 1, 12, &ALL);
    // Two of three days is 66 %, below 80 %.
    attend(&mut story, 2, 21, &[ALL[0], (1, "2023-10-25", Excused), ALL[2]]);
    for name in ["trained", "export_trained"] {
        assert_eq!(figures(&story, name, "2023-10-26"), [1, 2]);
        // A programme that is not over completes nobody.
        assert_eq!(figures(&story, name, "2023-10-25"), [0, 0]);
    }
    assert_eq!(figures(&story, "green_trained", "2023-12-31"), [0, 0]);
    assert_eq!(figures(&story, "enrolled", "2023-10-10"), [2, 3]);
    assert_eq!(figures(&story, "enrolled", "2023-10-09"), [0, 0]);

    let answer = ask(&story, "export_trained", "2023-10-26", |_| {});
    let who: Vec<_> = answer.members.iter().map(|member| member.who).collect();
    let mut persons = [Who::Person(story::person(11).uuid()), Who::Person(story::person(12).uuid())];
    persons.sort();
    assert_eq!(who, [Who::Ikm(story::ikm(1).uuid()), persons[0], persons[1]]);
    // Registration, enrolment and the attendances of both persons; programme and sessions beside.
    assert_eq!(answer.members[0].events, [0, 5, 7, 8, 9, 10, 11, 12]);
    assert_eq!(answer.members[0].who.subject().unwrap().to_string(), answer.members[0].who.to_string());
    assert_eq!(answer.members[0].area, Some(story::area("35.76")));
    assert_eq!(answer.context, [2, 3, 4]);
    assert_eq!(answer.breakdowns[0].rows[0].key, Some(story::program(1).to_string()));
}

#[test]
fn completion_is_by_percent_of_the_days_of_ones_group() {
    let base = |percent| {
        tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, percent)),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
            ("2025-01-02", story::scheduled(1, 2, Some("a"), &["2025-02-03"])),
            ("2025-01-02", story::scheduled(1, 3, Some("b"), &["2025-02-03", "2025-03-01"])),
            ("2025-01-03", story::enrolled(1, 1, Some("a"), &[1])),
        ])
    };
    let attended = |session, day| story::attended(1, (1, session), day, Some(1), Present);
    let mut two_of_three = base(None);
    two_of_three.add("2025-02-01", attended(1, "2025-02-01"));
    two_of_three.add("2025-02-03", attended(2, "2025-02-03"));
    assert_eq!(figures(&two_of_three, "trained", "2025-02-03"), [0, 0]);
    // Another group's session, a day twice, and a day that was never scheduled add nothing.
    two_of_three.add("2025-02-03", attended(3, "2025-02-03"));
    two_of_three.add("2025-02-01", attended(1, "2025-02-01"));
    two_of_three.add("2025-02-04", attended(1, "2025-02-04"));
    assert_eq!(figures(&two_of_three, "trained", "2025-12-31"), [0, 0]);
    two_of_three.add("2025-02-02", attended(1, "2025-02-02"));
    assert_eq!(figures(&two_of_three, "trained", "2025-02-03"), [1, 1]);

    // Exactly the percentage is enough; one more is not.
    for (percent, trained) in [(66, 1), (67, 0)] {
        let mut story = base(Some(percent));
        story.add("2025-02-01", attended(1, "2025-02-01"));
        story.add("2025-02-03", attended(2, "2025-02-03"));
        assert_eq!(figures(&story, "trained", "2025-02-03"), [trained, trained], "{percent} %");
    }
    // Nothing scheduled completes nobody.
    let mut nothing = base(Some(1));
    for session in [2, 3, 4] {
        nothing.retract(session);
    }
    assert_eq!(figures(&nothing, "trained", "2025-12-31"), [0, 0]);
}

#[test]
fn a_delegation_is_present_when_anyone_is() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02", "2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[1, 2])),
        ("2025-02-01", story::attended(1, (1, 1), "2025-02-01", Some(1), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(2), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(1), Absent)),
    ]);
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [0, 0]);
    story.add("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present));
    // The delegation completed, and neither of its persons.
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [1, 0]);
    // Who is not enrolled does not count.
    story.retract(3);
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [0, 0]);
}

#[test]
fn eighty_percent_of_the_days_are_enough_and_one_day_less_is_not() {
    const DAYS: [&str; 5] = ["2025-02-03", "2025-02-04", "2025-02-05", "2025-02-06", "2025-02-07"];
    let attending = |percent, days: &[&str]| {
        let mut story = tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, percent)),
            ("2025-01-02", story::scheduled(1, 1, None, &DAYS)),
            ("2025-01-03", story::enrolled(1, 1, None, &[11])),
        ]);
        for day in days {
            story.add(day, story::attended(1, (1, 1), day, Some(11), Present));
        }
        figures(&story, "trained", "2025-02-07")
    };
    assert_eq!(attending(None, &DAYS[1..]), [1, 1], "4 of 5");
    assert_eq!(attending(None, &DAYS[2..]), [0, 0], "3 of 5");
    assert_eq!(attending(Some(81), &DAYS[1..]), [0, 0]);
    assert_eq!(attending(Some(100), &DAYS), [1, 1]);
    assert_eq!(attending(Some(100), &DAYS[1..]), [0, 0]);
    assert_eq!(attending(Some(1), &DAYS[4..]), [1, 1]);
    assert_eq!(attending(Some(1), &[]), [0, 0]);
}

#[test]
fn persons_trained_counts_each_person_once() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "35.76", None)),
    ]);
    for program in [1, 2, 3] {
        let unit = if program == 3 { Unit::Ikm } else { Unit::Person };
        story.add("2025-01-01", story::opened(program, "33.75", "basic_batik", unit, None));
        story.add("2025-01-02", story::scheduled(program, program, None, &["2025-02-03"]));
    }
    // Person 11 twice, sent by two IKMs; person 12 once, and once to a programme that counts IKMs.
    for (who, program, person) in [(1, 1, 11), (2, 2, 11), (1, 2, 12), (1, 3, 12)] {
        story.add("2025-01-03", story::enrolled(who, program, None, &[person]));
        let day = "2025-02-03";
        story.add(day, story::attended(who, (program, program), day, Some(person), Present));
    }
    on_days(&story, "persons_trained", &[("2025-02-02", &[0]), ("2025-02-03", &[2])]);
    on_days(&story, "trained", &[("2025-02-03", &[2, 2])]);
    let answer = ask(&story, "persons_trained", "2025-02-03", |_| {});
    assert_eq!(by_area(&answer, "persons_trained"), rows(&[("33.75", 2)]), "of the programme");
    let only = ask(&story, "persons_trained", "2025-02-03", |q| q.program = Some(story::program(3)));
    assert_eq!(known(&only), [Some(1)], "a programme of unit IKM that names persons counts them, too");
}

#[test]
fn persons_that_no_enrolment_names_complete_nothing_in_programmes_of_persons() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", Some(11), Present)),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present)),
    ]);
    assert_eq!(known(&ask(&story, "trained", "2025-02-03", |_| {})), [Some(0), Some(0)]);
}

/// Enough days are not enough before the last one.
#[test]
fn nobody_completes_a_programme_that_is_not_over() {
    const DAYS: [&str; 5] = ["2025-02-03", "2025-02-04", "2025-02-05", "2025-02-06", "2025-02-07"];
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &DAYS)),
        ("2025-01-03", story::enrolled(1, 1, None, &[11])),
    ]);
    for day in &DAYS[..4] {
        story.add(day, story::attended(1, (1, 1), day, Some(11), Present));
    }
    on_days(&story, "trained", &[("2025-02-06", &[0, 0]), ("2025-02-07", &[1, 1])]);
}

/// However programmes, groups, sessions and enrolments follow each other in the log.
#[test]
fn schedules_are_those_of_the_programme_and_group_in_any_order() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, Some(100))),
        ("2025-01-01", story::opened(2, "33.75", "basic_batik", Unit::Person, Some(100))),
    ]);
    for (program, session, group, day) in [
        (1, 1, Some("a"), "2025-02-03"),
        (2, 2, None, "2025-02-03"),
        (1, 3, Some("b"), "2025-02-04"),
        (1, 4, Some("a"), "2025-02-05"),
        (2, 5, None, "2025-02-05"),
        (1, 6, None, "2025-02-06"), // for all groups
    ] {
        story.add("2025-01-02", story::scheduled(program, session, group, &[day]));
    }
    for (program, group, person) in [(1, "a", 11), (2, "c", 11), (1, "b", 12), (1, "b", 11)] {
        story.add("2025-01-03", story::enrolled(1, program, Some(group), &[person]));
    }
    let attend = |story: &mut Story, person, program, session, day| {
        story.add(day, story::attended(1, (program, session), day, Some(person), Present));
    };
    let completed =
        |story: &Story| by(&ask(story, "trained", "2025-12-31", |_| {}), "theme", "trained_persons");
    // Group a has sessions 1, 4 and 6.
    for missing in [1, 4, 6] {
        let mut two_of_three = story.clone();
        for (session, day) in [(1, "2025-02-03"), (4, "2025-02-05"), (6, "2025-02-06")] {
            if session != missing {
                attend(&mut two_of_three, 11, 1, session, day);
            }
        }
        assert_eq!(completed(&two_of_three), rows(&[]), "without session {missing}");
    }
    for (session, day) in [(1, "2025-02-03"), (4, "2025-02-05"), (6, "2025-02-06"), (3, "2025-02-04")] {
        attend(&mut story, 11, 1, session, day);
    }
    assert_eq!(completed(&story), rows(&[("export", 1)]), "and nobody for person 12");
    // Group b has 3 and 6.
    attend(&mut story, 12, 1, 6, "2025-02-06");
    attend(&mut story, 12, 1, 3, "2025-02-04");
    assert_eq!(completed(&story), rows(&[("export", 2)]));
    // Group c has no sessions of its own, and so those for all.
    attend(&mut story, 11, 2, 5, "2025-02-05");
    assert_eq!(completed(&story), rows(&[("export", 2)]));
    attend(&mut story, 11, 2, 2, "2025-02-03");
    assert_eq!(completed(&story), rows(&[("basic_batik", 1), ("export", 2)]));
}

#[test]
fn a_follow_up_day_takes_nobody_s_completion_away() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, Some(100))),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[11])),
        ("2025-01-03", story::enrolled(2, 1, None, &[21])),
        ("2025-02-01", story::attended(1, (1, 1), "2025-02-01", Some(11), Present)),
    ]);
    on_days(&story, "trained", &[("2025-01-31", &[0, 0]), ("2025-02-01", &[1, 1])]);
    // Scheduled after the closing day, to a day that person 11 does not come.
    story.add("2025-02-02", story::scheduled(1, 2, None, &["2025-03-01"]));
    on_days(&story, "trained", &[("2025-02-02", &[1, 1]), ("2025-03-01", &[1, 1])]);
    // Person 21 comes to that day only: the first is scheduled, too.
    story.add("2025-03-01", story::attended(2, (1, 2), "2025-03-01", Some(21), Present));
    on_days(&story, "trained", &[("2025-12-31", &[1, 1])]);
    // With a first day: only who completed from it on.
    let from = |day| values(&ask(&story, "trained", "2025-12-31", |q| q.from = Some(story::date(day))));
    assert_eq!((from("2025-02-01"), from("2025-02-02")), (vec![1, 1], vec![0, 0]));
}

#[test]
fn a_follow_up_day_that_was_scheduled_before_the_end_counts() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, Some(100))),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[11])),
        ("2025-01-31", story::scheduled(1, 2, None, &["2025-03-01"])),
        ("2025-02-01", story::attended(1, (1, 1), "2025-02-01", Some(11), Present)),
    ]);
    on_days(&story, "trained", &[("2025-02-28", &[0, 0]), ("2025-03-01", &[0, 0])]);
    story.add("2025-03-01", story::attended(1, (1, 2), "2025-03-01", Some(11), Present));
    on_days(&story, "trained", &[("2025-02-28", &[0, 0]), ("2025-03-01", &[1, 1])]);
}

/// 360 minutes each day.
#[test]
fn completion_is_by_minutes_and_a_day_without_them_is_the_whole_day() {
    let completed = |percent, minutes: [Option<u16>; 2]| {
        let mut story = tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, Some(percent))),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
            ("2025-01-03", story::enrolled(1, 1, None, &[11])),
        ]);
        for (day, minutes) in ["2025-02-01", "2025-02-02"].into_iter().zip(minutes) {
            story.add(day, story::attended_for(1, (1, 1), day, (Some(11), minutes), Present));
        }
        figures(&story, "trained", "2025-02-02")
    };
    assert_eq!(completed(75, [Some(180), Some(360)]), [1, 1], "540 of 720");
    assert_eq!(completed(76, [Some(180), Some(360)]), [0, 0]);
    assert_eq!(completed(75, [Some(179), None]), [0, 0]);
    assert_eq!(completed(75, [Some(180), None]), [1, 1]);
    assert_eq!(completed(100, [None, None]), [1, 1]);
    assert_eq!(completed(50, [Some(0), None]), [1, 1]);
}

#[test]
fn of_a_delegation_the_longest_of_its_minutes_counts() {
    let completed = |minutes: [u16; 2]| {
        let mut story = tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(50))),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01"])),
            ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ]);
        for (person, minutes) in [1, 2].into_iter().zip(minutes) {
            let who = (Some(person), Some(minutes));
            story.add("2025-02-01", story::attended_for(1, (1, 1), "2025-02-01", who, Present));
        }
        ask(&story, "trained", "2025-02-01", |_| {})
    };
    assert_eq!(known(&completed([180, 10])), [Some(1), None], "180 of 360; nobody is named by the enrolment");
    assert_eq!(known(&completed([100, 179])), [Some(0), None], "they are not added up");
}

/// Three IKMs that completed a programme on 2 February 2024.
fn completed_in_2024() -> Story {
    let mut story = tell(vec![
        ("2024-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2024-01-02", story::scheduled(1, 1, None, &["2024-02-02"])),
    ]);
    for who in 1..=3 {
        story.add("2024-01-01", story::registered(who, "33.74", None));
        story.add("2024-01-03", story::enrolled(who, 1, None, &[]));
        story.add("2024-02-02", story::attended(who, (1, 1), "2024-02-02", None, Present));
    }
    story
}

#[test]
fn survival_looks_at_the_day_a_year_after_completing_and_not_at_today() {
    let mut story = completed_in_2024();
    // Of a leap year: 365 days after 2 February 2024 is 1 February 2025.
    on_days(&story, "survival", &[("2025-01-31", &[0; 5]), ("2025-02-01", &[3, 3, 0, 0, 0])]);
    story.add("2025-01-01", story::closed(1));
    story.add("2025-02-02", story::closed(2));
    on_days(&story, "survival", &[("2025-06-01", &[3, 2, 0, 0, 2]), ("2026-02-01", &[3, 2, 3, 1, 2])]);
    let answer = ask(&story, "survival", "2026-02-01", |_| {});
    assert_eq!(answer.shares[1].basis_points, Some(3333));
    assert_eq!(by_area(&answer, "open_one_year_later"), rows(&[("33.75", 2)]));
    // Whoever reopened in time was open on the day.
    story.add("2025-01-31", story::reopened(1));
    on_days(&story, "survival", &[("2026-02-01", &[3, 3, 3, 2, 1])]);
    let later = ask(&story, "survival", "2026-02-01", |q| q.from = Some(story::date("2024-02-03")));
    assert_eq!(values(&later), [0; 5]);
}

#[test]
fn time_to_is_the_median_of_three_or_more_and_not_known_of_fewer() {
    let mut story = completed_in_2024();
    for (who, day) in [(1, "2024-02-12"), (2, "2024-02-22")] {
        story.add(day, story::assessed(who, 1, "sih_batik", Verdict::Failed));
    }
    // What came before is no answer to the training.
    story.add("2024-02-01", story::assessed(3, 1, "sih_batik", Verdict::Passed));
    let asked = |story: &Story| known(&ask(story, "time_to", "2024-12-31", |_| {}));
    assert_eq!(asked(&story), [None, Some(2), None, Some(0)]);
    story.add("2024-05-02", story::assessed(3, 1, "sih_batik", Verdict::Passed));
    assert_eq!(asked(&story), [Some(20), Some(3), None, Some(0)]);
    // Only the first one after it counts, and only certificates that name the programme.
    for number in [7, 8, 9] {
        story.add(
            "2024-03-01",
            story::certified(number, "sni", story::by_ikm(number - 6), "2024-03-01", "2028-01-01"),
        );
    }
    assert_eq!(asked(&story)[2..], [None, Some(0)]);
    story.add("2024-06-01", story::assessed(1, 1, "sih_batik", Verdict::Passed));
    for (number, day) in [(1, "2024-02-02"), (2, "2024-02-03"), (3, "2024-02-13")] {
        story.add(
            day,
            story::certified_through(number, Some(1), "sih", story::by_ikm(number), day, "2028-01-01"),
        );
    }
    assert_eq!(asked(&story), [Some(20), Some(3), Some(1), Some(3)]);
}

#[test]
fn a_person_whom_several_ikms_sent_counts_once() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "35.76", None)),
    ]);
    for (program, theme) in [(1, "export"), (2, "basic_batik")] {
        story.add("2025-01-01", story::opened(program, "33.26", theme, Unit::Person, None));
        story.add("2025-01-02", story::scheduled(program, program, None, &["2025-02-01"]));
        story.add("2025-01-03", story::enrolled(program, program, None, &[11]));
        let came = story::attended(program, (program, program), "2025-02-01", Some(11), Present);
        story.add("2025-02-01", came);
    }
    let answer = ask(&story, "persons_trained", "2025-12-31", |_| {});
    assert_eq!(values(&answer), [1]);
    assert_eq!(by_area(&answer, "persons_trained"), rows(&[("33.26", 1)]));
    let of_ikms = ask(&story, "persons_trained", "2025-12-31", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikms, "persons_trained"), rows(&[("33.75", 1), ("35.76", 1)]));
    assert_eq!(figures(&story, "trained", "2025-12-31"), [2, 1]);
    assert_eq!(figures(&story, "export_trained", "2025-12-31"), [1, 1], "basic batik is not exporting");
    assert_eq!(figures(&story, "green_trained", "2025-12-31"), [0, 0]);
}

#[test]
fn where_no_programme_names_persons_their_number_is_not_known() {
    let story = completed_in_2024();
    assert_eq!(known(&ask(&story, "trained", "2024-12-31", |_| {})), [Some(3), None]);
    assert_eq!(known(&ask(&story, "persons_trained", "2024-12-31", |_| {})), [None]);
    assert_eq!(known(&ask(&story, "enrolled", "2024-12-31", |_| {})), [Some(3), None]);
}

/// Programme 2 counts persons. Before anybody completes it, and in a period in which nobody did, it says nothing of the
/// persons of programme 1; where nothing counts at all, it says that there are none.
#[test]
fn persons_of_a_programme_in_which_nobody_counts_are_not_told() {
    let mut story = completed_in_2024();
    story.add("2024-01-01", story::opened(2, "33.75", "basic_batik", Unit::Person, None));
    story.add("2024-01-01", story::person_registered(1, Some(1)));
    story.add("2024-01-02", story::scheduled(2, 2, None, &["2025-06-01"]));
    story.add("2024-01-03", story::enrolled(1, 2, None, &[1]));
    story.add("2025-06-01", story::attended(1, (2, 2), "2025-06-01", Some(1), Present));
    let of = |view, day, narrow: fn(&mut Question)| known(&ask(&story, view, day, narrow));
    let programs_of_2024 = |day| (of("trained", day, |_| {}), of("persons_trained", day, |_| {}));
    assert_eq!(programs_of_2024("2024-12-31"), (vec![Some(3), None], vec![None]));
    assert_eq!(programs_of_2024("2025-06-01"), (vec![Some(3), Some(1)], vec![Some(1)]));
    let in_2024 = |question: &mut Question| question.from = Some(story::date("2024-01-01"));
    assert_eq!(of("trained", "2024-12-31", in_2024), [Some(3), None]);
    assert_eq!(of("participated", "2024-12-31", in_2024)[..2], [Some(3), None]);
    let of_2 = |question: &mut Question| question.program = Some(story::program(2));
    assert_eq!(of("trained", "2024-12-31", of_2), [Some(0), Some(0)]);
    let row_of_2 = |question: &mut Question| {
        question.only = OnlyRow::new("program", Some(&story::program(2).to_string())).ok();
    };
    assert_eq!(of("trained", "2024-12-31", row_of_2), [Some(0), Some(0)]);
    assert_eq!(of("persons_trained", "2024-12-31", row_of_2), [Some(0)]);
    let of_1 = |question: &mut Question| question.program = Some(story::program(1));
    assert_eq!(of("trained", "2024-01-31", of_1), [Some(0), None], "nothing counts yet");
    let later = |question: &mut Question| question.from = Some(story::date("2025-01-01"));
    assert_eq!(of("trained", "2025-01-31", later), [Some(0), Some(0)], "nothing counts");
    assert_eq!(of("participated", "2025-06-01", later)[..2], [Some(1), Some(1)]);
    // Who never came counts in programme 1 alone, which names nobody; in programme 2 all came.
    story.add("2024-01-04", story::enrolled(4, 1, None, &[]));
    assert_eq!(of_no_show(&story, |_| {}), [Some(1), None]);
    assert_eq!(of_no_show(&story, of_2), [Some(0), Some(0)]);
    let before = known(&ask(&story, "participated", "2025-05-31", |_| {}));
    assert_eq!(before[..4], [Some(3), None, Some(1), None], "nobody came to programme 2 yet");
    let in_2025 = |question: &mut Question| question.from = Some(story::date("2025-01-01"));
    assert_eq!(known(&ask(&story, "enrolled", "2025-06-01", in_2025)), [Some(0), Some(0)]);
    assert_eq!(known(&ask_version(&story, ("enrolled", 1), "2025-06-01", in_2025)), [Some(0), Some(0)]);
    assert_eq!(known(&ask(&story, "withdrawn", "2025-06-01", |_| {})), [Some(0), Some(0)], "nobody left");
    story.add("2024-01-05", story::waitlisted(3, 2, None, &[]));
    let waiting = known(&ask(&story, "waitlisted", "2024-02-01", |_| {}));
    assert_eq!(waiting, [Some(1), Some(0)], "it counts persons, and none is named");
}

/// A programme of unit IKM on two days, to which IKM 1 names nobody and comes.
fn named_by_some(theme: &str) -> Story {
    let mut story = tell(vec![
        ("2024-01-01", story::registered(1, "33.74", None)),
        ("2024-01-01", story::registered(2, "35.76", None)),
    ]);
    for (program, theme) in [(1, "export"), (3, theme)] {
        story.add("2024-01-01", story::opened(program, "33.75", theme, Unit::Ikm, None));
        story.add("2024-01-02", story::scheduled(program, program, None, &TWO_DAYS));
    }
    story.add("2024-01-03", story::enrolled(1, 1, None, &[]));
    for day in TWO_DAYS {
        story.add(day, story::attended(1, (1, 1), day, None, Present));
    }
    story
}

const TWO_DAYS: [&str; 2] = ["2024-02-01", "2024-02-02"];

/// IKM 2 names two persons who come on one of so many days each: the delegation completes on two, and neither of them.
fn each_on_a_day(story: &mut Story, program: u32, days: usize) {
    story.add("2024-01-03", story::enrolled(2, program, None, &[21, 22]));
    for (person, day) in [21, 22].into_iter().zip(TWO_DAYS).take(days) {
        story.add(day, story::attended(2, (program, program), day, Some(person), Present));
    }
}

/// What a programme knows of its persons says something beside what counts in it, and nothing beside what counts in another
/// one or, where results count by the area of the IKM, in another area alone.
#[test]
fn of_ikms_that_name_nobody_the_persons_are_not_told_by_others() {
    let by_ikm = |question: &mut Question| question.area_of = Some(AreaOf::Ikm);
    let of = |story: &Story, narrow: fn(&mut Question)| {
        let [both, persons] =
            ["trained", "persons_trained"].map(|view| known(&ask(story, view, "2024-12-31", narrow)));
        assert_eq!(both[1..], persons, "both views tell the same");
        both
    };
    // IKM 2 names persons in the programme of IKM 1.
    let mut story = named_by_some("basic_batik");
    each_on_a_day(&mut story, 1, 2);
    assert_eq!(of(&story, |_| {}), [Some(2), Some(0)]);
    assert_eq!(of(&story, by_ikm), [Some(2), Some(0)]);
    let narrowed = |story: &Story| {
        let in_area = |code| {
            known(&ask(story, "trained", "2024-12-31", |question| {
                (question.area, question.area_of) = (Some(story::area(code)), Some(AreaOf::Ikm));
            }))
        };
        [in_area("33.74"), in_area("35.76")]
    };
    assert_eq!(narrowed(&story), [[Some(1), None], [Some(1), Some(0)]]);
    // The same, but IKM 2 does not complete.
    let mut story = named_by_some("basic_batik");
    each_on_a_day(&mut story, 1, 1);
    assert_eq!(of(&story, |_| {}), [Some(1), Some(0)], "the programme names persons");
    assert_eq!(of(&story, by_ikm), [Some(1), None], "what counts is where nobody is named");
    assert_eq!(narrowed(&story), [[Some(1), None], [Some(0), Some(0)]]);
    // IKM 2 names persons in another programme, be that of the same theme or not.
    for theme in ["export", "basic_batik"] {
        for (days, expected) in [(1, [Some(1), None]), (2, [Some(2), Some(0)])] {
            let mut story = named_by_some(theme);
            // A person in another one, who comes to nothing.
            story.add("2024-01-01", story::opened(4, "33.75", "halal", Unit::Person, None));
            story.add("2024-01-02", story::scheduled(4, 4, None, &TWO_DAYS));
            story.add("2024-01-03", story::enrolled(1, 4, None, &[11]));
            each_on_a_day(&mut story, 3, days);
            assert_eq!(of(&story, |_| {}), expected, "{theme}, {days} days");
        }
    }
}

fn of_no_show(story: &Story, narrow: fn(&mut Question)) -> Vec<Option<u64>> {
    known(&ask(story, "participated", "2025-06-01", narrow))[2..4].to_vec()
}

/// IKM 1 completes another programme on 1 June 2024, and closes nine months later.
#[test]
fn first_completed_is_first_within_what_is_asked_for() {
    let mut story = completed_in_2024();
    story.add("2024-01-01", story::opened(2, "33.75", "basic_batik", Unit::Ikm, None));
    story.add("2024-01-02", story::scheduled(2, 2, None, &["2024-06-01"]));
    story.add("2024-01-03", story::enrolled(1, 2, None, &[]));
    story.add("2024-06-01", story::attended(1, (2, 2), "2024-06-01", None, Present));
    story.add("2025-03-01", story::closed(1));
    let of = |narrow: fn(&mut Question)| values(&ask(&story, "survival", "2025-07-01", narrow));
    assert_eq!(of(|_| {}), [3, 3, 0, 0, 1], "open on 1 February 2025, a year after the first");
    assert_eq!(of(|q| q.program = Some(story::program(2))), [1, 0, 0, 0, 1]);
    assert_eq!(of(|q| q.from = Some(story::date("2024-02-02"))), [3, 3, 0, 0, 1]);
    assert_eq!(of(|q| q.from = Some(story::date("2024-02-03"))), [0; 5], "IKM 1 completed one before");
}

/// Whoever holds it for the IKM; the means are of the two in the middle.
#[test]
fn of_four_days_the_median_is_the_mean_of_the_middle_rounded_up() {
    let mut story = completed_in_2024();
    story.add("2024-01-01", story::registered(4, "33.74", None));
    story.add("2024-01-01", story::person_registered(31, Some(3)));
    story.add("2024-01-03", story::enrolled(4, 1, None, &[]));
    story.add("2024-02-02", story::attended(4, (1, 1), "2024-02-02", None, Present));
    // After 10, 11, 20 and 31 days.
    for (who, day) in [(1, "2024-02-12"), (2, "2024-02-13"), (3, "2024-02-22"), (4, "2024-03-04")] {
        story.add(day, story::assessed(who, 1, "sih_batik", Verdict::Failed));
    }
    let holders = [story::by_ikm(1), story::by_product(2, "cap"), story::by_person(31)];
    for (number, (holder, day)) in
        (1..).zip(holders.into_iter().zip(["2024-02-02", "2024-02-05", "2024-02-09"]))
    {
        story.add(day, story::certified_through(number, Some(1), "sni", holder, day, "2028-01-01"));
    }
    let answer = ask(&story, "time_to", "2024-12-31", |_| {});
    assert_eq!(known(&answer), [Some(16), Some(4), Some(3), Some(3)]);
    assert_eq!(by_area(&answer, "assessed_after"), rows(&[("33.75", 4)]));
    let of_ikm = ask(&story, "time_to", "2024-12-31", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "assessed_after"), rows(&[("33.74", 4)]));
    let since = |from| values(&ask(&story, "time_to", "2024-12-31", |q| q.from = Some(story::date(from))));
    assert_eq!((since("2024-02-02"), since("2024-02-03")), (vec![16, 4, 3, 3], vec![0; 4]));
}
