//! `registered`: who is in the register, where, how large, whether at work.

use jejak_events::types::{Holder, ScaleRule};

use super::*;

#[test]
fn registered_from_the_day_of_registration() {
    let story = tell(vec![
        ("2025-01-10", story::registered(1, "33.75", None)),
        ("2025-02-10", story::registered(2, "33.75", None)),
    ]);
    on_days(
        &story,
        "registered",
        &[("2025-01-09", &[0]), ("2025-01-10", &[1]), ("2025-02-09", &[1]), ("2025-02-10", &[2])],
    );
    let in_february = ask(&story, "registered", "2025-02-28", |q| q.from = Some(story::date("2025-01-11")));
    assert_eq!(values(&in_february), [1]);
    let all = ask(&story, "registered", "2025-02-28", |q| q.from = Some(story::date("2025-01-10")));
    assert_eq!(values(&all), [2]);
}

#[test]
fn a_closed_ikm_is_not_registered_until_it_works_again() {
    let mut story = tell(vec![
        ("2025-01-10", story::registered(1, "33.75", None)),
        ("2025-02-01", story::closed(1)),
        ("2025-03-01", story::reopened(1)),
        ("2025-04-01", story::closed(1)),
    ]);
    on_days(
        &story,
        "registered",
        &[
            ("2025-01-31", &[1]),
            ("2025-02-01", &[0]), // the first day that it does not work
            ("2025-02-28", &[0]),
            ("2025-03-01", &[1]), // the first day that it does again
            ("2025-03-31", &[1]),
            ("2025-04-01", &[0]),
        ],
    );
    // Of two on one day the later record decides.
    story.add("2025-04-01", story::reopened(1));
    on_days(&story, "registered", &[("2025-04-01", &[1])]);
    let member = &ask(&story, "registered", "2025-04-01", |_| {}).members[0];
    assert_eq!(member.events, [0, 4], "what says that it works now");
}

#[test]
fn area_commodity_and_size_are_those_on_record_on_the_day() {
    let kecil = story::by_workers(Scale::Kecil);
    let (menengah, mikro) = (story::by_workers(Scale::Menengah), story::by_capital(Scale::Mikro));
    let mut story = tell(vec![
        ("2025-01-01", story::registered_as(1, "33.75", "batik", &[kecil])),
        ("2025-02-01", story::moved(1, "35.76")),
        ("2025-03-01", story::profile_changed(1, None, Some("tenun"), &[])),
        ("2025-04-01", story::profile_changed(1, None, None, &[menengah, mikro])),
    ]);
    let on = |day| ask(&story, "registered", day, |_| {});
    assert_eq!(by_area(&on("2025-01-31"), "registered"), rows(&[("33.75", 1)]));
    assert_eq!(by_area(&on("2025-02-01"), "registered"), rows(&[("35.76", 1)]));
    for day in ["2025-02-28", "2025-03-01", "2025-04-01"] {
        // What is not said stays as it was.
        assert_eq!(by_area(&on(day), "registered"), rows(&[("35.76", 1)]), "{day}");
        let commodity = if day < "2025-03-01" { "batik" } else { "tenun" };
        assert_eq!(by(&on(day), "commodity", "registered"), rows(&[(commodity, 1)]), "{day}");
    }
    let sizes = |day| {
        let of = |by_rule| by(&on(day), by_rule, "registered")[0].0.clone();
        [of("scale_permenperin_64_2016"), of("scale_pp_7_2021")]
    };
    assert_eq!(sizes("2025-03-31"), ["kecil", "-"]);
    assert_eq!(sizes("2025-04-01"), ["menengah", "mikro"]);

    // Where one class is said, the other is meant to be none; where neither is, both stay.
    for (says, expected) in [(menengah, ["menengah", "-"]), (mikro, ["-", "mikro"])] {
        let mut again = story.clone();
        again.add("2025-05-01", story::profile_changed(1, None, None, &[says]));
        again.add("2025-05-02", story::profile_changed(1, None, Some("batik"), &[]));
        let answer = ask(&again, "registered", "2025-05-02", |_| {});
        let of = |by_rule| by(&answer, by_rule, "registered")[0].0.clone();
        assert_eq!([of("scale_permenperin_64_2016"), of("scale_pp_7_2021")], expected);
    }

    let narrowed = |day, narrow: &dyn Fn(&mut Question)| values(&ask(&story, "registered", day, narrow));
    for (day, before) in [("2025-01-31", true), ("2025-02-01", false)] {
        // A province adds up its kabupaten and kota, by where the IKM is on the day.
        let within = |area: &'static str| narrowed(day, &|q| q.area = Some(story::area(area)));
        assert_eq!([within("33"), within("33.75")], [[u64::from(before)], [u64::from(before)]]);
        assert_eq!([within("35"), within("35.76")], [[u64::from(!before)], [u64::from(!before)]]);
        assert_eq!(within("33.74"), [0]);
    }
    let sized = |day, scale| narrowed(day, &|q| q.scale = Some(scale));
    assert_eq!([sized("2025-03-31", kecil), sized("2025-04-01", kecil)], [[1], [0]]);
    assert_eq!([sized("2025-03-31", menengah), sized("2025-04-01", menengah)], [[0], [1]]);
    assert_eq!(sized("2025-04-01", mikro), [1]);
    assert_eq!(sized("2025-04-01", story::by_capital(Scale::Menengah)), [0], "each rule by itself");
    assert_eq!(mikro.rule, ScaleRule::Pp7Of2021);

    // Changes apply in the order of their days, whenever they were recorded.
    story.add("2025-01-15", story::moved(1, "33.74"));
    let late = ask(&story, "registered", "2025-02-01", |_| {});
    assert_eq!(by_area(&late, "registered"), rows(&[("35.76", 1)]));
    let early = ask(&story, "registered", "2025-01-15", |_| {});
    assert_eq!(by_area(&early, "registered"), rows(&[("33.74", 1)]));
}

