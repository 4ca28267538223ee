//! `--as-known`: sizes that the log never had, times that have not come, and names of one day.

use serde_json::{Value, json};

use super::{World, results};

const A: &str = "7f2c1a34-5b6d-4e8f-9a0b-0000000000aa";

fn ikm(number: u64, kind: &str, id: &str, data: Value) -> Value {
    json!({"id": format!("0197f2c1-5b6d-7e8f-9a0b-{number:012x}"), "type": format!("id.jejak.{kind}.v1"),
        "subject": format!("ikm/{id}"), "time": "2025-01-06T00:00:00+07:00", "data": data})
}

fn registered(number: u64, id: &str, name: &str) -> Value {
    let data = json!({"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
        "sole_proprietor": false, "name": name});
    ikm(number, "ikm.registered", id, data)
}

fn lines(events: &[Value]) -> String {
    events.iter().map(|event| event.to_string() + "\n").collect()
}

#[test]
fn a_size_inside_what_was_recorded_together_is_refused_everywhere() {
    let world = World::new();
    let batch: Vec<Value> = (1..=3)
        .map(|at| registered(at, &format!("7f2c1a34-5b6d-4e8f-9a0b-{at:012x}"), "Batik Contoh"))
        .collect();
    assert_eq!(results(&world.append(&lines(&batch), &["--atomic"])).len(), 3);
    let claim = world.beside("claim.toml");
    let text = "document = \"a\"\npublisher = \"b\"\nclaim = \"3 IKMs\"\nkind = \"fact\"\nunit = \"ikm\"\nvalue = 3\n\
        published_on = 2025-06-30\n[indicator]\nview = \"registered\"\nfigure = \"registered\"\n[scope]\narea = \"33.75\"\n";
    std::fs::write(&claim, text).unwrap();
    let (claim, zip) = (claim.to_str().unwrap().to_owned(), world.beside("b.zip"));
    let zip = zip.to_str().unwrap().to_owned();
    let show = format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{:012x}", 1);
    let asks: [&[&str]; 6] = [
        &["view", "registered", "--as-known"],
        &["view", "--as-known"],
        &["view", "registered", "--compare"],
        &["claim", "check", &claim, "--as-known"],
        &["show", &show, "--as-known"],
        &["bundle", "create", "--view", "registered", "-o", &zip, "--as-known"],
    ];
    for ask in asks {
        for inside in ["2", "3"] {
            let refused = world.run(&[ask, &[inside]].concat());
            assert_eq!(refused.code, 2, "{ask:?} {inside}: {}{}", refused.out, refused.err);
            let said =
                format!("the log never had size {inside}: events 1 to 3 were recorded together; use 1 or 4");
            assert!(refused.err.contains(&said), "{ask:?}: {}", refused.err);
        }
        for future in ["2999-01-01", "2999-01-01T00:00:00+07:00"] {
            let refused = world.run(&[ask, &[future]].concat());
            assert_eq!(refused.code, 2, "{ask:?} {future}: {}{}", refused.out, refused.err);
            assert!(refused.err.contains("has not come"), "{ask:?}: {}", refused.err);
        }
    }
    for ask in [
        &["claim", "check", &claim, "--on"][..],
        &["claim", "sample", &claim, "--seed", "a", "--on"],
        &["bundle", "create", "--view", "registered", "-o", &zip, "--on"],
        &["bundle", "create", "--claim", &claim, "-o", &zip, "--on"],
    ] {
        let refused = world.run(&[ask, &["2999-01-01"]].concat());
        assert_eq!(refused.code, 2, "{ask:?}: {}{}", refused.out, refused.err);
        assert!(
            refused.err.contains("2999-01-01") && refused.err.contains("has not come"),
            "{}",
            refused.err
        );
    }
    // What is on record says what holds then: no one claims to know what happens until then.
    for ask in [&["view", "registered", "--on"][..], &["due", "--on"], &["show", &show, "--on"]] {
        assert_eq!(world.run(&[ask, &["2999-01-01"]].concat()).code, 0, "{ask:?}");
    }
    for (size, figure) in [("0", 0), ("1", 0), ("4", 3)] {
        let answer = world.json(&["view", "registered", "--as-known", size]);
        assert_eq!(answer["figures"][0]["value"], figure, "{size}");
    }
}

#[test]
fn of_two_names_of_one_day_the_one_recorded_last_is_told() {
    let world = World::new();
    let changed = ikm(2, "ikm.profile_changed", A, json!({"name": "Batik Baru"}));
    world.append(&lines(&[registered(1, A, "Batik Lama"), changed]), &[]);
    let told = world.run(&["view", "registered", "--list", "--actor", "petugas-3", "--names"]);
    assert!(told.out.contains("Batik Baru") && !told.out.contains("Batik Lama"), "{}{}", told.out, told.err);
}

#[test]
fn of_a_day_to_come_a_note_says_that_it_has_not_come() {
    let world = World::new();
    let id = "7f2c1a34-5b6d-4e8f-9a0b-000000000001";
    assert_eq!(world.append(&lines(&[registered(1, id, "Batik Contoh")]), &[]).code, 0);
    let show = format!("ikm/{id}");
    let asks: [(&[&str], &str); 6] = [
        (&["view", "registered", "--on", "2999-01-01"], "--on"),
        (&["view", "registered", "--on", "2999-01-01", "--format", "json"], "--on"),
        (&["view", "registered", "--on", "2025-01-06", "--compare-on", "2999-01-01"], "--compare-on"),
        (&["view", "--on", "2999-01-01"], "--on"),
        (&["show", &show, "--on", "2999-01-01"], "--on"),
        (&["due", "--on", "2999-01-01"], "--on"),
    ];
    for (ask, flag) in asks {
        let ran = world.run(ask);
        assert_eq!(ran.code, 0, "{ask:?}: {}", ran.err);
        assert!(ran.err.contains(&format!("jejak: {flag} 2999-01-01 has not come")), "{ask:?}: {}", ran.err);
        let ran = world.run_in_indonesian(ask);
        assert!(ran.err.contains(&format!("jejak: {flag} 2999-01-01 belum tiba")), "{ask:?}: {}", ran.err);
    }
    for past in ["2025-01-06", "2020-01-01"] {
        let ran = world.run(&["view", "registered", "--on", past, "--compare-on", "2025-01-01"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{past}");
    }
    // In a series there is no number for what has not begun.
    let series = ["view", "registered", "--by", "year", "--from", "2998-01-01", "--on", "2999-12-31"];
    let told = world.json(&series);
    assert!(
        told["periods"].as_array().unwrap().iter().all(|period| period["figures"][0]["value"].is_null()),
        "{told}"
    );
    assert!(told["today"].as_str().unwrap() < "2998", "{told}");
    assert!(world.run(&series).out.contains("- 2998 to 2999 not begun yet"));
    let csv = world.run(&[&series[..], &["--format", "csv"]].concat()).out;
    assert!(csv.lines().skip(1).all(|row| row.contains(",false,registered,ikm,,")), "{csv}");
}
