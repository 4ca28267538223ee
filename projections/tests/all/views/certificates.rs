//! `green_certified`, `certified`, `certificates_expiring`.

use super::*;

use story::{by_ikm, by_person, by_product};

#[test]
fn green_certified_is_a_state_on_a_day() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-10-01", story::certified(1, "sih", by_ikm(1), "2025-10-08", "2025-12-31")),
        ("2025-10-10", story::certified(2, "sih", by_ikm(2), "2025-10-01", "2029-09-30")),
        ("2025-10-01", story::certified(3, "sni", by_ikm(2), "2025-01-01", "2029-09-30")),
        ("2025-10-01", story::certified(4, "sih", by_person(1), "2025-01-01", "2029-09-30")),
        ("2025-10-01", story::certified(5, "sih", by_product(3, "batik"), "2025-01-01", "2029-09-30")),
        ("2025-11-20", story::revoked(2)),
    ]);
    for (day, count) in [
        ("2025-10-07", 0), // issued, not yet valid
        ("2025-10-08", 1),
        ("2025-10-10", 2), // the second is issued only now, though valid before
        ("2025-11-19", 2),
        ("2025-11-20", 1), // revoked on its first day of not holding
        ("2025-12-31", 1), // the last day is inclusive
        ("2026-01-01", 0),
    ] {
        assert_eq!(figures(&story, "green_certified", day), [count], "{day}");
    }
}

#[test]
fn a_certificate_does_not_hold_while_it_is_suspended() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::certified(1, "sih", by_ikm(1), "2025-01-01", "2028-12-31")),
        ("2025-02-01", story::suspended(1)),
        ("2025-03-01", story::reinstated(1)),
        ("2025-04-01", story::suspended(1)),
    ]);
    let days: [(&str, &[u64]); 6] = [
        ("2025-01-31", &[1]),
        ("2025-02-01", &[0]), // the first day it does not hold
        ("2025-02-28", &[0]),
        ("2025-03-01", &[1]), // the first day it holds again
        ("2025-03-31", &[1]),
        ("2025-04-01", &[0]),
    ];
    on_days(&story, "green_certified", &days);
    // Of two on one day the later record decides.
    story.add("2025-04-01", story::reinstated(1));
    on_days(&story, "green_certified", &[("2025-04-01", &[1])]);
    // What was revoked is not reinstated, nor renewed.
    story.add("2025-05-01", story::revoked(1));
    story.add("2025-06-01", story::reinstated(1));
    story.add("2025-06-01", story::renewed(1, by_ikm(1), "2029-01-01", "2032-12-31"));
    for day in ["2025-05-01", "2025-06-01", "2029-01-01"] {
        assert_eq!(figures(&story, "green_certified", day), [0], "{day}");
    }
    on_days(&story, "green_certified", &[("2025-04-30", &[1])]);
}

#[test]
fn a_renewed_certificate_holds_in_its_further_term() {
    let renewed = |on: &'static str, from, to| {
        tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::certified(1, "sih", by_ikm(1), "2025-01-01", "2025-12-31")),
            (on, story::renewed(1, by_ikm(1), from, to)),
        ])
    };
    let without_gap = renewed("2025-12-15", "2026-01-01", "2026-12-31");
    on_days(
        &without_gap,
        "green_certified",
        &[("2025-12-31", &[1]), ("2026-01-01", &[1]), ("2026-12-31", &[1]), ("2027-01-01", &[0])],
    );
    let with_gap = renewed("2025-12-15", "2026-02-01", "2026-12-31");
    on_days(
        &with_gap,
        "green_certified",
        &[("2025-12-31", &[1]), ("2026-01-01", &[0]), ("2026-01-31", &[0]), ("2026-02-01", &[1])],
    );
    // Renewed in March for a term from January on: nobody held it in February.
    let late = renewed("2026-03-01", "2026-01-01", "2026-12-31");
    on_days(&late, "green_certified", &[("2026-02-28", &[0]), ("2026-03-01", &[1])]);
}

