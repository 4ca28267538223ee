//! Everything that is wrong with the form of a proposal, told at once.
//!
//! The way of a good proposal goes through [`super::Proposal::parse`] alone. What it refuses is read here once more:
//! each fault is noted, taken out, and the rest is read on. Nothing here can let a proposal pass.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{ATTRIBUTES, Defaults, RECORD_LIMIT_BYTES, missing, optional};
use crate::fault::{Fault, Message, Refusal, one_of, shown_json};
use crate::identity::{ActorKind, CorrelationId, EventId, Source, Subject};
use crate::record::explain_data;
use crate::schema::{SchemaForm, schema};
use crate::strict;
use crate::text::persons;
use crate::time::{TimePrecision, ValidTime};
use crate::types::{self, Data, EventCorrected, EventType, TypeDeclaration};
use crate::values::Code;

/// Most faults of one line.
const FAULTS_LIMIT: usize = 50;

/// What was found, and where, so that what follows from a fault is not told as another.
#[derive(Default)]
struct FoundFault {
    faults: Vec<Fault>,
    places: BTreeSet<String>,
}

impl FoundFault {
    fn push(&mut self, refusal: Refusal, value: Option<&Value>) {
        if let Some(field) = &refusal.field
            && !self.places.insert(field.clone())
        {
            self.say_required(field, &refusal);
            return;
        }
        if self.faults.len() < FAULTS_LIMIT {
            let value = value.filter(|value| !holds_persons_number(value)).map(shown_json);
            self.faults.push(Fault { value, ..refusal.into_fault() });
        }
    }

    /// Of a field that must be there, `null` or an empty list is not to be left out but to be filled in.
    fn say_required(&mut self, field: &str, refusal: &Refusal) {
        let is_empty = |fault: &&mut Fault| {
            let message = &fault.message;
            fault.field.as_deref() == Some(field)
                && (*message == strict::no_null() || *message == strict::empty_list())
        };
        if refusal.rule == "missing_field"
            && let Some(fault) = self.faults.iter_mut().find(is_empty)
        {
            fault.message = refusal.message.clone();
        }
    }

    fn has(&self, place: &str) -> bool {
        self.places.contains(place)
    }

    /// Whether something is wrong within a place.
    fn has_below(&self, place: &str) -> bool {
        self.places.iter().any(|known| is_below(known, place))
    }
}

