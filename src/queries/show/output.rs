//! A page as a value for programs: the same lines that the table has.

use std::collections::BTreeMap;

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::span;
use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::checked::told;
use super::{
    AttendedDays, EntryStanding, FieldDifference, FieldValue, Folded, Item, PageAmendment, PageEntry,
    ProgramSection, StreamPage, Summary,
};
use crate::answer_json::LogPlace;
use crate::queries::names::Names;
use crate::words::ids::{area_words, short_stream};
use crate::words::sentence::sentence;

/// A correction, a retraction or a redaction.
#[derive(Serialize, JsonSchema)]
pub struct AmendmentOutput {
    /// Its index.
    pub index: u64,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    pub r#type: &'static str,
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    pub recordedtime: String,
    /// Who recorded it.
    #[schemars(with = "jejak_events::identity::Source")]
    pub source: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::values::Code>")]
    pub reason: Option<String>,
    /// Who decided that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Whether it was taken back.
    pub retracted: bool,
    /// What it changed of the open fields.
    pub differences: Vec<FieldDifference>,
    /// With --names: what it changed of the sealed names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sealed_differences: Vec<FieldDifference>,
    #[serde(skip)]
    pub said: Message,
    #[serde(skip)]
    pub recorded: (RecordedTime, AreaCode),
}

/// A line of the story.
#[derive(Serialize, JsonSchema)]
pub struct Line {
    /// Index of the event.
    pub index: u64,
    /// All indexes, of a line that tells several events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<u64>,
    /// When it happened, as it stands now.
    #[schemars(with = "jejak_events::schema::texts::LocalTime")]
    pub time: String,
    /// How exactly that is known.
    #[schemars(with = "jejak_events::time::TimePrecision")]
    pub timeprecision: &'static str,
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    pub recordedtime: String,
    /// Days between the fact and its recording, when more than 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_days: Option<i64>,
    /// Who recorded it.
    #[schemars(with = "jejak_events::identity::Source")]
    pub source: String,
    /// The stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    #[serde(rename = "subject")]
    pub stream: String,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    pub r#type: &'static str,
    /// Whether what it says counts.
    #[serde(rename = "status")]
    pub standing: EntryStanding,
    /// What it says, as it stands now.
    pub said: Message,
    /// What amends it, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<AmendmentOutput>,
    /// As exactly as it is known, for people.
    #[serde(skip)]
    pub happened: ValidTime,
    #[serde(skip)]
    pub recorded: (RecordedTime, AreaCode),
}

/// The whole story of a stream.
#[derive(Serialize, JsonSchema)]
pub struct Output<'a> {
    /// The stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: String,
    /// Streams that were merged with it.
    #[schemars(with = "Vec<jejak_events::identity::Subject>")]
    pub joined: Vec<String>,
    /// Number of events of the stream; `expectedrevision` is held against it.
    pub revision: u64,
    /// How it stands on the day, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::schema::texts::Word>")]
    pub state: Option<&'static str>,
    /// The day that the page is for.
    pub on: Date,
    /// How much of the log it knows.
    pub log: &'a LogPlace,
    /// The open facts in force on the day, by field.
    pub facts: &'a BTreeMap<String, FieldValue>,
    /// What happened, in that order.
    pub story: Vec<Line>,
    /// By type, what the tables tell instead of the story.
    pub folded: &'a BTreeMap<&'static str, Folded>,
    /// Sessions and enrolled, of a programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<&'a ProgramSection>,
    /// What views say of it, of an area or a programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a Summary>,
    /// Titles by stream.
    pub titles: BTreeMap<String, String>,
    /// With --names: names by stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<&'a Names>,
}

/// How a stream is called on the page: by its name where that may be said, else by its title, an area by code and name,
/// else by the beginning of its identifier.
pub fn called(page: &StreamPage, names: Option<&Names>, subject: Subject) -> String {
    if let Subject::Area(area) = subject {
        return area_words(area);
    }
    let whole = subject.to_string();
    let name = names.and_then(|names| names.get(&whole)).cloned().flatten();
    name.or_else(|| page.titles.get(&subject).cloned()).unwrap_or_else(|| short_stream(&whole))
}

