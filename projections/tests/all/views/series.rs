//! A view over time: `--by month|quarter|year`.

use jejak_projections::calendar::PeriodLength;
use jejak_projections::question::QuestionError;
use jejak_projections::series::{PERIODS_LIMIT, PERIODS_UNASKED, Series};
use jejak_projections::views::ViewDeclaration;
use story::by_ikm;

use super::*;

fn over_time(story: &Story, name: &str, from: &str, on: &str, by: PeriodLength) -> Series {
    let question = Question { from: Some(story::date(from)), ..Question::new(story::date(on), story.size()) };
    view(name).unwrap().series(&facts(story), &question, by).unwrap()
}

/// Period, days and figures of each row; `…` where not all days of the period are counted.
fn rows_of(series: &Series) -> Vec<String> {
    let row = |period: &jejak_projections::series::SeriesPeriod| {
        let from = period.from.map(|from| from.to_string()).unwrap_or_default();
        let values: Vec<String> = period
            .figures
            .iter()
            .map(|one| one.value.map_or("-".to_owned(), |one| one.to_string()))
            .collect();
        let cut = if period.is_whole { "" } else { " …" };
        format!("{} {from}..{} {}{cut}", period.period, period.on, values.join(" "))
    };
    series.periods.iter().map(row).collect()
}

fn certificates() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-02-28", story::certified(1, "sih", by_ikm(1), "2025-02-28", "2025-12-31")),
        ("2025-03-01", story::certified(2, "sih", by_ikm(2), "2025-03-01", "2029-09-30")),
        ("2025-08-20", story::revoked(2)),
    ])
}

#[test]
fn what_came_about_counts_in_its_period_and_a_cut_period_says_so() {
    let story = certificates();
    let series = over_time(&story, "certificates", "2025-02-28", "2026-01-15", PeriodLength::Quarter);
    // Issued, renewed, suspended, reinstated, revoked, lapsed.
    assert_eq!(
        rows_of(&series),
        [
            "2025-Q1 2025-02-28..2025-03-31 2 0 0 0 0 0 …",
            "2025-Q2 2025-04-01..2025-06-30 0 0 0 0 0 0",
            "2025-Q3 2025-07-01..2025-09-30 0 0 0 0 1 0",
            "2025-Q4 2025-10-01..2025-12-31 0 0 0 0 0 0",
            "2026-Q1 2026-01-01..2026-01-15 0 0 0 0 0 1 …",
        ]
    );
    let days = over_time(&story, "certificates", "2025-02-10", "2025-02-20", PeriodLength::Month);
    assert_eq!(rows_of(&days), ["2025-02 2025-02-10..2025-02-20 0 0 0 0 0 0 …"]);
}

#[test]
fn a_state_is_that_of_the_last_day_of_each_period() {
    let story = certificates();
    let series = over_time(&story, "green_certified", "2024-06-01", "2026-02-01", PeriodLength::Year);
    assert_eq!(rows_of(&series), ["2024 ..2024-12-31 0", "2025 ..2025-12-31 1", "2026 ..2026-02-01 0 …"]);
}

#[test]
fn what_is_not_known_in_a_period_is_not_known_in_its_row() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    // Before anybody was enrolled no programme names persons.
    let series = over_time(&story, "trained", "2023-09-10", "2023-10-31", PeriodLength::Month);
    assert_eq!(
        rows_of(&series),
        ["2023-09 2023-09-10..2023-09-30 0 - …", "2023-10 2023-10-01..2023-10-31 1 1"]
    );
}

#[test]
fn a_series_is_as_known_as_its_question() {
    let story = certificates();
    let question = Question {
        from: Some(story::date("2025-01-01")),
        ..Question::new(story::date("2025-12-31"), story.size() - 1)
    };
    let revoked = |question: &Question| {
        let series = view("certificates").unwrap().series(&facts(&story), question, PeriodLength::Year);
        series.unwrap().periods[0].figures[4].value
    };
    assert_eq!(revoked(&question), Some(0));
    assert_eq!(revoked(&Question { as_known: story.size(), ..question }), Some(1));
}

