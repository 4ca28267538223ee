//! A view over time.

use jejak_events::values::Date;
use jejak_projections::answer::{Figure, FigureUnit, Share};
use jejak_projections::series::{Series, SeriesPeriod, SeriesRule};

use super::view::{heading, told_value};
use super::{known, narrowed};
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
    let ends = narrowed(&series.question).into_iter().chain(known(log)).chain(words);
    let mut table = Table::new(language, columns).ending(ends);
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
    column: Column,
    values: Vec<Option<u64>>,
    cells: Vec<Cell>,
}

impl Line {
    fn of_figure(place: usize, figure: &Figure, series: &Series, language: Language) -> Self {
        let is_money = matches!(figure.unit, FigureUnit::Rupiah | FigureUnit::RupiahEach);
        let holds = if is_money { Holds::Money } else { Holds::Number };
        Self {
            column: Column::titled(holds, [Language::Id, Language::En].map(|in_| heading(figure, in_))),
            values: series.periods.iter().map(|period| period.figures[place].value).collect(),
            cells: series.periods.iter().map(|one| told_value(&one.figures[place], language)).collect(),
        }
    }

    fn of_share(place: usize, share: &Share, series: &Series) -> Self {
        let words = title(share.name);
        Self {
            column: Column::people(Holds::Share, [words.id, words.en]),
            values: series.periods.iter().map(|period| period.shares[place].basis_points).collect(),
            cells: series
                .periods
                .iter()
                .map(|period| Cell::known(period.shares[place].basis_points.map(Cell::Share)))
                .collect(),
        }
    }
}

/// For people: a row for each period, with a bar for the first figure that ever counts. Of many figures a few stand in each table.
#[must_use]
pub fn tables(series: &Series, language: Language) -> Vec<Table> {
    let Some(first) = series.periods.first() else { return Vec::new() };
    let figures =
        first.figures.iter().enumerate().map(|(place, one)| Line::of_figure(place, one, series, language));
    let shares = first.shares.iter().enumerate().map(|(place, one)| Line::of_share(place, one, series));
    let lines: Vec<Line> = figures.chain(shares).collect();
    let table = |lines: &[Line]| table(series, lines, language);
    lines.chunks(NUMBERS_BESIDE).map(table).collect()
}

