//! `view --compare`: who entered and left between two states of knowledge, and by which events; `view --compare-on`:
//! between two days, on which day and why.

use serde_json::{Value, json};

use super::World;
use super::proposals::{ikm, lines, moved, registered, retracted};

/// How a member differs and the events that did it.
fn change(comparison: &Value, who: u64) -> (String, Vec<u64>) {
    let who = format!("ikm/{}", ikm(who));
    let members = comparison["members"].as_array().unwrap();
    let member = members.iter().find(|member| member["who"] == who).unwrap();
    let events = member["events"].as_array().unwrap();
    let indexes = events.iter().map(|event| event["index"].as_u64().unwrap()).collect();
    (member["difference"].as_str().unwrap().to_owned(), indexes)
}

/// Three IKMs are registered (1 to 3); then a fourth (4), the second is moved to Semarang (5), and the
/// third is taken back (6).
fn world() -> World {
    let world = World::new();
    let taken_back = retracted(6, 3, &format!("ikm/{}", ikm(3)));
    let [first, then] =
        [vec![registered(1), registered(2), registered(3)], vec![registered(4), moved(5, 2), taken_back]];
    for all in [first, then] {
        let appended = world.append(&lines(all), &[]);
        assert_eq!(appended.code, 0, "{}", appended.out);
    }
    world
}

const ASK: [&str; 5] = ["view", "registered", "--on", "2025-12-31", "--compare"];

#[test]
fn a_comparison_names_who_and_by_which_event() {
    let world = world();
    let comparison = world.json(&[&ASK[..], &["4"]].concat());
    let figure = &comparison["figures"][0];
    assert_eq!(
        *figure,
        json!({"name": "registered", "unit": "ikm", "before": 3, "after": 3, "difference": 0,
            "members": [{"kind": "ikm", "entered": 1, "left": 1, "stayed": 2}]})
    );
    assert_eq!(change(&comparison, 4), ("entered".to_owned(), vec![4]));
    assert_eq!(change(&comparison, 2), ("changed".to_owned(), vec![5]));
    assert_eq!(change(&comparison, 3), ("left".to_owned(), vec![6]));
    assert_eq!(comparison["members"].as_array().unwrap().len(), 3);
    let left = comparison["members"].as_array().unwrap().iter().find(|one| one["difference"] == "left");
    assert_eq!(left.unwrap()["events"][0]["type"], "id.jejak.event.retracted.v1");
    assert!(left.unwrap()["events"][0]["recordedtime"].as_str().unwrap().ends_with('Z'));
    assert_eq!(
        (&comparison["before"]["log"]["size"], &comparison["after"]["log"]["size"]),
        (&json!(4), &json!(7))
    );
    assert_eq!(comparison["after"]["digest"], world.json(&ASK[..4])["digest"]);

    // In an area, the one that moved away has left.
    let pekalongan = world.json(&[&ASK[..], &["4", "--area", "33.75"]].concat());
    assert_eq!(change(&pekalongan, 2), ("left".to_owned(), vec![5]));
    // The one that knows less is the one before, whichever flag names it.
    let turned = world.json(&[&ASK[..], &["7", "--as-known", "4"]].concat());
    assert_eq!(turned["members"], comparison["members"]);
    // Nothing differs: still a good answer.
    let same = world.json(&[&ASK[..], &["7"]].concat());
    assert_eq!(same["members"], json!([]));
    let beyond = world.run(&[&ASK[..], &["99"]].concat());
    assert_eq!(beyond.code, 2, "{}", beyond.err);
}

#[test]
fn a_comparison_prints_in_every_form_and_notes_the_look_at_names() {
    let world = world();
    let table = world.run(&[&ASK[..], &["4"]].concat()).out;
    for said in [
        "difference",
        "      3            0 ",
        "6 retraction, ",
        "33.75 Kota Pekalongan → 33.74 Kota Semarang",
        "before       4 events",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
    assert!(!world.dir().join("access.jsonl").exists());
    let csv = world.run(&[&ASK[..], &["4", "--format", "csv"]].concat()).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("row,figure,unit,who,name,difference,before,after,"), "{csv}");
    assert!(rows[1].starts_with("figure,registered,ikm,,,0,3,3,"), "{csv}");
    let left = format!("member,,,ikm/{},,left,registered,,\"33.75\",,6,id.jejak.event.retracted.v1,", ikm(3));
    assert!(rows.iter().any(|row| row.starts_with(&left)), "{csv}");
    let width = rows[0].split(',').count();
    assert!(rows.iter().all(|row| row.split(',').count() == width), "{csv}");

    let named = world.json(&[&ASK[..], &["4", "--names", "--actor", "auditor-1"]].concat());
    assert_eq!(named["names"][format!("ikm/{}", ikm(4))], "Batik Nomor 4");
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(log.contains("view registered --compare 4 --names --on ") && log.contains(&ikm(4)), "{log}");
    assert!(!log.contains("Batik Nomor"), "{log}");
}

