//! Which row of a breakdown somebody means: by its key, by the beginning of the identifiers in it, or by words of its
//! title.

use std::collections::BTreeSet;

use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::text::folded;
use jejak_projections::answer::Answer;
use jejak_projections::error::ReadFailure;
use jejak_projections::question::BY_AREA;

use super::find::Query;
use super::names::{Titles, titles};
use crate::readmodel::Snapshot;
use crate::words::choices::choices;
use crate::words::ids::short_stream;
use crate::words::language::Language::{self, En, Id};
use crate::words::language::number;
use crate::words::rows::row_words;

/// Fewest characters that are taken for the beginning of an identifier.
const ID_CHARS: usize = 4;

/// Most rows that are named.
const NAMED: usize = 10;

/// The keys of the rows of an answer by something; of rows whose key is not said there is none.
#[must_use]
pub fn keys(answer: &Answer, by: &str) -> Vec<String> {
    if by == BY_AREA {
        return answer.by_area.iter().filter_map(|row| row.area).map(|area| area.to_string()).collect();
    }
    let rows = answer.breakdowns.iter().filter(|breakdown| breakdown.by == by).flat_map(|one| &one.rows);
    rows.filter_map(|row| row.key.clone()).collect()
}

/// The key of the row of an answer that was typed; of a row that is not there what was typed itself.
///
/// # Errors
/// Inside, why it is not one row alone; outside, when the log cannot be read.
pub fn which_row(
    snapshot: &Snapshot,
    answer: &Answer,
    by: &str,
    typed: &str,
) -> Result<Result<String, Message>, ReadFailure> {
    let keys = keys(answer, by);
    let bare = typed.strip_prefix(by).and_then(|rest| rest.strip_prefix('/')).unwrap_or(typed);
    if keys.iter().any(|key| key == bare) {
        return Ok(Ok(bare.to_owned()));
    }
    let titles = titles(snapshot, answer, false)?;
    let title = |key: &String| titles.of(by, key);
    let same: Vec<&String> = keys.iter().filter(|key| folded(key) == folded(bare)).collect();
    match same[..] {
        [] => {}
        [one] => return Ok(Ok(one.clone())),
        _ => return Ok(Err(several(typed, &same, &|key, _| title(key).map(str::to_owned)))),
    }
    let mut fitting: Vec<&String> = keys.iter().filter(|key| begins(key, bare)).collect();
    if let Some(query) = Query::parse(bare).filter(|_| fitting.is_empty()) {
        // Its days and codes as they are written and as they are read.
        let fits = |key: &String| {
            let read = [Id, En].map(|language| titles.words_of(by, key, language));
            query.fits_words(title(key).unwrap_or(key))
                || read.iter().flatten().any(|title| query.fits_words(title))
        };
        fitting.extend(keys.iter().filter(|key| fits(key)));
    }
    Ok(match fitting[..] {
        [] => Ok(bare.to_owned()),
        [one] => Ok(one.clone()),
        _ => Err(several(typed, &fitting, &|key, _| title(key).map(str::to_owned))),
    })
}

/// Whether each part of a key begins as was typed: `033779b9/enrolled`.
fn begins(key: &str, typed: &str) -> bool {
    let (parts, typed_parts): (Vec<&str>, Vec<&str>) = (key.split('/').collect(), typed.split('/').collect());
    let is_uuid = |part: &&str| part.len() == 36;
    // The first parts whole: `219` of `219/participated`.
    if typed_parts.len() < parts.len() && parts.starts_with(&typed_parts) {
        return true;
    }
    parts.first().is_some_and(is_uuid)
        && typed_parts.len() <= parts.len()
        && typed_parts[0].len() >= ID_CHARS
        && parts.iter().zip(&typed_parts).all(|(part, typed)| part.starts_with(&typed.to_lowercase()))
}

