//! What an identifier, its beginning, or words of a title mean, wherever a command takes one.

use serde_json::json;

use super::World;
use super::proposals::{ikm, lines, registered};

const BASIC: &str = "program/7357a0cf-d066-4c47-9a34-78d7ca45be7b";

#[test]
fn a_programme_is_meant_by_its_title_its_beginning_or_all_of_it() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    let short = &BASIC[..16];
    let page = demo.json(&["show", BASIC, "--on", "2026-06-30"]);
    for typed in ["membatik dasar", "Dasar  MEMBATIK", "program/membatik", short, &short[8..]] {
        assert_eq!(demo.json(&["show", typed, "--on", "2026-06-30"]), page, "{typed}");
        assert_eq!(demo.json(&["history", typed])["subject"], BASIC, "{typed}");
        let asked = demo.json(&["view", "trained", "--program", typed]);
        assert_eq!(asked["question"]["program"], &BASIC[8..], "{typed}");
        assert_eq!(asked["titles"][BASIC], "Pelatihan membatik dasar (sintetis)");
    }
    let several = demo.run(&["view", "trained", "--program", "standardisasi"]);
    assert_eq!(several.code, 2);
    let said: Vec<&str> = several.err.lines().map(str::trim).collect();
    assert_eq!(said[0], "jejak: cannot do that: \"standardisasi\" fits 4; name one alone:");
    assert_eq!(said[1], "program/74607298 Pelatihan standardisasi produk, edisi kedua (sintetis)");
    let near = demo.run_in_indonesian(&["show", "membatk dasar"]);
    assert_eq!(near.code, 2);
    assert!(near.err.contains("Yang mirip:\n    program/7357a0cf Pelatihan membatik dasar"), "{}", near.err);
    // A title that is a whole one is meant, whatever else has it as a part.
    let area = demo.json(&["show", "kota pekalongan"]);
    assert_eq!(area["subject"], "area/33.75");
    let of_both = demo.run(&["show", "area/pekalongan"]);
    assert!(of_both.err.contains("area/33.26 Kabupaten Pekalongan"), "{}", of_both.err);
}

#[test]
fn somebody_is_meant_by_the_beginning_alone_and_a_look_names_all_of_it() {
    let world = World::new();
    assert_eq!(world.append(&lines([registered(1), registered(2)]), &[]).code, 0);
    let first = format!("ikm/{}", ikm(1));
    let alike = world.run(&["subject", "show", "--actor", "petugas-3", &first[..12]]);
    assert_eq!(alike.code, 2);
    for both in [first.clone(), format!("ikm/{}", ikm(2))] {
        assert!(alike.err.contains(&both), "{}", alike.err);
    }
    // A name is sealed, and no look was noted.
    let named = world.run(&["show", "batik nomor"]);
    assert!(named.code == 2 && named.err.contains("fits nothing on record"), "{}", named.err);
    let short = &first[..first.len() - 1];
    // Both begin so, too.
    assert_eq!(world.run(&["subject", "show", "--actor", "petugas-3", short]).code, 2);
    assert_eq!(world.append(&lines([super::proposals::person(5)]), &[]).code, 0);
    let log = || std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap_or_default();
    assert_eq!(log(), "");
    let held = world.json(&["subject", "show", "--actor", "petugas-3", &first]);
    assert_eq!(held["subject"], json!(first));
    assert!(log().contains(&first));
    // What is destroyed must be named whole.
    let person = format!("person/{}", ikm(5));
    let begins = &person[..person.len() - 2];
    let erase = ["subject", "erase", begins, "--basis", "subject_request"];
    let refused = world.run(&erase);
    assert!(
        refused.code == 2 && refused.err.contains(&format!("write the whole identifier: {person}")),
        "{}",
        refused.err
    );
    assert_eq!(world.run(&[&erase[..], &["--dry-run"]].concat()).code, 0);
}

/// A theme or a source of money is meant by its code in letters of either case, or by what pages call it.
#[test]
fn a_theme_and_money_are_meant_by_their_codes_or_their_words() {
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    for (flag, typed, code) in [
        ("--theme", "Ekspor", "export"),
        ("--theme", "green industry", "green_industry"),
        ("--funding", "APBD", "apbd"),
    ] {
        let asked = demo.json(&["view", "trained", flag, typed]);
        assert_eq!(asked["question"][&flag[2..]], code, "{typed}");
    }
    let none = demo.run(&["view", "trained", "--funding", "Dinas"]);
    let said = "--funding \"Dinas\": there is no such code; there are: apbd, dak_fisik, dak_nonfisik";
    assert!(none.code == 2 && none.err.contains(said), "{}", none.err);
    let near = demo.run_in_indonesian(&["view", "trained", "--theme", "hijau"]);
    let said = "tidak ada program dalam log yang menyebutnya; barangkali maksud Anda: green_industry (industri hijau)";
    assert!(near.code == 0 && near.err.contains(said), "{}", near.err);
    let target = demo.json(&["view", "targets", "--only", "target=219"]);
    assert_eq!(target["question"]["only"]["key"], "219/participated");
}