/// Whether a place lies within another.
fn is_below(place: &str, above: &str) -> bool {
    place.strip_prefix(above).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// Whether a value in the open holds what no answer may keep: what looks like the number of a person.
fn holds_persons_number(value: &Value) -> bool {
    match value {
        Value::String(text) => persons::find(text).is_some(),
        Value::Array(list) => list.iter().any(holds_persons_number),
        Value::Object(object) => object.values().any(holds_persons_number),
        _ => false,
    }
}

/// The refusal with all faults of a line; `first` is what reading stopped at.
pub(super) fn all(json: &[u8], defaults: &Defaults, first: Refusal) -> Refusal {
    if json.len() > RECORD_LIMIT_BYTES {
        return Refusal::of_faults(vec![first.clone().into_fault()]).unwrap_or(first);
    }
    let mut found = FoundFault::default();
    if let Ok((mut object, not_strict)) = strict::gather(json) {
        for mut fault in not_strict {
            found.places.extend(fault.field.clone());
            if is_sealed(&object, fault.field.as_deref()) {
                fault.message = unsealed_number(&fault);
                fault.value = None;
            } else if let Some(message) = number_as_text(&object, &fault) {
                fault.message = message;
            } else if fault
                .value
                .as_ref()
                .is_some_and(|value| value.starts_with('"') && persons::find(value).is_some())
            {
                fault.value = None;
            }
            found.faults.push(fault);
        }
        drop_null(&mut object);
        attributes(&mut object, defaults, &mut found);
        facts(&mut object, &mut found);
    }
    let is_told = |fault: &Fault| match (&fault.field, &first.field) {
        (Some(told), Some(place)) => {
            let is_finer = is_below(told, place) && fault.message == first.message;
            told == place || is_below(place, told) || is_finer
        }
        (told, place) => told == place,
    };
    if !found.faults.iter().any(is_told) {
        found.faults.insert(0, first.clone().into_fault());
    }
    Refusal::of_faults(found.faults).unwrap_or(first)
}

/// Whether a place is that of a sealed field, as far as the type says.
fn is_sealed(object: &Map<String, Value>, place: Option<&str>) -> bool {
    let name_of = |object: &Map<String, Value>| object.get("type").and_then(Value::as_str).map(str::to_owned);
    let sealed = |type_name: Option<String>, field: &str| {
        let declaration = type_name.and_then(|name| types::declaration(&name));
        declaration.is_some_and(|declaration| declaration.sealed.iter().any(|known| known.name == field))
    };
    let Some(field) = place.and_then(|place| place.strip_prefix("data.")) else { return false };
    match field.strip_prefix("data.") {
        Some(field) => sealed(object.get("data").and_then(Value::as_object).and_then(name_of), field),
        None => sealed(name_of(object), field),
    }
}

/// A number with a point where the type wants text, such as an area code without its quotes.
fn number_as_text(object: &Map<String, Value>, fault: &Fault) -> Option<Message> {
    let declaration = types::declaration(object.get("type")?.as_str()?)?;
    let field = fault.field.as_deref()?.strip_prefix("data.")?;
    let value: Value = serde_json::from_str(fault.value.as_deref()?).ok()?;
    let steps: Vec<PathStep> = field.split('.').map(|key| PathStep::Key(key.to_owned())).collect();
    let whole = schema(declaration, SchemaForm::Proposal);
    let node = node(&whole, &steps)?;
    if !value.is_number() || node.get("type")? != "string" {
        return None;
    }
    let value = shown_json(&value);
    Some(Message::new(
        format!("{value} harus ditulis sebagai teks di antara tanda kutip, seperti \"{value}\""),
        format!("{value} must be written as text in quotes, like \"{value}\""),
    ))
}

/// A sealed number that is no whole one, without the number.
fn unsealed_number(fault: &Fault) -> Message {
    if fault.message.en.ends_with("without .0") {
        return Message::new(
            "angka ditulis dengan titik atau pangkat; tulis tanpa .0 di belakangnya",
            "the number is written with a point or an exponent; write it without .0 at its end",
        );
    }
    if fault.message.en.starts_with("number ") {
        return Message::new(
            "angka pecahan atau terlalu besar; tulis bilangan bulat di bawah 9007199254740992",
            "the number is a fraction or too large; write a whole number below 9007199254740992",
        );
    }
    fault.message.without_quotes()
}

/// Takes out what the strict reading marked.
fn drop_null(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
    object.values_mut().for_each(drop_null_within);
}

fn drop_null_within(value: &mut Value) {
    match value {
        Value::Object(object) => drop_null(object),
        // Places within a list keep their numbers: a list with a fault is left out as a whole by its reader.
        Value::Array(list) => list.iter_mut().for_each(drop_null_within),
        _ => {}
    }
}

fn attributes(object: &mut Map<String, Value>, defaults: &Defaults, found: &mut FoundFault) {
    if object.contains_key("recordedtime") {
        found.push(super::recordedtime_given(), None);
    }
    let unknown: Vec<String> = object
        .keys()
        .filter(|key| !ATTRIBUTES.contains(&key.as_str()) && *key != "recordedtime")
        .cloned()
        .collect();
    for name in unknown {
        found.push(super::unknown_attribute(&name), None);
    }
    for (name, expected) in
        [("specversion", crate::record::SPEC_VERSION), ("datacontenttype", crate::record::DATA_CONTENT_TYPE)]
    {
        let given = object.get(name).cloned();
        if let Err(refusal) = super::fixed(object, name, expected) {
            found.push(refusal, given.as_ref());
        }
    }
    read::<EventId>(object, "id", true, found);
    read::<Subject>(object, "subject", true, found);
    let source = read::<Source>(object, "source", false, found);
    let precision = read::<TimePrecision>(object, "timeprecision", false, found);
    read::<ActorKind>(object, "authtype", false, found);
    read::<Code>(object, "authid", false, found);
    read::<CorrelationId>(object, "correlationid", false, found);
    read::<CorrelationId>(object, "causationid", false, found);
    read::<u64>(object, "expectedrevision", false, found);
    let area = source.unwrap_or_else(|| defaults.source.clone()).area;
    let given = object.get("time").cloned();
    if let Some(time) = read::<String>(object, "time", true, found)
        && !found.has("timeprecision")
        && !found.has("source")
        && let Err(message) = ValidTime::parse(&time, precision.unwrap_or(TimePrecision::Day), area)
    {
        found.push(Refusal::of("malformed_field", message).at("time"), given.as_ref());
    }
}

/// One attribute, where it is good.
fn read<T: for<'de> serde::Deserialize<'de>>(
    object: &mut Map<String, Value>,
    name: &'static str,
    is_required: bool,
    found: &mut FoundFault,
) -> Option<T> {
    let given = object.get(name).cloned();
    match optional(object, name) {
        Ok(None) if is_required => {
            found.push(missing(name), None);
            None
        }
        Ok(value) => value,
        Err(mut refusal) => {
            // The attributes are those of any type; of a text, its reader says what is wrong.
            let no_text = given.as_ref().filter(|value| !value.is_string());
            if let Some((value, declaration)) = no_text.zip(types::TYPES.first()) {
                let whole = schema(declaration, SchemaForm::Proposal);
                let node = whole.get("properties").and_then(|attributes| attributes.get(name));
                if let Some(message) = better(value, node, &whole) {
                    refusal.message = message;
                }
            }
            found.push(refusal, given.as_ref());
            None
        }
    }
}

fn facts(object: &mut Map<String, Value>, found: &mut FoundFault) {
    let declaration = match object.remove("type") {
        None => {
            found.push(missing("type"), None);
            None
        }
        Some(Value::String(name)) => {
            let known = types::declaration(&name);
            if known.is_none() {
                let refusal = Refusal::of("unknown_type", types::unknown_type(&name)).at("type");
                found.push(refusal, Some(&Value::String(name)));
            }
            known
        }
        Some(other) => {
            let message = Message::new("harus teks di antara tanda kutip", "must be text in quotes");
            found.push(Refusal::of("malformed_field", message).at("type"), Some(&other));
            None
        }
    };
    match object.remove("data") {
        Some(Value::Object(facts)) => {
            if let Some(declaration) = declaration {
                facts_of(declaration, facts, "data", true, found);
            }
        }
        None => found.push(missing("data"), None),
        Some(other) => found.push(super::no_object("data"), Some(&other)),
    }
}

/// The facts of one type at a place. `is_complete` says whether required sealed fields must be given.
fn facts_of(
    declaration: &'static TypeDeclaration,
    mut facts: Map<String, Value>,
    place: &str,
    is_complete: bool,
    found: &mut FoundFault,
) {
    for name in declaration.derived.iter().chain(&["sealed"]) {
        if facts.remove(*name).is_some() {
            found.push(super::set_by_registry(name).at(format!("{place}.{name}")), None);
        }
    }
    for field in declaration.sealed {
        let at = format!("{place}.{}", field.name);
        match facts.remove(field.name) {
            Some(value) => {
                if let Err(error) = (field.check)(&value) {
                    found.push(super::wrong_sealed(&error).at(at), None);
                }
            }
            None if field.required && is_complete => found.push(missing(&at), None),
            None => {}
        }
    }
    if declaration.name == <EventCorrected as EventType>::DECLARATION.name {
        replacement(&mut facts, place, found);
    }
    open_facts(declaration, facts, place, found);
}

/// The facts that a correction brings.
fn replacement(facts: &mut Map<String, Value>, place: &str, found: &mut FoundFault) {
    let Some(name) = facts.get("type").and_then(Value::as_str) else { return };
    let Some(inner) = types::declaration(name) else {
        let refusal = Refusal::of("unknown_type", types::unknown_type(name));
        found.push(refusal.at(format!("{place}.type")), facts.get("type"));
        return;
    };
    let precision = facts.get("timeprecision").and_then(|given| TimePrecision::deserialize(given).ok());
    if let Some((time, precision)) = facts.get("time").and_then(Value::as_str).zip(precision)
        && let Err(message) = types::corrected_time(time, precision)
    {
        found.push(Refusal::of("malformed_field", message).at(format!("{place}.time")), facts.get("time"));
        facts.remove("time");
    }
    let within = format!("{place}.data");
    match facts.get("data") {
        Some(Value::Object(replacing)) => {
            facts_of(inner, replacing.clone(), &within, false, found);
            if found.has_below(&within) {
                found.places.insert(within);
                facts.remove("data");
            }
        }
        Some(other) => {
            found.push(super::no_object(&within), Some(other));
            facts.remove("data");
        }
        None => {}
    }
}

/// The open fields: read, the fault taken out, read again.
fn open_facts(declaration: &TypeDeclaration, facts: Map<String, Value>, place: &str, found: &mut FoundFault) {
    let whole = schema(declaration, SchemaForm::Proposal);
    let mut facts = Value::Object(facts);
    let mut left_out = LeftOut::default();
    for steps in lists_for_objects(&facts, &whole) {
        let at = left_out.joined(place, &steps);
        let value = at_steps(&facts, &steps).cloned();
        if let Some(message) = value.as_ref().and_then(|value| better(value, node(&whole, &steps), &whole)) {
            found.push(Refusal::of("malformed_field", message).at(at), value.as_ref());
        }
        left_out.take_out(&mut facts, place, &steps, found);
    }
    for _ in 0..FAULTS_LIMIT {
        let json = facts.to_string();
        let Some(Err(error)) = Data::from_json(declaration.name, &json) else { return };
        let steps = steps(error.path());
        let text = error.inner().to_string();
        if text.starts_with("missing field `") {
            let at = left_out.joined(place, &steps);
            // Required sealed fields were asked for before, and are not here any more.
            let is_sealed =
                |name: &str| steps.is_empty() && declaration.sealed.iter().any(|field| field.name == name);
            for name in required(node(&whole, &steps)) {
                let is_there = at_steps(&facts, &steps).is_some_and(|value| value.get(name).is_some());
                if !is_there && !is_sealed(name) {
                    found.push(missing(&format!("{at}.{name}")), None);
                }
            }
            if !left_out.take_out(&mut facts, place, &steps, found) {
                return;
            }
            continue;
        }
        let crate::record::RecordError(refusal) = explain_data(declaration.name, &json);
        let at = left_out.joined(place, &steps);
        let value = at_steps(&facts, &steps).cloned();
        let is_unknown = text.starts_with("unknown field `");
        let node = node(&whole, &steps);
        let message = match &value {
            Some(value) if !is_unknown => better(value, node, &whole).unwrap_or(refusal.message),
            _ => refusal.message,
        };
        // A correction whose facts are of an unknown type cannot be read, and that was said.
        if !(steps.is_empty() && found.has(&format!("{at}.type"))) {
            found.push(Refusal::of(refusal.rule, message).at(at), value.as_ref().filter(|_| !is_unknown));
        }
        if !left_out.take_out(&mut facts, place, &steps, found) {
            return;
        }
    }
}

/// Where something stands: keys, and numbers within lists.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PathStep {
    Key(String),
    Position(usize),
}

