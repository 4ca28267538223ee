//! One random fact of any type, about the small world: right as often as wrong, and made without
//! knowing what was recorded.

use serde_json::{Value, json};

use super::dice::{
    AREAS, Dice, IKMS, PERSONS, PROGRAMS, THEMES, TODAY, at, certificate, claim, day, exhibition, ikm,
    person, program, sentra, session,
};
use super::rights;

/// The types that are proposed, without prefix and version, each as often as its number says.
pub const KINDS: &[(&str, u64)] = &[
    ("ikm.registered", 2),
    ("ikm.profile_changed", 4),
    ("ikm.workforce_reported", 2),
    ("ikm.turnover_reported", 3),
    ("ikm.shipment_reported", 3),
    ("ikm.facility_added", 2),
    ("ikm.closed", 2),
    ("ikm.reopened", 2),
    ("ikm.merged", 4),
    ("ikm.erasure_requested", 1),
    ("person.registered", 2),
    ("person.profile_changed", 3),
    ("person.merged", 4),
    ("person.erasure_requested", 1),
    ("program.opened", 2),
    ("program.session_scheduled", 3),
    ("program.session_rescheduled", 4),
    ("program.session_cancelled", 2),
    ("program.spending_reported", 2),
    ("program.closed", 1),
    ("enrolment.made", 12),
    ("enrolment.waitlisted", 7),
    ("enrolment.promoted", 5),
    ("enrolment.withdrawn", 5),
    ("training.attended", 16),
    ("mentoring.visited", 2),
    ("assessment.recorded", 4),
    ("certificate.issued", 6),
    ("certificate.suspended", 3),
    ("certificate.reinstated", 3),
    ("certificate.renewed", 3),
    ("certificate.revoked", 2),
    ("exhibition.announced", 3),
    ("exhibition.joined", 4),
    ("sentra.planned", 3),
    ("sentra.funded", 2),
    ("sentra.built", 2),
    ("sentra.opened", 2),
    ("sentra.facility_added", 2),
    ("sentra.legal_form_recorded", 2),
    ("sentra.member_joined", 3),
    ("sentra.member_left", 3),
    ("area.population_reported", 4),
    ("area.coverage_declared", 3),
    ("area.target_set", 3),
    ("claim.made", 3),
    ("claim.checked", 3),
    ("registry.rules_adopted", 1),
];

/// The written form of a type.
pub fn type_name(kind: &str) -> String {
    format!("id.jejak.{kind}.v1")
}

/// The short form of a type.
pub fn kind_of(type_name: &str) -> &str {
    type_name.strip_prefix("id.jejak.").and_then(|rest| rest.strip_suffix(".v1")).unwrap()
}

pub fn envelope(kind: &str, subject: String, date: &str, data: Value) -> Value {
    json!({"type": type_name(kind), "subject": subject, "time": at(date), "data": data})
}

/// A fact of a random type.
pub fn any(dice: &mut Dice) -> Value {
    let total = KINDS.iter().map(|(_, weight)| weight).sum();
    let mut place = dice.below(total);
    for (kind, weight) in KINDS {
        if place < *weight {
            return of(dice, kind);
        }
        place -= weight;
    }
    unreachable!("the place lies below the sum of the weights")
}

/// Adds a field in one of so many cases.
fn sometimes(
    dice: &mut Dice,
    chances: u64,
    data: &mut Value,
    name: &str,
    value: impl FnOnce(&mut Dice) -> Value,
) {
    if dice.one_in(chances) {
        data[name] = value(dice);
    }
}

fn area(dice: &mut Dice) -> &'static str {
    AREAS[dice.below(4) as usize]
}

fn some_person(dice: &mut Dice) -> Value {
    json!(person(dice.below(PERSONS)))
}

/// Adds workers or investment or both; then a size class follows, or cannot.
fn size_inputs(dice: &mut Dice, chances: u64, data: &mut Value) {
    let kind = dice.below(chances);
    if kind == 0 || kind == 1 {
        data["workers"] = json!(dice.below(40));
    }
    if kind == 0 || kind == 2 {
        data["investment"] = json!(dice.below(3) * 900_000_000);
    }
}

