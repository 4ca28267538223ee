//! Every answer that has rows is a [`Table`]: columns of a kind under titles, cells that are values and no texts. Pure.
//!
//! Whoever shows it lays it out: [`Table::to_text`] for a terminal, [`Table::write_csv`] for programs. Must never know
//! what a question was, nor change a value on its way out.
//!
//! Only we break lines: a line break inside a text of an event or a file is shown as what it is, so that nobody's text
//! passes for a line or a row of ours.

mod csv;
mod terminal;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jejak_events::area::AreaCode;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::values::Date;

pub use self::csv::Csv;
use super::event_words::{day, happened_words, moment};
use super::language::{Language, grouped, hundredths};

/// What the cells of a column are: how far they may be broken, and on which side they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Identifiers, codes and hashes, which are copied whole.
    Id,
    /// What somebody or something is called.
    Name,
    /// Counts and other numbers, perhaps with their unit.
    Number,
    /// Shares and factors, in hundredths.
    Share,
    /// Rupiah.
    Money,
    /// Days and moments.
    Day,
    /// Any words.
    Text,
}

impl Holds {
    /// Whether cells stand to the right, and are numbers to a spreadsheet.
    fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Share | Self::Money)
    }
}

/// Who gets a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    All,
    People,
    Programs,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    holds: Holds,
    key: &'static str,
    title: [Cow<'static, str>; 2],
    readers: Readers,
    is_said_once: bool,
}

impl Column {
    const fn new(holds: Holds, key: &'static str, title: [&'static str; 2], readers: Readers) -> Self {
        let title = [Cow::Borrowed(title[0]), Cow::Borrowed(title[1])];
        Self { holds, key, title, readers, is_said_once: false }
    }

    /// A column for everybody: its name for programs, which never changes, and its title in Indonesian and English.
    #[must_use]
    pub const fn both(holds: Holds, key: &'static str, title: [&'static str; 2]) -> Self {
        Self::new(holds, key, title, Readers::All)
    }

    /// The same column, of something else.
    #[must_use]
    pub fn holding(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }

    /// A column that only people get.
    #[must_use]
    pub const fn people(holds: Holds, title: [&'static str; 2]) -> Self {
        Self::new(holds, "", title, Readers::People)
    }

    /// A column that only programs get.
    #[must_use]
    pub const fn programs(holds: Holds, key: &'static str) -> Self {
        Self::new(holds, key, ["", ""], Readers::Programs)
    }

    /// The same, its title made of what it holds.
    #[must_use]
    pub fn titled(holds: Holds, title: [String; 2]) -> Self {
        Self { title: title.map(Cow::Owned), ..Self::people(holds, ["", ""]) }
    }

    /// The column in which people are told a value once where several rows in a row share it, and what is left of it.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.is_said_once = true;
        self
    }
}

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: the column does not apply. A column that applies to no row is not shown to people.
    None,
    /// Not known: `-` for people, nothing for programs.
    Unknown,
    /// An identifier, a code that has no words, a hash.
    Id(String),
    /// A number.
    Number(i128),
    /// A number and what it counts, which programs are told in a column of its own.
    Amount(i128, String),
    /// A difference; people see its sign.
    Change(i128),
    /// Hundredths: `1,25` for people.
    Hundredths(u64),
    /// Hundredths of a percent: `80,05 %` for people.
    Share(u64),
    /// A day.
    Day(Date),
    /// When something happened, as exactly as that is known.
    Happened(ValidTime),
    /// When something was recorded, and where, which tells the time zone for people.
    Recorded(RecordedTime, AreaCode),
    /// Indexes of events.
    Events(Vec<u64>),
    /// A code for programs, words for people.
    Coded(String, String),
    /// A text, whoever wrote it.
    Text(String),
    /// Lines that we lay out; each of them is one line, whatever its text holds.
    Lines(Vec<String>),
}

impl Cell {
    /// A value, or that it is not known.
    pub fn known(value: Option<impl Into<Self>>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }

    /// An identifier.
    pub fn id(value: impl ToString) -> Self {
        Self::Id(value.to_string())
    }

    /// A code and its words.
    pub fn coded(code: impl Into<String>, words: impl Into<String>) -> Self {
        Self::Coded(code.into(), words.into())
    }

    /// It on one line, as people read it.
    #[must_use]
    pub fn to_words(&self, language: Language) -> String {
        self.shown(language).join(" ")
    }

