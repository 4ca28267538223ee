//! Reads the pairs of messages out of the sources, and what tests say of them.

use std::collections::BTreeSet;
use std::path::Path;

use super::provoked::fixed_parts;
use super::words;
use crate::cheating::root;

/// One message, where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub place: String,
    pub id: String,
    pub en: String,
}

/// One typed error: its English with its placeholders, and how a test would name it.
#[derive(Clone, Debug)]
pub struct ErrorTemplate {
    pub place: String,
    pub english: String,
    /// Such as `LogError::NotAppended`, or `SumOverflow` for a struct.
    pub name: String,
}

/// Whether a source is a test as a whole.
fn is_test(name: &str) -> bool {
    name.contains("test") || name.ends_with("conformance.rs")
}

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|is| ["rs", "json", "txt"].iter().any(|one| is == *one))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push((name, text));
        }
    }
}

/// The sources by path, each cut where its tests begin.
fn cut_sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for folder in ["src", "events/src", "projections/src"] {
        walk(&root().join(folder), &mut found);
    }
    let cut = |(name, text): (String, String)| {
        if is_test(&name) {
            return (name, String::new(), text);
        }
        let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
        let (own, tests) = text.split_at(end);
        (name, own.to_owned(), tests.to_owned())
    };
    found.into_iter().filter(|(name, _)| name.ends_with(".rs")).map(cut).collect()
}

/// The sources outside tests, by path, without comments.
fn sources() -> Vec<(String, String)> {
    cut_sources().into_iter().map(|(name, own, _)| (name, without_comments(&own))).collect()
}

/// Everything that tests are made of, by file: what stands there was provoked.
pub fn tests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["tests", "events/tests", "projections/tests"] {
        let folder = root().join(folder);
        if folder.is_dir() {
            walk(&folder, &mut found);
        }
    }
    // The table holds each answer whole, as it was given, and is held in step with them.
    let answers = "docs/cheating.md";
    found.push((answers.to_owned(), std::fs::read_to_string(root().join(answers)).unwrap()));
    // The list and its reasons provoke nothing.
    found.retain(|(name, _)| !name.starts_with("tests/messages"));
    found.extend(cut_sources().into_iter().map(|(name, _, tests)| (name, tests)));
    found.retain(|(name, text)| {
        !text.is_empty() && !name.contains("data/pages/en/80/") && !name.contains("data/pages/id/80/")
    });
    // A page that shows a message among others says less of it than a test that asks for it: last of all.
    found.sort_by_key(|(name, _)| name.contains("data/pages/"));
    found
}

/// The same code with its comments and character literals blank: quotation marks in them end no text.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if char == '"' {
            let Some((_, after)) = literal(rest) else { break };
            out.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(mark) =
            ["'\"'", "'\\''", "'\\\"'", "'('", "')'", "'['", "']'", "'{'", "'}'", "','"]
                .iter()
                .find(|mark| rest.starts_with(**mark))
        {
            rest = &rest[mark.len()..];
        } else {
            out.push(char);
            rest = &rest[char.len_utf8()..];
        }
    }
    out
}

/// The string literal that begins at a quotation mark, read, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut said = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((said, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => said.push('\n'),
                '\n' => {
                    let rest = &text[at + 2..];
                    let blank = rest.len() - rest.trim_start().len();
                    let skipped = rest[..blank].chars().count();
                    if skipped > 0 {
                        chars.nth(skipped - 1);
                    }
                }
                other => said.push(other),
            },
            other => said.push(other),
        }
    }
    None
}