fn steps(path: &serde_path_to_error::Path) -> Vec<PathStep> {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(PathStep::Position(*index)),
            Segment::Map { key } => Some(PathStep::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Elements that were taken out of lists, by the place of the list: the others keep the numbers they were given with.
#[derive(Default)]
struct LeftOut(BTreeMap<String, BTreeSet<usize>>);

impl LeftOut {
    /// A place as the proposer counts.
    fn joined(&self, place: &str, steps: &[PathStep]) -> String {
        steps.iter().fold(place.to_owned(), |place, step| match step {
            PathStep::Key(key) => format!("{place}.{key}"),
            PathStep::Position(position) => {
                let before = self.0.get(&place).into_iter().flatten();
                let given = before.fold(*position, |given, taken| given + usize::from(*taken <= given));
                format!("{place}[{given}]")
            }
        })
    }

    /// Takes out what stands at a place, and notes that something stood there. `false` when nothing does.
    fn take_out(
        &mut self,
        facts: &mut Value,
        place: &str,
        steps: &[PathStep],
        found: &mut FoundFault,
    ) -> bool {
        let Some((last, above)) = steps.split_last() else { return false };
        let at = self.joined(place, steps);
        found.places.insert(at.clone());
        let parent = above.iter().try_fold(&mut *facts, |value, step| match step {
            PathStep::Key(key) => value.get_mut(key),
            PathStep::Position(position) => value.get_mut(*position),
        });
        let mut is_empty = false;
        let is_out = match (parent, last) {
            (Some(Value::Object(object)), PathStep::Key(key)) => object.remove(key).is_some(),
            (Some(Value::Array(list)), PathStep::Position(position)) if *position < list.len() => {
                let given =
                    at.rsplit_once('[').and_then(|(_, number)| number.strip_suffix(']')?.parse().ok());
                list.remove(*position);
                is_empty = list.is_empty();
                self.0.entry(self.joined(place, above)).or_default().extend::<Option<usize>>(given);
                true
            }
            _ => false,
        };
        // That a list has nothing left is no fault of the proposer's.
        if is_empty { self.take_out(facts, place, above, found) } else { is_out }
    }
}

fn at_steps<'v>(value: &'v Value, steps: &[PathStep]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.get(key),
        PathStep::Position(position) => value.get(position),
    })
}

