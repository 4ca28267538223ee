//! `population`, `coverage`, `declared_complete`: what is said of areas as a whole.

use jejak_events::types::program::Unit;

use super::*;

fn shares(answer: &Answer) -> Vec<Option<u64>> {
    answer.shares.iter().map(|share| share.basis_points).collect()
}

#[test]
fn the_latest_report_of_each_area_and_commodity_counts() {
    let story = tell(vec![
        ("2022-01-01", story::population("33.74", "batik", [Some(2840), Some(789), Some(3638)])),
        ("2023-01-01", story::population("33.74", "batik", [Some(3000), None, Some(3500)])),
        ("2022-06-01", story::population("33.74", "batik", [Some(1), Some(1), Some(1)])), // recorded late
        ("2023-01-01", story::population("33.75", "batik", [Some(600), Some(100), None])),
        ("2023-01-01", story::population("33.75", "tenun", [Some(50), None, None])),
    ]);
    on_days(
        &story,
        "population",
        &[
            ("2021-12-31", &[0, 0, 0, 0, 0, 0, 0]),
            // The source's own figures, though they do not add up; the other 34 of the province have none.
            ("2022-01-01", &[3638, 2840, 789, 1, 34, 0, 0]),
            ("2022-06-01", &[1, 1, 1, 1, 34, 0, 0]),
            // A total that is not given is kecil plus menengah, where both are.
            ("2023-01-01", &[3500 + 700, 3000 + 600 + 50, 100, 0, 33, 0, 0]),
        ],
    );
    let answer = ask(&story, "population", "2023-01-01", |_| {});
    assert_eq!(by(&answer, "commodity", "population_kecil"), rows(&[("batik", 3600), ("tenun", 50)]));
    assert_eq!(by_area(&answer, "population_total"), rows(&[("33.74", 3500), ("33.75", 700)]));
    // On the same day the later record decides.
    let mut story = story;
    story.add("2023-01-01", story::population("33.75", "batik", [None, None, Some(650)]));
    on_days(&story, "population", &[("2023-01-01", &[3500 + 650, 3000 + 50, 0, 0, 33, 0, 0])]);
}

#[test]
fn a_province_is_its_own_report_or_the_sum_of_its_areas_and_never_both() {
    let mut story = tell(vec![
        ("2022-01-01", story::population("33", "batik", [None, None, Some(9000)])),
        ("2022-01-01", story::population("33", "tenun", [None, None, Some(400)])),
        ("2022-01-01", story::population("35", "batik", [None, None, Some(5000)])),
    ]);
    let total = |story: &Story, area: Option<&str>| {
        let answer = ask(story, "population", "2023-01-01", |q| q.area = area.map(story::area));
        answer.value("population_total")
    };
    assert_eq!((total(&story, None), total(&story, Some("33"))), (Some(14_400), Some(9400)));
    assert_eq!(total(&story, Some("33.74")), None, "that of the province is not the city's");
    // A city reports, too: its report is its own, the province still speaks for the province.
    story.add("2023-01-01", story::population("33.74", "batik", [None, None, Some(3500)]));
    assert_eq!((total(&story, None), total(&story, Some("33"))), (Some(14_400), Some(9400)));
    assert_eq!(total(&story, Some("33.74")), Some(3500));
    // A province without a report of its own is the sum of those that have one, with how many do not.
    for (city, total) in [("32.73", 40), ("32.04", 2)] {
        story.add("2022-01-01", story::population(city, "batik", [None, None, Some(total)]));
    }
    let west = ask(&story, "population", "2023-01-01", |q| q.area = Some(story::area("32")));
    assert_eq!(known(&west)[..1], [Some(42)]);
    assert_eq!(west.value("population_unreported"), Some(27 - 2));
    assert_eq!(total(&story, None), Some(14_442));
}

