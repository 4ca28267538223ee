//! Signs checkpoints with the log's own key and checks stored ones.

use std::sync::OnceLock;

use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::tree::Hash;

use crate::log::Notary;
use crate::vault::Secret;

/// The checkpoint key, and the origin once event 0 has told it.
#[derive(Debug)]
pub struct Signer {
    seed: Secret,
    signer: OnceLock<NoteSigner>,
}

impl Signer {
    /// A signer that cannot sign yet: the origin stands in event 0.
    #[must_use]
    pub fn new(seed: Secret) -> Self {
        Self { seed, signer: OnceLock::new() }
    }

    /// Tells the origin. Later calls change nothing.
    ///
    /// # Errors
    /// When the origin cannot name a key (C2SP signed-note).
    pub fn name(&self, origin: &str) -> Result<&VerifierKey, jejak_events::note::NoteError> {
        if self.signer.get().is_none() {
            let signer = NoteSigner::new(origin, self.seed.bytes())?;
            // Somebody else may have been first, with the same origin.
            let _ = self.signer.set(signer);
        }
        self.verifier_key().ok_or(jejak_events::note::NoteError::KeyName(origin.to_owned()))
    }

    /// The public key, once the origin is known.
    #[must_use]
    pub fn verifier_key(&self) -> Option<&VerifierKey> {
        self.signer.get().map(NoteSigner::verifier_key)
    }

    /// The key by the name that a stored checkpoint claims: its origin may be read before event 0.
    fn key_for(&self, origin: &str) -> Result<VerifierKey, String> {
        let signer = NoteSigner::new(origin, self.seed.bytes()).map_err(|error| error.to_string())?;
        Ok(signer.verifier_key().clone())
    }
}

impl Notary for Signer {
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        let signer = self.signer.get().ok_or("event 0 was not read yet, so the origin is not known")?;
        let checkpoint =
            Checkpoint::new(signer.verifier_key().name(), size, root).map_err(|error| error.to_string())?;
        let signed = SignedCheckpoint::sign(checkpoint, signer).map_err(|error| error.to_string())?;
        Ok(signed.to_string())
    }

    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(|error| error.to_string())?;
        let key = self.key_for(signed.unverified().origin())?;
        let checkpoint = signed.verify(&key).map_err(|error| error.to_string())?;
        Ok((checkpoint.size(), checkpoint.root()))
    }
}
