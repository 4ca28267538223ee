//! The list of all messages in both languages, `docs/messages.md`, and the words that may not stand in them.
//!
//! Pairs are read from the sources where they stand (`Message::new`, `Refusal::new`, `text!`, `pick`, `Stop::usage`,
//! `Words`) and from the tables of `jejak_events::translation`. A new message needs nothing but
//! `JEJAK_BLESS=1 cargo test --test all messages`; a new `#[error("...")]` needs its line in
//! `events/src/translation/tables/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use jejak_events::translation::{TABLES, is_known};

use crate::cheating::root;

mod sources;
mod words;

use sources::{Pair, error_templates, pairs};

/// Shortest fixed part of a template that tells it from others, in characters.
const TELLING_CHARS: usize = 10;

/// All messages, sorted and each once.
fn messages() -> BTreeSet<Pair> {
    let mut all = pairs();
    for (english, indonesian) in TABLES.iter().flat_map(|table| table.iter()) {
        all.insert(Pair {
            place: "events/src/translation/tables".to_owned(),
            id: (*indonesian).to_owned(),
            en: (*english).to_owned(),
        });
    }
    all
}

/// What stands in tests and their data, by file: sentences that somebody provoked.
fn provoked() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            // This list itself provokes nothing.
            if name.starts_with("tests/messages") {
            } else if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|is| is == "rs" || is == "json" || is == "txt" || is == "snap")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                found.push((name, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("tests"), &mut found);
    found
}

/// The fixed parts of a template, the longest first.
fn fixed_parts(template: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = template
        .split(['{', '}'])
        .step_by(2)
        .flat_map(|part| part.split(['"', '\\']))
        .map(str::trim)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.chars().count()));
    parts
}

/// A test that holds the longest fixed part of a message, in either language.
fn provoked_in<'t>(pair: &Pair, tests: &'t [(String, String)]) -> Option<&'t str> {
    let telling = |template| {
        fixed_parts(template).first().copied().filter(|part| part.chars().count() >= TELLING_CHARS)
    };
    let (id, en) = (telling(&pair.id), telling(&pair.en));
    let holds = |text: &str, part: Option<&str>| part.is_some_and(|part| text.contains(part));
    tests.iter().find(|(_, text)| holds(text, en) || holds(text, id)).map(|(name, _)| name.as_str())
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn markdown() -> String {
    let (all, tests) = (messages(), provoked());
    let mut by_place: BTreeMap<&str, Vec<(&Pair, Option<&str>)>> = BTreeMap::new();
    for pair in &all {
        by_place.entry(&pair.place).or_default().push((pair, provoked_in(pair, &tests)));
    }
    let seen = by_place.values().flatten().filter(|(_, test)| test.is_some()).count();
    let mut out = format!(
        "# Messages\n\nWhat the program says to people, in both languages. Made by `JEJAK_BLESS=1 cargo test --test all \
         messages` from the sources; do not edit. `{{...}}` stands for a value. The last column names a test whose text or \
         data holds the message; where it is empty, no test provokes it by its words.\n\n{} messages, {seen} of them in a \
         test.\n",
        all.len()
    );
    for (place, of_place) in by_place {
        let _ = writeln!(out, "\n## {place}\n\n| Bahasa Indonesia | English | test |\n|---|---|---|");
        for (pair, test) in of_place {
            let test = test.map_or(String::new(), |test| format!("`{test}`"));
            let _ = writeln!(out, "| {} | {} | {test} |", cell(&pair.id), cell(&pair.en));
        }
    }
    out
}

#[test]
fn the_list_is_in_step() {
    let (path, list) = (root().join("docs/messages.md"), markdown());
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, &list).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == list,
        "docs/messages.md is out of step; run `JEJAK_BLESS=1 cargo test --test all messages` and commit it"
    );
}

/// An error that is only English would reach an officer in English.
#[test]
fn every_typed_error_has_its_indonesian() {
    let unknown: Vec<String> = error_templates()
        .into_iter()
        .filter(|(_, template)| !is_known(template))
        .map(|(place, template)| format!("{place}: {template}"))
        .collect();
    assert!(
        unknown.is_empty(),
        "{} errors lack a line in events/src/translation/tables:\n{}",
        unknown.len(),
        unknown.join("\n")
    );
}

#[test]
fn no_language_holds_words_of_the_other_or_of_the_program() {
    let all = messages();
    assert!(
        all.len() > 500,
        "only {} messages were found; do the sources still have the form that is read?",
        all.len()
    );
    let wrong: Vec<String> = all.iter().flat_map(words::wrong).collect();
    assert!(wrong.is_empty(), "{} messages:\n{}", wrong.len(), wrong.join("\n"));
}
