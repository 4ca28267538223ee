//! Counts in sentences of ours: their thousands stand apart for people, as in tables. Pure.
//!
//! Sentences come from many rooms, and programs read some of them too; so a count is grouped where a sentence is shown. An
//! index, a year and a code stay as they are, and so does what is quoted: somebody else's text is never changed.

use super::language::{Language, grouped};

/// What is counted, as it stands behind a count, in either language.
const NOUNS: &[&str] = &[
    "IKM",
    "IKMs",
    "baris",
    "berkas",
    "byte",
    "bytes",
    "catatan",
    "characters",
    "checks",
    "daun",
    "days",
    "detik",
    "entries",
    "events",
    "files",
    "frames",
    "hari",
    "hash",
    "hashes",
    "karakter",
    "kunci",
    "keys",
    "laporan",
    "leaves",
    "lines",
    "nilai",
    "orang",
    "pemeriksaan",
    "persons",
    "peristiwa",
    "programmes",
    "reports",
    "seconds",
    "signatures",
    "sums",
    "tampilan",
    "values",
    "views",
];

/// Words before a count that nothing names behind it.
const BEFORE: &[&str] = &[
    "at most ",
    "baru ada ",
    "berukuran ",
    "has size ",
    "of size ",
    "log holds ",
    "log size ",
    "reach to ",
    "paling banyak ",
    "pada ukuran ",
    "ukuran log ",
];

/// Fewest digits that are grouped.
const FEWEST_DIGITS: usize = 4;

/// A sentence of ours with the thousands of its counts apart, as the language writes them.
#[must_use]
pub fn counts_grouped(text: &str, language: Language) -> String {
    let mut said = String::with_capacity(text.len() + 8);
    let mut quote = None;
    for (at, word) in words(text) {
        let is_quoted = quote.is_some();
        for char in word.chars().filter(|char| matches!(char, '"' | '`')) {
            quote = match quote {
                None => Some(char),
                Some(open) if open == char => None,
                open => open,
            };
        }
        let core = word.trim_matches(|char: char| "(),;:.".contains(char));
        let behind = text[at + word.len()..].trim_start_matches(' ');
        let noun = behind.split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
        let is_count = (word.ends_with(core) && NOUNS.contains(&noun))
            || BEFORE.iter().any(|before| text[..at].ends_with(before));
        match core.parse::<i128>() {
            Ok(count) if !is_quoted && is_count && is_plain(core) => {
                said.push_str(&word.replacen(core, &grouped(count, language), 1));
            }
            _ => said.push_str(word),
        }
        let blanks = text[at + word.len()..].len() - behind.len();
        said.push_str(&" ".repeat(blanks));
    }
    said
}

/// Digits alone, and enough of them.
fn is_plain(core: &str) -> bool {
    core.len() >= FEWEST_DIGITS && !core.starts_with('0') && core.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words between blanks, each with its place. Blanks at the front are an empty word's.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        if at > 0 && rest.is_empty() {
            return None;
        }
        let (start, length) = (at, rest.find(' ').unwrap_or(rest.len()));
        let behind = rest.get(length..).unwrap_or_default();
        at += length + behind.len() - behind.trim_start_matches(' ').len();
        if rest.is_empty() {
            at += 1;
        }
        Some((start, &rest[..length]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_nothing_else_is() {
        for (text, id, en) in [
            ("1372 byte disisihkan", "1.372 byte disisihkan", "1,372 byte disisihkan"),
            ("(up to 1139 events)", "(up to 1.139 events)", "(up to 1,139 events)"),
            (
                "but the facts reach to 1144; ask",
                "but the facts reach to 1.144; ask",
                "but the facts reach to 1,144; ask",
            ),
            ("ukuran log 1139, tanggal", "ukuran log 1.139, tanggal", "ukuran log 1,139, tanggal"),
            (
                "has 70000 bytes; at most 65536",
                "has 70.000 bytes; at most 65.536",
                "has 70,000 bytes; at most 65,536",
            ),
        ] {
            assert_eq!(counts_grouped(text, Language::Id), id);
            assert_eq!(counts_grouped(text, Language::En), en);
        }
        for same in [
            "peristiwa 1139 dan indeks 1131 sampai 1138",
            "tahun 2026, 999 peristiwa",
            "kolom \"1000 byte\" tidak dikenal",
            "perintah `jejak audit 5000 events`",
            "2026-07-01 pukul 10",
            "  dua  blanko ",
            "",
            "0123 byte",
        ] {
            assert_eq!(counts_grouped(same, Language::Id), same);
        }
    }
}
