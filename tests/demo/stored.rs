//! The stored state of the worked example, to the byte: its form and its meaning change only with its version.

use std::path::Path;

use jejak::rules::machine::MACHINE_VERSION;
use jejak_projections::facts::CHUNK_VERSION;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::filled;
use crate::histories::stored::known;

fn digest(parts: &[Vec<u8>]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A program that knows something else of the same events must not take for its own what another one stored.
#[test]
fn what_is_stored_of_the_same_events_changes_only_with_its_version() {
    let (_, registry) = filled();
    let size = registry.reader().size();
    let log = json!({"size": size, "root": registry.reader().root_at(size).unwrap().to_string()});
    let facts = registry.snapshot().facts().encode().unwrap();
    let now = json!({"log": log,
        "rules": {"version": MACHINE_VERSION, "sha256": digest(&known(&registry))},
        "facts": {"version": CHUNK_VERSION, "sha256": digest(&[facts])}});
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stored_state.json");
    let before: Value =
        std::fs::read(&path).map_or(Value::Null, |text| serde_json::from_slice(&text).unwrap());
    if before["log"] == now["log"] {
        for part in ["rules", "facts"] {
            let is_same = before[part] == now[part];
            let is_newer = before[part]["version"] != now[part]["version"];
            assert!(
                is_same || is_newer,
                "what is stored of the {part} has changed: raise its version, then bless"
            );
        }
    }
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&now).unwrap())).unwrap();
    }
    let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(written, now, "run once with JEJAK_BLESS=1 and read the difference");
}
