//! Rows: each row of each breakdown says what the question says that is narrowed to it.

use std::collections::BTreeSet;

use jejak_events::values::Date;
use jejak_projections::answer::{Answer, BreakdownRow, Figure};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::{BY_AREA, Filter, OnlyRow, Question, QuestionError};
use jejak_projections::views::{VIEWS, ViewDeclaration};

use super::kinds::Dice;
use super::{Outcome, declared_unit, filter_of, generator, live, narrow_to, questions, same};
use crate::story;

/// Histories of a run.
const HISTORIES: u64 = 60;

fn ask(facts: &Facts, view: &ViewDeclaration, question: &Question, by: &str, key: Option<&str>) -> Answer {
    let only = OnlyRow::new(by, key).unwrap();
    let question = Question { only: Some(only), ..question.clone() };
    view.answer(facts, &question).unwrap()
}

/// All rows of an answer: what they are by, the key, the figures and the day.
fn rows(answer: &Answer) -> impl Iterator<Item = (&'static str, Option<String>, &[Figure], Option<Date>)> {
    let areas = answer
        .by_area
        .iter()
        .map(|row| (BY_AREA, row.area.map(|area| area.to_string()), row.figures.as_slice(), None));
    let others = answer.breakdowns.iter().flat_map(|breakdown| {
        let of = |row: &BreakdownRow| row.key.clone();
        breakdown.rows.iter().map(move |row| (breakdown.by, of(row), row.figures.as_slice(), row.day))
    });
    areas.chain(others)
}

/// Each row of an answer is what the question narrowed to it answers, and nothing is behind it that is not behind the whole.
fn each_row_is_its_question(facts: &Facts, view: &ViewDeclaration, whole: &Answer) -> Outcome {
    for (by, key, figures, day) in rows(whole) {
        let what = || format!("{} {by}={key:?} of {:?}", view.name, whole.question);
        let narrowed = ask(facts, view, &whole.question, by, key.as_deref());
        let written = serde_json::to_vec(&narrowed.question).unwrap();
        same(&serde_json::from_slice(&written).ok().as_ref(), &Some(&narrowed.question), what)?;
        same(&narrowed.figures.as_slice(), &figures, what)?;
        let its_row = rows(&narrowed).find(|(of, its, ..)| *of == by && *its == key);
        same(&its_row, &Some((by, key.clone(), figures, day)), what)?;
        let own = rows(&narrowed).filter(|(of, ..)| *of == by).count();
        same(&own, &1, what)?;
        same(&view.figures(facts, &narrowed.question).unwrap(), &narrowed.figures, what)?;
        let bases = narrowed.bases.iter().all(|basis| whole.bases.contains(basis));
        let context = narrowed.context.iter().all(|index| whole.context.contains(index));
        same(&(bases, context), &(true, true), what)?;
        behind(&narrowed).map_err(|wrong| format!("{}: {wrong}", what()))?;
    }
    Ok(())
}

/// Who is counted is named, and nobody else.
fn behind(narrowed: &Answer) -> Outcome {
    use jejak_projections::answer::FigureUnit as Unit;
    for figure in &narrowed.figures {
        let Some(value) = figure.value else { continue };
        let members = narrowed.members.iter().filter(|member| member.figures.contains(&figure.name)).count();
        if matches!(
            declared_unit(narrowed, figure.name),
            Unit::Ikm | Unit::Person | Unit::Session | Unit::Program | Unit::Sentra | Unit::Claim
        ) {
            same(&(members as u64), &value, || figure.name.to_owned())?;
        }
    }
    Ok(())
}

/// Views that answer more to a filter than what counts in the row: see `breaks_down` and `views/narrowed.rs`.
fn says_more(view: &ViewDeclaration, filter: Filter) -> bool {
    matches!((view.name, filter), ("declared_complete", Filter::Theme))
}

/// Where a filter narrows to the same row, both ways answer alike, but for what a narrowed row leaves out.
fn filters_answer_alike(facts: &Facts, view: &ViewDeclaration, whole: &Answer) -> Outcome {
    for (by, key, ..) in rows(whole) {
        let filter = if by == BY_AREA { Some(Filter::Area) } else { filter_of(by) };
        let filter = filter
            .filter(|filter| view.filters.contains(filter) && !says_more(view, *filter))
            .filter(|filter| whole.question.filters().all(|asked| asked != *filter));
        let Some((filter, key)) = filter.zip(key.as_deref()) else { continue };
        let what = || format!("{} {by}={key} of {:?}", view.name, whole.question);
        let mut question = whole.question.clone();
        match filter {
            Filter::Area => question.area = Some(story::area(key)),
            _ => narrow_to(&mut question, filter, by, key),
        }
        let filtered = view.answer(facts, &question).unwrap();
        let narrowed = ask(facts, view, &whole.question, by, Some(key));
        same(&narrowed.figures, &filtered.figures, what)?;
        same(&narrowed.shares, &filtered.shares, what)?;
        same(&narrowed.bases, &filtered.bases, what)?;
        // Narrowed to an area or a theme, events are noted of programmes in which no IKM counts, too.
        let is_there = |index: &u64| filter != Filter::Program || narrowed.context.contains(index);
        same(&filtered.context.iter().all(is_there), &true, || format!("{}: context", what()))?;
        // The filter names the kabupaten and kota of a province, the row what counts in the province.
        if by == BY_AREA && key.len() == 2 {
            continue;
        }
        same(&narrowed.members, &filtered.members, what)?;
        tells_no_other(&narrowed, &filtered).map_err(|wrong| format!("{}: {wrong}", what()))?;
    }
    Ok(())
}

