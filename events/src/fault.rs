//! What is wrong with a value, said in both languages.
//!
//! Serde carries an error as one text, so a message that is made inside a parse travels as
//! `Indonesian ␟ English` (unit separator, U+001F) and is split again at the edge.

use std::fmt;

use serde::Serialize;

const SEPARATOR: char = '\u{1f}';

/// One message in Indonesian and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// Text that serde made itself is mapped by its known openings; the offending value stays as it is.
    #[must_use]
    pub fn from_serde(text: &str) -> Self {
        // serde_json adds " at line 1 column 2" behind; our own place says it better.
        let text = text.split(" at line ").next().unwrap_or(text);
        if let Some((id, en)) = text.split_once(SEPARATOR) {
            return Self::new(id, en);
        }
        const OPENINGS: [(&str, &str); 5] = [
            ("invalid type: ", "jenis nilai salah: "),
            ("invalid value: ", "nilai tidak sah: "),
            ("missing field ", "kolom wajib belum diisi: "),
            ("unknown field ", "kolom tidak dikenal: "),
            ("duplicate field ", "kolom ditulis dua kali: "),
        ];
        for (en, id) in OPENINGS {
            if let Some(rest) = text.strip_prefix(en) {
                return Self::new(format!("{id}{}", rest.replace(", expected ", ", seharusnya ")), text);
            }
        }
        Self::new(format!("tidak dapat dibaca: {text}"), text)
    }
}

impl fmt::Display for Message {
    /// Both languages joined by the separator; meant for [`Message::from_serde`], not for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}{}", self.id, self.en)
    }
}

/// The rules, or the shape of the record, say no. Never used for a failure of the machine.
///
/// Serialised as `{"rule","field","message":{"id","en"}}`; `field` is a path such as `data.area`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable code of the rule, such as `quota_full` or `unknown_area`.
    pub rule: &'static str,
    /// The offending field as a path from the top of the proposal, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong with which value, and what to do.
    pub message: Message,
}

impl Refusal {
    /// A refusal that concerns the event as a whole.
    pub fn new(rule: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { rule, field: None, message: Message::new(id, en) }
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
