//! Sums of sealed figures beside an answer.

use jejak_events::area::AreaCode;

use crate::answer_json::{Attested, Part, Told};
use crate::queries::names::Titles;
use crate::words::ids::{area_code_words, titled};
use crate::words::language::Language;
use crate::words::table::{Cell, Column, Holds, Table};

const COLUMNS: [Column; 8] = [
    Column::both(Holds::Text, "figure", ["angka", "figure"]).once(),
    Column::both(Holds::Name, "part", ["bagian", "part"]),
    Column::both(Holds::Number, "value", ["nilai", "value"]),
    Column::both(Holds::Number, "whole", ["dari", "of"]),
    Column::both(Holds::Number, "seen", ["dilihat", "seen"]),
    Column::both(Holds::Number, "unseen", ["tidak diisi", "not given"]),
    Column::both(Holds::Number, "erased", ["dihapus", "erased"]),
    Column::both(Holds::Number, "ikms", ["IKM atau orang", "IKMs or persons"]),
];

/// A part of a figure: what it is by, and of what.
pub type AttestedPart<'a> = (&'static str, Option<String>, &'a Part);

/// All parts of a figure, the whole first.
pub fn parts(figure: &Attested) -> impl Iterator<Item = AttestedPart<'_>> {
    let key = |area: Option<AreaCode>| area.map(|area| area.to_string());
    let areas = figure.by_area.iter().map(move |of| ("area", key(of.area), &of.part));
    let programs = figure.by_program.iter().map(|of| ("program", Some(of.program.clone()), &of.part));
    std::iter::once(("total", Some(String::new()), &figure.total)).chain(areas).chain(programs)
}

/// A row for each part of each figure.
#[must_use]
pub fn table(figures: &[Attested], titles: &Titles, language: Language) -> Table {
    let mut table = Table::new(language, COLUMNS);
    for figure in figures {
        for (by, key, part) in parts(figure) {
            let of = match (by, key) {
                ("total", _) => Cell::coded("total", language.pick("semua", "all")),
                ("area", key) => Cell::known(key.map(|key| area_code_words(&key).into_owned())),
                (by, key) => Cell::known(key.map(|key| titled(titles.of(by, &key), &key))),
            };
            table.row([
                Cell::coded(figure.name, language.words(figure.title)),
                of,
                told(part.value, figure.is_change, language),
                part.whole.map(|whole| told(whole, false, language)).unwrap_or(Cell::None),
                part.seen.into(),
                part.unseen.into(),
                part.erased.into(),
                part.ikms.into(),
            ]);
        }
    }
    table
}

/// A figure that may be withheld.
#[must_use]
pub fn told(told: Told, is_change: bool, language: Language) -> Cell {
    match told {
        Told::Value(value) if is_change => Cell::coded(value.to_string(), format!("{value:+} %")),
        Told::Value(value) => value.into(),
        Told::Withheld => Cell::coded("withheld", language.pick("(tidak disebut)", "(withheld)")),
        Told::None => Cell::Unknown,
    }
}
