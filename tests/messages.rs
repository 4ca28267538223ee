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
mod reasons;
mod reasons_of_commands;
mod sources;
mod words;

use provoked::Provoked;
use reasons::reasons;
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

/// What tests say of the messages.
fn provoked() -> &'static Provoked {
    static ALL: LazyLock<Provoked> = LazyLock::new(|| Provoked::new(messages()));
    &ALL
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn markdown() -> String {
    let (all, reasons) = (messages(), reasons());
    let mut by_place: BTreeMap<&str, Vec<(&Pair, Option<&str>)>> = BTreeMap::new();
    for pair in all {
        by_place.entry(&pair.place).or_default().push((pair, provoked().by(pair)));
    }
    let seen = by_place.values().flatten().filter(|(_, test)| test.is_some()).count();
    let mut out = format!(
        "# Messages\n\nWhat the program says to people, in both languages. Made by `JEJAK_BLESS=1 cargo test --test all \
         messages` from the sources; do not edit. `{{...}}` stands for a value. The last column names a test whose text or \
         data holds the message, a page that shows it, or says why no test can provoke it.\n\n{} messages, {seen} of them in a test.\n",
        all.len()
    );
    for (place, of_place) in by_place {
        let _ = writeln!(
            out,
            "\n## {place}\n\n| Bahasa Indonesia | English | test, or why there is none |\n|---|---|---|"
        );
        for (pair, test) in of_place {
            let why =
                || reasons.get(pair.en.as_str()).map_or(String::new(), |why| format!("none: {}", cell(why)));
            let test = test.map_or_else(why, |test| format!("`{test}`"));
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

/// A message without a test and without a reason would be one that nobody ever saw.
#[test]
fn every_message_is_provoked_or_has_its_reason() {
    let reasons = reasons();
    let unprovoked: BTreeSet<&str> =
        messages().iter().filter(|pair| provoked().by(pair).is_none()).map(|pair| pair.en.as_str()).collect();
    let stale: Vec<&&str> = reasons.keys().filter(|message| !unprovoked.contains(**message)).collect();
    assert!(
        stale.is_empty(),
        "these reasons are of messages that are gone or that a test provokes; take them out of \
         tests/messages/reasons.rs:\n{stale:#?}"
    );
    let open: Vec<&&str> = unprovoked.iter().filter(|message| !reasons.contains_key(**message)).collect();
    assert!(
        open.is_empty(),
        "these messages need a test that provokes them, or a reason in tests/messages/reasons.rs why none can:\n{open:#?}"
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
    // Whole sentences too, as tests heard them: what a message quotes may lack its Indonesian. Those about the form of
    // proposals, claims and openings name fields, and receipts quote pages.
    let quotes = |file: &str| {
        let files = ["refusals.json", "claim_faults.json", "registry_opening.json", "receipts.json"];
        files.iter().any(|one| file.rsplit('/').next() == Some(one))
    };
    let heard = provoked().pages.rows().filter(|row| !quotes(&row.place));
    let heard: Vec<Pair> = heard.collect();
    let wrong: Vec<String> = all.iter().chain(&heard).flat_map(words::wrong).collect();
    assert!(wrong.is_empty(), "{} messages:\n{}", wrong.len(), wrong.join("\n"));
}
