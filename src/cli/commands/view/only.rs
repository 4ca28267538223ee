//! `--only BY=VALUE`: one row of a breakdown.

use jejak_events::excerpt::quoted;
use jejak_events::identity::SubjectKind;
use jejak_projections::answer::Answer;
use jejak_projections::question::{BY_AREA, OnlyRow, Question};
use jejak_projections::views::{ViewDeclaration, current_views};

use crate::cli::Context;
use crate::cli::exit::Stop;
use crate::cli::input::stream;
use crate::queries::rows::{keys, no_such_row, which_row};
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
        let Some((view, value)) = view.zip(self.value.as_deref()) else {
            return Ok(OnlyRow { by, key: self.value.as_deref().map(str::to_lowercase) });
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
            None => value.to_lowercase(),
        };
        Ok(OnlyRow { by, key: Some(key) })
    }
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

/// Notes on stderr that there is no such row, and which there are: the answer to that is 0, as it is to a slip of the pen.
///
/// # Errors
/// None that the answer itself did not have.
pub fn note_missing(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    answer: &Answer,
) -> Result<(), Stop> {
    let Some(OnlyRow { by, key }) = &answer.question.only else { return Ok(()) };
    if answer.has_row_asked() {
        return Ok(());
    }
    let whole = view.answer(snapshot.facts(), &Question { only: None, ..answer.question.clone() })?;
    let said = no_such_row(by, key.as_deref(), &keys(&whole, by));
    context.say(&format!("jejak: {}", context.language.of(&said)));
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
