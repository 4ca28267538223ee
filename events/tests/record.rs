//! A proposal becomes a record and back; the oracle for the canonical form is a library.

#![allow(clippy::unwrap_used, reason = "a test")]

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Proposal, comparable};
use jejak_events::record::Event;
use jejak_events::sealed::{Digest, Group, decode_disclosure};
use jejak_events::time::RecordedTime;
use serde_json::{Value, json};

fn defaults() -> Defaults {
    Defaults {
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        actor: Actor { kind: ActorKind::Unknown, id: None },
    }
}

fn ikm() -> Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "type": "id.jejak.ikm.registered.v1",
        "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
        "time": "2021-03-01T00:00:00+07:00",
        "data": {
            "area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
            "sole_proprietor": true, "name": "Batik Melati", "workers": 7, "nib": "9120304050607"
        }
    })
}

fn parse(value: &Value) -> Result<Proposal, Refusal> {
    Proposal::parse(value.to_string().as_bytes(), &defaults())
}

fn record(value: &Value) -> (Event, Vec<(Group, Vec<String>)>) {
    let mut counter = 0u8;
    let salt = || {
        counter += 1;
        Ok::<_, std::convert::Infallible>([counter; 16])
    };
    let (draft, disclosures) = parse(value).unwrap().seal(salt).unwrap();
    (Event { recorded: RecordedTime::parse("2021-03-02T01:02:03.004Z").unwrap(), draft }, disclosures)
}

#[test]
fn bytes_are_canonical_and_parse_back() {
    let (event, _) = record(&ikm());
    let bytes = event.encode();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes);
    assert_eq!(Event::parse(&bytes).unwrap(), event);
}

