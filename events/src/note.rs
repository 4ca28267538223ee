//! Signed notes and their keys, as C2SP *signed-note* defines them: text, a blank line, then one line for
//! each signature, `— <key name> <base64 of key id and signature>`.
//!
//! What a verifier learns: the holder of a key that it already trusts signed exactly this text. It does
//! not learn who else did (signatures by unknown keys are skipped, as the spec demands), nor when (only
//! a cosignature states a time, see [`crate::cosignature`]), nor that the text is true.
//!
//! This module must never hand a text out as verified on less than one good signature by a known key,
//! must never overlook a bad one, and must never print a secret key.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::cosignature;
use crate::excerpt::excerpt;
use crate::text::is_unseen;

#[cfg(test)]
mod tests;

/// Most signature lines that a note may have. The spec asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;
/// What every signature line starts with: em dash, space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";
const KEY_ID_LENGTH_BYTES: usize = 4;

/// Why a note, a key or a signature was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The bytes are not UTF-8.
    #[error("the note is not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// A control character other than newline (also a carriage return).
    #[error("the note has the control character U+{code:04X} at byte {offset}: only newlines are allowed")]
    ControlCharacter {
        /// Offset in bytes.
        offset: usize,
        /// The character's code point.
        code: u32,
    },
    /// The text or the note does not end with a newline.
    #[error("the note does not end with a newline: it is cut short")]
    NoFinalNewline,
    /// There is no blank line between text and signatures.
    #[error("the note has no blank line between text and signatures")]
    NoSeparator,
    /// There is no signature line.
    #[error("the note has no signature line after its last blank line")]
    NoSignatures,
    /// There are too many signature lines.
    #[error("the note has {0} signature lines, at most 100 are read")]
    TooManySignatures(usize),
    /// A line after the blank line is not a signature.
    #[error("signature line {0} is malformed: expected `— <key name> <base64 of key id and signature>`")]
    SignatureLine(usize),
    /// A key name is empty or has a space, a plus sign or a control character.
    #[error("`{0}` is no key name: it must not be empty or have spaces, `+` or control characters")]
    KeyName(String),
    /// A verifier key does not have the form `name+id+key`.
    #[error("`{0}` is no verifier key: expected `<name>+<8 lower-case hex digits>+<base64>`")]
    KeyFormat(String),
    /// The algorithm of a key is not one that this crate knows, or not the one needed here.
    #[error("key `{name}` is of signature type {found:#04x}, which does not serve here")]
    KeyAlgorithm {
        /// Name of the key.
        name: String,
        /// Its signature type.
        found: u8,
    },
    /// The key id in a verifier key is not the one that name and key give.
    #[error("key `{name}` states id {stated:08x}, but name and key give {computed:08x}: one was altered")]
    KeyId {
        /// Name of the key.
        name: String,
        /// The id in the text.
        stated: u32,
        /// The id computed.
        computed: u32,
    },
    /// The public key is not a point on the curve, or one of small order.
    #[error("key `{0}` is not a usable Ed25519 public key")]
    PublicKey(String),
    /// The same key signed twice.
    #[error("the note has more than one signature by `{name}` with key id {id:08x}")]
    DuplicateSignature {
        /// Name of the key.
        name: String,
        /// Its id.
        id: u32,
    },
    /// A signature by a known key has the wrong length.
    #[error("the signature by `{name}` has {found_bytes} bytes, expected {wanted_bytes}")]
    SignatureLength {
        /// Name of the key.
        name: String,
        /// Bytes that it should have, without the key id.
        wanted_bytes: usize,
        /// Bytes that it has.
        found_bytes: usize,
    },
    /// A cosignature states a time beyond 2^63 - 1.
    #[error("the cosignature by `{name}` states time {time}, which is beyond 2^63 - 1 seconds")]
    CosignatureTime {
        /// Name of the key.
        name: String,
        /// Seconds since 1970.
        time: u64,
    },
    /// A signature by a known key does not verify.
    #[error("the signature by `{name}` does not verify: text, signature or key was altered")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// None of the keys signed the note.
    #[error("the note has no signature by a known key: check that key names and ids match")]
    NoKnownSignature,
}

