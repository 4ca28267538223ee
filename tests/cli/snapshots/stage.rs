//! The files and registries beside the worked example that pages are asked of.

use std::path::Path;

use jejak_events::note::Algorithm;
use jejak_events::signing_key::{self, SigningKey};
use serde_json::{Value, json};

use super::at_a_fixed_moment;
use crate::cli::every::Example;
use crate::cli::proposals::{event, event_id, ikm, lines, person, registered, retracted};
use crate::cli::{Ran, in_repository};

/// The index of the first release of the example.
pub const RELEASED: &str = "1131";

/// Puts them into the folder of the example.
pub fn set(example: &Example) {
    let here = example.path();
    let made = |words: &[&str]| -> Ran {
        let ran = at_a_fixed_moment(here, words);
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
        ran
    };
    let write = |name: &str, bytes: &[u8]| std::fs::write(here.join(name), bytes).unwrap();
    std::fs::create_dir(here.join("claims")).unwrap();
    for entry in std::fs::read_dir(in_repository("tests/data/claims")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, here.join("claims").join(path.file_name().unwrap())).unwrap();
    }
    write("notices.jsonl", noticed().as_bytes());
    write("faults.jsonl", faulty().as_bytes());
    // A registry of nothing.
    made(&["init", "--dir", "empty", "--origin", "jejak.example/empty", "--source", "urn:jejak:33.75:dinas"]);
    write("empty.vkey", made(&["log", "vkey", "--dir", "empty"]).out.as_bytes());
    // A registry of an office, with an IKM that is taken back.
    let small = ["--dir", "small"];
    made(
        &[&["init", "--origin", "jejak.example/small", "--source", "urn:jejak:33.75:dinas"], &small[..]]
            .concat(),
    );
    write("small.jsonl", lines([registered(1), retracted(2, 1, &format!("ikm/{}", ikm(1)))]).as_bytes());
    made(&[&["append", "small.jsonl"], &small[..]].concat());
    made(&[&["receipt", "1", "--void", "-o", "void.html"], &small[..]].concat());
    write("small.old", made(&[&["log", "checkpoint"], &small[..]].concat()).out.as_bytes());
    people(&made, &write);
    write("small.checkpoint", made(&[&["log", "checkpoint"], &small[..]].concat()).out.as_bytes());
    refused(&write);
    keys(here, &made, &write);
    // Evidence.
    let claim = ["bundle", "create", "--claim", "claim.toml", "-o", "claim.zip"];
    made(&claim);
    let named = ["bundle", "create", "--view", "green_certified", "--on", "2026-06-30", "--disclose", "name"];
    made(&["bundle", "create", "--release", RELEASED, "-o", "release.zip"]);
    made(&[&named[..], &["--actor", "petugas-3", "-o", "named.zip"]].concat());
    made(&["receipt", "1130", "--disclose", "--actor", "petugas-3", "-o", "named.html"]);
    made(&["receipt", "1130", "-o", "certificate.html"]);
    let other_day = ["--on", "2026-03-31", "-o", "other-day.zip"];
    made(&[&claim[..4], &other_day].concat());
    made(&[&named[..5], &["2023-12-31", "--as-known", "537", "-o", "as-known.zip"]].concat());
    let audited =
        ["-o", "audited.zip", "--statement", "stated/audit-statement", "--statement-vkey", "statement.vkey"];
    made(&[&claim[..4], &audited].concat());
    let bare = ["--view", "registered", "--on", "2026-06-30", "--disclose", "name", "--disclose", "village"];
    made(&[&claim[..2], &bare[..], &["--actor", "petugas-3", "-o", "bare.zip"], &small[..]].concat());
    write("small.vkey", made(&[&["log", "vkey"], &small[..]].concat()).out.as_bytes());
    let phones =
        ["--view", "persons_trained", "--on", "2026-06-30", "--disclose", "phone", "--actor", "petugas-3"];
    made(&[&claim[..2], &phones[..], &["-o", "phones.zip"]].concat());
    let mut altered = std::fs::read(here.join("bundle.zip")).unwrap();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    write("altered.zip", &altered);
    let page = std::fs::read_to_string(here.join("receipt.html")).unwrap();
    write("altered.html", page.replacen("2021", "2020", 1).as_bytes());
    // A published tree, and one of which a file is lost.
    made(&["log", "tiles", "tree"]);
    made(&["log", "tiles", "lost"]);
    std::fs::remove_file(here.join("lost/tile/entries/001")).unwrap();
    // A copy of the log whose journal is cut.
    copy(here, "data", "cut");
    let journal = here.join("cut/journal");
    let mut segments: Vec<_> =
        std::fs::read_dir(journal).unwrap().map(|entry| entry.unwrap().path()).collect();
    segments.sort_unstable();
    let last = segments.last().unwrap();
    let bytes = std::fs::read(last).unwrap();
    std::fs::write(last, &bytes[..bytes.len() - 4_000]).unwrap();
}

