//! `subject show|export|erase` and `attach`: forms, exit codes, and what is noted before anything is shown.

use std::process::Stdio;

use serde_json::{Value, json};

use super::proposals::{event_id, ikm, lines, person, registered};
use super::{Ran, World, results};

fn who(number: u64) -> String {
    format!("person/{}", ikm(number))
}

/// Persons 1 and 2, IKM 3.
fn filled() -> World {
    let world = World::new();
    let appended = world.append(&lines([person(1), person(2), registered(3)]), &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);
    world
}

fn access(world: &World) -> Vec<Value> {
    let text = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn attach(world: &World, name: &str, content: &[u8], subjects: &[&str]) -> Ran {
    let path = world.beside(name);
    std::fs::write(&path, content).unwrap();
    world.run(&[&["attach", path.to_str().unwrap(), "--subject"], subjects].concat())
}

fn listing(number: u64, evidence: &Value) -> Value {
    json!({"id": event_id(number), "type": "id.jejak.program.opened.v1", "time": "2025-03-03T00:00:00+07:00",
        "subject": format!("program/{}", event_id(900)),
        "data": {"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "ikm",
            "evidence": [evidence]}})
}

/// IKM 3 was hers, with a name, a number and a village, until 1 June 2025; then it is the other one's.
fn sold() -> World {
    let world = World::new();
    let mut hers = registered(3);
    hers["data"]["sole_proprietor"] = json!(true);
    hers["data"]["owner"] = json!(ikm(1));
    for (field, value) in [("name", "Batik Sekarwangi"), ("nib", "1234567890123"), ("village", "Jenggot")] {
        hers["data"][field] = json!(value);
    }
    let changed = |number, day: &str, data: Value| {
        json!({"id": event_id(number), "type": "id.jejak.ikm.profile_changed.v1", "subject": format!("ikm/{}", ikm(3)),
            "time": format!("{day}T00:00:00+07:00"), "data": data})
    };
    let all = [
        person(1),
        person(2),
        hers,
        changed(4, "2025-06-01", json!({"owner": ikm(2)})),
        changed(5, "2025-06-02", json!({"name": "Tenun Kencana", "nib": "9999999999999"})),
    ];
    let appended = world.append(&lines(all), &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);
    world
}

/// What goes and what stays of an IKM that was hers once is said before, by the erasure itself and afterwards; what was
/// hers is found by nothing any more.
#[test]
fn what_was_a_former_sole_proprietors_goes_and_what_stays_is_said_before() {
    let world = sold();
    let stream = format!("ikm/{}", ikm(3));
    let hits =
        |typed: &str| world.json(&["find", "--actor", "petugas-3", typed])["hits"].as_array().unwrap().len();
    for typed in ["sekarwangi", "1234567890123", "kencana", "9999999999999"] {
        assert_eq!(hits(typed), 1, "{typed}");
    }
    let export = world.json(&["subject", "show", "--actor", "petugas-3", &who(1)]);
    assert_eq!(export["formerly"], json!([stream]));
    let shown: Vec<_> =
        export["events"].as_array().unwrap().iter().map(|event| &event["sealed"]["name"]).collect();
    assert_eq!(shown, ["Orang Nomor 1", "Batik Sekarwangi"], "hers, and nothing of his");
    let stays = json!([{"subject": stream, "what": "figures"},
        {"subject": stream, "what": "other_times", "events": [4, 5]}]);
    assert_eq!(export["stays"], stays);
    let said = format!(
        "stays readable: the personal data of {stream} in events 4, 5, for they are of a time when it was not this person's"
    );
    let dry = ["subject", "erase", &who(1), "--basis", "subject_request", "--dry-run"];
    let would = world.json(&dry);
    assert_eq!(would["values"], json!([{"subject": stream, "events": [3]}]));
    assert_eq!(would["stays"], stays);
    for flags in [&["--dry-run"][..], &[]] {
        let ran = world.run(&[&["subject", "erase", &who(1), "--basis", "subject_request"], flags].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        for part in [&*said, "personal, events 3", "the sealed figures of", "events with their open facts"] {
            assert!(ran.out.contains(part), "{part}: {}", ran.out);
        }
    }
    assert!(world.run(&["subject", "show", "--actor", "petugas-3", &who(1)]).out.contains(&said));
    for (typed, found) in
        [("sekarwangi", 0), ("1234567890123", 0), ("jenggot", 0), ("kencana", 1), ("9999999999999", 1)]
    {
        assert_eq!(hits(typed), found, "{typed}");
    }
    let held = world.json(&["subject", "show", "--actor", "petugas-3", &stream]);
    let event = |place: usize| &held["events"][place];
    assert_eq!(event(0)["erased"], json!(["name", "nib", "village"]));
    assert_eq!(event(0)["sealed"], json!({"workers": 7}));
    assert_eq!(event(2)["sealed"], json!({"name": "Tenun Kencana", "nib": "9999999999999"}));
    assert!(
        world
            .run(&["subject", "show", "--actor", "petugas-3", &stream])
            .out
            .contains("name: (erased); NIB: (erased); village: (erased)")
    );
    let dir = world.dir();
    let vkey = world.run(&["log", "vkey"]).out.trim().to_owned();
    for examination in [&["verify"][..], &["audit", dir.to_str().unwrap(), "--log-vkey", &vkey]] {
        let ran = world.run(examination);
        assert_eq!(ran.code, 0, "{examination:?}: {}{}", ran.out, ran.err);
    }
    // Of what is his now all of it would go.
    let would = world.json(&["subject", "erase", &who(2), "--basis", "subject_request", "--dry-run"]);
    assert_eq!(would["keys"][0], json!({"subject": stream, "group": "personal"}));
    assert_eq!(would["stays"], json!([{"subject": stream, "what": "figures"}]));
}

/// A bundle that discloses leaves out what was hers, and its reader knows why.
#[test]
fn a_bundle_leaves_out_what_was_hers() {
    let world = sold();
    assert_eq!(world.run(&["subject", "erase", &who(1), "--basis", "subject_request"]).code, 0);
    let path = world.beside("erased.zip");
    let path = path.to_str().unwrap();
    let made = world.run(&[
        "bundle",
        "create",
        "--view",
        "registered",
        "--actor",
        "petugas-3",
        "--disclose",
        "name,village",
        "-o",
        path,
    ]);
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    let read = world.json(&["bundle", "verify", path]);
    assert_eq!(read["verified"], json!(true), "{read}");
    let text = read.to_string();
    assert!(
        text.contains("Tenun Kencana") && !text.contains("Sekarwangi") && !text.contains("Jenggot"),
        "{text}"
    );
}

/// What was taken out of the access log is said wherever it is read, in both languages, and stays so.
#[test]
fn what_does_not_fit_in_the_access_log_is_said_and_named() {
    let world = filled();
    for actor in ["petugas-1", "petugas-2", "petugas-3"] {
        assert_eq!(world.run(&["subject", "show", &who(1), "--actor", actor]).code, 0);
    }
    assert_eq!(world.run(&["verify"]).code, 0);
    let log = world.dir().join("access.jsonl");
    let whole = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let altered = whole.replace("petugas-2", "petugas-9");
    for (text, id, en) in [
        (
            format!("{}\n{}\n", lines[0], lines[2]),
            "baris 2 hilang: sesudah baris 1 menyusul baris 3",
            "line 2 is missing: after line 1 comes line 3",
        ),
        (
            format!("{}\n{}\n", lines[0], lines[1]),
            "baris 3 hilang: jangkar mengenal 3 baris",
            "line 3 is missing: the anchor knows of 3 lines",
        ),
        (
            altered,
            "baris 2 bukan yang disebut baris 3: salah satunya diubah",
            "line 2 is not the one that line 3 names: one of them was altered",
        ),
    ] {
        std::fs::write(&log, &text).unwrap();
        let verified = world.run(&["verify"]);
        assert_eq!(verified.code, 1, "{}", verified.out);
        assert!(verified.out.contains(en), "{en}: {}", verified.out);
        let verified = world.run(&["verify", "--format", "json"]);
        assert!(verified.out.contains(id) && verified.out.contains(en), "{id}: {}", verified.out);
    }
    std::fs::remove_file(&log).unwrap();
    assert_eq!(world.run(&["verify"]).code, 1);
    // The next look is line 4, and hides nothing.
    let shown = world.run(&["subject", "show", "--actor", "petugas-3", &who(1)]);
    assert!(shown.out.contains("access log: lines 1 to 3 are missing"), "{}", shown.out);
    let export: Value =
        serde_json::from_str(&world.run(&["subject", "export", "--actor", "petugas-3", &who(1)]).out)
            .unwrap();
    let problem = export["access_log_problems"][0]["en"].as_str().unwrap();
    assert_eq!(problem, "lines 1 to 3 are missing: the first one is line 4");
    assert_eq!(world.run(&["verify"]).code, 1);
}

#[test]
fn everything_held_is_shown_and_every_look_is_noted_first() {
    let world = filled();
    let shown = world.run(&["subject", "show", &who(1), "--actor", "petugas-3"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    for said in ["Orang Nomor 1", "person registered", "in force", "petugas-3", "subject show"] {
        assert!(shown.out.contains(said), "{said}: {}", shown.out);
    }
    assert!(!shown.out.contains("Orang Nomor 2"), "{}", shown.out);
    let export = world.run(&["subject", "export", &who(1), "--actor", "petugas-4"]);
    let export: Value = serde_json::from_str(&export.out).unwrap();
    assert_eq!(export["format"], "jejak-subject/1");
    assert_eq!(export["registry"]["size"], 4);
    let event = &export["events"][0];
    assert_eq!((&event["index"], &event["sealed"]), (&json!(1), &json!({"name": "Orang Nomor 1"})));
    assert_eq!(event["source"], "urn:jejak:33.75:dinperinaker");
    let purposes: Vec<_> = export["looks"].as_array().unwrap().iter().map(|look| &look["purpose"]).collect();
    assert_eq!(purposes, ["subject show", "subject export"]);
    assert_eq!(world.json(&["subject", "show", "--actor", "petugas-3", &who(1)])["events"], export["events"]);
    // Where the look cannot be noted, nothing is shown.
    let log = world.dir().join("access.jsonl");
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    let unnoted = world.run(&["subject", "show", "--actor", "petugas-3", &who(1)]);
    assert_eq!((unnoted.code, unnoted.out.as_str()), (3, ""), "{}", unnoted.err);
}

#[test]
fn wrong_calls_are_told_apart_from_refusals() {
    let world = filled();
    let program = format!("program/{}", event_id(900));
    let cases: [(&[&str], i32, &str); 12] = [
        (&["subject", "show", "--actor", "petugas-3", &program], 2, "is no person and no IKM"),
        (&["subject", "erase", "registry", "--basis", "x"], 2, "is no person and no IKM"),
        (&["subject", "show", "--actor", "petugas-3", &who(77)], 1, "is not registered"),
        (&["subject", "erase", &who(77), "--basis", "x"], 1, "is not registered"),
        (&["subject", "erase", &who(77), "--basis", "x", "--dry-run"], 1, "is not registered"),
        (&["subject", "erase", &who(1)], 2, "--basis"),
        (&["subject", "erase", &who(1), "--basis", "Because I say so"], 2, "code"),
        (
            &["subject", "export", "--actor", "petugas-3", &who(1), "--format", "csv"],
            2,
            "--format csv is not possible",
        ),
        (&["attach", "/nonexistent", "--subject", &who(1)], 2, "cannot open /nonexistent"),
        (&["attach", "/", "--subject", &who(1)], 2, "is a directory"),
        (
            &["attach", "--actor", "petugas-3", "--read", &"0".repeat(64), "-o", "/nonexistent/x"],
            1,
            "holds no evidence",
        ),
        (&["attach", "--redact", &"0".repeat(64), "--reason", "wrong_scan"], 1, "no live event lists"),
    ];
    for (arguments, code, said) in cases {
        let ran = world.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
    }
    assert_eq!(world.run(&["attach", "x"]).code, 2);
    let mut indonesian = std::process::Command::new(env!("CARGO_BIN_EXE_jejak"));
    let said = indonesian
        .args(["subject", "show", "--actor", "petugas-3", &who(77), "--dir"])
        .arg(world.dir())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&said.stderr).contains("tidak terdaftar"), "{said:?}");
}

#[test]
fn an_erasure_says_what_it_destroys_and_does_it_once() {
    let world = filled();
    let attached = attach(&world, "daftar hadir 8 Oktober.jpg", b"photo", &[&who(1), &who(2)]);
    let evidence: Value = serde_json::from_str(&attached.out).unwrap();
    assert_eq!(evidence["media_type"], "image/jpeg");
    assert_eq!(results(&world.append(&lines([listing(4, &evidence)]), &[]))[0]["index"], 4);
    let erase = ["subject", "erase", &who(1), "--basis", "subject_request"];
    let dry = world.json(&[&erase[..], &["--dry-run"]].concat());
    assert_eq!(dry["keys"], json!([{"subject": who(1), "group": "personal"}]));
    assert_eq!((&dry["evidence"], dry.get("requested")), (&json!([evidence["sha256"]]), None));
    assert!(access(&world).is_empty());
    let view_before = world.json(&["view", "registered"])["figures"].clone();
    let done = world.json(&erase);
    assert_eq!((&done["keys"], &done["evidence"]), (&dry["keys"], &dry["evidence"]));
    assert_eq!((&done["requested"], &done["erased"]), (&json!(5), &json!(6)));
    assert_eq!(access(&world)[0]["purpose"], "subject erase");
    assert_eq!(world.json(&["view", "registered"])["figures"], view_before);
    let shown = world.run(&["subject", "show", "--actor", "petugas-3", &who(1)]);
    assert!(shown.out.contains("name: (erased)") && !shown.out.contains("Orang Nomor 1"), "{}", shown.out);
    let again = world.run(&erase);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("were erased, see index 6"), "{}", again.err);
    let again = world.run(&[&erase[..], &["--format", "json"]].concat());
    let refused: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((again.code, &refused["refused"]["rule"]), (1, &json!("erased_already")));
    world.assert_sound();
}

#[test]
fn evidence_is_attached_read_back_and_withdrawn() {
    let world = filled();
    // Every size that offices have, the same twice, a name with spaces.
    for content in [&b""[..], b"x", &vec![7; 3 << 20][..]] {
        let (first, second) = (
            attach(&world, "surat tugas.pdf", content, &[&who(1)]),
            attach(&world, "surat tugas.pdf", content, &[&who(1)]),
        );
        assert_eq!((first.code, second.code), (0, 0), "{}{}", first.err, second.err);
        let object: Value = serde_json::from_str(&first.out).unwrap();
        assert_eq!(
            (&object["media_type"], &object["subjects"]),
            (&json!("application/pdf"), &json!([who(1)]))
        );
        assert_ne!(first.out, second.out);
        let back = world.beside("kembali.pdf");
        let sha256 = object["sha256"].as_str().unwrap();
        let read = ["attach", "--read", sha256, "-o", back.to_str().unwrap(), "--actor", "petugas-3"];
        assert_eq!(world.run(&read).code, 0);
        assert!(std::fs::read(&back).unwrap() == content);
        assert_eq!(access(&world).last().unwrap()["purpose"], format!("attach --read {sha256}"));
        // Never over a file that is there.
        assert_eq!(world.run(&read).code, 2);
        std::fs::remove_file(&back).unwrap();
    }
    let form = ["--format", "json"];
    let path = world.beside("foto.png");
    std::fs::write(&path, b"a building").unwrap();
    let building = world.run(&[&["attach", path.to_str().unwrap(), "--no-subject"], &form[..]].concat());
    let building: Value = serde_json::from_str(&building.out).unwrap();
    assert_eq!(building.get("subjects"), None);
    assert_eq!(results(&world.append(&lines([listing(4, &building)]), &[]))[0]["index"], 4);
    let sha256 = building["sha256"].as_str().unwrap();
    let redact = ["attach", "--redact", sha256, "--reason", "wrong_scan", "--authority", "Sekretaris Dinas"];
    assert_eq!(world.json(&redact), json!({"sha256": sha256, "redacted": 5}));
    let again = world.run(&redact);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("was withdrawn at index 5"), "{}", again.err);
    let back = world.beside("foto lagi.png");
    let read = world.run(&["attach", "--actor", "petugas-3", "--read", sha256, "-o", back.to_str().unwrap()]);
    assert_eq!(read.code, 1);
    assert!(read.err.contains("cannot be read any more") && !back.exists(), "{}", read.err);
    world.assert_sound();
}

