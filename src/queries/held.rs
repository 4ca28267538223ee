//! What is held on one subject: gathered once, shown as a table or handed out as JSON.
//!
//! Sealed values of anybody else must never get in here, also where an event names both: the look covers the subject and
//! those that count as it, and no other value is opened.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::proposal::sealed_by;
use jejak_events::sealed::Group;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_projections::error::ReadFailure;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::history::{EntryStatus, HistoryEntry, history};
use crate::readmodel::{BOTH_GROUPS, Snapshot, persons};
use crate::registry::{AccessReport, Look, NotedLook, Stay, Staying};
use crate::rules::State;
use crate::rules::key_names::KeyName;
use crate::rules::reached::ErasureScope;

/// Everything held on a subject.
#[derive(Serialize, JsonSchema)]
pub struct Held {
    /// Format of the export.
    format: &'static str,
    /// Its stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: String,
    /// The stream that it counts as since a merge.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::identity::Subject>")]
    pub counts_as: Option<String>,
    /// Whom it covers beside itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<jejak_events::identity::Subject>")]
    pub covers: Vec<String>,
    /// Where and when that was held.
    pub registry: RegistryOutput,
    /// How far its erasure has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<ErasureOutput>,
    /// IKMs that were this person in law once: of them only what was sealed of that time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<jejak_events::identity::Subject>")]
    pub formerly: Vec<String>,
    /// What an erasure leaves readable, or left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<StayOutput>,
    /// The events, by index.
    pub events: Vec<HeldEvent>,
    /// Who looked at it.
    pub looks: Vec<NotedLook>,
    /// Where the office is, whose time the looks are told in.
    #[serde(skip)]
    pub area: AreaCode,
    /// What does not fit in the access log, of whomever: then looks may be missing above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access_log_problems: Vec<Message>,
}

/// The registry, as it stood.
#[derive(Serialize, JsonSchema)]
pub struct RegistryOutput {
    /// Name of the log.
    #[schemars(with = "jejak_events::values::Origin")]
    origin: String,
    /// Number of events.
    size: u64,
    /// Root of the tree over them.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    root: String,
    /// Whether it is made up.
    pub synthetic: bool,
}

/// An erasure, by the indexes of its events.
#[derive(Serialize, JsonSchema)]
pub struct ErasureOutput {
    /// Index of the request.
    pub requested: u64,
    /// Index of the event that says it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<u64>,
}

/// One event that is about the subject or names it.
#[derive(Serialize, JsonSchema)]
pub struct HeldEvent {
    /// Its index.
    pub index: u64,
    /// Its id.
    #[schemars(with = "jejak_events::identity::EventId")]
    pub id: String,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    pub r#type: &'static str,
    /// Its stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: String,
    /// Whether it counts.
    pub status: EntryStatus,
    /// The event that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<u64>,
    /// When it happened, as recorded.
    #[schemars(with = "jejak_events::schema::texts::LocalTime")]
    pub time: String,
    /// How exactly that is known.
    #[schemars(with = "jejak_events::time::TimePrecision")]
    pub timeprecision: &'static str,
    /// The same.
    #[serde(skip)]
    pub valid: ValidTime,
    /// When and where it was recorded.
    #[serde(skip)]
    pub recorded: (RecordedTime, AreaCode),
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    pub recordedtime: String,
    /// Who recorded it.
    #[schemars(with = "jejak_events::identity::Source")]
    pub source: String,
    /// The kind of actor.
    #[schemars(with = "jejak_events::identity::ActorKind")]
    pub authtype: &'static str,
    /// The actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::values::Code>")]
    pub authid: Option<String>,
    /// The file, sheet and row that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::types::ImportedFrom>")]
    pub imported_from: Option<Value>,
    /// The open facts.
    pub open: Map<String, Value>,
    /// The subject's sealed values, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "jejak_events::schema::texts::SealedFields")]
    pub sealed: BTreeMap<&'static str, Value>,
    /// Names of sealed fields that cannot be read any more.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "BTreeSet<jejak_events::schema::texts::SealedName>")]
    pub erased: BTreeSet<&'static str>,
}

/// What stays readable of one IKM.
#[derive(Serialize, JsonSchema)]
pub struct StayOutput {
    /// The IKM.
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: String,
    /// What of it.
    #[serde(flatten)]
    pub what: What,
}

/// What stays readable.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// Its figures.
    Figures,
    /// The personal fields of these events.
    OtherTimes {
        /// Their indexes.
        events: Vec<u64>,
    },
    /// These files.
    Evidence {
        /// Their hashes.
        #[schemars(with = "Vec<jejak_events::values::Sha256Hex>")]
        files: Vec<String>,
    },
}

impl StayOutput {
    /// The same, for output.
    pub fn of(stay: &Stay) -> Self {
        let what = match &stay.what {
            Staying::Figures => What::Figures,
            Staying::OtherTimes(events) => What::OtherTimes { events: events.clone() },
            Staying::Files(files) => {
                What::Evidence { files: files.iter().map(ToString::to_string).collect() }
            }
        };
        Self { subject: stay.subject.to_string(), what }
    }
}