/// Files that are refused: too long, or of a claim that is wrong on each day of the week.
fn refused(write: &dyn Fn(&str, &[u8])) {
    write("many.jsonl", "{}\n".repeat(10_001).as_bytes());
    write("long-line.jsonl", format!("{}\n", "x".repeat(70_000)).as_bytes());
    write("long.toml", "#".repeat(70_000).as_bytes());
    let days =
        ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07"];
    let claim = format!(
        "document = \"1.txt\"\npublisher = \"Kabar\"\nclaim = \"seven Fridays\"\nkind = \"fact\"\nweekday = \"friday\"\ndates = [{}]\n",
        days.join(", ")
    );
    write("weekdays.toml", claim.as_bytes());
    let wider = "document = \"2.txt\"\npublisher = \"Kabar\"\nclaim = \"3 certified green\"\nkind = \"fact\"\nunit = \"ikm\"\n\
                 value = 3\nas_of = 2026-06-30\n\n[indicator]\nview = \"certified\"\nfigure = \"certified\"\n\n[scope]\n\
                 area = \"33.75\"\nscheme = \"sih\"\n";
    write("wider.toml", wider.as_bytes());
    // No programme there names its persons, and a mean is one of a criterion.
    let unknown = |claim: &str, [view, figure, unit]: [&str; 3]| {
        format!(
            "document = \"3.txt\"\npublisher = \"Kabar\"\nclaim = \"{claim}\"\nkind = \"fact\"\nunit = \"{unit}\"\n\
             value = 50\nas_of = 2026-06-30\n\n[indicator]\nview = \"{view}\"\nfigure = \"{figure}\"\n\n[scope]\n\
             area = \"33.75\"\n"
        )
    };
    let persons = unknown("50 persons took part", ["participated", "participated_persons", "person"]);
    write("unnamed.toml", persons.as_bytes());
    let mean = unknown("they reached 50 percent", ["scores", "score_latest", "percent"]);
    write("mean.toml", mean.as_bytes());
}

/// An IKM that changed its name and its owner, with files of evidence; workshops of which one is much larger.
fn people(made: &dyn Fn(&[&str]) -> Ran, write: &dyn Fn(&str, &[u8])) {
    let small = ["--dir", "small"];
    let append = |events: Vec<Value>, registry: &str| {
        write("people.jsonl", lines(events).as_bytes());
        made(&["append", "people.jsonl", "--dir", registry]);
    };
    let mut sold = registered(6);
    (sold["data"]["sole_proprietor"], sold["data"]["owner"]) = (json!(true), json!(ikm(4)));
    let ikm_6 = format!("ikm/{}", ikm(6));
    let changed = |number, day, data| event(number, "ikm.profile_changed", &ikm_6, day, data);
    append(
        vec![
            person(4),
            person(5),
            sold,
            changed(7, "2025-04-01", json!({"owner": ikm(5)})),
            changed(8, "2025-05-01", json!({"name": "Batik Sesudahnya"})),
        ],
        "small",
    );
    let mut renamed = person(5);
    let corrected = person(5);
    renamed["data"] = json!({
        "target": corrected["id"], "reason": "typing_error", "type": corrected["type"],
        "subject": corrected["subject"], "time": corrected["time"], "timeprecision": "day",
        "data": {"name": "Orang Kelima"},
    });
    (renamed["type"], renamed["id"]) = (json!("id.jejak.event.corrected.v1"), json!(event_id(10)));
    append(vec![renamed], "small");
    let attached = made(&[&["attach", "scan.jpg", "--subject", &ikm_6], &small[..]].concat());
    let scan: Value = serde_json::from_str(&attached.out).unwrap();
    append(vec![changed(9, "2025-03-20", json!({"commodity": "tenun", "evidence": [scan]}))], "small");
    write("other.jpg", b"\xff\xd8 another scan");
    made(&[&["attach", "other.jpg", "--subject", &ikm_6], &small[..]].concat());
    // One that has most of the workers.
    made(&[
        "init",
        "--dir",
        "uneven",
        "--origin",
        "jejak.example/uneven",
        "--source",
        "urn:jejak:33.75:dinas",
    ]);
    let report = |number: u64| {
        let data = json!({"period": {"from": "2025-01-01", "to": "2025-03-31"}, "workers": if number == 1 { 900 } else { 5 }});
        event(number + 100, "ikm.workforce_reported", &format!("ikm/{}", ikm(number)), "2025-04-07", data)
    };
    append((1..=5).map(registered).chain((1..=5).map(report)).collect(), "uneven");
}

