//! `jejak append`: every kind of bad input by its own refusal, and the others go through.

use serde_json::{Value, json};

use super::proposals::{event, event_id, ikm, lines, person, registered};
use super::{Ran, World, results};

/// Each bad line with the rule and the field that refuses it.
fn bad_lines() -> Vec<(&'static str, String, &'static str, Option<&'static str>)> {
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut proposal = registered(900);
        change(&mut proposal);
        proposal.to_string()
    };
    let valid = registered(900).to_string();
    let mut nik = person(901);
    nik["data"]["nik"] = json!(3_375_010_101_900_001_u64);
    vec![
        ("malformed", "{\"id\": ".to_owned(), "malformed", None),
        ("no object", "[1]".to_owned(), "malformed", None),
        ("blank", String::new(), "blank_line", None),
        (
            "31 February",
            with(&|p| p["time"] = json!("2025-02-31T00:00:00+07:00")),
            "malformed_field",
            Some("time"),
        ),
        ("NIK as a number", nik.to_string(), "malformed_field", Some("data.nik")),
        ("unknown area", with(&|p| p["data"]["area"] = json!("33.99")), "malformed_field", Some("data.area")),
        ("duplicate key", valid.replacen("{", "{\"type\":\"x\",", 1), "not_strict", Some("type")),
        ("70 KB", with(&|p| p["data"]["village"] = json!("x".repeat(70_000))), "too_large", None),
        ("2^53", with(&|p| p["data"]["workers"] = json!(1_u64 << 53)), "not_strict", Some("data.workers")),
        ("a fraction", with(&|p| p["data"]["workers"] = json!(1.5)), "not_strict", Some("data.workers")),
        ("the future", with(&|p| p["time"] = json!("2999-01-01T00:00:00+07:00")), "future", Some("time")),
        (
            "stale revision",
            with(&|p| p["expectedrevision"] = json!(3)),
            "stale_revision",
            Some("expectedrevision"),
        ),
        (
            "unknown type",
            with(&|p| p["type"] = json!("id.jejak.ikm.melted.v1")),
            "unknown_type",
            Some("type"),
        ),
        (
            "unknown field",
            with(&|p| p["data"]["colour"] = json!("red")),
            "unknown_field",
            Some("data.colour"),
        ),
        (
            "set by the registry",
            with(&|p| p["recordedtime"] = json!("x")),
            "set_by_registry",
            Some("recordedtime"),
        ),
        (
            "a character that shows nothing",
            with(&|p| p["data"]["name"] = json!("Batik\u{ad}Melati")),
            "malformed_field",
            Some("data.name"),
        ),
        (
            "a letter of another script",
            with(&|p| p["data"]["village"] = json!("K\u{430}uman")),
            "malformed_field",
            Some("data.village"),
        ),
        (
            "id used by another",
            with(&|p| {
                p["id"] = json!(event_id(1));
                p["subject"] = json!(format!("ikm/{}", ikm(1)));
                p["data"]["name"] = json!("Another");
            }),
            "id_reused",
            Some("id"),
        ),
    ]
}

