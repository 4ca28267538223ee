//! What an office asks the registry to record: an event without `recordedtime`, with its sealed
//! fields by name.
//!
//! Nothing here knows what was recorded before; that is for the rules of the registry.

mod faults;

use crate::excerpt::quoted;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::{Map, Value};

use crate::fault::{Message, Refusal};
use crate::identity::{Actor, ActorKind, CorrelationId, EventId, Source, Subject};
use crate::record::{
    Draft, Event, RECORD_LIMIT_BYTES, RecordError, check_subject, explain_data, foreign_offset, too_large,
};
use crate::sealed::{Digest, Digests, Group, SALT_BYTES, Sealed, encode_disclosure};
use crate::shape;
use crate::time::{TimePrecision, ValidTime};
use crate::types::{self, Data, SealedField, TypeDeclaration};
use crate::values::{Code, SetOf};

/// What a proposal may leave out.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// `source`, when not given.
    pub source: Source,
    /// `authtype` and `authid`, when not given.
    pub actor: Actor,
}

/// Sealed values by field name. `Value::Null` stands for a field whose value was erased.
pub type SealedValues = BTreeMap<&'static str, Value>;

/// A proposal that is well formed. Whether the rules allow it is not known yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The event to be, its sealed fields not yet sealed and its derived fields not yet derived.
    pub draft: Draft,
    /// The sealed values given; for a correction those of the replacement.
    pub sealed: SealedValues,
    /// The number of events its stream must hold, when the proposer insists.
    pub expected_revision: Option<u64>,
}

/// Disclosures of one sealed event, by group.
pub type Disclosures = Vec<(Group, Vec<String>)>;

const ATTRIBUTES: [&str; 14] = [
    "authid",
    "authtype",
    "causationid",
    "correlationid",
    "data",
    "datacontenttype",
    "expectedrevision",
    "id",
    "source",
    "specversion",
    "subject",
    "time",
    "timeprecision",
    "type",
];

impl Proposal {
    /// Reads one proposal, a JSON object.
    ///
    /// # Errors
    /// A refusal with all faults of its form, each with field, value and reason.
    pub fn parse(json: &[u8], defaults: &Defaults) -> Result<Self, Refusal> {
        Self::read(json, defaults).map_err(|first| faults::all(json, defaults, first))
    }

    /// As [`Proposal::parse`], up to the first fault.
    fn read(json: &[u8], defaults: &Defaults) -> Result<Self, Refusal> {
        if json.len() > RECORD_LIMIT_BYTES {
            return Err(too_large(json.len()));
        }
        let mut object = crate::strict::parse_line(json)?;
        if object.contains_key("recordedtime") {
            return Err(recordedtime_given());
        }
        if let Some(unknown) = object.keys().find(|key| !ATTRIBUTES.contains(&key.as_str())) {
            return Err(unknown_attribute(unknown));
        }
        fixed(&mut object, "specversion", crate::record::SPEC_VERSION)?;
        fixed(&mut object, "datacontenttype", crate::record::DATA_CONTENT_TYPE)?;
        let id: EventId = required(&mut object, "id")?;
        let subject: Subject = required(&mut object, "subject")?;
        let type_name: String = required(&mut object, "type")?;
        let source = optional(&mut object, "source")?.unwrap_or_else(|| defaults.source.clone());
        let precision = optional(&mut object, "timeprecision")?.unwrap_or(TimePrecision::Day);
        let time: String = required(&mut object, "time")?;
        let time = ValidTime::parse(&time, precision, source.area)
            .map_err(|message| Refusal::of("malformed_field", message).at("time"))?;
        let kind: Option<ActorKind> = optional(&mut object, "authtype")?;
        let actor_id: Option<Code> = optional(&mut object, "authid")?;
        let actor = match (kind, actor_id) {
            (None, None) => defaults.actor.clone(),
            (kind, id) => Actor { kind: kind.unwrap_or(ActorKind::User), id },
        };
        let correlation: Option<CorrelationId> = optional(&mut object, "correlationid")?;
        let causation: Option<CorrelationId> = optional(&mut object, "causationid")?;
        let expected_revision: Option<u64> = optional(&mut object, "expectedrevision")?;
        let Some(Value::Object(facts)) = object.remove("data") else {
            return Err(no_object("data"));
        };
        let (data, sealed) = split_data(&type_name, facts)?;
        check_subject(&data, subject)?;
        if let Some(correction) = data.correction()
            && correction.replacement.time.offset() != source.area.offset()
        {
            let message = foreign_offset(source.area);
            return Err(Refusal::of("malformed_field", message).at("data.time"));
        }
        let draft = Draft { id, source, subject, time, actor, correlation, causation, data };
        Ok(Self { draft, sealed, expected_revision })
    }

