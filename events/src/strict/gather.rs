//! Reading on behind what is at fault, so that all of it is told at once.

use std::cell::RefCell;
use std::fmt::{self, Write as _};

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{beyond_message, empty_list, no_null, stands_twice, wrong_number};
use crate::fault::{Fault, Message, Refusal, shown_json};
use crate::text::not_composed;
use crate::values::INTEGER_LIMIT;

/// Most faults of one line; whoever has more reads these first.
pub(crate) const FAULTS_LIMIT: usize = 50;

/// The place in the text, and what was found so far.
#[derive(Default)]
pub(super) struct Gathering {
    place: RefCell<String>,
    faults: RefCell<Vec<Fault>>,
}

impl Gathering {
    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    fn fault(&self, message: Message, value: Option<&Value>) -> Value {
        let mut faults = self.faults.borrow_mut();
        if faults.len() < FAULTS_LIMIT {
            let refusal = Refusal::of("not_strict", message);
            let place = self.place.borrow();
            let refusal = if place.is_empty() { refusal } else { refusal.at(place.clone()) };
            faults.push(Fault { value: value.map(shown_json), ..refusal.into_fault() });
        }
        Value::Null
    }

    /// Does something at a place below this one.
    fn below<T>(&self, step: fmt::Arguments<'_>, work: impl FnOnce() -> T) -> T {
        let length = self.place.borrow().len();
        // Writing to a text cannot fail.
        let _ = self.place.borrow_mut().write_fmt(step);
        let done = work();
        self.place.borrow_mut().truncate(length);
        done
    }

    fn at_key<T>(&self, key: &str, work: impl FnOnce() -> T) -> T {
        let dot = if self.place.borrow().is_empty() { "" } else { "." };
        self.below(format_args!("{dot}{key}"), work)
    }
}

impl<'de> DeserializeSeed<'de> for &Gathering {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Gathering {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        if number <= -INTEGER_LIMIT {
            return Ok(self.fault(beyond_message(&number), Some(&Value::from(number))));
        }
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        if number >= INTEGER_LIMIT.unsigned_abs() {
            return Ok(self.fault(beyond_message(&number), Some(&Value::from(number))));
        }
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(self.fault(wrong_number(number), Some(&Value::from(number))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        if let Some(message) = not_composed(text) {
            return Ok(self.fault(message, Some(&Value::from(text))));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(self.fault(no_null(), Some(&Value::Null)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let position = list.len();
            let element = self.below(format_args!("[{position}]"), || elements.next_element_seed(self))?;
            match element {
                Some(element) => list.push(element),
                None if list.is_empty() => return Ok(self.fault(empty_list(), Some(&Value::Array(list)))),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                entries.next_value::<IgnoredAny>()?;
                self.at_key(&key, || self.fault(stands_twice(&key), None));
                continue;
            }
            let value = self.at_key(&key, || entries.next_value_seed(self))?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
