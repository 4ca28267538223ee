//! `sentra`, `facilities`.

use jejak_events::types::FundingStage::{Allocated, Planned, Realised};

use super::*;

#[test]
fn a_sentra_goes_from_plan_to_opening() {
    let mut story = tell(vec![
        ("2022-01-01", story::sentra_planned(1, "35.76", "batik")),
        ("2022-01-01", story::sentra_planned(2, "33.74", "batik")),
        ("2023-01-01", story::sentra_built(1)),
        ("2024-02-01", story::sentra_opened(1)),
        ("2024-03-01", story::sentra_form(1, "cooperative")),
        ("2023-06-01", story::sentra_opened(3)), // never planned
    ]);
    let stages = |day| by(&ask(&story, "sentra", day, |_| {}), "stage", "sentras");
    assert_eq!(stages("2021-12-31"), rows(&[]));
    assert_eq!(stages("2022-12-31"), rows(&[("planned", 2)]), "planned is not built");
    assert_eq!(stages("2023-01-01"), rows(&[("built", 1), ("planned", 1)]));
    assert_eq!(stages("2024-01-31"), rows(&[("built", 1), ("planned", 1)]));
    assert_eq!(stages("2024-02-01"), rows(&[("opened", 1), ("planned", 1)]));
    let forms = |day| by(&ask(&story, "sentra", day, |_| {}), "legal_form", "sentras");
    assert_eq!(forms("2024-02-29"), rows(&[("-", 2)]));
    assert_eq!(forms("2024-03-01"), rows(&[("-", 1), ("cooperative", 1)]));
    let here = ask(&story, "sentra", "2024-03-01", |q| q.area = Some(story::area("33")));
    assert_eq!(values(&here), [1, 0, 0, 0, 0, 0]);
    // One that is opened without having been said to be built is open.
    story.add("2024-04-01", story::sentra_opened(2));
    let answer = ask(&story, "sentra", "2024-04-01", |_| {});
    assert_eq!(by(&answer, "stage", "sentras"), rows(&[("opened", 2)]));
}

#[test]
fn members_belong_from_the_day_they_join_until_the_day_they_leave() {
    let mut story = tell(vec![
        ("2022-01-01", story::sentra_planned(1, "35.76", "batik")),
        ("2022-01-01", story::sentra_planned(2, "33.74", "batik")),
        ("2022-01-01", story::registered(1, "33.75", None)),
        ("2022-02-01", story::member_joined(1, 1)),
        ("2022-02-01", story::member_joined(2, 1)),
        ("2022-03-01", story::member_left(1, 1)),
        ("2022-04-01", story::member_joined(1, 1)),
        ("2022-04-01", story::member_joined(1, 2)),
    ]);
    let members = |story: &Story, day| ask(story, "sentra", day, |_| {}).value("sentra_members").unwrap();
    let days = [
        ("2022-01-31", 0),
        ("2022-02-01", 2),
        ("2022-02-28", 2),
        ("2022-03-01", 1), // the first day that it is none
        ("2022-03-31", 1),
        ("2022-04-01", 2), // in two sentras, and one IKM
    ];
    for (day, count) in days {
        assert_eq!(members(&story, day), count, "{day}");
    }
    let answer = ask(&story, "sentra", "2022-04-01", |_| {});
    assert_eq!(by_area(&answer, "sentra_members"), rows(&[("33.74", 1), ("35.76", 2)]), "that of the sentra");
    // Leaving another sentra changes nothing; leaving and joining on one day goes by the records.
    story.add("2022-05-01", story::member_left(2, 2));
    assert_eq!(members(&story, "2022-05-01"), 2);
    story.add("2022-05-01", story::member_left(2, 1));
    assert_eq!(members(&story, "2022-05-01"), 1);
    story.add("2022-05-01", story::member_joined(2, 1));
    assert_eq!(members(&story, "2022-05-01"), 2);
}

