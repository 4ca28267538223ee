//! Two answers side by side, in short: the figures, who is behind them, and why these entered and left.

use std::collections::BTreeMap;

use jejak_projections::answer::{Figure, FigureUnit, MemberKind};
use jejak_projections::compare::{CauseKind, Difference, FigureChange, FigureMembers};
use jejak_projections::views::counting;

use super::{difference, unfound_words};
use crate::queries::compare::{ComparedAnswers, ComparedCause, ComparedStep};
use crate::tables::view::told_value;
use crate::words::causes::cause_words;
use crate::words::figures::{tells_its_unit, title};
use crate::words::language::{Language, hundredths, members_of, unit};
use crate::words::table::{Cell, Column, Holds, Table};

/// For people: the figures; who is behind each, counted as what they are; and, between two days, why these entered and
/// left.
#[must_use]
pub fn summary(compared: &ComparedAnswers<'_>, language: Language) -> [Table; 3] {
    [figures(compared, language), members(compared, language), causes(compared, language)]
}

/// What a figure counts, and what it is called, once where both are the same.
fn called_figure(name: &'static str, of: FigureUnit, language: Language) -> String {
    let (of, title) = (unit(of, language), language.words(title(name)));
    if of == title || tells_its_unit(name) { title.to_owned() } else { format!("{of}, {title}") }
}

/// A row for each figure.
fn figures(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Number, ["sebelum", "before"]),
        Column::people(Holds::Number, ["sesudah", "after"]),
        Column::people(Holds::Number, ["selisih", "difference"]),
        Column::people(Holds::Text, ["angka", "figure"]),
    ];
    let mut table = Table::new(language, columns);
    for FigureChange { before, after, difference, name, unit, .. } in compared.figures {
        let told = |value: Option<u64>| told_value(&Figure { name, unit: *unit, value }, language);
        table.row([
            told(*before),
            told(*after),
            difference.map_or(Cell::Unknown, |difference| match unit {
                FigureUnit::BasisPoint => points(difference, language),
                _ => Cell::Change(difference.into()),
            }),
            called_figure(name, *unit, language).into(),
        ]);
    }
    table
}

/// How far two shares are apart, in points of a percent.
fn points(difference: i64, language: Language) -> Cell {
    let sign = match difference.signum() {
        1 => "+",
        -1 => "-",
        _ => "",
    };
    format!("{sign}{} %", hundredths(difference.unsigned_abs(), language)).into()
}

/// What stands over the figure that somebody is behind.
const BEHIND: [&str; 2] = ["di balik angka", "behind the figure"];

/// The figures that members are told to count in.
fn counted_in(compared: &ComparedAnswers<'_>) -> Vec<&'static str> {
    counting(&compared.figures.iter().map(|figure| figure.name).collect::<Vec<_>>()).collect()
}

/// A row for each figure and kind of member: a figure may count something else than those who are behind it.
pub(super) fn members(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Text, ["siapa", "who"]),
        Column::people(Holds::Number, ["masuk", "entered"]),
        Column::people(Holds::Number, ["keluar", "left"]),
        Column::people(Holds::Number, ["tetap", "stayed"]),
        Column::people(Holds::Text, BEHIND),
    ];
    let mut table = Table::new(language, columns);
    let counted = counted_in(compared);
    for figure in compared.figures.iter().filter(|figure| counted.contains(&figure.name)) {
        if figure.members_unknown {
            // Who counts on the one side counted on the other, or did not: nobody knows.
            let behind = called_figure(figure.name, figure.unit, language);
            table.row([Cell::Unknown, Cell::Unknown, Cell::Unknown, Cell::Unknown, behind.into()]);
        }
        for FigureMembers { entered, kind, left, stayed } in &figure.members {
            table.row([
                members_of(*kind, language).into(),
                (*entered).into(),
                (*left).into(),
                (*stayed).into(),
                called_figure(figure.name, figure.unit, language).into(),
            ]);
        }
    }
    table
}

/// Between two days: of how many members of a kind the same is true, by figure, by how they differ in it, and by what
/// brought that about.
type Reasons = BTreeMap<(Option<usize>, Difference, MemberKind, Vec<CauseKind>), u64>;

/// Who entered and left each figure, and who changed otherwise, by the step that made them stand as they do in the end.
fn reasons(compared: &ComparedAnswers<'_>) -> Reasons {
    let counted = counted_in(compared);
    let mut reasons = Reasons::new();
    for member in &compared.members {
        if member.steps.is_empty() && member.unfound_days.is_empty() {
            continue;
        }
        let mut add = |place: Option<usize>, how, step: Option<&ComparedStep>| {
            let name = place.and_then(|place| compared.figures.get(place)).map(|figure| figure.name);
            // Without a presence on that day nobody was present.
            let cause = |one: &ComparedCause| match name.filter(|_| !one.events.is_empty()) {
                Some(name) => one.cause.in_figure(name),
                None => one.cause,
            };
            let kinds = step.map(|step| step.causes.iter().map(cause).collect());
            *reasons.entry((place, how, member.kind, kinds.unwrap_or_default())).or_default() += 1;
        };
        let [entered, left] = member.figures_changed();
        let recounted: Vec<&str> = member.amounts_changed().into_iter().map(|(name, _)| name).collect();
        for (place, FigureChange { name, .. }) in compared.figures.iter().enumerate() {
            let told = counted.contains(name);
            if told && entered.contains(name) {
                add(Some(place), Difference::Entered, member.deciding(|step| step.entered.contains(name)));
            }
            if told && left.contains(name) {
                add(Some(place), Difference::Left, member.deciding(|step| step.left.contains(name)));
            }
            if told && recounted.contains(name) {
                add(Some(place), Difference::Recounted, member.deciding(|_| true));
            }
        }
        if entered.is_empty() && left.is_empty() && recounted.is_empty() {
            add(None, member.difference, member.deciding(|_| true));
        }
    }
    reasons
}

pub(super) fn causes(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Text, BEHIND).once(),
        Column::people(Holds::Text, ["selisih", "difference"]).once(),
        Column::people(Holds::Text, ["siapa", "who"]),
        Column::people(Holds::Number, ["banyaknya", "how many"]),
        Column::people(Holds::Text, ["sebab", "why"]),
    ];
    let mut rows: Vec<_> = reasons(compared).into_iter().collect();
    rows.sort_by_key(|((figure, difference, kind, _), count)| {
        (figure.is_none(), *figure, *difference, *kind, std::cmp::Reverse(*count))
    });
    let is_of_one = compared.figures.len() == 1;
    let mut table = Table::new(language, columns);
    for ((figure, how, kind, causes), count) in rows {
        let mut words: Vec<&str> = causes.iter().map(|kind| cause_words(*kind, language)).collect();
        words.dedup();
        let words = if words.is_empty() { unfound_words(language).to_owned() } else { words.join("; ") };
        let figure = match figure.and_then(|place| compared.figures.get(place)) {
            _ if is_of_one => Cell::None,
            Some(one) => called_figure(one.name, one.unit, language).into(),
            None => language.pick("angka yang sama", "the same figures").into(),
        };
        table.row([
            figure,
            difference(how, language).into(),
            members_of(kind, language).into(),
            count.into(),
            words.into(),
        ]);
    }
    table
}
