//! `welfare`, `turnover_change`, `jobs`: which reports count.

use jejak_events::types::program::Unit;
use jejak_projections::answer::BasisEvents;

use super::*;

/// The events that the attested figures rest on.
fn bases(story: &Story, name: &str, day: &str) -> Vec<BasisEvents> {
    let mut events: Vec<_> = ask(story, name, day, |_| {}).bases.iter().map(|basis| basis.events).collect();
    events.sort_unstable();
    events
}

#[test]
fn welfare_rests_on_the_latest_period_of_each_ikm() {
    let mut story = tell(vec![
        ("2022-01-01", story::registered(1, "33.75", Some(Scale::Kecil))),
        ("2022-01-01", story::registered(2, "33.74", None)),
        ("2022-01-01", story::registered(3, "33.75", None)),
    ]);
    on_days(&story, "welfare", &[("2021-12-31", &[0, 0]), ("2022-01-01", &[0, 3])]);
    let of_2022 = story.add("2023-01-15", story::workforce(1, ("2022-01-01", "2022-12-31")));
    // Reported later, about an older period.
    story.add("2023-02-15", story::workforce(1, ("2021-01-01", "2021-12-31")));
    let other = story.add("2023-03-01", story::workforce(2, ("2022-07-01", "2022-07-31")));
    on_days(&story, "welfare", &[("2023-01-14", &[0, 3]), ("2023-01-15", &[1, 2]), ("2023-03-01", &[2, 1])]);
    assert_eq!(bases(&story, "welfare", "2023-02-28"), [BasisEvents::One(of_2022)]);
    assert_eq!(bases(&story, "welfare", "2023-03-01"), [BasisEvents::One(of_2022), BasisEvents::One(other)]);
    // A second report on the same period takes the place of the first, from its day on.
    let again = story.add("2023-04-01", story::workforce(1, ("2022-01-01", "2022-12-31")));
    assert_eq!(bases(&story, "welfare", "2023-03-31"), [BasisEvents::One(of_2022), BasisEvents::One(other)]);
    assert_eq!(bases(&story, "welfare", "2023-04-01"), [BasisEvents::One(other), BasisEvents::One(again)]);
    // Who is closed is not in the register, and its report not in the sums.
    story.add("2023-05-01", story::closed(1));
    on_days(&story, "welfare", &[("2023-04-30", &[2, 1]), ("2023-05-01", &[1, 1])]);
    assert_eq!(bases(&story, "welfare", "2023-05-01"), [BasisEvents::One(other)]);
    let small = ask(&story, "welfare", "2023-04-30", |q| q.scale = Some(story::by_workers(Scale::Kecil)));
    assert_eq!((values(&small), small.bases.len()), (vec![1, 0], 1));
    let there = ask(&story, "welfare", "2023-04-30", |q| q.area = Some(story::area("33.75")));
    assert_eq!(values(&there), [1, 1]);
}

