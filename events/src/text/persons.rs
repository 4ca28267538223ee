//! Numbers of persons in texts that stand open: what looks like one has no place there.
//!
//! FORMAT.md, section 3, says the rule in words; tests/check_log.py follows it without this code. A letter's number, a
//! day, an amount and an account's code must pass. Nothing here repeats a digit that it found.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;

use super::{is_dash, plain_digit};
use crate::fault::Message;

/// What digits in a text look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonsNumber {
    /// 13 digits or more without a break, but not 14, which is a moment to the second: NIB, NPWP, NIK, NIP.
    Together,
    /// 13 digits set apart.
    Nib,
    /// 16 digits set apart.
    Nik,
    /// 18 digits, apart as 8, 6, 1 and 3, that begin with a day of birth; or apart in any way, and read as one.
    Nip,
    /// 15 digits, apart as 2, 3, 3, 1, 3 and 3.
    Npwp,
    /// A mobile number, or one with the code of a country.
    Phone,
}

/// Digits that stand together.
struct DigitGroup {
    digits: String,
    /// What stands between the group before and this one; empty at the first of a row.
    before: String,
    /// Whether a plus sign stands right before it, or before a bracket there.
    plus: bool,
    /// Place of the first digit in the text, from 1.
    place: usize,
}

impl DigitGroup {
    fn len(&self) -> usize {
        self.digits.len()
    }

    fn value(&self) -> u32 {
        self.digits.parse().unwrap_or(u32::MAX)
    }

    fn is_year(&self) -> bool {
        self.len() == 4 && is_in(self.value(), 1900, 2099)
    }

    /// Whether between the group before and this one are white space, dashes, dots and round brackets only.
    fn is_near(&self) -> bool {
        self.before
            .chars()
            .all(|char| char.is_whitespace() || is_dash(char) || matches!(char, '.' | '(' | ')'))
    }
}

fn is_in(value: u32, low: u32, high: u32) -> bool {
    (low..=high).contains(&value)
}

/// Most characters between two groups of a row.
const BETWEEN_CHARS: usize = 3;

/// Whether a character may stand between the digits of one number: what is neither letter nor digit, in the parts of
/// Unicode where signs stand.
fn is_sign(char: char) -> bool {
    is_dash(char)
        || (char.is_ascii() && !char.is_ascii_alphanumeric())
        || matches!(char, '\u{a0}'..='\u{bf}' | '\u{d7}' | '\u{f7}' | '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{303f}')
}

/// The groups of digits of a text, in rows: of one row are those with up to three signs between them.
fn rows(text: &str) -> Vec<Vec<DigitGroup>> {
    let mut rows: Vec<Vec<DigitGroup>> = vec![Vec::new()];
    let (mut between, mut in_group) = (String::new(), false);
    let plain = text
        .chars()
        .enumerate()
        .flat_map(|(at, char)| std::iter::once(char).nfkc().map(move |one| (at, one)));
    for (at, char) in plain.map(|(at, char)| (at, plain_digit(char))) {
        let Some(row) = rows.last_mut() else { break };
        if char.is_ascii_digit() {
            match row.last_mut().filter(|_| in_group) {
                Some(group) => group.digits.push(char),
                None => {
                    let plus = between.trim_end_matches('(').ends_with('+');
                    let before = if row.is_empty() { String::new() } else { std::mem::take(&mut between) };
                    row.push(DigitGroup { digits: char.to_string(), before, plus, place: at + 1 });
                }
            }
            in_group = true;
            between.clear();
            continue;
        }
        in_group = false;
        between.push(char);
        if !row.is_empty() && (!is_sign(char) || between.chars().count() > BETWEEN_CHARS) {
            rows.push(Vec::new());
        }
    }
    rows
}