fn persons(dice: &mut Dice) -> Value {
    let first = dice.below(PERSONS);
    let mut several = vec![person(first)];
    if dice.one_in(3) {
        several.push(person((first + 1) % PERSONS));
    }
    several.sort_unstable();
    json!(several)
}

/// Session days from a day on.
pub fn session_days(dice: &mut Dice, first: u64) -> Value {
    let mut days: Vec<Value> = (0..=dice.below(2))
        .map(|offset| json!({"date": day(first + offset), "practice_minutes": 200, "theory_minutes": 100}))
        .collect();
    if dice.one_in(30) {
        days[0]["practice_minutes"] = json!(1400);
    }
    if dice.one_in(30) {
        days.push(json!({"date": days[0]["date"], "practice_minutes": 300, "theory_minutes": 0}));
    }
    json!(days)
}

fn holder(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({"person": person(dice.below(PERSONS))}),
        1 => json!({"ikm": ikm(dice.below(IKMS)), "product": "batik_tulis"}),
        _ => json!({"ikm": ikm(dice.below(IKMS))}),
    }
}

fn period(dice: &mut Dice) -> Value {
    let from = if dice.one_in(3) { 0 } else { dice.below(40) };
    if from == 0 {
        return json!({"from": day(0), "to": day(dice.below(6))});
    }
    let to = if dice.one_in(12) { from.saturating_sub(1) } else { from + dice.below(20) };
    json!({"from": day(from), "to": day(to)})
}

/// A fact of one type.
pub fn of(dice: &mut Dice, kind: &str) -> Value {
    let mut fact = plain(dice, kind);
    if dice.one_in(90) {
        fact["time"] = json!(at(&day(TODAY + 1 + dice.below(9))));
    }
    fact
}

fn plain(dice: &mut Dice, kind: &str) -> Value {
    let entity = kind.split('.').next().unwrap();
    match entity {
        _ if kind == "ikm.erasure_requested" => {
            let subject = format!("ikm/{}", ikm(dice.below(IKMS)));
            rights::request(dice, subject)
        }
        _ if kind == "person.erasure_requested" => {
            let subject = format!("person/{}", person(dice.below(PERSONS)));
            rights::request(dice, subject)
        }
        "ikm" => of_ikm(dice, kind),
        "program" => of_program(dice, kind),
        "enrolment" | "training" | "mentoring" | "assessment" => of_training(dice, kind),
        "certificate" => of_certificate(dice, kind),
        "sentra" => of_sentra(dice, kind),
        "claim" => of_claim(dice, kind),
        _ => of_others(dice, kind),
    }
}

fn of_ikm(dice: &mut Dice, kind: &str) -> Value {
    let one = dice.below(IKMS);
    let late = day(8 + dice.below(30));
    let (date, data) = match kind {
        "ikm.registered" => {
            let mut data = json!({"area": area(dice), "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
                "sole_proprietor": dice.one_in(2), "name": format!("Batik {one}")});
            size_inputs(dice, 4, &mut data);
            sometimes(dice, 6, &mut data, "owner", some_person);
            sometimes(dice, 40, &mut data, "area", |_| json!("33"));
            (day(dice.below(6)), data)
        }
        "ikm.profile_changed" => {
            let mut data = json!({});
            size_inputs(dice, 6, &mut data);
            sometimes(dice, 2, &mut data, "area", |dice| json!(area(dice)));
            sometimes(dice, 4, &mut data, "commodity", |_| json!("tenun"));
            sometimes(dice, 6, &mut data, "owner", some_person);
            sometimes(dice, 6, &mut data, "name", |_| json!("Batik Baru"));
            sometimes(dice, 40, &mut data, "area", |_| json!("35"));
            (day(4 + dice.below(30)), data)
        }
        "ikm.workforce_reported" => {
            let workers = dice.below(30);
            let mut data = json!({"period": period(dice), "workers": workers});
            sometimes(dice, 2, &mut data, "women", |dice| json!(dice.below(workers + 1)));
            sometimes(dice, 2, &mut data, "bpjs_kesehatan", |dice| json!(dice.below(workers + 1)));
            (day(30 + dice.below(40)), data)
        }
        "ikm.turnover_reported" => {
            let data = json!({"period": period(dice), "turnover": dice.below(9) * 1_000_000});
            (day(30 + dice.below(40)), data)
        }
        "ikm.shipment_reported" => {
            let mut data = json!({"country": "JP", "hs_code": "6204"});
            sometimes(dice, 2, &mut data, "papers", |_| json!(["invoice", "packing_list"]));
            sometimes(dice, 2, &mut data, "value", |dice| json!(dice.below(90) * 1_000_000));
            (late, data)
        }
        "ikm.facility_added" => (late, json!({"kind": "ipal"})),
        "ikm.closed" => (day(15 + dice.below(30)), json!({"reason": "bankruptcy"})),
        "ikm.reopened" => (day(20 + dice.below(30)), json!({})),
        "ikm.merged" => (day(7 + dice.below(30)), json!({"into": ikm(dice.below(IKMS))})),
        _ => unreachable!("{kind} is proposed"),
    };
    envelope(kind, format!("ikm/{}", ikm(one)), &date, data)
}

