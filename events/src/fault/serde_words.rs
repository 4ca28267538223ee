//! What serde says, said for people.
//!
//! Serde names the types of the program (`u32`, `struct Kbli`, `variant identifier`); none of them may reach a
//! person. Each of its sentences is taken apart here and said anew.

use super::Message;
use crate::codes::{choice, words_of};
use crate::translation;

/// What serde found, by its own word.
const FOUND: [(&str, &str, &str); 12] = [
    ("string ", "teks", "text"),
    ("integer ", "bilangan", "the number"),
    ("floating point ", "pecahan", "the fraction"),
    ("boolean ", "nilai ya/tidak", "the value"),
    ("character ", "huruf", "the letter"),
    ("null", "null", "null"),
    ("unit value", "null", "null"),
    ("sequence", "sebuah daftar [...]", "a list [...]"),
    ("map", "sebuah objek {...}", "an object {...}"),
    ("byte array", "sederet byte", "bytes"),
    ("newtype variant", "sebuah objek {...}", "an object {...}"),
    ("Option value", "null", "null"),
];

/// What should stand there, by what a type of ours or serde says it expects.
const EXPECTED: [(&str, &str, &str); 43] = [
    (
        "date as text, YYYY-MM-DD",
        "tanggal di antara tanda kutip, misalnya \"2024-03-15\"",
        "a date in quotes, such as \"2024-03-15\"",
    ),
    (
        "subject as text, such as \"ikm/<uuid>\"",
        "aliran di antara tanda kutip, misalnya \"ikm/<uuid>\"",
        "a subject in quotes, such as \"ikm/<uuid>\"",
    ),
    (
        "source as text, such as \"urn:jejak:33.75:dinperinaker\"",
        "sumber di antara tanda kutip, misalnya \"urn:jejak:33.75:dinperinaker\"",
        "a source in quotes, such as \"urn:jejak:33.75:dinperinaker\"",
    ),
    (
        "area code as text, such as \"33.75\"",
        "kode wilayah di antara tanda kutip, misalnya \"33.75\"",
        "an area code in quotes, such as \"33.75\"",
    ),
    ("digest as text", "digest di antara tanda kutip", "a digest in quotes"),
    (
        "text",
        "teks di antara tanda kutip, misalnya \"Batik Melati\"",
        "text in quotes, such as \"Batik Melati\"",
    ),
    (
        "a code as text",
        "kode di antara tanda kutip, misalnya \"batik\"",
        "a code in quotes, such as \"batik\"",
    ),
    (
        "a number as text, such as \"66.67\"",
        "angka di antara tanda kutip, misalnya \"66.67\"",
        "a number in quotes, such as \"66.67\"",
    ),
    (
        "name of a document as text, such as \"urn:example:harian-contoh:3\"",
        "nama dokumen di antara tanda kutip, misalnya \"urn:example:harian-contoh:3\"",
        "name of a document in quotes, such as \"urn:example:harian-contoh:3\"",
    ),
    (
        "NIB: text of 13 digits, not a number",
        "NIB 13 angka di antara tanda kutip",
        "a NIB of 13 digits in quotes",
    ),
    (
        "NIK: text of 16 digits, not a number",
        "NIK 16 angka di antara tanda kutip",
        "a NIK of 16 digits in quotes",
    ),
    (
        "phone number as text, not a number",
        "nomor telepon 6-15 angka di antara tanda kutip",
        "a phone number of 6 to 15 digits in quotes",
    ),
    (
        "SHA-256 as text",
        "SHA-256 di antara tanda kutip, 64 digit heksadesimal huruf kecil",
        "a SHA-256 in quotes, 64 lower-case hex digits",
    ),
    (
        "media type as text, such as \"image/jpeg\"",
        "jenis media di antara tanda kutip, misalnya \"image/jpeg\"",
        "a media type in quotes, such as \"image/jpeg\"",
    ),
    (
        "origin as text, such as \"jejak.example/registry\"",
        "asal di antara tanda kutip, misalnya \"jejak.example/registri\"",
        "an origin in quotes, such as \"jejak.example/registry\"",
    ),
    (
        "format as text, such as \"jejak/0\"",
        "bentuk di antara tanda kutip, misalnya \"jejak/0\"",
        "a format in quotes, such as \"jejak/0\"",
    ),
    (
        "key as text, \"<name>+<key id>+<key>\"",
        "kunci di antara tanda kutip, \"<nama>+<nomor>+<kunci>\"",
        "a key in quotes, \"<name>+<key id>+<key>\"",
    ),
    (
        "KBLI code: text of 5 digits, not a number",
        "kode KBLI 5 angka di antara tanda kutip, misalnya \"13134\"",
        "a KBLI code of 5 digits in quotes, such as \"13134\"",
    ),
    (
        "country code as text, such as \"JP\"",
        "kode negara dua huruf besar di antara tanda kutip, misalnya \"JP\"",
        "a country code of two capital letters in quotes, such as \"JP\"",
    ),
    (
        "HS code: text of digits, not a number",
        "kode HS 4, 6, 8 atau 10 angka di antara tanda kutip",
        "an HS code of 4, 6, 8 or 10 digits in quotes",
    ),
    (
        "a whole number from 0 to 4000000000",
        "bilangan bulat 0 sampai 4000000000, tanpa tanda kutip",
        "a whole number from 0 to 4000000000, without quotes",
    ),
    (
        "a whole number from 0 to 2^53 - 1",
        "bilangan bulat 0 sampai 9007199254740991, tanpa tanda kutip",
        "a whole number from 0 to 9007199254740991, without quotes",
    ),
    (
        "whole rupiah, a number from 0 to 2^53 - 1",
        "rupiah bulat tanpa titik, koma dan tanda kutip, misalnya 37500000",
        "whole rupiah without points, commas and quotes, such as 37500000",
    ),
    (
        "a year from 1900 to 2999",
        "tahun 1900 sampai 2999, tanpa tanda kutip",
        "a year from 1900 to 2999, without quotes",
    ),
    (
        "whole percent from 1 to 100",
        "persen bulat 1 sampai 100, tanpa tanda kutip",
        "whole percent from 1 to 100, without quotes",
    ),
    (
        "minutes of a day, 0 to 1440",
        "menit dalam sehari, 0 sampai 1440, tanpa tanda kutip",
        "minutes of a day, 0 to 1440, without quotes",
    ),
    (
        "a version number from 1",
        "nomor versi mulai 1, tanpa tanda kutip",
        "a version number from 1, without quotes",
    ),
    ("a text or a list of texts", "satu teks atau daftar teks", "a text or a list of texts"),
    ("a boolean", "`true` atau `false`, tanpa tanda kutip", "`true` or `false`, without quotes"),
    ("a string", "teks di antara tanda kutip", "text in quotes"),
    ("a borrowed string", "teks di antara tanda kutip", "text in quotes"),
    (
        "string or map",
        "salah satu kata yang ditentukan, di antara tanda kutip",
        "one of the fixed words, in quotes",
    ),
    (
        "variant identifier",
        "salah satu kata yang ditentukan, di antara tanda kutip",
        "one of the fixed words, in quotes",
    ),
    ("a sequence", "sebuah daftar [...]", "a list [...]"),
    ("a map", "sebuah objek {...}", "an object {...}"),
    ("a JSON value", "nilai JSON", "a JSON value"),
    ("any valid JSON value", "nilai JSON", "a JSON value"),
    (
        "formatted UUID string",
        "UUID di antara tanda kutip, misalnya \"01930a5d-ac96-774b-bcce-b302099a8003\"",
        "a UUID in quotes, such as \"01930a5d-ac96-774b-bcce-b302099a8003\"",
    ),
    ("unit", "tanpa isi", "nothing"),
    (
        "map with a single key",
        "objek {...} dengan tepat satu kolom",
        "an object {...} with exactly one field",
    ),
    ("an integer", "bilangan bulat tanpa tanda kutip", "a whole number, without quotes"),
    ("a datetime", "waktu", "a time"),
    ("a tuple of size 2", "daftar berisi dua nilai", "a list of two values"),
];

