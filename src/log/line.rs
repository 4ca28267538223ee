//! The text of one commit: a line for each event, then the commit line.
//!
//! ```text
//! {"id":"...",...}
//! {"id":"...",...}
//! #commit 2 SgQHGzXXv9P+IHG8pT9RSTZ/DbzdeLmvVHtS2iESJnE= 118 09af1c2e
//! ```
//!
//! The commit line names the size and root of the tree after the commit, the length of the vault in
//! bytes, and the CRC-32C (eight hex digits) of everything before it: the event lines and the commit
//! line up to and with the space before the checksum. This module must never do input or output.

use std::io::Write as _;

use jejak_events::tree::{Hash, leaf_hash};

use super::tiles::{Extension, Tree};

/// What every commit line starts with. An event starts with `{`, so the two cannot be confused.
const PREFIX: &str = "#commit ";
/// Length of the checksum with its newline, in bytes.
const CHECKSUM_BYTES: usize = 9;
/// Longest commit line, in bytes: prefix, two 20-digit numbers, 44 of base64, checksum.
pub(crate) const LONGEST_COMMIT_LINE_BYTES: usize = 8 + 20 + 1 + 44 + 1 + 20 + 1 + CHECKSUM_BYTES;

/// What a commit line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommitLine {
    /// Size of the tree after the commit.
    pub(crate) size: u64,
    /// Root of the tree after the commit.
    pub(crate) root: Hash,
    /// Length of the vault file after the commit, in bytes.
    pub(crate) vault_length: u64,
}

/// Ends `text`, which holds the event lines of one commit, with its commit line.
pub(crate) fn finish(text: &mut Vec<u8>, line: &CommitLine) {
    // Writing into a Vec cannot fail.
    let _ = write!(text, "{PREFIX}{} {} {} ", line.size, line.root, line.vault_length);
    let checksum = crc32c::crc32c(text);
    let _ = writeln!(text, "{checksum:08x}");
}

/// Start of the last line of `text`, which must end with a newline; 0 when there is just one.
fn last_line_start(text: &[u8]) -> usize {
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    body.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1)
}

/// The last line of a text, with its newline.
pub(crate) fn last_line(text: &[u8]) -> &[u8] {
    &text[last_line_start(text)..]
}

/// Whether the text ends with a line that begins like a commit line.
pub(crate) fn ends_with_commit_line(text: &[u8]) -> bool {
    text.ends_with(b"\n") && text[last_line_start(text)..].starts_with(b"#")
}

/// Reads and checks the commit line at the end of a whole commit's text. Answers with the line and the
/// length of the event lines before it; the tree is not looked at.
pub(crate) fn parse(text: &[u8]) -> Result<(CommitLine, usize), String> {
    if !text.ends_with(b"\n") {
        return Err("the text ends within a line".to_owned());
    }
    let start = last_line_start(text);
    let (line, checksum) = read_fields(&text[start..])?;
    let computed = crc32c::crc32c(&text[..text.len() - CHECKSUM_BYTES]);
    if checksum != format!("{computed:08x}") {
        return Err(format!("the checksum is {computed:08x}, the commit line says {checksum}"));
    }
    Ok((line, start))
}

/// Reads a commit line, newline included, by itself: what it says, and its checksum, which is not looked at.
pub(crate) fn read_fields(line: &[u8]) -> Result<(CommitLine, &str), String> {
    let malformed = || "the commit line is malformed".to_owned();
    let line =
        line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok()).ok_or_else(malformed)?;
    let fields = line.strip_prefix(PREFIX).ok_or("the commit line is missing")?;
    let mut fields = fields.split(' ');
    let mut next = || fields.next().ok_or_else(malformed);
    let size = decimal(next()?).ok_or_else(malformed)?;
    let root = Hash::from_base64(next()?).ok_or_else(malformed)?;
    let vault_length = decimal(next()?).ok_or_else(malformed)?;
    let checksum = next()?;
    if fields.next().is_some() || checksum.len() + 1 != CHECKSUM_BYTES {
        return Err(malformed());
    }
    Ok((CommitLine { size, root, vault_length }, checksum))
}

/// A decimal number in its one printed form.
fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Checks a whole commit's text against the tree it extends: format, checksum, number of lines, root.
/// `leaves` receives the leaf hashes.
pub(crate) fn check(
    text: &[u8],
    tree: &Tree,
    vault_length: u64,
    leaves: &mut Vec<Hash>,
) -> Result<(CommitLine, Extension), String> {
    let (line, events_end) = parse(text)?;
    leaves.clear();
    for event in lines(&text[..events_end]) {
        if !event.starts_with(b"{") {
            return Err("a line does not start with `{`".to_owned());
        }
        leaves.push(leaf_hash(event));
    }
    if leaves.is_empty() {
        return Err("the commit has no events".to_owned());
    }
    let first = tree.size();
    if line.size != first + leaves.len() as u64 {
        return Err(format!(
            "the commit line says size {}, its {} events start at index {first}",
            line.size,
            leaves.len()
        ));
    }
    if line.vault_length < vault_length {
        return Err(format!(
            "the commit line says {} vault bytes, the one before {vault_length}",
            line.vault_length
        ));
    }
    let extension = tree.extend(leaves);
    let root = extension.root();
    if root != line.root {
        return Err(format!("the events hash to root {root}, the commit line says {}", line.root));
    }
    Ok((line, extension))
}

/// The lines of a text, without their newlines.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = find_newline(rest).unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(line)
    })
}

/// Position of the first newline.
pub(crate) fn find_newline(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}
