//! `claims`.

use jejak_events::types::claim::ClaimVerdict::{NotConfirmed, Supported};

use jejak_projections::answer::FigureUnit;

use super::*;
use crate::story::About;

const HERE: About<'_> = About { area: Some("33.75"), programs: &[1], themes: &[] };
const THERE: About<'_> = About { area: Some("35.76"), programs: &[], themes: &["export"] };

fn two_claims() -> Story {
    tell(vec![
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2025-02-01", story::claim_made(1, HERE, "ikm", Some(30))),
        ("2025-02-01", story::claim_made(2, THERE, "percent", Some(80))),
        ("2025-02-02", story::claim_checked(1, 2, NotConfirmed, Some(20))),
        ("2025-02-02", story::claim_checked(1, 3, NotConfirmed, Some(25))),
        ("2025-03-01", story::claim_checked(1, 5, Supported, Some(30))),
        ("2025-03-01", story::claim_checked(9, 5, Supported, Some(1))), // never made
    ])
}

fn sorted(mut rows: Vec<(String, u64)>) -> Vec<(String, u64)> {
    rows.sort();
    rows
}

#[test]
fn what_was_reported_stands_beside_what_was_counted_over_time() {
    let story = two_claims();
    let one = story::claim(1).to_string();
    on_days(
        &story,
        "claims",
        &[
            ("2025-01-31", &[0, 0, 0, 0, 0, 0]),
            // 30 IKMs and 80 percent are not added up.
            ("2025-02-01", &[2, 0, 0, 0, 0, 0]),
            ("2025-02-02", &[2, 1, 2, 0, 25, 25]),
            // 25 on the one day and 30 on the other.
            ("2025-03-01", &[2, 1, 3, 0, 30, 55]),
        ],
    );
    let answer = ask(&story, "claims", "2025-03-01", |_| {});
    let (then, now) = (format!("{one}/2025-02-02"), format!("{one}/2025-03-01"));
    assert_eq!(by(&answer, "checked", "claim_reported"), rows(&[("-", 8000), (&then, 30), (&now, 30)]));
    assert_eq!(known(&answer)[3], None, "no sum of IKMs and percent");
    assert_eq!(answer.shares[0].basis_points, None);
    assert_eq!(by(&answer, "indicator", "claim_reported"), [], "nor of one indicator");
    assert_eq!(by(&answer, "verdict", "claim_reported"), rows(&[("-", 8000), ("supported", 30)]));
    assert_eq!(by_area(&answer, "claim_reported"), rows(&[("33.75", 30), ("35.76", 8000)]));
    let here = ask(&story, "claims", "2025-03-01", |q| q.area = Some(story::area("33.75")));
    assert_eq!((known(&here)[3], here.shares[0].basis_points), (Some(30), Some(10_000)));
    assert_eq!(by(&answer, "checked", "check_counted"), rows(&[(&then, 25), (&now, 30)]));
    assert_eq!(by(&answer, "checked", "checks"), rows(&[(&then, 2), (&now, 1)]));
    assert_eq!(by(&answer, "claim", "claim_counted"), rows(&[(&one, 30)]));
    assert_eq!(by(&answer, "indicator", "claims"), rows(&[("enrolled", 2)]));
    // Of two that were checked neither what was counted at last nor each day's is added up.
    let mut both = story.clone();
    both.add("2025-03-01", story::claim_checked(2, 5, NotConfirmed, Some(7500)));
    let both = ask(&both, "claims", "2025-03-01", |_| {});
    let two = story::claim(2).to_string();
    assert_eq!(known(&both), [Some(2), Some(2), Some(4), None, None, None]);
    for (figure, of_one) in [("claim_counted", 30), ("check_counted", 55)] {
        assert_eq!(sorted(by(&both, "claim", figure)), sorted(rows(&[(&one, of_one), (&two, 7500)])));
    }
    assert_eq!(
        told(&answer),
        [
            "claim 1 in 33.75 by [1, 3, 4, 5]: claims claims_checked checks claim_reported claim_counted check_counted",
            "claim 2 in 35.76 by [2]: claims claim_reported",
        ]
    );
}

