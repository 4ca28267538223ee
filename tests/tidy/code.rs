//! Just enough of Rust's surface to tell code from comments, text literals and test modules.

/// The source with comments and the contents of literals blanked out; lines keep their numbers.
pub fn code(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment_length(rest)
        } else if let Some(length) = literal_length(rest, out.chars().last()) {
            length
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (blanked, after) = rest.split_at(skipped);
        out.extend(blanked.chars().map(|one| if one == '\n' { '\n' } else { ' ' }));
        rest = after;
    }
    out
}

fn block_comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Length of the text or character literal that begins here, if one does.
fn literal_length(text: &str, before: Option<char>) -> Option<usize> {
    let in_word = before.is_some_and(|one| one.is_alphanumeric() || one == '_');
    let raw = text.strip_prefix("br").or_else(|| text.strip_prefix('r')).filter(|_| !in_word);
    if let Some(after) = raw {
        let hashes = after.len() - after.trim_start_matches('#').len();
        if after[hashes..].starts_with('"') {
            let opening = text.len() - after.len() + hashes + 1;
            let closing = format!("\"{}", "#".repeat(hashes));
            let end = text[opening..].find(&closing).map_or(text.len(), |at| opening + at + closing.len());
            return Some(end);
        }
    }
    if text.starts_with('"') {
        return Some(quoted_length(text, '"'));
    }
    let inner = text.strip_prefix('\'')?;
    let first = inner.chars().next()?;
    // A lifetime has no closing quote right behind its first letter.
    let is_character = first == '\\' || inner[first.len_utf8()..].starts_with('\'');
    is_character.then(|| quoted_length(text, '\''))
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            one if one == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Code without what only tests see: every item behind `#[cfg(test)]` is blanked out.
pub fn outside_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let (kept, item) = rest.split_at(at);
        out.push_str(kept);
        let length = item_length(item);
        out.extend(item[..length].chars().map(|one| if one == '\n' { '\n' } else { ' ' }));
        rest = &item[length..];
    }
    out + rest
}

/// Up to the first semicolon, or the brace that closes the first one opened.
fn item_length(item: &str) -> usize {
    let mut depth = 0;
    for (at, one) in item.char_indices() {
        match one {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    item.len()
}

/// Lines (from 1) on which a word stands: `word` with nothing of a name right before or behind it.
pub fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let is_name = |one: char| one.is_alphanumeric() || one == '_';
    let stands = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let open_front = word.starts_with(is_name) && line[..at].ends_with(is_name);
            let open_back = word.ends_with(is_name) && line[at + word.len()..].starts_with(is_name);
            !open_front && !open_back
        })
    };
    code.lines().enumerate().filter(|(_, line)| stands(line)).map(|(at, _)| at + 1).collect()
}

/// Lines on which a module of the standard library is named, also within `use std::{...}`.
pub fn lines_with_std(code: &str, module: &str) -> Vec<usize> {
    let mut lines = lines_with(code, &format!("std::{module}"));
    for (at, opening) in code.match_indices("std::{") {
        let group = &code[at + opening.len()..];
        let mut depth = 0;
        let mut name = String::new();
        for one in group.chars() {
            match one {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => name.push('\n'),
                one if depth == 0 => name.push(one),
                _ => {}
            }
        }
        let named = |entry: &str| {
            entry.trim().split(|one: char| !one.is_alphanumeric() && one != '_').next() == Some(module)
        };
        if name.replace('\n', "\u{0}").split('\u{0}').any(named) {
            lines.push(code[..at].matches('\n').count() + 1);
        }
    }
    lines
}

#[test]
fn comments_and_literals_are_no_code() {
    let source = "let a = \"std::fs // \\\" x\"; // std::fs\n/* std::fs /* x */ std::fs */ let b = 'x';\nlet c: &'static str = r#\"std::fs \" \"#; d()";
    let code = code(source);
    assert!(!code.contains("std::fs"), "{code}");
    assert!(code.contains("let b =") && code.contains("&'static str") && code.ends_with("d()"), "{code}");
    assert_eq!(code.lines().count(), source.lines().count());
}

#[test]
fn test_modules_are_left_out() {
    let source = "a();\n#[cfg(test)]\nmod tests { fn x() { b(); } }\nc();\n#[cfg(test)]\nmod more;\nd();";
    let left = outside_tests(source);
    assert!(left.contains("a()") && left.contains("c()") && left.contains("d()"), "{left}");
    assert!(!left.contains("b()") && !left.contains("more"), "{left}");
}

#[test]
fn words_and_modules_are_found() {
    assert_eq!(lines_with("x\nsled::open", "sled::"), [2]);
    assert!(lines_with("unsledded::open", "sled::").is_empty());
    assert_eq!(lines_with_std("use std::fs;", "fs"), [1]);
    assert_eq!(lines_with_std("use std::{\n  io::{self, Read},\n  fs,\n};", "fs"), [1]);
    assert!(lines_with_std("use std::{io::{fs}, fmt};\nuse crate::fs;", "fs").is_empty());
}
