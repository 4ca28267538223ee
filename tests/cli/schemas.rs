//! The schemas in `docs/schemas`, one for each command that answers with JSON. `JEJAK_BLESS=1` writes them anew.
//!
//! That what the program prints passes them, and what is wrong does not, `tests/check_answers.py` shows.

use std::collections::BTreeSet;

use jejak::cli::ANSWERS;
use serde_json::Value;

use super::{World, in_repository};

const FOLDER: &str = "docs/schemas";

#[test]
fn the_schemas_are_in_step() {
    let folder = in_repository(FOLDER);
    let bless = std::env::var_os("JEJAK_BLESS").is_some();
    std::fs::create_dir_all(&folder).unwrap();
    let mut expected = BTreeSet::new();
    for answer in ANSWERS {
        let path = folder.join(answer.file_name());
        let schema = serde_json::to_string_pretty(&answer.schema()).unwrap() + "\n";
        if bless {
            std::fs::write(&path, &schema).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == schema,
            "{} is out of step; run the tests once with JEJAK_BLESS=1 and commit it",
            path.display()
        );
        expected.insert(answer.file_name());
    }
    let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name());
    let found: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(found, expected, "{FOLDER} has files of no command");
}

/// Headings of CSV that no field of the JSON has for a name, each with the reason.
const CSV_ALONE: &[(&str, &str)] = &[
    ("after_as_known", "as `as_known`, of the state after; in JSON `after.log.size`"),
    ("after_root", "in JSON `after.log.root`"),
    ("before_as_known", "as `as_known`, of the state before; in JSON `before.log.size`"),
    ("before_root", "in JSON `before.log.root`"),
    ("cause_day", "the `day` of one of the `causes`; `day` is that of the step"),
    ("about", "what amends an event has a row of its own; in JSON it stands within the event"),
    (
        "as_known",
        "the size of the log that the answer knows, as one asks for it by --as-known; in JSON `log.size`",
    ),
    ("figure", "the name of one of the `figures`; `name` is that of a person or an IKM"),
    ("newer_version", "of the view that was counted by; in JSON it stands in the words of the report"),
    ("question_area", "as of a view; in JSON of what is due `area`, which in CSV is that of a row"),
    ("row", "whether a row is of a figure, of those behind it, or of one member"),
    ("section", "the name of one of the `sections`"),
];

/// The names of all fields in a schema; of a field within another also both names, joined.
fn field_names(schema: &Value, whole: &Value, above: &str, names: &mut BTreeSet<String>, depth: u8) {
    match schema {
        Value::Object(object) if depth > 0 => {
            if let Some(Value::Object(properties)) = object.get("properties") {
                for (name, inner) in properties {
                    names.insert(name.clone());
                    names.insert(format!("{above}_{name}"));
                    field_names(inner, whole, name, names, depth - 1);
                }
            }
            if let Some(place) = object.get("$ref").and_then(Value::as_str) {
                let inner = whole.pointer(place.trim_start_matches('#')).unwrap();
                field_names(inner, whole, above, names, depth - 1);
            }
            let others =
                object.iter().filter(|(name, _)| !["properties", "$ref", "$defs"].contains(&name.as_str()));
            others.for_each(|(_, inner)| field_names(inner, whole, above, names, depth));
        }
        Value::Array(all) => all.iter().for_each(|inner| field_names(inner, whole, above, names, depth)),
        _ => {}
    }
}

#[test]
fn csv_and_json_call_a_thing_by_one_name() {
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    let ikm = world.json(&["view", "certified", "--on", "2026-06-30", "--list"])["members"][0]["who"].clone();
    let (ikm, claim) =
        (ikm.as_str().unwrap(), in_repository("tests/data/claims/pekalongan-green-2-ikms-taking-part.toml"));
    let (claim, nothing) = (claim.to_str().unwrap(), world.beside("none.jsonl"));
    std::fs::write(&nothing, "{}\n").unwrap();
    let asked: [(&str, &[&str]); 18] = [
        ("append", &["append", nothing.to_str().unwrap()]),
        ("claim-check", &["claim", "check", claim]),
        ("claim-check", &["claim", "check", claim, "--list"]),
        ("claim-sample", &["claim", "sample", claim, "--seed", "dice"]),
        ("demo", &["demo"]),
        ("due", &["due", "--on", "2026-06-30"]),
        ("find", &["find", "batik", "--kind", "program"]),
        ("history", &["history", ikm]),
        ("rebuild", &["rebuild", "certified"]),
        ("release", &["release", "--period", "2021-Q2", "--actor", "a", "--dry-run"]),
        ("show", &["show", ikm]),
        ("verify", &["verify"]),
        ("view", &["view", "certified", "--on", "2026-06-30"]),
        ("view", &["view", "certified", "--on", "2026-06-30", "--list"]),
        ("view", &["view", "certified", "--on", "2026-06-30", "--compare", "2025-10-08"]),
        ("view", &["view", "certified", "--on", "2026-06-30", "--compare-on", "2023-12-31"]),
        ("view", &["view", "participated", "--on", "2026-06-30", "--by", "quarter"]),
        ("view", &["view", "certified", "--on", "2026-06-30", "--by", "year"]),
    ];
    let (mut faults, mut alone) = (Vec::new(), BTreeSet::new());
    for (file, words) in asked {
        let schema = std::fs::read_to_string(in_repository(&format!("{FOLDER}/{file}.json"))).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let mut names = BTreeSet::new();
        field_names(&schema, &schema, "", &mut names, 12);
        let csv = world.run(&[words, &["--format", "csv"]].concat()).out;
        let mut lines = csv::Reader::from_reader(csv.as_bytes());
        for heading in lines.headers().unwrap() {
            let is_alone = CSV_ALONE.iter().any(|(name, _)| *name == heading);
            if !names.contains(heading) && !is_alone {
                faults.push(format!("{}: {heading}", words.join(" ")));
            }
            if is_alone && !names.contains(heading) {
                alone.insert(heading.to_owned());
            }
        }
    }
    let unused = CSV_ALONE
        .iter()
        .filter(|(name, _)| !alone.contains(*name))
        .map(|(name, _)| format!("not needed: {name}"));
    faults.extend(unused);
    assert!(faults.is_empty(), "headings that JSON has under another name:\n{}", faults.join("\n"));
}

#[test]
fn the_program_prints_them_too() {
    let world = World::empty();
    for answer in ANSWERS {
        let written = serde_json::to_string_pretty(&answer.schema()).unwrap() + "\n";
        assert_eq!(world.run(&["schema", answer.command]).out, written);
        assert_eq!(world.run(&["schema", &answer.command.replace(' ', "-")]).out, written);
        let help: Vec<&str> = answer.command.split(' ').chain(["--help"]).collect();
        let named = format!("Schema of its JSON: jejak schema {}", answer.command.replace(' ', "-"));
        assert!(world.run(&help).out.contains(&named), "{}", answer.command);
    }
    let of_type = |words: &[&str]| world.run(&[&["schema", "ikm.registered"], words].concat()).out;
    for (printed, form) in [(of_type(&[]), "proposal"), (of_type(&["--record"]), "record")] {
        let file = format!("events/schemas/id.jejak.ikm.registered.v1.{form}.schema.json");
        let written: Value =
            serde_json::from_str(&std::fs::read_to_string(in_repository(&file)).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), written);
    }
    let unknown = world.run(&["schema", "ikm.melted"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`jejak schema` lists them all"), "{}", unknown.err);
}
