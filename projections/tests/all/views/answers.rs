//! What holds of questions and answers, whatever the view.

use jejak_events::types::program::Unit;
use jejak_events::types::{Scale, ScaleRule, Scaled};
use jejak_projections::answer::{FIGURE_LIMIT, Figure, FigureUnit};
use jejak_projections::facts::Facts;
use jejak_projections::question::{AreaOf, Filter, Question, QuestionError};
use jejak_projections::views::{ShareDeclaration, VIEWS, current_views, view, view_version};
use sha2::Digest as _;

use jejak_projections::views::counting;

use super::*;
use crate::said::Said;

#[test]
fn an_empty_registry_answers_with_zeros_and_definitions() {
    let mut said = Said::new("views");
    for view in VIEWS {
        let answer = view.answer(&Facts::default(), &Question::new(story::date("2025-01-01"), 0)).unwrap();
        words(&serde_json::to_value(&answer).unwrap(), &mut said);
        assert_eq!(answer.figures.len(), view.figures.len());
        assert!(answer.figures.iter().all(|figure| figure.value.unwrap_or(0) == 0));
        assert!(answer.members.is_empty() && answer.by_area.is_empty() && answer.context.is_empty());
        assert!(answer.definition.id.len() > 60 && answer.definition.en.len() > 60);
        assert_ne!(answer.definition.id, answer.definition.en);
        assert_eq!(answer.digest.len(), 64);
    }
    said.check();
}

/// Every pair of words of an answer.
fn words(value: &serde_json::Value, said: &mut Said) {
    if let [Some(id), Some(en)] = ["id", "en"].map(|key| value.get(key).and_then(|text| text.as_str())) {
        said.once(en, jejak_events::fault::Message::new(id, en));
    }
    match value {
        serde_json::Value::Object(object) => object.values().for_each(|value| words(value, said)),
        serde_json::Value::Array(list) => list.iter().for_each(|value| words(value, said)),
        _ => {}
    }
}

#[test]
fn names_are_unique_and_keys_of_json_canonical() {
    // Of two versions of a view only the latest is asked for by the name of a figure.
    let mut names: Vec<_> = current_views().flat_map(|view| view.figures).map(|figure| figure.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    let mut versions: Vec<_> = VIEWS.iter().map(|view| (view.name, view.version)).collect();
    versions.sort_unstable();
    assert!(versions.windows(2).all(|pair| pair[0] != pair[1]), "{versions:?}");
    // The versions of a view stand together, ascending.
    for together in VIEWS.chunk_by(|left, right| left.name == right.name) {
        let name = together[0].name;
        assert_eq!(VIEWS.iter().filter(|view| view.name == name).count(), together.len(), "{name}");
        assert!(together.is_sorted_by_key(|view| view.version), "{name}");
    }
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    let answer = ask(&story, "trained", "2023-10-26", |question| {
        question.area = Some(story::area("35"));
        question.scale = Some(Scaled { rule: ScaleRule::Permenperin64Of2016, scale: Scale::Kecil });
        question.program = Some(story::program(1));
        question.theme = Some(story::code("export"));
        question.from = Some(story::date("2023-01-01"));
    });
    let text = serde_json::to_string(&answer).unwrap();
    let sorted: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, sorted.to_string(), "keys out of canonical order");
}

#[test]
fn filters_narrow_and_a_province_adds_up_its_cities() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    attend(&mut story, 2, 21, &ALL);
    let count = |narrow: fn(&mut Question)| ask(&story, "trained", "2023-12-31", narrow).value("trained");
    assert_eq!(count(|_| {}), Some(2));
    // The programme lies in 35.76, one of the two IKMs in 33.75.
    assert_eq!(count(|question| question.area = Some(story::area("35.76"))), Some(2));
    assert_eq!(count(|question| question.area = Some(story::area("35"))), Some(2));
    assert_eq!(count(|question| question.area = Some(story::area("33.75"))), Some(0));
    let of_ikm = |area: &str| {
        let answer = ask(&story, "trained", "2023-12-31", |question| {
            (question.area, question.area_of) = (Some(story::area(area)), Some(AreaOf::Ikm));
        });
        answer.value("trained")
    };
    assert_eq!(["33.75", "33", "35.76", "33.26"].map(of_ikm), [Some(1), Some(1), Some(1), Some(0)]);
    assert_eq!(count(|question| question.area = Some(story::area("33.26"))), Some(0));
    assert_eq!(count(|question| question.theme = Some(story::code("export"))), Some(2));
    assert_eq!(count(|question| question.theme = Some(story::code("never_seen"))), Some(0));
    assert_eq!(count(|question| question.program = Some(story::program(9))), Some(0));
    assert_eq!(count(|question| question.funding = Some(story::code("apbd"))), Some(0));
    assert_eq!(count(|question| question.from = Some(story::date("2023-10-26"))), Some(2));
    assert_eq!(count(|question| question.from = Some(story::date("2023-10-27"))), Some(0));
    let kecil = Scaled { rule: ScaleRule::Permenperin64Of2016, scale: Scale::Kecil };
    let small = ask(&story, "registered", "2023-12-31", |question| question.scale = Some(kecil));
    assert_eq!(small.value("registered"), Some(1));
    let all = ask(&story, "registered", "2023-12-31", |_| {});
    let areas: Vec<_> = all.by_area.iter().map(|row| row.area.unwrap().to_string()).collect();
    assert_eq!(areas, ["33.75", "35.76"]);
}

