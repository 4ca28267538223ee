//! What honestly happened, before anybody cheats: two histories, and registries that recorded them.
//!
//! Disk, clock and randomness of these registries are simulated, so that the same bytes come out each time.

use std::sync::Arc;
use std::time::Duration;

use jejak::disk::Disk;
use jejak::environment::ManualClock;
use jejak::proof::replay::entries::{EntrySource, SourceError};
use jejak::registry::release::{Release, release};
use jejak::registry::{Options, Registry, RegistryReading, Signed};
use jejak::vault::KeyFile;
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::note::NoteSigner;
use jejak_events::values::{Code, Date};
use serde_json::{Value, json};

use crate::support;

pub const ORIGIN: &str = "jejak.example/test";

pub const A: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000aa";
pub const B: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000bb";
const C: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000cd";
const D: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000cf";
const E: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000d1";
const F: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000d2";
const PROGRAM: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000cc";
const SESSION: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000dd";
const SECOND_PROGRAM: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000ce";
const SECOND_SESSION: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000de";
const CERTIFICATE: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000ee";

/// The id of an event.
pub fn id(number: u64) -> String {
    format!("0197f2c1-5b6d-7e8f-9a0b-{number:012x}")
}

/// An IKM is registered.
pub fn registered(number: u64, ikm: &str, name: &str) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.registered.v1", "subject": format!("ikm/{ikm}"),
        "time": "2025-01-06T00:00:00+07:00", "data": {"area": "33.75", "commodity": "batik",
        "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": false, "name": name, "workers": 7}})
}

fn of_program(number: u64, kind: &str, program: &str, day: &str, data: Value) -> Value {
    json!({"id": id(number), "type": format!("id.jejak.program.{kind}.v1"),
        "subject": format!("program/{program}"), "time": format!("{day}T00:00:00+07:00"), "data": data})
}

fn of_ikm(number: u64, kind: &str, ikm: &str, day: &str, data: Value) -> Value {
    json!({"id": id(number), "type": format!("id.jejak.{kind}.v1"), "subject": format!("ikm/{ikm}"),
        "time": format!("{day}T00:00:00+07:00"), "data": data})
}

fn opened(number: u64, program: &str, day: &str, title: &str) -> Value {
    let data = json!({"area": "33.75", "organiser": "Dinas Contoh", "theme": "green_industry", "title": title,
        "unit": "ikm", "quota": 2});
    of_program(number, "opened", program, day, data)
}

fn scheduled(number: u64, program: &str, session: &str, day: &str, on: &str) -> Value {
    let data = json!({"session": session, "venue": "Aula Contoh",
        "days": [{"date": on, "theory_minutes": 100, "practice_minutes": 200}]});
    of_program(number, "session_scheduled", program, day, data)
}

fn enrolled(number: u64, ikm: &str, program: &str, day: &str) -> Value {
    of_ikm(number, "enrolment.made", ikm, day, json!({"program": program}))
}

fn attendance(program: &str, session: &str, day: &str, status: &str) -> Value {
    json!({"program": program, "session": session, "day": day, "status": status})
}

fn attended(number: u64, ikm: &str, program: &str, session: &str, day: &str) -> Value {
    of_ikm(number, "training.attended", ikm, day, attendance(program, session, day, "present"))
}

/// An attendance turns out to be an absence.
fn absent_after_all(number: u64, target: u64, ikm: &str, data: Value) -> Value {
    let subject = format!("ikm/{ikm}");
    let day = data["day"].as_str().unwrap().to_owned();
    json!({"id": id(number), "type": "id.jejak.event.corrected.v1", "subject": subject,
        "time": "2025-06-03T00:00:00+07:00", "data": {"target": id(target), "reason": "recorded_in_error",
        "type": "id.jejak.training.attended.v1", "subject": subject, "time": format!("{day}T00:00:00+07:00"),
        "timeprecision": "day", "data": data}})
}