fn of_program(dice: &mut Dice, kind: &str) -> Value {
    let number = dice.below(PROGRAMS);
    let of_own = number * 2 + dice.below(2);
    let one = if dice.one_in(12) { dice.below(PROGRAMS * 2) } else { of_own };
    let early = day(dice.below(6));
    let (date, data) = match kind {
        "program.opened" => {
            let mut data = json!({"area": AREAS[number as usize], "organiser": "Dinas", "theme": dice.of(&THEMES),
                "title": "Pelatihan", "unit": if dice.one_in(2) { "ikm" } else { "person" }});
            sometimes(dice, 2, &mut data, "quota", |dice| json!(dice.below(3) + 1));
            sometimes(dice, 2, &mut data, "completion_percent", |_| json!(50));
            sometimes(dice, 3, &mut data, "funding", |_| json!([{"fiscal_year": 2025, "source": "apbd"}]));
            sometimes(dice, 3, &mut data, "targets", |dice| {
                let mut targets = vec![json!({"figure": "trained", "value": 1 + dice.below(4)})];
                if dice.one_in(2) {
                    let figure = dice.of(&["enrolled", "participated", "assessed", "hours_due"]);
                    targets.push(
                        json!({"figure": figure, "value": 1 + dice.below(3), "due": day(dice.below(40))}),
                    );
                }
                if dice.one_in(4) {
                    targets.push(json!({"text": "happiness", "value": 1}));
                }
                if dice.one_in(9) {
                    targets.push(json!({"figure": dice.of(&["trained", "happiness"]), "value": 12}));
                }
                json!(targets)
            });
            (early, data)
        }
        "program.session_scheduled" => {
            let mut data =
                json!({"session": session(one), "venue": "Aula", "days": session_days(dice, 10 + one)});
            sometimes(dice, 6, &mut data, "group", |_| json!("a"));
            sometimes(dice, 8, &mut data, "instructors", |dice| json!([some_person(dice)]));
            sometimes(dice, 8, &mut data, "sentra", |dice| json!(sentra(dice.below(2))));
            (early, data)
        }
        "program.session_rescheduled" => {
            let first = 10 + one + dice.below(4);
            let days = session_days(dice, first);
            (day(4 + dice.below(9)), json!({"session": session(one), "days": days}))
        }
        "program.session_cancelled" => {
            (day(6 + dice.below(12)), json!({"session": session(one), "reason": "few_participants"}))
        }
        "program.spending_reported" => {
            let mut data = json!({"amount": dice.below(9) * 10_000_000, "source": "apbd",
                "stage": dice.of(&["planned", "allocated", "realised"])});
            sometimes(dice, 2, &mut data, "fiscal_year", |_| json!(2025));
            (day(3 + dice.below(30)), data)
        }
        "program.closed" => (day(8 + dice.below(30)), json!({})),
        _ => unreachable!("{kind} is proposed"),
    };
    envelope(kind, format!("program/{}", program(number)), &date, data)
}

