//! One event: a CloudEvents 1.0 object in structured mode, in canonical form (RFC 8785).
//!
//! The canonical bytes are the Merkle leaf; whoever hashes must hash the stored bytes, never bytes
//! made again from a parse. [`Event::parse`] accepts exactly what [`Event::encode`] writes.

use crate::excerpt::quoted;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::fault::{Message, Refusal};
use crate::identity::{Actor, ActorKind, CorrelationId, EventId, Source, Subject};
use crate::proposal::sealed_data;
use crate::sealed::Group;
use crate::time::{RecordedTime, TimePrecision, ValidTime};
use crate::types::{Data, EventCorrected, EventType, declaration};
use crate::upcast;
use crate::values::Code;

/// Longest record in bytes. C2SP tlog-tiles allows 65,535; the rest is left for a correction that
/// must carry its replacement.
pub const RECORD_LIMIT_BYTES: usize = 60_000;

/// Format that event 0 of a log states.
pub const FORMAT: &str = "jejak/0";

/// CloudEvents version of every record.
pub const SPEC_VERSION: &str = "1.0";

/// Media type of `data`.
pub const DATA_CONTENT_TYPE: &str = "application/json";

/// Bytes that are no record: where, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record: {0}")]
pub struct RecordError(pub Refusal);

/// Everything about an event but when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its identifier, unique for ever.
    pub id: EventId,
    /// Who recorded it.
    pub source: Source,
    /// Its stream.
    pub subject: Subject,
    /// When it happened.
    pub time: ValidTime,
    /// The actor.
    pub actor: Actor,
    /// The process it belongs to.
    pub correlation: Option<CorrelationId>,
    /// The event that caused it.
    pub causation: Option<CorrelationId>,
    /// The facts.
    pub data: Data,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When the registry learnt it.
    pub recorded: RecordedTime,
    /// All the rest.
    pub draft: Draft,
}

/// A record that lacks only its recorded time: the canonical bytes before and behind it. Made once,
/// off the writer, so that stamping is two copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstampedRecord {
    head: String,
    tail: String,
}

/// A recorded time with its text, made once for all the records that bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    recorded: RecordedTime,
    text: [u8; RECORDED_LENGTH],
}

impl Stamp {
    /// The stamp of this time.
    #[must_use]
    pub fn new(recorded: RecordedTime) -> Self {
        let mut text = [b'0'; RECORDED_LENGTH];
        // A recorded time lies in the years 1900 to 2999, so its text always has this length.
        text.copy_from_slice(recorded.to_string().as_bytes());
        Self { recorded, text }
    }

    /// The time.
    #[must_use]
    pub fn recorded(&self) -> RecordedTime {
        self.recorded
    }
}

/// Characters of a [`RecordedTime`] in a record.
const RECORDED_LENGTH: usize = "2025-10-09T03:12:44.120Z".len();

impl UnstampedRecord {
    /// Length of the finished record in bytes.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        self.head.len() + RECORDED_LENGTH + self.tail.len()
    }

    /// Writes the finished record behind `out`.
    pub fn stamp(&self, stamp: &Stamp, out: &mut Vec<u8>) {
        out.extend_from_slice(self.head.as_bytes());
        out.extend_from_slice(&stamp.text);
        out.extend_from_slice(self.tail.as_bytes());
    }
}

impl Draft {
    /// Lays out the canonical bytes around the recorded time.
    ///
    /// Attributes stand in the order of their names; every value but `data` is plain ASCII without
    /// anything to escape, which their types hold.
    #[must_use]
    pub fn lay_out(&self) -> UnstampedRecord {
        let mut head = String::with_capacity(512);
        head.push('{');
        if let Some(id) = &self.actor.id {
            let _ = write!(head, "\"authid\":\"{id}\",");
        }
        let _ = write!(head, "\"authtype\":\"{}\",", self.actor.kind.name());
        if let Some(id) = &self.causation {
            let _ = write!(head, "\"causationid\":\"{id}\",");
        }
        if let Some(id) = &self.correlation {
            let _ = write!(head, "\"correlationid\":\"{id}\",");
        }
        let data = serde_json::Value::Object(self.data.to_object());
        let _ = write!(
            head,
            "\"data\":{data},\"datacontenttype\":\"{DATA_CONTENT_TYPE}\",\"id\":\"{}\",\"recordedtime\":\"",
            self.id
        );
        let tail = format!(
            "\",\"source\":\"{}\",\"specversion\":\"{SPEC_VERSION}\",\"subject\":\"{}\",\"time\":\"{}\",\"timeprecision\":\"{}\",\"type\":\"{}\"}}",
            self.source,
            self.subject,
            self.time,
            self.time.precision().name(),
            self.data.type_name()
        );
        UnstampedRecord { head, tail }
    }
}

