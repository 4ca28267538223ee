//! A made-up registry over the whole domain: every kind of event in the proportions of real
//! programmes, for the time and memory that views take.

use serde_json::{Value, json};

use super::workload::uuid;

/// Number of areas that the IKMs lie in.
pub const AREAS: usize = 40;

/// The day asked about: near the end of what happens.
pub fn asked_on() -> jejak_events::values::Date {
    jejak_events::values::Date::parse(&date(2_125)).expect("a date")
}

/// Events that one IKM comes to, by the proportions below.
const EVENTS_PER_IKM: u64 = 50;

const DAYS: u64 = 5;
const SESSIONS: u64 = 2;
const PLACES: u64 = 30;

/// Sizes of the registry.
#[derive(Clone, Copy)]
pub struct Domain {
    pub ikms: u64,
    pub programs: u64,
}

fn date(days: u64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2020, 1, 6).expect("a date");
    (first + chrono::Days::new(days)).to_string()
}

fn event(kind: u16, number: u64, name: &str, subject: String, day: &str, data: Value) -> Value {
    json!({"id": uuid(kind, number, 7), "type": format!("id.jejak.{name}.v1"), "subject": subject,
        "time": format!("{day}T00:00:00+07:00"), "data": data})
}

fn ikm(number: u64) -> String {
    format!("ikm/{}", uuid(0x10, number, 4))
}

fn area(number: u64) -> String {
    let codes = jejak_events::area::AreaCode::all()
        .filter(|area| area.level() != jejak_events::area::Level::Province)
        .map(|area| area.to_string());
    let codes: Vec<String> = codes.collect();
    let step = codes.len() / AREAS;
    codes[number as usize % AREAS * step].clone()
}

impl Domain {
    /// Sizes for about so many events.
    pub fn of(events: u64) -> Self {
        let ikms = (events / EVENTS_PER_IKM).max(100);
        Self { ikms, programs: ikms / 9 }
    }

    fn enrolled(&self, program: u64, place: u64) -> u64 {
        (program * (PLACES + 1) + place) % self.ikms
    }

    /// Day on which the sessions of a programme begin.
    fn begins(program: u64) -> u64 {
        200 + program * 7 % 1_700
    }

    /// The proposals, in an order in which all are allowed.
    pub fn proposals(self) -> impl Iterator<Item = Value> {
        let areas: Vec<String> = (0..AREAS as u64).map(area).collect();
        let of = move |number: u64| areas[number as usize % AREAS].clone();
        let (registered, reported, ended) = (of.clone(), of.clone(), of);
        (0..self.ikms)
            .flat_map(move |number| Self::entered(number, &registered(number)))
            .chain((0..self.programs).flat_map(move |program| self.program(program, &reported(program))))
            .chain((0..self.ikms).flat_map(move |number| self.outcomes(number, &ended(number + 1))))
    }

    fn entered(number: u64, area: &str) -> Vec<Value> {
        let mut events = vec![
            event(
                1,
                number,
                "ikm.registered",
                ikm(number),
                &date(number % 100),
                json!({"area": area,
                "commodity": if number.is_multiple_of(3) { "tenun" } else { "batik" },
                "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true,
                "name": format!("Batik {number}"), "workers": number % 30, "investment": 50_000_000}),
            ),
            event(
                2,
                number,
                "person.registered",
                format!("person/{}", uuid(0x40, number, 4)),
                &date(number % 100),
                json!({"ikm": uuid(0x10, number, 4), "name": format!("Orang {number}")}),
            ),
        ];
        for half in 0..2 {
            let (from, to) = (date(half * 180), date(half * 180 + 179));
            let period = json!({"from": from, "to": to});
            events.push(event(
                3,
                number * 2 + half,
                "ikm.workforce_reported",
                ikm(number),
                &date(half * 180 + 200),
                json!({"period": period, "workers": number % 30, "women": number % 11}),
            ));
            events.push(event(
                4,
                number * 2 + half,
                "ikm.turnover_reported",
                ikm(number),
                &date(half * 180 + 200),
                json!({"period": period, "turnover": 1_000_000 * (number % 90 + half)}),
            ));
        }
        events
    }

