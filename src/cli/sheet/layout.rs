//! How wide columns are, and where a cell breaks its lines: between words, never inside an identifier that has room.

use unicode_width::UnicodeWidthChar as _;
use unicode_width::UnicodeWidthStr as _;

/// The narrowest value of a block.
const LEAST_VALUE: usize = 8;

/// The lines of a table over `rows` (a row, a cell, its lines), none wider than `limit` columns.
pub fn lines(
    headings: &[String],
    numeric: &[bool],
    rows: &[Vec<Vec<String>>],
    limit: Option<usize>,
) -> Vec<String> {
    match widths(headings, numeric, rows, limit) {
        Some(widths) => ruled(headings, numeric, rows, &widths),
        None => blocks(headings, rows, limit.unwrap_or(usize::MAX)),
    }
}

/// Columns of the page that are no cell's: a space on both sides of each, and one between two.
fn overhead(columns: usize) -> usize {
    (3 * columns).saturating_sub(1)
}

/// The width of each column; `None` where even the narrowest table is too wide.
fn widths(
    headings: &[String],
    numeric: &[bool],
    rows: &[Vec<Vec<String>>],
    limit: Option<usize>,
) -> Option<Vec<usize>> {
    let mut natural: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    let mut least: Vec<usize> = headings.iter().map(|heading| longest_word(heading)).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate().take(headings.len()) {
            for line in cell {
                natural[column] = natural[column].max(line.width());
                let word = if numeric[column] { line.width() } else { longest_word(line) };
                least[column] = least[column].max(word);
            }
        }
    }
    let Some(limit) = limit else { return Some(natural) };
    let room = limit.checked_sub(overhead(headings.len()))?;
    if natural.iter().sum::<usize>() <= room {
        return Some(natural);
    }
    // No column is wider than this, unless a word of it is.
    let at = |most: usize| -> Vec<usize> {
        natural.iter().zip(&least).map(|(natural, least)| most.clamp(*least, *natural)).collect()
    };
    (0..=room).rev().map(at).find(|widths| widths.iter().sum::<usize>() <= room)
}

fn longest_word(line: &str) -> usize {
    let indent = indent_of(line);
    line.split(' ').map(|word| word.width()).max().unwrap_or(0) + indent
}

/// Columns in front of the first word.
fn indent_of(line: &str) -> usize {
    line.chars().take_while(|char| *char == ' ').count()
}

/// A line under the headings, one at the end, and nothing between rows.
fn ruled(headings: &[String], numeric: &[bool], rows: &[Vec<Vec<String>>], widths: &[usize]) -> Vec<String> {
    let rule = "─".repeat(widths.iter().sum::<usize>() + overhead(widths.len()));
    let headings: Vec<Vec<String>> = headings.iter().map(|heading| vec![heading.clone()]).collect();
    let mut lines = row_lines(&headings, numeric, widths);
    lines.push(rule.clone());
    for row in rows {
        lines.extend(row_lines(row, numeric, widths));
    }
    lines.push(rule);
    lines
}

