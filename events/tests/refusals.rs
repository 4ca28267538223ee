//! What is said of proposals and records of a wrong form: each row of `refusals.json` is a proposal, a record, or a line
//! that is neither, and all that is wrong with it, in both languages.
//!
//! After a wanted change: `JEJAK_BLESS=1 cargo test -p jejak-events --test refusals`; then read the difference.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Proposal};
use jejak_events::record::Event;
use serde_json::{Map, Value, json};

/// The line of a row: `line` as it stands, `bytes` in hexadecimal, or the proposal of a golden file, `of`, with some
/// places set anew; with `record`, its record. `repeat` says how often the line is written.
fn line(row: &Map<String, Value>) -> Vec<u8> {
    if let Some(line) = row.get("line") {
        let times = row.get("repeat").map_or(1, |times| times.as_u64().unwrap() as usize);
        return line.as_str().unwrap().repeat(times).into_bytes();
    }
    if let Some(bytes) = row.get("bytes") {
        let digits = bytes.as_str().unwrap().as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        return digits.chunks(2).map(byte).collect();
    }
    let golden = format!("golden/{}.json", row["of"].as_str().unwrap());
    let golden = std::fs::read(support::crate_dir().join(golden)).unwrap();
    let mut golden = serde_json::from_slice::<Value>(&golden).unwrap();
    let mut proposal = golden["proposal"].take();
    if is_record(row) {
        proposal = serde_json::from_str(golden["record"].as_str().unwrap()).unwrap();
    }
    for (path, value) in row["set"].as_object().unwrap() {
        let (above, last) = path.rsplit_once('/').unwrap();
        let place = proposal.pointer_mut(above).unwrap();
        match place {
            Value::Array(list) => list[last.parse::<usize>().unwrap()] = value.clone(),
            place => place[last] = value.clone(),
        }
    }
    proposal.to_string().into_bytes()
}

fn is_record(row: &Map<String, Value>) -> bool {
    row.get("record").is_some_and(|is| *is == true)
}

/// What is said of a record.
fn told_of_record(line: &[u8]) -> Value {
    let error = Event::parse(line).unwrap_err();
    assert_eq!(error.to_string(), format!("not a record: {}", error.0));
    let mut said = json!({"rule": error.0.rule, "id": error.0.message.id, "en": error.0.message.en});
    if let Some(field) = &error.0.field {
        said["field"] = json!(field);
    }
    json!([said])
}

/// What is said of a proposal.
fn told(line: &[u8]) -> Value {
    let defaults = Defaults {
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        actor: Actor { kind: ActorKind::Unknown, id: None },
    };
    let refusal = Proposal::parse(line, &defaults).unwrap_err();
    assert!(!refusal.faults.is_empty(), "{refusal}");
    let fault = |fault: &jejak_events::fault::Fault| {
        let mut said = json!({"rule": fault.rule, "id": fault.message.id, "en": fault.message.en});
        if let Some(field) = &fault.field {
            said["field"] = json!(field);
        }
        said
    };
    refusal.faults.iter().map(fault).collect()
}

#[test]
fn each_wrong_proposal_is_refused_in_these_words() {
    let path = support::crate_dir().join("tests/refusals.json");
    let written = std::fs::read_to_string(&path).unwrap();
    let mut rows: Vec<Map<String, Value>> = serde_json::from_str(&written).unwrap();
    for row in &mut rows {
        let line = line(row);
        let said = if is_record(row) { told_of_record(&line) } else { told(&line) };
        row.insert("refused".to_owned(), said);
    }
    let rows: Vec<String> = rows.iter().map(|row| format!("  {}", Value::from(row.clone()))).collect();
    support::check_file(&path, &format!("[\n{}\n]\n", rows.join(",\n")));
}

/// The places of the objects within a value, as JSON pointers.
fn objects(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            found.push(place.to_owned());
            object.iter().for_each(|(key, value)| objects(value, &format!("{place}/{key}"), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| objects(value, &format!("{place}/{at}"), found));
        }
        _ => {}
    }
}

/// Serde takes a list for an object where the values come in the order of its fields.
#[test]
fn no_object_can_be_given_as_a_list() {
    let defaults = Defaults {
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        actor: Actor { kind: ActorKind::Unknown, id: None },
    };
    let (mut tried, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(support::crate_dir().join("golden")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|is| is != "json") {
            continue;
        }
        let mut golden: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let proposal = golden["proposal"].take();
        let mut places = Vec::new();
        objects(&proposal, "", &mut places);
        for place in places.into_iter().filter(|place| !place.is_empty()) {
            let mut given = proposal.clone();
            let object = given.pointer_mut(&place).unwrap();
            *object = object.as_object().unwrap().values().cloned().collect();
            tried += 1;
            if Proposal::parse(given.to_string().as_bytes(), &defaults).is_ok() {
                wrong.push(format!("{}: {place}", path.display()));
            }
        }
    }
    assert!(tried > 200, "only {tried} objects stand in the golden proposals");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
