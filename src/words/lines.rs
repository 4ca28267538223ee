//! Text in lines as a terminal shows them: what would steer it made visible, and lines broken between words, never inside
//! a number or an identifier. Pure.

use jejak_events::text::{is_unknown, is_unseen};
use unicode_width::UnicodeWidthStr as _;

/// A line of text from events or files that goes to a terminal: control characters, line breaks and unseen ones
/// become visible signs, so that nobody's text can move the cursor, recolour or reorder what others see, or pass for a
/// line of ours. A line break becomes `↵`, any other control character its picture (`␛`), a character that does not
/// show its number between brackets, `<U+202E>`, as pagers show it.
#[must_use]
pub fn printable(text: &str) -> String {
    let harmless = |char: char| !(is_unseen(char) || is_unknown(char));
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n");
    let mut shown = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => shown.push('↵'),
            '\0'..'\u{20}' => shown.extend(char::from_u32(CONTROL_PICTURES + u32::from(char))),
            '\u{7f}' => shown.push('␡'),
            char if harmless(char) => shown.push(char),
            char => shown.push_str(&format!("<U+{:04X}>", u32::from(char))),
        }
    }
    shown
}

/// The picture of the control character 0; those of the others follow.
const CONTROL_PICTURES: u32 = 0x2400;

/// Columns of a word beyond which it may be broken inside.
const LONGEST_WORD: usize = 24;

/// Whether a word stands whole however wide it is: cut in two, a number or an identifier reads as two others.
fn is_whole(word: &str) -> bool {
    word.is_ascii() && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// The fewest columns that a line needs.
#[must_use]
pub fn least_width(line: &str) -> usize {
    let least = |word: &str| if is_whole(word) { word.width() } else { word.width().min(LONGEST_WORD) };
    line.split(' ').map(least).max().unwrap_or(0) + indent_of(line)
}

/// Columns in front of the first word.
fn indent_of(line: &str) -> usize {
    line.chars().take_while(|char| *char == ' ').count()
}

/// A line broken between words so that no part is wider than `width` columns; what follows is set in as far as its
/// beginning was. A word that is wider alone is broken inside, but a number or an identifier stands alone and whole.
#[must_use]
pub fn wrapped(line: &str, width: usize) -> Vec<String> {
    if line.width() <= width {
        return vec![line.to_owned()];
    }
    let width = width.max(1);
    let indent = " ".repeat(indent_of(line).min(width / 2));
    let mut parts: Vec<String> = Vec::new();
    let mut part = indent.clone();
    let mut is_empty = true;
    for word in line.trim_start_matches(' ').split(' ') {
        if !is_empty && part.width() + 1 + word.width() > width {
            parts.push(std::mem::replace(&mut part, indent.clone()));
            is_empty = true;
        }
        if !is_empty {
            part.push(' ');
        }
        if is_whole(word) || part.width() + word.width() <= width {
            part.push_str(word);
        } else {
            for char in word.chars() {
                let fits = part.clone() + char.encode_utf8(&mut [0; 4]);
                // A mark that takes no room stays with what it marks.
                if fits.width() > width && fits.width() > part.width() && part.len() > indent.len() {
                    parts.push(std::mem::replace(&mut part, indent.clone()));
                }
                part.push(char);
            }
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
    fn what_would_steer_a_terminal_becomes_a_sign() {
        assert_eq!(printable("one\ntwo\r\nthree\u{2028}four"), "one↵two↵three↵four");
        assert_eq!(printable("\u{1b}[31mred\t\u{7f}"), "␛[31mred␉␡");
        assert_eq!(printable("a\u{202e}b\u{200b}\u{85}"), "a<U+202E>b<U+200B><U+0085>");
        assert_eq!(printable("Café 工芸"), "Café 工芸");
    }

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
}