fn table(series: &Series, lines: &[Line], language: Language) -> Table {
    let counts = |line: &Line| line.values.iter().any(|value| value.is_some_and(|value| value > 0));
    let place = lines.iter().position(counts).unwrap_or(0);
    let most = lines[place].values.iter().flatten().copied().max().unwrap_or(0);
    let columns = [Column::people(Holds::Day, ["masa", "period"])]
        .into_iter()
        .chain(lines.iter().map(|line| line.column.clone()))
        .chain([lines[place].column.clone().holding(Holds::Id)]);
    let mut table = Table::new(language, columns);
    for (at, period) in series.periods.iter().enumerate() {
        let mark = if period.is_whole || !series.has_begun(period) { "" } else { CUT };
        let called = format!("{}{mark}", calendar_words(period.period, language));
        let bar = (most > 0).then(|| bar(lines[place].values[at].unwrap_or(0), most));
        let numbers = lines.iter().map(|line| line.cells[at].clone());
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

/// Of which periods not all days are counted, and which are; which have not begun; and that nothing is recorded after a
/// day, the last of the records known, where a period lies wholly behind it.
#[must_use]
pub fn notes(series: &Series, recorded: Option<Date>, language: Language) -> Vec<String> {
    let (begun, to_come): (Vec<_>, Vec<_>) =
        series.periods.iter().partition(|period| series.has_begun(period));
    let mut notes: Vec<String> = begun.iter().filter_map(|period| cut(series, period, language)).collect();
    if let (Some(first), Some(last)) = (to_come.first(), to_come.last()) {
        let [from, to] = [first, last].map(|period| calendar_words(period.period, language));
        let periods =
            if to_come.len() == 1 { from } else { text!(language, "{from} sampai {to}", "{from} to {to}") };
        notes.push(text!(language, "- {periods} belum mulai", "- {periods} not begun yet"));
    }
    let after = recorded.filter(|recorded| begun.iter().any(|period| period.begins() > *recorded));
    notes.extend(after.map(|after| nothing_after(series.rule, day(after, language), language)));
    notes
}

/// That nothing is recorded after a day, and what the rows of later periods are worth.
fn nothing_after(rule: SeriesRule, after: String, language: Language) -> String {
    match rule {
        SeriesRule::Flow => text!(
            language,
            "sesudah {after} belum ada fakta yang dicatat; 0 untuk masa sesudahnya hanya berarti itu",
            "no facts are recorded after {after}; 0 for later periods means only that"
        ),
        SeriesRule::State => text!(
            language,
            "sesudah {after} belum ada fakta yang dicatat; keadaan masa sesudahnya disimpulkan dari yang ada",
            "no facts are recorded after {after}; the state of later periods follows from what there is"
        ),
    }
}

/// What is to be said of a period that has begun and of which not all days are counted.
fn cut(series: &Series, period: &SeriesPeriod, language: Language) -> Option<String> {
    let is_running =
        series.today.is_some_and(|today| period.period.period().to.min(series.question.on) > today);
    let running = is_running.then(|| language.pick("belum selesai", "not over yet").to_owned());
    let said: Vec<String> = counted_days(period, language).into_iter().chain(running).collect();
    let called = calendar_words(period.period, language);
    (!said.is_empty()).then(|| format!("{CUT} {called} {}", said.join(", ")))
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
    use jejak_projections::calendar::PeriodLength;
    use jejak_projections::facts::Facts;
    use jejak_projections::question::Question;
    use jejak_projections::views::view;

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

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// The registry of nobody, by quarter, asked on a day.
    fn by_quarter(from: &str, on: &str, today: &str) -> Series {
        let question = Question { from: Some(date(from)), ..Question::new(date(on), 0) };
        let view = view("certificates").unwrap();
        view.series_on(&Facts::default(), &question, PeriodLength::Quarter, date(today)).unwrap()
    }

    #[test]
    fn what_has_not_begun_is_not_known_and_what_is_not_over_says_so() {
        let series = by_quarter("2025-02-01", "2026-03-31", "2025-07-09");
        assert_eq!(
            notes(&series, Some(date("2025-07-01")), Language::En),
            [
                "* Q1 2025 from 1 Feb 2025 only",
                "* Q3 2025 until 9 Jul 2025 only, not over yet",
                "- Q4 2025 to Q1 2026 not begun yet"
            ]
        );
        assert_eq!(
            notes(&by_quarter("2025-04-01", "2025-10-20", "2025-10-09"), None, Language::Id),
            ["* triwulan 4 2025 sampai 9 Okt 2025 saja, belum selesai"]
        );
        let page = tables(&series, Language::En)[0].to_text(100);
        for said in [
            " Q2 2025                        0",
            " Q3 2025*                       0",
            " Q4 2025                        -",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let one = by_quarter("2025-04-01", "2025-12-31", "2025-09-30");
        assert_eq!(notes(&one, None, Language::Id), ["- triwulan 4 2025 belum mulai"]);
        assert!(notes(&by_quarter("2025-04-01", "2025-12-31", "2025-12-31"), None, Language::Id).is_empty());
    }

    /// Beside a figure of another unit it is the unit that says which of the two is drawn.
    #[test]
    fn a_bar_stands_under_the_heading_of_the_column_that_it_draws() {
        let question = Question { from: Some(date("2024-01-01")), ..Question::new(date("2025-12-31"), 0) };
        let view = view("certified").unwrap();
        let mut series = view.series(&Facts::default(), &question, PeriodLength::Year).unwrap();
        series.periods[0].figures[0].value = Some(1);
        let page = tables(&series, Language::Id)[0].to_text(100);
        let heading = page.lines().next().unwrap();
        assert_eq!(heading.matches("bersertifikat (IKM)").count(), 2, "{page}");
        assert_eq!(heading.matches("bersertifikat (orang)").count(), 1, "{page}");
    }

    #[test]
    fn after_the_last_record_nothing_is_recorded() {
        let after = |recorded| {
            let series = by_quarter("2025-04-01", "2025-12-31", "2026-02-01");
            notes(&series, Some(date(recorded)), Language::En)
        };
        assert_eq!(
            after("2025-09-30"),
            ["no facts are recorded after 30 Sep 2025; 0 for later periods means only that"]
        );
        // Something is, in the last period.
        assert!(after("2025-10-01").is_empty());
        let state =
            Series { rule: SeriesRule::State, ..by_quarter("2025-04-01", "2025-12-31", "2026-02-01") };
        assert_eq!(
            notes(&state, Some(date("2025-09-30")), Language::Id),
            [
                "sesudah 30 Sep 2025 belum ada fakta yang dicatat; keadaan masa sesudahnya disimpulkan dari yang ada"
            ]
        );
        // What has not begun is not known, whatever was recorded.
        let to_come = by_quarter("2026-04-01", "2026-09-30", "2026-02-01");
        assert_eq!(
            notes(&to_come, Some(date("2025-12-31")), Language::Id),
            ["- triwulan 2 2026 sampai triwulan 3 2026 belum mulai"]
        );
    }
}