#[test]
fn a_version_that_there_is_not_is_refused_and_the_only_one_equals_itself() {
    let world = world();
    let ran = world.run(&["view", "registered", "--version", "2"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("has no version 2; it has 1"), "{}", ran.err);
    let same = world.json(&["view", "registered", "--version", "1", "--compare-version", "1"]);
    assert_eq!(same["members"], json!([]));
    assert_eq!((&same["before"]["version"], &same["answers_between"]), (&json!(1), &json!(0)));
    assert_eq!(same["before"]["digest"], same["after"]["digest"]);
    for wrong in [
        &["view", "--compare", "1"][..],
        &["view", "registered", "--compare", "1", "--compare-version", "1"][..],
        &["view", "registered", "--compare", "yesterday"][..],
        &["view", "registered", "--names"][..],
    ] {
        assert_eq!(world.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn the_example_tells_what_the_day_of_the_article_did_not_know_yet() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let ask = ["view", "green_certified", "--area", "33.75", "--on", "2026-06-30", "--compare", "2025-10-08"];
    let comparison = demo.json(&ask);
    let figure = &comparison["figures"][0];
    assert_eq!((&figure["before"], &figure["after"]), (&json!(0), &json!(7)));
    let members = comparison["members"].as_array().unwrap();
    assert_eq!(members.len(), 7);
    for member in members {
        assert_eq!(member["difference"], "entered");
        let types: Vec<_> = member["events"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
        assert_eq!(types[0], "id.jejak.certificate.issued.v1");
        let further = ["id.jejak.certificate.reinstated.v1", "id.jejak.certificate.renewed.v1"];
        assert!(types[1..].iter().all(|name| further.contains(&name.as_str().unwrap())), "{types:?}");
    }
}

/// Each step of a member as `difference day: cause day indexes`.
fn steps(comparison: &Value, who: u64) -> Vec<String> {
    let who = format!("ikm/{}", ikm(who));
    let members = comparison["members"].as_array().unwrap();
    let member = members.iter().find(|member| member["who"] == who).unwrap();
    let said = |step: &Value| {
        let cause = &step["causes"][0];
        let events = cause["events"].as_array().unwrap();
        let indexes: Vec<_> = events.iter().map(|event| event["index"].as_u64().unwrap()).collect();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let [how, day, code, on] =
            [&step["difference"], &step["day"], &cause["cause"], &cause["day"]].map(text);
        format!("{how} {day}: {code} {on} {indexes:?}")
    };
    member["steps"].as_array().unwrap().iter().map(said).collect()
}

#[test]
fn two_days_name_who_and_on_which_day_and_why() {
    let world = world();
    let on = ["view", "registered", "--on", "2025-12-31", "--compare-on"];
    let told = world.json(&[&on[..], &["2024-12-31"]].concat());
    let registered = world.json(&["view", "registered", "--on", "2025-12-31"]);
    assert_eq!(told["after"]["digest"], registered["digest"]);
    assert_eq!((&told["before"]["on"], &told["after"]["on"]), (&json!("2024-12-31"), &json!("2025-12-31")));
    // What was taken back counts on no day, and is nobody's cause.
    assert_eq!(told["members"].as_array().unwrap().len(), 3);
    for (who, events) in [(1, "[1]"), (2, "[2, 5]"), (4, "[4]")] {
        let said = format!("entered 2025-03-03: registered 2025-03-03 {events}");
        assert_eq!(steps(&told, who), [said]);
    }
    let figure = &told["figures"][0];
    assert_eq!(
        *figure,
        json!({"name": "registered", "unit": "ikm", "before": 0, "after": 3, "difference": 3,
            "members": [{"kind": "ikm", "entered": 3, "left": 0, "stayed": 0}]})
    );
    // As it was known before the fourth: the earlier day is the one before, whichever flag names it.
    let turned =
        ["view", "registered", "--on", "2024-12-31", "--compare-on", "2025-12-31", "--as-known", "4"];
    let turned = world.json(&turned);
    assert_eq!((&turned["before"]["on"], &turned["figures"][0]["after"]), (&json!("2024-12-31"), &json!(3)));
    // The same day: a good answer, and nothing differs.
    let same = world.json(&[&on[..], &["2025-12-31"]].concat());
    assert_eq!((&same["members"], &same["figures"][0]["members"][0]["stayed"]), (&json!([]), &json!(3)));
}

#[test]
fn two_days_print_in_every_form_and_note_the_look_at_names() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let ask = ["view", "certified", "--on", "2026-06-30", "--compare-on", "2023-12-31"];
    let page = demo.run(&ask).out;
    for said in ["stayed", "certificate lapsed 13 Jun 2025", "14 Jun 2025", "before       31 Dec 2023"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = demo.run_in_indonesian(&ask).out;
    for said in ["tetap", "sertifikat habis", "14 Jun 2025", "sebab", "sesudah      30 Jun 2026"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let csv = demo.run(&[&ask[..], &["--format", "csv"]].concat()).out;
    let rows: Vec<&str> = csv.lines().collect();
    let header: Vec<&str> = rows[0].split(',').collect();
    let cell = |row: &str, name: &str| {
        let place = header.iter().position(|column| *column == name).unwrap();
        row.split(',').nth(place).unwrap().to_owned()
    };
    let lapsed = rows.iter().find(|row| cell(row, "cause") == "lapsed").unwrap();
    assert_eq!((cell(lapsed, "row"), cell(lapsed, "difference")), ("member".to_owned(), "left".to_owned()));
    assert_eq!(
        (cell(lapsed, "before_on"), cell(lapsed, "after_on")),
        ("2023-12-31".into(), "2026-06-30".into())
    );
    let behind = |row: &&&str| cell(row, "row") == "members" && cell(row, "figure") == "certified_persons";
    let behind = rows.iter().find(behind).unwrap();
    let said = ["kind", "stayed", "entered"].map(|name| cell(behind, name));
    assert_eq!(said, ["person", "28", "0"]);
    let step = ["steps_entered", "steps_left"].map(|name| cell(lapsed, name));
    assert_eq!(step, ["", "certified_products"]);

    let looks = || std::fs::read_to_string(demo.dir().join("access.jsonl")).unwrap_or_default();
    assert!(!looks().contains("--compare-on"));
    let named = demo.run(&[&ask[..], &["--names", "--actor", "auditor-1"]].concat());
    assert_eq!(named.code, 0, "{}", named.err);
    assert!(
        looks().contains("view certified --compare-on 2023-12-31 --names --on 2026-06-30 --as-known "),
        "{}",
        looks()
    );
}

/// A figure asked for by name is told alone in every form, as a comparison and over time.
#[test]
fn a_figure_that_is_named_is_compared_alone() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let ask = ["view", "reach_trained", "--on", "2026-06-30"];
    let named = |answer: &Value| -> Vec<String> {
        let figures = answer["figures"].as_array().unwrap().iter();
        figures.map(|figure| figure["name"].as_str().unwrap().to_owned()).collect()
    };
    for against in [["--compare-on", "2023-06-30"], ["--compare", "2025-10-08"]] {
        let asked = [&ask[..], &against].concat();
        let told = demo.json(&asked);
        assert_eq!(named(&told), ["reach_trained"]);
        let sides =
            told["members"].as_array().unwrap().iter().flat_map(|one| [&one["before"], &one["after"]]);
        let figures: Vec<&Value> = sides.filter_map(|side| side.get("figures")).collect();
        assert!(
            !figures.is_empty() && figures.iter().all(|one| **one == json!(["reach_trained"])),
            "{told:#}"
        );
        let csv = demo.run(&[&asked[..], &["--format", "csv"]].concat()).out;
        assert!(csv.contains("figure,reach_trained,") && !csv.contains("reach_registered"), "{csv}");
        let page = demo.run(&asked).out;
        assert!(page.contains("IKM, trained") && !page.contains("IKM, registered"), "{page}");
    }
    let asked = [&ask[..], &["--compare-on", "2023-06-30"]].concat();
    assert!(demo.run(&asked).out.contains("35   completed a programme"), "{}", demo.run(&asked).out);
    let series = demo.json(&[&ask[..], &["--by", "year"]].concat());
    assert!(series["periods"].as_array().unwrap().iter().all(|period| named(period) == ["reach_trained"]));
    // The answer itself stays whole, so that its digest can be made again.
    assert!(named(&demo.json(&ask)).len() > 1);
}

#[test]
fn two_days_are_not_compared_with_anything_else_at_once() {
    let world = world();
    let on = ["view", "registered", "--on", "2025-12-31", "--compare-on", "2025-01-01"];
    for (also, id, en) in [
        (&["--compare", "4"][..], "dua keadaan log", "two states of the log"),
        (&["--compare-version", "1"][..], "dua definisi", "two definitions"),
        (&["--by", "year"][..], "banyak masa", "many periods"),
    ] {
        let asked = [&on[..], also].concat();
        for (ran, said) in [(world.run_in_indonesian(&asked), id), (world.run(&asked), en)] {
            let words = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                ran.code == 2 && words.contains(said) && words.contains(also[0]),
                "{also:?}: {}",
                ran.err
            );
        }
    }
    for wrong in [
        &["view", "--compare-on", "2025-01-01"][..],
        &["view", "registered", "--compare-on", "yesterday"][..],
        &["view", "registered", "--compare-on", "2025-01-01", "--list"][..],
        &["view", "enrolled", "--from", "2025-02-01", "--on", "2025-03-01", "--compare-on", "2025-01-01"][..],
    ] {
        assert_eq!(world.run(wrong).code, 2, "{wrong:?}");
    }
}
