//! What the access log is told of a look: by whom, and at the answer to which question.

use serde_json::Value;

use super::bundles::demo;
use super::{World, ran};

const ON: &str = "2026-06-30";

fn noted(world: &World) -> Vec<Value> {
    let text = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A record of looks by nobody in particular is none: who looked is what the persons recorded may ask.
#[test]
fn nobody_unnamed_is_shown_a_sealed_value() {
    let world = demo();
    let before = noted(&world);
    let listed = world.json(&["view", "certified", "--on", ON, "--list"]);
    let who = listed["members"][0]["who"].as_str().unwrap();
    let new = world.beside("new");
    let (new, file) = (new.to_str().unwrap(), "0".repeat(64));
    let asked: [&[&str]; 13] = [
        &["view", "certified", "--on", ON, "--list", "--names"],
        &["view", "certified", "--on", ON, "--list", "--columns", "nib"],
        &["view", "certified", "--on", ON, "--compare", "3", "--names"],
        &["view", "certified", "--on", ON, "--compare-on", "2025-01-01", "--names"],
        &["view", "welfare", "--on", ON, "--attested"],
        &["show", who, "--names"],
        &["due", "--on", ON, "--names"],
        &["find", "batik"],
        &["subject", "show", who],
        &["subject", "export", who],
        &["attach", "--read", &file, "-o", new],
        &["receipt", "1", "--disclose", "-o", new],
        &["bundle", "create", "--view", "certified", "--on", ON, "--disclose", "name", "-o", new],
    ];
    for words in asked.into_iter().chain([&["release", "--period", "2021-Q2"][..]]) {
        let ran = world.run(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}: {}", ran.err);
        assert!(ran.err.contains("give --actor with your pseudonym"), "{words:?}: {}", ran.err);
        let ran = world.run_in_indonesian(words);
        assert!(ran.err.contains("beri --actor dengan nama samaran"), "{words:?}: {}", ran.err);
    }
    assert_eq!(noted(&world), before);
}

/// Whoever copies an example out of the help must not be refused for what it leaves out.
#[test]
fn the_examples_in_the_help_say_who_looks() {
    let world = demo();
    let mut looks = 0;
    for command in [
        &["view"][..],
        &["show"],
        &["due"],
        &["find"],
        &["subject", "show"],
        &["subject", "export"],
        &["attach"],
        &["receipt"],
        &["bundle", "create"],
        &["release"],
    ] {
        let help = world.run(&[command, &["--help"]].concat()).out;
        let (_, examples) = help.rsplit_once("Example:\n").unwrap();
        for example in examples.lines().filter_map(|line| line.trim().strip_prefix("jejak ")) {
            let (example, _) = example.split_once(" > ").unwrap_or((example, ""));
            looks += usize::from(example.contains("--actor"));
            let mut called = world.command(&example.split(' ').collect::<Vec<_>>());
            let ran = ran(called.current_dir(world.beside("")).output().unwrap());
            assert!(!ran.err.contains("give --actor"), "{example}: {}", ran.err);
        }
    }
    assert!(looks >= 5, "{looks}");
}

/// Two sums of which one leaves out an IKM tell that IKM's figure: a reviewer must see what each was narrowed to.
#[test]
fn a_look_is_noted_with_the_question_as_it_was_asked() {
    let world = demo();
    let by = ["--actor", "statistik-1"];
    let known = world.json(&["view", "registered", "--on", ON])["question"]["as_known"].clone();
    let clocks = format!("--on {ON} --as-known {known}");
    let zip = world.beside("new.zip");
    let narrowed = ["--area", "33.75", "--only", "commodity=batik", "--on", ON];
    let last = |words: &[&str]| {
        let ran = world.run(&[words, &by].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        noted(&world).pop().unwrap()["purpose"].as_str().unwrap().to_owned()
    };
    let flags = "--area 33.75 --only commodity=batik";
    for (asked, with) in [
        (&["--attested"][..], "--attested"),
        (&["--list", "--names"], "--list --names"),
        (&["--list", "--columns", "nib,name"], "--list --columns name,nib"),
        (&["--compare", "605", "--names"], "--compare 605 --names"),
        (&["--compare-on", "2025-01-01", "--names"], "--compare-on 2025-01-01 --names"),
    ] {
        let purpose = last(&[&["view", "registered"], &narrowed[..], asked].concat());
        assert_eq!(purpose, format!("view registered {with} {flags} {clocks}"));
    }
    let bundle = ["bundle", "create", "--view", "registered", "-o", zip.to_str().unwrap()];
    let purpose = last(&[&bundle, &narrowed[..], &["--disclose", "name"]].concat());
    assert_eq!(
        purpose,
        format!("bundle create --view registered --disclose name {flags} {clocks}, {known} events")
    );
    let purpose = last(&["due", "--names", "--area", "33.75", "--on", ON, "--limit", "3"]);
    assert_eq!(purpose, format!("due --names --area 33.75 --on {ON} --limit 3"));
}
