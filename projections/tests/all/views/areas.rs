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
            ("2021-12-31", &[0, 0, 0, 0]),
            // The source's own figures, though they do not add up.
            ("2022-01-01", &[3638, 2840, 789, 0]),
            ("2022-06-01", &[1, 1, 1, 0]),
            // A total that is not given is kecil plus menengah, where both are.
            ("2023-01-01", &[3500 + 700, 3000 + 600 + 50, 100, 0]),
        ],
    );
    let answer = ask(&story, "population", "2023-01-01", |_| {});
    assert_eq!(by(&answer, "commodity", "population_kecil"), rows(&[("batik", 3600), ("tenun", 50)]));
    assert_eq!(by_area(&answer, "population_total"), rows(&[("33.74", 3500), ("33.75", 700)]));
    // On the same day the later record decides.
    let mut story = story;
    story.add("2023-01-01", story::population("33.75", "batik", [None, None, Some(650)]));
    on_days(&story, "population", &[("2023-01-01", &[3500 + 650, 3000 + 50, 0, 0])]);
}

#[test]
fn a_report_about_a_province_counts_only_where_none_of_its_areas_has_one() {
    let mut story = tell(vec![
        ("2022-01-01", story::population("33", "batik", [None, None, Some(9000)])),
        ("2022-01-01", story::population("33", "tenun", [None, None, Some(400)])),
        ("2022-01-01", story::population("35", "batik", [None, None, Some(5000)])),
    ]);
    let total = |story: &Story, area: Option<&str>| {
        let answer = ask(story, "population", "2023-01-01", |q| q.area = area.map(story::area));
        answer.value("population_total").unwrap()
    };
    assert_eq!((total(&story, None), total(&story, Some("33"))), (14_400, 9400));
    assert_eq!(total(&story, Some("33.74")), 0, "that of the province is not the city's");
    // One city reports batik: for batik it speaks, for tenun the province still does.
    story.add("2023-01-01", story::population("33.74", "batik", [None, None, Some(3500)]));
    assert_eq!((total(&story, None), total(&story, Some("33"))), (8900, 3900));
    assert_eq!(total(&story, Some("33.74")), 3500);
    // Before the day of that report it was not so.
    let before = ask(&story, "population", "2022-12-31", |_| {});
    assert_eq!(before.value("population_total"), Some(14_400));
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
    assert_eq!((values(&answer), shares(&answer)), (vec![8, 0, 0, 3], vec![Some(3750)]));
    let answer = ask(&story, "population", "2022-02-01", |_| {});
    assert_eq!((values(&answer), shares(&answer)), (vec![8, 0, 0, 2], vec![Some(2500)]));
    assert_eq!(by(&answer, "commodity", "population_registered"), rows(&[("batik", 1), ("tenun", 1)]));
    let nowhere = ask(&story, "population", "2022-02-01", |q| q.area = Some(story::area("33.26")));
    assert_eq!((values(&nowhere), shares(&nowhere)), (vec![0; 4], vec![None]));
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
    on_days(&story, "coverage", &[("2022-01-31", &[0, 3, 7]), ("2022-02-01", &[2, 3, 7])]);
    let answer = ask(&story, "coverage", "2022-02-01", |_| {});
    assert_eq!(shares(&answer), [Some(6666), Some(2857)], "rounded down");
    // Programme and theme narrow only the trained; the area all three.
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "coverage", "2022-02-01", narrow));
    assert_eq!(narrowed(|q| q.theme = Some(story::code("export"))), [1, 3, 7]);
    assert_eq!(narrowed(|q| q.program = Some(story::program(2))), [1, 3, 7]);
    assert_eq!(narrowed(|q| q.funding = Some(story::code("apbd"))), [1, 3, 7]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.75"))), [2, 3, 7]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("35"))), [0, 0, 0]);
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
