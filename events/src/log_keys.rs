//! Which key signs which checkpoint, and what is handed out over it.
//!
//! Event 0 names the first checkpoint key; `registry.key_introduced` names the next, for every checkpoint that
//! covers it. The smallest checkpoint that covers the introduction is the *handover*: the key before signs it, too,
//! so that whoever knows only that one learns the new one from it and from the log below it. So this is a question
//! of the log alone, and a checkpoint keeps verifying however often the key changes after it.
//!
//! An attestation key is replaced in the same way, and needs no handover: it signs what carries the log with it, so the
//! log itself names the next one to whoever checks.
//!
//! This module must never take a key for the log's that the log did not introduce.

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::constitution;
use crate::note::{Algorithm, NoteError, VerifierKey};
use crate::types::{Constitution, Data, KeyPurpose};
use crate::values::Vkey;

/// A key of the log, and the size from which it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    /// Size of the smallest checkpoint that it signs, or that what it signs is over: one more than the index of the
    /// event that introduced it. For every checkpoint key but the first, that is the size of the handover.
    pub from_size: u64,
    /// The key; the name of a checkpoint key is the log's origin.
    pub key: VerifierKey,
}

/// The checkpoint keys of a log and its attestation keys, as its events name them. What says no more is of checkpoint
/// keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogKeys {
    keys: Vec<LogKey>,
    attestation: Vec<LogKey>,
}

impl LogKeys {
    /// The keys of a log of which nothing was read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an event; events must come in the order of the log, and one that comes again changes nothing.
    /// Keys of event 0 that are not the only one of their purpose are passed over, and so are keys of another name than the one before, or of an algorithm that none of them may have, are passed over: no
    /// rules allow them. So are those of recovery, which sign nothing here.
    pub fn observe(&mut self, index: u64, data: &Data) {
        match data.constitution() {
            Some(Constitution::Opened(opened)) => {
                for (purpose, keys) in [
                    (KeyPurpose::Checkpoint, &mut self.keys),
                    (KeyPurpose::Attestation, &mut self.attestation),
                ] {
                    let mut named = opened.keys.iter().filter(|key| key.purpose == purpose);
                    // Of two nobody could say which signs; `constitution::faults` names them.
                    if let (Some(only), None, true) = (named.next(), named.next(), keys.is_empty())
                        && constitution::key_of(&opened.origin, purpose, &only.vkey).is_ok()
                    {
                        take(keys, index, &only.vkey);
                    }
                }
            }
            Some(Constitution::Key(new)) => match new.purpose {
                KeyPurpose::Checkpoint => take(&mut self.keys, index, &new.vkey),
                KeyPurpose::Attestation => take(&mut self.attestation, index, &new.vkey),
                KeyPurpose::Recovery => {}
            },
            Some(Constitution::Rules(_)) | None => {}
        }
    }

    /// Every attestation key, the first one first.
    #[must_use]
    pub fn attestation(&self) -> &[LogKey] {
        &self.attestation
    }

    /// The attestation key that signs what is handed out over a checkpoint of this size; `None` before event 0 was
    /// read.
    #[must_use]
    pub fn attestation_at(&self, size: u64) -> Option<&VerifierKey> {
        place_at(&self.attestation, size).map(|place| &self.attestation[place].key)
    }

    /// Every key, the first one first.
    #[must_use]
    pub fn all(&self) -> &[LogKey] {
        &self.keys
    }

    /// The key that signs the newest checkpoint; `None` before event 0 was read.
    #[must_use]
    pub fn current(&self) -> Option<&VerifierKey> {
        self.keys.last().map(|last| &last.key)
    }

    /// The place of the key that signs a checkpoint of this size.
    #[must_use]
    pub fn place_at(&self, size: u64) -> Option<usize> {
        place_at(&self.keys, size)
    }

    /// The key that signs a checkpoint of this size; `None` before event 0 was read.
    #[must_use]
    pub fn at(&self, size: u64) -> Option<&VerifierKey> {
        self.place_at(size).map(|place| &self.keys[place].key)
    }

    /// The keys that sign a checkpoint of this size: one, or at a handover the key before it and the new one.
    #[must_use]
    pub fn signing(&self, size: u64) -> &[LogKey] {
        let Some(place) = self.place_at(size) else { return &[] };
        let hands_over = place > 0 && self.keys[place].from_size == size;
        &self.keys[place - usize::from(hands_over)..=place]
    }

    /// Verifies a checkpoint under every key that signs one of its size.
    ///
    /// # Errors
    /// [`NoteError::NoKnownSignature`] before event 0 was read, otherwise as [`SignedCheckpoint::verify`].
    pub fn verify<'signed>(
        &self,
        signed: &'signed SignedCheckpoint,
    ) -> Result<&'signed Checkpoint, CheckpointError> {
        let mut verified = Err(NoteError::NoKnownSignature.into());
        for one in self.signing(signed.unverified().size()) {
            verified = Ok(signed.verify(&one.key)?);
        }
        verified
    }
}