    /// The facts whose fields are sealed: those of the event, or of a correction's replacement.
    #[must_use]
    pub fn sealed_data(&self) -> &Data {
        sealed_data(&self.draft.data)
    }

    /// Seals the values under fresh salts, puts the digests into the draft and returns it with the
    /// disclosures for the vault. Every declared field gets a digest.
    ///
    /// # Errors
    /// What `salt` returns when there is no randomness.
    pub fn seal<E>(
        mut self,
        mut salt: impl FnMut() -> Result<[u8; SALT_BYTES], E>,
    ) -> Result<(Draft, Disclosures), E> {
        let declaration = self.sealed_data().declaration();
        let mut disclosures: Disclosures = Vec::new();
        let mut sealed = Sealed::default();
        for group in [Group::Personal, Group::Confidential] {
            let mut of_group = Vec::new();
            for field in declaration.sealed.iter().filter(|field| field.group == group) {
                let value = self.sealed.get(field.name).unwrap_or(&Value::Null);
                of_group.push(encode_disclosure(salt()?, field.name, value));
            }
            let digests = SetOf::new(of_group.iter().map(|disclosure| Digest::of(disclosure)).collect());
            let digests = digests.map(|sd| Digests { sd });
            match group {
                Group::Personal => sealed.personal = digests,
                Group::Confidential => sealed.confidential = digests,
            }
            if !of_group.is_empty() {
                disclosures.push((group, of_group));
            }
        }
        let has_value = |name: &str| self.sealed.get(name).is_some_and(|value| !value.is_null());
        let confidential = declaration.sealed.iter().filter(|field| field.group == Group::Confidential);
        sealed.has = SetOf::new(
            confidential.filter(|field| has_value(field.name)).map(|field| field.name.to_owned()).collect(),
        );
        self.draft.data.set_sealed((!disclosures.is_empty()).then_some(sealed));
        Ok((self.draft, disclosures))
    }
}

/// The facts whose fields are sealed: a correction's replacement, else the facts themselves.
#[must_use]
pub fn sealed_data(data: &Data) -> &Data {
    data.said()
}

/// The subject whose keys seal an event's fields, and the fields that it declares.
#[must_use]
pub fn sealed_by(event: &Event) -> (Subject, &'static [SealedField]) {
    let data = sealed_data(&event.draft.data);
    let correction = event.draft.data.correction();
    let stream = correction.map_or(event.draft.subject, |correction| correction.replacement.subject);
    (data.key_subject(stream), data.declaration().sealed)
}

/// What two events with one id must have in common to be the same event: the open facts without
/// evidence, import place, digests and derived fields.
#[must_use]
pub fn comparable(data: &Data) -> Map<String, Value> {
    let mut object = data.to_object();
    for name in ["evidence", "imported_from", "sealed"].iter().chain(data.declaration().derived) {
        object.remove(*name);
    }
    if let Some(correction) = data.correction() {
        object.insert("data".into(), Value::Object(comparable(&correction.replacement.data)));
    }
    object
}