fn of_training(dice: &mut Dice, kind: &str) -> Value {
    let (number, one) = (dice.below(PROGRAMS), dice.below(IKMS));
    let of_own = number * 2 + dice.below(2);
    let of_any = if dice.one_in(20) { dice.below(PROGRAMS * 2) } else { of_own };
    let mut data = json!({"program": program(number)});
    let date = match kind {
        "enrolment.made" | "enrolment.waitlisted" | "enrolment.promoted" => {
            if !dice.one_in(3) {
                data["persons"] = persons(dice);
            }
            sometimes(dice, 4, &mut data, "group", |dice| json!(if dice.one_in(4) { "b" } else { "a" }));
            let first = if kind == "enrolment.promoted" { 7 } else { 6 };
            // After a session for once.
            day(first + if dice.one_in(8) { 6 } else { 0 } + dice.below(3))
        }
        "enrolment.withdrawn" => {
            data["reason"] = json!("illness");
            if dice.one_in(2) {
                data["persons"] = json!([some_person(dice)]);
            }
            day(7 + dice.below(12))
        }
        "training.attended" => {
            let date = day(10 + of_any + dice.below(2));
            data["session"] = json!(session(of_any));
            data["day"] = json!(date);
            data["status"] = json!(dice.of(&["present", "present", "present", "excused", "absent"]));
            sometimes(dice, 3, &mut data, "minutes", |dice| json!(dice.of(&[0, 200, 300, 301])));
            if dice.one_in(2) {
                data["person"] = some_person(dice);
            }
            if dice.one_in(20) { day(10 + dice.below(9)) } else { date }
        }
        "mentoring.visited" => {
            data["mentor"] = json!("Balai Batik");
            sometimes(dice, 2, &mut data, "findings", |_| json!(["waste_untreated"]));
            sometimes(dice, 2, &mut data, "note", |_| json!("Dikunjungi lagi"));
            day(12 + dice.below(20))
        }
        "assessment.recorded" => {
            data["scheme"] = json!(dice.of(&["sih_batik", "kerja"]));
            data["scheme_version"] = json!(1);
            data["verdict"] = json!(if dice.one_in(2) { "passed" } else { "failed" });
            sometimes(dice, 3, &mut data, "assessor", some_person);
            sometimes(dice, 3, &mut data, "criteria", |dice| {
                let score = if dice.one_in(6) { 10_100 } else { 8_000 };
                let mut criteria =
                    vec![json!({"code": "energy", "maximum_hundredths": 10_000, "score_hundredths": score})];
                if dice.one_in(6) {
                    criteria
                        .push(json!({"code": "energy", "maximum_hundredths": 9_000, "score_hundredths": 1}));
                }
                json!(criteria)
            });
            day(20 + dice.below(5))
        }
        _ => unreachable!("{kind} is proposed"),
    };
    let may_be_own = kind.starts_with("enrolment") || kind.starts_with("training");
    if may_be_own && dice.one_in(5) {
        // In a person's own name, who sends nobody but once in a while.
        for field in ["persons", "person"] {
            if !dice.one_in(5) {
                data.as_object_mut().unwrap().remove(field);
            }
        }
        return envelope(kind, format!("person/{}", person(dice.below(PERSONS))), &date, data);
    }
    envelope(kind, format!("ikm/{}", ikm(one)), &date, data)
}

fn of_certificate(dice: &mut Dice, kind: &str) -> Value {
    let (date, data) = match kind {
        "certificate.issued" => {
            let issued = 20 + dice.below(6);
            let from = issued + dice.below(3);
            let to = if dice.one_in(15) { from - 1 } else { from + dice.below(150) };
            let mut data = json!({"holder": holder(dice), "issuer": if dice.one_in(4) { "LSP" } else { "LSIH" },
                "scheme": dice.of(&["sih", "sih", "batikmark"]), "number": format!("N{}", dice.below(5)),
                "valid_from": day(from), "valid_to": day(to)});
            sometimes(dice, 3, &mut data, "program", |dice| json!(program(dice.below(PROGRAMS))));
            (issued, data)
        }
        "certificate.renewed" => {
            let renewed = 30 + dice.below(60);
            let mut data = json!({"holder": holder(dice), "valid_from": day(renewed), "valid_to": day(renewed + dice.below(150))});
            sometimes(dice, 2, &mut data, "number", |dice| json!(format!("N{}", dice.below(5))));
            (renewed, data)
        }
        "certificate.suspended" => (24 + dice.below(30), json!({"reason": "surveillance_failed"})),
        "certificate.reinstated" => (28 + dice.below(30), json!({})),
        "certificate.revoked" => (30 + dice.below(90), json!({"reason": "surveillance_failed"})),
        _ => unreachable!("{kind} is proposed"),
    };
    envelope(kind, format!("certificate/{}", certificate(dice.below(4))), &day(date), data)
}

