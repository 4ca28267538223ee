//! Tables for people, JSON and CSV for programs.
//!
//! A command says its content once as [`Sheet`]s and once as a serialisable value; this module must
//! never change a value on its way out, but for what would act instead of being read: characters that
//! steer a terminal, and text that a spreadsheet would take for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use jejak_events::tree::Hash;
use serde::Serialize;

use super::exit::Stop;

/// A line under the headings, one at the end, and nothing between rows.
const RULED: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Rows under headings.
pub struct Sheet {
    headings: Vec<String>,
    /// Columns of numbers stand to the right.
    numeric: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An empty sheet. A heading that starts with `#` marks a column of numbers.
    pub fn new<S: Into<String>>(headings: impl IntoIterator<Item = S>) -> Self {
        let headings: Vec<String> = headings.into_iter().map(Into::into).collect();
        let numeric = headings.iter().map(|heading| heading.starts_with('#')).collect();
        let headings = headings.iter().map(|heading| heading.trim_start_matches('#').to_owned()).collect();
        Self { headings, numeric, rows: Vec::new() }
    }

    /// Adds a row, one text for each heading.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sheet as a table for people, as wide as the terminal.
    pub fn to_table(&self) -> String {
        let mut table = Table::new();
        table.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic);
        let cell = |(text, numeric): (&String, &bool)| {
            let alignment = if *numeric { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(printable(text)).set_alignment(alignment)
        };
        table.set_header(self.headings.iter().zip(&self.numeric).map(cell).collect::<Vec<_>>());
        for row in &self.rows {
            table.add_row(row.iter().zip(&self.numeric).map(cell).collect::<Vec<_>>());
        }
        table.trim_fmt()
    }

    /// Writes the sheet as CSV (RFC 4180), with a heading line where one is due. Text that a
    /// spreadsheet would take for a formula gets a leading `'`.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv(&self, out: &mut dyn Write, with_heading: bool) -> Result<(), Stop> {
        let mut writer = csv::Writer::from_writer(out);
        let failed = |error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(error) => Stop::from(error),
            other => Stop::Failed(anyhow::anyhow!("cannot write the output as CSV: {other:?}")),
        };
        if with_heading {
            writer.write_record(&self.headings).map_err(failed)?;
        }
        for row in &self.rows {
            for cell in row {
                writer.write_field(no_formula(cell).as_bytes()).map_err(failed)?;
            }
            writer.write_record(None::<&[u8]>).map_err(failed)?;
        }
        Ok(writer.flush()?)
    }
}

/// A cell of CSV that no spreadsheet calculates: one that begins like a formula gets a leading `'`. A
/// whole number, also below zero, stays a number, and a hash in base64 stays whole: one in 64 begins with
/// `+`, none calls anything, and whoever compares roots compares every character.
fn no_formula(cell: &str) -> Cow<'_, str> {
    if Hash::from_base64(cell).is_some() {
        return Cow::Borrowed(cell);
    }
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

/// Characters that show nothing and change how others are shown: of no width, line and paragraph
/// separators, and those that turn the direction of writing.
fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// A line of text from events or files that goes to a terminal: control characters, line breaks and unseen ones
/// become visible, so that nobody's text can move the cursor, recolour or reorder what others see, or pass for a line
/// of ours.
pub fn printable(text: &str) -> String {
    let harmless = |char: char| !(char.is_control() || is_unseen(char));
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|char| {
            let escaped: Vec<char> =
                if harmless(char) { vec![char] } else { char.escape_unicode().collect() };
            escaped
        })
        .collect()
}

/// Indexes of events, apart by spaces.
#[must_use]
pub fn joined(indexes: &[u64]) -> String {
    indexes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Writes one JSON document, indented, with a newline behind it.
///
/// # Errors
/// When the output cannot be written.
pub fn write_json(out: &mut dyn Write, value: &impl Serialize) -> Result<(), Stop> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// An answer with what every answer says of its registry.
#[derive(Serialize)]
struct Marked<'a, T> {
    #[serde(flatten)]
    value: &'a T,
    synthetic: bool,
}

/// Writes an answer, an object without a place in the log, as [`write_json`] does, and `synthetic` behind it.
///
/// # Errors
/// When the output cannot be written.
pub fn write_marked(out: &mut dyn Write, value: &impl Serialize, synthetic: bool) -> Result<(), Stop> {
    write_json(out, &Marked { value, synthetic })
}

/// A column of CSV that every row of an answer has.
pub const SYNTHETIC_COLUMN: &str = "synthetic";

/// Standard output, buffered.
pub fn stdout() -> io::BufWriter<io::StdoutLock<'static>> {
    io::BufWriter::with_capacity(1 << 18, io::stdout().lock())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_steers_a_terminal() {
        assert_eq!(printable("Batik \u{1b}[31mTulis\nVERIFIED"), "Batik \\u{1b}[31mTulis\\u{a}VERIFIED");
        for unseen in [
            '\u{200b}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}',
            '\u{feff}', '\u{61c}', '\u{2060}', '\u{2064}',
        ] {
            let said = printable(&format!("a{unseen}b"));
            assert_eq!(said, format!("a\\u{{{:x}}}b", u32::from(unseen)));
        }
        let plain = "Kerajinan “Rotan” – Ölçü, 工芸 \u{2010}\u{2030}";
        assert_eq!(printable(plain), plain);
    }

    #[test]
    fn no_cell_and_no_heading_of_a_table_steers_a_terminal() {
        let mut sheet = Sheet::new(["na\u{1b}[2Jme", "#fig\u{202e}ure"]);
        sheet.row(["Batik \u{1b}[31mTulis\u{7}", "1\u{202e}2"]);
        let table = sheet.to_table();
        let steers = |char: char| char != '\n' && (char.is_control() || is_unseen(char));
        assert!(!table.chars().any(steers), "{table:?}");
        for shown in ["\\u{1b}[2J", "\\u{202e}", "\\u{1b}[31m", "\\u{7}"] {
            assert!(table.contains(shown), "{shown}: {table}");
        }
    }

    #[test]
    fn no_cell_of_csv_is_a_formula_and_numbers_stay_numbers() {
        for formula in ["=1+1", "+62 812", "+62812", "-", "-1+1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(no_formula(formula), format!("'{formula}"));
        }
        let hash = Hash([0xf8; 32]).to_string();
        assert!(hash.starts_with('+'), "{hash}");
        for plain in [hash.as_str(), "", "12", "-12", "0", "a=1", "2025-10-08", "'=1"] {
            assert_eq!(no_formula(plain), plain);
        }
        let mut sheet = Sheet::new(["name", "value"]);
        sheet.row(["=HYPERLINK(\"x\")", "-3"]);
        let mut written = Vec::new();
        sheet.write_csv(&mut written, true).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "name,value\n\"'=HYPERLINK(\"\"x\"\")\",-3\n");
    }
}