    fn program(self, program: u64, area: &str) -> Vec<Value> {
        let themes = ["export", "green_industry", "standardisation", "basic_batik"];
        let of_persons = program.is_multiple_of(2);
        let (id, subject) = (uuid(0x20, program, 4), format!("program/{}", uuid(0x20, program, 4)));
        let (first, opened) = (Self::begins(program), date(Self::begins(program) - 60));
        let mut events = vec![event(
            5,
            program,
            "program.opened",
            subject.clone(),
            &opened,
            json!({"area": area,
            "organiser": "Dinas", "theme": themes[program as usize % 4], "title": format!("Pelatihan {program}"),
            "unit": if of_persons { "person" } else { "ikm" }, "quota": PLACES,
            "funding": [{"source": "apbd", "fiscal_year": 2021}], "targets": [{"figure": "trained", "value": 25}]}),
        )];
        for session in 0..SESSIONS {
            let days: Vec<Value> = (0..DAYS)
                .map(|day| {
                    json!({"date": date(first + session * DAYS + day),
                "practice_minutes": 240, "theory_minutes": 60})
                })
                .collect();
            let number = program * SESSIONS + session;
            events.push(event(
                6,
                number,
                "program.session_scheduled",
                subject.clone(),
                &opened,
                json!({"session": uuid(0x30, number, 4), "venue": "Aula", "days": days}),
            ));
        }
        for place in 0..PLACES {
            let (who, number) = (self.enrolled(program, place), program * PLACES + place);
            let mut data = json!({"program": id});
            if of_persons {
                data["persons"] = json!([uuid(0x40, who, 4)]);
            }
            events.push(event(7, number, "enrolment.made", ikm(who), &date(first - 20), data));
        }
        let waiting = self.enrolled(program, PLACES);
        let mut data = json!({"program": id});
        if of_persons {
            data["persons"] = json!([uuid(0x40, waiting, 4)]);
        }
        events.push(event(8, program, "enrolment.waitlisted", ikm(waiting), &date(first - 15), data));
        for place in 0..PLACES {
            let who = self.enrolled(program, place);
            for day in 0..SESSIONS * DAYS {
                let number = (program * PLACES + place) * SESSIONS * DAYS + day;
                let status = if (number * 7).is_multiple_of(11) { "absent" } else { "present" };
                let on = date(first + day);
                let mut data = json!({"program": id, "status": status, "day": on,
                    "session": uuid(0x30, program * SESSIONS + day / DAYS, 4)});
                if of_persons {
                    data["person"] = json!(uuid(0x40, who, 4));
                }
                events.push(event(9, number, "training.attended", ikm(who), &on, data));
            }
            if place.is_multiple_of(2) {
                let number = program * PLACES + place;
                let after = date(first + 30);
                events.push(event(
                    10,
                    number,
                    "mentoring.visited",
                    ikm(who),
                    &after,
                    json!({"program": id, "mentor": "Balai Besar"}),
                ));
                events.push(event(
                    11,
                    number,
                    "assessment.recorded",
                    ikm(who),
                    &after,
                    json!({"program": id,
                    "scheme": "sih_batik", "scheme_version": 1,
                    "verdict": if number.is_multiple_of(3) { "failed" } else { "passed" }}),
                ));
            }
        }
        if program.is_multiple_of(5) {
            let who = self.enrolled(program, 3);
            events.push(event(
                12,
                program,
                "enrolment.withdrawn",
                ikm(who),
                &date(first + 20),
                json!({"program": id, "reason": "no_time"}),
            ));
        }
        for (place, stage) in ["planned", "allocated", "realised"].into_iter().enumerate() {
            events.push(event(
                13,
                program * 3 + place as u64,
                "program.spending_reported",
                subject.clone(),
                &date(first + place as u64),
                json!({"stage": stage, "source": "apbd", "amount": 90_000_000, "fiscal_year": 2021}),
            ));
        }
        events
    }

