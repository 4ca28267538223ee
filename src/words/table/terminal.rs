//! Tables for a terminal: columns share the page, cells break between words, and a table that is too wide even so becomes
//! a block of lines for each row.

use unicode_width::UnicodeWidthStr as _;

use super::super::lines::{least_width, printable, wrapped};
use super::{Cell, Column, Holds, Readers, Table};

/// The narrowest value of a block.
const LEAST_VALUE: usize = 8;

/// Lines of a table that are no rows: two rules and the headings.
const LINES_AROUND: usize = 3;

/// Words of a day: `8 Okt 2025`.
const WORDS_OF_DAY: usize = 3;

/// A blank at which nothing breaks.
const GLUE: &str = "\u{a0}";

/// Columns as people see them.
struct PlainTable {
    headings: Vec<String>,
    holds: Vec<Holds>,
    /// A row, a cell, its lines.
    rows: Vec<Vec<Vec<String>>>,
}

impl Table {
    /// The table for people, no line wider than `width` columns but for a number or an identifier that is: under
    /// headings, or, where that is too wide or its broken cells make it the longer one, one block of lines for each row.
    /// Nothing is left out.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let shown = self.shown();
        let ruled = widths(&shown, width).map(|widths| ruled(&shown, &widths));
        let roomy = roomy(&shown, width).map(|widths| self::ruled(&shown, &widths));
        // Of two that are as long, the one whose headings are broken less.
        let ruled = ruled.into_iter().chain(roomy).min_by_key(Vec::len);
        let lines = match ruled {
            Some(ruled) if ruled.len() <= shown.rows.len() + LINES_AROUND => ruled,
            Some(ruled) => {
                let blocks = blocks(&shown, width);
                if blocks.len() < ruled.len() { blocks } else { ruled }
            }
            None => blocks(&shown, width),
        };
        lines.join("\n").replace(GLUE, " ")
    }

    fn shown(&self) -> PlainTable {
        let people = || self.rows_but_for(Readers::Programs);
        let applies = |place: usize| people().any(|row| row.get(place) != Some(&Cell::None));
        let is_shown = |(place, column): &(usize, &Column)| {
            column.readers != Readers::Programs && (self.is_empty() || applies(*place))
        };
        let columns: Vec<(usize, &Column)> = self.columns.iter().enumerate().filter(is_shown).collect();
        let mut rows: Vec<Vec<Vec<String>>> = Vec::new();
        let mut before: Option<&Vec<Cell>> = None;
        for row in people() {
            let mut is_same = true;
            let cells = columns.iter().map(|(place, column)| {
                let cell = row.get(*place).unwrap_or(&Cell::None);
                if column.is_said_once {
                    is_same &= before.and_then(|before| before.get(*place)) == Some(cell);
                    if is_same {
                        return vec![String::new()];
                    }
                }
                let lines = cell.shown(self.language);
                let lines = lines.iter().map(|line| printable(line));
                if column.holds == Holds::Day {
                    lines.map(|line| glued(&line)).collect()
                } else {
                    lines.collect()
                }
            });
            rows.push(cells.collect());
            before = Some(row);
        }
        let heading = |column: &Column| printable(self.language.pick(&column.title[0], &column.title[1]));
        PlainTable {
            headings: columns.iter().map(|(_, column)| heading(column)).collect(),
            holds: columns.iter().map(|(_, column)| column.holds).collect(),
            rows,
        }
    }
}

/// A day and a time of day, each in one piece.
fn glued(moment: &str) -> String {
    let words: Vec<&str> = moment.split(' ').collect();
    let (day, clock) = words.split_at(words.len().min(WORDS_OF_DAY));
    [day, clock].map(|words| words.join(GLUE)).join(" ").trim_end().to_owned()
}

/// Columns of the page that are no cell's: a space on both sides of each, and one between two.
fn overhead(columns: usize) -> usize {
    (3 * columns).saturating_sub(1)
}

/// The width of each column; `None` where even the narrowest table is too wide. Only names and texts are broken, unless
/// there is no other way.
fn widths(shown: &PlainTable, limit: usize) -> Option<Vec<usize>> {
    let natural = each(shown, |_, line| line.width());
    let room = limit.checked_sub(overhead(natural.len()))?;
    let fits = |widths: &Vec<usize>| widths.iter().sum::<usize>() <= room;
    let may_break = |holds: Holds| matches!(holds, Holds::Name | Holds::Text);
    let kept = each(shown, |holds, line| if may_break(holds) { least_width(line) } else { line.width() });
    let least = each(shown, |_, line| least_width(line));
    [kept, least].iter().find_map(|least| {
        // No column is wider than this, unless a word of it is.
        let at = |most: usize| -> Vec<usize> {
            natural.iter().zip(least).map(|(natural, least)| most.clamp(*least, *natural)).collect()
        };
        (0..=room).rev().map(at).find(fits)
    })
}

