//! What stands beside the figures: attested sums, and what is due.

use serde_json::{Value, json};

use super::World;
use super::proposals::{event, event_id, ikm, lines, person, registered};

fn reported(number: u64, of: u64, workers: u64, women: Option<u64>) -> Value {
    let mut data = json!({"period": {"from": "2025-01-01", "to": "2025-03-31"}, "workers": workers});
    if let Some(women) = women {
        data["women"] = json!(women);
    }
    event(number, "ikm.workforce_reported", &format!("ikm/{}", ikm(of)), "2025-04-07", data)
}

fn world_of(ikms: u64) -> World {
    let world = World::new();
    let registrations = (1..=ikms).map(registered);
    let reports = (1..=ikms).map(|of| reported(100 + of, of, 10 * of, (of > 1).then_some(of)));
    let ran = world.append(&lines(registrations.chain(reports)), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    world
}

fn total<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let figures = answer["attested"].as_array().unwrap();
    &figures.iter().find(|figure| figure["name"] == name).unwrap()["total"]
}

#[test]
fn sealed_figures_are_summed_beside_the_view_and_the_look_is_noted() {
    let world = world_of(5);
    let asked = ["view", "welfare", "--on", "2025-12-31"];
    let plain = world.json(&asked);
    assert_eq!(plain["figures"][0]["value"], 5);
    assert_eq!(plain["attested"], Value::Null, "nothing sealed unless asked for");
    let answer = world.json(&[&asked[..], &["--attested", "--actor", "statistik-1"]].concat());
    assert_eq!(answer["digest"], plain["digest"], "no sealed figure in a digest");
    assert_eq!(total(&answer, "workers")["value"], json!({"value": 150}));
    let women = total(&answer, "women");
    assert_eq!(women["value"], json!({"value": 14}));
    // Their workers would give away those of the one that does not say how many are women.
    assert_eq!(women["whole"], "withheld");
    assert_eq!((&women["seen"], &women["unseen"], &women["erased"]), (&json!(4), &json!(1), &json!(0)));
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    let line: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let known = answer["question"]["as_known"].as_u64().unwrap();
    assert_eq!(line["purpose"], format!("view welfare --attested --on 2025-12-31 --as-known {known}"));
    assert_eq!(line["subjects"].as_array().unwrap().len(), 5);

    let table = world.run(&[&asked[..], &["--attested", "--actor", "statistik-1"]].concat());
    assert!(table.out.contains("Attested by the registry"), "{}", table.out);
    let csv = world.run(&[&asked[..], &["--attested", "--actor", "statistik-1", "--format", "csv"]].concat());
    assert!(csv.out.contains("welfare,total,,workers,attested,150,"), "{}", csv.out);
    // Who gave the numbers stands beside each, and beside what is counted nothing.
    let head = csv.out.lines().next().unwrap();
    assert!(head.contains(",day,whole,seen,unseen,erased,ikms,"), "{head}");
}