/// Takes in the next key of a purpose, unless it cannot follow the one before.
fn take(keys: &mut Vec<LogKey>, index: u64, vkey: &Vkey) {
    let Ok(key) = vkey.parse::<VerifierKey>() else { return };
    let from_size = index + 1;
    let follows = match keys.last() {
        None => true,
        Some(last) => last.from_size < from_size && last.key.name() == key.name(),
    };
    if follows && key.algorithm() == Algorithm::Ed25519 {
        keys.push(LogKey { from_size, key });
    }
}

/// The place of the key that signs at a size.
fn place_at(keys: &[LogKey], size: u64) -> Option<usize> {
    let after = keys.partition_point(|one| one.from_size <= size);
    // The empty tree has no checkpoint; were there one, the first key would have signed it.
    (!keys.is_empty()).then(|| after.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteSigner;
    use crate::tree::empty_root;
    use crate::types::KeyIntroduced;

    const ORIGIN: &str = "jejak.example/test";

    fn signer(seed: u8) -> NoteSigner {
        NoteSigner::new(ORIGIN, &[seed; 32]).unwrap()
    }

    fn attester(seed: u8) -> NoteSigner {
        NoteSigner::new(&format!("{ORIGIN}/attestation"), &[seed; 32]).unwrap()
    }

    fn introduced(purpose: KeyPurpose, signer: &NoteSigner) -> Data {
        let vkey = Vkey::parse(&signer.verifier_key().to_string()).unwrap();
        let (basis, evidence, imported_from, sealed) = (None, None, None, None);
        Data::from(KeyIntroduced { purpose, vkey, basis, evidence, imported_from, sealed })
    }

    fn keys() -> LogKeys {
        let mut keys = LogKeys::new();
        keys.observe(0, &introduced(KeyPurpose::Checkpoint, &signer(1)));
        keys.observe(2, &introduced(KeyPurpose::Attestation, &attester(8)));
        keys.observe(3, &introduced(KeyPurpose::Attestation, &attester(9)));
        keys.observe(4, &introduced(KeyPurpose::Checkpoint, &signer(2)));
        keys.observe(5, &introduced(KeyPurpose::Checkpoint, &signer(3)));
        keys
    }

    fn signed(size: u64, by: &[u8]) -> SignedCheckpoint {
        let checkpoint = Checkpoint::new(ORIGIN, size, empty_root()).unwrap();
        let mut signed = SignedCheckpoint::sign(checkpoint, &signer(by[0])).unwrap();
        for seed in &by[1..] {
            let signature = signer(*seed).sign(signed.note());
            signed.add(signature).unwrap();
        }
        signed
    }

    #[test]
    fn a_key_signs_what_covers_its_introduction() {
        let keys = keys();
        let at = |size| keys.at(size).map(|key| key.public_key().to_owned());
        let of = |seed| Some(signer(seed).verifier_key().public_key().to_owned());
        assert_eq!([0, 1, 4, 5, 6, 90].map(at), [1, 1, 1, 2, 3, 3].map(of));
        assert_eq!([1, 4, 5, 6, 7].map(|size| keys.signing(size).len()), [1, 1, 2, 2, 1]);
        assert_eq!(LogKeys::new().at(5), None);
        let attests = |size| keys.attestation_at(size).cloned();
        let by = |seed| Some(attester(seed).verifier_key().clone());
        assert_eq!([1, 3, 4, 5, 90].map(attests), [8, 8, 9, 9, 9].map(by));
        assert_eq!((keys.attestation().len(), LogKeys::new().attestation_at(5)), (2, None));
    }

    #[test]
    fn a_checkpoint_verifies_under_the_keys_of_its_size_and_no_others() {
        let keys = keys();
        let sound: [(u64, &[u8]); 6] =
            [(1, &[1]), (4, &[1]), (5, &[1, 2]), (5, &[2, 1]), (6, &[2, 3]), (7, &[3])];
        for (size, by) in sound {
            assert!(keys.verify(&signed(size, by)).is_ok(), "{size} by {by:?}");
        }
        let wrong: [(u64, &[u8]); 7] =
            [(4, &[2]), (5, &[1]), (5, &[2]), (6, &[3]), (7, &[1]), (7, &[2]), (7, &[9])];
        for (size, by) in wrong {
            assert!(keys.verify(&signed(size, by)).is_err(), "{size} by {by:?}");
        }
        assert_eq!(LogKeys::new().verify(&signed(1, &[1])), Err(NoteError::NoKnownSignature.into()));
    }

    #[test]
    fn an_event_that_comes_again_and_a_key_of_another_name_change_nothing() {
        let mut again = keys();
        again.observe(4, &introduced(KeyPurpose::Checkpoint, &signer(2)));
        let other = NoteSigner::new("jejak.example/other", &[4; 32]).unwrap();
        again.observe(9, &introduced(KeyPurpose::Checkpoint, &other));
        again.observe(3, &introduced(KeyPurpose::Attestation, &attester(9)));
        again.observe(9, &introduced(KeyPurpose::Attestation, &other));
        again.observe(9, &introduced(KeyPurpose::Recovery, &signer(6)));
        assert_eq!(again, keys());
    }
}