/// The attributes of a record as they stand in its bytes. None of them needs an escape in JSON, so
/// they can be borrowed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributes<'a> {
    #[serde(default)]
    authid: Option<&'a str>,
    authtype: ActorKind,
    #[serde(default)]
    causationid: Option<CorrelationId>,
    #[serde(default)]
    correlationid: Option<CorrelationId>,
    #[serde(borrow)]
    data: &'a RawValue,
    datacontenttype: &'a str,
    id: EventId,
    recordedtime: &'a str,
    source: &'a str,
    specversion: &'a str,
    subject: &'a str,
    time: &'a str,
    timeprecision: TimePrecision,
    r#type: &'a str,
}

fn refuse(rule: &'static str, field: &str, message: Message) -> RecordError {
    RecordError(Refusal::of(rule, message).at(field))
}

impl Event {
    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let record = self.draft.lay_out();
        let mut bytes = Vec::with_capacity(record.length_bytes());
        record.stamp(&Stamp::new(self.recorded), &mut bytes);
        bytes
    }

    /// Reads a record and holds it to every rule of the format: `bytes == encode(parse(bytes))`.
    ///
    /// Old versions of a type are lifted to the current one (see `upcast`) after the bytes were
    /// held to their own version.
    ///
    /// # Errors
    /// With the field and the reason of what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let event = Self::read(bytes)?;
        if !bytes.is_ascii() {
            // The rules of all text, also where a field's type is any string: form NFC.
            crate::strict::parse_object(bytes).map_err(RecordError)?;
        }
        check_sealed(&event.draft.data).map_err(RecordError)?;
        let current = bytes.ends_with(format!("\"{}\"}}", event.draft.data.type_name()).as_bytes());
        let encoded = if current {
            event.encode()
        } else {
            // An older version: its own facts, in canonical order, not the lifted ones.
            let object = crate::strict::parse_object(bytes).map_err(RecordError)?;
            serde_json::Value::Object(object).to_string().into_bytes()
        };
        if encoded != bytes {
            let at = encoded.iter().zip(bytes).take_while(|(left, right)| left == right).count();
            return Err(RecordError(Refusal::new(
                "not_canonical",
                format!("tidak berbentuk kanonik (RFC 8785) mulai byte {at}"),
                format!("not in canonical form (RFC 8785) from byte {at} on"),
            )));
        }
        Ok(event)
    }

    /// Reads a record that was already held to the rules when it was appended and whose hash the
    /// caller has checked: everything is typed, only the comparison of bytes is left out.
    ///
    /// # Errors
    /// As [`Event::parse`].
    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > RECORD_LIMIT_BYTES {
            return Err(RecordError(too_large(bytes.len())));
        }
        let attributes: Attributes<'_> =
            serde_json::from_slice(bytes).map_err(|error| explain(bytes, &error))?;
        let at = |field: &'static str| move |message| refuse("malformed_field", field, message);
        let source = Source::parse(attributes.source).map_err(at("source"))?;
        let subject = Subject::parse(attributes.subject).map_err(at("subject"))?;
        let time =
            ValidTime::parse(attributes.time, attributes.timeprecision, source.area).map_err(at("time"))?;
        let recorded = RecordedTime::parse(attributes.recordedtime).map_err(at("recordedtime"))?;
        let actor_id = attributes.authid.map(Code::parse).transpose().map_err(at("authid"))?;
        fixed("specversion", attributes.specversion, SPEC_VERSION)?;
        fixed("datacontenttype", attributes.datacontenttype, DATA_CONTENT_TYPE)?;
        let data = match Data::from_raw(attributes.r#type, attributes.data) {
            Some(Ok(data)) => data,
            Some(Err(_)) => return Err(explain_data(attributes.r#type, attributes.data.get())),
            None => upcast::read(upcast::CHAIN, attributes.r#type, attributes.data.get())?,
        };
        check_subject(&data, subject).map_err(RecordError)?;
        if let Some(correction) = data.correction()
            && correction.replacement.time.offset() != source.area.offset()
        {
            return Err(refuse("malformed_field", "data.time", foreign_offset(source.area)));
        }
        Ok(Self {
            recorded,
            draft: Draft {
                id: attributes.id,
                source,
                subject,
                time,
                actor: Actor { kind: attributes.authtype, id: actor_id },
                correlation: attributes.correlationid,
                causation: attributes.causationid,
                data,
            },
        })
    }
}

pub(crate) fn too_large(length_bytes: usize) -> Refusal {
    Refusal::new(
        "too_large",
        format!(
            "peristiwa {length_bytes} byte; paling banyak {RECORD_LIMIT_BYTES}. Simpan lampiran sebagai bukti"
        ),
        format!(
            "the event has {length_bytes} bytes; at most {RECORD_LIMIT_BYTES}. Keep attachments as evidence"
        ),
    )
}

pub(crate) fn foreign_offset(area: crate::area::AreaCode) -> Message {
    Message::new(
        format!("selisih waktu bukan milik wilayah {area}"),
        format!("the offset is not that of area {area}"),
    )
}

fn fixed(field: &'static str, given: &str, expected: &str) -> Result<(), RecordError> {
    if given == expected {
        return Ok(());
    }
    let message = Message::new(
        format!("{given} seharusnya {expected:?}", given = quoted(given)),
        format!("{given} should be {expected:?}", given = quoted(given)),
    );
    Err(refuse("malformed_field", field, message))
}

/// Holds the stream against the kind that the type declares.
pub(crate) fn check_subject(data: &Data, subject: Subject) -> Result<(), Refusal> {
    let check = |data: &Data, subject: Subject, field: &str| {
        if data.declaration().belongs_in(subject) {
            return Ok(());
        }
        let name = data.type_name();
        let kinds: Vec<&str> = data.declaration().subjects.iter().map(|kind| kind.name()).collect();
        Err(Refusal::new(
            "wrong_stream",
            format!("jenis {name} harus dalam aliran {}/..., bukan {subject}", kinds.join("/... atau ")),
            format!("type {name} belongs to a {} stream, not {subject}", kinds.join(" or ")),
        )
        .at(field))
    };
    check(data, subject, "subject")?;
    data.correction().map_or(Ok(()), |correction| {
        check(&correction.replacement.data, correction.replacement.subject, "data.subject")
    })
}

/// Holds the digests against the declaration: one for each declared field, so that absence cannot be
/// read off, and `has` only of confidential fields.
fn check_sealed(data: &Data) -> Result<(), Refusal> {
    let place = if data.correction().is_some() { "data.data.sealed" } else { "data.sealed" };
    let declaration = sealed_data(data).declaration();
    let count = |group| declaration.sealed.iter().filter(|field| field.group == group).count();
    let Some(sealed) = data.sealed() else {
        return match declaration.sealed.len() {
            0 => Ok(()),
            fields => Err(wrong_digests(0, fields, declaration.name).at(place)),
        };
    };
    if declaration.sealed.is_empty() {
        let (id, en) = ("tidak mempunyai kolom tersegel", "has no sealed fields");
        let name = declaration.name;
        return Err(Refusal::new("wrong_digests", format!("jenis {name} {id}"), format!("type {name} {en}"))
            .at(place));
    }
    for group in [Group::Personal, Group::Confidential] {
        let (found, declared) = (sealed.group(group).len(), count(group));
        if found != declared {
            let refusal = wrong_digests(found, declared, declaration.name);
            return Err(refusal.at(format!("{place}.{}", group.name())));
        }
    }
    let confidential = |name: &String| {
        declaration.sealed.iter().any(|field| field.group == Group::Confidential && field.name == name)
    };
    match sealed.has.iter().flat_map(|names| names.iter()).find(|name| !confidential(name)) {
        None => Ok(()),
        Some(name) => Err(Refusal::new(
            "wrong_digests",
            format!("{name} bukan kolom rahasia jenis {}", declaration.name, name = quoted(name)),
            format!("{name} is no confidential field of type {}", declaration.name, name = quoted(name)),
        )
        .at(format!("{place}.has"))),
    }
}

fn wrong_digests(found: usize, declared: usize, type_name: &str) -> Refusal {
    Refusal::new(
        "wrong_digests",
        format!("ada {found} digest; jenis {type_name} mempunyai {declared} kolom tersegel di sini"),
        format!("{found} digests stand here; type {type_name} declares {declared} sealed fields"),
    )
}

/// Says better than serde what is wrong with the attributes: the strict reader knows the place.
fn explain(bytes: &[u8], error: &serde_json::Error) -> RecordError {
    if let Err(refusal) = crate::strict::parse_object(bytes) {
        return RecordError(refusal);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, Attributes<'_>>(&mut deserializer) {
        Err(error) => {
            let path = error.path().to_string();
            let refusal = Refusal::of("malformed_field", Message::from_serde(&error.inner().to_string()));
            RecordError(if path == "." { refusal } else { refusal.at(path) })
        }
        Ok(_) => RecordError(Refusal::of("malformed", Message::from_serde(&error.to_string()))),
    }
}

pub(crate) fn explain_data(type_name: &str, json: &str) -> RecordError {
    if let Err(refusal) = crate::strict::parse_object(json.as_bytes()) {
        let field = refusal.field.as_ref().map_or("data".to_owned(), |field| format!("data.{field}"));
        return RecordError(refusal.at(field));
    }
    let error = match Data::from_json(type_name, json) {
        Some(Err(error)) => error,
        _ => return refuse("unknown_type", "type", crate::types::unknown_type(type_name)),
    };
    let path = match error.path().to_string() {
        path if path == "." => "data".to_owned(),
        path => format!("data.{path}"),
    };
    let text = error.inner().to_string();
    // Serde names a missing field in its words only; ours stands in the path.
    if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return refuse(
            "missing_field",
            &format!("{path}.{name}"),
            Message::new("kolom wajib belum diisi", "this field is required"),
        );
    }
    if let Some((name, known)) = text.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'))
        && path == format!("data.{name}")
    {
        return refuse("unknown_field", &path, known_fields(type_name, known));
    }
    if let Some(inner) = explain_replacement(type_name, json) {
        return inner;
    }
    refuse("malformed_field", &path, Message::from_serde(&text))
}

