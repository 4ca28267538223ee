//! `show` of an area and of a programme: what views say of them, on one page.

use serde_json::{Value, json};

use super::World;
use super::proposals::{lines, registered};

const ON: &str = "2026-06-30";
const PROGRAM: &str = "program/e6ac2ed1-f61f-4487-80e4-6c41ae562522";

/// What `view` answers to the question of a part of a page, for some day.
fn asked(world: &World, part: &Value, on: &str) -> Value {
    let mut words = vec!["view".to_owned(), part["view"].as_str().unwrap().to_owned()];
    words.extend(["--version".to_owned(), part["version"].to_string(), "--on".to_owned(), on.to_owned()]);
    for filter in ["area", "from", "program"] {
        if let Some(value) = part["question"][filter].as_str() {
            words.extend([format!("--{filter}"), value.to_owned()]);
        }
    }
    world.json(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Each figure that is among the shown ones, as a view has it.
fn of_view(shown: &Value, answer: &Value) -> Value {
    let is_shown =
        |figure: &&Value| shown.as_array().unwrap().iter().any(|one| one["name"] == figure["name"]);
    answer.as_array().unwrap().iter().filter(is_shown).cloned().collect()
}

#[test]
fn every_figure_of_a_page_is_one_that_a_view_gives() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    for stream in ["area/33.75", PROGRAM] {
        let page = demo.json(&["show", stream, "--on", ON]);
        let parts = page["summary"]["parts"].as_array().unwrap();
        assert!(parts.len() > 12, "{stream}: {}", parts.len());
        for part in parts {
            let view = &part["view"];
            let answer = asked(&demo, part, ON);
            assert_eq!(part["digest"], answer["digest"], "{stream} {view}");
            assert_eq!(part["figures"], of_view(&part["figures"], &answer["figures"]), "{stream} {view}");
            if let Some(before) = part.get("year_before") {
                let answer = asked(&demo, part, "2025-06-30");
                assert_eq!(*before, of_view(before, &answer["figures"]), "{stream} {view}");
            }
            if let Some(breakdown) = part.get("breakdown") {
                let same =
                    answer["breakdowns"].as_array().unwrap().iter().find(|one| one["by"] == breakdown["by"]);
                let rows = same.unwrap()["rows"].as_array().unwrap();
                for (row, whole) in breakdown["rows"].as_array().unwrap().iter().zip(rows) {
                    assert_eq!(row["key"], whole["key"]);
                    assert_eq!(
                        row["figures"],
                        of_view(&row["figures"], &whole["figures"]),
                        "{stream} {view}"
                    );
                }
                assert_eq!(breakdown["rows"].as_array().unwrap().len(), rows.len());
            }
        }
    }
    let due = demo.json(&["due", "--area", "33.75", "--on", ON, "--limit", "10"]);
    assert_eq!(demo.json(&["show", "area/33.75", "--on", ON])["summary"]["due"], due["sections"]);
}

#[test]
fn a_page_tells_of_an_area_without_anything_and_of_one_with_many() {
    let world = World::new();
    let empty = world.run(&["show", "area/33.75", "--on", "2025-12-31"]);
    assert_eq!(empty.code, 0, "{}", empty.err);
    assert!(empty.out.starts_with("area/33.75: no events about this area yet"), "{}", empty.out);
    assert!(
        empty.out.contains("Headline figures") && empty.out.contains("Quality of recording"),
        "{}",
        empty.out
    );
    let appended = world.append(&lines((1..=2_000).map(registered)), &["--atomic"]);
    assert_eq!(appended.code, 0, "{}", appended.err);
    let many = world.run(&["show", "area/33.75", "--on", "2025-12-31"]).out;
    let row = many.lines().find(|line| line.contains("IKM registered")).unwrap();
    assert_eq!(
        row.split_whitespace().collect::<Vec<_>>(),
        ["IKM", "registered", "2,000", "0", "+2,000", "registered"]
    );
    assert!(many.lines().count() < 100, "{} lines", many.lines().count());
}

/// The look is at those whom the page names, and they are named.
#[test]
fn names_of_those_who_are_due_are_looked_at() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let page = demo.json(&["show", "area/33.75", "--on", ON, "--names", "--actor", "kepala-1"]);
    let who = page["summary"]["due"][1]["rows"][0]["who"].as_str().unwrap();
    assert_ne!(page["names"][who], json!(null), "{who}");
    let log = std::fs::read_to_string(demo.dir().join("access.jsonl")).unwrap();
    assert!(log.contains(who) && log.contains("show area/33.75 --names"), "{log}");
}

/// A sum must not pass for one of all, and rows that are not there must not look like a slip.
#[test]
fn what_a_sum_or_its_rows_leave_out_is_told() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let trained = demo.json(&["view", "trained", "--on", ON]);
    let programs =
        trained["breakdowns"].as_array().unwrap().iter().find(|one| one["by"] == "program").unwrap();
    let unnamed =
        programs["rows"].as_array().unwrap().iter().filter(|row| row["figures"][1]["value"].is_null());
    let note =
        format!("Persons: those known; in {} other programmes no persons are recorded.", unnamed.count());
    assert_eq!(trained["notes"][0]["en"], note, "{trained:#}");
    // Where nobody is known, there is no sum either.
    let none = demo.json(&["view", "trained", "--area", "33.75", "--on", ON]);
    assert_eq!((&none["figures"][1]["value"], &none["notes"]), (&json!(null), &json!(null)));
    let page = demo.run_in_indonesian(&["show", "area/35", "--on", ON]).out;
    let population = demo.json(&["view", "population", "--on", ON]);
    let unreported = |figures: &Value| figures[4]["value"].as_u64().unwrap();
    let rows = population["by_area"].as_array().unwrap().iter().map(|row| unreported(&row["figures"]));
    let without = unreported(&population["figures"]) - rows.sum::<u64>();
    let note = format!("{without} of the kabupaten and kota have no row: no report and no registered IKM.");
    assert_eq!(population["notes"][0]["en"], note);
    assert!(without > 0 && !page.contains("33 kabupaten"), "{page}");
}

#[test]
fn a_page_says_how_each_target_stands() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let page = demo.run(&["show", "area/33.75", "--on", ON]).out;
    let row =
        |of: &str| page.lines().find(|line| line.contains(of)).unwrap_or_else(|| panic!("{of}: {page}"));
    for (of, outcome) in [
        ("   8 Oct 2025    e6ac2ed1", "reached"),
        ("batik (sintetis): assessed", "missed"),
        ("batik (sintetis): green certified", "not yet due"),
        ("batik (sintetis): trained for export", "not reached and without a due day"),
        ("panduan bahan ramah lingkungan", "that cannot be counted"),
    ] {
        assert!(row(of).trim_end().ends_with(&format!("   {outcome}")), "{outcome}: {}", row(of));
    }
    assert!(row("according to RPJMD").contains("target 25 IKM green certified, by 31 Dec 2029"), "{page}");
}
