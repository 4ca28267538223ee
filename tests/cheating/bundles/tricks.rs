//! Makes the bundles that say something wrong.
//!
//! A row is a line: [`Tricks::altered`] for what an operator alters and signs, [`Tricks::add`] for everything else.
//! Each is held against the log's own key unless the row gives another policy.

use jejak::bundle::archive::Member;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use jejak_events::tree::leaf_hash;

use super::draft::{Asking, Draft, Operator, TODAY};
use super::{Row, Rows, beside, rotated};
use crate::cheating::history::{ORIGIN, id, two_trainings};
use crate::cheating::tricks::edited;

/// When the witnesses cosign: after the last event, in seconds since 1970.
const COSIGNED: u64 = 1_760_100_000;
/// The same moment.
const COSIGNED_AT: &str = "2025-10-10T12:40:00.000Z";

struct Tricks {
    operator: Operator,
    /// The honest bundle for a claim.
    claim: Draft,
    /// The honest bundle for a view.
    view: Draft,
    rows: Rows,
}

/// Every bundle, by the name of its file.
pub fn all() -> Rows {
    let operator = Operator::new(21, &two_trainings());
    let claim = operator.honest(Asking::Claim);
    let view = operator.honest(Asking::View("enrolled", TODAY));
    let mut tricks =
        Tricks { claim: Draft::of(&claim), view: Draft::of(&view), operator, rows: Rows::default() };
    tricks.add("nobody", "honest-claim", "an honest bundle for a claim", "", claim);
    tricks.add("nobody", "honest-view", "an honest bundle for a view", "", view);
    honest(&mut tricks);
    answers(&mut tricks);
    questions(&mut tricks);
    events(&mut tricks);
    checkpoints(&mut tricks);
    histories(&mut tricks);
    signatures(&mut tricks);
    readers(&mut tricks);
    let mut rows = tricks.rows;
    beside::add(&mut rows);
    rotated::add(&mut rows);
    rows
}

impl Tricks {
    /// Adds a file whose reader knows the log's key.
    fn add(&mut self, who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>) -> &mut Row {
        let policy = self.operator.policy();
        let row = self.rows.add(who, name, trick, answer, bytes);
        row.policy = Some(policy);
        row
    }

    /// Adds what an operator makes of the bundle for the claim, and signs.
    fn altered(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let draft = self.claim.clone();
        self.altered_from(draft, name, trick, answer, edit)
    }

    /// Adds what an operator makes of the bundle for the view, and signs.
    fn altered_view(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let draft = self.view.clone();
        self.altered_from(draft, name, trick, answer, edit)
    }

    fn altered_from(
        &mut self,
        mut draft: Draft,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let before = draft.clone();
        edit(&self.operator, &mut draft);
        assert!(draft != before, "{name} is what it was");
        let bytes = self.operator.packed(&draft);
        self.add("operator", name, trick, answer, bytes)
    }
}

fn honest(tricks: &mut Tricks) {
    let (operator, size) = (&tricks.operator, tricks.operator.entries.len() as u64);
    let newest = operator.signed(&operator.entries);
    let then = operator.honest_at(Asking::Claim, 11, &newest, None);
    let older = operator.signed(&operator.entries[..11]);
    let old = operator.honest_at(Asking::View("green_certified", TODAY), 11, &older, None);
    let listed = policy_of_city(operator);
    let cosigned = cosigned(newest.clone(), &[&city(), &stranger()]);
    let cosigned = operator.honest_at(Asking::Claim, size, &cosigned, Some(&listed));
    tricks.add("nobody", "honest-as-known", "an honest bundle for a claim, as known at 11 events", "", then);
    tricks.add("nobody", "honest-older", "an honest bundle of a log of 11 events", "", old.clone());
    let row = tricks.add(
        "nobody",
        "honest-cosigned",
        "an honest bundle, cosigned by whom the reader asks for and by a stranger",
        "",
        cosigned,
    );
    (row.policy, row.at) = (Some(listed), Some(COSIGNED_AT.to_owned()));
    let (kept, claim) = ([older.to_string(), newest.to_string()], tricks.claim.clone());
    let claim = tricks.operator.packed(&claim);
    let row = tricks.add(
        "nobody",
        "honest-kept",
        "an honest bundle, held against checkpoints that were kept",
        "",
        claim.clone(),
    );
    row.kept = kept.to_vec();
    let row =
        tricks.add("nobody", "honest-no-policy", "an honest bundle, to a reader who knows no key", "", claim);
    row.policy = None;
    let row = tricks.add(
        "operator",
        "old-bundle",
        "an old bundle is handed out as the current one",
        "what was kept has size 19 already, this only 11: an old checkpoint handed out as the current one",
        old,
    );
    row.kept = vec![newest.to_string()];
    tricks.altered(
        "honest-other-words",
        "another README and another policy, signed: they are the maker's to write, and nothing rests on them",
        "",
        |_, draft| {
            draft.put(Member::Readme, "Percayalah.\n");
            draft.put(Member::Policy, "quorum none\n");
        },
    );
}

