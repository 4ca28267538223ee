//! What things are called: open titles of streams, and names of IKMs and persons, which come from the vault under a look
//! that was noted.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::fault::Message;
use jejak_events::identity::{Subject, SubjectKind};
use jejak_events::proposal::sealed_by;
use jejak_events::sealed::Group;
use jejak_events::types::EventType as _;
use jejak_events::types::area_reports::TargetSet;
use jejak_events::types::certificate::{CertificateRevoked, CertificateSuspended};
use jejak_events::types::enterprise::ShipmentReported;
use jejak_events::types::program::{ProgramOpened, SessionScheduled};
use jejak_events::types::sentra::{SentraBuilt, SentraOpened, SentraPlanned};
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Member, Who};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use jejak_projections::question::Question;
use uuid::Uuid;

pub use crate::answer_json::SealedColumns;
use crate::readmodel::Snapshot;
use crate::registry::Look;
use crate::words::event_words::{days_in_words, value_words};
use crate::words::language::Language;

/// By subject: a name, or none where it was erased or nobody is registered.
pub type Names = BTreeMap<String, Option<String>>;

/// Open titles of programmes, sentras, exhibitions and claims, by stream; of targets and reports made of what they say.
#[derive(Debug, Default)]
pub struct Titles {
    /// With codes and days as they are recorded.
    recorded: BTreeMap<String, String>,
    /// Of those with codes in them, in words.
    in_words: BTreeMap<String, Message>,
}

/// A title as it is recorded, and in words where codes are in it.
struct Title {
    recorded: String,
    in_words: Message,
}

impl Titles {
    /// All of them, by what they are of, with codes and days as they are recorded.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, String> {
        self.recorded.clone()
    }

    /// Takes over those of others.
    pub fn extend(&mut self, others: Self) {
        self.recorded.extend(others.recorded);
        self.in_words.extend(others.in_words);
    }

    fn add(&mut self, titles: BTreeMap<String, Title>) {
        for (of, title) in titles {
            self.recorded.insert(of.clone(), title.recorded);
            self.in_words.insert(of, title.in_words);
        }
    }

    /// The title of what a key of a breakdown names, for people: its codes and days in words.
    #[must_use]
    pub fn words_of(&self, by: &str, key: &str, language: Language) -> Option<String> {
        let of = format!("{by}/{key}");
        let recorded = self.of_stream(&of)?;
        Some(days_in_words(self.in_words.get(&of).map_or(recorded, |title| language.of(title)), language))
    }

    /// The title of what a key of a breakdown names.
    #[must_use]
    pub fn of(&self, by: &str, key: &str) -> Option<&str> {
        self.of_stream(&format!("{by}/{key}"))
    }

    /// The title of a stream, or of a session as members name it.
    #[must_use]
    pub fn of_stream(&self, stream: &str) -> Option<&str> {
        self.recorded.get(stream).map(String::as_str)
    }

    /// The title of whatever has this UUID.
    #[must_use]
    pub fn of_uuid(&self, id: Uuid) -> Option<&str> {
        let titled = TITLED.iter().map(|kind| format!("{}/{}", kind.name(), id.hyphenated()));
        titled.into_iter().find_map(|stream| self.of_stream(&stream))
    }
}

/// The kinds of streams that have an open title.
pub const TITLED: [SubjectKind; 4] =
    [SubjectKind::Program, SubjectKind::Exhibition, SubjectKind::Sentra, SubjectKind::Claim];

/// Looks up the titles of what an answer names, as they stand now: in its question, in its breakdowns and, where they are
/// `listed`, among its members.
///
/// # Errors
/// When the log cannot be read.
pub fn titles(snapshot: &Snapshot, answer: &Answer, listed: bool) -> Result<Titles, ReadFailure> {
    let keys = answer.breakdowns.iter().flat_map(|breakdown| {
        let keys = breakdown.rows.iter().filter_map(|row| row.key.as_deref());
        keys.filter_map(|key| Subject::parse(&format!("{}/{key}", breakdown.by)).ok())
    });
    let members = answer.members.iter().filter(|_| listed);
    let streams = members.clone().filter_map(|member| member.who.subject());
    let mut titles = titles_of(snapshot, keys.chain(streams).chain(asked(&answer.question)))?;
    titles.add(reports(snapshot, answer)?);
    titles.add(targets(snapshot, answer)?);
    for member in members.filter(|member| matches!(member.who, Who::Session(_))) {
        titles.recorded.extend(session(snapshot, member)?.map(|title| (member.who.to_string(), title)));
    }
    titles.recorded.extend(sessions(snapshot, answer)?);
    titles.recorded.extend(checks(snapshot, answer)?);
    Ok(titles)
}

