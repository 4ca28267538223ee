//! Makes the tricks: a small honest log, and what is done to it.
//!
//! The log's key is a seed that stands here, so that an operator with the key can be played.

use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use jejak_events::tree::{Frontier, leaf_hash};
use serde_json::Value;

use super::Trick;
use super::history::{ORIGIN, Recorded, corrected_training, id, one_training};

/// When the witnesses cosign, in seconds since 1970.
const COSIGNED: u64 = 1_760_100_000;

pub fn log_signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, &[1; 32]).unwrap()
}

/// The log of a history: its entries, with the key of event 0 exchanged for the one that is known here.
fn honest(history: &[Value]) -> Vec<String> {
    with_known_key(&Recorded::new(20, history))
}

/// The entries of a registry, with the key of event 0 exchanged for the one that is known here.
pub fn with_known_key(recorded: &Recorded) -> Vec<String> {
    let mut entries = recorded.entries();
    let opened: Value = serde_json::from_str(&entries[0]).unwrap();
    let keys = opened["data"]["keys"].as_array().unwrap();
    let own = keys.iter().find(|key| key["purpose"] == "checkpoint").unwrap()["vkey"].as_str().unwrap();
    entries[0] = entries[0].replace(own, &log_signer().verifier_key().to_string());
    entries
}

pub fn signed_by(signer: &NoteSigner, origin: &str, entries: &[String]) -> SignedCheckpoint {
    let mut tree = Frontier::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry.as_bytes())));
    SignedCheckpoint::sign(Checkpoint::new(origin, tree.size(), tree.root()).unwrap(), signer).unwrap()
}

pub fn signed(entries: &[String]) -> SignedCheckpoint {
    signed_by(&log_signer(), ORIGIN, entries)
}

fn witness(name: &str, seed: u8) -> CosignatureSigner {
    CosignatureSigner::new(name, &[seed; 32]).unwrap()
}

fn cosigned(mut checkpoint: SignedCheckpoint, by: &[&CosignatureSigner]) -> SignedCheckpoint {
    for witness in by {
        checkpoint.add(witness.cosign(&checkpoint, COSIGNED).unwrap()).unwrap();
    }
    checkpoint
}

/// The signature line of a key under a checkpoint.
fn line(checkpoint: &SignedCheckpoint, name: &str) -> String {
    let text = checkpoint.to_string();
    let start = format!("\u{2014} {name} ");
    text.split_inclusive('\n').find(|line| line.starts_with(&start)).unwrap().to_owned()
}

/// Replaces exactly one place of an entry.
pub fn edited(entries: &[String], index: usize, from: &str, to: &str) -> Vec<String> {
    let mut entries = entries.to_vec();
    assert_eq!(entries[index].matches(from).count(), 1, "{from} in {}", entries[index]);
    entries[index] = entries[index].replace(from, to);
    entries
}

fn without(entries: &[String], index: usize) -> Vec<String> {
    let mut entries = entries.to_vec();
    entries.remove(index);
    entries
}

pub struct Tricks(Vec<(String, Trick)>);

impl Tricks {
    pub fn add(
        &mut self,
        who: &str,
        name: &str,
        trick: &str,
        answer: &str,
        shown: (&[String], String),
    ) -> &mut Trick {
        let (entries, checkpoint) = shown;
        let trick = Trick {
            who: who.into(),
            trick: trick.into(),
            answer: (!answer.is_empty()).then(|| answer.to_owned()),
            policy: None,
            kept: Vec::new(),
            at: None,
            checkpoint,
            entries: entries.to_vec(),
        };
        self.0.push((name.to_owned(), trick));
        &mut self.0.last_mut().unwrap().1
    }
}

