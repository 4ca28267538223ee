//! Tricks around a change of the log's key: the log below goes on under another key from its event 11.

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::NoteSigner;

use super::history::{ORIGIN, id};
use super::tricks::{Tricks, edited, log_signer, signed_by};

/// The event that introduces the new key.
const INTRODUCED: usize = 11;

fn next_signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, &[3; 32]).unwrap()
}

/// The record that introduces a key.
fn introduction(number: u64, hour: &str, key: &NoteSigner) -> String {
    let (id, vkey) = (id(number), key.verifier_key());
    format!(
        r#"{{"authtype":"system","data":{{"purpose":"checkpoint","vkey":"{vkey}"}},"datacontenttype":"application/json","id":"{id}","recordedtime":"2025-10-09T{hour}:00:00.000Z","source":"urn:jejak:33.75:dinperinaker","specversion":"1.0","subject":"registry","time":"2025-10-09T00:00:00+07:00","timeprecision":"day","type":"id.jejak.registry.key_introduced.v1"}}"#
    )
}

/// The log, a new key, and an event after it.
fn rotated(log: &[String], key: &NoteSigner) -> Vec<String> {
    let mut entries = log.to_vec();
    assert_eq!(entries.len(), INTRODUCED);
    entries.push(introduction(80, "14", key));
    let again = edited(&edited(log, 1, &id(1), &id(81)), 1, "T04:", "T15:");
    entries.push(again[1].replace("0000000000aa", "0000000000ff"));
    entries
}

/// The checkpoint over the introduction, signed by these.
fn handover(entries: &[String], by: &[&NoteSigner]) -> SignedCheckpoint {
    let mut signed = signed_by(by[0], by[0].verifier_key().name(), &entries[..=INTRODUCED]);
    for signer in &by[1..] {
        let signature = signer.sign(signed.note());
        signed.add(signature).unwrap();
    }
    signed
}

fn policy_of(key: &NoteSigner) -> Option<String> {
    Some(format!("log {}\nquorum none\n", key.verifier_key()))
}

