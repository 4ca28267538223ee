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
    by_case: BTreeMap<String, Message>,
}

impl Said {
    /// Nothing yet, for the file of this name.
    pub(crate) fn new(file: &'static str) -> Self {
        Self { file, by_case: BTreeMap::new() }
    }

    /// Takes what was said in a case.
    pub(crate) fn take(&mut self, case: &str, message: Message) {
        let before = self.by_case.insert(case.to_owned(), message);
        assert!(before.is_none(), "two cases are named {case}");
    }

    /// Takes what an error says.
    pub(crate) fn error(&mut self, case: &str, error: impl Display) {
        self.take(case, Message::of_error(error));
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