#[cfg(unix)]
#[test]
fn a_document_that_cannot_be_read_leaves_nothing() {
    let world = filled();
    // A pipe whose writer is gone at once is an empty document; a directory is none at all.
    let listed = || std::fs::read_dir(world.dir().join("evidence")).map_or(0, Iterator::count);
    let before = listed();
    let ran =
        world.command(&["attach", "/proc/self/mem", "--subject", &who(1)]).stdin(Stdio::null()).output();
    let ran = super::ran(ran.unwrap());
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("cannot read the document"), "{}", ran.err);
    assert_eq!(listed(), before);
    world.assert_sound();
}

/// Many chunks. Without optimisation the cipher takes a second for each ten megabytes, so not more of them.
#[test]
fn a_large_scan_is_attached_and_comes_back() {
    let world = filled();
    let path = world.beside("pindaian besar.tif");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(24 << 20).unwrap();
    let attached = world.json(&["attach", path.to_str().unwrap(), "--subject", &who(1)]);
    let back = world.beside("kembali.tif");
    let sha256 = attached["sha256"].as_str().unwrap();
    assert_eq!(
        world.run(&["attach", "--actor", "petugas-3", "--read", sha256, "-o", back.to_str().unwrap()]).code,
        0
    );
    assert_eq!(std::fs::metadata(&back).unwrap().len(), 24 << 20);
}