fn of_sentra(dice: &mut Dice, kind: &str) -> Value {
    let one = sentra(dice.below(2));
    let later = day(5 + dice.below(30));
    let (date, data) = match kind {
        "sentra.planned" => {
            (day(dice.below(9)), json!({"area": area(dice), "commodity": "batik", "name": "Sentra Batik"}))
        }
        "sentra.funded" => {
            let mut data =
                json!({"source": "dak_fisik", "stage": dice.of(&["planned", "allocated", "realised"])});
            sometimes(dice, 2, &mut data, "amount", |dice| json!(dice.below(9) * 100_000_000));
            (later, data)
        }
        "sentra.built" | "sentra.opened" => (later, json!({})),
        "sentra.facility_added" => (later, json!({"kind": "ipal"})),
        "sentra.legal_form_recorded" => (later, json!({"form": dice.of(&["cooperative", "foundation"])})),
        "sentra.member_joined" | "sentra.member_left" => {
            let subject = format!("ikm/{}", ikm(dice.below(IKMS)));
            return envelope(kind, subject, &later, json!({"sentra": one}));
        }
        _ => unreachable!("{kind} is proposed"),
    };
    envelope(kind, format!("sentra/{one}"), &date, data)
}

fn of_claim(dice: &mut Dice, kind: &str) -> Value {
    let one = claim(dice.below(2));
    let subject = format!("claim/{one}");
    if kind == "claim.checked" {
        let verdict = dice.of(&["inconsistent", "supported", "overstated", "not_recorded", "consistent"]);
        let data = check(dice, verdict, Some(1));
        return envelope(kind, subject, &day(10 + dice.below(30)), data);
    }
    let mut data = json!({"claim": "so many took part", "document": "berita.txt", "publisher": "Harian Contoh",
        "kind": dice.of(&["fact", "fact", "estimate", "plan"])});
    sometimes(dice, 2, &mut data, "value", |dice| json!(dice.below(3).to_string()));
    if data["kind"] == "plan" {
        sometimes(dice, 2, &mut data, "due", |dice| json!(day(8 + dice.below(3))));
    }
    sometimes(dice, 2, &mut data, "published_on", |dice| json!(day(8 + dice.below(8))));
    sometimes(dice, 2, &mut data, "unit", |dice| json!(dice.of(&["ikm", "percent"])));
    if !dice.one_in(5) {
        data["indicator"] = json!({"view": "trained", "figure": "trained"});
        if data["unit"] == "percent" {
            data["indicator"]["of"] = json!("registered");
        }
    }
    let mut scope = json!({});
    sometimes(dice, 2, &mut scope, "area", |dice| json!(area(dice)));
    sometimes(dice, 2, &mut scope, "program", |dice| json!([program(dice.below(PROGRAMS))]));
    sometimes(dice, 2, &mut scope, "theme", |dice| json!([dice.of(&THEMES)]));
    data["scope"] = scope;
    envelope(kind, subject, &day(10 + dice.below(9)), data)
}

/// A check with this verdict and count.
pub fn check(dice: &mut Dice, verdict: &str, counted: Option<u64>) -> Value {
    // Mostly what the log surely had as its size once, so that the same is checked twice.
    let known = dice.below(30);
    let known = if known < 20 { known / 10 } else { known };
    let mut data = json!({"as_known": known, "on": day(8 + dice.below(3)), "verdict": verdict});
    if verdict != "consistent" {
        data["count"] = json!({"digest": "0".repeat(64), "version": 1, "view": "trained"});
    }
    if let Some(counted) = counted.filter(|_| !matches!(verdict, "consistent" | "not_recorded")) {
        data["count"]["counted"] = json!(counted);
    }
    data
}