#[test]
fn sealed_values_leave_only_digests() {
    let (event, disclosures) = record(&ikm());
    let text = String::from_utf8(event.encode()).unwrap();
    assert!(!text.contains("Melati") && !text.contains("9120304050607") && !text.contains("workers\":7"));
    let sealed = event.draft.data.sealed().unwrap();
    assert_eq!(sealed.has.as_ref().unwrap().to_vec(), ["workers"]);
    assert_eq!((sealed.group(Group::Personal).len(), sealed.group(Group::Confidential).len()), (3, 2));
    for (group, disclosures) in disclosures {
        for disclosure in disclosures {
            assert!(sealed.group(group).contains(&Digest::of(&disclosure)));
            let (name, value) = decode_disclosure(&disclosure).unwrap();
            assert_eq!(value.is_null(), !["name", "nib", "workers"].contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn comparison_ignores_what_is_sealed_or_derived() {
    let (event, _) = record(&ikm());
    assert_eq!(comparable(&event.draft.data), comparable(&parse(&ikm()).unwrap().draft.data));
}

/// Each wrong proposal with the rule and the field that must be named.
#[test]
fn wrong_proposals_are_refused_by_name() {
    type Case = (&'static str, Box<dyn Fn(&mut Value)>, &'static str);
    let cases: Vec<Case> = vec![
        ("malformed_field", Box::new(|p| p["time"] = json!("2021-02-31T00:00:00+07:00")), "time"),
        ("malformed_field", Box::new(|p| p["data"]["area"] = json!("99.99")), "data.area"),
        ("malformed_field", Box::new(|p| p["data"]["nib"] = json!(9_120_304_050_607_u64)), "data.nib"),
        ("malformed_field", Box::new(|p| p["data"]["kbli"]["code"] = json!("131")), "data.kbli.code"),
        ("unknown_field", Box::new(|p| p["data"]["colour"] = json!("red")), "data.colour"),
        ("missing_field", Box::new(|p| drop(p["data"].as_object_mut().unwrap().remove("area"))), "data.area"),
        (
            "missing_field",
            Box::new(|p| drop(p["data"]["kbli"].as_object_mut().unwrap().remove("year"))),
            "data.kbli.year",
        ),
        ("malformed_field", Box::new(|p| p["data"]["name"] = json!("Siti Aminah ")), "data.name"),
        ("malformed_field", Box::new(|p| p["id"] = json!("01890a5d-ac96-474b-bcce-b302099a8057")), "id"),
        ("missing_field", Box::new(|p| drop(p["data"].as_object_mut().unwrap().remove("name"))), "data.name"),
        ("missing_field", Box::new(|p| drop(p.as_object_mut().unwrap().remove("id"))), "id"),
        ("not_strict", Box::new(|p| p["data"]["workers"] = json!(9_007_199_254_740_992_u64)), "data.workers"),
        ("not_strict", Box::new(|p| p["data"]["workers"] = Value::Null), "data.workers"),
        (
            "set_by_registry",
            Box::new(|p| p["recordedtime"] = json!("2021-03-02T01:02:03.004Z")),
            "recordedtime",
        ),
        ("set_by_registry", Box::new(|p| p["data"]["sealed"] = json!({"has": ["x"]})), "data.sealed"),
        ("set_by_registry", Box::new(|p| p["data"]["scales"] = json!(["x"])), "data.scales"),
        ("unknown_attribute", Box::new(|p| p["colour"] = json!("red")), "colour"),
        ("unknown_type", Box::new(|p| p["type"] = json!("id.jejak.ikm.sold.v1")), "type"),
        ("wrong_stream", Box::new(|p| p["subject"] = json!("registry")), "subject"),
    ];
    for (rule, spoil, field) in cases {
        let mut proposal = ikm();
        spoil(&mut proposal);
        let refusal = parse(&proposal).unwrap_err();
        assert_eq!((refusal.rule, refusal.field.as_deref()), (rule, Some(field)), "{refusal}");
        assert!(!refusal.message.id.is_empty() && refusal.message.id != refusal.message.en);
        // Sealed values come back in no answer.
        let told = format!("{} {}", refusal.message.id, refusal.message.en);
        assert!(!told.contains("Siti") && !told.contains("9120304050607"), "{told}");
    }
    let long = format!("{}{}", ikm(), " ".repeat(70_000));
    assert_eq!(Proposal::parse(long.as_bytes(), &defaults()).unwrap_err().rule, "too_large");
}

/// Records that differ from the canonical bytes in one way each.
#[test]
fn records_that_are_not_canonical_are_refused() {
    let (event, _) = record(&ikm());
    let text = String::from_utf8(event.encode()).unwrap();
    let sealed_at = text.find(",\"sealed\":").unwrap();
    let sealed_end = text.find(",\"sole_proprietor\"").unwrap();
    let spoiled = [
        (text.replacen(':', ": ", 1), "not_canonical"),
        (text.replacen("\"authtype\"", "\"auth\\u0074ype\"", 1), "not_canonical"),
        (
            text.replacen("\"sole_proprietor\":true", "\"sole_proprietor\":true,\"sole_proprietor\":true", 1),
            "not_strict",
        ),
        (
            text.replacen("\"founded\"", "\"x\"", 1).replacen("\"kbli\"", "\"founded\":null,\"kbli\"", 1),
            "not_canonical",
        ),
        (text.replacen("\"1.0\"", "\"1.1\"", 1), "malformed_field"),
        (text.replacen("ikm.registered.v1", "ikm.registered.v9", 1), "unknown_type"),
        (format!("{text}\n"), "not_canonical"),
        (text.replacen("\"has\":[\"workers\"]", "\"has\":[\"name\"]", 1), "wrong_digests"),
        (format!("{}{}", &text[..sealed_at], &text[sealed_end..]), "wrong_digests"),
    ];
    for (bytes, rule) in spoiled {
        let error = Event::parse(bytes.as_bytes()).unwrap_err();
        assert_eq!(error.0.rule, rule, "{bytes}: {error}");
    }
}

/// The replacement's faults are named at their own place.
#[test]
fn a_wrong_replacement_is_refused_at_its_field() {
    let mut proposal = json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058",
        "type": "id.jejak.event.corrected.v1",
        "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
        "time": "2021-04-01T00:00:00+07:00",
        "data": {
            "target": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "typing_error",
            "type": "id.jejak.ikm.registered.v1", "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
            "time": "2021-03-01T00:00:00+07:00", "timeprecision": "day",
            "data": {"area": 33, "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true}
        }
    });
    let refusal = parse(&proposal).unwrap_err();
    assert_eq!(
        (refusal.rule, refusal.field.as_deref()),
        ("malformed_field", Some("data.data.area")),
        "{refusal}"
    );
    proposal["data"]["data"]["area"] = json!("33.75");
    proposal["data"]["data"]["colour"] = json!("red");
    let refusal = parse(&proposal).unwrap_err();
    assert_eq!(
        (refusal.rule, refusal.field.as_deref()),
        ("unknown_field", Some("data.data.colour")),
        "{refusal}"
    );
    assert!(refusal.message.en.contains("workers") && !refusal.message.en.contains("scales"), "{refusal}");
}

#[test]
fn a_correction_carries_its_replacement() {
    let proposal = json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058",
        "type": "id.jejak.event.corrected.v1",
        "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
        "time": "2021-04-01T00:00:00+07:00",
        "data": {
            "target": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "typing_error",
            "type": "id.jejak.ikm.registered.v1", "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
            "time": "2021-03-01T00:00:00+07:00", "timeprecision": "day",
            "data": {"area": "33.26", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true, "workers": 9}
        }
    });
    let (event, disclosures) = record(&proposal);
    let bytes = event.encode();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes);
    assert_eq!(Event::parse(&bytes).unwrap(), event);
    assert_eq!(value["data"]["data"]["sealed"]["has"], json!(["workers"]));
    assert_eq!(disclosures.iter().map(|(_, of_group)| of_group.len()).sum::<usize>(), 5);
}