#[test]
fn certificates_expire_within_ninety_days() {
    let mut story = tell(vec![("2024-01-01", story::registered(1, "33.75", None))]);
    // On 2025-03-01, 2025-05-30 is exactly 90 days away and 2025-05-31 is 91.
    let terms = [
        (1, "2024-01-01", "2025-05-30"),
        (2, "2024-01-01", "2025-05-31"),
        (3, "2024-01-01", "2025-03-01"), // the last day
        (4, "2024-01-01", "2025-02-28"), // ended
        (5, "2024-01-01", "2025-04-30"), // suspended
        (6, "2025-03-02", "2025-04-30"), // not valid yet
        (7, "2024-01-01", "2025-03-31"), // renewed without a gap
        (8, "2024-01-01", "2025-03-31"), // renewed with a gap of one day
        (9, "2024-01-01", "2025-03-31"), // renewed only on 5 March
    ];
    for (number, from, to) in terms {
        let scheme = if number == 1 { "sni" } else { "sih" };
        story.add("2024-01-01", story::certified(number, scheme, by_ikm(1), from, to));
    }
    story.add("2025-02-01", story::suspended(5));
    story.add("2025-02-15", story::renewed(7, by_ikm(1), "2025-04-01", "2029-03-31"));
    story.add("2025-02-15", story::renewed(8, by_ikm(1), "2025-04-02", "2029-03-31"));
    story.add("2025-03-05", story::renewed(9, by_ikm(1), "2025-04-01", "2029-03-31"));
    on_days(
        &story,
        "certificates_expiring",
        &[
            ("2025-03-01", &[3, 4, 5]), // 3, 8, 9; 1; 2
            ("2025-03-02", &[2, 5, 5]), // 8, 9; 1, 2, 6
            ("2025-03-05", &[1, 4, 4]), // 8; 1, 2, 6
            ("2025-05-30", &[2, 2, 2]), // 1, 2
            ("2025-05-31", &[1, 1, 1]),
            ("2025-06-01", &[0, 0, 0]),
        ],
    );
    let answer = ask(&story, "certificates_expiring", "2025-03-01", |_| {});
    assert_eq!(by(&answer, "scheme", "certificates_expiring"), rows(&[("sih", 3), ("sni", 1)]));
    assert_eq!(answer.members.len(), 1, "one IKM holds all of them");
}

/// Terms run on in the order of their days, whatever the order of the records.
#[test]
fn renewals_are_taken_in_the_order_of_their_terms() {
    let mut story = tell(vec![
        ("2024-01-01", story::registered(1, "33.75", None)),
        ("2024-01-01", story::certified(1, "sih", by_ikm(1), "2024-01-01", "2025-03-31")),
        ("2025-02-01", story::renewed(1, by_ikm(1), "2025-05-02", "2026-12-31")),
    ]);
    on_days(&story, "certificates_expiring", &[("2025-03-01", &[1, 1, 1])]);
    story.add("2025-02-01", story::renewed(1, by_ikm(1), "2025-04-01", "2025-05-01"));
    on_days(&story, "certificates_expiring", &[("2025-03-01", &[0, 0, 0]), ("2026-12-31", &[1, 1, 1])]);
}

#[test]
fn certified_tells_ikms_persons_and_products_apart() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", Some(Scale::Kecil))),
        ("2025-01-01", story::registered(2, "35.76", None)),
        ("2025-01-01", story::person_registered(11, Some(2))),
        ("2025-01-01", story::person_registered(12, None)),
    ]);
    let (from, to) = ("2025-01-01", "2027-12-31");
    for (number, scheme, holder) in [
        (1, "sih", by_ikm(1)),
        (2, "sni", by_ikm(1)),
        (3, "sni", by_ikm(2)),
        (4, "competence", by_person(11)),
        (5, "competence", by_person(12)),
        (6, "batikmark", by_product(1, "tulis")),
        (7, "batikmark", by_product(1, "cap")),
        (8, "sni", by_product(1, "cap")),
        (9, "batikmark", by_product(2, "cap")),
    ] {
        story.add("2025-02-01", story::certified(number, scheme, holder, from, to));
    }
    on_days(&story, "certified", &[("2025-01-31", &[0, 0, 0]), ("2025-02-01", &[2, 2, 3])]);
    let answer = ask(&story, "certified", "2025-02-01", |_| {});
    assert_eq!(by(&answer, "scheme", "certified"), rows(&[("sih", 1), ("sni", 2)]));
    assert_eq!(by(&answer, "scheme", "certified_persons"), rows(&[("competence", 2)]));
    assert_eq!(by(&answer, "scheme", "certified_products"), rows(&[("batikmark", 3), ("sni", 1)]));
    // A person lies where the IKM does, and nowhere without one.
    assert_eq!(by_area(&answer, "certified_persons"), rows(&[("-", 1), ("35.76", 1)]));
    let there = ask(&story, "certified", "2025-02-01", |q| q.area = Some(story::area("35")));
    assert_eq!(values(&there), [1, 1, 1]);
    let small = ask(&story, "certified", "2025-02-01", |q| q.scale = Some(story::by_workers(Scale::Kecil)));
    assert_eq!(values(&small), [1, 0, 2]);
    assert_eq!(figures(&story, "green_certified", "2025-02-01"), [1]);
}