/// Where a list stands in place of an object, the last first: the reader takes its values for the fields in their
/// order, and what it says of them misleads.
fn lists_for_objects(facts: &Value, whole: &Value) -> Vec<Vec<PathStep>> {
    fn look(value: &Value, steps: &mut Vec<PathStep>, whole: &Value, found: &mut Vec<Vec<PathStep>>) {
        let is_object = node(whole, steps).and_then(|node| node.get("type")).is_some_and(|is| is == "object");
        if is_object && value.is_array() {
            found.push(steps.clone());
            return;
        }
        let below: Vec<(PathStep, &Value)> = match value {
            Value::Object(object) => {
                object.iter().map(|(key, value)| (PathStep::Key(key.clone()), value)).collect()
            }
            Value::Array(list) => list
                .iter()
                .enumerate()
                .map(|(position, value)| (PathStep::Position(position), value))
                .collect(),
            _ => return,
        };
        for (step, value) in below {
            steps.push(step);
            look(value, steps, whole, found);
            steps.pop();
        }
    }
    let mut found = Vec::new();
    look(facts, &mut Vec::new(), whole, &mut found);
    found.reverse();
    found
}

/// A schema without its references.
fn resolved<'s>(mut node: &'s Value, whole: &'s Value) -> &'s Value {
    while let Some(name) =
        node.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"))
    {
        match whole.get("$defs").and_then(|definitions| definitions.get(name)) {
            Some(definition) => node = definition,
            None => return node,
        }
    }
    node
}

