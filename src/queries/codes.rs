//! Which code of a theme or a source of money somebody means: as it is written, or as pages call it in either language.

use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::text::{LETTERS_PER_EDIT, edits, folded};
use jejak_events::values::Code;
use jejak_projections::facts::Facts;

use crate::words::choices::choices;
use crate::words::event_words::value_words;
use crate::words::language::Language::{self, En, Id};

/// Most codes that are named.
const NAMED: usize = 10;

/// What kind of code is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// The theme of a programme.
    Theme,
    /// A source of money.
    Funding,
}

impl CodeKind {
    /// Those that some event names, in the order of their letters.
    fn known(self, facts: &Facts) -> Vec<&Code> {
        let is_known = |code: &&Code| match self {
            Self::Theme => facts.has_theme(code),
            Self::Funding => facts.has_funding(code),
        };
        let mut known: Vec<&Code> = facts.codes().filter(is_known).collect();
        known.sort_unstable();
        known
    }
}

/// The code that was typed: one that events name, written in letters of either case or called so in either language; else
/// what was typed, of which nothing is on record.
///
/// # Errors
/// Where that is no code, with those there are.
pub fn which_code(facts: &Facts, kind: CodeKind, flag: &str, typed: &str) -> Result<Code, Message> {
    let known = kind.known(facts);
    let wanted = folded(typed);
    let is_called =
        |code: &&&Code| [Id, En].iter().any(|language| folded(&value_words(code, *language)) == wanted);
    let meant = known.iter().find(|code| folded(code) == wanted).or_else(|| known.iter().find(is_called));
    if let Some(code) = meant {
        return Ok((*code).clone());
    }
    Code::parse(typed).map_err(|fault| match known[..] {
        [] => fault,
        _ => {
            let typed = quoted(typed);
            let [id, en] = instead(&known, &wanted);
            Message::new(
                format!("{flag} {typed}: tidak ada kode seperti itu; {id}"),
                format!("{flag} {typed}: there is no such code; {en}"),
            )
        }
    })
}

/// What to write in the place of a code that no event names; `None` where events name none of its kind.
#[must_use]
pub fn other_codes(facts: &Facts, kind: CodeKind, typed: &str) -> Option<Message> {
    let known = kind.known(facts);
    let [id, en] = instead(&known, &folded(typed));
    (!known.is_empty()).then(|| Message::new(id, en))
}

/// The codes that are near, or else those there are, each with what it is called.
fn instead(known: &[&Code], typed: &str) -> [String; 2] {
    let near = near(known, typed);
    let (id, en) = match (near.is_empty(), known.len() > NAMED) {
        (false, _) => ("barangkali maksud Anda", "perhaps you mean"),
        (true, false) => ("yang ada", "there are"),
        (true, true) => ("yang ada antara lain", "among those there are"),
    };
    let named = if near.is_empty() { known } else { &near };
    let named = |language: Language| {
        let named = named.iter().take(NAMED).map(|code| code.to_string());
        choices(named, |code| value_words(code, language))
    };
    [format!("{id}: {}", named(Id)), format!("{en}: {}", named(En))]
}

/// The codes of which a word, as written or in either language, begins as what was typed or is written most like it.
fn near<'a>(known: &[&'a Code], typed: &str) -> Vec<&'a Code> {
    let letters = typed.chars().count();
    if letters == 0 {
        return Vec::new();
    }
    let is_near = |code: &&&Code| {
        let called = [Id, En].map(|language| folded(&value_words(code, language)));
        let written = folded(&code.replace('_', " "));
        let names = called.into_iter().chain([written]);
        let is_like = |name: &str| {
            name.split(' ').chain([name]).any(|word| {
                word.starts_with(typed)
                    || (word.len() > 3 && typed.starts_with(word))
                    || edits(word, typed) * LETTERS_PER_EDIT <= letters
            })
        };
        folded(code).starts_with(typed)
            || typed.starts_with(&folded(code))
            || names.into_iter().any(|name| is_like(&name))
    };
    known.iter().filter(is_near).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(written: &[&str]) -> Vec<Code> {
        written.iter().map(|code| Code::parse(code).unwrap()).collect()
    }

    #[test]
    fn a_word_of_either_language_is_near_its_code() {
        let themes = codes(&["basic_batik", "export", "green_industry", "waste_management"]);
        let known: Vec<&Code> = themes.iter().collect();
        let said = |typed: &str| instead(&known, typed);
        assert_eq!(said("hijau")[0], "barangkali maksud Anda: green_industry (industri hijau)");
        assert_eq!(said("green")[1], "perhaps you mean: green_industry");
        assert_eq!(said("eksport")[0], "barangkali maksud Anda: export (ekspor)");
        assert_eq!(said("limbah")[1], "perhaps you mean: waste_management");
        assert_eq!(
            said("tenun")[0],
            "yang ada: basic_batik (batik dasar), export (ekspor), green_industry (industri hijau), waste_management \
             (pengelolaan limbah)"
        );
        let money = codes(&["apbd_kota", "apbd_provinsi", "dak_nonfisik"]);
        let known: Vec<&Code> = money.iter().collect();
        assert_eq!(instead(&known, "apbd")[0], "barangkali maksud Anda: apbd_kota, apbd_provinsi");
        assert_eq!(near(&known, "dak_nonfisik_2025"), [&money[2]]);
        assert!(near(&known, "").is_empty());
    }
}
