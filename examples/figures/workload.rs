//! Made-up proposals of realistic shape: IKMs, programmes with sessions, enrolments, then mostly
//! attendances, as real registries have them.

use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Proposal};
use serde_json::{Value, json};

/// A number's own identifier, of version 4 or 7.
pub fn uuid(kind: u16, number: u64, version: u8) -> String {
    format!(
        "{:08x}-{kind:04x}-{version}{:03x}-8{:03x}-{number:012x}",
        number & 0xffff_ffff,
        number & 0xfff,
        kind & 0xfff
    )
}

pub fn defaults() -> Defaults {
    Defaults {
        source: Source {
            area: jejak_events::area::AreaCode::from_number(3375).expect("known"),
            office: code("bench"),
        },
        actor: Actor { kind: ActorKind::ServiceAccount, id: None },
    }
}

fn code(text: &str) -> jejak_events::values::Code {
    jejak_events::values::Code::parse(text).expect("a code")
}

pub fn parse(value: &Value) -> Proposal {
    Proposal::parse(value.to_string().as_bytes(), &defaults()).expect("a well-formed proposal")
}

/// Sizes of a made-up registry.
#[derive(Clone, Copy)]
pub struct Shape {
    pub ikms: u64,
    pub programs: u64,
    pub enrolled_per_program: u64,
    pub sessions: u64,
    pub days: u64,
}

impl Shape {
    /// Room for so many attendances.
    pub fn of(events: u64) -> Self {
        let attendances_per_program = 200 * 50;
        Self {
            ikms: 20_000,
            programs: events.div_ceil(attendances_per_program).max(1),
            enrolled_per_program: 200,
            sessions: 10,
            days: 5,
        }
    }

    fn day(&self, session: u64, day: u64) -> String {
        let date = chrono::NaiveDate::from_ymd_opt(2022, 1, 3).expect("a date")
            + chrono::Days::new(session * self.days + day);
        date.to_string()
    }

    pub fn ikm(&self, number: u64) -> Value {
        let areas = ["33.75", "33.74", "33.26", "35.76", "35.74", "34.71", "32.04", "31.74"];
        let area = areas[usize::try_from(number).unwrap_or(0) % areas.len()];
        json!({"id": uuid(1, number, 7), "type": "id.jejak.ikm.registered.v1",
            "subject": format!("ikm/{}", uuid(0x10, number, 4)), "time": "2021-03-01T00:00:00+07:00",
            "data": {"area": area, "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
                "sole_proprietor": true, "name": format!("Batik {number}"), "nib": format!("{number:013}"),
                "workers": number % 40, "investment": 50_000_000}})
    }

    /// Everything that attendances rest on.
    pub fn foundation(&self) -> impl Iterator<Item = Value> + '_ {
        let ikms = (0..self.ikms).map(|number| self.ikm(number));
        let themes = ["export", "green_industry", "standardisation", "basic_batik"];
        let programs = (0..self.programs).map(move |program| {
            json!({"id": uuid(2, program, 7), "type": "id.jejak.program.opened.v1",
                "subject": format!("program/{}", uuid(0x20, program, 7)), "time": "2021-12-01T00:00:00+07:00",
                "data": {"area": "33.75", "organiser": "Dinas", "theme": themes[usize::try_from(program).unwrap_or(0) % 4],
                    "title": format!("Pelatihan {program}"), "unit": "ikm"}})
        });
        let sessions = (0..self.programs).flat_map(move |program| {
            (0..self.sessions).map(move |session| {
                let days: Vec<Value> = (0..self.days)
                    .map(|day| json!({"date": self.day(session, day), "practice_minutes": 240, "theory_minutes": 60}))
                    .collect();
                json!({"id": uuid(3, program * self.sessions + session, 7), "type": "id.jejak.program.session_scheduled.v1",
                    "subject": format!("program/{}", uuid(0x20, program, 7)), "time": "2021-12-02T00:00:00+07:00",
                    "data": {"session": uuid(0x30, program * self.sessions + session, 7), "venue": "Aula", "days": days}})
            })
        });
        let enrolments = (0..self.programs).flat_map(move |program| {
            (0..self.enrolled_per_program).map(move |place| {
                let ikm = (program * self.enrolled_per_program + place) % self.ikms;
                json!({"id": uuid(4, program * self.enrolled_per_program + place, 7), "type": "id.jejak.enrolment.made.v1",
                    "subject": format!("ikm/{}", uuid(0x10, ikm, 4)), "time": "2021-12-03T00:00:00+07:00",
                    "data": {"program": uuid(0x20, program, 7)}})
            })
        });
        ikms.chain(programs).chain(sessions).chain(enrolments)
    }

    /// The attendance of this number, below [`Shape::attendances`].
    pub fn attendance(&self, number: u64) -> Value {
        let day = number % self.days;
        let session = number / self.days % self.sessions;
        let place = number / self.days / self.sessions % self.enrolled_per_program;
        let program = number / self.days / self.sessions / self.enrolled_per_program;
        let ikm = (program * self.enrolled_per_program + place) % self.ikms;
        let date = self.day(session, day);
        json!({"id": uuid(5, number, 7), "type": "id.jejak.training.attended.v1",
            "subject": format!("ikm/{}", uuid(0x10, ikm, 4)), "time": format!("{date}T00:00:00+07:00"),
            "data": {"program": uuid(0x20, program, 7), "session": uuid(0x30, program * self.sessions + session, 7),
                "day": date, "status": "present", "minutes": 300}})
    }
}