#[test]
fn commodities_of_which_one_holds_the_other_are_not_added_up() {
    let mut story = tell(vec![("2022-01-01", story::population("33.74", "all", [None, None, Some(3638)]))]);
    let total = |story: &Story, area: &str| {
        let answer = ask(story, "population", "2023-01-01", |q| q.area = Some(story::area(area)));
        answer.value("population_total")
    };
    assert_eq!(total(&story, "33.74"), Some(3638));
    story.add("2022-01-01", story::population("33.74", "batik", [None, None, Some(200)]));
    story.add("2022-01-01", story::population("33.75", "batik", [None, None, Some(700)]));
    assert_eq!(
        [total(&story, "33.74"), total(&story, "33.75"), total(&story, "33")],
        [None, Some(700), None]
    );
    let answer = ask(&story, "population", "2023-01-01", |_| {});
    assert_eq!(by(&answer, "commodity", "population_total"), rows(&[("all", 3638), ("batik", 900)]));
    assert_eq!(by_area(&answer, "population_total"), rows(&[("33.75", 700)]));
    // Each of the 35 once: the two that report something are not without a report, though 33.75 has none of all.
    assert_eq!(answer.value("population_unreported"), Some(33));
    assert_eq!(by(&answer, "commodity", "population_unreported"), rows(&[("all", 34), ("batik", 33)]));
    assert_eq!(by(&answer, "report", "population_total"), rows(&[("0", 3638), ("1", 200), ("2", 700)]));
    // Unlike ones that do not hold each other are added up, and what nobody reports is not 0.
    story.add("2022-01-01", story::population("35.76", "tenun", [Some(30), None, None]));
    let answer = ask(&story, "population", "2023-01-01", |q| q.area = Some(story::area("35")));
    assert_eq!(known(&answer)[..3], [None, Some(30), None], "kecil alone is no total");
}

#[test]
fn population_stands_beside_the_register() {
    let story = tell(vec![
        ("2022-01-01", story::population("33.75", "batik", [None, None, Some(8)])),
        ("2022-01-01", story::registered_as(1, "33.75", "batik", &[])),
        ("2022-01-01", story::registered_as(2, "33.75", "tenun", &[])),
        ("2022-01-01", story::registered_as(3, "35.76", "batik", &[])),
        ("2022-02-01", story::closed(3)),
    ]);
    let answer = ask(&story, "population", "2022-01-31", |_| {});
    assert_eq!((values(&answer), shares(&answer)), (vec![8, 0, 0, 0, 35, 3, 1], vec![Some(1250)]));
    let answer = ask(&story, "population", "2022-02-01", |_| {});
    assert_eq!((values(&answer), shares(&answer)), (vec![8, 0, 0, 0, 34, 2, 1], vec![Some(1250)]));
    assert_eq!(by(&answer, "commodity", "population_registered"), rows(&[("batik", 1), ("tenun", 1)]));
    let nowhere = ask(&story, "population", "2022-02-01", |q| q.area = Some(story::area("33.26")));
    assert_eq!((values(&nowhere), shares(&nowhere)), (vec![0; 7], vec![None]));
}

#[test]
fn an_area_without_a_report_is_one_wherever_it_is_asked_about() {
    let story = tell(vec![
        ("2022-01-01", story::population("33.74", "all", [None, None, Some(3638)])),
        ("2022-01-01", story::population("33.75", "batik", [None, None, Some(700)])),
        ("2022-01-01", story::registered_as(1, "35.13", "batik", &[])),
        ("2022-01-01", story::registered_as(2, "33.75", "tenun", &[])),
        ("2022-01-01", story::registered_as(3, "33.76", "tenun", &[])),
        ("2022-01-01", story::registered_as(4, "33.76", "batik", &[])),
        ("2022-01-01", story::registered_as(5, "33.74", "besi", &[])),
    ]);
    let asked =
        |area: Option<&str>| ask(&story, "population", "2023-01-01", |q| q.area = area.map(story::area));
    let whole = asked(None);
    assert_eq!(by_area(&whole, "population_unreported"), rows(&[("33.76", 1), ("35.13", 1)]));
    for (area, count) in [
        (None, 34),
        (Some("33"), 33),
        (Some("35"), 1),
        (Some("35.13"), 1),
        (Some("33.76"), 1),
        // It has one, if of another commodity.
        (Some("33.75"), 0),
    ] {
        assert_eq!(asked(area).value("population_unreported"), Some(count), "{area:?}");
    }
    // Held against a population are those of its commodity: an IKM of another one has no report in 33.75.
    let coverage = by_area(&ask(&story, "coverage", "2023-01-01", |_| {}), "coverage_unreported");
    assert_eq!(coverage, rows(&[("33.75", 1), ("33.76", 1), ("35.13", 1)]));
    let of_commodities = by(&whole, "commodity", "population_unreported");
    assert_eq!(of_commodities, rows(&[("all", 35), ("batik", 35), ("besi", 1), ("tenun", 2)]));
}