/// The page with its lines.
pub fn output<'a>(
    page: &'a StreamPage,
    summary: Option<&'a Summary>,
    (on, log): (Date, &'a LogPlace),
    names: Option<&'a Names>,
) -> Output<'a> {
    let call = |subject: Subject| called(page, names, subject);
    let story = page.story.iter().filter_map(|entry| match entry {
        PageEntry::Event(item) => Some(line(page, item, &call)),
        PageEntry::Attendances(group) => attendances(page, group, &call),
    });
    let mut titles: BTreeMap<String, String> =
        page.titles.iter().map(|(subject, title)| (subject.to_string(), title.clone())).collect();
    titles.extend(summary.map(|summary| summary.titles.all()).unwrap_or_default());
    Output {
        subject: page.subject.to_string(),
        joined: page.joined.iter().map(ToString::to_string).collect(),
        revision: page.revision,
        state: page.state,
        on,
        log,
        facts: &page.facts,
        story: story.collect(),
        folded: &page.folded,
        program: page.program.as_ref(),
        summary,
        titles,
        names,
    }
}

fn line(page: &StreamPage, item: &Item, call: &dyn Fn(Subject) -> String) -> Line {
    let content = item.content();
    let said = told(page, content.data(), sentence(content.data(), call));
    Line {
        index: item.index,
        indexes: Vec::new(),
        time: content.time().to_string(),
        timeprecision: content.time().precision().name(),
        recordedtime: item.event.recorded.to_string(),
        late_days: item.late_days,
        source: item.event.draft.source.to_string(),
        stream: item.event.draft.subject.to_string(),
        r#type: content.data().type_name(),
        standing: item.standing,
        said: whose(page, content.subject(), said, call),
        amendments: item.amendments.iter().map(|one| amendment(one, call)).collect(),
        happened: content.time(),
        recorded: (item.event.recorded, item.event.draft.source.area),
    }
}

/// A sentence about another stream than the page's begins with whose it is.
fn whose(page: &StreamPage, subject: Subject, said: Message, call: &dyn Fn(Subject) -> String) -> Message {
    if subject == page.subject {
        return said;
    }
    let who = call(subject);
    Message::new(format!("{who}: {}", said.id), format!("{who}: {}", said.en))
}

fn amendment(amendment: &PageAmendment, call: &dyn Fn(Subject) -> String) -> AmendmentOutput {
    let draft = &amendment.event.draft;
    let grounds = draft.data.amends().map(jejak_events::types::Amendment::grounds);
    let (reason, authority) = (grounds.map(|(reason, _)| reason.to_string()), grounds.and_then(|(_, by)| by));
    AmendmentOutput {
        index: amendment.index,
        r#type: draft.data.type_name(),
        recordedtime: amendment.event.recorded.to_string(),
        source: draft.source.to_string(),
        reason,
        authority: authority.map(ToString::to_string),
        retracted: amendment.is_retracted,
        differences: amendment.differences.clone(),
        sealed_differences: amendment.sealed_differences.clone(),
        said: sentence(&draft.data, call),
        recorded: (amendment.event.recorded, draft.source.area),
    }
}

fn days(count: usize) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// One line for the days of somebody in a programme. `None` for no days, which no group has.
fn attendances(page: &StreamPage, group: &AttendedDays, call: &dyn Fn(Subject) -> String) -> Option<Line> {
    let (first, last) = (group.days.first()?, group.days.last()?);
    let item = page.attended.get(&first.2)?;
    let count = |status| group.days.iter().filter(|(_, one, _)| *one == status).count();
    let (present, all) = (count(AttendanceStatus::Present), group.days.len());
    let (excused, absent) = (count(AttendanceStatus::Excused), count(AttendanceStatus::Absent));
    let program = call(Subject::Program(group.program));
    let of = span(first.0, last.0);
    let mut said = Message::new(
        format!("hadir {present} dari {all} hari tercatat pada {program}, {}", of.id),
        format!("present on {present} of {} on record at {program}, {}", days(all), of.en),
    );
    if present < all {
        said.id.push_str(&format!(" (izin {excused}, tidak hadir {absent})"));
        said.en.push_str(&format!(" (excused {excused}, absent {absent})"));
    }
    if let Some(person) = group.person.filter(|_| group.ikm.is_some()) {
        let who = call(Subject::Person(person));
        said.id.push_str(&format!(": {who}"));
        said.en.push_str(&format!(": {who}"));
    }
    if group.late > 0 {
        let late = group.late;
        said.id.push_str(&format!("; {late} dicatat terlambat"));
        said.en.push_str(&format!("; {late} recorded late"));
    }
    let mut line = line(page, item, call);
    line.indexes = group.days.iter().map(|(.., index)| *index).collect();
    line.late_days = None;
    let stream = group.ikm.map(Subject::Ikm).or(group.person.map(Subject::Person))?;
    line.said = whose(page, stream, said, call);
    Some(line)
}
