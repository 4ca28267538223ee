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
    let told = |ask: &[&str]| {
        let csv = demo.run(&[ask, &["--on", "2026-06-30", "--list", "--format", "csv"]].concat()).out;
        let rows: Vec<Vec<String>> =
            csv.lines().map(|row| row.replace('"', "").split(',').map(str::to_owned).collect()).collect();
        let place = rows[0].iter().position(|column| column == "reasons").unwrap();
        rows[1..].iter().map(|row| row[place].clone()).collect::<Vec<_>>()
    };
    // That of the suspension, not of what followed it; who was only issued one has none.
    assert_eq!(told(&["view", "certificates_suspended"]).len(), 2);
    assert!(told(&["view", "certificates_suspended"]).contains(&"report_overdue".to_owned()));
    assert_eq!(told(&["view", "certificates_revoked"]), ["surveillance_failed"]);
    assert!(told(&["view", "certificates_issued"]).iter().all(String::is_empty));
    assert_eq!(told(&["view", "sentras"]), ["opened", "planned", "opened"]);
    assert!(told(&["view", "exported"]).contains(&"jp us".to_owned()));
    let expiring = demo.run(&["view", "certificates_expiring", "--on", "2026-06-30", "--list"]).out;
    assert!(expiring.contains("31 Jul 2026"), "{expiring}");
}

#[test]
fn a_figure_asked_for_by_name_is_told_alone_with_who_counts_in_it() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let ask = ["view", "never_participated", "--on", "2026-06-30"];
    let list = demo.run(&[&ask[..], &["--list"]].concat()).out;
    let members = list.lines().filter(|line| line.starts_with(" ikm/")).count();
    assert!(members == 3 && list.contains("  3  IKM never present in any"), "{list}");
    assert!(!list.contains("newcomers)") && !list.contains("first year"), "{list}");
    let csv = demo.run(&[&ask[..], &["--list", "--format", "csv"]].concat()).out;
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let by_year = ["view", "newcomers", "--by", "year", "--from", "2021-01-01", "--on", "2023-12-31"];
    let by_year = demo.run(&by_year).out;
    assert!(by_year.contains(" 2021 ") && !by_year.contains("never present"), "{by_year}");
    // A program reads all of it, with the digest over all of it.
    let whole = demo.json(&[&ask[..], &["--list"]].concat());
    assert!(whole["figures"].as_array().unwrap().len() > 1, "{whole}");
}

#[test]
fn a_row_tells_its_share_and_a_session_its_programme_and_day() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let attendance = demo.run(&["view", "attendance", "--on", "2026-06-30"]).out;
    let row = attendance.lines().find(|line| line.contains("14a6a668/2023-07-14")).unwrap();
    assert!(row.starts_with(" Pelatihan teknis produksi") && row.contains("14 Jul 2023"), "{row}");
    assert!(row.contains("86.67 %"), "{row}");
}
