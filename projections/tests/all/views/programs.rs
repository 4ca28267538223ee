//! `programs`, `spending`, `targets`.

use jejak_events::types::FundingStage::{Allocated, Planned, Realised};
use jejak_events::types::ikm::Verdict;
use jejak_events::types::program::Unit;
use jejak_projections::answer::FIGURE_LIMIT;
use jejak_projections::question::QuestionError;

use super::*;

#[test]
fn programmes_are_open_until_the_day_they_are_closed() {
    let story = tell(vec![
        (
            "2025-01-01",
            story::opened_for(1, "33.75", "export", Unit::Ikm, None, &["apbd", "dak_nonfisik"], &[]),
        ),
        ("2025-02-01", story::opened_for(2, "33.74", "export", Unit::Ikm, None, &["apbd"], &[])),
        ("2025-02-01", story::opened_for(3, "35.76", "basic_batik", Unit::Ikm, None, &[], &[])),
        ("2025-03-01", story::program_closed(1)),
    ]);
    on_days(
        &story,
        "programs",
        &[
            ("2024-12-31", &[0, 0]),
            ("2025-01-01", &[1, 1]),
            ("2025-02-01", &[3, 3]),
            ("2025-02-28", &[3, 3]),
            ("2025-03-01", &[3, 2]), // the first day that it is closed
        ],
    );
    let answer = ask(&story, "programs", "2025-03-01", |_| {});
    assert_eq!(by(&answer, "theme", "programs_open"), rows(&[("basic_batik", 1), ("export", 1)]));
    // A programme with two sources stands in both rows and counts once.
    assert_eq!(by(&answer, "funding", "programs"), rows(&[("-", 1), ("apbd", 2), ("dak_nonfisik", 1)]));
    assert_eq!(by_area(&answer, "programs"), rows(&[("33.74", 1), ("33.75", 1), ("35.76", 1)]));
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "programs", "2025-03-01", narrow));
    assert_eq!(narrowed(|q| q.area = Some(story::area("33"))), [2, 1]);
    assert_eq!(narrowed(|q| q.funding = Some(story::code("dak_nonfisik"))), [1, 0]);
    assert_eq!(narrowed(|q| q.from = Some(story::date("2025-01-02"))), [2, 2]);
    assert_eq!(narrowed(|q| q.theme = Some(story::code("export"))), [2, 1]);
}

#[test]
fn a_later_report_of_spending_takes_the_place_of_the_one_before() {
    let mut story = tell(vec![
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2025-01-01", story::opened(2, "33.74", "export", Unit::Ikm, None)),
        ("2025-02-01", story::spent(1, Planned, "apbd", Some(2025), 50)),
        ("2025-03-01", story::spent(1, Planned, "apbd", Some(2025), 40)),
        ("2025-03-01", story::spent(1, Planned, "dak_nonfisik", Some(2025), 7)), // another source
        ("2025-03-01", story::spent(1, Planned, "apbd", Some(2026), 3)),         // another year
        ("2025-03-01", story::spent(1, Planned, "apbd", None, 2)),               // none is said
        ("2025-03-01", story::spent(2, Planned, "apbd", Some(2025), 100)),       // another programme
        ("2025-03-02", story::spent(1, Allocated, "apbd", Some(2025), 30)),      // another stage
        ("2025-04-01", story::spent(1, Realised, "apbd", Some(2025), 20)),
    ]);
    on_days(
        &story,
        "spending",
        &[
            ("2025-01-31", &[0; 7]),
            ("2025-02-01", &[50, 0, 0, 0, 0, 0, 0]),
            ("2025-03-01", &[40 + 7 + 3 + 2 + 100, 0, 0, 0, 0, 0, 0]),
            ("2025-03-02", &[152, 30, 0, 0, 0, 0, 0]),
            ("2025-04-01", &[152, 30, 20, 20, 0, 0, 0]),
        ],
    );
    // About an earlier day, though recorded later; then about the same day.
    story.add("2025-02-15", story::spent(1, Planned, "apbd", Some(2025), 45));
    on_days(
        &story,
        "spending",
        &[("2025-02-15", &[45, 0, 0, 0, 0, 0, 0]), ("2025-03-01", &[152, 0, 0, 0, 0, 0, 0])],
    );
    story.add("2025-03-01", story::spent(1, Planned, "apbd", Some(2025), 0));
    on_days(&story, "spending", &[("2025-03-01", &[112, 0, 0, 0, 0, 0, 0])]);
    let answer = ask(&story, "spending", "2025-04-01", |_| {});
    assert_eq!(by(&answer, "source", "spending_planned"), rows(&[("apbd", 105), ("dak_nonfisik", 7)]));
    assert_eq!(by_area(&answer, "spending_planned"), rows(&[("33.74", 100), ("33.75", 12)]));
    let only = ask(&story, "spending", "2025-04-01", |q| q.program = Some(story::program(1)));
    assert_eq!(values(&only), [12, 30, 20, 20, 0, 0, 0]);
}