/// Every trick, by the name of its file.
pub fn all() -> Vec<(String, Trick)> {
    let log = honest(&one_training());
    let mut tricks = Tricks(Vec::new());
    with_the_disk(&log, &mut tricks);
    with_the_key(&log, &mut tricks);
    past_the_rules(&log, &mut tricks);
    with_signatures(&log, &mut tricks);
    what_came_later(&log, &mut tricks);
    between(&log, &mut tricks);
    super::rotated::add(&log, &mut tricks);
    super::names::add(&log, &mut tricks);
    super::released::add(&mut tricks);
    super::checked::add(&mut tricks);
    let mut tricks = tricks.0;
    tricks.sort_by(|a, b| a.0.cmp(&b.0));
    tricks
}

/// A thief of the disk has the entries and the checkpoint, but not the key.
fn with_the_disk(log: &[String], tricks: &mut Tricks) {
    let own = signed(log).to_string();
    let mut add = |name: &str, trick: &str, answer: &str, entries: &[String]| {
        tricks.add("thief", name, trick, answer, (entries, own.clone()));
    };
    const ROOT: &str = "some were changed, dropped, inserted or reordered";
    add(
        "event-edited",
        "an event is edited: the IKM was present, now absent",
        ROOT,
        &edited(log, 7, "\"present\"", "\"absent\""),
    );
    add(
        "event-dropped",
        "an event is dropped",
        "the checkpoint states 11 events, only 10 are there",
        &without(log, 6),
    );
    add("last-event-dropped", "the last event, a retraction, is left out", "some were left out", &log[..10]);
    let mut inserted = log.to_vec();
    inserted.insert(7, edited(log, 7, &id(7), &id(77))[7].clone());
    add("event-inserted", "an event is inserted", ROOT, &inserted);
    let mut swapped = log.to_vec();
    swapped.swap(5, 6);
    add("events-reordered", "two events change places", ROOT, &swapped);
    let mut doubled = log.to_vec();
    doubled[6] = doubled[5].clone();
    add("event-written-over", "an event is written over by another", ROOT, &doubled);
    add(
        "recorded-time-moved",
        "the recorded time of an event is moved",
        ROOT,
        &edited(log, 7, "T10:", "T09:"),
    );
    add("entries-beyond", "an entry beyond the checkpoint is shown: it is not read", "", &{
        let mut more = log.to_vec();
        more.push(edited(log, 7, &id(7), &id(77))[7].clone());
        more
    });
    add("empty", "nothing is shown", "the checkpoint states 11 events, only 0 are there", &[]);
}

/// An operator has the key and signs whatever they like.
fn with_the_key(log: &[String], tricks: &mut Tricks) {
    let kept = signed(log).to_string();
    tricks
        .add(
            "nobody",
            "honest",
            "an honest log, held against a checkpoint that was kept",
            "",
            (log, kept.clone()),
        )
        .kept = vec![signed(&log[..6]).to_string(), kept.clone()];
    let mut add = |name: &str, trick: &str, answer: &str, entries: &[String]| {
        tricks.add("operator", name, trick, answer, (entries, signed(entries).to_string())).kept =
            vec![signed(&log[..8]).to_string()];
    };
    const FORK: &str = "its history was replaced (a fork)";
    add(
        "resigned-edit",
        "an event is edited and the log signed anew",
        FORK,
        &edited(log, 7, "\"present\"", "\"absent\""),
    );
    add("resigned-drop", "an event is dropped and the log signed anew", FORK, &without(log, 6));
    add(
        "resigned-recorded-time",
        "a recorded time is moved, within the order, and the log signed anew",
        FORK,
        &edited(log, 7, "T10:", "T09:"),
    );
    add(
        "cut-back",
        "the log is cut back to an earlier state",
        "an old checkpoint handed out as the current one, or a log that was cut back",
        &log[..7],
    );
    let mut regrown = log[..7].to_vec();
    regrown.push(log[8].clone());
    regrown.extend_from_slice(&log[9..10]);
    add("regrown", "the log is cut back and grows anew: an attendance was left out", FORK, &regrown);
    tricks
        .add(
            "operator",
            "two-of-one-size",
            "two checkpoints of one size",
            "two checkpoints of size 11 with different roots",
            (
                &edited(log, 7, "\"present\"", "\"absent\""),
                signed(&edited(log, 7, "\"present\"", "\"absent\"")).to_string(),
            ),
        )
        .kept = vec![kept.clone()];
}

