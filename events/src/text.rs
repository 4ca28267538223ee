//! What a text may hold and when two are the same, in one place: for the record, the rules and whoever searches.
//!
//! The table is that of one version of Unicode, [`UNICODE_VERSION`]: which characters a record may hold must not change
//! with the program that reads it. The normal forms and case folding of characters that are assigned never change
//! (Unicode's stability policies), so those may come from crates.
//!
//! Nothing here knows an event type, and nothing here changes a text that is recorded.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

use crate::fault::Message;

pub(crate) mod persons;
mod table;

pub use table::UNICODE_VERSION;
use table::{DASHES, DIGITS, OTHER_SCRIPTS, SQUARE_SCRIPTS, UNKNOWN, UNSEEN};

/// The range that a character lies in, as its first character.
fn range(table: &[(u32, u32)], char: char) -> Option<u32> {
    let code = u32::from(char);
    let place = table.partition_point(|(_, last)| *last < code);
    table.get(place).filter(|(first, _)| *first <= code).map(|(first, _)| *first)
}

fn is_in(table: &[(u32, u32)], char: char) -> bool {
    range(table, char).is_some()
}

/// Whether a character shows nothing, or changes how others are shown.
#[must_use]
pub fn is_unseen(char: char) -> bool {
    if char.is_ascii() { char.is_ascii_control() } else { is_in(UNSEEN, char) }
}

/// Whether a code point stands for no character that all programs know.
#[must_use]
pub fn is_unknown(char: char) -> bool {
    !char.is_ascii() && is_in(UNKNOWN, char)
}

/// Whether a character is one of Unicode's dashes; a soft hyphen is [unseen](is_unseen).
#[must_use]
pub fn is_dash(char: char) -> bool {
    if char.is_ascii() { char == '-' } else { is_in(DASHES, char) }
}

fn is_of_other_script(char: char) -> bool {
    !char.is_ascii() && is_in(OTHER_SCRIPTS, char)
}

/// A decimal digit of any script as one from `0` to `9`; other characters as they are.
fn plain_digit(char: char) -> char {
    if char.is_ascii() {
        return char;
    }
    let digit = range(DIGITS, char).and_then(|zero| char::from_digit((u32::from(char) - zero) % 10, 10));
    digit.unwrap_or(char)
}

/// What is typed for the same sign by other keyboards and programs.
fn plain_sign(char: char) -> char {
    match char {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2044}' | '\u{2215}' => '/',
        char => plain_digit(char),
    }
}

/// Leaves out dots above `i` and `j`, which have theirs already.
fn without_second_dots(text: &str) -> String {
    let mut before = '\0';
    let plain = |char: &char| {
        let keeps = *char != '\u{307}' || !matches!(before, 'i' | 'j');
        if keeps {
            before = *char;
        }
        keeps
    };
    text.chars().filter(plain).collect()
}

/// The form by which texts are compared: without letter case, compatibility forms and what shows nothing; digits,
/// quotation marks and slashes plain; each run of white space one space, none at the ends.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        let seen = text.replace(|char: char| is_unseen(char) && !char.is_whitespace(), "");
        let plain: String = seen.to_ascii_lowercase().chars().map(plain_sign).collect();
        return plain.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut text = text.to_owned();
    // Folding may take a composed letter apart into what folds once more.
    for _ in 0..2 {
        let seen: String = text.nfkc().filter(|char| !is_unseen(*char) || char.is_whitespace()).collect();
        let cased = without_second_dots(&UniCase::unicode(seen).to_folded_case());
        text = cased.nfkc().map(plain_sign).collect();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form by which numbers and those who give them are compared: [`folded`], without white space and dashes, until
/// nothing changes any more.
#[must_use]
pub fn folded_number(text: &str) -> String {
    let mut number = text.to_owned();
    loop {
        // A mark behind a space that is taken out joins the letter before it, which folds once more. Each further
        // round takes a character out or joins two, so it ends.
        let next = folded(&number).replace(|char: char| char.is_whitespace() || is_dash(char), "");
        if next == number {
            return number;
        }
        number = next;
    }
}

/// Of so many letters that were typed one may be wrong for what is known to be near: with more, every short word would be.
pub const LETTERS_PER_EDIT: usize = 3;

/// The fewest letters to put in, take out or exchange that make one text of another (Levenshtein).
#[must_use]
pub fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, own) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, theirs) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(own != *theirs);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

/// Where in a text a character stands, and which it is, as messages say it.
struct TextPosition {
    /// Counted from 1.
    place: usize,
    char: char,
}

fn first(text: &str, wrong: impl Fn(char) -> bool) -> Option<TextPosition> {
    let found = text.chars().enumerate().find(|(_, char)| wrong(*char));
    found.map(|(place, char)| TextPosition { place: place + 1, char })
}