/// What is answered, and what it is said to mean.
fn answers(tricks: &mut Tricks) {
    tricks.altered(
        "figure-altered",
        "the figure in the answer to a claim is altered",
        "claims[0].report.counted says 3, counting again gives 2",
        |_, draft| draft.replace(Member::Answer, "\"counted\": 2", "\"counted\": 3"),
    );
    tricks.altered(
        "verdict-altered",
        "the verdict is altered",
        "claims[0].report.verdict says \"understated\", counting again gives \"supported\"",
        |_, draft| draft.replace(Member::Answer, "\"supported\"", "\"understated\""),
    );
    tricks.altered(
        "late-left-out",
        "the answer does not say what was recorded late",
        "claims[0].report.x says [",
        |_, draft| draft.replace(Member::Answer, "\"recorded_late\"", "\"x\""),
    );
    tricks.altered(
        "answer-no-json",
        "the answer is no answer at all",
        "answer.json is not what counting again gives: cannot be read",
        |_, draft| draft.put(Member::Answer, "{"),
    );
    tricks.altered(
        "answer-written-otherwise",
        "the same answer, written in another way",
        "answer.json is not what counting again gives: the values are the same, written in another way",
        |_, draft| draft.replace(Member::Answer, "\"counted\": 2", "\"counted\":  2"),
    );
    tricks.altered_view(
        "view-figure-altered",
        "a figure in the answer of a view is altered",
        "figures[0].value says 4, counting again gives 3",
        |_, draft| draft.replace(Member::Answer, "\"value\": 3", "\"value\": 4"),
    );
    tricks.altered_view(
        "who-altered",
        "another IKM is said to be behind the figure",
        "7f2c1a34-5b6d-4e8f-9a0b-0000000000ab",
        |_, draft| draft.replace(Member::Answer, "0000000000aa", "0000000000ab"),
    );
    tricks.altered(
        "definition-altered",
        "a sentence is added to the definition",
        "definition.txt is not the definition that was counted by",
        |_, draft| draft.replace(Member::Definition, "\n\n", "\n\nAnd whom we like.\n"),
    );
}