#[test]
fn whoever_is_closed_on_the_day_holds_nothing() {
    let story = tell(vec![
        ("2024-01-01", story::registered(1, "33.75", None)),
        ("2024-01-01", story::person_registered(11, Some(1))),
        ("2024-02-01", story::certified(1, "sih", story::by_ikm(1), "2024-02-01", "2025-03-31")),
        ("2024-02-01", story::certified(2, "competence", story::by_person(11), "2024-02-01", "2027-01-31")),
        ("2024-06-01", story::closed(1)),
        ("2025-01-01", story::reopened(1)),
    ]);
    on_days(&story, "green_certified", &[("2024-05-31", &[1]), ("2024-06-01", &[0]), ("2025-01-01", &[1])]);
    on_days(&story, "certified", &[("2024-05-31", &[1, 1, 0]), ("2024-06-01", &[0, 0, 0])]);
    on_days(&story, "certificates_expiring", &[("2025-01-01", &[0, 1, 1])]);
}

#[test]
fn what_happens_to_a_certificate_counts_in_its_period_and_what_is_renewed_does_not_lapse() {
    let mut story = tell(vec![
        ("2024-01-01", story::registered(1, "33.75", None)),
        ("2024-02-01", story::certified(1, "sih", story::by_ikm(1), "2024-02-01", "2024-12-31")),
        ("2024-02-01", story::certified(2, "sni", story::by_ikm(1), "2024-02-01", "2024-12-31")),
        ("2024-02-01", story::certified(3, "sni", story::by_ikm(1), "2024-02-01", "2024-12-31")),
        ("2024-05-01", story::suspended(1)),
        ("2024-06-01", story::reinstated(1)),
        ("2024-07-01", story::revoked(2)),
        ("2024-12-01", story::renewed(3, story::by_ikm(1), "2025-01-01", "2025-06-30")),
    ]);
    on_days(
        &story,
        "certificates",
        &[
            ("2024-02-01", &[3, 0, 0, 0, 0, 0]),
            ("2024-12-31", &[3, 1, 1, 1, 1, 0]),
            // The first one lapsed, the second was revoked before, the third goes on.
            ("2025-01-01", &[3, 1, 1, 1, 1, 1]),
            ("2025-07-01", &[3, 1, 1, 1, 1, 2]),
        ],
    );
    let year = ask(&story, "certificates", "2025-12-31", |q| q.from = Some(story::date("2025-01-01")));
    assert_eq!(values(&year), [0, 0, 0, 0, 0, 2]);
    assert_eq!(by(&year, "scheme", "certificates_lapsed"), rows(&[("sih", 1), ("sni", 1)]));
    // Of an IKM that closed, what happened to its certificates did happen.
    story.add("2025-08-01", story::closed(1));
    on_days(&story, "certificates", &[("2025-12-31", &[3, 1, 1, 1, 1, 2])]);
    let all = ask(&story, "certificates", "2025-12-31", |_| {});
    assert_eq!(by(&all, "issuer", "certificates_issued"), rows(&[("LSIH", 3)]));
    assert_eq!(by(&all, "reason", "certificates_revoked"), rows(&[("surveillance", 1)]));
    assert_eq!(by(&all, "reason", "certificates_suspended"), rows(&[("surveillance", 1)]));
    // Only what is suspended or revoked has a reason.
    assert_eq!(all.breakdowns.last().unwrap().rows.len(), 1);
}

