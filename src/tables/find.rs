//! What was found.

use super::{LastCell, area, stream, synthetic};
use crate::queries::find::{Field, Hit, MatchStanding};
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

const COLUMNS: [Column; 8] = [
    Column::both(Holds::Id, "subject", ["apa", "what"]),
    Column::both(Holds::Text, "matched", ["cocok", "matched"]),
    Column::both(Holds::Name, "value", ["isi", "value"]),
    Column::both(Holds::Name, "name", ["nama", "name"]),
    Column::both(Holds::Name, "area", ["wilayah", "area"]),
    Column::programs(Holds::Id, "holder"),
    Column::both(Holds::Text, "status", ["status", "standing"]),
    Column::both(Holds::Id, "counts_as", ["digabung ke", "merged into"]),
];

/// How many there are, also where fewer are listed, and whether they are made up.
fn ends(total: usize, is_synthetic: bool) -> [LastCell; 2] {
    [(Holds::Number, "total", total.into()), synthetic(is_synthetic)]
}

/// A row for each.
#[must_use]
pub fn table(hits: &[Hit], (total, is_synthetic): (usize, bool), language: Language) -> Table {
    let mut table = Table::new(language, COLUMNS).ending(ends(total, is_synthetic));
    for hit in hits {
        let value = match &hit.value {
            // What was found is said once: its name is what matched.
            Some(value) if hit.value == hit.name => Cell::coded(value, ""),
            value => value.as_ref().into(),
        };
        table.row([
            stream(hit.subject),
            Cell::coded(hit.matched.name(), matched(hit.matched, language)),
            value,
            hit.name.as_ref().into(),
            hit.area.map(area).unwrap_or(Cell::None),
            hit.holder.map(Cell::id).unwrap_or(Cell::None),
            Cell::coded(hit.standing.name(), standing(hit.standing, language)),
            hit.merged_into.map(stream).unwrap_or(Cell::None),
        ]);
    }
    table
}

/// A row for each registration that looks doubled, with the number of those alike.
#[must_use]
pub fn alike(hits: &[Hit], (total, is_synthetic): (usize, bool), language: Language) -> Table {
    let columns = [
        Column::both(Holds::Id, "group", ["nomor", "number"]).once(),
        Column::both(Holds::Text, "matched", ["sama dalam", "alike in"]).once(),
        Column::both(Holds::Id, "subject", ["apa", "what"]),
        Column::both(Holds::Name, "name", ["nama", "name"]),
        Column::both(Holds::Name, "area", ["wilayah", "area"]),
    ];
    let mut table = Table::new(language, columns).ending(ends(total, is_synthetic));
    for hit in hits {
        table.row([
            hit.group.map_or(Cell::None, Cell::id),
            Cell::coded(hit.matched.name(), matched(hit.matched, language)),
            stream(hit.subject),
            hit.name.as_ref().into(),
            hit.area.map(area).unwrap_or(Cell::None),
        ]);
    }
    table
}

fn standing(standing: MatchStanding, language: Language) -> &'static str {
    match standing {
        MatchStanding::InForce => language.pick("berlaku", "in force"),
        MatchStanding::Former => language.pick("lama", "former"),
        MatchStanding::Corrected => language.pick("sudah dikoreksi", "corrected away"),
        MatchStanding::Retracted => language.pick("DITARIK", "RETRACTED"),
    }
}

/// What matched, in words.
fn matched(field: Field, language: Language) -> &'static str {
    match field {
        Field::Id => language.pick("pengenal", "identifier"),
        Field::Name => language.pick("nama", "name"),
        Field::Title => language.pick("judul", "title"),
        Field::Nib => "NIB",
        Field::Nik => "NIK",
        Field::Phone => language.pick("telepon", "phone"),
        Field::Number => language.pick("nomor", "number"),
        Field::Venue => language.pick("tempat", "venue"),
    }
}
