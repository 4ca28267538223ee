//! A registry of made-up data says so in every answer, in every form; one of real data never does.

use clap::CommandFactory as _;
use serde_json::Value;

use super::{Ran, World, ran};

/// A command with its arguments, and the forms of its answer.
type Asked = (&'static [&'static str], &'static [&'static str]);

const ALL: &[&str] = &["table", "json", "csv"];
const NO_CSV: &[&str] = &["table", "json"];

/// Every command that answers from a registry. `IKM` stands for one of the example.
const ANSWERS: &[Asked] = &[
    (&["demo"], ALL),
    (&["show", "IKM"], ALL),
    (&["history", "IKM"], ALL),
    (&["find", "batik", "--kind", "sentra"], ALL),
    (&["find", "--actor", "petugas-3", "nobodyiscalledso"], ALL),
    (&["subject", "show", "--actor", "petugas-3", "IKM"], NO_CSV),
    (&["subject", "export", "--actor", "petugas-3", "IKM"], &["json"]),
    (&["view"], ALL),
    (&["view", "certified", "--on", "2026-06-30"], ALL),
    (&["view", "certified", "--on", "2026-06-30", "--list"], ALL),
    (&["view", "certified", "--on", "2026-06-30", "--compare", "2025-10-08"], ALL),
    (&["view", "certified", "--on", "2026-06-30", "--compare-on", "2025-10-08"], ALL),
    (&["due", "--on", "2026-06-30"], ALL),
    (&["claim", "check", "CLAIM"], ALL),
    (&["claim", "check", "CLAIM", "--list"], ALL),
    (&["claim", "sample", "CLAIM", "--seed", "dice"], ALL),
    (&["rebuild", "certified"], ALL),
    (&["release", "--period", "2021-Q2", "--actor", "a", "--dry-run"], ALL),
    (&["verify"], ALL),
    (&["audit", "DIR"], NO_CSV),
];

/// Commands that answer nothing of a registry's content, each with the reason.
const OTHERS: &[(&str, &str)] = &[
    ("init", "makes a registry, and says of it whether it is synthetic"),
    ("append", "says of each proposal whether it was recorded"),
    ("attach", "hands a file over"),
    ("bundle", "says it in README, answer and verdict: bundles have tests of their own"),
    ("log", "prints formats of others, or events as they are; event 0 says it"),
    ("receipt", "an event with its proof: receipts have tests of their own"),
    ("cosign", "adds signatures"),
    ("key", "makes a key of an auditor's own"),
    ("recover", "mends copies"),
    ("schema", "says what answers look like, of no registry"),
];

#[test]
fn every_command_answers_or_has_its_reason() {
    for command in jejak::cli::Arguments::command().get_subcommands() {
        let name = command.get_name();
        let answers = ANSWERS.iter().any(|(words, _)| words[0] == name);
        let other = OTHERS.iter().any(|(other, _)| *other == name);
        assert!(answers != other, "{name}: put it into ANSWERS, or into OTHERS with the reason");
    }
}

/// Whether JSON says `"synthetic":true`, of the whole or of the log that was asked.
fn says_synthetic(json: &Value) -> bool {
    let places = [&json["synthetic"], &json["log"]["synthetic"], &json["registry"]["synthetic"]];
    let compared = &json["after"]["log"]["synthetic"];
    places.into_iter().chain([compared]).any(|said| *said == Value::Bool(true))
}

fn in_indonesian(world: &World, words: &[&str]) -> Ran {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jejak"));
    command.args(words).arg("--dir").arg(world.dir()).args(["--lang", "id"]);
    ran(command.output().unwrap())
}

#[test]
fn every_answer_of_a_synthetic_registry_says_so() {
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    let ikm = world.json(&["view", "certified", "--on", "2026-06-30", "--list"])["members"][0]["who"]
        .as_str()
        .unwrap()
        .to_owned();
    let claim = super::in_repository("tests/data/claims/pekalongan-green-2-ikms-taking-part.toml");
    let dir = world.dir();
    for (words, forms) in ANSWERS {
        let words: Vec<&str> = words
            .iter()
            .map(|word| match *word {
                "IKM" => ikm.as_str(),
                "CLAIM" => claim.to_str().unwrap(),
                "DIR" => dir.to_str().unwrap(),
                word => word,
            })
            .collect();
        for form in *forms {
            let said = world.run(&[&words[..], &["--format", form]].concat());
            assert_eq!(said.code, 0, "{words:?}: {}", said.err);
            match *form {
                "json" => {
                    let json: Value = serde_json::from_str(&said.out).unwrap();
                    assert!(says_synthetic(&json), "{words:?} as JSON does not say it");
                }
                "csv" => {
                    let mut lines = csv::Reader::from_reader(said.out.as_bytes());
                    let place = lines.headers().unwrap().iter().position(|name| name == "synthetic");
                    let place = place.unwrap_or_else(|| panic!("{words:?} as CSV has no such column"));
                    assert!(lines.records().all(|row| &row.unwrap()[place] == "true"), "{words:?}");
                }
                _ => {
                    assert!(said.out.contains("SYNTHETIC"), "{words:?}: {}", said.out);
                    let id = in_indonesian(&world, &words);
                    assert!(id.out.contains("SINTETIS"), "{words:?}: {}", id.out);
                }
            }
        }
    }
}

#[test]
fn an_answer_about_real_data_does_not_say_it() {
    let world = World::new();
    let view = world.run(&["view", "registered"]);
    assert!(!view.out.contains("SYNTHETIC"), "{}", view.out);
    let json = world.json(&["view", "registered"]);
    assert_eq!(json["log"]["synthetic"], Value::Bool(false));
}