#[test]
fn what_is_too_large_to_be_told_is_an_error_and_no_smaller_figure() {
    let largest = FIGURE_LIMIT.cast_signed();
    let mut story = tell(vec![
        (
            "2025-01-01",
            story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &[("spending_realised", 1)]),
        ),
        ("2025-02-01", story::spent(1, Realised, "apbd", Some(2025), largest - 1)),
        ("2025-02-01", story::spent(1, Realised, "dak_nonfisik", Some(2025), 1)),
    ]);
    on_days(&story, "spending", &[("2025-02-01", &[0, 0, FIGURE_LIMIT, 0, 0, 0, 0])]);
    story.add("2025-02-02", story::spent(1, Realised, "csr", Some(2025), 1));
    let facts = facts(&story);
    let ask = |name: &'static str, on| {
        view(name)
            .unwrap()
            .answer(&facts, &Question::new(story::date(on), story.size()))
            .map(|answer| values(&answer))
    };
    assert_eq!(
        ask("spending", "2025-02-01"),
        Ok(vec![0, 0, FIGURE_LIMIT, 0, 0, 0, 0]),
        "the day before it still did"
    );
    let too_large = |view| Err(QuestionError::TooLarge { view, figure: "spending_realised" });
    assert_eq!(ask("spending", "2025-02-02"), too_large("spending"));
    assert_eq!(ask("targets", "2025-02-02"), too_large("targets"), "what was realised rests on it");
    assert_eq!(ask("programs", "2025-02-02"), Ok(vec![1, 1]), "other views answer");
}

#[test]
fn targets_are_held_against_the_figure_of_their_programme() {
    let targets = [("trained", 2), ("enrolled", 2), ("programs", 1), ("green_certified", 1), ("smiles", 5)];
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "35.76", None)),
        ("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &targets)),
        ("2025-01-01", story::opened_for(2, "33.74", "export", Unit::Ikm, None, &[], &[("enrolled", 9)])),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-01-03", story::enrolled(2, 1, None, &[])), // lies elsewhere, and counts all the same
        ("2025-01-03", story::enrolled(1, 2, None, &[])),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present)),
    ]);
    // targets, reached, missed, not yet due, without a day, in words; the sums of what was, is aimed at and was realised only of
    // one figure. Nobody counts smiles.
    let of_first =
        |story: &Story, day| values(&ask(story, "targets", day, |q| q.program = Some(story::program(1))));
    assert_eq!(of_first(&story, "2024-12-31"), [0; 9]);
    assert_eq!(of_first(&story, "2025-01-01"), [4, 1, 0, 0, 3, 1, 0, 0, 0], "the programme itself is there");
    assert_eq!(of_first(&story, "2025-01-03"), [4, 2, 0, 0, 2, 1, 0, 0, 0], "exactly reached");
    assert_eq!(of_first(&story, "2025-02-03"), [4, 2, 0, 0, 2, 1, 0, 0, 0], "one of two trained");
    let all = ask(&story, "targets", "2025-02-03", |_| {});
    assert_eq!(known(&all)[6..], [None; 3], "targets of different figures are not added up");
    assert_eq!(values(&all), [5, 2, 0, 0, 3, 1, 0, 0, 0]);
    assert_eq!(by(&all, "program", "target_value"), rows(&[(&story::program(2).to_string(), 9)]));
    assert_eq!(by_area(&all, "target_realised"), rows(&[("33.74", 1)]));
    assert_eq!(
        by(&all, "figure", "target_value"),
        rows(&[("enrolled", 11), ("green_certified", 1), ("programs", 1), ("trained", 2)])
    );
    // One that goes far beyond its target would hide what another one lacks.
    let share = |by: &str, key: &str| {
        let rows = &all.breakdowns.iter().find(|breakdown| breakdown.by == by).unwrap().rows;
        let row = rows.iter().find(|row| row.key.as_deref() == Some(key)).unwrap();
        Answer::shares(&row.figures, view("targets").unwrap().shares)[0].basis_points
    };
    assert_eq!(share("figure", "enrolled"), None, "two targets");
    assert_eq!(share("figure", "trained"), Some(5_000));
    let trained = format!("{}/trained", story::program(1));
    assert_eq!(share("target", &trained), Some(5_000));
    let of = |figure| by(&all, "target", figure).into_iter().find(|(key, _)| *key == trained).map(|(_, v)| v);
    assert_eq!((of("target_value"), of("target_realised"), of("targets_reached")), (Some(2), Some(1), None));
    assert_eq!(by_area(&all, "targets"), rows(&[("33.74", 1), ("33.75", 4)]), "the area of the programme");
    // The area asked for is the programme's, never that of the IKMs that count.
    let here = ask(&story, "targets", "2025-02-03", |q| q.area = Some(story::area("33.75")));
    assert_eq!(values(&here), [4, 2, 0, 0, 2, 1, 0, 0, 0]);
    // A correction of the opening takes its targets along.
    story.correct(
        2,
        "2025-01-01",
        story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &[("trained", 1)]),
    );
    assert_eq!(of_first(&story, "2025-02-03"), [1, 1, 0, 0, 0, 0, 0, 1, 1]);
}

