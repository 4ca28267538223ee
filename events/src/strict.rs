//! Strict reading of JSON: what a general parser lets through in silence is refused here.
//!
//! Refused with its place: a key given twice, `null`, an empty list, a fraction, a whole number of
//! 2^53 or more, text that is not NFC. Nothing here knows an event type.

use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::fault::{Message, Refusal};
use crate::values::INTEGER_LIMIT;

/// Reads one JSON object.
///
/// # Errors
/// A refusal of rule `malformed` (with line and column) for what is no JSON object, and of rule
/// `not_strict` for what the record does not allow.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Refusal::new("malformed", format!("bukan UTF-8 pada byte {at}"), format!("not UTF-8 at byte {at}"))
    })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let value = match Strict.deserialize(tracked) {
        Ok(value) => value,
        Err(error) => {
            let path = track.path().to_string();
            let column = error.column();
            if error.is_data() {
                let refusal = Refusal {
                    rule: "not_strict",
                    field: None,
                    message: Message::from_serde(&error.to_string()),
                };
                return Err(if path == "." { refusal } else { refusal.at(path) });
            }
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            return Err(Refusal::new(
                "malformed",
                format!("bukan JSON yang sah pada kolom {column}: {reason}"),
                format!("not valid JSON at column {column}: {reason}"),
            ));
        }
    };
    deserializer.end().map_err(|error| {
        let column = error.column();
        Refusal::new(
            "malformed",
            format!("ada isi lain sesudah objek JSON, kolom {column}"),
            format!("something follows the JSON object, at column {column}"),
        )
    })?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Refusal::new("malformed", "harus sebuah objek JSON {...}", "must be a JSON object {...}")),
    }
}

#[derive(Clone, Copy)]
struct Strict;

fn custom<E: de::Error>(id: &str, en: &str) -> E {
    E::custom(Message::new(id, en))
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        if number <= -INTEGER_LIMIT { Err(beyond(number)) } else { Ok(Value::from(number)) }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        if number >= INTEGER_LIMIT.unsigned_abs() { Err(beyond(number)) } else { Ok(Value::from(number)) }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Err(custom(
            &format!("angka {number} bukan bilangan bulat di bawah 2^53"),
            &format!("number {number} is not a whole number below 2^53"),
        ))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        if !text.is_ascii() && !text.nfc().eq(text.chars()) {
            return Err(custom("teks belum berbentuk Unicode NFC", "text is not in Unicode form NFC"));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Err(custom("null tidak dipakai; hapus kolomnya", "null is not used; leave the field out"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            list.push(element);
        }
        if list.is_empty() {
            return Err(custom("daftar kosong; hapus kolomnya", "the list is empty; leave the field out"));
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                // Refused while its value is read, so that the place of the error is the key's own.
                entries.next_value_seed(Twice(&key))?;
            }
            let value = entries.next_value_seed(self)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// The value of a key that was given already: refused whatever it is.
struct Twice<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Twice<'_> {
    type Value = ();
    fn deserialize<D: de::Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        let key = self.0;
        Err(custom(&format!("kolom {key:?} ditulis dua kali"), &format!("key {key:?} stands twice")))
    }
}

fn beyond<E: de::Error>(number: impl fmt::Display) -> E {
    custom(
        &format!("angka {number} di luar batas ±2^53; pembaca JSON akan membulatkannya"),
        &format!("number {number} lies beyond ±2^53; JSON readers would round it"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_objects_pass() {
        let object = parse_object(br#"{"a":1,"b":{"c":["x",true,-9007199254740991]}}"#).unwrap();
        assert_eq!(object.len(), 2);
    }

    #[test]
    fn each_refusal_names_its_place() {
        for (json, rule, field, words) in [
            (r#"{"a":{"b":1,"b":2}}"#, "not_strict", Some("a.b"), "stands twice"),
            (r#"{"a":{"b":null}}"#, "not_strict", Some("a.b"), "null"),
            (r#"{"a":[1,[]]}"#, "not_strict", Some("a[1]"), "empty"),
            (r#"{"a":9007199254740992}"#, "not_strict", Some("a"), "2^53"),
            (r#"{"a":123456789012345678901234567890}"#, "not_strict", Some("a"), "2^53"),
            (r#"{"a":1.0}"#, "not_strict", Some("a"), "whole number"),
            ("{\"a\":\"e\u{301}\"}", "not_strict", Some("a"), "NFC"),
            (r#"{"a":1"#, "malformed", None, "column"),
            (r#"{"a":1} x"#, "malformed", None, "follows"),
            (r"[1]", "malformed", None, "object"),
            ("", "malformed", None, "column"),
        ] {
            let refusal = parse_object(json.as_bytes()).unwrap_err();
            assert_eq!((refusal.rule, refusal.field.as_deref()), (rule, field), "{json}: {refusal}");
            assert!(refusal.message.en.contains(words), "{json}: {refusal}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}").unwrap_err().rule, "malformed");
    }
}
