//! `--only BY=VALUE`: one row of a breakdown.

use jejak_events::area::{AreaCode, Level};
use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::identity::SubjectKind;
use jejak_projections::answer::Answer;
use jejak_projections::facts::Facts;
use jejak_projections::question::{BY_AREA, OnlyRow, Question};
use jejak_projections::views::{ViewDeclaration, current_views};

use crate::cli::Context;
use crate::cli::exit::Stop;
use crate::cli::input::stream;
use crate::queries::names::{Titles, titles};
use crate::queries::rows::{called_so, keys, no_such_row, which_row};
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::words::language::{Language, breakdown};

/// A row as it was typed.
pub struct TypedRow {
    by: String,
    /// None for the row of what is not said.
    value: Option<String>,
}

/// Breakdowns whose keys are read with the titles of their rows.
const TITLED_ROWS: [&str; 5] = ["issuer", "report", "session", "session_day", "target"];

impl TypedRow {
    /// Reads `BY=VALUE`.
    ///
    /// # Errors
    /// [`Stop::Usage`] where it is none.
    pub fn read(text: &str) -> Result<Self, Stop> {
        let read = text.split_once('=').map(|(by, value)| (by.trim(), value.trim()));
        let Some((by, value)) = read.filter(|(by, _)| !by.is_empty()) else {
            let text = quoted(text);
            return Err(Stop::usage(
                format!(
                    "--only {text}: tulis RINCIAN=NILAI, misalnya finding=apd; RINCIAN= tanpa nilai untuk baris yang \
                     tidak disebut"
                ),
                format!(
                    "--only {text}: write BY=VALUE, such as finding=apd; BY= without a value for the row of what is \
                     not given"
                ),
            ));
        };
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        // What is no text of an event is the key of no row.
        OnlyRow::new(by, value.as_deref()).map_err(Stop::Usage)?;
        Ok(Self { by: by.to_lowercase(), value })
    }

    /// The row of a view that is meant, in the answer to a question.
    ///
    /// # Errors
    /// [`Stop::Usage`] when it is not one alone, or when the log cannot be read.
    pub fn find(
        &self,
        snapshot: &Snapshot,
        view: Option<&ViewDeclaration>,
        question: &Question,
    ) -> Result<OnlyRow, Stop> {
        let by = by(&self.by, view).to_owned();
        let view = view.filter(|view| view.breakdowns.contains(&&*by) || by == BY_AREA);
        let Some(value) = self.value.as_deref() else { return Ok(OnlyRow { by, key: None }) };
        let Some(view) = view else {
            let codes: Vec<String> = snapshot.facts().codes().map(ToString::to_string).collect();
            let called = called_so(&by, codes, value).map_err(Stop::Usage)?;
            return Ok(OnlyRow { by, key: Some(called.unwrap_or_else(|| value.to_lowercase())) });
        };
        let key = match kind_of(&by) {
            Some(kind) => {
                let subject = stream(snapshot, value, &[kind])?.to_string();
                subject.split_once('/').map_or(subject.clone(), |(_, id)| id.to_owned())
            }
            None if TITLED_ROWS.contains(&&*by) => {
                let whole = view.answer(snapshot.facts(), question)?;
                let row = which_row(snapshot, &whole, &by, value).map_err(RegistryError::from)?;
                row.map_err(Stop::Usage)?
            }
            None => match code(snapshot.facts(), value) {
                Some(code) => code,
                None => word(snapshot, view, question, &by, value)?,
            },
        };
        if by == BY_AREA {
            has_area(snapshot, view, question, &key)?;
        }
        Ok(OnlyRow { by, key: Some(key) })
    }
}

/// The code that somebody means, as it is written; none where no event has it.
fn code(facts: &Facts, typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    facts.codes().any(|code| **code == typed).then_some(typed)
}

/// The key of a row that is no code of an event as it is written: a code or word as tables call it in either language, a
/// size class, a verdict, a year, a day.
fn word(
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    by: &str,
    typed: &str,
) -> Result<String, Stop> {
    let whole = view.answer(snapshot.facts(), question)?;
    let keys = keys(&whole, by);
    let codes = || snapshot.facts().codes().map(ToString::to_string).collect();
    let called = match called_so(by, keys.clone(), typed).map_err(Stop::Usage)? {
        None => called_so(by, codes(), typed).map_err(Stop::Usage)?,
        row => row,
    };
    if let Some(key) = called {
        return Ok(key);
    }
    // Of years and days there may be no row in this answer.
    if typed.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(typed.to_lowercase());
    }
    Err(Stop::Usage(no_such_row(by, Some(typed), &keys, &Titles::default())))
}

