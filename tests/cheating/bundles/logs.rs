//! What is done to the log in a bundle: its events, its checkpoint, its history.

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::NoteSigner;
use jejak_events::tile::{BundlePlace, FULL_WIDTH};
use jejak_events::tree::leaf_hash;
use serde_json::Value;

use super::draft::Operator;
use super::signers::policy_of_city;
use super::tricks::Tricks;
use crate::cheating::history::{ORIGIN, id};
use crate::cheating::names::{key, key_of_a_cosigner, with_keys};
use crate::cheating::tricks::edited;

pub fn add(tricks: &mut Tricks) {
    events(tricks);
    checkpoints(tricks);
    histories(tricks);
    past_the_rules(tricks);
    names(tricks);
}

/// Another event 0, under which everything is signed and counted anew: a bundle that agrees with itself but for what
/// event 0 says of its own log.
fn names(tricks: &mut Tricks) {
    let mut with = |name: &str, trick: &str, answer: &str, edit: &dyn Fn(&[String]) -> Vec<String>| {
        for (policy, name, to) in [
            (true, name.to_owned(), ""),
            (false, format!("{name}-no-policy"), ", to a reader who knows no key"),
        ] {
            let row = tricks.altered(&name, &format!("{trick}{to}"), answer, |operator, draft| {
                operator.count_anew(draft, &edit(&operator.entries));
            });
            row.policy = row.policy.take().filter(|_| policy);
        }
    };
    with(
        "named-after-another",
        "event 0 calls the log by the name of another, everything signed and counted anew",
        "event 0 calls itself the log other.example/log, while what is signed is the log jejak.example/test",
        &|all| edited(all, 0, &format!("\"origin\":\"{ORIGIN}\""), "\"origin\":\"other.example/log\""),
    );
    with(
        "two-checkpoint-keys",
        "event 0 names two checkpoint keys, everything signed and counted anew",
        "event 0: there are 2 checkpoint keys; at most one for each purpose",
        &|all| with_keys(all, |keys| keys.push(key("checkpoint", ORIGIN, 9))),
    );
    with(
        "two-attestation-keys",
        "event 0 names two attestation keys, everything signed and counted anew",
        "event 0: there are 2 attestation keys; at most one for each purpose",
        &|all| with_keys(all, |keys| keys.push(key("attestation", &format!("{ORIGIN}/attestation"), 9))),
    );
    with(
        "attestation-key-of-another-type",
        "the attestation key in event 0 is of a type that cosigns, everything signed and counted anew",
        "event 0: the attestation key must be an Ed25519 key named jejak.example/test/attestation",
        &|all| {
            with_keys(all, |keys| {
                keys.retain(|key| key["purpose"] != "attestation");
                keys.push(key_of_a_cosigner());
            })
        },
    );
}

/// The entries, under a checkpoint that is not signed anew.
fn events(tricks: &mut Tricks) {
    let mut with = |name: &str, trick: &str, answer: &str, edit: fn(&mut Vec<String>)| {
        tricks.altered(name, trick, answer, |_, draft| {
            let mut entries = draft.entries();
            edit(&mut entries);
            draft.put_entries(&entries);
        });
    };
    const ROOT: &str = "some were changed, dropped, inserted or reordered";
    with("event-edited", "an event is edited", ROOT, |all| {
        all[16] = all[16].replace("\"present\"", "\"absent\"");
    });
    with("events-swapped", "two events change places", ROOT, |all| all.swap(5, 6));
    with("event-written-over", "an event is written over by another", ROOT, |all| all[6] = all[5].clone());
    with("recorded-time-moved", "the recorded time of an event is moved", ROOT, |all| {
        all[7] = all[7].replace("T10:", "T09:");
    });
    with(
        "event-dropped",
        "an event is dropped",
        "tile/entries/000.p/18: no part of the log of 19 events that the checkpoint states",
        |all| drop(all.remove(6)),
    );
    with(
        "last-event-dropped",
        "the last event, a correction, is left out",
        "tile/entries/000.p/18: no part of the log of 19 events",
        |all| drop(all.pop()),
    );
    with(
        "event-inserted",
        "an event is put in twice",
        "tile/entries/000.p/20: no part of the log of 19 events",
        |all| all.insert(7, all[6].clone()),
    );
    with(
        "entries-beyond",
        "there are events beyond the checkpoint",
        "tile/entries/000.p/20: no part of the log of 19 events",
        |all| all.push(all[17].replace(&id(17), &id(77))),
    );
    with(
        "event-too-long",
        "an entry is longer than any event",
        "event 3: the event has 65000 bytes",
        |all| {
            all[3] = "x".repeat(65_000);
        },
    );
    with("event-no-json", "an entry is no event at all", "event 7: not valid JSON", |all| {
        all[7] = "hello".to_owned();
    });
    tricks.altered(
        "entries-misnamed",
        "the entries stand under the name of a full bundle",
        "tile/entries/000: no part of the log of 19 events",
        |_, draft| {
            draft.0.last_mut().unwrap().0 = ArchiveMember::Entries(BundlePlace::new(0, FULL_WIDTH).unwrap())
        },
    );
    tricks.altered(
        "entries-unreadable",
        "the entries are no entries",
        "tile/entries/000.p/19: the bundle ends inside entry",
        |_, draft| {
            let (_, bytes) = draft.0.last_mut().unwrap();
            bytes.truncate(bytes.len() - 1);
        },
    );
}