/// What is asked.
fn questions(tricks: &mut Tricks) {
    tricks.altered(
        "claim-altered",
        "the claim is altered: the answer is about another figure",
        "claims[0].claim.value says 2, counting again gives 3",
        |_, draft| draft.replace(Member::Claim, "value = 2", "value = 3"),
    );
    tricks.altered("claim-unreadable", "the claim is no claim at all", "claim.toml: ", |_, draft| {
        draft.put(Member::Claim, "x");
    });
    tricks.altered(
        "claim-left-out",
        "the claim is left out",
        "question.json: cannot be read: unknown field `as_known`",
        |_, draft| draft.leave_out(Member::Claim),
    );
    tricks.altered(
        "as-known-earlier",
        "the answer is passed off as one from earlier",
        "counting again gives",
        |_, draft| draft.replace(Member::Question, "\"as_known\": 19", "\"as_known\": 11"),
    );
    tricks.altered(
        "as-known-beyond",
        "the answer is said to know more events than there are",
        "asked as known at 20 events, more than there are",
        |_, draft| draft.replace(Member::Question, "\"as_known\": 19", "\"as_known\": 20"),
    );
    tricks.altered(
        "question-unreadable",
        "the question has a field that no question has",
        "question.json: cannot be read: unknown field `toady`",
        |_, draft| draft.replace(Member::Question, "today", "toady"),
    );
    tricks.altered_view(
        "question-other-day",
        "the answer is passed off as one for another day",
        "answer.json is not what counting again gives: breakdowns[0].rows[0] says",
        |_, draft| draft.replace(Member::Question, TODAY, "2025-01-26"),
    );
    tricks.altered_view(
        "question-other-area",
        "the answer is passed off as one for another city",
        "answer.json is not what counting again gives: breakdowns[0].rows[0] says",
        |_, draft| draft.replace(Member::Question, "33.75", "33.26"),
    );
    tricks.altered_view(
        "view-exchanged",
        "the answer is passed off as that of another view",
        "definition.txt is not the definition that was counted by",
        |_, draft| {
            draft.replace(Member::Question, "\"enrolled\"", "\"waitlisted\"");
            draft.replace(Member::Question, "\"version\": 2", "\"version\": 1");
        },
    );
    tricks.altered_view(
        "view-version-altered",
        "the answer is passed off as one by an earlier version of the view",
        "definition.txt is not the definition that was counted by",
        |_, draft| draft.replace(Member::Question, "\"version\": 2", "\"version\": 1"),
    );
    tricks.altered_view(
        "view-version-unknown",
        "a version of the view that there is not",
        "question.json: ",
        |_, draft| draft.replace(Member::Question, "\"version\": 2", "\"version\": 9"),
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
    with("event-no-json", "an entry is no event at all", "event 7: not valid JSON", |all| {
        all[7] = "hello".to_owned();
    });
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
    tricks.altered("no-checkpoint", "the checkpoint is no checkpoint", "checkpoint: ", |_, draft| {
        draft.put(Member::Checkpoint, "x\n");
    });
    tricks.altered(
        "root-altered",
        "the root in the checkpoint is altered",
        "does not verify: text, signature or key was altered",
        |_, draft| {
            let text = draft.text(Member::Checkpoint);
            let root = text.lines().nth(2).unwrap();
            draft.replace(Member::Checkpoint, root, &leaf_hash(b"other").to_string());
        },
    );
    tricks.altered(
        "size-impossible",
        "the checkpoint states a size that no bundle holds",
        "more than a bundle can hold",
        |_, draft| draft.replace(Member::Checkpoint, "\n19\n", "\n18446744073709551615\n"),
    );
    tricks.altered(
        "wrong-origin",
        "the checkpoint is that of another log over the same events",
        "the checkpoint is of `other.example`",
        |operator, draft| {
            let other = operator.signed_as("other.example", &operator.entries);
            draft.put(Member::Checkpoint, other.to_string());
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
        |operator, draft| draft.put(Member::Checkpoint, signed(operator)),
    );
    tricks
        .altered(
            "key-swapped-no-policy",
            "the same, to a reader who knows no key: event 0 names another",
            "no signature by a known key",
            |operator, draft| draft.put(Member::Checkpoint, signed(operator)),
        )
        .policy = None;
    tricks
        .altered(
            "key-swapped-policy-too",
            "the same, with a policy that the reader got from the forger: event 0 names another",
            "event 0 names another key",
            |operator, draft| draft.put(Member::Checkpoint, signed(operator)),
        )
        .policy = Some(format!("log {}\nquorum none\n", thief.verifier_key()));
    tricks.altered(
        "older-checkpoint",
        "an older checkpoint with its events, under an answer that knows more",
        "asked as known at 19 events, more than there are",
        |operator, draft| {
            draft.put(Member::Checkpoint, operator.signed(&operator.entries[..18]).to_string());
            draft.put_entries(&operator.entries[..18]);
        },
    );
}

/// Another history: checkpoint signed, and answer counted, anew.
fn histories(tricks: &mut Tricks) {
    tricks.altered(
        "said-to-be-real",
        "made-up data is said to be real in event 0, the checkpoint is signed anew, the answer left as it was",
        "claims[0].report.synthetic says true, counting again gives false",
        |operator, draft| {
            let entries = edited(&operator.entries, 0, "\"synthetic\":true", "\"synthetic\":false");
            draft.put(Member::Checkpoint, operator.signed(&entries).to_string());
            draft.put_entries(&entries);
        },
    );
    let kept = vec![tricks.operator.signed(&tricks.operator.entries).to_string()];
    let earlier = vec![tricks.operator.signed(&tricks.operator.entries[..12]).to_string()];
    let attended = |entries: &[String]| edited(entries, 7, "\"present\"", "\"absent\"");
    let city = policy_of_city(&tricks.operator);
    tricks
        .altered(
            "regrown",
            "an event is edited, everything signed and counted anew",
            "the checkpoint of size 12 that was kept has root",
            |operator, draft| operator.count_anew(draft, &attended(&operator.entries)),
        )
        .kept = earlier;
    tricks
        .altered(
            "two-of-one-size",
            "an event is edited, everything signed and counted anew, to somebody who kept the checkpoint of this size",
            "two checkpoints of size 19 with different roots: this log has forked",
            |operator, draft| operator.count_anew(draft, &attended(&operator.entries)),
        )
        .kept = kept.clone();
    tricks
        .altered(
            "correction-left-out",
            "the correction at the end is left out, everything signed and counted anew",
            "what was kept has size 19 already, this only 18",
            |operator, draft| operator.count_anew(draft, &operator.entries[..18]),
        )
        .kept = kept;
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
    let mut past_the_rules = |name: &str, trick: &str, answer: &str, edit: fn(&mut Vec<String>)| {
        tricks.altered(name, trick, answer, |operator, draft| {
            let mut entries = operator.entries.clone();
            edit(&mut entries);
            operator.count_anew(draft, &entries);
        });
    };
    past_the_rules(
        "not-enrolled",
        "an attendance without enrolment, everything signed and counted anew",
        "[not_enrolled]",
        |all| drop(all.remove(5)),
    );
    past_the_rules(
        "attended-twice",
        "an attendance is counted twice under a new id, everything signed and counted anew",
        "[attended_once]",
        |all| {
            let again = all[16].replace(&id(16), &id(77)).replace("2025-10-09T19:", "2025-10-09T23:");
            all.push(again);
        },
    );
    past_the_rules(
        "order-of-time",
        "an event is recorded before the one ahead of it, everything signed and counted anew",
        "before the one ahead of it",
        |all| all[7] = all[7].replace("2025-10-09T10:", "2025-10-09T08:"),
    );
    past_the_rules(
        "personal-data-open",
        "a name is written into the open, everything signed and counted anew",
        "event 1: this field is not known",
        |all| all[1] = all[1].replace(",\"sealed\":{", ",\"name\":\"Batik Contoh\",\"sealed\":{"),
    );
    past_the_rules(
        "opened-twice",
        "the registry is opened again in the middle, everything signed and counted anew",
        "registry.opened stands at index 0 and nowhere else",
        |all| all.push(all[0].replace("T03:00", "T23:00")),
    );
}

fn witness(name: &str, seed: u8) -> CosignatureSigner {
    CosignatureSigner::new(name, &[seed; 32]).unwrap()
}

fn city() -> CosignatureSigner {
    witness("city.example/witness", 11)
}

fn stranger() -> CosignatureSigner {
    witness("stranger.example", 13)
}

fn policy_of_city(operator: &Operator) -> String {
    let (log, city) = (operator.recorded.signer("checkpoint"), city());
    format!("log {}\nwitness city {}\nquorum city\n", log.verifier_key(), city.verifier_key())
}

fn cosigned(mut checkpoint: SignedCheckpoint, by: &[&CosignatureSigner]) -> SignedCheckpoint {
    for witness in by {
        checkpoint.add(witness.cosign(&checkpoint, COSIGNED).unwrap()).unwrap();
    }
    checkpoint
}

/// Who cosigned.
fn signatures(tricks: &mut Tricks) {
    let policy = policy_of_city(&tricks.operator);
    let own = tricks.operator.signed(&tricks.operator.entries);
    let earlier = cosigned(tricks.operator.signed(&tricks.operator.entries[..12]), &[&city()]);
    let mut add = |name: &str, trick: &str, answer: &str, checkpoint: String| {
        let edit = |_: &Operator, draft: &mut Draft| draft.put(Member::Checkpoint, checkpoint);
        let row = tricks.altered(name, trick, answer, edit);
        (row.policy, row.at) = (Some(policy.clone()), Some(COSIGNED_AT.to_owned()));
    };
    let line = |signed: &SignedCheckpoint| signed.to_string().lines().last().unwrap().to_owned() + "\n";
    let by = |witness: &CosignatureSigner| cosigned(own.clone(), &[witness]);
    const NOT_REACHED: &str = "the quorum `city` is not reached: cosigned by nobody";
    add(
        "cosigned-by-a-stranger",
        "a key that nobody listed cosigns instead of the witness",
        NOT_REACHED,
        by(&stranger()).to_string(),
    );
    add(
        "cosigned-by-an-imposter",
        "a key of the witness's name that is not the witness's",
        NOT_REACHED,
        by(&witness("city.example/witness", 14)).to_string(),
    );
    add(
        "cosigned-twice",
        "one cosignature stands there twice",
        "more than one signature by `city.example/witness`",
        format!("{}{}", by(&city()), line(&by(&city()))),
    );
    add(
        "cosignature-moved",
        "a cosignature of an earlier checkpoint is put under this one",
        "the signature by `city.example/witness` does not verify",
        format!("{own}{}", line(&earlier)),
    );
    let mut late = own.clone();
    late.add(city().cosign(&late, COSIGNED + 1).unwrap()).unwrap();
    add(
        "cosigned-in-the-future",
        "a cosignature that states a time after the reader's",
        "a cosignature cannot be from the future",
        late.to_string(),
    );
}

/// What a reader brings.
fn readers(tricks: &mut Tricks) {
    let honest = tricks.claim.clone();
    let honest = tricks.operator.packed(&honest);
    let policy_of = |name: &str| {
        let key = NoteSigner::new(name, &[9; 32]).unwrap();
        Some(format!("log {}\nquorum none\n", key.verifier_key()))
    };
    // Nobody cheats here but whoever says that this is the bundle that was asked for.
    let row = tricks.add(
        "forger",
        "of-another-key",
        "an honest bundle, passed off on a reader who knows another key of that name",
        "no signature by a known key",
        honest.clone(),
    );
    row.policy = policy_of(ORIGIN);
    let row = tricks.add(
        "forger",
        "of-another-log",
        "an honest bundle, passed off as that of another registry",
        "which is none of the logs that the policy lists: other.example",
        honest.clone(),
    );
    row.policy = policy_of("other.example");
    let row = tricks.add(
        "operator",
        "later-than-the-day",
        "a bundle with events recorded after the day that the reader judges for",
        "the last event was recorded at 2025-10-09T21:00:00.000Z, after 2020-01-01T16:59:59.999Z",
        honest.clone(),
    );
    row.at = Some("2020-01-01".to_owned());
    let row = tricks.add(
        "operator",
        "later-than-the-moment",
        "a bundle with events recorded a second after the moment that the reader judges for",
        "the last event was recorded at 2025-10-09T21:00:00.000Z, after 2025-10-09T20:59:59.000Z",
        honest.clone(),
    );
    row.at = Some("2025-10-09T20:59:59.000Z".to_owned());
    let row = tricks.add("nobody", "honest-later", "an honest bundle, judged for a year later", "", honest);
    row.at = Some("2026-10-10".to_owned());
    let future = tricks.operator.honest(Asking::View("trained", "2999-12-31"));
    let row = tricks.add(
        "operator",
        "day-to-come",
        "a bundle that answers for a day that has not come",
        "the answer is for 2999-12-31, after 2998-01-01T16:59:59.999Z: that day has not come",
        future,
    );
    row.at = Some("2998-01-01".to_owned());

    // A registry of the same name, made by somebody else: everything in it agrees.
    let forger = Operator::new(22, &two_trainings());
    let forged = forger.honest(Asking::Claim);
    tricks.add(
        "forger",
        "registry-forged",
        "a whole registry of the same name, under the forger's keys",
        "no signature by a known key",
        forged.clone(),
    );
    let row = tricks.add(
        "forger",
        "registry-forged-unseen",
        "the same, to a reader who knows no key: not noticed, hence a policy",
        "",
        forged,
    );
    row.policy = None;
}