/// The figure on the due day decides, whatever comes after it.
#[test]
fn a_target_is_reached_missed_or_not_yet_due() {
    let targets = vec![
        story::aim("enrolled", 1, Some("2025-03-01")),
        story::aim("participated", 1, Some("2025-02-02")),
        story::aim("a handbook", 1, Some("2025-02-02")),
    ];
    let opening = story::opened_to_reach(1, "33.75", ("export", Unit::Ikm), None, &[], targets);
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", opening),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present)),
    ]);
    let stand = |day| values(&ask(&story, "targets", day, |_| {}))[..6].to_vec();
    assert_eq!(stand("2025-01-02"), [2, 0, 0, 2, 0, 1]);
    assert_eq!(stand("2025-02-01"), [2, 1, 0, 1, 0, 1], "reached before its day");
    assert_eq!(stand("2025-02-02"), [2, 1, 0, 1, 0, 1], "the due day has come and is not over");
    assert_eq!(stand("2025-02-03"), [2, 1, 1, 0, 0, 1], "who came later does not count for it");
    let answer = ask(&story, "targets", "2025-06-01", |_| {});
    let of = |figure| by(&answer, "target", figure);
    let key = |aim: &str| format!("{}/{aim}", story::program(1));
    let [enrolled, participated, handbook] = ["enrolled", "participated", "2"].map(key);
    let each = |value| rows(&[(&handbook, value), (&enrolled, value), (&participated, value)]);
    assert_eq!((of("target_baseline"), of("target_value")), (each(1), each(1)));
    assert_eq!(of("target_realised"), rows(&[(&enrolled, 1)]));
    let days = answer.breakdowns[0].rows.iter().map(|row| row.day.map(|day| day.to_string()));
    let expected = ["2025-02-02", "2025-03-01", "2025-02-02"].map(|day| Some(day.to_owned()));
    assert_eq!(days.collect::<Vec<_>>(), expected);
}

/// Asked for the due day itself, a target is missed once the log goes on beyond that day: until then it may be today.
#[test]
fn on_its_due_day_a_target_is_missed_once_something_is_recorded_later() {
    let targets = vec![story::aim("enrolled", 1, Some("2025-02-02"))];
    let mut story = Story::default();
    let opening = story::opened_to_reach(1, "33.75", ("export", Unit::Ikm), None, &[], targets);
    story.add("2025-01-01", opening);
    let stand = |story: &Story, day, known| {
        let asked = ask(story, "targets", day, |question| question.as_known = known);
        ["targets_missed", "targets_not_yet_due"].map(|name| asked.value(name).unwrap())
    };
    let due = story::date("2025-02-02").day_number() - story::date("2023-11-15").day_number();
    story.days_later = due.into();
    story.add("2025-01-01", story::registered(1, "33.75", None)); // recorded on the due day
    story.days_later += 1;
    story.add("2025-01-01", story::registered(2, "33.75", None)); // and the day after
    assert_eq!(stand(&story, "2025-02-02", 2), [0, 1]);
    assert_eq!(stand(&story, "2025-02-02", 3), [1, 0]);
    assert_eq!(stand(&story, "2025-02-01", 3), [0, 1]);
    assert_eq!(stand(&story, "2025-02-03", 2), [1, 0]);
}

