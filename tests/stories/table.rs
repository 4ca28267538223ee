//! The table of event types, rules and stories in `docs/rules.md`. `JEJAK_BLESS=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jejak_events::types::TYPES;
use serde_json::Value;

use super::{Cast, Taken, Then, WITHOUT_STORY, notices, root, rules, stories};

/// Types that no proposal records, with the reason.
const NOT_PROPOSED: &[(&str, &str)] = &[
    ("id.jejak.registry.opened.v1", "`init` records it at index 0"),
    ("id.jejak.registry.rules_adopted.v1", "there is one version of the rules"),
    ("id.jejak.registry.key_introduced.v1", "the registry records it, which holds the key"),
    ("id.jejak.area.figures_released.v1", "the registry records it, which adds the sums up"),
    ("id.jejak.ikm.erased.v1", "the registry records it once the keys are destroyed"),
    ("id.jejak.person.erased.v1", "the registry records it once the keys are destroyed"),
];

/// Rules that ask nothing of an event's type, with the reason: a story of any type tells them.
const OF_EVERY_TYPE: &[(&str, &str)] = &[
    (
        "attached_to_erased",
        "a file that it lists is about an IKM that was then that of somebody erased since",
    ),
    ("batch_refused", "another of its atomic batch is refused"),
    ("compared_too_often", "its id was proposed three times with other sealed values"),
    ("evidence_otherwise", "a file was attached for others than those that the event names"),
    ("evidence_withdrawn", "a file that it lists was withdrawn"),
    ("future", "its time lies behind the clock"),
    ("id_reused", "its id is in the log with other content"),
    ("live_event_depends", "something else of its atomic batch takes away what a live event rests on"),
    ("stale_revision", "its stream has moved on"),
    ("unknown_evidence", "the registry holds no such file"),
];

/// What the stories tell of one type.
#[derive(Default)]
struct Told {
    recorded: BTreeSet<String>,
    refused: BTreeMap<String, BTreeSet<String>>,
}

fn told_by_type() -> BTreeMap<&'static str, Told> {
    let cast = Cast::read();
    let mut table: BTreeMap<&'static str, Told> =
        TYPES.iter().map(|declaration| (declaration.name, Told::default())).collect();
    for (_, story) in stories() {
        let type_of = |said: &Value| match said.get("redact").or(said.get("attach")) {
            None => cast.proposal(said)["type"].as_str().unwrap_or_default().to_owned(),
            // What no proposal can do; attaching a file is no event.
            Some(_) if said.get("redact").is_some() => "id.jejak.evidence.redacted.v1".to_owned(),
            Some(_) => String::new(),
        };
        for given in &story.given {
            if let Some(told) = table.get_mut(type_of(given).as_str()) {
                told.recorded.insert(story.story.clone());
            }
        }
        for (proposed, then) in story.when.iter().zip(&story.then) {
            let Some(told) = table.get_mut(type_of(proposed).as_str()) else { continue };
            match then {
                Then::Taken(Taken::Recorded) | Then::Noticed { repeated: false, .. } => {
                    told.recorded.insert(story.story.clone());
                }
                Then::Taken(Taken::Repeated) | Then::Noticed { .. } => {}
                Then::Refused { refused, .. } => {
                    told.refused.entry(refused.clone()).or_default().insert(story.story.clone());
                }
            }
        }
    }
    table
}

/// Which refusals that were met elsewhere no story tells. Each is the types that it may be told of, the
/// first of them its own, and the rule.
pub(crate) fn untold(met: &BTreeSet<(Vec<String>, String)>) -> Vec<String> {
    let table = told_by_type();
    let told = |name: &String, rule: &String| {
        table.get(name.as_str()).is_some_and(|told| told.refused.contains_key(rule))
    };
    let of_every_type = |rule: &String| OF_EVERY_TYPE.iter().any(|(one, _)| one == rule);
    met.iter()
        .filter(|(names, rule)| !of_every_type(rule) && !names.iter().any(|name| told(name, rule)))
        .map(|(names, rule)| format!("no story refuses {} by {rule}", names.join(" or ")))
        .collect()
}

