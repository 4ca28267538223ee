//! The list of all messages in both languages, `docs/messages.md`, and the words that may not stand in them.
//!
//! Pairs are read from the sources where they stand (`Message::new`, `Refusal::new`, `text!`, `pick`, `Stop::usage`,
//! `Words`) and from the tables of `jejak_events::translation`. A new message needs nothing but
//! `JEJAK_BLESS=1 cargo test --test all messages`; a new `#[error("...")]` needs its line in
//! `events/src/translation/tables/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use jejak_events::translation::{TABLES, is_known};

use crate::cheating::root;

mod pages;
mod provoked;
mod sources;
mod words;

use provoked::Provoked;
use sources::{Pair, error_templates, pairs};

/// All messages, sorted and each once.
fn messages() -> &'static BTreeSet<Pair> {
    static ALL: LazyLock<BTreeSet<Pair>> = LazyLock::new(read_messages);
    &ALL
}

fn read_messages() -> BTreeSet<Pair> {
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

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn markdown() -> String {
    let all = messages();
    let provoked = Provoked::new(all);
    let mut by_place: BTreeMap<&str, Vec<(&Pair, Option<&str>)>> = BTreeMap::new();
    for pair in all {
        by_place.entry(&pair.place).or_default().push((pair, provoked.by(pair)));
    }
    let seen = by_place.values().flatten().filter(|(_, test)| test.is_some()).count();
    let mut out = format!(
        "# Messages\n\nWhat the program says to people, in both languages. Made by `JEJAK_BLESS=1 cargo test --test all \
         messages` from the sources; do not edit. `{{...}}` stands for a value. The last column XX\n\n{} messages, {seen} of them in a \
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
        .map(|error| (error.place, error.english.split(['{', '}']).step_by(2).collect::<Vec<_>>().join("1")))
        .filter(|(_, filled)| !is_known(filled))
        .map(|(place, filled)| format!("{place}: {filled}"))
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
