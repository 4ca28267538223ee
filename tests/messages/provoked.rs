//! Which test provokes a message.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::Pages;
use super::sources::{ErrorTemplate, Pair, error_templates, literals, tests};
use jejak_events::types::TYPES;

/// Shortest text of a test that tells a message from others, in characters.
const TELLING_CHARS: usize = 12;

/// The fixed parts of a template, in order.
pub fn fixed_parts(template: &str) -> Vec<&str> {
    template.split(['{', '}']).step_by(2).collect()
}

/// A text as templates and expected answers are held against each other: quotation marks and line breaks differ by
/// where they are written down.
pub fn plain(text: &str) -> String {
    let text = text.replace("\\n", " ").replace(['"', '\\', '\n'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What tests say of messages.
pub struct Provoked {
    /// By message, the test that holds a telling part of it.
    by_words: BTreeMap<Pair, String>,
    errors: Vec<ErrorTemplate>,
    /// By name of a typed error, the test that names it.
    by_name: BTreeMap<String, String>,
    pub pages: Pages,
}

impl Provoked {
    pub fn new(all: &BTreeSet<Pair>) -> Self {
        let (tests, errors) = (tests(), error_templates());
        let mut by_name = BTreeMap::new();
        for error in &errors {
            let names = |text: &str| {
                text.match_indices(&error.name).any(|(at, name)| {
                    !text[at + name.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
                })
            };
            if let Some((test, _)) = tests.iter().find(|(_, text)| names(text)) {
                by_name.insert(error.name.clone(), test.clone());
            }
        }
        Self { by_words: by_words(all, &tests), errors, by_name, pages: Pages::new() }
    }

    /// The test that provokes a message: by its words, or, of a typed error, by its name, or a page that shows it.
    pub fn by(&self, pair: &Pair) -> Option<&str> {
        // Tables of words for names: their test looks each name up.
        let is_type = || TYPES.iter().any(|declared| declared.words == [&*pair.id, &*pair.en]);
        let is_of_names = ["events/src/codes.rs", "src/words/event_words/tables.rs"].contains(&&*pair.place);
        if is_of_names || is_type() {
            return Some("src/words/event_words/mod.rs");
        }
        let same = |error: &&ErrorTemplate| fixed_parts(&error.english) == fixed_parts(&pair.en);
        let by_name = || {
            let named = self.errors.iter().filter(same).find_map(|error| self.by_name.get(&error.name));
            named.map(String::as_str)
        };
        let shown = || self.pages.showing(pair);
        self.by_words.get(pair).map(String::as_str).or_else(by_name).or_else(shown)
    }
}

/// Finds the messages that tests hold: each telling part of a message in one of its languages stands in one text of a
/// test, or one text of a test is a telling part of that message alone.
fn by_words(all: &BTreeSet<Pair>, tests: &[(String, String)]) -> BTreeMap<Pair, String> {
    let parts: Vec<(&Pair, [Vec<String>; 2])> = all
        .iter()
        .map(|pair| {
            (pair, [&pair.id, &pair.en].map(|text| fixed_parts(text).into_iter().map(plain).collect()))
        })
        .collect();
    let mut found = BTreeMap::new();
    let mut partly: BTreeMap<String, &str> = BTreeMap::new();
    for (test, text) in tests {
        let whole = plain(text);
        for (pair, languages) in &parts {
            if !found.contains_key(*pair) && languages.iter().any(|parts| holds_all(&whole, parts)) {
                found.insert((*pair).clone(), test.clone());
            }
        }
        for said in literals(text).iter().map(|said| plain(said)) {
            if said.chars().count() >= TELLING_CHARS && said.contains(' ') {
                partly.entry(said).or_insert(test);
            }
        }
    }
    let whole: Vec<(&Pair, String)> = parts
        .iter()
        .map(|(pair, [id, en])| (*pair, format!("{}\n{}", id.join("\n"), en.join("\n"))))
        .collect();
    for (said, test) in partly {
        let mut of = whole.iter().filter(|(_, text)| text.contains(&said));
        if let (Some((pair, _)), None) = (of.next(), of.next()) {
            found.entry((*pair).clone()).or_insert_with(|| test.to_owned());
        }
    }
    found
}

/// Whether a text holds all telling parts of a message.
fn holds_all(text: &str, parts: &[String]) -> bool {
    let mut telling = parts.iter().filter(|part| part.chars().count() >= TELLING_CHARS).peekable();
    telling.peek().is_some() && telling.all(|part| text.contains(part.as_str()))
}
