//! Texts that stand in answers, as schemas: what a day, a root or a moment looks like where a type holds it as text.
//!
//! Types for schemas only; nobody makes a value of them.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

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
            fn schema_name() -> std::borrow::Cow<'static, str> {
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

/// What a sealed field may hold, whichever it is.
#[derive(Clone, Copy, Debug)]
pub enum SealedValue {}

impl JsonSchema for SealedValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SealedValue".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let schemas = sealed_fields().map(|field| Schema::into((field.schema)(generator)));
        let distinct: BTreeMap<String, serde_json::Value> =
            schemas.map(|schema: serde_json::Value| (schema.to_string(), schema)).collect();
        let choices: Vec<serde_json::Value> = distinct.into_values().collect();
        json_schema!({"anyOf": choices, "description": "Value of a sealed field; of which field, its name says"})
    }
}