fn row_lines(row: &[Vec<String>], numeric: &[bool], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(lines, width)| lines.iter().flat_map(|line| wrapped(line, *width)).collect())
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let mut line = String::new();
        for ((cell, width), numeric) in cells.iter().zip(widths).zip(numeric) {
            let text = cell.get(number).map_or("", String::as_str);
            let room = " ".repeat(width.saturating_sub(text.width()));
            let (before, after) = if *numeric { (room.as_str(), "") } else { ("", room.as_str()) };
            line.push_str(&format!(" {before}{text}{after}  "));
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Each row as lines of its own, the heading before each value; rows are apart by an empty line.
fn blocks(headings: &[String], rows: &[Vec<Vec<String>>], limit: usize) -> Vec<String> {
    let longest = headings.iter().map(|heading| heading.width()).max().unwrap_or(0);
    let label = longest.min(limit.saturating_sub(LEAST_VALUE + 3));
    let value = limit.saturating_sub(label + 3).max(1);
    let rule = "─".repeat(limit);
    let mut lines = vec![rule.clone()];
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            lines.push(String::new());
        }
        for (heading, cell) in headings.iter().zip(row) {
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

/// A line broken between words so that no part is wider than `width` columns; what follows is set in as far as its
/// beginning was. A word that is wider alone is broken inside.
pub fn wrapped(line: &str, width: usize) -> Vec<String> {
    if line.width() <= width {
        return vec![line.to_owned()];
    }
    let width = width.max(1);
    let indent = indent_of(line).min(width / 2);
    let mut parts: Vec<String> = Vec::new();
    let mut part = " ".repeat(indent);
    let mut is_empty = true;
    for word in line.trim_start_matches(' ').split(' ') {
        if !is_empty && part.width() + 1 + word.width() > width {
            parts.push(std::mem::replace(&mut part, " ".repeat(indent)));
            is_empty = true;
        }
        if !is_empty {
            part.push(' ');
        }
        for char in word.chars() {
            if part.width() + char.width().unwrap_or(0) > width {
                parts.push(std::mem::replace(&mut part, " ".repeat(indent)));
            }
            part.push(char);
        }
        is_empty = false;
    }
    parts.push(part);
    parts
}

/// How far the lines that follow a line outside tables are set in at least: what is quoted in it then never passes for
/// a line of its own.
const SET_IN: usize = 2;

/// The farthest column that a value starts at behind its label.
const FARTHEST_VALUE: usize = 24;

/// A line outside tables, broken between words so that no part is wider than `width` columns. What follows stands
/// under the value where the line is a label and a value (two spaces between), else set in. A word that is wider
/// alone stands alone and whole, as a hash or a path must that is to be copied.
pub fn broken(line: &str, width: usize) -> Vec<String> {
    if line.width() <= width {
        return vec![line.to_owned()];
    }
    let hang = hang_of(line).min(width / 2);
    let mut parts: Vec<String> = Vec::new();
    let mut part = " ".repeat(indent_of(line).min(width / 2));
    let mut is_empty = true;
    for word in line.trim_start_matches(' ').split(' ') {
        if !is_empty && part.width() + 1 + word.width() > width {
            parts.push(part.trim_end().to_owned());
            part = " ".repeat(hang.min(width.saturating_sub(word.width())));
            is_empty = true;
        }
        if !is_empty {
            part.push(' ');
        }
        part.push_str(word);
        is_empty = false;
    }
    parts.push(part.trim_end().to_owned());
    parts
}

/// The column at which the lines that follow start.
fn hang_of(line: &str) -> usize {
    let indent = indent_of(line);
    let text = &line[indent..];
    let value = text.match_indices("  ").next().map(|(at, _)| {
        let (label, rest) = text.split_at(at);
        indent + label.width() + indent_of(rest)
    });
    if let Some(value) = value.filter(|column| *column <= FARTHEST_VALUE) {
        return value;
    }
    let is_item = ["- ", "· "].iter().any(|sign| text.starts_with(sign));
    if is_item || indent < SET_IN { indent + SET_IN } else { indent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_under_its_value() {
        assert_eq!(broken("root  a b c", 80), ["root  a b c"]);
        assert_eq!(broken("as of   one two three", 13), ["as of   one", "      two", "      three"]);
        assert_eq!(broken("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(broken("- one two three", 9), ["- one two", "  three"]);
        assert_eq!(broken("one VERIFIED two", 9), ["one", " VERIFIED", "  two"]);
        // Wider than the page: alone and whole.
        assert_eq!(broken("in /a/long/path: done", 10), ["in", "/a/long/path:", "  done"]);
    }

    #[test]
    fn lines_break_between_words_and_keep_their_indent() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("  area: a b c", 9), ["  area: a", "  b c"]);
        assert_eq!(wrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        // What is broken is wide, not long.
        assert_eq!(wrapped("工芸 工芸", 4), ["工芸", "工芸"]);
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("a  b", 10), ["a  b"]);
    }

    #[test]
    fn columns_share_the_page_and_no_identifier_is_broken() {
        let row = |cells: [&str; 3]| cells.map(|cell| vec![cell.to_owned()]).to_vec();
        let headings = ["who", "title", "n"].map(str::to_owned);
        let rows = [row(["ikm/0123456789", "a title of several words", "100000"])];
        let found = widths(&headings, &[false, false, true], &rows, Some(40));
        assert_eq!(found, Some(vec![14, 12, 6]));
        assert_eq!(widths(&headings, &[false, false, true], &rows, Some(30)), None);
        assert_eq!(widths(&headings, &[false, false, true], &rows, None), Some(vec![14, 24, 6]));
    }
}
