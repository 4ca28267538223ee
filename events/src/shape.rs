//! Holds a value against what was read from it: serde reads a list as an object, taking its elements for the fields
//! in their order, and the schema of the type refuses that list.
//!
//! Nothing here knows an event type.

use serde::Serialize;
use serde::de::Error as _;
use serde_json::Value;

use crate::fault::Message;

/// That a list stands where an object belongs.
#[must_use]
pub fn must_be_object() -> Message {
    Message::new("harus sebuah objek {...}", "must be an object {...}")
}

/// The first place where a list was given and an object was read from it; `place` is that of the value, and may be empty.
#[must_use]
pub fn list_for_object(given: &Value, read: &Value, place: &str) -> Option<String> {
    match (given, read) {
        (Value::Array(_), Value::Object(_)) => Some(place.to_owned()),
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(key, value)| {
            read.get(key).and_then(|read| list_for_object(value, read, &below(place, key)))
        }),
        // What was read may stand in another order: an element is wrong when it fits none.
        (Value::Array(given), Value::Array(read)) => {
            given.iter().enumerate().find_map(|(position, value)| {
                let place = format!("{place}[{position}]");
                let of_it = read.iter().filter(|read| holds_fields(value, read));
                let mut wrong = of_it.map(|read| list_for_object(value, read, &place));
                let first = wrong.next()?;
                first.filter(|_| wrong.all(|wrong| wrong.is_some()))
            })
        }
        _ => None,
    }
}

/// Whether an object may have been read from another one: it has all the fields that were given.
fn holds_fields(given: &Value, read: &Value) -> bool {
    let (Value::Object(given), Value::Object(read)) = (given, read) else { return true };
    given.iter().all(|(key, value)| value.is_null() || read.contains_key(key))
}

fn below(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

/// As [`list_for_object`], for a value that stands by itself.
///
/// # Errors
/// That an object belongs there.
pub(crate) fn hold(given: &Value, read: &impl Serialize) -> Result<(), serde_json::Error> {
    match list_for_object(given, &serde_json::to_value(read)?, "") {
        None => Ok(()),
        Some(_) => Err(serde_json::Error::custom(must_be_object())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_for_an_object_is_found_at_each_depth() {
        let of = |given: Value, read: Value| list_for_object(&given, &read, "data");
        let read = json!({"kbli": {"code": "13134", "year": 2020}, "shares": [{"a": 1}, {"a": 2}]});
        assert_eq!(of(read.clone(), read.clone()), None);
        assert_eq!(of(json!({"kbli": ["13134", 2020]}), read.clone()).unwrap(), "data.kbli");
        assert_eq!(of(json!({"shares": [{"a": 2}, {"a": 1}]}), read.clone()), None, "another order");
        assert_eq!(of(json!({"shares": [{"a": 2}, [1]]}), read.clone()).unwrap(), "data.shares[1]");
        let deeper = json!({"shares": [{"of": {"a": 1}}, {"of": {"a": 2}}]});
        let given = json!({"shares": [{"of": {"a": 1}}, {"of": [2]}]});
        assert_eq!(of(given, deeper).unwrap(), "data.shares[1].of");
        let optional = json!({"shares": [{"of": {"a": 1}}, {"as": 2}]});
        assert_eq!(of(json!({"shares": [{"as": 2}, {"of": [1]}]}), optional).unwrap(), "data.shares[1].of");
        assert_eq!(of(json!({"kbli": ["13134"]}), json!({"kbli": ["13134"]})), None, "a list belongs there");
    }
}
