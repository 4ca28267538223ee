//! CSV (RFC 4180) in which nothing acts: text that a spreadsheet would calculate, split or take for a number is held.
//!
//! A value is never changed but for the `'` in front of what begins like a formula; with [`Csv::Excel`] a code
//! stands as the text formula `="33.75"`, which has the code itself for a value.

use std::borrow::Cow;
use std::io::{self, Write};

use clap::ValueEnum;
use jejak_events::tree::Hash;
use jejak_events::values::Date;

use super::{Cell, Column, Readers, Table};

/// Which program reads CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Csv {
    /// Any: UTF-8, `,`, lines that end in LF, numbers with a decimal point.
    #[default]
    #[value(skip)]
    Any,
    /// Excel where commas are decimal: a byte order mark, `;`, decimal commas, codes as text.
    Excel,
}

impl Csv {
    fn separator(self) -> &'static str {
        match self {
            Self::Any => ",",
            Self::Excel => ";",
        }
    }

    fn line_end(self) -> &'static str {
        match self {
            Self::Any => "\n",
            Self::Excel => "\r\n",
        }
    }
}

impl Table {
    /// Writes the table as CSV for the program named, with a line of names.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv(&self, out: &mut dyn Write, csv: Csv) -> io::Result<()> {
        if csv == Csv::Excel {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let names: Vec<&str> = self.for_programs().map(|(_, column)| column.key).collect();
        write!(out, "{}{}", names.join(csv.separator()), csv.line_end())?;
        self.write_csv_rows(out, csv)
    }

    /// Writes the rows alone.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv_rows(&self, out: &mut dyn Write, csv: Csv) -> io::Result<()> {
        for row in self.rows_but_for(Readers::People) {
            let ends = self.ends.iter().map(|(_, cell)| cell);
            let cells: Vec<&Cell> = row.iter().chain(ends).collect();
            let fields: Vec<String> = self
                .for_programs()
                .map(|(place, column)| {
                    field(
                        &cells.get(place).map_or("".into(), |cell| cell.raw()),
                        column.holds.is_numeric(),
                        csv,
                    )
                })
                .collect();
            write!(out, "{}{}", fields.join(csv.separator()), csv.line_end())?;
        }
        out.flush()
    }

    /// The columns that programs get, each with its place among the cells of a row.
    fn for_programs(&self) -> impl Iterator<Item = (usize, &Column)> {
        let all = self.columns.iter().chain(self.ends.iter().map(|(column, _)| column));
        all.enumerate().filter(|(_, column)| column.readers != Readers::People)
    }
}

/// A cell as it is written.
fn field(text: &str, numeric: bool, csv: Csv) -> String {
    if numeric && is_number(text) {
        return if csv == Csv::Excel { text.replace('.', ",") } else { text.to_owned() };
    }
    if csv == Csv::Excel && would_be_changed(text) {
        return format!("\"=\"\"{text}\"\"\"");
    }
    let held = no_formula(text);
    let acts =
        held.contains([',', ';', '\t', '"', '\n', '\r']) || held.starts_with(' ') || held.ends_with(' ');
    // Every hash, not only those that happen to begin like a formula or a number.
    let is_code = Hash::from_base64(text).is_some() || (begins_a_number(text) && !begins_a_day(text));
    if acts || begins_a_formula(text) || is_code {
        return format!("\"{}\"", held.replace('"', "\"\""));
    }
    held.into_owned()
}

/// A cell that no spreadsheet calculates: one that begins like a formula gets a leading `'`. A whole number, also
/// below zero, is none, and a hash in base64 stays whole: one in 64 begins with `+`, none calls anything, and
/// whoever compares roots compares every character.
fn no_formula(text: &str) -> Cow<'_, str> {
    if begins_a_formula(text) && !is_number(text) && Hash::from_base64(text).is_none() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// Whether the first character that is no space would make a spreadsheet calculate; full-width ones do too where
/// such are typed.
fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn begins_a_number(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit() || ".,".contains(char))
}

/// A day or a moment as we write it, which means the same to everybody.
fn begins_a_day(text: &str) -> bool {
    text.get(..10).is_some_and(|day| Date::parse(day).is_ok())
}