/// An importer says of every event where it found it, of a correction too: beside what it says of the
/// replacement, and no part of what makes it the same event.
#[test]
fn a_correction_says_where_it_was_imported_from() {
    let from = |row: u32| json!({"file": "ab".repeat(32), "row": row, "sheet": 1});
    let mut proposal = json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058",
        "type": "id.jejak.event.corrected.v1",
        "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
        "time": "2021-04-01T00:00:00+07:00",
        "data": {
            "target": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "typing_error", "imported_from": from(7),
            "type": "id.jejak.training.attended.v1", "subject": "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
            "time": "2021-03-01T00:00:00+07:00", "timeprecision": "day",
            "data": {"program": "01890a5d-ac96-774b-bcce-00000000aaaa", "session": "01890a5d-ac96-774b-bcce-00000000bbbb",
                "day": "2021-03-01", "status": "present", "imported_from": from(3)}
        }
    });
    let (event, _) = record(&proposal);
    let bytes = event.encode();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes);
    assert_eq!(Event::parse(&bytes).unwrap(), event);
    let data = &value["data"];
    assert_eq!((&data["imported_from"], &data["data"]["imported_from"]), (&from(7), &from(3)));
    proposal["data"]["imported_from"] = from(8);
    let elsewhere = record(&proposal).0;
    assert_eq!(comparable(&event.draft.data), comparable(&elsewhere.draft.data));
    proposal["data"]["imported_from"]["row"] = json!("8");
    let refusal = parse(&proposal).unwrap_err();
    assert_eq!(
        (refusal.rule, refusal.field.as_deref()),
        ("malformed_field", Some("data.imported_from.row")),
        "{refusal}"
    );
}

/// Where a field's type is any string the rules of all text still hold.
#[test]
fn text_that_is_not_composed_is_refused_in_a_record() {
    let mut proposal = ikm();
    proposal["data"]["evidence"] = json!([{"media_type": "image/jpeg", "sha256": "0".repeat(64)}]);
    let text = String::from_utf8(record(&proposal).0.encode()).unwrap();
    let with = |media_type: &str| Event::parse(text.replace("image/jpeg", media_type).as_bytes());
    assert!(with("image/png").is_ok());
    assert_eq!(with("image/\u{e9}").unwrap_err().0.rule, "malformed_field");
    let refusal = with("image/e\u{301}").unwrap_err().0;
    assert_eq!((refusal.rule, refusal.field.as_deref()), ("not_strict", Some("data.evidence[0].media_type")));
}
