//! What the filled example shows: a few telling figures, one of them opened to its events, and one as
//! it was known a year earlier.
//!
//! The notes say what the story tells; the figures are asked of the views like any other, and must never
//! be written down here.

mod asks;

use jejak_events::area::AreaCode;
use jejak_events::identity::ProgramId;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::values::{Code, Date};
use jejak_projections::answer::{Answer, Words};
use jejak_projections::claims::CheckError;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::view;
use schemars::JsonSchema;
use serde::Serialize;

use super::claims::{JudgedClaim, judge_claims};
use super::released::{ReleasedTotals, released};
use crate::registry::{Registry, RegistryError};
use asks::{Ask, EXPORT, FIGURES, GREEN_NOW, HISTORY, KNOWN_AFTER, KNOWN_BEFORE, NEXT};

/// Why the story could not be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A view has no answer. With an untouched example that is a defect of this program.
    #[error("a question of the worked example has no answer: {0}")]
    Question(#[from] QuestionError),
    /// A claim cannot be judged. With an untouched example that is a defect of this program.
    #[error("a claim of the worked example cannot be judged: {0}")]
    Claim(#[from] CheckError),
}

/// The story, in the order of telling.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Story {
    /// The main views on telling days.
    pub figures: Vec<ToldFigure>,
    /// One of the figures, opened.
    pub opened: OpenedFigure,
    /// One figure twice: as it was known a year before the last word on it, and then.
    pub known: [ToldFigure; 2],
    /// How much the releases of sums tell and withhold.
    pub released: ReleasedTotals,
    /// What the articles claim, each with its verdict.
    pub claims: Vec<JudgedClaim>,
    /// Commands to try next, each with what it does.
    pub next: Vec<NextCommand>,
}

/// A figure with the reason to look at it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToldFigure {
    /// What it shows.
    pub note: Words,
    /// The command that asks for it: arguments of `jejak`, without `--dir`.
    pub command: String,
    /// The answer.
    pub answer: Answer,
    /// Figures of it whose value an article names; all others follow from what the example makes up.
    #[schemars(with = "Vec<jejak_projections::names::FigureName>")]
    pub reported: &'static [&'static str],
}

/// A figure opened down to events.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OpenedFigure {
    /// The figure; its answer lists everybody behind it.
    pub told: ToldFigure,
    /// The events behind the first of them, ascending by index.
    pub events: Vec<EventBehind>,
}

/// An event behind a figure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventBehind {
    /// Its index in the log.
    pub index: u64,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When it happened, as written in the record.
    #[schemars(with = "jejak_events::schema::texts::LocalTime")]
    #[serde(rename = "time")]
    pub happened: String,
    /// When the registry learnt it, RFC 3339 UTC.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    #[serde(rename = "recordedtime")]
    pub recorded: String,
    /// Both, and where it was recorded.
    #[serde(skip)]
    pub at: (ValidTime, RecordedTime, AreaCode),
}

/// A command to try.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextCommand {
    /// What it does.
    pub note: Words,
    /// Arguments of `jejak`, without `--dir`.
    pub command: String,
}

/// Tells the story from a registry that [`super::fill`] filled.
///
/// # Errors
/// When the registry cannot be read, or holds less than the story asks about.
pub fn story(registry: &Registry) -> Result<Story, StoryError> {
    let size = registry.snapshot().size();
    let figures = FIGURES.iter().map(|ask| tell(registry, ask, size)).collect::<Result<_, _>>()?;
    let opened = open(registry, tell(registry, &GREEN_NOW, size)?)?;
    let [before, after] = [KNOWN_BEFORE, KNOWN_AFTER].map(|moment| as_known(registry, &EXPORT, moment));
    let claims = judge_claims(registry)?;
    let released = released(registry)?;
    Ok(Story { figures, opened, known: [before?, after?], released, claims, next: next() })
}

/// The commands to try, the one with an identifier of the example among them.
fn next() -> Vec<NextCommand> {
    let history = (HISTORY, format!("history ikm/{}", super::semarang::entered_twice()));
    let fixed = NEXT.iter().map(|(note, command)| (*note, (*command).to_owned()));
    fixed.chain([history]).map(|(note, command)| NextCommand { note, command }).collect()
}

#[expect(clippy::expect_used, reason = "literals of this module, which a test reads")]
fn tell(registry: &Registry, ask: &Ask, size: u64) -> Result<ToldFigure, StoryError> {
    let mut question = Question::new(Date::parse(ask.on).expect("a date of the story"), size);
    question.area = Some(AreaCode::parse(ask.area).expect("an area of the story"));
    question.theme = ask.theme.map(|theme| Code::parse(theme).expect("a theme of the story"));
    let theme = ask.theme.map(|theme| format!(" --theme {theme}")).unwrap_or_default();
    let snapshot = registry.snapshot();
    let mut answer = view(ask.view)?.answer(snapshot.facts(), &question)?;
    let mut narrowed = format!("--area {}{theme}", ask.area);
    // What has no total over programmes is asked of the one that it is about.
    if answer.figures.iter().all(|figure| figure.value.is_none()) {
        let programs = answer.breakdowns.iter().filter(|breakdown| breakdown.by == "program");
        let key = programs.flat_map(|breakdown| &breakdown.rows).find_map(|row| row.key.clone());
        if let Some(program) = key.and_then(|key| ProgramId::parse(&key).ok()) {
            question = Question { program: Some(program), ..Question::new(question.on, size) };
            narrowed = format!("--program {program}");
            answer = view(ask.view)?.answer(snapshot.facts(), &question)?;
        }
    }
    let command = format!("view {} {narrowed} --on {}", ask.view, ask.on);
    Ok(ToldFigure { note: ask.note, command, answer, reported: ask.reported })
}

#[expect(clippy::expect_used, reason = "literals of this module, which a test reads")]
fn as_known(registry: &Registry, ask: &Ask, moment: &str) -> Result<ToldFigure, StoryError> {
    let until = RecordedTime::parse(moment).expect("a moment of the story");
    let told = tell(
        registry,
        ask,
        registry.snapshot().size_while(|recorded| recorded <= until).map_err(RegistryError::from)?,
    )?;
    let note = if moment == KNOWN_BEFORE {
        Words {
            id: "Seperti diketahui pada pertengahan 2024: daftar hadir hari terakhir tiga IKM belum ditemukan.",
            en: "As known in mid-2024: the last day's attendance list of three IKMs was not yet found.",
        }
    } else {
        Words {
            id: "Seperti diketahui setahun kemudian: hari yang sama, angka yang lain.",
            en: "As known a year later: the same day, another figure.",
        }
    };
    Ok(ToldFigure { note, command: format!("{} --as-known {moment}", told.command), ..told })
}

fn open(registry: &Registry, told: ToldFigure) -> Result<OpenedFigure, StoryError> {
    let behind = |index: u64| {
        let event = registry.event(index)?;
        Ok(EventBehind {
            index,
            kind: event.draft.data.type_name(),
            happened: event.draft.time.to_string(),
            recorded: event.recorded.to_string(),
            at: (event.draft.time, event.recorded, event.draft.source.area),
        })
    };
    let first = told.answer.members.first().map(|member| member.events.as_slice()).unwrap_or_default();
    let events = first.iter().map(|index| behind(*index)).collect::<Result<_, RegistryError>>()?;
    Ok(OpenedFigure { told, events })
}
