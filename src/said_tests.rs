//! What errors say, in both languages, held against a file of `tests/data/said/`.
//!
//! A test provokes each error and hands it over under the name of its case; nothing here may make up a message. After a
//! wanted change: `JEJAK_BLESS=1 cargo test --lib`; then read the difference.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use jejak_events::fault::Message;
use serde_json::json;

/// What was said so far, by case.
pub(crate) struct Said {
    file: &'static str,
    /// A temporary place and its name in the file.
    place: Option<(String, &'static str)>,
    by_case: BTreeMap<String, Message>,
}

impl Said {
    /// Nothing yet, for the file of this name.
    pub(crate) fn new(file: &'static str) -> Self {
        Self { file, place: None, by_case: BTreeMap::new() }
    }

    /// As `new`; what lies below `place` is named as if it lay below `/place`.
    #[allow(dead_code, reason = "the tests of each crate use a part")]
    pub(crate) fn at(file: &'static str, place: &Path) -> Self {
        Self { place: Some((place.display().to_string(), "/place")), ..Self::new(file) }
    }

    /// Takes what was said in a case.
    pub(crate) fn take(&mut self, case: &str, message: Message) {
        let named = |text: String| match &self.place {
            Some((place, name)) => text.replace(place.as_str(), name),
            None => text,
        };
        let message = Message { id: named(message.id), en: named(message.en) };
        let before = self.by_case.insert(case.to_owned(), message);
        assert!(before.is_none(), "two cases are named {case}");
    }

    /// Takes what was said in a case, unless it was heard.
    #[allow(dead_code, reason = "the tests of each crate use a part")]
    pub(crate) fn once(&mut self, case: &str, message: Message) {
        if !self.by_case.contains_key(case) {
            self.take(case, message);
        }
    }

    /// Takes what an error says.
    ///
    /// # Panics
    /// When it has no Indonesian.
    pub(crate) fn error(&mut self, case: &str, error: impl Display) {
        let message = Message::of_error(error);
        assert_ne!(message.id, message.en, "{case}: no Indonesian");
        self.take(case, message);
    }

    /// Takes what an error says, once for each wording: the case is its words without digits and hashes.
    #[allow(dead_code, reason = "the tests of each crate use a part")]
    pub(crate) fn wording(&mut self, error: impl Display) {
        let message = Message::of_error(error);
        assert_ne!(message.id, message.en, "no Indonesian");
        self.worded(message);
    }

    /// As `wording`, of what has both languages.
    #[allow(dead_code, reason = "the tests of each crate use a part")]
    pub(crate) fn worded(&mut self, message: Message) {
        let words = message.en.split(' ').map(|word| {
            let is_value = word.contains(|char: char| char.is_ascii_digit() || "+=/".contains(char));
            if is_value { "#" } else { word }
        });
        let case = words.collect::<Vec<_>>().join(" ");
        self.once(&case, message);
    }

    /// Holds all of it against the file.
    pub(crate) fn check(self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/said/{}.json", self.file));
        let rows: BTreeMap<&String, _> = self
            .by_case
            .iter()
            .map(|(case, message)| (case, json!({"id": message.id, "en": message.en})))
            .collect();
        let said = format!("{}\n", serde_json::to_string_pretty(&rows).unwrap());
        if std::env::var_os("JEJAK_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &said).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = said.lines().zip(written.lines()).find(|(said, written)| said != written);
        assert!(
            written == said,
            "{} differs: {differs:?}; run once with JEJAK_BLESS=1 and read the difference",
            path.display()
        );
    }
}