/// Whether a token of letters and digits is a hash in hex, whose digits say nothing.
fn is_hash(token: &str) -> bool {
    token.len() >= 32
        && token.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !token.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes days, years, moments of a day, and amounts in thousands off the front of some groups; `None` when the first is
/// none of these.
fn after_common(groups: &[DigitGroup]) -> Option<&[DigitGroup]> {
    let short = |group: &DigitGroup, low, high| group.len() <= 2 && is_in(group.value(), low, high);
    let day = |year: &DigitGroup, month: &DigitGroup, day: &DigitGroup| {
        year.is_year() && short(month, 1, 12) && short(day, 1, 31)
    };
    match groups {
        [a, b, c, rest @ ..] if day(a, b, c) || day(c, b, a) => Some(rest),
        [first, rest @ ..] if is_compact_day(&first.digits) || first.is_year() => Some(rest),
        [first, second, ..] if first.len() <= 3 && second.len() == 3 && second.before == "." => {
            let thousands =
                groups[1..].iter().take_while(|group| group.len() == 3 && group.before == ".").count();
            let rest = &groups[1 + thousands..];
            Some(match rest {
                [cents, rest @ ..] if cents.len() == 2 && cents.before == "," => rest,
                rest => rest,
            })
        }
        [hour, minute, rest @ ..]
            if short(hour, 0, 24)
                && minute.len() == 2
                && short(minute, 0, 59)
                && matches!(&*minute.before, "." | ":") =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// `YYYYMMDD`.
fn is_compact_day(digits: &str) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
    digits.len() == 8 && is_in(part(0, 4), 1900, 2099) && is_in(part(4, 6), 1, 12) && is_in(part(6, 8), 1, 31)
}

fn are_common(mut groups: &[DigitGroup]) -> bool {
    while !groups.is_empty() {
        match after_common(groups) {
            Some(rest) => groups = rest,
            None => return false,
        }
    }
    true
}

/// Whether digits read as a NIK: a district, a day of birth (40 more for women), a number from 1.
fn reads_as_nik(digits: &str) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
    let born = is_in(part(6, 8), 1, 31) || is_in(part(6, 8), 41, 71);
    digits.len() == 16 && is_in(part(0, 2), 11, 97) && born && is_in(part(8, 10), 1, 12) && part(12, 16) > 0
}

/// Whether between groups are white space and dashes only, or one dot each, or one low line each.
fn are_of_one_kind(groups: &[DigitGroup]) -> bool {
    let seams = || groups.iter().skip(1).map(|group| group.before.as_str());
    let plain = |seam: &str| seam.chars().all(|char| char.is_whitespace() || is_dash(char));
    seams().all(plain) || seams().all(|seam| seam == ".") || seams().all(|seam| seam == "_")
}

/// Whether 13 digits in groups are those of a NIB. `ends` as in [`is_nik`].
fn is_nib(groups: &[DigitGroup], ends: bool) -> bool {
    let Some((_, before)) = groups.split_last() else { return false };
    let long = !before.is_empty() && before.iter().all(|group| group.len() >= 3);
    ends && long && are_of_one_kind(groups) && !are_common(groups) && !before.iter().all(DigitGroup::is_year)
}

/// Whether digits read as a NIP: a day of birth, the month of the appointment, 1 or 2, a number.
fn reads_as_nip(digits: &str) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
    digits.len() == 18
        && digits.get(..8).is_some_and(is_compact_day)
        && is_in(part(8, 12), 1900, 2099)
        && is_in(part(12, 14), 1, 12)
        && is_in(part(14, 15), 1, 2)
}

/// Whether 16 digits in groups are those of a NIK. `ends` says that nothing of the row stands on either side of them but
/// the number of an item before.
fn is_nik(groups: &[DigitGroup], ends: bool) -> bool {
    if groups.len() < 2 || are_common(groups) {
        return false;
    }
    if ends && are_of_one_kind(groups) && groups.iter().all(|group| group.len() >= 3) {
        return true;
    }
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    let boxes = groups.iter().all(|group| group.len() == 1);
    let whole = boxes || groups.iter().all(|group| group.len() >= 2);
    let letter = groups.last().is_some_and(|last| last.is_year() && last.before.contains('/'));
    whole && !letter && reads_as_nik(&digits)
}

fn lengths(groups: &[DigitGroup], wanted: &[usize]) -> bool {
    groups.len() >= wanted.len() && groups.iter().zip(wanted).all(|(group, length)| group.len() == *length)
}

fn is_nip(groups: &[DigitGroup]) -> bool {
    lengths(groups, &[8, 6, 1, 3])
        && is_compact_day(&groups[0].digits)
        && groups[1..4].iter().all(DigitGroup::is_near)
}

fn is_npwp(groups: &[DigitGroup]) -> bool {
    lengths(groups, &[2, 3, 3, 1, 3, 3]) && groups[1..6].iter().all(DigitGroup::is_near)
}

