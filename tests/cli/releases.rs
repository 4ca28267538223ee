//! `jejak release`: what is told, what is withheld, and that nothing leaves otherwise.

use serde_json::{Value, json};

use super::World;
use super::bundles::{created, members, verified, vkey};
use super::proposals::{event, ikm, lines, registered};

fn report(number: u64, of: u64, workers: u64) -> Value {
    let data = json!({"period": {"from": "2025-01-01", "to": "2025-03-31"}, "workers": workers, "women": workers / 2});
    event(number, "ikm.workforce_reported", &format!("ikm/{}", ikm(of)), "2025-04-07", data)
}

fn world(workers: &[u64]) -> World {
    let world = World::new();
    let numbered = || (1u64..).zip(workers);
    let registrations = numbered().map(|(of, _)| registered(of));
    let reports = numbered().map(|(of, workers)| report(100 + of, of, *workers));
    let ran = world.append(&lines(registrations.chain(reports)), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    world
}

const ASKED: [&str; 5] = ["release", "--period", "2025-Q1", "--actor", "statistik-1"];

fn cell<'a>(released: &'a Value, area: &str, figure: &str) -> &'a Value {
    let cells = released["cells"].as_array().unwrap();
    cells.iter().find(|cell| cell["area"] == area && cell["figure"] == figure).unwrap()
}

