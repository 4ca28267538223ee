//! Strict reading of JSON: what a general parser lets through in silence is refused here.
//!
//! Refused with its place: a key given twice, `null`, an empty list, a fraction, a whole number of
//! 2^53 or more, text that is not NFC. Nothing here knows an event type.

mod gather;
mod other;

use crate::excerpt::quoted;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::fault::{Fault, Message, Refusal};
use crate::text::not_composed;
use crate::translation::told;
use crate::values::INTEGER_LIMIT;

/// Reads one JSON object.
///
/// # Errors
/// A refusal of rule `malformed` (with line and column) for what is no JSON object, and of rule
/// `not_strict` for what the record does not allow.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let text = read_utf8(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let value = match Strict.deserialize(tracked) {
        Ok(value) => value,
        // JSON, and what is wrong within it does not matter: `[]`, `null`, `1.5`.
        Err(error) if error.is_data() && !text.trim_ascii_start().starts_with('{') => return Err(no_object()),
        Err(error) if error.is_data() => {
            let path = track.path().to_string();
            let refusal = Refusal::of("not_strict", Message::from_serde(&error.to_string()));
            return Err(if path == "." { refusal } else { refusal.at(path) });
        }
        Err(error) => return Err(not_json(&error)),
    };
    deserializer.end().map_err(|error| behind(error.column()))?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(no_object()),
    }
}

/// As [`parse_object`], for a line that somebody wrote: says what else it seems to be, where it is no JSON.
///
/// # Errors
/// As [`parse_object`].
pub(crate) fn parse_line(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    parse_object(bytes).map_err(|refusal| match refusal.rule {
        "malformed" => other::seems(bytes, &refusal).unwrap_or(refusal),
        _ => refusal,
    })
}

/// Reads one JSON object to its end and gathers everything that the record does not allow. What is at fault stands in
/// the object as `null`, which no record holds, or, when it is a key given twice, with its first value.
///
/// # Errors
/// As [`parse_object`], of rule `malformed` only.
pub(crate) fn gather(bytes: &[u8]) -> Result<(Map<String, Value>, Vec<Fault>), Refusal> {
    let text = read_utf8(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let gathering = gather::Gathering::default();
    let value = match gathering.deserialize(&mut deserializer) {
        Ok(value) => value,
        Err(error) => return Err(not_json(&error)),
    };
    deserializer.end().map_err(|error| behind(error.column()))?;
    match value {
        Value::Object(object) => Ok((object, gathering.into_faults())),
        _ => Err(no_object()),
    }
}

fn read_utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Refusal::new(
            "malformed",
            format!("bukan teks UTF-8 pada byte {at}; simpan berkasnya sebagai UTF-8"),
            format!("not UTF-8 at byte {at}; save the file as UTF-8"),
        )
    })
}

fn no_object() -> Refusal {
    Refusal::new("malformed", "harus sebuah objek JSON {...}", "must be a JSON object {...}")
}

fn not_json(error: &serde_json::Error) -> Refusal {
    let (column, reason) = (error.column(), error.to_string());
    let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
    Refusal::new(
        "malformed",
        format!("bukan JSON yang sah pada kolom {column}: {}", told(reason)),
        format!("not valid JSON at column {column}: {reason}"),
    )
}

fn behind(column: usize) -> Refusal {
    Refusal::new(
        "malformed",
        format!("ada isi lain sesudah objek JSON, kolom {column}; tulis satu objek per baris"),
        format!("something follows the JSON object, at column {column}; write one object a line"),
    )
}

/// What is wrong with a number that has a point or an exponent, or is too long: JSON readers give it as a float.
fn wrong_number(number: f64) -> Message {
    if number.fract() == 0.0 && number.abs() < WHOLE_LIMIT {
        return Message::new(
            format!("angka {number:?} ditulis dengan titik atau pangkat; tulis {number} tanpa .0"),
            format!("number {number:?} is written with a point or an exponent; write {number} without .0"),
        );
    }
    if number.fract() == 0.0 {
        return beyond_message(&number);
    }
    Message::new(
        format!("angka {number} pecahan; tulis bilangan bulat, bila perlu dalam satuan yang lebih kecil"),
        format!("number {number} is a fraction; write a whole number, where needed in a smaller unit"),
    )
}

/// 2^53, from which on not every whole number is a float.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;

fn beyond_message(number: &dyn fmt::Display) -> Message {
    Message::new(
        format!("angka {number} di luar batas ±2^53; pembaca JSON akan membulatkannya"),
        format!("number {number} lies beyond ±2^53; JSON readers would round it"),
    )
}

pub(crate) fn no_null() -> Message {
    Message::new("null tidak dipakai; hapus kolomnya", "null is not used; leave the field out")
}

pub(crate) fn empty_list() -> Message {
    Message::new("daftar kosong; hapus kolomnya", "the list is empty; leave the field out")
}

fn stands_twice(key: &str) -> Message {
    Message::new(
        format!("kolom {key} ditulis dua kali; tulis satu kali", key = quoted(key)),
        format!("key {key} stands twice; write it once", key = quoted(key)),
    )
}

#[derive(Clone, Copy)]
struct Strict;

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
        Err(E::custom(wrong_number(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        match not_composed(text) {
            Some(message) => Err(E::custom(message)),
            None => Ok(Value::String(text.to_owned())),
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Err(E::custom(no_null()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            list.push(element);
        }
        if list.is_empty() {
            return Err(de::Error::custom(empty_list()));
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
        Err(de::Error::custom(stands_twice(self.0)))
    }
}

fn beyond<E: de::Error>(number: impl fmt::Display) -> E {
    E::custom(beyond_message(&number))
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
            (r#"{"a":50000000.0}"#, "not_strict", Some("a"), "write 50000000 without .0"),
            (r#"{"a":1.5}"#, "not_strict", Some("a"), "a fraction"),
            ("{\"a\":\"e\u{301}\"}", "not_strict", Some("a"), "NFC"),
            (r#"{"a":1"#, "malformed", None, "one line"),
            (r#"{"a" 1}"#, "malformed", None, "column 6"),
            (r#"{"a":1} x"#, "malformed", None, "follows"),
            (r"[1]", "malformed", None, "a JSON list"),
            (r" [] ", "malformed", None, "a JSON list"),
            (r"[null]", "malformed", None, "a JSON list"),
            (r"[1.5, {}]", "malformed", None, "a JSON list"),
            ("null", "malformed", None, "no JSON object"),
            ("1.5", "malformed", None, "no JSON object"),
            ("", "malformed", None, "empty"),
            ("\u{feff}{}", "malformed", None, "byte order mark"),
            ("nama;wilayah", "malformed", None, "CSV"),
        ] {
            let refusal = parse_line(json.as_bytes()).unwrap_err();
            assert_eq!((refusal.rule, refusal.field.as_deref()), (rule, field), "{json}: {refusal}");
            assert!(refusal.message.en.contains(words), "{json}: {refusal}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}").unwrap_err().rule, "malformed");
    }
}