#[test]
fn money_is_found_however_programmes_were_first_named() {
    let mut story = Story::default();
    // Sessions name the programmes in another order than the openings.
    for program in [6, 4, 2, 1] {
        story.add("2025-01-02", story::scheduled(program, program, None, &["2025-02-01"]));
    }
    for program in [1, 2, 4, 6] {
        story.add("2025-01-01", story::opened(program, "33.75", "export", Unit::Ikm, None));
    }
    let paid_by = |source: &str| {
        let answer = ask(&story, "sessions_held", "2025-02-01", |question| {
            question.funding = Some(story::code(source));
        });
        answer.value("sessions_scheduled").unwrap()
    };
    assert_eq!((paid_by("apbd"), paid_by("dak_nonfisik")), (3, 0));
}

#[test]
fn consolidated_facts_do_not_answer_for_the_past() {
    let mut story = export_training();
    story.retract(0);
    let mut early = facts(&story);
    early.consolidate();
    let mut later = Facts::starting_at(story.size());
    let position = story.add("2023-01-10", story::registered(3, "33.75", None));
    let mut lineage = early.lineage(&story).unwrap();
    later.append_event(position, &story.events[position as usize], &mut lineage, &story).unwrap();
    let merged = Facts::merge([later, early]).unwrap();
    let ask = |known| {
        let question = Question::new(story::date("2023-12-31"), known);
        view("registered").unwrap().answer(&merged, &question)
    };
    assert_eq!(ask(9).unwrap().value("registered"), Some(2));
    assert_eq!(ask(8).unwrap().value("registered"), Some(1));
    assert_eq!(ask(7).unwrap_err(), QuestionError::Consolidated { asked: 7, floor: 8 });
}

#[test]
fn questions_without_an_answer_say_why() {
    let facts = facts(&export_training());
    let day = story::date("2025-01-01");
    let mut question = Question::new(day, 3);
    question.theme = Some(story::code("export"));
    let error = view("registered").unwrap().answer(&facts, &question).unwrap_err();
    assert!(matches!(
        &error,
        QuestionError::FilterNotPossible { view: "registered", filter: Filter::Theme, .. }
    ));
    assert!(error.to_string().contains("registered") && error.to_string().contains("theme"), "{error}");
    assert_ne!(error.message().id, error.message().en);
    let mut question = Question::new(day, 3);
    question.from = Some(story::date("2025-01-02"));
    let error = view("trained").unwrap().answer(&facts, &question).unwrap_err();
    assert_eq!(error, QuestionError::PeriodBackward { from: story::date("2025-01-02"), on: day });
    let error = view("trained").unwrap().answer(&facts, &Question::new(day, 8)).unwrap_err();
    assert_eq!(error, QuestionError::NotRecordedYet { asked: 8, size: 7 });
    let Err(QuestionError::UnknownView { known, .. }) = view("smiles") else { panic!("smiles are counted") };
    let said = view("Trainde").err().unwrap().message();
    assert_eq!(said.en, "there is no view \"Trainde\"; perhaps you mean: trained (Completed a training)");
    assert_eq!(
        said.id,
        "tampilan \"Trainde\" tidak ada; barangkali maksud Anda: trained (Menuntaskan pelatihan)"
    );
    assert!(view("smiles").err().unwrap().message().id.contains("registered (IKM terdaftar), enrolled ("));
    assert_eq!(known, current_views().map(|view| view.name).collect::<Vec<_>>(), "each once");
    for version in [1, 2] {
        assert_eq!(view_version("enrolled", version).unwrap().version, version);
    }
    let Err(unknown) = view_version("enrolled", 3) else { panic!("there is a version 3") };
    assert_eq!(unknown, QuestionError::UnknownVersion { view: "enrolled", asked: 3, known: vec![1, 2] });
}