/// The streams that a question names: its programme, and that of the row it is narrowed to.
pub fn asked(question: &Question) -> impl Iterator<Item = Subject> {
    let row = question.only.as_ref().and_then(|only| {
        let key = only.key.as_deref()?;
        Subject::parse(&format!("{}/{key}", only.by)).ok()
    });
    question.program.map(Subject::Program).into_iter().chain(row)
}

/// Looks up the titles of streams, as they stand now; of those that have an open one.
///
/// # Errors
/// When the log cannot be read.
pub fn titles_of(
    snapshot: &Snapshot,
    subjects: impl IntoIterator<Item = Subject>,
) -> Result<Titles, ReadFailure> {
    let subjects: BTreeSet<Subject> =
        subjects.into_iter().filter(|subject| TITLED.contains(&subject.kind())).collect();
    let mut titles = BTreeMap::new();
    for subject in subjects {
        titles.extend(title(snapshot, subject)?.map(|title| (subject.to_string(), title)));
    }
    Ok(Titles { recorded: titles, in_words: BTreeMap::new() })
}

/// The title of a stream that has an open one, as it stands now.
///
/// # Errors
/// When the log cannot be read.
pub fn title(snapshot: &Snapshot, subject: Subject) -> Result<Option<String>, ReadFailure> {
    for index in snapshot.history(subject) {
        let Some(effective) = snapshot.lineage().effective(index) else { continue };
        let event = snapshot.event(effective)?;
        let content = Content::of(&event);
        let is_own = content.subject().kind() == subject.kind();
        if let Some(title) = content.data().title().filter(|_| is_own) {
            return Ok(Some(title.to_owned()));
        }
    }
    Ok(None)
}

/// What a session among members is called: the title of its programme and its first day.
fn session(snapshot: &Snapshot, member: &Member) -> Result<Option<String>, ReadFailure> {
    for index in &member.events {
        let Some(effective) = snapshot.lineage().effective(*index) else { continue };
        let event = snapshot.event(effective)?;
        let content = Content::of(&event);
        let (Some(session), Subject::Program(_)) = (SessionScheduled::of(content.data()), content.subject())
        else {
            continue;
        };
        let day = session.days.iter().map(|day| day.date).min();
        let title = title(snapshot, content.subject())?;
        return Ok(title.zip(day).map(|(title, day)| format!("{title}, {day}")));
    }
    Ok(None)
}

/// Of each session that a breakdown names, alone or on one of its days: the title of its programme, and its first day or
/// that day.
fn sessions(snapshot: &Snapshot, answer: &Answer) -> Result<BTreeMap<String, String>, ReadFailure> {
    let mut titles = BTreeMap::new();
    let keys = || {
        let by_session = answer.breakdowns.iter().filter(|one| ["session", "session_day"].contains(&one.by));
        by_session.flat_map(|one| one.rows.iter().filter_map(move |row| Some((one.by, row.key.as_deref()?))))
    };
    if keys().next().is_none() {
        return Ok(titles);
    }
    let mut sessions: BTreeMap<String, (Subject, Option<Date>)> = BTreeMap::new();
    let lineage = snapshot.lineage().at(answer.question.as_known);
    for index in &answer.context {
        let Some(effective) = lineage.effective(*index) else { continue };
        let event = snapshot.event(effective)?;
        let content = Content::of(&event);
        if let Some(session) = SessionScheduled::of(content.data()) {
            let first = session.days.iter().map(|day| day.date).min();
            sessions.insert(session.session.to_string(), (content.subject(), first));
        }
    }
    let programs = titles_of(snapshot, sessions.values().map(|(program, _)| *program))?;
    for (by, key) in keys() {
        let (session, day) = key.split_once('/').map_or((key, None), |(session, day)| (session, Some(day)));
        let Some((program, first)) = sessions.get(session) else { continue };
        let day = day.map(str::to_owned).or_else(|| first.map(|first| first.to_string()));
        let title = programs.of_stream(&program.to_string()).zip(day);
        titles.extend(title.map(|(title, day)| (format!("{by}/{key}"), format!("{title}, {day}"))));
    }
    Ok(titles)
}