/// Which of these keys of rows by something is written so, or else called so in a table of either language; none where
/// none is.
///
/// # Errors
/// When several are called so, with what to write of each.
pub fn called_so(by: &str, keys: Vec<String>, typed: &str) -> Result<Option<String>, Message> {
    let wanted = folded(typed);
    if let Some(key) = keys.iter().find(|key| folded(key) == wanted) {
        return Ok(Some(key.clone()));
    }
    let is_called = |key: &&String| {
        [Id, En].into_iter().any(|language| {
            folded(&row_words(by, Some(key), language)) == wanted
                || folded(&label(by, key, language)) == wanted
        })
    };
    let called: BTreeSet<&String> = keys.iter().filter(is_called).collect();
    let called: Vec<&String> = called.into_iter().collect();
    match called[..] {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        _ => Err(several(typed, &called, &|key, language| Some(label(by, key, language)))),
    }
}

/// What a row is called, without the key that stands beside it.
fn label(by: &str, key: &str, language: Language) -> String {
    let words = row_words(by, Some(key), language);
    let alone = words.strip_suffix(&format!(" ({key})")).or_else(|| words.strip_prefix(&format!("{key} ")));
    alone.map_or_else(|| words.clone(), str::to_owned)
}

/// That several rows fit, each with what to write.
fn several(typed: &str, keys: &[&String], title: &dyn Fn(&String, Language) -> Option<String>) -> Message {
    let mut short: Vec<String> = keys.iter().map(|key| short_stream(key)).collect();
    short.sort_unstable();
    let is_unique = short.windows(2).all(|two| two[0] != two[1]);
    let line = |key: &String, language| {
        let write = if is_unique { short_stream(key) } else { key.clone() };
        title(key, language).map_or_else(|| format!("\n{write}"), |title| format!("\n{write} {title}"))
    };
    let lines = |language| keys.iter().take(NAMED).map(|key| line(key, language)).collect::<String>();
    let (text, count) = (quoted(typed), keys.len() as u64);
    Message::new(
        format!("{text} cocok dengan {} baris; sebut satu saja:{}", number(count, Id), lines(Id)),
        format!("{text} fits {} rows; name one alone:{}", number(count, En), lines(En)),
    )
}

/// That no row has a key, with those there are, and what they are called.
#[must_use]
pub fn no_such_row(by: &str, key: Option<&str>, known: &[String], titles: &Titles) -> Message {
    let asked = format!("--only {by}={}", key.unwrap_or_default());
    let titled = |key: &String| titles.of(by, key);
    let named = |language| {
        let named = known.iter().take(NAMED);
        // A title is long, and has commas of its own.
        if known.iter().any(|key| titled(key).is_some()) {
            let line = |key: &String| {
                let title = titles.words_of(by, key, language).unwrap_or_default();
                format!("\n{} {title}", short_stream(key))
            };
            return named.map(line).collect();
        }
        format!(" {}", choices(named, |key| label(by, key, language)))
    };
    let (id, en) = match (known.is_empty(), known.len() > NAMED) {
        (true, _) => (String::new(), String::new()),
        (false, false) => (format!("; yang ada:{}", named(Id)), format!("; there are{}", named(En))),
        (false, true) => {
            (format!("; yang ada antara lain:{}", named(Id)), format!("; among those there are{}", named(En)))
        }
    };
    Message::new(
        format!("{asked}: tidak ada baris seperti itu{id}"),
        format!("{asked}: there is no such row{en}"),
    )
}

#[cfg(test)]
mod tests {
    use jejak_projections::views::VIEWS;

    use super::*;
    use crate::words::language::breakdown;

    const KEY: &str = "033779b9-7f4a-4c15-b39c-c06000000000/enrolled";

    #[test]
    fn the_beginning_of_each_part_is_enough() {
        for typed in [KEY, "033779b9", "0337", "033779B9/enr", "0337/enrolled"] {
            assert!(begins(KEY, typed), "{typed}");
        }
        for typed in ["033", "0337/passed", "0337/enrolled/x", "enrolled", ""] {
            assert!(!begins(KEY, typed), "{typed}");
        }
        assert!(!begins("13134", "1313"), "a code is written whole");
        assert!(begins("219/participated", "219") && !begins("219/participated", "21"));
    }

