//! Proposals for tests, numbered so that every id is its own.

use serde_json::{Value, json};

/// An event id, different for each number.
pub fn event_id(number: u64) -> String {
    format!("0197f2c1-5b6d-7e8f-9a0b-{number:012x}")
}

/// An IKM id, different for each number.
pub fn ikm(number: u64) -> String {
    format!("7f2c1a34-5b6d-4e8f-9a0b-{number:012x}")
}

pub fn event(number: u64, kind: &str, subject: &str, day: &str, data: Value) -> Value {
    json!({
        "id": event_id(number),
        "type": format!("id.jejak.{kind}.v1"),
        "subject": subject,
        "time": format!("{day}T00:00:00+07:00"),
        "timeprecision": "day",
        "data": data,
    })
}

/// An IKM in Kota Pekalongan enters the register.
pub fn registered(number: u64) -> Value {
    event(
        number,
        "ikm.registered",
        &format!("ikm/{}", ikm(number)),
        "2025-03-03",
        json!({
            "area": "33.75",
            "commodity": "batik",
            "kbli": {"code": "13134", "year": 2020},
            "sole_proprietor": false,
            "name": format!("Batik Nomor {number}"),
            // Each has one of its own: a number of another is noticed, and that is noted.
            "nib": format!("1234567890{:03}", (122 + number) % 1000),
            "workers": 7,
        }),
    )
}

/// A person enters the register.
pub fn person(number: u64) -> Value {
    event(
        number,
        "person.registered",
        &format!("person/{}", ikm(number)),
        "2025-03-03",
        json!({
            "name": format!("Orang Nomor {number}"),
        }),
    )
}

/// A registration is replaced by one in Kota Semarang.
pub fn moved(number: u64, original: u64) -> Value {
    let original_event = registered(original);
    let mut data = original_event["data"].clone();
    data["area"] = json!("33.74");
    event(
        number,
        "event.corrected",
        original_event["subject"].as_str().unwrap(),
        "2025-03-10",
        json!({
            "target": event_id(original),
            "reason": "wrong_area",
            "type": original_event["type"],
            "subject": original_event["subject"],
            "time": original_event["time"],
            "timeprecision": "day",
            "data": data,
        }),
    )
}

/// An event is taken back.
pub fn retracted(number: u64, target: u64, subject: &str) -> Value {
    event(
        number,
        "event.retracted",
        subject,
        "2025-03-11",
        json!({
            "target": event_id(target),
            "reason": "recorded_twice",
        }),
    )
}

/// One line each.
pub fn lines(proposals: impl IntoIterator<Item = Value>) -> String {
    proposals.into_iter().map(|proposal| format!("{proposal}\n")).collect()
}