impl NoteError {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "not_utf8",
            Self::ControlCharacter { .. } => "control_character",
            Self::NoFinalNewline => "no_final_newline",
            Self::NoSeparator => "no_separator",
            Self::NoSignatures => "no_signatures",
            Self::TooManySignatures(_) => "too_many_signatures",
            Self::SignatureLine(_) => "signature_line",
            Self::KeyName(_) => "key_name",
            Self::KeyFormat(_) => "key_format",
            Self::KeyAlgorithm { .. } => "key_algorithm",
            Self::KeyId { .. } => "key_id",
            Self::PublicKey(_) => "public_key",
            Self::DuplicateSignature { .. } => "duplicate_signature",
            Self::SignatureLength { .. } => "signature_length",
            Self::CosignatureTime { .. } => "cosignature_time",
            Self::BadSignature { .. } => "bad_signature",
            Self::NoKnownSignature => "no_known_signature",
        }
    }
}

/// The signature types that this crate knows; the number is the spec's identifier byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Algorithm {
    /// Ed25519 over the text.
    Ed25519 = 0x01,
    /// Ed25519 over a checkpoint and a time: [`crate::cosignature`].
    CosignatureV1 = 0x04,
}

impl Algorithm {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::CosignatureV1].into_iter().find(|algorithm| *algorithm as u8 == byte)
    }

    /// Length of a signature line's payload without the key id.
    fn signature_length_bytes(self) -> usize {
        match self {
            Self::Ed25519 => Signature::BYTE_SIZE,
            Self::CosignatureV1 => cosignature::TIME_LENGTH_BYTES + Signature::BYTE_SIZE,
        }
    }
}

/// A public key with its name and type. Text form (*vkey*): `<name>+<id in hex>+<base64 of type and key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key from its name, type and 32 byte Ed25519 public key.
    ///
    /// # Errors
    /// [`NoteError::KeyName`], [`NoteError::PublicKey`].
    pub fn new(name: &str, algorithm: Algorithm, public_key: &[u8; 32]) -> Result<Self, NoteError> {
        check_key_name(name)?;
        let key = VerifyingKey::from_bytes(public_key).ok().filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| NoteError::PublicKey(excerpt(name)))?;
        Ok(Self { name: name.to_owned(), algorithm, id: key_id(name, algorithm, public_key), key })
    }

    /// Name of the key; for a log's own key this is the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes, big-endian, of the SHA-256 over name, newline, type and public key.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Signature type.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The 32 byte Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Checks one signature over a note's text. For a cosignature returns the time that it states, in
    /// seconds since 1970.
    fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteError> {
        let bad = || NoteError::BadSignature { name: self.name.clone() };
        let wanted_bytes = self.algorithm.signature_length_bytes();
        if signature.len() != wanted_bytes {
            let found_bytes = signature.len();
            return Err(NoteError::SignatureLength { name: self.name.clone(), wanted_bytes, found_bytes });
        }
        let (head, ed25519) = signature.split_last_chunk::<{ Signature::BYTE_SIZE }>().ok_or_else(bad)?;
        let ed25519 = Signature::from_bytes(ed25519);
        match self.algorithm {
            Algorithm::Ed25519 => {
                self.key.verify_strict(text.as_bytes(), &ed25519).map_err(|_| bad())?;
                Ok(None)
            }
            Algorithm::CosignatureV1 => {
                let time = u64::from_be_bytes(head.try_into().map_err(|_| bad())?);
                if time > cosignature::MAX_TIME {
                    return Err(NoteError::CosignatureTime { name: self.name.clone(), time });
                }
                let message = cosignature::message(time, text);
                self.key.verify_strict(message.as_bytes(), &ed25519).map_err(|_| bad())?;
                Ok(Some(time))
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.algorithm as u8];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64_STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    /// Reads a vkey, without any space or newline around it.
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let format = || NoteError::KeyFormat(excerpt(text));
        // Base64 may have plus signs of its own, names and ids have none.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format());
        };
        let stated = u32::from_str_radix(id, 16).map_err(|_| format())?;
        if format!("{stated:08x}") != id {
            return Err(format());
        }
        let key = BASE64_STANDARD.decode(key).map_err(|_| format())?;
        let (type_byte, public_key) = key.split_first().ok_or_else(format)?;
        let algorithm = Algorithm::from_byte(*type_byte)
            .ok_or_else(|| NoteError::KeyAlgorithm { name: excerpt(name), found: *type_byte })?;
        let key = Self::new(name, algorithm, public_key.try_into().map_err(|_| format())?)?;
        if key.id == stated {
            Ok(key)
        } else {
            Err(NoteError::KeyId { name: excerpt(&key.name), stated, computed: key.id })
        }
    }
}

