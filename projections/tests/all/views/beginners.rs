//! Persons in their own name: they count as persons, of no IKM, and as beginners.

use jejak_events::types::ikm::AttendanceStatus::Absent;
use jejak_projections::question::AreaOf;

use super::*;

/// One comes and registers an IKM, one comes and has one already, one stays away, one leaves, one waits.
fn five() -> Story {
    let own = story::in_own_name;
    let place = |who| own(who, story::enrolled(0, 1, None, &[]));
    let came = |who, status| own(who, story::attended(0, (1, 1), "2025-02-01", None, status));
    let mut story = tell(vec![
        ("2025-01-01", story::opened(1, "33.75", "basic_batik", Unit::Person, None)),
        ("2025-01-01", story::scheduled(1, 1, None, &["2025-02-01"])),
    ]);
    for who in 1..=5 {
        story.add("2025-01-01", story::person_registered(who, None));
    }
    for (day, happening) in [
        ("2025-01-05", story::owned(2, story::registered(2, "33.75", None))),
        ("2025-01-10", place(1)),
        ("2025-01-10", place(2)),
        ("2025-01-10", place(3)),
        ("2025-01-10", place(4)),
        ("2025-01-10", own(5, story::waitlisted(0, 1, None, &[]))),
        ("2025-01-20", own(4, story::withdrawn(0, 1, &[]))),
        ("2025-02-01", came(1, Present)),
        ("2025-02-01", came(2, Present)),
        ("2025-02-01", came(3, Absent)),
        ("2025-06-01", story::owned(1, story::registered(1, "33.74", None))),
    ] {
        story.add(day, happening);
    }
    story
}

#[test]
fn of_those_in_their_own_name_some_register_an_ikm_later() {
    let story = five();
    let of = |day| values(&ask(&story, "beginners", day, |_| {}));
    assert_eq!(known(&ask(&story, "beginners", "2025-01-09", |_| {})), [Some(0); 3], "nobody is known");
    assert_eq!(of("2025-01-31"), [4, 0, 0], "who left was given a place, too");
    assert_eq!(of("2025-05-31"), [4, 2, 0]);
    assert_eq!(
        of("2025-06-01"),
        [4, 2, 1],
        "an IKM of before the training makes nobody a beginner who began"
    );
    assert_eq!(
        by_area(&ask(&story, "beginners", "2025-06-01", |_| {}), "beginners_registered"),
        rows(&[("33.75", 1)])
    );
}

/// Who completed in one quarter and registered an IKM in the next stands in neither row as one who registered, and in that of
/// the year.
#[test]
fn a_row_of_a_series_is_of_those_who_completed_in_its_period() {
    let story = five();
    let of = |from, on| values(&ask(&story, "beginners", on, |q| q.from = Some(story::date(from))));
    assert_eq!(of("2025-01-01", "2025-03-31"), [4, 2, 0]);
    assert_eq!(of("2025-04-01", "2025-06-30"), [0, 0, 0]);
    assert_eq!(of("2025-01-01", "2025-12-31"), [4, 2, 1]);
}

/// What they do is counted of persons, and of no IKM.
#[test]
fn persons_in_their_own_name_are_of_no_ikm() {
    let story = five();
    let of = |view, day| values(&ask(&story, view, day, |_| {}));
    assert_eq!(of("enrolled", "2025-06-30"), [0, 3]);
    assert_eq!(of("waitlisted", "2025-06-30"), [0, 1], "the places of others end no wait");
    assert_eq!(of("trained", "2025-06-30"), [0, 2]);
    assert_eq!(of("withdrawn", "2025-06-30"), [0, 1]);
    assert_eq!(of("repeaters", "2025-06-30"), [0, 0, 0, 0, 2], "both IKMs were never present");
    // Participated, no show, incomplete, each of IKMs and of persons; days due and present.
    assert_eq!(of("participated", "2025-06-30"), [0, 2, 0, 1, 0, 0, 3, 2]);
    assert_eq!(of("hours", "2025-06-30")[0], 24, "eight for each of the three");
}

/// Two registrations of one person are one beginner, whichever of them had the place.
#[test]
fn a_person_in_their_own_name_may_be_merged() {
    let mut story = five();
    story.add("2025-07-01", story::person_registered(6, None));
    story.add("2025-07-01", story::person_merged(1, 6));
    assert_eq!(values(&ask(&story, "beginners", "2025-07-01", |_| {})), [4, 2, 1]);
    story.add("2025-07-02", story::person_merged(2, 6));
    assert_eq!(values(&ask(&story, "beginners", "2025-07-02", |_| {})), [3, 1, 1]);
}

