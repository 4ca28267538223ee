//! Everything held on a subject, and who looked at it.

use jejak_events::time::RecordedTime;
use serde_json::Value;

use crate::queries::held::{Held, HeldEvent};
use crate::words::difference;
use crate::words::event_words::{BETWEEN_FIELDS, field_words, pairs, plain, type_words, value_of_field};
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

/// A row for each event.
#[must_use]
pub fn events(held: &Held, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Number, ["indeks", "index"]),
        Column::people(Holds::Day, ["terjadi", "happened"]),
        Column::people(Holds::Day, ["dicatat", "recorded"]),
        Column::people(Holds::Text, ["peristiwa", "event"]),
        Column::people(Holds::Text, ["terbuka", "open"]),
        Column::people(Holds::Text, ["tersegel", "sealed"]),
        Column::people(Holds::Text, ["status", "status"]),
        Column::people(Holds::Text, ["sumber", "source"]),
    ];
    let mut table = Table::new(language, columns);
    for event in &held.events {
        let (recorded, area) = event.recorded;
        table.row([
            Cell::id(event.index),
            event.valid.into(),
            Cell::Recorded(recorded, area),
            type_words(event.r#type, language).into(),
            pairs(&event.open, true, language).join(BETWEEN_FIELDS).into(),
            sealed(event, language).into(),
            language.words(event.status.words()).into(),
            source(event, language).into(),
        ]);
    }
    table
}

/// The sealed values, and what was erased of them.
fn sealed(event: &HeldEvent, language: Language) -> String {
    let erased = language.pick("(dihapus)", "(erased)");
    let said = |name: &str, value: &str| format!("{}: {value}", field_words(name, language));
    // A sealed value is somebody's own and stays as it is.
    let known = event.sealed.iter().map(|(name, value)| match value {
        value @ Value::Number(_) => said(name, &value_of_field(name, value, language)),
        value => said(name, &difference::plain(value)),
    });
    let gone = event.erased.iter().map(|name| said(name, erased));
    known.chain(gone).collect::<Vec<_>>().join(BETWEEN_FIELDS)
}

/// Who recorded it, and from which file and row.
fn source(event: &HeldEvent, language: Language) -> String {
    let mut said = event.source.clone();
    if let Some(actor) = &event.authid {
        said = format!("{said} {actor}");
    }
    match &event.imported_from {
        Some(from) => format!("{said} {}", plain(from, language)),
        None => said,
    }
}

/// What a look was for. Commands stay as one types them; what the registry adds to them is said in words.
fn purpose_words(purpose: &str, language: Language) -> String {
    const BEHIND: &[(&str, &str)] = &[
        (", shown", ", ditampilkan"),
        (", found", ", ditemukan"),
        (" times", " kali"),
        (" events", " peristiwa"),
    ];
    const WITHIN: &[(&str, &str)] = &[
        ("find (words: ", "find (kata: "),
        ("find (digits: ", "find (angka: "),
        ("find (like an identifier)", "find (serupa pengenal)"),
        (", compared: equal", ", dibandingkan: sama"),
        (", compared: unequal", ", dibandingkan: tidak sama"),
        (
            ", compared: suits what a correction leaves out",
            ", dibandingkan: cocok dengan yang tidak disebut koreksi",
        ),
        (", compared: certificate number", ", dibandingkan: nomor sertifikat"),
        (", compared: number of another", ", dibandingkan: nomor milik yang lain"),
    ];
    if language == Language::En {
        return purpose.to_owned();
    }
    let behind = BEHIND.iter().find_map(|(en, id)| Some(format!("{}{id}", purpose.strip_suffix(en)?)));
    let said = behind.unwrap_or_else(|| purpose.to_owned());
    // Only what begins as the registry writes it: the rest of a command is somebody's own.
    let is_ours = |en: &str| said.starts_with(en) || (en.starts_with(", ") && said.starts_with("append"));
    let within = WITHIN.iter().rev().find(|(en, _)| is_ours(en) && said.contains(en));
    within.map_or_else(|| said.clone(), |(en, id)| said.replacen(en, id, 1))
}

/// A row for each look.
#[must_use]
pub fn looks(held: &Held, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Day, ["diakses", "looked at"]),
        Column::people(Holds::Name, ["oleh", "by"]),
        Column::people(Holds::Text, ["dengan", "with"]),
    ];
    let mut table = Table::new(language, columns);
    for look in &held.looks {
        let who = look.authid.as_deref().unwrap_or(&look.authtype);
        let at = RecordedTime::parse(&look.at)
            .map_or_else(|_| Cell::from(&look.at), |at| Cell::Recorded(at, held.area));
        table.row([at, who.into(), purpose_words(&look.purpose, language).into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_registry_adds_to_a_command_is_said_in_words() {
        for (purpose, id) in [
            ("find (words: 1), shown", "find (kata: 1), ditampilkan"),
            ("find (words: 1), found", "find (kata: 1), ditemukan"),
            ("show registry --names", "show registry --names"),
        ] {
            assert_eq!(purpose_words(purpose, Language::Id), id);
            assert_eq!(purpose_words(purpose, Language::En), purpose);
        }
    }
}
