//! Secret keys as text, for people who keep one in a file: auditors and witnesses.
//!
//! ```text
//! PRIVATE+KEY+<name>+<key id, 8 hex digits>+<base64 of type and 32 byte Ed25519 seed>
//! ```
//!
//! This is the form that the note tools of Go's checksum database write and most witnesses keep their keys in;
//! the type tells a signer of notes (0x01) from a cosigner of checkpoints (0x04), so that one cannot be used
//! for the other by mistake.
//!
//! This module must never put a secret into an error or a debug text.

use std::fmt::Write as _;

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::cosignature::CosignatureSigner;
use crate::excerpt::excerpt;
use crate::note::{Algorithm, NoteError, NoteSigner, VerifierKey};

const PREFIX: &str = "PRIVATE+KEY+";

/// Why a text is no secret key. Nothing of the text is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// The text is not in the form above.
    #[error(
        "this is no secret key: expected one line `PRIVATE+KEY+<name>+<8 lower-case hex digits>+<base64>`"
    )]
    Format,
    /// The type of the key is not one that this program signs with.
    #[error("the secret key `{name}` has type {found:#04x}, expected 0x01 (notes) or 0x04 (cosignatures)")]
    Type {
        /// Name of the key.
        name: String,
        /// Its type.
        found: u8,
    },
    /// The key id is not that of name, type and key.
    #[error(
        "the secret key `{name}` states id {stated}, but name and key give {computed:08x}: it was altered"
    )]
    Id {
        /// Name of the key.
        name: String,
        /// As written.
        stated: String,
        /// As computed.
        computed: u32,
    },
    /// The name cannot be a key's.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// A secret key, by what it signs. Wiped from memory when it is dropped, and never printed.
#[derive(Debug)]
pub enum SigningKey {
    /// Signs notes.
    Note(NoteSigner),
    /// Cosigns checkpoints.
    Cosignature(CosignatureSigner),
}

impl SigningKey {
    /// A key from its name, type and seed. The caller wipes its own copy of the seed.
    ///
    /// # Errors
    /// [`NoteError::KeyName`].
    pub fn new(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, NoteError> {
        match algorithm {
            Algorithm::Ed25519 => NoteSigner::new(name, seed).map(Self::Note),
            Algorithm::CosignatureV1 => CosignatureSigner::new(name, seed).map(Self::Cosignature),
        }
    }

    /// The public half, to be published.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        match self {
            Self::Note(signer) => signer.verifier_key(),
            Self::Cosignature(signer) => signer.verifier_key(),
        }
    }

    /// Reads a key, without any space or newline around it. The caller wipes the text.
    ///
    /// # Errors
    /// [`SigningKeyError`].
    pub fn parse(text: &str) -> Result<Self, SigningKeyError> {
        let mut parts = text.strip_prefix(PREFIX).ok_or(SigningKeyError::Format)?.splitn(3, '+');
        let (Some(name), Some(stated), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SigningKeyError::Format);
        };
        let mut key = BASE64_STANDARD.decode(key).map_err(|_| SigningKeyError::Format)?;
        let read = Self::read(name, stated, &key);
        key.fill(0);
        read
    }

    fn read(name: &str, stated: &str, key: &[u8]) -> Result<Self, SigningKeyError> {
        let (type_byte, seed) = key.split_first().ok_or(SigningKeyError::Format)?;
        let seed: &[u8; 32] = seed.try_into().map_err(|_| SigningKeyError::Format)?;
        let known = [Algorithm::Ed25519, Algorithm::CosignatureV1];
        let algorithm = known.into_iter().find(|algorithm| *algorithm as u8 == *type_byte);
        let algorithm =
            algorithm.ok_or_else(|| SigningKeyError::Type { name: excerpt(name), found: *type_byte })?;
        let signer = Self::new(name, algorithm, seed)?;
        let computed = signer.verifier_key().id();
        if format!("{computed:08x}") != stated {
            return Err(SigningKeyError::Id { name: excerpt(name), stated: excerpt(stated), computed });
        }
        Ok(signer)
    }
}

/// A key as text, to be written into a file that only its owner reads. The caller wipes it.
///
/// # Errors
/// [`NoteError::KeyName`].
pub fn text(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<String, NoteError> {
    let id = SigningKey::new(name, algorithm, seed)?.verifier_key().id();
    let mut key = [algorithm as u8; 33];
    key[1..].copy_from_slice(seed);
    // Room for all of it, so that no part is left behind in memory by growing.
    let mut text = String::with_capacity(PREFIX.len() + name.len() + 64);
    // Writing to a string does not fail.
    let _ = write!(text, "{PREFIX}{name}+{id:08x}+");
    BASE64_STANDARD.encode_string(key, &mut text);
    key.fill(0);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_keeps_to_its_type() {
        for algorithm in [Algorithm::Ed25519, Algorithm::CosignatureV1] {
            let written = text("auditor.example/a", algorithm, &[7; 32]).unwrap();
            let read = SigningKey::parse(&written).unwrap();
            assert_eq!(read.verifier_key().algorithm(), algorithm);
            assert_eq!(
                read.verifier_key(),
                SigningKey::new("auditor.example/a", algorithm, &[7; 32]).unwrap().verifier_key()
            );
            assert!(!format!("{read:?}").contains("BwcH"), "no secret in a debug text");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        let good = text("auditor.example/a", Algorithm::Ed25519, &[7; 32]).unwrap();
        for wrong in [
            String::new(),
            good.replace("PRIVATE", "PUBLIC"),
            format!("{good}\n"),
            format!(" {good}"),
            good.replace("auditor.example/a", "auditor.example/b"),
            good[..good.len() - 4].to_owned(),
            "PRIVATE+KEY+a+00000000".to_owned(),
            text("a", Algorithm::Ed25519, &[7; 32]).unwrap().replace("+AQcH", "+BgcH"),
        ] {
            let error = SigningKey::parse(&wrong).unwrap_err().to_string();
            assert!(!error.contains("BwcH"), "{error}");
        }
        assert!(matches!(text("a b", Algorithm::Ed25519, &[7; 32]), Err(NoteError::KeyName(_))));
    }
}