/// The checkpoint.
fn checkpoints(tricks: &mut Tricks) {
    tricks.altered(
        "no-checkpoint",
        "the checkpoint is no checkpoint",
        "the checkpoint cannot be read: ",
        |_, draft| {
            draft.put(ArchiveMember::Checkpoint, "x\n");
        },
    );
    tricks.altered(
        "root-altered",
        "the root in the checkpoint is altered",
        "does not verify: text, signature or key was altered",
        |_, draft| {
            let text = draft.text(ArchiveMember::Checkpoint);
            let root = text.lines().nth(2).unwrap();
            draft.replace(ArchiveMember::Checkpoint, root, &leaf_hash(b"other").to_string());
        },
    );
    tricks.altered(
        "size-impossible",
        "the checkpoint states a size that no bundle holds",
        "more than a bundle can hold",
        |_, draft| draft.replace(ArchiveMember::Checkpoint, "\n19\n", "\n18446744073709551615\n"),
    );
    tricks.altered(
        "wrong-origin",
        "the checkpoint is that of another log over the same events",
        "the checkpoint is of `other.example`",
        |operator, draft| {
            let other = operator.signed_as("other.example", &operator.entries);
            draft.put(ArchiveMember::Checkpoint, other.to_string());
        },
    );
    let thief = NoteSigner::new(ORIGIN, &[2; 32]).unwrap();
    let signed = |operator: &Operator| {
        let checkpoint = operator.signed(&operator.entries).unverified().clone();
        SignedCheckpoint::sign(checkpoint, &thief).unwrap().to_string()
    };
    tricks.altered(
        "key-swapped",
        "another key of the log's name signs the checkpoint",
        "no signature by a known key",
        |operator, draft| draft.put(ArchiveMember::Checkpoint, signed(operator)),
    );
    tricks
        .altered(
            "key-swapped-no-policy",
            "the same, to a reader who knows no key: event 0 names another",
            "no signature by a known key",
            |operator, draft| draft.put(ArchiveMember::Checkpoint, signed(operator)),
        )
        .policy = None;
    tricks
        .altered(
            "key-swapped-policy-too",
            "the same, with a policy that the reader got from the forger: event 0 names another",
            "event 0 names another key",
            |operator, draft| draft.put(ArchiveMember::Checkpoint, signed(operator)),
        )
        .policy = Some(format!("log {}\nquorum none\n", thief.verifier_key()));
    tricks.altered(
        "older-checkpoint",
        "an older checkpoint with its events, under an answer that knows more",
        "asked as known at 19 events, more than there are",
        |operator, draft| {
            draft.put(ArchiveMember::Checkpoint, operator.signed(&operator.entries[..18]).to_string());
            draft.put_entries(&operator.entries[..18]);
        },
    );
}

