//! Indonesian of what machines and typed errors say in English.
//!
//! Refusals of the rules carry both languages from where they are made ([`crate::fault::Message`]). Typed errors
//! (`thiserror`), the system and the JSON parser speak English only; what they say is told here by its template and
//! said in Indonesian. The tables in `tables` are the only place for these sentences. A text that no template
//! covers is left as it is, and a test reads the sources and names every error that the tables lack.
//!
//! Nothing here may be needed to judge a record: these are words for people.

mod tables;

use std::fmt;
use std::sync::LazyLock;

use crate::fault::Message;

pub use tables::{JSON, OPERATIONS, REASONS, RECORD, REGISTRY, SYSTEM};

/// One template with its translation. `{name}` stands for a value, which is taken over as it is; `{*name}` for a text
/// that is translated itself.
pub type Pair = (&'static str, &'static str);

/// All tables whose pairs are whole sentences or parts of them.
pub const TABLES: [&[Pair]; 5] = [RECORD, REGISTRY, REASONS, JSON, OPERATIONS];

/// Deepest nesting of texts within texts that is translated; errors wrap each other a few times.
const DEPTH_LIMIT: usize = 8;

/// Most places or reasons in one text that are looked at.
const PLACES_LIMIT: usize = 32;

/// Longest text that is translated, in bytes: errors of ours are shorter.
const LENGTH_LIMIT_BYTES: usize = 16_384;

#[derive(Debug, PartialEq)]
struct Hole {
    name: &'static str,
    is_text: bool,
}

/// A template cut at its placeholders: one more literal than holes.
struct Template {
    literals: Vec<&'static str>,
    holes: Vec<Hole>,
    indonesian: &'static str,
}

/// Cuts `a {x} b {*y}` into literals and holes. Templates are constants and hold no brace of their own.
fn cut(template: &'static str) -> (Vec<&'static str>, Vec<Hole>) {
    let (mut literals, mut holes, mut rest) = (Vec::new(), Vec::new(), template);
    while let Some((before, (inner, after))) =
        rest.split_once('{').and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        literals.push(before);
        let name = inner.strip_prefix('*').unwrap_or(inner);
        holes.push(Hole { name, is_text: inner.len() != name.len() });
        rest = after;
    }
    literals.push(rest);
    (literals, holes)
}

/// The templates, those with most fixed text first, so that the closest one is met first.
static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let mut templates: Vec<Template> = TABLES
        .iter()
        .flat_map(|table| table.iter())
        .map(|&(english, indonesian)| {
            let (literals, holes) = cut(english);
            Template { literals, holes, indonesian }
        })
        .collect();
    templates.sort_by_key(|template| {
        std::cmp::Reverse(template.literals.iter().map(|literal| literal.len()).sum::<usize>())
    });
    templates
});

/// What was tried, several words or one, and what follows the literal behind it.
fn operation<'t>(text: &'t str, literal: &str) -> Option<(&'t str, &'t str)> {
    let cut = |words: &str| {
        let after = text.strip_prefix(words)?.strip_prefix(literal)?;
        Some((&text[..words.len()], after))
    };
    let known = OPERATIONS.iter().filter_map(|(words, _)| cut(words));
    known.max_by_key(|(words, _)| words.len()).or_else(|| text.split_once(literal))
}

impl Template {
    /// What stands in the holes, when the text is of this template. A value at the end may hold what begins like
    /// another text (`: `) only when it is `loose`.
    fn values<'t>(&self, text: &'t str, loose: bool) -> Option<Vec<&'t str>> {
        let (first, behind) = self.literals.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let Some((last, between)) = behind.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let starts_with_value = first.is_empty() && self.holes.first().is_some_and(|hole| !hole.is_text);
        let mut values = Vec::with_capacity(self.holes.len());
        for (literal, hole) in between.iter().zip(&self.holes) {
            let (value, after) = match hole.name {
                "operation" => operation(rest, literal)?,
                _ => rest.split_once(literal)?,
            };
            values.push(value);
            rest = after;
        }
        let end = rest.strip_suffix(last)?;
        let swallows = last.is_empty() && end.contains(": ");
        if swallows && !loose && self.holes.last().is_some_and(|hole| !hole.is_text) {
            return None;
        }
        values.push(end);
        // A template that begins with a value would also take the place before it for one.
        (!starts_with_value || !values[0].contains(": ")).then_some(values)
    }

    fn fill(&self, values: &[&str], depth: usize) -> String {
        let (literals, holes) = cut(self.indonesian);
        let mut out = String::from(literals[0]);
        for (hole, literal) in holes.iter().zip(&literals[1..]) {
            let position = self.holes.iter().position(|own| own.name == hole.name);
            if let Some(value) = position.and_then(|position| values.get(position)) {
                let is_text = self.holes.iter().any(|own| own.name == hole.name && own.is_text);
                match is_text.then(|| translate(value, depth + 1)).flatten() {
                    Some(said) => out.push_str(&said),
                    None => out.push_str(value),
                }
            }
            out.push_str(literal);
        }
        out
    }
}

/// `… (os error 2)`: the system's words by its number, which stays for whoever looks it up.
fn of_system(text: &str) -> Option<String> {
    let number = text.strip_suffix(')')?.rsplit_once(" (os error ")?.1;
    let words = SYSTEM.iter().find(|(known, _)| *known == number).map(|(_, words)| *words);
    let words = words.unwrap_or("sistem menolak");
    Some(format!("{words} (galat sistem {number})"))
}