/// Whole numbers of the program, which people need not know by name.
const NUMBERS: [&str; 10] = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"];

/// Says anew what serde said; a message of ours on its way through serde does not come here.
pub(super) fn message(text: &str) -> Message {
    let known = wrong_type(text)
        .or_else(|| unknown(text))
        .or_else(|| named(text, "missing field `", "kolom wajib belum diisi", "this field is required"))
        .or_else(|| named(text, "duplicate field `", "kolom ditulis dua kali", "this field stands twice"))
        .or_else(|| length(text));
    if let Some(message) = known {
        return message;
    }
    if translation::is_known(text) {
        return Message { id: translation::told(text), en: text.to_owned() };
    }
    // What a parser of another format says: the value does not fit, and its words are for programmers.
    Message::new("tidak dapat dibaca di sini; periksa bentuknya", "cannot be read here; check its form")
}

fn wrong_type(text: &str) -> Option<Message> {
    let rest = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.split_once(", expected ")?;
    let (found_id, found_en) = found_words(found);
    let (id, en) =
        expected_words(expected).unwrap_or(("nilai seperti dalam skemanya", "a value as its schema has it"));
    Some(Message::new(
        format!("{found_id} tidak dapat dipakai di sini; tulis {id}"),
        format!("{found_en} will not do here; write {en}"),
    ))
}