/// The first story, and how many more there are.
fn cited(stories: &BTreeSet<String>) -> String {
    let first = stories.first().map(String::as_str).unwrap_or_default();
    match stories.len() {
        0 | 1 => first.to_owned(),
        count => format!("{first} (+{})", count - 1),
    }
}

fn markdown() -> String {
    let table = told_by_type();
    let mut out = String::from(
        "# Event types, rules and stories\n\nWritten by the tests from `tests/data/stories/` and the sources of the rules; each story plays through a \
         registry in `tests/stories.rs`.\n\n## By event type\n\n| type | recorded in | refused by rule: in |\n|---|---|---|\n",
    );
    for (name, told) in &table {
        let short = name.trim_start_matches("id.jejak.");
        let recorded = match NOT_PROPOSED.iter().find(|(one, _)| one == name) {
            Some((_, reason)) => format!("*{reason}*"),
            None => cited(&told.recorded),
        };
        let refused: Vec<String> =
            told.refused.iter().map(|(rule, stories)| format!("`{rule}`: {}", cited(stories))).collect();
        let _ = writeln!(out, "| `{short}` | {recorded} | {} |", refused.join("<br>"));
    }
    out.push_str(
        "\nEvery pair of type and rule that the random histories meet (`tests/histories/`) stands in this table. A correction is judged as the event \
         that it puts in place, and a retraction as what comes back: their rows list what is particular to them. These rules ask nothing of the type and \
         are told of some:\n\n",
    );
    for (rule, reason) in OF_EVERY_TYPE {
        let _ = writeln!(out, "* `{rule}`: {reason}");
    }
    out.push_str("\n## By rule\n\n| rule | stands in | stories | refuses |\n|---|---|---|---|\n");
    for (rule, file) in rules() {
        let of_types: Vec<&str> = table
            .iter()
            .filter(|(_, told)| told.refused.contains_key(&rule))
            .map(|(name, _)| name.trim_start_matches("id.jejak."))
            .collect();
        let stories: BTreeSet<String> =
            table.values().filter_map(|told| told.refused.get(&rule)).flatten().cloned().collect();
        let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        let told = match WITHOUT_STORY.iter().find(|(one, _)| *one == rule) {
            Some((_, reason)) => format!("*{reason}*"),
            None => cited(&stories),
        };
        let _ = writeln!(out, "| `{rule}` | `{place}` | {told} | {} |", of_types.join(", "));
    }
    out.push_str(
        "\n## Notices\n\nWhat is unusual and may be right is recorded, and its answer says so.\n\n| notice | given in | not given in |\n|---|---|---|\n",
    );
    for (code, [given, not_given]) in notices() {
        let _ = writeln!(out, "| `{code}` | {} | {} |", cited(&given), cited(&not_given));
    }
    out
}

#[test]
fn every_type_is_recorded_in_some_story() {
    let table = told_by_type();
    let untold: Vec<&str> = table
        .iter()
        .filter(|(name, told)| told.recorded.is_empty() && !NOT_PROPOSED.iter().any(|(one, _)| one == *name))
        .map(|(name, _)| *name)
        .collect();
    assert!(untold.is_empty(), "no story records {}", untold.join(", "));
    let without_refusal: Vec<&str> = table
        .iter()
        .filter(|(name, told)| told.refused.is_empty() && !NOT_PROPOSED.iter().any(|(one, _)| one == *name))
        .map(|(name, _)| *name)
        .collect();
    assert!(without_refusal.is_empty(), "no story refuses {}", without_refusal.join(", "));
}

#[test]
fn the_table_is_in_step() {
    let (path, table) = (root().join("docs/rules.md"), markdown());
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == table,
        "docs/rules.md is out of step; run the tests once with JEJAK_BLESS=1 and commit it"
    );
}
