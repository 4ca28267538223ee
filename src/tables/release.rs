//! The sums of a release.

use jejak_projections::views::releases::release_figure;

use super::synthetic;
use crate::rules::release::told::JudgedCell;
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

const COLUMNS: [Column; 9] = [
    Column::programs(Holds::Id, "period"),
    Column::both(Holds::Name, "area", ["daerah", "area"]),
    Column::both(Holds::Text, "figure", ["angka", "figure"]),
    Column::programs(Holds::Id, "told"),
    Column::both(Holds::Number, "sum", ["jumlah", "sum"]),
    Column::both(Holds::Text, "withheld", ["ditahan karena", "withheld because"]),
    Column::both(Holds::Number, "ikms", ["IKM", "IKMs"]),
    Column::both(Holds::Number, "unseen", ["tidak diisi", "not given"]),
    Column::both(Holds::Number, "erased", ["dihapus", "erased"]),
];

/// A row for each cell of the release of a period.
#[must_use]
pub fn table(period: &str, cells: &[JudgedCell], is_synthetic: bool, language: Language) -> Table {
    let mut table = Table::new(language, COLUMNS).ending([synthetic(is_synthetic)]);
    for JudgedCell { cell, told } in cells {
        let title = release_figure(cell.figure).map_or(cell.figure, |figure| language.words(figure.title));
        let sum = match (cell.sum, told) {
            (Some(sum), _) => Cell::Number(sum.into()),
            (None, true) => Cell::coded("", language.pick("(disebut)", "(told)")),
            (None, false) => Cell::Unknown,
        };
        let area = format!("{} {}", cell.area, cell.area.name());
        table.row([
            Cell::id(period),
            Cell::coded(cell.area.to_string(), area),
            Cell::coded(cell.figure, title),
            Cell::id(told),
            sum,
            cell.withheld
                .map(|why| Cell::coded(why.name(), language.words(why.words())))
                .unwrap_or(Cell::None),
            cell.ikms.into(),
            cell.unseen.into(),
            cell.erased.into(),
        ]);
    }
    table
}