    #[test]
    fn a_row_is_called_as_its_table_calls_it_if_nothing_else_is() {
        let called = |by: &str, keys: &[&str], typed: &str| {
            called_so(by, keys.iter().map(ToString::to_string).collect(), typed)
        };
        let one = |key: &str| Ok(Some(key.to_owned()));
        let twice = ["entered_twice", "other", "recorded_twice"];
        assert_eq!(called("reason", &twice, "Entered_Twice"), one("entered_twice"), "as it is written");
        assert_eq!(called("reason", &twice[1..], "dicatat dua kali"), one("recorded_twice"));
        assert_eq!(called("reason", &twice, "dicatat dua kali (recorded_twice)"), one("recorded_twice"));
        assert_eq!(called("reason", &twice, "sakit"), Ok(None));
        let said = called("reason", &twice, "dicatat dua kali").unwrap_err();
        assert_eq!(
            said.id,
            "\"dicatat dua kali\" cocok dengan 2 baris; sebut satu saja:\nentered_twice dicatat dua kali\nrecorded_twice \
             dicatat dua kali"
        );
        assert!(
            said.en.starts_with("\"dicatat dua kali\" fits 2 rows; name one alone:\nentered_twice "),
            "{}",
            said.en
        );
        assert_eq!(called("district", &["33.75.01", "33.75.02"], "pekalongan barat"), one("33.75.01"));
        assert_eq!(called("source_year", &["apbd", "apbd/2021"], "APBD, 2021"), one("apbd/2021"));
    }

    /// Else the first of them would be taken for what was typed.
    #[test]
    fn no_two_breakdowns_of_a_view_are_called_alike() {
        for view in VIEWS {
            for language in [Id, En] {
                let by =
                    view.breakdowns.iter().chain(&[BY_AREA]).map(|by| breakdown(by, language).to_lowercase());
                let distinct: BTreeSet<String> = by.clone().collect();
                assert_eq!(distinct.len(), by.count(), "{}: {distinct:?}", view.name);
            }
        }
    }

    #[test]
    fn rows_that_fit_and_rows_there_are_say_what_to_write() {
        let keys = [KEY.to_owned(), KEY.replace("033779b9", "033779ba")];
        let said = several("ekspor", &keys.each_ref(), &|_, _| Some("Pelatihan ekspor".to_owned()));
        assert_eq!(
            said.en,
            "\"ekspor\" fits 2 rows; name one alone:\n033779b9/enrolled Pelatihan ekspor\n033779ba/enrolled Pelatihan \
             ekspor"
        );
        assert!(said.id.starts_with("\"ekspor\" cocok dengan 2 baris; sebut satu saja:\n"), "{}", said.id);
        let titles = Titles::default();
        let none = no_such_row("finding", Some("adp"), &["apd".to_owned(), "waste".to_owned()], &titles);
        assert_eq!(none.en, "--only finding=adp: there is no such row; there are apd, waste");
        assert_eq!(none.id, "--only finding=adp: tidak ada baris seperti itu; yang ada: apd, waste (limbah)");
        let themes = ["basic_batik".to_owned(), "export".to_owned()];
        let labelled = no_such_row("theme", Some("x"), &themes, &titles);
        assert!(
            labelled.id.ends_with("yang ada: basic_batik (batik dasar), export (ekspor)"),
            "{}",
            labelled.id
        );
        let areas = no_such_row(BY_AREA, Some("x"), &["33.75".to_owned()], &titles).en;
        assert!(areas.ends_with("; there are 33.75 (Kota Pekalongan)"), "{areas}");
        let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        let said = no_such_row("target", Some("x"), &many, &titles).id;
        assert!(said.ends_with("; yang ada antara lain: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"), "{said}");
        assert_eq!(no_such_row("program", None, &[], &titles).en, "--only program=: there is no such row");
    }
}