/// The fields that a proposal of a type may give: what serde lists, less what the registry sets, and the
/// sealed ones, which serde never sees.
fn known_fields(type_name: &str, listed: &str) -> Message {
    // Serde puts each name between backticks.
    let mut names: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
    if let Some(declaration) = declaration(type_name) {
        names.retain(|name| *name != "sealed" && !declaration.derived.contains(name));
        names.extend(declaration.sealed.iter().map(|field| field.name));
    }
    names.sort_unstable();
    let names = names.join(", ");
    Message::new(
        format!("kolom tidak dikenal; yang dikenal: {names}"),
        format!("this field is not known; known are {names}"),
    )
}

/// What is wrong with the facts that a correction brings, at their own place.
fn explain_replacement(type_name: &str, json: &str) -> Option<RecordError> {
    if type_name != <EventCorrected as EventType>::DECLARATION.name {
        return None;
    }
    #[derive(Deserialize)]
    struct Inner {
        data: Box<RawValue>,
        r#type: String,
    }
    let inner: Inner = serde_json::from_str(json).ok()?;
    match Data::from_json(&inner.r#type, inner.data.get()) {
        Some(Err(_)) => {
            let RecordError(refusal) = explain_data(&inner.r#type, inner.data.get());
            let field =
                refusal.field.as_ref().map_or("data.data".to_owned(), |field| format!("data.{field}"));
            Some(RecordError(refusal.at(field)))
        }
        _ => None,
    }
}