/// Another history, under a checkpoint that is signed anew.
fn histories(tricks: &mut Tricks) {
    tricks.altered(
        "said-to-be-real",
        "made-up data is said to be real in event 0, the checkpoint is signed anew, the answer left as it was",
        "claims[0].report.synthetic says true, counting again gives false",
        |operator, draft| {
            let entries = edited(&operator.entries, 0, "\"synthetic\":true", "\"synthetic\":false");
            draft.put(ArchiveMember::Checkpoint, operator.signed(&entries).to_string());
            draft.put_entries(&entries);
        },
    );
    tricks.altered(
        "no-key-for-the-manifest",
        "event 0 names no key for the manifest, and the checkpoint is signed anew",
        "event 0 names no attestation key",
        |operator, draft| {
            let mut opened: Value = serde_json::from_str(&operator.entries[0]).unwrap();
            let keys = opened["data"]["keys"].as_array_mut().unwrap();
            keys.retain(|key| key["purpose"] != "attestation");
            let entries = [&[opened.to_string()], &operator.entries[1..]].concat();
            draft.put(ArchiveMember::Checkpoint, operator.signed(&entries).to_string());
            draft.put_entries(&entries);
        },
    );
    tricks.altered(
        "event-0-left-out",
        "event 0, which names the keys, is left out, and the checkpoint signed anew",
        "event 0 opens no registry",
        |operator, draft| {
            draft.put(ArchiveMember::Checkpoint, operator.signed(&operator.entries[1..]).to_string());
            draft.put_entries(&operator.entries[1..]);
        },
    );
    // From here on the answer is counted anew too: only somebody who knows of the true history can tell.
    let city = policy_of_city(&tricks.operator);
    let kept = |tricks: &Tricks, size: usize| {
        vec![tricks.operator.signed(&tricks.operator.entries[..size]).to_string()]
    };
    let (at_12, at_17, at_19) = (kept(tricks, 12), kept(tricks, 17), kept(tricks, 19));
    const FORK: &str = "this log another: its history was replaced (a fork)";
    let absent = |entries: &[String]| edited(entries, 7, "\"present\"", "\"absent\"");
    tricks
        .altered(
            "event-edited-anew",
            "an event is edited, everything signed and counted anew",
            FORK,
            |operator, draft| operator.count_anew(draft, &absent(&operator.entries)),
        )
        .kept = at_12.clone();
    tricks
        .altered(
            "two-of-one-size",
            "an event is edited, everything signed and counted anew, to somebody who kept the checkpoint of this size",
            "two checkpoints of size 19 with different roots: this log has forked",
            |operator, draft| operator.count_anew(draft, &absent(&operator.entries)),
        )
        .kept = at_19.clone();
    let without = |entries: &[String], index: usize| {
        let mut entries = entries.to_vec();
        entries.remove(index);
        entries
    };
    tricks
        .altered(
            "regrown",
            "the log is cut back and grows anew without an attendance, everything signed and counted anew",
            FORK,
            |operator, draft| operator.count_anew(draft, &without(&operator.entries, 16)),
        )
        .kept = at_17;
    tricks
        .altered(
            "retraction-left-out",
            "a retraction is left out, everything signed and counted anew",
            FORK,
            |operator, draft| operator.count_anew(draft, &without(&operator.entries, 10)),
        )
        .kept = at_12;
    tricks
        .altered(
            "correction-left-out",
            "the correction at the end is left out, everything signed and counted anew",
            "what was kept has size 19 already, this only 18",
            |operator, draft| operator.count_anew(draft, &operator.entries[..18]),
        )
        .kept = at_19;
    tricks
        .altered(
            "correction-left-out-unwitnessed",
            "the same, to somebody who asks for a witness",
            "the quorum `city` is not reached: cosigned by nobody",
            |operator, draft| operator.count_anew(draft, &operator.entries[..18]),
        )
        .policy = Some(city);
    tricks.altered(
        "correction-left-out-unseen",
        "the same, to somebody who kept no checkpoint and asks for no witness: not noticed, hence witnesses",
        "",
        |operator, draft| operator.count_anew(draft, &operator.entries[..18]),
    );
}

/// Another history, and one that the rules do not allow.
fn past_the_rules(tricks: &mut Tricks) {
    let mut with = |name: &str, trick: &str, answer: &str, edit: fn(&mut Vec<String>)| {
        tricks.altered(name, trick, answer, |operator, draft| {
            let mut entries = operator.entries.clone();
            edit(&mut entries);
            operator.count_anew(draft, &entries);
        });
    };
    with(
        "not-enrolled",
        "an attendance without enrolment, everything signed and counted anew",
        "[not_enrolled]",
        |all| drop(all.remove(5)),
    );
    with(
        "attended-twice",
        "an attendance is counted twice under a new id, everything signed and counted anew",
        "[attended_once]",
        |all| {
            let again = all[16].replace(&id(16), &id(77)).replace("2025-10-09T19:", "2025-10-09T23:");
            all.push(again);
        },
    );
    with(
        "two-kinds-of-one-uuid",
        "a certificate is recorded under the UUID of an IKM, everything signed and counted anew",
        "event 9: this UUID is that of ikm/7f2c1a34-5b6d-4e8f-9a0b-0000000000aa since index 1",
        |all| {
            let (own, of_ikm) = (
                "certificate/7f2c1a34-5b6d-4e8f-9a0b-0000000000ee",
                "certificate/7f2c1a34-5b6d-4e8f-9a0b-0000000000aa",
            );
            all[9] = all[9].replace(own, of_ikm);
        },
    );
    tricks.altered(
        "size-inside-a-batch",
        "the answer is one from the middle of what was recorded together, everything signed and counted anew",
        "the log never had size 11: events 10 to 11 were recorded together; use 10 or 12",
        |operator, draft| {
            let mut entries = operator.entries.clone();
            entries[11] = entries[11].replace("2025-10-09T14:", "2025-10-09T13:");
            operator.count_anew(draft, &entries);
            draft.replace(ArchiveMember::Question, "\"as_known\": 19", "\"as_known\": 11");
        },
    );
    let mut with = |name: &str, trick: &str, answer: &str, edit: fn(&mut Vec<String>)| {
        tricks.altered(name, trick, answer, |operator, draft| {
            let mut entries = operator.entries.clone();
            edit(&mut entries);
            operator.count_anew(draft, &entries);
        });
    };
    with(
        "order-of-time",
        "an event is recorded before the one ahead of it, everything signed and counted anew",
        "before the one ahead of it",
        |all| all[7] = all[7].replace("2025-10-09T10:", "2025-10-09T08:"),
    );
    with(
        "personal-data-open",
        "a name is written into the open, everything signed and counted anew",
        "event 1: this field is not known",
        |all| all[1] = all[1].replace(",\"sealed\":{", ",\"name\":\"Batik Contoh\",\"sealed\":{"),
    );
    with(
        "opened-twice",
        "the registry is opened again in the middle, everything signed and counted anew",
        "registry.opened stands at index 0 and nowhere else",
        |all| all.push(all[0].replace("T03:00", "T23:00")),
    );
}
