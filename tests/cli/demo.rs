//! The worked example from outside: what it says to try, and what the README shows of it.

use serde_json::Value;

use super::{World, in_repository};

#[test]
fn every_command_that_the_demo_names_works() {
    let world = World::empty();
    let told = world.json(&["demo"]);
    let figures = told["figures"].as_array().unwrap().iter().chain(told["known"].as_array().unwrap());
    let figures: Vec<&Value> = figures.chain([&told["opened"]["told"]]).collect();
    assert!(figures.len() > 12);
    for figure in figures {
        let command: Vec<&str> = figure["command"].as_str().unwrap().split(' ').collect();
        let answer = world.json(&command);
        assert_eq!(answer["figures"], figure["answer"]["figures"], "{command:?}");
    }
    let next = told["next"].as_array().unwrap();
    assert!(next.len() > 5);
    for one in next {
        let command: Vec<&str> = one["command"].as_str().unwrap().split(' ').collect();
        let ran = world.run(&command);
        assert_eq!(ran.code, 0, "{command:?}: {}{}", ran.out, ran.err);
        assert!(!ran.out.is_empty(), "{command:?}");
    }
}

#[test]
fn the_terminal_shows_the_main_figures_only() {
    let world = World::empty();
    let ran = world.run(&["demo"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines = ran.out.lines().count();
    assert!(lines < 200, "{lines} lines");
    for said in [
        "  Certified to the green-industry standard: 7 IKM (synthetic)",
        "    12 IKM passed (synthetic)",
        "    30 IKM took part (as the article says)",
        "    789 IKMs by the source, medium (as the article says)",
    ] {
        assert!(ran.out.lines().any(|line| line == said), "{said}: {}", ran.out);
    }
    // Below the figures, every claim of the articles with its verdict.
    let (_, claims) = ran.out.split_once("== What the five articles claim").unwrap();
    let verdicts = claims.lines().filter(|line| line.trim_end().ends_with(" (synthetic)")).count();
    assert_eq!(verdicts, jejak::demo::CLAIMS.len());
}

/// The README traces the last event of the example: figure, event and proof stand there as they are.
#[test]
fn the_readme_shows_the_example_as_it_is() {
    let readme = std::fs::read_to_string(in_repository("README.md")).unwrap();
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    let view = ["view", "green_certified", "--area", "33.75", "--list", "--on"];
    let shown = |on: &str| world.run(&[&view[..], &[on]].concat()).out;
    let (before, now) = (shown("2025-10-08"), shown("2026-06-30"));
    let first_line = |out: &str| out.lines().nth(2).unwrap().to_owned();
    for line in [first_line(&before)].iter().map(String::as_str).chain(now.lines().take(9)) {
        assert!(readme.contains(line), "README.md does not show `{line}`");
    }
    let member = now.lines().find(|line| line.starts_with(" ikm/")).unwrap();
    assert!(readme.contains(member), "README.md does not show `{member}`");
    let last = member.split_whitespace().last().unwrap();
    let proof = world.run(&["log", "proof", last]).out;
    assert!(readme.contains(proof.trim_end()), "README.md does not show the proof of event {last}");
    let next = (last.parse::<u64>().unwrap() + 1).to_string();
    let event = world.run(&["log", "export", "--from", last, "--to", &next]).out;
    assert!(readme.contains(&event[..100]), "README.md does not show event {last}");
}