/// Two IKMs at a training, one of which gets a certificate, and the other was not there after all.
pub fn one_training() -> Vec<Value> {
    let (day, name) = ("2025-02-03", "Batik Contoh");
    vec![
        registered(1, A, name),
        registered(2, B, name),
        opened(3, PROGRAM, "2025-01-13", "Pelatihan contoh"),
        scheduled(4, PROGRAM, SESSION, "2025-01-20", day),
        enrolled(5, A, PROGRAM, "2025-01-27"),
        enrolled(6, B, PROGRAM, "2025-01-27"),
        attended(7, A, PROGRAM, SESSION, day),
        attended(8, B, PROGRAM, SESSION, day),
        json!({"id": id(9), "type": "id.jejak.certificate.issued.v1",
            "subject": format!("certificate/{CERTIFICATE}"), "time": "2025-03-10T00:00:00+07:00",
            "data": {"holder": {"ikm": A}, "issuer": "Lembaga Contoh", "scheme": "sih",
            "valid_from": "2025-03-10", "valid_to": "2029-03-09", "number": "13134:2023/001"}}),
        // B did not come after all.
        json!({"id": id(10), "type": "id.jejak.event.retracted.v1", "subject": format!("ikm/{B}"),
            "time": "2025-06-02T00:00:00+07:00", "data": {"target": id(8), "reason": "recorded_in_error"}}),
    ]
}

/// The same, and the one attendance that is left is corrected to an absence.
pub fn corrected_training() -> Vec<Value> {
    let mut all = one_training();
    all.push(absent_after_all(11, 7, A, attendance(PROGRAM, SESSION, "2025-02-03", "absent")));
    all
}

/// The same training and a second one, where B came and C, as a correction says, did not: two IKMs are trained.
pub fn two_trainings() -> Vec<Value> {
    let (day, of) = ("2025-05-05", SECOND_PROGRAM);
    let mut all = one_training();
    all.extend([
        registered(11, C, "Tenun Contoh"),
        opened(12, of, "2025-04-14", "Pelatihan kedua"),
        scheduled(13, of, SECOND_SESSION, "2025-04-21", day),
        enrolled(14, B, of, "2025-04-28"),
        enrolled(15, C, of, "2025-04-28"),
        attended(16, B, of, SECOND_SESSION, day),
        attended(17, C, of, SECOND_SESSION, day),
        absent_after_all(18, 17, C, attendance(of, SECOND_SESSION, day, "absent")),
    ]);
    all
}

/// Four IKMs report whom they employ; one report is corrected, and one IKM has its data erased.
pub fn reports() -> Vec<Value> {
    let report = |workers: u64, women: Option<u64>| {
        let mut data = json!({"period": {"from": "2025-01-01", "to": "2025-03-31"}, "workers": workers});
        women.into_iter().for_each(|women| data["women"] = json!(women));
        data
    };
    let reported = |number, ikm, workers, women| {
        of_ikm(number, "ikm.workforce_reported", ikm, "2025-04-07", report(workers, women))
    };
    vec![
        registered(1, A, "Batik Satu"),
        registered(2, B, "Batik Dua"),
        registered(3, C, "Batik Tiga"),
        registered(4, D, "Batik Empat"),
        reported(5, A, 7, Some(4)),
        reported(6, B, 12, Some(9)),
        reported(7, C, 5, Some(1)),
        reported(8, D, 20, None),
        json!({"id": id(9), "type": "id.jejak.event.corrected.v1", "subject": format!("ikm/{A}"),
            "time": "2025-05-05T00:00:00+07:00", "data": {"target": id(5), "reason": "wrong_value",
            "type": "id.jejak.ikm.workforce_reported.v1", "subject": format!("ikm/{A}"),
            "time": "2025-04-07T00:00:00+07:00", "timeprecision": "day", "data": report(8, Some(4))}}),
        of_ikm(10, "ikm.erasure_requested", D, "2025-06-02", json!({"basis": "consent_withdrawn"})),
    ]
}