#[test]
fn money_and_facilities_of_a_sentra_add_up() {
    let story = tell(vec![
        ("2022-01-01", story::sentra_planned(1, "35.76", "batik")),
        ("2022-02-01", story::sentra_funded(1, Planned, Some(900))),
        ("2022-03-01", story::sentra_funded(1, Planned, Some(100))),
        ("2022-03-01", story::sentra_funded(1, Planned, None)), // nobody says how much
        ("2022-04-01", story::sentra_funded(1, Allocated, Some(800))),
        ("2022-05-01", story::sentra_funded(1, Realised, Some(700))),
        ("2022-06-01", story::sentra_equipped(1, "ipal")),
        ("2022-06-01", story::sentra_equipped(1, "ipal")), // each record is one
        ("2022-06-01", story::sentra_equipped(9, "ipal")), // of a sentra that nobody planned
        ("2021-01-01", story::sentra_funded(9, Planned, Some(5))),
    ]);
    on_days(
        &story,
        "sentra",
        &[
            ("2021-12-31", &[0, 0, 0, 0, 0, 0]),
            ("2022-02-01", &[1, 0, 0, 900, 0, 0]),
            ("2022-03-01", &[1, 0, 0, 1000, 0, 0]),
            ("2022-04-01", &[1, 0, 0, 1000, 800, 0]),
            ("2022-05-01", &[1, 0, 0, 1000, 800, 700]),
            ("2022-06-01", &[1, 0, 2, 1000, 800, 700]),
        ],
    );
}

#[test]
fn facilities_are_those_of_sentras_and_of_ikms() {
    let story = tell(vec![
        ("2022-01-01", story::sentra_planned(1, "35.76", "batik")),
        ("2022-01-01", story::registered(1, "33.75", None)),
        ("2022-02-01", story::sentra_equipped(1, "ipal")),
        ("2022-02-01", story::equipped(1, "ipal")),
        ("2022-03-01", story::equipped(1, "stove")),
        ("2022-04-01", story::moved(1, "33.74")),
    ]);
    on_days(&story, "facilities", &[("2022-01-31", &[0]), ("2022-02-01", &[2]), ("2022-03-01", &[3])]);
    let answer = ask(&story, "facilities", "2022-03-31", |_| {});
    assert_eq!(by(&answer, "kind", "facilities"), rows(&[("ipal", 2), ("stove", 1)]));
    assert_eq!(by(&answer, "holder", "facilities"), rows(&[("ikm", 2), ("sentra", 1)]));
    assert_eq!(by_area(&answer, "facilities"), rows(&[("33.75", 2), ("35.76", 1)]));
    let moved = ask(&story, "facilities", "2022-04-01", |_| {});
    assert_eq!(by_area(&moved, "facilities"), rows(&[("33.74", 2), ("35.76", 1)]));
    let later = ask(&story, "facilities", "2022-03-31", |q| q.from = Some(story::date("2022-02-02")));
    assert_eq!(values(&later), [1]);
    let there = ask(&story, "facilities", "2022-03-31", |q| q.area = Some(story::area("35")));
    assert_eq!(values(&there), [1]);
}

#[test]
fn money_without_an_amount_is_not_known_and_each_source_has_its_own() {
    let mut story = tell(vec![
        ("2022-01-01", story::sentra_planned(1, "35.76", "batik")),
        ("2022-01-01", story::sentra_planned(2, "33.74", "batik")),
        ("2022-02-01", story::sentra_funded_from(1, "dak_fisik", Planned, None)),
    ]);
    let money = |story: &Story, source: Option<&str>| {
        let answer = ask(story, "sentra", "2022-12-31", |q| q.funding = source.map(story::code));
        (answer.value("sentras"), known(&answer)[3..].to_vec())
    };
    assert_eq!(money(&story, None), (Some(2), vec![None; 3]));
    story.add("2022-03-01", story::sentra_funded_from(1, "apbd", Planned, Some(50)));
    story.add("2022-03-01", story::sentra_funded_from(2, "apbd", Realised, Some(7)));
    story.add("2022-04-01", story::sentra_funded_from(1, "dak_fisik", Planned, Some(900)));
    assert_eq!(money(&story, None), (Some(2), vec![Some(950), None, Some(7)]));
    assert_eq!(money(&story, Some("dak_fisik")), (Some(1), vec![Some(900), None, None]));
    assert_eq!(money(&story, Some("apbd")), (Some(2), vec![Some(50), None, Some(7)]));
    assert_eq!(money(&story, Some("grant")).0, Some(0));
}