/// An amount: digits, with a sign and decimals perhaps.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals)
}

/// Whether Excel would make another value of a code: a number without its zeros, a day, an error. A day as we write
/// it stays one.
fn would_be_changed(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_code = |char: char| char.is_ascii_alphanumeric() || " ./:+-_=,%()".contains(char);
    let lower = text.to_ascii_lowercase();
    let may_be = begins_a_number(text)
        || Hash::from_base64(text).is_some()
        || (begins_a_formula(text) && is_number(text))
        || (MONTHS.iter().any(|month| lower.starts_with(month)) && text.len() <= 20)
            && text.contains(|char: char| char.is_ascii_digit());
    // A text in a formula has at most 255 characters.
    may_be && !begins_a_day(text) && text.len() <= 255 && text.chars().all(is_code)
}

#[cfg(test)]
mod tests {
    use super::super::Holds;
    use super::*;
    use crate::words::language::Language;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for formula in [
            "=1+1", "+62 812", "+62812", "-", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1",
            "-1;2",
        ] {
            for csv in [Csv::Any, Csv::Excel] {
                assert_eq!(field(formula, false, csv), format!("\"'{formula}\""));
                assert_eq!(field(formula, true, csv), format!("\"'{formula}\""));
            }
        }
        for (number, excel) in [("12", "12"), ("-12", "-12"), ("0", "0"), ("80.05", "80,05")] {
            assert_eq!(
                (field(number, true, Csv::Any), field(number, true, Csv::Excel)),
                (number.into(), excel.into())
            );
        }
        for plain in ["", "a=1", "registered", "'=1", "Batik Tulis", "2025-10-08", "2025-10-08T03:00:00.000Z"]
        {
            assert_eq!(field(plain, false, Csv::Any), plain);
        }
    }

    #[test]
    fn what_could_split_or_be_taken_for_a_number_is_quoted() {
        for acts in ["a;b", "a,b", "a\tb", "a\nb", "33.75", "13134", "0012", " a", "a "] {
            assert_eq!(field(acts, false, Csv::Any), format!("\"{acts}\""));
        }
        assert_eq!(field("say \"no\"", false, Csv::Any), "\"say \"\"no\"\"\"");
        let hash = Hash([0xf8; 32]).to_string();
        assert!(hash.starts_with('+'), "{hash}");
        assert_eq!(field(&hash, false, Csv::Any), format!("\"{hash}\""));
        assert_eq!(field(&hash, false, Csv::Excel), format!("\"=\"\"{hash}\"\"\""));
    }

    #[test]
    fn excel_keeps_codes_and_reads_days() {
        for code in ["33.75", "33.10", "13134", "0012", "9120001234567", "1E5", "3/2025", "MAR1", "-12"] {
            assert_eq!(field(code, false, Csv::Excel), format!("\"=\"\"{code}\"\"\""));
        }
        for plain in ["ikm/5dcc2d23-c0d7-42a6-b733-ffc938d93d4e", "registered", "Maria", "Batik 5"] {
            assert_eq!(field(plain, false, Csv::Excel), plain);
        }
        assert_eq!(field("2025-10-08", false, Csv::Excel), "2025-10-08");
        let columns = [(Holds::Id, "area"), (Holds::Number, "value"), (Holds::Name, "name")];
        let mut table = Table::new(Language::En, columns.map(|(holds, key)| Column::programs(holds, key)));
        table.row([Cell::id("33.75"), 1_u64.into(), "=HYPERLINK(\"x\")".into()]);
        let written = |csv| {
            let mut written = Vec::new();
            table.write_csv(&mut written, csv).unwrap();
            String::from_utf8(written).unwrap()
        };
        assert_eq!(written(Csv::Any), "area,value,name\n\"33.75\",1,\"'=HYPERLINK(\"\"x\"\")\"\n");
        assert_eq!(
            written(Csv::Excel),
            "\u{feff}area;value;name\r\n\"=\"\"33.75\"\"\";1;\"'=HYPERLINK(\"\"x\"\")\"\r\n"
        );
    }
}
