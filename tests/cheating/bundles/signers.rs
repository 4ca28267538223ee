//! Who signs: witnesses, another registry, and the keys that a reader knows.

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;

use super::draft::{Asking, Draft, Operator};
use super::tricks::Tricks;
use crate::cheating::history::{ORIGIN, two_trainings};

/// When the witnesses cosign: after the last event, in seconds since 1970.
const COSIGNED: u64 = 1_760_100_000;
/// The same moment.
pub const COSIGNED_AT: &str = "2025-10-10T12:40:00.000Z";

pub fn add(tricks: &mut Tricks) {
    signatures(tricks);
    readers(tricks);
    registries(tricks);
}

fn witness(name: &str, seed: u8) -> CosignatureSigner {
    CosignatureSigner::new(name, &[seed; 32]).unwrap()
}

pub fn city() -> CosignatureSigner {
    witness("city.example/witness", 11)
}

pub fn stranger() -> CosignatureSigner {
    witness("stranger.example", 13)
}

pub fn policy_of_city(operator: &Operator) -> String {
    let (log, city) = (operator.recorded.signer("checkpoint"), city());
    format!("log {}\nwitness city {}\nquorum city\n", log.verifier_key(), city.verifier_key())
}

pub fn cosigned(mut checkpoint: SignedCheckpoint, by: &[&CosignatureSigner]) -> SignedCheckpoint {
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
        let edit = |_: &Operator, draft: &mut Draft| draft.put(ArchiveMember::Checkpoint, checkpoint);
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
    // A witness whose clock is slow says nothing false about the log, so that this is no reason to refuse.
    let mut early = own.clone();
    early.add(city().cosign(&early, COSIGNED - 365 * 24 * 60 * 60).unwrap()).unwrap();
    add(
        "cosigned-before-the-events",
        "a cosignature that states a time before the last event was recorded: a note says so",
        "",
        early.to_string(),
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
        "the last event was recorded at 10 Oct 2025 04:00 WIB, after 1 Jan 2020 23:59 WIB",
        honest.clone(),
    );
    row.at = Some("2020-01-01".to_owned());
    let row = tricks.add(
        "operator",
        "later-than-the-moment",
        "a bundle with events recorded a second after the moment that the reader judges for",
        "the last event was recorded at 10 Oct 2025 04:00 WIB, after 10 Oct 2025 03:59 WIB",
        honest.clone(),
    );
    row.at = Some("2025-10-09T20:59:59.000Z".to_owned());
    let row = tricks.add(
        "operator",
        "later-by-a-millisecond",
        "a bundle with an event recorded a millisecond after the moment that the reader judges for",
        "the last event was recorded at 10 Oct 2025 04:00 WIB, after 10 Oct 2025 03:59 WIB",
        honest.clone(),
    );
    row.at = Some("2025-10-09T20:59:59.999Z".to_owned());
    let row = tricks.add(
        "nobody",
        "honest-to-the-moment",
        "an honest bundle, judged for the very moment of its last event",
        "",
        honest.clone(),
    );
    row.at = Some("2025-10-09T21:00:00.000Z".to_owned());
    let row = tricks.add("nobody", "honest-later", "an honest bundle, judged for a year later", "", honest);
    row.at = Some("2026-10-10".to_owned());
    let future = tricks.operator.honest(Asking::View("trained", "2999-12-31"));
    let row = tricks.add(
        "operator",
        "day-to-come",
        "a bundle that answers for a day that has not come",
        "the answer is for 31 Dec 2999, after 1 Jan 2998 23:59 WIB: that day has not come",
        future.clone(),
    );
    row.at = Some("2998-01-01".to_owned());
    let row = tricks.add(
        "operator",
        "day-to-come-by-a-millisecond",
        "a bundle that answers for the day after, a millisecond before it begins where the office is",
        "the answer is for 31 Dec 2999, after 30 Dec 2999 23:59 WIB: that day has not come",
        future.clone(),
    );
    row.at = Some("2999-12-30".to_owned());
    let row = tricks.add(
        "nobody",
        "honest-as-the-day-begins",
        "an honest bundle, judged as the day that it answers for begins where the office is",
        "",
        future,
    );
    row.at = Some("2999-12-30T17:00:00Z".to_owned());
}

/// Registries of other people, and other keys of this one.
fn registries(tricks: &mut Tricks) {
    let honest = tricks.claim.clone();
    let by_the_log = tricks.operator.packed_by(&honest, &tricks.operator.recorded.signer("checkpoint"));
    tricks.add(
        "operator",
        "manifest-by-the-log-key",
        "the manifest is signed with the key for checkpoints",
        "the manifest is not signed by the registry, whose attestation key at size 19 is ",
        by_the_log,
    );
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
    let kept = tricks.operator.signed(&tricks.operator.entries[..11]).to_string();
    let row = tricks.add(
        "forger",
        "registry-forged-kept",
        "the same, to a reader who knows no key and kept a checkpoint of the true one",
        "the checkpoint of size 11 that was kept is not of this log",
        forged.clone(),
    );
    (row.policy, row.kept) = (None, vec![kept]);
    let row = tricks.add(
        "forger",
        "registry-forged-unseen",
        "the same, to a reader who knows no key and kept nothing: not noticed, hence a policy",
        "",
        forged,
    );
    row.policy = None;
}
