//! What views say of an area or a programme, on its page.
//!
//! Every figure is one that a view gives to the question beside it; must never count or add up anything of its own.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Months};
use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Breakdown, Figure, Share, Words};
use jejak_projections::names::ViewName;
use jejak_projections::question::Question;
use jejak_projections::views::view;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer_json::notes_of;
use crate::queries::due::{DueError, Section, due, people};
use crate::queries::names::{Titles, titles};
use crate::readmodel::Snapshot;

/// Rows of each list of what is due.
const DUE_ROWS: usize = 10;

/// Where on the page an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SummaryPlace {
    /// Among the figures on top; of an area with those of a year before.
    Headline,
    /// Among what came about in the year up to the day.
    LastYear,
    /// A table of its own.
    Table,
    /// Among the figures that say how well it is recorded.
    Quality,
}

/// An answer that a page shows: a view, the figures of it (none: all), and the breakdown that is shown.
struct Wanted {
    place: SummaryPlace,
    view: &'static str,
    figures: &'static [&'static str],
    by: Option<&'static str>,
}

const fn figures(place: SummaryPlace, view: &'static str, figures: &'static [&'static str]) -> Wanted {
    Wanted { place, view, figures, by: None }
}

const fn table(view: &'static str, by: &'static str, figures: &'static [&'static str]) -> Wanted {
    Wanted { place: SummaryPlace::Table, view, figures, by: Some(by) }
}

use SummaryPlace::{Headline, LastYear, Quality};

const OF_AREA: &[Wanted] = &[
    figures(Headline, "registered", &[]),
    figures(Headline, "participated", &["participated", "participated_persons"]),
    figures(Headline, "trained", &[]),
    figures(Headline, "certified", &["certified", "certified_persons"]),
    figures(Headline, "green_certified", &[]),
    figures(Headline, "mentored", &[]),
    figures(Headline, "exhibited", &[]),
    figures(Headline, "exported", &[]),
    figures(Headline, "sentra", &["sentras", "sentra_members"]),
    figures(LastYear, "repeaters", &["newcomers"]),
    figures(LastYear, "hours", &["hours_due", "hours_attended"]),
    figures(LastYear, "certificates", &[]),
    table(
        "funnel",
        "program",
        &["funnel_enrolled", "funnel_participated", "funnel_completed", "funnel_certified"],
    ),
    table("targets", "target", &[]),
    figures(Quality, "quality", &[]),
    figures(Quality, "sessions_held", &[]),
    figures(Quality, "declared_complete", &[]),
];

const OF_PROGRAM: &[Wanted] = &[
    figures(Headline, "enrolled", &[]),
    figures(Headline, "waitlisted", &[]),
    figures(Headline, "quota", &[]),
    figures(Headline, "participated", &[]),
    figures(Headline, "withdrawn", &[]),
    figures(Headline, "trained", &[]),
    figures(Headline, "hours", &["hours_due", "hours_attended"]),
    figures(Headline, "mentored", &[]),
    figures(Headline, "assessed", &[]),
    figures(Headline, "certified", &[]),
    figures(Headline, "time_to", &["days_to_assessment", "days_to_certificate"]),
    figures(Headline, "survival", &[]),
    figures(Headline, "spending", &[]),
    table("targets", "target", &[]),
    table("scores", "criterion", &[]),
    table("findings", "finding", &[]),
    table("withdrawn", "reason", &[]),
    table("spending", "source", &["spending_planned", "spending_allocated", "spending_realised"]),
];

/// What one view says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummaryPart {
    /// Where it stands on the page.
    pub place: SummaryPlace,
    /// Name of the view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
    /// Version of its definition.
    pub version: u32,
    /// The name in words.
    pub title: Words,
    /// What it was asked.
    pub question: Question,
    /// The figures that the page shows.
    pub figures: Vec<Figure>,
    /// Figures as parts of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Of an area, the same figures for the same day of the year before, as known now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub year_before: Vec<Figure>,
    /// The same figures by something else, in the tables of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Breakdown>,
    /// What the figures leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Message>,
    /// Digest of the whole answer.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    pub digest: String,
}

/// What views say of an area or a programme.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// The area, where it is of one.
    #[serde(skip)]
    pub area: Option<AreaCode>,
    /// Answers, in the order of the page.
    pub parts: Vec<SummaryPart>,
    /// What the office of an area should look into, as `jejak due`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub due: Vec<Section>,
    /// Titles of what the answers name.
    #[serde(skip)]
    pub titles: Titles,
}

impl Summary {
    /// The IKMs and persons that it names.
    #[must_use]
    pub fn people(&self) -> BTreeSet<Subject> {
        people(&self.due).into_iter().collect()
    }
}

