//! JSON Schemas (draft 2020-12) of every type and version, made from the declarations.
//!
//! There are two for each: the *proposal*, which an office writes (sealed fields by name, nothing that
//! the registry sets), and the *record*, which stands in the log (digests, derived fields). A schema
//! says what JSON Schema can say; the rest stands in `FORMAT.md` (canonical form, order of sets, NFC,
//! the table of areas, the length limit). Nothing here must be needed to read a record: the parser is
//! the judge, the schemas are published for others.

pub mod texts;

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::identity::{ActorKind, CorrelationId, EventId, Source, Subject, SubjectKind};
use crate::record::{DATA_CONTENT_TYPE, SPEC_VERSION};
use crate::sealed::{Digest, Group};
use crate::time::TimePrecision;
use crate::types::{EventCorrected, EventType, TYPES, TypeDeclaration, is_correctable};
use crate::values::{Code, INTEGER_LIMIT};

/// Which of the two forms of an event a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaForm {
    /// What is proposed: no recorded time, sealed fields by name.
    Proposal,
    /// What is recorded: digests in place of sealed fields.
    Record,
}

impl SchemaForm {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Proposal, Self::Record];

    /// The written form, as in file names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposal => "proposal",
            Self::Record => "record",
        }
    }
}

/// `<type>.<proposal|record>.schema.json`.
#[must_use]
pub fn file_name(declaration: &TypeDeclaration, form: SchemaForm) -> String {
    format!("{}.{}.schema.json", declaration.name, form.name())
}

/// The whole schema of a type in one form: envelope and facts, nothing else allowed.
#[must_use]
pub fn schema(declaration: &TypeDeclaration, form: SchemaForm) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut facts = facts(declaration, form, true, &mut generator);
    let mut replacements = Map::new();
    if declaration.name == <EventCorrected as EventType>::DECLARATION.name {
        tie_replacement(&mut facts, form, &mut replacements, &mut generator);
    }
    let description = facts.remove("description").unwrap_or_default();
    let mut whole = envelope(declaration, form, facts, &mut generator);
    whole.insert("title".into(), json!(format!("{} ({})", declaration.name, form.name())));
    whole.insert("description".into(), description);
    whole.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("$id".into(), json!(format!("urn:jejak:schema:{}:{}", declaration.name, form.name())));
    let mut definitions = generator.take_definitions(true);
    definitions.append(&mut replacements);
    let mut whole = Value::Object(whole);
    let mut definitions = Value::Object(definitions);
    tidy(&mut whole);
    tidy(&mut definitions);
    keep_used(&mut whole, definitions);
    whole
}

fn object(schema: Schema) -> Map<String, Value> {
    match Value::from(schema) {
        Value::Object(object) => object,
        // `true` and `false` are schemas too; no type of the record makes one.
        other => unreachable!("the schema of a type is an object, not {other}"),
    }
}

fn insert_all(into: &mut Map<String, Value>, from: Value) {
    if let Value::Object(mut from) = from {
        into.append(&mut from);
    }
}

/// `schema.properties`, made when it is not there.
fn properties(schema: &mut Map<String, Value>) -> &mut Map<String, Value> {
    let entry = schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    match entry {
        Value::Object(properties) => properties,
        other => unreachable!("`properties` is an object, not {other}"),
    }
}

/// The facts of one type. `complete` says whether the required sealed fields must be given: a
/// correction may leave them out, they are carried over.
fn facts(
    declaration: &TypeDeclaration,
    form: SchemaForm,
    complete: bool,
    generator: &mut SchemaGenerator,
) -> Map<String, Value> {
    let mut schema = object((declaration.schema)(generator));
    let mut required: BTreeSet<String> = match schema.remove("required") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => BTreeSet::new(),
    };
    let properties = properties(&mut schema);
    properties.remove("sealed");
    match form {
        SchemaForm::Proposal => {
            for name in declaration.derived {
                properties.remove(*name);
            }
            for field in declaration.sealed {
                let mut value = object((field.schema)(generator));
                let group = field.group.name();
                value.insert(
                    "description".into(),
                    json!(format!("{} Sealed under the {group} key.", field.documentation)),
                );
                value.insert("writeOnly".into(), json!(true));
                properties.insert(field.name.to_owned(), Value::Object(value));
                if field.required && complete {
                    required.insert(field.name.to_owned());
                }
            }
        }
        SchemaForm::Record => {
            for name in declaration.derived {
                if let Some(Value::Object(value)) = properties.get_mut(*name) {
                    value.insert("readOnly".into(), json!(true));
                }
            }
            if !declaration.sealed.is_empty() {
                properties.insert("sealed".into(), sealed(declaration, generator));
                required.insert("sealed".into());
            }
        }
    }
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema
}