/// A text that is of one template as a whole, or the system's own.
fn translate_whole(text: &str, loose: bool, depth: usize) -> Option<String> {
    let template = TEMPLATES.iter().find_map(|template| Some((template, template.values(text, loose)?)));
    match template {
        Some((template, values)) => Some(template.fill(&values, depth)),
        None => of_system(text),
    }
}

/// A text cut at each `; ` outside brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut open) = (Vec::new(), 0, 0_i32);
    for (at, char) in text.char_indices() {
        match char {
            '(' => open += 1,
            ')' => open -= 1,
            ';' if open == 0 && text[at..].starts_with("; ") => {
                parts.push(&text[start..at]);
                start = at + "; ".len();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn translate(text: &str, depth: usize) -> Option<String> {
    if depth > DEPTH_LIMIT || text.len() > LENGTH_LIMIT_BYTES {
        return None;
    }
    if let Some(said) = translate_whole(text, false, depth) {
        return Some(said);
    }
    // A place before what is wrong with it.
    let parts = parts(text);
    let first = parts.first().map_or(0, |part| part.len());
    for (at, separator) in text.match_indices(": ").take(PLACES_LIMIT) {
        if at > first {
            // What is said of another place.
            break;
        }
        if let Some(said) = translate_whole(&text[at + separator.len()..], false, depth + 1) {
            let place = &text[..at];
            let place = translate_whole(place, false, depth + 1).unwrap_or_else(|| place.to_owned());
            return Some(format!("{place}: {said}"));
        }
    }
    // Reasons one after the other.
    if (2..=PLACES_LIMIT).contains(&parts.len()) {
        let said: Vec<Option<String>> = parts.iter().map(|part| translate(part, depth + 1)).collect();
        if said.iter().any(Option::is_some) {
            let said = said.into_iter().zip(parts);
            let said: Vec<String> =
                said.map(|(said, part)| said.unwrap_or_else(|| part.to_owned())).collect();
            return Some(said.join("; "));
        }
    }
    translate_whole(text, true, depth)
}

/// What an error says, in Indonesian; as it is where no template covers it.
#[must_use]
pub fn indonesian(english: &str) -> String {
    translate(english, 0).unwrap_or_else(|| english.to_owned())
}

/// The Indonesian of what something displays: for the Indonesian half of a sentence that quotes an error.
#[must_use]
pub fn told(error: impl fmt::Display) -> String {
    indonesian(&error.to_string())
}

/// Whether some template covers the text as a whole.
#[must_use]
pub fn is_known(english: &str) -> bool {
    translate(english, 0).is_some()
}

impl Message {
    /// What a typed error, the system or a parser says, in both languages.
    #[must_use]
    pub fn of_error(error: impl fmt::Display) -> Self {
        let en = error.to_string();
        Self { id: indonesian(&en), en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_hold_the_same_names() {
        let mut seen = std::collections::BTreeSet::new();
        for (english, indonesian) in TABLES.iter().flat_map(|table| table.iter()) {
            let names = |text| {
                let mut names: Vec<_> = cut(text).1.iter().map(|hole| hole.name).collect();
                names.sort_unstable();
                names.dedup();
                names
            };
            assert_eq!(names(english), names(indonesian), "{english}");
            assert!(seen.insert(*english), "twice: {english}");
        }
    }

    #[test]
    fn errors_within_errors_are_said_whole() {
        assert_eq!(
            indonesian("cannot open /x/y: Permission denied (os error 13)"),
            "tidak dapat membuka /x/y: tidak diizinkan (galat sistem 13)"
        );
        assert_eq!(
            indonesian(
                "the vault failed: the vault is damaged at byte 7: it ends within a frame; run `jejak recover`"
            ),
            "brankas bermasalah: brankas rusak pada byte 7: berakhir di tengah data tersegel; jalankan `jejak recover`"
        );
        assert_eq!(
            indonesian("berkas.zip: the note is not UTF-8 at byte 3"),
            "berkas.zip: catatan bertanda tangan bukan UTF-8 pada byte 3"
        );
        assert_eq!(
            indonesian(
                "index 152: no copy reproduces them (journal: the journal ends here; store: it ends here)"
            ),
            "indeks 152: tidak ada salinan yang memuatnya (jurnal: jurnal berakhir di sini; penyimpanan: berakhir di sini)"
        );
        assert_eq!(
            indonesian(
                "the log is damaged: index 0: no copy reproduces them (journal: it ends here; store: it ends here); /x at byte 0: it ends here; nothing was changed: restore these files from a backup, or run `jejak recover`"
            ),
            "log rusak: indeks 0: tidak ada salinan yang memuatnya (jurnal: berakhir di sini; penyimpanan: berakhir di sini); /x pada byte 0: berakhir di sini; tidak ada yang diubah: pulihkan berkas ini dari cadangan, atau jalankan `jejak recover`"
        );
        assert_eq!(
            indonesian("cannot rename over /x/y: Is a directory (os error 21)"),
            "tidak dapat menaruh di tempat /x/y: itu direktori (galat sistem 21)"
        );
        assert_eq!(indonesian("x (os error 4711)"), "sistem menolak (galat sistem 4711)");
        assert_eq!(indonesian("something nobody wrote"), "something nobody wrote");
    }

    #[test]
    fn a_long_text_costs_little() {
        let long = "a: ".repeat(5000);
        assert_eq!(indonesian(&long), long);
    }
}