#[test]
fn each_bad_line_has_its_own_refusal_and_the_others_go_through() {
    let world = World::new();
    let bad = bad_lines();
    let mut input = format!("{}\n", registered(1));
    for (number, (_, line, ..)) in (2..).zip(&bad) {
        input.push_str(&format!("{line}\n{}\n", registered(number)));
    }
    let ran = world.append(&input, &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let results = results(&ran);
    assert_eq!(results.len(), 1 + 2 * bad.len());
    for (place, result) in results.iter().enumerate() {
        assert_eq!(result["line"], place as u64 + 1);
    }
    for (place, (what, _, rule, field)) in bad.iter().enumerate() {
        let refused = &results[1 + 2 * place]["refused"];
        assert_eq!(refused["rule"], *rule, "{what}: {refused}");
        assert_eq!(refused["field"].as_str(), *field, "{what}: {refused}");
        for language in ["id", "en"] {
            assert!(refused["message"][language].as_str().is_some_and(|text| !text.is_empty()), "{what}");
        }
        let good = &results[2 + 2 * place];
        assert_eq!(good["index"], place as u64 + 2, "the line after {what}: {good}");
    }
    assert!(
        ran.err.contains(&format!("{} recorded, 0 there before, {} refused", bad.len() + 1, bad.len())),
        "{}",
        ran.err
    );
    let on = world.json(&["view", "registered", "--on", "2025-12-31"]);
    assert_eq!(on["figures"][0]["value"], bad.len() as u64 + 1);
    world.assert_sound();
}

#[test]
fn bytes_that_are_no_text_are_refused_where_they_stand() {
    let world = World::new();
    let path = world.beside("bytes.jsonl");
    let mut bytes = b"\xff\xfe{}\n".to_vec();
    bytes.extend(registered(1).to_string().into_bytes());
    std::fs::write(&path, bytes).unwrap();
    let ran = world.run(&["append", path.to_str().unwrap()]);
    let results = results(&ran);
    assert_eq!(results[0]["refused"]["rule"], "malformed");
    // The last line has no line break.
    assert_eq!((&results[1]["line"], &results[1]["index"]), (&json!(2), &json!(1)));
    assert_eq!(ran.code, 1);
}

#[test]
fn the_same_file_again_records_nothing() {
    let world = World::new();
    let input = lines((1..=1_500).map(registered));
    let first = world.append(&input, &[]);
    assert_eq!(first.code, 0, "{}", first.err);
    let again = world.append(&input, &[]);
    assert_eq!(again.code, 0);
    for (first, again) in results(&first).iter().zip(results(&again)) {
        assert_eq!(first["index"], again["index"]);
        assert_eq!(again["repeated"], true);
    }
    assert_eq!(world.json(&["view"])["log"]["size"], 1_501);
}

#[test]
fn an_atomic_file_is_recorded_whole_or_not_at_all() {
    let world = World::new();
    let mut bad = registered(3);
    bad["data"]["area"] = json!("99.99");
    let ran = world.append(&lines([registered(1), registered(2), bad]), &["--atomic"]);
    assert_eq!(ran.code, 1);
    let rules: Vec<_> = results(&ran).iter().map(|line| line["refused"]["rule"].clone()).collect();
    assert_eq!(rules, ["batch_refused", "batch_refused", "malformed_field"]);
    let fell = &results(&ran)[0]["refused"]["message"];
    assert_eq!(fell["en"], "not recorded because line 3 of this atomic batch was refused");
    assert_eq!(fell["id"], "tidak dicatat karena baris 3 dalam kelompok atomik ini ditolak");
    // Of the right form, and refused by a rule.
    let mut unknown = registered(2);
    unknown["data"]["owner"] = json!(ikm(90));
    let fallen = results(&world.append(&lines([registered(1), unknown]), &["--atomic"]));
    assert_eq!(
        fallen[0]["refused"]["message"]["en"],
        "not recorded because line 2 of this atomic batch was refused"
    );
    assert_eq!(world.json(&["view"])["log"]["size"], 1);
    let ran = world.append(&lines([registered(1), registered(2)]), &["--atomic"]);
    assert_eq!((ran.code, results(&ran).len()), (0, 2));
    assert_eq!(world.json(&["view"])["log"]["size"], 3);

    let ran = world.append(&lines((10..=10_010).map(registered)), &["--atomic"]);
    let results = results(&ran);
    assert_eq!((ran.code, results.len()), (1, 10_001));
    assert!(
        results.iter().all(|line| line["refused"]["rule"] == "batch_too_large" && line["id"].is_string())
    );
    let said = "an atomic batch has at most 10,000 lines and this input has more, so none is recorded; split the file";
    assert!(ran.err.starts_with(&format!("jejak: {said}")), "{}", ran.err);
    assert_eq!(world.json(&["view"])["log"]["size"], 3);
}

#[test]
fn other_forms_of_the_result() {
    let world = World::new();
    let input = format!("{}\n{{\n", registered(1));
    let csv = world.append(&input, &["--format", "csv"]);
    let rows: Vec<_> = csv.out.lines().collect();
    assert_eq!(rows[0], "line,id,index,late_days,repeated,rule,field,message,notices,dry_run");
    assert!(rows[1].starts_with(&format!("1,\"{}\",1,", event_id(1))), "{}", rows[1]);
    assert!(rows[2].starts_with("2,,,,,malformed,,"), "{}", rows[2]);
    let table = world.append(&input, &["--format", "table"]);
    let lines: Vec<_> = table.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", table.out);
    assert!(lines[0].starts_with("line 1: notice: time: recorded ") && lines[0].ends_with("[recorded_late]"));
    assert!(lines[1].starts_with("line 2: the JSON object does not end on this line"), "{}", table.out);
}

#[test]
fn the_actor_stands_in_the_event() {
    let world = World::new();
    world.append(&lines([registered(1)]), &["--actor", "petugas-3"]);
    let history = world.json(&["history", &format!("ikm/{}", ikm(1))]);
    assert_eq!(history["events"][0]["event"]["authid"], "petugas-3");
    let wrong = world.append(&lines([registered(2)]), &["--actor", "Budi Santoso"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
}

#[test]
fn input_that_is_not_there_is_a_wrong_call() {
    let ran = World::new().run(&["append", "/nonexistent/proposals.jsonl"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("/nonexistent/proposals.jsonl"), "{}", ran.err);
}

#[test]
fn every_invisible_character_of_a_line_is_told_with_its_place() {
    let world = World::new();
    let mut odd = registered(1);
    odd["data"]["name"] = json!("Batik\u{3164}Melati");
    odd["data"]["village"] = json!("Kauman\u{e0041}");
    let faults = &results(&world.append(&odd.to_string(), &[]))[0]["refused"]["faults"];
    let told: Vec<_> =
        faults.as_array().unwrap().iter().map(|fault| (&fault["field"], &fault["message"]["en"])).collect();
    let text = |place, code| {
        json!(format!("text \"…\": character {place} ({code}) shows nothing; type the text anew without it"))
    };
    assert_eq!(
        told,
        [(&json!("data.name"), &text(6, "U+3164")), (&json!("data.village"), &text(7, "U+E0041"))]
    );
    assert!(faults.as_array().unwrap().iter().all(|fault| fault.get("value").is_none()), "{faults}");
}

#[test]
fn the_number_of_a_person_in_a_title_is_refused_and_not_repeated() {
    let world = World::new();
    for title in ["Pelatihan 3375-0101-0101-0001", "Pelatihan 3375 0101 0101 0001", "Hubungi 0812-3456-7890"]
    {
        let data = json!({"area": "33.75", "organiser": "Dinas Contoh", "theme": "export", "title": title, "unit": "ikm"});
        let line = event(1, "program.opened", &format!("program/{}", ikm(9)), "2025-01-06", data).to_string();
        let ran = world.append(&line, &[]);
        let refused = &results(&ran)[0]["refused"];
        assert_eq!(
            (&refused["rule"], &refused["field"]),
            (&json!("malformed_field"), &json!("data.title")),
            "{refused}"
        );
        for said in [&ran.out, &ran.err] {
            assert!(!said.contains("3375") && !said.contains("0812"), "{said}");
        }
    }
}

/// A dry run answers with the lines that appending then answers with, and the log stays as it was.
#[test]
fn a_dry_run_says_what_appending_then_does() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    let mut stale = registered(3);
    stale["expectedrevision"] = json!(3);
    let all = lines([registered(1), registered(2), stale, registered(4)]);
    let log = || world.run(&["log", "export"]).out;
    let before = log();
    for extent in [&[][..], &["--atomic"][..]] {
        let dry = world.append(&all, &[extent, &["--dry-run"]].concat());
        assert_eq!(dry.code, 1, "{}", dry.err);
        let counts = match extent {
            [] => {
                "jejak: dry run, nothing was recorded: 2 would be recorded, 1 there before, 1 would be refused"
            }
            _ => {
                "jejak: dry run, nothing was recorded: 0 would be recorded, 1 there before, 3 would be refused"
            }
        };
        assert!(dry.err.contains(counts), "{}", dry.err);
        assert_eq!(log(), before);
        if !extent.is_empty() {
            assert_eq!(told(&dry), results(&world.append(&all, extent)));
            assert_eq!(log(), before);
        }
    }
    let dry = world.append(&all, &["--dry-run"]);
    let done = world.append(&all, &[]);
    assert_eq!((dry.code, told(&dry)), (done.code, results(&done)));
    assert_ne!(log(), before);
}

/// The result lines of a dry run, each of which says that it is of one, without that.
fn told(dry: &Ran) -> Vec<Value> {
    let mut lines = results(dry);
    for line in &mut lines {
        assert_eq!(line.as_object_mut().unwrap().remove("dry_run"), Some(json!(true)), "{line}");
    }
    lines
}

#[test]
fn a_dry_run_cannot_be_taken_for_a_recording() {
    let world = World::new();
    let wrong = lines([registered(1), json!({"id": 1})]);
    let csv = |flags: &[&str]| world.append(&wrong, &[flags, &["--format", "csv"]].concat()).out;
    let dry = csv(&["--dry-run"]);
    assert!(dry.lines().next().unwrap().ends_with(",dry_run"), "{dry}");
    assert!(dry.lines().skip(1).all(|line| line.ends_with(",true")), "{dry}");
    let table = world.append(&wrong, &["--dry-run", "--format", "table"]).out;
    assert!(table.lines().all(|line| line.starts_with("dry run, line ")), "{table}");
    let path = world.beside("proposals.jsonl");
    let words = ["append", path.to_str().unwrap(), "--dry-run", "--format", "table"];
    let table = world.run_in_indonesian(&words).out;
    assert!(table.lines().all(|line| line.starts_with("percobaan, baris ")), "{table}");
    let done = csv(&[]);
    assert!(done.lines().skip(1).all(|line| line.ends_with(",false")), "{done}");
    assert!(!world.append(&wrong, &[]).out.contains("dry_run"));
    assert!(world.run(&["append", "--help"]).out.contains("\"dry_run\":true"));
}

/// The look that a dry run takes says that it was one: nothing of what was proposed stands in the log.
#[test]
fn a_look_of_a_dry_run_is_noted_as_one() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    let mut other = registered(1);
    other["data"]["name"] = json!("Batik Lain");
    world.append(&other.to_string(), &["--dry-run"]);
    world.append(&other.to_string(), &[]);
    let held =
        world.json(&["subject", "show", "--actor", "petugas-3", registered(1)["subject"].as_str().unwrap()]);
    let purposes: Vec<&str> =
        held["looks"].as_array().unwrap().iter().map(|look| look["purpose"].as_str().unwrap()).collect();
    assert_eq!(purposes[..2], ["append --dry-run, compared: unequal", "append, compared: unequal"], "{held}");
}

/// Dry runs guess at no more than a few values, say so, and leave recording what it had.
#[test]
fn a_dry_run_that_guesses_is_answered_a_few_times() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    let guess = |number: u32| {
        let mut other = registered(1);
        other["data"]["name"] = json!(format!("Batik {number}"));
        other.to_string()
    };
    let refused = |ran: &Ran| results(ran)[0]["refused"].clone();
    for number in [1, 2, 3, 1] {
        let said = refused(&world.append(&guess(number), &["--dry-run"]));
        assert_eq!(said["rule"], "id_reused", "{number}: {said}");
    }
    let said = refused(&world.append(&guess(4), &["--dry-run"]));
    let id = registered(1)["id"].as_str().unwrap().to_owned();
    assert_eq!((&said["rule"], &said["field"]), (&json!("rehearsed_too_often"), &json!("id")), "{said}");
    assert_eq!(
        said["message"]["en"],
        format!(
            "dry runs compared 3 times with the sealed values of event {id}, and answer about them no more; without \
             --dry-run this proposal is still judged"
        )
    );
    assert_eq!(
        said["message"]["id"],
        format!(
            "percobaan sudah 3 kali membandingkan nilai tersegel peristiwa {id} dan tidak menjawab tentangnya lagi; \
             tanpa --dry-run usulan ini masih diperiksa"
        )
    );
    assert_eq!(refused(&world.append(&guess(4), &[]))["rule"], "id_reused");
    let again = world.append(&registered(1).to_string(), &[]);
    assert_eq!(results(&again)[0]["repeated"], json!(true), "{}", again.out);
}

#[test]
fn input_without_a_proposal_is_said() {
    let world = World::new();
    for flags in [&[][..], &["--dry-run"], &["--atomic"]] {
        let ran = world.append("", flags);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""));
        assert!(
            ran.err.contains("jejak: the input holds no proposal; write one proposal in JSON on each line"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn an_unknown_type_is_told_the_nearest_and_where_all_stand() {
    let world = World::new();
    let typed = |name: &str| {
        let mut line = registered(1);
        line["type"] = json!(name);
        let message = results(&world.append(&line.to_string(), &[]))[0]["refused"]["message"].clone();
        (message["en"].as_str().unwrap().to_owned(), message["id"].as_str().unwrap().to_owned())
    };
    let near = "the nearest is id.jejak.ikm.registered.v1; `jejak schema` lists all of them";
    for name in ["id.jejak.ikm.registred.v1", "ikm.registered", "id.jejak.ikm.registered.v2"] {
        let (en, id) = typed(name);
        assert_eq!(en, format!("event type {name:?} is not known; {near}"));
        let near = "yang paling mirip: id.jejak.ikm.registered.v1; `jejak schema` menyebut semuanya";
        assert_eq!(id, format!("jenis peristiwa {name:?} tidak dikenal; {near}"));
    }
    for name in ["", "id.jejak.", "order.placed", &"x".repeat(3_000)] {
        let (en, _) = typed(name);
        assert!(en.ends_with("is not known; `jejak schema` lists all of them"), "{en}");
    }
    assert!(world.run(&["schema"]).out.contains("id.jejak.ikm.registered.v1"));
}
