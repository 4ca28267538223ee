//! What is due.

use jejak_events::area::AreaCode;
use jejak_events::values::Date;

use super::{area, called, stream, synthetic};
use crate::answer_json::LogPlace;
use crate::queries::due::Section;
use crate::queries::names::{Names, Titles};
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

/// A row for each thing that is due in these sections, everywhere or in an area. People see the day under the title that the first of them has.
#[must_use]
pub fn table(
    sections: &[Section],
    (on, of_area, log): (Date, Option<AreaCode>, &LogPlace),
    (names, titles): (Option<&Names>, &Titles),
    language: Language,
) -> Table {
    let day = day_title(sections.first().map_or("", |section| section.name));
    let name = match names {
        Some(_) => Column::both(Holds::Name, "name", ["nama", "name"]),
        None => Column::people(Holds::Name, ["nama", "name"]),
    };
    let columns = [
        Column::programs(Holds::Id, "section"),
        Column::both(Holds::Id, "who", ["siapa", "who"]),
        name,
        Column::both(Holds::Day, "day", day),
        Column::both(Holds::Name, "area", ["wilayah", "area"]),
        Column::both(Holds::Text, "events", ["peristiwa", "events"]),
        Column::programs(Holds::Number, "total"),
    ];
    let mut table = Table::new(language, columns).ending([
        (Holds::Id, "question_area", of_area.into()),
        (Holds::Day, "on", on.into()),
        (Holds::Number, "as_known", log.size.into()),
        synthetic(log.synthetic),
    ]);
    for (section, row) in sections.iter().flat_map(|one| one.rows.iter().map(move |row| (one, row))) {
        table.row([
            Cell::id(section.name),
            stream(&row.who),
            called(names, titles, &row.who, language),
            Cell::known(row.day),
            row.area.map_or(Cell::Unknown, area),
            (&row.events).into(),
            section.total.into(),
        ]);
    }
    table
}
