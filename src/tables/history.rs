//! The events of a stream.

use jejak_events::identity::Subject;
use serde_json::Value;

use super::synthetic;
use crate::queries::history::HistoryEntry;
use crate::queries::names::Titles;
use crate::words::event_words::{BETWEEN_FIELDS, pairs, type_words};
use crate::words::ids::with_titles;
use crate::words::language::{Language, text};
use crate::words::table::{Cell, Column, Holds, Table};

const COLUMNS: [Column; 11] = [
    Column::both(Holds::Number, "index", ["indeks", "index"]),
    Column::programs(Holds::Number, "about"),
    Column::both(Holds::Text, "status", ["status", "status"]),
    Column::both(Holds::Day, "time", ["terjadi", "happened"]),
    Column::programs(Holds::Id, "timeprecision"),
    Column::both(Holds::Day, "recordedtime", ["dicatat", "recorded"]),
    Column::both(Holds::Text, "type", ["peristiwa", "event"]),
    Column::programs(Holds::Id, "subject"),
    Column::programs(Holds::Id, "id"),
    Column::programs(Holds::Id, "source"),
    Column::both(Holds::Text, "data", ["isi", "content"]),
];

/// A row for each event, oldest first, with what amends it right under it.
#[must_use]
pub fn table(
    (subject, titles): (Subject, &Titles),
    entries: &[HistoryEntry],
    is_synthetic: bool,
    language: Language,
) -> Table {
    let mut table = Table::new(language, COLUMNS).ending([synthetic(is_synthetic)]);
    for entry in entries {
        let draft = &entry.event.draft;
        let under = match entry.depth {
            0 => String::new(),
            depth => format!("{}└ ", "  ".repeat(depth - 1)),
        };
        let object = draft.data.to_object();
        let mut content = pairs(&object, false, language).join(BETWEEN_FIELDS);
        if draft.subject != subject && entry.about.is_none() {
            content = format!("{} {content}", draft.subject);
        }
        if let Some(about) = entry.about {
            content = text!(language, "atas peristiwa {about}: {content}", "about event {about}: {content}");
        }
        let type_name = draft.data.type_name();
        table.row([
            Cell::id(entry.index),
            entry.about.into(),
            Cell::coded(entry.status.name(), language.words(entry.status.words())),
            draft.time.into(),
            Cell::id(draft.time.precision().name()),
            Cell::Recorded(entry.event.recorded, draft.source.area),
            Cell::coded(type_name, format!("{under}{}", type_words(type_name, language))),
            Cell::id(draft.subject),
            Cell::id(draft.id),
            Cell::id(&draft.source),
            Cell::coded(Value::Object(object).to_string(), with_titles(&content, &|id| titles.of_uuid(id))),
        ]);
    }
    table
}