/// A type of ours that says in both languages what it expects, where something of another kind stands.
pub(super) fn wrong_type_of(text: &str, separator: char) -> Option<Message> {
    let rest = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.split_once(", expected ")?;
    let (id, en) = expected.split_once(separator)?;
    let (found_id, found_en) = found_words(found);
    Some(Message::new(
        format!("{found_id} tidak dapat dipakai di sini: {id}"),
        format!("{found_en} will not do here: {en}"),
    ))
}

/// What was found, with its value where serde quotes one. Text keeps its quotation marks, other values get backticks,
/// so that [`Message::without_quotes`] finds them.
fn found_words(found: &str) -> (String, String) {
    for (serde, id, en) in FOUND {
        if let Some(value) = found.strip_prefix(serde) {
            return if value.is_empty() {
                (id.to_owned(), en.to_owned())
            } else {
                (format!("{id} {value}"), format!("{en} {value}"))
            };
        }
    }
    ("nilai ini".to_owned(), "this value".to_owned())
}

fn expected_words(expected: &str) -> Option<(&'static str, &'static str)> {
    if NUMBERS.contains(&expected) {
        return Some(if expected.starts_with('u') {
            ("bilangan bulat, 0 atau lebih, tanpa tanda kutip", "a whole number, 0 or more, without quotes")
        } else {
            ("bilangan bulat tanpa tanda kutip", "a whole number, without quotes")
        });
    }
    if expected.starts_with("struct ") {
        return Some(("sebuah objek {...}", "an object {...}"));
    }
    if expected.starts_with("enum ") {
        return Some((
            "salah satu kata yang ditentukan, di antara tanda kutip",
            "one of the fixed words, in quotes",
        ));
    }
    if expected.contains("a lower-case ") {
        return Some((
            "UUID huruf kecil di antara tanda kutip, misalnya \"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5\"",
            "a lower-case UUID in quotes, such as \"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5\"",
        ));
    }
    EXPECTED.iter().find(|(serde, _, _)| *serde == expected).map(|(_, id, en)| (*id, *en))
}

/// Unknown fields and words of a closed list: serde lists what it knows, "`a` or `b`" or "one of `a`, `b`, `c`".
fn unknown(text: &str) -> Option<Message> {
    let (rest, is_field) = match text.strip_prefix("unknown field `") {
        Some(rest) => (rest, true),
        None => (text.strip_prefix("unknown variant `")?, false),
    };
    let (given, expected) = rest.split_once('`')?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    Some(if is_field {
        let known = known.join(", ");
        Message::new(
            format!("kolom `{given}` tidak dikenal; yang dikenal: {known}"),
            format!("unknown field `{given}`; known are {known}"),
        )
    } else {
        one_of(&format!("`{given}`"), &known)
    })
}

/// A word that is none of a closed list; what each of these is called stands behind it.
pub(crate) fn one_of(given: &str, known: &[&str]) -> Message {
    let [id, en] = [0, 1].map(|language| {
        let one = |code: &&str| choice(code, words_of(code).map_or("", |words| words[language]));
        known.iter().map(one).collect::<Vec<_>>().join(", ")
    });
    Message::new(
        format!("{given} tidak dikenal di sini; tulis salah satu dari: {id}"),
        format!("{given} is not known here; write one of: {en}"),
    )
}

fn named(text: &str, opening: &str, id: &str, en: &str) -> Option<Message> {
    let name = text.strip_prefix(opening)?.split('`').next()?;
    Some(Message::new(format!("{id}: `{name}`"), format!("{en}: `{name}`")))
}

fn length(text: &str) -> Option<Message> {
    text.strip_prefix("invalid length ")?;
    Some(Message::new("banyaknya isi daftar tidak tepat", "the list has a wrong number of values"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_of_the_program_is_named() {
        for (serde, id, en) in [
            (
                "invalid type: string \"dua\", expected u32",
                "teks \"dua\" tidak dapat dipakai di sini; tulis bilangan bulat, 0 atau lebih, tanpa tanda kutip",
                "text \"dua\" will not do here; write a whole number, 0 or more, without quotes",
            ),
            (
                "invalid type: integer `3`, expected struct Kbli",
                "bilangan `3` tidak dapat dipakai di sini; tulis sebuah objek {...}",
                "the number `3` will not do here; write an object {...}",
            ),
            ("missing field `year`", "kolom wajib belum diisi: `year`", "this field is required: `year`"),
            (
                "unknown variant `L`, expected `f` or `m`",
                "`L` tidak dikenal di sini; tulis salah satu dari: f (perempuan), m (laki-laki)",
                "`L` is not known here; write one of: f (female), m (male)",
            ),
            (
                "trait bound Option<T> unsatisfied",
                "tidak dapat dibaca di sini; periksa bentuknya",
                "cannot be read here; check its form",
            ),
        ] {
            assert_eq!(message(serde), Message::new(id, en));
        }
    }
}