/// Takes the sealed values out of the facts and types the rest.
fn split_data(type_name: &str, mut facts: Map<String, Value>) -> Result<(Data, SealedValues), Refusal> {
    let declared = |name: &str, field: &str| {
        types::declaration(name)
            .ok_or_else(|| Refusal::of("unknown_type", types::unknown_type(name)).at(field))
    };
    let outer = declared(type_name, "type")?;
    let is_correction = type_name == <types::EventCorrected as types::EventType>::DECLARATION.name;
    let sealed = if is_correction {
        let inner_name: String = match facts.get("type").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => return Err(missing("data.type")),
        };
        let inner = declared(&inner_name, "data.type")?;
        let Some(Value::Object(replacement)) = facts.get_mut("data") else {
            return Err(missing("data.data"));
        };
        // Sealed values left out of a correction are carried over, so none is required.
        take_sealed(inner, replacement, "data.data", false)?
    } else {
        take_sealed(outer, &mut facts, "data", true)?
    };
    let facts = Value::Object(facts);
    match Data::from_value(type_name, &facts) {
        Some(Ok(data)) => match shape::list_for_object(&facts, &Value::Object(data.to_object()), "data") {
            None => Ok((data, sealed)),
            Some(place) => Err(no_object(&place)),
        },
        // What is wrong is said by the text: its places are those of the path.
        _ => {
            let RecordError(refusal) = explain_data(type_name, &facts.to_string());
            Err(refusal)
        }
    }
}

fn take_sealed(
    declaration: &'static TypeDeclaration,
    facts: &mut Map<String, Value>,
    place: &str,
    complete: bool,
) -> Result<SealedValues, Refusal> {
    if let Some(name) = declaration.derived.iter().chain(&["sealed"]).find(|name| facts.contains_key(**name))
    {
        return Err(set_by_registry(name).at(format!("{place}.{name}")));
    }
    let mut values = SealedValues::new();
    for field in declaration.sealed {
        let at = || format!("{place}.{}", field.name);
        match facts.remove(field.name) {
            Some(value) => {
                (field.check)(&value).map_err(|error| wrong_sealed(&error).at(at()))?;
                values.insert(field.name, value);
            }
            None if field.required && complete => return Err(missing(&at())),
            None => {}
        }
    }
    Ok(values)
}

fn recordedtime_given() -> Refusal {
    Refusal::new(
        "set_by_registry",
        "recordedtime diisi oleh sistem; hapus kolomnya",
        "recordedtime is set by the registry; leave it out",
    )
    .at("recordedtime")
}

fn unknown_attribute(name: &str) -> Refusal {
    let known = ATTRIBUTES.join(", ");
    Refusal::new(
        "unknown_attribute",
        format!("atribut {name} tidak dikenal; yang dikenal: {known}", name = quoted(name)),
        format!("attribute {name} is not known; known are {known}", name = quoted(name)),
    )
    .at(name)
}

fn set_by_registry(name: &str) -> Refusal {
    Refusal::new(
        "set_by_registry",
        format!("kolom {name} diisi oleh sistem; hapus", name = quoted(name)),
        format!("field {name} is set by the registry; leave it out", name = quoted(name)),
    )
}

fn no_object(field: &str) -> Refusal {
    Refusal::of("malformed_field", shape::must_be_object()).at(field)
}

/// What is wrong with a sealed value, without the value: it must not come back in an answer.
fn wrong_sealed(error: &serde_json::Error) -> Refusal {
    Refusal::of("malformed_field", Message::from_serde(&error.to_string()).without_quotes())
}

fn missing(field: &str) -> Refusal {
    Refusal::new("missing_field", "kolom wajib belum diisi", "this field is required").at(field)
}

fn optional<T: for<'de> Deserialize<'de>>(
    object: &mut Map<String, Value>,
    name: &'static str,
) -> Result<Option<T>, Refusal> {
    let Some(value) = object.remove(name) else { return Ok(None) };
    T::deserialize(value.into_deserializer()).map(Some).map_err(|error: serde_json::Error| {
        Refusal::of("malformed_field", Message::from_serde(&error.to_string())).at(name)
    })
}

fn required<T: for<'de> Deserialize<'de>>(
    object: &mut Map<String, Value>,
    name: &'static str,
) -> Result<T, Refusal> {
    optional(object, name)?.ok_or_else(|| missing(name))
}

fn fixed(object: &mut Map<String, Value>, name: &'static str, expected: &str) -> Result<(), Refusal> {
    let given: Option<String> = optional(object, name)?;
    match given {
        Some(given) if given != expected => Err(Refusal::new(
            "malformed_field",
            format!("{given} seharusnya {expected:?}", given = quoted(&given)),
            format!("{given} should be {expected:?}", given = quoted(&given)),
        )
        .at(name)),
        _ => Ok(()),
    }
}
