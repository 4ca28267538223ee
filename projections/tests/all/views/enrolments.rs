//! `enrolled` in both versions, `waitlisted`.

use jejak_events::types::program::Unit;

use jejak_projections::question::AreaOf;

use super::*;

/// Registration of IKMs 1 to 3 and the opening of programmes 1 and 2.
fn begun() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::registered(3, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, None)),
        ("2025-01-01", story::opened(2, "33.75", "basic_batik", Unit::Person, None)),
    ])
}

#[test]
fn whoever_leaves_on_a_day_is_gone_the_day_after() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(1, 1, None, &[11, 12]));
    story.add("2025-02-01", story::enrolled(2, 1, None, &[21]));
    story.add("2025-02-10", story::withdrawn(1, 1, &[]));
    on_days(
        &story,
        "enrolled",
        &[("2025-01-31", &[0, 0]), ("2025-02-01", &[2, 3]), ("2025-02-10", &[2, 3]), ("2025-02-11", &[1, 1])],
    );
    // Version 1 counts those who left later, too.
    assert_eq!(figures_of_version(&story, "enrolled", 1, "2025-02-11"), [2, 3]);
    assert_eq!(figures_of_version(&story, "enrolled", 1, "2025-01-31"), [0, 0]);
}

#[test]
fn an_ikm_stays_until_the_last_of_its_persons_leaves() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(1, 1, None, &[11, 12]));
    story.add("2025-02-05", story::withdrawn(1, 1, &[11]));
    story.add("2025-02-06", story::withdrawn(1, 1, &[99])); // nobody of it
    story.add("2025-02-06", story::withdrawn(1, 2, &[12])); // from another programme
    story.add("2025-02-06", story::withdrawn(2, 1, &[12])); // said of another IKM
    story.add("2025-02-08", story::withdrawn(1, 1, &[12]));
    on_days(
        &story,
        "enrolled",
        &[("2025-02-05", &[1, 2]), ("2025-02-06", &[1, 1]), ("2025-02-08", &[1, 1]), ("2025-02-09", &[0, 0])],
    );
    // A place without names is not that of a person who leaves.
    story.add("2025-03-01", story::enrolled(2, 1, None, &[]));
    story.add("2025-03-02", story::withdrawn(2, 1, &[21]));
    on_days(&story, "enrolled", &[("2025-03-03", &[1, 0])]);
}

#[test]
fn whoever_left_may_come_back() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(1, 1, None, &[11]));
    story.add("2025-02-10", story::withdrawn(1, 1, &[]));
    story.add("2025-02-15", story::enrolled(1, 1, None, &[11, 12]));
    on_days(&story, "enrolled", &[("2025-02-11", &[0, 0]), ("2025-02-14", &[0, 0]), ("2025-02-15", &[1, 2])]);
    // On one day the order of the records decides: out and in again, then in and out.
    story.add("2025-02-20", story::withdrawn(1, 1, &[]));
    story.add("2025-02-20", story::enrolled(1, 1, None, &[12]));
    on_days(&story, "enrolled", &[("2025-02-20", &[1, 2]), ("2025-02-21", &[1, 1])]);
    story.add("2025-02-20", story::withdrawn(1, 1, &[]));
    on_days(&story, "enrolled", &[("2025-02-20", &[1, 2]), ("2025-02-21", &[0, 0])]);
    let later = ask(&story, "enrolled", "2025-02-19", |q| q.from = Some(story::date("2025-02-15")));
    assert_eq!(values(&later), [1, 2], "enrolments of the period");
    let later = ask(&story, "enrolled", "2025-02-19", |q| q.from = Some(story::date("2025-02-16")));
    assert_eq!(values(&later), [0, 0], "it has its place since before the period");
}

#[test]
fn each_counts_once_also_in_several_programmes() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(1, 1, None, &[11]));
    story.add("2025-02-02", story::enrolled(1, 2, None, &[11]));
    story.add("2025-02-02", story::enrolled(2, 2, None, &[21]));
    let answer = ask(&story, "enrolled", "2025-02-02", |_| {});
    assert_eq!(values(&answer), [2, 2]);
    assert_eq!(by(&answer, "theme", "enrolled"), rows(&[("basic_batik", 2), ("export", 1)]));
    assert_eq!(by_area(&answer, "enrolled_persons"), rows(&[("33.75", 2)]), "of the programme");
    let of_ikm = ask(&story, "enrolled", "2025-02-02", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "enrolled_persons"), rows(&[("33.74", 1), ("33.75", 1)]));
    let money = ask(&story, "enrolled", "2025-02-02", |q| q.funding = Some(story::code("apbd")));
    assert_eq!(values(&money), [2, 2], "programme 2 is paid by apbd");
    // A third programme, of a theme that was there before: each counts once under it.
    story.add("2025-01-01", story::opened(3, "33.75", "export", Unit::Person, None));
    story.add("2025-02-03", story::enrolled(1, 3, None, &[11]));
    let themes = by(&ask(&story, "enrolled", "2025-02-03", |_| {}), "theme", "enrolled_persons");
    assert_eq!(themes, rows(&[("basic_batik", 2), ("export", 1)]));
    // Left one of the two.
    story.add("2025-02-05", story::withdrawn(1, 1, &[]));
    on_days(&story, "enrolled", &[("2025-02-06", &[2, 2])]);
}

