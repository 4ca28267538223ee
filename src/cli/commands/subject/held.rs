//! What is held on one subject: gathered once, shown as a table or handed out as JSON.
//!
//! The caller has noted the look. Sealed values of anybody else must never get in here, also where an event
//! names both.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::proposal::sealed_by;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_projections::error::ReadFailure;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::history::{self, Entry, Status};
use super::stays::StayOutput;
use crate::cli::exit::Stop;
use crate::registry::{AccessReport, Engine, Look, Registry, RegistryError};
use crate::rules::key_names::KeyName;
use crate::rules::machine::History as _;
use crate::rules::reached::Reach;
use crate::words::difference;
use crate::words::event_words::{field_words, happened_words, moment, number_words, type_words};
use crate::words::language::Language;

/// Everything held on a subject.
#[derive(Serialize)]
pub struct Held {
    format: &'static str,
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    pub registry: RegistryOutput,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<ErasureOutput>,
    /// IKMs that were this person in law once: of them only what was sealed of that time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// What an erasure leaves readable, or left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<StayOutput>,
    pub events: Vec<HeldEvent>,
    pub looks: Vec<Look>,
    /// What does not fit in the access log, of whomever: then looks may be missing above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    /// Where the office is, whose time the looks are told in.
    #[serde(skip)]
    pub area: AreaCode,
    pub access_log_problems: Vec<Message>,
}

#[derive(Serialize)]
pub struct RegistryOutput {
    origin: String,
    size: u64,
    root: String,
    pub synthetic: bool,
}

#[derive(Serialize)]
pub struct ErasureOutput {
    pub requested: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<u64>,
}

/// One event that is about the subject or names it.
#[derive(Serialize)]
pub struct HeldEvent {
    pub index: u64,
    id: String,
    r#type: &'static str,
    subject: String,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<u64>,
    time: String,
    timeprecision: &'static str,
    #[serde(skip)]
    valid: ValidTime,
    #[serde(skip)]
    recorded: (RecordedTime, AreaCode),
    pub recordedtime: String,
    source: String,
    authtype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imported_from: Option<Value>,
    open: Map<String, Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    sealed: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    erased: BTreeSet<&'static str>,
}