#[test]
fn who_is_sent_by_an_ikm_is_no_beginner_and_a_period_has_its_own() {
    let mut story = five();
    story.add("2025-01-10", story::enrolled(2, 1, None, &[7]));
    story.add("2025-02-01", story::attended(2, (1, 1), "2025-02-01", Some(7), Present));
    let since = |from| values(&ask(&story, "beginners", "2025-06-30", |q| q.from = Some(story::date(from))));
    assert_eq!(since("2025-01-10"), [4, 2, 1]);
    assert_eq!(since("2025-01-11"), [0, 2, 1], "who completed, had the place before");
    assert_eq!(since("2025-02-02"), [0, 0, 0]);
    // An IKM that somebody else owns by then makes nobody a beginner who began.
    story.add("2025-06-15", story::owned(9, story::profile_changed(1, None, None, &[])));
    on_days(&story, "beginners", &[("2025-06-14", &[4, 2, 1]), ("2025-06-15", &[4, 2, 0])]);
}

/// By the area of the IKM they count where they are themselves: where they were last said to be, or else where the IKM is
/// that they work for.
#[test]
fn persons_in_their_own_name_count_where_they_are_when_asked_so() {
    let mut story = five();
    let of_ikm = |story: &Story, day| {
        let answer = ask(story, "enrolled", day, |q| q.area_of = Some(AreaOf::Ikm));
        answer
            .by_area
            .iter()
            .map(|row| (row.area.map(|area| area.to_string()), row.figures[1].value))
            .collect::<Vec<_>>()
    };
    let area = |code: &str| Some(code.to_owned());
    assert_eq!(of_ikm(&story, "2025-06-01"), [(None, Some(3))], "nobody said where they are");
    story.add("2025-03-01", story::person_in("33.74", story::person_moved(1, Some(2))));
    story.add("2025-03-01", story::person_moved(2, Some(2)));
    assert_eq!(of_ikm(&story, "2025-02-28"), [(None, Some(3))]);
    let moved = [(None, Some(1)), (area("33.74"), Some(1)), (area("33.75"), Some(1))];
    assert_eq!(of_ikm(&story, "2025-03-01"), moved);
    let in_semarang = ask(&story, "participated", "2025-06-01", |q| {
        (q.area, q.area_of) = (Some(story::area("33.74")), Some(AreaOf::Ikm));
    });
    assert_eq!(told(&in_semarang).len(), 1);
    assert!(in_semarang.members[0].events.contains(&18), "what says where the person is: {in_semarang:?}");
}

/// While the person that others were merged into is not registered, the first registered of them speaks for them.
#[test]
fn merged_persons_are_where_the_one_that_speaks_for_them_is() {
    let mut story = five();
    story.add("2025-01-02", story::person_in("35.76", story::person_registered(7, None)));
    story.add("2025-03-01", story::person_in("33.74", story::person_moved(1, None)));
    story.add("2025-06-20", story::person_in("33.26", story::person_registered(6, None)));
    story.add("2025-06-20", story::person_merged(1, 6));
    story.add("2025-06-20", story::person_merged(7, 6));
    let areas = |day| {
        let answer = ask(&story, "enrolled", day, |q| q.area_of = Some(AreaOf::Ikm));
        let areas = answer.by_area.iter().filter(|row| row.figures[1].value == Some(1));
        areas.filter_map(|row| row.area.map(|area| area.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(areas("2025-02-28"), [""; 0], "person 1 was registered first");
    assert_eq!(areas("2025-03-01"), ["33.74"]);
    assert_eq!(areas("2025-06-20"), ["33.26"]);
    story.add("2025-02-01", story::certified(1, "sni", story::by_person(1), "2025-02-01", "2028-01-31"));
    let held = |day| by_area(&ask(&story, "certified", day, |_| {}), "certified_persons");
    assert_eq!((held("2025-03-01"), held("2025-06-20")), (rows(&[("33.74", 1)]), rows(&[("33.26", 1)])));
}

/// So does who among them completed and began: the IKM that they registered since may be elsewhere.
#[test]
fn beginners_count_where_they_are_when_asked_so() {
    let mut story = five();
    story.add("2025-03-01", story::person_in("33.74", story::person_moved(1, None)));
    let in_area = |code: &str, area_of| {
        values(&ask(&story, "beginners", "2025-07-01", |q| {
            (q.area, q.area_of) = (Some(story::area(code)), area_of);
        }))
    };
    assert_eq!((in_area("33.75", None), in_area("33.74", None)), (vec![4, 2, 1], vec![0, 0, 0]));
    assert_eq!(in_area("33.74", Some(AreaOf::Ikm)), [1, 1, 1]);
    assert_eq!(in_area("33.75", Some(AreaOf::Ikm)), [0, 0, 0], "nobody said where the others are");
}