/// `data.sealed` of one type: as many digests as it declares fields, `has` only of their names.
fn sealed(declaration: &TypeDeclaration, generator: &mut SchemaGenerator) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for group in [Group::Confidential, Group::Personal] {
        let names: Vec<_> =
            declaration.sealed.iter().filter(|field| field.group == group).map(|field| field.name).collect();
        if names.is_empty() {
            continue;
        }
        properties.insert(
            group.name().to_owned(),
            json!({
                "type": "object",
                "description": format!("One digest for each of: {}. A field without a value has one too.", names.join(", ")),
                "properties": {"_sd": {
                    "type": "array",
                    "items": generator.subschema_for::<Digest>(),
                    "minItems": names.len(),
                    "maxItems": names.len(),
                    "uniqueItems": true
                }},
                "required": ["_sd"],
                "additionalProperties": false
            }),
        );
        required.push(group.name());
        if group == Group::Confidential {
            properties.insert(
                "has".into(),
                json!({
                    "type": "array",
                    "description": "The confidential fields that have a value, sorted.",
                    "items": {"enum": names},
                    "minItems": 1,
                    "uniqueItems": true
                }),
            );
        }
    }
    json!({
        "type": "object",
        "description": "SD-JWT digests (RFC 9901) of the sealed fields.",
        "readOnly": true,
        "properties": properties,
        "required": required,
        "additionalProperties": false
    })
}

/// Ties `data.data` and `data.subject` of a correction to `data.type`, and its time to its precision.
fn tie_replacement(
    facts: &mut Map<String, Value>,
    form: SchemaForm,
    definitions: &mut Map<String, Value>,
    generator: &mut SchemaGenerator,
) {
    let correctable = || TYPES.iter().filter(|declaration| is_correctable(declaration));
    let names: Vec<_> = correctable().map(|declaration| declaration.name).collect();
    let properties = properties(facts);
    if let Some(Value::Object(name)) = properties.get_mut("type") {
        name.insert("enum".into(), json!(names));
    }
    if let Some(Value::Object(time)) = properties.get_mut("time") {
        time.insert("pattern".into(), json!(TIME_PATTERN));
    }
    let mut cases = precision_cases();
    for declaration in correctable() {
        let inner = self::facts(declaration, form, false, generator);
        definitions.insert(declaration.name.to_owned(), Value::Object(inner));
        cases.push(json!({
            "if": {"properties": {"type": {"const": declaration.name}}, "required": ["type"]},
            "then": {"properties": {
                "data": {"$ref": format!("#/$defs/{}", declaration.name)},
                "subject": {"pattern": subject_pattern(declaration.subjects)}
            }}
        }));
    }
    facts.insert("allOf".into(), Value::Array(cases));
}

fn subject_pattern(kinds: &[SubjectKind]) -> String {
    let patterns =
        |kinds: &[SubjectKind]| kinds.iter().map(|kind| kind.pattern()).collect::<Vec<_>>().join("|");
    match kinds {
        [kind] => format!("^{}$", kind.pattern()),
        [] => format!("^({})$", patterns(&SubjectKind::ALL)),
        several => format!("^({})$", patterns(several)),
    }
}

const TIME_PATTERN: &str =
    "^(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\+0[789]:00$";

/// `time` says nothing beyond its precision. Where a proposal leaves the precision out it is `day`,
/// and a condition on an absent property holds.
fn precision_cases() -> Vec<Value> {
    [("day", "T00:00:00\\+"), ("month", "-01T00:00:00\\+"), ("year", "-01-01T00:00:00\\+")]
        .into_iter()
        .map(|(precision, pattern)| {
            let mut condition = json!({"properties": {"timeprecision": {"const": precision}}});
            if precision != "day" {
                condition["required"] = json!(["timeprecision"]);
            }
            json!({"if": condition, "then": {"properties": {"time": {"pattern": pattern}}}})
        })
        .collect()
}