/// Keys of others, and registries whose keys or files are not as they were left.
fn keys(here: &Path, made: &dyn Fn(&[&str]) -> Ran, write: &dyn Fn(&str, &[u8])) {
    let seed = [9; 32];
    for (file, algorithm) in
        [("same.cosigner", Algorithm::CosignatureV1), ("same.statement", Algorithm::Ed25519)]
    {
        let key = signing_key::text("auditor.example/same", algorithm, &seed).unwrap();
        write(file, format!("{key}\n").as_bytes());
    }
    let auditor = SigningKey::new("auditor.example/same", Algorithm::CosignatureV1, &seed).unwrap();
    write("auditor.vkey", auditor.verifier_key().to_string().as_bytes());
    std::os::unix::fs::symlink("log.vkey", here.join("link")).unwrap();
    made(&["cosign", "--add", "signed/checkpoint", "--policy", "policy"]);
    made(&["receipt", "1", "--policy", "policy", "--cosigned", "-o", "cosigned.html"]);
    // A handover that was lost is made again.
    copy(here, "small", "rotated");
    made(&["log", "rotate-key", "--dir", "rotated"]);
    std::fs::remove_dir_all(here.join("rotated/handover")).unwrap();
    // Looks of which one is gone.
    copy(here, "small", "looked");
    for _ in 0..3 {
        made(&["find", "batik", "--dir", "looked", "--actor", "petugas-3"]);
    }
    let access = here.join("looked/access.jsonl");
    let looks = std::fs::read_to_string(&access).unwrap();
    let kept = looks.lines().enumerate().filter(|(number, _)| *number != 1);
    let kept: String = kept.map(|(_, line)| format!("{line}\n")).collect();
    std::fs::write(&access, kept).unwrap();
    made(&["log", "tiles", "cosigned-tree", "--cosigned"]);
    // An auditor's statement.
    let key = ["key", "--kind", "statement", "--name", "auditor.example/s", "--out", "statement.key"];
    let key = made(&[&key[..], &["--format", "json"]].concat());
    let key: Value = serde_json::from_str(&key.out).unwrap();
    write("statement.vkey", key["vkey"].as_str().unwrap().as_bytes());
    let state = ["--statement-key", "statement.key", "--out", "stated", "--on", "2026-06-30"];
    made(&[&["audit", "data", "--log-vkey", "log.vkey"], &state[..]].concat());
    // An erasure that was cut short before its end was recorded.
    copy(here, "small", "unfinished");
    let subject = format!("ikm/{}", ikm(6));
    made(&["subject", "erase", &subject, "--basis", "subject_request", "--dir", "unfinished"]);
    let journal = here.join("unfinished/journal/00000000000000000000.jsonl");
    let written = std::fs::read_to_string(&journal).unwrap();
    let end = commits(&written).into_iter().nth_back(1).unwrap();
    std::fs::write(&journal, &written[..end]).unwrap();
    as_before(here, "unfinished");
    // Events that neither copy holds any more, past the anchor, with whole ones after them.
    copy(here, "small", "torn");
    for number in [31, 32] {
        write("more.jsonl", lines([registered(number)]).as_bytes());
        made(&["append", "more.jsonl", "--dir", "torn"]);
    }
    let journal = here.join("torn/journal/00000000000000000000.jsonl");
    let mut written = std::fs::read(&journal).unwrap();
    let end = commits(std::str::from_utf8(&written).unwrap()).into_iter().nth_back(2).unwrap();
    written[end + 100] ^= 1;
    std::fs::write(&journal, &written).unwrap();
    as_before(here, "torn");
}

/// Where the commits of a journal end.
fn commits(journal: &str) -> Vec<usize> {
    let found = journal.match_indices("\n#commit ");
    found.map(|(at, _)| at + 1 + journal[at + 1..].find('\n').unwrap() + 1).collect()
}

/// Puts what a registry keeps beside its journal back to what it was before.
fn as_before(here: &Path, registry: &str) {
    let registry = here.join(registry);
    for part in ["sled", "anchor", "checkpoint"] {
        let part = registry.join(part);
        let removed =
            if part.is_dir() { std::fs::remove_dir_all(&part) } else { std::fs::remove_file(&part) };
        removed.unwrap();
        let from = here.join("small").join(part.file_name().unwrap());
        copy(here, from.to_str().unwrap(), part.to_str().unwrap());
    }
}

fn copy(here: &Path, from: &str, to: &str) {
    let copied = std::process::Command::new("cp").args(["-a", from, to]).current_dir(here).status();
    assert!(copied.unwrap().success());
}

/// Proposals that are recorded, with what is unusual and may be right.
fn noticed() -> String {
    let mut elsewhere = registered(11);
    elsewhere["data"]["area"] = json!("73.71");
    elsewhere["data"]["nib"] = json!("9120001111111");
    let mut misspelt = registered(12);
    misspelt["data"]["commodity"] = json!("batikk");
    lines([elsewhere.clone(), misspelt, elsewhere])
}

/// Proposals that are refused: several faults in one line, and each kind once.
fn faulty() -> String {
    let mut wrong = registered(21);
    wrong["time"] = json!("2025-02-31T00:00:00+07:00");
    wrong["data"]["area"] = json!("33.99");
    wrong["data"]["workers"] = json!(1.5);
    wrong["data"]["colour"] = json!("merah");
    let early = event(
        22,
        "training.attended",
        &format!("ikm/{}", ikm(22)),
        "2025-03-04",
        json!({"program": ikm(1), "session": ikm(2), "day": "2025-03-04", "status": "present"}),
    );
    let mut future = registered(23);
    future["time"] = json!("2999-01-01T00:00:00+07:00");
    format!("{}[1]\n\n{{\"id\": \n", lines([wrong, registered(24), early, future]))
}