impl TextPosition {
    /// `U+00AD`.
    fn code(&self) -> String {
        format!("U+{:04X}", u32::from(self.char))
    }

    fn says(&self, id: &str, en: &str) -> Message {
        let (place, code) = (self.place, self.code());
        Message::new(format!("karakter ke-{place} ({code}) {id}"), format!("character {place} ({code}) {en}"))
    }
}

/// What is wrong with the characters of a text; `None` when nothing is.
#[must_use]
pub fn wrong_character(text: &str) -> Option<Message> {
    if let Some(at) = first(text, is_unseen) {
        return Some(at.says(
            "tidak tampak; ketik ulang teksnya tanpa karakter itu",
            "shows nothing; type the text anew without it",
        ));
    }
    if text.is_ascii() {
        return None;
    }
    if let Some(at) = first(text, is_unknown) {
        return Some(at.says(
            &format!("bukan karakter Unicode {UNICODE_VERSION}; ketik ulang teksnya tanpa karakter itu"),
            &format!("is no character of Unicode {UNICODE_VERSION}; type the text anew without it"),
        ));
    }
    stranger(text).map(|at| {
        at.says(
            "huruf dari aksara lain di tengah kata berhuruf Latin; ketik ulang kata itu seluruhnya dengan huruf Latin",
            "is a letter of another script in a word of Latin letters; type the whole word in Latin letters",
        )
    })
}

/// What is wrong with a text that is not in form NFC: from which character on its letters are put together in another
/// way. `None` when it is.
#[must_use]
pub fn not_composed(text: &str) -> Option<Message> {
    if text.is_ascii() || text.nfc().eq(text.chars()) {
        return None;
    }
    let alike = text.nfc().zip(text.chars()).take_while(|(composed, given)| composed == given).count();
    let at = TextPosition { place: alike + 1, char: text.chars().nth(alike).unwrap_or('\u{fffd}') };
    Some(at.says(
        "tidak berbentuk Unicode NFC; ketik ulang huruf itu bersama tandanya",
        "is not in Unicode form NFC; type that letter anew with its accent",
    ))
}

/// A letter of another script in a word that has Latin letters too: it may look like one of them.
fn stranger(text: &str) -> Option<TextPosition> {
    let mut latin = false;
    let mut other: Option<TextPosition> = None;
    for (place, char) in text.chars().enumerate() {
        let base = std::iter::once(char).nfd().next().unwrap_or(char);
        // The signs of micro and ohm, which NFC and keyboards write as Greek letters.
        if is_of_other_script(char) && !matches!(char, '\u{3bc}' | '\u{3a9}') {
            other.get_or_insert(TextPosition { place: place + 1, char });
        } else if base.is_ascii_alphabetic() {
            latin = true;
        } else if !(base.is_ascii_digit() || matches!(base, '\u{300}'..='\u{36f}')) {
            (latin, other) = (false, None);
        }
        if latin && other.is_some() {
            return other;
        }
    }
    None
}

/// What is wrong with a number: it is compared, so it holds letters, digits and signs of ASCII only, or what folds into
/// them, and one letter or digit at least. `None` when nothing is.
#[must_use]
pub fn wrong_number(text: &str) -> Option<Message> {
    let plain = |char: char| {
        char.is_whitespace() || is_dash(char) || folded(char.encode_utf8(&mut [0; 4])).is_ascii()
    };
    if let Some(at) = first(text, |char| !plain(char)) {
        return Some(at.says(
            "tidak boleh ada dalam nomor; tulis nomor dengan huruf A-Z, angka 0-9 dan tanda baca papan ketik biasa",
            "has no place in a number; write the number with letters A-Z, digits 0-9 and the signs of a plain keyboard",
        ));
    }
    if !text.is_empty() && !folded(text).contains(|char: char| char.is_ascii_alphanumeric()) {
        return Some(Message::new(
            "nomor tidak memuat huruf atau angka; tulis nomornya",
            "the number has no letter or digit; write the number",
        ));
    }
    None
}

/// What is wrong with the name of one who gives numbers: it is compared, so its letters are Latin. `None` when nothing
/// is.
#[must_use]
pub fn wrong_issuer(text: &str) -> Option<Message> {
    if let Some(at) = first(text, |char| is_of_other_script(char) || is_in(SQUARE_SCRIPTS, char)) {
        return Some(at.says(
            "bukan huruf Latin; tulis nama penerbit dengan huruf Latin",
            "is no Latin letter; write the name of the issuer in Latin letters",
        ));
    }
    if !text.is_empty() && folded_number(text).chars().all(|char| char.is_ascii_punctuation()) {
        return Some(Message::new(
            "nama penerbit tidak memuat huruf atau angka; tulis namanya",
            "the name of the issuer has no letter or digit; write its name",
        ));
    }
    None
}

#[cfg(test)]
mod tests;
