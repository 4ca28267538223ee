//! What is held on a subject, in words.

use serde_json::Value;

use crate::cli::commands::history::{pairs, plain};
use crate::queries::held::HeldEvent;
use crate::words::difference;
use crate::words::event_words::{field_words, happened_words, moment, number_words, type_words};
use crate::words::language::Language;

impl HeldEvent {
    /// What it is called.
    pub fn type_text(&self, language: Language) -> String {
        type_words(self.r#type, language).to_owned()
    }

    /// When it happened, and when it was recorded.
    pub fn times(&self, language: Language) -> [String; 2] {
        let (recorded, area) = self.recorded;
        [happened_words(self.valid, language), moment(recorded, area, language)]
    }

    /// The open facts.
    pub fn open_text(&self, language: Language) -> String {
        pairs(&self.open, true, language).join(", ")
    }

    /// The sealed values, and what was erased of them.
    pub fn sealed_text(&self, language: Language) -> String {
        let erased = language.pick("(dihapus)", "(erased)");
        let said = |name: &str, value: &str| format!("{}: {value}", field_words(name, language));
        // A sealed value is somebody's own and stays as it is.
        let known = self.sealed.iter().map(|(name, value)| match value {
            Value::Number(value) => said(name, &number_words(value, language)),
            value => said(name, &difference::plain(value)),
        });
        let gone = self.erased.iter().map(|name| said(name, erased));
        known.chain(gone).collect::<Vec<_>>().join(", ")
    }

    /// Who recorded it, and from which file and row.
    pub fn source_text(&self, language: Language) -> String {
        let mut said = self.source.clone();
        if let Some(actor) = &self.authid {
            said = format!("{said} {actor}");
        }
        match &self.imported_from {
            Some(from) => format!("{said} {}", plain(from, language)),
            None => said,
        }
    }
}