fn envelope(
    declaration: &TypeDeclaration,
    form: SchemaForm,
    facts: Map<String, Value>,
    generator: &mut SchemaGenerator,
) -> Map<String, Value> {
    let mut subject = object(generator.subschema_for::<Subject>());
    if !declaration.subjects.is_empty() {
        subject = Map::new();
        subject.insert("type".into(), json!("string"));
        subject.insert("pattern".into(), json!(subject_pattern(declaration.subjects)));
    }
    subject.insert("description".into(), json!("The stream."));
    let mut attributes = json!({
        "authid": describe(generator.subschema_for::<Code>(), "Pseudonym of the actor, never a person's name."),
        "authtype": describe(generator.subschema_for::<ActorKind>(), "Kind of actor (CloudEvents authcontext extension)."),
        "causationid": describe(generator.subschema_for::<CorrelationId>(), "What caused the event (CloudEvents correlation extension)."),
        "correlationid": describe(generator.subschema_for::<CorrelationId>(), "The process it belongs to (CloudEvents correlation extension)."),
        "data": facts,
        "datacontenttype": {"const": DATA_CONTENT_TYPE},
        "id": describe(generator.subschema_for::<EventId>(), "Identifier of the event, unique for ever."),
        "source": describe(generator.subschema_for::<Source>(), "Who recorded it: urn:jejak:<area code>:<office>."),
        "specversion": {"const": SPEC_VERSION},
        "subject": subject,
        "time": {"type": "string", "pattern": TIME_PATTERN, "description": "When it happened: local time with the offset of the source's area."},
        "timeprecision": describe(generator.subschema_for::<TimePrecision>(), "How exactly `time` is known."),
        "type": {"const": declaration.name}
    });
    let required: &[&str] = match form {
        SchemaForm::Proposal => {
            attributes["expectedrevision"] = json!({
                "type": "integer", "minimum": 0, "maximum": INTEGER_LIMIT - 1,
                "description": "The number of events that the stream must hold; refused when it holds another."
            });
            &["data", "id", "subject", "time", "type"]
        }
        SchemaForm::Record => {
            attributes["recordedtime"] = json!({
                "type": "string",
                "pattern": "^(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
                "description": "When the registry learnt it, in UTC, never decreasing along the log (CloudEvents recordedtime extension)."
            });
            &[
                "authtype",
                "data",
                "datacontenttype",
                "id",
                "recordedtime",
                "source",
                "specversion",
                "subject",
                "time",
                "timeprecision",
                "type",
            ]
        }
    };
    let mut whole = Map::new();
    insert_all(
        &mut whole,
        json!({
            "type": "object",
            "properties": attributes,
            "required": required,
            "additionalProperties": false,
            "allOf": precision_cases()
        }),
    );
    whole
}

/// A record of any type. What its facts are, the schema of its type says.
#[derive(Clone, Copy, Debug)]
pub enum AnyRecord {}

impl JsonSchema for AnyRecord {
    fn schema_name() -> Cow<'static, str> {
        "Record".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let facts = json_schema!({
            "type": "object",
            "description": "The facts, as the schema of the type says: urn:jejak:schema:<type>:record.",
            "additionalProperties": true
        });
        // A correction may stand in any stream.
        let mut whole = envelope(&EventCorrected::DECLARATION, SchemaForm::Record, object(facts), generator);
        properties(&mut whole).insert("type".into(), generator.subschema_for::<texts::TypeName>().into());
        whole.insert("description".into(), json!("An event as it was recorded."));
        Schema::from(whole)
    }
}

fn describe(mut schema: Schema, description: &str) -> Schema {
    schema.insert("description".into(), description.into());
    schema
}

/// Takes out what the generator adds for Rust's `Option` (`null` and its default: what is absent is
/// absent here), and the line ends of doc comments.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(tidy),
        Value::Object(map) => {
            map.values_mut().for_each(tidy);
            map.retain(|key, value| !(key == "default" && value.is_null()));
            forbid_null(map);
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        _ => {}
    }
}

/// Takes `null` out of a schema of what is left out instead.
pub fn forbid_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice != &json!({"type": "null"}));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.entry(key).or_insert(value);
            }
        }
    }
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        Value::Object(map) => {
            if let Some(name) =
                map.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"))
            {
                found.push(name.to_owned());
            }
            map.values().for_each(|value| references(value, found));
        }
        _ => {}
    }
}

/// Puts the definitions into `$defs` that the schema needs, directly or through another.
pub fn keep_used(whole: &mut Value, mut definitions: Value) {
    let mut used = Map::new();
    let mut pending = Vec::new();
    references(whole, &mut pending);
    while let Some(name) = pending.pop() {
        if let Some(definition) = definitions.get_mut(&name).map(Value::take).filter(|value| !value.is_null())
        {
            references(&definition, &mut pending);
            used.insert(name, definition);
        }
    }
    if !used.is_empty() {
        whole["$defs"] = Value::Object(used);
    }
}