/// A target of an area is held against the figure of the area, its theme and its commodity, and added to nothing.
#[test]
fn targets_of_areas_stand_beside_those_of_programmes() {
    let due = "2025-12-31";
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &[("enrolled", 2)])),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-01-04", story::target_set("33.75", "enrolled", [Some("export"), None], 1, due)), // 4
        ("2025-01-04", story::target_set("33.75", "enrolled", [Some("batik"), None], 1, due)),  // 5
        ("2025-01-04", story::target_set("33", "registered", [None, Some("batik")], 1, due)),   // 6
        ("2025-01-04", story::target_set("33", "registered", [None, Some("tenun")], 1, due)),   // 7
        ("2025-01-04", story::target_set("35.76", "two halls", [None, None], 2, due)),          // 8
        // Elsewhere nothing counts for them.
        ("2025-01-01", story::registered(2, "35.76", None)),
        ("2025-01-01", story::opened(3, "35.76", "export", Unit::Ikm, None)),
        ("2025-01-03", story::enrolled(2, 3, None, &[])),
    ]);
    let answer = ask(&story, "targets", "2025-06-01", |_| {});
    assert_eq!(values(&answer), [5, 2, 0, 2, 1, 1, 0, 0, 0]);
    let key = format!("{}/enrolled", story::program(1));
    let realised = [(key.as_str(), 1), ("4/enrolled", 1), ("6/registered", 1)];
    assert_eq!(sorted(by(&answer, "target", "target_realised")), sorted(rows(&realised)));
    // A province holds its cities, and what is said of one target stands where there is no other.
    assert_eq!(by_area(&answer, "targets"), rows(&[("33", 5), ("33.75", 3)]));
    assert_eq!(by_area(&answer, "target_value"), rows(&[]));
    assert_eq!(by(&answer, "program", "targets"), rows(&[(&story::program(1).to_string(), 1)]));
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "targets", "2025-06-01", narrow));
    assert_eq!(narrowed(|q| q.area = Some(story::area("33"))), [5, 2, 0, 2, 1, 0, 0, 0, 0]);
    assert_eq!(narrowed(|q| q.theme = Some(story::code("export"))), [2, 1, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(narrowed(|q| q.theme = Some(story::code("batik"))), [1, 0, 0, 1, 0, 0, 1, 1, 0]);
    assert_eq!(narrowed(|q| q.program = Some(story::program(1))), [1, 0, 0, 0, 1, 0, 0, 2, 1]);
}

fn sorted<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort();
    rows
}

/// By the definition of `assessed`, narrowed to a programme only its own assessments are looked at.
#[test]
fn a_target_of_passed_goes_by_the_assessments_of_its_own_programme() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &[("passed", 1)])),
        ("2025-01-01", story::opened_for(2, "33.75", "export", Unit::Ikm, None, &[], &[("passed", 1)])),
        ("2025-03-01", story::assessed(1, 1, "sih_batik", Verdict::Passed)),
        ("2025-04-01", story::assessed(1, 2, "sih_batik", Verdict::Failed)),
    ]);
    let answer = ask(&story, "targets", "2025-12-31", |_| {});
    assert_eq!(values(&answer), [2, 1, 0, 0, 1, 0, 0, 2, 1]);
    assert_eq!(by(&answer, "program", "targets_reached"), rows(&[(&story::program(1).to_string(), 1)]));
}

