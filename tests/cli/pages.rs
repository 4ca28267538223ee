//! `show`: a stream's whole story on one page.

use serde_json::{Value, json};

use super::World;
use super::proposals::{ikm, lines, moved, registered, retracted};

/// Keys of a JSON object.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The first IKM is moved and renamed by a correction (3), the second taken back (4).
fn world() -> World {
    let world = World::new();
    let mut renamed = moved(3, 1);
    renamed["data"]["data"]["name"] = json!("Batik Melati");
    renamed["data"]["data"]["nib"] = json!("9876543210987");
    let taken_back = retracted(4, 2, &format!("ikm/{}", ikm(2)));
    for all in [[registered(1), registered(2)], [renamed, taken_back]] {
        let appended = world.append(&lines(all), &[]);
        assert_eq!(appended.code, 0, "{}", appended.out);
    }
    world
}

#[test]
fn a_page_puts_a_correction_beside_what_it_corrects() {
    let world = world();
    let first = format!("ikm/{}", ikm(1));
    let page = world.json(&["show", &first]);
    assert_eq!(
        keys(&page),
        ["facts", "folded", "joined", "log", "on", "revision", "state", "story", "subject", "titles"]
    );
    assert_eq!(
        (&page["state"], &page["revision"], &page["facts"]["area"]),
        (&json!("active"), &json!(2), &json!("33.74"))
    );
    let story = page["story"].as_array().unwrap();
    assert_eq!(story.len(), 1);
    let line = &story[0];
    assert_eq!((&line["index"], &line["status"]), (&json!(1), &json!("corrected")));
    assert_eq!(line["type"], "id.jejak.ikm.registered.v1");
    assert_eq!(line["source"], "urn:jejak:33.75:dinperinaker");
    assert!(line["said"]["id"].as_str().unwrap().contains("Kota Semarang"), "{line}");
    // Registered in March of 2025, recorded by a clock that is long past that.
    assert!(line["late_days"].as_i64().unwrap() > 30, "{line}");
    let correction = &line["amendments"][0];
    assert_eq!((&correction["index"], &correction["reason"]), (&json!(3), &json!("wrong_area")));
    assert_eq!(correction["differences"], json!([{"field": "area", "before": "33.75", "after": "33.74"}]));
    let table = world.run(&["show", &first]).out;
    for said in [
        "└ corrected (wrong area)",
        "area: 33.75 Kota Pekalongan → 33.74 Kota Semarang",
        "[corrected]",
        "LATE by",
        "as known at  5 events",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
    let second = world.run(&["show", &format!("ikm/{}", ikm(2))]).out;
    assert!(second.contains("[RETRACTED]") && second.contains("└ retracted (recorded twice)"), "{second}");
    // Both clocks.
    let before = world.json(&["show", &first, "--as-known", "3"]);
    assert_eq!(
        (&before["facts"]["area"], &before["story"][0]["status"]),
        (&json!("33.75"), &json!("in_force"))
    );
    let early = world.run(&["show", &first, "--on", "2025-03-02"]).out;
    assert!(early.contains("no events up to that day; name a later one by --on"), "{early}");
    let csv = world.run(&["show", &first, "--format", "csv"]).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(
        rows[0].starts_with("index,about,status,time,") && rows[0].ends_with("on,as_known,root,synthetic"),
        "{csv}"
    );
    assert!(rows[2].starts_with("3,1,,") && rows[2].contains("area: 33.75 → 33.74"), "{csv}");
}

#[test]
fn sealed_values_stay_unsaid_but_names_that_were_asked_for_and_noted() {
    let world = world();
    let first = format!("ikm/{}", ikm(1));
    for format in ["table", "json", "csv"] {
        let out = world.run(&["show", &first, "--format", format]).out;
        assert!(!out.contains("Batik") && !out.contains("1234567890123"), "{format}: {out}");
    }
    assert!(!world.dir().join("access.jsonl").exists());
    let page = world.json(&["show", &first, "--names", "--actor", "auditor-1"]);
    assert_eq!(page["names"], json!({first.as_str(): "Batik Melati"}));
    // A number was mended too: that is said, the number is not.
    assert_eq!(
        page["story"][0]["amendments"][0]["sealed_differences"],
        json!([{"field": "name", "before": "Batik Nomor 1", "after": "Batik Melati"}, {"field": "nib"}])
    );
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(log.contains(&format!("show {first} --names")) && log.contains("auditor-1"), "{log}");
    assert!(!log.contains("Batik"), "{log}");
    let table = world.run(&["show", &first, "--actor", "petugas-3", "--names"]).out;
    assert!(table.starts_with("Batik Melati\n"), "{table}");
    // A look that cannot be noted is not taken.
    std::fs::remove_file(world.dir().join("access.jsonl")).unwrap();
    std::fs::create_dir(world.dir().join("access.jsonl")).unwrap();
    let ran = world.run(&["show", &first, "--actor", "petugas-3", "--names"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
}

#[test]
fn a_programme_of_thirty_persons_fits_on_a_page() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let found = demo.json(&["find", "teknis produksi", "--kind", "program"]);
    let program = found["hits"][0]["subject"].as_str().unwrap();
    let page = demo.json(&["show", program, "--on", "2026-06-30"]);
    let days = page["program"]["sessions"][0]["days"].as_array().unwrap();
    assert_eq!(days.len(), 5);
    assert_eq!(days[4], json!({"date": "2023-07-14", "present": 26, "excused": 0, "absent": 0}));
    let enrolled = page["program"]["enrolled"].as_array().unwrap();
    assert_eq!(enrolled.len(), 30);
    assert!(enrolled.iter().all(|one| one["state"] == "enrolled" && one.get("person").is_some()));
    let competent = enrolled.iter().filter(|one| one["certificates"][0]["what"] == "competence");
    assert_eq!(competent.count(), 28);
    assert_eq!(page["folded"]["id.jejak.enrolment.made.v1"]["late"], 0);
    let table = demo.run(&["show", program, "--on", "2026-06-30"]).out;
    // A line for each person, and not more than half a page for all the rest that is told of it.
    let (_, told) = table.split_once("\nTargets of programmes and areas").unwrap();
    assert!(told.lines().count() < 30 + 45, "{} lines", told.lines().count());
    assert!(table.contains("PPPPP") && table.contains("PPPP·"), "{table}");
    // Entered twice and taken back: both told, none counted.
    let third = demo.json(&["find", "edisi ketiga", "--kind", "program"]);
    let program = third["hits"][0]["subject"].as_str().unwrap();
    let page = demo.json(&["show", program, "--on", "2026-06-30"]);
    let retracted = page["story"].as_array().unwrap().iter().filter(|line| line["status"] == "retracted");
    let shown = retracted.count();
    let history = demo.json(&["history", program]);
    let all = history["events"].as_array().unwrap().iter().filter(|event| event["status"] == "retracted");
    assert_eq!(shown, all.count());
}

#[test]
fn a_stream_without_events_and_a_word_that_is_none() {
    let world = World::new();
    let nobody = world.run(&["show", &format!("ikm/{}", ikm(9))]);
    assert_eq!(nobody.code, 0);
    let said = format!("ikm/{}: no events; check the identifier, or look with `jejak find`", ikm(9));
    let stream = format!("ikm/{}", ikm(9));
    for flags in [&[][..], &["--actor", "petugas-3", "--names"]] {
        let words = [&["show", &stream], flags].concat();
        assert_eq!(world.run(&words).out.lines().next(), Some(&*said), "{flags:?}: before anything else");
    }
    assert!(nobody.out.contains("no events"), "{}", nobody.out);
    // An area is one without a word about it.
    for command in ["show", "history"] {
        let area = world.run(&[command, "area/33.75"]);
        assert_eq!(area.code, 0, "{}", area.err);
        assert!(area.out.contains("area/33.75: no events about this area yet"), "{}", area.out);
        assert!(!area.out.contains("identifier"), "{}", area.out);
    }
    assert!(world.run(&["show", "registry"]).out.contains("registry jejak.example/test opened"));
    for wrong in [&["show"][..], &["show", "firm/1"][..], &["show", "registry", "--on", "today"][..]] {
        assert_eq!(world.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_correction_that_was_taken_back_says_so() {
    let world = World::new();
    let first = format!("ikm/{}", ikm(1));
    let appended = world.append(&lines([registered(1), moved(2, 1), retracted(3, 2, &first)]), &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);
    let page = world.run(&["show", &first]).out;
    assert!(page.contains("└ corrected (wrong area) [this correction was RETRACTED]"), "{page}");
}

#[test]
fn without_a_terminal_tables_and_the_lines_beside_them_are_of_one_width() {
    let world = world();
    let first = format!("ikm/{}", ikm(1));
    let asked = |words: &[&str]| {
        let mut command = world.command(words);
        command.env_remove("COLUMNS");
        super::ran(command.output().unwrap())
    };
    let wide = |text: &str| text.lines().any(|line| line.chars().count() > 100 && line.trim().contains(' '));
    for words in [&["view", "registered"][..], &["show", &first], &["verify"], &["show", "ikm/no-such"]] {
        let ran = asked(words);
        assert!(!wide(&ran.out) && !wide(&ran.err), "{words:?}: {}{}", ran.out, ran.err);
    }
    // A document for programs is never broken, and neither is a signed text.
    let mut export = world.command(&["subject", "export", &first, "--actor", "petugas-3"]);
    let export = super::ran(export.env("COLUMNS", "20").output().unwrap());
    serde_json::from_str::<Value>(&export.out).unwrap_or_else(|error| panic!("{error}: {}", export.out));
    assert_eq!(asked(&["log", "checkpoint"]).out, world.run(&["log", "checkpoint"]).out);
}
