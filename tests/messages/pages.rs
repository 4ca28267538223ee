//! Which page shows a message: its Indonesian stands in the Indonesian page and its English in the same paragraph of the
//! English page of the same name.
//!
//! A short word is soon found by chance. So a page speaks only for sources that print it (those of its own command), the
//! words that were typed to ask for it do not count, and helps do not either.
//!
//! The tables of what tests heard (`{"id":...,"en":...}` in JSON files of tests) are read like pages, a row a paragraph.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::provoked::{fixed_parts, plain};
use super::sources::Pair;
use crate::cheating::root;

/// Characters that values between two parts of one message take at most.
const VALUE_CHARS_LIMIT: usize = 400;

/// A page in both languages, by paragraph.
struct Page {
    name: String,
    /// The first word of its call, such as `view`; empty for a file, which is of both languages at once, and for a
    /// table.
    command: String,
    id: Vec<String>,
    en: Vec<String>,
}

impl Page {
    fn is_table(&self) -> bool {
        self.command.is_empty() && !self.name.starts_with("tests/data/pages/")
    }
}

/// All pages that were blessed.
pub struct Pages(Vec<Page>);

impl Pages {
    pub fn new() -> Self {
        let folder = root().join("tests/data/pages");
        let mut pages = Vec::new();
        for columns in ["120", "80"] {
            let english = texts(&folder.join("en").join(columns));
            for (name, id) in texts(&folder.join("id").join(columns)) {
                let Some(en) = english.get(&name) else { continue };
                let (call, id) = id.split_once('\n').unwrap_or_default();
                let (_, en) = en.split_once('\n').unwrap_or_default();
                if name.starts_with("help-") {
                    continue;
                }
                let command = call.split(' ').nth(2).unwrap_or_default().to_owned();
                let [id, en] = [id, en].map(paragraphs);
                pages.push(Page { name: format!("tests/data/pages/*/{columns}/{name}"), command, id, en });
            }
        }
        for (name, text) in texts(&folder.join("files")) {
            let text = vec![plain(&without_tags(&text))];
            let name = format!("tests/data/pages/files/{name}");
            pages.push(Page { name, command: String::new(), id: text.clone(), en: text });
        }
        pages.extend(
            ["tests/data/said", "events/tests", "projections/tests/data/said"].into_iter().flat_map(tables),
        );
        Self(pages)
    }

    /// The rows of the tables, each with its file.
    pub fn rows(&self) -> impl Iterator<Item = Pair> {
        let tables = self.0.iter().filter(|page| page.is_table());
        tables.flat_map(|page| {
            let pair = |(id, en): (&String, &String)| Pair {
                place: page.name.clone(),
                id: id.clone(),
                en: en.clone(),
            };
            page.id.iter().zip(&page.en).map(pair).collect::<Vec<_>>()
        })
    }