/// The first literal of each argument up to the closing bracket; `None` for an argument without one.
fn arguments(text: &str) -> Vec<Option<String>> {
    let (mut found, mut depth, mut rest) = (vec![None], 0_i32, text);
    while let Some(char) = rest.chars().next() {
        match char {
            '"' => {
                let Some((said, after)) = literal(rest) else { return found };
                if let Some(last @ None) = found.last_mut() {
                    *last = Some(said);
                }
                rest = after;
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return found,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => found.push(None),
            _ => {}
        }
        rest = &rest[char.len_utf8()..];
    }
    found
}

/// All string literals of a text.
pub fn literals(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('"') {
        let Some((said, after)) = literal(&rest[at..]) else { break };
        found.push(said);
        rest = after;
    }
    found
}

/// Where brackets open, outside texts.
fn openings(text: &str) -> Vec<usize> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(char) = rest.chars().next() {
        if char == '"' {
            let Some((_, after)) = literal(rest) else { return found };
            rest = after;
            continue;
        }
        rest = &rest[char.len_utf8()..];
        if "([{".contains(char) {
            found.push(text.len() - rest.len());
        }
    }
    found
}

/// How pairs begin whose halves may be too short to tell their languages, and which of their arguments they are.
const OPENINGS: [(&str, usize, usize); 10] = [
    ("Message::new(", 0, 1),
    ("Problem::new(", 0, 1),
    ("Refusal::new(", 1, 2),
    ("malformed(", 0, 1),
    ("wrong(", 0, 1),
    ("at.says(", 0, 1),
    ("text!(", 1, 2),
    (".pick(", 0, 1),
    ("Stop::usage(", 0, 1),
    ("Words {", 0, 1),
];

/// Every pair of the sources: two neighbours among the arguments of a call, a macro or a tuple, or two fields beside
/// each other, the first of which is Indonesian and the second English.
pub fn pairs() -> BTreeSet<Pair> {
    let mut all = BTreeSet::new();
    // The tables of translations stand the other way round, and are listed for themselves.
    for (place, text) in sources().iter().filter(|(place, _)| !place.contains("translation/tables")) {
        for at in openings(text) {
            let arguments = arguments(&text[at..]);
            let half = |place: usize| arguments.get(place).and_then(Option::as_ref);
            let short = OPENINGS.iter().find(|(opening, ..)| text[..at].ends_with(opening));
            if let Some((Some(id), Some(en))) = short.map(|(_, id, en)| (half(*id), half(*en)))
                && [id, en].iter().all(|half| fixed_parts(half).concat().chars().any(char::is_alphabetic))
            {
                all.insert(Pair { place: place.clone(), id: id.clone(), en: en.clone() });
                continue;
            }
            for two in arguments.windows(2) {
                let [Some(first), Some(second)] = two else { continue };
                for (id, en) in [(first, second), (second, first)] {
                    if words::are_translations(id, en) {
                        all.insert(Pair { place: place.clone(), id: id.clone(), en: en.clone() });
                    }
                }
            }
        }
    }
    all
}

/// The typed errors.
pub fn error_templates() -> Vec<ErrorTemplate> {
    let mut found = Vec::new();
    for (place, text) in sources() {
        for (at, opening) in text.match_indices("#[error(") {
            let rest = text[at + opening.len()..].trim_start();
            let Some((english, after)) = rest.starts_with('"').then(|| literal(rest)).flatten() else {
                continue;
            };
            let fixed: Vec<&str> = english.split(['{', '}']).step_by(2).collect();
            if fixed.iter().any(|part| part.chars().any(char::is_alphabetic)) {
                let name = name_of_error(&text[..at], after);
                found.push(ErrorTemplate { place: place.clone(), english, name });
            }
        }
    }
    found
}

/// The name of the error that an attribute stands on.
fn name_of_error(before: &str, after: &str) -> String {
    let item = |line: &&str| {
        let line = line.trim();
        !line.is_empty()
            && !line.starts_with('#')
            && !line.starts_with(')')
            && line.contains(char::is_alphabetic)
    };
    let behind = after.split_once(']').map_or("", |(_, behind)| behind);
    let line = behind.lines().find(item).unwrap_or_default().trim();
    let word = |text: &str| {
        text.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or_default().to_owned()
    };
    let named = |line: &str, kind: &str| line.split_once(kind).map(|(_, name)| word(name.trim()));
    if let Some(name) = named(line, "struct ") {
        return name;
    }
    let of = before.lines().rev().find_map(|line| named(line, "enum ")).unwrap_or_default();
    format!("{of}::{}", word(line))
}
