//! Reads the pairs of messages out of the sources.

use std::collections::BTreeSet;

use crate::cheating::root;

/// One message, where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub place: String,
    pub id: String,
    pub en: String,
}

/// How a pair begins, and which of its arguments are the two languages.
const OPENINGS: [(&str, usize, usize); 9] = [
    ("Message::new(", 0, 1),
    ("Problem::new(", 0, 1),
    ("Refusal::new(", 1, 2),
    ("malformed(", 0, 1),
    ("wrong(", 0, 1),
    ("text!(", 1, 2),
    (".pick(", 0, 1),
    ("Stop::usage(", 0, 1),
    ("Words {", 0, 1),
];

/// The sources outside tests, by path.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|is| is == "rs")
                && !name.contains("test")
                && !name.ends_with("conformance.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
                found.push((name, text));
            }
        }
    }
    let mut found = Vec::new();
    for folder in ["src", "events/src", "projections/src"] {
        walk(&root().join(folder), &mut found);
    }
    found.sort();
    found
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

/// Every pair of the sources whose halves are literals.
pub fn pairs() -> BTreeSet<Pair> {
    let mut all = BTreeSet::new();
    for (place, text) in sources() {
        for (opening, id, en) in OPENINGS {
            for (at, _) in text.match_indices(opening) {
                let arguments = arguments(&text[at + opening.len()..]);
                let half = |position: usize| arguments.get(position).cloned().flatten();
                if let (Some(id), Some(en)) = (half(id), half(en))
                    && [&id, &en].iter().all(|half| half.chars().any(char::is_alphabetic))
                {
                    all.insert(Pair { place: place.clone(), id, en });
                }
            }
        }
    }
    all
}

/// The English of the typed errors, its placeholders filled with `1`.
pub fn error_templates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, text) in sources() {
        for (at, opening) in text.match_indices("#[error(") {
            let rest = text[at + opening.len()..].trim_start();
            let Some((template, _)) = rest.starts_with('"').then(|| literal(rest)).flatten() else {
                continue;
            };
            let fixed: Vec<&str> = template.split(['{', '}']).step_by(2).collect();
            if fixed.iter().any(|part| part.chars().any(char::is_alphabetic)) {
                found.push((place.clone(), fixed.join("1")));
            }
        }
    }
    found
}
