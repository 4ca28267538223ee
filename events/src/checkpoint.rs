//! Checkpoints: a log's statement "at this size my tree has this root", as C2SP *tlog-checkpoint* defines
//! them, inside a [signed note](crate::note).
//!
//! What a verifier learns from a verified checkpoint: the holder of the log's key signed this size and
//! root. It does not learn that others are shown the same (ask for cosignatures), that the tree extends
//! one it saw before (ask for a [consistency proof](crate::proof::ConsistencyProof)), or that an entry is
//! in it (ask for an [inclusion proof](crate::proof::InclusionProof)).
//!
//! This module must never give out a checkpoint as verified when its origin is not the key's name.

use std::{fmt, str::FromStr};

use crate::note::{Algorithm, Note, NoteError, NoteSignature, NoteSigner, VerifierKey};
use crate::tree::{Hash, empty_root};

#[cfg(test)]
mod tests;

/// Why a checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it was refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines.
    #[error("the checkpoint has {0} lines, expected at least three: origin, size and root")]
    TooFewLines(usize),
    /// A line is empty (the origin or an extension), or the text does not end with a newline.
    #[error("line {0} of the checkpoint is empty or has no newline at its end")]
    Line(usize),
    /// The size is not a decimal number below 2^64 without leading zeroes.
    #[error("line 2 of the checkpoint, `{0}`, is no size: expected a decimal number without leading zeroes")]
    Size(String),
    /// The root is not the standard base64 of 32 bytes.
    #[error("line 3 of the checkpoint, `{0}`, is no root hash: expected the base64 of 32 bytes")]
    Root(String),
    /// Size 0 with a root that is not the empty tree's.
    #[error("the checkpoint states size 0 with root {0}, which is not the root of the empty tree")]
    EmptyTreeRoot(Hash),
    /// The checkpoint is of another log than the key.
    #[error("the checkpoint is of `{found}`, the key is of `{wanted}`")]
    Origin {
        /// Name of the log's key.
        wanted: String,
        /// Origin in the checkpoint.
        found: String,
    },
}

impl CheckpointError {
    /// The stable name of this error, for test vectors and machine-readable output. Errors of the note
    /// keep theirs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Note(error) => error.name(),
            Self::TooFewLines(_) => "checkpoint_too_few_lines",
            Self::Line(_) => "checkpoint_line",
            Self::Size(_) => "checkpoint_size",
            Self::Root(_) => "checkpoint_root",
            Self::EmptyTreeRoot(_) => "checkpoint_empty_tree_root",
            Self::Origin { .. } => "checkpoint_origin",
        }
    }
}

/// Origin, size and root of a log's tree; printed as the note text that gets signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    /// [`CheckpointError::Line`] when the origin is empty or has a newline,
    /// [`CheckpointError::EmptyTreeRoot`] when size and root cannot belong together.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains('\n') {
            return Err(CheckpointError::Line(1));
        }
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyTreeRoot(root));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Identity of the log, a schema-less URL.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Leaves in the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Lines after the third. They have no meaning here and Jejak writes none.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the note text of a checkpoint. What is read prints as the same bytes.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for (line, number) in lines.iter().zip(1..) {
            if *line == "\n" || !line.ends_with('\n') {
                return Err(CheckpointError::Line(number));
            }
        }
        let mut lines = lines.iter().map(|line| line.trim_end_matches('\n'));
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::TooFewLines(text.lines().count()));
        };
        let size = parse_decimal(size).ok_or_else(|| CheckpointError::Size(size.to_owned()))?;
        let root = Hash::from_base64(root).ok_or_else(|| CheckpointError::Root(root.to_owned()))?;
        let extensions = lines.map(str::to_owned).collect();
        Ok(Self { extensions, ..Self::new(origin, size, root)? })
    }
}

/// Reads an ASCII decimal number below 2^64 without sign and leading zeroes.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<u64> {
    let value: u64 = text.parse().ok()?;
    // `parse` also takes a plus sign and leading zeroes; printing does not give them back.
    (value.to_string() == text).then_some(value)
}

/// A checkpoint in its signed note, as it is published. Printed exactly as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Signs a checkpoint with the log's key. **Sign only what is durable**: a log that signs a size and
    /// later shows another history for it can never take that back.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] when the signer's name is not the checkpoint's origin.
    pub fn sign(checkpoint: Checkpoint, signer: &NoteSigner) -> Result<Self, CheckpointError> {
        check_origin(&checkpoint, signer.verifier_key())?;
        let mut note = Note::new(checkpoint.to_string())?;
        note.add(signer.sign(&note))?;
        Ok(Self { checkpoint, note })
    }

    /// Reads a signed checkpoint. The form is checked, the signatures are not.
    ///
    /// # Errors
    /// [`CheckpointError`] for a note or a checkpoint in wrong form.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes)?;
        Ok(Self { checkpoint: note.text().parse()?, note })
    }

    /// What the checkpoint states, not verified: good for choosing a key, not for believing it.
    #[must_use]
    pub fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with its signatures.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a signature, for example by a witness or by the log's next key.
    ///
    /// # Errors
    /// As [`Note::add`].
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), CheckpointError> {
        Ok(self.note.add(signature)?)
    }

    /// The same checkpoint with the signatures by `keys` only: see [`Note::only_by`].
    #[must_use]
    pub fn only_by(&self, keys: &[&VerifierKey]) -> Self {
        Self { checkpoint: self.checkpoint.clone(), note: self.note.only_by(keys) }
    }

    /// The same checkpoint without any signature by `key`: see [`Note::without`].
    #[must_use]
    pub fn without(&self, key: &VerifierKey) -> Self {
        Self { checkpoint: self.checkpoint.clone(), note: self.note.without(key) }
    }

    /// Verifies the log's own signature; the key's name is the origin that is expected.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] for another log, otherwise as [`Note::verify`].
    pub fn verify(&self, log_key: &VerifierKey) -> Result<&Checkpoint, CheckpointError> {
        check_algorithm(log_key, Algorithm::Ed25519)?;
        check_origin(&self.checkpoint, log_key)?;
        self.note.verify([log_key])?;
        Ok(&self.checkpoint)
    }

    /// Verifies the cosignature of a witness and returns the time that it states, in seconds since 1970.
    /// Says nothing about the log's own signature: see [`SignedCheckpoint::verify`].
    ///
    /// # Errors
    /// As [`Note::verify`], and [`NoteError::KeyAlgorithm`] when the key is not one for cosignatures.
    pub fn cosigned_at(&self, witness_key: &VerifierKey) -> Result<u64, CheckpointError> {
        check_algorithm(witness_key, Algorithm::CosignatureV1)?;
        let verified = self.note.verify([witness_key])?;
        let time = verified.iter().find_map(|signature| signature.time);
        Ok(time.ok_or(NoteError::NoKnownSignature)?)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

fn check_origin(checkpoint: &Checkpoint, key: &VerifierKey) -> Result<(), CheckpointError> {
    if checkpoint.origin == key.name() {
        return Ok(());
    }
    Err(CheckpointError::Origin { wanted: key.name().to_owned(), found: checkpoint.origin.clone() })
}

fn check_algorithm(key: &VerifierKey, wanted: Algorithm) -> Result<(), NoteError> {
    if key.algorithm() == wanted {
        return Ok(());
    }
    Err(NoteError::KeyAlgorithm { name: key.name().to_owned(), found: key.algorithm() as u8 })
}