#[test]
fn a_series_has_so_many_periods_and_no_more() {
    let facts = facts(&certificates());
    let green = view("green_certified").unwrap();
    let ask = |view: &ViewDeclaration, from: Option<&str>, on: &str, by| {
        let question = Question { from: from.map(story::date), ..Question::new(story::date(on), 5) };
        view.series(&facts, &question, by)
    };
    let unasked = ask(green, None, "2026-02-15", PeriodLength::Month).unwrap();
    assert_eq!(
        (unasked.periods.len(), unasked.question.from),
        (PERIODS_UNASKED, Some(story::date("2025-03-01")))
    );
    // Nothing lies before the first year that a date can have.
    assert_eq!(ask(green, None, "1903-02-15", PeriodLength::Year).unwrap().periods.len(), 4);
    let most = ask(green, Some("2006-01-31"), "2025-12-01", PeriodLength::Month).unwrap();
    assert_eq!(most.periods.len(), PERIODS_LIMIT);
    let error = ask(green, Some("2005-12-31"), "2025-12-01", PeriodLength::Month).unwrap_err();
    assert_eq!(error, QuestionError::TooManyPeriods { count: PERIODS_LIMIT + 1, limit: PERIODS_LIMIT });
    let backward = ask(green, Some("2025-12-02"), "2025-12-01", PeriodLength::Year).unwrap_err();
    assert!(matches!(backward, QuestionError::PeriodBackward { .. }), "{backward}");
}

#[test]
fn of_a_period_that_has_not_begun_nothing_is_known() {
    let story = certificates();
    let told = |name, from, today| {
        let question = Question {
            from: Some(story::date(from)),
            ..Question::new(story::date("2026-06-30"), story.size())
        };
        let facts = facts(&story);
        view(name).unwrap().series_on(&facts, &question, PeriodLength::Quarter, story::date(today)).unwrap()
    };
    let flow = told("certificates", "2025-08-01", "2025-12-01");
    assert_eq!(
        rows_of(&flow),
        [
            "2025-Q3 2025-08-01..2025-09-30 0 0 0 0 1 0 …",
            "2025-Q4 2025-10-01..2025-12-01 0 0 0 0 0 0 …",
            "2026-Q1 2026-01-01..2026-03-31 - - - - - - …",
            "2026-Q2 2026-04-01..2026-06-30 - - - - - - …",
        ]
    );
    assert_eq!(flow.today, Some(story::date("2025-12-01")));
    let state = told("green_certified", "2025-10-01", "2025-12-31");
    assert_eq!(
        rows_of(&state),
        ["2025-Q4 ..2025-12-31 1", "2026-Q1 ..2026-03-31 - …", "2026-Q2 ..2026-06-30 - …"]
    );
    // One that begins today is asked today.
    let begun = told("certificates", "2026-01-01", "2026-01-01");
    assert_eq!(
        rows_of(&begun),
        ["2026-Q1 2026-01-01..2026-01-01 0 0 0 0 0 1 …", "2026-Q2 2026-04-01..2026-06-30 - - - - - - …"]
    );
    // A first day to come begins a period that has: nothing that counts in it has happened.
    let late = told("certificates", "2026-02-01", "2026-01-15");
    assert!(late.periods.iter().all(|period| period.figures.iter().all(|figure| figure.value.is_none())));
    assert!(
        told("sessions_held", "2026-02-01", "2026-01-15")
            .periods
            .iter()
            .all(|period| { period.shares.iter().all(|share| share.basis_points.is_none()) })
    );
    // Where all is over, nothing is left out, nor the day told.
    let over = told("certificates", "2025-08-01", "2026-06-30");
    assert_eq!((over.today, over.periods[2].figures[5].value), (None, Some(1)));
    assert!(over.periods[2].is_whole);
}

#[test]
fn what_is_not_over_is_asked_today() {
    let mut story = certificates();
    story.add("2025-03-01", story::certified(3, "sih", by_ikm(2), "2025-03-01", "2025-11-15"));
    let on = |today| {
        let question = Question::new(story::date("2025-12-31"), story.size());
        let question = Question { from: Some(story::date("2025-07-01")), ..question };
        let view = view("green_certified").unwrap();
        let facts = facts(&story);
        view.series_on(&facts, &question, PeriodLength::Quarter, story::date(today)).unwrap()
    };
    // It lapses in days to come.
    let running = on("2025-11-15");
    assert_eq!(rows_of(&running), ["2025-Q3 ..2025-09-30 2", "2025-Q4 ..2025-11-15 2 …"]);
    assert_eq!(running.today, Some(story::date("2025-11-15")));
    assert_eq!(rows_of(&on("2025-11-16")), ["2025-Q3 ..2025-09-30 2", "2025-Q4 ..2025-11-16 1 …"]);
    assert_eq!(rows_of(&on("2025-12-31")), ["2025-Q3 ..2025-09-30 2", "2025-Q4 ..2025-12-31 1"]);
    // What begins later is not asked today, but not known.
    assert_eq!(rows_of(&on("2025-09-30")), ["2025-Q3 ..2025-09-30 2", "2025-Q4 ..2025-12-31 - …"]);
}
