//! Which row of a breakdown somebody means: by its key, by the beginning of the identifiers in it, or by words of its
//! title.

use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::text::folded;
use jejak_projections::answer::Answer;
use jejak_projections::error::ReadFailure;
use jejak_projections::question::BY_AREA;

use super::find::Query;
use super::names::titles;
use crate::readmodel::Snapshot;
use crate::words::event_words::days_in_words;
use crate::words::ids::short_stream;
use crate::words::language::Language::{En, Id};
use crate::words::language::number;

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
    let same = |key: &&String| *key == bare || folded(key) == folded(bare);
    if let Some(key) = keys.iter().find(same) {
        return Ok(Ok(key.clone()));
    }
    let titles = titles(snapshot, answer, false)?;
    let title = |key: &String| titles.of(by, key);
    let mut fitting: Vec<&String> = keys.iter().filter(|key| begins(key, bare)).collect();
    if let Some(query) = Query::parse(bare).filter(|_| fitting.is_empty()) {
        // Its days as they are written and as they are read.
        let fits = |text: &str| {
            query.fits_words(text)
                || [Id, En].iter().any(|language| query.fits_words(&days_in_words(text, *language)))
        };
        fitting.extend(keys.iter().filter(|key| fits(title(key).unwrap_or(key))));
    }
    Ok(match fitting[..] {
        [] => Ok(bare.to_owned()),
        [one] => Ok(one.clone()),
        _ => Err(several(typed, &fitting, &|key| title(key).map(str::to_owned))),
    })
}

/// Whether each part of a key begins as was typed: `033779b9/enrolled`.
fn begins(key: &str, typed: &str) -> bool {
    let (parts, typed_parts): (Vec<&str>, Vec<&str>) = (key.split('/').collect(), typed.split('/').collect());
    let is_uuid = |part: &&str| part.len() == 36;
    parts.first().is_some_and(is_uuid)
        && typed_parts.len() <= parts.len()
        && typed_parts[0].len() >= ID_CHARS
        && parts.iter().zip(&typed_parts).all(|(part, typed)| part.starts_with(&typed.to_lowercase()))
}

/// That several rows fit, each with what to write.
fn several(typed: &str, keys: &[&String], title: &dyn Fn(&String) -> Option<String>) -> Message {
    let mut short: Vec<String> = keys.iter().map(|key| short_stream(key)).collect();
    short.sort_unstable();
    let is_unique = short.windows(2).all(|two| two[0] != two[1]);
    let line = |key: &&String| {
        let write = if is_unique { short_stream(key) } else { (*key).clone() };
        title(key).map_or_else(|| format!("\n{write}"), |title| format!("\n{write} {title}"))
    };
    let lines: String = keys.iter().take(NAMED).map(line).collect();
    let (text, count) = (quoted(typed), keys.len() as u64);
    Message::new(
        format!("{text} cocok dengan {} baris; sebut satu saja:{lines}", number(count, Id)),
        format!("{text} fits {} rows; name one alone:{lines}", number(count, En)),
    )
}

/// That no row has a key, with those there are.
#[must_use]
pub fn no_such_row(by: &str, key: Option<&str>, known: &[String]) -> Message {
    let asked = format!("--only {by}={}", key.unwrap_or_default());
    let named = known.iter().take(NAMED).map(|key| short_stream(key)).collect::<Vec<_>>().join(", ");
    let more = known.len() > NAMED;
    let (id, en) = match (known.is_empty(), more) {
        (true, _) => (String::new(), String::new()),
        (false, false) => (format!("; yang ada: {named}"), format!("; there are {named}")),
        (false, true) => {
            (format!("; yang ada antara lain: {named}"), format!("; among those there are {named}"))
        }
    };
    Message::new(
        format!("{asked}: tidak ada baris seperti itu{id}"),
        format!("{asked}: there is no such row{en}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn rows_that_fit_and_rows_there_are_say_what_to_write() {
        let keys = [KEY.to_owned(), KEY.replace("033779b9", "033779ba")];
        let said = several("ekspor", &keys.each_ref(), &|_| Some("Pelatihan ekspor".to_owned()));
        assert_eq!(
            said.en,
            "\"ekspor\" fits 2 rows; name one alone:\n033779b9/enrolled Pelatihan ekspor\n033779ba/enrolled Pelatihan \
             ekspor"
        );
        assert!(said.id.starts_with("\"ekspor\" cocok dengan 2 baris; sebut satu saja:\n"), "{}", said.id);
        let none = no_such_row("finding", Some("adp"), &["apd".to_owned(), "waste".to_owned()]);
        assert_eq!(none.en, "--only finding=adp: there is no such row; there are apd, waste");
        assert_eq!(none.id, "--only finding=adp: tidak ada baris seperti itu; yang ada: apd, waste");
        let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        let said = no_such_row("target", Some("x"), &many).id;
        assert!(said.ends_with("; yang ada antara lain: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"), "{said}");
        assert_eq!(no_such_row("program", None, &[]).en, "--only program=: there is no such row");
    }
}