/// Of each day on which a claim was checked: the words of the claim, and the day.
fn checks(snapshot: &Snapshot, answer: &Answer) -> Result<BTreeMap<String, String>, ReadFailure> {
    let mut titles = BTreeMap::new();
    let rows = answer.breakdowns.iter().filter(|one| one.by == "checked").flat_map(|one| &one.rows);
    for key in rows.filter_map(|row| row.key.as_deref()) {
        let Some((claim, day)) = key.split_once('/') else { continue };
        let Ok(claim) = Subject::parse(&format!("claim/{claim}")) else { continue };
        let said = title(snapshot, claim)?;
        titles.extend(said.map(|said| (format!("checked/{key}"), format!("{said}, {day}"))));
    }
    Ok(titles)
}

/// Of each report of a population that a breakdown names by the index of its event: area, commodity, day, source.
fn reports(snapshot: &Snapshot, answer: &Answer) -> Result<BTreeMap<String, Title>, ReadFailure> {
    let mut titles = BTreeMap::new();
    let reports = answer.breakdowns.iter().filter(|breakdown| breakdown.by == "report");
    for key in reports.flat_map(|breakdown| &breakdown.rows).filter_map(|row| row.key.as_deref()) {
        let Some(index) = key.parse().ok().and_then(|index| snapshot.lineage().effective(index)) else {
            continue;
        };
        let event = snapshot.event(index)?;
        let content = Content::of(&event);
        let said = serde_json::Value::from(content.data().to_object());
        let text = |field: &str| said.get(field).and_then(serde_json::Value::as_str);
        if let (Subject::Area(area), Some(source), Some(commodity)) =
            (content.subject(), text("source"), text("commodity"))
        {
            let day = content.time().date();
            let said = |commodity: &str| format!("{area} {}, {commodity}, {day}: {source}", area.name());
            let told = |language| said(&value_words(commodity, language));
            let in_words = Message::new(told(Language::Id), told(Language::En));
            titles.insert(format!("report/{key}"), Title { recorded: said(commodity), in_words });
        }
    }
    Ok(titles)
}

/// Of each target that a breakdown names: whose it is, and in words what it is of where no figure counts it.
fn targets(snapshot: &Snapshot, answer: &Answer) -> Result<BTreeMap<String, Title>, ReadFailure> {
    let mut titles = BTreeMap::new();
    let targets = answer.breakdowns.iter().filter(|breakdown| breakdown.by == "target");
    for key in targets.flat_map(|breakdown| &breakdown.rows).filter_map(|row| row.key.as_deref()) {
        let (whose, aim) = key.split_once('/').unwrap_or((key, ""));
        let title = match whose.parse::<u64>() {
            Ok(index) => area_target(snapshot, index)?,
            Err(_) => program_target(snapshot, whose, aim)?
                .map(|title| Title { in_words: Message::new(title.clone(), title.clone()), recorded: title }),
        };
        titles.extend(title.map(|title| (format!("target/{key}"), title)));
    }
    Ok(titles)
}

/// The title of a programme, with the words of the target that has this place, from 1, among its targets.
fn program_target(snapshot: &Snapshot, program: &str, aim: &str) -> Result<Option<String>, ReadFailure> {
    let Ok(subject) = Subject::parse(&format!("program/{program}")) else { return Ok(None) };
    for index in snapshot.history(subject) {
        let Some(effective) = snapshot.lineage().effective(index) else { continue };
        let event = snapshot.event(effective)?;
        let content = Content::of(&event);
        let Some(opened) = ProgramOpened::of(content.data()) else { continue };
        let place = aim.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        let target = place.and_then(|place| opened.targets.as_ref()?.get(place));
        let text = target.and_then(|target| target.text.as_deref());
        return Ok(Some(
            text.map_or_else(|| opened.title.to_string(), |text| format!("{}: {text}", &*opened.title)),
        ));
    }
    Ok(None)
}

