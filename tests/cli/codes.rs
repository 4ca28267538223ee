//! No page shows a code where a word stands for it: every page of the worked example, in both languages.

use std::collections::BTreeSet;

use jejak_events::codes::CODES;
use jejak_projections::views::VIEWS;

use super::World;

/// The streams of the registry that have a page, but of IKMs, persons and certificates the first few.
fn streams(world: &World) -> Vec<String> {
    const FEW: usize = 6;
    let log = world.run(&["log", "export"]).out;
    let subjects: BTreeSet<String> = log
        .lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["subject"].as_str().unwrap().to_owned()
        })
        .collect();
    let mut told = Vec::new();
    for kind in ["area", "certificate", "exhibition", "ikm", "person", "program", "registry", "sentra"] {
        let of_kind = subjects.iter().filter(|subject| subject.split('/').next() == Some(kind));
        let most = if ["certificate", "ikm", "person"].contains(&kind) { FEW } else { usize::MAX };
        told.extend(of_kind.take(most).cloned());
    }
    assert!(told.len() > 30, "{told:?}");
    told
}

/// The words with an underscore that stand in a line as codes do nowhere: alone behind their words, in brackets, where one
/// asks with them; in the formula of a share; in an identifier; as the view that a row is from, which is its last cell.
fn raw_codes(line: &str) -> Vec<&str> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || "_/.:-".contains(char);
    let is_view = |word: &str| VIEWS.iter().any(|view| view.name == word);
    let mut found = Vec::new();
    for word in line.split(|char: char| !is_part(char)) {
        let at = word.as_ptr() as usize - line.as_ptr() as usize;
        let (before, behind) = (&line[..at], &line[at + word.len()..]);
        let bracket = before.rfind('(').map(|open| &line[open..]).unwrap_or_default();
        let bracket = bracket.split(')').next().unwrap_or_default();
        let is_asked_with = before.ends_with('(') && behind.starts_with(')');
        let is_formula = bracket.contains(" = ") && before.rfind('(') > before.rfind(')');
        let is_last = behind.trim().is_empty() && is_view(word);
        let is_code = word.contains('_') && !word.contains('/') && !word.starts_with("urn:");
        if is_code && !(is_asked_with || is_formula || is_last) {
            found.push(word);
        }
    }
    found
}

/// Codes without an underscore that no Indonesian sentence has as a word, which stand in a line of an Indonesian page alone:
/// not behind their words in brackets, nor within an identifier.
fn foreign_codes(line: &str) -> Vec<&str> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || "_/.:-".contains(char);
    let is_foreign = |word: &str| {
        CODES.iter().any(|(code, id, _)| *code == word && !id.split(' ').any(|part| part == *code))
    };
    let words = line.split(|char: char| !is_part(char)).filter(|word| is_foreign(word));
    words.filter(|word| !line.contains(&format!("({word})"))).collect()
}

#[test]
fn a_code_stands_behind_its_words_or_nowhere() {
    assert_eq!(raw_codes("14 Jan 2026 sih_batik failed"), ["sih_batik"]);
    assert_eq!(raw_codes("(erased: 0; figure: over_60; sum: 2)"), ["over_60"]);
    assert_eq!(foreign_codes("sentra mendapat fasilitas showroom"), ["showroom"]);
    assert_eq!(
        foreign_codes("SIH batik: energi (sih_batik/energy), person/7e18, Pekalongan"),
        Vec::<&str>::new()
    );
    for fine in [
        " IKM green certified   7   green_certified",
        "untreated wastewater (wastewater_untreated)   1",
        "held (held_of_scheduled = sessions_held / sessions_scheduled)",
        "e6ac2ed1/green_certified   10 IKM",
    ] {
        assert_eq!(raw_codes(fine), Vec::<&str>::new(), "{fine}");
    }
}

#[test]
fn no_page_shows_a_code_for_which_there_are_words() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let streams = streams(&demo);
    let pages = streams
        .iter()
        .flat_map(|stream| [vec!["show", stream], vec!["history", stream]].map(|words| (words, "")));
    // A definition names figures as one asks for them.
    let views = VIEWS.iter().map(|view| (vec!["view", view.name], "definition"));
    let mut found = BTreeSet::new();
    for (words, without) in pages.chain(views) {
        for (language, page) in [("en", demo.run(&words)), ("id", demo.run_in_indonesian(&words))] {
            assert_eq!(page.code, 0, "{words:?}: {}", page.err);
            let is_definition =
                |line: &&str| !without.is_empty() && line.starts_with(' ') && line.contains(". ");
            let is_named =
                |line: &&str| ["definition ", "definisi "].iter().any(|label| line.starts_with(label));
            for line in page.out.lines().filter(|line| !is_definition(line) && !is_named(line)) {
                if language == "id" {
                    found.extend(
                        foreign_codes(line).into_iter().map(|code| format!("{words:?} {code}: {line}")),
                    );
                }
                found.extend(
                    raw_codes(line).into_iter().map(|code| format!("{words:?} {code}: {}", line.trim())),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
