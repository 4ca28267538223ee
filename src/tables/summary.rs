//! What views say of an area or a programme, as tables.

use jejak_projections::answer::Figure;

use super::view::{Room, by_of, told_value};
use crate::queries::show::{Summary, SummaryPart, SummaryPlace};
use crate::words::figures::{counts, title};
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

/// For people: a row for each figure of some place, with the one of a year before where there is one, and the view that
/// gives it.
#[must_use]
pub fn figures(summary: &Summary, place: SummaryPlace, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Text, ["angka", "figure"]),
        Column::people(Holds::Number, ["nilai", "value"]),
        Column::people(Holds::Number, ["setahun lalu", "a year before"]),
        Column::people(Holds::Number, ["perubahan", "change"]),
        Column::people(Holds::Id, ["tampilan", "view"]).once(),
    ];
    let mut table = Table::new(language, columns);
    for part in summary.parts.iter().filter(|part| part.place == place) {
        for figure in &part.figures {
            let before = part.year_before.iter().find(|before| before.name == figure.name);
            table.row([
                counts(figure, language).into(),
                told_value(figure, language),
                before.map(|before| told_value(before, language)).unwrap_or(Cell::None),
                before.map(|before| change(before, figure)).unwrap_or(Cell::None),
                Cell::id(part.view),
            ]);
        }
        for share in &part.shares {
            let percent = share.basis_points.map_or(Cell::Unknown, Cell::Share);
            let said = language.words(title(share.name)).into();
            table.row([said, percent, Cell::None, Cell::None, Cell::id(part.view)]);
        }
    }
    table
}

/// How far a figure is from that of a year before.
fn change(before: &Figure, now: &Figure) -> Cell {
    match before.value.zip(now.value) {
        Some((before, now)) => Cell::Change(i128::from(now) - i128::from(before)),
        None => Cell::Unknown,
    }
}

/// For people: a row for each value of the breakdown that the page shows of an answer; `None` where it has none.
#[must_use]
pub fn breakdown(summary: &Summary, part: &SummaryPart, language: Language) -> Option<Table> {
    let breakdown = part.breakdown.as_ref().filter(|breakdown| !breakdown.rows.is_empty())?;
    Some(by_of(breakdown, (&part.figures, &[]), &summary.titles, (Room::Narrow, language)))
}