/// Of a target of an area: what sets it, where, for which theme and commodity, and its words.
fn area_target(snapshot: &Snapshot, index: u64) -> Result<Option<Title>, ReadFailure> {
    let Some(effective) = snapshot.lineage().effective(index) else { return Ok(None) };
    let event = snapshot.event(effective)?;
    let content = Content::of(&event);
    let (Some(set), Subject::Area(area)) = (TargetSet::of(content.data()), content.subject()) else {
        return Ok(None);
    };
    let text = set.text.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
    let said = |code_words: &dyn Fn(&str) -> String| {
        let scope = [&set.theme, &set.commodity].into_iter().flatten();
        let scope: String = scope.map(|code| format!(", {}", code_words(code))).collect();
        format!("{}, {}{scope}{text}", &*set.document, area.name())
    };
    let told = |language| said(&|code| value_words(code, language));
    let in_words = Message::new(told(Language::Id), told(Language::En));
    Ok(Some(Title { recorded: said(&str::to_owned), in_words }))
}

/// The streams of those who have a name in the vault, each once.
pub fn named(members: impl IntoIterator<Item = Who>) -> Vec<Subject> {
    members.into_iter().filter_map(Who::subject).collect()
}

/// Looks up the names that IKMs and persons have now: of what is in force, the latest by the day it
/// holds from.
///
/// # Errors
/// When the look does not cover all of them, or vault or log cannot be read.
pub fn look_up(snapshot: &Snapshot, look: &Look, subjects: &[Subject]) -> Result<Names, ReadFailure> {
    let mut names = Names::new();
    for subject in subjects {
        names.insert(subject.to_string(), latest(snapshot, look, *subject, "name")?);
    }
    Ok(names)
}

/// Looks up sealed fields of IKMs and persons as [`look_up`] does their names. The phone number of an IKM is that of its
/// `owners`, at whom the look must be, too.
///
/// # Errors
/// As there.
pub fn look_up_columns(
    snapshot: &Snapshot,
    look: &Look,
    (subjects, owners): (&[Subject], &BTreeMap<Subject, Subject>),
    fields: &[&'static str],
) -> Result<SealedColumns, ReadFailure> {
    let mut columns = SealedColumns::new();
    for subject in subjects {
        let of = columns.entry(subject.to_string()).or_default();
        for field in fields {
            let own = latest(snapshot, look, *subject, field)?;
            let value = match owners.get(subject).filter(|_| own.is_none() && *field == "phone") {
                Some(owner) => latest(snapshot, look, *owner, field)?,
                None => own,
            };
            of.insert(*field, value);
        }
    }
    Ok(columns)
}

/// The persons who own IKMs, by what is in force; of those of whom it is recorded.
///
/// # Errors
/// When the log cannot be read.
pub fn owners(snapshot: &Snapshot, subjects: &[Subject]) -> Result<BTreeMap<Subject, Subject>, ReadFailure> {
    let mut owners = BTreeMap::new();
    for subject in subjects.iter().filter(|subject| matches!(subject, Subject::Ikm(_))) {
        let mut last: Option<(Date, Subject)> = None;
        for index in snapshot.history(*subject) {
            let Some(effective) = snapshot.lineage().effective(index) else { continue };
            let event = snapshot.event(effective)?;
            let content = Content::of(&event);
            let said = content.data().to_object();
            let owner = said.get("owner").and_then(serde_json::Value::as_str);
            let owner = owner.and_then(|owner| Subject::parse(&format!("person/{owner}")).ok());
            let (Some(owner), true) = (owner, content.subject() == *subject) else { continue };
            let from = content.time().date();
            if last.is_none_or(|(known, _)| known <= from) {
                last = Some((from, owner));
            }
        }
        owners.extend(last.map(|(_, owner)| (*subject, owner)));
    }
    Ok(owners)
}

/// The breakdowns of which a list tells the value of each member.
const TOLD_OF_MEMBERS: [&str; 3] = ["reason", "country", "stage"];

/// The breakdown of an answer of which a list tells the value of each member, as its reason.
#[must_use]
pub fn told_of_members(answer: &Answer) -> Option<&'static str> {
    answer.breakdowns.iter().map(|breakdown| breakdown.by).find(|by| TOLD_OF_MEMBERS.contains(by))
}

