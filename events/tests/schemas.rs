//! The published JSON Schemas are those of the declarations.
//!
//! After a wanted change: `JEJAK_BLESS=1 cargo test -p jejak-events --test schemas`.

mod support;

use std::collections::BTreeSet;

use jejak_events::schema::{SchemaForm, file_name, schema};
use jejak_events::types::TYPES;
use serde_json::Value;

#[test]
fn files_are_those_of_the_declarations() {
    let directory = support::path("schemas");
    let mut expected = BTreeSet::new();
    for declaration in TYPES {
        for form in SchemaForm::ALL {
            let name = file_name(declaration, form);
            support::check_file(&directory.join(&name), &support::pretty(&schema(declaration, form)));
            expected.insert(name);
        }
    }
    support::check_no_others(&directory, &expected);
}

/// Every object is closed, nothing may be `null`, every reference has its definition.
#[test]
fn schemas_are_closed_and_whole() {
    fn walk(schema: &Value, place: &str, whole: &Value) {
        match schema {
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(at, v)| walk(v, &format!("{place}/{at}"), whole));
            }
            Value::Object(map) => {
                assert_ne!(map.get("type"), Some(&Value::from("null")), "{place}");
                // The facts of a correction are closed by the definition that their type selects.
                if map.get("type") == Some(&Value::from("object")) && map.contains_key("properties") {
                    assert_eq!(map.get("additionalProperties"), Some(&Value::Bool(false)), "{place}");
                }
                if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(whole.pointer(pointer).is_some(), "{place}: {reference}");
                }
                map.iter().for_each(|(key, v)| walk(v, &format!("{place}/{key}"), whole));
            }
            Value::Null => panic!("{place}: null"),
            _ => {}
        }
    }
    for declaration in TYPES {
        for form in SchemaForm::ALL {
            let whole = schema(declaration, form);
            walk(&whole, declaration.name, &whole);
            let facts = &whole["properties"]["data"]["properties"];
            for field in declaration.sealed {
                assert_eq!(facts.get(field.name).is_some(), form == SchemaForm::Proposal, "{}", field.name);
            }
            for name in declaration.derived {
                assert_eq!(facts.get(name).is_some(), form == SchemaForm::Record, "{name}");
            }
            assert_eq!(
                facts.get("sealed").is_some(),
                form == SchemaForm::Record && !declaration.sealed.is_empty()
            );
        }
    }
}