/// An operator signs a checkpoint over a part of what was recorded together, or mends too late what breaks an event.
fn between(log: &[String], tricks: &mut Tricks) {
    let mut broken = log.to_vec();
    let retracted = edited(&edited(log, 10, &id(8), &id(6)), 10, &id(10), &id(84));
    broken.insert(10, retracted[10].replace("T13:00", "T12:30"));
    tricks.add(
        "operator",
        "mended-too-late",
        "an enrolment is retracted while an attendance rests on it, which is retracted only later",
        "[live_event_depends]",
        (&broken, signed(&broken).to_string()),
    );
    let mut together = log.to_vec();
    let time = |entry: &str| entry.split("\"recordedtime\":\"").nth(1).unwrap()[..24].to_owned();
    together[7] = together[7].replace(&time(&log[7]), &time(&log[6]));
    tricks
        .add(
            "operator",
            "checkpoint-inside-a-batch",
            "a checkpoint is signed over one of two events that were recorded together",
            "the log never had size 7: events 6 to 7 were recorded together; use 6 or 8",
            (&together, signed(&together).to_string()),
        )
        .kept = vec![signed(&together[..7]).to_string()];
    let of_registry = |entries: &mut Vec<String>, entity: &str, subject: &str, data: &str| {
        let number = id(entries.len() as u64);
        let hour = entries.len() + 3;
        entries.push(format!(
            r#"{{"authtype":"system","data":{data},"datacontenttype":"application/json","id":"{number}","recordedtime":"2025-10-09T{hour:02}:00:00.000Z","source":"urn:jejak:33.75:dinperinaker","specversion":"1.0","subject":"{subject}","time":"2025-10-09T00:00:00+07:00","timeprecision":"day","type":"id.jejak.{entity}.v1"}}"#
        ));
    };
    let mut released = together.clone();
    let cells = r#"[{"erased":0,"figure":"workers","ikms":0,"unseen":2}]"#;
    let period = r#"{"from":"2025-01-01","to":"2025-03-31"}"#;
    let data = format!(r#"{{"cells":{cells},"log_size":7,"period":{period}}}"#);
    of_registry(&mut released, "area.figures_released", "area/33.75", &data);
    tricks.add(
        "operator",
        "release-inside-a-batch",
        "a release knows one of two events that were recorded together",
        "the log never had size 7: events 6 to 7 were recorded together; use 6 or 8 [size_inside_a_batch]",
        (&released, signed(&released).to_string()),
    );
    let mut checked = together;
    let claim = "claim/7f2c1a34-5b6d-4e8f-9a0b-0000000000c1";
    let made =
        r#"{"claim":"Banyak IKM ikut","document":"contoh","kind":"background","publisher":"Koran Contoh"}"#;
    of_registry(&mut checked, "claim.made", claim, made);
    let data = r#"{"as_known":7,"on":"2025-10-09","verdict":"not_countable"}"#;
    of_registry(&mut checked, "claim.checked", claim, data);
    tricks.add(
        "operator",
        "check-inside-a-batch",
        "a check of a claim knows one of two events that were recorded together",
        "the log never had size 7: events 6 to 7 were recorded together; use 6 or 8 [size_inside_a_batch]",
        (&checked, signed(&checked).to_string()),
    );
}

/// An operator keeps back what came later.
fn what_came_later(log: &[String], tricks: &mut Tricks) {
    tricks
        .add(
            "operator",
            "retraction-left-out",
            "the retraction at the end is left out and the log signed anew; a witness is asked for",
            "the quorum `city` is not reached: cosigned by nobody",
            (&log[..10], signed(&log[..10]).to_string()),
        )
        .policy = Some(policy_of_city());
    tricks.add(
        "operator",
        "retraction-left-out-unseen",
        "the same, to somebody who kept no checkpoint and asks for no witness: not noticed, hence witnesses",
        "",
        (&log[..10], signed(&log[..10]).to_string()),
    );
    let corrected = honest(&corrected_training());
    assert_eq!(corrected[..log.len()], *log);
    tricks
        .add(
            "operator",
            "correction-left-out",
            "the correction at the end is left out, to somebody who kept the checkpoint over it",
            "what was kept has size 12 already, this only 11",
            (log, signed(log).to_string()),
        )
        .kept = vec![signed(&corrected).to_string()];
    tricks
        .add(
            "thief",
            "old-checkpoint",
            "an old checkpoint is handed out as the current one, with all entries",
            "what was kept has size 11 already, this only 8: an old checkpoint handed out as the current one",
            (log, signed(&log[..8]).to_string()),
        )
        .kept = vec![signed(log).to_string()];
}

/// An operator writes past their own program, and signs.
fn past_the_rules(log: &[String], tricks: &mut Tricks) {
    let mut add = |name: &str, trick: &str, answer: &str, entries: &[String]| {
        tricks.add("operator", name, trick, answer, (entries, signed(entries).to_string()));
    };
    add(
        "order-of-time",
        "an event is recorded before the one ahead of it",
        "before the one ahead of it",
        &edited(log, 7, "\"recordedtime\":\"2025-10-09T10:", "\"recordedtime\":\"2025-10-09T08:"),
    );
    add(
        "not-enrolled",
        "an attendance without enrolment is written into the log",
        "event 6: ",
        &without(log, 5),
    );
    let mut twice = log.to_vec();
    twice.push(edited(log, 7, &id(7), &id(77))[7].replace("T10:", "T23:"));
    add("attended-twice", "an attendance is counted twice under a new id", "event 11: ", &twice);
    add(
        "two-kinds-of-one-uuid",
        "a certificate is recorded under the UUID of an IKM",
        "event 9: this UUID is that of ikm/7f2c1a34-5b6d-4e8f-9a0b-0000000000aa since index 1",
        &edited(
            log,
            9,
            "certificate/7f2c1a34-5b6d-4e8f-9a0b-0000000000ee",
            "certificate/7f2c1a34-5b6d-4e8f-9a0b-0000000000aa",
        ),
    );
    const VENUE: &str = "Aula Contoh";
    for (name, trick, venue, answer) in [
        (
            "unseen-character",
            "a venue is recorded with a character that shows nothing: it looks like another",
            "Aula\u{ad} Contoh",
            "character 5 (U+00AD) shows nothing",
        ),
        (
            "later-character",
            "a venue is recorded with a character that Unicode 15.0 does not have",
            "Aula \u{1fae9}",
            "character 6 (U+1FAE9) is no character of Unicode 15.0.0",
        ),
        (
            "letter-of-another-script",
            "a venue is recorded with a Cyrillic letter in a Latin word",
            "Aul\u{430} Contoh",
            "character 4 (U+0430) is a letter of another script",
        ),
        (
            "number-of-a-person",
            "a venue is recorded with the identity number of a person",
            "Rumah 3375-0101-0101-0001",
            "16 digits like a NIK",
        ),
    ] {
        add(name, trick, answer, &edited(log, 4, VENUE, venue));
    }
    let mut same_id = log.to_vec();
    same_id.push(log[10].clone());
    add("id-twice", "an event is written twice", "[id_taken]", &same_id);
    let mut opened_twice = log.to_vec();
    opened_twice.push(edited(log, 0, "T03:00", "T23:00")[0].clone());
    add(
        "opened-twice",
        "the registry is opened again in the middle",
        "registry.opened stands at index 0 and nowhere else",
        &opened_twice,
    );
    add("not-opened", "event 0 is left out", "event 0 opens no registry", &log[1..]);
    add(
        "future",
        "a fact of the future is recorded",
        "[future]",
        &edited(
            &edited(log, 9, "2025-03-10T00", "2026-03-10T00"),
            9,
            "\"valid_from\":\"2025-03-10\"",
            "\"valid_from\":\"2026-03-10\"",
        ),
    );
    add(
        "live-event-broken",
        "an enrolment is retracted under a live attendance",
        "still in force, rests on it",
        &edited(log, 10, &id(8), &id(6)),
    );
    let mut closed_behind = log.to_vec();
    closed_behind.push(closing(log, 12, "2025-02-03", "2025-10-09T23:00:00.000Z"));
    add(
        "closed-behind",
        "an IKM is closed afterwards, on a day on which it attended",
        "event 7, still in force, rests on it",
        &closed_behind,
    );
    let mut closed_before = log.to_vec();
    closed_before.insert(7, closing(log, 12, "2025-02-01", "2025-10-09T09:30:00.000Z"));
    add("closed-before", "a closed IKM attends", "event 8: ", &closed_before);
    add(
        "unknown-type",
        "an event of a type that nobody knows",
        "event 7: ",
        &edited(log, 7, "training.attended", "training.attained"),
    );
    add(
        "not-canonical",
        "an event with other bytes of the same meaning",
        "not in canonical form",
        &edited(log, 7, "\"day\":\"2025-02-03\"", "\"day\": \"2025-02-03\""),
    );
    for (name, trick, answer, cells) in [
        (
            "release-of-the-impossible",
            "a release says that 12230 of 1223 workers are women",
            "[part_above_whole]",
            r#"[{"erased":0,"figure":"women","ikms":12,"sum":12230,"unseen":0},{"erased":0,"figure":"workers","ikms":12,"sum":1223,"unseen":0}]"#,
        ),
        (
            "release-of-less-than-nothing",
            "a release says that there are fewer workers than none",
            "the number `-1223` will not do here",
            r#"[{"erased":0,"figure":"workers","ikms":12,"sum":-1223,"unseen":0}]"#,
        ),
        (
            "release-of-too-few",
            "a release tells the sum of three IKMs",
            "[cell_tells_too_much]",
            r#"[{"erased":0,"figure":"workers","ikms":3,"sum":57,"unseen":0}]"#,
        ),
    ] {
        let mut released = log.to_vec();
        let event = format!(
            r#"{{"authtype":"unknown","data":{{"cells":{cells},"log_size":11,"period":{{"from":"2025-01-01","to":"2025-03-31"}}}},"datacontenttype":"application/json","id":"{}","recordedtime":"2025-10-09T23:00:00.000Z","source":"urn:jejak:33.75:dinperinaker","specversion":"1.0","subject":"area/33.75","time":"2025-10-09T00:00:00+07:00","timeprecision":"day","type":"id.jejak.area.figures_released.v1"}}"#,
            id(99)
        );
        released.push(event);
        add(name, trick, answer, &released);
    }
    add("no-json", "an entry that is no event at all", "event 7: ", &edited(log, 7, &log[7], "hello"));
    add(
        "personal-data-open",
        "a name is written into the open, in a field that no type has",
        "event 1: this field is not known",
        &edited(log, 1, ",\"sealed\":{", ",\"name\":\"Batik Contoh\",\"sealed\":{"),
    );
}

/// The first IKM closes.
fn closing(log: &[String], number: u64, day: &str, recorded: &str) -> String {
    let mut event: Value = serde_json::from_str(&log[7]).unwrap();
    event["id"] = Value::from(id(number));
    event["type"] = Value::from("id.jejak.ikm.closed.v1");
    event["time"] = Value::from(format!("{day}T00:00:00+07:00"));
    event["recordedtime"] = Value::from(recorded);
    event["data"] = serde_json::json!({"reason": "bankruptcy"});
    event.to_string()
}

fn city() -> CosignatureSigner {
    witness("city.example/witness", 11)
}

fn policy_of_city() -> String {
    let (log, city) = (log_signer(), city());
    format!("log {}\nwitness city {}\nquorum city\n", log.verifier_key(), city.verifier_key())
}

/// Keys, origins and cosignatures.
fn with_signatures(log: &[String], tricks: &mut Tricks) {
    let (city, auditor, stranger) =
        (city(), witness("auditor.example/a", 12), witness("stranger.example", 13));
    let own = signed(log);
    let vkey = |witness: &CosignatureSigner| witness.verifier_key().to_string();
    let both = format!(
        "log {}\nwitness city {}\nwitness auditor {}\ngroup both all city auditor\nquorum both\n",
        log_signer().verifier_key(),
        vkey(&city),
        vkey(&auditor)
    );
    let honest = cosigned(own.clone(), &[&city, &auditor, &stranger]).to_string();
    let good = tricks.add(
        "nobody",
        "honest-cosigned",
        "an honest log, cosigned by all who are asked for and by a stranger",
        "",
        (log, honest.clone()),
    );
    (good.policy, good.at) = (Some(both.clone()), Some(COSIGNED));

    let mut add = |who: &str, name: &str, trick: &str, answer: &str, checkpoint: String| {
        let trick = tricks.add(who, name, trick, answer, (log, checkpoint));
        (trick.policy, trick.at) = (Some(both.clone()), Some(COSIGNED));
    };
    let by = |cosigners: &[&CosignatureSigner]| cosigned(own.clone(), cosigners).to_string();
    add(
        "operator",
        "cosigned-by-one",
        "one of two cosigners is missing",
        "the quorum `both` is not reached: cosigned by city",
        by(&[&city]),
    );
    add(
        "operator",
        "cosigned-by-a-stranger",
        "a key that nobody listed cosigns instead",
        "not reached: cosigned by city",
        by(&[&city, &stranger]),
    );
    let imposter = witness("auditor.example/a", 14);
    add(
        "operator",
        "cosigned-by-an-imposter",
        "a key of the auditor's name that is not the auditor's",
        "not reached: cosigned by city",
        by(&[&city, &imposter]),
    );
    let twice = format!(
        "{}{}",
        by(&[&city, &auditor]),
        line(&cosigned(own.clone(), &[&city]), "city.example/witness")
    );
    add(
        "operator",
        "cosigned-twice",
        "one cosignature stands there twice",
        "more than one signature by `city.example/witness`",
        twice,
    );
    let earlier = cosigned(signed(&log[..10]), &[&auditor]);
    add(
        "operator",
        "cosignature-moved",
        "a cosignature of an earlier checkpoint is put under this one",
        "the signature by `auditor.example/a` does not verify",
        format!("{}{}", by(&[&city]), line(&earlier, "auditor.example/a")),
    );
    let mut late = cosigned(own.clone(), &[&city]);
    late.add(auditor.cosign(&late, COSIGNED + 1).unwrap()).unwrap();
    add(
        "operator",
        "cosigned-in-the-future",
        "a cosignature that states a time after the reader's",
        "cannot be from the future",
        late.to_string(),
    );

    let thief = NoteSigner::new(ORIGIN, &[2; 32]).unwrap();
    add(
        "thief",
        "key-swapped",
        "another key of the log's name signs",
        "no signature by a known key",
        signed_by(&thief, ORIGIN, log).to_string(),
    );
    let elsewhere = NoteSigner::new("other.example/log", &[1; 32]).unwrap();
    add(
        "operator",
        "wrong-origin",
        "the checkpoint of another log",
        "which is none of the logs that the policy lists",
        signed_by(&elsewhere, "other.example/log", log).to_string(),
    );
    let of_policy = log_signer().verifier_key().to_string();
    let imposter_policy = both.replace(&of_policy, &thief.verifier_key().to_string());
    let trick = tricks.add(
        "forger",
        "policy-exchanged",
        "a policy with the forger's key comes with the forger's checkpoint: event 0 names another",
        "event 0 names another key",
        (log, cosigned(signed_by(&thief, ORIGIN, log), &[&city, &auditor]).to_string()),
    );
    trick.policy = Some(imposter_policy);
    tricks.add(
        "thief",
        "key-swapped-no-policy",
        "another key signs, and the reader knows none",
        "no signature by a known key",
        (log, signed_by(&thief, ORIGIN, log).to_string()),
    );
    let text = own.to_string();
    tricks.add(
        "thief",
        "size-altered",
        "the size in the checkpoint is altered",
        "does not verify",
        (&log[..10], text.replacen("\n11\n", "\n10\n", 1)),
    );
}