#[test]
fn a_release_is_recorded_as_open_events_and_what_is_too_little_is_withheld() {
    let world = world(&[10, 20, 30, 25, 15, 12]);
    let tried = world.json(&[&ASKED[..], &["--dry-run"]].concat());
    assert_eq!(
        (tried["told"].as_u64(), tried["recorded"].as_array().map(Vec::len)),
        (Some(4), Some(0)),
        "{tried:#}"
    );
    assert!(!tried.to_string().contains("112"), "a dry run shows no sum");
    let released = world.json(&ASKED);
    assert_eq!(cell(&released, "33.75", "workers")["sum"], 112);
    assert_eq!(cell(&released, "33", "women")["sum"], 55);
    assert_eq!((&released["withheld"], released["recorded"].as_array().unwrap().len()), (&json!(0), 2));
    let history = world.run(&["history", "area/33.75"]);
    assert!(history.out.contains("Workers 112 (6 IKM)"), "{}", history.out);
    let page = world.run(&["show", "area/33.75"]);
    assert!(page.out.contains("Workers 112 (6 IKMs)"), "{}", page.out);
    let noted = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(noted.contains("release --period 2025-Q1"), "{noted}");
    assert!(noted.contains("statistik-1"));

    // One more report: the difference would be its IKM's own figure.
    let more = world.append(&lines([registered(7), report(207, 7, 9)]), &[]);
    assert_eq!(more.code, 0, "{}{}", more.out, more.err);
    let again = world.json(&ASKED);
    assert_eq!((&again["told"], &again["withheld"]), (&json!(0), &json!(4)), "{again:#}");
    let verified = world.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

#[test]
fn three_ikms_a_large_one_and_zeros_are_withheld() {
    for (workers, why) in [
        (&[10, 20, 30][..], "few_ikms"),
        (&[10, 20, 30, 1], "tells_one"),
        (&[900, 20, 30, 10, 5], "tells_one"),
        (&[0, 0, 0, 0, 0], "tells_one"),
        // Each has one: whoever reports a workforce has somebody at work.
        (&[1, 1, 1, 1, 1], "tells_one"),
    ] {
        let released = world(workers).json(&ASKED);
        assert_eq!(released["told"], 0, "{workers:?}");
        assert_eq!(cell(&released, "33.75", "workers")["withheld"], why, "{workers:?}");
    }
}

/// Corrections that say the same again are other reports and the same figures: the difference is still that of the
/// one that came late.
#[test]
fn corrections_of_all_others_do_not_hide_the_one_that_came_late() {
    let workers = [10, 20, 30, 25, 15, 12];
    let world = world(&workers);
    assert_eq!(world.json(&ASKED)["told"], 4);
    let corrected = (1u64..).zip(workers).map(|(of, workers)| {
        let old = report(100 + of, of, workers);
        let data = json!({"target": old["id"], "reason": "typing_error", "type": old["type"],
            "subject": old["subject"], "time": old["time"], "timeprecision": "day", "data": old["data"]});
        event(300 + of, "event.corrected", old["subject"].as_str().unwrap(), "2025-04-08", data)
    });
    let late = [registered(7), report(207, 7, 9)];
    let more = world.append(&lines(corrected.chain(late)), &[]);
    assert_eq!(more.code, 0, "{}{}", more.out, more.err);
    let again = world.json(&ASKED);
    assert_eq!((&again["told"], &again["withheld"]), (&json!(0), &json!(4)), "{again:#}");
}

/// Whoever owns three of five IKMs knows them, and one more tells the fifth.
#[test]
fn ikms_of_one_owner_count_as_one() {
    let told = |owned: &[u64]| {
        let world = World::new();
        let person = json!({"name": "Siti Nurhaliza"});
        let owner = event(50, "person.registered", &format!("person/{}", ikm(50)), "2025-03-03", person);
        let registrations = (1..=5).map(|of| {
            let mut registered = registered(of);
            if owned.contains(&of) {
                registered["data"]["owner"] = json!(ikm(50));
            }
            registered
        });
        let reports = (1u64..).zip([10, 20, 30, 25, 15]).map(|(of, workers)| report(100 + of, of, workers));
        let ran = world.append(&lines([owner].into_iter().chain(registrations).chain(reports)), &[]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        world.json(&ASKED)["told"].as_u64().unwrap()
    };
    assert_eq!((told(&[]), told(&[1, 5]), told(&[1, 2, 5])), (4, 4, 0));
}

/// Two sums that differ by one area's only IKM would tell its figure.
#[test]
fn an_area_is_not_told_by_its_province() {
    let world = world(&[10, 20, 30, 25, 15, 12]);
    let mut elsewhere = registered(8);
    elsewhere["data"]["area"] = json!("33.26");
    let more = world.append(&lines([elsewhere, report(208, 8, 77)]), &[]);
    assert_eq!(more.code, 0, "{}{}", more.out, more.err);
    let released = world.json(&ASKED);
    let told = ["33", "33.75", "33.26"].map(|area| cell(&released, area, "workers")["told"] == true);
    assert_ne!(told, [true, true, false], "{released:#}");
    assert!(!told[2]);
}

#[test]
fn a_release_wants_a_period_that_is_over_somebody_who_may_look_and_something_to_tell() {
    let world = world(&[10, 20, 30, 25, 15, 12]);
    let refused = |asked: &[&str], code: i32, said: &str| {
        let ran = world.run(asked);
        assert_eq!((ran.code, ran.err.contains(said)), (code, true), "{asked:?}: {}", ran.err);
    };
    refused(&["release", "--period", "2025-Q1"], 2, "give --actor");
    refused(&["release", "--period", "2025-13", "--actor", "a"], 2, "a month, a quarter or a year");
    refused(&["release", "--period", "2999", "--actor", "a"], 1, "release it after that day");
    refused(&["release", "--period", "2019", "--actor", "a"], 1, "no report of the period");
    assert!(!world.dir().join("access.jsonl").exists(), "nothing was looked at");
}

/// Somebody has a published sum in hand, and asks for the evidence of it.
#[test]
fn a_bundle_answers_with_the_cells_of_a_release() {
    let world = world(&[10, 20, 30, 25, 15, 12]);
    let released = world.json(&ASKED);
    let index = released["recorded"][1].to_string();
    let path = created(&world, "rilis.zip", &["--release", &index]);
    let key = vkey(&world);
    let ran = verified(&path, &["--log-vkey", &key]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for line in [
        "2025-Q1, released on",
        "33 Jawa Tengah          Workers   112      6",
        "was counted again from the events before them, among 15 events",
        "That the 4 sums which releases in this log tell are those of the sealed figures",
    ] {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
    let verification: Value =
        serde_json::from_str(&verified(&path, &["--log-vkey", &key, "--format", "json"]).out).unwrap();
    let said = &verification["said"];
    for name in ["period", "log_size", "told", "withheld", "recorded", "cells"] {
        assert_eq!(said["release"][name], released[name], "{name}: {said:#}");
    }
    assert_eq!(said["releases"], json!([said["release"]]));
    let readme = members(&path).into_iter().find(|(member, _)| member.to_string() == "README.txt").unwrap().1;
    let readme = String::from_utf8(readme).unwrap();
    assert!(
        readme
            .contains("- 33.75 Kota Pekalongan, Pekerja: 112; 6 IKM, 0 laporan tanpa angka itu, 0 dihapus\n"),
        "{readme}"
    );
    assert!(
        readme.contains("- 33 Jawa Tengah, Women: 55; 6 IKMs, 0 reports without it, 0 erased\n"),
        "{readme}"
    );

    let proven = "Proven: the cells are those that the log holds, and how many IKMs and reports stand behind each is\ncounted from the events before them. The sums themselves are the registry's word, from sealed figures";
    let proven = proven.replace('\n', " ");
    let unbroken = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(unbroken.contains(&proven), "{readme}");

    // What is withheld is said to be, and why; any other bundle of the log names the releases, too.
    let more = world.append(&lines([registered(7), report(207, 7, 9)]), &[]);
    assert_eq!(more.code, 0, "{}{}", more.out, more.err);
    let again = world.json(&ASKED);
    let path = created(&world, "lagi.zip", &["--release", &again["recorded"][0].to_string()]);
    let ran = verified(&path, &["--log-vkey", &key]);
    assert!(ran.out.contains("would tell one IKM's figure"), "{}", ran.out);
    let path = created(&world, "terdaftar.zip", &["--view", "registered"]);
    let ran = verified(&path, &["--log-vkey", &key]);
    let first = released["recorded"][0].to_string();
    assert!(ran.out.contains(&format!("2025-Q1, index {first}: 4 sums told, 0 withheld")), "{}", ran.out);
    assert!(ran.out.contains("2 releases are in this log (0 not named here)"), "{}", ran.out);

    let out = world.beside("no.zip");
    let refused = |flags: &[&str], code: i32, words: &str| {
        let ran = world.run(&[&["bundle", "create", "-o", out.to_str().unwrap()], flags].concat());
        assert_eq!(ran.code, code, "{flags:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{flags:?}: {}", ran.err);
    };
    refused(&["--release", "3"], 2, "event 3 is no release");
    refused(&["--release", "999"], 2, "there is no release at index 999");
    refused(&["--release", &index, "--disclose", "workers"], 2, "--disclose");
    assert!(!out.exists());
}
