//! Two answers side by side.

use jejak_projections::compare::{Difference, FigureChange, IndexRange, Standing};

use super::{name_of, stream, synthetic};
use crate::queries::compare::{ComparedAnswers, ComparedEvent, ComparedMember};
use crate::words::event_words::{moment, type_words};
use crate::words::figures::{title, titles};
use crate::words::ids::area_words;
use crate::words::language::{Language, unit};
use crate::words::table::{Cell, Column, Holds, Table};

/// For people: a row for each figure.
#[must_use]
pub fn figures(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Number, ["sebelum", "before"]),
        Column::people(Holds::Number, ["sesudah", "after"]),
        Column::people(Holds::Number, ["selisih", "difference"]),
        Column::people(Holds::Number, ["masuk", "entered"]),
        Column::people(Holds::Number, ["keluar", "left"]),
        Column::people(Holds::Text, ["angka", "figure"]),
    ];
    let mut table = Table::new(language, columns);
    for FigureChange { before, after, difference, entered, left, name, unit: of } in compared.figures {
        let title = format!("{}, {}", unit(*of, language), language.words(title(name)));
        table.row([
            Cell::known(*before),
            Cell::known(*after),
            Cell::Change((*difference).into()),
            (*entered).into(),
            (*left).into(),
            title.into(),
        ]);
    }
    table
}

const COLUMNS: [Column; 18] = [
    Column::programs(Holds::Id, "row"),
    Column::programs(Holds::Id, "figure"),
    Column::programs(Holds::Id, "unit"),
    Column::both(Holds::Id, "who", ["siapa", "who"]).once(),
    Column::both(Holds::Name, "name", ["nama", "name"]).once(),
    Column::programs(Holds::Number, "difference"),
    Column::programs(Holds::Number, "before"),
    Column::programs(Holds::Number, "after"),
    Column::programs(Holds::Id, "before_area"),
    Column::programs(Holds::Id, "after_area"),
    Column::programs(Holds::Number, "index"),
    Column::programs(Holds::Id, "type"),
    Column::programs(Holds::Day, "recordedtime"),
    Column::programs(Holds::Text, "unfound"),
    Column::people(Holds::Text, ["selisih", "difference"]).once(),
    Column::people(Holds::Name, ["wilayah", "area"]).once(),
    Column::people(Holds::Text, ["angka", "figures"]).once(),
    Column::people(Holds::Text, ["peristiwa", "events"]),
];

/// Who entered, left or changed: a row for each member and event. For programs, a row for each figure comes first.
#[must_use]
pub fn table(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let (before, after) = (&compared.before, &compared.after);
    let mut table = Table::new(language, COLUMNS).ending([
        (Holds::Id, "view", Cell::id(compared.view)),
        (Holds::Number, "before_version", before.version.into()),
        (Holds::Number, "after_version", after.version.into()),
        (Holds::Day, "from", compared.question.from.into()),
        (Holds::Day, "on", compared.question.on.into()),
        (Holds::Number, "before_as_known", before.log.size.into()),
        (Holds::Number, "after_as_known", after.log.size.into()),
        (Holds::Id, "before_root", Cell::id(&before.log.root)),
        (Holds::Id, "after_root", Cell::id(&after.log.root)),
        synthetic(after.log.synthetic),
    ]);
    for figure in compared.figures {
        let mut cells = [const { Cell::None }; 18];
        cells[0] = Cell::id("figure");
        cells[1] = Cell::id(figure.name);
        cells[2] = Cell::id(figure.unit.name());
        cells[5] = figure.difference.into();
        cells[6] = figure.before.into();
        cells[7] = figure.after.into();
        table.row_for_programs(cells);
    }
    for member in &compared.members {
        let name = name_of(compared.names, &member.who, language);
        for event in &member.events {
            table.row(of_member(member, (&name, language), Some(event), told(event, language)));
        }
        let by_definition = language.pick("definisi", "definition").to_owned();
        match (member.events.is_empty(), member.unfound.is_empty()) {
            (true, true) => table.row(of_member(member, (&name, language), None, by_definition)),
            (true, false) => {
                table.row_for_programs(of_member(member, (&name, language), None, String::new()))
            }
            (false, _) => {}
        }
        for between in member.unfound {
            table.row_for_people(of_member(member, (&name, language), None, range(between)));
        }
    }
    table
}

fn of_member(
    member: &ComparedMember<'_>,
    (name, language): (&Cell, Language),
    event: Option<&ComparedEvent>,
    told: String,
) -> [Cell; 18] {
    let (before, after) = (member.before, member.after);
    let figures = |standing: Option<&Standing>| standing.map(|one| Cell::id(one.figures.join(" "))).into();
    let area = |standing: Option<&Standing>| standing.and_then(|one| one.area);
    let titled =
        |standing: Option<&Standing>| standing.map(|one| titles(&one.figures, language)).unwrap_or_default();
    let unfound: Vec<String> = member.unfound.iter().map(range).collect();
    let written = |standing| area(standing).map(area_words).unwrap_or_default();
    [
        Cell::id("member"),
        Cell::None,
        Cell::None,
        stream(&member.who),
        name.clone(),
        Cell::id(member.difference.name()),
        figures(before),
        figures(after),
        area(before).into(),
        area(after).into(),
        event.map(|event| event.index).into(),
        event.map(|event| Cell::id(event.r#type)).into(),
        event.map(|event| Cell::id(&event.recordedtime)).into(),
        unfound.join(" ").into(),
        difference(member.difference, language).into(),
        arrow(written(before), written(after)).into(),
        arrow(titled(before), titled(after)).into(),
        told.into(),
    ]
}

fn arrow(before: String, after: String) -> String {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (_, true) => before,
        _ if before == after => after,
        _ => format!("{before} → {after}"),
    }
}

fn difference(difference: Difference, language: Language) -> &'static str {
    match difference {
        Difference::Entered => language.pick("masuk", "entered"),
        Difference::Left => language.pick("keluar", "left"),
        Difference::Changed => language.pick("berubah", "changed"),
        Difference::Recounted => language.pick("dihitung lain", "recounted"),
    }
}

fn told(event: &ComparedEvent, language: Language) -> String {
    let (recorded, area) = event.recorded;
    format!("{} {}, {}", event.index, type_words(event.r#type, language), moment(recorded, area, language))
}

fn range(range: &IndexRange) -> String {
    format!("{}..{}", range.from, range.to)
}
