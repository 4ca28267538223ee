//! What the access log keeps of comparisons that tell something of a sealed value: of which event, and that two asked the
//! same, but not what was asked.
//!
//! Must never let a sealed value be told from a digest once its key is destroyed.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jejak_events::identity::EventId;
use sha2::{Digest as _, Sha256};

use crate::vault::Secret;

/// What goes before a question in its digest.
const SEED: &[u8] = b"jejak-guess/1\n";
/// Bytes that are kept of a digest.
const DIGEST_BYTES: usize = 16;

/// A comparison of a proposal with the sealed values of an event, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The event.
    pub event: EventId,
    /// What was asked, see [`guess_digest`].
    pub digest: String,
    /// Who asked, and what came out.
    pub kind: GuessKind,
}

/// Who asked for a comparison, and what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessKind {
    /// A proposal to be recorded, which was not the same, or did not suit.
    Appended,
    /// A dry run that told something.
    Rehearsed,
    /// A dry run of which no value was wrong: it counts for nothing, and whoever knows it may ask it again.
    RehearsedRight,
}

/// What was asked of one event, by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guesses {
    /// By proposals to be recorded.
    pub appended: BTreeSet<String>,
    /// By dry runs.
    pub rehearsed: BTreeSet<String>,
    /// By dry runs of which no value was wrong.
    pub rehearsed_right: BTreeSet<String>,
}

impl Guesses {
    /// Adds one.
    pub(super) fn add(&mut self, digest: String, kind: GuessKind) {
        let set = match kind {
            GuessKind::Appended => &mut self.appended,
            GuessKind::Rehearsed => &mut self.rehearsed,
            GuessKind::RehearsedRight => &mut self.rehearsed_right,
        };
        set.insert(digest);
    }
}

/// The digest of a question under the keys of what it is compared with, base64: the same question has the same digest, and
/// nobody tells the question from it without all of the keys. With one of them destroyed nobody does.
#[must_use]
pub fn guess_digest(keys: &[Secret], question: &[u8]) -> String {
    let inner = Sha256::new().chain_update(SEED).chain_update(question).finalize();
    let mut outer = Sha256::new();
    for key in keys {
        outer.update(key.bytes());
    }
    STANDARD.encode(&outer.chain_update(inner).finalize()[..DIGEST_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_one_for_a_question_under_its_keys_and_another_for_any_other() {
        let (one, other) = (Secret::new([1; 32]), Secret::new([2; 32]));
        let digest = guess_digest(&[one.clone(), other.clone()], b"question");
        assert_eq!(digest, guess_digest(&[one.clone(), other.clone()], b"question"));
        for (keys, question) in [
            (vec![one.clone(), other.clone()], &b"another"[..]),
            (vec![one.clone()], b"question"),
            (vec![other.clone()], b"question"),
            (vec![other, one], b"question"),
            (vec![], b"question"),
        ] {
            assert_ne!(digest, guess_digest(&keys, question));
        }
    }
}