#[test]
fn coverage_is_the_trained_of_the_registered_and_of_the_population() {
    let mut story = tell(vec![
        ("2022-01-01", story::population("33.75", "batik", [Some(4), Some(3), None])),
        ("2022-01-01", story::registered(1, "33.75", None)),
        ("2022-01-01", story::registered(2, "33.75", None)),
        ("2022-01-01", story::registered(3, "33.75", None)),
    ]);
    for (program, theme, who) in [(1, "export", 1), (2, "basic_batik", 2)] {
        story.add("2022-01-01", story::opened(program, "33.75", theme, Unit::Ikm, None));
        story.add("2022-01-02", story::scheduled(program, program, None, &["2022-02-01"]));
        story.add("2022-01-03", story::enrolled(who, program, None, &[]));
        let day = "2022-02-01";
        story.add(day, story::attended(who, (program, program), day, None, Present));
    }
    on_days(&story, "coverage", &[("2022-01-31", &[3, 0, 7, 3, 0, 0]), ("2022-02-01", &[3, 2, 7, 3, 2, 0])]);
    let answer = ask(&story, "coverage", "2022-02-01", |_| {});
    assert_eq!(shares(&answer), [Some(6667), Some(2857)], "to the nearest");
    // Programme and theme narrow only the trained; the area all three.
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "coverage", "2022-02-01", narrow));
    assert_eq!(narrowed(|q| q.theme = Some(story::code("export"))), [3, 1, 7, 3, 1, 0]);
    assert_eq!(narrowed(|q| q.program = Some(story::program(2))), [3, 1, 7, 3, 1, 0]);
    assert_eq!(narrowed(|q| q.funding = Some(story::code("apbd"))), [3, 1, 7, 3, 1, 0]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.75"))), [3, 2, 7, 3, 2, 0]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("35"))), [0; 6]);
    // Whoever closed is none of the registered, and so none of those of them that are trained.
    story.add("2022-03-01", story::closed(1));
    on_days(&story, "coverage", &[("2022-02-28", &[3, 2, 7, 3, 2, 0]), ("2022-03-01", &[2, 1, 7, 2, 1, 0])]);
    // Where nobody reported a population there is none to hold anything against.
    story.add("2022-03-01", story::registered(4, "33.74", None));
    story.add("2022-03-01", story::registered(5, "33.74", None));
    on_days(&story, "coverage", &[("2022-03-01", &[4, 1, 7, 2, 1, 1])]);
    // More trained than the source knows of are no part of what it knows.
    story.add("2022-04-01", story::population("33.75", "batik", [None, None, Some(0)]));
    assert_eq!(shares(&ask(&story, "coverage", "2022-04-01", |_| {})), [Some(2500), None]);
}

