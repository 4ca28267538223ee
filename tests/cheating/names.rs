//! Tricks with the names in event 0: what it says again of what is signed, and says otherwise. Each is a log of its own
//! from the start, signed by its own key, so that nothing else is wrong with it.

use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use serde_json::{Value, json};

use super::history::ORIGIN;
use super::tricks::{Tricks, edited, log_signer, signed_by};

/// The same log with other keys in event 0: what `change` makes of their list.
pub fn with_keys(log: &[String], change: impl FnOnce(&mut Vec<Value>)) -> Vec<String> {
    let mut entries = log.to_vec();
    let mut opened: Value = serde_json::from_str(&log[0]).unwrap();
    let keys = opened["data"]["keys"].as_array_mut().unwrap();
    change(keys);
    // A set: sorted by the canonical form of its elements, names of which serde_json sorts.
    keys.sort_by_key(ToString::to_string);
    entries[0] = opened.to_string();
    entries
}

/// A key of a purpose, under a name and a seed.
pub fn key(purpose: &str, name: &str, seed: u8) -> Value {
    json!({"purpose": purpose, "vkey": NoteSigner::new(name, &[seed; 32]).unwrap().verifier_key().to_string()})
}

/// An attestation key that signs as cosigners do.
pub fn key_of_a_cosigner() -> Value {
    let signer = CosignatureSigner::new(&format!("{ORIGIN}/attestation"), &[7; 32]).unwrap();
    json!({"purpose": "attestation", "vkey": signer.verifier_key().to_string()})
}

fn replace(keys: &mut Vec<Value>, new: Value) {
    keys.retain(|key| key["purpose"] != new["purpose"]);
    keys.push(new);
}

pub fn add(log: &[String], tricks: &mut Tricks) {
    let attestation = format!("{ORIGIN}/attestation");
    let named = edited(log, 0, &format!("\"origin\":\"{ORIGIN}\""), "\"origin\":\"other.example/log\"");
    let mut add = |name: &str, trick: &str, answer: &str, entries: &[String]| {
        let signed = signed_by(&log_signer(), ORIGIN, entries).to_string();
        let policy = format!("log {}\nquorum none\n", log_signer().verifier_key());
        tricks.add("operator", name, trick, answer, (entries, signed.clone())).policy = Some(policy);
        let unseen = format!("{name}-no-policy");
        let trick = format!("{trick}, to a reader who knows no key");
        tricks.add("operator", &unseen, &trick, answer, (entries, signed));
    };
    add(
        "named-after-another",
        "event 0 calls the log by the name of another",
        "event 0 calls itself the log other.example/log, while what is signed is the log jejak.example/test",
        &named,
    );
    add(
        "two-checkpoint-keys",
        "event 0 names two checkpoint keys, one of which signs",
        "event 0: there are 2 checkpoint keys; at most one for each purpose",
        &with_keys(log, |keys| keys.push(key("checkpoint", ORIGIN, 9))),
    );
    add(
        "two-attestation-keys",
        "event 0 names two attestation keys",
        "event 0: there are 2 attestation keys; at most one for each purpose",
        &with_keys(log, |keys| keys.push(key("attestation", &attestation, 9))),
    );
    add(
        "attestation-key-of-another-type",
        "the attestation key in event 0 is of a type that cosigns and attests nothing",
        "event 0: the attestation key must be an Ed25519 key named jejak.example/test/attestation",
        &with_keys(log, |keys| replace(keys, key_of_a_cosigner())),
    );
    add(
        "attestation-key-of-another-name",
        "the attestation key in event 0 has the name of another log's",
        "event 0: the attestation key must be an Ed25519 key named jejak.example/test/attestation",
        &with_keys(log, |keys| replace(keys, key("attestation", "other.example/log/attestation", 9))),
    );
    add(
        "one-key-for-two-purposes",
        "event 0 names one key for checkpoints and for attestations",
        "event 0: the attestation key is named for another purpose, too",
        &with_keys(log, |keys| replace(keys, key("attestation", &attestation, 1))),
    );
    add(
        "no-checkpoint-key",
        "event 0 names no checkpoint key",
        "event 0: there is no checkpoint key; there must be exactly one",
        &with_keys(log, |keys| keys.retain(|key| key["purpose"] != "checkpoint")),
    );
    add(
        "rules-to-come",
        "event 0 says that the log is judged by rules that there are not",
        "rules of version 2 are not known to this program",
        &edited(log, 0, "\"rules\":1", "\"rules\":2"),
    );
    add(
        "area-table-misdated",
        "event 0 gives the table of areas another year",
        "event 0 dates the table of areas 2024, while it is that of 2025",
        &edited(log, 0, "\"area_table_year\":2025", "\"area_table_year\":2024"),
    );
    let own = jejak_events::area::table_sha256();
    add(
        "area-table-of-another",
        "event 0 names a table of areas that is not the one the log is judged by",
        "this registry uses the table of areas 0000",
        &edited(log, 0, &own, &format!("0000{}", &own[4..])),
    );
}
