use super::*;
use proptest::prelude::*;

/// Every character that a text may hold.
fn allowed() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|char| !is_unseen(*char) && !is_unknown(*char))
}

#[test]
fn what_shows_nothing_or_is_unknown_is_told_with_code_and_place() {
    for char in "\u{0}\n\u{7f}\u{85}\u{ad}\u{34f}\u{600}\u{61c}\u{115f}\u{1160}\u{17b4}\u{180b}\u{180e}\u{200b}\u{200d}\u{202e}\u{2028}\u{2060}\u{2065}\u{206f}\u{2800}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{fff9}\u{1bca0}\u{1d159}\u{1d173}\u{e0001}\u{e0041}\u{e0100}\u{e0fff}".chars() {
        assert!(is_unseen(char), "{char:?}");
        let message = wrong_character(&format!("Batik{char}Melati")).unwrap();
        assert!(message.en.starts_with(&format!("character 6 (U+{:04X}) shows nothing", u32::from(char))), "{message:?}");
        assert!(message.id.starts_with(&format!("karakter ke-6 (U+{:04X})", u32::from(char))), "{message:?}");
    }
    for char in "\u{378}\u{e000}\u{fdd0}\u{ffff}\u{1fae9}\u{2ebf0}\u{f0000}\u{10ffff}".chars() {
        assert!(is_unknown(char) && !is_unseen(char), "{char:?}");
        assert!(wrong_character(&format!("B{char}")).unwrap().en.starts_with("character 2 (U+"), "{char:?}");
    }
    for char in "aé\u{300}\u{e9}漢\u{1f600} -\u{a0}\u{3000}\u{2011}ß\u{f0}\u{fffd}".chars() {
        assert!(!is_unseen(char) && !is_unknown(char), "{char:?}");
    }
}

#[test]
fn a_word_is_not_written_in_letters_of_two_scripts() {
    for (text, place, code) in [
        ("B\u{430}tik Melati", 2, "U+0430"),
        ("Batik M\u{435}lati", 8, "U+0435"),
        ("SI\u{41d}-001", 3, "U+041D"),
        ("\u{391}BC", 1, "U+0391"),
        ("caf\u{e9}\u{43e}", 5, "U+043E"),
        ("T1\u{4c0}", 3, "U+04C0"),
    ] {
        let message = wrong_character(text).unwrap();
        assert!(
            message.en.starts_with(&format!("character {place} ({code}) is a letter of another")),
            "{text}: {message:?}"
        );
    }
    for text in [
        "Batik Tulis Peño",
        "Pameran Выставка 2024",
        "zat \u{3b1}-amilase",
        "5 \u{3bc}m, 10 k\u{3a9}",
        "IKM工芸",
        "T恤衫",
        "ﬁnal",
        "Nur’aini",
        "Rp1.000",
        "№ 5 ½ × ²",
        "é e\u{301}",
    ] {
        assert_eq!(wrong_character(text), None, "{text}");
    }
}

#[test]
fn one_number_in_other_writings_is_one() {
    let one = "SIH-001";
    for written in [
        "sih-001",
        "SIH 001",
        "SIH\u{2011}001",
        "ＳＩＨ－００１",
        "Sih\u{2014}001",
        "s i h 0 0 1",
        "SIH–001",
        "SIH\u{2212}001",
        "SIH\u{a0}001",
        "SIH\u{3000}001",
        "SIH-٠٠١",
        "SIH-۰۰۱",
        "SIH-००१",
        "SIH001",
        "𝐒𝐈𝐇-𝟎𝟎𝟏",
        "ⓈⒾⒽ-001",
        "SIH \u{2010} 001",
    ] {
        assert_eq!(folded_number(written), folded_number(one), "{written:?}");
        assert_eq!(wrong_number(written), None, "{written:?}");
    }
    // Two in the eyes of who reads them: parts set apart by another sign, leading zeros, O and 0, I and 1.
    for other in ["SIH/001", "SIH.001", "SIH_001", "SIH-01", "SIH-0001", "SIH-OO1", "S1H-001", "SIH-001A"] {
        assert_ne!(folded_number(other), folded_number(one), "{other:?}");
    }
    for (one, other) in [
        ("12/ﬁ/2024", "12/FI/2024"),
        ("A⁄1", "a/1"),
        ("N’1", "n'1"),
        ("Straße", "STRASSE"),
        ("Ⅳ", "iv"),
        ("É", "e\u{301}"),
        ("LSIH  B4T", "lsih-b4t"),
        ("Bati\u{307}k", "batik"),
        ("İzmir", "izmir"),
        ("i\u{307}\u{301}", "í"),
    ] {
        assert_eq!(folded_number(one), folded_number(other), "{one:?}");
    }
}

