//! `find`: by name, number or identifier, through the vault, noted and without repeating the words.

use serde_json::{Value, json};

use super::World;
use super::proposals::{event_id, ikm, lines, person, registered, retracted};

/// Matched field, value, standing and subject of each hit.
fn hits(found: &Value) -> Vec<(String, String, String, String)> {
    let text = |hit: &Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
    let hit =
        |hit: &Value| (text(hit, "matched"), text(hit, "value"), text(hit, "status"), text(hit, "subject"));
    found["hits"].as_array().unwrap().iter().map(hit).collect()
}

/// The first IKM is renamed by a correction (3), the second taken back (4); a person works for the first.
fn world() -> World {
    let world = World::new();
    let mut renamed = super::proposals::moved(3, 1);
    renamed["data"]["data"]["name"] = json!("Batik Melati");
    let mut somebody = person(5);
    somebody["data"] = json!({"ikm": ikm(1), "name": "Siti Nur\u{2019}aini", "nik": "3375014107900001",
        "phone": "+628111222333"});
    let taken_back = retracted(4, 2, &format!("ikm/{}", ikm(2)));
    let certificate = json!({"id": event_id(6), "type": "id.jejak.certificate.issued.v1",
        "subject": "certificate/01930a5d-ac96-774b-bcce-b302099a8003", "time": "2025-03-20T00:00:00+07:00",
        "data": {"holder": {"person": ikm(5)}, "issuer": "LSP Batik", "scheme": "competence",
            "valid_from": "2025-03-20", "valid_to": "2028-03-19", "number": "LSP-01/2025/0077"}});
    let exhibition = json!({"id": event_id(7), "type": "id.jejak.exhibition.announced.v1",
        "subject": "exhibition/01930a5d-ac96-774b-bcce-b302099a8004", "time": "2025-03-20T00:00:00+07:00",
        "data": {"name": "Pekan Batik", "venue": "Gedung Melati", "area": "33.75", "level": "city",
            "from": "2025-10-01", "to": "2025-10-05"}});
    let all = lines([registered(1), registered(2), renamed, taken_back, somebody, certificate, exhibition]);
    let appended = world.append(&all, &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);
    world
}

fn hit(matched: &str, value: &str, standing: &str, subject: &str) -> (String, String, String, String) {
    (matched.to_owned(), value.to_owned(), standing.to_owned(), subject.to_owned())
}

#[test]
fn names_are_found_also_those_that_no_longer_hold() {
    let world = world();
    let (first, second) = (format!("ikm/{}", ikm(1)), format!("ikm/{}", ikm(2)));
    let exhibition = "exhibition/01930a5d-ac96-774b-bcce-b302099a8004";
    let found = world.json(&["find", "--actor", "petugas-3", "MELATI"]);
    assert_eq!(
        hits(&found),
        [
            hit("name", "Batik Melati", "in_force", &first),
            hit("venue", "Gedung Melati", "in_force", exhibition)
        ]
    );
    assert_eq!((&found["hits"][0]["area"], &found["total"]), (&json!("33.74"), &json!(2)));
    let old = world.json(&["find", "--actor", "petugas-3", "nomor batik"]);
    assert_eq!(
        hits(&old),
        [
            hit("name", "Batik Nomor 1", "corrected", &first),
            hit("name", "Batik Nomor 2", "retracted", &second)
        ]
    );
    assert_eq!(old["hits"][0]["name"], "Batik Melati");
    // A correction that carried the number over does not make it an old one.
    let numbers = world.json(&["find", "--actor", "petugas-3", "1234-567-890"]);
    assert_eq!(hits(&numbers), [hit("nib", "", "in_force", &first), hit("nib", "", "retracted", &second)]);
    let table = world.run(&["find", "--actor", "petugas-3", "nomor"]).out;
    assert!(table.contains("corrected away") && table.contains("RETRACTED"), "{table}");
}