/// What it realised of its targets cannot be a target: it would be held against itself.
#[test]
fn no_view_is_held_against_itself() {
    let targets = [("targets", 1), ("targets_reached", 1), ("programs_open", 1)];
    let story =
        tell(vec![("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &targets))]);
    let answer = ask(&story, "targets", "2025-12-31", |_| {});
    assert_eq!(values(&answer), [1, 1, 0, 0, 0, 2, 0, 1, 1], "only programmes that are open can be counted");
}

#[test]
fn money_counts_by_its_own_source_and_programmes_by_any_money_that_they_have() {
    let story = tell(vec![
        ("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &["apbd"], &[])),
        ("2025-01-01", story::opened_for(2, "33.75", "export", Unit::Ikm, None, &[], &[])),
        ("2025-02-01", story::spent(1, Realised, "apbd", Some(2025), 10)),
        ("2025-02-01", story::spent(1, Realised, "dak_nonfisik", Some(2025), 90)),
        ("2025-02-01", story::spent(2, Planned, "dak_nonfisik", Some(2025), 5)),
    ]);
    let of = |view, source: &str| ask(&story, view, "2025-03-01", |q| q.funding = Some(story::code(source)));
    assert_eq!(known(&of("spending", "apbd"))[..3], [None, None, Some(10)]);
    assert_eq!(known(&of("spending", "dak_nonfisik"))[..3], [Some(5), None, Some(90)]);
    // Not reported is not 0.
    assert_eq!(known(&of("spending", "grant")), [None; 7]);
    assert_eq!(values(&of("programs", "apbd")), [1, 1]);
    assert_eq!(values(&of("programs", "dak_nonfisik")), [2, 2], "by a report of its cost, too");
    let all = ask(&story, "programs", "2025-03-01", |_| {});
    assert_eq!(by(&all, "funding", "programs"), rows(&[("apbd", 1), ("dak_nonfisik", 2)]));
}

/// 100 rupiah and three who took part: 33 for each; where nobody counts there is no cost for each.
#[test]
fn what_a_programme_cost_for_each_is_rounded_down_and_not_known_where_nobody_is() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-01-01", story::registered(3, "33.74", None)), // lies elsewhere, and took part all the same
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03", "2025-02-04"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-01-03", story::enrolled(2, 1, None, &[])),
        ("2025-01-03", story::enrolled(3, 1, None, &[])),
        ("2025-01-04", story::spent(1, Allocated, "apbd", Some(2025), 400)),
        ("2025-01-05", story::spent(1, Realised, "apbd", Some(2025), 60)),
        ("2025-01-05", story::spent(1, Realised, "dak_nonfisik", Some(2025), 40)),
    ]);
    let costs = |story: &Story, day| known(&ask(story, "spending", day, |_| {}))[4..].to_vec();
    assert_eq!(
        costs(&story, "2025-01-31"),
        [None; 3],
        "enrolled is no taking part, and nothing is divided by 0"
    );
    for ikm in 1..=3 {
        story.add("2025-02-03", story::attended(ikm, (1, 1), "2025-02-03", None, Present));
    }
    assert_eq!(costs(&story, "2025-02-03"), [Some(33), None, None]);
    for ikm in 1..=2 {
        story.add("2025-02-04", story::attended(ikm, (1, 1), "2025-02-04", None, Present));
    }
    let issue = |number, through| {
        story::certified_through(number, through, "sih", story::by_ikm(1), "2025-03-01", "2029-02-28")
    };
    story.add("2025-03-01", issue(1, None));
    assert_eq!(
        costs(&story, "2025-03-01"),
        [Some(33), Some(50), None],
        "a certificate of no programme is none"
    );
    for number in 2..=8 {
        story.add("2025-03-02", issue(number, Some(1)));
    }
    assert_eq!(costs(&story, "2025-03-02"), [Some(33), Some(50), Some(14)]);
    let answer = ask(&story, "spending", "2025-03-02", |_| {});
    assert_eq!(answer.value("spending_absorbed"), Some(60), "of the source that has an allocation");
    assert_eq!(answer.shares[0].basis_points, Some(1500));
    // By source what that source paid for each, as the question narrowed to it.
    let by_source = by(&answer, "source", "spending_per_participant");
    assert_eq!(by_source, rows(&[("apbd", 20), ("dak_nonfisik", 13)]));
    let narrowed = ask(&story, "spending", "2025-03-02", |q| q.funding = Some(story::code("dak_nonfisik")));
    assert_eq!(narrowed.value("spending_per_participant"), Some(13));
    // In the row of a year what an allocation of that year pays for, and nothing for each.
    story.add("2025-03-02", story::spent(1, Realised, "apbd", Some(2026), 7));
    story.add("2025-03-02", story::spent(1, Realised, "apbd", None, 9));
    let answer = ask(&story, "spending", "2025-03-02", |_| {});
    let of_year = |figure| by(&answer, "source_year", figure);
    let spent = [("apbd", 9), ("apbd/2025", 60), ("apbd/2026", 7), ("dak_nonfisik/2025", 40)];
    assert_eq!(of_year("spending_realised"), rows(&spent));
    assert_eq!(of_year("spending_absorbed"), rows(&[("apbd/2025", 60)]));
    assert_eq!(answer.value("spending_absorbed"), Some(76), "in all any year of the source");
    assert_eq!(of_year("spending_per_participant"), rows(&[]));
    // More than was allocated is no part of it.
    story.add("2025-03-03", story::spent(1, Realised, "apbd", Some(2025), 401));
    assert_eq!(ask(&story, "spending", "2025-03-03", |_| {}).shares[0].basis_points, None);
}