/// Asks the views for the page of an area or a programme on a day, as known at a log size; `None` for any other stream.
///
/// # Errors
/// [`DueError`].
pub fn summary(
    snapshot: &Snapshot,
    subject: Subject,
    on: Date,
    size: u64,
) -> Result<Option<Summary>, DueError> {
    let whole = Question::new(on, size);
    let (wanted, question, area) = match subject {
        Subject::Area(area) => (OF_AREA, Question { area: Some(area), ..whole }, Some(area)),
        Subject::Program(program) => (OF_PROGRAM, Question { program: Some(program), ..whole }, None),
        _ => return Ok(None),
    };
    let mut summary = Summary { area, parts: Vec::new(), due: Vec::new(), titles: Titles::default() };
    for one in wanted {
        let question = match one.place {
            LastYear => Question { from: year_before(on).and_then(day_after), ..question.clone() },
            _ => question.clone(),
        };
        let ask = |question: &Question| view(one.view)?.answer(snapshot.facts(), question);
        let answer = ask(&question)?;
        let before = year_before(on).filter(|_| area.is_some() && one.place == Headline);
        let before = before.map(|on| ask(&Question { on, ..question.clone() })).transpose()?;
        summary.titles.extend(titles(snapshot, &answer, false)?);
        summary.parts.push(part(one, answer, before));
    }
    if area.is_some() {
        summary.due = due(snapshot, area, (on, size), DUE_ROWS)?;
    }
    Ok(Some(summary))
}

/// What the page shows of an answer.
fn part(wanted: &Wanted, answer: Answer, before: Option<Answer>) -> SummaryPart {
    let notes = notes_of(&answer);
    let is_shown = |figure: &Figure| wanted.figures.is_empty() || wanted.figures.contains(&figure.name);
    let shown = |mut figures: Vec<Figure>| {
        figures.retain(is_shown);
        figures
    };
    let breakdown = answer.breakdowns.into_iter().find(|breakdown| Some(breakdown.by) == wanted.by);
    let breakdown = breakdown.map(|mut breakdown| {
        breakdown.rows.iter_mut().for_each(|row| row.figures.retain(is_shown));
        breakdown
    });
    SummaryPart {
        place: wanted.place,
        view: answer.view,
        version: answer.version,
        title: answer.title,
        question: answer.question,
        figures: shown(answer.figures),
        shares: if wanted.figures.is_empty() { answer.shares } else { Vec::new() },
        year_before: before.map(|before| shown(before.figures)).unwrap_or_default(),
        breakdown,
        notes,
        digest: answer.digest,
    }
}

/// The same day a year before, of 29 February the last of its month; `None` before 1901.
fn year_before(day: Date) -> Option<Date> {
    let before = day.naive().checked_sub_months(Months::new(12))?;
    Date::from_day_number(before.num_days_from_ce())
}

fn day_after(day: Date) -> Option<Date> {
    Date::from_day_number(day.day_number() + 1)
}

#[cfg(test)]
mod tests {
    use jejak_events::identity::ProgramId;
    use jejak_projections::facts::Facts;

    use super::*;
    use crate::words::figures::counts;
    use crate::words::language::Language;

    /// A view or figure that is renamed is missed here, and a question that a view refuses.
    #[test]
    fn every_answer_that_a_page_shows_can_be_asked() {
        let on = Date::parse("2024-02-29").unwrap();
        assert_eq!(year_before(on).map(|day| day.to_string()).as_deref(), Some("2023-02-28"));
        let area = AreaCode::parse("33.75").unwrap();
        let program = ProgramId::parse("7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b").unwrap();
        let of_area = Question { area: Some(area), ..Question::new(on, 0) };
        let of_program = Question { program: Some(program), ..Question::new(on, 0) };
        for (wanted, question) in
            OF_AREA.iter().map(|one| (one, &of_area)).chain(OF_PROGRAM.iter().map(|one| (one, &of_program)))
        {
            let from = (wanted.place == LastYear).then_some(on);
            let question = Question { from, ..question.clone() };
            let answer = view(wanted.view).unwrap().answer(&Facts::default(), &question).unwrap();
            for name in wanted.figures {
                assert!(answer.figures.iter().any(|figure| figure.name == *name), "{} {name}", wanted.view);
            }
            let declared = view(wanted.view).unwrap().breakdowns;
            assert!(wanted.by.is_none_or(|by| declared.contains(&by)), "{} by {:?}", wanted.view, wanted.by);
        }
    }

    /// Two figures of one page that are called alike would seem to contradict each other.
    #[test]
    fn no_two_figures_of_a_page_are_called_alike() {
        let on = Date::parse("2024-02-29").unwrap();
        for wanted in [OF_AREA, OF_PROGRAM] {
            let mut called = std::collections::BTreeMap::new();
            for one in wanted {
                let answer =
                    view(one.view).unwrap().answer(&Facts::default(), &Question::new(on, 0)).unwrap();
                let figures = answer.figures.iter();
                for figure in
                    figures.filter(|figure| one.figures.is_empty() || one.figures.contains(&figure.name))
                {
                    for language in [Language::Id, Language::En] {
                        let words = (counts(figure, language), language.pick("id", "en"));
                        let other = *called.entry(words.clone()).or_insert(figure.name);
                        assert_eq!(other, figure.name, "{words:?}");
                    }
                }
            }
        }
    }
}