pub fn add(log: &[String], tricks: &mut Tricks) {
    let (old, new) = (log_signer(), next_signer());
    let entries = rotated(log, &new);
    let current = signed_by(&new, ORIGIN, &entries).to_string();
    let sound = handover(&entries, &[&old, &new]).to_string();

    let mut with_old_key = |who: &str, name: &str, trick: &str, answer: &str, kept: Vec<String>| {
        let trick = tricks.add(who, name, trick, answer, (&entries, current.clone()));
        (trick.policy, trick.kept) = (policy_of(&old), kept);
    };
    with_old_key(
        "nobody",
        "honest-rotated",
        "a log that changed its key, held against the old key and the handover",
        "",
        vec![signed_by(&old, ORIGIN, &log[..6]).to_string(), sound.clone()],
    );
    with_old_key(
        "operator",
        "rotated-no-handover",
        "a log that changed its key, shown to somebody who knows the old key, without the handover",
        "ask for the file `handover/12`",
        Vec::new(),
    );
    with_old_key(
        "operator",
        "handover-by-new-key-only",
        "a handover that the old key did not sign",
        "the handover at size 12 is not signed by the old key and the new one",
        vec![handover(&entries, &[&new]).to_string()],
    );
    with_old_key(
        "operator",
        "handover-by-old-key-only",
        "a handover that the new key did not sign",
        "the handover at size 12 is not signed by the old key and the new one",
        vec![handover(&entries, &[&old]).to_string()],
    );
    let elsewhere = |seed| NoteSigner::new("other.example/log", &[seed; 32]).unwrap();
    with_old_key(
        "operator",
        "handover-of-another-log",
        "the handover of another log, under its own name",
        "the handover at size 12 is not signed by the old key and the new one",
        vec![handover(&entries, &[&elsewhere(1), &elsewhere(3)]).to_string()],
    );
    let fork = edited(&entries, 7, "\"present\"", "\"absent\"");
    with_old_key(
        "operator",
        "handover-of-a-fork",
        "a handover by the right keys over another history",
        "the handover at size 12 is of another tree: this log has forked",
        vec![handover(&fork, &[&old, &new]).to_string()],
    );

    let mut together = entries.clone();
    together[INTRODUCED + 1] = together[INTRODUCED + 1].replace("T15:", "T14:");
    let trick = tricks.add(
        "operator",
        "handover-inside-a-batch",
        "the event that introduces a key is one of two that were recorded together",
        "the handover: the log never had size 12: events 11 to 12 were recorded together; use 11 or 13",
        (&together, signed_by(&new, ORIGIN, &together).to_string()),
    );
    (trick.policy, trick.kept) = (policy_of(&old), vec![handover(&together, &[&old, &new]).to_string()]);

    let thief = NoteSigner::new(ORIGIN, &[2; 32]).unwrap();
    let stolen = rotated(log, &thief);
    let trick = tricks.add(
        "thief",
        "key-introduced-by-a-thief",
        "a thief without the old key writes an event that introduces their own, and signs with it",
        "the handover at size 12 is not signed by the old key and the new one",
        (&stolen, signed_by(&thief, ORIGIN, &stolen).to_string()),
    );
    (trick.policy, trick.kept) = (policy_of(&old), vec![handover(&stolen, &[&thief]).to_string()]);

    let mut by =
        |who: &str, name: &str, trick: &str, answer: &str, key: Option<&NoteSigner>, signed: String| {
            tricks.add(who, name, trick, answer, (&entries, signed)).policy = key.and_then(policy_of);
        };
    by(
        "nobody",
        "honest-rotated-new-key",
        "the same log, held against the new key alone",
        "",
        Some(&new),
        current.clone(),
    );
    by("nobody", "honest-rotated-no-policy", "the same log, to a reader who knows no key", "", None, current);
    by(
        "nobody",
        "honest-handover",
        "the handover itself as the newest checkpoint, held against the old key",
        "",
        Some(&old),
        sound,
    );
    let after = signed_by(&old, ORIGIN, &entries).to_string();
    by(
        "thief",
        "old-key-signs-on",
        "the old key, stolen, goes on signing after it was replaced",
        "is signed by an old key, which event 11 replaced",
        Some(&old),
        after.clone(),
    );
    by(
        "thief",
        "old-key-signs-on-no-policy",
        "the same, to a reader who knows no key",
        "no signature by a known key",
        None,
        after,
    );
    by(
        "operator",
        "handover-left-out",
        "the first checkpoint over the new key is signed by the old key alone",
        "is a handover and is not signed by both keys",
        Some(&old),
        handover(&entries, &[&old]).to_string(),
    );

    let mut written = |name: &str, trick: &str, answer: &str, key: &NoteSigner| {
        let mut entries = entries.clone();
        entries.push(introduction(82, "16", key));
        let signed = signed_by(key, key.verifier_key().name(), &entries).to_string();
        tricks.add("operator", name, trick, answer, (&entries, signed));
    };
    written("key-introduced-twice", "an old key is introduced once more", "[key_introduced_once]", &old);
    written("key-of-another-name", "a key of another name is introduced", "[key_of_another]", &elsewhere(5));

    // Twice: each handover is needed.
    let last = NoteSigner::new(ORIGIN, &[4; 32]).unwrap();
    let mut twice = entries.clone();
    twice.push(introduction(82, "16", &last));
    let second = {
        let mut signed = signed_by(&new, ORIGIN, &twice);
        let signature = last.sign(signed.note());
        signed.add(signature).unwrap();
        signed.to_string()
    };
    twice.push(
        edited(&entries, 12, &id(81), &id(83))[12]
            .replace("0000000000ff", "0000000000fe")
            .replace("T15:", "T17:"),
    );
    let signed = signed_by(&last, ORIGIN, &twice).to_string();
    let first = handover(&entries, &[&old, &new]).to_string();
    for (name, trick, answer, kept) in [
        ("honest-rotated-twice", "two handovers, both kept", "", vec![first.clone(), second.clone()]),
        (
            "rotated-twice-second-missing",
            "two handovers, the second not kept",
            "ask for the file `handover/14`",
            vec![first],
        ),
        (
            "rotated-twice-first-missing",
            "two handovers, the first not kept",
            "ask for the file `handover/12`",
            vec![second],
        ),
    ] {
        let who = if answer.is_empty() { "nobody" } else { "operator" };
        let trick = tricks.add(who, name, trick, answer, (&twice, signed.clone()));
        (trick.policy, trick.kept) = (policy_of(&old), kept);
    }
}