fn key_id(name: &str, algorithm: Algorithm, public_key: &[u8; 32]) -> u32 {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update([b'\n', algorithm as u8]);
    hasher.update(public_key);
    let [a, b, c, d, ..] = <[u8; 32]>::from(hasher.finalize());
    u32::from_be_bytes([a, b, c, d])
}

fn check_key_name(name: &str) -> Result<(), NoteError> {
    let wrong = |c: char| c.is_whitespace() || is_unseen(c) || c == '+';
    if name.is_empty() || name.contains(wrong) {
        return Err(NoteError::KeyName(excerpt(name)));
    }
    Ok(())
}

/// One signature line of a note, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: u32,
    bytes: Vec<u8>,
}

impl NoteSignature {
    pub(crate) fn new(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name.clone(), id: key.id, bytes }
    }

    /// Reads a signature line without its newline.
    fn parse(line: &str) -> Option<Self> {
        let (name, payload) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        check_key_name(name).ok()?;
        let payload = BASE64_STANDARD.decode(payload).ok()?;
        let (id, bytes) = payload.split_first_chunk::<KEY_ID_LENGTH_BYTES>()?;
        // The spec's "4 + n bytes": an empty signature is nothing that any key could have made.
        let bytes = Some(bytes.to_vec()).filter(|bytes| !bytes.is_empty())?;
        Some(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes })
    }

    /// Name of the key that is said to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of the key that is said to have signed.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.id == key.id
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut payload = self.id.to_be_bytes().to_vec();
        payload.extend_from_slice(&self.bytes);
        write!(f, "{SIGNATURE_PREFIX}{} {}", self.name, BASE64_STANDARD.encode(payload))
    }
}

/// A good signature: see [`Note::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'key> {
    /// The key that signed.
    pub key: &'key VerifierKey,
    /// For a cosignature the time that it states, in seconds since 1970.
    pub time: Option<u64>,
}

