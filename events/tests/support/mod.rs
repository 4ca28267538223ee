//! What the tests of the format share: files that can be blessed.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool of tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Disclosures, Proposal};
use jejak_events::record::Event;
use jejak_events::scale;
use jejak_events::sealed::SALT_BYTES;
use jejak_events::time::RecordedTime;
use jejak_events::tree::leaf_hash;
use jejak_events::types::Data;
use jejak_events::values::{Count, Rupiah};
use serde_json::{Value, json};

/// `events/`.
pub fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expected files are to be written anew: `JEJAK_BLESS=1 cargo test -p jejak-events`.
pub fn blessing() -> bool {
    std::env::var_os("JEJAK_BLESS").is_some_and(|value| value == "1")
}

/// Compares a file with what it should hold; writes it when blessing.
pub fn check_file(path: &Path, expected: &str) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return;
    }
    if blessing() {
        fs::write(path, expected).unwrap();
        return;
    }
    let line = found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    panic!(
        "{} differs from line {} on; if that is meant, run JEJAK_BLESS=1 cargo test -p jejak-events and \
         look at the difference before committing it",
        path.display(),
        line + 1
    );
}

/// Fails when the directory holds a file that is not expected there.
pub fn check_no_others(directory: &Path, expected: &BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            expected.contains(&name),
            "{}: belongs to no type; remove it",
            directory.join(&name).display()
        );
    }
}

/// JSON with sorted keys, indented, with a final line end.
pub fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

/// A path under `events/`.
pub fn path(relative: &str) -> PathBuf {
    crate_dir().join(relative)
}

/// What a proposal leaves out; the golden ones leave nothing out.
pub fn defaults() -> Defaults {
    Defaults {
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        actor: Actor { kind: ActorKind::Unknown, id: None },
    }
}

/// Sets the fields that the registry derives from sealed values; leaves them out where the values
/// are those of no IKM, which the registry would refuse.
pub fn derive(proposal: &mut Proposal) {
    let number = |name: &str| proposal.sealed.get(name).and_then(Value::as_i64);
    let workers = number("workers").and_then(|number| Count::new(number.try_into().unwrap()));
    let scales = scale::derive(workers, number("investment").and_then(Rupiah::new)).unwrap_or(None);
    let data = match &mut proposal.draft.data {
        Data::EventCorrected(correction) => &mut correction.replacement.data,
        data => data,
    };
    match data {
        Data::IkmRegistered(ikm) => ikm.scales = scales,
        Data::IkmProfileChanged(ikm) => ikm.scales = scales,
        _ => {}
    }
}

/// Proposal, salts and recorded time of a golden file made into a record.
pub fn make(golden: &Value) -> (Proposal, Event, Disclosures) {
    let mut proposal = Proposal::parse(golden["proposal"].to_string().as_bytes(), &defaults())
        .unwrap_or_else(|refusal| panic!("{refusal}: {}", golden["proposal"]));
    derive(&mut proposal);
    let mut salts = golden["salts"].as_array().unwrap().iter();
    let salt = || {
        let hex = salts.next().and_then(Value::as_str).ok_or("fewer salts than sealed fields")?;
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        <[u8; SALT_BYTES]>::try_from(bytes).map_err(|_| "a salt is not of 16 bytes")
    };
    let (draft, disclosures) = proposal.clone().seal(salt).unwrap();
    assert_eq!(salts.next(), None, "more salts than sealed fields");
    let recorded = RecordedTime::parse(golden["recordedtime"].as_str().unwrap()).unwrap();
    (proposal, Event { recorded, draft }, disclosures)
}

/// A golden file with everything that follows from its proposal, salts and recorded time.
pub fn complete(golden: &Value) -> Value {
    let (_, event, disclosures) = make(golden);
    let bytes = event.encode();
    let disclosures: serde_json::Map<String, Value> =
        disclosures.into_iter().map(|(group, list)| (group.name().to_owned(), json!(list))).collect();
    json!({
        "proposal": golden["proposal"],
        "salts": golden["salts"],
        "recordedtime": golden["recordedtime"],
        "record": String::from_utf8(bytes.clone()).unwrap(),
        "leaf_hash": BASE64_STANDARD.encode(leaf_hash(&bytes).0),
        "disclosures": disclosures,
    })
}

/// A golden file as it stands on the disk.
pub fn golden(type_name: &str, variant: &str) -> Value {
    let path = path(&format!("golden/{type_name}.{variant}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; each type and version needs one: write `proposal`, `salts`, `recordedtime` and bless", path.display())
    });
    serde_json::from_str(&text).unwrap()
}
