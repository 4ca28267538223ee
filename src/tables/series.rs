//! A view over time.

use jejak_projections::answer::{Figure, FigureUnit, Share};
use jejak_projections::series::{Series, SeriesPeriod};

use super::known;
use super::view::heading;
use crate::answer_json::{LogPlace, words_of};
use crate::words::event_words::{calendar_words, day};
use crate::words::figures::title;
use crate::words::language::{Language, text};
use crate::words::table::{Cell, Column, Holds, Table};

/// Columns of numbers beside each other; a page holds no more of them beside a bar.
const NUMBERS_BESIDE: usize = 2;

/// The longest bar, in characters.
const BAR_COLUMNS: u64 = 20;

/// Parts of a character that a bar may end with, from one eighth to seven.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// For programs: a row for each period and figure.
#[must_use]
pub fn figures(series: &Series, log: &LogPlace, language: Language) -> Table {
    let columns = [
        (Holds::Id, "view"),
        (Holds::Id, "by"),
        (Holds::Id, "period"),
        (Holds::Id, "is_whole"),
        (Holds::Id, "figure"),
        (Holds::Id, "unit"),
        (Holds::Number, "value"),
        (Holds::Number, "version"),
        (Holds::Day, "from"),
        (Holds::Day, "on"),
    ];
    let columns = columns.map(|(holds, key)| Column::programs(holds, key));
    let words = words_of(series.view).map(|words| (Holds::Text, "words", words.en.into()));
    let mut table = Table::new(language, columns).ending(known(log).into_iter().chain(words));
    for SeriesPeriod { figures, from, is_whole, on, period, .. } in &series.periods {
        for figure in figures {
            table.row([
                Cell::id(series.view),
                Cell::id(series.by.name()),
                Cell::id(period),
                Cell::id(is_whole),
                Cell::id(figure.name),
                Cell::id(figure.unit.name()),
                Cell::known(figure.value),
                series.version.into(),
                (*from).into(),
                (*on).into(),
            ]);
        }
    }
    table
}

/// A figure or a share over all periods.
struct Line {
    name: &'static str,
    column: Column,
    values: Vec<Option<u64>>,
    is_share: bool,
}

impl Line {
    fn of_figure(place: usize, figure: &Figure, series: &Series) -> Self {
        let is_money = matches!(figure.unit, FigureUnit::Rupiah | FigureUnit::RupiahEach);
        let holds = if is_money { Holds::Money } else { Holds::Number };
        Self {
            name: figure.name,
            column: Column::titled(holds, [Language::Id, Language::En].map(|in_| heading(figure, in_))),
            values: series.periods.iter().map(|period| period.figures[place].value).collect(),
            is_share: false,
        }
    }

    fn of_share(place: usize, share: &Share, series: &Series) -> Self {
        let words = title(share.name);
        Self {
            name: share.name,
            column: Column::people(Holds::Share, [words.id, words.en]),
            values: series.periods.iter().map(|period| period.shares[place].basis_points).collect(),
            is_share: true,
        }
    }

    fn cell(&self, place: usize) -> Cell {
        match self.is_share {
            true => Cell::known(self.values[place].map(Cell::Share)),
            false => Cell::known(self.values[place]),
        }
    }
}

/// For people: a row for each period, with a bar for the first figure that ever counts. Of many figures a few stand in each table.
#[must_use]
pub fn tables(series: &Series, language: Language) -> Vec<Table> {
    let Some(first) = series.periods.first() else { return Vec::new() };
    let figures = first.figures.iter().enumerate().map(|(place, one)| Line::of_figure(place, one, series));
    let shares = first.shares.iter().enumerate().map(|(place, one)| Line::of_share(place, one, series));
    let lines: Vec<Line> = figures.chain(shares).collect();
    let table = |lines: &[Line]| table(series, lines, language);
    lines.chunks(NUMBERS_BESIDE).map(table).collect()
}

fn table(series: &Series, lines: &[Line], language: Language) -> Table {
    let counts = |line: &Line| line.values.iter().any(|value| value.is_some_and(|value| value > 0));
    let place = lines.iter().position(counts).unwrap_or(0);
    let most = lines[place].values.iter().flatten().copied().max().unwrap_or(0);
    let bars = [Language::Id, Language::En].map(|in_| in_.words(title(lines[place].name)).to_owned());
    let columns = [Column::people(Holds::Day, ["masa", "period"])]
        .into_iter()
        .chain(lines.iter().map(|line| line.column.clone()))
        .chain([Column::titled(Holds::Id, bars)]);
    let mut table = Table::new(language, columns);
    for (at, period) in series.periods.iter().enumerate() {
        let mark = if period.is_whole { "" } else { CUT };
        let called = format!("{}{mark}", calendar_words(period.period, language));
        let bar = (most > 0).then(|| bar(lines[place].values[at].unwrap_or(0), most));
        let numbers = lines.iter().map(|line| line.cell(at));
        table.row(std::iter::once(called.into()).chain(numbers).chain([bar.into()]));
    }
    table
}

/// A bar from 0, the longest for the most; whatever is not 0 shows.
fn bar(value: u64, most: u64) -> String {
    if value == 0 || most == 0 {
        return String::new();
    }
    let eighths = u128::from(value) * u128::from(BAR_COLUMNS * 8) / u128::from(most);
    let eighths = usize::try_from(eighths.max(1)).unwrap_or(usize::MAX);
    let part = (eighths % 8).checked_sub(1).map_or("", |part| EIGHTHS[part]);
    format!("{}{part}", "█".repeat(eighths / 8))
}

/// Behind the name of a period of which not all days are counted.
const CUT: &str = "*";

/// Of which periods not all days are counted, and which are.
#[must_use]
pub fn cuts(series: &Series, language: Language) -> Vec<String> {
    let cut = |period: &SeriesPeriod| {
        let days = counted_days(period, language)?;
        Some(format!("{CUT} {} {days}", calendar_words(period.period, language)))
    };
    series.periods.iter().filter_map(cut).collect()
}

/// Which days of a calendar period are counted, where it is not all of them.
fn counted_days(period: &SeriesPeriod, language: Language) -> Option<String> {
    let whole = period.period.period();
    let from = period.from.filter(|from| *from != whole.from).map(|from| day(from, language));
    let on = (period.on != whole.to).then(|| day(period.on, language));
    match (from, on) {
        (Some(from), Some(on)) => {
            Some(text!(language, "dari {from} sampai {on} saja", "from {from} to {on} only"))
        }
        (Some(from), None) => Some(text!(language, "dari {from} saja", "from {from} only")),
        (None, Some(on)) => Some(text!(language, "sampai {on} saja", "until {on} only")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_most() {
        let of = |value, most| bar(value, most);
        assert_eq!(of(0, 9), "");
        assert_eq!(of(0, 0), "");
        assert_eq!(of(160, 160), "█".repeat(20));
        assert_eq!(of(84, 160), format!("{}▌", "█".repeat(10)));
        // Little is not nothing.
        assert_eq!(of(1, u64::MAX), "▏");
        assert_eq!(of(u64::MAX, u64::MAX), "█".repeat(20));
    }
}