/// Why each member of an answer counts, as a code, where the view tells reasons apart: of its events the latest that gives
/// one; of a sentra its stage, of who exported the countries with a space between them.
///
/// # Errors
/// When the log cannot be read.
pub fn reasons(snapshot: &Snapshot, answer: &Answer) -> Result<BTreeMap<String, String>, ReadFailure> {
    let mut reasons = BTreeMap::new();
    let Some(by) = told_of_members(answer) else { return Ok(reasons) };
    for member in &answer.members {
        let reason = match by {
            "country" => countries(snapshot, answer, member)?,
            "stage" => stage(snapshot, member)?,
            _ => reason(snapshot, answer, member)?,
        };
        reasons.extend(reason.map(|reason| (member.who.to_string(), reason)));
    }
    Ok(reasons)
}

/// The reason that the latest of a member's events gives; of certificates that of the suspension or revocation that is
/// counted.
fn reason(snapshot: &Snapshot, answer: &Answer, member: &Member) -> Result<Option<String>, ReadFailure> {
    let counts = |figure: &str| member.figures.contains(&figure);
    for index in member.events.iter().rev() {
        let event = snapshot.event(*index)?;
        let content = Content::of(&event);
        let gives = match answer.view {
            "certificates" => {
                let suspends = CertificateSuspended::of(content.data()).is_some();
                let revokes = CertificateRevoked::of(content.data()).is_some();
                (suspends && counts("certificates_suspended")) || (revokes && counts("certificates_revoked"))
            }
            _ => true,
        };
        let said = if gives { content.data().to_object() } else { continue };
        if let Some(reason) = said.get("reason").and_then(serde_json::Value::as_str) {
            return Ok(Some(reason.to_owned()));
        }
    }
    Ok(None)
}

/// The countries that a member shipped to, by what is in force.
fn countries(snapshot: &Snapshot, answer: &Answer, member: &Member) -> Result<Option<String>, ReadFailure> {
    let lineage = snapshot.lineage().at(answer.question.as_known);
    let mut countries = BTreeSet::new();
    for index in &member.events {
        let original = lineage.original_of(*index).unwrap_or(*index);
        let Some(effective) = lineage.effective(original) else { continue };
        let event = snapshot.event(effective)?;
        let shipment = ShipmentReported::of(Content::of(&event).data())
            .map(|said| said.country.to_string().to_lowercase());
        countries.extend(shipment);
    }
    Ok(Some(countries.into_iter().collect::<Vec<_>>().join(" ")).filter(|all| !all.is_empty()))
}

/// How far a sentra has come, by its events.
fn stage(snapshot: &Snapshot, member: &Member) -> Result<Option<String>, ReadFailure> {
    let is_sentra = matches!(member.who, Who::Sentra(_));
    let mut furthest = None;
    for index in member.events.iter().filter(|_| is_sentra) {
        let event = snapshot.event(*index)?;
        let content = Content::of(&event);
        let data = content.data();
        let stages = [
            SentraPlanned::of(data).map(|_| "planned"),
            SentraBuilt::of(data).map(|_| "built"),
            SentraOpened::of(data).map(|_| "opened"),
        ];
        // Later ones stand behind earlier ones.
        furthest = furthest.max(stages.into_iter().enumerate().find_map(|(at, stage)| Some((at, stage?))));
    }
    Ok(furthest.map(|(_, stage)| stage.to_owned()))
}

/// What a sealed field of somebody holds now: of what is in force, the latest by the day it holds from.
fn latest(
    snapshot: &Snapshot,
    look: &Look,
    subject: Subject,
    field: &str,
) -> Result<Option<String>, ReadFailure> {
    let mut latest: Option<(Date, String)> = None;
    for index in snapshot.history(subject) {
        let event = snapshot.event(index)?;
        if !event.draft.data.seals(field) || event.draft.subject != subject {
            continue;
        }
        let Some(effective) = snapshot.lineage().effective(index) else { continue };
        let carrier = if effective == index { event } else { snapshot.event(effective)? };
        if sealed_by(&carrier).0 != subject {
            // A correction moved it into the stream of somebody else.
            continue;
        }
        let sealed = snapshot.sealed_of(look, effective, &carrier, &[Group::Personal])?;
        let Some(text) = sealed.get(field).and_then(|value| value.as_str()) else { continue };
        let from = Content::of(&carrier).time().date();
        if latest.as_ref().is_none_or(|(known, _)| *known <= from) {
            latest = Some((from, text.to_owned()));
        }
    }
    Ok(latest.map(|(_, text)| text))
}
