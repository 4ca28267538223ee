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

/// The first day of sixty months that end with the one of [`asked_on`].
pub fn five_years_earlier() -> jejak_events::values::Date {
    let on = asked_on();
    let (year, month) = (on.year() - 5, on.month() + 1);
    let (year, month) = if month == 13 { (year + 1, 1) } else { (year, month) };
    jejak_events::values::Date::parse(&format!("{year:04}-{month:02}-01")).expect("a date")
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
                json!({"period": period, "workers": number % 30, "women": number % 30 / 2}),
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
        let mut events = Self::scheduled(program, area);
        events.extend(self.places(program));
        for place in 0..PLACES {
            events.extend(self.attended(program, place));
        }
        if program.is_multiple_of(5) {
            let who = self.enrolled(program, 3);
            let data = json!({"program": uuid(0x20, program, 4), "reason": "no_time"});
            events.push(event(
                12,
                program,
                "enrolment.withdrawn",
                ikm(who),
                &date(Self::begins(program) + 20),
                data,
            ));
        }
        events.extend(Self::spending(program));
        events
    }

    fn of_persons(program: u64) -> bool {
        program.is_multiple_of(2)
    }

    /// A programme with its sessions.
    fn scheduled(program: u64, area: &str) -> Vec<Value> {
        let themes = ["export", "green_industry", "standardisation", "basic_batik"];
        let subject = format!("program/{}", uuid(0x20, program, 4));
        let (first, opened) = (Self::begins(program), date(Self::begins(program) - 60));
        let mut events = vec![event(
            5,
            program,
            "program.opened",
            subject.clone(),
            &opened,
            json!({"area": area,
            "organiser": "Dinas", "theme": themes[program as usize % 4], "title": format!("Pelatihan {program}"),
            "unit": if Self::of_persons(program) { "person" } else { "ikm" }, "quota": PLACES,
            "funding": [{"source": "apbd", "fiscal_year": 2020}], "targets": [{"figure": "trained", "value": 25}]}),
        )];
        for session in 0..SESSIONS {
            let day = |day| json!({"date": date(first + session * DAYS + day), "practice_minutes": 240, "theory_minutes": 60});
            let days: Vec<Value> = (0..DAYS).map(day).collect();
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
        events
    }

    /// Its places, and one who waits.
    fn places(self, program: u64) -> Vec<Value> {
        let first = Self::begins(program);
        let mut events = Vec::new();
        for place in 0..=PLACES {
            let who = self.enrolled(program, place);
            let mut data = json!({"program": uuid(0x20, program, 4)});
            if Self::of_persons(program) {
                data["persons"] = json!([uuid(0x40, who, 4)]);
            }
            let number = program * PLACES + place;
            events.push(if place < PLACES {
                event(7, number, "enrolment.made", ikm(who), &date(first - 20), data)
            } else {
                event(8, program, "enrolment.waitlisted", ikm(who), &date(first - 15), data)
            });
        }
        events
    }

    /// What the IKM of a place attended; every other one is visited and assessed.
    fn attended(self, program: u64, place: u64) -> Vec<Value> {
        let (id, first) = (uuid(0x20, program, 4), Self::begins(program));
        let who = self.enrolled(program, place);
        let mut events = Vec::new();
        for day in 0..SESSIONS * DAYS {
            let number = (program * PLACES + place) * SESSIONS * DAYS + day;
            let status = if (number * 7).is_multiple_of(11) { "absent" } else { "present" };
            let on = date(first + day);
            let mut data = json!({"program": id, "status": status, "day": on,
                "session": uuid(0x30, program * SESSIONS + day / DAYS, 4)});
            if Self::of_persons(program) {
                data["person"] = json!(uuid(0x40, who, 4));
            }
            events.push(event(9, number, "training.attended", ikm(who), &on, data));
        }
        if place.is_multiple_of(2) {
            let (number, after) = (program * PLACES + place, date(first + 30));
            let visit = json!({"program": id, "mentor": "Balai Besar"});
            events.push(event(10, number, "mentoring.visited", ikm(who), &after, visit));
            let verdict = if number.is_multiple_of(3) { "failed" } else { "passed" };
            let assessment =
                json!({"program": id, "scheme": "sih_batik", "scheme_version": 1, "verdict": verdict});
            events.push(event(11, number, "assessment.recorded", ikm(who), &after, assessment));
        }
        events
    }

    fn spending(program: u64) -> Vec<Value> {
        let stages = ["planned", "allocated", "realised"].into_iter().zip(0..);
        let report = |(stage, place): (&str, u64)| {
            event(
                13,
                program * 3 + place,
                "program.spending_reported",
                format!("program/{}", uuid(0x20, program, 4)),
                &date(Self::begins(program) + place),
                json!({"stage": stage, "source": "apbd", "amount": 90_000_000, "fiscal_year": 2020}),
            )
        };
        stages.map(report).collect()
    }

    fn outcomes(self, number: u64, next_area: &str) -> Vec<Value> {
        let mut events = Vec::new();
        if number.is_multiple_of(1_000) {
            events.extend(Self::fair_and_sentra(number / 1_000, next_area));
        }
        events.extend(self.markets(number));
        if number % 5 < 2 {
            events.extend(Self::certificate(number));
        }
        events.extend(Self::changes(number, next_area));
        events
    }

    fn fair_and_sentra(number: u64, area: &str) -> [Value; 2] {
        let (from, to) = (date(1_990), date(2_100));
        let fair = json!({"area": area, "from": from, "to": to, "level": "city", "name": "Pameran",
            "venue": "Gedung"});
        let sentra = json!({"area": area, "commodity": "batik", "name": "Sentra"});
        let (fair_id, sentra_id) = (uuid(0x50, number, 4), uuid(0x60, number, 4));
        [
            event(14, number, "exhibition.announced", format!("exhibition/{fair_id}"), &from, fair),
            event(15, number, "sentra.planned", format!("sentra/{sentra_id}"), &date(100), sentra),
        ]
    }

    /// What an IKM sells and where.
    fn markets(self, number: u64) -> Vec<Value> {
        let (near, at) = (number / 1_000, date(1_990 + number % 100));
        let joined = json!({"exhibition": uuid(0x50, near, 4), "sales": 1_000_000 * (number % 7)});
        let mut events = vec![event(16, number, "exhibition.joined", ikm(number), &at, joined)];
        if number.is_multiple_of(3) {
            let period = json!({"from": date(1_940), "to": date(2_120)});
            let data = json!({"period": period, "turnover": 1_000_000 * (number % 95)});
            let id = self.ikms * 2 + number;
            events.push(event(4, id, "ikm.turnover_reported", ikm(number), &date(2_121), data));
        }
        if number.is_multiple_of(4) {
            let member = json!({"sentra": uuid(0x60, near, 4)});
            events.push(event(17, number, "sentra.member_joined", ikm(number), &date(300), member));
            let shipment = json!({"country": "JP", "hs_code": "620442", "value": 20_000_000});
            events.push(event(18, number, "ikm.shipment_reported", ikm(number), &at, shipment));
        }
        events
    }

    fn certificate(number: u64) -> Vec<Value> {
        let certificate = || format!("certificate/{}", uuid(0x70, number, 4));
        let day = 700 + number % 400;
        let issued = json!({"holder": {"ikm": uuid(0x10, number, 4)}, "issuer": "LSIH", "scheme": "sih",
            "number": format!("13134:2023/{number}"), "valid_from": date(day), "valid_to": date(day + 1_460)});
        let mut events = vec![event(19, number, "certificate.issued", certificate(), &date(day), issued)];
        if number.is_multiple_of(7) {
            let why = json!({"reason": "surveillance_overdue"});
            let (suspended, reinstated) = (date(day + 400), date(day + 450));
            events.push(event(20, number, "certificate.suspended", certificate(), &suspended, why));
            events.push(event(21, number, "certificate.reinstated", certificate(), &reinstated, json!({})));
        }
        events
    }

    /// Who moves, is corrected, closes or was registered twice.
    fn changes(number: u64, next_area: &str) -> Vec<Value> {
        let mut events = Vec::new();
        let mut add = |kind, name, day: u64, data| {
            events.push(event(kind, number, name, ikm(number), &date(day), data));
        };
        if number.is_multiple_of(10) {
            add(22, "ikm.profile_changed", 1_000, json!({"area": next_area}));
            add(23, "ikm.facility_added", 1_000, json!({"kind": "ipal"}));
        }
        if number.is_multiple_of(100) {
            let mut entered = Self::entered(number, next_area).swap_remove(0);
            entered["data"]["name"] = json!(format!("Batik {number} baru"));
            let data = json!({"target": entered["id"], "reason": "typing_error", "type": entered["type"],
                "subject": entered["subject"], "time": entered["time"], "timeprecision": "day", "data": entered["data"]});
            add(24, "event.corrected", 2_100, data);
        }
        if number % 33 == 5 {
            add(25, "ikm.closed", 2_120, json!({"reason": "retired"}));
        }
        if number % 50 == 49 {
            add(26, "ikm.merged", 2_130, json!({"into": uuid(0x10, number - 1, 4)}));
        }
        events
    }
}
