//! The files and registries beside the worked example that pages are asked of.

use serde_json::json;

use super::at_a_fixed_moment;
use crate::cli::every::Example;
use crate::cli::proposals::{event, ikm, lines, registered, retracted};
use crate::cli::{Ran, in_repository};

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
    // Evidence.
    let claim = ["bundle", "create", "--claim", "claim.toml", "-o", "claim.zip"];
    made(&claim);
    let named = ["bundle", "create", "--view", "green_certified", "--on", "2026-06-30", "--disclose", "name"];
    made(&[&named[..], &["--actor", "petugas-3", "-o", "named.zip"]].concat());
    made(&["receipt", "1125", "--disclose", "--actor", "petugas-3", "-o", "named.html"]);
    made(&["receipt", "1125", "-o", "certificate.html"]);
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
    let copied = std::process::Command::new("cp").args(["-a", "data", "cut"]).current_dir(here).status();
    assert!(copied.unwrap().success());
    let journal = here.join("cut/journal");
    let mut segments: Vec<_> =
        std::fs::read_dir(journal).unwrap().map(|entry| entry.unwrap().path()).collect();
    segments.sort_unstable();
    let last = segments.last().unwrap();
    let bytes = std::fs::read(last).unwrap();
    std::fs::write(last, &bytes[..bytes.len() - 4_000]).unwrap();
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
