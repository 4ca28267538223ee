//! The figures of the worked example against a count by hand, each with its reason: today, on days of the
//! story, and as known earlier.

use std::collections::BTreeMap;

use jejak::demo;
use jejak::registry::Registry;
use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;
use jejak_events::types::{Scale, ScaleRule, Scaled};
use jejak_events::values::Code;
use jejak_projections::question::Question;
use jejak_projections::views::{current_views, view};
use serde::Deserialize;

use super::{date, filled};

/// A figure of the example, counted by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    /// The reason.
    why: String,
    view: String,
    #[serde(default)]
    area: Option<String>,
    #[serde(default)]
    theme: Option<String>,
    #[serde(default)]
    scale: Option<Scale>,
    on: String,
    /// The day at whose begin (UTC) it was known so; today where not said.
    #[serde(default)]
    known: Option<String>,
    /// Breakdown and value, where not the total is meant.
    #[serde(default)]
    row: Option<[String; 2]>,
    figures: BTreeMap<String, Option<u64>>,
}

impl Counted {
    /// What the view answers instead, figure by figure; empty where it agrees.
    fn differences(&self, registry: &Registry) -> Vec<String> {
        let snapshot = registry.snapshot();
        let facts = snapshot.facts();
        let size = match &self.known {
            Some(day) => {
                let until = RecordedTime::parse(&format!("{day}T00:00:00.000Z")).unwrap();
                let known = (0..facts.size()).take_while(|at| registry.event(*at).unwrap().recorded <= until);
                known.count() as u64
            }
            None => facts.size(),
        };
        let mut question = Question::new(date(&self.on), size);
        question.area = self.area.as_deref().map(|area| AreaCode::parse(area).unwrap());
        question.theme = self.theme.as_deref().map(|theme| Code::parse(theme).unwrap());
        question.scale = self.scale.map(|scale| Scaled { rule: ScaleRule::Permenperin64Of2016, scale });
        let answer = view(&self.view).unwrap().answer(facts, &question).unwrap();
        let figures = match &self.row {
            // A funnel has no total, and here one programme.
            None if answer.figures.iter().all(|figure| figure.value.is_none()) => {
                let programs = answer.breakdowns.iter().find(|one| one.by == "program");
                programs.and_then(|one| one.rows.first()).map_or(answer.figures, |row| row.figures.clone())
            }
            None => answer.figures,
            Some([by, key]) => {
                let breakdown = answer.breakdowns.into_iter().find(|one| one.by == by.as_str()).unwrap();
                let row = breakdown.rows.into_iter().find(|row| row.key.as_ref() == Some(key));
                row.map(|row| row.figures).unwrap_or_default()
            }
        };
        let value = |name: &str| figures.iter().find(|one| one.name == name).map(|one| one.value);
        let wrong = self.figures.iter().filter(|(name, expected)| value(name) != Some(**expected));
        wrong
            .map(|(name, expected)| {
                let (view, on, why) = (&self.view, &self.on, &self.why);
                format!("{view} {name} on {on}: {:?}, counted {expected:?} by hand: {why}", value(name))
            })
            .collect()
    }
}

#[test]
fn the_views_agree_with_a_count_by_hand() {
    let (_, registry) = filled();
    let counted: Vec<Counted> = serde_json::from_str(include_str!("../data/demo_figures.json")).unwrap();
    for view in current_views() {
        assert!(counted.iter().any(|one| one.view == view.name), "nobody counted {}", view.name);
    }
    let wrong: Vec<String> = counted.iter().flat_map(|one| one.differences(&registry)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn four_programmes_have_thirty_places_and_all_are_taken() {
    let (_, registry) = filled();
    let snapshot = registry.snapshot();
    let facts = snapshot.facts();
    let question = Question::new(date("2026-06-30"), facts.size());
    let answer = view("enrolled").unwrap().answer(facts, &question).unwrap();
    let by_program = answer.breakdowns.iter().find(|one| one.by == "program").unwrap();
    let programs = openings();
    let mut thirty = Vec::new();
    for row in &by_program.rows {
        let program = &programs[row.key.as_ref().unwrap()];
        if program.quota == Some(30) {
            let figure = if program.of_persons { "enrolled_persons" } else { "enrolled" };
            thirty.push(row.figures.iter().find(|one| one.name == figure).unwrap().value);
        }
    }
    assert_eq!(thirty, [Some(30); 4]);
}

/// What the example says of a programme when it opens it.
struct Opening {
    quota: Option<u64>,
    of_persons: bool,
}

fn openings() -> BTreeMap<String, Opening> {
    let mut programs = BTreeMap::new();
    for proposal in demo::proposals().iter().flat_map(|step| &step.proposals) {
        if proposal["type"] == "id.jejak.program.opened.v1" {
            let id = proposal["subject"].as_str().unwrap().trim_start_matches("program/").to_owned();
            let data = &proposal["data"];
            programs
                .insert(id, Opening { quota: data["quota"].as_u64(), of_persons: data["unit"] == "person" });
        }
    }
    programs
}
