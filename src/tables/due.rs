//! What is due.

use jejak_events::values::Date;

use super::{name_of, synthetic};
use crate::answer_json::LogPlace;
use crate::queries::due::Section;
use crate::queries::names::Names;
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

/// What the day of a section is, in Indonesian and English.
fn day_title(section: &str) -> [&'static str; 2] {
    match section {
        "certificates_expiring" => ["berlaku sampai", "valid to"],
        "assessments_overdue" => ["sesi terakhir", "last session"],
        "unheard" => ["kabar terakhir", "last news"],
        _ => ["terjadi", "happened"],
    }
}

/// A row for each thing that is due in these sections. People see the day under the title that the first of them has.
#[must_use]
pub fn table(
    sections: &[Section],
    (on, log): (Date, &LogPlace),
    names: Option<&Names>,
    language: Language,
) -> Table {
    let day = day_title(sections.first().map_or("", |section| section.name));
    let mut columns = vec![
        Column::programs(Holds::Id, "section"),
        Column::both(Holds::Id, "who", ["siapa", "who"]),
        Column::both(Holds::Day, "day", day),
        Column::both(Holds::Id, "area", ["wilayah", "area"]),
        Column::both(Holds::Text, "events", ["peristiwa", "events"]),
    ];
    if names.is_some() {
        columns.insert(2, Column::both(Holds::Name, "name", ["nama", "name"]));
    }
    let mut table = Table::new(language, columns).ending([
        (Holds::Day, "on", on.into()),
        (Holds::Number, "as_known", log.size.into()),
        synthetic(log.synthetic),
    ]);
    for (section, row) in sections.iter().flat_map(|one| one.rows.iter().map(move |row| (one, row))) {
        let who = [Cell::id(section.name), Cell::id(&row.who)];
        let name = names.map(|_| name_of(names, &row.who, language));
        let rest = [Cell::known(row.day), Cell::known(row.area), (&row.events).into()];
        table.row(who.into_iter().chain(name).chain(rest));
    }
    table
}