#[test]
fn a_cost_for_each_is_that_of_one_programme_and_in_its_unit() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::person_registered(11, Some(1))),
        ("2025-01-01", story::person_registered(12, Some(1))),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[11, 12])),
        ("2025-01-05", story::spent(1, Realised, "apbd", Some(2025), 60)),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", Some(11), Present)),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", Some(12), Present)),
    ]);
    let each = |answer: &Answer| answer.value("spending_per_participant");
    assert_eq!(each(&ask(&story, "spending", "2025-03-01", |_| {})), Some(30), "two persons of one IKM");
    story.add("2025-01-01", story::opened(2, "33.75", "green_industry", Unit::Ikm, None));
    story.add("2025-01-05", story::spent(2, Planned, "apbd", Some(2025), 9));
    let answer = ask(&story, "spending", "2025-03-01", |_| {});
    assert_eq!(each(&answer), None, "of several programmes there is none");
    assert_eq!(by_area(&answer, "spending_per_participant"), rows(&[]));
    assert_eq!(by(&answer, "source", "spending_per_participant"), rows(&[]));
    let first = story::program(1).to_string();
    assert_eq!(by(&answer, "program", "spending_per_participant"), rows(&[(&first, 30)]));
    assert_eq!(by(&answer, "theme", "spending_per_participant"), rows(&[("export", 30)]));
    let narrowed = ask(&story, "spending", "2025-03-01", |q| q.program = Some(story::program(1)));
    assert_eq!(each(&narrowed), Some(30));
}

#[test]
fn what_is_not_known_of_a_figure_is_not_known_of_its_target() {
    let targets = [("spending_realised", 5)];
    let mut story =
        tell(vec![("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &[], &targets))]);
    let asked = |story: &Story| known(&ask(story, "targets", "2025-03-01", |_| {}));
    assert_eq!(
        asked(&story)[1..],
        [0, 0, 0, 1, 0].map(Some).into_iter().chain([None, Some(5), None]).collect::<Vec<_>>()
    );
    story.add("2025-02-01", story::spent(1, Realised, "apbd", Some(2025), 5));
    assert_eq!(asked(&story)[1..5], [Some(1), Some(0), Some(0), Some(0)]);
    assert_eq!(asked(&story)[8], Some(5));
    // What another programme realised is not its own.
    story.add("2025-01-01", story::opened_for(2, "33.75", "export", Unit::Ikm, None, &[], &targets));
    let of = |number| ask(&story, "targets", "2025-03-01", |q| q.program = Some(story::program(number)));
    assert_eq!([1, 2].map(|number| known(&of(number))[8]), [Some(5), None]);
    let [first, second] = [1, 2].map(|number| format!("{}/spending_realised", story::program(number)));
    let answer = ask(&story, "targets", "2025-03-01", |_| {});
    assert_eq!(by(&answer, "target", "target_realised"), rows(&[(&first, 5)]));
    assert_eq!(by(&answer, "target", "targets_without_day"), rows(&[(&second, 1)]));
}

/// Where a view has no row of a commodity, what counts there is none, and what somebody must say is not known.
#[test]
fn of_a_commodity_without_a_row_nothing_counts_and_nothing_is_known() {
    let realised = |figure, commodity| {
        let mut story = tell(vec![
            ("2025-01-01", story::sentra_planned(1, "33.75", "batik")),
            ("2025-01-04", story::target_set("33.75", figure, [None, Some(commodity)], 1, "2025-12-31")),
        ]);
        story.add("2025-02-01", story::sentra_funded(1, Planned, Some(5)));
        known(&ask(&story, "targets", "2025-06-01", |_| {}))[8]
    };
    assert_eq!((realised("sentras", "batik"), realised("sentras", "tenun")), (Some(1), Some(0)));
    assert_eq!((realised("sentra_planned", "batik"), realised("sentra_planned", "tenun")), (Some(5), None));
}
