//! What the writers send: a fixed sequence of operations for each of them, so that a witness line with
//! thread and number is enough to know every byte of what was proposed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jejak::environment::{Environment, ManualClock, SeededRandomness};
use jejak::log::LogSettings;
use jejak::registry::{InitReport, Options};
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Proposal};
use jejak_events::time::RecordedTime;
use serde_json::{Map, Value, json};

const SOURCE: &str = "urn:jejak:33.75:dinperinaker";
/// Origin of the checkpoints of every registry here.
pub const ORIGIN: &str = "jejak.example/harness";

/// Proposals that are sent in one call.
#[derive(Clone, Debug)]
pub struct Operation {
    /// As JSON, each with its own id.
    pub values: Vec<Value>,
    /// All or none.
    pub atomic: bool,
}

/// Options of a registry in `dir`: small segments, so that they roll and can be compressed; a clock
/// that stands still; randomness that differs from `seed` to `seed`.
pub fn options(dir: &Path, seed: u64) -> Options {
    let mut options = Options::in_directory(dir);
    let clock = ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap());
    options.environment =
        Environment { clock: Arc::new(clock), randomness: Arc::new(SeededRandomness::new(seed)) };
    options.log =
        LogSettings { segment_bytes: 64 << 10, free_floor_bytes: 1 << 20, ..LogSettings::default() };
    options.anchor_interval = Some(Duration::from_millis(30));
    options
}

/// What event 0 of every registry here says.
pub fn about(dir: &Path) -> InitReport {
    let mut recovery = dir.as_os_str().to_owned();
    recovery.push(".recovery");
    InitReport {
        origin: jejak_events::values::Origin::parse(ORIGIN).unwrap(),
        source: Source::parse(SOURCE).unwrap(),
        synthetic: true,
        recovery_file: recovery.into(),
    }
}

/// Reads a value of an [`Operation`] as the registry does.
pub fn proposal(value: &Value) -> Proposal {
    let actor = Actor { kind: ActorKind::Unknown, id: None };
    let defaults = Defaults { source: Source::parse(SOURCE).unwrap(), actor };
    Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap()
}

fn uuid(prefix: &str, version: u8, thread: u32, number: u32, place: u32) -> String {
    format!("{prefix}-{version}{thread:03x}-8{place:03x}-{number:012x}")
}

/// Id of the event at `place` within an operation.
pub fn id(thread: u32, number: u32, place: u32) -> String {
    uuid("01890a5d-ac96", 7, thread, number, place)
}

fn program(thread: u32, number: u32, place: u32, title: &str) -> Value {
    let subject = uuid("0197f2c1-5b6d", 7, thread, number, place);
    json!({"id": id(thread, number, place), "type": "id.jejak.program.opened.v1", "subject": format!("program/{subject}"),
        "time": "2022-01-01T00:00:00+07:00", "data": {"area": "33.75", "organiser": "Dinas Perindustrian",
            "theme": "export", "title": title, "unit": "ikm"}})
}

fn ikm_subject(thread: u32, number: u32, place: u32) -> String {
    format!("ikm/{}", uuid("7f2c1a34-5b6d", 4, thread, number, place))
}

/// The sealed values of the IKM that an operation registers.
pub fn sealed_of_ikm(thread: u32, number: u32, place: u32) -> Map<String, Value> {
    let mut values = Map::new();
    values.insert("name".into(), json!(format!("Batik {thread}-{number}-{place}")));
    values.insert("workers".into(), json!(1 + (thread + number) % 15));
    values.insert("investment".into(), json!(1_000_000 * (1 + i64::from(number % 500))));
    values
}

fn ikm(thread: u32, number: u32, place: u32) -> Value {
    let mut data = sealed_of_ikm(thread, number, place);
    data.insert("area".into(), json!("33.75"));
    data.insert("commodity".into(), json!("batik"));
    data.insert("kbli".into(), json!({"code": "13134", "year": 2020}));
    data.insert("sole_proprietor".into(), json!(true));
    json!({"id": id(thread, number, place), "type": "id.jejak.ikm.registered.v1",
        "subject": ikm_subject(thread, number, place), "time": "2021-03-01T00:00:00+07:00", "data": data})
}

/// Corrects the area of the IKM that `target` registered, leaving its sealed values out, so that they
/// are carried over.
fn correction(thread: u32, number: u32, target: u32) -> Value {
    let subject = ikm_subject(thread, target, 0);
    json!({"id": id(thread, number, 0), "type": "id.jejak.event.corrected.v1", "subject": subject,
        "time": "2025-10-09T00:00:00+07:00", "data": {"target": id(thread, target, 0), "reason": "typing_error",
            "type": "id.jejak.ikm.registered.v1", "subject": subject, "time": "2021-03-01T00:00:00+07:00",
            "timeprecision": "day", "data": {"area": "33.26", "commodity": "batik",
                "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true}}})
}

fn enrolment(thread: u32, number: u32, place: u32) -> Value {
    let program = uuid("0197f2c1-5b6d", 7, thread, number, 1);
    json!({"id": id(thread, number, place), "type": "id.jejak.enrolment.made.v1",
        "subject": ikm_subject(thread, number, 0), "time": "2022-02-01T00:00:00+07:00", "data": {"program": program}})
}

/// The operation that a thread sends as its `number`th, from 0. Each is allowed once those before it
/// are recorded.
pub fn operation(thread: u32, number: u32) -> Operation {
    let one = |value| Operation { values: vec![value], atomic: false };
    match number % 6 {
        0 => one(program(thread, number, 0, "Pelatihan ekspor")),
        1 => one(ikm(thread, number, 0)),
        2 => Operation {
            values: vec![
                ikm(thread, number, 0),
                program(thread, number, 1, "Pendampingan"),
                enrolment(thread, number, 2),
            ],
            atomic: true,
        },
        3 => Operation {
            values: vec![
                program(thread, number, 0, "Kurasi"),
                program(thread, number, 1, "Temu bisnis"),
                ikm(thread, number, 2),
            ],
            atomic: false,
        },
        4 => one(correction(thread, number, number - 3)),
        _ => one(program(thread, number, 0, "Bimbingan teknis ".repeat(20).trim_end())),
    }
}

/// The sealed values that the event at `place` of an operation must open to; `None` when it has none.
pub fn sealed(thread: u32, number: u32, place: u32) -> Option<Map<String, Value>> {
    match (number % 6, place) {
        (1 | 2, 0) | (3, 2) => Some(sealed_of_ikm(thread, number, place)),
        (4, 0) => Some(sealed_of_ikm(thread, number - 3, 0)),
        _ => None,
    }
}