#[test]
fn a_place_ends_the_wait_at_once_and_a_withdrawal_the_day_after() {
    let mut story = begun();
    story.add("2025-02-01", story::waitlisted(1, 1, None, &[11, 12]));
    story.add("2025-02-01", story::waitlisted(2, 1, None, &[]));
    story.add("2025-02-05", story::enrolled(1, 2, None, &[11])); // in another programme
    story.add("2025-02-10", story::promoted(1, 1, None, &[11]));
    story.add("2025-02-12", story::withdrawn(2, 1, &[]));
    on_days(
        &story,
        "waitlisted",
        &[
            ("2025-01-31", &[0, 0]),
            ("2025-02-01", &[2, 2]),
            ("2025-02-09", &[2, 2]),
            ("2025-02-10", &[1, 0]), // the promotion takes the place of the whole entry
            ("2025-02-12", &[1, 0]),
            ("2025-02-13", &[0, 0]),
        ],
    );
    let places = |day| values(&ask(&story, "enrolled", day, |q| q.program = Some(story::program(1))));
    assert_eq!((places("2025-02-09"), places("2025-02-10")), (vec![0, 0], vec![1, 1]));
    assert_eq!(figures_of_version(&story, "enrolled", 1, "2025-02-10"), [1, 1], "a promotion is a place");
    // It waits anew after it had left.
    story.add("2025-02-20", story::waitlisted(2, 1, None, &[21]));
    on_days(&story, "waitlisted", &[("2025-02-19", &[0, 0]), ("2025-02-20", &[1, 1])]);
    let earlier = ask(&story, "waitlisted", "2025-02-09", |q| q.from = Some(story::date("2025-02-02")));
    assert_eq!(values(&earlier), [0, 0], "put on the list before the period");
}

#[test]
fn persons_leave_the_waiting_list_one_by_one() {
    let mut story = begun();
    story.add("2025-02-01", story::waitlisted(3, 1, None, &[31, 32]));
    story.add("2025-02-03", story::withdrawn(3, 1, &[31]));
    story.add("2025-02-05", story::withdrawn(3, 1, &[32]));
    on_days(
        &story,
        "waitlisted",
        &[("2025-02-03", &[1, 2]), ("2025-02-04", &[1, 1]), ("2025-02-05", &[1, 1]), ("2025-02-06", &[0, 0])],
    );
    // An enrolment that is no promotion is a place as well.
    story.add("2025-03-01", story::waitlisted(3, 2, None, &[31]));
    story.add("2025-03-02", story::enrolled(3, 2, None, &[31]));
    on_days(&story, "waitlisted", &[("2025-03-01", &[1, 1]), ("2025-03-02", &[0, 0])]);
}

/// The first version: whoever was ever given a place.
#[test]
fn version_one_of_enrolled_counts_every_place_that_was_given() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(1, 1, None, &[11]));
    story.add("2025-02-02", story::enrolled(1, 2, None, &[11]));
    story.add("2025-02-03", story::enrolled(2, 2, None, &[])); // names nobody
    story.add("2025-02-04", story::waitlisted(3, 2, None, &[31])); // no place
    story.add("2025-02-05", story::withdrawn(1, 1, &[]));
    story.add("2025-02-05", story::withdrawn(1, 2, &[]));
    let of = |narrow: fn(&mut Question)| values(&ask_version(&story, ("enrolled", 1), "2025-02-28", narrow));
    assert_eq!(of(|_| {}), [2, 1]);
    assert_eq!(of(|q| q.from = Some(story::date("2025-02-02"))), [2, 1]);
    assert_eq!(of(|q| q.from = Some(story::date("2025-02-03"))), [1, 0]);
    assert_eq!(of(|q| q.from = Some(story::date("2025-02-04"))), [0, 0]);
    assert_eq!(of(|q| q.area = Some(story::area("33.74"))), [0, 0], "both programmes lie in 33.75");
    let of_ikm = |q: &mut Question| (q.area, q.area_of) = (Some(story::area("33.74")), Some(AreaOf::Ikm));
    assert_eq!(of(of_ikm), [1, 0]);
}

#[test]
fn only_those_that_work_wait_and_only_for_programmes_that_are_open() {
    let mut story = begun();
    for who in 1..=3 {
        story.add("2025-02-01", story::waitlisted(who, 1, None, &[10 * who]));
    }
    story.add("2025-02-01", story::waitlisted(1, 2, None, &[10]));
    let answer = ask(&story, "waitlisted", "2025-02-01", |_| {});
    assert_eq!(values(&answer), [3, 3], "who waits twice counts once");
    assert_eq!(by(&answer, "theme", "waitlisted"), rows(&[("basic_batik", 1), ("export", 3)]));
    assert_eq!(by_area(&answer, "waitlisted"), rows(&[("33.75", 3)]), "of the programmes");
    let of_ikm = ask(&story, "waitlisted", "2025-02-01", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "waitlisted"), rows(&[("33.74", 1), ("33.75", 2)]));
    let since = |from| values(&ask(&story, "waitlisted", "2025-02-05", |q| q.from = Some(story::date(from))));
    assert_eq!((since("2025-02-01"), since("2025-02-02")), (vec![3, 3], vec![0, 0]));
    story.add("2025-02-10", story::closed(3));
    story.add("2025-02-12", story::reopened(3));
    story.add("2025-02-15", story::program_closed(1));
    on_days(
        &story,
        "waitlisted",
        &[
            ("2025-02-09", &[3, 3]),
            ("2025-02-10", &[2, 2]),
            ("2025-02-12", &[3, 3]),
            ("2025-02-14", &[3, 3]),
            ("2025-02-15", &[1, 1]), // for programme 2
        ],
    );
}