/// A row by programme is the question narrowed to it; who holds certificates of two programmes is in both rows.
#[test]
fn holders_count_under_the_programme_that_led_to_their_certificate() {
    let mut story = tell(vec![
        ("2024-01-01", story::registered(1, "33.75", None)),
        ("2024-01-01", story::registered(2, "35.76", None)),
        ("2024-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2024-01-01", story::opened(2, "33.74", "green_industry", Unit::Ikm, None)),
    ]);
    for (number, ikm, through) in [(1, 1, Some(1)), (2, 1, Some(2)), (3, 2, Some(2)), (4, 2, None)] {
        let holder = story::by_ikm(ikm);
        let issued = story::certified_through(number, through, "sih", holder, "2024-02-01", "2024-12-31");
        story.add("2024-02-01", issued);
    }
    // A renewal is of the same certificate.
    story.add("2024-12-01", story::renewed(1, story::by_ikm(1), "2025-01-01", "2025-06-30"));
    let [first, second] = [1, 2].map(|number| story::program(number).to_string());
    let day = "2024-06-01";
    for view in ["certified", "green_certified"] {
        let answer = ask(&story, view, day, |_| {});
        assert_eq!(answer.value(view), Some(2));
        assert_eq!(by(&answer, "program", view), rows(&[("-", 1), (&first, 1), (&second, 2)]));
        for (number, expected) in [(1, 1), (2, 2), (3, 0)] {
            let narrowed = ask(&story, view, day, |q| q.program = Some(story::program(number)));
            assert_eq!(narrowed.value(view), Some(expected), "{view} {number}");
        }
        let renewed = ask(&story, view, "2025-01-01", |_| {});
        assert_eq!(by(&renewed, "program", view), rows(&[(&first, 1)]));
    }
    // The area stays that of the holder.
    let there = ask(&story, "certified", day, |q| {
        (q.area, q.program) = (Some(story::area("35.76")), Some(story::program(2)));
    });
    assert_eq!(there.value("certified"), Some(1));
    let issued = ask(&story, "certificates", day, |_| {});
    assert_eq!(by(&issued, "program", "certificates_issued"), rows(&[("-", 1), (&first, 1), (&second, 2)]));
    let ending = ask(&story, "certificates_expiring", "2024-12-01", |q| q.program = Some(story::program(2)));
    assert_eq!(values(&ending), [2, 2, 2]);
    // Who holds another one that ends sooner is listed by the day of the one asked for.
    let sooner = story::certified(5, "sih", by_ikm(2), "2024-02-01", "2024-12-15");
    story.add("2024-02-01", sooner);
    let ending = ask(&story, "certificates_expiring", "2024-12-01", |q| q.program = Some(story::program(2)));
    let days: Vec<_> = ending.members.iter().map(|member| member.day).collect();
    assert_eq!(days, [Some(story::date("2024-12-31")); 2]);
}

#[test]
fn each_certificate_counts_once_however_often_something_happens_to_it() {
    let mut story = tell(vec![
        ("2024-01-01", story::registered(1, "33.75", None)),
        ("2024-01-01", story::certified(1, "sih", by_ikm(1), "2024-01-01", "2024-12-31")),
        ("2024-02-01", story::suspended(1)),
        ("2024-03-01", story::reinstated(1)),
        ("2024-04-01", story::suspended(1)),
        ("2024-05-01", story::reinstated(1)),
        ("2024-12-01", story::renewed(1, by_ikm(1), "2025-01-01", "2025-06-30")),
        ("2025-06-01", story::renewed(1, by_ikm(1), "2025-08-01", "2025-12-31")), // after it lapsed for a month
    ]);
    on_days(
        &story,
        "certificates",
        &[
            ("2024-03-31", &[1, 0, 1, 1, 0, 0]),
            ("2025-07-01", &[1, 1, 1, 1, 0, 1]),
            ("2026-01-01", &[1, 1, 1, 1, 0, 1]),
        ],
    );
    // In two periods it counts in each.
    for (from, on) in [("2024-02-01", "2024-02-28"), ("2024-04-01", "2024-04-30")] {
        let period = ask(&story, "certificates", on, |q| q.from = Some(story::date(from)));
        assert_eq!(values(&period), [0, 0, 1, 0, 0, 0]);
    }
    story.add("2025-09-01", story::certified(2, "sih", by_ikm(1), "2025-09-01", "2029-12-31"));
    on_days(&story, "certificates", &[("2026-01-01", &[2, 1, 1, 1, 0, 1])]);
}
