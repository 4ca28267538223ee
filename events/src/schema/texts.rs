//! Texts that stand in answers, as schemas: what a day, a root or a moment looks like where a type holds it as text.
//!
//! Types for schemas only; nobody makes a value of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::TIME_PATTERN;
use crate::identity::SubjectKind;
use crate::types::{SealedField, TYPES};

/// A kind of text with its schema.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, {$($schema:tt)*};)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", $($schema)*})
            }
        }
    )*};
}

texts! {
    /// Root of a tree.
    Root, {"pattern": "^[A-Za-z0-9+/]{43}=$", "description": "Root of a tree over events, 32 bytes in base64 (RFC 6962)"};
    /// When something was recorded or done.
    Moment, {
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
        "format": "date-time",
        "description": "Moment in UTC to the millisecond (RFC 3339)"
    };
    /// When something happened.
    LocalTime, {
        "pattern": TIME_PATTERN,
        "format": "date-time",
        "description": "Local time with the offset of the area of the office (RFC 3339)"
    };
    /// A type of event.
    TypeName, {
        "enum": TYPES.iter().map(|declaration| declaration.name).collect::<Vec<_>>(),
        "description": "Type of an event with its version"
    };
    /// A field of an event.
    FieldPath, {
        "pattern": "^[A-Za-z_][A-Za-z0-9_]*(\\[[0-9]+\\])*(\\.[A-Za-z_][A-Za-z0-9_]*(\\[[0-9]+\\])*)*$",
        "description": "Field as a path from the top, such as data.kbli.code"
    };
    /// A stable code.
    Word, {"pattern": "^[a-z][a-z0-9_]*$", "description": "Stable code"};
    /// A stream, or a session, which has none of its own.
    Named, {
        "pattern": format!(
            "^({}|session/[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})$",
            SubjectKind::ALL.map(SubjectKind::pattern).join("|")
        ),
        "description": "A stream, such as ikm/<uuid>, or session/<uuid>"
    };
    /// A sealed field.
    SealedName, {
        "enum": sealed_fields().map(|field| field.name).collect::<BTreeSet<_>>(),
        "description": "Name of a sealed field"
    };
    /// A calendar period.
    CalendarPeriod, {
        "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$",
        "description": "A month 2025-07, a quarter 2025-Q3 or a year 2025"
    };
}

fn sealed_fields() -> impl Iterator<Item = &'static SealedField> {
    TYPES.iter().flat_map(|declaration| declaration.sealed)
}

/// The schemas that a sealed field has in the types that declare it; of every field without a name.
fn sealed_schemas(name: Option<&str>, generator: &mut SchemaGenerator) -> Vec<Value> {
    let named = sealed_fields().filter(|field| name.is_none_or(|name| field.name == name));
    let schemas = named.map(|field| Value::from((field.schema)(generator)));
    schemas.map(|schema| (schema.to_string(), schema)).collect::<BTreeMap<_, _>>().into_values().collect()
}

/// A choice that [`JsonSchema`] makes of an `Option` is an `anyOf`; one that stands is a `oneOf`.
fn or_null(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => json!({"oneOf": [schemas.remove(0), {"type": "null"}]}),
        _ => json!({"oneOf": [{"anyOf": schemas}, {"type": "null"}]}),
    }
}

fn alone(mut schemas: Vec<Value>) -> Value {
    if schemas.len() == 1 { schemas.remove(0) } else { json!({"anyOf": schemas}) }
}

fn sealed_object(generator: &mut SchemaGenerator, of: fn(Vec<Value>) -> Value, description: &str) -> Schema {
    let names: BTreeSet<&str> = sealed_fields().map(|field| field.name).collect();
    let properties: Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), of(sealed_schemas(Some(name), generator)))).collect();
    json_schema!({"type": "object", "properties": properties, "description": description})
}

/// Sealed values by the names of their fields.
#[derive(Clone, Copy, Debug)]
pub enum SealedFields {}

impl JsonSchema for SealedFields {
    fn schema_name() -> Cow<'static, str> {
        "SealedFields".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        sealed_object(generator, alone, "Sealed values by the names of their fields")
    }
}

/// Sealed values by the names of their fields, and which fields have none.
#[derive(Clone, Copy, Debug)]
pub enum DisclosedFields {}

impl JsonSchema for DisclosedFields {
    fn schema_name() -> Cow<'static, str> {
        "DisclosedFields".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        sealed_object(
            generator,
            or_null,
            "Sealed values by the names of their fields; null where a field has none",
        )
    }
}

/// What a sealed field may hold, whichever it is.
#[derive(Clone, Copy, Debug)]
pub enum DisclosedValue {}

impl JsonSchema for DisclosedValue {
    fn schema_name() -> Cow<'static, str> {
        "DisclosedValue".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schemas = sealed_schemas(None, generator);
        schemas.push(json!({"type": "null"}));
        json_schema!({"anyOf": schemas, "description": "Value of a sealed field; null where it has none"})
    }
}