/// Refuses a province that has no row: its kabupaten and kota have, and `--area` adds them up.
fn has_area(snapshot: &Snapshot, view: &ViewDeclaration, question: &Question, key: &str) -> Result<(), Stop> {
    let is_province = AreaCode::parse(key).is_ok_and(|area| area.level() == Level::Province);
    if !is_province || keys(&view.answer(snapshot.facts(), question)?, BY_AREA).iter().any(|row| row == key) {
        return Ok(());
    }
    Err(Stop::usage(
        format!(
            "--only area={key}: provinsi itu tidak punya baris; pakai --area {key}, yang menjumlahkan kabupaten dan kotanya"
        ),
        format!(
            "--only area={key}: that province has no row; use --area {key}, which adds up its kabupaten and kota"
        ),
    ))
}

/// What the rows of a view are by: its own word for that, or what its tables call it in either language.
fn by<'a>(typed: &'a str, view: Option<&ViewDeclaration>) -> &'a str {
    let of_view = view.into_iter().flat_map(|view| view.breakdowns);
    let of_all = current_views().filter(|_| view.is_none()).flat_map(|view| view.breakdowns);
    let is_called = |by: &&&'static str| {
        let called = [Language::Id, Language::En].map(|language| breakdown(by, language).to_lowercase());
        **by == typed || called.contains(&typed.to_owned())
    };
    of_view.chain(of_all).chain(&[BY_AREA]).find(is_called).copied().unwrap_or(typed)
}

/// The kind of streams that a breakdown is by.
fn kind_of(by: &str) -> Option<SubjectKind> {
    let kinds = [
        SubjectKind::Area,
        SubjectKind::Claim,
        SubjectKind::Exhibition,
        SubjectKind::Program,
        SubjectKind::Sentra,
    ];
    kinds.into_iter().find(|kind| kind.name() == by)
}

/// That the row asked for is not there, and which there are; none where it is, or where none is asked for.
///
/// # Errors
/// None that the answer itself did not have.
fn missing(snapshot: &Snapshot, view: &ViewDeclaration, answer: &Answer) -> Result<Option<Message>, Stop> {
    let Some(OnlyRow { by, key }) = &answer.question.only else { return Ok(None) };
    if answer.has_row_asked() {
        return Ok(None);
    }
    let whole = view.answer(snapshot.facts(), &Question { only: None, ..answer.question.clone() })?;
    let titles = titles(snapshot, &whole, false).map_err(RegistryError::from)?;
    Ok(Some(no_such_row(by, key.as_deref(), &keys(&whole, by), &titles)))
}

/// Refuses a row that is not there: what nobody meant to ask is not proven to others.
///
/// # Errors
/// [`Stop::Usage`] where it is not there; else as those of the answer itself.
pub fn refuse_missing(snapshot: &Snapshot, view: &ViewDeclaration, question: &Question) -> Result<(), Stop> {
    if question.only.is_none() {
        return Ok(());
    }
    let answer = view.answer(snapshot.facts(), question)?;
    missing(snapshot, view, &answer)?.map_or(Ok(()), |said| Err(Stop::Usage(said)))
}

/// Notes on stderr that there is no such row: the answer to that is 0, as it is to a slip of the pen.
///
/// # Errors
/// As those of the answer over all days.
pub fn note_missing(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
) -> Result<(), Stop> {
    if question.only.is_none() {
        return Ok(());
    }
    let answer = view.answer(snapshot.facts(), question)?;
    if let Some(said) = missing(snapshot, view, &answer)? {
        context.say(&format!("jejak: {}", context.language.of(&said)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_at_the_first_equals_sign() {
        let read = |text| TypedRow::read(text).map(|row| (row.by, row.value)).ok();
        let row = |by: &str, value: Option<&str>| Some((by.to_owned(), value.map(str::to_owned)));
        assert_eq!(read("finding=apd"), row("finding", Some("apd")));
        assert_eq!(read("Issuer = LSP Batik = Pusat "), row("issuer", Some("LSP Batik = Pusat")));
        assert_eq!(read("program="), row("program", None));
        for wrong in ["finding", "", "=apd", " = "] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_breakdown_is_called_by_its_own_word_or_by_that_of_its_table() {
        let findings = current_views().find(|view| view.name == "findings");
        for typed in ["finding", "temuan"] {
            assert_eq!(by(typed, findings), "finding");
            assert_eq!(by(typed, None), "finding");
        }
        assert_eq!(
            ["tema", "programme", "wilayah"].map(|typed| by(typed, findings)),
            ["theme", "program", "area"]
        );
        assert_eq!(by("negara tujuan", findings), "negara tujuan", "this view has no countries");
    }

    #[test]
    fn streams_are_named_as_everywhere_else() {
        let named = |by| kind_of(by).map(SubjectKind::name);
        assert_eq!(["program", "sentra", "area"].map(named), [Some("program"), Some("sentra"), Some("area")]);
        assert_eq!(["finding", "session", "theme"].map(named), [None; 3]);
    }
}