#[test]
fn turnover_is_compared_before_the_first_and_after_the_last_session_day() {
    let enrolled = || {
        tell(vec![
            ("2022-01-01", story::registered(1, "33.75", None)),
            ("2022-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
            ("2022-01-02", story::scheduled(1, 1, None, &["2022-07-01", "2022-07-05"])),
            ("2022-01-03", story::enrolled(1, 1, None, &[])),
        ])
    };
    // Whether two periods can be compared, reported at the end of 2022.
    let compared = |before, after| {
        let mut story = enrolled();
        for period in [before, after] {
            story.add("2022-12-31", story::turnover(1, period));
        }
        assert_eq!(figures(&story, "turnover_change", "2022-12-30"), [0]);
        figures(&story, "turnover_change", "2022-12-31") == [1]
    };
    assert!(compared(("2022-01-01", "2022-06-30"), ("2022-07-06", "2022-12-31")));
    assert!(!compared(("2022-01-01", "2022-07-01"), ("2022-07-06", "2022-12-31")), "ends on the first day");
    assert!(!compared(("2022-01-01", "2022-06-30"), ("2022-07-05", "2022-12-31")), "begins on the last day");
    assert!(!compared(("2022-01-01", "2022-06-30"), ("2022-07-02", "2022-07-04")), "between the two");
    assert!(!compared(("2021-01-01", "2021-12-31"), ("2022-01-01", "2022-06-30")), "both before");

    // On either side the latest period, whenever it was reported.
    let mut story = enrolled();
    story.add("2022-08-15", story::turnover(1, ("2022-07-06", "2022-08-05")));
    let before = story.add("2022-08-15", story::turnover(1, ("2022-04-01", "2022-06-30")));
    story.add("2022-08-16", story::turnover(1, ("2022-01-01", "2022-03-31")));
    let after = story.add("2022-10-15", story::turnover(1, ("2022-07-06", "2022-10-05")));
    assert_eq!(
        bases(&story, "turnover_change", "2022-10-14"),
        [BasisEvents::Pair { before, after: before - 1 }]
    );
    assert_eq!(bases(&story, "turnover_change", "2022-10-15"), [BasisEvents::Pair { before, after }]);
    let answer = ask(&story, "turnover_change", "2022-10-15", |_| {});
    assert_eq!(answer.bases[0].program, Some(story::program(1)));
    assert_eq!(by(&answer, "theme", "turnover_compared"), rows(&[("export", 1)]));
    // When the session is put off, what was after it is so no longer.
    story.add("2022-06-30", story::rescheduled(1, 1, &["2022-11-01"]));
    on_days(&story, "turnover_change", &[("2022-10-15", &[0])]);
    // Nothing is compared without sessions, nor without a place.
    let mut without = enrolled();
    without.add("2022-12-31", story::turnover(1, ("2022-01-01", "2022-06-30")));
    without.add("2022-12-31", story::turnover(1, ("2022-07-06", "2022-12-31")));
    on_days(&without, "turnover_change", &[("2022-12-31", &[1])]);
    without.add("2022-12-31", story::cancelled(1, 1));
    on_days(&without, "turnover_change", &[("2022-12-31", &[0])]);
}

#[test]
fn jobs_are_those_of_the_first_and_the_latest_period_of_who_completed() {
    let trained = |ikm: u32| {
        [
            ("2022-01-03", story::enrolled(ikm, 1, None, &[])),
            ("2022-07-01", story::attended(ikm, (1, 1), "2022-07-01", None, Present)),
        ]
    };
    let mut facts = vec![
        ("2022-01-01", story::registered(1, "33.75", None)),
        ("2022-01-01", story::registered(2, "33.74", None)),
        ("2022-01-01", story::registered(3, "33.75", None)),
        ("2022-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2022-01-02", story::scheduled(1, 1, None, &["2022-07-01"])),
        ("2022-01-03", story::enrolled(3, 1, None, &[])), // has a place and never comes
    ];
    facts.extend([1, 2].into_iter().flat_map(trained));
    let mut story = tell(facts);
    let first = story.add("2022-04-01", story::workforce(1, ("2022-01-01", "2022-03-31")));
    for ikm in [2, 3] {
        story.add("2022-04-01", story::workforce(ikm, ("2022-01-01", "2022-03-31")));
        story.add("2022-12-01", story::workforce(ikm, ("2022-07-01", "2022-09-30")));
    }
    // One report, or two on one period, cannot be compared.
    let again = story.add("2022-12-01", story::workforce(1, ("2022-01-01", "2022-03-31")));
    on_days(&story, "jobs", &[("2022-11-30", &[0]), ("2022-12-01", &[1])]);
    let later = story.add("2023-01-05", story::workforce(1, ("2022-10-01", "2022-12-31")));
    // Reported later, about a period in between.
    story.add("2023-02-05", story::workforce(1, ("2022-07-01", "2022-09-30")));
    on_days(&story, "jobs", &[("2023-01-04", &[1]), ("2023-01-05", &[2]), ("2023-02-05", &[2])]);
    let here = ask(&story, "jobs", "2023-02-05", |q| q.area = Some(story::area("33.75")));
    let bases: Vec<_> = here.bases.iter().map(|basis| basis.events).collect();
    assert_eq!(
        bases,
        [BasisEvents::Pair { before: again, after: later }],
        "not {first}: the last on that period"
    );
    let of_theme = |theme| ask(&story, "jobs", "2023-02-05", |q| q.theme = Some(story::code(theme)));
    assert_eq!((values(&of_theme("export")), values(&of_theme("green_industry"))), (vec![2], vec![0]));
    // Before the training was over nobody had completed it, whatever was reported.
    on_days(&story, "jobs", &[("2022-06-30", &[0])]);
}
