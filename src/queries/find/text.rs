//! When a text that somebody types fits a text of the registry. Pure.

use jejak_events::text::{folded, is_dash};

/// Fewest characters that are taken for the beginning of an identifier: of 65,536 random ones, four fit
/// one.
const ID_CHARS: usize = 4;

/// What is looked for, made ready once.
#[derive(Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
    /// The digits, where there is nothing else but separators.
    digits: Option<String>,
    /// The word before the slash, where there is one, and the beginning of an identifier.
    id: Option<(Option<String>, String)>,
}

/// Never shows what is looked for: it is a name or a number of somebody.
impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Query({})", self.shape())
    }
}

impl Query {
    /// Reads what was typed; `None` when nothing in it can be looked for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = words(text);
        let plain = folded(text);
        let only_digits = plain.chars().all(|char| char.is_ascii_digit() || is_separator(char));
        let digits = Some(digits(text)).filter(|digits| only_digits && !digits.is_empty());
        let id = id_prefix(text);
        (!words.is_empty()).then_some(Self { words, digits, id })
    }

    /// What may be said of it where it must not be repeated.
    #[must_use]
    pub fn shape(&self) -> String {
        match (&self.digits, &self.id) {
            (Some(digits), _) => format!("digits: {}", digits.len()),
            // Or a name that happens to be made of hex digits.
            (None, Some(_)) => "like an identifier".to_owned(),
            (None, None) => format!("words: {}", self.words.len()),
        }
    }

    /// Whether every word that was typed begins a word of the text; letter case and order do not matter.
    #[must_use]
    pub fn fits_words(&self, text: &str) -> bool {
        let words = words(text);
        self.words.iter().all(|typed| words.iter().any(|word| word.starts_with(typed)))
    }

    /// Whether digits were typed that stand in the number one after the other, whatever separates them.
    #[must_use]
    pub fn fits_number(&self, number: &str) -> bool {
        let Some(typed) = &self.digits else { return false };
        let number = digits(number);
        // A phone number at home begins with 0 where the same number from abroad has +62.
        let at_home = number.strip_prefix("62").map(|rest| format!("0{rest}"));
        number.contains(typed.as_str()) || at_home.is_some_and(|number| number.starts_with(typed.as_str()))
    }

    /// Whether it may be the beginning of an identifier.
    #[must_use]
    pub fn is_id(&self) -> bool {
        self.id.is_some()
    }

    /// Whether the identifier `kind/id` begins as was typed.
    #[must_use]
    pub fn fits_id(&self, subject: &str) -> bool {
        let Some((kind, typed)) = &self.id else { return false };
        subject.split_once('/').is_some_and(|(word, id)| {
            kind.as_ref().is_none_or(|kind| kind == word) && id.starts_with(typed.as_str())
        })
    }
}

/// In folded form, cut where there is neither letter nor digit. An apostrophe within a name cuts nothing: `Nur'aini`
/// is one word.
fn words(text: &str) -> Vec<String> {
    let text = folded(text).replace('\'', "");
    // A mark that no composed letter has belongs to the letter before it.
    let is_word = |char: char| char.is_alphanumeric() || unicode_normalization::char::is_combining_mark(char);
    text.split(|char| !is_word(char)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A name or a number as two of them are compared: of a name its words, of a number its digits.
#[must_use]
pub(super) fn compared(is_number: bool, text: &str) -> String {
    if is_number { digits(text) } else { words(text).join(" ") }
}

fn is_separator(char: char) -> bool {
    char.is_whitespace() || is_dash(char) || matches!(char, '.' | '/' | '(' | ')' | '+' | ',' | '_')
}

fn digits(text: &str) -> String {
    folded(text).chars().filter(char::is_ascii_digit).collect()
}

fn id_prefix(text: &str) -> Option<(Option<String>, String)> {
    let text = folded(text);
    let (kind, id) = match text.split_once('/') {
        Some((kind, id)) => (Some(kind.to_owned()), id),
        None => (None, text.as_str()),
    };
    let is_id = id.len() >= ID_CHARS && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let is_kind = kind.as_ref().is_none_or(|kind| kind.bytes().all(|byte| byte.is_ascii_lowercase()));
    (is_id && is_kind).then(|| (kind, id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    #[test]
    fn words_fit_in_any_order_and_case() {
        for typed in ["melati batik", "BATIK mel", "batik", "  Batik   Melati ", "makmur-batik"] {
            assert!(query(typed).fits_words("Batik Melati Makmur"), "{typed}");
        }
        for typed in ["elati", "batik mawar", "batikmelati"] {
            assert!(!query(typed).fits_words("Batik Melati Makmur"), "{typed}");
        }
        assert!(query("nuraini").fits_words("Nur\u{2019}aini") && query("nur'a").fits_words("NURAINI"));
        assert!(Query::parse(" -/ ").is_none() && Query::parse("").is_none());
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        assert!(query("Cafe\u{301}").fits_words("CAFÉ Batik"));
        assert!(query("caf\u{e9}").fits_words("Cafe\u{301}"));
        assert!(!query("cafe batik x").fits_words("Café Batik"));
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        for typed in
            ["ＢＡＴＩＫ", "ba\u{ad}tik mel\u{200b}ati", "\u{feff}batik", "Melati\u{a0}Batik", "ﬁnal batik"]
        {
            assert!(query(typed).fits_words("Batik Melati Final"), "{typed}");
        }
        assert!(query("STRASSE").fits_words("Straße") && query("nur`aini").fits_words("Nur’aini"));
        for typed in ["３３７５", "٣٣٧٥", "3375\u{2011}0101", "33\u{ad}75", "3375\u{2212}0101"] {
            assert!(query(typed).fits_number("3375010190000012"), "{typed}");
        }
        assert!(query("ＩＫＭ/7f2c").fits_id("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b"));
        assert!(Query::parse("\u{ad}\u{200b}").is_none());
    }

    #[test]
    fn digits_fit_whatever_separates_them() {
        for typed in ["3375 0101 9000 0012", "3375.0101", "33750101-9000", "0012", "(3375) 0101"] {
            assert!(query(typed).fits_number("3375010190000012"), "{typed}");
        }
        assert!(query("002/2025").fits_number("LSIH-002/2025"));
        assert!(query("0812 3456").fits_number("+6281234567") && query("+62 812").fits_number("+6281234567"));
        for typed in ["NIK 3375", "9999", "melati"] {
            assert!(!query(typed).fits_number("3375010190000012"), "{typed}");
        }
    }

    #[test]
    fn the_beginning_of_an_identifier_fits() {
        let subject = "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";
        for typed in ["7f2c", "7F2C1A34-5b", "ikm/7f2c1a34", subject] {
            assert!(query(typed).fits_id(subject), "{typed}");
        }
        for typed in ["7f2", "person/7f2c1a34", "2c1a", "7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c", "ikm/"] {
            assert!(!query(typed).fits_id(subject), "{typed}");
        }
    }

    #[test]
    fn what_is_typed_is_never_repeated() {
        for (typed, shape) in [
            ("Siti Aminah", "words: 2"),
            ("3375 0101", "digits: 8"),
            ("person/7f2c1a34", "like an identifier"),
        ] {
            assert_eq!(query(typed).shape(), shape);
            assert_eq!(format!("{:?}", query(typed)), format!("Query({shape})"));
        }
    }
}