#[test]
fn other_views_go_by_the_area_of_the_day_asked_for() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-05", story::shipped(1, "JP", "6204")),
        ("2025-02-01", story::moved(1, "35.76")),
    ]);
    let where_it_exported = |day| by_area(&ask(&story, "exported", day, |_| {}), "exported");
    assert_eq!(where_it_exported("2025-01-31"), rows(&[("33.75", 1)]));
    // It shipped from the old place, but lies in the new one on the day.
    assert_eq!(where_it_exported("2025-02-01"), rows(&[("35.76", 1)]));
}

/// A move that says no district leaves it unknown.
#[test]
fn a_district_is_that_of_the_last_move() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-02-01", story::moved_within(1, "33.75", "33.75.02")),
        ("2025-03-01", story::moved(1, "33.75")),
    ]);
    let of = |day| by(&ask(&story, "registered", day, |_| {}), "district", "registered");
    assert_eq!(of("2025-01-01"), rows(&[("-", 1)]));
    assert_eq!(of("2025-02-01"), rows(&[("33.75.02", 1)]));
    assert_eq!(of("2025-03-01"), rows(&[("-", 1)]));
}

/// Working for an IKM, where that is; left it, where they were said to be.
#[test]
fn a_certificate_of_a_person_without_an_ikm_counts_where_they_are() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::person_in("33.74", story::person_registered(1, Some(1)))),
        ("2025-01-02", story::certified(1, "competence", story::by_person(1), "2025-01-02", "2026-01-01")),
        ("2025-02-01", story::person_moved(1, None)),
        ("2025-03-01", story::person_in("35.76", story::person_moved(1, None))),
    ]);
    let of = |day| by_area(&ask(&story, "certified", day, |_| {}), "certified_persons");
    assert_eq!(of("2025-01-31"), rows(&[("33.75", 1)]));
    assert_eq!(of("2025-02-01"), rows(&[("33.74", 1)]));
    assert_eq!(of("2025-03-01"), rows(&[("35.76", 1)]));
    let ending = ask(&story, "certificates_expiring", "2025-11-01", |_| {});
    assert_eq!(by_area(&ending, "certificates_expiring"), rows(&[("35.76", 1)]));
    let answer =
        ask(&story, "certified", "2025-03-01", |question| question.area = Some(story::area("35.76")));
    assert_eq!(values(&answer), [0, 1, 0]);
    assert_eq!(answer.members[0].events, [1, 2, 4], "the last one says where");
}

/// A certificate of a person counts in the area of the IKM that the person works for on the day.
#[test]
fn a_person_may_work_for_another_ikm_and_for_none() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::person_registered(1, Some(1))),
        (
            "2025-01-02",
            story::certified(
                1,
                "competence",
                Holder::Person { person: story::person(1) },
                "2025-01-02",
                "2026-01-01",
            ),
        ),
        ("2025-02-01", story::person_moved(1, Some(2))),
        ("2025-03-01", story::person_moved(1, None)),
    ]);
    let of = |day| by_area(&ask(&story, "certified", day, |_| {}), "certified_persons");
    assert_eq!(of("2025-01-31"), rows(&[("33.75", 1)]));
    assert_eq!(of("2025-02-01"), rows(&[("33.74", 1)]));
    assert_eq!(of("2025-03-01"), rows(&[("-", 1)]));
}
