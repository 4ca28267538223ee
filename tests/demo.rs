//! The worked example, filled into a registry and asked.

mod claims;
mod figures;
mod stored;

use std::path::Path;
use std::sync::Arc;

use jejak::demo::{self, ToldFigure};
use jejak::environment::ManualClock;
use jejak::registry::{Options, Registry};
use jejak_events::area::AreaCode;
use jejak_events::types::{Scale, ScaleRule, Scaled};
use jejak_events::values::{Code, Date};
use jejak_projections::answer::Answer;
use jejak_projections::question::Question;
use jejak_projections::views::{VIEWS, view};
use serde::{Deserialize, Serialize};

use crate::support;

/// The filled example in memory, open at its end, and where it lies.
fn filled() -> (Options, Registry) {
    let (mut options, _) = support::in_memory(1);
    options.environment.clock = Arc::new(ManualClock::at(demo::today()));
    demo::fill(&options, &mut |_, _| {}).unwrap();
    let registry = Registry::open(&options).unwrap();
    (options, registry)
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A figure beside what an article says, for what its claims in `data/claims` do not tell by themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    claim: String,
    view: String,
    area: String,
    on: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    theme: Option<String>,
    #[serde(default)]
    scale: Option<Scale>,
    #[serde(default)]
    funding: Option<String>,
    /// The figure to read, ...
    #[serde(default)]
    figure: Option<String>,
    /// ... of only what has a value in this breakdown, where given.
    #[serde(default)]
    within: Option<String>,
    /// Or the number of values in this breakdown.
    #[serde(default)]
    rows: Option<String>,
    /// What the article says, where it gives a number.
    #[serde(default)]
    reported: Option<u64>,
    counted: u64,
}

impl Claim {
    fn question(&self, as_known: u64) -> Question {
        let mut question = Question::new(date(&self.on), as_known);
        question.area = Some(AreaCode::parse(&self.area).unwrap());
        question.from = self.from.as_deref().map(date);
        question.theme = self.theme.as_deref().map(|theme| Code::parse(theme).unwrap());
        question.funding = self.funding.as_deref().map(|source| Code::parse(source).unwrap());
        question.scale = self.scale.map(|scale| Scaled { rule: ScaleRule::Permenperin64Of2016, scale });
        question
    }

    fn count(&self, answer: &Answer) -> u64 {
        let keyed = |by: &str| {
            let breakdown = answer.breakdowns.iter().find(|one| one.by == by).unwrap();
            breakdown.rows.iter().filter(|row| row.key.is_some())
        };
        match (&self.figure, &self.within, &self.rows) {
            (Some(figure), None, None) => answer.value(figure).unwrap_or(0),
            (Some(figure), Some(by), None) => {
                let figures = keyed(by).flat_map(|row| &row.figures);
                figures.filter(|one| one.name == figure).filter_map(|one| one.value).sum()
            }
            (None, None, Some(by)) => keyed(by).count() as u64,
            _ => panic!("{}: name a figure or a breakdown", self.claim),
        }
    }
}