impl HeldEvent {
    /// What it is called.
    pub fn type_text(&self, language: Language) -> String {
        type_words(self.r#type, language).to_owned()
    }

    /// When it happened, and when it was recorded.
    pub fn times(&self, language: Language) -> [String; 2] {
        let (recorded, area) = self.recorded;
        [happened_words(self.valid, language), moment(recorded, area, language)]
    }

    pub fn open_text(&self, language: Language) -> String {
        history::pairs(&self.open, true, language).join(", ")
    }

    pub fn sealed_text(&self, language: Language) -> String {
        let erased = language.pick("(dihapus)", "(erased)");
        let said = |name: &str, value: &str| format!("{}: {value}", field_words(name, language));
        // A sealed value is somebody's own and stays as it is.
        let known = self.sealed.iter().map(|(name, value)| match value {
            Value::Number(value) => said(name, &number_words(value, language)),
            value => said(name, &difference::plain(value)),
        });
        let gone = self.erased.iter().map(|name| said(name, erased));
        known.chain(gone).collect::<Vec<_>>().join(", ")
    }

    /// Who recorded it, and from which file and row.
    pub fn source_text(&self, language: Language) -> String {
        let mut said = self.source.clone();
        if let Some(actor) = &self.authid {
            said = format!("{said} {actor}");
        }
        match &self.imported_from {
            Some(from) => format!("{said} {}", history::plain(from, language)),
            None => said,
        }
    }
}

/// Gathers what is held on `subject`, the first of `subjects`, and on the others, which count as it; of IKMs that were
/// this person once, what was sealed of that time. `reach` is that of an erasure of the subject.
///
/// # Errors
/// When log or vault cannot be read.
pub fn gather(
    registry: &Registry,
    subject: Subject,
    reach: Reach,
    subjects: Vec<Subject>,
    access: AccessReport,
) -> Result<Held, Stop> {
    let former: Vec<Subject> = reach.tenures.keys().map(|ikm| Subject::Ikm(*ikm)).collect();
    let looks = access.looks_at(&[&subjects[..], &former].concat());
    let formerly = former.iter().map(ToString::to_string).collect();
    let covers = subjects.iter().skip(1).map(ToString::to_string).collect();
    let (counts_as, erasure, stays, events) = registry.with_engine(move |engine| {
        let state = engine.machine().state();
        let counts_as = match subject {
            Subject::Ikm(ikm) => state.merged_ikms.merged(ikm, u64::MAX).map(|(_, into)| Subject::Ikm(into)),
            Subject::Person(person) => {
                state.merged_persons.merged(person, u64::MAX).map(|(_, into)| Subject::Person(into))
            }
            _ => None,
        };
        let erasure = state.destroyed.erasure(subject);
        let unreadable = |error: ReadFailure| RegistryError::Unreadable(error.to_string());
        let events = events(engine, &reach, &subjects).map_err(unreadable)?;
        Ok::<_, RegistryError>((counts_as, erasure, engine.destruction(subject)?.stays, events))
    })??;
    let size = registry.reader().size();
    Ok(Held {
        format: "jejak-subject/1",
        subject: subject.to_string(),
        counts_as: counts_as.map(|into| into.to_string()),
        covers,
        registry: RegistryOutput {
            origin: registry.constitution().origin.to_string(),
            size,
            root: registry.reader().root_at(size)?.to_string(),
            synthetic: registry.constitution().synthetic,
        },
        erasure: erasure.requested.map(|requested| ErasureOutput { requested, erased: erasure.erased }),
        formerly,
        stays: stays.iter().map(StayOutput::of).collect(),
        events,
        looks,
        area: registry.source().area,
        access_log_problems: access.problems,
    })
}

fn events(engine: &Engine, reach: &Reach, subjects: &[Subject]) -> Result<Vec<HeldEvent>, ReadFailure> {
    let mut found: BTreeMap<u64, Entry> = BTreeMap::new();
    for subject in subjects {
        let (_, entries) = history::gather(engine, *subject)?;
        found.extend(entries.into_iter().map(|entry| (entry.index, entry)));
    }
    for ikm in reach.tenures.keys() {
        let (_, entries) = history::gather(engine, Subject::Ikm(*ikm))?;
        let hers = entries.into_iter().filter(|entry| reach.values.contains_key(&entry.index));
        found.extend(hers.map(|entry| (entry.index, entry)));
    }
    found.into_values().map(|entry| held(engine, entry, reach)).collect()
}

fn held(engine: &Engine, entry: Entry, reach: &Reach) -> Result<HeldEvent, ReadFailure> {
    let Entry { index, about, status, event, .. } = entry;
    let (key_subject, declared) = sealed_by(&event);
    let mine = declared
        .iter()
        .filter(|field| reach.covers(KeyName::of(key_subject, field.group, index), field.group));
    let values = engine.past().sealed(index)?;
    let (mut sealed, mut erased) = (BTreeMap::new(), BTreeSet::new());
    for field in mine {
        match values.get(field.name) {
            Some(Value::Null) => {}
            Some(value) => drop(sealed.insert(field.name, value.clone())),
            None => drop(erased.insert(field.name)),
        }
    }
    let (valid, recorded) = (event.draft.time, (event.recorded, event.draft.source.area));
    let recordedtime = event.recorded.to_string();
    let draft = event.draft;
    let mut open = draft.data.to_object();
    open.remove("sealed");
    if let Some(Value::Object(replacement)) = open.get_mut("data") {
        replacement.remove("sealed");
    }
    let imported_from = open.remove("imported_from");
    Ok(HeldEvent {
        index,
        id: draft.id.to_string(),
        r#type: draft.data.type_name(),
        subject: draft.subject.to_string(),
        status,
        about,
        time: draft.time.to_string(),
        timeprecision: draft.time.precision().name(),
        valid,
        recorded,
        recordedtime,
        source: draft.source.to_string(),
        authtype: draft.actor.kind.name(),
        authid: draft.actor.id.map(|id| id.to_string()),
        imported_from,
        open,
        sealed,
        erased,
    })
}