    fn outcomes(self, number: u64, next_area: &str) -> Vec<Value> {
        let subject = ikm(number);
        let mut events = Vec::new();
        let at = 1_990 + number % 100;
        if number.is_multiple_of(1_000) {
            let fair = number / 1_000;
            events.push(event(
                14,
                fair,
                "exhibition.announced",
                format!("exhibition/{}", uuid(0x50, fair, 4)),
                &date(1_990),
                json!({"area": next_area, "from": date(1_990), "to": date(2_100),
                    "level": "city", "name": "Pameran", "venue": "Gedung"}),
            ));
            events.push(event(
                15,
                fair,
                "sentra.planned",
                format!("sentra/{}", uuid(0x60, fair, 4)),
                &date(100),
                json!({"area": next_area, "commodity": "batik", "name": "Sentra"}),
            ));
        }
        let near = number / 1_000;
        events.push(event(
            16,
            number,
            "exhibition.joined",
            subject.clone(),
            &date(at),
            json!({"exhibition": uuid(0x50, near, 4), "sales": 1_000_000 * (number % 7)}),
        ));
        if number.is_multiple_of(3) {
            let period = json!({"from": date(1_940), "to": date(2_120)});
            let data = json!({"period": period, "turnover": 1_000_000 * (number % 95)});
            let id = self.ikms * 2 + number;
            events.push(event(4, id, "ikm.turnover_reported", subject.clone(), &date(2_121), data));
        }
        if number.is_multiple_of(4) {
            events.push(event(
                17,
                number,
                "sentra.member_joined",
                subject.clone(),
                &date(300),
                json!({"sentra": uuid(0x60, near, 4)}),
            ));
            events.push(event(
                18,
                number,
                "ikm.shipment_reported",
                subject.clone(),
                &date(at),
                json!({"country": "JP", "hs_code": "620442", "value": 20_000_000}),
            ));
        }
        if number % 5 < 2 {
            let certificate = format!("certificate/{}", uuid(0x70, number, 4));
            let day = 700 + number % 400;
            events.push(event(19, number, "certificate.issued", certificate.clone(), &date(day), json!({
                "holder": {"ikm": uuid(0x10, number, 4)}, "issuer": "LSIH", "scheme": "sih",
                "number": format!("13134:2023/{number}"), "valid_from": date(day), "valid_to": date(day + 1_460)})));
            if number.is_multiple_of(7) {
                events.push(event(
                    20,
                    number,
                    "certificate.suspended",
                    certificate.clone(),
                    &date(day + 400),
                    json!({"reason": "surveillance_overdue"}),
                ));
                events.push(event(
                    21,
                    number,
                    "certificate.reinstated",
                    certificate.clone(),
                    &date(day + 450),
                    json!({}),
                ));
            }
        }
        if number.is_multiple_of(10) {
            events.push(event(
                22,
                number,
                "ikm.profile_changed",
                subject.clone(),
                &date(1_000),
                json!({"area": next_area}),
            ));
            events.push(event(
                23,
                number,
                "ikm.facility_added",
                subject.clone(),
                &date(1_000),
                json!({"kind": "ipal"}),
            ));
        }
        if number.is_multiple_of(100) {
            let mut entered = Self::entered(number, next_area).swap_remove(0);
            entered["data"]["name"] = json!(format!("Batik {number} baru"));
            let data = json!({"target": entered["id"], "reason": "typing_error", "type": entered["type"],
                "subject": entered["subject"], "time": entered["time"], "timeprecision": "day", "data": entered["data"]});
            events.push(event(24, number, "event.corrected", subject.clone(), &date(2_100), data));
        }
        if number % 33 == 5 {
            events.push(event(
                25,
                number,
                "ikm.closed",
                subject.clone(),
                &date(2_120),
                json!({"reason": "retired"}),
            ));
        }
        if number % 50 == 49 {
            events.push(event(
                26,
                number,
                "ikm.merged",
                subject,
                &date(2_130),
                json!({"into": uuid(0x10, number - 1, 4)}),
            ));
        }
        events
    }
}