#[test]
fn what_lies_beside_the_claims_is_counted() {
    let (_, registry) = filled();
    let claims: Vec<Claim> = serde_json::from_str(include_str!("data/demo_claims.json")).unwrap();
    let size = registry.snapshot().facts().size();
    let mut wrong = Vec::new();
    for claim in &claims {
        let answer =
            view(&claim.view).unwrap().answer(registry.snapshot().facts(), &claim.question(size)).unwrap();
        let counted = claim.count(&answer);
        if counted != claim.counted {
            let reported = claim.reported;
            wrong.push(format!(
                "{}: counted {counted}, expected {}, reported {reported:?}",
                claim.claim, claim.counted
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_figure_opens_to_events() {
    let (_, registry) = filled();
    let size = registry.snapshot().facts().size();
    // Claims are recorded by command, none in the example.
    for view in VIEWS.iter().filter(|view| view.name != "claims") {
        // Nobody waits any more on the last day.
        let on = if view.name == "waitlisted" { "2021-11-10" } else { "2026-06-30" };
        let answer = view.answer(registry.snapshot().facts(), &Question::new(date(on), size)).unwrap();
        let rows = answer.breakdowns.iter().flat_map(|by| &by.rows).flat_map(|row| &row.figures);
        let above = answer.figures.iter().chain(rows).any(|figure| figure.value.unwrap_or(0) > 0);
        assert!(above, "{}: {:?}", view.name, answer.figures);
        assert!(!answer.members.is_empty(), "{}", view.name);
        for member in &answer.members {
            assert!(!member.events.is_empty(), "{}: {:?}", view.name, member.who);
            for index in member.events.iter().chain(&answer.context) {
                assert!(*index < size, "{}: event {index} of {size}", view.name);
            }
        }
    }
}

fn value(told: &ToldFigure, figure: &str) -> u64 {
    told.answer.value(figure).unwrap()
}

#[test]
fn the_story_is_told() {
    let (_, registry) = filled();
    let story = demo::story(&registry).unwrap();
    let find = |command: &str| {
        let told = story.figures.iter().find(|told| told.command == command);
        told.unwrap_or_else(|| panic!("the story does not ask `{command}`"))
    };
    assert_eq!(value(find("view green_certified --area 33.75 --on 2025-10-08"), "green_certified"), 0);
    assert_eq!(value(find("view green_certified --area 33.75 --on 2026-06-30"), "green_certified"), 7);
    assert_eq!(
        value(find("view participated --area 33.75 --theme green_industry --on 2025-10-08"), "participated"),
        30
    );
    let assessed = find("view assessed --area 33.75 --theme green_industry --on 2026-06-30");
    assert_eq!((value(assessed, "assessed"), value(assessed, "passed")), (14, 12));
    // As known before and after the sheet of December 2024 turned up.
    let [before, after] = &story.known;
    let both = |told| (value(told, "export_trained"), value(told, "export_trained_persons"));
    assert_eq!((both(before), both(after)), ((7, 20), (10, 29)));
    assert_eq!(before.answer.question.on, after.answer.question.on);
    // The opened figure ends in events of the log: a registration and a certificate.
    let kinds: Vec<&str> = story.opened.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["id.jejak.ikm.registered.v1", "id.jejak.certificate.issued.v1"]);
}

/// A correction moves an enterprise to the right city from its own index on, not before.
#[test]
fn a_correction_acts_from_its_index_on() {
    let (_, registry) = filled();
    let snapshot = registry.snapshot();
    let (size, facts) = (snapshot.size(), snapshot.facts());
    let correction = facts.amending().find(|index| {
        registry.event(*index).unwrap().draft.source.to_string() == "urn:jejak:33.75:dinperinaker"
    });
    let correction = correction.unwrap();
    let registered = |area: &str, as_known: u64| {
        let mut question = Question::new(date("2021-12-31"), as_known);
        question.area = Some(AreaCode::parse(area).unwrap());
        view("registered").unwrap().answer(facts, &question).unwrap().value("registered").unwrap()
    };
    assert_eq!((registered("33.75", correction), registered("33.26", correction)), (19, 1));
    assert_eq!((registered("33.75", correction + 1), registered("33.26", size)), (20, 0));
}

/// What two runs must agree on, byte for byte.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Golden {
    /// Size of the log, with event 0.
    size: u64,
    /// Root hash of the log (RFC 6962), base64.
    root: String,
    /// The log's public key (C2SP vkey).
    verifier_key: String,
}

#[test]
fn two_runs_make_the_same_log() {
    let golden = || {
        let (options, registry) = filled();
        let checkpoint = options.disk.read(&options.paths().checkpoint()).unwrap();
        let checkpoint = String::from_utf8(checkpoint).unwrap();
        let mut lines = checkpoint.lines().skip(1);
        let size = lines.next().unwrap().parse().unwrap();
        let root = lines.next().unwrap().to_owned();
        Golden { size, root, verifier_key: registry.log_keys().current().unwrap().to_string() }
    };
    let (first, second) = (golden(), golden());
    assert_eq!(first, second);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/demo.json");
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&first).unwrap())).unwrap();
    }
    let pinned: Golden = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(first, pinned, "the example changed; if that is meant, run again with JEJAK_BLESS=1");
}
