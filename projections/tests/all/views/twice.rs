//! Logs of another program: the rules of this one let nobody open a programme twice, nor schedule a session
//! twice. The figures are defined all the same.

use jejak_events::types::ikm::Verdict;

use super::*;

/// All that is said of a programme is what its last opening says.
#[test]
fn a_programme_that_is_opened_twice_is_what_the_last_opening_says() {
    let targets = [("enrolled", 1), ("passed", 1)];
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened_for(1, "33.75", "export", Unit::Ikm, None, &["apbd"], &targets)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        (
            "2025-02-01",
            story::opened_for(1, "33.74", "basic_batik", Unit::Ikm, None, &["dak"], &[("trained", 1)]),
        ),
    ]);
    let funded = |story: &Story, day, source: &str| {
        let answer = ask(story, "enrolled", day, |q| q.funding = Some(story::code(source)));
        answer.value("enrolled").unwrap()
    };
    for (day, apbd, area, theme, indicators) in [
        ("2025-01-31", true, "33.75", "export", &[("enrolled", 1), ("passed", 1)][..]),
        ("2025-02-01", false, "33.74", "basic_batik", &[("trained", 1)]),
    ] {
        let source = if apbd { "apbd" } else { "dak" };
        assert_eq!([funded(&story, day, "apbd"), funded(&story, day, "dak")], [apbd, !apbd].map(u64::from));
        let programs = ask(&story, "programs", day, |_| {});
        assert_eq!(by_area(&programs, "programs"), rows(&[(area, 1)]), "{day}");
        assert_eq!(by(&programs, "theme", "programs"), rows(&[(theme, 1)]), "{day}");
        assert_eq!(by(&programs, "funding", "programs"), rows(&[(source, 1)]), "{day}");
        let targets = ask(&story, "targets", day, |_| {});
        assert_eq!(by(&targets, "figure", "target_value"), rows(indicators), "{day}");
    }
    // The first opening had a target of assessments, the last has none.
    let overdue = |story: &Story| figures(story, "assessments_overdue", "2025-12-31");
    assert_eq!(overdue(&story), [0]);
    story.add("2025-03-01", story::assessed(9, 1, "sih_batik", Verdict::Passed));
    assert_eq!(overdue(&story), [1]);
    // Of two on one day the later record; of a corrected one, its own place in the log.
    let first = story.add("2025-02-01", story::opened(1, "35.76", "export", Unit::Ikm, None));
    let themes = |story: &Story| by(&ask(story, "programs", "2025-12-31", |_| {}), "theme", "programs");
    assert_eq!(themes(&story), rows(&[("export", 1)]));
    story.correct(4, "2025-02-01", story::opened(1, "33.74", "natural_dyes", Unit::Ikm, None));
    assert_eq!(themes(&story), rows(&[("export", 1)]), "the correction is recorded last, its event is not");
    story.retract(first);
    assert_eq!(themes(&story), rows(&[("natural_dyes", 1)]));
}

/// Its days are those last said, each once.
#[test]
fn a_session_that_is_scheduled_twice_has_each_day_once() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(100))),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01"])),
        ("2025-01-03", story::scheduled(1, 1, None, &["2025-02-02", "2025-02-03"])),
        ("2025-01-04", story::enrolled(1, 1, None, &[])),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", None, Present)),
        ("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present)),
    ]);
    on_days(&story, "trained", &[("2025-02-02", &[0, 0]), ("2025-02-03", &[1, 0])]);
    on_days(&story, "sessions_held", &[("2025-02-03", &[1, 1, 0])]);
}

/// Of several merges of one stream the last recorded counts, wherever a correction of the first stands.
#[test]
fn a_stream_that_is_merged_twice_counts_as_the_last_one_says() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::registered(3, "35.76", None)),
        ("2025-02-01", story::shipped(2, "JP", "6204")),
        ("2025-06-01", story::merged(2, 1)),
        ("2025-06-01", story::merged(2, 3)),
    ]);
    let exported = |story: &Story| by_area(&ask(story, "exported", "2025-12-31", |_| {}), "exported");
    assert_eq!(exported(&story), rows(&[("35.76", 1)]));
    story.correct(4, "2025-07-01", story::merged(2, 1));
    assert_eq!(exported(&story), rows(&[("35.76", 1)]));
}

/// Nor is a session called off twice: it is off from the earlier of the days, whichever was recorded first.
#[test]
fn a_session_that_is_called_off_twice_is_off_from_the_first_day() {
    let mut story = tell(vec![
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-15"])),
        ("2025-02-20", story::cancelled(1, 1)),
    ]);
    on_days(&story, "sessions_scheduled", &[("2025-02-15", &[1]), ("2025-02-20", &[0])]);
    story.add("2025-02-25", story::cancelled(1, 1));
    on_days(&story, "sessions_scheduled", &[("2025-02-15", &[1]), ("2025-02-20", &[0])]);
    story.add("2025-02-10", story::cancelled(1, 1));
    on_days(&story, "sessions_scheduled", &[("2025-02-15", &[0]), ("2025-02-20", &[0])]);
    // With it called off a programme is over: on the 10th, and not anew on the 20th.
    let attended = story::attended(1, (1, 2), "2025-02-05", None, Present);
    for (day, happening) in [
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-02", story::scheduled(1, 2, None, &["2025-02-05"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-02-05", attended),
    ] {
        story.add(day, happening);
    }
    on_days(&story, "trained", &[("2025-02-09", &[0, 0]), ("2025-02-10", &[1, 0])]);
    let since = |from| values(&ask(&story, "trained", "2025-02-28", |q| q.from = Some(story::date(from))));
    assert_eq!((since("2025-02-10"), since("2025-02-11")), (vec![1, 0], vec![0, 0]));
}