#[test]
fn persons_and_certificates_are_found_by_number_and_named() {
    let world = world();
    let who = format!("person/{}", ikm(5));
    for (typed, matched) in [
        ("3375 0141", "nik"),
        ("0811-1222", "phone"),
        ("aini", ""),
        ("nuraini siti", "name"),
        ("7f2c1a34", "id"),
        ("ＮＵＲ\u{200b}ＡＩＮＩ", "name"),
        ("٣٣٧٥\u{2011}0141", "nik"),
    ] {
        let found = world.json(&["find", "--actor", "petugas-3", typed, "--kind", "person"]);
        let all: Vec<String> = hits(&found).into_iter().map(|(matched, ..)| matched).collect();
        let expected: Vec<&str> = if matched.is_empty() { vec![] } else { vec![matched] };
        assert_eq!(all, expected, "{typed}");
        if !matched.is_empty() {
            assert_eq!(
                (&found["hits"][0]["subject"], &found["hits"][0]["area"]),
                (&json!(who), &json!("33.74"))
            );
        }
    }
    let found = world.json(&["find", "--actor", "petugas-3", "2025/0077"]);
    let certificate = &found["hits"][0];
    assert_eq!(certificate["value"], "LSP-01/2025/0077");
    assert_eq!((&certificate["holder"], &certificate["name"]), (&json!(who), &json!("Siti Nur\u{2019}aini")));
    assert_eq!(certificate["area"], "33.74");
}

