//! `view --list --columns`: sealed values in a list, in the order of the names, under a look that names them.

use serde_json::json;

use super::World;
use super::proposals::{ikm, lines, person, registered};

/// An IKM whose owner has a phone number, and one of an earlier name.
fn world() -> World {
    let world = World::new();
    let mut owner = person(5);
    owner["data"]["phone"] = json!("+628111222333");
    let mut owned = registered(1);
    owned["data"]["owner"] = json!(ikm(5));
    owned["data"]["name"] = json!("\u{e9}mbun");
    let mut second = registered(2);
    second["data"]["name"] = json!("Batik");
    let appended = world.append(&lines([owner, owned, second]), &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);
    world
}

#[test]
fn a_list_tells_the_columns_in_the_order_of_the_names_and_notes_the_look() {
    let world = world();
    let (first, second) = (format!("ikm/{}", ikm(1)), format!("ikm/{}", ikm(2)));
    let ask = ["view", "registered", "--list", "--columns", "phone,name,nib", "--actor", "petugas-3"];
    let csv = world.run(&[&ask[..], &["--format", "csv"]].concat()).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("who,name,nib,phone,area,day,reasons,"), "{csv}");
    assert!(rows[1].starts_with(&format!("{second},Batik,")), "{csv}");
    assert!(
        rows[2].starts_with(&format!("{first},\u{e9}mbun,")) && rows[2].contains("+628111222333"),
        "{csv}"
    );
    let answer = world.json(&ask);
    assert_eq!(answer["columns"][&first]["phone"], "+628111222333");
    assert_eq!(
        (&answer["columns"][&second]["phone"], &answer["names"][&second]),
        (&json!(null), &json!("Batik"))
    );
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(
        log.contains("view registered --list --columns name,nib,phone") && log.contains("petugas-3"),
        "{log}"
    );
    // The number is the owner's, who was looked at, too.
    assert!(log.contains(&format!("person/{}", ikm(5))) && !log.contains("8111222333"), "{log}");
    for (flags, said) in [
        (&["--columns", "name"][..], "--list"),
        (&["--list", "--columns", "nik"], "nik"),
        (&["--list", "--names", "--columns", "nib"], "--names"),
    ] {
        let ran = world.run(&[&["view", "registered"], flags].concat());
        assert!(ran.code == 2 && ran.err.contains(said), "{flags:?}: {}", ran.err);
    }
}

#[test]
fn a_list_tells_the_day_and_the_reason_where_there_is_one() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let withdrawn = demo.json(&["view", "withdrawn", "--on", "2026-06-30", "--list"]);
    let who = withdrawn["members"][0]["who"].as_str().unwrap();
    let reason =
        withdrawn["breakdowns"].as_array().unwrap().iter().find(|one| one["by"] == "reason").unwrap();
    assert_eq!(withdrawn["reasons"][who], reason["rows"][0]["key"]);
    let expiring = demo.run(&["view", "certificates_expiring", "--on", "2026-06-30", "--list"]).out;
    assert!(expiring.contains("31 Jul 2026"), "{expiring}");
}