/// 80 percent are 8000 hundredths of one, and 30 IKMs are 30 IKMs, in whatever row they stand alone.
#[test]
fn what_a_claim_counts_stands_in_its_rows() {
    let mut story = two_claims();
    let at = story.size();
    story.add("2025-03-02", story::claim_checked(2, i64::try_from(at).unwrap(), Supported, Some(9600)));
    story.add("2025-03-03", story::claim_made(3, About::default(), "exhibition", Some(2)));
    let answer = ask(&story, "claims", "2025-03-03", |_| {});
    let unit = |key: &str, figure: &str| {
        let row = answer.breakdowns[0].rows.iter().find(|row| row.key.as_deref() == Some(key)).unwrap();
        let figure = row.figures.iter().find(|one| one.name == figure).unwrap();
        (figure.value, figure.unit)
    };
    let of = [1, 2, 3].map(|number| story::claim(number).to_string());
    assert_eq!(unit(&of[0], "claim_reported"), (Some(30), FigureUnit::Ikm));
    assert_eq!(unit(&of[0], "check_counted"), (Some(55), FigureUnit::Ikm));
    assert_eq!(unit(&of[1], "claim_reported"), (Some(8_000), FigureUnit::BasisPoint));
    assert_eq!(unit(&of[1], "claim_counted"), (Some(9_600), FigureUnit::BasisPoint));
    // Exhibitions are counted by no figure, and of nothing there is no unit.
    assert_eq!(unit(&of[2], "claim_reported"), (Some(2), FigureUnit::OfClaim));
    assert_eq!(unit(&of[2], "claim_counted"), (None, FigureUnit::OfClaim));
    let whole = answer.figure("claim_reported").unwrap();
    assert_eq!((whole.value, whole.unit), (None, FigureUnit::OfClaim), "of several claims");
    let there = ask(&story, "claims", "2025-03-02", |q| q.area = Some(story::area("35.76")));
    let alone = there.figure("claim_counted").unwrap();
    assert_eq!((alone.value, alone.unit), (Some(9_600), FigureUnit::BasisPoint));
}

#[test]
fn the_verdict_is_that_of_the_last_check_in_force() {
    let mut story = two_claims();
    let verdicts = |story: &Story, day| by(&ask(story, "claims", day, |_| {}), "verdict", "claims");
    assert_eq!(verdicts(&story, "2025-02-02"), rows(&[("-", 1), ("not_confirmed", 1)]));
    assert_eq!(verdicts(&story, "2025-03-01"), rows(&[("-", 1), ("supported", 1)]));
    let answer = ask(&story, "claims", "2025-03-01", |_| {});
    assert_eq!(by(&answer, "verdict", "checks"), rows(&[("not_confirmed", 2), ("supported", 1)]));
    // Recorded later about an earlier day, it is not the last.
    story.add("2025-02-28", story::claim_checked(1, 4, NotConfirmed, Some(26)));
    assert_eq!(verdicts(&story, "2025-03-01"), rows(&[("-", 1), ("supported", 1)]));
    story.retract(5);
    assert_eq!(verdicts(&story, "2025-03-01"), rows(&[("-", 1), ("not_confirmed", 1)]));
    let known = |known| by(&ask(&story, "claims", "2025-03-01", |q| q.as_known = known), "verdict", "claims");
    assert_eq!(known(6), rows(&[("-", 1), ("supported", 1)]));
    story.retract(1);
    assert_eq!(figures(&story, "claims", "2025-03-01"), [1, 0, 0, 8000, 0, 0]);
}

#[test]
fn claims_are_narrowed_by_what_they_name() {
    let story = two_claims();
    let claims =
        |narrow: &dyn Fn(&mut Question)| ask(&story, "claims", "2025-03-01", narrow).value("claims").unwrap();
    assert_eq!(claims(&|q| q.area = Some(story::area("33"))), 1);
    assert_eq!(claims(&|q| q.program = Some(story::program(1))), 1);
    assert_eq!(claims(&|q| q.program = Some(story::program(2))), 0);
    // One names the theme, the other a programme of it.
    assert_eq!(claims(&|q| q.theme = Some(story::code("export"))), 2);
    assert_eq!(claims(&|q| q.theme = Some(story::code("basic_batik"))), 0);
    let both = |q: &mut Question| {
        (q.program, q.theme) = (Some(story::program(1)), Some(story::code("export")));
    };
    assert_eq!(claims(&both), 1);
}

/// In a log of another program.
#[test]
fn a_claim_that_is_made_twice_is_what_its_last_making_says() {
    let mut story = two_claims();
    story.add("2025-04-01", story::claim_made(1, THERE, "ikm", Some(40)));
    let answer = ask(&story, "claims", "2025-04-01", |_| {});
    assert_eq!(values(&answer), [2, 1, 3, 0, 30, 55]);
    let named = ask(&story, "claims", "2025-04-01", |q| q.program = Some(story::program(1)));
    assert_eq!(named.value("claims"), Some(0));
}
