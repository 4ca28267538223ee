//! Free texts and what is compared like them. Which characters they hold is for [`crate::text`].

use crate::excerpt::quoted;
use crate::fault::Message;
use crate::text::{not_composed, persons, wrong_character, wrong_issuer, wrong_number};

/// Longest free text in characters; a note or a title, not a document.
pub const TEXT_LIMIT_CHARS: usize = 500;

/// Unseen characters among the first 65,536, and those for private use, as a class of a pattern says them.
macro_rules! unseen {
    () => {
        r"\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    };
}

/// What a pattern can say of a text: no white space at either end, 1 to 500 characters, none of them unseen.
const TEXT_PATTERN: &str =
    concat!(r"^(?=.{1,500}$)[^\s", unseen!(), "]([^", unseen!(), r"]*[^\s", unseen!(), "])?$");

/// Free text in the open, also without what looks like the number of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// Checks a text.
    ///
    /// # Errors
    /// As [`SealedText::parse`], and when digits in it look like the number of a person.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let text = checked(text)?;
        match persons::find(&text) {
            Some((number, place)) => Err(number.message(place)),
            None => Ok(Self(text)),
        }
    }
}
text_value!(
    Text,
    "text",
    TEXT_PATTERN,
    "Text that stands open, NFC and trimmed, 1 to 500 characters, without unseen and unknown characters, words of two scripts and numbers of persons (section 3)"
);

/// Free text that is sealed: as [`Text`], with whatever digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealedText(String);

impl SealedText {
    /// Checks a text.
    ///
    /// # Errors
    /// When it is empty, too long, not trimmed, not NFC, or has a character that shows nothing, that not all programs
    /// know, or that is of another script than the rest of its word.
    pub fn parse(text: &str) -> Result<Self, Message> {
        checked(text).map(Self)
    }
}
text_value!(
    SealedText,
    "text",
    TEXT_PATTERN,
    "Text that is sealed, NFC and trimmed, 1 to 500 characters, without unseen and unknown characters and words of two scripts (section 3)"
);

/// The name of one who gives numbers: a [`Text`] in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// Checks a name.
    ///
    /// # Errors
    /// As [`Text::parse`], and when it has a letter that is not Latin, or neither letter nor digit.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let Text(text) = Text::parse(text)?;
        match wrong_issuer(&text) {
            Some(message) => Err(message),
            None => Ok(Self(text)),
        }
    }
}
text_value!(
    Issuer,
    "text",
    TEXT_PATTERN,
    "As Text, in Latin letters, with a letter or digit: numbers are compared for each issuer in folded form (section 3)"
);

/// Number on a certificate, sealed: a [`SealedText`] of ASCII, or of what folds into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateNumber(String);

impl CertificateNumber {
    /// Checks a number.
    ///
    /// # Errors
    /// As [`SealedText::parse`], and when it has a character that cannot be compared, or neither letter nor digit.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let text = checked(text)?;
        match wrong_number(&text) {
            Some(message) => Err(message),
            None => Ok(Self(text)),
        }
    }
}
text_value!(
    CertificateNumber,
    "text",
    TEXT_PATTERN,
    "As SealedText, of ASCII characters, dashes, white space and what folds into them, with a letter or digit: compared in folded form (section 3)"
);

/// What holds for every text.
fn checked(text: &str) -> Result<String, Message> {
    let wrong = |id: &str, en: &str| {
        let text = quoted(text);
        Err(Message::new(format!("teks {text} {id}"), format!("text {text} {en}")))
    };
    if text.is_empty() {
        return wrong("kosong; hapus kolomnya bila tidak ada", "is empty; leave the field out instead");
    }
    if text.trim() != text {
        return wrong("berawal atau berakhir spasi; pangkas", "begins or ends with white space; trim it");
    }
    if let Some(Message { id, en }) = wrong_character(text) {
        let text = quoted(text);
        return Err(Message::new(format!("teks {text}: {id}"), format!("text {text}: {en}")));
    }
    if text.chars().count() > TEXT_LIMIT_CHARS {
        return wrong("lebih dari 500 karakter; persingkat", "is longer than 500 characters; shorten it");
    }
    if let Some(message) = not_composed(text) {
        return Err(message);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::text::{is_unknown, is_unseen};

    #[test]
    fn the_pattern_names_the_unseen_characters_that_it_can() {
        let hex = |text: &str| u32::from_str_radix(text, 16).unwrap();
        let mut named = std::collections::BTreeSet::new();
        let parts: Vec<&str> = unseen!().split('\\').filter(|part| !part.is_empty()).collect();
        let (mut from, mut is_range) = (0, false);
        for part in parts {
            let (code, open) = match part.strip_suffix('-') {
                Some(code) => (hex(&code[1..]), true),
                None => (hex(&part[1..]), false),
            };
            let first = if is_range { from } else { code };
            named.extend(first..=code);
            (from, is_range) = (code, open);
        }
        for char in '\0'..='\u{ffff}' {
            let is_private = matches!(char, '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}');
            assert!(!is_private || is_unknown(char), "{char:?}");
            assert_eq!(named.contains(&u32::from(char)), is_unseen(char) || is_private, "{char:?}");
        }
    }
}