    /// The page that shows a message.
    pub fn showing(&self, pair: &Pair) -> Option<&str> {
        // A sign before a heading sets its column to the right, and is not shown.
        let [id, en] = [&pair.id, &pair.en].map(|text| parts(text.trim_start_matches('#')));
        if id.is_empty() || en.is_empty() {
            return None;
        }
        let shows = |page: &&Page| {
            let mut paragraphs = page.id.iter().zip(&page.en);
            prints(pair, page) && paragraphs.any(|(said, same)| stands(said, &id) && stands(same, &en))
        };
        self.0.iter().find(shows).map(|page| page.name.as_str())
    }
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The tables of a folder, by file.
fn tables(folder: &str) -> Vec<Page> {
    let of_file = |path: std::path::PathBuf| {
        let table: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
        let mut page = Page { name, command: String::new(), id: vec![], en: vec![] };
        rows(&table, &mut page);
        page
    };
    let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().filter(|path| path.extension().is_some_and(|is| is == "json")).map(of_file).collect()
}

/// Takes every pair of texts of a table.
fn rows(value: &Value, page: &mut Page) {
    match value {
        Value::Object(object) => {
            if let [Some(Value::String(id)), Some(Value::String(en))] =
                ["id", "en"].map(|key| object.get(key))
            {
                page.id.push(plain(id));
                page.en.push(plain(en));
            }
            object.values().for_each(|value| rows(value, page));
        }
        Value::Array(list) => list.iter().for_each(|value| rows(value, page)),
        _ => {}
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.replace("--- stderr\n", "\n\n").split("\n\n").map(plain).filter(|text| !text.is_empty()).collect()
}

/// What a page of marks says.
fn without_tags(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| format!("{said} {}", part.split_once('>').map_or(part, |(_, text)| text)))
}

/// Whether a source prints this page: that of its command, what this command alone uses, or what all commands share.
fn prints(pair: &Pair, page: &Page) -> bool {
    let place = pair.place.as_str();
    if page.is_table() {
        // A word alone stands in many a row: of the tables it is one of theirs, else a row must say it alone.
        let tables = place.contains("translation/tables");
        let alone = || page.en.iter().zip(&page.id).any(|(en, id)| *en == pair.en && *id == pair.id);
        return !place.starts_with("src/cli/") && (tables || pair.en.contains(' ') || alone());
    }
    let of = |commands: &[&str]| commands.contains(&page.command.as_str());
    let file = |kind: &str| page.name.starts_with("tests/data/pages/files/") && page.name.ends_with(kind);
    if let Some(own) = place.strip_prefix("src/cli/commands/") {
        let command = own.split(['/', '.']).next().unwrap_or_default();
        return command == "mod" || of(&[command]);
    }
    let Some(own) = place.strip_prefix("src/") else { return true };
    let own = own.strip_prefix("proof/").or_else(|| own.strip_prefix("queries/")).unwrap_or(own);
    match own.split(['/', '.']).next().unwrap_or_default() {
        "show" => of(&["show", "history", "subject", "find", "due"]) || file("/sentences.txt"),
        "bundle" => of(&["bundle", "audit"]) || file(".txt"),
        "receipt" => of(&["receipt"]) || file(".html"),
        "audit" => of(&["audit"]),
        _ => true,
    }
}

/// The parts of a message that say something, in order, each with whether a word ends at its left and right end.
fn parts(template: &str) -> Vec<(String, [bool; 2])> {
    let all = fixed_parts(template);
    let last = all.len() - 1;
    let mut parts = Vec::new();
    for (at, part) in all.iter().enumerate() {
        let said = plain(part);
        if said.chars().any(char::is_alphabetic) {
            // A value may touch its neighbour, as the number in `v2` does.
            let ends = [at == 0 || part.starts_with(' '), at == last || part.ends_with(' ')];
            parts.push((said, ends));
        }
    }
    parts
}

/// Whether all parts stand in a text as whole words, one after the other and close together.
fn stands(text: &str, parts: &[(String, [bool; 2])]) -> bool {
    let [(first, ends), rest @ ..] = parts else { return true };
    text.match_indices(first.as_str()).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + first.len()..]);
        let inside = |char: Option<char>, end: Option<char>| {
            char.is_some_and(char::is_alphanumeric) && end.is_some_and(char::is_alphanumeric)
        };
        let cut = (ends[0] && inside(before.chars().next_back(), first.chars().next()))
            || (ends[1] && inside(after.chars().next(), first.chars().next_back()));
        let near = after.char_indices().nth(VALUE_CHARS_LIMIT).map_or(after, |(end, _)| &after[..end]);
        !cut && stands(near, rest)
    })
}

#[test]
fn a_word_is_found_whole_and_a_message_in_order() {
    let found = |text: &str, template: &str| stands(&plain(text), &parts(template));
    assert!(found("siapa  apa", "siapa"));
    assert!(!found("siapapun", "siapa"), "a part of a word");
    assert!(found("view v2: is gone", "{name} v{version}: {what} gone"));
    assert!(!found("gone: view v2", "{name} v{version}: {what} gone"), "in another order");
    assert!(!found(&format!("from {} on", "x".repeat(500)), "from {from} on {on}"), "too far apart");
    let view = Page { name: "view".to_owned(), command: "view".to_owned(), id: vec![], en: vec![] };
    let prints = |place: &str| {
        let [place, id, en] = [place, "siapa", "who"].map(str::to_owned);
        prints(&Pair { place, id, en }, &view)
    };
    assert!(prints("src/cli/commands/view/print.rs") && prints("src/words/language.rs"));
    assert!(!prints("src/cli/commands/claim/print.rs") && !prints("src/queries/show/gather.rs"));
}