#[test]
fn every_look_is_noted_first_and_never_the_words() {
    let world = world();
    let log = || std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap_or_default();
    // What stands open needs no look.
    assert_eq!(hits(&world.json(&["find", "melati", "--kind", "exhibition"])).len(), 1);
    assert_eq!(log(), "");
    for typed in ["Siti Nuraini", "3375014107900001", "Nobody Atall"] {
        assert_eq!(world.run(&["find", typed, "--actor", "petugas-1"]).code, 0);
        assert!(!log().contains(typed) && !log().to_lowercase().contains("siti"), "{}", log());
    }
    let text = log();
    let noted: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let purposes: Vec<&str> = noted.iter().map(|line| line["purpose"].as_str().unwrap()).collect();
    assert_eq!(
        purposes,
        [
            "find (words: 2)",
            "find (words: 2), found",
            "find (digits: 16)",
            "find (digits: 16), found",
            "find (words: 2)"
        ]
    );
    assert_eq!(noted[0]["subjects"], json!([]));
    assert_eq!(
        (&noted[1]["subjects"], &noted[1]["authid"]),
        (&json!([format!("person/{}", ikm(5))]), &json!("petugas-1"))
    );
    // Whoever is shown with a certificate is named as looked at.
    world.run(&["find", "--actor", "petugas-3", "2025/0077"]);
    assert!(log().lines().last().unwrap().contains(&format!("person/{}", ikm(5))), "{}", log());
    // A look that cannot be noted is not taken.
    std::fs::remove_file(world.dir().join("access.jsonl")).unwrap();
    std::fs::create_dir(world.dir().join("access.jsonl")).unwrap();
    let ran = world.run(&["find", "--actor", "petugas-3", "siti"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
}

#[test]
fn the_limit_is_said_and_nonsense_refused() {
    let world = World::new();
    world.append(&lines((1..=30).map(registered)), &[]);
    let found = world.json(&["find", "--actor", "petugas-3", "batik"]);
    assert_eq!((hits(&found).len(), &found["total"], &found["limit"]), (20, &json!(30), &json!(20)));
    assert!(
        world
            .run(&["find", "--actor", "petugas-3", "batik", "--limit", "2"])
            .out
            .contains("2 of 30 that fit")
    );
    let all = world.json(&["find", "--actor", "petugas-3", "batik", "--limit", "0"]);
    assert_eq!((hits(&all).len(), &all["limit"]), (30, &json!(0)));
    // Their number tells of all of them, whomever it shows.
    for limit in ["0", "1", "40"] {
        world.run(&["find", "--actor", "petugas-3", "batik", "--limit", limit]);
        let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
        let noted: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        let looked_at = noted["subjects"].as_array().unwrap().len();
        assert_eq!((&noted["purpose"], looked_at), (&json!("find (words: 1), found"), 30), "{limit}");
    }
    for command in [&["find", "--actor", "petugas-3", "batik", "--limit"][..], &["due", "--limit"][..]] {
        for wrong in ["-1", "x", "1.5"] {
            let ran = world.run(&[command, &[wrong]].concat());
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?} {wrong}: {}", ran.err);
        }
    }
    assert!(world.run(&["find", "--actor", "petugas-3", "batik", "nomor", "30"]).out.contains("1 that fit"));
    assert!(world.run(&["find", "--actor", "petugas-3", "nobody"]).out.contains("nothing fits"));
    assert!(
        world
            .run(&["find", "--actor", "petugas-3", "batik", "--format", "csv"])
            .out
            .starts_with("subject,matched,value,name,area,")
    );
    for wrong in [&["find"][..], &["find", " - "][..], &["find", "batik", "--kind", "claim"][..]] {
        assert_eq!(world.run(wrong).code, 2, "{wrong:?}");
    }
}

/// What an erasure leaves behind: the keys are gone, the frames stay and cannot be read.
#[test]
fn what_was_erased_is_not_found_and_no_failure() {
    use jejak::vault::KeyFile;
    use jejak_events::sealed::Group;
    let world = world();
    let who = format!("person/{}", ikm(5));
    for typed in ["siti", "3375 0141", "2025/0077"] {
        assert_eq!(hits(&world.json(&["find", "--actor", "petugas-3", typed])).len(), 1, "{typed}");
    }
    let disk = std::sync::Arc::new(jejak::disk::RealDisk);
    let mut keys = KeyFile::open(disk, &world.dir().join("keys")).unwrap();
    assert_eq!(keys.destroy(&[(&who, Group::Personal)]).unwrap(), 1);
    drop(keys);
    // The certificate's number was sealed under the holder's key.
    for typed in ["siti", "3375 0141", "2025/0077"] {
        assert_eq!(hits(&world.json(&["find", "--actor", "petugas-3", typed])).len(), 0, "{typed}");
    }
    // The stream itself is found by its identifier, without a name; others are found as before.
    let found = world.json(&["find", "--actor", "petugas-3", &who]);
    assert_eq!((&found["hits"][0]["matched"], found["hits"][0].get("name")), (&json!("id"), None));
    assert_eq!(hits(&world.json(&["find", "--actor", "petugas-3", "melati", "--kind", "ikm"])).len(), 1);
    let page = world.json(&["show", &who, "--actor", "petugas-3", "--names"]);
    assert_eq!(page["names"][&who], Value::Null);
}

#[test]
fn who_looks_registered_twice_is_listed_without_numbers() {
    let world = world();
    assert!(
        world
            .run(&["find", "--actor", "petugas-3", "--doubled"])
            .out
            .contains("no registration looks doubled")
    );
    let mut twin = registered(8);
    twin["data"]["nib"] = registered(1)["data"]["nib"].clone();
    assert_eq!(world.append(&lines([twin]), &[]).code, 0);
    let found = world.json(&["find", "--actor", "petugas-3", "--doubled", "--kind", "ikm"]);
    let twins = [format!("ikm/{}", ikm(1)), format!("ikm/{}", ikm(8))];
    assert_eq!(found["total"], 2, "{found}");
    for (hit, twin) in found["hits"].as_array().unwrap().iter().zip(&twins) {
        assert_eq!((&hit["matched"], &hit["group"]), (&json!("nib"), &json!(1)));
        assert_eq!((hit["subject"].as_str(), hit.get("value")), (Some(twin.as_str()), None));
    }
    let refused = world.run(&["find", "--doubled", "--kind", "sentra"]);
    assert!(refused.code == 2 && refused.err.contains("--kind ikm or --kind person"), "{}", refused.err);
    assert_eq!(world.run(&["find", "--actor", "petugas-3", "--doubled", "batik"]).code, 2);
    assert_eq!(world.run(&["find"]).code, 2);
}