/// Five IKMs report whom they employ.
pub fn five_reports() -> Vec<Value> {
    let ikms = || (1u64..).zip([A, B, C, D, E]);
    let registrations = ikms().map(|(number, ikm)| registered(number, ikm, &format!("Batik {number}")));
    let reports = ikms().map(|(number, ikm)| reported(5 + number, ikm, 10 + 2 * number));
    registrations.chain(reports).collect()
}

fn reported(number: u64, ikm: &str, workers: u64) -> Value {
    let data = json!({"period": {"from": "2025-01-01", "to": "2025-03-31"}, "workers": workers});
    of_ikm(number, "ikm.workforce_reported", ikm, "2025-04-07", data)
}

/// A sixth IKM, whose report came late.
pub fn late_report() -> [Value; 2] {
    [registered(11, F, "Batik 6"), reported(12, F, 9)]
}

/// A registry that recorded a history, an event each hour, and the disk with its keys.
pub struct Recorded {
    pub registry: Registry,
    pub disk: Arc<dyn Disk>,
    options: Options,
    keys: KeyFile,
    clock: Arc<ManualClock>,
}

impl Recorded {
    /// It as it stands.
    pub fn reading(&self) -> RegistryReading {
        RegistryReading::of(&self.registry, &self.options, Signed::NotNeeded).unwrap()
    }

    pub fn new(seed: u64, history: &[Value]) -> Self {
        let (options, clock) = support::in_memory(seed);
        let registry = support::created(&options);
        let keys = KeyFile::read(options.disk.clone(), &options.keys_dir).unwrap();
        let recorded = Self { registry, disk: options.disk.clone(), options, keys, clock };
        recorded.record(history);
        recorded
    }

    /// What happened later.
    pub fn record(&self, history: &[Value]) {
        for proposal in history {
            self.clock.advance(Duration::from_secs(3600));
            let outcomes = self.registry.append_blocking(vec![support::proposal(proposal)], false).unwrap();
            assert!(outcomes[0].refusal().is_none(), "{outcomes:?}");
        }
    }

    /// Releases the first quarter of 2025.
    pub fn release(&self) {
        self.clock.advance(Duration::from_secs(3600));
        let (quarter, today) = ("2025-Q1".parse().unwrap(), Date::parse("2025-10-11").unwrap());
        let actor = Actor { kind: ActorKind::AppUser, id: Some(Code::parse("statistik-1").unwrap()) };
        let made = release(&self.registry, &actor, (quarter, today), false).unwrap();
        assert!(matches!(made, Release::Made { .. }), "{made:?}");
    }

    /// Every entry of its log.
    pub fn entries(&self) -> Vec<String> {
        let mut entries = Vec::new();
        let reader = self.registry.reader();
        reader
            .scan(0..reader.size(), &mut |_, bytes| {
                entries.push(String::from_utf8(bytes.to_vec()).unwrap());
                true
            })
            .unwrap();
        entries
    }

    /// The key of a purpose, as event 0 names it: what a cheating operator has at hand.
    pub fn signer(&self, purpose: &str) -> NoteSigner {
        let name = if purpose == "checkpoint" { ORIGIN.to_owned() } else { format!("{ORIGIN}/{purpose}") };
        self.signer_as(purpose, &name)
    }

    /// The same key under another name.
    pub fn signer_as(&self, purpose: &str, name: &str) -> NoteSigner {
        NoteSigner::new(name, self.keys.signing(purpose).unwrap().bytes()).unwrap()
    }
}

/// Entries as they are shown to somebody.
pub struct Shown(pub Vec<String>);

impl EntrySource for Shown {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        // Stops where the reader has enough, as every source does.
        let _ = self.0.iter().all(|entry| take(entry.as_bytes()));
        Ok(())
    }
}