/// The width of each column where headings of numbers are broken before names and texts are; `None` where that is too wide.
fn roomy(shown: &PlainTable, limit: usize) -> Option<Vec<usize>> {
    let natural = each(shown, |_, line| line.width());
    let room = limit.checked_sub(overhead(natural.len()))?;
    let least = each(shown, |holds, line| match holds {
        Holds::Name | Holds::Text => least_width(line),
        _ => line.width(),
    });
    let is_broken = |place: usize| matches!(shown.holds[place], Holds::Name | Holds::Text);
    let at = |most: usize| -> Vec<usize> {
        let widths = natural.iter().zip(&least).enumerate();
        let width = |(place, (natural, least)): (usize, (&usize, &usize))| match is_broken(place) {
            true => most.clamp(*least, *natural),
            false => *least,
        };
        widths.map(width).collect()
    };
    (0..=room).rev().map(at).find(|widths| widths.iter().sum::<usize>() <= room)
}

/// The most that a column needs of its lines, and of the words of its heading.
fn each(shown: &PlainTable, of: impl Fn(Holds, &str) -> usize) -> Vec<usize> {
    let column = |(place, holds): (usize, &Holds)| {
        let heading = of(Holds::Text, &shown.headings[place]);
        let lines = shown.rows.iter().filter_map(|row| row.get(place)).flatten();
        lines.map(|line| of(*holds, line)).max().unwrap_or(0).max(heading)
    };
    shown.holds.iter().enumerate().map(column).collect()
}

/// A line under the headings, one at the end, and nothing between rows.
fn ruled(shown: &PlainTable, widths: &[usize]) -> Vec<String> {
    let rule = "─".repeat(widths.iter().sum::<usize>() + overhead(widths.len()));
    let headings: Vec<Vec<String>> = shown.headings.iter().map(|heading| vec![heading.clone()]).collect();
    let mut lines = row_lines(&headings, &shown.holds, widths);
    lines.push(rule.clone());
    lines.extend(shown.rows.iter().flat_map(|row| row_lines(row, &shown.holds, widths)));
    lines.push(rule);
    lines
}

fn row_lines(row: &[Vec<String>], holds: &[Holds], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(lines, width)| lines.iter().flat_map(|line| wrapped(line, *width)).collect())
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let mut line = String::new();
        for ((cell, width), holds) in cells.iter().zip(widths).zip(holds) {
            let text = cell.get(number).map_or("", String::as_str);
            let room = " ".repeat(width.saturating_sub(text.width()));
            let (before, after) = if holds.is_numeric() { (room.as_str(), "") } else { ("", room.as_str()) };
            line.push_str(&format!(" {before}{text}{after}  "));
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Each row as lines of its own, the heading before each value; rows are apart by an empty line.
fn blocks(shown: &PlainTable, limit: usize) -> Vec<String> {
    let longest = shown.headings.iter().map(|heading| heading.width()).max().unwrap_or(0);
    let label = longest.min(limit.saturating_sub(LEAST_VALUE + 3));
    let value = limit.saturating_sub(label + 3).max(1);
    let rule = "─".repeat(limit);
    let mut lines = vec![rule.clone()];
    for (number, row) in shown.rows.iter().enumerate() {
        if number > 0 {
            lines.push(String::new());
        }
        for (heading, cell) in shown.headings.iter().zip(row) {
            let values: Vec<String> = cell.iter().flat_map(|line| wrapped(line, value)).collect();
            if values.iter().all(String::is_empty) {
                continue;
            }
            let labels = wrapped(heading, label.max(1));
            for at in 0..values.len().max(labels.len()) {
                let of = |all: &[String]| all.get(at).cloned().unwrap_or_default();
                let (heading, value) = (of(&labels), of(&values));
                let room = " ".repeat(label.saturating_sub(heading.width()));
                lines.push(format!(" {heading}{room}  {value}").trim_end().to_owned());
            }
        }
    }
    lines.push(rule);
    lines
}
