//! The text of a keys file: printing, parsing, and merging two copies line by line.
//!
//! ```text
//! 0 0 jejak-keys/1 <generation> <numbers of the lines destroyed in this generation, or -> <crc>
//! 1 1 signing checkpoint <seed, 64 hex> <crc>
//! 2 2 subject person/5b… personal <key id, 32 hex> <key, 64 hex> <crc>
//! 3 2 destroyed ikm/07… personal <key id, 32 hex> <crc>
//! ```
//!
//! Every line starts with its number and the number of the append that wrote it, and ends with the
//! crc32c (8 hex digits) of what is before it. Numbers are dense; a destroyed key keeps its line,
//! so that lines of two generations correspond.
//!
//! Nothing here may turn a destroyed key back into a live one, or do input and output.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::Group;
use super::keys::{KeyError, Secret};

/// First word of a keys file; changes with its format.
const FORMAT: &str = "jejak-keys/1";

/// One line after the header; its number is its place in the list, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Number of the append that wrote it, from 1.
    pub append: u64,
    pub entry: Entry,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Signing { purpose: String, seed: Secret },
    Subject { subject: String, group: Group, id: [u8; 16], key: Secret },
    Destroyed { subject: String, group: Group, id: [u8; 16] },
}

impl Entry {
    /// What is left of a subject key after its destruction; everything else stays as it is.
    pub fn destroyed(&self) -> Self {
        match self {
            Self::Subject { subject, group, id, .. } => {
                Self::Destroyed { subject: subject.clone(), group: *group, id: *id }
            }
            other => other.clone(),
        }
    }
}

/// A whole keys file, free of damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyText {
    /// Grows by one with every erasure.
    pub generation: u64,
    /// Numbers of the lines that the step to this generation destroyed.
    pub destroyed: Vec<u64>,
    pub lines: Vec<Line>,
}

impl KeyText {
    /// The bytes of the file.
    pub fn render(&self) -> Zeroizing<Vec<u8>> {
        // Room for all at once: a growing buffer would leave copies of keys behind.
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(256 + 24 * self.destroyed.len() + 512 * self.lines.len()));
        let numbers: Vec<_> = self.destroyed.iter().map(u64::to_string).collect();
        let numbers = if numbers.is_empty() { "-".to_owned() } else { numbers.join(",") };
        push_line(&mut bytes, &format!("0 0 {FORMAT} {} {numbers}", self.generation));
        bytes.extend_from_slice(&render_lines(1, &self.lines));
        bytes
    }
}

/// The bytes of consecutive lines, the first of which has number `first`.
pub(super) fn render_lines(first: u64, lines: &[Line]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(512 * lines.len()));
    for (number, line) in (first..).zip(lines) {
        let mut text = Zeroizing::new(String::with_capacity(512));
        text.push_str(&format!("{number} {} ", line.append));
        match &line.entry {
            Entry::Signing { purpose, seed } => {
                text.push_str(&format!("signing {purpose} "));
                push_hex(&mut text, seed.bytes());
            }
            Entry::Subject { subject, group, id, key } => {
                text.push_str(&format!("subject {subject} {} ", group.name()));
                push_hex(&mut text, id);
                text.push(' ');
                push_hex(&mut text, key.bytes());
            }
            Entry::Destroyed { subject, group, id } => {
                text.push_str(&format!("destroyed {subject} {} ", group.name()));
                push_hex(&mut text, id);
            }
        }
        push_line(&mut bytes, &text);
    }
    bytes
}

fn push_line(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(format!(" {:08x}\n", crc32c::crc32c(text.as_bytes())).as_bytes());
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    // Lower case only, as printed: one text for one value.
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// What can be read of one copy.
#[derive(Debug, Default)]
struct Copy {
    exists: bool,
    /// Generation and the lines it destroyed; absent when the header is damaged.
    header: Option<(u64, Vec<u64>)>,
    lines: BTreeMap<u64, Line>,
    /// One past the last line of which there are any bytes.
    end: u64,
}

impl Copy {
    fn read(bytes: Option<&[u8]>) -> Self {
        let mut copy = Self { exists: bytes.is_some(), ..Self::default() };
        let mut damaged_tail = false;
        for text in bytes.unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            damaged_tail = false;
            match parse_line(text) {
                Some((_, Parsed::Header { generation, destroyed })) => {
                    copy.header = Some((generation, destroyed));
                    copy.end = copy.end.max(1);
                }
                Some((number, Parsed::Line(line))) => {
                    copy.lines.insert(number, line);
                    copy.end = copy.end.max(number + 1);
                }
                None => damaged_tail = true,
            }
        }
        copy.end += u64::from(damaged_tail);
        copy
    }

    fn generation(&self) -> Option<u64> {
        self.header.as_ref().map(|header| header.0)
    }
}

