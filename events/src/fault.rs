//! What is wrong with a value, said in both languages.
//!
//! Serde carries an error as one text, so a message that is made inside a parse travels as
//! `Indonesian ␟ English` (unit separator, U+001F) and is split again at the edge.

mod serde_words;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use serde_words::one_of;

const SEPARATOR: char = '\u{1f}';

/// One message in Indonesian and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// Bahasa Indonesia, what officers read.
    pub id: String,
    /// English.
    pub en: String,
}

impl Message {
    /// A message from both texts.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// Takes apart what [`fmt::Display`] joined, also when serde put its own words around it.
    /// Text that serde made itself is said anew in both languages: the types of a program are no words for people.
    #[must_use]
    pub fn from_serde(text: &str) -> Self {
        // serde_json adds " at line 1 column 2" behind; our own place says it better. Only the last one
        // is its own: a value may hold the same words.
        let text = match text.rfind(" at line ") {
            Some(at) if is_position(&text[at + " at line ".len()..]) => &text[..at],
            _ => text,
        };
        if let Some(message) = serde_words::wrong_type_of(text, SEPARATOR) {
            return message;
        }
        if let Some((id, en)) = text.split_once(SEPARATOR) {
            return Self::new(id, en);
        }
        serde_words::message(text)
    }

    /// The same message without what it quotes of a value: for values that are sealed and may stand in no answer,
    /// no file of results and no log of a server.
    #[must_use]
    pub fn without_quotes(&self) -> Self {
        Self { id: unquoted(&self.id), en: unquoted(&self.en) }
    }
}

/// Whether a text is what serde_json writes behind " at line ".
fn is_position(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(" column ").is_some_and(|(line, column)| digits(line) && digits(column))
}

/// Replaces whatever stands between quotation marks or backticks, up to the advice behind the first `; `: it quotes
/// examples.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut until: Option<char> = None;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        if until.is_none() && text[at..].starts_with("; ") {
            out.push_str(&text[at..]);
            return out;
        }
        match until {
            Some(end) => {
                if escaped {
                    escaped = false;
                } else if char == '\\' {
                    escaped = true;
                } else if char == end {
                    until = None;
                    out.push(char);
                }
            }
            None => {
                out.push(char);
                if char == '"' || char == '`' {
                    until = Some(char);
                    out.push('…');
                }
            }
        }
    }
    out
}

/// A JSON value as answers show it: its text, and not longer than helps.
pub(crate) fn shown_json(value: &serde_json::Value) -> String {
    const SHOWN_CHARS: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl fmt::Display for Message {
    /// Both languages joined by the separator; meant for [`Message::from_serde`], not for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}{}", self.id, self.en)
    }
}

/// One thing that is wrong with a line.
///
/// Serialised as `{"rule","field","value","message":{"id","en"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fault {
    /// Stable code of the rule.
    #[schemars(with = "crate::schema::texts::Word")]
    pub rule: &'static str,
    /// The field as a path from the top of the proposal, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was given, as JSON, cut when it is long. Absent where nothing was given, where nobody asked for the
    /// field, and for every sealed value: an answer may be kept, and what is sealed may stand nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong, and what to write instead.
    pub message: Message,
}

/// The rules, or the shape of the record, say no. Never used for a failure of the machine.
///
/// Serialised as `{"rule","field","message":{"id","en"},"faults":[...]}`; `field` is a path such as `data.area`.
/// `faults` holds all that is wrong with the form of a line, of which the first stands outside too; it is absent where
/// the form is right and a rule says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// Stable code of the rule, such as `quota_full` or `unknown_area`.
    #[schemars(with = "crate::schema::texts::Word")]
    pub rule: &'static str,
    /// The offending field as a path from the top of the proposal, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong with which value, and what to do.
    pub message: Message,
    /// Everything that is wrong with the form of the line, this first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

impl Refusal {
    /// A refusal that concerns the event as a whole.
    pub fn new(rule: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self::of(rule, Message::new(id, en))
    }

    /// A refusal that says this message.
    pub fn of(rule: &'static str, message: Message) -> Self {
        Self { rule, field: None, message, faults: Vec::new() }
    }

    /// The refusal of a line with these faults; `None` without any.
    #[must_use]
    pub fn of_faults(faults: Vec<Fault>) -> Option<Self> {
        let first = faults.first()?;
        Some(Self { rule: first.rule, field: first.field.clone(), message: first.message.clone(), faults })
    }

    /// This refusal as the one fault of a line.
    #[must_use]
    pub fn into_fault(self) -> Fault {
        Fault { rule: self.rule, field: self.field, value: None, message: self.message }
    }

    /// The same refusal, at a field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {} [{}]", self.message.en, self.rule),
            None => write!(f, "{} [{}]", self.message.en, self.rule),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_serdes_own_position_is_cut() {
        let message = Message::new("kode \"x at line 1\" salah", "code \"x at line 1\" is wrong");
        assert_eq!(Message::from_serde(&format!("{message} at line 1 column 9")), message);
        assert_eq!(Message::from_serde(&message.to_string()), message);
        assert_eq!(
            Message::from_serde("unknown variant `hadir`, expected one of `present`, `excused`, `absent`"),
            Message::new(
                "`hadir` tidak dikenal di sini; tulis salah satu dari: present (hadir), excused (izin), absent (tidak hadir)",
                "`hadir` is not known here; write one of: present, excused, absent"
            )
        );
    }

    #[test]
    fn what_is_quoted_can_be_left_out() {
        let message =
            Message::new("teks \"Siti \\\"A\\\" \" salah", "invalid type: integer `3375`, expected NIK");
        assert_eq!(
            message.without_quotes(),
            Message::new("teks \"…\" salah", "invalid type: integer `…`, expected NIK")
        );
    }
}