/// Gathers what is held on `subject`, the first of `subjects`, and on the others, which count as it; of IKMs that were
/// this person once, what was sealed of that time. `reach` is that of an erasure of the subject.
///
/// # Errors
/// When the look is not at [`Covered::looked_at`], or log or vault cannot be read.
pub fn gather(
    (snapshot, look): (&Snapshot, &Look),
    subject: Subject,
    covered: &Covered,
    stays: &[Stay],
    access: AccessReport,
) -> Result<Held, ReadFailure> {
    let Covered { subjects, reach, state } = covered;
    let former: Vec<Subject> = covered.former().collect();
    let looks = access.looks_at(&[&subjects[..], &former].concat());
    let counts_as = match subject {
        Subject::Ikm(ikm) => state.merged_ikms.merged(ikm, u64::MAX).map(|(_, into)| Subject::Ikm(into)),
        Subject::Person(person) => {
            state.merged_persons.merged(person, u64::MAX).map(|(_, into)| Subject::Person(into))
        }
        _ => None,
    };
    let erasure = state.destroyed.erasure(subject);
    Ok(Held {
        format: "jejak-subject/1",
        subject: subject.to_string(),
        counts_as: counts_as.map(|into| into.to_string()),
        covers: subjects.iter().skip(1).map(ToString::to_string).collect(),
        registry: RegistryOutput {
            origin: snapshot.constitution().origin.to_string(),
            size: snapshot.size(),
            root: snapshot.root().to_string(),
            synthetic: snapshot.constitution().synthetic,
        },
        erasure: erasure.requested.map(|requested| ErasureOutput { requested, erased: erasure.erased }),
        formerly: former.iter().map(ToString::to_string).collect(),
        stays: stays.iter().map(StayOutput::of).collect(),
        events: events((snapshot, look), reach, subjects)?,
        looks,
        area: snapshot.source().area,
        access_log_problems: access.problems,
    })
}

/// A subject with all that an erasure of it reaches.
#[derive(Debug)]
pub struct Covered {
    /// It, and everybody it covers.
    pub subjects: Vec<Subject>,
    /// What an erasure of it reaches.
    pub reach: ErasureScope,
    /// Who is whom.
    state: State,
}

impl Covered {
    /// Whom a look at it is at: everybody it covers, and the IKMs that were it once.
    #[must_use]
    pub fn looked_at(&self) -> Vec<Subject> {
        self.subjects.iter().copied().chain(self.former()).collect()
    }

    /// The IKMs that were it in law once.
    pub fn former(&self) -> impl Iterator<Item = Subject> {
        self.reach.tenures.keys().map(|ikm| Subject::Ikm(*ikm))
    }
}

/// The subject and everybody it covers, this one first; none when nothing is recorded of it.
///
/// # Errors
/// When the log cannot be read.
pub fn covered(snapshot: &Snapshot, subject: Subject) -> Result<Option<Covered>, ReadFailure> {
    if snapshot.index().revision(subject) == 0 {
        return Ok(None);
    }
    let state = persons(snapshot)?;
    let reach = ErasureScope::found(&state, snapshot.index(), subject, snapshot)?;
    let mut others = reach.subjects();
    others.remove(&subject);
    let subjects = std::iter::once(subject).chain(others).collect();
    Ok(Some(Covered { subjects, reach, state }))
}

fn events(
    (snapshot, look): (&Snapshot, &Look),
    reach: &ErasureScope,
    subjects: &[Subject],
) -> Result<Vec<HeldEvent>, ReadFailure> {
    let mut found: BTreeMap<u64, HistoryEntry> = BTreeMap::new();
    for subject in subjects {
        let (_, entries) = history(snapshot, *subject)?;
        found.extend(entries.into_iter().map(|entry| (entry.index, entry)));
    }
    for ikm in reach.tenures.keys() {
        let (_, entries) = history(snapshot, Subject::Ikm(*ikm))?;
        let hers = entries.into_iter().filter(|entry| reach.values.contains_key(&entry.index));
        found.extend(hers.map(|entry| (entry.index, entry)));
    }
    found.into_values().map(|entry| held((snapshot, look), entry, reach)).collect()
}

fn held(
    (snapshot, look): (&Snapshot, &Look),
    entry: HistoryEntry,
    reach: &ErasureScope,
) -> Result<HeldEvent, ReadFailure> {
    let HistoryEntry { index, about, status, event, .. } = entry;
    let (key_subject, declared) = sealed_by(&event);
    let is_mine = |group: &Group| reach.covers(KeyName::of(key_subject, *group, index), *group);
    let groups: Vec<Group> = BOTH_GROUPS.into_iter().filter(is_mine).collect();
    let values = snapshot.sealed_of(look, index, &event, &groups)?;
    let (mut sealed, mut erased) = (BTreeMap::new(), BTreeSet::new());
    for field in declared.iter().filter(|field| groups.contains(&field.group)) {
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
