//! What one form of an event says otherwise than another, field by field. Pure.

use std::collections::BTreeMap;
use std::fmt;

use jejak_events::types::Data;
use jejak_projections::lineage::Content;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The value of an open field, as the event has it. Programs are told it as a text without the marks of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValue {
    /// The value.
    pub value: Value,
    /// Whether it is a share, in hundredths of a percent.
    pub is_share: bool,
}

impl From<Value> for FieldValue {
    fn from(value: Value) -> Self {
        Self { value, is_share: false }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.value))
    }
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for FieldValue {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldValue".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldDifference {
    /// Its name, with dots where it lies deeper: `kbli.code`.
    pub field: String,
    /// What it said before; none where it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<FieldValue>,
    /// What it says after; none where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<FieldValue>,
}

impl FieldDifference {
    /// Of two lists of structures, such as scores, the members that differ; each side none where it has no others. `None`
    /// for any other field: of a list of names or codes the whole is said.
    #[must_use]
    pub fn changed_members(&self) -> Option<[Option<FieldValue>; 2]> {
        let list = |side: &Option<FieldValue>| side.as_ref().and_then(|side| side.value.as_array().cloned());
        let (before, after) = (list(&self.before)?, list(&self.after)?);
        if !before.iter().chain(&after).all(Value::is_object) {
            return None;
        }
        let only = |side: &[Value], other: &[Value]| {
            let own: Vec<Value> = side.iter().filter(|member| !other.contains(member)).cloned().collect();
            Some(own).filter(|own| !own.is_empty()).map(|own| FieldValue::from(Value::from(own)))
        };
        Some([only(&before, &after), only(&after, &before)])
    }
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
pub fn between(
    before: &BTreeMap<String, FieldValue>,
    after: &BTreeMap<String, FieldValue>,
) -> Vec<FieldDifference> {
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

fn fields(content: &Content<'_>) -> BTreeMap<String, FieldValue> {
    let mut fields = open_fields(content.data());
    let mut insert = |name: &str, text: String| fields.insert(name.to_owned(), Value::from(text).into());
    insert("subject", content.subject().to_string());
    insert("time", content.time().to_string());
    insert("timeprecision", content.time().precision().name().to_owned());
    fields
}

/// The open facts by name.
#[must_use]
pub fn open_fields(data: &Data) -> BTreeMap<String, FieldValue> {
    let mut fields = BTreeMap::new();
    flatten("", &data.to_object(), &mut fields);
    fields
}

fn flatten(under: &str, object: &Map<String, Value>, fields: &mut BTreeMap<String, FieldValue>) {
    for (name, value) in object {
        let field = if under.is_empty() { name.clone() } else { format!("{under}.{name}") };
        match value {
            _ if ["sealed.personal", "sealed.confidential"].contains(&field.as_str()) => {}
            Value::Object(inner) => flatten(&field, inner, fields),
            value => {
                let is_share = is_share(object, name);
                fields.insert(field, FieldValue { value: value.clone(), is_share });
            }
        }
    }
}

/// Whether a part of an object is a share in hundredths of a percent: what a check of a claim in percent counted, beside
/// which the part itself stands.
#[must_use]
pub fn is_share(object: &Map<String, Value>, name: &str) -> bool {
    name == "counted" && object.contains_key("part")
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_list_of_structures_only_what_changed_is_told() {
        let difference = |before: Value, after: Value| FieldDifference {
            field: "criteria".to_owned(),
            before: Some(before.into()),
            after: Some(after.into()),
        };
        let [energy, water, other] =
            [json!({"code": "energy"}), json!({"code": "water"}), json!({"code": "x"})];
        let changed = difference(json!([energy, water]), json!([energy, other])).changed_members();
        assert_eq!(changed, Some([Some(json!([water]).into()), Some(json!([other]).into())]));
        let added = difference(json!([energy]), json!([energy, water])).changed_members();
        assert_eq!(added, Some([None, Some(json!([water]).into())]));
        assert_eq!(difference(json!(["a"]), json!(["a", "b"])).changed_members(), None);
        assert_eq!(difference(json!(1), json!(2)).changed_members(), None);
    }
}