#[test]
fn of_each_area_and_programme_or_theme_the_furthest_declaration_counts() {
    let mut story = tell(vec![
        ("2023-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2023-02-01", story::complete_for_program("33.75", 1, "2023-01-31")),
        ("2023-03-01", story::complete_for_program("33.75", 1, "2023-02-28")),
        ("2023-04-01", story::complete_for_program("33.75", 1, "2023-02-15")), // not as far
        ("2023-03-01", story::complete_for_theme("33.75", "export", "2023-01-31")),
        ("2023-03-01", story::complete_for_theme("33.74", "export", "2023-01-31")),
        ("2023-03-01", story::complete_for_theme("33.74", "basic_batik", "2023-01-31")),
    ]);
    on_days(
        &story,
        "declared_complete",
        &[("2023-01-31", &[0]), ("2023-02-01", &[1]), ("2023-03-01", &[4]), ("2023-04-01", &[4])],
    );
    let through = |day| {
        let answer = ask(&story, "declared_complete", day, |q| q.program = Some(story::program(1)));
        by(&answer, "through", "declared_complete")
    };
    assert_eq!(through("2023-02-28"), rows(&[("2023-01-31", 1)]));
    assert_eq!(through("2023-03-01"), rows(&[("2023-02-28", 1)]));
    assert_eq!(through("2023-04-01"), rows(&[("2023-02-28", 1)]), "the one that reaches furthest");
    let narrowed =
        |narrow: fn(&mut Question)| values(&ask(&story, "declared_complete", "2023-04-01", narrow))[0];
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.75"))), 2);
    assert_eq!(narrowed(|q| q.area = Some(story::area("33"))), 4);
    // Of the theme by itself in two areas, and of a programme of it.
    assert_eq!(narrowed(|q| q.theme = Some(story::code("export"))), 3);
    assert_eq!(narrowed(|q| q.theme = Some(story::code("basic_batik"))), 1);
    assert_eq!(narrowed(|q| q.program = Some(story::program(2))), 0);
    // Taken back, the one before it speaks again.
    story.retract(2);
    let answer = ask(&story, "declared_complete", "2023-04-01", |q| q.program = Some(story::program(1)));
    assert_eq!(by(&answer, "through", "declared_complete"), rows(&[("2023-02-15", 1)]));
}

/// Its own report of one commodity, and those of its cities of the others.
#[test]
fn the_row_of_a_province_is_the_question_narrowed_to_it() {
    let story = tell(vec![
        ("2022-01-01", story::population("33", "tenun", [None, None, Some(400)])),
        ("2022-01-01", story::population("33.74", "batik", [None, None, Some(3500)])),
        ("2022-01-01", story::registered_as(1, "33.74", "batik", &[])),
        ("2022-01-01", story::registered_as(2, "33.75", "tenun", &[])),
        ("2022-01-01", story::registered_as(3, "33.75", "besi", &[])),
    ]);
    let whole = ask(&story, "population", "2023-01-01", |_| {});
    for (figure, expected) in [
        ("population_total", rows(&[("33", 3900), ("33.74", 3500)])),
        ("population_registered", rows(&[("33", 3), ("33.74", 1), ("33.75", 2)])),
        ("registered_where_reported", rows(&[("33", 2), ("33.74", 1)])),
        ("population_unreported", rows(&[("33", 34), ("33.75", 1)])),
    ] {
        assert_eq!(by_area(&whole, figure), expected, "{figure}");
        for area in ["33", "33.74", "33.75"] {
            let narrowed = ask(&story, "population", "2023-01-01", |q| q.area = Some(story::area(area)));
            let row = expected.iter().find(|(of, _)| of == area).map_or(0, |(_, value)| *value);
            assert_eq!(narrowed.value(figure).unwrap_or(0), row, "{figure} in {area}");
        }
    }
    // Of the two commodities of 33.75 the province reports one, and the city by itself none.
    let coverage =
        |area: Option<&str>| ask(&story, "coverage", "2023-01-01", |q| q.area = area.map(story::area));
    let unreported = by_area(&coverage(None), "coverage_unreported");
    assert_eq!(unreported, rows(&[("33", 1), ("33.75", 1)]));
    assert_eq!(by(&coverage(None), "commodity", "coverage_unreported"), rows(&[("besi", 1)]));
    for (area, count) in [("33", 1), ("33.74", 0), ("33.75", 1)] {
        assert_eq!(coverage(Some(area)).value("coverage_unreported"), Some(count), "{area}");
    }
    // Who is behind it lies where it lies, though the report is of the province.
    let tenun = told(&whole).into_iter().find(|member| member.starts_with("ikm 2 ")).unwrap();
    assert!(tenun.starts_with("ikm 2 in 33.75 by "), "{tenun}");
}
