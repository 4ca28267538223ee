//! The words that may not stand in a message.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Pair;

/// English words that no Indonesian sentence has; names, and words that both languages write alike, are not here.
const ENGLISH: &str = "a an and are as at be been before but by can cannot could did do does each every false field fields \
    file files first for found from given had has have how if in into is it its key keys last line lines list made many \
    match missing more most must name names need needed no none not nothing of on only open opened or other out over read \
    record recorded records run same size should stands than that the their them then there these they this those time to \
    true unknown until use value values was were what when where which while who whole will with without word words would \
    write written wrong you your event events expected invalid failed error because after also any anything between both \
    both copy damaged directory empty evidence figure figures holder hold holds instead known leave lost never new old once \
    proof proven registry restore right sealed seal sign signed signature signer since something such swap take taken \
    through too tree twice two under update wait way whether yet";

/// Indonesian words that no English sentence has.
const INDONESIAN: &str = "yang dan atau tidak dengan untuk dari pada bukan harus oleh dalam bila sudah belum sesudah \
    sebelum peristiwa kolom berkas hapus kunci dapat tiap jalankan angka adalah juga kosong teks wilayah tanggal sampai \
    ditolak dicatat salah ini itu ada";

/// Names of Rust that say nothing to people.
const PROGRAM: [&str; 14] = [
    "u8", "u16", "u32", "u64", "i32", "i64", "usize", "Option", "Vec<", "struct", "enum", "variant", "Err(",
    "unwrap",
];

/// What is a name: a subject, and fields and stages that a definition names bare.
const ALLOWED: &str = "registry through opened";

fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    // Names of commands, fields and types stand between backticks, values between quotation marks or braces.
    let mut until: Option<char> = None;
    for char in text.chars() {
        match until {
            Some(end) if char == end => until = None,
            Some(_) => {}
            None => match char {
                '`' | '"' => until = Some(char),
                '{' => until = Some('}'),
                _ => plain.push(char),
            },
        }
    }
    plain
        .split_whitespace()
        // Options, paths and names with dots or underscores are no words.
        .map(|word| word.trim_matches(|char: char| !char.is_alphanumeric() && !"-/_<>=".contains(char)))
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        .filter(|word| !word.chars().all(char::is_uppercase))
        .map(str::to_lowercase)
        .collect()
}

/// How many words of a text stand in a list.
fn known(text: &str, list: &BTreeSet<&str>) -> usize {
    words(text).iter().filter(|word| list.contains(word.as_str())).count()
}

/// Whether one text reads as Indonesian beside the other, and the other as English.
pub fn are_translations(id: &str, en: &str) -> bool {
    static LISTS: LazyLock<[BTreeSet<&str>; 2]> =
        LazyLock::new(|| [INDONESIAN, ENGLISH].map(|list| list.split_whitespace().collect()));
    let [indonesian, english] = &*LISTS;
    // The name of a field behind a sentence is no translation of it.
    let lengths = [id, en].map(|text| words(text).len());
    let alike = lengths[0] <= 3 * lengths[1] && lengths[1] <= 3 * lengths[0];
    alike && known(id, indonesian) > known(en, indonesian) && known(en, english) > known(id, english)
}

/// What is wrong with the words of a message.
pub fn wrong(pair: &Pair) -> Vec<String> {
    let foreign = |text: &str, list: &str| -> Vec<String> {
        let is_foreign = |word: &String| {
            list.split_whitespace().any(|one| one == word)
                && !ALLOWED.split_whitespace().any(|one| one == word)
        };
        words(text).into_iter().filter(is_foreign).collect()
    };
    let mut found = Vec::new();
    let english = foreign(&pair.id, ENGLISH);
    if !english.is_empty() {
        found.push(format!("{}: English {english:?} in: {}", pair.place, pair.id));
    }
    let indonesian = foreign(&pair.en, INDONESIAN);
    if !indonesian.is_empty() {
        found.push(format!("{}: Indonesian {indonesian:?} in: {}", pair.place, pair.en));
    }
    for text in [&pair.id, &pair.en] {
        let spoken =
            |name: &&&str| text.split([' ', ',', '.', ';', ':', '(', ')', '`']).any(|word| word == **name);
        if let Some(name) = PROGRAM.iter().find(spoken) {
            found.push(format!("{}: {name} in: {text}", pair.place));
        }
    }
    found
}