/// The digest is part of what is promised outside: it must not change with the program.
#[test]
fn the_digest_is_what_it_was() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    let answer = ask(&story, "export_trained", "2023-10-26", |question| {
        question.area = Some(story::area("35.76"));
    });
    assert_eq!(answer.digest, "e722cbc1ee3a4dd2cb4cda84096ebde07b54aad82423d513f35c236fcf80f43e");
    // Anyone can make it from the printed answer: leave the words and the digest out, hash the rest.
    let mut value = serde_json::to_value(&answer).unwrap();
    for words in ["definition", "digest", "title"] {
        value.as_object_mut().unwrap().remove(words).unwrap();
    }
    let hash = sha2::Sha256::digest(value.to_string().as_bytes());
    assert_eq!(answer.digest, hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let mut changed = answer.clone();
    changed.members[0].events.push(99);
    assert_ne!(changed.compute_digest(), answer.digest);
}

#[test]
fn a_figure_finds_its_view_in_the_latest_version() {
    assert_eq!((view("enrolled").unwrap().version, view("enrolled_persons").unwrap().version), (2, 2));
    assert_eq!(view("passed").unwrap().name, "assessed");
    // A view comes before a figure of the same name that another one gives.
    assert_eq!(view("sentra").unwrap().name, "sentra");
    for view in current_views() {
        assert!(VIEWS.iter().all(|other| other.name != view.name || other.version <= view.version));
        for filter in view.filters {
            // Every filter that is declared is one that the view takes; the others it refuses.
            let mut question = Question::new(story::date("2025-01-01"), 0);
            set(&mut question, *filter);
            assert!(view.answer(&Facts::default(), &question).is_ok(), "{} {filter:?}", view.name);
        }
        use Filter::{Area, AreaOf, From, Funding, Program, Scale, Theme};
        for filter in [Area, AreaOf, From, Funding, Program, Scale, Theme] {
            let mut question = Question::new(story::date("2025-01-01"), 0);
            set(&mut question, filter);
            let refused = view.answer(&Facts::default(), &question).is_err();
            assert_eq!(refused, !view.filters.contains(&filter), "{} {filter:?}", view.name);
        }
    }
}

fn set(question: &mut Question, filter: Filter) {
    match filter {
        Filter::Area => question.area = Some(story::area("33")),
        Filter::AreaOf => question.area_of = Some(AreaOf::Ikm),
        Filter::From => question.from = Some(question.on),
        Filter::Funding => question.funding = Some(story::code("apbd")),
        Filter::Program => question.program = Some(story::program(1)),
        Filter::Scale => {
            question.scale = Some(Scaled { rule: ScaleRule::Pp7Of2021, scale: Scale::Mikro });
        }
        Filter::Theme => question.theme = Some(story::code("export")),
    }
}

#[test]
fn a_share_is_rounded_once_and_some_is_neither_nothing_nor_all_of_it() {
    let share = |part, whole, may_exceed| {
        let figure = |name, value| Figure { name, unit: FigureUnit::Ikm, value: Some(value) };
        let declared =
            ShareDeclaration { name: "share", part: "part", whole: "whole", may_exceed, of_one: None };
        Answer::shares(&[figure("part", part), figure("whole", whole)], &[declared])[0].basis_points
    };
    for (part, whole, told) in [
        (2, 3, Some(6_667)),
        (1, 3, Some(3_333)),
        // Half a hundredth of a percent goes up.
        (1, 20_000, Some(1)),
        // Less than that is not nothing.
        (1, 20_001, Some(1)),
        (1, FIGURE_LIMIT, Some(1)),
        (19_999, 20_000, Some(9_999)),
        (20_000, 20_000, Some(10_000)),
        (FIGURE_LIMIT - 1, FIGURE_LIMIT, Some(9_999)),
        (0, 5, Some(0)),
        (0, 0, None),
        (3, 2, None),
    ] {
        assert_eq!(share(part, whole, false), told, "{part} of {whole}");
    }
    assert_eq!(share(20_001, 20_000, true), Some(10_001), "more than what was aimed at");
    assert_eq!(share(19_999, 20_000, true), Some(9_999), "not reached");
}

/// A median, a percentage and an amount for each say nothing of one alone, unless there is nothing else to say.
#[test]
fn who_counts_is_told_by_what_is_counted_and_not_by_what_is_said_of_all() {
    for (figures, told) in [
        (&["days_to_assessment", "assessed_after"][..], &["assessed_after"][..]),
        (&["spending_realised", "spending_per_participant"], &["spending_realised"]),
        (&["reach_registered", "trained_per_hundred", "reach_none"], &["reach_registered", "reach_none"]),
        (&["days_late"], &["days_late"]),
        (&["enrolled", "enrolled_persons"], &["enrolled", "enrolled_persons"]),
    ] {
        assert_eq!(counting(figures).collect::<Vec<_>>(), told, "{figures:?}");
    }
}