/// A note in good form, its signatures not verified. Printed exactly as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note without signatures so far; it can be read back once it has one.
    ///
    /// # Errors
    /// [`NoteError::ControlCharacter`], [`NoteError::NoFinalNewline`].
    pub fn new(text: String) -> Result<Self, NoteError> {
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::NoFinalNewline);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note. The form is checked, the signatures are not: see [`Note::verify`].
    ///
    /// # Errors
    /// [`NoteError`]: not UTF-8, a control character, no final newline, no blank line, no or too many
    /// signature lines, a malformed one.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let note =
            str::from_utf8(bytes).map_err(|error| NoteError::NotUtf8 { offset: error.valid_up_to() })?;
        check_characters(note)?;
        if !note.ends_with('\n') {
            return Err(NoteError::NoFinalNewline);
        }
        // The text may have blank lines of its own; the last one separates.
        let separator = note.rfind("\n\n").ok_or(NoteError::NoSeparator)?;
        let (text, rest) = note.split_at(separator + 1);
        let lines = &rest[1..];
        let count = lines.lines().count();
        if count == 0 {
            return Err(NoteError::NoSignatures);
        }
        if count > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures(count));
        }
        let signatures = lines
            .lines()
            .zip(1..)
            .map(|(line, number)| NoteSignature::parse(line).ok_or(NoteError::SignatureLine(number)))
            .collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The signed text, with its final newline. Do not act on it before [`Note::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature line at the end.
    ///
    /// # Errors
    /// [`NoteError::DuplicateSignature`] when the same key has signed already,
    /// [`NoteError::TooManySignatures`] when the note is full.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        let NoteSignature { name, id, .. } = &signature;
        if self.signatures.iter().any(|other| other.name == *name && other.id == *id) {
            return Err(NoteError::DuplicateSignature { name: name.clone(), id: *id });
        }
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures(MAX_SIGNATURES + 1));
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The same note with the signatures by `keys` only, as far as they are there; none is verified.
    #[must_use]
    pub fn only_by(&self, keys: &[&VerifierKey]) -> Self {
        let by_one = |signature: &&NoteSignature| keys.iter().any(|key| signature.is_by(key));
        Self { text: self.text.clone(), signatures: self.signatures.iter().filter(by_one).cloned().collect() }
    }

    /// The same note without any signature by `key`.
    #[must_use]
    pub fn without(&self, key: &VerifierKey) -> Self {
        let others = self.signatures.iter().filter(|signature| !signature.is_by(key));
        Self { text: self.text.clone(), signatures: others.cloned().collect() }
    }

    /// Verifies every signature by one of `keys` and returns them in the order of the keys. Signatures by
    /// other keys are skipped.
    ///
    /// # Errors
    /// [`NoteError::DuplicateSignature`], [`NoteError::SignatureLength`], [`NoteError::CosignatureTime`],
    /// [`NoteError::BadSignature`] for *any* signature by one of the keys;
    /// [`NoteError::NoKnownSignature`] when there is none.
    pub fn verify<'key>(
        &self,
        keys: impl IntoIterator<Item = &'key VerifierKey>,
    ) -> Result<Vec<Verified<'key>>, NoteError> {
        let mut verified = Vec::new();
        for key in keys {
            let mut by_key = self.signatures.iter().filter(|signature| signature.is_by(key));
            let Some(signature) = by_key.next() else { continue };
            if by_key.next().is_some() {
                return Err(NoteError::DuplicateSignature { name: key.name.clone(), id: key.id });
            }
            verified.push(Verified { key, time: key.verify(&self.text, &signature.bytes)? });
        }
        if verified.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok(verified) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn check_characters(note: &str) -> Result<(), NoteError> {
    match note.char_indices().find(|(_, c)| *c < ' ' && *c != '\n') {
        Some((offset, c)) => Err(NoteError::ControlCharacter { offset, code: c.into() }),
        None => Ok(()),
    }
}

/// Signs notes with Ed25519. The secret is wiped from memory when this is dropped and is never printed.
pub struct NoteSigner {
    secret: SigningKey,
    key: VerifierKey,
}

impl NoteSigner {
    /// A signer from its key name and 32 byte Ed25519 seed. The caller wipes its own copy of the seed.
    ///
    /// # Errors
    /// [`NoteError::KeyName`].
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::with_algorithm(name, Algorithm::Ed25519, seed)
    }

    pub(crate) fn with_algorithm(
        name: &str,
        algorithm: Algorithm,
        seed: &[u8; 32],
    ) -> Result<Self, NoteError> {
        let secret = SigningKey::from_bytes(seed);
        let key = VerifierKey::new(name, algorithm, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, key })
    }

    /// The public half, to be published.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// The signature line over a note's text.
    #[must_use]
    pub fn sign(&self, note: &Note) -> NoteSignature {
        NoteSignature::new(&self.key, self.sign_bytes(note.text.as_bytes()).to_vec())
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteSigner").field("key", &self.key.to_string()).finish_non_exhaustive()
    }
}