/// Whether a group and as many near ones behind it as one likes have so many digits together. Years end them, and what
/// `may_follow` refuses.
fn together(
    groups: &[DigitGroup],
    digits: RangeInclusive<usize>,
    may_follow: impl Fn(&DigitGroup) -> bool,
) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    let mut length = first.len();
    let mut rest = rest.iter().take_while(|group| group.is_near() && !group.is_year() && may_follow(group));
    while !digits.contains(&length) {
        match rest.next() {
            Some(group) => length += group.len(),
            None => return false,
        }
    }
    true
}

/// Whether groups begin with a phone number: mobile (`08`, or `62` before 8), or of any country behind a plus sign.
fn is_phone(groups: &[DigitGroup]) -> bool {
    let [first, rest @ ..] = groups else { return false };
    let long = |group: &DigitGroup| group.len() >= 3;
    let home = first.digits.starts_with("08") && long(first);
    let abroad = first.digits.starts_with("628")
        || (first.digits == "62" && rest.first().is_some_and(|next| next.digits.starts_with('8')));
    let with_plus = first.plus && !first.digits.starts_with('0');
    (home && together(groups, 10..=13, long))
        || (abroad && together(groups, 11..=14, long))
        || (with_plus && together(groups, 10..=15, |group| group.len() >= 2 && !group.before.contains('.')))
}

/// What of a text looks like the number of a person, and the place of its first digit from 1; `None` when nothing does.
#[must_use]
pub fn find(text: &str) -> Option<(PersonsNumber, usize)> {
    if text.is_ascii() && text.bytes().filter(u8::is_ascii_digit).count() < 10 {
        return None;
    }
    let hidden = |token: &str| if is_hash(token) { "x".repeat(token.len()) } else { token.to_owned() };
    let tokens = text.split_inclusive(|char: char| !char.is_ascii_alphanumeric());
    let text: String = tokens
        .map(|token| match token.char_indices().last().filter(|(_, last)| !last.is_ascii_alphanumeric()) {
            Some((at, last)) => hidden(&token[..at]) + last.encode_utf8(&mut [0; 4]),
            None => hidden(token),
        })
        .collect();
    rows(&text).iter().find_map(|row| in_row(row))
}

fn joined(groups: &[DigitGroup]) -> String {
    groups.iter().map(|group| group.digits.as_str()).collect()
}

fn in_row(row: &[DigitGroup]) -> Option<(PersonsNumber, usize)> {
    if let Some(long) = row.iter().find(|group| group.len() >= 13 && group.len() != 14) {
        return Some((PersonsNumber::Together, long.place));
    }
    for (start, first) in row.iter().enumerate() {
        let rest = &row[start..];
        let found = |number| Some((number, first.place));
        if is_phone(rest) {
            return found(PersonsNumber::Phone);
        }
        if is_nip(rest) {
            return found(PersonsNumber::Nip);
        }
        if is_npwp(rest) {
            return found(PersonsNumber::Npwp);
        }
        let mut length = 0;
        for (count, group) in (1..).zip(rest) {
            length += group.len();
            let (own, ends) =
                (&rest[..count], count == rest.len() && (start == 0 || (start == 1 && row[0].len() <= 2)));
            match length {
                13 if is_nib(own, ends) => return found(PersonsNumber::Nib),
                16 if is_nik(own, ends) => return found(PersonsNumber::Nik),
                18 if own[1..].iter().all(DigitGroup::is_near) && reads_as_nip(&joined(own)) => {
                    return found(PersonsNumber::Nip);
                }
                18.. => break,
                _ => {}
            }
        }
    }
    None
}

impl PersonsNumber {
    /// What is wrong with a text, at a place, and what to do.
    #[must_use]
    pub fn message(self, place: usize) -> Message {
        let (id, en) = match self {
            Self::Together => {
                ("angka sepanjang NIB, NIK, NPWP atau NIP", "as many digits as a NIB, NIK, NPWP or NIP")
            }
            Self::Nib => ("13 angka seperti NIB", "13 digits like a NIB"),
            Self::Nik => ("16 angka seperti NIK", "16 digits like a NIK"),
            Self::Nip => ("18 angka seperti NIP", "18 digits like a NIP"),
            Self::Npwp => ("15 angka seperti NPWP", "15 digits like an NPWP"),
            Self::Phone => ("angka seperti nomor telepon", "digits like a phone number"),
        };
        Message::new(
            format!(
                "mulai karakter ke-{place} ada {id}; teks ini terbuka untuk umum selamanya, tulis ulang tanpa nomor orang"
            ),
            format!(
                "from character {place} on there are {en}; this text is open to all for ever, write it without the number of a person"
            ),
        )
    }
}
