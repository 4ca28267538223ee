//! JSON Schemas (draft 2020-12) of what the commands answer, made from the types that are serialised.
//!
//! A schema must never say less than the serializer: what is not declared is refused, what may be absent is never
//! `null`. A schema is for others; nothing here is needed to answer.

use std::collections::BTreeSet;

use jejak_events::schema::{forbid_null, keep_used};
use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema of one answer of a command.
pub type Shape = fn(&mut SchemaGenerator) -> Value;

/// The schema of an answer of this type, as it is serialised.
pub fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    // Whole, also where it would be a reference: it stands at the top.
    T::json_schema(generator).into()
}

/// How answers of a command stand in its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One document.
    Document,
    /// One document on each line (JSON Lines).
    Lines,
}

/// What a command prints as JSON.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The command, as it is called: `subject show`.
    pub command: &'static str,
    /// How answers stand in its output.
    pub layout: Layout,
    /// The answers that it has; each run gives one of them, or one on each line.
    pub shapes: &'static [Shape],
}

impl Answer {
    /// `<command>.json`, with hyphens between its words.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.json", self.command.replace(' ', "-"))
    }

    /// The schema of one document.
    #[must_use]
    pub fn schema(&self) -> Value {
        let mut settings = SchemaSettings::draft2020_12();
        settings.contract = Contract::Serialize;
        let mut generator = settings.into_generator();
        let mut shapes: Vec<Value> = self.shapes.iter().map(|shape| shape(&mut generator)).collect();
        let mut definitions = Value::Object(generator.take_definitions(true));
        shapes.iter_mut().chain([&mut definitions]).for_each(|schema| {
            tidy(schema);
            close(schema);
        });
        let mut whole = match <[Value; 1]>::try_from(shapes) {
            Ok([only]) => only,
            Err(shapes) => json!({"oneOf": shapes}),
        };
        let (name, lines) = (self.command, self.layout == Layout::Lines);
        let title = if lines { format!("jejak {name}, each line") } else { format!("jejak {name}") };
        whole["title"] = json!(title);
        whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        whole["$id"] = json!(format!("urn:jejak:answer:{}", name.replace(' ', "-")));
        keep_used(&mut whole, definitions);
        whole
    }
}

/// Takes out what is said of Rust's types: sizes of integers, and `null` for a field that is left out instead.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(tidy),
        Value::Object(map) => {
            let required = names(map.get("required"));
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                let absent = properties.iter_mut().filter(|(name, _)| !required.contains(*name));
                absent.filter_map(|(_, property)| property.as_object_mut()).for_each(forbid_null);
            }
            map.values_mut().for_each(tidy);
            if map.get("type") == Some(&json!("integer")) {
                map.remove("format");
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        _ => {}
    }
}

fn names(list: Option<&Value>) -> BTreeSet<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Refuses names that are not declared. A choice beside properties, as a flattened enum makes it, is closed in each of
/// its branches, which then hold the properties, too.
fn close(schema: &mut Value) {
    if let Value::Object(map) = schema {
        distribute(map);
        let is_object = map.contains_key("properties") || map.get("type") == Some(&json!("object"));
        if is_object && !map.contains_key("additionalProperties") {
            map.insert("additionalProperties".into(), json!(false));
        }
        // The properties are schemas by name, not a schema.
        for (key, value) in map.iter_mut() {
            match value {
                Value::Object(named) if key == "properties" || key == "$defs" => {
                    named.values_mut().for_each(close);
                }
                Value::Object(_) => close(value),
                Value::Array(list) => list.iter_mut().for_each(close),
                _ => {}
            }
        }
    }
}

fn distribute(map: &mut Map<String, Value>) {
    if !map.contains_key("properties") {
        return;
    }
    let Some(choices) = map.remove("oneOf").or_else(|| map.remove("anyOf")) else { return };
    let mut shared = std::mem::take(map);
    let description = shared.remove("description");
    let branches = choices.as_array().into_iter().flatten().map(|choice| {
        let mut branch = shared.clone();
        for (key, value) in choice.as_object().into_iter().flatten() {
            match (branch.get_mut(key), value) {
                (Some(Value::Object(here)), Value::Object(more)) => here.extend(more.clone()),
                (Some(Value::Array(here)), Value::Array(more)) => here.extend(more.iter().cloned()),
                _ => {
                    branch.insert(key.clone(), value.clone());
                }
            }
        }
        Value::Object(branch)
    });
    // Branches that are closed exclude each other.
    map.insert("oneOf".into(), branches.collect());
    map.extend(description.map(|text| ("description".to_owned(), text)));
}