#[test]
fn sums_over_two_ikms_are_withheld() {
    let world = world_of(2);
    let answer =
        world.json(&["view", "welfare", "--on", "2025-12-31", "--attested", "--actor", "statistik-1"]);
    assert_eq!(total(&answer, "workers")["value"], "withheld");
    let attested = answer["attested"].to_string();
    assert!(!attested.contains("30"), "the sum of both stands nowhere: {attested}");
    let refused = world.run(&["view", "enrolled", "--attested", "--actor", "statistik-1"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("welfare"), "{}", refused.err);
}

#[test]
fn what_was_erased_is_counted_as_erased_and_changes_no_figure() {
    let world = world_of(5);
    let asked = ["view", "welfare", "--on", "2025-12-31", "--as-known", "11"];
    let before = world.json(&asked);
    let erased = world.run(&["subject", "erase", &format!("ikm/{}", ikm(4)), "--basis", "subject_request"]);
    assert_eq!(erased.code, 0, "{}", erased.err);
    let after = world.json(&[&asked[..], &["--attested", "--actor", "statistik-1"]].concat());
    assert_eq!((&after["digest"], &after["figures"]), (&before["digest"], &before["figures"]));
    // 150 without the 40 of the one that is erased.
    let workers = total(&after, "workers");
    assert_eq!(workers["value"], json!({"value": 110}));
    assert_eq!((&workers["seen"], &workers["erased"]), (&json!(4), &json!(1)));
    world.assert_sound();
}

#[test]
fn due_lists_what_to_look_into() {
    let world = world_of(3);
    let certificate = |number: u64, of: u64, until: &str| {
        let subject = format!("certificate/{}", ikm(500 + number));
        event(
            number,
            "certificate.issued",
            &subject,
            "2025-04-14",
            json!({"holder": {"ikm": ikm(of)}, "issuer": "LSIH Contoh", "scheme": "sih",
                "number": format!("13134:2025/{number}"), "valid_from": "2025-04-14", "valid_to": until}),
        )
    };
    let ran =
        world.append(&lines([certificate(201, 1, "2025-07-13"), certificate(202, 2, "2025-07-14")]), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let section = |on: &str, place: usize| world.json(&["due", "--on", on])["sections"][place].clone();
    // 90 days after 2025-04-14 is 2025-07-13.
    let expiring = section("2025-04-14", 0);
    assert_eq!((&expiring["name"], &expiring["total"]), (&json!("certificates_expiring"), &json!(1)));
    assert_eq!(expiring["rows"][0]["day"], "2025-07-13");
    assert_eq!(expiring["rows"][0]["who"], format!("ikm/{}", ikm(1)));
    // The last news of IKM 3 is its report of 2025-04-07.
    assert_eq!(section("2026-04-06", 2)["total"], 0);
    assert_eq!(section("2026-04-07", 2)["rows"][0]["who"], format!("ikm/{}", ikm(3)));
    // Everything was recorded long after it happened, and three rows are shown of it.
    let today = world.json(&["due", "--limit", "3"]);
    let late = &today["sections"][3];
    assert_eq!((&late["name"], &late["total"]), (&json!("recorded_late"), &json!(8)));
    assert_eq!(late["rows"].as_array().unwrap().len(), 3);
    // Recorded today: in the list until the ninetieth day after it.
    let until = today["log"]["recorded_until"].as_str().unwrap();
    let office = jejak_events::area::AreaCode::parse("33.75").unwrap();
    let recorded = jejak_events::time::RecordedTime::parse(until).unwrap().date_in(office);
    for (days, total) in [(-1, 0), (0, 8), (90, 8), (91, 0)] {
        let on = jejak_events::values::Date::from_day_number(recorded.day_number() + days).unwrap();
        assert_eq!(section(&on.to_string(), 3)["total"], total, "{days} days after");
    }
    let table = world.run(&["due", "--limit", "3"]);
    assert!(table.out.contains("and 5 more (--limit 0: all)"), "{}", table.out);
    assert_eq!(world.run(&["due", "--area", "99.99"]).code, 2);
    // A part is told as a part, in every form: of an area, and of how many.
    let of_city = ["due", "--area", "33.75", "--limit", "3"];
    assert_eq!((&today["area"], &world.json(&of_city)["area"]), (&Value::Null, &json!("33.75")));
    let table = world.run(&of_city).out;
    assert!(table.ends_with(" WIB, area 33.75 Kota Pekalongan\n"), "{table}");
    let csv = world.run(&[&of_city[..], &["--format", "csv"]].concat()).out;
    assert!(
        csv.starts_with("section,who,day,area,events,total,question_area,on,as_known,synthetic\n"),
        "{csv}"
    );
    let late: Vec<&str> = csv.lines().filter(|row| row.starts_with("recorded_late,")).collect();
    assert!(late.len() == 3 && late.iter().all(|row| row.contains(",8,\"33.75\",")), "{csv}");
}

/// A person of this sex, or of none that is told, who is certified.
fn certified(number: u64, sex: Option<&str>) -> [Value; 2] {
    let mut holder = person(number);
    holder["data"]["birth_year"] = json!(1960 + number * 10);
    if let Some(sex) = sex {
        holder["data"]["sex"] = json!(sex);
    }
    let certificate = json!({
        "scheme": "competence", "number": format!("C-{number}"), "issuer": "LSP Contoh",
        "holder": {"person": ikm(number)}, "valid_from": "2025-04-01", "valid_to": "2028-03-31",
    });
    let stream = format!("certificate/{}", ikm(50 + number));
    [holder, event(50 + number, "certificate.issued", &stream, "2025-04-01", certificate)]
}

#[test]
fn women_and_ages_are_counted_by_what_is_in_force_of_those_who_tell() {
    let world = World::new();
    let persons = [(1, Some("P")), (2, Some("P")), (3, Some("L")), (4, Some("L")), (5, None)];
    let ran = world.append(&lines(persons.into_iter().flat_map(|(number, sex)| certified(number, sex))), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let original = person(4);
    let mut corrected = original.clone();
    corrected["data"] = json!({
        "target": original["id"], "reason": "typing_error", "type": original["type"], "subject": original["subject"],
        "time": original["time"], "timeprecision": "day",
        "data": {"name": "Orang Nomor 4", "sex": "P", "birth_year": 1990},
    });
    (corrected["type"], corrected["id"]) = (json!("id.jejak.event.corrected.v1"), json!(event_id(90)));
    let ran = world.append(&lines([corrected]), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let asked = ["view", "certified", "--on", "2025-12-31"];
    let told =
        |more: &[&str]| world.json(&[&asked[..], more, &["--attested", "--actor", "statistik-1"]].concat());
    let of = |answer: &Value, name: &str| {
        let part = total(answer, name);
        (part["value"]["value"].clone(), part["seen"].clone(), part["unseen"].clone(), part["erased"].clone())
    };
    let counts = |value: u64, seen: u64, unseen: u64, erased: u64| {
        (json!(value), json!(seen), json!(unseen), json!(erased))
    };
    let answer = told(&[]);
    assert_eq!(answer["digest"], world.json(&asked)["digest"], "no sealed value in a digest");
    assert_eq!(of(&answer, "certified_women"), counts(3, 4, 1, 0));
    // Born in 1970, 1980, 1990, 1990 and 2010.
    assert_eq!(of(&answer, "certified_35_to_60"), counts(4, 5, 0, 0));
    assert_eq!(of(&answer, "certified_under_35"), counts(1, 5, 0, 0));
    assert_eq!(
        of(&told(&["--as-known", "11"]), "certified_women"),
        counts(2, 4, 1, 0),
        "before the correction"
    );
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(
        log.contains("view certified --attested") && log.contains(&format!("person/{}", ikm(5))),
        "{log}"
    );
    let erased =
        world.run(&["subject", "erase", &format!("person/{}", ikm(1)), "--basis", "subject_request"]);
    assert_eq!(erased.code, 0, "{}", erased.err);
    assert_eq!(of(&told(&[]), "certified_women"), counts(2, 3, 1, 1));
}

#[test]
fn an_ikm_is_a_womans_by_the_sex_of_whoever_owns_it_on_the_day() {
    let world = World::new();
    let owner = |number: u64, sex: &str| {
        let mut owner = person(number);
        owner["data"]["sex"] = json!(sex);
        owner
    };
    let owned = |number: u64, by: Option<u64>| {
        let mut owned = registered(number);
        if let Some(by) = by {
            owned["data"]["owner"] = json!(ikm(by));
        }
        owned
    };
    let owners = [owner(11, "P"), owner(12, "P"), owner(13, "L")];
    let ikms = [owned(1, Some(11)), owned(2, Some(12)), owned(3, Some(13)), owned(4, None)];
    let sold =
        event(90, "ikm.profile_changed", &format!("ikm/{}", ikm(3)), "2025-06-01", json!({"owner": ikm(11)}));
    let ran = world.append(&lines(owners.into_iter().chain(ikms).chain([sold])), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let told = |on: &str| {
        let asked = ["view", "registered", "--on", on, "--attested", "--actor", "statistik-1"];
        let part = total(&world.json(&asked), "women_owned").clone();
        (part["value"].clone(), part["whole"].clone(), part["seen"].clone(), part["unseen"].clone())
    };
    let value = |count: u64| json!({"value": count});
    assert_eq!(told("2025-05-31"), (value(2), value(3), json!(3), json!(1)));
    assert_eq!(told("2025-06-01"), (value(3), value(3), json!(3), json!(1)));
}

/// Events 100 and later: each IKM is present on the one day of a training, and reports before and after it.
fn trained(of: u64) -> Vec<Value> {
    let (stream, program) = (format!("ikm/{}", ikm(of)), ikm(900));
    let own = |step: u64, kind, day, data| event(100 * of + step, kind, &stream, day, data);
    let report = |step, day, period: [&str; 2], workers, women: Option<u64>| {
        let mut data = json!({"period": {"from": period[0], "to": period[1]}, "workers": workers});
        women.into_iter().for_each(|women| data["women"] = json!(women));
        own(step, "ikm.workforce_reported", day, data)
    };
    let came = json!({"program": program, "session": ikm(901), "day": "2025-05-05", "status": "present"});
    vec![
        registered(of),
        own(1, "enrolment.made", "2025-04-02", json!({"program": program})),
        report(2, "2025-04-07", ["2025-01-01", "2025-03-31"], 10 * of, Some(of)),
        own(3, "training.attended", "2025-05-05", came),
        report(4, "2025-07-07", ["2025-04-01", "2025-06-30"], 10 * of + 1, (of > 1).then_some(of + 2)),
    ]
}

#[test]
fn of_jobs_the_first_and_the_latest_report_are_attested() {
    let world = World::new();
    let program = format!("program/{}", ikm(900));
    let opening = json!({"title": "Pelatihan", "area": "33.75", "organiser": "Dinas", "theme": "export",
        "unit": "ikm"});
    let day = json!({"date": "2025-05-05", "theory_minutes": 60, "practice_minutes": 60});
    let session = json!({"session": ikm(901), "days": [day], "venue": "Aula"});
    let mut told = vec![
        event(90_001, "program.opened", &program, "2025-04-01", opening),
        event(90_002, "program.session_scheduled", &program, "2025-04-01", session),
    ];
    told.extend((1..=4).flat_map(trained));
    let ran = world.append(&lines(told), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let asked = ["view", "jobs", "--on", "2025-12-31"];
    let plain = world.json(&asked);
    assert_eq!((&plain["figures"][0]["value"], &plain["attested"]), (&json!(4), &Value::Null));
    let answer = world.json(&[&asked[..], &["--attested", "--actor", "statistik-1"]].concat());
    assert_eq!(answer["digest"], plain["digest"]);
    let names: Vec<_> =
        answer["attested"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    let of = |name: &str| (total(&answer, name)["value"].clone(), total(&answer, name)["unseen"].clone());
    let value = |value: u64| json!({"value": value});
    assert_eq!(of(names[0].as_str().unwrap()), (value(100), json!(0)), "{names:?}");
    assert_eq!(of(names[1].as_str().unwrap()), (value(104), json!(0)));
    // The first says how many are women before the training only: it is in neither sum.
    assert_eq!(of(names[2].as_str().unwrap()), (value(9), json!(1)));
    assert_eq!(of(names[3].as_str().unwrap()), (value(15), json!(1)));
    assert_eq!(of(names[4].as_str().unwrap()).0, json!("none"), "nobody told");
}