/// What the one says in its rows, the other says too.
fn tells_no_other(narrowed: &Answer, filtered: &Answer) -> Outcome {
    for (by, key, figures, _) in rows(narrowed) {
        let other = rows(filtered).find(|(of, its, ..)| *of == by && *its == key);
        let other = other.map_or(&[][..], |(_, _, figures, _)| figures);
        for (figure, other) in figures.iter().zip(other) {
            let agrees = figure.value.is_none() || figure.value == other.value;
            same(&agrees, &true, || format!("{by} {key:?} {figure:?} {other:?}"))?;
        }
        same(&figures.len(), &other.len(), || format!("{by} {key:?}"))?;
    }
    Ok(())
}

#[test]
fn every_row_is_the_question_narrowed_to_it() {
    let mut breakdowns: BTreeSet<_> = VIEWS
        .iter()
        .flat_map(|view| view.breakdowns.iter().map(|by| (view.name, view.version, *by)))
        .collect();
    let mut unsaid = 0;
    for seed in 0..HISTORIES {
        let dice = &mut Dice::new(!seed);
        let told = generator::tell(&generator::steps(seed));
        let facts = live(&told, 0..told.size(), &mut Lineage::default());
        let day = if seed % 2 == 0 { "2027-01-01" } else { dice.day() };
        for (view, question) in questions(dice, told.size(), day) {
            let whole = view.answer(&facts, &question).unwrap();
            for (by, key, ..) in rows(&whole) {
                breakdowns.remove(&(view.name, view.version, by));
                unsaid += u64::from(key.is_none());
            }
            let checked = each_row_is_its_question(&facts, view, &whole);
            let checked = checked.and_then(|()| filters_answer_alike(&facts, view, &whole));
            checked.unwrap_or_else(|wrong| panic!("history {seed}: {wrong}"));
        }
    }
    assert!(breakdowns.is_empty(), "without a row: {breakdowns:?}");
    assert!(unsaid > 0, "no row of what is not said");
}

#[test]
fn a_key_is_a_text_of_one_line() {
    let read = |key: &str| {
        let only = serde_json::json!({ "by": "issuer", "key": key });
        let asked = serde_json::json!({ "as_known": 1, "on": "2027-01-01", "only": only });
        serde_json::from_value::<Question>(asked).is_ok()
    };
    assert!(read("LSP Batik") && read("33.75.01") && read("036ef372-fe94-482b-a739-80c000000001/enrolled"));
    for wrong in ["", " apd", "apd\n\nVERIFIED", "\u{1b}[2J", "a\u{202e}b", &"a".repeat(501)] {
        assert!(!read(wrong) && OnlyRow::new("issuer", Some(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_row_that_is_not_there_is_empty_and_a_breakdown_that_is_not_there_is_refused() {
    for seed in 0..4 {
        nothing_is_there(seed);
    }
}

fn nothing_is_there(seed: u64) {
    let told = generator::tell(&generator::steps(seed));
    let facts = live(&told, 0..told.size(), &mut Lineage::default());
    let question = Question::new(story::date("2027-01-01"), told.size());
    for view in VIEWS {
        let whole = view.answer(&facts, &question).unwrap();
        for by in [BY_AREA].into_iter().chain(view.breakdowns.iter().copied()) {
            // Where every row has a key, what counts in no row counts in none without a key either.
            let has_unsaid = rows(&whole).any(|(of, key, ..)| of == by && key.is_none());
            for key in [Some("nowhere"), None].into_iter().filter(|key| key.is_some() || !has_unsaid) {
                let none = ask(&facts, view, &question, by, key);
                let counts = none.figures.iter().any(|figure| figure.value.is_some_and(|value| value > 0));
                assert!(!counts && rows(&none).next().is_none(), "{} {by}={key:?}: {none:?}", view.name);
                assert!(none.members.is_empty() && none.bases.is_empty() && none.context.is_empty());
            }
        }
        let only = Some(OnlyRow { by: "colour".to_owned(), key: None });
        let refused = view.answer(&facts, &Question { only, ..question.clone() });
        let Err(QuestionError::BreakdownNotPossible { possible, .. }) = refused else {
            panic!("{} answers by colour: {refused:?}", view.name);
        };
        assert_eq!(possible, view.breakdowns);
    }
}

/// Of two certificates of one IKM each ends in its own row.
#[test]
fn a_member_has_the_day_of_the_row() {
    let mut told = story::Story::default();
    told.add("2024-01-01", story::registered(1, "33.75", None));
    for (certificate, scheme, to) in [(1, "sih", "2025-12-31"), (2, "batikmark", "2026-01-31")] {
        let issued = story::certified_through(certificate, None, scheme, story::by_ikm(1), "2024-01-01", to);
        told.add("2024-01-01", issued);
    }
    let facts = live(&told, 0..told.size(), &mut Lineage::default());
    let view = jejak_projections::views::view("certificates_expiring").unwrap();
    let question = Question::new(story::date("2025-12-01"), told.size());
    let days = |answer: &Answer| answer.members.iter().map(|member| member.day).collect::<Vec<_>>();
    let day = |day: &str| vec![Some(story::date(day))];
    assert_eq!(days(&view.answer(&facts, &question).unwrap()), day("2025-12-31"), "the earliest of both");
    for (scheme, to) in [("sih", "2025-12-31"), ("batikmark", "2026-01-31")] {
        assert_eq!(days(&ask(&facts, view, &question, "scheme", Some(scheme))), day(to), "{scheme}");
    }
}