/// The schema of the facts at a place.
fn node<'s>(whole: &'s Value, steps: &[PathStep]) -> Option<&'s Value> {
    let facts = resolved(whole.get("properties")?.get("data")?, whole);
    steps.iter().try_fold(facts, |node, step| {
        let below = match step {
            PathStep::Key(key) => node.get("properties")?.get(key)?,
            PathStep::Position(_) => node.get("items")?,
        };
        Some(resolved(below, whole))
    })
}

fn required(node: Option<&Value>) -> Vec<&str> {
    let names = node.and_then(|node| node.get("required")).and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What the schema says better than the reader: the words of a closed list, and the fields of an object.
fn better(value: &Value, node: Option<&Value>, whole: &Value) -> Option<Message> {
    if let Some(words) = words_of(node, whole) {
        return Some(one_of(&shown_json(value), &words));
    }
    let node = node?;
    if !value.is_object() && node.get("type")? == "object" {
        let names: Vec<&str> = node.get("properties")?.as_object()?.keys().map(String::as_str).collect();
        let (value, names) = (shown_json(value), names.join(", "));
        return Some(Message::new(
            format!("{value} tidak dapat dipakai di sini; tulis objek {{...}} dengan kolom {names}"),
            format!("{value} will not do here; write an object {{...}} with the fields {names}"),
        ));
    }
    None
}

/// The words of a closed list.
fn words_of<'s>(node: Option<&'s Value>, whole: &'s Value) -> Option<Vec<&'s str>> {
    let node = resolved(node?, whole);
    if let Some(words) = node.get("enum").and_then(Value::as_array) {
        return words.iter().map(Value::as_str).collect();
    }
    node.get("oneOf")?.as_array()?.iter().map(|one| one.get("const")?.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Proposal;
    use super::*;
    use crate::identity::Actor;

    fn told(data: &str) -> Vec<(String, Option<String>, String)> {
        let defaults = Defaults {
            source: Source::parse("urn:jejak:33.75:dinas").unwrap(),
            actor: Actor { kind: ActorKind::Unknown, id: None },
        };
        let json = format!(
            r#"{{"id":"01930a5d-ac96-774b-bcce-b302099a8003","subject":"ikm/c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5",
            "time":"2024-01-10T00:00:00+07:00",{data}}}"#
        );
        let refusal = Proposal::parse(json.as_bytes(), &defaults).unwrap_err();
        let first = &refusal.faults[0];
        assert_eq!(
            (first.rule, &first.field, &first.message),
            (refusal.rule, &refusal.field, &refusal.message)
        );
        let told = |fault: &Fault| {
            (fault.field.clone().unwrap_or_default(), fault.value.clone(), fault.message.en.clone())
        };
        refusal.faults.iter().map(told).collect()
    }

    fn fault(field: &str, value: Option<&str>, en: &str) -> (String, Option<String>, String) {
        (field.to_owned(), value.map(str::to_owned), en.to_owned())
    }

    #[test]
    fn all_faults_of_a_line_are_told_at_once() {
        let data = r#""type":"id.jejak.training.attended.v1","timeprecision":"hari",
            "data":{"program":5,"day":"2024-02-30","status":"hadir","minutes":60.0,"lain":1}"#;
        let uuid = "write a lower-case UUID in quotes, such as \"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5\"";
        assert_eq!(
            told(data),
            [
                fault(
                    "data.minutes",
                    Some("60.0"),
                    "number 60.0 is written with a point or an exponent; write 60 without .0"
                ),
                fault(
                    "timeprecision",
                    Some("\"hari\""),
                    "`hari` is not known here; write one of: day, instant, month, year"
                ),
                fault(
                    "data.day",
                    Some("\"2024-02-30\""),
                    "date \"2024-02-30\" does not exist in the calendar"
                ),
                fault(
                    "data.lain",
                    None,
                    "this field is not known; known are day, evidence, imported_from, minutes, person, program, session, status"
                ),
                fault("data.program", Some("5"), &format!("the number `5` will not do here; {uuid}")),
                fault(
                    "data.status",
                    Some("\"hadir\""),
                    "\"hadir\" is not known here; write one of: present, excused, absent"
                ),
                fault("data.session", None, "this field is required"),
            ]
        );
    }

    #[test]
    fn places_within_lists_are_the_proposers() {
        let data = r#""type":"id.jejak.enrolment.made.v1","data":{"program":"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5",
            "persons":["a","c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5","b"]}"#;
        let fields: Vec<_> = told(data).into_iter().map(|(field, ..)| field).collect();
        assert_eq!(fields, ["data.persons[0]", "data.persons[2]"]);
    }

    /// Sealed values come back in no answer, whatever is wrong with them or beside them.
    #[test]
    fn sealed_values_are_not_told() {
        for value in ["50000000.0", "0.5", "\"50000000\"", "-50000000", "[50000000]", "9e30"] {
            let data = format!(
                r#""type":"id.jejak.ikm.registered.v1","data":{{"area":33.75,"commodity":"batik","kbli":"13134",
                "sole_proprietor":false,"name":"Batik","investment":{value}}}"#
            );
            let told = told(&data);
            let fields: Vec<_> = told.iter().map(|(field, ..)| field.as_str()).collect();
            assert!(fields.contains(&"data.investment") && fields.contains(&"data.area"), "{fields:?}");
            assert_eq!(fields.len(), 3, "{fields:?}");
            for (field, value, message) in told.iter().filter(|(field, ..)| field == "data.investment") {
                assert_eq!(value, &None, "{field}");
                assert!(!message.contains("50000000") && !message.contains("0.5"), "{message}");
            }
        }
    }
}