fn of_others(dice: &mut Dice, kind: &str) -> Value {
    let one = dice.below(2);
    match kind {
        "person.registered" => {
            let number = dice.below(PERSONS);
            let mut data = json!({"name": format!("Orang {number}")});
            sometimes(dice, 3, &mut data, "ikm", |dice| json!(ikm(dice.below(IKMS))));
            sometimes(dice, 3, &mut data, "area", |dice| json!(AREAS[dice.below(2) as usize]));
            envelope(kind, format!("person/{}", person(number)), &day(dice.below(6)), data)
        }
        "person.profile_changed" => {
            let number = dice.below(PERSONS);
            let mut data = json!({});
            sometimes(dice, 2, &mut data, "name", |_| json!(format!("Orang {number} baru")));
            sometimes(dice, 2, &mut data, "ikm", |dice| json!(ikm(dice.below(IKMS))));
            sometimes(dice, 3, &mut data, "leaves_ikm", |dice| json!(dice.one_in(2)));
            sometimes(dice, 3, &mut data, "area", |dice| json!(AREAS[dice.below(2) as usize]));
            sometimes(dice, 3, &mut data, "disability", |dice| json!(dice.one_in(2)));
            envelope(kind, format!("person/{}", person(number)), &day(dice.below(20)), data)
        }
        "person.merged" => {
            let subject = format!("person/{}", person(dice.below(PERSONS)));
            envelope(kind, subject, &day(7 + dice.below(30)), json!({"into": some_person(dice)}))
        }
        "exhibition.announced" => {
            let to = if dice.one_in(15) { 14 } else { 19 };
            let data = json!({"area": AREAS[one as usize], "from": day(15), "to": day(to), "level": "city",
                "name": "Pameran", "venue": "Mal"});
            envelope(kind, format!("exhibition/{}", exhibition(one)), &day(dice.below(6)), data)
        }
        "exhibition.joined" => {
            let mut data = json!({"exhibition": exhibition(one), "visitors": dice.below(99)});
            sometimes(dice, 3, &mut data, "sales", |dice| json!(dice.below(9) * 100_000));
            envelope(kind, format!("ikm/{}", ikm(dice.below(IKMS))), &day(15 + dice.below(6)), data)
        }
        "area.population_reported" => {
            let mut data = json!({"commodity": dice.of(&["batik", "tenun"]), "source": "Laporan dinas"});
            sometimes(dice, 2, &mut data, "total", |dice| json!(dice.below(900)));
            sometimes(dice, 2, &mut data, "kecil", |dice| json!(dice.below(900)));
            sometimes(dice, 2, &mut data, "menengah", |dice| json!(dice.below(90)));
            let place = if dice.one_in(4) { "33" } else { area(dice) };
            envelope(kind, format!("area/{place}"), &day(dice.below(40)), data)
        }
        "area.target_set" => {
            let mut data =
                json!({"document": "RPJMD", "due": day(dice.below(60)), "value": 1 + dice.below(4)});
            let (name, of) = match dice.below(9) {
                0 => ("text", "dua balai"),
                1 => ("figure", "happiness"),
                _ => ("figure", dice.of(&["trained", "enrolled", "participated", "registered"])),
            };
            data[name] = json!(of);
            sometimes(
                dice,
                3,
                &mut data,
                "baseline",
                |dice| json!({"value": 1, "year": 2024 + dice.below(3)}),
            );
            if of != "registered" || dice.one_in(9) {
                sometimes(dice, 2, &mut data, "theme", |dice| json!(dice.of(&THEMES)));
            } else {
                sometimes(dice, 2, &mut data, "commodity", |dice| json!(dice.of(&["batik", "tenun"])));
            }
            let place = if dice.one_in(4) { "33" } else { area(dice) };
            envelope(kind, format!("area/{place}"), &day(dice.below(20)), data)
        }
        "area.coverage_declared" => {
            let mut data = json!({"through": day(15 + dice.below(20))});
            match dice.below(7) {
                0 => data["program"] = json!(program(dice.below(PROGRAMS))),
                1 => {
                    data["program"] = json!(program(dice.below(PROGRAMS)));
                    data["theme"] = json!("export");
                }
                2 => {}
                _ => data["theme"] = json!(dice.of(&THEMES)),
            }
            envelope(kind, format!("area/{}", area(dice)), &day(20 + dice.below(20)), data)
        }
        "registry.rules_adopted" => {
            envelope(kind, "registry".to_owned(), &day(60), json!({"rules": dice.below(2) + 1}))
        }
        _ => unreachable!("{kind} is proposed"),
    }
}