    /// Its lines as people read them.
    fn shown(&self, language: Language) -> Vec<String> {
        vec![match self {
            Self::None => String::new(),
            Self::Unknown => "-".to_owned(),
            Self::Id(text) | Self::Text(text) | Self::Coded(_, text) => text.clone(),
            Self::Number(value) => grouped(*value, language),
            Self::Amount(value, unit) => format!("{} {unit}", grouped(*value, language)),
            Self::Change(value) if *value > 0 => format!("+{}", grouped(*value, language)),
            Self::Change(value) => grouped(*value, language),
            Self::Hundredths(value) => hundredths(*value, language),
            Self::Share(value) => format!("{} %", hundredths(*value, language)),
            Self::Day(date) => day(date, language),
            Self::Happened(time) => happened_words(*time, language),
            Self::Recorded(time, area) => moment(*time, *area, language),
            Self::Events(indexes) => joined(indexes),
            Self::Lines(lines) => return lines.clone(),
        }]
    }

    /// Its value as programs read it.
    fn raw(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::None | Self::Unknown => String::new(),
            Self::Id(text) | Self::Text(text) | Self::Coded(text, _) => return Cow::Borrowed(text),
            Self::Number(value) | Self::Amount(value, _) | Self::Change(value) => value.to_string(),
            Self::Hundredths(value) | Self::Share(value) => value.to_string(),
            Self::Day(date) => date.to_string(),
            Self::Happened(time) => time.to_string(),
            Self::Recorded(time, _) => time.to_string(),
            Self::Events(indexes) => joined(indexes),
            Self::Lines(lines) => lines.join("\n"),
        })
    }
}

/// Indexes of events, apart by spaces.
#[must_use]
pub fn joined(indexes: &[u64]) -> String {
    indexes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Cells are made of values of a type in one way only.
macro_rules! cell_from {
    ($($of:ty => $make:expr),* $(,)?) => {
        $(impl From<$of> for Cell {
            fn from(value: $of) -> Self {
                #[allow(clippy::redundant_closure_call, reason = "one shape for all of them")]
                ($make)(value)
            }
        })*
    };
}
cell_from! {
    u32 => |value| Self::Number(i128::from(value)),
    u64 => |value| Self::Number(i128::from(value)),
    i64 => |value| Self::Number(i128::from(value)),
    i128 => Self::Number,
    usize => |value: usize| Self::Number(value.try_into().unwrap_or(i128::MAX)),
    Date => Self::Day,
    ValidTime => Self::Happened,
    AreaCode => Self::id,
    Vec<u64> => Self::Events,
    &[u64] => |value: &[u64]| Self::Events(value.to_vec()),
    &Vec<u64> => |value: &Vec<u64>| Self::Events(value.clone()),
    String => Self::Text,
    &String => |value: &String| Self::Text(value.clone()),
    &str => |value: &str| Self::Text(value.to_owned()),
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

/// Rows under columns, in one language.
#[derive(Clone, Debug)]
pub struct Table {
    language: Language,
    columns: Vec<Column>,
    rows: Vec<(Readers, Vec<Cell>)>,
    /// What every row ends with, for programs.
    ends: Vec<(Column, Cell)>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(language: Language, columns: impl IntoIterator<Item = Column>) -> Self {
        Self { language, columns: columns.into_iter().collect(), rows: Vec::new(), ends: Vec::new() }
    }

    /// The same, every row of which ends with these cells for programs: what was asked, and of which log.
    #[must_use]
    pub fn ending(mut self, ends: impl IntoIterator<Item = (Holds, &'static str, Cell)>) -> Self {
        let end = |(holds, key, cell)| (Column::programs(holds, key), cell);
        self.ends.extend(ends.into_iter().map(end));
        self
    }

    /// Adds a row, one cell for each column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.row_for(Readers::All, cells);
    }

    /// Adds a row that only people get.
    pub fn row_for_people(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.row_for(Readers::People, cells);
    }

    /// Adds a row that only programs get.
    pub fn row_for_programs(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.row_for(Readers::Programs, cells);
    }

    fn row_for(&mut self, readers: Readers, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push((readers, cells));
    }

    /// Whether it has no rows for people.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows_but_for(Readers::Programs).next().is_none()
    }

    fn rows_but_for(&self, others: Readers) -> impl Iterator<Item = &Vec<Cell>> {
        self.rows.iter().filter(move |(readers, _)| *readers != others).map(|(_, cells)| cells)
    }
}
