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
