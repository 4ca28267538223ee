//! What an office should look into: members of views by urgency, and what was recorded late.

use std::collections::BTreeSet;

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::moment::is_known_on;
use jejak_events::record::Event;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Member, Words};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::is_amendment;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::view;
use schemars::JsonSchema;
use serde::Serialize;

use crate::readmodel::{ReadError, Snapshot};
use crate::rules::days_late;

/// The views whose members are due, in the order of the answer.
const VIEWS_DUE: [&str; 3] = ["certificates_expiring", "assessments_overdue", "unheard"];

/// Days before the day asked about of which late recordings are listed.
const RECORDED_WITHIN_DAYS: i32 = 90;

/// One thing that is due.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DueItem {
    /// Who or what it is about.
    #[schemars(with = "jejak_events::schema::texts::Named")]
    pub who: String,
    /// The last day of a certificate, the last session day, the day of the last news, or the day of an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The events behind it.
    pub events: Vec<u64>,
}

/// Things of one kind that are due.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Section {
    /// Name of the view, or `recorded_late`.
    #[schemars(with = "jejak_projections::names::SectionName")]
    pub name: &'static str,
    /// Title.
    pub title: Words,
    /// How many there are, also where fewer are listed.
    pub total: usize,
    /// The most urgent first.
    pub rows: Vec<DueItem>,
}

/// Why that could not be told.
#[derive(Debug, thiserror::Error)]
pub enum DueError {
    /// The question makes no sense.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log cannot be read.
    #[error(transparent)]
    Unread(#[from] ReadFailure),
}

/// All that is due on a day, at most `limit` rows of each section (0: all).
///
/// # Errors
/// [`DueError`].
pub fn due(
    snapshot: &Snapshot,
    area: Option<AreaCode>,
    (on, size): (Date, u64),
    limit: usize,
) -> Result<Vec<Section>, DueError> {
    let mut sections = Vec::new();
    for name in VIEWS_DUE {
        let question = Question { area, ..Question::new(on, size) };
        sections.push(of_view(view(name)?.answer(snapshot.facts(), &question)?));
    }
    sections.push(recorded_late(snapshot, area, (on, size))?);
    for section in &mut sections {
        section.total = section.rows.len();
        if limit > 0 {
            section.rows.truncate(limit);
        }
    }
    Ok(sections)
}

/// The IKMs and persons among what is due, each once.
#[must_use]
pub fn people(sections: &[Section]) -> Vec<Subject> {
    let subjects =
        sections.iter().flat_map(|section| &section.rows).filter_map(|row| Subject::parse(&row.who).ok());
    let people = subjects.filter(|subject| matches!(subject, Subject::Ikm(_) | Subject::Person(_)));
    people.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The members of a view, the most urgent first.
fn of_view(answer: Answer) -> Section {
    let mut members = answer.members;
    // A view may give figures of other days ahead, too; due is what its own name says.
    members.retain(|member| member.figures.contains(&answer.view));
    members.sort_by_key(|member| (member.day, member.who));
    let row = |member: Member| DueItem {
        who: member.who.to_string(),
        day: member.day,
        area: member.area,
        events: member.events,
    };
    let rows = members.into_iter().map(row).collect();
    Section { name: answer.view, title: answer.title, total: 0, rows }
}

/// The events of the last days that were recorded long after the fact, the latest first.
fn recorded_late(
    snapshot: &Snapshot,
    area: Option<AreaCode>,
    (on, size): (Date, u64),
) -> Result<Section, ReadError> {
    let office = snapshot.source().area;
    // What was known before the first of these days; nothing, when there is no such day.
    let before = Date::from_day_number(on.day_number() - RECORDED_WITHIN_DAYS - 1);
    let from =
        before.map_or(Ok(0), |day| snapshot.size_while(|recorded| is_known_on(recorded, day, office)))?;
    let mut rows = Vec::new();
    let mut failed = None;
    snapshot.scan(from.min(size)..size, &mut |index, bytes| {
        let event = match Event::read(bytes) {
            Ok(event) => event,
            Err(error) => {
                failed = Some(ReadError::Record { index, reason: error.to_string() });
                return false;
            }
        };
        let (draft, recorded) = (&event.draft, event.recorded.date_in(office));
        let (source, day) = (draft.source.area, draft.time.date());
        let wanted = area.is_none_or(|wanted| source.is_within(wanted));
        let is_late = days_late(draft.subject, day, recorded).is_some();
        if recorded <= on && wanted && is_late && !is_amendment(&draft.data) {
            let who = draft.subject.to_string();
            rows.push(DueItem { who, day: Some(day), area: Some(source), events: vec![index] });
        }
        recorded <= on
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    rows.reverse();
    let title =
        Words { id: "Dicatat terlambat dalam 90 hari terakhir", en: "Recorded late in the last 90 days" };
    Ok(Section { name: "recorded_late", title, total: 0, rows })
}
