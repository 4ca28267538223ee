//! `receipt INDEX` and `receipt verify`: what is handed out, noted, checked without a registry, and refused.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::proposals::{event, event_id, ikm, lines, person, registered};
use super::{Ran, World};

/// A registry with person 1 and IKM 2, and the log's key.
fn filled() -> (World, String) {
    let world = World::new();
    assert_eq!(world.append(&lines([person(1), registered(2)]), &[]).code, 0);
    let key = world.run(&["log", "vkey"]).out.trim().to_owned();
    (world, key)
}

fn made(world: &World, index: &str, flags: &[&str]) -> (PathBuf, Ran) {
    let path = world.beside(&format!("receipt-{index}{}.html", flags.concat()));
    let ran = world.run(&[&["receipt", index, "-o", path.to_str().unwrap()], flags].concat());
    (path, ran)
}

fn access(world: &World) -> Vec<Value> {
    let text = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_receipt_checks_where_there_is_no_registry() {
    let (world, key) = filled();
    let (path, ran) = made(&world, "2", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("receipt of event 2 written to"), "{}", ran.out);
    // Open facts are no secret: nobody was looked at.
    assert!(access(&world).is_empty());
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(page.contains("tidak disertakan") && !page.contains("Batik Nomor 2"), "{page}");

    let elsewhere = World::empty();
    let directory = elsewhere.beside("parts");
    let extract = ["--extract", directory.to_str().unwrap()];
    let verify = ["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key];
    let checked = elsewhere.json(&[&verify[..], &extract].concat());
    assert_eq!(
        (&checked["verified"], &checked["index"], &checked["size"]),
        (&json!(true), &json!(2), &json!(3))
    );
    assert_eq!(checked["subject"], format!("ikm/{}", ikm(2)));
    assert!(checked["sealed"].as_array().unwrap().iter().all(|field| field.get("value").is_none()));
    let event = world.run(&["log", "export", "--from", "2"]).out;
    assert_eq!(std::fs::read_to_string(directory.join("event.json")).unwrap(), event.trim_end());
    let proof = world.run(&["log", "proof", "2"]).out;
    assert_eq!(std::fs::read_to_string(directory.join("event.tlog-proof")).unwrap(), proof);
    assert!(!directory.join("disclosures.txt").exists());
    // The key from a file, and words for people.
    let key_file = elsewhere.beside("log.vkey");
    std::fs::write(&key_file, format!("{key}\n")).unwrap();
    let said = elsewhere.run(&["receipt", "verify", verify[2], "--log-vkey", key_file.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    for words in ["every byte", "happened 3 Mar 2025", "Proven: the log", "Not proven", "still stands so"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
}

#[test]
fn disclosures_are_noted_before_they_leave() {
    let (world, key) = filled();
    let (path, ran) = made(&world, "2", &["--disclose", "--actor", "petugas-3"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("holds the sealed fields investment (Rp), name, NIB, village, workers:"),
        "{}",
        ran.out
    );
    let noted = access(&world);
    assert_eq!(noted.len(), 1);
    let look = (&noted[0]["purpose"], &noted[0]["authid"], &noted[0]["subjects"]);
    let expected = (&json!("receipt 2 --disclose"), &json!("petugas-3"), &json!([format!("ikm/{}", ikm(2))]));
    assert_eq!(look, expected);
    assert!(std::fs::read_to_string(&path).unwrap().contains("<td>Batik Nomor 2</td>"));
    let verify = ["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key];
    let checked = World::empty().json(&verify);
    let value = |name: &str| {
        let fields = checked["sealed"].as_array().unwrap();
        fields.iter().find(|field| field["field"] == name).unwrap()["value"].clone()
    };
    assert_eq!((value("name"), value("workers")), (json!("Batik Nomor 2"), json!(7)));
    // A field without a value is disclosed as one.
    assert_eq!(value("investment"), Value::Null);
    assert!(World::empty().run(&verify).out.contains("name: Batik Nomor 2"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Where it cannot be noted, nothing leaves.
    let log = world.dir().join("access.jsonl");
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    let (path, ran) = made(&world, "1", &["--actor", "petugas-3", "--disclose"]);
    assert_eq!((ran.code, path.exists()), (3, false), "{}", ran.err);
}

#[test]
fn what_was_erased_is_left_out() {
    let (world, key) = filled();
    let erase = ["subject", "erase", &format!("person/{}", ikm(1)), "--basis", "subject_request"];
    assert_eq!(world.run(&erase).code, 0);
    let path = world.beside("erased.html");
    let answer =
        world.json(&["receipt", "1", "-o", path.to_str().unwrap(), "--actor", "petugas-3", "--disclose"]);
    let erased = json!(["birth_year", "disability", "name", "nik", "phone", "sex"]);
    assert_eq!((&answer["disclosed"], &answer["erased"]), (&json!([]), &erased));
    assert!(!std::fs::read_to_string(&path).unwrap().contains("Orang Nomor 1"));
    let checked = World::empty().json(&["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key]);
    let sealed = checked["sealed"].as_array().unwrap();
    assert!(sealed.len() == 6 && sealed.iter().all(|field| field.get("value").is_none()), "{sealed:?}");
    // A request of an erasure has no sealed fields: nothing to note.
    let before = access(&world).len();
    assert_eq!(made(&world, "3", &["--actor", "petugas-3", "--disclose"]).1.code, 0);
    assert_eq!(access(&world).len(), before);
}

/// Somebody sells her IKM and is erased. What was sealed of the IKM while it was hers cannot be disclosed any more,
/// its figures and what is of the new owner's time can; a receipt made before checks as it did.
#[test]
fn what_was_a_former_owners_is_disclosed_no_more() {
    let (her, of) = (format!("person/{}", ikm(1)), format!("ikm/{}", ikm(2)));
    let world = World::new();
    let mut hers = registered(2);
    hers["data"]["owner"] = json!(ikm(1));
    hers["data"]["sole_proprietor"] = json!(true);
    let sold = json!({"owner": ikm(3), "name": "Batik Budi"});
    let sold = event(4, "ikm.profile_changed", &of, "2025-04-04", sold);
    let ran = world.append(&lines([person(1), person(3), hers, sold]), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let key = world.run(&["log", "vkey"]).out.trim().to_owned();
    let (before, ran) = made(&world, "3", &["--actor", "petugas-3", "--disclose"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let erased = world.run(&["subject", "erase", &her, "--basis", "subject_request"]);
    assert_eq!(erased.code, 0, "{}{}", erased.out, erased.err);

    let after = world.beside("after.html");
    let answer =
        world.json(&["receipt", "3", "-o", after.to_str().unwrap(), "--actor", "petugas-3", "--disclose"]);
    assert_eq!(
        (&answer["disclosed"], &answer["erased"]),
        (&json!(["investment", "workers"]), &json!(["name", "nib", "village"]))
    );
    let page = std::fs::read_to_string(&after).unwrap();
    assert!(!page.contains("Batik Nomor 2") && page.contains("<td>7</td>"), "{page}");
    let verify = |path: &std::path::Path| {
        World::empty().json(&["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key])
    };
    let checked = verify(&after);
    let stands = json!([{"effect": "changed", "event": 4}, {"effect": "erased", "event": 6}]);
    assert_eq!(checked["standing"]["stands"], stands, "{checked:#}");
    assert!(page.contains("data pribadinya dihapus (peristiwa 6)"), "{page}");
    // Made before: every byte as it was, and what it discloses.
    let checked = verify(&before);
    let name = checked["sealed"].as_array().unwrap().iter().find(|field| field["field"] == "name").unwrap();
    assert_eq!((&checked["verified"], &name["value"]), (&json!(true), &json!("Batik Nomor 2")));
    // Of his time everything is there.
    let his = world.beside("his.html");
    let answer =
        world.json(&["receipt", "4", "-o", his.to_str().unwrap(), "--actor", "petugas-3", "--disclose"]);
    assert_eq!(answer["erased"], json!([]), "{answer:#}");
    assert!(std::fs::read_to_string(&his).unwrap().contains("Batik Budi"));
    // And of himself.
    let answer = world.json(&[
        "receipt",
        "2",
        "-o",
        his.to_str().unwrap(),
        "--actor",
        "petugas-3",
        "--disclose",
        "--force",
    ]);
    assert_eq!(answer["erased"], json!([]), "{answer:#}");
}

#[test]
fn what_does_not_check_is_refused_and_said() {
    let (world, key) = filled();
    let (path, _) = made(&world, "2", &["--actor", "petugas-3", "--disclose"]);
    let page = std::fs::read_to_string(&path).unwrap();
    let receipt = path.to_str().unwrap();
    let altered = world.beside("altered.html");
    std::fs::write(&altered, page.replacen("Batik Nomor 2", "Batik Nomor 3", 1)).unwrap();
    let altered = altered.to_str().unwrap();
    let long = world.beside("long.html");
    std::fs::File::create(&long).unwrap().set_len((16 << 20) + 1).unwrap();
    let (_, other_key) = filled();
    let there = world.beside("there");
    std::fs::create_dir(&there).unwrap();
    std::fs::write(there.join("event.json"), "").unwrap();
    let there = there.to_str().unwrap();
    let nowhere = world.beside("no/where.html");
    let new = world.beside("new.html");
    let (nowhere, new, long) = (nowhere.to_str().unwrap(), new.to_str().unwrap(), long.to_str().unwrap());
    let witness = "witness w witness.example/w+7b1a05e8+BA==";
    let policies = [
        ("none", format!("log {key}\nquorum none\n")),
        ("other", format!("log {other_key}\nquorum none\n")),
        ("wrong", format!("log {key}\n{witness}\nquorum w\n")),
    ];
    let [none, other, wrong] = policies.map(|(name, text)| {
        let path = world.beside(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let with_policy = world.run(&["receipt", "verify", receipt, "--policy", &none]);
    assert_eq!(with_policy.code, 0, "{}", with_policy.err);
    let cases: [(&[&str], i32, &str); 19] = [
        (&["receipt", "verify", receipt, "--policy", &other], 1, "is not accepted"),
        (&["receipt", "verify", receipt, "--policy", &wrong], 2, "no policy (C2SP tlog-policy): line 2"),
        (&["receipt", "verify", receipt, "--policy", &none, "--log-vkey", &key], 2, "cannot be used with"),
        (&["receipt", "verify", altered, "--log-vkey", &key], 1, "the page was altered: line "),
        (&["receipt", "verify", receipt, "--log-vkey", &other_key], 1, "is not accepted"),
        (&["receipt", "verify", long, "--log-vkey", &key], 1, "longer than"),
        (&["receipt", "verify", "Cargo.toml", "--log-vkey", &key], 1, "this is no receipt"),
        (&["receipt", "verify", receipt], 2, "--log-vkey"),
        (&["receipt", "verify", receipt, "--log-vkey", "x+1+y"], 2, "no key of a log"),
        (&["receipt", "verify", receipt, "--log-vkey", altered], 2, "no key of a log"),
        (
            &["receipt", "verify", receipt, "--policy", &none, "--at", "soon"],
            2,
            "must be a date or an RFC 3339",
        ),
        (&["receipt", "verify", new, "--log-vkey", &key], 2, "cannot open"),
        (&["receipt", "verify", receipt, "--log-vkey", &key, "--extract", there], 2, "is not written over"),
        (&["receipt", "2", "-o", receipt], 2, "is not written over"),
        (&["receipt", "2", "-o", nowhere], 2, "cannot create"),
        (&["receipt", "99", "-o", new], 2, "index 99 is not in the log"),
        (&["receipt", "2"], 2, "--out"),
        (&["receipt"], 2, "INDEX"),
        (&["receipt", "2", "-o", new, "--format", "csv"], 2, "--format csv is not possible"),
    ];
    for (arguments, code, said) in cases {
        let ran = world.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
    }
    assert!(!std::path::Path::new(new).exists());
    let refused = world.run(&["receipt", "verify", altered, "--log-vkey", &key, "--format", "json"]);
    let answer: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!((refused.code, &answer["verified"]), (1, &json!(false)));
    assert!(answer["why"]["id"].as_str().unwrap().contains("halaman ini diubah"), "{answer}");
}

/// What became of an event is said by page, command and verifier; what no longer holds is not issued in silence.
#[test]
fn a_receipt_of_what_no_longer_holds_says_so() {
    let world = World::new();
    let certificate = |number: u64| format!("certificate/{}", ikm(number));
    let issued = |number: u64, valid_to: &str| {
        let data = json!({"holder": {"ikm": ikm(2)}, "issuer": "LSIH Uji", "number": format!("SIH-{number}"),
            "scheme": "sih", "valid_from": "2025-04-01", "valid_to": valid_to});
        event(number, "certificate.issued", &certificate(number), "2025-04-01", data)
    };
    let retracted = json!({"target": event_id(101), "reason": "wrong", "authority": "Dinas"});
    let of = |number: u64, kind: &str, day: &str| {
        event(
            number * 10,
            &format!("certificate.{kind}"),
            &certificate(number),
            day,
            json!({"reason": "audit"}),
        )
    };
    let all = [
        registered(2),
        issued(101, "2026-03-31"),
        event(1010, "event.retracted", &certificate(101), "2025-05-01", retracted),
        issued(102, "2999-03-31"),
        of(102, "revoked", "2025-05-01"),
        issued(103, "2999-03-31"),
        of(103, "suspended", "2025-05-01"),
        issued(104, "2025-04-30"),
        issued(105, "2999-03-31"),
        of(105, "suspended", "2025-05-01"),
        event(10500, "certificate.reinstated", &certificate(105), "2025-05-02", json!({})),
        event(2000, "ikm.closed", &format!("ikm/{}", ikm(2)), "2025-06-01", json!({"reason": "bankrupt"})),
    ];
    let appended = world.append(&lines(all), &[]);
    assert_eq!(appended.code, 0, "{}{}", appended.out, appended.err);
    let key = world.run(&["log", "vkey"]).out.trim().to_owned();
    for (index, effect, by, said) in [
        ("2", "retracted", json!(3), "retracted (event 3)"),
        ("4", "revoked", json!(5), "its certificate was revoked (event 5)"),
        ("6", "suspended", json!(7), "its certificate is suspended (event 7)"),
        ("8", "lapsed", json!("2025-04-30"), "its certificate has lapsed (after 30 Apr 2025)"),
    ] {
        let (path, refused) = made(&world, index, &[]);
        assert!(
            refused.code == 1 && refused.err.contains(said) && !path.exists(),
            "{index}: {}",
            refused.err
        );
        let (path, void) = made(&world, index, &["--void"]);
        assert!(
            void.code == 0 && void.out.contains(&format!("NO LONGER HOLDS: {said}")),
            "{}{}",
            void.out,
            void.err
        );
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(
            page.contains("✗ TIDAK BERLAKU") && page.contains(&format!("NO LONGER HOLDS: {said}")),
            "{index}"
        );
        let verify = ["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key];
        let first = World::empty().run(&verify).out;
        assert!(first.lines().nth(1).unwrap().starts_with(&format!("NO LONGER HOLDS: {said}")), "{first}");
        let standing = World::empty().json(&verify)["standing"].clone();
        let found = &standing["stands"][0];
        let found_by = if found["event"].is_null() { &found["day"] } else { &found["event"] };
        assert_eq!((&standing["void"], &found["effect"], found_by), (&json!(true), &json!(effect), &by));
    }
    // A suspension that was lifted leaves what it was; an IKM that closed was registered all the same.
    for (index, said) in [
        ("9", "Stands: closed since (event 12)"),
        ("1", "Stands: closed since (event 12)"),
        ("3", "Stands: in force"),
    ] {
        let (_, stands) = made(&world, index, &[]);
        assert!(stands.code == 0 && stands.out.contains(said), "{index}: {}{}", stands.out, stands.err);
    }
}

#[test]
fn what_is_longer_than_any_receipt_is_not_read() {
    let (world, key) = filled();
    let path = world.beside("long.html");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len((16 << 20) + 1).unwrap();
    let read = World::empty().run(&["receipt", "verify", path.to_str().unwrap(), "--log-vkey", &key]);
    let said = "this is no receipt: it is longer than 16,777,216 bytes";
    assert_eq!((read.code, read.err.contains(said)), (1, true), "{}{}", read.out, read.err);
}
