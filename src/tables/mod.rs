//! The answers of `queries/` as tables, whoever shows them: the command line today, pages and workbooks later.
//!
//! Must never ask a question, count, or know how a table is shown.

pub mod attested;
pub mod claims;
pub mod compare;
pub mod due;
pub mod find;
pub mod held;
pub mod history;
pub mod release;
pub mod series;
pub mod show;
pub mod summary;
pub mod verdicts;
pub mod view;

use jejak_events::area::AreaCode;
use jejak_projections::question::{Question, scale_text};

use crate::answer_json::LogPlace;
use crate::queries::names::{Names, Titles};
use crate::words::event_words::days_in_words;
use crate::words::ids::{area_code_words, area_words, short_stream};
use crate::words::language::Language;
use crate::words::table::{Cell, Holds};

/// A last cell of every row for programs: its kind and name, and what it holds.
pub type LastCell = (Holds, &'static str, Cell);

/// Whether the registry holds made-up data, as a last cell.
pub fn synthetic(is_synthetic: bool) -> LastCell {
    (Holds::Id, "synthetic", Cell::id(is_synthetic))
}

/// How much of the log an answer knows, as last cells.
pub fn known(log: &LogPlace) -> [LastCell; 3] {
    [
        (Holds::Number, "as_known", log.size.into()),
        (Holds::Id, "root", Cell::id(&log.root)),
        synthetic(log.synthetic),
    ]
}

/// What narrowed a question, as last cells: each filter as one types it, none where it is not set. Without them a part
/// would read as the whole.
pub fn narrowed(question: &Question) -> [LastCell; 7] {
    let Question { area, area_of, funding, only, program, scale, theme, .. } = question;
    [
        (Holds::Id, "question_area", (*area).into()),
        (Holds::Id, "question_area_of", area_of.map(|of| Cell::id(of.name())).into()),
        (Holds::Id, "question_funding", funding.as_ref().map(Cell::id).into()),
        (Holds::Id, "question_only", only.as_ref().map(Cell::id).into()),
        (Holds::Id, "question_program", program.map(Cell::id).into()),
        (Holds::Id, "question_scale", scale.map(|scale| Cell::id(scale_text(scale))).into()),
        (Holds::Id, "question_theme", theme.as_ref().map(Cell::id).into()),
    ]
}

/// A stream, or somebody as members name them: whole for programs; people get the beginning of its identifier, which
/// commands take too, and of an area its name.
pub fn stream(stream: impl ToString) -> Cell {
    let stream = stream.to_string();
    let words = match stream.strip_prefix("area/") {
        Some(code) => area_code_words(code).into_owned(),
        None => short_stream(&stream),
    };
    Cell::coded(stream, words)
}

/// An area: its code for programs, and with its name for people.
pub fn area(area: AreaCode) -> Cell {
    Cell::coded(area.to_string(), area_words(area))
}

/// What somebody or something is called: a name that was asked for, or an open title, which programs are told apart.
pub fn called(names: Option<&Names>, titles: &Titles, who: &str, language: Language) -> Cell {
    match titles.of_stream(who) {
        Some(title) => Cell::coded("", days_in_words(title, language)),
        None => name_of(names, who, language),
    }
}

/// A name that was asked for; people are told where there is none.
pub fn name_of(names: Option<&Names>, who: &str, language: Language) -> Cell {
    match names.and_then(|names| names.get(who)) {
        // Whatever is neither an IKM nor a person has none.
        None => Cell::None,
        Some(Some(name)) => name.into(),
        Some(None) => Cell::coded("", language.pick("(tidak ada)", "(none)")),
    }
}
