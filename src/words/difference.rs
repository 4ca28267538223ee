//! What one form of an event says otherwise than another, field by field. Pure.

use std::collections::BTreeMap;

use jejak_events::types::Data;
use jejak_projections::lineage::Content;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldDifference {
    /// Its name, with dots where it lies deeper: `kbli.code`.
    pub field: String,
    /// What it said before; none where it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it says after; none where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The open fields that differ between two forms, in the order of their names: stream, time and facts.
/// Digests of sealed fields differ with every form and say nothing; which confidential fields have a
/// value is open, as `sealed.has`.
#[must_use]
pub fn differences(before: &Content<'_>, after: &Content<'_>) -> Vec<FieldDifference> {
    between(&fields(before), &fields(after))
}

/// The fields that differ between two sets of named values.
#[must_use]
pub fn between(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<FieldDifference> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    differing
        .map(|name| FieldDifference {
            field: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

fn fields(content: &Content<'_>) -> BTreeMap<String, String> {
    let mut fields = open_fields(content.data());
    fields.insert("subject".to_owned(), content.subject().to_string());
    fields.insert("time".to_owned(), content.time().to_string());
    fields.insert("timeprecision".to_owned(), content.time().precision().name().to_owned());
    fields
}

/// The open facts by name.
#[must_use]
pub fn open_fields(data: &Data) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    flatten("", &data.to_object(), &mut fields);
    fields
}

fn flatten(under: &str, object: &Map<String, Value>, fields: &mut BTreeMap<String, String>) {
    for (name, value) in object {
        let field = if under.is_empty() { name.clone() } else { format!("{under}.{name}") };
        match value {
            _ if ["sealed.personal", "sealed.confidential"].contains(&field.as_str()) => {}
            Value::Object(inner) => flatten(&field, inner, fields),
            value => drop(fields.insert(field, plain(value))),
        }
    }
}

/// A value without the marks of JSON.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}