enum Parsed {
    Header { generation: u64, destroyed: Vec<u64> },
    Line(Line),
}

fn parse_line(text: &[u8]) -> Option<(u64, Parsed)> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let (text, checksum) = text.rsplit_once(' ')?;
    if parse_hex(checksum)? != crc32c::crc32c(text.as_bytes()).to_be_bytes() {
        return None;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let number: u64 = words.first()?.parse().ok()?;
    let append: u64 = words.get(1)?.parse().ok()?;
    let entry = match (number, words.get(2..)?) {
        (0, &[FORMAT, generation, destroyed]) => {
            let destroyed = match destroyed {
                "-" => Vec::new(),
                numbers => numbers.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?,
            };
            return Some((0, Parsed::Header { generation: generation.parse().ok()?, destroyed }));
        }
        (1.., &["signing", purpose, seed]) => {
            Entry::Signing { purpose: purpose.to_owned(), seed: Secret::new(parse_hex(seed)?) }
        }
        (1.., &["subject", subject, group, id, key]) => Entry::Subject {
            subject: subject.to_owned(),
            group: Group::from_name(group)?,
            id: parse_hex(id)?,
            key: Secret::new(parse_hex(key)?),
        },
        (1.., &["destroyed", subject, group, id]) => Entry::Destroyed {
            subject: subject.to_owned(),
            group: Group::from_name(group)?,
            id: parse_hex(id)?,
        },
        _ => return None,
    };
    Some((number, Parsed::Line(Line { append, entry })))
}

/// The one content that two copies, each perhaps damaged, torn or behind, stand for.
///
/// The first copy is always written first: what only it has, and cannot be read, belongs to an
/// append that was never acknowledged. A higher generation wins, and so does a destroyed key over
/// the same key alive: an erasure that was interrupted is finished, never undone.
///
/// # Errors
/// [`KeyError::Damaged`] with the line that neither copy has, [`KeyError::Disagree`] with the line
/// of which both copies have a sound but different text.
pub(super) fn merge(first: Option<&[u8]>, second: Option<&[u8]>) -> Result<KeyText, KeyError> {
    let (first, second) = (Copy::read(first), Copy::read(second));
    let (generation, destroyed) = match (&first.header, &second.header) {
        (None, None) => return Err(KeyError::Damaged { line: 1 }),
        (Some(one), Some(other)) if one.0 == other.0 && one != other => {
            return Err(KeyError::Disagree { line: 1 });
        }
        (Some(one), Some(other)) => if one.0 >= other.0 { one } else { other }.clone(),
        (Some(one), None) | (None, Some(one)) => one.clone(),
    };
    // An entry that one copy alone has must be no more than one erasure old: an older copy may hold
    // a key that an erasure between destroyed, and only the last erasure is listed.
    let current = |copy: &Copy, line: &Line| {
        let fresh = copy.generation().is_none_or(|own| own + 1 >= generation);
        fresh || !matches!(line.entry, Entry::Subject { .. })
    };
    let mut lines: Vec<Line> = Vec::new();
    for number in 1..first.end.max(second.end) {
        // People count lines from 1, and the header is the first.
        let line = number + 1;
        let mut merged = match (first.lines.get(&number), second.lines.get(&number)) {
            (Some(one), Some(other)) if one == other || one.entry == other.entry.destroyed() => one.clone(),
            (Some(one), Some(other)) if one.entry.destroyed() == other.entry => other.clone(),
            (Some(_), Some(_)) => return Err(KeyError::Disagree { line }),
            (Some(one), None) if current(&first, one) => one.clone(),
            (None, Some(other)) if current(&second, other) => other.clone(),
            (None, None) if torn(&first, &second, number) => break,
            _ => return Err(KeyError::Damaged { line }),
        };
        if destroyed.contains(&number) {
            merged.entry = merged.entry.destroyed();
        }
        lines.push(merged);
    }
    Ok(KeyText { generation, destroyed, lines })
}

/// Whether the unreadable line `number` belongs to an append that was cut short: the second copy ends
/// before it, and everything the first copy has past that end is of one append, the next one.
fn torn(first: &Copy, second: &Copy, number: u64) -> bool {
    let before = second.lines.get(&(second.end.saturating_sub(1))).map_or(0, |line| line.append);
    second.exists
        && second.header.is_some()
        && number >= second.end
        && first.lines.range(second.end..).all(|(_, line)| line.append == before + 1)
}
