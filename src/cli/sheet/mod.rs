//! Rows under headings: a table for people, CSV for spreadsheets.
//!
//! A cell holds one line, or several lines of ours ([`Cell::Lines`]). Only we break lines: a line break inside a
//! text of an event or a file is shown as what it is, so that nobody's text passes for a line or a row of ours.

mod csv;
mod layout;

use std::io::Write;

pub use self::csv::Csv;
pub use self::layout::{broken, wrapped};
use super::exit::Stop;
use super::output::{page_width, printable};

/// What stands under one heading in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// One line, whatever the text holds.
    Line(String),
    /// Lines laid out by us; each of them is one line, whatever its text holds.
    Lines(Vec<String>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Line(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Line(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Line(text.clone())
    }
}

impl Cell {
    /// Its lines as a terminal may show them.
    fn shown(&self) -> Vec<String> {
        match self {
            Self::Line(text) => vec![printable(text)],
            Self::Lines(lines) => lines.iter().map(|line| printable(line)).collect(),
        }
    }
}

/// Rows under headings.
pub struct Sheet {
    headings: Vec<String>,
    /// Columns of numbers stand to the right.
    numeric: Vec<bool>,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// An empty sheet. A heading that starts with `#` marks a column of numbers; in CSV what stands in any other
    /// column is text.
    pub fn new<S: Into<String>>(headings: impl IntoIterator<Item = S>) -> Self {
        let headings: Vec<String> = headings.into_iter().map(Into::into).collect();
        let numeric = headings.iter().map(|heading| heading.starts_with('#')).collect();
        let headings = headings.iter().map(|heading| heading.trim_start_matches('#').to_owned()).collect();
        Self { headings, numeric, rows: Vec::new() }
    }

    /// Adds a row, one cell for each heading.
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The sheet without the columns in which no row says anything.
    #[must_use]
    pub fn without_empty_columns(mut self) -> Self {
        let says = |cell: &Cell| cell.shown().iter().any(|line| !line.is_empty());
        let kept: Vec<bool> = (0..self.headings.len())
            .map(|column| self.rows.iter().any(|row| row.get(column).is_some_and(says)))
            .collect();
        fn keep<T>(all: &mut Vec<T>, kept: &[bool]) {
            let mut kept = kept.iter();
            all.retain(|_| kept.next().copied().unwrap_or(true));
        }
        keep(&mut self.headings, &kept);
        keep(&mut self.numeric, &kept);
        self.rows.iter_mut().for_each(|row| keep(row, &kept));
        self
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sheet for people, no wider than the page: a table, or, where no table of it is narrow enough, one block
    /// of lines for each row.
    pub fn to_table(&self) -> String {
        self.to_table_within(page_width())
    }

    fn to_table_within(&self, limit: Option<usize>) -> String {
        let shown: Vec<Vec<Vec<String>>> =
            self.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
        let headings: Vec<String> = self.headings.iter().map(|heading| printable(heading)).collect();
        layout::lines(&headings, &self.numeric, &shown, limit).join("\n")
    }

    /// Writes the sheet as CSV for the program named, with a heading line.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv(&self, out: &mut dyn Write, csv: Csv) -> Result<(), Stop> {
        csv::write_headings(out, csv, &self.headings)?;
        self.write_csv_rows(out, csv)
    }

    /// Writes the rows alone.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv_rows(&self, out: &mut dyn Write, csv: Csv) -> Result<(), Stop> {
        for row in &self.rows {
            csv::write_row(out, csv, row, &self.numeric)?;
        }
        Ok(out.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_two() -> Sheet {
        let mut sheet = Sheet::new(["view", "figures", "#events"]);
        let figures = ["77 IKM (enrolled)", "78 orang (enrolled_persons)"].map(str::to_owned);
        sheet.row([Cell::from("enrolled"), Cell::Lines(figures.into()), "1126".into()]);
        sheet
    }

    #[test]
    fn our_lines_break_in_a_cell_and_nobody_elses_do() {
        let table = of_two().to_table_within(None);
        let expected = [
            " view       figures                       events",
            "───────────────────────────────────────────────────",
            " enrolled   77 IKM (enrolled)               1126",
            "            78 orang (enrolled_persons)",
            "───────────────────────────────────────────────────",
        ];
        assert_eq!(table.lines().map(|line| line.replace('─', "-")).collect::<Vec<_>>()[2], expected[2]);
        assert_eq!(table.lines().collect::<Vec<_>>()[3], expected[3]);
        let mut foreign = Sheet::new(["name"]);
        foreign.row(["Batik\nVERIFIED"]);
        foreign.row([Cell::Lines(vec!["one".to_owned(), "two\u{1b}[31m\nthree".to_owned()])]);
        let table = foreign.to_table_within(None);
        assert!(
            table.contains("Batik\\u{a}VERIFIED") && table.contains("two\\u{1b}[31m\\u{a}three"),
            "{table}"
        );
        assert_eq!(table.lines().count(), 6, "{table}");
    }

    #[test]
    fn columns_that_say_nothing_are_left_out() {
        let mut sheet = Sheet::new(["who", "merged into", "#events"]);
        sheet.row(["ikm/1", "", "7"]);
        sheet.row(["ikm/2", "", ""]);
        let table = sheet.without_empty_columns().to_table_within(None);
        assert!(table.starts_with(" who     events\n"), "{table}");
        assert!(table.contains(" ikm/1        7\n"), "{table}");
    }

    #[test]
    fn a_table_is_no_wider_than_its_page() {
        let mut sheet = of_two();
        sheet.row([
            "assessed",
            "a title of many words that goes on and on for more than a page is wide",
            "7",
        ]);
        for limit in [200, 80, 60, 45, 30, 24, 12] {
            let table = sheet.to_table_within(Some(limit));
            let widest = table.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= limit, "{limit}: {widest}\n{table}");
            assert!(table.contains("enrolled") && table.contains("1126"), "{table}");
        }
        // Too narrow for three columns: a block for each row.
        let blocks = sheet.to_table_within(Some(30));
        assert!(blocks.contains("\n view     enrolled\n"), "{blocks}");
    }
}