#[test]
fn numbers_and_issuers_hold_what_can_be_compared() {
    for text in [
        "S\u{406}H-001",
        "\u{412}\u{415}-001",
        "TÜV-1",
        "S\u{131}H",
        "123§4",
        "第123号",
        "A\u{2043}1",
        "SIH·1",
        "A\u{301}",
    ] {
        let message = wrong_number(text).unwrap();
        assert!(
            message.en.contains("(U+") && message.en.contains("has no place in a number"),
            "{text}: {message:?}"
        );
    }
    for text in ["-", "– —", "/", "..."] {
        assert!(wrong_number(text).unwrap().en.contains("no letter or digit"), "{text}");
    }
    for text in [
        "TÜV Rheinland",
        "LSIH B4T",
        "PT. Ma’had (Persero)",
        "Lembaga № 1",
        "3 × 4",
        "Bureau Veritas Certificação",
    ] {
        assert_eq!(wrong_issuer(text), None, "{text}");
    }
    for text in ["\u{410}\u{412}\u{421}", "Росстандарт", "質認", "هيئة", "-", ". /"] {
        assert!(wrong_issuer(text).is_some(), "{text}");
    }
}

#[test]
fn folding_twice_is_folding_once_and_nothing_allowed_folds_into_nothing() {
    for char in allowed() {
        let once = folded(&format!("x{char}x"));
        assert_eq!(folded(&once), once, "{char:?}");
        assert!(!once.chars().any(is_unseen), "{char:?}");
        if !char.is_whitespace() {
            assert!(!folded(&char.to_string()).is_empty(), "{char:?}");
        }
    }
}

/// A mark that stands on a space joins the letter before it once the space is gone.
#[test]
fn a_number_folds_until_nothing_changes() {
    for text in [
        "K\u{b8}",
        "k\u{b8}\u{b8}",
        "i\u{2d9}",
        "I \u{307}",
        "a\u{a8}\u{a8}",
        "-\u{b4}e",
        "\u{b8}",
        "n\u{2dc}-\u{2dc}",
    ] {
        let number = folded_number(text);
        assert_eq!(folded_number(&number), number, "{text:?}");
        assert_eq!(folded(&number), number, "{text:?}");
    }
    assert_eq!(folded_number("K\u{b8}"), folded_number("\u{137}"));
}

proptest! {
    /// Letters, spaces, dashes and marks that stand on a space.
    #[test]
    fn a_number_folded_twice_is_folded_once(text in "[A-Za-z \u{a8}\u{af}\u{b4}\u{b8}\u{2d8}-\u{2dd}\u{37a}\u{384}\u{1fbd}\u{1fc1}\u{2017}\u{203e}\u{300}-\u{330}\u{2010}-\u{2015}]{0,10}") {
        let number = folded_number(&text);
        prop_assert_eq!(folded_number(&number), number);
    }

    #[test]
    fn folding_keeps_its_promises(chars in prop::collection::vec(any::<char>(), 0..12)) {
        let text: String = chars.into_iter().filter(|char| !is_unknown(*char)).collect();
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once.clone());
        let number = folded_number(&text);
        prop_assert_eq!(folded_number(&number), number.clone());
        prop_assert_eq!(folded_number(&text.to_lowercase()), folded_number(&text.to_lowercase().to_uppercase().to_lowercase()));
        if wrong_number(&text).is_none() && !text.is_empty() {
            prop_assert!(!number.is_empty() && number.is_ascii());
        }
        if wrong_issuer(&text).is_none() && !text.is_empty() {
            prop_assert!(!number.is_empty());
        }
    }
}

/// Texts with and without the number of a person; tests/check_log.py reads the same ones by code of its own.
#[derive(serde::Deserialize)]
struct Texts {
    persons: Vec<(String, String)>,
    others: Vec<String>,
}

fn texts() -> Texts {
    serde_json::from_str(include_str!("../../../tests/data/texts.json")).unwrap()
}

#[test]
fn numbers_of_persons_are_found_however_they_are_set() {
    let Texts { persons, .. } = texts();
    assert!(persons.len() >= 30);
    for (number, text) in persons {
        let found = persons::find(&text).map(|(found, _)| format!("{found:?}").to_lowercase());
        assert_eq!(found, Some(number), "{text:?}");
    }
    assert_eq!(persons::find("Peserta: 3375-0101-0101-0001"), Some((persons::PersonsNumber::Nik, 10)));
    let (nib, place) = persons::find("NIB 9120 3040 5060 7").unwrap();
    assert!(nib.message(place).en.starts_with("from character 5 on there are 13 digits like a NIB; "));
}

#[test]
fn other_numbers_are_no_numbers_of_persons() {
    let Texts { others, .. } = texts();
    assert!(others.len() >= 30);
    for text in others {
        assert_eq!(persons::find(&text), None, "{text:?}");
    }
}

#[test]
fn the_published_table_is_that_of_the_program() {
    let published = include_str!("../../../docs/characters.txt");
    assert!(published.lines().next().is_some_and(|first| first.contains(UNICODE_VERSION)));
    let rows = published.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut of_program = [
        (UNSEEN, "unseen"),
        (UNKNOWN, "unknown"),
        (DASHES, "dashes"),
        (DIGITS, "digits"),
        (OTHER_SCRIPTS, "other_scripts"),
        (SQUARE_SCRIPTS, "square_scripts"),
    ]
    .into_iter()
    .flat_map(|(table, name)| {
        table.iter().map(move |(first, last)| format!("{first:04X}..{last:04X} {name}"))
    });
    for row in rows {
        assert_eq!(of_program.next().as_deref(), Some(row));
    }
    assert_eq!(of_program.next(), None);
}
