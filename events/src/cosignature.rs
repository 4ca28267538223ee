//! Cosignatures of witnesses, version 1, as C2SP *tlog-cosignature* defines them: Ed25519 over a header,
//! a time and the checkpoint's text.
//!
//! What a verifier learns: at the stated time this checkpoint was the largest consistent one that the
//! witness had seen of this log. It does not learn that the witness looked at any entry, and nothing is
//! said about extension lines.
//!
//! This module must never read a clock: the time comes in as an argument. It does not check consistency;
//! a witness does that, against the last checkpoint it cosigned, *before* it cosigns.

use crate::checkpoint::SignedCheckpoint;
use crate::note::{Algorithm, NoteError, NoteSignature, NoteSigner, VerifierKey};

/// Bytes of the time before the Ed25519 signature.
pub(crate) const TIME_LENGTH_BYTES: usize = 8;
/// Latest time that a cosignature may state: 2^63 - 1 seconds since 1970.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// The message that a witness signs. `text` is the checkpoint's text with its final newline.
pub(crate) fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Cosigns checkpoints. The secret is wiped from memory when this is dropped and is never printed.
///
/// The message does not name the witness: use one key for one witness only, and never a log's key.
#[derive(Debug)]
pub struct CosignatureSigner(NoteSigner);

impl CosignatureSigner {
    /// A signer from its key name and 32 byte Ed25519 seed. The caller wipes its own copy of the seed.
    ///
    /// # Errors
    /// [`NoteError::KeyName`].
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        NoteSigner::with_algorithm(name, Algorithm::CosignatureV1, seed).map(Self)
    }

    /// The public half, to be published.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        self.0.verifier_key()
    }

    /// The signature line over a checkpoint at `time`, in seconds since 1970. The caller has verified the
    /// log's signature and the consistency with the last checkpoint it cosigned.
    ///
    /// # Errors
    /// [`NoteError::CosignatureTime`] beyond [`MAX_TIME`].
    pub fn cosign(&self, checkpoint: &SignedCheckpoint, time: u64) -> Result<NoteSignature, NoteError> {
        if time > MAX_TIME {
            let name = self.verifier_key().name().to_owned();
            return Err(NoteError::CosignatureTime { name, time });
        }
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.0.sign_bytes(message(time, checkpoint.note().text()).as_bytes()));
        Ok(NoteSignature::new(self.verifier_key(), bytes))
    }
}
